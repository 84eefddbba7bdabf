"""What each person reads of a promise, and what they may press, by its standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from timebank.catalogue.reading import Table, read_tables

SENTENCE_LENGTH_MAX = 160
READERS = ("elder", "volunteer", "leader", "desk", "auditor", "board")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reader's sentence, with names in braces, and the presses offered beside it."""

    zh: str
    en: str
    presses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A standing: what all its sentences claim (`C+ W0 H0`), and the sentence of each reader that has one."""

    says: str
    lines: Mapping[str, Line]


def read_views(text: str) -> dict[str, Told]:
    """Standing -> what is told of it; BadCatalogue names the first thing that is wrong with the file."""
    return {code: _told(table) for code, table in read_tables(text, file="views")["kinds"].items()}


@cache
def views() -> dict[str, Told]:
    """The sentences that ship with the package."""
    return read_views((resources.files("timebank.catalogue") / "views.toml").read_text(encoding="utf-8"))


def _told(table: Table) -> Told:
    says = table.text("says")
    lines = {reader: _line(inner) for reader in READERS if (inner := table.table(reader)) is not None}
    table.done()
    return Told(says=says, lines=lines)


def _line(table: Table) -> Line:
    line = Line(
        zh=table.text("zh", longest=SENTENCE_LENGTH_MAX),
        en=table.text("en", longest=SENTENCE_LENGTH_MAX),
        presses=table.texts("presses"),
    )
    table.done()
    return line
