"""The calendar a community goes by: the public one, with the holiday notices its own office entered.

A notice is kept once per year and replaced as a whole; what was entered is beside it, so that a doubt finds its source.
"""

from __future__ import annotations

from datetime import date

from ledger.store.engine import DurableEngine
from marketplace.calendars import Calendar, mainland
from marketplace.notices import HolidayNotice, NoticedCalendar
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


async def calendar_of(engine: DurableEngine, community: str, today: date) -> Calendar:
    """The calendar by which the community's times are read and planned."""
    years = [today.year + step for step in _YEARS_AROUND]
    found = [await notice_of(engine, community, year) for year in years]
    notices = tuple(one for one in found if one is not None)
    return NoticedCalendar(base=mainland(), notices=notices) if notices else mainland()
