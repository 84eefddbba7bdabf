"""Rows that are no lines, headers of several rows, ticks, columns side by side: what each is taken for."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from marketplace.lists import ImportReport, ListKind, Table, TableAnswers, Verdict, read_file
from marketplace.lists import reading as row_reading
from marketplace.values import AttendanceEntry, Need, Project, Resource, Unit, VolunteerEntry

FILED = date(2026, 11, 24)


def tables(*rows: str, name: str = "list.csv") -> tuple[Table, ...]:
    return read_file("\n".join(rows).encode(), name, filed_on=FILED).tables


def report(*rows: str, name: str = "list.csv") -> ImportReport:
    (found,) = read_file("\n".join(rows).encode(), name, filed_on=FILED).reports()
    return found


def merged(rows: list[list[str]], *areas: str, sheet: str = "Sheet1") -> ImportReport:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append([cell or None for cell in row])
    for area in areas:
        page.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    (found,) = read_file(out.getvalue(), "list.xlsx", filed_on=FILED).reports()
    return found


def passed(found: ImportReport) -> list[tuple[int, str]]:
    return [(one.number, one.why.value) for one in found.passed]


# --- rows ----------------------------------------------------------------------------------------------------------------


def test_totals_notes_examples_and_instructions_are_passed_over_and_named() -> None:
    found = report(
        "序号,姓名,手机,特长",
        "请填写,必填,11位手机,选填",
        "例,王小明,13800000000,唱歌",
        "1,张三,19900000001,理发",
        "2,,,",
        "合计,,,",
        "以上志愿者名单经社区核对属实并已在公示栏公示满七天无异议特此说明请存档,,,",
        "序号,姓名,手机,特长",
        "合计:1人,,,",
    )
    assert [value.name for value in found.values if isinstance(value, VolunteerEntry)] == ["张三"]
    assert passed(found) == [
        (2, "instruction"),
        (3, "example"),
        (5, "numbered_blank"),
        (6, "total"),
        (7, "note"),
        (8, "header_again"),
        (9, "total"),
    ]


def test_a_single_word_below_a_running_number_is_a_person_only_where_names_stand() -> None:
    found = report("姓名,手机,特长", "张三,19900000001,理发", ",见公示栏,", "钱二,,")
    assert [row.reasons[0].code for row in found.questioned if row.value is None] == ["row_lone"]
    assert [getattr(row.value, "name", "") for row in found.rows] == ["张三", "", "钱二"]


def test_a_row_merged_across_is_a_group_or_a_long_note() -> None:
    note = "以下为外来务工人员中报名的志愿者,排班时请先联系班组长确认时间"
    found = merged(
        [["姓名", "手机", "特长", "所属队伍"], ["第一组", "", "", ""], ["张三", "19900000001", "理发", "A队"], [note, "", "", ""], ["李四", "19900000002", "唱歌", "B队"]],
        "A2:D2",
        "A4:D4",
    )  # fmt: skip
    assert passed(found) == [(2, "group"), (4, "note")]
    assert len(found.accepted) == 2


# --- headers ---------------------------------------------------------------------------------------------------------------


def test_a_header_of_two_rows_qualifies_its_lower_names() -> None:
    found = merged(
        [["姓名", "上午", "", "下午", ""], ["", "签到", "签退", "签到", "签退"], ["张三", "8:30", "11:30", "2:00", "4:00"]],
        "A1:A2",
        "B1:C1",
        "D1:E1",
        sheet="2026-11-20签到表",
    )  # fmt: skip
    stays = [value for value in found.values if isinstance(value, AttendanceEntry)]
    assert [(one.held_on, one.minutes_served) for one in stays] == [
        (date(2026, 11, 20), 180),
        (date(2026, 11, 20), 120),
    ]
    assert stays[1].signed_in_at is not None
    assert stays[1].signed_in_at.hour == 14


def test_a_header_without_lines_of_its_own_is_continued_by_the_row_below() -> None:
    found = report("姓名,联系方式,,特长", ",手机,微信,", "张三,19900000001,zs,理发")
    assert [getattr(value, "phone", "") for value in found.values] == ["19900000001"]


def test_ticks_under_weekdays_say_when_somebody_is_free() -> None:
    found = report(
        "姓名,手机,特长,周二,周四,周六",
        "张三,19900000001,理发,√,,√",
        "李四,19900000002,唱歌,×,上午,",
        "钱二,19900000003,唱歌,√,否,",
    )
    whens = [value.when for value in found.values if isinstance(value, VolunteerEntry)]
    assert [one.phrase for one in whens] == ["周二、周六", "周四上午", "周二"]
    assert [rule.weekdays for one in whens for rule in one.recurrences] == [(1, 5), (3,), (1,)]


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [("Doe", "Jane", "Jane Doe"), ("欧阳", "小红", "欧阳小红"), ("", "Jane", "Jane"), ("Doe", "", "Doe")],
)
def test_two_columns_of_a_name_are_one_name(family: str, given: str, name: str) -> None:
    found = report("First Name,Last Name,Phone,Skills", f"{given},{family},19900000001,haircuts")
    assert [getattr(value, "name", "") for value in found.values] == [name]


def test_a_long_header_cell_is_no_name_of_a_column() -> None:
    question = "请问您平时什么时候方便来社区做志愿服务以及您有哪些特长可以在活动中发挥出来呢请您如实填写谢谢您的支持与配合"
    (table,) = tables(f"姓名,手机,特长,{question * 2}", "张三,19900000001,理发,周六")
    assert [one.code for one in table.questions] == ["column_unclaimed"]


def test_a_contact_and_its_telephone_in_one_column_are_the_contact() -> None:
    found = report("需求内容,需求类别,希望时间,联系人/联系电话", "上门理发,理发,周二上午,张女儿 19900000001")
    assert [value.contact for value in found.values if isinstance(value, Need)] == ["张女儿 19900000001"]


def test_the_name_of_an_activity_is_nobodys_name() -> None:
    found = report(
        "Activity Name,Place,When,Volunteers needed", "Reading club,Room 2,every Tuesday 9:00-10:00,3"
    )
    assert (found.kind, len(found.accepted)) == (ListKind.ACTIVITIES, 1)


def test_names_under_days_are_a_rota_and_nobodys_stay() -> None:
    found = report("时段,周一,周二,周三", "上午,张三,李四,王五", "下午,赵六,钱二,孙八", name="值班表.csv")
    assert (found.kind, len(found.refused), found.values) == (ListKind.UNKNOWN, 2, ())


# --- cells of a line -------------------------------------------------------------------------------------------------------


def test_helpers_in_a_column_of_their_own_stand_beside_the_quantity() -> None:
    found = report("需求内容,需求类别,希望时间,数量,需要几名志愿者", "理发,理发,周二上午,3次,2")
    (need,) = (value for value in found.values if isinstance(value, Need))
    assert (need.quantity.amount, need.quantity.unit, need.quantity.helpers) == (3, Unit.VISIT, 2)


def test_words_of_the_request_make_its_helpers_come_together() -> None:
    found = report("需求内容,需求类别,希望时间,数量", "一起搬衣柜,家具,周二上午,2人")
    (need,) = (value for value in found.values if isinstance(value, Need))
    assert (need.quantity.helpers, need.quantity.together) == (2, True)


def test_so_many_cars_are_so_many_trips() -> None:
    found = report("单位名称,可提供资源,资源类别,数量/容量", "车队,接送老人就医,车辆,2")
    (offer,) = (value for value in found.values if isinstance(value, Resource))
    assert (offer.quantity.amount, offer.quantity.unit) == (2, Unit.TRIP)


def test_a_percentage_that_cannot_be_is_noted_and_kept_as_words() -> None:
    found = report("项目名称,实施单位,进度", "楼道照明,物业,约120%")
    (project,) = (value for value in found.values if isinstance(value, Project))
    assert (project.progress_percent, project.state) == (None, "约120%")
    assert "progress_unreadable" in {one.code for one in found.rows[0].notes}


def test_a_longer_word_that_holds_a_known_one_is_understood() -> None:
    found = report("需求内容,需求类别,希望时间,登记方式", "上门理发,理发,周二上午,网格员走访登记")
    assert [value.channel for value in found.values if isinstance(value, Need)] == ["grid_visit"]


def test_what_a_table_remembers_of_its_phrases_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_reading, "MEMORY_MAX", 1)
    rows = [f"上门理发{at},理发,12月{at}日上午" for at in range(1, 9)]
    found = report("需求内容,需求类别,希望时间", *rows)
    days = [window.starts_at.day for value in found.values for window in getattr(value, "when").windows]  # noqa: B009
    assert days == [*range(1, 9)]


# --- people in two rows ----------------------------------------------------------------------------------------------------


def test_a_joined_row_is_not_compared_with_a_second_time() -> None:
    found = report(
        "姓名,手机,特长,所属队伍",
        "张三,19900000001,理发,A队",
        "张三,19900000001,理发,B队",
        "张三,19900000001,唱歌,C队",
        "李四,19900000001,唱歌,A队",
    )
    assert [row.verdict for row in found.rows] == [
        Verdict.ACCEPTED,
        Verdict.MERGED,
        Verdict.MERGED,
        Verdict.ACCEPTED,
    ]
    first = found.rows[0].value
    assert isinstance(first, VolunteerEntry)
    assert first.teams == ("A队", "B队", "C队")
    assert [one.code for one in found.rows[3].notes if one.code == "phone_shared"] == ["phone_shared"]


# --- answers ---------------------------------------------------------------------------------------------------------------


def test_an_answer_for_a_field_that_takes_one_column_moves_it() -> None:
    (table,) = tables("姓名,手机,特长,别名", "张三,19900000001,理发,老三")
    said = table.answered(TableAnswers(columns={"特长": "skills", "别名": "skills"}))
    assert said.mapping["skills"] == "别名"


def test_a_column_filled_only_far_below_does_not_pass_for_empty() -> None:
    rows = [f"张三{'甲乙丙丁戊己庚辛'[at % 8]}{at},199{at:08d},理发," for at in range(205)]
    (table,) = tables("姓名,手机,特长,说明什么", *rows, "钱二,19900009999,理发,只在这里")
    assert [(one.code, one.column) for one in table.questions] == [("column_unsure", "说明什么")]


@pytest.mark.parametrize(
    "header",
    ["身份证", "身份證號碼", "身分證字號", "身份证后四位", "证件号码（18位）", "志愿者身份证号", "密码", "登录密码", "银行卡号", "工资卡号", "有无过敏", "健康状况", "Password", "National ID", "passportNumber"],
)  # fmt: skip
def test_what_is_never_kept_is_known_by_its_header_however_that_is_written(header: str) -> None:
    text = f"姓名,手机,特长,{header}\n张三,19900000001,理发,私密甲\n李四,19900000002,电工,私密乙\n"
    (table,) = read_file(text.encode(), "名单.csv", filed_on=FILED).tables
    assert [one.column for one in table.left_out if one.why == "sensitive"] == [header]
    assert not table.questions
    assert "私密" not in repr(table)


@pytest.mark.parametrize("number", ["510100199001010011", "51010019900101001X", "A223456789"])
def test_the_number_of_an_identity_card_goes_from_any_cell(number: str) -> None:
    text = f"姓名,手机,特长,备注\n张三,19900000001,理发,证件{number}已看\n"
    (table,) = read_file(text.encode(), "名单.csv", filed_on=FILED).tables
    assert number not in repr(table)
    assert "已看" in repr(table)


def test_a_form_accounts_for_every_cell() -> None:
    text = "服务需求登记,,,\n求助人,鲁奶奶,居住情况,独居\n求助内容,换灯管,希望的时间段,周六下午\n家庭住址,6号楼,,无人的格\n以上情况属实,,,\n"
    (table,) = read_file(text.encode(), "登记.csv", filed_on=FILED).tables
    (row,) = table.rows
    held = {*row.cells.values(), *table.columns, *table.titles, *(one.text for one in table.passed)}
    for line in text.splitlines():
        assert {cell for cell in line.split(",") if cell} <= held
    assert {one.column for one in table.questions} >= {"居住情况"}
