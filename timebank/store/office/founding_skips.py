"""Steps of the first-day guide that an office leaves out, with who said so, when and why; taken back by removing the row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Delete
from piccolo.query.methods.select import Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, columns, typed_all, values_of
from timebank.store.tables import FoundingSkip as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One step left out."""

    community: str
    step: str
    skipped_by: str
    skipped_at: datetime
    why: str


@prepared
def _of(community: str) -> Select[Table]:
    return Table.select(*columns(Skipped, Table)).where(Table.community == community).order_by(Table.id)


@prepared
def _forget(community: str, step: str) -> Delete:
    return Table.delete().where(Table.community == community, Table.step == step)


async def skips(engine: DurableEngine, community: str) -> dict[str, Skipped]:
    """Code of the step -> why it is left out."""
    return {one.step: one for one in typed_all(Skipped, await _of.on(engine)(community))}


async def add_skip(engine: DurableEngine, one: Skipped) -> bool:
    """Leave a step out; False when somebody did already."""
    return await add(engine, Table, values_of(one), once=("community", "step"))


async def take_back(engine: DurableEngine, community: str, step: str) -> None:
    """The step is to be done after all."""
    await _forget.on(engine)(community, step)
