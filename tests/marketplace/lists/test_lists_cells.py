"""Cells as the office sees them, from every kind of file; and files made to hurt, which cost next to nothing."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Font

from marketplace.errors import FileTooLarge, FileUnreadable
from marketplace.lists import ListKind, Workbook, read_file
from marketplace.lists.cells import Cell, CellKind, Sheet, limits, read_cells
from marketplace.lists.cells.formats import shown
from marketplace.lists.headers.claiming import header_words

FILED = date(2026, 11, 24)
HEAD = ["姓名", "手机", "特长"]
ZHANG = ["张三", "19900000001", "理发"]


def sheets(source: bytes, name: str = "list.xlsx") -> list[Sheet]:
    return read_cells(source, name, known=header_words)


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for _, cell in sorted(row.items())] for row in sheet.rows.values()]


def people(found: Workbook) -> list[str]:
    return [getattr(value, "name", "") for report in found.reports() for value in report.values]


def book(*rows: list[Any], change: Any = None) -> bytes:
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    for row in rows:
        page.append(row)
    if change:
        change(made, page)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{}<sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
)


def raw(sheet: str, *, styles: str = "", book_extra: str = "", **parts: str) -> bytes:
    """A workbook put together by hand, as a writer of another make might."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", _TYPES)
        made.writestr("_rels/.rels", _RELS.format("xl/workbook.xml"))
        made.writestr("xl/workbook.xml", _BOOK.format(book_extra))
        made.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELS)
        made.writestr("xl/worksheets/sheet1.xml", sheet)
        if styles:
            made.writestr("xl/styles.xml", styles)
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def inline(*rows: list[str]) -> str:
    body = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    return f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'


# --- workbooks of every writer --------------------------------------------------------------------------------------------


def test_cells_and_rows_without_an_address_count_on() -> None:
    (sheet,) = sheets(raw(inline(HEAD, ZHANG)))
    assert texts(sheet) == [HEAD, ZHANG]
    assert list(sheet.rows) == [1, 2]


def test_an_empty_fill_and_a_broken_styles_part_lose_looks_and_no_values() -> None:
    fill = '<styleSheet xmlns="x"><fills><fill/></fills><cellXfs><xf numFmtId="0" fontId="0"/></cellXfs></styleSheet>'
    assert people(read_file(raw(inline(HEAD, ZHANG), styles=fill), "wps.xlsx", filed_on=FILED)) == ["张三"]
    assert people(
        read_file(raw(inline(HEAD, ZHANG), styles="<styleSheet><cellXfs>"), "x.xlsx", filed_on=FILED)
    ) == ["张三"]


def test_elements_with_a_prefix_are_the_same_elements() -> None:
    plain = inline(HEAD, ZHANG)
    strict = plain.replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace(
        "</worksheet>", "</x:worksheet>"
    )
    for name in ("sheetData", "row", "is", "t"):
        strict = strict.replace(f"<{name}>", f"<x:{name}>").replace(f"</{name}>", f"</x:{name}>")
    strict = strict.replace("<c ", "<x:c ").replace("</c>", "</x:c>")
    (sheet,) = sheets(raw(strict))
    assert texts(sheet) == [HEAD, ZHANG]


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    styles = '<styleSheet xmlns="x"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    body = '<worksheet><sheetData><row r="1"><c r="A1" s="0"><v>44888</v></c></row></sheetData></worksheet>'
    (sheet,) = sheets(raw(body, styles=styles, book_extra='<workbookPr date1904="1"/>'))
    assert sheet.rows[1][0].text == "2026-11-24"


def test_dates_clocks_numbers_and_percentages_are_what_the_office_sees() -> None:
    def looks(_made: Any, page: Any) -> None:
        page["D1"].number_format = '0"人"'
        page["E1"].number_format = "00000"
        page["G1"].number_format = "0%"
        page["H1"].number_format = "0.00"
        page["I1"].number_format = "[h]:mm"

    cells = [
        datetime(2026, 11, 24, 9, 30),
        date(2026, 11, 24),
        clock(8, 30),
        12,
        12,
        19900000001,
        0.6,
        11.1,
        timedelta(hours=36),
    ]
    (sheet,) = sheets(book(cells, change=looks))
    assert texts(sheet) == [
        ["2026-11-24 09:30", "2026-11-24", "08:30", "12人", "00012", "19900000001", "60%", "11.10", "36:00"]
    ]


