"""共驻共建: a signed agreement with what each unit pledges, how much of it was kept, and whose turn it is to lead.

An agreement works both ways: a unit pledges resources and may name its own needs in return. The fulfilment rate counts
items whose date has come; what is not due yet neither helps nor harms. Turns rotate among the units that signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from marketplace.errors import BadTerm, NotWholeNumber, TurnOver, TurnTaken, UnknownUnit


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
class Agreement:
    """A co-building agreement (共驻共建协议书) of the community with one or several units."""

    uid: str
    title: str
    units: tuple[str, ...]
    first_on: date
    last_on: date
    items: tuple[PledgedItem, ...] = ()
    signed_on: date | None = None

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise BadTerm(first_on=self.first_on.isoformat(), last_on=self.last_on.isoformat())
        for item in self.items:
            if item.unit not in self.units:
                raise UnknownUnit(unit=item.unit)

    def in_force(self, on: date) -> bool:
        """True when signed and within its term."""
        return self.signed_on is not None and self.first_on <= on <= self.last_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """Items due so far and how many of them were kept in full; `percent` rounds down, None when nothing is due."""

    due: int
    kept: int

    @property
    def percent(self) -> int | None:
        return self.kept * 100 // self.due if self.due else None


def fulfilment(agreement: Agreement, *, on: date, unit: str = "") -> Fulfilment:
    """How far the agreement, or one unit's part of it, has been kept by `on`."""
    due = [item for item in agreement.items if item.due_on <= on and unit in ("", item.unit)]
    return Fulfilment(due=len(due), kept=sum(item.done >= item.amount for item in due))


def kept(agreement: Agreement, *, key: str, amount: int = 1) -> Agreement:
    """The agreement after `amount` more units of an item were delivered."""
    if type(amount) is not int or amount < 1:
        raise NotWholeNumber(field="amount", given=repr(amount))
    items = tuple(
        replace(item, done=item.done + amount) if item.key == key else item for item in agreement.items
    )
    return replace(agreement, items=items)


class TurnState(StrEnum):
    """Where a turn stands."""

    AHEAD = "ahead"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaTurn:
    """One unit's turn to lead an activity (轮值) in one period, such as 2026-12."""

    activity_key: str
    period: str
    unit: str
    state: TurnState = TurnState.AHEAD
    swapped_with: str = ""
    reason: str = ""


def rota(
    activity_key: str, units: Sequence[str], periods: Sequence[str], taken: Iterable[RotaTurn] = ()
) -> tuple[RotaTurn, ...]:
    """Turns for the periods in order, one unit after the other; periods already given keep their unit.

    Raises:
        UnknownUnit: there is nobody to take a turn.
        TurnTaken: two of the turns already given are for one period.
    """
    if not units:
        raise UnknownUnit(unit="")
    given: dict[str, RotaTurn] = {}
    for turn in taken:
        if turn.period in given:
            raise TurnTaken(period=turn.period, unit=given[turn.period].unit)
        given[turn.period] = turn
    turns, at = [], 0
    for period in periods:
        turn = given.get(period) or RotaTurn(
            activity_key=activity_key, period=period, unit=units[at % len(units)]
        )
        turns.append(turn)
        at = (list(units).index(turn.unit) if turn.unit in units else at) + 1
    return tuple(turns)


def swap(first: RotaTurn, second: RotaTurn, *, reason: str = "") -> tuple[RotaTurn, RotaTurn]:
    """Both turns with their units exchanged; a turn that is over stays."""
    for turn in (first, second):
        if turn.state is not TurnState.AHEAD:
            raise TurnOver(period=turn.period)
    return (
        replace(first, unit=second.unit, swapped_with=first.unit, reason=reason),
        replace(second, unit=first.unit, swapped_with=second.unit, reason=reason),
    )


def close_turn(turn: RotaTurn, *, held: bool, reason: str = "") -> RotaTurn:
    """The turn after its period: done, or missed and visible as such."""
    if turn.state is not TurnState.AHEAD:
        raise TurnOver(period=turn.period)
    return replace(turn, state=TurnState.DONE if held else TurnState.MISSED, reason=reason)
