"""A table nobody recognised is no dead end: somebody points at its columns, and the next one of its shape is read at once."""

from __future__ import annotations

import pytest

from marketplace import store as lists
from marketplace.errors import UnknownColumn
from marketplace.lists import ListKind, TableAnswers, Verdict
from tests.timebank.conftest import Town
from timebank.errors import AlreadyDone, NotFound
from timebank.help.imports import answering, flow, tables, undoing
from timebank.help.imports.report import FileReport
from timebank.store.help import services

WISHES = "愿望,几时,说说\n想理发,周二上午,急\n想读报,周四上午,不急\n想买菜,周五上午,一般\n"
SAID = TableAnswers(kind="needs", columns={"愿望": "title", "几时": "when", "说说": "urgency"})
PEOPLE = "姓名,手机,特长,所属队伍\n张甲,19900000101,理发,红马甲队\n李乙,19900000102,陪聊,红马甲队\n"


async def brought(town: Town, text: str, name: str = "x.csv") -> FileReport:
    (report,) = await flow.import_files(
        town.ctx, await town.actor("worker"), "dongqu", [(name, text.encode())]
    )
    return report


async def titles(town: Town) -> list[str]:
    """What the open needs say in their own words."""
    found = []
    for need in await lists.needs(town.ctx.engine, "dongqu"):
        private = await lists.need_private(town.ctx.engine, "dongqu", need.line_key)
        assert private is not None
        found.append(private.title)
    return sorted(found)


async def test_a_worker_points_at_the_columns_and_the_rows_come_in(town: Town) -> None:
    report = await brought(town, WISHES)
    assert {row.verdict for row in report.rows} == {Verdict.REFUSED}
    worker = await town.actor("worker")
    view = await tables.show_table(town.ctx, worker, report.uid, 0, SAID)
    assert (view.read.kind, view.verdicts) == (ListKind.NEEDS, {Verdict.ACCEPTED: 3})
    assert await titles(town) == []  # looking saves nothing
    again = await tables.answer_table(town.ctx, worker, report.uid, 0, SAID, remember=True)
    assert await titles(town) == ["想买菜", "想理发", "想读报"]
    assert (again.waiting, again.changes) == ((), 3)


async def test_the_next_file_of_that_shape_is_read_at_once_where_somebody_wished_so(town: Town) -> None:
    worker = await town.actor("worker")
    for remember, title in ((False, "想洗窗"), (True, "想量血压")):
        first = await brought(town, WISHES + f"想{remember},周三上午,急\n")
        await tables.answer_table(town.ctx, worker, first.uid, 0, SAID, remember=remember)
        later = await brought(town, f"愿望,几时,说说\n{title},周一上午,急\n")
        assert (later.rows[0].verdict is Verdict.ACCEPTED) is remember
    assert "想量血压" in await titles(town)
    assert "想洗窗" not in await titles(town)


async def test_what_was_said_can_be_said_again_and_lines_of_the_first_reading_leave_the_list(
    town: Town,
) -> None:
    worker = await town.actor("worker")
    report = await brought(town, "愿望,几时,说说\n想理发,周二上午,帮王大爷\n")
    wrong = TableAnswers(kind="needs", columns={"说说": "title", "几时": "when", "愿望": "-"})
    await tables.answer_table(town.ctx, worker, report.uid, 0, wrong, remember=False)
    assert await titles(town) == ["帮王大爷"]
    right = TableAnswers(columns={"愿望": "title", "说说": "remark"})
    for _again in range(2):
        await tables.answer_table(town.ctx, worker, report.uid, 0, right, remember=False)
        assert await titles(town) == ["想理发"]
    assert await undoing.undo_file(town.ctx, worker, report.uid) == undoing.Undone(undone=1, held=0)


async def test_a_row_the_desk_decided_by_itself_stays_decided(town: Town) -> None:
    worker = await town.actor("worker")
    report = await brought(town, WISHES)
    await answering.answer_row(town.ctx, worker, file=report.uid, place=0, step="drop", cells={})
    again = await tables.answer_table(town.ctx, worker, report.uid, 0, SAID, remember=False)
    assert [row.answer for row in again.rows] == ["dropped", "", ""]
    assert await titles(town) == ["想买菜", "想读报"]


