"""What both engines promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from ledger.store.engine import DurableEngine


async def test_a_unit_is_stored_whole_or_not_at_all(engine: DurableEngine) -> None:
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    async with engine.atomic():
        assert await engine.execute("INSERT INTO note VALUES (?, ?)", (1, "kept")) == 1
        assert await engine.fetch("SELECT text FROM note") == [{"text": "kept"}]
    with pytest.raises(ValueError, match="changed my mind"):
        async with engine.atomic():
            await engine.execute("INSERT INTO note VALUES (?, ?)", (2, "dropped"))
            raise ValueError("changed my mind")
    assert await engine.fetch("SELECT * FROM note") == [{"id": 1, "text": "kept"}]


async def test_a_nested_unit_rolls_back_alone(engine: DurableEngine) -> None:
    await engine.execute("CREATE TABLE note (id INTEGER PRIMARY KEY)")
    async with engine.atomic():
        await engine.execute("INSERT INTO note VALUES (1)")
        with pytest.raises(ValueError, match="inner"):
            async with engine.atomic():
                await engine.execute("INSERT INTO note VALUES (2)")
                raise ValueError("inner")
        async with engine.atomic():
            await engine.execute("INSERT INTO note VALUES (3)")
    assert await engine.fetch("SELECT id FROM note ORDER BY id") == [{"id": 1}, {"id": 3}]
