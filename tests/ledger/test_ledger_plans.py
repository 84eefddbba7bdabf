"""How rows are found: by the index that is meant for them, also with a plan that was made while the table was small."""

from __future__ import annotations

from pathlib import Path

from ledger.store import migrate_ledger
from ledger.store.engine import open_engine
from ledger.store.rows import read
from ledger.store.sql import KNOWN_ON_POSTGRES


async def test_keys_are_looked_up_by_their_own_index_even_while_the_journal_is_small(
    shared_postgres_url: str,
) -> None:
    async with open_engine(shared_postgres_url) as engine:
        await engine.execute("ANALYZE ledger_transfer, ledger_rejection")
        async with engine.atomic():
            await engine.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            lines = await engine.fetch(f"EXPLAIN {KNOWN_ON_POSTGRES}", [1, 1, ["a", "b"]])
    plan = "\n".join(line["QUERY PLAN"] for line in lines)
    assert "using ledger_transfer_uid on ledger_transfer" in plan, plan
    assert "using ledger_rejection_pkey on ledger_rejection" in plan, plan
    assert "Seq Scan" not in plan, plan


async def test_entries_of_rare_kinds_are_found_by_their_own_index_on_sqlite(tmp_path: Path) -> None:
    async with open_engine(f"sqlite:///{tmp_path}/rare.db") as engine:
        await migrate_ledger(engine)
        for more in ("ORDER BY seq", "AND kind = 'clock' ORDER BY seq DESC"):
            question = f"SELECT seq FROM ledger_transfer {read.rare('sqlite')} {more}"
            lines = await engine.fetch(f"EXPLAIN QUERY PLAN {question}", [1])
            assert [line["detail"] for line in lines] == [
                "SEARCH ledger_transfer USING INDEX ledger_transfer_rare (book_id=?)"
            ]


async def test_entries_of_rare_kinds_are_found_by_their_own_index_on_postgresql(
    shared_postgres_url: str,
) -> None:
    async with open_engine(shared_postgres_url) as engine, engine.atomic():
        await engine.execute("SET LOCAL enable_seqscan = off")
        question = f"SELECT seq FROM ledger_transfer {read.rare('postgres')} ORDER BY seq"
        lines = await engine.fetch(f"EXPLAIN {question}", [1])
    assert "ledger_transfer_rare" in "\n".join(line["QUERY PLAN"] for line in lines)
