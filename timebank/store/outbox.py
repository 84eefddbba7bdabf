"""Notices written with the change they tell of and carried after the commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Delete, Select
from piccolo.query.methods.select import First

from ledger.store.engine import Row, prepared
from timebank.context import Context, Engine
from timebank.store.rows import add, change, columns, rows_of, typed, typed_or_none
from timebank.store.tables import Outbox

Known = Mapping[str, str | int]
"""Ids, times and numbers that the sentence of a notice is filled with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice: whom it is for, which sentence, and what the sentence is filled with."""

    uid: str
    community: str
    member: str
    kind: str
    known: Known
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Whose notice it is and when it was carried; None while it waits."""

    community: str
    member: str
    sent_at: datetime | None


@prepared
def _sent(uid: str) -> First:
    return Outbox.select(*columns(Sent, Outbox)).where(Outbox.uid == uid).first()


async def put(ctx: Context, *, community: str, member: str, kind: str, **known: str | int) -> None:
    """Leave one notice for `member` in the caller's unit of work.

    `kind` picks the sentence when the notice is shown or sent; `known` holds ids, times and numbers for it.
    """
    assert ctx.engine.in_unit(), "a notice belongs to the change it tells of"
    notice = {"uid": ctx.ids.uid("N"), "community": community, "member": member, "kind": kind}
    kept = json.dumps(known, ensure_ascii=False)
    await add(ctx.engine, Outbox, {**notice, "known": kept, "made_at": ctx.now()})


async def waiting(engine: Engine, community: str, limit: int = 100) -> list[Notice]:
    """Notices not yet carried, oldest first."""
    query: Select[Outbox] = (
        Outbox.select(*columns(Notice, Outbox))
        .where((Outbox.community == community) & Outbox.sent_at.is_null())
        .order_by(Outbox.made_at, Outbox.id)
        .limit(limit)
    )
    return [_notice(row) for row in await rows_of(engine, query)]


async def sent(engine: Engine, uid: str) -> Sent | None:
    """Whose notice this is and whether it was carried; None when there is no such notice."""
    return typed_or_none(Sent, await _sent.on(engine)(uid))


async def carried(ctx: Context, uid: str) -> None:
    """Mark one notice as carried."""
    await change(ctx.engine, Outbox, {"sent_at": ctx.now()}, uid=uid)


async def drop_waiting(engine: Engine, member: str) -> None:
    """What was never carried to somebody is not carried any more."""
    await _drop.on(engine)(member)


@prepared
def _drop(member: str) -> Delete:
    return Outbox.delete().where((Outbox.member == member) & Outbox.sent_at.is_null())


def _notice(row: Row) -> Notice:
    return typed(Notice, {**row, "known": json.loads(row["known"])})
