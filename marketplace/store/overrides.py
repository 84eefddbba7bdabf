"""Choices by hand with their cost, in the database; the rules are in `marketplace.planning.answers.overrides`. Never changed."""

from __future__ import annotations

import json

from marketplace.planning import Override
from marketplace.store.sql import Engine, Row, holders, moment, read_moment
from marketplace.values import SHANGHAI, Week, Window

_COLUMNS = (
    "uid, week, need_key, resource_key, starts_at, ends_at, quantity, decided_by, decided_at, reason, value, cost, "
    "broken, instead_of"
)


async def record_override(engine: Engine, community: str, one: Override) -> None:
    """Save a choice by hand; it joins the caller's unit of work."""
    await engine.execute(
        f"INSERT INTO mp_override (community, {_COLUMNS}) VALUES ({holders(15)})",
        [
            community,
            one.uid,
            one.week,
            one.need_key,
            one.resource_key,
            moment(one.window.starts_at),
            moment(one.window.ends_at),
            one.quantity,
            one.by,
            moment(one.at),
            one.reason,
            one.value,
            one.cost,
            json.dumps(one.broken, ensure_ascii=False),
            json.dumps(one.instead_of, ensure_ascii=False),
        ],
    )


async def overrides(
    engine: Engine, community: str, week: Week | None = None, *, need_key: str = ""
) -> tuple[Override, ...]:
    """Choices by hand in the order they were made, of one week or one need when given."""
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_override WHERE community = ? AND (week = ? OR ? = '') "
        "AND (need_key = ? OR ? = '') ORDER BY decided_at, uid",
        [community, *([str(week) if week else ""] * 2), need_key, need_key],
    )
    return tuple(_override(row) for row in rows)


def _override(row: Row) -> Override:
    return Override(
        uid=row["uid"],
        week=row["week"],
        need_key=row["need_key"],
        resource_key=row["resource_key"],
        window=Window(
            read_moment(row["starts_at"]).astimezone(SHANGHAI),
            read_moment(row["ends_at"]).astimezone(SHANGHAI),
        ),
        quantity=row["quantity"],
        by=row["decided_by"],
        at=read_moment(row["decided_at"]),
        reason=row["reason"],
        value=row["value"],
        cost=row["cost"],
        broken=tuple(json.loads(row["broken"])),
        instead_of=tuple(json.loads(row["instead_of"])),
    )
