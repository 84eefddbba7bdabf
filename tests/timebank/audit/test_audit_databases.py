"""On either database honest work leaves nothing to name, and what somebody does beside the program is named."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.books import check, read_books
from ledger.books.plugin import witness_file
from ledger.witness import WitnessUnreadable
from timebank.community.people import erasing
from timebank.daily import do_what_is_due
from timebank.help.hours import flow, giving, publishing
from timebank.help.services import flow as serving
from timebank.store.oversight import audit, audit_checks, publications


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def some_life(scene: Any) -> None:
    """A month of visits, closed and published, and the day after."""
    await scene.give("elder", 240)
    for minutes in (60, 45):
        _service, part = await scene.visit(held=60, minutes=minutes)
        await scene.served(part, minutes)
        await serving.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=30)
    scene.pass_time(8 * 24 * 60)
    await flow.seal_month(scene.ctx, await scene.actor("worker"), "dongqu", "2026-11")
    await do_what_is_due(scene.ctx)


ROWS = [
    ("UPDATE tb_relationship SET until_on = '2099-12-31' WHERE id = 1", "tb_relationship 1 ("),
    ("DELETE FROM tb_statement WHERE id = 2", "tb_statement 2 is gone"),
    ("UPDATE tb_attendance SET minutes_credited = minutes_credited + 1 WHERE id = 1", "tb_attendance 1 ("),
    ("UPDATE tb_phone SET number = '19911112222' WHERE id = 1", "tb_phone 1 ("),
    ("UPDATE tb_member SET life = 'left' WHERE id = 2", "tb_member 2 ("),
    ("INSERT INTO tb_household (uid, community) VALUES ('H1', 'dongqu')", "(H1) is in no line of the log"),
    ("INSERT INTO tb_password (member, login, way, hash) SELECT uid, 'thief', '', 'x' FROM tb_member WHERE id = 1", "tb_password"),
    ("DELETE FROM migration WHERE app_name = 'timebank' AND name LIKE '2026-12-01%'", "the migration timebank.2026-12-01"),
    ("DROP INDEX tb_hand_use_key", "the index tb_hand_use_key is gone"),
    ("UPDATE tb_audit_head SET number = number + 1 WHERE chain = 'dongqu'", "and with it the end of the log"),
    ("DELETE FROM tb_audit_head WHERE chain = 'dongqu'", "the head of dongqu is gone"),
    ("UPDATE tb_publication SET text = replace(text, '\"parts\": 2', '\"parts\": 3')", "tb_publication 1"),
    ("UPDATE tb_publication SET text = 'nothing'", "what was published"),
]  # fmt: skip
LINES = [
    ("UPDATE tb_audit SET actor = 'X' WHERE id = (SELECT MAX(id) FROM tb_audit)", " was changed"),
    ("UPDATE tb_audit SET id = id + 1000 WHERE id = (SELECT MAX(id) FROM tb_audit)", " was changed"),
    ("DELETE FROM tb_audit WHERE chain = 'dongqu' AND number = 3", "line 3 of dongqu is missing"),
    ("DELETE FROM tb_audit WHERE id = (SELECT MAX(id) FROM tb_audit)", "the end of the log"),
]
GUARDS = {
    "sqlite": [
        (["DROP TRIGGER tb_audit_no_delete"], "the guard tb_audit_no_delete is gone or was changed"),
        (
            [
                "DROP TRIGGER tb_audit_no_delete",
                "CREATE TRIGGER tb_audit_no_delete BEFORE DELETE ON tb_audit WHEN 0 BEGIN SELECT 1; END",
            ],
            "the guard tb_audit_no_delete is gone or was changed",
        ),
        (
            ["CREATE TRIGGER mine AFTER INSERT ON tb_statement BEGIN DELETE FROM tb_phone; END"],
            "the guard mine was not there",
        ),
    ],
    "postgres": [
        (
            ["DROP TRIGGER tb_audit_append_only ON tb_audit"],
            "the guard tb_audit_append_only is gone or was changed",
        ),
        (
            ["ALTER TABLE tb_audit DISABLE TRIGGER tb_audit_append_only"],
            "the guard tb_audit_append_only is gone or was changed",
        ),
        (
            [
                "CREATE OR REPLACE FUNCTION tb_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN RETURN NULL; END $$"
            ],
            "the guard tb_audit_is_append_only is gone or was changed",
        ),
        (
            ["CREATE RULE mine AS ON DELETE TO tb_statement DO INSTEAD NOTHING"],
            "the rule tb_statement.mine was not there",
        ),
        (
            ["ALTER TABLE tb_password DROP CONSTRAINT tb_password_login_key"],
            "the constraint tb_password.tb_password_login_key is gone",
        ),
        (
            ["ALTER TABLE tb_relationship ALTER COLUMN offered_by SET DEFAULT 'MTHIEF'"],
            "the column tb_relationship.offered_by",
        ),
    ],
}


async def named(scene: Any, *statements: str, kept: publishing.Kept | None = None) -> list[str]:
    """What is named of these changes, which are undone again; the program's own watch sees none of them."""
    engine = scene.ctx.engine
    watch, engine.observer = engine.observer, None
    try:
        async with engine.atomic() as unit:
            for statement in statements:
                await engine.execute(statement)
            found: list[str] = await flow.verify(scene.ctx, "dongqu", kept)
            await unit.rollback()
    finally:
        engine.observer = watch
    return found


