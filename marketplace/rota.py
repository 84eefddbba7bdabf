"""轮值: whose turn it is to lead an activity, how two units swap, and what becomes of a missed turn.

    ahead ──────┬── done        the unit led
      │  ▲      ├── missed      nobody led; the turn is owed
      ▼  │      └── covered     another unit led in its place; the turn is owed
    asked to swap ── (agreed: both turns change hands; declined or taken back: as before)

A unit that missed its turn is first in the periods still free, and its make-up turn names the one it makes up for.
Everything here is pure: the store loads an activity's turns under a lock, one of these functions decides, and the store
saves what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.errors import (
    NobodyInTurn,
    NotTheAskedUnit,
    NotTheTurnsUnit,
    SwapWithItself,
    TurnStage,
    TurnTaken,
    UnknownTurn,
)


class TurnState(StrEnum):
    """Where a turn stands."""

    AHEAD = "ahead"
    ASKED = "asked"
    DONE = "done"
    MISSED = "missed"
    COVERED = "covered"


class Step(StrEnum):
    """What can be done about a turn."""

    ASK_SWAP = "ask_swap"
    AGREE_SWAP = "agree_swap"
    DECLINE_SWAP = "decline_swap"
    TAKE_BACK = "take_back"
    HOLD = "hold"
    MISS = "miss"
    COVER = "cover"


# Every step there is; whatever is not in the table is refused.
TRANSITIONS: Mapping[tuple[TurnState, Step], TurnState] = {
    (TurnState.AHEAD, Step.ASK_SWAP): TurnState.ASKED,
    (TurnState.ASKED, Step.AGREE_SWAP): TurnState.AHEAD,
    (TurnState.ASKED, Step.DECLINE_SWAP): TurnState.AHEAD,
    (TurnState.ASKED, Step.TAKE_BACK): TurnState.AHEAD,
    (TurnState.AHEAD, Step.HOLD): TurnState.DONE,
    (TurnState.ASKED, Step.HOLD): TurnState.DONE,
    (TurnState.AHEAD, Step.MISS): TurnState.MISSED,
    (TurnState.ASKED, Step.MISS): TurnState.MISSED,
    (TurnState.AHEAD, Step.COVER): TurnState.COVERED,
    (TurnState.ASKED, Step.COVER): TurnState.COVERED,
    (TurnState.MISSED, Step.COVER): TurnState.COVERED,
}
STATES_ZH = {
    TurnState.AHEAD: "还没到",
    TurnState.ASKED: "在问换班",
    TurnState.DONE: "已完成",
    TurnState.MISSED: "缺席",
    TurnState.COVERED: "由别的单位代班",
}
STEPS_ZH = {
    Step.ASK_SWAP: "提出换班",
    Step.AGREE_SWAP: "同意换班",
    Step.DECLINE_SWAP: "谢绝换班",
    Step.TAKE_BACK: "撤回换班",
    Step.HOLD: "记为完成",
    Step.MISS: "记为缺席",
    Step.COVER: "代班",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaTurn:
    """One unit's turn to lead an activity in one period, such as 2026-12.

    Attributes:
        swap_with: the period it is asked to be exchanged with, while it is asked.
        swapped_with: the unit whose turn this was before a swap.
        covered_by: who led instead.
        makes_up: the period of the missed turn that this one makes up for.
        reason: why it was swapped, missed or covered.
    """

    activity_key: str
    period: str
    unit: str
    state: TurnState = TurnState.AHEAD
    swap_with: str = ""
    swapped_with: str = ""
    covered_by: str = ""
    makes_up: str = ""
    reason: str = ""


def rota(
    activity_key: str, units: Sequence[str], periods: Sequence[str], taken: Iterable[RotaTurn] = ()
) -> tuple[RotaTurn, ...]:
    """Turns for the periods in order: who owes a turn first, then one unit after the other.

    Args:
        units: in the order of their turns.
        taken: turns already given, also of earlier periods; those of `periods` keep their unit.

    Raises:
        NobodyInTurn: there is nobody to take a turn.
        TurnTaken: two of the turns already given are for one period.
    """
    if not units:
        raise NobodyInTurn()
    given: dict[str, RotaTurn] = {}
    for turn in taken:
        if turn.period in given:
            raise TurnTaken(period=turn.period, unit=given[turn.period].unit)
        given[turn.period] = turn
    owing = [turn for turn in owed(given.values()) if turn.unit in units]
    earlier = [given[period] for period in sorted(given) if period < min(periods, default="")]
    at = 0
    for turn in earlier:
        at = _after(units, turn, at)
    turns = []
    for period in periods:
        turn = given.get(period) or _next(activity_key, period, units, at, owing)
        turns.append(turn)
        at = _after(units, turn, at)
    return tuple(turns)


def owed(turns: Iterable[RotaTurn]) -> tuple[RotaTurn, ...]:
    """Missed and covered turns that no later turn makes up for, the oldest first."""
    turns = tuple(turns)
    made_up = {(turn.unit, turn.makes_up) for turn in turns if turn.makes_up}
    missed = (turn for turn in turns if turn.state in (TurnState.MISSED, TurnState.COVERED))
    return tuple(
        sorted(
            (turn for turn in missed if (turn.unit, turn.period) not in made_up),
            key=lambda turn: turn.period,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsKept:
    """How a unit kept its turns: led, missed, covered by others, and led in others' place."""

    led: int
    missed: int
    covered: int
    stood_in: int


