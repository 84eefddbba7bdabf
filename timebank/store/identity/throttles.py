"""Tries that were not right, and from where somebody has come in; keys are hashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from piccolo.query import Delete
from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.rules.people.throttling import Tries
from timebank.store.rows import add, change, columns, rows_of, typed_or_none, values_of
from timebank.store.tables import KnownSource, Throttle


@prepared
def _tries(key: str) -> First:
    return Throttle.select(*columns(Tries, Throttle)).where(Throttle.key == key).first()


@prepared
def _forget(key: str) -> Delete:
    return Throttle.delete().where(Throttle.key == key)


@prepared
def _forget_from(first: str, after: str) -> Delete:
    return Throttle.delete().where((Throttle.key >= first) & (Throttle.key < after))


@prepared
def _forget_old(before: datetime) -> Delete:
    return Throttle.delete().where((Throttle.counted_at < before) & (Throttle.until_at < before))


@prepared
def _forget_sources(now: datetime) -> Delete:
    return KnownSource.delete().where(KnownSource.until_at < now)


async def tries_of(engine: DurableEngine, key: str) -> Tries | None:
    """What is counted for a key, None for nothing."""
    return typed_or_none(Tries, await _tries.on(engine)(key))


async def held(engine: DurableEngine, key: str, now: datetime) -> Tries | None:
    """What is counted for a key, which nobody else may count at until the caller's unit of work is over."""
    # PostgreSQL locks the row that an upsert meets or makes, and SQLite has one writer: the same statement serves both.
    await engine.execute(
        "INSERT INTO tb_throttle (key, tries, counted_at, until_at) VALUES (?, 0, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET key = excluded.key",
        [key, now, now],
    )
    return await tries_of(engine, key)


async def save(engine: DurableEngine, key: str, tries: Tries) -> None:
    """Write what is counted for a key that is held."""
    await change(engine, Throttle, values_of(tries), key=key)


async def forget(engine: DurableEngine, key: str) -> None:
    await _forget.on(engine)(key)


async def forget_below(engine: DurableEngine, key: str) -> None:
    """Forget a key and everything counted below it, as `key@…`."""
    await forget(engine, key)
    await _forget_from.on(engine)(f"{key}@", f"{key}A")  # "A" follows "@"


async def is_known(engine: DurableEngine, hashes: Sequence[str], now: datetime) -> str:
    """The first of these hashes from where somebody has come in lately; "" for none."""
    if not hashes:
        return ""
    query = KnownSource.select(KnownSource.hash).where(
        KnownSource.hash.is_in(list(hashes)), KnownSource.until_at > now
    )
    found = {str(row["hash"]) for row in await rows_of(engine, query)}
    return next((one for one in hashes if one in found), "")


async def know(engine: DurableEngine, hash: str, until: datetime) -> None:
    """Remember for a while that somebody has come in from there."""
    if not await change(engine, KnownSource, {"until_at": until}, hash=hash):
        await add(engine, KnownSource, {"hash": hash, "until_at": until}, once=("hash",))


async def forget_old(engine: DurableEngine, *, before: datetime, now: datetime) -> None:
    """Erase what has faded long ago."""
    await _forget_old.on(engine)(before)
    await _forget_sources.on(engine)(now)
