"""Clocks and lengths in the cells of a sign-in sheet: 8:30, 八点半, 次日1:00, 2026-11-24 09:00:00; 2小时, 1h 15m, 90."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from marketplace.hanzi import simplified
from marketplace.lists.dates import date_in
from marketplace.text import chinese_int, folded

NOON, MIDNIGHT = 12 * 60, 24 * 60
# An hour below this, without morning or afternoon beside it, may be either.
HALF_DAY_DOUBT_BELOW = 6 * 60
LENGTH_MINUTES_MAX = 36 * 60

_DASH = r"\s*(?:-|—|–|~|～|至|到|to|--)\s*"
_N = r"[零〇一二两三四五六七八九十\d]{1,3}"
_DAY = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}月\d{1,2}[日号]?|"
    r"\d{1,2}[-/]\d{1,2}(?=\s+\d)|(?:19|20)\d{6}(?=\s))"
)
_PARTS = {
    "凌晨": "dawn", "清晨": "am", "早上": "am", "早晨": "am", "早": "am", "上午": "am", "中午": "noon", "下午": "pm", "午后": "pm",
    "傍晚": "pm", "晚上": "pm", "晚": "pm", "夜里": "night", "夜间": "night", "半夜": "dawn", "am": "am", "a.m.": "am", "pm": "pm", "p.m.": "pm",
}  # fmt: skip
_CLOCK = re.compile(
    rf"(?P<day>{_DAY})?\s*[T,，]?\s*(?P<next>次日|第二天|隔日|翌日|next day)?\s*(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|午后|傍晚|晚上|晚|夜里|夜间|半夜)?\s*"
    rf"(?:(?P<hour>{_N})\s*(?:[:：.;；]\s*(?P<minute>\d{{1,2}})(?:[:：]\d{{1,2}}(?:\.\d+)?)?|[点时]\s*(?:钟|整)?\s*(?:(?P<half>半)|(?P<quarter>一刻|三刻)|(?P<past>{_N})\s*分?)?)|(?P<tight>[012]\d[0-5]\d)|(?P<bare>\d{{1,2}})(?=\s*[ap]\.?m))"
    r"\s*(?P<meridiem>a\.?m\.?|p\.?m\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day as a cell states it.

    Attributes:
        minute: since midnight, 0 to 1440.
        day: the day the cell itself names.
        next_day: the cell says that it is the day after.
        part: "" or am, pm, noon, night, dawn.
    """

    minute: int
    day: date | None = None
    next_day: bool = False
    part: str = ""

    @property
    def half_day_doubtful(self) -> bool:
        """3:00 may be in the night or in the afternoon."""
        return not self.part and not self.next_day and 0 < self.minute < HALF_DAY_DOUBT_BELOW


class ClockUnread(ValueError):
    """A cell that names no clock; the argument is the code of the doubt."""


def clock_of(text: str, *, filed_on: date) -> Clock | None:
    """The time of day a cell names; None for an empty one.

    Raises:
        ClockUnread: clock_unreadable or clock_impossible.
    """
    plain = simplified(folded(text)).casefold()
    if plain in ("", "-", "—", "--", "无", "/"):
        return None
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise ClockUnread("clock_unreadable")
    return _made(found, filed_on)


def clocks_of(text: str, *, filed_on: date) -> tuple[Clock, Clock] | None:
    """Both clocks of a stretch in one cell (8:30-11:30, 9点到11点); None when it is no stretch.

    Raises:
        ClockUnread: it is one whose clocks cannot be.
    """
    plain = simplified(folded(text)).casefold()
    for dash in re.finditer(_DASH, plain):
        first, second = _CLOCK.fullmatch(plain[: dash.start()]), _CLOCK.fullmatch(plain[dash.end() :])
        if first is not None and second is not None:
            starts, ends = _made(first, filed_on), _made(second, filed_on)
            # 下午2:00-4:00: the part of the day stands for both.
            if starts.part in ("am", "pm") and not ends.part and first["part"]:
                moved = ends.minute + (NOON if starts.part == "pm" and ends.minute < NOON else 0)
                ends = Clock(minute=moved, day=ends.day, next_day=ends.next_day, part=starts.part)
            # 2-4pm
            if (
                ends.part == "pm"
                and not starts.part
                and starts.minute + NOON < ends.minute
                and starts.minute < NOON
            ):
                starts = Clock(minute=starts.minute + NOON, day=starts.day, part="pm")
            return starts, ends
    return None


def _made(found: re.Match[str], filed_on: date) -> Clock:
    if found["tight"]:
        hour, minute = int(found["tight"][:2]), int(found["tight"][2:])
    else:
        hour = chinese_int(found["hour"] or found["bare"]) or 0
        minute = (
            30 if found["half"] else {"一刻": 15, "三刻": 45}[found["quarter"]] if found["quarter"]
            else chinese_int(found["minute"] or found["past"] or "0") or 0
        )  # fmt: skip
    part = _PARTS.get(found["part"] or "", "") or _PARTS.get((found["meridiem"] or "").replace(".", ""), "")
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ClockUnread("clock_impossible")
    if (part == "pm" and hour < 12) or (part == "noon" and hour < 3) or (part == "night" and 5 < hour < 12):
        hour += 12
    elif (part in ("am", "dawn") and hour == 12 and found["meridiem"]) or (
        part == "dawn" and hour in (12, 24)
    ):
        hour = 0
    day = date_in(found["day"].strip(), filed_on=filed_on) if found["day"] else None
    if found["day"] and day is None:
        raise ClockUnread("clock_unreadable")
    return Clock(minute=hour * 60 + minute, day=day, next_day=bool(found["next"]), part=part)


def length_of(text: str, *, unit_minutes: int) -> int | None:
    """Whole minutes of a length; None when it cannot be read, or is a bare number and nobody said of what.

    `unit_minutes` is 60 or 1 for a bare number, 0 where nobody said. A bare number is told apart by `is_bare_number`.
    """
    plain = simplified(folded(text)).casefold().replace(" ", "")
    if is_bare_number(plain):
        return round(float(plain) * unit_minutes) if unit_minutes else None
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::\d{2})?", plain)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    found = re.fullmatch(
        rf"(?:(?P<hours>\d+(?:\.\d+)?|{_N})(?P<half>个半)?(?:个)?(?:小时|h|hrs?|hours?)(?P<later>半)?)?(?:零|and)?(?:(?P<minutes>\d+|{_N})(?:分钟?|m|mins?|minutes?))?",
        plain,
    )
    if plain in ("半小时", "半个小时", "halfanhour"):
        return 30
    if not found or not (found["hours"] or found["minutes"]):
        return None
    hours = _number(found["hours"]) + (0.5 if found["half"] or found["later"] else 0.0)
    return round(hours * 60 + _number(found["minutes"]))


def is_bare_number(text: str) -> bool:
    """A number without any unit."""
    return re.fullmatch(r"\d+(?:\.\d+)?", folded(text).replace(" ", "")) is not None


def _number(text: str | None) -> float:
    if not text:
        return 0.0
    return float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else float(chinese_int(text) or 0)
