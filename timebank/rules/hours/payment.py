"""What the book is told when hours are confirmed, given to begin with, or come to an end: pure, so that every case can
be read and tried by itself.

The institution's issuing account funds care. When the person helped pays, the hours they set aside are settled first;
a visit that took longer than that is paid by the institution for the rest, so nobody is ever left owing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ledger import ChangeLimits, Leg, SettleHold, Transfer, VoidHold
from timebank.policy import Policy
from timebank.rules.hours.credit import Credit, GoesTo

Paid = SettleHold | VoidHold | Transfer


def posting_key(attendance: str, reversed_transfer: str = "") -> str:
    """The key under which a part's hours are posted: once, and once more after each reversal."""
    return f"attendance:{attendance}" + (f":{reversed_transfer}" if reversed_transfer else "")


def rest_key(key: str) -> str:
    """The key of the institution's share beside a settled hold."""
    return f"{key}:rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What every command of one confirmation carries.

    Attributes:
        effective_on: the local day it counts for; occurred_at: when the service ended.
    """

    effective_on: date
    occurred_at: datetime
    actor: str
    meta: Mapping[str, str | int] = field(default_factory=dict)


def payment(
    *,
    key: str,
    credit: Credit,
    earner: str,
    issuer: str,
    fund: str,
    team: str = "",
    hold: str = "",
    minutes_held: int = 0,
    stamp: Stamp,
) -> tuple[Paid, ...]:
    """The commands that post these hours, in order; the first that pays the earner carries `key`.

    Args:
        earner, issuer, fund, team: account codes; `team` is needed where a team's hours are given on.
        hold, minutes_held: an open hold of the person helped; "" when the institution pays all.

    Returns:
        Nothing at all when nothing is credited, given on or held.
    """
    commands: list[Paid] = []
    settled = min(minutes_held, credit.minutes_credited) if hold else 0
    if settled:
        commands.append(
            SettleHold(
                key=key, hold=hold, amount=settled, payee=earner, effective_on=stamp.effective_on,
                occurred_at=stamp.occurred_at, actor=stamp.actor, meta=stamp.meta,
            )
        )  # fmt: skip
    elif hold:
        commands.append(
            VoidHold(
                key=f"{key}:free", hold=hold, effective_on=stamp.effective_on, occurred_at=stamp.occurred_at,
                actor=stamp.actor, meta=stamp.meta,
            )
        )  # fmt: skip
    owed = (
        (earner, credit.minutes_credited - settled),
        (fund, credit.given_on(GoesTo.FUND)),
        (team, credit.given_on(GoesTo.TEAM)),
    )
    receivers = [Leg(account, -minutes) for account, minutes in owed if minutes]
    if receivers:
        total = sum(minutes for _account, minutes in owed)
        legs = (Leg(issuer, total), *receivers)
        commands.append(
            Transfer(
                key=rest_key(key) if settled else key, legs=legs, effective_on=stamp.effective_on,
                occurred_at=stamp.occurred_at, actor=stamp.actor, meta=stamp.meta,
            )
        )  # fmt: skip
    return tuple(commands)


def first_hours(policy: Policy, *, member: str, account: str, issuer: str, stamp: Stamp) -> Transfer | None:
    """The hours somebody is given to begin with, once in their life; None where a community gives none."""
    minutes = policy.grant.first_minutes
    if not minutes:
        return None
    return Transfer(
        key=f"first:{member}", legs=(Leg(issuer, minutes), Leg(account, -minutes)), reason="grant",
        effective_on=stamp.effective_on, occurred_at=stamp.occurred_at, actor=stamp.actor, meta=stamp.meta,
    )  # fmt: skip


def floor_change(account: str, below_zero: int, *, before: int | None, on: date) -> ChangeLimits:
    """Let an account go so far below zero from a day on.

    The key names both bounds, so that a change asked for twice is one, and one that goes there and back on a day is two.
    """
    return ChangeLimits(
        key=f"floor:{on.isoformat()}:{account}:{-(before or 0)}:{below_zero}", code=account, floor=-below_zero,
        ceiling=None, effective_on=on, reason="policy",
    )  # fmt: skip
