"""A file of an office becomes a workbook: cells, then the tables on its sheets, then their columns in the fields of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from pathlib import Path

from marketplace.errors import FileTooLarge, FileUnreadable
from marketplace.lists.cells import limits, read_cells
from marketplace.lists.dates import date_in
from marketplace.lists.headers.claiming import header_words, is_sensitive
from marketplace.lists.kinds import ListKind
from marketplace.lists.regions import ASKED, Region, RowState, regions_of
from marketplace.lists.table import MASKED, Passed, SourceRow, Table, TableAnswers, read_again
from marketplace.lists.workbook import Workbook
from marketplace.values import SHANGHAI, Calendar

_LINES = ASKED | {RowState.LINE}
_DITTO = frozenset({"同上", "同前", "〃", "″", "ditto", "do.", "同上行"})
_LINE_LENGTH_MAX = 80
_IDENTITY = re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|[A-Z][12]\d{8})(?![\dA-Za-z])")


def read_file(
    source: str | Path | bytes,
    filename: str = "",
    *,
    filed_on: date,
    calendar: Calendar | None = None,
    zone: tzinfo = SHANGHAI,
    remembered: Sequence[TableAnswers] = (),
) -> Workbook:
    """The tables of a file with their columns recognised; empty sheets are left out.

    Args:
        source: a path, or the bytes of an uploaded file.
        filename: shown in reports; its ending does not matter, the content decides.
        filed_on: the day to count from where neither the sheet nor the row names one; nothing later has happened yet.
        calendar: workdays and holidays; the mainland's public calendar when left out.
        zone: where the clocks of the file tick.
        remembered: what was said of earlier files.

    Raises:
        FileUnreadable: no table in it; the sentence says what it is instead and what to do.
        FileTooLarge: more bytes, rows, columns or cells than a list has.
    """
    if not isinstance(source, bytes):
        filename = filename or Path(source).name
        source = _bytes_of(Path(source), filename)
    tables: list[Table] = []
    sheets = read_cells(source, filename, known=header_words)
    for sheet in sheets:
        regions = regions_of(sheet)
        for number, region in enumerate(regions, start=1):
            name = sheet.name if number == 1 else f"{sheet.name} #{number}"
            if len(tables) >= limits.TABLES_MAX:
                raise FileTooLarge(filename=filename, most=f"{limits.TABLES_MAX} 张表/tables")
            tables.append(_table(name, region, filename, filed_on))
    workbook = Workbook(
        filename=filename,
        tables=tuple(tables),
        calendar=calendar,
        zone=zone,
        cut=max((sheet.cut for sheet in sheets), default=0),
    )
    return workbook.remembered(remembered) if remembered else workbook


def _bytes_of(path: Path, filename: str) -> bytes:
    try:
        if path.stat().st_size > limits.BYTES_MAX:
            raise FileTooLarge(filename=filename, most=f"{limits.BYTES_MAX // 1024 // 1024} MB")
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(filename=filename, why=error.strerror or "i/o") from error


def _table(sheet: str, region: Region, filename: str, read_on: date) -> Table:
    table = read_again(
        Table(
            sheet=sheet,
            kind=ListKind.UNKNOWN,
            titles=region.titles,
            columns=tuple(region.columns.values()),
            rows=tuple(_without_ditto(_source_rows(region))),
            passed=tuple(_passed(region)),
            hidden_columns=tuple(sorted(region.hidden)),
            filed_on=_filed_on(region.titles, read_on),
            read_on=read_on,
            filename=filename,
        )
    )
    return _without_sensitive(table)


def _without_sensitive(table: Table) -> Table:
    """The table without what is never kept: its sensitive columns, and identity numbers inside other cells."""
    gone = {one.column for one in table.left_out if one.why == "sensitive"}
    # A table nobody recognised yet has no columns left out; its sensitive ones are known by their headers all the same.
    gone |= {name for name in table.columns if is_sensitive(name)}
    rows = tuple(
        replace(row, cells={name: _masked(text) for name, text in row.cells.items() if name not in gone})
        for row in table.rows
    )
    return replace(table, rows=rows)


def _masked(text: str) -> str:
    return _IDENTITY.sub(MASKED, text) if len(text) >= 10 else text


def _source_rows(region: Region) -> Iterable[SourceRow]:
    for row in region.rows:
        if row.state in _LINES:
            cells = {name: row.cells.get(place, "") for place, name in region.columns.items()}
            kept = {name: text for name, text in cells.items() if text or not name.startswith("#")}
            yield SourceRow(number=row.number, cells=kept, state=row.state)


def _passed(region: Region) -> Iterable[Passed]:
    for row in region.rows:
        if row.state not in _LINES:
            text = " ".join(text for _, text in sorted(row.cells.items()) if text)
            yield Passed(number=row.number, why=row.state, text=text[:_LINE_LENGTH_MAX])


def _without_ditto(rows: Iterable[SourceRow]) -> Iterable[SourceRow]:
    """同上 stands for the cell above."""
    above: dict[str, str] = {}
    for row in rows:
        if any(text.strip().casefold() in _DITTO for text in row.cells.values()):
            cells = {
                name: above.get(name, "") if text.strip().casefold() in _DITTO else text
                for name, text in row.cells.items()
            }
            row = replace(row, cells=cells)
        above = dict(row.cells)
        yield row


def _filed_on(titles: Sequence[str], read_on: date) -> date:
    """The day a title names in full (填报时间:2026年11月18日) unless it is still to come, else the caller's."""
    for title in titles:
        found = re.search(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}", title)
        on = date_in(found[0], filed_on=read_on) if found else None
        if on is not None and on <= read_on:
            return on
    return read_on
