"""Private calendar addresses, and what calendar programs were last shown by them; of an address only the hash is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, Row, prepared
from timebank.rules.telling.feeds import Entry, Purpose, Shown, Status
from timebank.store.rows import add, change, columns, rows_of, typed, typed_all, typed_or_none, values_of
from timebank.store.tables import Feed as Table
from timebank.store.tables import FeedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address.

    Attributes:
        hash: of its secret. member: whose it is. of: the member or team whose appointments it shows.
        ended_at: since when it shows nothing. asked_at, asked: since when, and how often, it was asked for within an hour.
    """

    uid: str
    hash: str
    community: str
    member: str
    kind: Purpose
    of: str
    made_at: datetime
    ended_at: datetime | None = None
    asked_at: datetime | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    uid: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: Status
    sequence: int
    changed_at: datetime


@prepared
def _by_hash(hash: str) -> First:
    return Table.select(*columns(Feed, Table)).where(Table.hash == hash).first()


@prepared
def _by_uid(uid: str) -> First:
    return Table.select(*columns(Feed, Table)).where(Table.uid == uid).first()


async def feed_by_hash(engine: DurableEngine, hashed: str) -> Feed | None:
    return typed_or_none(Feed, await _by_hash.on(engine)(hashed))


async def feed(engine: DurableEngine, uid: str) -> Feed | None:
    return typed_or_none(Feed, await _by_uid.on(engine)(uid))


async def feeds_of(engine: DurableEngine, member: str) -> list[Feed]:
    """A member's addresses that still show something, the oldest first."""
    query = Table.select(*columns(Feed, Table)).where(Table.member == member, Table.ended_at.is_null())
    return typed_all(Feed, await rows_of(engine, query.order_by(Table.id)))


async def add_feed(engine: DurableEngine, one: Feed) -> None:
    await add(engine, Table, values_of(one))


async def end_feed(engine: DurableEngine, uid: str, *, now: datetime) -> None:
    await change(engine, Table, {"ended_at": now}, uid=uid)


async def count_asked(engine: DurableEngine, uid: str, *, since: datetime, asked: int) -> None:
    await change(engine, Table, {"asked_at": since, "asked": asked}, uid=uid)


async def entries(engine: DurableEngine, subject: str) -> dict[str, Entry]:
    """uid -> what was last shown of one subject's appointments."""
    query = FeedEntry.select(*columns(_Stored, FeedEntry)).where(FeedEntry.subject == subject)
    return {entry.shown.uid: entry for entry in map(_entry, await rows_of(engine, query))}


async def save_entries(engine: DurableEngine, subject: str, changed: Sequence[Entry]) -> None:
    """What is shown from now on; in the caller's unit of work."""
    for one in changed:
        values = {
            "starts_at": one.shown.starts_at, "ends_at": one.shown.ends_at, "place": one.shown.place,
            "status": one.shown.status.value, "sequence": one.sequence, "changed_at": one.changed_at,
        }  # fmt: skip
        if not await change(engine, FeedEntry, values, subject=subject, uid=one.shown.uid):
            row = {"subject": subject, "uid": one.shown.uid, **values}
            await add(engine, FeedEntry, row, once=("subject", "uid"))


async def forget_entries(engine: DurableEngine, *, before: datetime) -> int:
    """Drop what lies so far back that no feed shows it again."""
    rows = await engine.fetch("DELETE FROM tb_feed_entry WHERE ends_at < ? RETURNING uid", [before])
    return len(rows)


def _entry(row: Row) -> Entry:
    kept = typed(_Stored, row)
    shown = Shown(
        uid=kept.uid, starts_at=kept.starts_at, ends_at=kept.ends_at, place=kept.place, status=kept.status
    )
    return Entry(shown=shown, sequence=kept.sequence, changed_at=kept.changed_at)
