"""Files that are kept: where their rows came from, and each row as it was judged, saved and answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from marketplace import store as lists
from marketplace.lists import ListKind, RowReport, Table, Verdict
from marketplace.store import codec, give_way
from marketplace.store.imports import ImportedRow
from timebank.context import Context
from timebank.help.imports.report import FileReport, Row
from timebank.store.help import imports
from timebank.store.help.imports import ImportedFile, RowAnswer

SOURCE = "volunteers"
"""The kind of list that people are told of by, as it stands before a list's name."""
# Rows of a report put together before whoever else waits may go on.
ROWS_AT_A_STRETCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The file that people are named in.

    Attributes:
        lineage: which list this is over the years. file: this very file, by its content.
        where: under which uid it is kept, for questions that stay open.
    """

    lineage: str
    file: str
    where: str

    def seen(self, row: RowReport) -> str:
        """Where a row's question was met."""
        return f"{self.where}/{row.row_number}/{row.part}/{row.sheet}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that rows come from, for telling who they mean: its name, its content, and the uid it is kept under."""

    name: str
    fingerprint: str
    uid: str

    @property
    def people(self) -> People:
        """It as a list of people."""
        return People(
            lineage=lineage_of(self.name, SOURCE), file=self.fingerprint, where=f"import/{self.uid}"
        )

    @property
    def sheet(self) -> People:
        """It as a sign-in sheet."""
        return People(
            lineage=lineage_of(self.name, "attendance"), file=self.fingerprint, where=f"import/{self.uid}"
        )


def lineage_of(filename: str, kind: str) -> str:
    """Which list a file is, over the years: its kind and its name without dates, copies and numbers."""
    stem = PurePath(filename).stem
    words = re.sub(r"[\d\W_]+|年|月|日|副本|最终版|最新|copy", "", stem, flags=re.IGNORECASE)
    return f"{kind}:{words}"[:60]


def source_of(file: ImportedFile) -> Source:
    """A file that is kept, as its rows were told by."""
    return Source(name=file.name, fingerprint=file.fingerprint, uid=file.uid)


async def stored(ctx: Context, file: ImportedFile) -> FileReport:
    """The report as it is kept, with the desk's answers so far."""
    found = await lists.imported_rows(ctx.engine, file.community, fingerprint=file.fingerprint)
    answers = await imports.answers(ctx.engine, file.uid)
    tables = codec.loads(tuple[Table, ...], file.tables)
    columns = {table.sheet: table.columns for table in tables}
    rows: list[Row] = []
    for at, row in enumerate(found):
        if at % ROWS_AT_A_STRETCH == 0:
            await give_way()
        rows.append(_row(row, columns, answers.get(_place(row))))
    return FileReport(
        uid=file.uid,
        name=file.name,
        filed_on=file.filed_on,
        changes=file.changes,
        read=tables,
        undone=file.undone_at is not None,
        rows=tuple(rows),
    )


async def stored_row(ctx: Context, file: ImportedFile, place: int) -> Row | None:
    """One row of it, counted from 0; None when there are not so many."""
    found = await lists.imported_row(ctx.engine, file.community, fingerprint=file.fingerprint, place=place)
    if found is None:
        return None
    tables = codec.loads(tuple[Table, ...], file.tables)
    answer = await imports.answer_at(ctx.engine, file.uid, _place(found))
    return _row(found, {table.sheet: table.columns for table in tables}, answer)


def _place(row: ImportedRow) -> tuple[str, int, int]:
    return row.sheet[: imports.SHEET_LENGTH_MAX], row.row_number, row.part


def _row(row: ImportedRow, columns: Mapping[str, Sequence[str]], known: RowAnswer | None) -> Row:
    return Row(
        number=row.row_number,
        part=row.part,
        sheet=row.sheet,
        kind=ListKind(row.kind),
        verdict=Verdict(row.verdict),
        reasons=row.reasons,
        cells=_in_order(row.cells, columns.get(row.sheet, ())),
        target=known.target if known else "",
        made=bool(known and known.made),
        answer=known.answer if known else "",
    )


def _in_order(cells: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    """The cells in the order of the file's columns; what stands beside the header comes last."""
    names = [*(name for name in columns if name in cells), *(name for name in cells if name not in columns)]
    return {name: cells[name] for name in names}
