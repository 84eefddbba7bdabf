"""The calendar a community goes by: the public one, with the holiday notices and school holidays its own office entered.

A notice is kept once per year and replaced as a whole; what was entered is beside it, so that a doubt finds its source.
The school holidays of all years stand in one value, for they are asked together.
"""

from __future__ import annotations

from datetime import date

from ledger.store.engine import DurableEngine
from marketplace.calendars import Calendar, mainland
from marketplace.notices import HolidayNotice, NoticedCalendar, SchoolHolidays
from marketplace.store import codec
from timebank.store.settings import set_setting, setting

# Lists speak of last year's sheets, of today and of the year to come.
_YEARS_AROUND = (-1, 0, 1)


def _key(community: str, year: int) -> str:
    return f"holidays/{community}/{year}"


async def notice_of(engine: DurableEngine, community: str, year: int) -> HolidayNotice | None:
    """The notice the office entered for a year; None while it goes by the library's."""
    kept = await setting(engine, _key(community, year))
    return codec.loads(HolidayNotice, kept) if kept else None


async def keep_notice(engine: DurableEngine, community: str, notice: HolidayNotice) -> None:
    """The notice in place of what was entered for its year before."""
    await set_setting(engine, _key(community, notice.year), codec.dumps(notice))


async def drop_notice(engine: DurableEngine, community: str, year: int) -> None:
    """The year goes by the library's calendar again."""
    await set_setting(engine, _key(community, year), "")


async def school_holidays(engine: DurableEngine, community: str) -> tuple[SchoolHolidays, ...]:
    """The school holidays of every year that the office entered them for, in order."""
    kept = await setting(engine, f"school_holidays/{community}")
    return codec.loads(tuple[SchoolHolidays, ...], kept) if kept else ()


async def keep_school_holidays(
    engine: DurableEngine, community: str, year: int, holidays: SchoolHolidays | None
) -> None:
    """A year's school holidays in place of what was entered for it before; with None the year goes by the sample again."""
    others = [one for one in await school_holidays(engine, community) if one.year != year]
    every = sorted([*others, *([holidays] if holidays else [])], key=lambda one: one.year)
    await set_setting(engine, f"school_holidays/{community}", codec.dumps(every))


async def calendar_of(engine: DurableEngine, community: str, today: date) -> Calendar:
    """The calendar by which the community's times are read and planned."""
    years = [today.year + step for step in _YEARS_AROUND]
    found = [await notice_of(engine, community, year) for year in years]
    notices = tuple(one for one in found if one is not None)
    schools = await school_holidays(engine, community)
    if not notices and not schools:
        return mainland()
    return NoticedCalendar(base=mainland(), notices=notices, schools=schools)
