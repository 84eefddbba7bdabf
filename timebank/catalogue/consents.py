"""What somebody is asked to agree to: purposes, their texts in both languages, the version of each text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from timebank.catalogue.reading import Table, read_tables

TEXT_LENGTH_MAX = 300
HEALTH, FAMILY, GUARDIAN = "health", "family", "guardian"


class Whose(StrEnum):
    """Whose yes it is."""

    MEMBER = "member"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One purpose.

    Attributes:
        zh, en: the text that is agreed to. stops_zh, stops_en: what ends when the yes is taken back.
        version: of the text; a yes names the version it was given to.
    """

    code: str
    version: str
    whose: Whose
    zh: str
    en: str
    stops_zh: str
    stops_en: str


def read_purposes(text: str) -> dict[str, Purpose]:
    """Code -> purpose; BadCatalogue names the first thing that is wrong with the file."""
    return {
        code: _purpose(code, table) for code, table in read_tables(text, file="consents")["kinds"].items()
    }


@cache
def purposes() -> Mapping[str, Purpose]:
    """The purposes that ship with the package."""
    return read_purposes(
        (resources.files("timebank.catalogue") / "consents.toml").read_text(encoding="utf-8")
    )


def _purpose(code: str, table: Table) -> Purpose:
    said = {name: table.text(name, longest=TEXT_LENGTH_MAX) for name in ("zh", "en", "stops_zh", "stops_en")}
    found = Purpose(code=code, version=table.text("version"), whose=table.word("of", Whose), **said)
    table.done()
    return found
