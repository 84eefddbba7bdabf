"""How often volunteers were asked, in the database; the rules are in `marketplace.planning.answers.fatigue`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from marketplace.planning.answers.fatigue import MONTH
from marketplace.store.sql import Engine, moment, read_moment


async def record_asks(
    engine: Engine, community: str, owners: Iterable[str], *, need_key: str, at: datetime
) -> None:
    """Note that these volunteers were asked for help with a need."""
    await engine.execute_many(
        "INSERT INTO mp_ask (community, owner, need_key, asked_at) VALUES (?, ?, ?, ?)",
        [[community, owner, need_key, moment(at)] for owner in owners],
    )


async def asked_lately(
    engine: Engine, community: str, *, now: datetime
) -> Mapping[str, tuple[datetime, ...]]:
    """Owner -> when they were asked in the last thirty days, for `Asks(at=…)`."""
    rows = await engine.fetch(
        "SELECT owner, asked_at FROM mp_ask WHERE community = ? AND asked_at > ? ORDER BY asked_at, id",
        [community, moment(now - MONTH)],
    )
    found: dict[str, tuple[datetime, ...]] = {}
    for row in rows:
        found[row["owner"]] = (*found.get(row["owner"], ()), read_moment(row["asked_at"]))
    return found


async def forget_asks(engine: Engine, community: str, *, now: datetime) -> int:
    """Delete asks that no budget counts any more; how many."""
    return await engine.execute(
        "DELETE FROM mp_ask WHERE community = ? AND asked_at <= ?", [community, moment(now - MONTH)]
    )
