"""Every row of a table judged by itself: accepted, merged, questioned or refused, and none lost.

1. Required cells are there, else the row is refused with its cells.
2. The list's own reader reads it and says what it doubts.
3. A row that repeats an earlier one is merged into it; one that nearly repeats it is kept and asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import tzinfo

from marketplace.categories import CategoryTree, default_tree
from marketplace.lists.columns import all_columns
from marketplace.lists.comparing import Earlier, beside_earlier
from marketplace.lists.kinds import ListKind, Verdict
from marketplace.lists.offers import read_need, read_resource
from marketplace.lists.people import read_volunteer
from marketplace.lists.programmes import read_activity, read_project
from marketplace.lists.reading import Memory, RowReading
from marketplace.lists.reasons import reason
from marketplace.lists.regions import RowState
from marketplace.lists.report import ImportReport, Line, RowReport
from marketplace.lists.sign_in.stays import read_stays
from marketplace.lists.table import SourceRow, Table
from marketplace.names import name_key
from marketplace.text import compared
from marketplace.values import SHANGHAI, Calendar, Refusal

_READERS: dict[ListKind, Callable[[RowReading], Line]] = {
    ListKind.NEEDS: read_need,
    ListKind.RESOURCES: read_resource,
    ListKind.ACTIVITIES: read_activity,
    ListKind.PROJECTS: read_project,
    ListKind.VOLUNTEERS: read_volunteer,
}


def judge(
    table: Table,
    *,
    calendar: Calendar | None = None,
    tree: CategoryTree | None = None,
    known_people: Collection[str] | None = None,
    zone: tzinfo = SHANGHAI,
) -> ImportReport:
    """What became of each row of a table, in the order of the file."""
    earlier, memory = Earlier(), Memory()
    known_keys = None if known_people is None else frozenset(map(name_key, known_people))
    for row in table.rows:
        if row.state is not RowState.LINE:
            if (answer := table.answers.rows.get(row.state.value)) == "leave":
                continue
            if answer != "take":
                earlier.add(_held(table, row))
                continue
        if table.kind is ListKind.UNKNOWN:
            earlier.add(_refused(table, row, [_unknown(table)]))
            continue
        reading = RowReading(
            table=table,
            row=row,
            tree=tree or default_tree(),
            calendar=calendar,
            known_people=known_keys,
            zone=zone,
            memory=memory,
        )
        for report in _judged(reading):
            earlier.add(report if report.value is None else beside_earlier(earlier, report, table))
    return ImportReport(
        kind=table.kind,
        sheet=table.sheet,
        filename=table.filename,
        mapping=table.mapping,
        unmapped=table.unmapped,
        questions=table.questions,
        left_out=table.left_out,
        passed=table.passed,
        rows=tuple(earlier.rows),
    )


def _unknown(table: Table) -> Refusal:
    """Why a row of a table that is no known list is refused: the table's own question."""
    asked = next((one for one in table.questions if one.code.startswith("kind_")), None)
    if asked is None:
        return reason("table_left_out")
    if asked.code == "kind_unknown":
        return reason("header_unknown")
    return Refusal(code=asked.code, zh=asked.zh, en=asked.en)


def _held(table: Table, row: SourceRow) -> RowReport:
    """A row the office hid or struck out, or that a spreadsheet error spoilt: nobody's line until somebody says so."""
    return RowReport(
        sheet=table.sheet,
        row_number=row.number,
        verdict=Verdict.QUESTIONED,
        reasons=(reason(f"row_{row.state.value}"),),
        cells=row.cells,
    )


def _judged(reading: RowReading) -> list[RowReport]:
    """The row by itself, without regard to the others; a row of a sign-in sheet may tell several stays."""
    table = reading.table
    missing = [name for name in all_columns()[table.kind].required if not compared(reading.text(name))]
    if missing:
        return [
            _refused(
                table,
                reading.row,
                [
                    reason("required_missing", reading.column(name), column=reading.column(name))
                    for name in missing
                ],
            )
        ]
    if table.kind is ListKind.ATTENDANCE:
        stays = read_stays(reading)
        return [_report(one.reading, one.entry, part) for part, one in enumerate(stays)]
    return [_report(reading, _READERS[table.kind](reading), 0)]


def _report(reading: RowReading, value: Line, part: int) -> RowReport:
    for column in reading.row.filled:
        text = reading.row.cells.get(column, "")
        reading.notes.append(reason("filled_from_above", column, column=column, text=text))
    return RowReport(
        sheet=reading.table.sheet,
        row_number=reading.row.number,
        part=part,
        verdict=Verdict.QUESTIONED if reading.doubts else Verdict.ACCEPTED,
        reasons=_once(reading.doubts),
        notes=_once(reading.notes),
        value=value,
        cells=reading.row.cells,
    )


def _once(reasons: list[Refusal]) -> tuple[Refusal, ...]:
    return tuple(one for at, one in enumerate(reasons) if one not in reasons[:at])


def _refused(table: Table, row: SourceRow, reasons: list[Refusal]) -> RowReport:
    return RowReport(
        sheet=table.sheet,
        row_number=row.number,
        verdict=Verdict.REFUSED,
        reasons=tuple(reasons),
        cells=row.cells,
    )
