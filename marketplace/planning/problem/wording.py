"""Days, hours and units in words a resident reads, zh and en."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from marketplace.values import Unit, Window

_DAYS_ZH = "一二三四五六日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

UNITS_ZH = {
    Unit.PERSON: "人",
    Unit.VISIT: "次",
    Unit.MINUTE: "分钟",
    Unit.HELPER: "名志愿者",
    Unit.SEAT: "座",
    Unit.ITEM: "件",
    Unit.MEAL: "份",
    Unit.TRIP: "趟",
    Unit.SESSION: "场",
}
UNITS_EN = {
    Unit.PERSON: "people",
    Unit.VISIT: "visits",
    Unit.MINUTE: "minutes",
    Unit.HELPER: "volunteers",
    Unit.SEAT: "seats",
    Unit.ITEM: "items",
    Unit.MEAL: "meals",
    Unit.TRIP: "trips",
    Unit.SESSION: "sessions",
}


def day(at: datetime, lang: str) -> str:
    """周二, Tue."""
    weekday = at.weekday()
    return f"周{_DAYS_ZH[weekday]}" if lang == "zh" else _DAYS_EN[weekday]


def stretch(window: Window, lang: str) -> str:
    """周二 9:00–11:00, Tue 9:00–11:00, by the window's own clock."""
    # Equal moments of two places are told differently, so what is kept is found by the clocks and not by the moments.
    return _stretch(window.starts_at.replace(tzinfo=None), window.ends_at.replace(tzinfo=None), lang)


@lru_cache(maxsize=4096)
def _stretch(starts: datetime, ends: datetime, lang: str) -> str:
    return f"{day(starts, lang)} {starts.hour}:{starts:%M}–{ends.hour}:{ends:%M}"


def amount(quantity: int, unit: Unit, lang: str) -> str:
    """6人, 6 people, 1 person."""
    if lang == "zh":
        return f"{quantity}{UNITS_ZH[unit]}"
    many = UNITS_EN[unit]
    return f"{quantity} {('person' if unit is Unit.PERSON else many[:-1]) if quantity == 1 else many}"


def hours(minutes: int, lang: str) -> str:
    """4小时, 4 h; half hours as 1.5."""
    whole, rest = divmod(minutes, 60)
    text = str(whole) if not rest else f"{whole}.{rest * 10 // 60}"
    return f"{text}小时" if lang == "zh" else f"{text} h"
