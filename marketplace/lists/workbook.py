"""All tables of one file, and what judging them needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from marketplace.categories import CategoryTree
from marketplace.lists.judging import judge
from marketplace.lists.report import ImportReport
from marketplace.lists.table import Table, TableAnswers, with_remembered
from marketplace.values import SHANGHAI, Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """All tables of one file.

    Attributes:
        zone: where the file's clocks tick.
        cut: cells that were longer than a cell may be and were cut.
    """

    filename: str
    tables: tuple[Table, ...]
    calendar: Calendar | None = None
    zone: tzinfo = SHANGHAI
    cut: int = 0

    def remembered(self, answers: Sequence[TableAnswers]) -> Workbook:
        """The same with what was said of earlier files of these shapes."""
        return replace(self, tables=tuple(with_remembered(table, answers) for table in self.tables))

    def reports(
        self, *, tree: CategoryTree | None = None, known_people: Collection[str] | None = None
    ) -> tuple[ImportReport, ...]:
        """One report per table.

        Args:
            tree: categories to propose from; the shipped tree when left out.
            known_people: names already registered, so that a roll-call can tell walk-ups; None when not known.
        """
        return tuple(
            judge(table, calendar=self.calendar, tree=tree, known_people=known_people, zone=self.zone)
            for table in self.tables
        )
