"""One year's calendar at the desk: shown, entered from the notice's text or from ticked days, taken back; and its school holidays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from marketplace.calendars import Calendar, mainland
from marketplace.notices import (
    BREAK_DAYS_MAX,
    HolidayNotice,
    NoticeReading,
    SchoolHolidays,
    noticed,
    read_notice,
)
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField, BadFields, NotFound
from timebank.store.oversight import audit
from timebank.store.places import calendars

# A desk plans this year and the next, and looks back at the last.
YEARS_BACK, YEARS_AHEAD = 1, 2
_DAY = timedelta(days=1)
# The months in which a winter and a summer holiday end; spring and autumn holidays end in others.
WINTER_UNTIL, SUMMER = 3, (8, 9)
TypedBreak = tuple[date | None, date | None]
"""First and last day of a school holiday as typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """One day of the calendar sheet: whether offices work, and whether a box turns that round."""

    on: date
    workday: bool
    holiday: bool

    @property
    def weekend(self) -> bool:
        return self.on.weekday() >= 5

    @property
    def ticked(self) -> bool:
        """True for a weekday off and for a weekend day worked."""
        return self.workday if self.weekend else not self.workday


@dataclass(frozen=True, slots=True, kw_only=True)
class YearShown:
    """A year as plans see it, and the notice the office entered for it.

    Attributes:
        months: twelve months of weeks of seven days, None outside the month.
        known: whether any notice covers the year, the office's or the library's.
        schools: the school holidays the office entered for it, None while it goes by the sample.
    """

    year: int
    notice: HolidayNotice | None
    months: tuple[tuple[tuple[DayShown | None, ...], ...], ...]
    known: bool
    schools: SchoolHolidays | None

    @property
    def school_days(self) -> dict[str, str]:
        """The days of the school holidays by the fields that they were typed into."""
        found: dict[str, str] = {}
        for first, last in self.schools.breaks if self.schools else ():
            season = "winter" if last.month <= WINTER_UNTIL else "summer" if last.month in SUMMER else "other"
            name = season if f"{season}_first" not in found else "other"
            found |= {f"{name}_first": first.isoformat(), f"{name}_last": last.isoformat()}
        return found


async def show_year(ctx: Context, actor: Actor, year: int) -> YearShown:
    """The year's sheet; NotFound for a year that no desk plans."""
    _in_reach(ctx, year)
    notice = await calendars.notice_of(ctx.engine, actor.community, year)
    calendar = await calendars.calendar_of(ctx.engine, actor.community, date(year, 6, 1))
    schools = await calendars.school_holidays(ctx.engine, actor.community)
    known_until: date = getattr(mainland(), "known_until", date.max)
    return YearShown(
        year=year,
        notice=notice,
        months=tuple(_weeks(year, month, calendar) for month in range(1, 13)),
        known=notice is not None or year <= known_until.year,
        schools=next((one for one in schools if one.year == year), None),
    )


async def enter_text(ctx: Context, actor: Actor, year: int, text: str) -> NoticeReading:
    """The published text as the year's notice; kept unless a doubt speaks against it."""
    _in_reach(ctx, year)
    return await _kept(ctx, actor, read_notice(text, year=year))


async def enter_days(ctx: Context, actor: Actor, year: int, ticked: Collection[date]) -> NoticeReading:
    """The ticked days as the year's notice: weekdays are off, weekend days are worked.

    A weekend that touches a day off belongs to that holiday, unless it is worked.
    """
    _in_reach(ctx, year)
    worked = {on for on in ticked if on.weekday() >= 5}
    off = {on for on in ticked if on.weekday() < 5}
    return await _kept(ctx, actor, noticed(year, off | _weekends_beside(off, worked, year), worked))


async def drop_notice(ctx: Context, actor: Actor, year: int) -> None:
    """The year goes by the library's calendar again; nothing happens when no notice was entered."""
    _in_reach(ctx, year)
    if await calendars.notice_of(ctx.engine, actor.community, year) is not None:
        async with ctx.engine.atomic():
            await calendars.drop_notice(ctx.engine, actor.community, year)
            await audit.note(ctx, actor, "drop_holiday_notice", object=str(year))


async def enter_school_holidays(
    ctx: Context, actor: Actor, year: int, breaks: Mapping[str, TypedBreak]
) -> None:
    """The year's school holidays by the name of their fields; without any the year goes by the sample again.

    Raises:
        BadFields: a break lacks a day, is no stretch of this year, or runs into another one.
    """
    _in_reach(ctx, year)
    faults = [fault for name, typed in breaks.items() if (fault := _fault(name, typed, year)) is not None]
    if faults:
        raise BadFields(tuple(faults))
    named = sorted((first, last, name) for name, (first, last) in breaks.items() if first and last)
    for (_, over, _), (begins, _, name) in pairwise(named):
        if begins <= over:
            raise BadFields((BadField("这个假期和前一个重叠了。", "This holiday runs into the one before.", field=f"{name}_first"),))  # fmt: skip
    found = (
        SchoolHolidays(year=year, breaks=tuple((first, last) for first, last, _ in named)) if named else None
    )
    async with ctx.engine.atomic():
        await calendars.keep_school_holidays(ctx.engine, actor.community, year, found)
        await audit.note(ctx, actor, "enter_school_holidays", object=str(year), reason=f"{len(named)} breaks")


def _fault(name: str, typed: TypedBreak, year: int) -> BadField | None:
    first, last = typed
    if first is None and last is None:
        return None
    if first is None or last is None:
        missing = "first" if first is None else "last"
        return BadField(
            "第一天和最后一天都要写。",
            "Both the first and the last day are needed.",
            field=f"{name}_{missing}",
        )
    try:
        SchoolHolidays(year=year, breaks=((first, last),))
    except ValueError:
        return BadField(
            f"最后一天要在{year}年里，不早于第一天，也不超过{BREAK_DAYS_MAX}天。",
            f"The last day is in {year}, not before the first, and within {BREAK_DAYS_MAX} days of it.",
            field=f"{name}_last",
        )
    return None


async def _kept(ctx: Context, actor: Actor, reading: NoticeReading) -> NoticeReading:
    notice = reading.notice
    if notice is not None:
        async with ctx.engine.atomic():
            await calendars.keep_notice(ctx.engine, actor.community, notice)
            await audit.note(
                ctx, actor, "enter_holiday_notice", object=str(notice.year),
                reason=f"{len(notice.days_off)} off, {len(notice.makeup_workdays)} worked",
            )  # fmt: skip
    return reading


def _in_reach(ctx: Context, year: int) -> None:
    this = ctx.today().year
    if not this - YEARS_BACK <= year <= this + YEARS_AHEAD:
        raise NotFound()


def _weekends_beside(off: Collection[date], worked: Collection[date], year: int) -> set[date]:
    found: set[date] = set()
    for on in off:
        for step in (_DAY, -_DAY):
            day = on + step
            while day.weekday() >= 5 and day not in worked and day.year == year:
                found.add(day)
                day += step
    return found


def _weeks(year: int, month: int, calendar: Calendar) -> tuple[tuple[DayShown | None, ...], ...]:
    first = date(year, month, 1)
    days: list[DayShown | None] = [None] * first.weekday()
    on = first
    while on.month == month:
        days.append(DayShown(on=on, workday=calendar.is_workday(on), holiday=calendar.is_public_holiday(on)))
        on += _DAY
    days += [None] * (-len(days) % 7)
    return tuple(tuple(days[at : at + 7]) for at in range(0, len(days), 7))
