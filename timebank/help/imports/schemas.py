"""What the import pages accept, and what programs are told of a file."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from marketplace.lists import ListKind, Verdict
from timebank.help.imports.report import FileReport, Row
from timebank.web.fields import Form, OpenForm, Out


class RowForm(OpenForm):
    """The desk's decision on one row; the corrected cells come beside it, named `cell:<name>`.

    Attributes:
        who: uid of the person on record who is meant, or `another`.
        row: the row's number as the page showed it: a table read anew meanwhile must not let another row be decided.
    """

    further: ClassVar[str] = "cell:.{1,80}"

    step: Literal["accept", "correct", "drop", "who"]
    who: str = Field(default="", max_length=16, pattern="^[A-Za-z0-9]*$")
    row: int = 0


class RowsForm(Form):
    """The same step for every row that asks the same thing, named by its code."""

    step: Literal["accept", "drop"] = "drop"
    code: str = Field(default="", max_length=40)


class TableForm(OpenForm):
    """Which list a table is, and what its columns (`col:<number>`) and its doubted rows (`rows:<code>`) are.

    Attributes:
        shown: the list as which the page had read it.
    """

    further: ClassVar[str] = "(col|rows):.{1,80}"

    step: Literal["preview", "save"] = "preview"
    kind: str = Field(default="", max_length=80)
    shown: str = Field(default="", max_length=80)
    unit: Literal["", "hours", "minutes"] = ""
    remember: Literal["", "yes"] = ""


class ReasonOut(Out):
    """Why a row was merged, doubted or refused."""

    code: str
    field: str
    zh: str
    en: str


class RowOut(Out):
    """One row of a file; its cells are personal data and for the desk only."""

    row: int
    part: int
    sheet: str
    kind: ListKind
    verdict: Verdict
    reasons: tuple[ReasonOut, ...]
    cells: dict[str, str]
    saved_as: str
    answer: str

    @classmethod
    def told(cls, row: Row) -> RowOut:
        return cls(
            row=row.number,
            part=row.part,
            sheet=row.sheet,
            kind=row.kind,
            verdict=row.verdict,
            reasons=tuple(ReasonOut.of(one) for one in row.reasons),
            cells=dict(row.cells),
            saved_as=row.target,
            answer=row.answer,
        )


class QuestionOut(Out):
    """Something about a whole table that a person has to say; `guess` is what we would take."""

    sheet: str
    code: str
    column: str
    guess: str
    rows: tuple[int, ...]
    zh: str
    en: str


class LeftOutOut(Out):
    """A column that is not kept, and why."""

    sheet: str
    column: str
    why: str


class PassedOverOut(Out):
    """A row that tells of nobody and nothing, and why."""

    sheet: str
    row: int
    why: str


class TableOut(Out):
    """One table of a file: `rows` counts them."""

    sheet: str
    kind: ListKind
    rows: int


class FileOut(Out):
    """What became of one file and of each of its rows."""

    uid: str
    file: str
    filed_on: date
    known: bool
    changes: int
    counts: dict[Verdict, int]
    tables: tuple[TableOut, ...]
    questions: tuple[QuestionOut, ...]
    left_out: tuple[LeftOutOut, ...]
    passed_over: tuple[PassedOverOut, ...]
    rows: tuple[RowOut, ...]

    @classmethod
    def told(cls, report: FileReport) -> FileOut:
        return cls(
            uid=report.uid,
            file=report.name,
            filed_on=report.filed_on,
            known=report.known,
            changes=report.changes,
            counts=report.counts,
            tables=tuple(
                TableOut(sheet=sheet, kind=kind, rows=len(rows))
                for (sheet, kind), rows in report.tables.items()
            ),
            questions=tuple(
                QuestionOut(
                    sheet=table.sheet,
                    code=one.code,
                    column=one.column,
                    guess=one.guess,
                    rows=tuple(one.rows),
                    zh=one.zh,
                    en=one.en,
                )
                for table in report.read
                for one in table.questions
            ),
            left_out=tuple(
                LeftOutOut(sheet=table.sheet, column=one.column, why=one.why)
                for table in report.read
                for one in table.left_out
            ),
            passed_over=tuple(
                PassedOverOut(sheet=table.sheet, row=one.number, why=one.why.value)
                for table in report.read
                for one in table.passed
            ),
            rows=tuple(RowOut.told(row) for row in report.rows),
        )


class FilesOut(Out):
    """What became of each file, in the order they came."""

    files: tuple[FileOut, ...]
