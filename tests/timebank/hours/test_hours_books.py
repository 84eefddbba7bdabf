"""The books: whole or told so, exported without a name, checked by beancount, closed for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.books import check, compare, load, row_of
from ledger.errors import PeriodClosed, PeriodNotOver
from timebank.errors import NotFound
from timebank.help.hours import flow, giving
from timebank.help.services import flow as serving

CANARIES = ("王秀英", "王奶奶", "19900000101", "一网格3号楼502", "膝盖不好", "李四", "李师傅", "敲门要重")


async def month_of_life(scene: Any) -> None:
    await scene.give("elder", 240)
    for minutes in (60, 45, 90):
        _service, part = await scene.visit(held=60, minutes=minutes)
        await scene.served(part, minutes)
        await serving.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=30)


async def test_a_sound_book_verifies_and_a_tampered_one_does_not(scene: Any) -> None:
    await month_of_life(scene)
    assert await flow.verify(scene.ctx, "dongqu") == []
    async with scene.ctx.engine.atomic():
        await scene.ctx.engine.execute("DROP TRIGGER tb_audit_no_update")
        await scene.ctx.engine.execute(
            "UPDATE tb_audit SET actor = 'SOMEBODY' WHERE number = 2 AND chain = 'dongqu'"
        )
    problems = await flow.verify(scene.ctx, "dongqu")
    assert problems == [
        "audit log: the guard tb_audit_no_update is gone or was changed",
        "audit log: line 2 of dongqu was changed",
    ]
    client = await scene.town.client("auditor")
    assert "line 2 of dongqu was changed" in (await client.page("/books")).text
    answer = (await client.get("/api/books/verify")).json()
    assert answer["whole"] is False


async def test_exported_books_pass_bean_check_equal_the_database_and_name_nobody(
    scene: Any, tmp_path: Path
) -> None:
    await month_of_life(scene)
    paths = await flow.export_books(scene.ctx, "dongqu", tmp_path)
    assert [path.name for path in paths] == [
        "2026-11.beancount",
        "book.beancount",
        "audit.beancount",
        "witness.json",
    ]
    assert [error for path in paths[:-1] for error in check(path)] == []
    entries = await scene.ctx.book("dongqu").transfers(limit=10_000)
    assert compare(map(row_of, entries), load(tmp_path / "book.beancount")) == []
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert [word for word in CANARIES if word in text] == []


async def test_the_snapshot_is_json_and_names_nobody(scene: Any) -> None:
    await month_of_life(scene)
    client = await scene.town.client("auditor")
    answer = await client.get("/api/books/snapshot")
    assert answer.status_code == 200
    found = answer.json()
    assert set(found) >= {"accounts", "transfers", "head", "problems"}
    assert found["problems"] == []
    assert [word for word in CANARIES if word in json.dumps(found, ensure_ascii=False)] == []


async def test_a_month_is_downloaded_by_auditors_and_refused_to_others(scene: Any) -> None:
    await month_of_life(scene)
    auditor = await scene.town.client("auditor")
    answer = await auditor.get("/books/2026-11")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert load(answer.text)
    for month in ("2026-10", "2026-13", "../../etc", "x"):
        assert (await auditor.get(f"/books/{month}")).status_code == 404
    for who in ("volunteer", "elder", "unit", "leader"):
        client = await scene.town.client(who)
        for path in (
            "/books",
            "/books/transfers",
            "/books/2026-11",
            "/api/books/snapshot",
            "/api/books/verify",
        ):
            assert (await client.get(path)).status_code == 403
    stranger = await scene.town.client("stranger_worker")
    assert (await stranger.get("/books/2026-11")).status_code == 200  # of their own community
    assert scene.town.uids["volunteer"] not in (await stranger.get("/books/2026-11")).text


async def test_a_month_closes_once_it_is_over_and_says_what_is_still_open(scene: Any) -> None:
    await month_of_life(scene)
    _service, waiting = await scene.visit()
    await scene.served(waiting, 60)
    worker = await scene.actor("worker")
    with pytest.raises(PeriodNotOver):
        await flow.seal_month(scene.ctx, worker, "dongqu", "2026-11")
    scene.pass_time(8 * 24 * 60)
    closed = await flow.seal_month(scene.ctx, worker, "dongqu", "2026-11")
    assert (closed.waiting, closed.replayed) == (1, False)
    again = await flow.seal_month(scene.ctx, None, "dongqu", "2026-11")
    assert (again.hash, again.replayed) == (closed.hash, True)
    said = await flow.close_month(scene.ctx, None, "dongqu", "2026-11")
    assert "1 份在等确认" in said
    assert "2026-11 is closed" in said
    with pytest.raises(PeriodClosed):
        await flow.seal_month(scene.ctx, worker, "dongqu", "2026-10")
    await serving.record_confirmation(scene.ctx, await scene.actor("elder"), waiting.uid)
    assert await flow.verify(scene.ctx, "dongqu") == []


async def test_the_books_page_closes_months_for_workers_only(scene: Any) -> None:
    await month_of_life(scene)
    scene.pass_time(8 * 24 * 60)
    auditor = await scene.town.client("auditor")
    assert "/books/2026-11/close" not in (await auditor.page("/books")).text
    assert (await auditor.post("/books/2026-11/close", data={})).status_code == 403
    worker = await scene.town.client("worker")
    assert "/books/2026-11/close" in (await worker.page("/books")).text
    page = await worker.submit("/books/2026-11/close")
    assert "已结账" in page.text
    early = await worker.submit("/books/2026-12/close")
    assert early.status_code == 200
    assert "还没有过完" in early.text


async def test_the_journal_turns_pages_in_both_directions(scene: Any) -> None:
    for number in range(60):
        await scene.give("volunteer", number + 1)
    client = await scene.town.client("auditor")
    first = await client.page("/books/transfers")
    assert "上一页" not in first.text
    assert "下一页" in first.text
    older = await client.page("/books/transfers?before=40")
    assert "上一页" in older.text


async def test_an_entry_of_another_communitys_book_is_not_there(scene: Any) -> None:
    await month_of_life(scene)
    [entry, *_rest] = await scene.posted()
    client = await scene.town.client("stranger_worker")
    assert (await client.get(f"/books/transfers/{entry.uid}")).status_code == 404
    with pytest.raises(NotFound):
        await flow.seal_month(scene.ctx, await scene.actor("stranger_worker"), "dongqu", "2026-10")
