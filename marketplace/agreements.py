"""共驻共建: an agreement of the community with units, signed by all of them, with what each pledges and gets in return.

    draft ── signing ── in force ── over          by its last day
      └────────┴─ dropped    └───── ended         before it, with a reason

What is agreed is not changed: a draft may be, and whoever had signed it signs again.

It works both ways: a unit pledges resources and may name its own needs in return. What was kept is read from the claims
that came to an end, so nothing is counted twice. The fulfilment rate counts items whose date has come; what is not due
yet neither helps nor harms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from marketplace.claims import Claim, Side, Stage
from marketplace.errors import (
    AgreementDropped,
    AlreadyAgreed,
    BadTerm,
    EndedWithoutReason,
    ItemTwice,
    NotInForce,
    NotWholeNumber,
    SameHand,
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
        category, kind, when, quantity: what the line it becomes will say, times and amounts in people's own words.
    """

    key: str
    unit: str
    title: str
    direction: Direction = Direction.GIVES
    line_key: str = ""
    amount: int = 1
    done: int = 0
    due_on: date
    category: str = ""
    kind: str = "people"
    when: str = ""
    quantity: str = ""

    def __post_init__(self) -> None:
        for name, number in (("amount", self.amount), ("done", self.done)):
            if type(number) is not int or number < 0:
                raise NotWholeNumber(field=name, given=repr(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed for a party, and when; `party` is a unit or `COMMUNITY`.

    Attributes:
        by: who signed by themselves; "" for a signature on paper, which names its own hand.
        recorded_by: who wrote down a signature on paper, "" where nobody had to.
    """

    party: str
    by: str
    on: date
    recorded_by: str = ""

    @property
    def on_paper(self) -> bool:
        return bool(self.recorded_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A co-building agreement (共驻共建协议书) of the community with one or several units.

    Attributes:
        first_on, last_on: its term, both days included.
        signed_on: the day the last party signed, None while somebody is missing.
        ended_on: the first day on which it no longer holds, when it was ended early; `end_reason` says why.
        follows: uid of the agreement that this one renews.
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
    follows: str = ""

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

    def standing(self, on: date) -> Standing:
        """Where it stands on a day."""
        if self.signed_on is None:
            if self.ended_on is not None:
                return Standing.DROPPED
            return Standing.SIGNING if self.signatures else Standing.DRAFT
        if on < self.first_on:
            return Standing.AHEAD if self.ended_on is None else Standing.ENDED
        if on <= self.holds_until:
            return Standing.IN_FORCE
        return Standing.OVER if self.ended_on is None else Standing.ENDED


class Standing(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    SIGNING = "signing"
    AHEAD = "ahead"
    IN_FORCE = "in_force"
    OVER = "over"
    ENDED = "ended"
    DROPPED = "dropped"


# ---------------------------------------------------------------------- drafting, signing and ending


def revise(
    agreement: Agreement,
    *,
    title: str = "",
    first_on: date | None = None,
    last_on: date | None = None,
    items: tuple[PledgedItem, ...] | None = None,
) -> Agreement:
    """A draft in other words; what is left out stays, and whoever had signed has to sign again.

    Raises:
        AlreadyAgreed: everybody has signed. AgreementDropped; BadTerm, ItemTwice, UnknownUnit as when it was made.
    """
    _still_draft(agreement)
    return replace(
        agreement,
        title=title or agreement.title,
        first_on=first_on or agreement.first_on,
        last_on=last_on or agreement.last_on,
        items=agreement.items if items is None else items,
        signatures=(),
    )


def sign(agreement: Agreement, *, party: str, by: str, on: date, recorded_by: str = "") -> Agreement:
    """The agreement with one more signature; it is in force, from its first day, once all parties signed.

    Args:
        by: who signs by themselves, "" where the signature stands on paper.
        recorded_by: who writes a signature on paper down.

    Raises:
        UnknownUnit, SignedTwice, AgreementDropped; TermOver: there is nothing left to agree on. SameHand: the same person
        has signed for another party.
    """
    if party not in agreement.parties:
        raise UnknownUnit(unit=party)
    if any(one.party == party for one in agreement.signatures):
        raise SignedTwice(unit=party)
    if agreement.signed_on is None and agreement.ended_on is not None:
        raise AgreementDropped()
    if on > agreement.holds_until:
        raise TermOver(last_on=agreement.holds_until.isoformat())
    if by and any(one.by == by for one in agreement.signatures):
        raise SameHand()
    signatures = (*agreement.signatures, Signature(party=party, by=by, on=on, recorded_by=recorded_by))
    complete = {one.party for one in signatures} == set(agreement.parties)
    # Signatures on paper are written down in any order: it was complete on the day of the latest one.
    signed_on = max(one.on for one in signatures) if complete else None
    return replace(agreement, signatures=signatures, signed_on=signed_on)


def drop(agreement: Agreement, *, on: date, reason: str = "") -> Agreement:
    """A draft that nobody goes on with.

    Raises:
        AlreadyAgreed: everybody has signed; it is ended instead. AgreementDropped.
    """
    _still_draft(agreement)
    return replace(agreement, ended_on=on, end_reason=reason)


def renewed(agreement: Agreement, *, uid: str, first_on: date, last_on: date) -> Agreement:
    """A new draft of the same items for another term, each due as far into it as it was into the last.

    Raises:
        NotInForce: the one to renew was never agreed on. BadTerm.
    """
    if agreement.signed_on is None:
        raise NotInForce()
    if last_on < first_on:
        raise BadTerm(first_on=first_on.isoformat(), last_on=last_on.isoformat())
    ahead = first_on - agreement.first_on
    return Agreement(
        uid=uid,
        title=agreement.title,
        units=agreement.units,
        first_on=first_on,
        last_on=last_on,
        items=tuple(
            replace(item, done=0, due_on=max(first_on, min(last_on, item.due_on + ahead)))
            for item in agreement.items
        ),
        follows=agreement.uid,
    )


def _still_draft(agreement: Agreement) -> None:
    if agreement.signed_on is not None:
        raise AlreadyAgreed()
    if agreement.ended_on is not None:
        raise AgreementDropped()


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


def with_claims(agreement: Agreement, claims: Iterable[Claim], *, zone: tzinfo = SHANGHAI) -> Agreement:
    """The agreement with what its lines' claims came to: done claims within its term are what was kept.

    Items that name no line keep the count a person gave them. A claim called off, also on the day, keeps nothing.
    """
    served: dict[tuple[Side, str], int] = {}
    for claim in claims:
        at = claim.window.starts_at if claim.window else claim.answered_at
        if claim.stage is not Stage.DONE or at is None:
            continue
        if agreement.first_on <= at.astimezone(zone).date() <= agreement.holds_until:
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
