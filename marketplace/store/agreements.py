"""Agreements and turns in the database; the rules are in `marketplace.agreements`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from marketplace.agreements import Agreement, RotaTurn, TurnState
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, moment


async def save_agreement(engine: Engine, community: str, agreement: Agreement, *, at: datetime) -> None:
    """Save an agreement, new or changed."""
    row = [
        agreement.title,
        agreement.first_on.isoformat(),
        agreement.last_on.isoformat(),
        dumps(agreement),
        moment(at),
    ]
    async with engine.atomic():
        done = await engine.execute(
            "UPDATE mp_agreement SET title = ?, first_on = ?, last_on = ?, document = ?, changed_at = ? "
            "WHERE community = ? AND uid = ?",
            [*row, community, agreement.uid],
        )
        if not done:
            await engine.execute(
                "INSERT INTO mp_agreement (title, first_on, last_on, document, changed_at, community, uid) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [*row, community, agreement.uid],
            )


async def agreements(engine: Engine, community: str) -> tuple[Agreement, ...]:
    """All agreements, by the day they began."""
    rows = await engine.fetch(
        "SELECT document FROM mp_agreement WHERE community = ? ORDER BY first_on, uid", [community]
    )
    return tuple(loads(Agreement, row["document"]) for row in rows)


async def agreement(engine: Engine, community: str, uid: str) -> Agreement | None:
    """One agreement; None when this community has no such agreement."""
    rows = await engine.fetch(
        "SELECT document FROM mp_agreement WHERE community = ? AND uid = ?", [community, uid]
    )
    return loads(Agreement, rows[0]["document"]) if rows else None


async def save_turns(engine: Engine, community: str, turns: Iterable[RotaTurn]) -> None:
    """Save turns, new or changed; one unit per activity and period."""
    async with engine.atomic():
        for turn in turns:
            await engine.execute(
                "INSERT INTO mp_rota_turn (community, activity_key, period, unit, state, swapped_with, reason) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (community, activity_key, period) DO UPDATE SET "
                "unit = excluded.unit, state = excluded.state, swapped_with = excluded.swapped_with, "
                "reason = excluded.reason",
                [
                    community,
                    turn.activity_key,
                    turn.period,
                    turn.unit,
                    turn.state.value,
                    turn.swapped_with,
                    turn.reason,
                ],
            )


async def turns(
    engine: Engine, community: str, *, activity_key: str = "", unit: str = ""
) -> tuple[RotaTurn, ...]:
    """Turns by period, of one activity or one unit when given."""
    rows = await engine.fetch(
        "SELECT activity_key, period, unit, state, swapped_with, reason FROM mp_rota_turn "
        "WHERE community = ? AND (activity_key = ? OR ? = '') AND (unit = ? OR ? = '') ORDER BY period, activity_key",
        [community, activity_key, activity_key, unit, unit],
    )
    return tuple(RotaTurn(**{**row, "state": TurnState(row["state"])}) for row in rows)
