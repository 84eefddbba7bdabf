"""When saved hours come to an end: so many months after they were earned, or when an account has long been idle. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from timebank.policy import ExpiryPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Minutes that came into an account on one day."""

    on: date
    minutes: int


def months_after(on: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def expired(policy: ExpiryPolicy, lots: Iterable[Lot], *, minutes_used: int, on: date) -> int:
    """Minutes that have lapsed by `on` and are still in the account; the oldest are used first.

    Args:
        lots: everything that ever came in. minutes_used: everything that ever went out, earlier lapses too.
    """
    if not policy.months:
        return 0
    old = sum(lot.minutes for lot in lots if months_after(lot.on, policy.months) <= on)
    return max(0, old - minutes_used)


def ends_for_idleness(policy: ExpiryPolicy, *, last_entry_on: date, on: date) -> bool:
    """Whether an account has had no entry for as long as the rule allows."""
    return bool(policy.idle_months) and months_after(last_entry_on, policy.idle_months) <= on
