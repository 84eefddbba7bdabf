"""One year's calendar at the desk: shown, entered from the notice's text or from ticked days, taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.calendars import Calendar, mainland
from marketplace.notices import HolidayNotice, NoticeReading, noticed, read_notice
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import NotFound
from timebank.store import audit, calendars

# A desk plans this year and the next, and looks back at the last.
YEARS_BACK, YEARS_AHEAD = 1, 2
_DAY = timedelta(days=1)


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
    """

    year: int
    notice: HolidayNotice | None
    months: tuple[tuple[tuple[DayShown | None, ...], ...], ...]
    known: bool


async def show_year(ctx: Context, actor: Actor, year: int) -> YearShown:
    """The year's sheet; NotFound for a year that no desk plans."""
    _in_reach(ctx, year)
    notice = await calendars.notice_of(ctx.engine, actor.community, year)
    calendar = await calendars.calendar_of(ctx.engine, actor.community, date(year, 6, 1))
    known_until: date = getattr(mainland(), "known_until", date.max)
    return YearShown(
        year=year,
        notice=notice,
        months=tuple(_weeks(year, month, calendar) for month in range(1, 13)),
        known=notice is not None or year <= known_until.year,
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
