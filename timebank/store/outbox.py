"""Notices written with the change they tell of and carried after the commit."""

from __future__ import annotations

import json
from typing import Any


async def put(ctx: Any, *, community: str, member: str, kind: str, **known: str | int) -> None:
    """Leave one notice for `member` in the caller's unit of work.

    `kind` picks the sentence when the notice is shown or sent; `known` holds ids, times and numbers for it.
    """
    assert ctx.engine.in_unit(), "a notice belongs to the change it tells of"
    await ctx.engine.execute(
        "INSERT INTO tb_outbox (uid, community, member, kind, known, made_at, tries) VALUES (?, ?, ?, ?, ?, ?, 0)",
        [ctx.ids.uid("N"), community, member, kind, json.dumps(known, ensure_ascii=False), ctx.now()],
    )


async def waiting(engine: Any, community: str, limit: int = 100) -> list[dict[str, Any]]:
    """Notices not yet carried, oldest first."""
    rows = await engine.fetch(
        "SELECT * FROM tb_outbox WHERE community = ? AND sent_at IS NULL ORDER BY made_at LIMIT ?",
        [community, limit],
    )
    return [{**row, "known": json.loads(row["known"])} for row in rows]


async def carried(ctx: Any, uid: str) -> None:
    """Mark one notice as carried."""
    await ctx.engine.execute("UPDATE tb_outbox SET sent_at = ? WHERE uid = ?", [ctx.now(), uid])
