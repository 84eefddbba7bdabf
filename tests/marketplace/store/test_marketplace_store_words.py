"""A line is parted where it is written down: everybody's part and the words of whoever asked, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.store.engine import DurableEngine
from ledger.store.migrate import migrate
from marketplace.public_words import public_need, public_resource
from marketplace.store import (
    APP_NAME,
    MIGRATIONS,
    bind_tables,
    close_line,
    edit_need,
    forget_closed,
    forget_owner,
    found_lines,
    listed_needs,
    need,
    need_private,
    needs,
    needs_private,
    resource,
    resource_private,
    save_needs,
    save_resources,
)
from marketplace.times import read_when
from marketplace.values import Need, Place, Quantity, Resource

NOW = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ASKED = Need(
    line_key="n-1", title="周三透析后扶我上五楼", owner="M1", categories=("escort",), category_phrase="透析陪护",
    when=read_when("每周三上午9点到11点", filed_on=TODAY), quantity=Quantity(phrase="一位有力气的", amount=1),
    place=Place(text="3号楼502", grid="一网格", building="3号楼"), filed_on=TODAY, contact="女儿", private_note="钥匙在门垫下",
    served="独居老人",
)  # fmt: skip
OFFER = Resource(
    line_key="r-1", title="偏瘫过,只能陪聊", owner="M2", owner_kind="volunteer", categories=("companionship",),
    conditions="有高血压", contact="13900000000",
)  # fmt: skip
WORDS = ("透析", "五楼", "力气", "502", "女儿", "门垫", "独居")


@pytest.fixture
async def db(engine: DurableEngine) -> DurableEngine:
    bind_tables(engine)
    await migrate(engine, APP_NAME, MIGRATIONS)
    await save_needs(engine, "dongqu", [ASKED], at=NOW)
    await save_resources(engine, "dongqu", [OFFER], at=NOW)
    return engine


async def test_what_everybody_reads_holds_no_word_and_the_card_holds_them_all(db: DurableEngine) -> None:
    public = [
        *await needs(db, "dongqu"), await need(db, "dongqu", "n-1"),
        *[one.need for one in await listed_needs(db, "dongqu")],
    ]  # fmt: skip
    assert public == [public_need(ASKED)] * 3
    assert [word for word in WORDS if word in repr(public)] == []
    assert await need_private(db, "dongqu", "n-1") == ASKED
    assert [one.need for one in await needs_private(db, "dongqu", "M1")] == [ASKED]
    assert await needs_private(db, "dongqu", "M2") == await needs_private(db, "nanqu", "M1") == ()


async def test_the_columns_that_lists_are_searched_and_sorted_by_hold_no_word(db: DurableEngine) -> None:
    [row] = await db.fetch("SELECT title, grid, category, line FROM mp_need")
    assert [word for word in WORDS if word in json.dumps(dict(row), ensure_ascii=False)] == []


async def test_the_same_list_again_is_the_same_and_a_changed_one_changes_both_parts(
    db: DurableEngine,
) -> None:
    assert (await save_needs(db, "dongqu", [ASKED], at=NOW)).same == ("n-1",)
    other = replace(ASKED, title="化疗后扶我上楼")
    assert (await save_needs(db, "dongqu", [other], at=NOW)).changed == ("n-1",)
    assert await need_private(db, "dongqu", "n-1") == other
    assert await need(db, "dongqu", "n-1") == public_need(other)


async def test_what_the_office_changes_keeps_the_words_and_words_that_became_plain_are_kept_once(
    db: DurableEngine,
) -> None:
    await edit_need(db, "dongqu", replace(ASKED, last_helpers=("M9",)), at=NOW)
    kept = await need_private(db, "dongqu", "n-1")
    assert kept is not None
    assert (kept.title, kept.last_helpers) == (ASKED.title, ("M9",))
    plain = replace(ASKED, source="community", title="图书整理", category_phrase="", quantity=Quantity())
    await edit_need(db, "dongqu", plain, at=NOW)
    [row] = await db.fetch("SELECT said FROM mp_need")
    assert row["said"] == ""
    assert await need_private(db, "dongqu", "n-1") == plain


async def test_a_persons_offer_is_parted_too(db: DurableEngine) -> None:
    assert await resource(db, "dongqu", "r-1") == public_resource(OFFER)
    assert await resource_private(db, "dongqu", "r-1") == OFFER
    assert (await save_resources(db, "dongqu", [OFFER], at=NOW)).same == ("r-1",)


async def test_the_desk_finds_a_need_by_what_was_said_and_gets_its_public_part(db: DurableEngine) -> None:
    found, total = await found_lines(db, "dongqu", "need", words="上五楼")
    assert (total, [one.line for one in found]) == (1, [public_need(ASKED)])
    assert (await found_lines(db, "dongqu", "need", words="上六楼"))[1] == 0


async def test_nothing_of_the_words_is_left_once_the_owner_is_forgotten(db: DurableEngine) -> None:
    await forget_owner(db, "dongqu", "M1", title_of=lambda codes: "帮忙", at=NOW)
    rows = await db.fetch("SELECT * FROM mp_need")
    assert [
        word
        for word in WORDS
        if word in json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False)
    ] == []


async def test_only_what_is_closed_long_enough_loses_its_words(db: DurableEngine) -> None:
    assert await forget_closed(db, "dongqu", before=NOW + timedelta(days=1)) == 0
    await close_line(db, "dongqu", "need", "n-1", at=NOW)
    assert await forget_closed(db, "dongqu", before=NOW) == 0
    assert await forget_closed(db, "nanqu", before=NOW + timedelta(days=1)) == 0
    assert await forget_closed(db, "dongqu", before=NOW + timedelta(days=1)) == 1
    assert await need_private(db, "dongqu", "n-1") == public_need(ASKED)
    assert (await save_needs(db, "dongqu", [ASKED], at=NOW)).same == ("n-1",)
