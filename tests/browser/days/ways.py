"""The ways of browsing: every day is lived on a telephone and at a desk, in both languages, with and without JavaScript.

    @pytest.mark.parametrize("way", ways_of("elder"), ids=str)
    def test_an_elders_day(way: Way, day: Town) -> None: ...

Each role's day runs in two opposite ways by default, turned so that over all roles each of the eight occurs twice; with
`DAYS=all` it runs in all eight.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import product

ROLES = ("elder", "neighbour", "proxy", "volunteer", "leader", "unit", "worker", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of browsing; `size` is a key of `SIZES`."""

    size: str = "phone"
    lang: str = "zh-CN"
    javascript: bool = True

    def __str__(self) -> str:
        return f"{self.size}-{self.lang[:2]}-{'js' if self.javascript else 'nojs'}"

    @property
    def opposite(self) -> Way:
        """Everything the other way round."""
        return replace(
            self,
            size="desk" if self.size == "phone" else "phone",
            lang="en" if self.lang == "zh-CN" else "zh-CN",
            javascript=not self.javascript,
        )


ALL = tuple(
    Way(size=size, lang=lang, javascript=javascript)
    for size, lang, javascript in product(("phone", "desk"), ("zh-CN", "en"), (True, False))
)


def ways_of(role: str) -> tuple[Way, ...]:
    """The ways in which the day of this role is lived in this run."""
    if os.environ.get("DAYS") == "all":
        return ALL
    # The first four are those of a telephone; the opposites of them are the other four.
    first = ALL[ROLES.index(role) % 4]
    return first, first.opposite
