"""Lists written back: safe in spreadsheet programs, private cells left out, and readable again with the same keys."""

import csv
import io
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lists import ImportReport, ListKind, csv_of, read_file, xlsx_of
from marketplace.lists.export import table_of
from marketplace.values import Need

FILES = Path(__file__).parents[3] / "examples" / "data" / "lists"
FILED_ON = date(2026, 11, 18)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@cache
def given_reports() -> list[ImportReport]:
    return [
        report for path in sorted(FILES.iterdir()) for report in read_file(path, filed_on=FILED_ON).reports()
    ]


def cells(source: bytes) -> list[str]:
    """Every cell of an exported csv or workbook."""
    if source[:2] == b"PK":
        book = openpyxl.load_workbook(io.BytesIO(source))
        return [
            str(cell.value)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    return [cell for row in csv.reader(io.StringIO(source.decode("utf-8-sig"))) for cell in row]


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
@pytest.mark.parametrize("report", given_reports(), ids=lambda report: f"{report.filename}-{report.kind}")
def test_a_list_written_and_read_again_has_the_same_keys(write, report: ImportReport) -> None:
    source = write(report.kind, report.values, private=True)
    again = read_file(source, report.filename.split(".")[0], filed_on=FILED_ON).reports()
    assert [one.kind for one in again] == [report.kind]
    plain = [value for value in report.values if not getattr(value, "name", "").startswith("'")]
    kept = [value.line_key for value in again[0].values]
    assert set(kept) >= {value.line_key for value in plain if getattr(value, "phone", "x")}
    assert len(kept) == len(report.values)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("report", given_reports(), ids=lambda report: f"{report.filename}-{report.kind}")
def test_every_column_of_an_export_is_known_again_in_either_language(lang: str, report: ImportReport) -> None:
    source = csv_of(report.kind, report.values, private=True, lang=lang)
    (table,) = read_file(source, "export", filed_on=FILED_ON).tables
    assert (table.kind, table.questions, table.left_out) == (report.kind, (), ())
    assert set(table.mapping) >= {name for name in report.mapping if name != "number"}


def test_stays_survive_the_way_out_and_back() -> None:
    sheet = "夜巡签到表,,\n2026年11月17日,,\n姓名,签到,签退\n李四,22:00,次日1:00\n钱二,20:00,22:00\n"
    lengths = "日期,姓名,活动名称,服务时长(小时)\n2026-11-17,李四,清洁,2\n"
    for text in (sheet, lengths):
        (report,) = read_file(text.encode(), "s.csv", filed_on=FILED_ON).reports()
        (again,) = read_file(csv_of(report.kind, report.values), "export", filed_on=FILED_ON).reports()
        assert again.values == report.values


def test_times_and_quantities_survive_the_way_out_and_back() -> None:
    report = next(one for one in given_reports() if one.kind is ListKind.NEEDS)
    again = read_file(
        xlsx_of(ListKind.NEEDS, report.values, private=True), "needs", filed_on=FILED_ON
    ).reports()[0]
    for before, after in zip(report.values, again.values, strict=True):
        assert isinstance(before, Need)
        assert isinstance(after, Need)
        assert (before.when, before.quantity, before.urgency, before.categories) == (
            after.when,
            after.quantity,
            after.urgency,
            after.categories,
        )


def test_english_lists_have_english_columns_words_and_times() -> None:
    report = next(one for one in given_reports() if one.kind is ListKind.NEEDS)
    rows = table_of(ListKind.NEEDS, report.values, lang="en")
    assert rows[0][:5] == ["No.", "Source", "Place", "Category", "Need"]
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Category"] == "Shopping and errands"
    assert first["When"] == "every Tuesday and Friday morning 8:00–12:00"
    assert first["Urgency"] == "normal"
    again = read_file(csv_of(ListKind.NEEDS, report.values, lang="en"), "needs", filed_on=FILED_ON).reports()[
        0
    ]
    assert (again.kind, len(again.values)) == (ListKind.NEEDS, 24)
    assert not again.refused


def test_private_cells_stay_out_unless_asked_for() -> None:
    for report in given_reports():
        public = " ".join(cells(csv_of(report.kind, report.values)))
        for secret in ("糖尿病", "女儿(外地)", "19900000001", "五楼无电梯", "公卫科"):
            assert secret not in public
    needs = next(one for one in given_reports() if one.kind is ListKind.NEEDS)
    assert "糖尿病" in " ".join(cells(csv_of(ListKind.NEEDS, needs.values, private=True)))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(DANGEROUS),
    st.text(alphabet="=+-@ABC1|!'()\"甲乙\t\r\n", max_size=12),
    st.sampled_from(["title", "served", "contact"]),
)
def test_no_exported_cell_can_be_run(start: str, rest: str, name: str) -> None:
    need = Need(**{"line_key": "n-1", "title": "x", "filed_on": FILED_ON, name: start + rest})
    for source in (
        csv_of(ListKind.NEEDS, [need], private=True),
        xlsx_of(ListKind.NEEDS, [need], private=True),
    ):
        assert not [cell for cell in cells(source) if cell.startswith(DANGEROUS)]


def test_workbooks_hold_text_only_no_formula_and_no_link() -> None:
    need = Need(line_key="n-1", title="=1+1", served="http://example.org", filed_on=FILED_ON)
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(ListKind.NEEDS, [need], title="=x"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert sheet["A1"].value == "'=x"


def test_an_empty_list_is_a_header() -> None:
    assert cells(csv_of(ListKind.PROJECTS, []))[:3] == ["序号", "项目名称", "实施单位"]
    assert len(cells(xlsx_of(ListKind.PROJECTS, []))) == 1 + 8
