"""A table the reader was not sure of: somebody says which list it is and what its columns hold, and it is read again.

What was said is remembered for the next file of that shape, hidden and struck-out rows excepted. Rows the desk has decided
by themselves stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace import store as lists
from marketplace.lists import ImportReport, RowReport, SourceRow, Table, TableAnswers, Verdict, Workbook
from marketplace.lists.regions import ASKED, RowState
from marketplace.store import codec
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound, WrongMoment
from timebank.help.imports.kept import source_of, stored
from timebank.help.imports.reading import judged_again
from timebank.help.imports.report import FileReport, Row
from timebank.help.imports.saving import save_table
from timebank.rules.people.readings import Why
from timebank.store.help import imports
from timebank.store.help.imports import ImportedFile
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of

_STATES = {f"row_{state.value}": state for state in ASKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """One table of a file as it stands, and as it would be read with the answers given.

    Attributes:
        number: which table of the file, from 0.
        table: with its rows; `read` the same after the answers.
        verdicts: how many rows would get each verdict; `rows` the first of them as they would be read.
    """

    file: FileReport
    number: int
    table: Table
    read: Table
    verdicts: dict[Verdict, int]
    rows: tuple[RowReport, ...]


async def show_table(ctx: Context, actor: Actor, uid: str, number: int, answers: TableAnswers) -> TableView:
    """One table with what the answers would make of it; nothing is saved.

    Raises:
        NotFound: no such table in the reader's community. UnknownColumn: an answer names what is not there.
    """
    async with ctx.engine.atomic():
        file, report, table = await _table(ctx, actor, "ShowTable", uid, number)
        await audit.note(ctx, actor, "read_import", object=uid)
        judged = await _judged(ctx, file, read := table.answered(answers))
    await looked_at(ctx, actor, [row.target for row in report.rows], Why.FILE)
    return TableView(
        file=report,
        number=number,
        table=table,
        read=read,
        verdicts=dict(Counter(row.verdict for row in judged.rows)),
        rows=judged.rows,
    )


async def answer_table(
    ctx: Context, actor: Actor, uid: str, number: int, answers: TableAnswers, *, remember: bool
) -> FileReport:
    """The table read again as somebody says, and its rows saved; the file's report.

    Args:
        remember: keep what was said for the next file of this shape.

    Raises:
        NotFound: no such table; UnknownColumn: an answer names what is not there; WrongMoment: the file was taken back.
    """
    async with ctx.engine.atomic():
        file, report, table = await _table(ctx, actor, "AnswerTable", uid, number)
        if report.undone:
            raise WrongMoment("这个文件已经撤回了。", "This file was taken back.")
        await one_at_a_time(ctx.engine, f"import:{file.community}")
        read = table.answered(answers)

        judged = await _judged(ctx, file, read)
        decided = {_place(row) for row in report.rows if row.answer}
        earlier = {_place(row): row.target for row in report.rows if row.target and not row.answer}
        open_rows = replace(
            judged,
            rows=tuple(row for row in judged.rows if (row.sheet, row.row_number, row.part) not in decided),
        )
        saved, became, changes = await save_table(
            ctx, actor, file.community, open_rows, source_of(file), earlier
        )
        made = {row.target for row in report.rows if row.made}
        became = [replace(one, made=one.made or one.target in made) for one in became]

        kept = {(row.sheet, row.row_number, row.part): row for row in saved.rows}
        rows = tuple(kept.get((row.sheet, row.row_number, row.part), row) for row in judged.rows)
        await lists.judge_again(
            ctx.engine, file.community, replace(judged, rows=rows), fingerprint=file.fingerprint
        )
        await imports.replace_targets(ctx.engine, uid, table.sheet, became)
        tables = [replace(one, rows=()) for one in report.read]
        tables[number] = replace(read, rows=())
        await imports.save_tables(ctx.engine, uid, tables=codec.dumps(tables), changes=file.changes + changes)
        if remember:
            said = codec.dumps(read.answers.kept())
            await imports.remember_layout(
                ctx, file.community, fingerprint=read.fingerprint, answers=said, by=actor.uid
            )

        await audit.note(ctx, actor, "answer_table", object=f"{uid}:{number}", reason=f"{changes} changes")
        file = await _file(ctx, uid)
        return await stored(ctx, file)


async def _file(ctx: Context, uid: str) -> ImportedFile:
    file = await imports.file(ctx.engine, uid)
    if file is None:
        raise NotFound()
    return file


async def _table(
    ctx: Context, actor: Actor, use_case: str, uid: str, number: int
) -> tuple[ImportedFile, FileReport, Table]:
    """(the file, its report, one of its tables with the rows as they are kept)."""
    file = await _file(ctx, uid)
    sees(actor, use_case, Facts(community=file.community))
    report = await stored(ctx, file)
    if not 0 <= number < len(report.read):
        raise NotFound()
    table = report.read[number]
    return file, report, replace(table, rows=tuple(_source_rows(table, report.rows)))


def _source_rows(table: Table, rows: Sequence[Row]) -> list[SourceRow]:
    """The rows of a table out of the report: each once, however many stays it told, with what it is in the file."""
    found: dict[int, SourceRow] = {}
    for row in rows:
        if row.sheet == table.sheet and row.number not in found:
            state = next((_STATES[one.code] for one in row.reasons if one.code in _STATES), RowState.LINE)
            found[row.number] = SourceRow(number=row.number, cells=dict(row.cells), state=state)
    return list(found.values())


async def _judged(ctx: Context, file: ImportedFile, table: Table) -> ImportReport:
    calendar = await calendars.calendar_of(ctx.engine, file.community, ctx.today())
    workbook = Workbook(filename=file.name, tables=(table,), calendar=calendar, zone=ctx.zone)
    return await judged_again(workbook, await tree_of(ctx.engine, file.community))


def _place(row: Row) -> tuple[str, int, int]:
    return row.sheet, row.number, row.part
