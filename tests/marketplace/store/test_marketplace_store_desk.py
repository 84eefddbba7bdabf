"""The lists as an office keeps them, and what tasks ask for, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.store.engine import DurableEngine
from ledger.store.migrate import migrate
from marketplace.errors import UnknownLine
from marketplace.requirements import Requirement
from marketplace.store import (
    APP_NAME,
    MIGRATIONS,
    Standing,
    activities,
    bind_tables,
    close_line,
    edit_dated,
    end_line,
    found_lines,
    kept_line,
    reopen_line,
    requirements,
    save_activities,
    save_needs,
    save_requirement,
    save_resources,
)
from marketplace.values import Activity, Need, Place, Resource

NOW = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
async def db(engine: DurableEngine) -> DurableEngine:
    bind_tables(engine)
    await migrate(engine, APP_NAME, MIGRATIONS)
    return engine


def walk(key: str, title: str) -> Activity:
    return Activity(line_key=key, title=title)


async def test_a_line_is_found_by_every_word_of_its_title_and_owner(db: DurableEngine) -> None:
    offers = [
        Resource(line_key="R1", title="Blood pressure 100%", owner="Hospital"),
        Resource(line_key="R2", title="Room_1", owner="School"),
    ]
    await save_resources(db, "dongqu", offers, at=NOW)

    async def keys(words: str, **known: object) -> list[str]:
        found, total = await found_lines(db, "dongqu", "resource", words=words, **known)  # type: ignore[arg-type]
        assert total >= len(found)
        return [one.line.line_key for one in found]

    assert await keys("") == ["R1", "R2"]
    called = {"hospital": ("Hospital",), "school": ("School",)}
    assert await keys("PRESSURE hospital", owners=called) == ["R1"]
    assert await keys("pressure school", owners=called) == []
    assert await keys("hospital") == [], "an owner's own word is an id, and no name"
    assert await keys("100%") == ["R1"]
    assert await keys("%") == ["R1"]
    assert await keys("_") == ["R2"]
    assert await keys("nobody", owners={"nobody": ("School",)}) == ["R2"]
    assert await keys("nobody pressure", owners={"nobody": ("School",)}) == []
    assert await keys("", limit=1, offset=1) == ["R2"]
    assert (await found_lines(db, "nanqu", "resource"))[1] == 0


async def test_a_line_stands_pauses_and_is_over(db: DurableEngine) -> None:
    await save_activities(db, "dongqu", [walk("A1", "散步"), walk("A2", "合唱")], at=NOW)
    assert await close_line(db, "dongqu", "activity", "A1", at=NOW)
    assert not await close_line(db, "dongqu", "activity", "A1", at=NOW)
    assert [one.line_key for one in await activities(db, "dongqu")] == ["A2"]
    assert await end_line(db, "dongqu", "activity", "A2", on=TODAY, at=NOW)
    assert not await end_line(db, "dongqu", "activity", "A2", on=TODAY, at=NOW)
    assert await activities(db, "dongqu") == ()
    by_standing = {
        standing: [
            one.line.line_key for one in (await found_lines(db, "dongqu", "activity", standing=standing))[0]
        ]
        for standing in Standing
    }
    assert by_standing == {Standing.LISTED: [], Standing.PAUSED: ["A1"], Standing.OVER: ["A2"]}
    over = await kept_line(db, "dongqu", "activity", "A2")
    assert over is not None
    assert over.ended_on == TODAY
    assert await reopen_line(db, "dongqu", "activity", "A2", at=NOW)
    back = await kept_line(db, "dongqu", "activity", "A2")
    assert back is not None
    assert (back.standing, back.ended_on) == (Standing.LISTED, None)


async def test_the_desk_s_words_outlive_the_same_file(db: DurableEngine) -> None:
    await save_activities(db, "dongqu", [walk("A1", "散步")], at=NOW)
    await edit_dated(db, "dongqu", walk("A1", "慢走"), at=NOW)
    assert (await save_activities(db, "dongqu", [walk("A1", "散步")], at=NOW)).changes == 0
    assert [one.title for one in await activities(db, "dongqu")] == ["慢走"]
    with pytest.raises(UnknownLine):
        await edit_dated(db, "nanqu", walk("A1", "慢走"), at=NOW)


async def test_only_a_kept_line_shows_what_is_private(db: DurableEngine) -> None:
    need = Need(
        line_key="N1", title="买菜", contact="CANARY 王女士", place=Place(text="3号楼502"), filed_on=TODAY
    )
    await save_needs(db, "dongqu", [need], at=NOW)
    (found,), _total = await found_lines(db, "dongqu", "need")
    assert isinstance(found.line, Need)
    assert (found.line.contact, found.line.place.text) == ("", "")
    kept = await kept_line(db, "dongqu", "need", "N1")
    assert kept is not None
    assert kept.line == need


async def test_a_requirement_is_kept_changed_and_dropped(db: DurableEngine) -> None:
    rule = Requirement(subject="health", proofs=("certificate",), age_min=18)
    for _twice in range(2):
        await save_requirement(db, "dongqu", rule, at=NOW)
    assert await requirements(db, "dongqu") == {"health": rule}
    changed = Requirement(subject="health", age_max=70)
    await save_requirement(db, "dongqu", changed, at=NOW)
    assert await requirements(db, "dongqu") == {"health": changed}
    await save_requirement(db, "dongqu", Requirement(subject="health"), at=NOW)
    assert await requirements(db, "dongqu") == {}
    assert await requirements(db, "nanqu") == {}