@pytest.mark.parametrize(
    ("value", "code", "text", "kind"),
    [
        (46350, "yyyy/m/d", "2026-11-24", CellKind.DAY), (46350, 'm"月"d"日"', "2026-11-24", CellKind.DAY), (46350, "aaaa", "2026-11-24", CellKind.DAY),
        (46350, "General", "46350", CellKind.NUMBER), (46350.375, "yyyy-mm-dd hh:mm:ss", "2026-11-24 09:00", CellKind.DAY),
        (0.375, "h:mm AM/PM", "09:00", CellKind.CLOCK), (0.99999, "h:mm", "24:00", CellKind.CLOCK),
        (13900000000.0, "0.00E+00", "13900000000", CellKind.NUMBER), (1.5, "0", "1.5", CellKind.NUMBER), (-3, "0.0", "-3.0", CellKind.NUMBER),
        (7, "#,##0", "7", CellKind.NUMBER), (1234.5, "¥#,##0.00", "¥1234.50", CellKind.NUMBER), (3, "@", "3", CellKind.NUMBER),
        (46350, "[$-804]yyyy年m月d日;@", "2026-11-24", CellKind.DAY), (1.5, "[h]:mm", "36:00", CellKind.TEXT), (46350, "mmm-yy", "2026-11-24", CellKind.DAY),
        (0.1 + 0.2, "General", "0.3", CellKind.NUMBER), (5, '[Red]0"次"', "5次", CellKind.NUMBER),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_format_says(value: float, code: str, text: str, kind: CellKind) -> None:
    assert shown(value, code) == (text, kind)


def test_the_stored_result_of_a_formula_is_read_and_one_without_is_asked_about() -> None:
    body = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="str"><f>UPPER("x")</f><v>姓名</v></c><c r="B1" t="str"><f>A1</f><v>手机</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>李四</t></is></c><c r="B2"><f>VLOOKUP(A2,B:C,2)</f><v>19900000002</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>钱二</t></is></c><c r="B3"><f>VLOOKUP(A3,B:C,2)</f></c></row></sheetData></worksheet>'
    )
    (report,) = read_file(raw(body), "x.xlsx", filed_on=FILED).reports()
    assert [getattr(row.value, "phone", "") for row in report.rows] == ["19900000002", ""]
    assert "phone_characters" in [one.code for one in report.rows[1].reasons]


def test_what_is_hidden_or_struck_out_is_known_in_whole_and_in_part() -> None:
    def change(made: Any, page: Any) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["C"].hidden = True
        for cell in page[4]:
            cell.font = Font(strike=True)
        made.create_sheet("去年").append(["x"])
        made["去年"].sheet_state = "hidden"

    first, last = sheets(book(HEAD, ZHANG, ["李四"], ["王退", "1"], change=change))
    assert (first.hidden_rows, first.hidden_columns, last.hidden) == (frozenset({3}), frozenset({2}), True)
    assert [cell.struck for cell in first.rows[4].values()] == [True, True]
    rich = "<sst><si><r><rPr><strike/></rPr><t>理发</t></r><r><t>陪聊</t></r></si><si><t>注音</t><rPh><t>zhu</t></rPh></si></sst>"
    rels = _BOOK_RELS.replace("/styles", "/sharedStrings").replace("styles.xml", "sharedStrings.xml")
    body = '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row></sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw(body))) as old, zipfile.ZipFile(out, "w") as made:
        for name in old.namelist():
            made.writestr(name, rels if name.endswith("workbook.xml.rels") else old.read(name))
        made.writestr("xl/sharedStrings.xml", rich)
    (sheet,) = sheets(out.getvalue())
    assert sheet.rows[1] == {0: Cell("理发陪聊", CellKind.TEXT, "", False, True), 1: Cell("注音")}


def test_a_chart_sheet_is_passed_over() -> None:
    def change(made: Any, _page: Any) -> None:
        made.create_chartsheet("图表")

    assert [sheet.name for sheet in sheets(book(HEAD, ZHANG, change=change))] == ["Sheet"]


# --- old workbooks, open documents, web tables, text -----------------------------------------------------------------------


def old_book() -> bytes:
    made = xlwt.Workbook()
    page = made.add_sheet("志愿者")
    struck = xlwt.easyxf("font: struck_out on")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(
        (
            [*HEAD, "日期"],
            [*ZHANG, None],
            ["王退", "19900000003", "陪聊", None],
            ["藏起", "19900000004", "唱歌", None],
        )
    ):
        for column, text in enumerate(row):  # type: ignore[arg-type, var-annotated]
            if text is not None:
                page.write(at, column, text, struck if at == 2 else xlwt.Style.default_style)
    page.write(1, 3, datetime(2026, 11, 24), day)
    page.row(3).hidden = True
    hidden = made.add_sheet("去年")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_an_old_workbook_is_read_with_what_is_hidden_and_struck_out() -> None:
    first, last = sheets(old_book(), "list.xls")
    assert texts(first)[1] == [*ZHANG, "2026-11-24"]
    assert (first.hidden_rows, last.hidden) == (frozenset({4}), True)
    assert all(cell.struck for cell in first.rows[3].values())
    report = read_file(old_book(), "list.xls", filed_on=FILED).reports()[0]
    assert [(row.row_number, row.verdict.value) for row in report.rows] == [
        (2, "accepted"),
        (3, "questioned"),
        (4, "questioned"),
    ]


_ODS = """<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">
<office:automatic-styles><style:style style:name="ce1"><style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="名单"><table:table-column table:number-columns-repeated="3"/>
<table:table-row><table:table-cell><text:p>姓名</text:p></table:table-cell><table:table-cell><text:p>手机</text:p></table:table-cell><table:table-cell><text:p>特长</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>张三</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="19900000001"><text:p>19900000001</text:p></table:table-cell><table:table-cell><text:p>理发</text:p><text:p>唱歌</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="filter"><table:table-cell><text:p>藏起</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"/></table:table-row>
<table:table-row><table:table-cell table:style-name="ce1"><text:p>王退</text:p></table:table-cell><table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="2026-11-24T00:00:00"><text:p>24.11.26</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="去年" table:style-name="ta2"><table:table-row><table:table-cell><text:p>x</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(content: str = _ODS) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
    return out.getvalue()


def test_an_open_document_is_read_and_its_repeated_empty_rows_only_counted() -> None:
    first, last = sheets(ods(), "list.ods")
    assert texts(first) == [HEAD, ["张三", "19900000001", "理发\n唱歌"], ["藏起"], ["王退", "2026-11-24"]]
    assert (first.hidden_rows, last.hidden, texts(last)) == (frozenset({3}), True, [["x"]])
    assert first.rows[4][0].struck
    assert people(read_file(ods(), "list.ods", filed_on=FILED)) == ["张三"]


def test_filled_cells_that_a_document_repeats_are_written_out_within_reason() -> None:
    many = _ODS.replace(
        "<table:table-cell><text:p>特长</text:p>",
        '<table:table-cell table:number-columns-repeated="9999"><text:p>特长</text:p>',
    )
    (first, _last) = sheets(ods(many), "list.ods")
    assert len(first.rows[1]) <= limits.REPEATS_MAX + 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_table_under_the_name_of_a_workbook_is_read(encoding: str) -> None:
    said = {"gb18030": "gb2312"}.get(encoding, encoding)
    page = (
        f'<html><head><meta charset="{said}"></head><body><table><thead><tr><th>姓名</th><th>手机</th><th>特长</th></tr></thead>'
        '<tr><td>张三</td><td>19900000001</td><td>理发<br>唱歌</td></tr><tr style="display: none"><td>藏起</td><td>1</td><td>x</td></tr>'
        "<tr><td><s>王退</s></td><td><s>19900000003</s></td><td><del>陪聊</del></td></tr></table></body></html>"
    )
    (sheet,) = sheets(page.encode(encoding), "list.xls")
    assert texts(sheet)[:2] == [HEAD, ["张三", "19900000001", "理发\n唱歌"]]
    assert sheet.hidden_rows == frozenset({3})
    assert all(cell.struck for cell in sheet.rows[4].values())


def test_cells_of_a_web_table_that_span_rows_stand_in_each() -> None:
    page = "<table><tr><td>单位名称</td><td>可提供资源</td></tr><tr><td rowspan=2>实验小学</td><td>音乐教室</td></tr><tr><td>操场</td></tr></table>"
    (report,) = read_file(page.encode(), "x.xls", filed_on=FILED).reports()
    assert [(getattr(value, "owner", ""), getattr(value, "title", "")) for value in report.values] == [
        ("实验小学", "音乐教室"),
        ("实验小学", "操场"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(
        delimiter.join(row)
        for row in (
            ["姓名", "手机", "愿意服务的时间"],
            ["张三", "19900000001", "周二上午"],
            ["李四", "19900000002", "周四"],
        )
    )
    assert people(read_file(text.encode(encoding), "x.csv", filed_on=FILED)) == ["张三", "李四"]


def test_big5_is_told_from_gb18030_by_the_words_of_its_header() -> None:
    text = "姓名,聯絡電話,專長\n張三,0912345678,理髮\n"
    assert people(read_file(text.encode("big5"), "x.csv", filed_on=FILED)) == ["張三"]


def test_a_file_that_names_its_separator_is_believed() -> None:
    assert people(read_file("sep=;\n姓名;特长\n张三;理发\n".encode(), "x.csv", filed_on=FILED)) == ["张三"]


# --- refused, with the way out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"%PDF-1.7 ...", "pdf"), (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"), (b"\x89PNG\r\n", "picture"), (b"PK\x03\x04 broken", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "broken"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml_2003"), (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web_archive"),
        (b"\x00\x01\x02\xff\xfe", "binary"), (b"\xff\xff\xff\xff\x80", "encoding"), (b"{\\rtf1", "document"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_way_out_in_both_languages(source: bytes, why: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        sheets(source, "文件.xlsx")
    assert refused.value.why == why
    assert "文件.xlsx" in refused.value.sentence("zh")
    assert "please" in refused.value.sentence("en")


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "why"), [("word/document.xml", "document"), ("a.txt", "zip"), ("xl/workbook.bin", "xlsb")]
)
def test_other_archives_are_named_for_what_they_are(name: str, why: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        sheets(zipped(**{name: "x"}))
    assert refused.value.why == why


def test_entities_are_refused() -> None:
    bomb = inline(HEAD, ["&a;", "1", "2"]).replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "lol">]><worksheet')
    with pytest.raises(FileUnreadable):
        sheets(raw(bomb))


# --- files made to hurt: counted, not timed -------------------------------------------------------------------------------------


def cost(source: bytes) -> tuple[int, float]:
    """Peak bytes and cpu seconds of reading."""
    read_file(raw(inline(HEAD, ZHANG)), "warm.xlsx", filed_on=FILED)
    tracemalloc.start()
    began = time.process_time()
    read_file(source, "x.xlsx", filed_on=FILED)
    spent = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, spent


@pytest.mark.parametrize(
    "corner",
    [
        '<row r="1048576"><c r="A1048576"/></row>', '<row r="20000"><c r="XFD20000" s="3"/></row>',
        '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><sheetData>',
    ],
)  # fmt: skip
def test_a_ghost_row_a_corner_cell_and_a_merge_over_everything_cost_nothing(corner: str) -> None:
    peak, _spent = cost(raw(inline(HEAD, ZHANG).replace("</sheetData>", f"{corner}</sheetData>")))
    assert peak < 5_000_000


def test_a_filled_cell_in_the_last_column_is_refused() -> None:
    far = inline(HEAD, ZHANG).replace(
        "</sheetData>", '<row r="9"><c r="XFD9" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    with pytest.raises(FileTooLarge):
        sheets(raw(far))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(ods(_ODS.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="99999"><table:table-cell table:number-columns-repeated="999"><text:p>x</text:p></table:table-cell></table:table-row><table:table-row>' * 40)), id="filled cells that come again and again"),
        pytest.param(("<table>" + ("<tr>" + "<td rowspan=300>x</td>" * 290 + "</tr>") * 9 + "</table>").encode(), id="cells of a page that run down"),
        pytest.param(raw(inline(HEAD, ZHANG).replace("</sheetData>", '<row spans="1:16384" customFormat="1"/>' * 60_000 + "</sheetData>")), id="a small file that unpacks to a large one"),
        pytest.param(raw(inline(HEAD, ZHANG), styles="<styleSheet><cellXfs>" + '<xf numFmtId="0" fontId="0" fillId="0"/>' * 60_000 + "</cellXfs></styleSheet>"), id="more formats than any program has"),
        pytest.param(raw(inline(*[row for at in range(502) for row in ([*HEAD[:2], "特长" if at % 2 else "队伍"], ZHANG)])), id="hundreds of headers"),
    ],
)  # fmt: skip
def test_a_few_thousand_bytes_made_to_grow_are_refused_before_they_cost_anything(
    source: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPACKED_FREE", 500_000)
    assert len(source) < 60_000
    tracemalloc.start()
    with pytest.raises(FileTooLarge):
        read_file(source, "x", filed_on=FILED)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


def test_a_month_of_ticks_that_a_document_repeats_is_no_bomb() -> None:
    row = '<table:table-row><table:table-cell><text:p>张{}</text:p></table:table-cell><table:table-cell table:number-columns-repeated="30"><text:p>√</text:p></table:table-cell></table:table-row>'
    many = _ODS.replace(
        "<table:table-row>", "".join(row.format(at) for at in range(2_000)) + "<table:table-row>", 1
    )
    (first, _last) = sheets(ods(many), "list.ods")
    assert sum(len(cells) for cells in first.rows.values()) > 60_000


def test_a_cell_as_long_as_a_book_is_cut_and_counted() -> None:
    (sheet,) = sheets(raw(inline(HEAD, ["张三", "1", "长" * 9_000])))
    assert (len(sheet.rows[2][2].text), sheet.cut) == (limits.LETTERS_MAX, 1)


def test_too_many_merges_parts_and_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MERGES_MAX", 2)
    merges = "".join(f'<mergeCell ref="A{at}:B{at}"/>' for at in range(1, 5))
    with pytest.raises(FileTooLarge):
        sheets(
            raw(inline(HEAD, ZHANG).replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>"))
        )
    monkeypatch.setattr(limits, "CELLS_MAX", 4)
    with pytest.raises(FileTooLarge):
        sheets(raw(inline(HEAD, ZHANG)))
    assert read_file(b"", "x.csv", filed_on=FILED).tables == ()
    assert ListKind.UNKNOWN == "unknown"  # type: ignore[comparison-overlap]
