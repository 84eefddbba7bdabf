"""Requests that say two things at once which only one kind of help brings together: 借 and 轮椅, 陪 and 透析.

What one word alone leaves open (a wheelchair may be wanted, broken, or sat in) a pair of them settles. The pairs are data
(`data/request_cues.toml`); a request that two kinds claim is settled by none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marketplace.text import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One kind of help and what a request must say to be it.

    Attributes:
        code: the category.
        says: each is found at least once.
        refuses: is found nowhere; None where nothing speaks against it.
    """

    code: str
    says: tuple[re.Pattern[str], ...]
    refuses: re.Pattern[str] | None = None

    def fits(self, plain: str) -> bool:
        """Whether the folded text says all of it."""
        return all(one.search(plain) for one in self.says) and not (
            self.refuses is not None and self.refuses.search(plain)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """All cues, and the words of what is no request for help."""

    cues: tuple[Cue, ...]
    doubt: re.Pattern[str]


def read_cues(text: str) -> Cues:
    """The cues written in TOML, in the form of `data/request_cues.toml`."""
    data = tomllib.loads(text)
    cues = tuple(
        Cue(
            code=row["code"],
            says=tuple(map(_any_of, row["says"])),
            refuses=_any_of(row["not"]) if row.get("not") else None,
        )
        for row in data["cue"]
    )
    return Cues(cues=cues, doubt=_any_of(data["doubt"]))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words; English ones as whole words."""
    return re.compile(
        "|".join(
            rf"(?<![a-z]){re.escape(one)}(?![a-z])" if one.isascii() else re.escape(one) for one in words
        )
    )


@cache
def default_cues() -> Cues:
    """The cues that ship with the package."""
    return read_cues(files("marketplace").joinpath("data/request_cues.toml").read_text("utf-8"))


def cued(text: str) -> frozenset[str]:
    """The kinds of help whose cue the text gives; one settles it, several speak against each other."""
    plain = folded(text).casefold()
    return frozenset(cue.code for cue in default_cues().cues if cue.fits(plain))


def wants_an_ear(text: str) -> bool:
    """Whether the text asks, complains, offers or tells of a loss, rather than wants a helper."""
    return default_cues().doubt.search(folded(text).casefold()) is not None
