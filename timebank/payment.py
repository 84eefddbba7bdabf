"""What the book is told when hours are confirmed: pure, so that every case can be read and tried by itself.

The institution's issuing account funds care. When the person helped pays, the hours they set aside are settled first;
a visit that took longer than that is paid by the institution for the rest, so nobody is ever left owing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from ledger import Leg, SettleHold, Transfer, VoidHold
from timebank.credit import Credit

TOTAL_CAP = "total_cap"


class _Shared(TypedDict):
    """What all commands of one posting have in common."""

    effective_on: date
    occurred_at: datetime
    actor: str
    meta: dict[str, str | int]


def posting_key(attendance: str, reversed_transfer: str = "") -> str:
    """The key under which a part's hours are posted: once, and once more after each reversal."""
    return f"attendance:{attendance}" + (f":{reversed_transfer}" if reversed_transfer else "")


def rest_key(key: str) -> str:
    """The key of the institution's share beside a settled hold."""
    return f"{key}:rest"


def gift_minutes(credit: Credit) -> int:
    """Minutes over a person's total cap, which go to the community fund."""
    return -sum(cut.minutes for cut in credit.cuts if cut.rule == TOTAL_CAP)


def payment(
    *,
    key: str,
    credit: Credit,
    earner: str,
    issuer: str,
    fund: str,
    hold: str = "",
    minutes_held: int = 0,
    effective_on: date,
    occurred_at: datetime,
    actor: str,
    meta: dict[str, str | int],
) -> tuple[SettleHold | VoidHold | Transfer, ...]:
    """The commands that post these hours, in order; the first that pays the earner carries `key`.

    Args:
        earner, issuer, fund: account codes.
        hold, minutes_held: an open hold of the person helped; "" when the institution pays all.
        effective_on: the local day it counts for; occurred_at: when the service ended.

    Returns:
        Nothing at all when nothing is credited, given or held.
    """
    shared: _Shared = {
        "effective_on": effective_on,
        "occurred_at": occurred_at,
        "actor": actor,
        "meta": meta,
    }
    commands: list[SettleHold | VoidHold | Transfer] = []
    settled = min(minutes_held, credit.minutes_credited) if hold else 0
    if settled:
        commands.append(SettleHold(key=key, hold=hold, amount=settled, payee=earner, **shared))
    elif hold:
        commands.append(VoidHold(key=f"{key}:free", hold=hold, **shared))
    rest, gift = credit.minutes_credited - settled, gift_minutes(credit)
    if rest or gift:
        legs = [Leg(issuer, rest + gift)]
        legs += [Leg(account, -minutes) for account, minutes in ((earner, rest), (fund, gift)) if minutes]
        commands.append(Transfer(key=rest_key(key) if settled else key, legs=tuple(legs), **shared))
    return tuple(commands)
