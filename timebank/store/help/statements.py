"""What was said about parts: added, read in the order it was said, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from piccolo.query import Select

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.parts.statements import Statement, standing_ones
from timebank.store import tables
from timebank.store.rows import add, add_all, columns, rows_of, typed_all, values_of

T = tables.Statement
_STATEMENT = columns(Statement, T)


@prepared
def _of_part(part: str) -> Select[tables.Statement]:
    return T.select(*_STATEMENT).where(T.part == part).order_by(T.id)


@prepared
def _of_service(service: str) -> Select[tables.Statement]:
    return T.select(*_STATEMENT).where(T.service == service).order_by(T.id)


async def of_part(engine: Engine, part: str) -> list[Statement]:
    """Everything said about one part, in the order it was said."""
    return typed_all(Statement, await _of_part.on(engine)(part))


async def of_service(engine: Engine, service: str) -> list[Statement]:
    """Everything said about the parts of one service, in the order it was said."""
    return typed_all(Statement, await _of_service.on(engine)(service))


async def add_statement(engine: Engine, statement: Statement) -> None:
    await add(engine, T, values_of(statement))


async def add_statements(engine: Engine, said: Sequence[Statement]) -> None:
    await add_all(engine, T, [values_of(one) for one in said])


@prepared
def _lately_by(by: str, since: datetime) -> Select[tables.Statement]:
    return T.select(T.part).where((T.by == by) & (T.said_at >= since))


async def parts_lately_spoken_of(engine: Engine, by: str, *, since: datetime) -> frozenset[str]:
    """The parts of which this hand has said something since then."""
    return frozenset(str(row["part"]) for row in await _lately_by.on(engine)(by, since))


@prepared
def _by_way(via: str) -> Select[tables.Statement]:
    return T.select(T.part).where(T.via == via)


async def parts_spoken_by_way(engine: Engine, via: str) -> list[str]:
    """Uids of the parts of which something was said by somebody who had come in by this way."""
    return sorted({str(row["part"]) for row in await _by_way.on(engine)(via)} - {""})


async def spoken_by(engine: Engine, by: str, parts: Sequence[str]) -> dict[str, list[Statement]]:
    """uid of a part -> what this hand said of it and has not taken back, in the order it was said."""
    if not parts:
        return {}
    query = T.select(*_STATEMENT).where((T.by == by) & T.part.is_in(sorted(set(parts)))).order_by(T.id)
    said = typed_all(Statement, await rows_of(engine, query))
    found: dict[str, list[Statement]] = {}
    for one in standing_ones(said):
        found.setdefault(one.part, []).append(one)
    return found
