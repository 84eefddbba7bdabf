"""An observer is shown the rows that units change, by whichever statement, and has the last word before they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.store.engine import Changed, DurableEngine, Watched


class Seen:
    """Writes down what it is shown; refuses the last word when told to."""

    def __init__(self) -> None:
        self.told: list[list[object]] = []
        self.refuses = False

    def watched(self, sql: str) -> Watched | None:
        for verb in ("INSERT INTO visit", "UPDATE visit", "DELETE FROM visit"):
            if sql.startswith(verb):
                return Watched(sql=f"{sql} RETURNING *", table="visit", gone=verb.startswith("DELETE"))
        return None

    async def before_commit(self, seen: Sequence[object]) -> None:
        if self.refuses:
            raise ValueError("no")
        self.told.append([_plain(one) for one in seen])


def _plain(one: object) -> object:
    if not isinstance(one, Changed):
        return one
    return [one.gone, [{name: row[name] for name in ("id", "minutes")} for row in one.rows]]


@pytest.fixture
async def seen(engine: Any) -> Seen:
    await engine.execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, minutes INTEGER)")
    await engine.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    engine.observer = Seen()
    found: Seen = engine.observer
    return found


async def test_each_way_of_writing_is_seen_and_told_once_per_unit(engine: DurableEngine, seen: Seen) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (?, ?)", [1, 60])
        await engine.execute_many("INSERT INTO visit (id, minutes) VALUES (?, ?)", [[2, 30], [3, 45]])
        rows = await engine.fetch("UPDATE visit SET minutes = 90 WHERE id = 1")
        assert rows[0]["minutes"] == 90
        engine.remember("a word")
        assert await engine.execute("DELETE FROM visit WHERE id > 1") == 2
        await engine.execute("INSERT INTO other (id) VALUES (1)")
        assert seen.told == []
    [told] = seen.told
    assert told == [
        [False, [{"id": 1, "minutes": 60}]],
        [False, [{"id": 2, "minutes": 30}, {"id": 3, "minutes": 45}]],
        [False, [{"id": 1, "minutes": 90}]],
        "a word",
        [True, [{"id": 2, "minutes": 30}, {"id": 3, "minutes": 45}]],
    ]


async def test_a_statement_outside_of_a_unit_is_one_of_its_own(engine: DurableEngine, seen: Seen) -> None:
    await engine.execute("INSERT INTO visit (id, minutes) VALUES (1, 60)")
    await engine.fetch("UPDATE visit SET minutes = 61")
    assert len(seen.told) == 2


async def test_nothing_is_told_where_nothing_was_seen(engine: DurableEngine, seen: Seen) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO other (id) VALUES (1)")
        await engine.execute("UPDATE visit SET minutes = 1")
    assert seen.told == []


async def test_what_was_undone_is_not_told(engine: DurableEngine, seen: Seen) -> None:
    async with engine.atomic():
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (1, 60)")
        async with engine.atomic() as inner:
            await engine.execute("INSERT INTO visit (id, minutes) VALUES (2, 60)")
            engine.remember("nobody")
            await inner.rollback()
        async with engine.atomic():
            await engine.execute("INSERT INTO visit (id, minutes) VALUES (3, 60)")
    [told] = seen.told
    assert told == [[False, [{"id": 1, "minutes": 60}]], [False, [{"id": 3, "minutes": 60}]]]
    async with engine.atomic() as unit:
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (4, 60)")
        await unit.rollback()
    assert len(seen.told) == 1


async def test_what_is_undone_to_a_mark_is_not_told(engine: Any, seen: Seen) -> None:
    async with engine.transaction() as unit:
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (1, 60)")
        mark = await unit.savepoint()
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (2, 60)")
        await mark.rollback_to()
    assert seen.told == [[[False, [{"id": 1, "minutes": 60}]]]]


async def test_an_observer_that_refuses_undoes_the_unit(engine: DurableEngine, seen: Seen) -> None:
    seen.refuses = True
    with pytest.raises(ValueError, match="no"):
        async with engine.atomic():
            await engine.execute("INSERT INTO visit (id, minutes) VALUES (1, 60)")
    async with engine.atomic() as unit:
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (2, 60)")
        with pytest.raises(ValueError, match="no"):
            await unit.commit()
        await unit.rollback()
    assert await engine.fetch("SELECT * FROM visit") == []
    seen.refuses = False
    await engine.execute("INSERT INTO visit (id, minutes) VALUES (3, 60)")


async def test_a_unit_stored_by_hand_is_told_as_well(engine: DurableEngine, seen: Seen) -> None:
    async with engine.atomic() as unit:
        await engine.execute("INSERT INTO visit (id, minutes) VALUES (1, 60)")
        await unit.commit()
    assert len(seen.told) == 1
