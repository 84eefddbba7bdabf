"""Bringing in the office's files: read and judged beside the loop, saved in one unit of work per file, answered later.

A file counts by its bytes: the very same one changes nothing the second time. Lines, people and attendances count by
their content: another file that says the same changes nothing either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from marketplace import store as lists
from marketplace.errors import ListRefused
from marketplace.lists import ImportReport, ListKind, RowReport, Table, Verdict, Workbook, read_file
from marketplace.lists.report import SourceRow
from marketplace.store import codec
from marketplace.times import mainland
from marketplace.values import Refusal
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound
from timebank.help.arranging import one_at_a_time
from timebank.help.imports import lines, people, sheets
from timebank.help.imports.report import FileReport, Row
from timebank.store import audit, imports
from timebank.store.imports import ImportedFile

# People before the sheets that name them; units and teams before the people in them.
_TURNS = {ListKind.VOLUNTEERS: 1, ListKind.ATTENDANCE: 2}
# A list of people up to this long is saved with its file, all or nothing; a longer one goes ahead of it in turns, each of
# which keeps other writers waiting for no more than a tenth of a second or so.
PEOPLE_AT_ONCE = 200
PEOPLE_IN_TURN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    """One file as it came, read into tables; or why it could not be read."""

    name: str
    fingerprint: str
    filed_on: date
    workbook: Workbook | None
    refusal: ListRefused | None = None

    @property
    def turn(self) -> int:
        kinds = {table.kind for table in self.workbook.tables} if self.workbook else set()
        return max((_TURNS.get(kind, 0) for kind in kinds), default=0)


async def import_files(
    ctx: Context,
    actor: Actor | None,
    community: str,
    files: Sequence[tuple[str, bytes]],
    filed_on: date | None = None,
) -> list[FileReport]:
    """What became of each file and each of its rows, in the order given.

    Args:
        actor: who brings them in; None for whoever runs the machine.
        files: (name, bytes). A file that cannot be read is refused by itself.
        filed_on: the day to count from where a file names none; today when left out.
    """
    if actor is not None:
        sees(actor, "ImportFiles", Facts(community=community))
    office = actor or Actor(community=community)
    day = filed_on or ctx.today()
    uploads = [await asyncio.to_thread(_read, name, content, day) for name, content in files]
    reports: dict[int, FileReport] = {}
    for place in sorted(range(len(uploads)), key=lambda place: (uploads[place].turn, place)):
        reports[place] = await _import_file(ctx, office, community, uploads[place])
    return [reports[place] for place in range(len(uploads))]


async def file_report(ctx: Context, actor: Actor, uid: str) -> FileReport:
    """A file's report for the desk, with the raw cells; that it was read is noted.

    Raises:
        NotFound: no such file in the reader's community.
    """
    async with ctx.engine.atomic():
        file = await imports.file(ctx.engine, uid)
        if file is None:
            raise NotFound()
        sees(actor, "ShowImport", Facts(community=file.community))
        report = await _stored(ctx, file)
        await audit.note(ctx, actor, "read_import", object=uid)
    return report


async def files(ctx: Context, actor: Actor) -> list[ImportedFile]:
    """Files brought in before, latest first."""
    sees(actor, "ImportPage", Facts(community=actor.community))
    return await imports.files(ctx.engine, actor.community)


async def answer_row(
    ctx: Context, actor: Actor, *, file: str, place: int, step: str, cells: dict[str, str], who: str = ""
) -> Row:
    """One doubted or refused row after the desk's decision.

    Args:
        place: which row of the file, from 0.
        step: `accept` takes the cells as they stand and answers every doubt with yes, `correct` takes changed cells
            if no doubt is left, `drop` leaves the row out for good; `who` only says who is meant, and the row goes on
            waiting when something else about it is doubtful.
        cells: column name -> text as corrected; columns left out stay as written.
        who: uid of the person on record who is meant, or `another` for none of those shown; "" when that is no question.

    Raises:
        NotFound: no such row; AlreadyDone: answered before.
        BadFields: `correct`, and something is still doubtful; BadField: it cannot be saved like this.
    """
    async with ctx.engine.atomic():
        found = await imports.file(ctx.engine, file)
        if found is None:
            raise NotFound()
        sees(actor, "AnswerRow", Facts(community=found.community))
        report = await _stored(ctx, found)
        if not 0 <= place < len(report.rows):
            raise NotFound()
        row = report.rows[place]
        if not row.waits:
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
            await _take_back(ctx, found.community, row)
        mine = await imports.answer(
            ctx, file=file, sheet=row.sheet, row_number=row.number, answer=answer, target=target, by=actor.uid
        )
        if not mine:
            raise AlreadyDone()

        await audit.note(ctx, actor, f"row_{answer}", object=f"{file}:{place}")
    return replace(row, answer=answer, target=target)


def _read(name: str, content: bytes, filed_on: date) -> _Upload:
    fingerprint = sha256(content).hexdigest()
    try:
        workbook = read_file(content, name, filed_on=filed_on, calendar=mainland())
    except ListRefused as refusal:
        return _Upload(name=name, fingerprint=fingerprint, filed_on=filed_on, workbook=None, refusal=refusal)
    return _Upload(name=name, fingerprint=fingerprint, filed_on=filed_on, workbook=workbook)


async def _import_file(ctx: Context, office: Actor, community: str, upload: _Upload) -> FileReport:
    """One file in one unit of work: all of it, or nothing."""
    if upload.workbook is None:
        return _unreadable(upload)
    read = await asyncio.to_thread(upload.workbook.reports)
    judged = sorted(read, key=lambda one: _TURNS.get(one.kind, 0))
    uid = ctx.ids.uid("F")
    ahead = await _people_ahead(ctx, community, upload, judged, uid)
    async with ctx.engine.atomic():
        # Two imports at once would not see each other's people.
        await one_at_a_time(ctx, f"import:{community}")
        known = await imports.file_by_fingerprint(ctx.engine, community, upload.fingerprint)
        if known is not None:
            return replace(await _stored(ctx, known), known=True, changes=0)

        reports: list[ImportReport] = []
        targets: list[tuple[str, int, str]] = []
        changes = 0
        for place, report in enumerate(judged):
            saved, became, changed = ahead.get(place) or await _save_table(
                ctx, office, community, report, upload, uid
            )
            reports.append(saved)
            targets += became
            changes += changed

        await lists.save_import(
            ctx.engine, community, reports, fingerprint=upload.fingerprint, filename=upload.name, at=ctx.now()
        )
        await imports.add(
            ctx,
            uid=uid,
            community=community,
            fingerprint=upload.fingerprint,
            name=upload.name,
            filed_on=upload.filed_on,
            tables=codec.dumps([replace(table, rows=()) for table in upload.workbook.tables]),
            changes=changes,
            made_by=office.uid,
        )
        await imports.add_targets(ctx.engine, uid, targets)
        await audit.note(ctx, office, "import_file", object=uid, reason=f"{changes} changes")
        file = await imports.file(ctx.engine, uid)
        assert file is not None
        return await _stored(ctx, file)


_Table = tuple[ImportReport, list[tuple[str, int, str]], int]
"""A table with our own doubts, what each of its rows became, and how much changed."""


async def _people_ahead(
    ctx: Context, community: str, upload: _Upload, judged: Sequence[ImportReport], uid: str
) -> dict[int, _Table]:
    """Long lists of people, saved before the rest of their file in short units of work, so that nobody else has to wait.

    What a crash leaves is people registered: the file is not marked as read, and bringing it again finds them.
    """
    if await imports.file_by_fingerprint(ctx.engine, community, upload.fingerprint) is not None:
        return {}
    long = {
        place: report
        for place, report in enumerate(judged)
        if report.kind is ListKind.VOLUNTEERS and len(report.rows) > PEOPLE_AT_ONCE
    }
    done: dict[int, _Table] = {}
    for place, report in long.items():
        rows: list[RowReport] = []
        became: list[tuple[str, int, str]] = []
        changes = 0
        for at in range(0, len(report.rows), PEOPLE_IN_TURN):
            async with ctx.engine.atomic():
                await one_at_a_time(ctx, f"import:{community}")
                saved, targets, changed = await _save_people(
                    ctx, community, report, report.rows[at : at + PEOPLE_IN_TURN], upload, uid
                )
            rows += saved
            became += targets
            changes += changed
            await asyncio.sleep(0)
        done[place] = (replace(report, rows=tuple(rows)), became, changes)
    return done


async def _save_table(
    ctx: Context, office: Actor, community: str, report: ImportReport, upload: _Upload, uid: str
) -> _Table:
    if report.kind in lines.LIST_KINDS:
        changes = await lines.save_lines(ctx, community, report)
        became = [(row.sheet, row.row_number, _key(row)) for row in report.rows]
        return report, became, changes
    if report.kind is ListKind.VOLUNTEERS:
        saved_rows, became, changes = await _save_people(ctx, community, report, report.rows, upload, uid)
        return replace(report, rows=tuple(saved_rows)), became, changes
    sheet = _sheet_of(upload.name, upload.fingerprint, uid)
    rows: list[RowReport] = []
    became, changes = [], 0
    for row in report.rows:
        saved = await sheets.save_entry(ctx, community, row, sheet, by=office.uid)
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        became.append((row.sheet, row.row_number, saved.target))
        changes += saved.changes
    return replace(report, rows=tuple(rows)), became, changes


async def _save_people(
    ctx: Context,
    community: str,
    report: ImportReport,
    part: Sequence[RowReport],
    upload: _Upload,
    uid: str,
) -> tuple[list[RowReport], list[tuple[str, int, str]], int]:
    """Some rows of a list of people, in the caller's unit of work."""
    keys = frozenset(_key(row) for row in report.rows)
    batch, changes = await people.batch(
        ctx, community, part, filename=upload.name, file=upload.fingerprint, where=f"import/{uid}", row_keys=keys
    )
    rows: list[RowReport] = []
    became: list[tuple[str, int, str]] = []
    for row in part:
        saved = await people.save_volunteer(ctx, community, row, batch)
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        became.append((row.sheet, row.row_number, saved.target))
        changes += saved.changes
    changes += await people.save_offers(ctx, community, batch)
    return rows, became, changes


