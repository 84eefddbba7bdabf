"""共驻共建: an agreement of the community with units, signed by all of them, with what each pledges and gets in return.

    draft ── in force ── over          by its last day
                  └───── ended         before it, with a reason

It works both ways: a unit pledges resources and may name its own needs in return. What was kept is read from the claims
that came to an end, so nothing is counted twice. The fulfilment rate counts items whose date has come; what is not due
yet neither helps nor harms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from marketplace.claims import Claim, Side, Stage
from marketplace.errors import (
    BadTerm,
    EndedWithoutReason,
    ItemTwice,
    NotInForce,
    NotWholeNumber,
    SignedTwice,
    TermOver,
    UnknownItem,
    UnknownUnit,
)
from marketplace.planning.problem.context import Pledge
from marketplace.values import SHANGHAI

COMMUNITY = "community"


class Direction(StrEnum):
    """Whether the unit gives an item or receives it in return."""

    GIVES = "gives"
    RECEIVES = "receives"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgedItem:
    """One thing agreed (共建事项): so much of a line, by a date.

    Attributes:
        line_key: the line of the resources or needs list it refers to, "" when it stands for itself.
        amount, done: units pledged, and kept so far.
    """

    key: str
    unit: str
    title: str
    direction: Direction = Direction.GIVES
    line_key: str = ""
    amount: int = 1
    done: int = 0
    due_on: date

    def __post_init__(self) -> None:
        for name, number in (("amount", self.amount), ("done", self.done)):
            if type(number) is not int or number < 0:
                raise NotWholeNumber(field=name, given=repr(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed for a party, and when; `party` is a unit or `COMMUNITY`."""

    party: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A co-building agreement (共驻共建协议书) of the community with one or several units.

    Attributes:
        first_on, last_on: its term, both days included.
        signed_on: the day the last party signed, None while somebody is missing.
        ended_on: the first day on which it no longer holds, when it was ended early; `end_reason` says why.
    """

    uid: str
    title: str
    units: tuple[str, ...]
    first_on: date
    last_on: date
    items: tuple[PledgedItem, ...] = ()
    signatures: tuple[Signature, ...] = ()
    signed_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise BadTerm(first_on=self.first_on.isoformat(), last_on=self.last_on.isoformat())
        seen = set()
        for item in self.items:
            if item.unit not in self.units:
                raise UnknownUnit(unit=item.unit)
            if item.key in seen:
                raise ItemTwice(key=item.key)
            seen.add(item.key)

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who must sign."""
        return (COMMUNITY, *self.units)

    @property
    def holds_until(self) -> date:
        """The last day on which it holds."""
        return self.last_on if self.ended_on is None else min(self.last_on, self.ended_on - timedelta(days=1))

    def in_force(self, on: date) -> bool:
        """True when signed by all and within its term."""
        return self.signed_on is not None and self.first_on <= on <= self.holds_until


# ---------------------------------------------------------------------- signing and ending


def sign(agreement: Agreement, *, party: str, by: str, on: date) -> Agreement:
    """The agreement with one more signature; it is in force, from its first day, once all parties signed.

    Raises:
        UnknownUnit, SignedTwice; TermOver: there is nothing left to agree on.
    """
    if party not in agreement.parties:
        raise UnknownUnit(unit=party)
    if any(one.party == party for one in agreement.signatures):
        raise SignedTwice(unit=party)
    if on > agreement.holds_until:
        raise TermOver(last_on=agreement.holds_until.isoformat())
    signatures = (*agreement.signatures, Signature(party=party, by=by, on=on))
    complete = {one.party for one in signatures} == set(agreement.parties)
    return replace(agreement, signatures=signatures, signed_on=on if complete else None)


def end(agreement: Agreement, *, on: date, reason: str) -> Agreement:
    """The agreement ended early: from `on` it no longer holds; what was kept until then stays.

    Raises:
        EndedWithoutReason, NotInForce.
    """
    if not reason:
        raise EndedWithoutReason()
    if agreement.signed_on is None or on > agreement.holds_until:
        raise NotInForce()
    return replace(agreement, ended_on=on, end_reason=reason)


