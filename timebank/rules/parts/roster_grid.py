"""What is typed in from the paper roster: clocks in any writing, `=` as in the row above, `-` absent, empty for nothing said. Pure.

read_cell("830") == read_cell("8.30") == read_cell("8：30") == read_cell("八点半") == time(8, 30)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from unicodedata import normalize

from marketplace.text import chinese_int

_PARTS = {"半": 30, "一刻": 15, "三刻": 45, "": 0, "整": 0}
_SPOKEN = re.compile(
    r"^(上午|早上|中午|下午|晚上)?(\d{1,2}|[零〇一二两三四五六七八九十]{1,3})[点时](.*?)分?$"
)
_CLOCK = re.compile(r"^(\d{1,2})[:.h时点,]?(\d{2})$")
_LATER = frozenset({"下午", "晚上"})


class Mark(StrEnum):
    """A cell that is no clock."""

    NOTHING = "nothing"
    ABSENT = "absent"
    SAME = "same"


class Unreadable(ValueError):
    """A cell that is neither a clock nor a mark."""


Cell = time | Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it was typed: whose, when they came and left."""

    key: str
    arrived: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One row as it is meant; no clock where nothing was said of it."""

    key: str
    arrived: time | None = None
    left: time | None = None
    absent: bool = False

    @property
    def says_nothing(self) -> bool:
        return not self.absent and self.arrived is None and self.left is None

    def minutes(self) -> int:
        """Between the two clocks, over midnight where the second is the smaller; 0 where one is missing."""
        if self.arrived is None or self.left is None:
            return 0
        day = date(2000, 1, 1)
        passed = datetime.combine(day, self.left) - datetime.combine(day, self.arrived)
        return int((passed % timedelta(days=1)).total_seconds()) // 60


def read_cell(typed: str) -> Cell:
    """One cell.

    Raises:
        Unreadable.
    """
    said = normalize("NFKC", typed).replace(" ", "").lower()
    if not said:
        return Mark.NOTHING
    if said in {"-", "—", "–", "x", "缺", "没来"}:
        return Mark.ABSENT
    if said in {"=", "同上", "〃", '"'}:
        return Mark.SAME
    if (clock := _CLOCK.match(said)) is not None:
        return _time(int(clock[1]), int(clock[2]), typed)
    if said.isdigit() and len(said) <= 2:
        return _time(int(said), 0, typed)
    if (spoken := _SPOKEN.match(said)) is not None:
        hour = _number(spoken[2])
        if spoken[1] in _LATER and hour < 12:
            hour += 12
        rest = spoken[3]
        return _time(hour, _PARTS[rest] if rest in _PARTS else _number(rest), typed)
    raise Unreadable(typed)


def read_rows(rows: Iterable[Row]) -> tuple[list[Stay], dict[str, str]]:
    """(every row as it is meant, the cells that cannot be read by the key of their row)."""
    stays: list[Stay] = []
    wrong: dict[str, str] = {}
    above: list[Cell] = [Mark.NOTHING, Mark.NOTHING]
    for row in rows:
        try:
            cells = [read_cell(row.arrived), read_cell(row.left)]
        except Unreadable as cell:
            wrong[row.key] = str(cell)
            continue
        cells = [above[at] if one is Mark.SAME else one for at, one in enumerate(cells)]
        # A row of which nothing is said, or somebody who stayed away, is not what the next one repeats.
        above = [one if isinstance(one, time) else above[at] for at, one in enumerate(cells)]
        arrived, left = (one if isinstance(one, time) else None for one in cells)
        stays.append(
            Stay(key=row.key, arrived=arrived, left=left, absent=cells[0] is Mark.ABSENT and left is None)
        )
    return stays, wrong


def sums(stays: Sequence[Stay]) -> tuple[int, int]:
    """(heads, minutes), to be held against what the paper says."""
    came = [one for one in stays if one.arrived is not None]
    return len(came), sum(one.minutes() for one in came)


def _time(hour: int, minute: int, typed: str) -> time:
    try:
        return time(hour % 24 if hour == 24 else hour, minute)
    except ValueError as wrong:
        raise Unreadable(typed) from wrong


def _number(word: str) -> int:
    """A number below a hundred in digits or in characters."""
    number = chinese_int(word)
    if number is None or number > 99:
        raise Unreadable(word)
    return number
