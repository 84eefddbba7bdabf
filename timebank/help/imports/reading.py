"""A file read and its rows judged, away from the server: tables and verdicts come back in parts that are soon taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from marketplace.categories import CategoryTree
from marketplace.lists import ImportReport, RowReport, Table, TableAnswers, Workbook, read_file
from marketplace.values import Calendar
from timebank.reading import OFFICE, Limits, parts_aside

ROWS_IN_A_PART = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a file came to; the tables without their rows, which stand in the reports."""

    tables: tuple[Table, ...]
    reports: tuple[ImportReport, ...]


Rows = tuple[int, tuple[RowReport, ...]]
"""Which report they belong to, and some of its rows."""


async def judged_file(
    content: bytes,
    filename: str,
    *,
    filed_on: date,
    calendar: Calendar,
    zone: tzinfo,
    said: Sequence[TableAnswers],
    tree: CategoryTree,
    limits: Limits = OFFICE,
) -> Judged:
    """The tables of a file and what is said of each row.

    Args:
        said: of earlier files. tree: the office's categories. Others as for `marketplace.lists.read_file`.

    Raises:
        FileUnreadable, FileTooLarge, FileTooHeavy: the file itself is refused; ReadingBusy.
    """
    asked = (content, filename, filed_on, calendar, zone, tuple(said), tree)
    return _together(await parts_aside(limits, _file_in_parts, *asked))


async def judged_again(workbook: Workbook, tree: CategoryTree) -> ImportReport:
    """The report of the one table that was read before and answered since.

    Raises:
        FileTooHeavy, ReadingBusy.
    """
    (report,) = _together(await parts_aside(OFFICE, _workbook_in_parts, workbook, tree)).reports
    return report


def _file_in_parts(
    content: bytes,
    filename: str,
    filed_on: date,
    calendar: Calendar,
    zone: tzinfo,
    said: tuple[TableAnswers, ...],
    tree: CategoryTree,
) -> Iterator[Judged | Rows]:
    workbook = read_file(content, filename, filed_on=filed_on, calendar=calendar, zone=zone, remembered=said)
    del content
    yield from _workbook_in_parts(workbook, tree)


def _workbook_in_parts(workbook: Workbook, tree: CategoryTree) -> Iterator[Judged | Rows]:
    reports = workbook.reports(tree=tree)
    yield Judged(
        tables=tuple(replace(table, rows=()) for table in workbook.tables),
        reports=tuple(replace(report, rows=()) for report in reports),
    )
    for place, report in enumerate(reports):
        for at in range(0, len(report.rows), ROWS_IN_A_PART):
            yield place, report.rows[at : at + ROWS_IN_A_PART]


def _together(parts: Sequence[Judged | Rows]) -> Judged:
    judged, *more = parts
    assert isinstance(judged, Judged), "the tables come first"
    rows: list[list[RowReport]] = [[] for _ in judged.reports]
    for part in more:
        assert not isinstance(part, Judged), "and once"
        rows[part[0]] += part[1]
    reports = tuple(
        replace(report, rows=tuple(own)) for report, own in zip(judged.reports, rows, strict=True)
    )
    return replace(judged, reports=reports)
