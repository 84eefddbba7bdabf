"""Which row of which list a member was, so that the same list, sent again, finds everybody."""

from __future__ import annotations

from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change
from timebank.store.tables import SourceKey


@prepared
def _source_keys(uid: str) -> Select[SourceKey]:
    return SourceKey.select(SourceKey.row_key).where(SourceKey.member == uid).order_by(SourceKey.id)


async def source_key_of(engine: DurableEngine, uid: str) -> str:
    """The oldest list's key of a member, by which their own offer stands on the resources list; "" for none."""
    rows = await _source_keys.on(engine)(uid)
    return str(rows[0]["row_key"]) if rows else ""


async def add_source_key(
    engine: DurableEngine, *, community: str, source: str, row_key: str, member: str
) -> bool:
    """Remember that a row of a list is this member; False when it was known."""
    return await add(
        engine,
        SourceKey,
        {"community": community, "source": source, "row_key": row_key, "member": member},
        once=("community", "source", "row_key"),
    )


async def point_sources(engine: DurableEngine, gone: str, kept: str) -> None:
    """Rows of lists that were the record that goes are the one that stays."""
    await change(engine, SourceKey, {"member": kept}, member=gone)
