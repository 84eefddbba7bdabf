"""Agreements in the database; the rules are in `marketplace.agreements`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from marketplace.agreements import Agreement
from marketplace.errors import UnknownLine
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, locking, moment


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


async def change_agreement(
    engine: Engine, community: str, uid: str, decide: Callable[[Agreement], Agreement], *, at: datetime
) -> Agreement:
    """Take an agreement one step on, locked from loading to saving: two signatures at once are both kept.

        await change_agreement(engine, code, uid, lambda one: sign(one, party=unit, by=person, on=today), at=now)

    Raises:
        UnknownLine: no such agreement in this community.
        AgreementRefused: what `decide` raises; nothing is changed then.
    """
    async with engine.atomic():
        rows = await engine.fetch(
            f"SELECT document FROM mp_agreement WHERE community = ? AND uid = ?{locking(engine)}",
            [community, uid],
        )
        if not rows:
            raise UnknownLine(line_key=uid)
        after = decide(loads(Agreement, rows[0]["document"]))
        await save_agreement(engine, community, after, at=at)
    return after


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
