"""What a cell can be beside plain text, in each kind of file: results, errors, ticks, struck words, covered and merged cells."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlwt

from marketplace.errors import FileTooLarge, FileUnreadable
from marketplace.lists import Verdict, read_file
from marketplace.lists.cells import CellKind, ods, xlsx
from marketplace.lists.cells.formats import shown
from marketplace.lists.cells.values import Rectangle
from tests.marketplace.lists.test_lists_cells import FILED, HEAD, ZHANG, inline, raw, sheets, texts, zipped
from tests.marketplace.lists.test_lists_cells import ods as document

_ODS = """<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">
<office:automatic-styles><style:style style:name="T1"><style:text-properties style:text-line-through-type="single"/></style:style>
<style:style style:name="T2"><style:text-properties style:text-line-through-style="none"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="名单">
<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>
<table:table-row><table:table-cell table:number-columns-spanned="3"><text:p>志愿者<text:s text:c="2"/>名单</text:p></table:table-cell><table:covered-table-cell/><table:covered-table-cell/></table:table-row>
<table:table-row><table:table-cell><text:p>李<text:span text:style-name="T1">四</text:span></text:p></table:table-cell><table:table-cell><text:p><text:span text:style-name="T1">作废</text:span></text:p></table:table-cell><table:table-cell><text:p><text:span text:style-name="T2">理发</text:span><text:line-break/>唱歌</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>#N/A</text:p></table:table-cell><table:table-cell office:value-type="boolean"><text:p>TRUE</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_keeps_struck_words_breaks_merges_and_hidden_columns_apart() -> None:
    (sheet,) = sheets(document(_ODS), "list.ods")
    assert sheet.rows[1][0].text == "志愿者  名单"
    assert (sheet.merges, sheet.hidden_columns) == (
        (Rectangle(1, 0, 1, 2), Rectangle(3, 0, 4, 0)),
        frozenset({1, 2}),
    )
    part, whole, plain = sheet.rows[2].values()
    assert (part.text, part.struck, part.partly_struck) == ("李四", False, True)
    assert (whole.struck, whole.partly_struck) == (True, False)
    assert (plain.text, plain.struck, plain.partly_struck) == ("理发\n唱歌", False, False)
    assert [cell.kind for cell in sheet.rows[3].values()] == [CellKind.ERROR, CellKind.BOOLEAN]


def test_an_old_workbook_keeps_ticks_errors_merges_and_rich_numbers() -> None:
    made = xlwt.Workbook()
    page = made.add_sheet("名单")
    page.write_merge(0, 0, 0, 2, "志愿者名单")
    for column, text in enumerate(HEAD):
        page.write(1, column, text)
    page.write(2, 0, "张三")
    page.write(2, 1, 19900000001)
    page.write(2, 2, True)
    page.row(3).set_cell_error(0, 42)
    page.row(3).set_cell_blank(1)
    page.write(4, 0, "   ")
    out = io.BytesIO()
    made.save(out)
    (sheet,) = sheets(out.getvalue(), "list.xls")
    assert texts(sheet) == [["志愿者名单"], HEAD, ["张三", "19900000001", "是"], ["#N/A"]]
    assert sheet.merges == (Rectangle(1, 0, 1, 2),)
    assert sheet.rows[4][0].kind is CellKind.ERROR
    assert list(sheet.rows) == [1, 2, 3, 4]


def test_a_workbook_keeps_ticks_errors_and_days_written_out() -> None:
    body = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#REF!</v></c>'
        '<c r="D1" t="d"><v>2026-11-24T00:00:00Z</v></c><c r="E1"><v>12x</v></c><c r="F1"><v>NaN</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="somewhere"/><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
    )
    (sheet,) = sheets(raw(body))
    assert texts(sheet) == [["是", "否", "#REF!", "2026-11-24", "12x"]]
    assert [cell.kind for cell in sheet.rows[1].values()][2:4] == [CellKind.ERROR, CellKind.DAY]
    assert sheet.merges == (Rectangle(1, 0, 1, 1),)


