"""What a file holds and what became of every row: accepted, merged, questioned or refused, always with its cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from marketplace.categories import CategoryTree
from marketplace.errors import UnknownColumn
from marketplace.values import (
    Activity,
    AttendanceEntry,
    Calendar,
    Need,
    Project,
    Refusal,
    Resource,
    VolunteerEntry,
)

Line = Need | Resource | Activity | Project | VolunteerEntry | AttendanceEntry


class ListKind(StrEnum):
    """Which list a table is; UNKNOWN keeps its rows and refuses them."""

    NEEDS = "needs"
    RESOURCES = "resources"
    ACTIVITIES = "activities"
    PROJECTS = "projects"
    VOLUNTEERS = "volunteers"
    ATTENDANCE = "attendance"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What became of a row.

    MERGED rows added to an earlier row (`merged_into`); QUESTIONED rows are kept and wait for a person; REFUSED rows
    have no value but keep their cells.
    """

    ACCEPTED = "accepted"
    MERGED = "merged"
    QUESTIONED = "questioned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReport:
    """One row of the file after judging.

    Attributes:
        row_number: as the spreadsheet program numbers it, from 1.
        reasons: why it is questioned, merged or refused; one per cell concerned.
        notes: assumptions we went on with.
        value: the line; None for a refused row; for a merged row the joined line.
        merged_into: the row it was joined to, 0 when not merged.
        cells: column name -> text as written.
    """

    sheet: str
    row_number: int
    verdict: Verdict
    reasons: tuple[Refusal, ...] = ()
    notes: tuple[Refusal, ...] = ()
    value: Line | None = None
    merged_into: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of one table.

    Attributes:
        mapping: our field -> the file's column name, for showing and correcting.
        unmapped: columns nobody claimed.
        rows: in the order of the file.
    """

    kind: ListKind
    sheet: str
    filename: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    rows: tuple[RowReport, ...] = ()

    def _of(self, verdict: Verdict) -> tuple[RowReport, ...]:
        return tuple(row for row in self.rows if row.verdict is verdict)

    @property
    def accepted(self) -> tuple[RowReport, ...]:
        return self._of(Verdict.ACCEPTED)

    @property
    def merged(self) -> tuple[RowReport, ...]:
        return self._of(Verdict.MERGED)

    @property
    def questioned(self) -> tuple[RowReport, ...]:
        return self._of(Verdict.QUESTIONED)

    @property
    def refused(self) -> tuple[RowReport, ...]:
        return self._of(Verdict.REFUSED)

    @property
    def values(self) -> tuple[Line, ...]:
        """The lines to save: accepted and questioned ones, merged rows already joined into theirs."""
        kept = (Verdict.ACCEPTED, Verdict.QUESTIONED)
        return tuple(row.value for row in self.rows if row.verdict in kept and row.value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row below the header: its number in the sheet and its cells by column name."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet with its header found.

    Attributes:
        titles: the lines above the header, such as the list's name and the filing date.
        mapping: our field -> column name, as recognised; change it with `mapped`.
        filed_on: the day in the titles, else the day given by the caller.
    """

    sheet: str
    kind: ListKind
    titles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[SourceRow, ...] = ()
    filed_on: date
    filename: str = ""

    @property
    def unmapped(self) -> tuple[str, ...]:
        claimed = set(self.mapping.values())
        return tuple(column for column in self.columns if column not in claimed)

    def mapped(self, kind: ListKind | None = None, **columns: str) -> Table:
        """The table after a person corrected its kind or its columns: `mapped(title="Wish", when="Hours")`.

        Raises:
            UnknownColumn: the file has no such column, or the list no such field.
        """
        from marketplace.lists.columns import fields_of, match_columns

        table = self if kind is None else replace(self, kind=kind, mapping=match_columns(kind, self.columns))
        for ours, theirs in columns.items():
            if ours not in fields_of(table.kind):
                raise UnknownColumn(column=ours)
            if theirs and theirs not in self.columns:
                raise UnknownColumn(column=theirs)
        kept = {ours: theirs for ours, theirs in table.mapping.items() if theirs not in columns.values()}
        return replace(
            table, mapping={**kept, **{ours: theirs for ours, theirs in columns.items() if theirs}}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """All tables of one file, with what judging them needs."""

    filename: str
    tables: tuple[Table, ...]
    calendar: Calendar | None = None

    def reports(
        self, *, tree: CategoryTree | None = None, known_people: Collection[str] | None = None
    ) -> tuple[ImportReport, ...]:
        """One report per table.

        Args:
            tree: categories to propose from; the shipped tree when left out.
            known_people: names already registered, so that a roll-call can tell walk-ups; None when not known.
        """
        from marketplace.lists.judging import judge

        return tuple(
            judge(table, calendar=self.calendar, tree=tree, known_people=known_people)
            for table in self.tables
        )
