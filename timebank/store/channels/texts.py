"""Text messages that came in: each once by the gateway's id, what it was read as, what was done, and what may be taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from marketplace.phones import PhoneNumber
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import IncomingText as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One of them.

    Attributes:
        gateway_id: the gateway's own id. member, community: whose number it is; "" where that is nobody or several.
        words: as they came. act: what they were read as. deed: what was done, "" for nothing yet.
        about: the need or attendance that it was done to. choices: JSON of what a lettered question offered.
    """

    uid: str
    gateway_id: str
    sender: str
    member: str = ""
    community: str = ""
    words: str
    act: str
    deed: str = ""
    about: str = ""
    choices: str = "[]"
    came_at: datetime
    undone_at: datetime | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """What a lettered question offered, A first."""
        return tuple(json.loads(self.choices))


@prepared
def _by_gateway(gateway_id: str) -> First:
    return Table.select(*columns(Text, Table)).where(Table.gateway_id == gateway_id).first()


async def text_of(engine: DurableEngine, gateway_id: str) -> Text | None:
    """The message of a gateway's id, when it came before."""
    return typed_or_none(Text, await _by_gateway.on(engine)(gateway_id))


async def add_text(engine: DurableEngine, text: Text) -> bool:
    """Keep a message in the caller's unit of work; False when it came before."""
    return await add(engine, Table, values_of(text), once=("gateway_id",))


async def done(
    engine: DurableEngine, uid: str, *, deed: str, about: str = "", choices: Sequence[str] = ()
) -> None:
    """What was done with a message."""
    kept = {"deed": deed, "about": about, "choices": json.dumps(list(choices), ensure_ascii=False)}
    await change(engine, Table, kept, uid=uid)


async def undone(engine: DurableEngine, uid: str, *, at: datetime) -> None:
    """What was done with it is taken back."""
    await change(engine, Table, {"undone_at": at}, uid=uid)


async def lately(engine: DurableEngine, member: str, *, since: datetime, size: int = 20) -> list[Text]:
    """A member's messages since then, the newest first."""
    query = (
        Table.select(*columns(Text, Table))
        .where(Table.member == member, Table.came_at >= since)
        .order_by(Table.id, ascending=False)
        .limit(size)
    )
    return typed_all(Text, await rows_of(engine, query))


async def counted(engine: DurableEngine, sender: str, *, since: datetime) -> int:
    """How many messages a number sent since then."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_text WHERE sender = ? AND came_at >= ?", [sender, since]
    )
    return int(rows[0]["n"])


async def members_of(engine: DurableEngine, phone: PhoneNumber) -> list[tuple[str, str]]:
    """(uid, community) of every active member whose own number this is, in whatever community."""
    if not phone.number:
        return []
    rows = await engine.fetch(
        "SELECT m.uid, m.community FROM tb_phone t JOIN tb_member m ON m.uid = t.member AND m.life = 'active'"
        " WHERE t.number = ? AND t.whose = '' ORDER BY m.uid",
        [phone.number],
    )
    return [(str(row["uid"]), str(row["community"])) for row in rows]
