"""The audit log: who did what to which object, chained so that a change or a gap shows."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
_FIELDS = ("number", "at", "community", "actor", "acting_for", "action", "object", "reason")


def line_hash(prev_hash: str, line: dict[str, Any]) -> str:
    """The hash of one line: length-prefixed fields after the hash before it."""
    at: datetime = line["at"]
    plain = {**line, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    parts = [str(plain[name]).encode() for name in _FIELDS]
    body = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return sha256(b"timebank/audit/v1" + bytes.fromhex(prev_hash) + body).hexdigest()


async def note(
    ctx: Any, actor: Any, action: str, *, object: str = "", reason: str = "", community: str = ""
) -> None:
    """Add one line in the caller's unit of work; ids only, never a name.

    The last line is read under the writer's lock (SQLite) or an advisory lock (PostgreSQL), so numbers have no gap.
    """
    engine = ctx.engine
    assert engine.in_unit(), "an audit line belongs to the change it tells of"
    if engine.dialect == "postgres":
        await engine.fetch("SELECT pg_advisory_xact_lock(7300801)::text AS locked")
    last = await engine.fetch("SELECT number, hash FROM tb_audit ORDER BY number DESC LIMIT 1")
    number, prev_hash = (last[0]["number"] + 1, last[0]["hash"]) if last else (1, GENESIS)
    line = {
        "number": number,
        "at": ctx.now(),
        "community": community or actor.community,
        "actor": actor.uid,
        "acting_for": actor.acting_for,
        "action": action,
        "object": object,
        "reason": reason[:120],
    }
    await engine.execute(
        "INSERT INTO tb_audit (number, at, community, actor, acting_for, action, object, reason, prev_hash, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*line.values(), prev_hash, line_hash(prev_hash, line)],
    )


async def problems(engine: Any) -> list[str]:
    """What is wrong with the log, by line number; empty when it is whole."""
    found: list[str] = []
    prev_hash, expected = GENESIS, 1
    for line in await engine.fetch("SELECT * FROM tb_audit ORDER BY number"):
        if line["number"] != expected:
            found.append(f"line {expected} is missing")
            expected = line["number"]
        if line["prev_hash"] != prev_hash or line["hash"] != line_hash(line["prev_hash"], line):
            found.append(f"line {line['number']} was changed")
        prev_hash, expected = line["hash"], expected + 1
    return found
