"""What can be asked of a relationship, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from timebank.catalogue import Heard, Scope, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A relationship is proposed between the two sides that the facts describe.

    Who offers by page gives the yes of each side they speak for, where the kind asks for it.

    Attributes:
        uid: of the new relationship.
        by: who offers.
        since_on: first day, None for today. until_on: last day, None for the kind's own term.
        holder_yes, target_yes: how a yes is known that came with the offer, None when it did not.
    """

    uid: str
    by: str
    since_on: date | None = None
    until_on: date | None = None
    scope: tuple[Scope | str, ...] = ()
    holder_yes: Heard | None = None
    target_yes: Heard | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayYes:
    """One side agrees; `by` says it themselves (page), or heard it, holds the paper or brought the list."""

    by: str
    side: Side
    heard: Heard = Heard.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNo:
    """One side declines the offer; `heard` as for a yes."""

    by: str
    side: Side
    heard: Heard = Heard.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """A second member of staff agrees to what a first one entered."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """It ends today, or the offer is taken back; `reason` is one of `REASONS_TO_CHOOSE`."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew:
    """Offered anew in its last days; the consents are asked again.

    Attributes:
        uid: of the new relationship.
        until_on: last day of the new one, None for the kind's term counted on from the old last day.
        holder_yes, target_yes: as in `Offer`.
    """

    uid: str
    by: str
    until_on: date | None = None
    holder_yes: Heard | None = None
    target_yes: Heard | None = None


Command = Offer | SayYes | SayNo | Approve | End | Renew