def _sheet_of(filename: str, fingerprint: str, uid: str) -> sheets.Sheet:
    return sheets.Sheet(
        lineage=people.lineage_of(filename, "attendance"), file=fingerprint, where=f"import/{uid}"
    )


def _key(row: RowReport) -> str:
    """The key of the line a row became; a refused row became none."""
    return "" if row.verdict is Verdict.REFUSED else str(getattr(row.value, "line_key", ""))


async def _stored(ctx: Context, file: ImportedFile) -> FileReport:
    """The report as it is kept, with the desk's answers so far."""
    rows = await lists.imported_rows(ctx.engine, file.community, fingerprint=file.fingerprint)
    answers = await imports.answers(ctx.engine, file.uid)
    columns = {table.sheet: table.columns for table in codec.loads(tuple[Table, ...], file.tables)}
    return FileReport(
        uid=file.uid,
        name=file.name,
        filed_on=file.filed_on,
        changes=file.changes,
        rows=tuple(
            Row(
                number=row.row_number,
                sheet=row.sheet,
                kind=ListKind(row.kind),
                verdict=Verdict(row.verdict),
                reasons=tuple(
                    Refusal(code=one["code"], zh=one["zh"], en=one["en"], field=one.get("field", ""))
                    for one in row.reasons
                ),
                cells=_in_order(row.cells, columns.get(row.sheet, ())),
                target=known.target if (known := answers.get(_at(row.sheet, row.row_number))) else "",
                answer=known.answer if known else "",
            )
            for row in rows
        ),
    )


