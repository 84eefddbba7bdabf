"""The audit log: who did what to which object, chained so that a change or a gap shows."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from piccolo.query import Select
from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.access import Actor
from timebank.context import Context, Engine
from timebank.store.rows import add, columns, typed_all, values_of
from timebank.store.tables import AuditLine

GENESIS = "0" * 64
_GUARDED_BY = "timebank.store.piccolo_migrations.timebank_2026_11_22_initial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line says: opaque ids only, never a name.

    Attributes:
        number: from 1 on, without a gap.
        object: uid of what was changed or read; "" for none.
    """

    number: int
    at: datetime
    community: str
    actor: str
    acting_for: str
    action: str
    object: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """Where a line hangs in the chain."""

    prev_hash: str
    hash: str


@prepared
def _last() -> First:
    return (
        AuditLine.select(AuditLine.number, AuditLine.hash).order_by(AuditLine.number, ascending=False).first()
    )


@prepared
def _all() -> Select[AuditLine]:
    wanted = (*columns(Line, AuditLine), *columns(Chained, AuditLine))
    return AuditLine.select(*wanted).order_by(AuditLine.number)


@prepared
def _about(object: str, community: str) -> Select[AuditLine]:
    return (
        AuditLine.select(*columns(Line, AuditLine))
        .where(AuditLine.object == object, AuditLine.community == community)
        .order_by(AuditLine.number)
    )


def line_hash(prev_hash: str, line: Line) -> str:
    """The hash of one line: length-prefixed fields after the hash before it."""
    plain = {**values_of(line), "at": line.at.astimezone(UTC).isoformat(timespec="microseconds")}
    parts = [str(value).encode() for value in plain.values()]
    body = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return sha256(b"timebank/audit/v1" + bytes.fromhex(prev_hash) + body).hexdigest()


async def note(
    ctx: Context, actor: Actor, action: str, *, object: str = "", reason: str = "", community: str = ""
) -> None:
    """Add one line in the caller's unit of work; ids only, never a name.

    The last line is read under the writer's lock (SQLite) or an advisory lock (PostgreSQL), so numbers have no gap.
    """
    engine = ctx.engine
    assert engine.in_unit(), "an audit line belongs to the change it tells of"
    if engine.dialect == "postgres":
        # By hand: Piccolo has no words for an advisory lock.
        await engine.fetch("SELECT pg_advisory_xact_lock(7300801)::text AS locked")
    last = await _last.on(engine)()
    line = Line(
        number=last["number"] + 1 if last else 1,
        at=ctx.now(),
        community=community or actor.community,
        actor=actor.uid,
        acting_for=actor.acting_for,
        action=action,
        object=object,
        reason=reason[:120],
    )
    prev_hash = last["hash"] if last else GENESIS
    chained = Chained(prev_hash=prev_hash, hash=line_hash(prev_hash, line))
    await add(engine, AuditLine, {**values_of(line), **values_of(chained)})


async def about(engine: Engine, community: str, object: str) -> list[Line]:
    """Every line about one object of a community, the oldest first."""
    return typed_all(Line, await _about.on(engine)(object, community))


def _guards() -> dict[str, dict[str, str]]:
    """Dialect -> name of each trigger that keeps lines as they are -> its statement."""
    made = importlib.import_module(_GUARDED_BY).AUDIT_IS_APPEND_ONLY
    return {
        dialect: {found[1]: one for one in statements if (found := re.match(r"CREATE TRIGGER (\w+) ", one))}
        for dialect, statements in made.items()
    }


async def _guards_missing(engine: Engine) -> list[str]:
    wanted = _guards()[engine.dialect]
    if engine.dialect == "sqlite":
        rows = await engine.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = {str(row["name"]): str(row["sql"]) for row in rows}
        return sorted(name for name, statement in wanted.items() if there.get(name) != statement)
    rows = await engine.fetch(
        "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    return sorted(wanted.keys() - {str(row["name"]) for row in rows})


async def problems(engine: Engine) -> list[str]:
    """What is wrong with the log, by line number, and with what guards it; empty when it is whole."""
    found = [f"the guard {name} is gone or was changed" for name in await _guards_missing(engine)]
    prev_hash, expected = GENESIS, 1
    rows = await _all.on(engine)()
    for line, chained in zip(typed_all(Line, rows), typed_all(Chained, rows), strict=True):
        if line.number != expected:
            found.append(f"line {expected} is missing")
            expected = line.number
        if chained.prev_hash != prev_hash or chained.hash != line_hash(chained.prev_hash, line):
            found.append(f"line {line.number} was changed")
        prev_hash, expected = chained.hash, expected + 1
    return found


async def counted(engine: Engine, object: str, action: str, *, since: datetime) -> int:
    """How often something was done to an object since then."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_audit WHERE object = ? AND action = ? AND at >= ?",
        [object, action, since],
    )
    return int(rows[0]["n"])