@pytest.mark.parametrize(
    ("value", "code", "text", "kind"),
    [
        (46350, "mm", "2026-11-24", CellKind.DAY),  # a month alone is a day of it
        (7, '"第"', "7", CellKind.NUMBER),  # a format without digits says nothing of the number
        (0.0, "yyyy-mm-dd", "0", CellKind.NUMBER),  # day zero is no day
        (
            19900000001,
            "000-0000-0000",
            "19900000001",
            CellKind.NUMBER,
        ),  # signs between the digits of a telephone
        (
            20261124,
            '0000"年"00"月"00"日"',
            "20261124",
            CellKind.NUMBER,
        ),  # or of a day, which its column then reads
        (0.5, "# ?/?", "0.5", CellKind.NUMBER),
        (1e16, "0.0", "1e+16", CellKind.NUMBER),
    ],
)
def test_formats_that_say_little_leave_the_number_alone(
    value: float, code: str, text: str, kind: CellKind
) -> None:
    assert shown(value, code) == (text, kind)


def test_a_web_table_with_struck_and_nested_parts_keeps_its_own_cells() -> None:
    page = (
        "<!doctype html><body>words before</table><table><tr><th>姓名<th>手机<th>特长<tr><td><s>王退</s><td>1<br>2<td>"
        "<table><tr><td>inside</td></tr></table></td><tr><td colspan=2></td><td>理发</td></tr></table> words after"
    )
    found = sheets(page.encode(), "list.xls")
    rows = next(one.rows for one in found if one.rows)
    assert [cell.text for cell in rows[1].values()] == HEAD
    assert rows[2][0].struck
    assert rows[2][1].text == "1\n2"
    assert rows[3][2].text == "理发"


def test_archives_of_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "PARTS_MAX", 3)
    monkeypatch.setattr(ods, "PARTS_MAX", 1)
    for source, name in ((raw(inline(HEAD, ZHANG)), "x.xlsx"), (document(), "x.ods")):
        with pytest.raises(FileTooLarge) as refused:
            sheets(source, name)
        assert "parts" in str(refused.value)


def test_a_workbook_may_name_its_parts_from_above() -> None:
    source = zipped(
        **{
            "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="deep/../xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../xl/./sheet.xml"/></Relationships>',
            "xl/sheet.xml": inline(HEAD, ZHANG),
        }
    )
    (sheet,) = sheets(source)
    assert texts(sheet) == [HEAD, ZHANG]


def test_text_that_turns_into_bytes_further_down_is_no_text() -> None:
    source = ("姓名,手机\n" + "张三,19900000001\n" * 400).encode() + b"\x00\x01"
    with pytest.raises(FileUnreadable) as refused:
        read_file(source, "list.csv", filed_on=FILED)
    assert refused.value.why == "binary"


def test_error_and_partly_struck_rows_wait_for_a_person() -> None:
    (report,) = read_file(document(_STRUCK), "list.ods", filed_on=date(2026, 11, 24)).reports()
    assert [(row.row_number, row.verdict, row.reasons[0].code) for row in report.questioned] == [
        (2, Verdict.QUESTIONED, "row_partly_struck"),
        (3, Verdict.QUESTIONED, "row_error"),
    ]
    assert [row.row_number for row in report.accepted] == [4]


_STRUCK = """<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">
<office:automatic-styles><style:style style:name="T1"><style:text-properties style:text-line-through-type="single"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="名单">
<table:table-row><table:table-cell><text:p>姓名</text:p></table:table-cell><table:table-cell><text:p>手机</text:p></table:table-cell><table:table-cell><text:p>特长</text:p></table:table-cell><table:table-cell><text:p>所属队伍</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>李<text:span text:style-name="T1">四</text:span></text:p></table:table-cell><table:table-cell><text:p>19900000002</text:p></table:table-cell><table:table-cell><text:p>唱歌</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>钱二</text:p></table:table-cell><table:table-cell><text:p>#N/A</text:p></table:table-cell><table:table-cell><text:p>唱歌</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>张三</text:p></table:table-cell><table:table-cell><text:p>19900000001</text:p></table:table-cell><table:table-cell><text:p>理发</text:p></table:table-cell><table:table-cell><text:p>理发队</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
