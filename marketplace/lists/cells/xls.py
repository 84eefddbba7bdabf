"""Old workbooks (xls), read by xlrd: it alone keeps hidden and struck-out rows and error values apart."""

from __future__ import annotations

import io
from typing import Protocol

from marketplace.errors import FileUnreadable
from marketplace.lists.cells.formats import plain_number, shown
from marketplace.lists.cells.limits import Meter
from marketplace.lists.cells.values import Cell, CellKind, Rectangle, Sheet

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class _Xf(Protocol):
    format_key: int
    font_index: int


class _Book(Protocol):
    """What of xlrd's workbook is used."""

    datemode: int
    xf_list: list[_Xf]
    font_list: list[object]
    format_map: dict[int, object]

    def sheets(self) -> list[_Page]: ...


class _Page(Protocol):
    name: str
    nrows: int
    visibility: int
    merged_cells: list[tuple[int, int, int, int]]
    rowinfo_map: dict[int, object]
    colinfo_map: dict[int, object]

    def row_len(self, row: int) -> int: ...
    def cell_type(self, row: int, column: int) -> int: ...
    def cell_value(self, row: int, column: int) -> object: ...
    def cell_xf_index(self, row: int, column: int) -> int: ...


def read_xls(source: bytes, meter: Meter) -> list[Sheet]:
    """The sheets of an old workbook.

    Raises:
        FileUnreadable: broken, no workbook, or locked with a password. FileTooLarge: beyond `limits`.
    """
    # Imported here: importing the package must not load a spreadsheet library.
    import xlrd

    if "EncryptedPackage".encode("utf-16-le") in source:
        raise FileUnreadable(filename=meter.filename, why="password")
    try:
        book: _Book = xlrd.open_workbook(
            file_contents=source, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        pages = book.sheets()
    except Exception as error:  # xlrd lets many kinds of exception out of a broken file
        why = "password" if "encrypted" in str(error).casefold() else "broken"
        raise FileUnreadable(filename=meter.filename, why=why) from error
    return [_sheet(book, page, number, meter) for number, page in enumerate(pages)]


def _sheet(book: _Book, page: _Page, number: int, meter: Meter) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    for row in range(page.nrows):
        cells: dict[int, Cell] = {}
        for column in range(page.row_len(row)):
            kind = page.cell_type(row, column)
            if kind in (_EMPTY, _BLANK):
                continue
            cell = _cell(book, page, row, column, kind, meter)
            if cell.text:
                meter.cell(number, row, column)
                cells[column] = cell
        if cells:
            rows[row + 1] = cells
    for _ in page.merged_cells:
        meter.merge()
    return Sheet(
        name=page.name,
        rows=rows,
        hidden=page.visibility != 0,
        merges=tuple(
            Rectangle(top + 1, left, bottom, right - 1) for top, bottom, left, right in page.merged_cells
        ),
        hidden_rows=frozenset(at + 1 for at, one in page.rowinfo_map.items() if getattr(one, "hidden", 0)),
        hidden_columns=frozenset(at for at, one in page.colinfo_map.items() if getattr(one, "hidden", 0)),
        cut=meter.cut,
    )


def _cell(book: _Book, page: _Page, row: int, column: int, kind: int, meter: Meter) -> Cell:
    value = page.cell_value(row, column)
    code, struck = _look(book, page.cell_xf_index(row, column))
    if kind in (_NUMBER, _DATE) and isinstance(value, float):
        if code == "General":
            return Cell(plain_number(value), CellKind.NUMBER, "", struck)
        text, of = shown(value, code, base_1904=bool(book.datemode))
        return Cell(text, of, "", struck)
    if kind == _BOOLEAN:
        return Cell("是" if value else "否", CellKind.BOOLEAN, "", struck)
    if kind == _ERROR:
        return Cell(_ERRORS.get(int(str(value)), "#N/A"), CellKind.ERROR, "", struck)
    return Cell(meter.kept(str(value).replace("\r\n", "\n")), CellKind.TEXT, "", struck)


def _look(book: _Book, at: int) -> tuple[str, bool]:
    """(format code, struck out) of a cell's style."""
    if not 0 <= at < len(book.xf_list):
        return "General", False
    xf = book.xf_list[at]
    known = book.format_map.get(xf.format_key)
    fonts = book.font_list
    font = fonts[xf.font_index] if xf.font_index < len(fonts) else None
    return str(getattr(known, "format_str", "General")), bool(getattr(font, "struck_out", 0))