def turns_kept(turns: Iterable[RotaTurn], unit: str) -> TurnsKept:
    """What became of a unit's turns so far."""
    turns = tuple(turns)
    own = [turn.state for turn in turns if turn.unit == unit]
    return TurnsKept(
        led=own.count(TurnState.DONE),
        missed=own.count(TurnState.MISSED),
        covered=own.count(TurnState.COVERED),
        stood_in=sum(turn.covered_by == unit for turn in turns),
    )


# ---------------------------------------------------------------------- steps


def ask_swap(turn: RotaTurn, other: RotaTurn, *, by: str, reason: str = "") -> RotaTurn:
    """The turn with a swap asked for; the other unit answers, and both turns stay as they are until then.

    Raises:
        TurnStage, NotTheTurnsUnit, SwapWithItself.
    """
    _own(turn, by)
    if other.activity_key != turn.activity_key or other.unit == turn.unit:
        raise SwapWithItself()
    if other.state is not TurnState.AHEAD:
        raise _stage(other, Step.ASK_SWAP)
    return replace(turn, state=_to(turn, Step.ASK_SWAP), swap_with=other.period, reason=reason)


def agree_swap(turn: RotaTurn, other: RotaTurn, *, by: str) -> tuple[RotaTurn, RotaTurn]:
    """Both turns with their units exchanged, by the yes of the unit that was asked.

    Raises:
        TurnStage: nobody asks any more, or the other turn is not ahead any more. NotTheAskedUnit, UnknownTurn.
    """
    state = _to(turn, Step.AGREE_SWAP)
    _asked(turn, other, by)
    if other.state is not TurnState.AHEAD:
        raise _stage(other, Step.AGREE_SWAP)
    return (
        replace(turn, state=state, unit=other.unit, swap_with="", swapped_with=turn.unit, makes_up=""),
        replace(other, unit=turn.unit, swapped_with=other.unit, reason=turn.reason, makes_up=turn.makes_up),
    )


def decline_swap(turn: RotaTurn, other: RotaTurn, *, by: str, reason: str = "") -> RotaTurn:
    """The turn as before, by the no of the unit that was asked.

    Raises:
        TurnStage, NotTheAskedUnit, UnknownTurn.
    """
    state = _to(turn, Step.DECLINE_SWAP)
    _asked(turn, other, by)
    return replace(turn, state=state, swap_with="", reason=reason)


def take_back_swap(turn: RotaTurn, *, by: str) -> RotaTurn:
    """The turn as before, by the unit that asked.

    Raises:
        TurnStage, NotTheTurnsUnit.
    """
    state = _to(turn, Step.TAKE_BACK)
    _own(turn, by)
    return replace(turn, state=state, swap_with="", reason="")


def hold(turn: RotaTurn) -> RotaTurn:
    """The turn after its unit led.

    Raises:
        TurnStage.
    """
    return replace(turn, state=_to(turn, Step.HOLD), swap_with="")


def miss(turn: RotaTurn, *, reason: str = "") -> RotaTurn:
    """The turn after its period without anybody in the lead; visible, and owed.

    Raises:
        TurnStage.
    """
    return replace(turn, state=_to(turn, Step.MISS), swap_with="", reason=reason)


def cover(turn: RotaTurn, *, by: str, reason: str = "") -> RotaTurn:
    """The turn led by another unit in its place, also on the day; the unit whose turn it was still owes it.

    Raises:
        TurnStage; SwapWithItself: it is this unit's own turn.
    """
    state = _to(turn, Step.COVER)
    if by == turn.unit:
        raise SwapWithItself()
    return replace(turn, state=state, swap_with="", covered_by=by, reason=reason)


# ---------------------------------------------------------------------- helpers


def _next(activity_key: str, period: str, units: Sequence[str], at: int, owing: list[RotaTurn]) -> RotaTurn:
    for number, missed in enumerate(owing):
        if missed.period < period:
            del owing[number]
            return RotaTurn(
                activity_key=activity_key, period=period, unit=missed.unit, makes_up=missed.period
            )
    return RotaTurn(activity_key=activity_key, period=period, unit=units[at % len(units)])


def _after(units: Sequence[str], turn: RotaTurn, at: int) -> int:
    """Whose turn comes next; a turn made up, or of a unit that left, does not move the order."""
    if turn.makes_up or turn.unit not in units:
        return at
    return units.index(turn.unit) + 1


def _to(turn: RotaTurn, step: Step) -> TurnState:
    if (turn.state, step) not in TRANSITIONS:
        raise _stage(turn, step)
    return TRANSITIONS[turn.state, step]


def _stage(turn: RotaTurn, step: Step) -> TurnStage:
    return TurnStage(
        period=turn.period,
        stage=turn.state.value,
        stage_zh=STATES_ZH[turn.state],
        step=step.value.replace("_", " "),
        step_zh=STEPS_ZH[step],
    )


def _own(turn: RotaTurn, by: str) -> None:
    if by != turn.unit:
        raise NotTheTurnsUnit(period=turn.period, unit=turn.unit)


def _asked(turn: RotaTurn, other: RotaTurn, by: str) -> None:
    if other.period != turn.swap_with:
        raise UnknownTurn(period=turn.swap_with)
    if by != other.unit:
        raise NotTheAskedUnit(unit=other.unit)
