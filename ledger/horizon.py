"""How far from now a book takes moments and days, so that one slip of the pen or one wrong clock cannot poison it.

A book's clock never runs backwards, so an entry recorded in 2199 would hold every later one there; a day in 2199 would keep
an account from being closed. Only new requests are looked at: a journal that exists is replayed and verified as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ledger import errors as no
from ledger.commands import Batch, Command, OpenAccount, ResetClock
from ledger.rows import Head, microseconds, moment
from ledger.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The bounds, which a book may widen, for instance while years of paper are typed in.

    Attributes:
        clock_ahead: how far the moment of recording may lie ahead of both the last entry and the caller's clock.
        days_ahead, days_back: how far `effective_on` and `occurred_at` may lie from the day of recording; an account may
            have been opened on any earlier day.
    """

    clock_ahead: timedelta = timedelta(days=1)
    days_ahead: int = 31
    days_back: int = 3653


@dataclass(frozen=True, slots=True)
class Reach:
    """A horizon seen from now.

    Attributes:
        now: the caller's clock; None when a person confirmed the moment of recording.
    """

    horizon: Horizon
    now: datetime | None

    def latest_us(self, recorded_at_us: int, command: Command | None = None) -> int | None:
        """The last moment at which something may be recorded after an entry of that moment, None for no bound."""
        if self.now is None:
            return None
        now_us = microseconds(self.now)
        ahead_us = self.horizon.clock_ahead // timedelta(microseconds=1)
        # The last entry may be the very mistake that a reset of the clock takes back.
        return (now_us if isinstance(command, ResetClock) else max(now_us, recorded_at_us)) + ahead_us

    def check_moment(self, head: Head, at: datetime, command: Command | None = None) -> None:
        """Nothing when something may be recorded at `at`.

        Raises:
            ClockAhead: it lies too far ahead.
        """
        latest_us = self.latest_us(head.recorded_at_us, command)
        if latest_us is not None and microseconds(at) > latest_us:
            raise no.ClockAhead(at=at.isoformat(), latest=moment(latest_us).isoformat())

    def days(self, zone: ZoneInfo, at: datetime) -> tuple[date, date]:
        """The first and the last day that something recorded at `at`, or now, may count for."""
        days = [one.astimezone(zone).date() for one in (at, self.now or at)]
        back, ahead = self.horizon.days_back, self.horizon.days_ahead
        first, last = min(days).toordinal() - back, max(days).toordinal() + ahead
        return date.fromordinal(max(1, first)), date.fromordinal(min(date.max.toordinal(), last))

    def check(self, sheet: Sheet, command: Command, at: datetime) -> None:
        """Nothing when a new command, asked for at `at`, lies within reach.

        Raises:
            ClockAhead, DayOutOfReach: it does not.
        """
        self.check_moment(sheet.head, at, command)
        self._check_days(sheet, command, *self.days(sheet.zone, at))

    def _check_days(self, sheet: Sheet, command: Command, first: date, last: date) -> None:
        occurred = command.occurred_at
        days = {
            "effective_on": None if isinstance(command, OpenAccount) else command.effective_on,
            "occurred_at": None if occurred is None else sheet.local_day(occurred),
            "opened_on": max(command.opened_on, first) if isinstance(command, OpenAccount) else None,
        }
        for field, day in days.items():
            if day is not None and not first <= day <= last:
                raise no.DayOutOfReach(
                    field=field, given=day.isoformat(), first=first.isoformat(), last=last.isoformat()
                )
        if isinstance(command, Batch):
            for member in command.commands:
                self._check_days(sheet, member, first, last)
