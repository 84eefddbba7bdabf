"""A volunteer's own preferences out of the cells of a row: what they chose, what they refuse, and how much is too much.

A cell that cannot be read as a limit is asked about; nothing is planned against a wish that was not understood.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from marketplace.lists.reading import RowReading, listed
from marketplace.preferences import Days, Preferences
from marketplace.quantities import read_quantity
from marketplace.text import chinese_int, compared, folded
from marketplace.times import read_when
from marketplace.times.reader import with_exceptions, with_notice
from marketplace.values import Looseness, Per, Quantity, When

RADIUS_M_MAX, WALK_MINUTES_MAX, REST_DAYS_MAX = 50_000, 180, 60
WEEK_MINUTES_MAX = 7 * 12 * 60  # twelve hours on each of seven days
_NO_LIMIT = frozenset(
    {"不限", "都可以", "都行", "无", "没有", "随便", "anywhere", "any", "none", "no", "nolimit"}
)
_GENDERS = {"female": ("女", "女性", "female", "f", "woman"), "male": ("男", "男性", "male", "m", "man")}
_HEAVY_NO = ("否", "不", "不能", "不行", "不可以", "不做重活", "轻活", "只做轻活", "no", "light")
_HEAVY_YES = ("是", "能", "可以", "行", "yes", "ok")
_N = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十半]+)"


def read_preferences(reading: RowReading, when: When) -> tuple[Preferences, When]:
    """The preferences a row states, and the person's times without the days on which they cannot come."""
    away, when = _away(reading, when)
    notice_days = _notice(reading)
    rest_minutes, rest_days = _rest(reading)
    preferences = Preferences(
        services=_categories(reading, "services"),
        declines=_categories(reading, "declines"),
        away=away,
        minutes_per_week_max=_cap(reading),
        rest_minutes=rest_minutes,
        rest_days=rest_days,
        notice_days=notice_days,
        languages=listed(reading.text("languages")),
        gender=reading.word("gender", _GENDERS, ""),
        light_work_only=_light_work_only(reading),
        certificates=listed(reading.text("certificates")),
    )
    return _with_reach(reading, preferences), with_notice(when, notice_days)


def _categories(reading: RowReading, name: str) -> tuple[str, ...]:
    """The kinds of help a cell lists; a piece that names none is asked about."""
    found: list[str] = []
    for piece in listed(reading.text(name)):
        if compared(piece) in _NO_LIMIT or (name == "declines" and "重活" in piece):
            continue
        named = reading.tree.named(piece)
        codes = (named,) if named else reading.of_resource("", piece)
        if not codes:
            reading.doubt("service_unknown", name, text=piece, column=reading.column(name))
        found.extend(codes[:1] if name == "declines" else codes)
    return tuple(dict.fromkeys(found))


def _away(reading: RowReading, when: When) -> tuple[tuple[Days, ...], When]:
    """Days away as stretches; weekdays, months and school holidays become exceptions of the times themselves."""
    text = reading.text("away")
    if not text or compared(text) in _NO_LIMIT:
        return (), when
    filed_on = reading.table.filed_on
    without = f"except {text}" if text.isascii() else f"{text}除外"
    taken = reading.time(without, filed_on=filed_on)
    if taken.question is None:
        return _runs(taken.except_dates), with_exceptions(when, replace(taken, except_dates=()))
    named = reading.time(text, filed_on=filed_on)
    days = _days_named(named)
    if named.question is not None or not days:
        reading.asked(named.question or taken.question, "away")
        return (), when
    return days, when


def _days_named(named: When) -> tuple[Days, ...]:
    """The whole days a time names; none when it names hours, repeats, or has no end."""
    if named.question is not None or named.recurrences or (named.day_starts, named.day_ends) != _whole_day():
        return ()
    if named.windows:
        whole = [one for one in named.windows if (one.starts_at.time(), one.ends_at.time()) == _whole_day()]
        days = tuple(one.starts_at.date() for one in whole)
        return _runs(days) if len(whole) == len(named.windows) else ()
    if named.looseness in (Looseness.ANY, Looseness.BY_DATE) and named.first_on and named.last_on:
        return ((named.first_on, named.last_on),)
    return ()


def _whole_day() -> tuple[object, object]:
    empty = When()
    return empty.day_starts, empty.day_ends


def _runs(days: tuple[date, ...]) -> tuple[Days, ...]:
    """Days in a row joined to stretches."""
    runs: list[Days] = []
    for on in sorted(days):
        if runs and on - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], on)
        else:
            runs.append((on, on))
    return tuple(runs)