def _unguarded(dialect: str, statement: str) -> list[str]:
    """The change with the log's guards out of the way and put back."""
    made = audit_checks._made_guards()[dialect]
    on = " ON tb_audit" if dialect == "postgres" else ""
    return [*(f"DROP TRIGGER {name}{on}" for name in made), statement, *made.values()]


async def test_honest_work_is_not_named_and_every_change_beside_it_is(scene: Any) -> None:
    await some_life(scene)
    ctx = scene.ctx
    kept = publishing.Kept(
        book=(now := await publishing.standing(ctx, "dongqu")).book, logs=now.logs, sums=now.sums
    )
    assert await named(scene, kept=kept) == []
    dialect = ctx.engine.dialect
    changes = [
        *(([statement], said) for statement, said in ROWS),
        *((_unguarded(dialect, statement), said) for statement, said in LINES),
        *GUARDS[dialect],
    ]
    for statements, said in changes:
        found = await named(scene, *statements)
        assert any(said in one for one in found), (statements, found)
    assert await flow.verify(ctx, "dongqu") == []


async def test_the_end_of_the_log_that_was_cut_off_with_its_heads_is_named_by_what_was_published(
    scene: Any,
) -> None:
    await some_life(scene)
    ctx = scene.ctx
    now = await publishing.standing(ctx, "dongqu")
    # A line that changed nothing else: nobody would miss it but for what somebody has kept.
    async with ctx.engine.atomic():
        await audit.note(ctx, await scene.actor("worker"), "read_call_list")
    later = await publishing.standing(ctx, "dongqu")
    [head] = [one for one in now.logs if one.chain == "dongqu"]
    cut = [
        *_unguarded(
            ctx.engine.dialect, f"DELETE FROM tb_audit WHERE chain = 'dongqu' AND number > {head.number}"
        ),
        f"UPDATE tb_audit_head SET number = {head.number}, hash = '{head.hash}' WHERE chain = 'dongqu'",
    ]
    assert await named(scene, *cut) == []
    assert await named(scene, *cut, kept=publishing.Kept(book=now.book, logs=now.logs, sums=now.sums)) == []
    found = await named(scene, *cut, kept=publishing.Kept(book=later.book, logs=later.logs, sums=later.sums))
    assert found == [f"audit log: line {head.number + 1} of dongqu was published and is gone"]


async def test_a_month_is_published_once_and_again_when_it_was_closed_since(scene: Any) -> None:
    ctx = scene.ctx
    await scene.give("elder", 240)
    assert await publishing.publish_what_is_due(ctx, "dongqu") == 1, (
        "October is over, and the book has something"
    )
    assert await publishing.publish_what_is_due(ctx, "dongqu") == 0
    scene.pass_time(8 * 24 * 60)
    assert await publishing.publish_what_is_due(ctx, "dongqu") == 1
    await ctx.book("dongqu").close_month("2026-11", at=ctx.now(), actor="operator")
    assert await publishing.publish_what_is_due(ctx, "dongqu") == 1
    assert await publishing.publish_what_is_due(ctx, "dongqu") == 0
    months = [one.month for one in await publications.publications(ctx.engine, "dongqu")]
    assert months == ["2026-10", "2026-11", "2026-11"]
    assert all(one.log for one in (await publications.publications(ctx.engine, "dongqu"))[1:])


