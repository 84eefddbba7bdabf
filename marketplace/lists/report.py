"""What became of every row of a table: accepted, merged, questioned or refused, always with its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.lists.headers.fitting import LeftOut
from marketplace.lists.kinds import ListKind, Verdict
from marketplace.lists.questions import TableQuestion
from marketplace.lists.table import Passed
from marketplace.values import (
    Activity,
    AttendanceEntry,
    Need,
    Project,
    Refusal,
    Resource,
    VolunteerEntry,
)

Line = Need | Resource | Activity | Project | VolunteerEntry | AttendanceEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReport:
    """One row of the file after judging; a row of a sign-in sheet that tells several stays has one report for each.

    Attributes:
        row_number: as the spreadsheet program numbers it, from 1.
        part: which stay of the row, from 0.
        reasons: why it is questioned, merged or refused; one per cell concerned.
        notes: assumptions we went on with.
        value: the line; None for a refused row and for one held back as a whole (hidden, struck out); for a merged row
            the joined line.
        merged_into: the row it was joined to, 0 when not merged.
        cells: column name -> text as written, without columns that are never kept.
    """

    sheet: str
    row_number: int
    part: int = 0
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
        unmapped: columns with content that nobody claimed.
        questions: what a person must say about the table; left_out: columns understood and not used.
        passed: rows that are no lines, each with its reason.
        rows: in the order of the file.
    """

    kind: ListKind
    sheet: str
    filename: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    questions: tuple[TableQuestion, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    passed: tuple[Passed, ...] = ()
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
