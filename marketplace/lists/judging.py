"""Every row of a table judged by itself: accepted, merged, questioned or refused, and none lost.

1. Required cells are there, else the row is refused with its cells.
2. The list's own reader reads it and says what it doubts.
3. A row that repeats an earlier one is merged into it; one that nearly repeats it is kept and asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import tzinfo

from marketplace.categories import CategoryTree, default_tree
from marketplace.lists.columns import all_columns
from marketplace.lists.kinds import ListKind, Verdict
from marketplace.lists.offers import read_need, read_resource
from marketplace.lists.people import joined, likely_same, read_volunteer
from marketplace.lists.programmes import read_activity, read_project
from marketplace.lists.reading import Memory, RowReading
from marketplace.lists.reasons import reason
from marketplace.lists.regions import RowState
from marketplace.lists.report import ImportReport, Line, RowReport
from marketplace.lists.stays import read_stays
from marketplace.lists.table import SourceRow, Table
from marketplace.names import name_key
from marketplace.phones import same_phone
from marketplace.text import compared
from marketplace.values import SHANGHAI, AttendanceEntry, Calendar, Refusal, VolunteerEntry, Window

_READERS: dict[ListKind, Callable[[RowReading], Line]] = {
    ListKind.NEEDS: read_need,
    ListKind.RESOURCES: read_resource,
    ListKind.ACTIVITIES: read_activity,
    ListKind.PROJECTS: read_project,
    ListKind.VOLUNTEERS: read_volunteer,
}
# A remark (重复登记) or a running number does not make two rows different.
_BESIDE_THE_POINT = frozenset({"number", "remark"})


class _Earlier:
    """The rows judged so far, found again by what makes rows alike: the line's key, a name, a number."""

    def __init__(self) -> None:
        self.rows: list[RowReport] = []
        self._places: dict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, report: RowReport) -> None:
        self.rows.append(report)
        self._note(len(self.rows) - 1)

    def change(self, at: int, report: RowReport) -> None:
        """Put another report in the place of an earlier one."""
        self.rows[at] = report
        self._note(at)

    def alike(self, what: str, key: str) -> list[int]:
        """Places of rows that have, or had, this "line", "name" or "phone", in order."""
        return sorted(set(self._places.get((what, key), ())))

    def _note(self, at: int) -> None:
        report = self.rows[at]
        value = report.value
        if value is None or report.verdict is Verdict.MERGED:
            return
        self._places["line", value.line_key].append(at)
        self._places["line", value.line_key.rpartition("-")[0]].append(at)
        if isinstance(value, VolunteerEntry | AttendanceEntry):
            self._places["name", name_key(value.name)].append(at)
        if isinstance(value, VolunteerEntry):
            for one in value.phones:
                self._places["phone", one.number].append(at)


def judge(
    table: Table,
    *,
    calendar: Calendar | None = None,
    tree: CategoryTree | None = None,
    known_people: Collection[str] | None = None,
    zone: tzinfo = SHANGHAI,
) -> ImportReport:
    """What became of each row of a table, in the order of the file."""
    earlier, memory = _Earlier(), Memory()
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
            earlier.add(report if report.value is None else _beside_earlier(earlier, report, table))
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


def _beside_earlier(before: _Earlier, report: RowReport, table: Table) -> RowReport:
    """The row after comparison with those before it; an earlier one is changed where a person is joined."""
    value = report.value
    assert value is not None
    same = [at for at in before.alike("line", value.line_key) if _same_line(before.rows[at], report)]
    if not same:
        namesakes = before.alike("name", name_key(value.name)) if isinstance(value, VolunteerEntry) else []
        likely = next((at for at in namesakes if _likely_person(before.rows[at], report)), None)
        return (
            _compared_with_people(before, report)
            if likely is None
            else _joined_person(before, likely, report, table)
        )
    earlier = before.rows[same[0]]
    if isinstance(value, VolunteerEntry):
        return _joined_person(before, same[0], report, table)
    if _content(earlier, table) == _content(report, table) and earlier.row_number != report.row_number:
        return replace(
            report,
            verdict=Verdict.MERGED,
            reasons=(reason("line_repeated", row=str(earlier.row_number)), *report.reasons),
            value=earlier.value,
            merged_into=earlier.row_number,
        )
    return replace(
        report,
        verdict=Verdict.QUESTIONED,
        reasons=(
            reason(
                "stay_repeated" if isinstance(value, AttendanceEntry) else "line_similar",
                row=str(earlier.row_number),
            ),
            *report.reasons,
        ),
        value=replace(value, line_key=f"{value.line_key}-{len(same) + 1}"),
    )


