"""What people were told, for tests to look at."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.store.engine import DurableEngine


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news as it was written."""

    uid: str
    member: str
    kind: str
    state: str
    matter_of: str


async def told(engine: DurableEngine, kind: str = "") -> list[Told]:
    """Everything that was written, the oldest first, of one kind when given."""
    rows = await engine.fetch("SELECT uid, member, kind, state, matter_of FROM tb_news ORDER BY id")
    return [Told(**row) for row in rows if not kind or row["kind"] == kind]
