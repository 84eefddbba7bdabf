"""The office's own files come in: judged row by row, saved once, answered at the desk, and never lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from marketplace import store as lists
from marketplace.lists import ListKind, Verdict
from marketplace.store.sql import TURNS_GIVEN
from tests.timebank.conftest import Town
from timebank.context import Engine
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound
from timebank.help.imports import answering, flow, saving
from timebank.help.imports.report import FileReport, Row, as_text
from timebank.help.imports.schemas import FileOut
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, State
from timebank.store.help import imports, services
from timebank.store.members import ages, people, phones
from timebank.store.relations import organisations

GIVEN = Path(__file__).parents[3] / "examples" / "data" / "lists"
SHEET = "2026-11-17-红马甲签到表.csv"
PEOPLE = "报到志愿者.csv"


def given(*names: str) -> list[tuple[str, bytes]]:
    """The given files by name; all of them without one, the roll-call first as a folder lists them."""
    return [
        (path.name, path.read_bytes()) for path in sorted(GIVEN.iterdir()) if not names or path.name in names
    ]


def by_name(reports: list[FileReport]) -> dict[str, FileReport]:
    return {report.name: report for report in reports}


async def imported(town: Town, *names: str) -> dict[str, FileReport]:
    return by_name(await flow.import_files(town.ctx, None, "dongqu", given(*names)))


def place_of(report: FileReport, number: int) -> int:
    return next(place for place, row in enumerate(report.rows) if row.number == number)


async def part_of(town: Town, row: Row) -> Attendance:
    """The attendance that a row was saved as."""
    part = await services.attendance(town.ctx.engine, row.target)
    assert part is not None
    return part


async def rows_in(engine: Engine, table: str) -> int:
    return int((await engine.fetch(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"])


async def test_every_row_of_the_four_given_files_is_accounted_for(town: Town) -> None:
    reports = await imported(town)
    found = [row for report in reports.values() for row in report.rows]
    assert {kind: sum(row.kind is kind for row in found) for kind in ListKind if kind is not ListKind.UNKNOWN} == {
        ListKind.NEEDS: 24, ListKind.RESOURCES: 22, ListKind.ACTIVITIES: 6, ListKind.PROJECTS: 3,
        ListKind.VOLUNTEERS: 9, ListKind.ATTENDANCE: 8,
    }  # fmt: skip
    for row in found:
        assert row.verdict is Verdict.ACCEPTED or (
            row.reasons and all(one.zh and one.en for one in row.reasons)
        ), row
    assert len(await lists.needs(town.ctx.engine, "dongqu")) == 24
    units = {one.name for one in await organisations.organisations(town.ctx.engine, "dongqu", "unit")}
    assert {"区人民银行营业部", "实验小学", "区图书馆"} <= units
    assert not any("居委会" in name for name in units)  # the office is no partner of itself


async def test_a_second_run_changes_nothing_at_all(town: Town) -> None:
    await imported(town)
    tables = (
        "mp_need",
        "mp_resource",
        "tb_member",
        "tb_relationship",
        "tb_organisation",
        "tb_organisation_name",
        "tb_phone",
        "tb_source_key",
        "tb_service",
        "tb_attendance",
    )
    before = {table: await rows_in(town.ctx.engine, table) for table in tables}
    again = await imported(town)
    assert {name: (report.known, report.changes) for name, report in again.items()} == dict.fromkeys(
        again, (True, 0)
    )
    assert {table: await rows_in(town.ctx.engine, table) for table in tables} == before


async def test_another_file_with_the_same_lines_changes_nothing_either(town: Town) -> None:
    await imported(town)
    asked = await rows_in(town.ctx.engine, "tb_identity_question")
    resaved = [(name, content + b"\r\n") for name, content in given() if name.endswith(".csv")]
    assert {PEOPLE, SHEET} < {name for name, _ in resaved}
    for report in await flow.import_files(town.ctx, None, "dongqu", resaved):
        assert (report.known, report.changes) == (False, 0), report.name
    # Nor is anybody asked a second time who somebody is.
    assert await rows_in(town.ctx.engine, "tb_identity_question") == asked


async def test_one_person_in_two_teams_with_a_number_written_in_several_ways_is_one_member(
    town: Town,
) -> None:
    await imported(town, PEOPLE)
    assert len(await people.cards_named(town.ctx.engine, "dongqu", "钱二")) == 1
    rows = await town.ctx.engine.fetch(
        "SELECT o.name FROM tb_relationship r JOIN tb_organisation o ON o.code = r.to_organisation"
        " WHERE r.holder_member = ? AND r.kind = 'team_member' AND r.state = 'in_force'",
        [town.uids["volunteer2"]],
    )
    assert {row["name"] for row in rows} == {"周二红马甲服务队", "供电公司营业部"}


async def test_a_short_number_is_kept_as_written_and_the_row_asked_about(town: Town) -> None:
    report = (await imported(town, PEOPLE))[PEOPLE]
    (sun,) = await people.cards_named(town.ctx.engine, "dongqu", "孙三")
    (phone,) = await phones.phones(town.ctx.engine, sun.uid)
    assert (phone.number, phone.written) == ("", "1990000003")
    row = report.rows[place_of(report, 5)]
    assert row.verdict is Verdict.QUESTIONED
    assert row.target == sun.uid


async def test_a_formula_for_a_name_makes_nobody_and_keeps_its_cells(town: Town) -> None:
    report = (await imported(town, PEOPLE))[PEOPLE]
    row = report.rows[place_of(report, 10)]
    assert (row.verdict, row.target) == (Verdict.QUESTIONED, "")
    assert "=cmd|" in "".join(row.cells.values())
    worker = await town.actor("worker")
    with pytest.raises(BadField):
        await answering.answer_row(
            town.ctx, worker, file=report.uid, place=place_of(report, 10), step="accept", cells={}
        )
    answered = await answering.answer_row(
        town.ctx, worker, file=report.uid, place=place_of(report, 10), step="correct", cells={"姓名": "陈九"}
    )
    assert answered.answer == "corrected"
    (chen,) = await people.cards_named(town.ctx.engine, "dongqu", "陈九")
    assert answered.target == chen.uid


async def test_a_rare_character_survives(town: Town) -> None:
    await imported(town, PEOPLE)
    assert len(await people.cards_named(town.ctx.engine, "dongqu", "䶮七")) == 1


async def test_a_volunteers_own_offer_is_on_the_resources_list_under_an_opaque_id(town: Town) -> None:
    await imported(town, PEOPLE)
    offers = await lists.resources(town.ctx.engine, "dongqu", owner=town.uids["volunteer"])
    assert [offer.owner_kind for offer in offers] == ["volunteer"]
    assert "李四" not in repr(offers)


async def test_the_sheet_becomes_one_shift_that_waits_for_a_second_persons_word(town: Town) -> None:
    await imported(town, PEOPLE, SHEET)
    waiting = await services.waiting_for_confirmation(town.ctx.engine, "dongqu")
    assert len({service.uid for _part, service in waiting}) == 1
    _part, shift = waiting[0]
    assert (shift.kind, shift.team) == (Kind.SHIFT, "red-vests")
    assert shift.starts_at.astimezone(town.ctx.zone).isoformat() == "2026-11-17T08:30:00+08:00"
    assert shift.ends_at.astimezone(town.ctx.zone).isoformat() == "2026-11-17T11:30:00+08:00"
    names = await people.names(town.ctx.engine, [part.member for part, _service in waiting])
    minutes = {names[part.member]: part.minutes_served for part, _service in waiting}
    assert minutes == {"李师傅": 180, "钱二": 175, "赵一": 90, "周五": 180}
    assert {part.evidence for part, _service in waiting} == {Evidence.SHEET}
    assert {part.state for part, _service in waiting} == {State.CHECKED_OUT}


async def test_people_are_known_before_the_sheet_that_names_them_whatever_the_order_of_files(
    town: Town,
) -> None:
    reports = await flow.import_files(town.ctx, None, "dongqu", given(SHEET, PEOPLE))
    assert [report.name for report in reports] == [SHEET, PEOPLE]
    walk_ups = [row for row in reports[0].rows if any(one.code == "walk_up" for one in row.reasons)]
    assert [row.number for row in walk_ups] == [9]


async def test_a_walk_up_is_kept_until_the_desk_registers_her(town: Town) -> None:
    report = (await imported(town, PEOPLE, SHEET))[SHEET]
    worker = await town.actor("worker")
    row = await answering.answer_row(
        town.ctx, worker, file=report.uid, place=place_of(report, 9), step="accept", cells={}
    )
    (wang,) = await people.cards_named(town.ctx.engine, "dongqu", "王阿姨")
    part = await part_of(town, row)
    assert (part.member, part.minutes_served) == (wang.uid, 180)


async def test_reversed_times_are_never_swapped_by_themselves(town: Town) -> None:
    report = (await imported(town, PEOPLE, SHEET))[SHEET]
    worker, place = await town.actor("worker"), place_of(report, 11)
    assert report.rows[place].target == ""
    with pytest.raises(BadField):
        await answering.answer_row(town.ctx, worker, file=report.uid, place=place, step="accept", cells={})
    with pytest.raises(BadFields):  # corrected, but still not possible
        await answering.answer_row(
            town.ctx, worker, file=report.uid, place=place, step="correct", cells={"签到": "12:30"}
        )
    row = await answering.answer_row(
        town.ctx,
        worker,
        file=report.uid,
        place=place,
        step="correct",
        cells={"签到": "8:30", "签退": "11:30"},
    )
    assert (await part_of(town, row)).minutes_served == 180


async def test_a_minors_time_waits_for_the_guardians_consent(town: Town) -> None:
    report = (await imported(town, PEOPLE, SHEET))[SHEET]
    place = place_of(report, 7)
    assert report.rows[place].target == ""
    row = await answering.answer_row(
        town.ctx, await town.actor("worker"), file=report.uid, place=place, step="accept", cells={}
    )
    assert await ages.has_consent(town.ctx.engine, town.uids["minor"], ages.GUARDIAN, town.ctx.today())
    assert (await part_of(town, row)).minutes_served == 150


async def test_a_row_is_answered_once(town: Town) -> None:
    report = (await imported(town, PEOPLE, SHEET))[SHEET]
    worker, place = await town.actor("worker"), place_of(report, 9)
    await answering.answer_row(town.ctx, worker, file=report.uid, place=place, step="drop", cells={})
    with pytest.raises(AlreadyDone):
        await answering.answer_row(town.ctx, worker, file=report.uid, place=place, step="accept", cells={})
    assert not await people.cards_named(town.ctx.engine, "dongqu", "王阿姨")


async def test_a_doubted_need_is_on_the_list_but_in_no_plan_until_somebody_answers(town: Town) -> None:
    text = "需求内容,希望时间,登记日期,数量\n陪去体检,11月24日(周三)上午9点,2026-11-20,1次\n"
    (report,) = await flow.import_files(town.ctx, None, "dongqu", [("需求.csv", text.encode())])
    (row,) = report.rows
    assert row.verdict is Verdict.QUESTIONED
    (need,) = await lists.needs(town.ctx.engine, "dongqu")
    assert need.when.question is not None
    await answering.answer_row(
        town.ctx,
        await town.actor("worker"),
        file=report.uid,
        place=0,
        step="correct",
        cells={"希望时间": "11月25日 9:00-10:00"},
    )
    (need,) = await lists.needs(town.ctx.engine, "dongqu")
    assert need.when.question is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"PK\x03\x04 not a workbook"),
        ("x.csv", b"\x00\x01\x02\xff\xfe"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_by_itself_and_the_others_come_in(
    town: Town, name: str, content: bytes
) -> None:
    bad, good = await flow.import_files(town.ctx, None, "dongqu", [(name, content), *given(PEOPLE)])
    assert bad.uid == ""
    assert bad.rows[0].verdict is Verdict.REFUSED
    assert bad.rows[0].reasons[0].zh
    assert good.changes > 0


async def test_a_crash_in_the_middle_of_a_file_leaves_neither_half(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await rows_in(town.ctx.engine, "tb_member")

    async def failing(*_given: object) -> None:
        # The people stand in the database by now, the file and its rows do not.
        assert await rows_in(town.ctx.engine, "tb_member") > before
        raise OSError("the lamp went out")

    monkeypatch.setattr(imports, "add_targets", failing)
    with pytest.raises(OSError, match="lamp"):
        await flow.import_files(town.ctx, None, "dongqu", given(PEOPLE))
    assert await rows_in(town.ctx.engine, "tb_member") == before
    assert await rows_in(town.ctx.engine, "tb_import") == 0
    monkeypatch.undo()
    (report,) = await flow.import_files(town.ctx, None, "dongqu", given(PEOPLE))
    assert not report.known


async def test_others_go_on_while_a_long_list_is_brought_in(town: Town) -> None:
    """A page takes some ten turns of the loop; it must not wait for as many stretches of the list as it has turns."""
    signs = "甲乙丙丁戊己庚辛壬癸"
    people = "".join(
        f"\n张{signs[number // 10 % 10]}{signs[number % 10]},1990777{number:04d},机动队,理发"
        for number in range(saving.PEOPLE_AT_ONCE + 50)
    )
    turns = 0

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(somebody_else())
    name = "长名单.csv"
    (report,) = await flow.import_files(
        town.ctx, None, "dongqu", [(name, f"姓名,手机,所属队伍,特长{people}".encode())]
    )
    other.cancel()
    rows = len(report.rows)
    assert rows == saving.PEOPLE_AT_ONCE + 50
    assert {row.verdict for row in report.rows} == {Verdict.ACCEPTED}
    assert turns > rows / saving.PEOPLE_AT_A_STRETCH * TURNS_GIVEN


async def test_only_the_desk_brings_files_in_and_only_into_its_own_community(town: Town) -> None:
    for who in ("volunteer", "elder", "unit", "leader", "auditor", "stranger_worker"):
        with pytest.raises(NotFound):
            await flow.import_files(town.ctx, await town.actor(who), "dongqu", given(PEOPLE))
    report = (await imported(town, PEOPLE))[PEOPLE]
    with pytest.raises(NotFound):
        await flow.file_report(town.ctx, await town.actor("stranger_worker"), report.uid)


async def test_the_report_reads_as_text_and_as_json(town: Town) -> None:
    reports = await flow.import_files(town.ctx, None, "dongqu", given())
    text = as_text(reports)
    assert "需求清单 needs" in text
    assert "times_reversed" in text
    counted = FileOut.told(reports[0]).model_dump(mode="json")
    assert counted["counts"] == {"accepted": 4, "merged": 1, "questioned": 3, "refused": 0}
    assert counted["rows"][0]["row"] == 4


async def test_the_desk_brings_a_file_in_and_answers_its_rows_on_the_page(town: Town) -> None:
    worker = await town.client("worker")
    (people, sheet) = (given(PEOPLE)[0], given(SHEET)[0])
    for name, content in (people, sheet):
        page = await worker.post(
            "/desk/import", files={"files": (name, content, "text/csv")}, headers={"accept": "text/html"},
            follow_redirects=True,
        )  # fmt: skip
        assert page.status_code == 200, page.text[:500]
    assert "写反了" in page.text
    assert "王阿姨" in page.text
    where = str(page.url).partition("#")[0]
    report = await flow.file_report(town.ctx, await town.actor("worker"), where.rpartition("/")[2])
    place = place_of(report, 11)
    refused = await worker.submit(f"{where}/rows/{place}", {"step": "accept", "cell:签到": "11:45"})
    assert refused.status_code == 422
    assert "11:45" in refused.text  # what was typed is still there
    fixed = await worker.submit(
        f"{where}/rows/{place}", {"step": "correct", "cell:签到": "8:30", "cell:签退": "11:30"}
    )
    assert fixed.status_code == 200
    assert "改好收下了" in fixed.text
    again = await worker.post(
        "/desk/import", files={"files": (sheet[0], sheet[1], "text/csv")}, headers={"accept": "text/html"},
        follow_redirects=True,
    )  # fmt: skip
    assert "没有改动任何东西" in again.text


async def test_no_file_and_too_large_a_file_are_said_on_the_page(town: Town) -> None:
    worker = await town.client("worker")
    empty = await worker.submit("/desk/import", {})
    assert empty.status_code == 422
    assert "请先选一个文件" in empty.text
    big = await worker.submit("/desk/import", files={"files": ("big.csv", b"x" * 5_000_001, "text/csv")})
    assert big.status_code == 422
    assert "5 MB" in big.text


async def test_new_volunteers_get_an_account_and_the_next_vest_number(town: Town) -> None:
    await imported(town, PEOPLE)
    (zhao,) = await people.cards_named(town.ctx.engine, "dongqu", "赵一")
    assert zhao.number == "024"
    assert (await people.profile(town.ctx.engine, zhao.uid)).gives
    assert (await town.ctx.book("dongqu").balance(zhao.account)).balance == 0
