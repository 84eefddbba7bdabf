"""Files as offices keep them, turned into tables of text: xlsx with titles and merged cells, csv in any usual encoding.

Every cell becomes text as a person would read it; nothing is interpreted here. Broken, foreign and oversized files are
refused as a whole, with the reason.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path, PurePath
from typing import Any

from marketplace.errors import FileTooLarge, FileUnreadable
from marketplace.lists.columns import recognise
from marketplace.lists.dates import date_in
from marketplace.lists.report import ListKind, SourceRow, Table, Workbook
from marketplace.values import Calendar

BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 300 * 1024 * 1024
ROWS_MAX = 100_000
COLUMNS_MAX = 200
HEADER_WITHIN_ROWS = 20

Grid = list[tuple[int, list[str]]]


def read_file(
    source: str | Path | bytes, filename: str = "", *, filed_on: date, calendar: Calendar | None = None
) -> Workbook:
    """The tables of a file with their columns recognised; empty sheets are left out.

    Args:
        source: a path, or the bytes of an uploaded file.
        filename: shown in reports; its ending does not matter, the content decides.
        filed_on: the day to count from where neither the sheet nor the row names one.
        calendar: workdays and holidays; the mainland's public calendar when left out.

    Raises:
        FileUnreadable: neither a workbook nor text in UTF-8, UTF-16 or GB18030.
        FileTooLarge: more than BYTES_MAX bytes or ROWS_MAX rows.
    """
    if not isinstance(source, bytes):
        filename = filename or Path(source).name
        source = _bytes_of(Path(source), filename)
    if len(source) > BYTES_MAX:
        raise FileTooLarge(filename=filename, most=f"{BYTES_MAX // 1024 // 1024} MB")
    sheets = _xlsx(source, filename) if source[:4] == b"PK\x03\x04" else _csv(source, filename)
    tables = [_table(sheet, grid, filename, filed_on) for sheet, grid in sheets if grid]
    return Workbook(filename=filename, tables=tuple(tables), calendar=calendar)


def _bytes_of(path: Path, filename: str) -> bytes:
    try:
        if path.stat().st_size > BYTES_MAX:
            raise FileTooLarge(filename=filename, most=f"{BYTES_MAX // 1024 // 1024} MB")
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(filename=filename, why=error.strerror or "i/o") from error


def _xlsx(source: bytes, filename: str) -> list[tuple[str, Grid]]:
    # Imported here: importing the package must not load a spreadsheet library.
    import openpyxl

    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(source)).infolist())
        if unpacked > UNPACKED_BYTES_MAX:
            raise FileTooLarge(filename=filename, most=f"{UNPACKED_BYTES_MAX // 1024 // 1024} MB")
        book = openpyxl.load_workbook(io.BytesIO(source), data_only=False)
    except FileTooLarge:
        raise
    except Exception as error:  # openpyxl lets many kinds of exception out of a broken file
        raise FileUnreadable(filename=filename, why="xlsx") from error
    return [(str(sheet.title), _sheet_grid(sheet, filename)) for sheet in book.worksheets]


def _sheet_grid(sheet: Any, filename: str) -> Grid:
    """The non-empty rows of a sheet; a cell merged over several rows is filled in for each of them."""
    cells = [[cell_text(value) for value in row[:COLUMNS_MAX]] for row in sheet.iter_rows(values_only=True)]
    if sum(map(any, cells)) > ROWS_MAX:
        raise FileTooLarge(filename=filename, most=f"{ROWS_MAX} 行/rows")
    for area in sheet.merged_cells.ranges:
        if area.max_row > area.min_row and area.min_row <= len(cells):
            text = cells[area.min_row - 1][area.min_col - 1] if area.min_col <= COLUMNS_MAX else ""
            for row in range(area.min_row, min(area.max_row, len(cells))):
                cells[row][area.min_col - 1] = text
    return _numbered(cells)


def cell_text(value: object) -> str:
    """A cell as a person reads it: dates as 2026-11-02, 3.0 as 3, nothing as ""."""
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).replace("\r\n", "\n").strip(" \u3000\n")


def _csv(source: bytes, filename: str) -> list[tuple[str, Grid]]:
    text = decoded(source, filename)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    cells: list[list[str]] = []
    try:
        for row in reader:
            cells.append([cell_text(cell) for cell in row[:COLUMNS_MAX]])
            if len(cells) > ROWS_MAX:
                raise FileTooLarge(filename=filename, most=f"{ROWS_MAX} 行/rows")
    except csv.Error as error:
        raise FileUnreadable(filename=filename, why="csv") from error
    return [(PurePath(filename).stem or "csv", _numbered(cells))]


def decoded(source: bytes, filename: str) -> str:
    """The text of a csv file in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030."""
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\x00" in source:
        raise FileUnreadable(filename=filename, why="binary")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(filename=filename, why="encoding")


def _delimiter(text: str) -> str:
    sample = text[:10_000]
    return max((",", "\t", ";"), key=sample.count)


def _numbered(cells: Sequence[Sequence[str]]) -> Grid:
    return [(number, list(row)) for number, row in enumerate(cells, start=1) if any(row)]


def _table(sheet: str, grid: Grid, filename: str, filed_on: date) -> Table:
    """The table of a sheet: its header is the row among the first that names most fields of a list."""
    best: tuple[int, int, ListKind, dict[str, str]] = (0, 0, ListKind.UNKNOWN, {})
    for at, (_, row) in enumerate(grid[:HEADER_WITHIN_ROWS]):
        context = " ".join([filename, sheet, *(cell for _, above in grid[:at] for cell in above)])
        kind, mapping = recognise(_unique(row), context)
        if len(mapping) > best[0]:
            best = (len(mapping), at, kind, mapping)
    _, at, kind, mapping = best
    columns = _unique(grid[at][1])
    titles = tuple(" ".join(filter(None, _without_repeats(row))) for _, row in grid[:at])
    return Table(
        sheet=sheet,
        kind=kind,
        titles=titles,
        columns=tuple(column for column in columns if column),
        mapping=mapping,
        rows=tuple(_source_row(number, row, columns) for number, row in grid[at + 1 :]),
        filed_on=_filed_on(titles, filed_on),
        filename=filename,
    )


def _source_row(number: int, row: Sequence[str], columns: Sequence[str]) -> SourceRow:
    """A row by column name; cells beyond the header are kept under their own column number."""
    cells = {
        name or f"#{at + 1}": cell
        for at, (name, cell) in enumerate(zip(columns, row, strict=False))
        if name or cell
    }
    cells.update({f"#{at + 1}": cell for at, cell in enumerate(row) if at >= len(columns) and cell})
    return SourceRow(number=number, cells=cells)


def _unique(row: Sequence[str]) -> list[str]:
    """Column names, repeated ones numbered (备注, 备注 2)."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for cell in row:
        name = re.sub(r"\s+", "", cell) if not cell.isascii() else cell.strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} {seen[name]}" if name and seen[name] > 1 else name)
    return names


def _without_repeats(row: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(row))


def _filed_on(titles: Sequence[str], filed_on: date) -> date:
    """The day a title names in full (填报时间:2026年11月18日), else the caller's."""
    for title in titles:
        found = re.search(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}", title)
        on = date_in(found[0], filed_on=filed_on) if found else None
        if on is not None:
            return on
    return filed_on
