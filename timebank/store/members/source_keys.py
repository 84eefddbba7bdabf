"""Which row of which list a member was, so that the same list, sent again, finds everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add_all, change, rows_of, values_of
from timebank.store.tables import SourceKey


@prepared
def _source_keys(uid: str) -> Select[SourceKey]:
    return SourceKey.select(SourceKey.row_key).where(SourceKey.member == uid).order_by(SourceKey.id)


async def source_key_of(engine: DurableEngine, uid: str) -> str:
    """The oldest list's key of a member, by which their own offer stands on the resources list; "" for none."""
    rows = await _source_keys.on(engine)(uid)
    return str(rows[0]["row_key"]) if rows else ""


async def source_keys_of(engine: DurableEngine, uids: Sequence[str]) -> dict[str, str]:
    """uid -> the oldest list's key, for some hundreds of members; those of no list are left out."""
    if not uids:
        return {}
    query = SourceKey.select(SourceKey.member, SourceKey.row_key).where(SourceKey.member.is_in(list(uids)))
    rows = await rows_of(engine, query.order_by(SourceKey.id, ascending=False))
    return {str(row["member"]): str(row["row_key"]) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOfList:
    """A row of a list, by its own key, that is a member."""

    source: str
    row_key: str
    member: str


async def add_source_keys(engine: DurableEngine, community: str, rows: Sequence[RowOfList]) -> None:
    """Remember which member each of these rows is; what was known of one stays."""
    await add_all(
        engine,
        SourceKey,
        [values_of(row) | {"community": community} for row in rows],
        once=("community", "source", "row_key"),
    )


async def point_sources(engine: DurableEngine, gone: str, kept: str) -> None:
    """Rows of lists that were the record that goes are the one that stays."""
    await change(engine, SourceKey, {"member": kept}, member=gone)
