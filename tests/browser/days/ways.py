"""The ways of browsing: every day is lived on a telephone and at a desk, in both languages, with and without JavaScript.

    @pytest.mark.parametrize("way", ways_of("elder"), ids=str)
    def test_an_elders_day(way: Way, day: Town) -> None: ...

Each role's day runs in one way by default, so that over all roles each of the eight occurs once; with `DAYS=all` it runs in
all eight.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of browsing; `size` is a key of `SIZES`."""

    size: str = "phone"
    lang: str = "zh-CN"
    javascript: bool = True

    def __str__(self) -> str:
        return f"{self.size}-{self.lang[:2]}-{'js' if self.javascript else 'nojs'}"


ALL = tuple(
    Way(size=size, lang=lang, javascript=javascript)
    for size, lang, javascript in product(("phone", "desk"), ("zh-CN", "en"), (True, False))
)


BY_DEFAULT = {
    "elder": Way(),
    "volunteer": Way(javascript=False),
    "proxy": Way(lang="en"),
    "auditor": Way(lang="en", javascript=False),
    "worker": Way(size="desk"),
    "leader": Way(size="desk", javascript=False),
    "unit": Way(size="desk", lang="en"),
    "neighbour": Way(size="desk", lang="en", javascript=False),
}


def ways_of(role: str) -> tuple[Way, ...]:
    """The ways in which the day of this role is lived in this run."""
    return ALL if os.environ.get("DAYS") == "all" else (BY_DEFAULT[role],)
