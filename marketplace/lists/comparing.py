"""A row beside those before it: the same line again, one much like it, one person in two rows, two people with one number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from marketplace.lists.kinds import Verdict
from marketplace.lists.people import joined, likely_same
from marketplace.lists.reasons import reason
from marketplace.lists.report import RowReport
from marketplace.lists.table import Table
from marketplace.names import name_key
from marketplace.phones import same_phone
from marketplace.text import compared
from marketplace.values import AttendanceEntry, Refusal, VolunteerEntry, Window

# A remark (重复登记) or a running number does not make two rows different.
_BESIDE_THE_POINT = frozenset({"number", "remark"})


class Earlier:
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
        """Places of rows that have, or had, this "line", "name" ("numbered", "numberless") or "phone", in order."""
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
            self._places["numbered" if value.phone else "numberless", name_key(value.name)].append(at)
            for one in value.phones:
                self._places["phone", one.number].append(at)


def beside_earlier(before: Earlier, report: RowReport, table: Table) -> RowReport:
    """The row after comparison with those before it; an earlier one is changed where a person is joined."""
    value = report.value
    assert value is not None
    same = [at for at in before.alike("line", value.line_key) if _same_line(before.rows[at], report)]
    if not same:
        namesakes = _namesakes(before, value) if isinstance(value, VolunteerEntry) else []
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


def _namesakes(before: Earlier, value: VolunteerEntry) -> list[int]:
    """Rows of the name that may be this person: a number can only have lost a digit beside one that is whole."""
    return before.alike("numberless" if value.phone else "numbered", name_key(value.name))


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


def _joined_person(before: Earlier, at: int, report: RowReport, table: Table) -> RowReport:
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


def _compared_with_people(before: Earlier, report: RowReport) -> RowReport:
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
