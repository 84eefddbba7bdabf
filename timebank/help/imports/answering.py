"""The desk's word on rows that were doubted or refused: one row by itself, or all that ask one and the same thing."""

from __future__ import annotations

from dataclasses import replace

from marketplace.lists import ListKind, RowReport, SourceRow, Table, Verdict, Workbook
from marketplace.store import codec
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound
from timebank.help.imports import lines, people, sheets
from timebank.help.imports.kept import source_of, stored, stored_row
from timebank.help.imports.report import Row
from timebank.store.help import imports
from timebank.store.help.imports import ImportedFile
from timebank.store.members import recognition
from timebank.store.oversight import audit
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of


async def answer_row(
    ctx: Context,
    actor: Actor,
    *,
    file: str,
    place: int,
    step: str,
    cells: dict[str, str],
    who: str = "",
    number: int = 0,
) -> Row:
    """One doubted or refused row after the desk's decision.

    Args:
        place: which row of the file, from 0.
        step: `accept` takes the cells as they stand and answers every doubt with yes, `correct` takes changed cells
            if no doubt is left, `drop` leaves the row out for good; `who` only says who is meant, and the row goes on
            waiting when something else about it is doubtful.
        cells: column name -> text as corrected; columns left out stay as written.
        who: uid of the person on record who is meant, or `another` for none of those shown; "" when that is no question.
        number: the row's number as it was shown, 0 when nobody saw one.

    Raises:
        NotFound: no such row; AlreadyDone: answered before.
        BadFields: `correct`, and something is still doubtful; BadField: it cannot be saved like this.
    """
    async with ctx.engine.atomic():
        found = await imports.file(ctx.engine, file)
        if found is None:
            raise NotFound()
        sees(actor, "AnswerRow", Facts(community=found.community))
        row = await stored_row(ctx, found, place)
        if row is None:
            raise NotFound()
        if not row.waits or number not in (0, row.number):
            raise AlreadyDone()

        judged = None if step == "drop" else await _judged_again(ctx, found, row, cells)
        if step == "correct" and judged is not None and judged.verdict is not Verdict.ACCEPTED:
            raise _doubts(judged)

        target = ""
        if judged is not None:
            target = await _save_answered(ctx, actor, found, row, judged, who=who, sure=step != "who")
        if step == "who" and not target:
            await audit.note(ctx, actor, "row_who", object=f"{file}:{place}")
            return row
        answer = {"accept": "accepted", "who": "accepted", "correct": "corrected", "drop": "dropped"}[step]
        if step == "drop" and row.target:
            await lines.take_off(ctx, found.community, row.kind, row.target)
        mine = await imports.answer(
            ctx,
            file=file,
            sheet=row.sheet,
            row_number=row.number,
            part=row.part,
            answer=answer,
            target=target,
            by=actor.uid,
        )
        if not mine:
            raise AlreadyDone()
        # Whatever was asked about the row, nobody waits for it any more.
        seen_in = f"import/{file}/{row.number}/{row.part}/{row.sheet}"
        await recognition.close_seen(ctx.engine, found.community, seen_in, at=ctx.now())

        await audit.note(ctx, actor, f"row_{answer}", object=f"{file}:{place}")
    return replace(row, answer=answer, target=target)


async def answer_rows(ctx: Context, actor: Actor, *, file: str, code: str, step: str) -> tuple[int, int]:
    """(rows answered, rows that need a correction of their own) among those whose one question is `code`.

    Args:
        step: `accept` or `drop`, as for a single row.

    Raises:
        NotFound: no such file.
    """
    async with ctx.engine.atomic():
        found = await imports.file(ctx.engine, file)
        if found is None:
            raise NotFound()
        sees(actor, "AnswerRows", Facts(community=found.community))
        report = await stored(ctx, found)
        wanted = set(map(id, report.groups.get(code, ())))
        places = [place for place, row in enumerate(report.rows) if id(row) in wanted]
    done = 0
    for place in places:
        try:
            # Each in a unit of its own: one that cannot be saved like this leaves the others standing.
            await answer_row(ctx, actor, file=file, place=place, step=step, cells={})
            done += 1
        except (BadField, BadFields, AlreadyDone):
            continue
    return done, len(places) - done


async def _judged_again(ctx: Context, file: ImportedFile, row: Row, cells: dict[str, str]) -> RowReport:
    """The row judged once more, with corrected cells and today's register of people."""
    tables = [table for table in codec.loads(tuple[Table, ...], file.tables) if table.sheet == row.sheet]
    if not tables or row.kind is ListKind.UNKNOWN:
        raise BadField(
            "请先说明这张表是哪张清单、每列是什么。",
            "Please first say which list this table is and what its columns hold.",
        )
    written = {**row.cells, **{name: text for name, text in cells.items() if name in tables[0].columns}}
    table = replace(tables[0], rows=(SourceRow(number=row.number, cells=written),))
    calendar = await calendars.calendar_of(ctx.engine, file.community, ctx.today())
    workbook = Workbook(filename=file.name, tables=(table,), calendar=calendar, zone=ctx.zone)
    (report,) = workbook.reports(tree=await tree_of(ctx.engine, file.community))
    # A correction may have taken a stay out of the row; then its last one is meant.
    return report.rows[min(row.part, len(report.rows) - 1)]


def _doubts(row: RowReport) -> BadFields:
    return BadFields(tuple(BadField(one.zh, one.en, field=one.field) for one in row.reasons))


async def _save_answered(
    ctx: Context, actor: Actor, file: ImportedFile, row: Row, judged: RowReport, *, who: str, sure: bool
) -> str:
    """The row saved after a word about it; what it became, "" when it goes on waiting."""
    if judged.verdict is Verdict.REFUSED:
        raise _doubts(judged)
    community, source = actor.community, source_of(file)
    if row.kind is ListKind.VOLUNTEERS:
        batch, _made = await people.batch(
            ctx, community, [judged], source=source.people, row_keys=frozenset()
        )
        saved = await people.save_volunteer(
            ctx, community, judged, batch, sure=sure, who=who, target=row.target, by=actor.uid
        )
        await people.save_batch(ctx, community, batch)
    elif row.kind is ListKind.ATTENDANCE:
        saved = await sheets.save_entry(
            ctx, community, judged, source.sheet, by=actor.uid, via=actor.via, sure=sure, who=who
        )
    else:
        return await lines.save_answered(ctx, community, judged, target=row.target)
    if not saved.target and sure:
        raise _doubts(replace(judged, reasons=saved.reasons))
    return saved.target
