"""One table of a file: its columns in the fields of a list, its rows, and the questions that stand before any row is read.

What a person answers is plain values (`TableAnswers`): the caller keeps them and hands them to the next file of the same
shape, which is then read at once. Answers about hidden and struck-out rows are never kept: those rows are asked each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from marketplace.errors import UnknownColumn
from marketplace.lists.columns import all_columns, fields_of, written_by_us
from marketplace.lists.headers.claiming import ColumnClaim, claims_of
from marketplace.lists.headers.cutting import simplified_folded
from marketplace.lists.headers.fitting import (
    Fit,
    LeftOut,
    fit_to,
    fits_of,
    folded_column,
    is_foreign,
    settled,
)
from marketplace.lists.headers.layouts import laid_out, layout_of
from marketplace.lists.headers.stay_columns import StayColumns
from marketplace.lists.kinds import NONE, ListKind
from marketplace.lists.questions import TableQuestion
from marketplace.lists.regions import RowState
from marketplace.lists.table.asking import column_questions, kind_question, row_questions, unit_questions
from marketplace.lists.table.parts import LEAVE_OUT, Passed, SourceRow, TableAnswers, Tick

# A cell left blank below a filled one means "as above" in these columns, as it does where cells are merged.
_FILLED_DOWN = ("owner", "held_on")
_COLUMN_CELLS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table with its header found.

    Attributes:
        sheet: the sheet's name; a second table on it is "name #2".
        titles: the lines above the header, such as the list's name and the filing date.
        mapping: our field -> column name, as recognised; change it with `mapped`.
        more: (field, column) of further columns of a field; ticks: columns in which a tick speaks.
        stays: in a sign-in sheet the columns of each stay a row tells.
        left_out: columns that are understood and not used, each with its reason.
        questions: what a person must say first; the rows are read as far as they can be without.
        passed: rows that are no lines.
        looks_like: a list that is known and not brought in (rota, transfers), or the likeliest one while that is asked.
        filed_on: the day in the titles, else the day given by the caller; read_on: the caller's.
        answers: what was said so far.
    """

    sheet: str
    kind: ListKind
    titles: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    more: tuple[tuple[str, str], ...] = ()
    ticks: tuple[Tick, ...] = ()
    stays: tuple[StayColumns, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[TableQuestion, ...] = ()
    rows: tuple[SourceRow, ...] = ()
    passed: tuple[Passed, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    looks_like: str = ""
    filed_on: date
    read_on: date | None = None
    filename: str = ""
    answers: TableAnswers = field(default_factory=TableAnswers)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Columns with content that nobody claimed or used."""
        used = {
            *self.mapping.values(),
            *(column for _, column in self.more),
            *(one.column for one in self.ticks),
        }
        used |= {
            column
            for stay in self.stays
            for column in (stay.signed_in, stay.signed_out, stay.minutes, stay.also_minutes, stay.cell)
        }
        used |= {one.column for one in self.left_out if one.why != "not_kept"}
        filled = {name for row in self.rows for name, text in row.cells.items() if text}
        return tuple(column for column in self.columns if column not in used and column in filled)

    @property
    def shape(self) -> tuple[str, ...]:
        """The folded names of the columns: what two files of one origin share."""
        return tuple(folded_column(name) for name in self.columns if not name.startswith("#"))

    @property
    def fingerprint(self) -> str:
        """The same for every table with these columns in this order."""
        return hashlib.sha256("\n".join(self.shape).encode()).hexdigest()

    def answered(self, answers: TableAnswers) -> Table:
        """The table read again with what a person said; answers given before hold unless said anew.

        Raises:
            UnknownColumn: the file has no such column, or the list no such field.
        """
        joined = TableAnswers(
            kind=answers.kind or self.answers.kind,
            columns={
                **({} if answers.kind not in ("", self.answers.kind) else self.answers.columns),
                **answers.columns,
            },
            unit_minutes=answers.unit_minutes or self.answers.unit_minutes,
            rows={**self.answers.rows, **answers.rows},
            shape=self.shape,
        )
        _checked(self, joined)
        return read_again(replace(self, answers=joined))

    def mapped(self, kind: ListKind | None = None, **columns: str) -> Table:
        """The table after a person corrected its kind or its columns: `mapped(title="Wish", when="Hours")`.

        Raises:
            UnknownColumn: the file has no such column, or the list no such field.
        """
        of = kind or self.kind
        for ours in columns:
            if ours not in fields_of(of):
                raise UnknownColumn(column=ours)
        # Pointing a field at a column takes it from the one that had it.
        moved = (
            {self.mapping[ours]: LEAVE_OUT for ours in columns if ours in self.mapping}
            if of is self.kind
            else {}
        )
        said = {**moved, **{theirs: ours for ours, theirs in columns.items() if theirs}}
        return self.answered(TableAnswers(kind=of.value if of is not ListKind.UNKNOWN else "", columns=said))


def _checked(table: Table, answers: TableAnswers) -> None:
    kinds = {NONE, "", *(one.value for one in all_columns())}
    if answers.kind not in kinds:
        raise UnknownColumn(column=answers.kind)
    of = answers.kind or table.kind.value
    known = set(fields_of(ListKind(of))) if of in {one.value for one in all_columns()} else set()
    for column, to in answers.columns.items():
        if column not in table.columns:
            raise UnknownColumn(column=column)
        if to != LEAVE_OUT and to not in known:
            raise UnknownColumn(column=to)


def read_again(table: Table) -> Table:
    """The table's list, columns and questions from its headers, its cells and what was said."""
    if table.answers.kind == NONE:
        return replace(_bare(table), questions=())
    claims = claims_of(table.columns, cells_by_column(table))
    claims = tuple(replace(one, sure=False) if one.name in table.hidden_columns else one for one in claims)
    fit, sure, guesses = _fit(table, claims)
    if fit is None or is_foreign(fit.kind) or not sure:
        asked = kind_question(table.rows, table.answers.kind, fit, guesses, sure=sure)
        bare = replace(_bare(table), looks_like=fit.kind if fit else "", left_out=_sensitive(claims))
        return replace(bare, questions=(asked, *row_questions(table.rows, table.answers.rows)))
    kind = ListKind(fit.kind)
    stays = _with_units(table, fit.stays)
    read = replace(
        table,
        kind=kind,
        mapping=dict(fit.mapping),
        more=tuple((name, column) for name, columns in fit.more.items() for column in columns),
        ticks=tuple(
            Tick(field=name, column=column, says=says)
            for name, ticks in fit.ticks.items()
            for column, says in ticks
        ),
        stays=stays,
        left_out=fit.left_out,
        looks_like="",
    )
    read = _filled_down(read)
    return replace(
        read,
        questions=(
            *column_questions(read.kind, read.mapping, read.hidden_columns, fit),
            *unit_questions(read.stays, read.rows),
            *row_questions(read.rows, read.answers.rows),
        ),
    )


def _sensitive(claims: Sequence[ColumnClaim]) -> tuple[LeftOut, ...]:
    """What is never kept, whatever the list; named all the same."""
    return tuple(LeftOut(column=one.name, why="sensitive") for one in claims if one.class_of == "sensitive")


def _bare(table: Table) -> Table:
    return replace(
        table, kind=ListKind.UNKNOWN, mapping={}, more=(), ticks=(), stays=(), left_out=(), looks_like=""
    )


def cells_by_column(table: Table) -> dict[str, list[str]]:
    """The first cells of every column, of rows that are lines."""
    lines = [row for row in table.rows if row.state is RowState.LINE] or list(table.rows)
    first = lines[:_COLUMN_CELLS_MAX]
    found = {name: [row.cells.get(name, "") for row in first] for name in table.columns}
    for name, cells in found.items():
        # A column that is filled further down must not pass for empty.
        if not any(cells) and (later := next((row.cells[name] for row in lines if row.cells.get(name)), "")):
            cells.append(later)
    return found


def _fit(table: Table, claims: Sequence[ColumnClaim]) -> tuple[Fit | None, bool, tuple[str, ...]]:
    """(how it is read, whether that is beyond doubt, the likely lists)."""
    said = table.answers
    if said.kind:
        fit = fit_to(said.kind, claims, answers=said.columns)
        return fit, not fit.lacks, (said.kind,)
    layout = layout_of(table.columns)
    if layout is not None and not said.columns:
        return laid_out(layout, table.columns), not layout.ask, (layout.kind,)
    if ours := written_by_us(table.columns):
        # Our own export: its columns are what they say, and a cell that cannot be read is asked about in its row.
        plain = [replace(one, contradicted=False) for one in claims]
        return fit_to(ours, plain, answers=said.columns), True, (ours,)
    fits = fits_of(claims, " ".join(table.titles), table.sheet, table.filename)
    if not fits:
        return None, False, ()
    sure = settled(fits)
    best = (
        fit_to(fits[0].kind, claims, points=fits[0].points, answers=said.columns) if said.columns else fits[0]
    )
    return best, sure and not best.lacks, tuple(one.kind for one in fits if not is_foreign(one.kind))


def _with_units(table: Table, stays: tuple[StayColumns, ...]) -> tuple[StayColumns, ...]:
    """The unit of a length: of its header, else as said, else of the titles."""
    titles = simplified_folded(" ".join((*table.titles, table.sheet)))
    told = (
        60 if "小时" in titles or "hours" in titles else 1 if "分钟" in titles or "minutes" in titles else 0
    )
    unit = table.answers.unit_minutes or told
    return tuple(replace(stay, unit_minutes=stay.unit_minutes or unit) for stay in stays)


def _filled_down(table: Table) -> Table:
    """Owners and days left blank below a filled cell, written out and noted.

    Where somebody wrote the same owner again in the next row, a blank is a slip and stays one.
    """
    columns = [table.mapping[name] for name in _FILLED_DOWN if name in table.mapping]
    columns = [column for column in columns if not _written_again(table, column)]
    if not columns:
        return table
    above: dict[str, str] = {}
    rows: list[SourceRow] = []
    for row in table.rows:
        blanks = {name: above[name] for name in columns if not row.cells.get(name) and above.get(name)}
        rows.append(replace(row, cells={**row.cells, **blanks}, filled=tuple(blanks)) if blanks else row)
        if row.state is RowState.LINE:
            above.update({name: rows[-1].cells.get(name, "") for name in columns})
    return replace(table, rows=tuple(rows))


def _written_again(table: Table, column: str) -> bool:
    cells = [row.cells.get(column, "") for row in table.rows]
    return any(one and one == two for one, two in pairwise(cells))
