"""Ways in: the telephones and passwords that somebody else gave to a person, with who that was and who has acknowledged them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.parts.hands import TEXTS, Hand
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import WayIn as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One way in.

    Attributes:
        hash: of the token that a telephone keeps; "" for a password.
        made_by, made_via: who issued the code or the password, and how they themselves had come in.
        known_by, known_via: who has met the person with it since; "" for nobody yet.
        device: uid of the first way of this telephone, where it was somebody else's before; "" for the first.
    """

    uid: str
    member: str
    community: str
    hash: str = ""
    made_by: str
    made_via: str = ""
    made_at: datetime
    known_by: str = ""
    known_via: str = ""
    known_at: datetime | None = None
    device: str = ""

    @property
    def backing(self) -> frozenset[Hand]:
        """Who, all together, could be using it instead of its owner."""
        hands = {Hand(by=self.made_by, via=self.made_via)}
        if self.known_by:
            hands.add(Hand(by=self.known_by, via=self.known_via))
        return frozenset(hands)


_ALL = columns(WayIn, Table)


@prepared
def _one(uid: str) -> First:
    return Table.select(*_ALL).where(Table.uid == uid).first()


@prepared
def _by_hash(hash: str) -> First:
    return Table.select(*_ALL).where(Table.hash == hash).first()


async def add_way(engine: Engine, way: WayIn) -> None:
    await add(engine, Table, values_of(way))


async def way(engine: Engine, uid: str) -> WayIn | None:
    return typed_or_none(WayIn, await _one.on(engine)(uid)) if uid else None


async def way_of_token(engine: Engine, hashed: str) -> WayIn | None:
    """The way whose token has this hash."""
    return typed_or_none(WayIn, await _by_hash.on(engine)(hashed))


async def save_known(engine: Engine, way: WayIn) -> None:
    """Write down who has met the person with it."""
    known = {"known_by": way.known_by, "known_via": way.known_via, "known_at": way.known_at}
    await change(engine, Table, known, uid=way.uid)


async def forget_telephones(engine: Engine, member: str) -> None:
    """No telephone of a member is known again by what it keeps; what was said by it stays what it was."""
    await change(engine, Table, {"hash": None}, member=member)


async def not_known(engine: Engine, community: str, *, since: datetime) -> list[WayIn]:
    """Ways of a community that nobody has acknowledged and that were made since then, the newest first."""
    query = (
        Table.select(*_ALL)
        .where((Table.community == community) & (Table.known_by == "") & (Table.made_at >= since))
        .order_by(Table.id, ascending=False)
    )
    return typed_all(WayIn, await rows_of(engine, query))


async def backing_of(engine: Engine, ways: Iterable[str]) -> dict[str, frozenset[Hand]]:
    """Who could be using each of these ways, and each way that those had come in by."""
    found: dict[str, frozenset[Hand]] = {}
    asked = set(ways) - {"", TEXTS}
    while asked:
        rows = typed_all(
            WayIn, await rows_of(engine, Table.select(*_ALL).where(Table.uid.is_in(sorted(asked))))
        )
        found |= {one.uid: one.backing for one in rows}
        asked = {hand.via for one in rows for hand in one.backing} - {"", TEXTS} - found.keys()
    return found
