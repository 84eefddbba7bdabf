"""Devices of the office at which people ask by picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Delete
from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.store.identity.sessions import token_hash
from timebank.store.rows import add, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import Kiosk as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """One of them: whose, what the desk calls it, who declared it."""

    uid: str
    hash: str
    community: str
    name: str
    made_by: str
    made_at: datetime


@prepared
def _by(hash: str) -> First:
    return Table.select(*columns(Kiosk, Table)).where(Table.hash == hash).first()


@prepared
def _end(uid: str, community: str) -> Delete:
    return Table.delete().where(Table.uid == uid, Table.community == community).returning(Table.id)


async def kiosk_of(engine: DurableEngine, token: str) -> Kiosk | None:
    """The kiosk whose device carries this token."""
    return typed_or_none(Kiosk, await _by.on(engine)(token_hash(token))) if token else None


async def kiosks(engine: DurableEngine, community: str) -> list[Kiosk]:
    """Every kiosk of a community, the oldest first."""
    query = Table.select(*columns(Kiosk, Table)).where(Table.community == community).order_by(Table.id)
    return typed_all(Kiosk, await rows_of(engine, query))


async def add_kiosk(engine: DurableEngine, kiosk: Kiosk) -> None:
    await add(engine, Table, values_of(kiosk))


async def end_kiosk(engine: DurableEngine, uid: str, community: str) -> bool:
    """The device is an ordinary one again; False when it was none of this community's."""
    return bool(await _end.on(engine)(uid, community))
