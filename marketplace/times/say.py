"""A time said back in words, Chinese and English, so that a person can confirm the reading.

The words use the reader's own grammar: reading them again gives the same time. A test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from typing import TypeGuard

from marketplace.times.clock import DAY_ENDS, DAY_PARTS, DAY_STARTS
from marketplace.values import Frequency, Looseness, Recurrence, When, Window

WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
# Signs people put into a cell that they leave empty.
NOTHING = frozenset({"", "-", "--", "—", "——", "无", "/"})
_NTHS_ZH = {-1: "最后一个", 1: "第一个", 2: "第二个", 3: "第三个", 4: "第四个", 5: "第五个"}
_NTHS_EN = {-1: "last", 1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_PARTS_ZH = {"morning": "上午", "noon": "中午", "afternoon": "下午", "evening": "晚上", "daytime": "白天"}
_PARTS_EN = {
    "morning": "morning",
    "noon": "noon",
    "afternoon": "afternoon",
    "evening": "evening",
    "daytime": "daytime",
}
_PERIODS_ZH = {7: "每周", 15: "每半月", 30: "每月", 91: "每季度", 180: "每学期", 182: "每半年", 365: "每年"}
_PERIODS_EN = {7: "every week", 15: "every half month", 30: "every month", 91: "every quarter", 180: "every term",
               365: "every year"}  # fmt: skip


def say(when: When) -> tuple[str, str]:
    """The reading in Chinese and in English."""
    return _say_zh(when), _say_en(when)


def _say_zh(when: When) -> str:
    rules = [_rule_zh(rule) for rule in when.recurrences] + [_window_zh(window) for window in when.windows]
    parts = ["；".join(_grouped(rules, "全天8:00–20:00", "、"))] if rules else [_loose_zh(when)]
    if rules and when.looseness is Looseness.SOON:
        parts.insert(0, "尽快")
    if when.demand:
        days = when.demand.period_days
        parts.append(f"{_PERIODS_ZH.get(days, f'每{days}天')}{when.demand.times}次")
    if when.except_weekdays:
        parts.append("、".join(WEEKDAYS_ZH[day] for day in when.except_weekdays) + "除外")
    if when.except_months:
        parts.append("、".join(f"{month}月" for month in when.except_months) + "除外")
    if when.except_dates:
        parts.append("、".join(_spans(when.except_dates, date_zh, "至")) + "除外")
    parts += ["寒暑假除外"] * when.except_school_holidays + ["节假日除外"] * when.except_public_holidays
    parts += [f"提前{when.notice_days}天预约"] if when.notice_days else []
    return ",".join(part for part in parts if part)


def _say_en(when: When) -> str:
    rules = [_rule_en(rule) for rule in when.recurrences] + [_window_en(window) for window in when.windows]
    parts = ["; ".join(_grouped(rules, "all day 8:00–20:00", " and "))] if rules else [_loose_en(when)]
    if rules and when.looseness is Looseness.SOON:
        parts.insert(0, "as soon as possible")
    if when.demand:
        period = _PERIODS_EN.get(when.demand.period_days, f"every {when.demand.period_days} days")
        parts.append(f"{'once' if when.demand.times == 1 else f'{when.demand.times} times'} {period}")
    if when.except_weekdays:
        parts.append("except " + _and(f"{WEEKDAYS_EN[day]}s" for day in when.except_weekdays))
    if when.except_months:
        parts.append("except " + _and(MONTHS_EN[month - 1] for month in when.except_months))
    if when.except_dates:
        parts.append("except " + _and(_spans(when.except_dates, date_en, " to ")))
    parts += ["except school holidays"] * when.except_school_holidays
    parts += ["except public holidays"] * when.except_public_holidays
    if when.notice_days:
        parts.append("1 day's notice" if when.notice_days == 1 else f"{when.notice_days} days' notice")
    return ", ".join(part for part in parts if part)


def _loose_zh(when: When) -> str:
    hours = hours_zh(when.day_starts, when.day_ends)
    match when.looseness:
        case Looseness.SOON if when.last_on is None:
            return _with(",", "尽快", hours)
        case Looseness.BY_DATE:
            assert when.last_on is not None
            if _opens_later(when.first_on):
                return _with(",", f"{date_zh(when.first_on)}至{date_zh(when.last_on)}内", hours)
            return _with(",", f"{date_zh(when.last_on)}前", hours)
        case Looseness.UNSTATED:
            return "没有写时间" if when.phrase in NOTHING else "没有读懂"
        case _ if when.first_on and when.last_on:
            soon = "尽快" if when.looseness is Looseness.SOON else ""
            return _with(",", soon, f"{date_zh(when.first_on)}至{date_zh(when.last_on)}", hours)
        case _ if when.first_on:
            return _with(",", f"{date_zh(when.first_on)}起", hours)
        case _ if when.demand:
            return hours
        case _:
            return _with(",", "随时", hours)


def _loose_en(when: When) -> str:
    hours = hours_en(when.day_starts, when.day_ends)
    match when.looseness:
        case Looseness.SOON if when.last_on is None:
            return _with(", ", "as soon as possible", hours)
        case Looseness.BY_DATE:
            assert when.last_on is not None
            if _opens_later(when.first_on):
                return _with(", ", f"within {date_en(when.first_on)} to {date_en(when.last_on)}", hours)
            return _with(", ", f"by {date_en(when.last_on)}", hours)
        case Looseness.UNSTATED:
            return "no time given" if when.phrase in NOTHING else "not understood"
        case _ if when.first_on and when.last_on:
            soon = "as soon as possible" if when.looseness is Looseness.SOON else ""
            return _with(", ", soon, f"{date_en(when.first_on)} to {date_en(when.last_on)}", hours)
        case _ if when.first_on:
            return _with(", ", f"from {date_en(when.first_on)}", hours)
        case _ if when.demand:
            return hours
        case _:
            return _with(", ", "any time", hours)


def _opens_later(first_on: date | None) -> TypeGuard[date]:
    """True for a deadline inside a named week or part of a month, which may open after the filing day."""
    return first_on is not None and (first_on.day in (1, 11, 21) or first_on.weekday() == 0)


def _rule_zh(rule: Recurrence) -> tuple[str, str]:
    """The days and the hours of a rule."""
    weekdays = _weekdays(rule.weekdays, WEEKDAYS_ZH, "至", "、".join)
    days = {
        Frequency.DAILY: "每天",
        Frequency.WORKDAYS: "工作日",
        Frequency.WEEKLY: f"每{weekdays}",
        Frequency.NTH_WEEKDAY: "每月" + "、".join(_NTHS_ZH[nth] for nth in rule.nths) + weekdays,
        Frequency.MONTH_DAY: "每月"
        + "、".join(
            f"{first}日" if first == last else f"{first}日至{last}日"
            for first, last in _runs(rule.month_days)
        ),
    }[rule.frequency]
    return _bounded_zh(rule, days), hours_zh(rule.starts, rule.ends)


def _weekdays(
    days: tuple[int, ...], names: Sequence[str], to: str, join: Callable[[Iterable[str]], str]
) -> str:
    """周一至周五 for days in a row, else each by name."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[days[0]]}{to}{names[days[-1]]}"
    return join(names[day] for day in days)


