"""How layouts are read, held against what their offices mean: right, asked about, or wrong; an oracle that shares no rule with the reader."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter

from marketplace.lists import ImportReport, ListKind, Table, read_file
from marketplace.values import AttendanceEntry

FILED_ON = date(2026, 11, 24)
HERE = Path(__file__).parent
Layout = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One layout: what is wrong with its reading, and what somebody is asked that has a plain reading."""

    name: str
    wrong: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        return "wrong" if self.wrong else "asked" if self.asked else "right"


@dataclass(slots=True)
class _Notes:
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def layouts(name: str) -> list[Layout]:
    """The layouts of a file beside this one."""
    found: list[Layout] = tomllib.loads((HERE / name).read_text("utf-8"))["layout"]
    return found


def as_workbook(layout: Layout) -> bytes:
    """The layout as the workbook it would be, its merged areas merged."""
    rows = [
        [cell.strip() for cell in line.split("|")] for line in str(layout["grid"]).strip("\n").split("\n")
    ]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    covered: set[tuple[int, int]] = set()
    for area in _words(layout, "merge"):
        left, top, right, bottom = _corners(area)
        sheet.merge_range(area, rows[top][left] if left < len(rows[top]) else "")
        covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text and (row, column) not in covered:
                sheet.write_string(row, column, text)
    book.close()
    return out.getvalue()


def judged(layout: Layout) -> Judged:
    """The layout read as a workbook, and as it says it must be."""
    workbook = read_file(as_workbook(layout), "表.xlsx", filed_on=FILED_ON)
    reports = workbook.reports()
    notes = _Notes()
    _judge_kinds(layout, workbook.tables, notes)
    known = [table for table in workbook.tables if table.kind is not ListKind.UNKNOWN]
    for table in known:
        _judge_columns(layout, table, notes)
    if known:
        _judge_rows(layout, workbook.tables, reports, notes)
    kept = repr(workbook.tables) + repr(reports)
    notes.wrong += [f"kept: {text}" for text in _words(layout, "absent") if text in kept]
    return Judged(name=str(layout["name"]), wrong=tuple(notes.wrong), asked=tuple(notes.asked))


def _judge_kinds(layout: Layout, tables: tuple[Table, ...], notes: _Notes) -> None:
    wanted = [
        "unknown" if kind == "asked" else kind for kind in _words(layout, "kinds") or [str(layout["kind"])]
    ]
    found = [table.kind.value for table in tables]
    for kind, want in zip(found, wanted, strict=False):
        if kind != want:
            (notes.asked if kind == "unknown" else notes.wrong).append(f"{kind} for {want}")
    if len(found) != len(wanted):
        unknown = all(kind == "unknown" for kind in found)
        (notes.asked if unknown else notes.wrong).append(f"{len(found)} tables for {len(wanted)}")


def _judge_columns(layout: Layout, table: Table, notes: _Notes) -> None:
    asked = {one.column for one in table.questions if one.column}
    for name, column in _pairs(layout, "fields"):
        if column not in _columns_of(table, name):
            plainly = column in asked and name not in table.mapping
            (notes.asked if plainly else notes.wrong).append(
                f"{name}: {table.mapping.get(name)} for {column}"
            )
    notes.wrong += [
        f"{name} from {column}"
        for name, column in _pairs(layout, "never")
        if column in _columns_of(table, name)
    ]
    gone = {one.column for one in table.left_out if one.why == "sensitive"}
    notes.wrong += [f"not left out: {column}" for column in _words(layout, "left") if column not in gone]


def _judge_rows(
    layout: Layout, tables: tuple[Table, ...], reports: tuple[ImportReport, ...], notes: _Notes
) -> None:
    rows = [row for report in reports for row in report.rows]
    if len(rows) != layout.get("lines", len(rows)):
        notes.wrong.append(f"{len(rows)} lines")
    if (passed := sum(len(table.passed) for table in tables)) != layout.get("passed", 0):
        notes.wrong.append(f"{passed} rows passed over")
    if "minutes" in layout:
        saved = sum(
            row.value.minutes_served
            for row in rows
            if isinstance(row.value, AttendanceEntry) and not row.reasons
        )
        if saved != layout["minutes"]:
            (notes.asked if any(row.reasons for row in rows) else notes.wrong).append(f"{saved} minutes")


def _columns_of(table: Table, name: str) -> Iterator[str]:
    yield table.mapping.get(name, "")
    yield from (column for field, column in table.more if field == name)
    if name in ("signed_in", "signed_out", "minutes"):
        yield from (str(getattr(stay, name)) for stay in table.stays)


def _corners(area: str) -> tuple[int, int, int, int]:
    found = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", area)
    assert found is not None, area
    return ord(found[1]) - 65, int(found[2]) - 1, ord(found[3]) - 65, int(found[4]) - 1


def _words(layout: Layout, name: str) -> list[str]:
    found = layout.get(name, [])
    assert isinstance(found, list)
    return [str(one) for one in found]


def _pairs(layout: Layout, name: str) -> list[tuple[str, str]]:
    found = layout.get(name, {})
    assert isinstance(found, dict)
    return [(str(one), str(column)) for one, column in found.items()]


if __name__ == "__main__":
    for path in ("layouts_first_sight.toml", "layouts_second_sight.toml"):
        results = [judged(layout) for layout in layouts(path)]
        for one in results:
            if one.outcome != "right":
                print(f"{one.outcome}: {one.name}: {'; '.join((*one.wrong, *one.asked))}")
        print(
            path,
            {kind: sum(1 for one in results if one.outcome == kind) for kind in ("right", "asked", "wrong")},
        )
