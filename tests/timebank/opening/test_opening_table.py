"""A table of paper passbooks: every row judged by itself, and brought in twice it says nothing new."""

from __future__ import annotations

from typing import Any

import pytest

from timebank.help.opening import entering, flow
from timebank.rules.hours.passbooks import HoursUnreadable, NameDiffers, NoHours, PeopleUnclear, UnitMissing
from timebank.store.office import opening

TABLE = """东区社区 纸质存折
姓名,编号,手机,时长,存折号,日期,备注
李四,021,,15小时30分,A-012,2026-10-31,
王奶奶,,19900000101,930分,,,
钱二,,,2 h,B-7,,补录
李四,022,,2小时,,,
没有的人,,,3小时,,,
郑建国,001,,930,,,
郑建国,001,,0分,,,
郑建国,001,,15小时75分,,,
"""


async def load(paper: Any, batch: str, text: str = TABLE, name: str = "存折.csv") -> Any:
    return await entering.load(
        paper.ctx, await paper.actor("worker"), batch, filename=name, content=text.encode()
    )


async def test_every_row_is_judged_by_itself(paper: Any) -> None:
    batch = await paper.batch()
    read = await load(paper, batch)
    assert (read.made, read.unclear, read.same, len(read.refused)) == (2, 2, 0, 4)
    assert [type(one.refusal) for one in read.refused] == [NameDiffers, UnitMissing, NoHours, HoursUnreadable]
    lines = await opening.lines(paper.ctx.engine, batch)
    owners = {one.member: one.minutes for one in lines if one.member}
    assert owners == {paper.town.uids["volunteer"]: 930, paper.town.uids["elder"]: 930}
    # A name alone fits somebody on record, but nobody has said that it is them.
    assert sorted(one.written for one in lines if not one.member) == ["没有的人", "钱二"]


async def test_the_same_table_again_adds_nothing(paper: Any) -> None:
    batch = await paper.batch()
    await load(paper, batch)
    again = await load(paper, batch)
    assert (again.made, again.unclear, again.same) == (0, 0, 4)
    assert (await opening.sum_of(paper.ctx.engine, batch)).lines == 4


async def test_a_batch_waits_until_somebody_says_whose_each_line_is(paper: Any) -> None:
    batch = await paper.batch()
    await load(paper, batch)
    with pytest.raises(PeopleUnclear):
        await paper.approve(batch)
    unclear = {one.written: one for one in await opening.lines(paper.ctx.engine, batch) if not one.member}
    actor = await paper.actor("worker")
    await entering.remove(paper.ctx, actor, batch, unclear["没有的人"].uid)
    await entering.correct(
        paper.ctx, actor, batch, unclear["钱二"].uid, member=paper.town.uids["volunteer2"],
        typed=entering.Typed(amount="2:00", book="B-7"),
    )  # fmt: skip
    assert (await load(paper, batch)).unclear == 1, "only the one that was left out comes back"
    [back] = [one for one in await opening.lines(paper.ctx.engine, batch) if not one.member]
    await entering.remove(paper.ctx, actor, batch, back.uid)
    await paper.approve(batch)
    assert await paper.saved("volunteer2") == 120


@pytest.mark.parametrize(
    ("header", "cells", "minutes"),
    [
        ("姓名,编号,小时,分钟", "李四,021,15,30", 930),
        ("姓名,编号,小时数", "李四,021,15.5", 930),
        ("姓名,编号,分钟数", "李四,021,930", 930),
        ("name,number,balance", "李四,021,15 h 30", 930),
        ("姓名,编号,结余", "李四,０２１,１５小时３０分", 930),
        ("姓名,编号,小时,分钟", "李四,021,0,45", 45),
    ],
)
async def test_hours_and_minutes_stand_in_columns_as_offices_have_them(
    paper: Any, header: str, cells: str, minutes: int
) -> None:
    batch = await paper.batch()
    read = await load(paper, batch, f"{header}\n{cells}\n")
    assert read.made == 1, [one.refusal for one in read.rows]
    assert (await opening.sum_of(paper.ctx.engine, batch)).minutes == minutes


async def test_a_file_without_names_or_hours_is_refused_whole(paper: Any) -> None:
    batch = await paper.batch()
    for text in ("姓名,地址\n李四,3号楼\n", "时长\n2小时\n", "无关的字\n"):
        with pytest.raises(entering.NoSuchTable):
            await load(paper, batch, text)
    assert (await opening.sum_of(paper.ctx.engine, batch)).lines == 0


async def test_a_day_ahead_or_unreadable_keeps_its_row_out(paper: Any) -> None:
    batch = await paper.batch()
    read = await load(
        paper, batch, "姓名,编号,时长,日期\n李四,021,2小时,2027-01-01\n钱二,022,2小时,某年某月\n"
    )
    assert sorted(one.refusal.code for one in read.refused) == ["day_ahead", "day_unreadable"]


async def test_two_passbooks_of_one_person_are_shown_to_the_second_person(paper: Any) -> None:
    batch = await paper.batch()
    await load(paper, batch, "姓名,编号,时长,存折号\n李四,021,2小时,1\n李四,021,3小时,2\n李四,021,4小时,\n")
    shown = await flow.show(paper.ctx, await paper.actor("worker2"), batch)
    assert shown.books == {paper.town.uids["volunteer"]: 2}
    assert shown.totals.minutes == 300
