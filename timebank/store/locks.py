"""Letting one unit of work at a time go on where two at once would each miss what the other writes."""

from __future__ import annotations

from ledger.store.engine import DurableEngine


async def one_at_a_time(engine: DurableEngine, name: str) -> None:
    """Let one unit of work at a time go on with `name`, until it ends; SQLite's single writer does so by itself."""
    if engine.dialect == "postgres":
        # By hand: Piccolo has no words for an advisory lock.
        await engine.fetch("SELECT pg_advisory_xact_lock(hashtext(?))::text AS locked", [name])