def _cap(reading: RowReading) -> int:
    """The most minutes a week: 4小时, 每周2次×2小时; a bare number counts hours."""
    text = reading.text("cap")
    if not text or compared(text) in _NO_LIMIT:
        return 0
    bare = re.fullmatch(r"\d{1,2}", folded(text))
    quantity = read_quantity(f"{bare[0]}小时" if bare else text)
    if bare and quantity.question is None:
        reading.note("cap_in_hours", "cap", text=text)
    most = _week_minutes(quantity)
    if quantity.question is not None:
        reading.asked(quantity.question, "cap")
    elif not 0 < most <= WEEK_MINUTES_MAX:
        reading.doubt("wish_unread", "cap", text=text, column=reading.column("cap"))
    else:
        return most
    return 0


def _week_minutes(quantity: Quantity) -> int:
    """Minutes a week out of a quantity per week; 0 for one per day or month, or without hours."""
    if quantity.per not in (Per.WEEK, Per.TOTAL, Per.OCCASION) or quantity.helpers > 1:
        return 0
    times = quantity.amount if quantity.per is Per.WEEK else 1
    return quantity.minutes_each * times


def _rest(reading: RowReading) -> tuple[int, int]:
    """Minutes between two visits, and free days after a day of help."""
    text = folded(reading.text("rest")).casefold()
    if not text or compared(text) in _NO_LIMIT:
        return 0, 0
    clock = re.search(rf"{_N}\s*(个?小时|个?钟头|分钟|hours?|minutes?|mins?)", text)
    days = re.search(rf"{_N}\s*(?:天|日|days?)", text)
    minutes = _counted(clock[1]) * (1 if clock[2].startswith(("分", "min")) else 60) if clock else 0
    whole = int(minutes) if minutes == int(minutes) else 0
    free = int(_counted(days[1])) if days else (1 if text in ("隔天", "every other day") else 0)
    if not (whole or free) or whole > 24 * 60 or free > REST_DAYS_MAX or (clock and not whole):
        reading.doubt("wish_unread", "rest", text=text, column=reading.column("rest"))
        return 0, 0
    return whole, free


def _counted(text: str) -> float:
    """A number in digits or words; 半 is a half."""
    if text[0].isdigit():
        return float(text)
    return 0.5 if text == "半" else float(chinese_int(text) or 0)


def _with_reach(reading: RowReading, preferences: Preferences) -> Preferences:
    """How far the person goes: 同楼, 步行15分钟, 2公里, 一网格."""
    text = folded(reading.text("reach")).casefold()
    if not text or compared(text) in _NO_LIMIT or re.search("本社区|全社区|社区内|whole community", text):
        return preferences
    grids = tuple(dict.fromkeys(re.findall(r"[一二三四五六七八九十\d]+网格|grid \d+", text)))
    if re.search("同楼|本楼|本栋|同一栋|同一幢|same building|my building", text):
        return replace(preferences, same_building=True, grids=grids)
    walk = re.search(rf"{_N}\s*(?:分钟|minutes?|mins?|min\b)", text)
    far = re.search(rf"{_N}\s*(公里|千米|km\b|kilomet|米|m\b|met)", text)
    minutes = int(_counted(walk[1])) if walk else 0
    metres = (
        round(_counted(far[1]) * (1000 if far[2] in ("公里", "千米", "km", "kilomet") else 1)) if far else 0
    )
    if (
        not (grids or minutes or metres)
        or minutes > WALK_MINUTES_MAX
        or metres > RADIUS_M_MAX
        or bool(walk) != bool(minutes)
        or bool(far) != bool(metres)
    ):
        reading.doubt("wish_unread", "reach", text=text, column=reading.column("reach"))
        return preferences
    return replace(preferences, walk_minutes_max=minutes, radius_m=metres, grids=grids)


def _notice(reading: RowReading) -> int:
    """Days of warning: 2天, 提前2天, 2 days' notice; a bare number counts days."""
    text = folded(reading.text("notice"))
    if not text or compared(text) in _NO_LIMIT:
        return 0
    bare = re.fullmatch(r"\d{1,2}", text)
    asked = f"提前{text}天" if bare else text
    for phrase in (asked, f"提前{asked}", f"{asked} notice"):
        read = read_when(phrase, filed_on=reading.table.filed_on)
        if read.question is None and read.notice_days:
            return read.notice_days
    reading.doubt("wish_unread", "notice", text=text, column=reading.column("notice"))
    return 0


def _light_work_only(reading: RowReading) -> bool:
    """True when the person says no to heavy work, in its own column or among the services they decline."""
    said = compared(reading.text("heavy"))
    declines_it = "重活" in reading.text("declines")
    if said and said not in (*_HEAVY_YES, *_HEAVY_NO):
        reading.doubt("wish_unread", "heavy", text=reading.text("heavy"), column=reading.column("heavy"))
    return declines_it or said in _HEAVY_NO
