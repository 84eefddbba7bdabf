"""A time said back in words, Chinese and English, so that a person can confirm the reading.

The words use the reader's own grammar: reading them again gives the same time. A test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TypeGuard

from marketplace.times.clock import DAY_ENDS, DAY_PARTS, DAY_STARTS
from marketplace.values import Demand, Frequency, Looseness, Per, Recurrence, When, Window

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
_PERIODS_ZH = {
    Per.DAY: "天", Per.WEEK: "周", Per.HALF_MONTH: "半月", Per.MONTH: "个月", Per.QUARTER: "季度", Per.HALF_YEAR: "半年",
    Per.TERM: "学期", Per.YEAR: "年",
}  # fmt: skip
_PERIODS_EN = {
    Per.DAY: "day", Per.WEEK: "week", Per.HALF_MONTH: "half month", Per.MONTH: "month", Per.QUARTER: "quarter",
    Per.HALF_YEAR: "half year", Per.TERM: "term", Per.YEAR: "year",
}  # fmt: skip


_EVERY_DAY = Recurrence(frequency=Frequency.DAILY, starts=DAY_STARTS, ends=DAY_ENDS)


def say(when: When) -> tuple[str, str]:
    """The reading in Chinese and in English."""
    return _say_zh(when), _say_en(when)


def _say_zh(when: When) -> str:
    rules = [
        ("", hours_zh(rule.starts, rule.ends)) if _any_day(when) else _rule_zh(rule)
        for rule in when.recurrences
    ]
    rules += [_window_zh(window) for window in when.windows]
    parts = ["；".join(_grouped(rules, "全天8:00–20:00", "、"))] if rules else [_loose_zh(when)]
    if rules and when.looseness is not Looseness.FIXED:
        parts.insert(0, "尽快" if when.looseness is Looseness.SOON else "随时")
    parts += [_demand_zh(when.demand, choice=_is_choice(when))] if when.demand else []
    parts += [f"每次{when.minutes_each}分钟"] if when.minutes_each else []
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
    rules = [
        ("", hours_en(rule.starts, rule.ends)) if _any_day(when) else _rule_en(rule)
        for rule in when.recurrences
    ]
    rules += [_window_en(window) for window in when.windows]
    parts = ["; ".join(_grouped(rules, "all day 8:00–20:00", " and "))] if rules else [_loose_en(when)]
    if rules and when.looseness is not Looseness.FIXED:
        parts.insert(0, "as soon as possible" if when.looseness is Looseness.SOON else "any time")
    parts += [_demand_en(when.demand, choice=_is_choice(when))] if when.demand else []
    parts += [f"each time {when.minutes_each} minutes"] if when.minutes_each else []
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


def _any_day(when: When) -> bool:
    """True for hours of no day named (上午、晚上): any of them will do."""
    return when.looseness is Looseness.ANY and all(
        rule == replace(_EVERY_DAY, starts=rule.starts, ends=rule.ends) for rule in when.recurrences
    )


def _is_choice(when: When) -> bool:
    """True where the words must tell that some of the named days are meant, and not that the days themselves are spaced."""
    return bool(when.recurrences or when.windows)


def _demand_zh(demand: Demand, *, choice: bool) -> str:
    if demand.per is Per.TOTAL:
        period = "共"
    elif demand.every == 1:
        period = "每月" if demand.per is Per.MONTH else f"每{_PERIODS_ZH[demand.per]}"
    else:
        period = f"每{demand.every}{_PERIODS_ZH[demand.per]}"
    least = "至少" if demand.at_least else ""
    if demand.minutes:
        return f"{period}{least}{demand.minutes}分钟"
    return f"{'任选' if choice else ''}{period}{least}{demand.times}次"


def _demand_en(demand: Demand, *, choice: bool) -> str:
    if demand.per is Per.TOTAL:
        period = "in total"
    elif demand.every == 1:
        period = f"every {_PERIODS_EN[demand.per]}"
    else:
        period = f"every {demand.every} {_PERIODS_EN[demand.per]}s"
    least = "at least " if demand.at_least else ""
    if demand.minutes:
        return f"{least}{demand.minutes} minutes {period}"
    times = "once" if demand.times == 1 else f"{demand.times} times"
    return f"{'one of them, ' if choice else ''}{least}{times} {period}"


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
    return _bounded_zh(rule, _days_zh(rule)), hours_zh(rule.starts, rule.ends)


def _days_zh(rule: Recurrence) -> str:
    weekdays = _weekdays(rule.weekdays, WEEKDAYS_ZH, "至", "、".join)
    month = f"每{rule.interval}个月" if rule.interval > 1 else "每月"
    if rule.months == (1, 4, 7, 10):
        month = "每季度"
    elif rule.months:
        month = f"每年{'、'.join(map(str, rule.months))}月"
    match rule.frequency:
        case Frequency.DAILY:
            days = f"每{rule.interval}天" if rule.interval > 1 else "每天"
        case Frequency.WORKDAYS:
            days = "工作日"
        case Frequency.WEEKLY:
            days = f"双周{weekdays}" if rule.weeks else f"每{weekdays}"
            days = f"每{rule.interval}周{weekdays}" if rule.interval > 1 else days
        case Frequency.NTH_WEEKDAY:
            days = month + "、".join(_NTHS_ZH[nth] for nth in rule.nths) + weekdays
        case Frequency.MONTH_DAY:
            days = month + "、".join(
                ("最后一天" if first == -1 else f"{first}日") if first == last else f"{first}日至{last}日"
                for first, last in _runs(rule.month_days)
            )
        case Frequency.LUNAR_DAY:
            days = "每月农历" + "、".join(lunar_day_zh(day) for day in rule.month_days)
        case Frequency.SCHOOL_HOLIDAYS:
            days = "只在寒暑假"
        case Frequency.PUBLIC_HOLIDAYS:
            days = "只在法定节假日"
    if rule.anchor_on:
        days += f"(从{date_zh(rule.anchor_on)}算起)"
    return days


def lunar_day_zh(day: int) -> str:
    """初一, 十五, 廿三 as a lunar calendar writes the day."""
    digits = "一二三四五六七八九十"
    if day <= 10:
        return f"初{digits[day - 1]}"
    if day in (20, 30):
        return "二十" if day == 20 else "三十"
    return ("十" if day < 20 else "廿") + digits[day % 10 - 1]


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
    days = _days_en(rule)
    if rule.first_on and rule.last_on:
        days = f"{date_en(rule.first_on)} to {date_en(rule.last_on)}, {days}"
    elif rule.first_on:
        days = f"from {date_en(rule.first_on)}, {days}"
    elif rule.last_on:
        days = f"by {date_en(rule.last_on)}, {days}"
    return days, hours_en(rule.starts, rule.ends)


def _days_en(rule: Recurrence) -> str:
    weekdays = _weekdays(rule.weekdays, WEEKDAYS_EN, " to ", _and)
    month = f"every {rule.interval} months" if rule.interval > 1 else "every month"
    if rule.months == (1, 4, 7, 10):
        month = "every quarter"
    match rule.frequency:
        case Frequency.DAILY:
            days = f"every {rule.interval} days" if rule.interval > 1 else "every day"
        case Frequency.WORKDAYS:
            days = "every working day"
        case Frequency.WEEKLY:
            days = f"{weekdays} of even weeks" if rule.weeks else f"every {weekdays}"
            days = f"{weekdays} every {rule.interval} weeks" if rule.interval > 1 else days
        case Frequency.NTH_WEEKDAY:
            days = _and(_NTHS_EN[nth] for nth in rule.nths) + f" {weekdays} of {month}"
        case Frequency.MONTH_DAY if rule.months and rule.months != (1, 4, 7, 10):
            days = _and(f"{day} {MONTHS_EN[month - 1]}" for month in rule.months for day in rule.month_days)
            days += " every year"
        case Frequency.MONTH_DAY:
            days = "on the " + _and(
                ("last day" if first == -1 else _ordinal(first))
                if first == last
                else f"{_ordinal(first)} to {_ordinal(last)}"
                for first, last in _runs(rule.month_days)
            )
            days += f" of {month}"
        case Frequency.LUNAR_DAY:
            days = f"on lunar days {_and(map(str, rule.month_days))} of every month"
        case Frequency.SCHOOL_HOLIDAYS:
            days = "school holidays"
        case Frequency.PUBLIC_HOLIDAYS:
            days = "public holidays"
    if rule.anchor_on:
        days += f", counting from {date_en(rule.anchor_on)},"
    return days


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
    if ends == time(0):
        clock = f"{_clock(starts)}–24:00"
    elif ends < starts:
        clock = (
            f"{_clock(starts)}–次日{_clock(ends)}"
            if not gap
            else f"{_clock(starts)}–{_clock(ends)} the next day"
        )
    else:
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