# ---------------------------------------------------------------------- what was kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """Items due so far and how many of them were kept in full; `percent` rounds down, None when nothing is due."""

    due: int
    kept: int

    @property
    def percent(self) -> int | None:
        return self.kept * 100 // self.due if self.due else None


def fulfilment(
    agreement: Agreement, *, on: date, unit: str = "", direction: Direction | None = None
) -> Fulfilment:
    """How far the agreement, or one unit's part or direction of it, has been kept by `on`.

    What falls due after an early end is not asked for any more.
    """
    until = min(on, agreement.holds_until)
    due = [
        item
        for item in agreement.items
        if item.due_on <= until and unit in ("", item.unit) and direction in (None, item.direction)
    ]
    return Fulfilment(due=len(due), kept=sum(item.done >= item.amount for item in due))


def kept(agreement: Agreement, *, key: str, amount: int = 1) -> Agreement:
    """The agreement after `amount` more units of an item were delivered.

    Raises:
        NotWholeNumber, UnknownItem.
    """
    if type(amount) is not int or amount < 1:
        raise NotWholeNumber(field="amount", given=repr(amount))
    if not any(item.key == key for item in agreement.items):
        raise UnknownItem(key=key)
    items = tuple(
        replace(item, done=item.done + amount) if item.key == key else item for item in agreement.items
    )
    return replace(agreement, items=items)


def with_claims(agreement: Agreement, claims: Iterable[Claim]) -> Agreement:
    """The agreement with what its lines' claims came to: done claims within its term are what was kept.

    Items that name no line keep the count a person gave them. A claim called off, also on the day, keeps nothing.
    """
    served: dict[tuple[Side, str], int] = {}
    for claim in claims:
        at = claim.window.starts_at if claim.window else claim.answered_at
        if claim.stage is not Stage.DONE or at is None:
            continue
        if agreement.first_on <= at.astimezone(SHANGHAI).date() <= agreement.holds_until:
            other = Side.RESOURCE if claim.side is Side.NEED else Side.NEED
            for line in {(claim.side, claim.line_key), (other, claim.with_key)}:
                served[line] = served.get(line, 0) + claim.quantity
    items = tuple(
        replace(item, done=served.get((_list_of(item), item.line_key), 0)) if item.line_key else item
        for item in agreement.items
    )
    return replace(agreement, items=items)


def _list_of(item: PledgedItem) -> Side:
    return Side.RESOURCE if item.direction is Direction.GIVES else Side.NEED


# ---------------------------------------------------------------------- what the planner must know


def pledges_of(agreements: Iterable[Agreement]) -> dict[str, Pledge]:
    """Resource key -> how long and how much it is pledged, for `PlanContext.pledges`; signed agreements only.

    Where several agreements pledge one line, the planner may go up to all of them together.
    """
    found: dict[str, Pledge] = {}
    for agreement in agreements:
        for item in agreement.items:
            if agreement.signed_on is None or not item.line_key or item.direction is not Direction.GIVES:
                continue
            first_on, last_on = agreement.first_on, agreement.holds_until
            left = max(0, item.amount - item.done)
            if (before := found.get(item.line_key)) is not None:
                first_on, last_on = min(first_on, before.first_on), max(last_on, before.last_on)
                left += before.left
            found[item.line_key] = Pledge(first_on=first_on, last_on=last_on, left=left)
    return found


def promised_in_return(agreements: Iterable[Agreement], *, on: date) -> frozenset[str]:
    """Keys of needs that agreements in force promise a unit in return and that are not met yet."""
    return frozenset(
        item.line_key
        for agreement in agreements
        if agreement.in_force(on)
        for item in agreement.items
        if item.direction is Direction.RECEIVES and item.line_key and item.done < item.amount
    )


def balance(agreements: Iterable[Agreement]) -> Mapping[str, tuple[int, int]]:
    """Unit -> (units it gave, units it received in return) over these agreements, for the two-way view of both sides."""
    found: dict[str, tuple[int, int]] = {}
    for agreement in agreements:
        for item in agreement.items:
            gave, got = found.get(item.unit, (0, 0))
            if item.direction is Direction.GIVES:
                gave += item.done
            else:
                got += item.done
            found[item.unit] = gave, got
    return found
