"""How much goes into one COMMIT, and whether it is done on the loop or in the writer's thread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimits:
    """How much one COMMIT may carry, and where it is done.

    Attributes:
        units_max: units in one COMMIT.
        age_s: how long a group gathers while more units stand in line.
        short_flush_s: what a hop to the thread and back costs on a busy machine; while flushes take no longer they are
            done on the loop. 0: always in the thread.
    """

    units_max: int = 256
    age_s: float = 0.05
    short_flush_s: float = 0.0015


class Pace:
    """Whether the next flush may be done on the loop: it is small, and the last ones were all short.

    One long flush sends the next ones to the thread, where waiting harms nobody.
    """

    SHORT_IN_A_ROW = 8
    ROWS_MAX = 500

    def __init__(self, short_s: float) -> None:
        self._short_s = short_s
        self._short = 0

    def took(self, seconds: float) -> None:
        """Note how long a flush took."""
        self._short = self._short + 1 if seconds <= self._short_s else 0

    def is_quick(self, rows: int) -> bool:
        """Whether a flush of so many changed rows will be short, as far as one can tell."""
        return self._short >= self.SHORT_IN_A_ROW and rows <= self.ROWS_MAX
