"""Hours brought forward in the books: closed with the month, checked by beancount, naming nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from ledger.books import check, compare, load, row_of
from timebank.help.hours import flow as hours
from timebank.help.opening import flow
from timebank.store.office import opening


async def test_a_month_with_openings_closes_and_its_book_passes_bean_check(
    paper: Any, tmp_path: Path
) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", book="A-012", note="王奶奶家的")
    await paper.enter(batch, "elder", "930分")
    await paper.approve(batch)
    [first, _second] = await opening.lines(paper.ctx.engine, batch)
    back = await flow.take_back(paper.ctx, await paper.actor("worker"), batch, lines=[first.uid])
    await paper.approve(back.uid)
    await paper.posted("volunteer", "2小时", book="A-012")
    paper.ctx.clock.now += timedelta(days=10)
    await hours.close_month(paper.ctx, await paper.actor("worker"), "dongqu", "2026-11")
    paths = await hours.export_books(paper.ctx, "dongqu", tmp_path)
    assert [error for path in paths if path.suffix == ".beancount" for error in check(path)] == []
    entries = await paper.ctx.book("dongqu").transfers(limit=10_000)
    assert compare(map(row_of, entries), load(tmp_path / "book.beancount")) == []
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert text.count('reason: "opening"') == 3 or text.count("opening") >= 3
    # Neither a name nor the number of a paper passbook stands in a book that is kept for ever.
    assert [word for word in ("李四", "王秀英", "王奶奶", "A-012") if word in text] == []
    assert await hours.verify(paper.ctx, "dongqu") == []
    assert (await paper.saved("volunteer"), await paper.saved("elder")) == (120, 930)


async def test_a_batch_of_last_month_may_still_be_approved_and_counts_from_that_day(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", said_on="2026-10-31")
    paper.ctx.clock.now += timedelta(days=10)
    await hours.close_month(paper.ctx, await paper.actor("worker"), "dongqu", "2026-11")
    await paper.approve(batch)
    [line] = (await hours.statement(paper.ctx, await paper.actor("volunteer"))).lines
    assert line.happened_on == paper.ctx.today()
