"""When people want help and when people can: phrases as they are written, each with the time it means.

The time is stated here by hand, not by reading the phrase, so that a list written with these phrases tests the reader.
Help is wanted on working days, above all on Tuesdays, the day of the red vests; those who have a job can in the evening
and at the weekend.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from marketplace.generator.draws import Weighted
from marketplace.values import SHANGHAI, Frequency, Looseness, Recurrence, Week, When, Window

_DAYS = "一二三四五六日"
_PARTS = {"上午": (8, 12), "下午": (13, 18), "晚上": (18, 21)}
TUESDAY, SATURDAY, SUNDAY = 1, 5, 6


def _weekly(phrase: str, weekdays: tuple[int, ...], starts: tuple[int, int], ends: tuple[int, int]) -> When:
    rule = Recurrence(frequency=Frequency.WEEKLY, weekdays=weekdays, starts=time(*starts), ends=time(*ends))
    return When(phrase=phrase, recurrences=(rule,))


def part_of(weekday: int, part: str) -> When:
    """每周二上午."""
    first, last = _PARTS[part]
    return _weekly(f"每周{_DAYS[weekday]}{part}", (weekday,), (first, 0), (last, 0))


def whole_days(weekdays: tuple[int, ...]) -> When:
    """周六周日, from eight to eight."""
    return _weekly("".join(f"周{_DAYS[one]}" for one in weekdays), weekdays, (8, 0), (20, 0))


def on_the_clock(weekday: int, starts: int, ends: int) -> When:
    """周二 9:00-11:00."""
    return _weekly(f"周{_DAYS[weekday]} {starts}:00-{ends}:00", (weekday,), (starts, 0), (ends, 0))


def fortnightly(weekday: int, part: str, *, first: bool) -> When:
    """每月第一、第三个周二上午, or the second and fourth."""
    starts, ends = _PARTS[part]
    rule = Recurrence(
        frequency=Frequency.NTH_WEEKDAY,
        weekdays=(weekday,),
        nths=(1, 3) if first else (2, 4),
        starts=time(starts),
        ends=time(ends),
    )
    which = "第一、第三" if first else "第二、第四"
    return When(phrase=f"每月{which}个周{_DAYS[weekday]}{part}", recurrences=(rule,))


def workdays(part: str) -> When:
    """工作日上午."""
    first, last = _PARTS[part]
    rule = Recurrence(frequency=Frequency.WORKDAYS, starts=time(first), ends=time(last))
    return When(phrase=f"工作日{part}", recurrences=(rule,))


def every_day() -> When:
    """天天."""
    rule = Recurrence(frequency=Frequency.DAILY, starts=time(8), ends=time(20))
    return When(phrase="天天", recurrences=(rule,))


def dated(on: date, starts: int, ends: int) -> When:
    """11月26日 8:00-11:00."""

    def at(hour: int) -> datetime:
        return datetime.combine(on, time(hour), tzinfo=SHANGHAI)

    phrase = f"{on.month}月{on.day}日 {starts}:00-{ends}:00"
    return When(phrase=phrase, windows=(Window(at(starts), at(ends)),))


def loose(phrase: str, looseness: Looseness) -> When:
    return When(phrase=phrase, looseness=looseness)


_ANY_HOUR = Weighted(
    (6, loose("随时", Looseness.ANY)), (3, loose("", Looseness.UNSTATED)), (2, loose("随时", Looseness.ANY))
)
_BY_DAY = Weighted((5, "上午"), (4, "下午"))
_ALSO_LATE = Weighted((5, "上午"), (4, "下午"), (2, "晚上"))
_WANTED_DAY = Weighted((6, 0), (6, 2), (7, 3), (6, 4), (4, SATURDAY), (3, SUNDAY))


def wanted(draw: Random, week: Week, minutes: int, *, evenings: bool = False, rare: bool = False) -> When:
    """When somebody would like a visit of so many minutes, on Tuesday in more than a third of the lines.

    Who asks for something few can do (`rare`) knows it, and mostly takes the hour that comes.
    """
    parts = _ALSO_LATE if evenings else _BY_DAY
    at = draw.randrange(75 if rare and draw.randrange(5) else 0, 100)
    hours = -(-minutes // 60)
    if at < 23:
        return part_of(TUESDAY, parts.drawn(draw))
    if at < 41:
        starts = draw.choice((9, 10, 14, 15))
        return on_the_clock(TUESDAY, starts, starts + hours)
    if at < 58:
        return part_of(_WANTED_DAY.drawn(draw), parts.drawn(draw))
    if at < 66:
        starts = draw.choice((8, 9, 14, 15))
        return dated(week.monday_on + timedelta(days=_WANTED_DAY.drawn(draw)), starts, starts + hours)
    if at < 80:
        return workdays(draw.choice(("上午", "下午")))
    if at < 86:
        return whole_days((SATURDAY, SUNDAY))
    return _ANY_HOUR.drawn(draw)


def wanted_after_school(draw: Random, *, weekend_per_cent: int) -> When:
    """When a child is to be looked after or taught: after school, or at the weekend."""
    if draw.randrange(100) >= weekend_per_cent:
        rule = Recurrence(
            frequency=Frequency.WEEKLY, weekdays=(draw.randrange(5),), starts=time(16, 30), ends=time(18)
        )
        return When(phrase=f"周{_DAYS[rule.weekdays[0]]} 16:30-18:00", recurrences=(rule,))
    return whole_days((SATURDAY, SUNDAY))


def shift(draw: Random, minutes: int) -> When:
    """When a team is wanted: every Tuesday morning more often than not."""
    hours = minutes // 60
    weekday = TUESDAY if draw.randrange(100) < 75 else SATURDAY
    starts = draw.choice((9, 9, 14)) if weekday == TUESDAY else draw.choice((9, 14))
    return on_the_clock(weekday, starts, starts + hours)


def _every_other_week(*weighted: tuple[int, int, str]) -> tuple[tuple[int, When], ...]:
    """Both halves of the month alike, so that as many are free in any week."""
    return tuple(
        (weight, fortnightly(weekday, part, first=first))
        for weight, weekday, part in weighted
        for first in (True, False)
    )


# Retired people have mornings, those with a job evenings and weekends; agencies give Tuesdays to the red vests. Many
# come every other week only.
RETIRED = Weighted(
    (5, part_of(TUESDAY, "上午")), (4, part_of(TUESDAY, "下午")), (3, whole_days((TUESDAY,))),
    (2, whole_days((0, 2))), (2, whole_days((3, 4))), (2, workdays("上午")), (1, workdays("下午")), (1, every_day()),
    (2, part_of(3, "上午")), (2, part_of(0, "上午")), (2, part_of(4, "下午")), (2, part_of(2, "下午")),
    *_every_other_week((4, TUESDAY, "上午"), (2, TUESDAY, "下午"), (1, 3, "上午"), (1, 0, "下午")),
)  # fmt: skip
IN_SERVICE = Weighted(
    (5, whole_days((SATURDAY, SUNDAY))), (4, part_of(SATURDAY, "上午")), (3, part_of(SUNDAY, "下午")),
    (3, part_of(TUESDAY, "下午")), (4, part_of(TUESDAY, "晚上")), (3, part_of(3, "晚上")), (2, part_of(0, "晚上")),
    *_every_other_week((3, SATURDAY, "上午"), (2, SUNDAY, "下午"), (2, TUESDAY, "下午"), (1, 4, "下午")),
)  # fmt: skip
STUDENT = Weighted(
    (6, whole_days((SATURDAY, SUNDAY))), (3, whole_days((SATURDAY,))), (2, part_of(2, "下午")),
    (1, part_of(4, "下午")), *_every_other_week((3, SATURDAY, "下午")),
)  # fmt: skip
AT_HOME = Weighted(
    (3, workdays("上午")), (3, workdays("下午")), (2, whole_days((TUESDAY,))), (2, part_of(3, "上午")),
    (2, whole_days((0, 2))), *_every_other_week((2, TUESDAY, "上午"), (1, 2, "下午")),
)  # fmt: skip
TEAM = Weighted(
    (6, _weekly("每周二 8:30-11:30", (TUESDAY,), (8, 30), (11, 30))),
    (5, whole_days((TUESDAY,))),
    (3, whole_days((TUESDAY, SATURDAY))),
    (2, whole_days((TUESDAY, 3))),
    (2, whole_days((SATURDAY, SUNDAY))),
)


def both(first: When, second: When) -> When:
    """Two free stretches of one person: 每周二上午;周六周日. Repeated rules are named once."""
    if first == second:
        return first
    return replace(
        first,
        phrase=f"{first.phrase};{second.phrase}",
        recurrences=(*first.recurrences, *second.recurrences),
    )
