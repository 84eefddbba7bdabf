"""What one can ask of a book. A command is a plain value; `ledger.decide` says what it does.

Every command carries a `key`, made by the caller before the first try and kept for ever: the same key with the same body
gives the same answer again, with another body it is a conflict. Fields every command shares:

    key           1 to 255 bytes of text without spaces, unique in the book
    effective_on  the day it counts for; None for the book's local day at posting
    occurred_at   when it happened in life (aware); None for the moment of posting
    reason        a short code such as "service"
    actor         opaque id of who did it
    memo          free text without personal data: ids only, because a chained row can never be erased
    meta          small facts (text or whole numbers), also without personal data
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from ledger.values import AccountKind, Leg


class EntryKind(StrEnum):
    """What a journal entry did."""

    OPEN = "open"
    CLOSE = "close"
    LIMITS = "limits"
    TRANSFER = "transfer"
    ADJUST = "adjust"
    HOLD = "hold"
    SETTLE = "settle"
    VOID = "void"
    EXPIRE = "expire"
    REVERSE = "reverse"
    BATCH = "batch"
    PERIOD = "period"
    REOPEN = "reopen"
    CLOCK = "clock"


SETTINGS = (EntryKind.OPEN, EntryKind.CLOSE, EntryKind.REOPEN, EntryKind.LIMITS)
"""Kinds that change an account's lifetime or bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What all commands share; see the module's docstring."""

    kind_of_entry: ClassVar[EntryKind]

    key: str
    effective_on: date | None = None
    occurred_at: datetime | None = None
    reason: str = ""
    actor: str = ""
    memo: str = ""
    meta: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount(Command):
    """Open `code` for one commodity. `floor` 0 forbids debt, None allows any; both bounds count pending amounts."""

    kind_of_entry = EntryKind.OPEN
    code: str
    kind: AccountKind
    commodity: str = "MIN"
    floor: int | None = 0
    ceiling: int | None = None
    opened_on: date
    label: str = ""
    reason: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount(Command):
    """Close an empty account on `effective_on`; `ReopenAccount` takes that back when somebody returns."""

    kind_of_entry = EntryKind.CLOSE
    code: str
    commodity: str = "MIN"
    reason: str = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenAccount(Command):
    """Open a closed account again, with the bounds it had: somebody who moved away came back and keeps the line."""

    kind_of_entry = EntryKind.REOPEN
    code: str
    commodity: str = "MIN"
    reason: str = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimits(Command):
    """Give an account new bounds; refused when it stands beyond them now."""

    kind_of_entry = EntryKind.LIMITS
    code: str
    commodity: str = "MIN"
    floor: int | None
    ceiling: int | None
    reason: str = "limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Move amounts between accounts; the legs sum to zero in each commodity."""

    kind_of_entry = EntryKind.TRANSFER
    legs: tuple[Leg, ...]
    reason: str = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancingTransfer(Command):
    """Move all that the payer can spend above its floor (above zero where it has none), `at_most` of it when given."""

    kind_of_entry = EntryKind.TRANSFER
    payer: str
    payee: str
    at_most: int | None = None
    commodity: str = "MIN"
    reason: str = "balancing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Command):
    """A correction that may pass an account's bounds, because someone other than the actor approved it."""

    kind_of_entry = EntryKind.ADJUST
    legs: tuple[Leg, ...]
    approved_by: str
    reason: str = "adjust"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Command):
    """Set `amount` aside from payer for payee until `expires_at`; it counts against both bounds at once."""

    kind_of_entry = EntryKind.HOLD
    payer: str
    payee: str
    amount: int
    commodity: str = "MIN"
    expires_at: datetime
    reason: str = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleHold(Command):
    """Pay `amount` of a hold and free the rest; `payee` when someone else stood in."""

    kind_of_entry = EntryKind.SETTLE
    hold: str
    amount: int
    payee: str | None = None
    reason: str = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidHold(Command):
    """Free all of a hold."""

    kind_of_entry = EntryKind.VOID
    hold: str
    reason: str = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHold(Command):
    """Write down that a hold has lapsed; refused before its `expires_at`."""

    kind_of_entry = EntryKind.EXPIRE
    hold: str
    reason: str = "expire"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseTransfer(Command):
    """Negate a transfer, settlement, adjustment or reversal exactly, once.

    Taking back a reversal lets the first entry stand again. It counts for today, or for the day of what it takes back
    when that is still to come. `approved_by` lets it pass the accounts' bounds.
    """

    kind_of_entry = EntryKind.REVERSE
    transfer: str
    approved_by: str = ""
    reason: str = "reverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePeriod(Command):
    """Close every day up to the end of `month` (`2026-10`): nothing dated there can follow."""

    kind_of_entry = EntryKind.PERIOD
    month: str
    reason: str = "close_month"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetClock(Command):
    """Set the book's clock back to now, after an entry was recorded far in the future by mistake.

    The one entry that may be recorded before the one ahead of it; it says who approved that.
    """

    kind_of_entry = EntryKind.CLOCK
    approved_by: str
    reason: str = "reset_clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Command):
    """Several commands, all or none, in order. Each keeps its own key."""

    kind_of_entry = EntryKind.BATCH
    commands: tuple[Command, ...]
    reason: str = "batch"