async def test_hidden_and_struck_out_rows_come_in_only_when_somebody_says_so_and_are_asked_each_time(
    town: Town,
) -> None:
    worker = await town.actor("worker")
    html = "<table><tr><td>姓名</td><td>特长</td></tr><tr><td>张甲</td><td>理发</td></tr><tr><td><s>王退</s></td><td><s>唱歌</s></td></tr></table>"
    report = await brought(town, html, "x.xls")
    assert [row.target != "" for row in report.rows] == [True, False]
    said = TableAnswers(rows={"struck": "take"})
    taken = await tables.answer_table(town.ctx, worker, report.uid, 0, said, remember=True)
    assert all(row.target for row in taken.rows)
    again = await brought(town, html.replace("王退", "赵走"), "y.xls")
    assert [one.code for one in again.read[0].questions] == ["rows_struck"]


async def test_a_table_of_another_community_or_one_that_is_not_there_is_not_found(town: Town) -> None:
    report = await brought(town, WISHES)
    worker = await town.actor("worker")
    for uid, number in ((report.uid, 7), ("F-none", 0)):
        with pytest.raises(NotFound):
            await tables.show_table(town.ctx, worker, uid, number, TableAnswers())
    with pytest.raises(UnknownColumn):
        await tables.answer_table(
            town.ctx,
            worker,
            report.uid,
            0,
            TableAnswers(kind="needs", columns={"愿望": "name"}),
            remember=False,
        )


async def test_several_stays_of_one_row_are_saved_and_kept_apart(town: Town) -> None:
    await brought(town, PEOPLE)
    sheet = "值班签到表 2026年11月17日\n姓名,上午签到,上午签退,下午签到,下午签退\n张甲,8:30,11:30,14:00,16:00\n李乙,9:00,,14:00,15:00\n"
    report = await brought(town, sheet, "sheet.csv")
    assert [(row.number, row.part, row.verdict.value) for row in report.rows] == [
        (3, 0, "accepted"), (3, 1, "accepted"), (4, 0, "questioned"), (4, 1, "accepted"),
    ]  # fmt: skip
    found = [await services.attendance(town.ctx.engine, row.target) for row in report.rows if row.target]
    assert sorted(part.minutes_served for part in found if part) == [60, 120, 180]


async def test_a_length_without_clocks_is_saved_once_and_beside_other_stays_of_the_day(town: Town) -> None:
    await brought(town, PEOPLE)
    report = await brought(
        town, "日期,姓名,活动名称,服务时长(小时)\n2026-11-17,张甲,清洁,2\n2026-11-17,张甲,读报,1\n"
    )
    assert [row.verdict for row in report.rows] == [Verdict.ACCEPTED] * 2
    found = [await services.attendance(town.ctx.engine, row.target) for row in report.rows]
    assert [part.minutes_served for part in found if part] == [120, 60]
    again = await brought(
        town, "日期,姓名,活动名称,服务时长(小时),备注\n2026-11-17,张甲,清洁,2,又一份\n", "z.csv"
    )
    assert (again.rows[0].verdict, again.changes) == (Verdict.MERGED, 0)


async def test_rows_that_ask_the_same_thing_are_answered_together(town: Town) -> None:
    worker = await town.actor("worker")
    text = "姓名,手机,身份,特长\n小甲,19900000111,16岁学生,英语\n小乙,19900000112,15岁学生,钢琴\n老丙,19900000113,退休,象棋\n"
    report = await brought(town, text)
    assert {code: len(rows) for code, rows in report.groups.items()} == {"guardian_consent": 2}
    done = await answering.answer_rows(
        town.ctx, worker, file=report.uid, code="guardian_consent", step="accept"
    )
    assert done == (2, 0)
    assert not (await flow.file_report(town.ctx, worker, report.uid)).waiting


async def test_rows_that_no_yes_can_settle_stay_when_others_are_answered(town: Town) -> None:
    await brought(town, PEOPLE)
    worker = await town.actor("worker")
    sheet = "签到表\n2026年11月17日\n姓名,签到,签退\n张甲,8:30,\n李乙,9:00,\n"
    report = await brought(town, sheet, "sheet.csv")
    assert await answering.answer_rows(
        town.ctx, worker, file=report.uid, code="clock_missing", step="accept"
    ) == (0, 2)
    assert await answering.answer_rows(
        town.ctx, worker, file=report.uid, code="clock_missing", step="drop"
    ) == (
        2,
        0,
    )


async def test_a_whole_file_is_taken_back_while_nothing_rests_on_it_and_may_come_in_again(town: Town) -> None:
    worker = await town.actor("worker")
    text = "需求内容,希望时间,登记日期\n修灯,周三上午,2026-11-10\n读报,周四上午,2026-11-10\n"
    report = await brought(town, text)
    assert await undoing.undo_file(town.ctx, worker, report.uid) == undoing.Undone(undone=2, held=0)
    assert await titles(town) == []
    with pytest.raises(AlreadyDone):
        await undoing.undo_file(town.ctx, worker, report.uid)
    again = await brought(town, text)
    assert (again.known, again.changes) == (False, 2)
    assert await titles(town) == ["修灯", "读报"]


