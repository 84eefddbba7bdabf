"""Turns in the database; the rules are in `marketplace.rota`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marketplace.errors import TurnTaken, UnknownTurn
from marketplace.rota import RotaTurn, TurnState
from marketplace.store.sql import Engine, holders, locking

_COLUMNS = "activity_key, period, unit, state, swap_with, swapped_with, covered_by, makes_up, reason"
_CHANGING = "unit, state, swap_with, swapped_with, covered_by, makes_up, reason"


async def add_turns(engine: Engine, community: str, planned: Iterable[RotaTurn]) -> None:
    """Save new turns, together or not at all.

    Raises:
        TurnTaken: one of the periods already has its turn, also when two people plan the same rota at once.
    """
    async with engine.atomic():
        for turn in planned:
            added = await engine.execute(
                f"INSERT INTO mp_turn (community, {_COLUMNS}) VALUES ({holders(10)}) "
                "ON CONFLICT (community, activity_key, period) DO NOTHING",
                [community, turn.activity_key, turn.period, *_changing(turn)],
            )
            if not added:
                standing = {
                    one.period: one for one in await turns(engine, community, activity_key=turn.activity_key)
                }
                raise TurnTaken(period=turn.period, unit=standing[turn.period].unit)


async def change_turns(
    engine: Engine,
    community: str,
    activity_key: str,
    decide: Callable[[Mapping[str, RotaTurn]], Iterable[RotaTurn]],
) -> tuple[RotaTurn, ...]:
    """Take turns of one activity one step on, all of them locked from loading to saving.

        await change_turns(engine, code, "council", lambda turns: agree_swap(turns["2026-12"], turns["2027-01"], by=unit))

    Args:
        decide: gets the turns by period and answers those that changed; a period it asks for in vain is refused.

    Raises:
        UnknownTurn; RotaRefused: what `decide` raises; nothing is changed then.
    """
    async with engine.atomic():
        rows = await engine.fetch(
            f"SELECT {_COLUMNS} FROM mp_turn WHERE community = ? AND activity_key = ? "
            f"ORDER BY period{locking(engine)}",
            [community, activity_key],
        )
        changed = tuple(decide(_ByPeriod((row["period"], _turn(row)) for row in rows)))
        for turn in changed:
            setting = ", ".join(f"{column} = ?" for column in _CHANGING.split(", "))
            done = await engine.execute(
                f"UPDATE mp_turn SET {setting} WHERE community = ? AND activity_key = ? AND period = ?",
                [*_changing(turn), community, activity_key, turn.period],
            )
            if not done:
                raise UnknownTurn(period=turn.period)
    return changed


async def turns(
    engine: Engine, community: str, *, activity_key: str = "", unit: str = ""
) -> tuple[RotaTurn, ...]:
    """Turns by period, of one activity or one unit when given."""
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_turn "
        "WHERE community = ? AND (activity_key = ? OR ? = '') AND (unit = ? OR ? = '') ORDER BY period, activity_key",
        [community, activity_key, activity_key, unit, unit],
    )
    return tuple(_turn(row) for row in rows)


async def drop_turns(engine: Engine, community: str, unit: str) -> int:
    """Take a unit that is no more off the rota: its turns ahead are free for others, what it led or missed stays.

    A swap that was asked for with one of them is off. How many turns became free comes back.
    """
    async with engine.atomic():
        mine = [
            turn
            for turn in await turns(engine, community, unit=unit)
            if turn.state in (TurnState.AHEAD, TurnState.ASKED)
        ]
        for turn in mine:
            await engine.execute(
                "DELETE FROM mp_turn WHERE community = ? AND activity_key = ? AND period = ?",
                [community, turn.activity_key, turn.period],
            )
            await engine.execute(
                "UPDATE mp_turn SET state = ?, swap_with = '' "
                "WHERE community = ? AND activity_key = ? AND swap_with = ? AND state = ?",
                [
                    TurnState.AHEAD.value,
                    community,
                    turn.activity_key,
                    turn.period,
                    TurnState.ASKED.value,
                ],
            )
    return len(mine)


class _ByPeriod(dict[str, RotaTurn]):
    """Turns by period; asking for one that is not there is a refusal."""

    def __missing__(self, period: str) -> RotaTurn:
        raise UnknownTurn(period=period)


def _changing(turn: RotaTurn) -> list[str]:
    return [
        turn.unit,
        turn.state.value,
        turn.swap_with,
        turn.swapped_with,
        turn.covered_by,
        turn.makes_up,
        turn.reason,
    ]


def _turn(row: Mapping[str, Any]) -> RotaTurn:
    return RotaTurn(**{**row, "state": TurnState(row["state"])})