def _same_line(row: RowReport, report: RowReport) -> bool:
    assert report.value is not None
    if row.value is None or row.verdict is Verdict.MERGED:
        return False
    return (
        row.value.line_key.rpartition("-")[0] == report.value.line_key
        or row.value.line_key == report.value.line_key
    )


def _content(report: RowReport, table: Table) -> list[str]:
    """The cells that make the line, by our fields."""
    return [
        compared(report.cells.get(column, ""))
        for name, column in sorted(table.mapping.items())
        if name not in _BESIDE_THE_POINT
    ]


def _likely_person(row: RowReport, report: RowReport) -> bool:
    return (
        row.verdict is not Verdict.MERGED
        and isinstance(row.value, VolunteerEntry)
        and isinstance(report.value, VolunteerEntry)
        and likely_same(row.value, report.value)
    )


def _joined_person(before: _Earlier, at: int, report: RowReport, table: Table) -> RowReport:
    """One person in two rows, often in two teams: joined into the first; asked about when a number lost a digit."""
    earlier = before.rows[at]
    first, second = earlier.value, report.value
    assert isinstance(first, VolunteerEntry)
    assert isinstance(second, VolunteerEntry)
    person = joined(first, second, filed_on=table.filed_on)
    said = "、".join(person.teams) or person.name
    if first.phone == second.phone:
        why = reason("person_merged", row=str(earlier.row_number), joined=said)
        before.change(at, replace(earlier, value=person))
    else:
        known = {
            "short": first.phone_doubtful or second.phone_doubtful,
            "whole": person.phone,
            "joined": said,
        }
        why = reason("person_likely", row=str(earlier.row_number), **known)
        asked = reason("person_likely", row=str(report.row_number), **known)
        reasons = (*earlier.reasons, asked)
        before.change(at, replace(earlier, value=person, verdict=Verdict.QUESTIONED, reasons=reasons))
    return replace(
        report,
        verdict=Verdict.MERGED,
        reasons=(why, *report.reasons),
        value=person,
        merged_into=earlier.row_number,
    )


def _compared_with_people(before: _Earlier, report: RowReport) -> RowReport:
    """One person at two places at once is asked about; two people with one number, often a couple or a switchboard, is a note."""
    value = report.value
    alike: list[int] = []
    if isinstance(value, VolunteerEntry):
        alike = sorted({at for one in value.phones if one.number for at in before.alike("phone", one.number)})
    elif isinstance(value, AttendanceEntry):
        alike = before.alike("name", name_key(value.name))
    for at in alike:
        if before.rows[at].verdict is Verdict.MERGED:
            continue
        doubt = _people_doubt(before.rows[at], report)
        if doubt is not None and doubt.code == "phone_shared":
            return replace(report, notes=(*report.notes, doubt))
        if doubt is not None:
            return replace(report, verdict=Verdict.QUESTIONED, reasons=(*report.reasons, doubt))
    return report


def _people_doubt(row: RowReport, report: RowReport) -> Refusal | None:
    earlier, value = row.value, report.value
    if isinstance(value, VolunteerEntry) and isinstance(earlier, VolunteerEntry):
        if same_phone(value.phones, earlier.phones):
            return reason("phone_shared", row=str(row.row_number), name=earlier.name)
    elif (
        isinstance(value, AttendanceEntry)
        and isinstance(earlier, AttendanceEntry)
        and _overlap(earlier, value)
    ):
        return reason("times_overlap", row=str(row.row_number))
    return None


def _overlap(one: AttendanceEntry, other: AttendanceEntry) -> bool:
    clocks = (one.signed_in_at, one.signed_out_at, other.signed_in_at, other.signed_out_at)
    if (
        name_key(one.name) != name_key(other.name)
        or None in clocks
        or not (one.minutes_served and other.minutes_served)
    ):
        return False
    span, other_span = _span(one), _span(other)
    return span.overlap(other_span) is not None


def _span(entry: AttendanceEntry) -> Window:
    assert entry.signed_in_at is not None
    assert entry.signed_out_at is not None
    return Window(entry.signed_in_at, entry.signed_out_at)