def _in_order(cells: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    """The cells in the order of the file's columns; what stands beside the header comes last."""
    names = [*(name for name in columns if name in cells), *(name for name in cells if name not in columns)]
    return {name: cells[name] for name in names}


def _at(sheet: str, number: int) -> tuple[str, int]:
    return sheet[: imports.SHEET_LENGTH_MAX], number


async def _judged_again(ctx: Context, file: ImportedFile, row: Row, cells: dict[str, str]) -> RowReport:
    """The row judged once more, with corrected cells and today's register of people."""
    tables = [table for table in codec.loads(tuple[Table, ...], file.tables) if table.sheet == row.sheet]
    if not tables or row.kind is ListKind.UNKNOWN:
        raise BadField(
            "认不出这张表的表头，请改好文件再导入一次。",
            "The header of this table was not recognised; correct the file and import it again.",
        )
    written = {**row.cells, **{name: text for name, text in cells.items() if name in tables[0].columns}}
    table = replace(tables[0], rows=(SourceRow(number=row.number, cells=written),))
    workbook = Workbook(filename=file.name, tables=(table,), calendar=mainland())
    (report,) = workbook.reports()
    return report.rows[0]


def _doubts(row: RowReport) -> BadFields:
    return BadFields(tuple(BadField(one.zh, one.en, field=one.field) for one in row.reasons))


async def _save_answered(
    ctx: Context, actor: Actor, file: ImportedFile, row: Row, judged: RowReport, *, who: str, sure: bool
) -> str:
    """The row saved after a word about it; what it became, "" when it goes on waiting."""
    if judged.verdict is Verdict.REFUSED:
        raise _doubts(judged)
    community = actor.community
    if row.kind is ListKind.VOLUNTEERS:
        batch, _made = await people.batch(
            ctx, community, [judged], filename=file.name, file=file.fingerprint, where=f"import/{file.uid}",
            row_keys=frozenset(),
        )  # fmt: skip
        saved = await people.save_volunteer(
            ctx, community, judged, batch, sure=sure, who=who, target=row.target, by=actor.uid
        )
        await people.save_offers(ctx, community, batch)
    elif row.kind is ListKind.ATTENDANCE:
        sheet = _sheet_of(file.name, file.fingerprint, file.uid)
        saved = await sheets.save_entry(
            ctx, community, judged, sheet, by=actor.uid, sure=sure, who=who
        )
    else:
        return await lines.save_answered(ctx, community, judged, target=row.target)
    if not saved.target and sure:
        raise _doubts(replace(judged, reasons=saved.reasons))
    return saved.target


async def _take_back(ctx: Context, community: str, row: Row) -> None:
    """A dropped line leaves its list; a person once registered is not unmade by dropping a row."""
    which = {ListKind.NEEDS: "need", ListKind.RESOURCES: "resource"}.get(row.kind)
    if which == "need":
        await lists.close_line(ctx.engine, community, "need", row.target, at=ctx.now())
    elif which == "resource":
        await lists.close_line(ctx.engine, community, "resource", row.target, at=ctx.now())


def _unreadable(upload: _Upload) -> FileReport:
    assert upload.refusal is not None
    reason = Refusal(
        code=upload.refusal.code, zh=upload.refusal.sentence("zh"), en=upload.refusal.sentence("en")
    )
    row = Row(number=0, sheet="", kind=ListKind.UNKNOWN, verdict=Verdict.REFUSED, reasons=(reason,))
    return FileReport(uid="", name=upload.name, filed_on=upload.filed_on, rows=(row,))
