"""The words of headers, loaded once: what each may mean, and which of them are long enough to stand alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marketplace.hanzi import simplified
from marketplace.text import folded

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])_(?=[A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a word may mean; several readings are settled by the list.

    Attributes:
        concepts: what a column of this name holds.
        owner: whose it is, when the word says so (guardian, emergency, unit, recipient, claimer).
        part: which part of the day.
        neutral: it changes nothing beside another word.
    """

    concepts: tuple[str, ...] = ()
    owner: str = ""
    part: str = ""
    neutral: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns another system exports: folded header -> our field, "-" for one known and not kept; `ask` before it is believed."""

    name: str
    kind: str
    must: frozenset[str]
    fields: Mapping[str, str]
    ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything `data/headers.toml` says.

    Attributes:
        classes: concept -> "sensitive" (never stored) or "note" (known, not kept).
        shapes: concept -> what its cells look like, where that is known.
    """

    words: Mapping[str, Word]
    longest: int
    classes: Mapping[str, str]
    shapes: Mapping[str, frozenset[str]]
    layouts: tuple[Layout, ...]


def plain(text: str) -> str:
    """A header word for comparing: widths, case and traditional characters folded, firstName and first_name in words."""
    return simplified(folded(_CAMEL.sub(" ", text)).casefold()).strip(" :：*＊?？.。")


@cache
def vocabulary() -> Vocabulary:
    """The shipped words."""
    data = tomllib.loads(files("marketplace").joinpath("data/headers.toml").read_text("utf-8"))
    found: dict[str, dict[str, list[str]]] = {}

    def note(words: Mapping[str, list[str]], what: str, value: str) -> None:
        for lang in ("zh", "en"):
            for word in words.get(lang, ()):
                found.setdefault(plain(word), {}).setdefault(what, []).append(value)

    note(data["neutral"], "neutral", "")
    for owner, words in data["qualifier"].items():
        note(words, "owner", owner)
    for part, words in data["part"].items():
        note(words, "part", part)
    for concept, words in data["concept"].items():
        note(words, "concept", concept)
    words = {
        text: Word(
            concepts=tuple(dict.fromkeys(one.get("concept", ()))),
            owner=next(iter(one.get("owner", ())), ""),
            part=next(iter(one.get("part", ())), ""),
            neutral="neutral" in one,
        )
        for text, one in found.items()
    }
    concepts = data["concept"].items()
    return Vocabulary(
        words=words,
        longest=max(map(len, words)),
        classes={concept: one["class"] for concept, one in concepts if "class" in one},
        shapes={concept: frozenset(one["cells"]) for concept, one in concepts if "cells" in one},
        layouts=tuple(
            Layout(
                name=name,
                kind=one["kind"],
                must=frozenset(map(plain, one["must"])),
                fields={plain(header): field for header, field in one["as"].items()},
                ask=one.get("ask", False),
            )
            for name, one in data["layout"].items()
        ),
    )