async def test_the_months_book_carries_what_was_published_and_the_witness_file_goes_round(
    scene: Any, tmp_path: Path
) -> None:
    await some_life(scene)
    ctx = scene.ctx
    text = await flow.month_text(ctx, "dongqu", "2026-11")
    published = await publications.published_of(ctx.engine, "dongqu", "2026-11")
    assert published is not None
    assert published.log is not None
    assert (published.sums.parts, published.sums.minutes) == (2, 105)
    assert f'log_hash: "{published.log.hash}"' in text
    assert "attended_minutes: 105" in text
    paths = await flow.export_books(ctx, "dongqu", tmp_path)
    assert [error for path in paths[:-1] for error in check(path)] == []
    assert (tmp_path / "2026-11.beancount").read_text("utf-8") == text
    kept = publishing.read_kept(tmp_path / "witness.json")
    assert kept.sums == published.sums
    assert await flow.verify(ctx, "dongqu", kept) == []
    # The ledger's own tools read books and witness as before.
    assert witness_file(tmp_path / "witness.json").head == kept.book.head
    assert read_books(tmp_path).book == "dongqu"
    client = await scene.town.client("auditor")
    notice = (await client.page("/notice")).text
    assert published.log.hash[:4] in notice
    told = (await client.get("/api/notice")).json()["published"]
    assert (told["month"], told["log_hash"], told["attended_minutes"]) == (
        "2026-11",
        published.log.hash,
        None,
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "timebank/witness/v1"}', '{"logs": 3}'])
def test_a_file_that_is_no_witness_is_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "witness.json"
    path.write_text(text, "utf-8")
    with pytest.raises(WitnessUnreadable):
        publishing.read_kept(path)


async def test_another_books_witness_and_other_sums_are_named(scene: Any) -> None:
    await some_life(scene)
    ctx = scene.ctx
    now = await publishing.standing(ctx, "dongqu")
    other = publishing.Kept(book=replace(now.book, book="nanqu"), logs=(), sums=None)
    assert "the witness is of nanqu" in await flow.verify(ctx, "dongqu", other)
    more = publishing.Kept(book=now.book, logs=now.logs, sums=replace(now.sums, minutes=now.sums.minutes + 1))
    assert await flow.verify(ctx, "dongqu", more) == [
        "attendance: the witness says 2 parts and 106 minutes, 2 and 105 stand here"
    ]


async def test_rows_that_erasing_and_forgetting_change_are_held_as_they_are_then(scene: Any) -> None:
    await some_life(scene)
    ctx, uid = scene.ctx, scene.town.uids["volunteer2"]
    async with ctx.engine.atomic():
        await erasing.erase_again(ctx, [uid])
    scene.pass_time(int(timedelta(days=800).total_seconds() // 60))
    await do_what_is_due(ctx)
    assert await audit_checks.problems(ctx.engine) == []


async def test_each_community_has_a_chain_that_begins_behind_the_installations(scene: Any) -> None:
    ctx = scene.ctx
    async with ctx.engine.atomic():
        await audit.note(ctx, await scene.actor("stranger_worker"), "read_call_list")
    rows = await ctx.engine.fetch("SELECT chain, number, action, community, reason FROM tb_audit ORDER BY id")
    begun = {row["chain"]: row for row in rows if row["action"] == audit.BEGINS}
    assert set(begun) == {"dongqu", "nanqu"}
    for row in begun.values():
        assert row["number"] == 1
        assert re.fullmatch(r"\d+ [0-9a-f]{64}", row["reason"])
    assert all(row["chain"] == row["community"] for row in rows if row["community"])


async def test_rows_that_many_units_change_at_once_are_held_by_the_last_of_them(scene: Any) -> None:
    """Units of two communities change the same rows at the same time, each in its own chain, some of them undone."""
    ctx, desk, other = scene.ctx, await scene.actor("worker"), await scene.actor("stranger_worker")
    people = sorted(scene.town.uids.values())[:3]

    async def change(number: int) -> None:
        async with ctx.engine.atomic() as unit:
            for uid in people:
                await ctx.engine.execute("UPDATE tb_member SET lang = ? WHERE uid = ?", [f"x{number}", uid])
                await asyncio.sleep(0)
            if number % 3:
                await audit.note(ctx, desk if number % 2 else other, "change", object=people[0])
            if number % 7 == 0:
                await unit.rollback()

    await asyncio.gather(*(change(number) for number in range(40)))
    assert await audit_checks.problems(ctx.engine) == []


async def test_lines_of_two_communities_are_written_at_once(scene: Any) -> None:
    """Two units that end at the same time wait for each other's chain only where they share one."""
    ctx, desk, other = scene.ctx, await scene.actor("worker"), await scene.actor("stranger_worker")
    async with ctx.engine.atomic():
        for actor in (other, desk, other):
            await audit.note(ctx, actor, "read_call_list")
    assert await audit_checks.problems(ctx.engine) == []