def _bounded_zh(rule: Recurrence, days: str) -> str:
    if rule.first_on and rule.last_on:
        return f"{date_zh(rule.first_on)}至{date_zh(rule.last_on)} {days}"
    if rule.first_on:
        return f"{date_zh(rule.first_on)}起{days}"
    return f"{date_zh(rule.last_on)}前{days}" if rule.last_on else days


def _rule_en(rule: Recurrence) -> tuple[str, str]:
    weekdays = _weekdays(rule.weekdays, WEEKDAYS_EN, " to ", _and)
    days = {
        Frequency.DAILY: "every day",
        Frequency.WORKDAYS: "every working day",
        Frequency.WEEKLY: f"every {weekdays}",
        Frequency.NTH_WEEKDAY: _and(_NTHS_EN[nth] for nth in rule.nths) + f" {weekdays} of every month",
        Frequency.MONTH_DAY: "on the "
        + _and(
            _ordinal(first) if first == last else f"{_ordinal(first)} to {_ordinal(last)}"
            for first, last in _runs(rule.month_days)
        )
        + " of every month",
    }[rule.frequency]
    if rule.first_on and rule.last_on:
        days = f"{date_en(rule.first_on)} to {date_en(rule.last_on)}, {days}"
    elif rule.first_on:
        days = f"from {date_en(rule.first_on)}, {days}"
    elif rule.last_on:
        days = f"by {date_en(rule.last_on)}, {days}"
    return days, hours_en(rule.starts, rule.ends)


def _window_zh(window: Window) -> tuple[str, str]:
    on = window.starts_at.date()
    return f"{date_zh(on)}({WEEKDAYS_ZH[on.weekday()]})", hours_zh(
        window.starts_at.time(), window.ends_at.time()
    )


def _window_en(window: Window) -> tuple[str, str]:
    on = window.starts_at.date()
    return f"{WEEKDAYS_EN[on.weekday()]} {date_en(on)}", hours_en(
        window.starts_at.time(), window.ends_at.time()
    )


def _grouped(rules: Iterable[tuple[str, str]], all_day: str, joint: str) -> list[str]:
    """One statement for each different set of days; several stretches of the same days share it."""
    hours: dict[str, list[str]] = {}
    for days, stretch in rules:
        hours.setdefault(days, []).append(stretch)
    return [
        f"{days} {stretches[0] if len(stretches) == 1 else joint.join(one or all_day for one in stretches)}".strip()
        for days, stretches in hours.items()
    ]


def hours_zh(starts: time, ends: time) -> str:
    """上午8:00–12:00; "" for the whole day."""
    return _hours(starts, ends, _PARTS_ZH, "")


def hours_en(starts: time, ends: time) -> str:
    return _hours(starts, ends, _PARTS_EN, " ")


def _hours(starts: time, ends: time, parts: dict[str, str], gap: str) -> str:
    if (starts, ends) == (DAY_STARTS, DAY_ENDS):
        return ""
    part = next((name for code, name in parts.items() if DAY_PARTS[code] == (starts, ends)), "")
    clock = f"{_clock(starts)}–{_clock(ends)}"
    return f"{part}{gap if part else ''}{clock}"


def _clock(at: time) -> str:
    """8:30, and 03:00 with its zero, which no one takes for the afternoon."""
    return f"{at:%H:%M}" if at.hour < 6 else f"{at.hour}:{at:%M}"


def date_zh(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def date_en(on: date) -> str:
    return f"{on.day} {MONTHS_EN[on.month - 1]} {on.year}"


def _runs(days: tuple[int, ...]) -> list[tuple[int, int]]:
    """Neighbouring days of the month joined: (23, 27) for 23, 24, 25, 26, 27."""
    runs: list[tuple[int, int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _spans(days: Iterable[date], said: Callable[[date], str], to: str) -> list[str]:
    """Days of the calendar in words, three or more in a row as the first and the last."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and on - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(on)
        else:
            runs.append([on])
    return [
        one
        for run in runs
        for one in (map(said, run) if len(run) < 3 else [f"{said(run[0])}{to}{said(run[-1])}"])
    ]


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 <= day % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _and(words: Iterable[str]) -> str:
    listed = list(words)
    return " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def _with(gap: str, *parts: str) -> str:
    return gap.join(part for part in parts if part)
