"""PostgreSQL keeps the plan a connection made when a table was small: it must still be good when the table is large."""

from __future__ import annotations

from ledger.store.engine import open_engine
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