async def test_lines_another_file_says_too_and_stays_somebody_confirmed_are_held(town: Town) -> None:
    worker = await town.actor("worker")
    text = "需求内容,希望时间,登记日期\n修灯,周三上午,2026-11-10\n"
    first = await brought(town, text)
    await brought(town, text + "读报,周四上午,2026-11-10\n", "y.csv")
    assert await undoing.undo_file(town.ctx, worker, first.uid) == undoing.Undone(undone=0, held=1)
    assert await titles(town) == ["修灯", "读报"]


async def test_stays_of_a_sheet_taken_back_are_gone_with_the_shift_they_made(town: Town) -> None:
    await brought(town, PEOPLE)
    worker = await town.actor("worker")
    sheet = "别处签到表\n2026年11月17日\n姓名,签到,签退\n张甲,8:30,11:30\n"
    report = await brought(town, sheet, "sheet.csv")
    part = await services.attendance(town.ctx.engine, report.rows[0].target)
    assert part is not None
    await undoing.undo_file(town.ctx, worker, report.uid)
    assert await services.attendance(town.ctx.engine, part.uid) is None
    assert await services.service(town.ctx.engine, part.service) is None
    again = await brought(town, sheet, "sheet.csv")
    assert again.rows[0].verdict is Verdict.ACCEPTED


async def test_the_page_takes_the_worker_from_an_unknown_table_to_its_lines(town: Town) -> None:
    browser = await town.client("worker")
    report = await brought(town, WISHES)
    page = (await browser.page(f"/desk/import/{report.uid}")).text
    assert f"/desk/import/{report.uid}/tables/0" in page
    asked = (await browser.page(f"/desk/import/{report.uid}/tables/0")).text
    assert "哪张清单" in asked
    assert "想理发" in asked
    shown = (await browser.page(f"/desk/import/{report.uid}/tables/0?kind=needs")).text
    assert 'name="col:0"' in shown
    form = {
        "kind": "needs",
        "shown": "needs",
        "col:0": "title",
        "col:1": "when",
        "col:2": "urgency",
        "remember": "yes",
    }
    url = f"/desk/import/{report.uid}/tables/0"
    preview = await browser.submit(url, {**form, "step": "preview"})
    assert "会读成这样" in preview.text
    assert await titles(town) == []
    await browser.submit(url, {**form, "step": "save"})
    assert await titles(town) == ["想买菜", "想理发", "想读报"]
    later = await brought(town, "愿望,几时,说说\n想量血压,周一上午,急\n")
    assert later.rows[0].verdict is Verdict.ACCEPTED


async def test_columns_left_out_and_rows_passed_over_are_named_on_the_page(town: Town) -> None:
    browser = await town.client("worker")
    report = await brought(
        town, "姓名,手机,身份证号,特长\n张甲,19900000101,510100195603080025,理发\n合计,1人,,\n"
    )
    page = (await browser.page(f"/desk/import/{report.uid}")).text
    assert "身份证号" in page
    assert "合计" in page
    assert "510100195603080025" not in page


async def test_a_table_left_out_asks_nothing_more(town: Town) -> None:
    worker = await town.actor("worker")
    report = await brought(town, WISHES)
    again = await tables.answer_table(
        town.ctx, worker, report.uid, 0, TableAnswers(kind="none"), remember=False
    )
    assert (again.waiting, again.read[0].questions) == ((), ())
    assert await titles(town) == []


async def test_a_page_that_shows_another_row_by_now_decides_nothing(town: Town) -> None:
    worker = await town.actor("worker")
    report = await brought(town, WISHES)
    with pytest.raises(AlreadyDone):
        await answering.answer_row(
            town.ctx, worker, file=report.uid, place=0, step="drop", cells={}, number=report.rows[1].number
        )
    row = await answering.answer_row(
        town.ctx, worker, file=report.uid, place=1, step="drop", cells={}, number=report.rows[1].number
    )
    assert row.answer == "dropped"


async def test_whoever_waits_is_told_how_many_rows_are_saved(town: Town) -> None:
    told: list[tuple[str, int, int]] = []
    await flow.import_files(
        town.ctx,
        None,
        "dongqu",
        [("x.csv", PEOPLE.encode())],
        on_progress=lambda name, saved, rows: told.append((name, saved, rows)),
    )
    assert told == [("x.csv", 0, 2), ("x.csv", 1, 2), ("x.csv", 2, 2)]
