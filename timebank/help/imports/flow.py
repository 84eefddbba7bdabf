"""Bringing in the office's files: read and judged beside the loop, saved in one unit of work per file, answered later.

A file counts by its bytes: the very same one changes nothing the second time. Lines, people and attendances count by
their content: another file that says the same changes nothing either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from hashlib import sha256

from marketplace import store as lists
from marketplace.errors import ListRefused
from marketplace.lists import (
    ImportReport,
    ListKind,
    RowReport,
    SourceRow,
    Table,
    TableAnswers,
    Verdict,
    Workbook,
    read_file,
)
from marketplace.store import codec
from marketplace.store.imports import ImportedRow
from marketplace.values import Calendar, Refusal
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, BadFields, NotFound
from timebank.help.imports import lines, people, sheets
from timebank.help.imports.people import People, lineage_of
from timebank.help.imports.report import FileReport, Row
from timebank.help.imports.saved import OWNER_UNCLEAR
from timebank.store import audit, calendars, imports, recognition
from timebank.store.imports import Became, ImportedFile
from timebank.store.locks import one_at_a_time

# The file's name, how many of its rows are saved, how many it has.
Progress = Callable[[str, int, int], None]
# People before the sheets that name them; units and teams before the people in them.
_TURNS = {ListKind.VOLUNTEERS: 1, ListKind.ATTENDANCE: 2}


# A list of people up to this long is saved with its file, all or nothing; a longer one goes ahead of it in turns, each of
# which keeps other writers waiting for no more than a tenth of a second or so.
PEOPLE_AT_ONCE = 200
PEOPLE_IN_TURN = 20


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
            lineage=lineage_of(self.name, people.SOURCE), file=self.fingerprint, where=f"import/{self.uid}"
        )

    @property
    def sheet(self) -> People:
        """It as a sign-in sheet."""
        return People(
            lineage=lineage_of(self.name, "attendance"), file=self.fingerprint, where=f"import/{self.uid}"
        )


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


@dataclass(slots=True)
class _Counter:
    """How many rows of a file are saved, told as they are."""

    name: str
    total: int
    told: Progress | None
    before: int = 0

    def row(self, at: int) -> None:
        """Row `at` of the present table comes next."""
        if self.told is not None:
            self.told(self.name, self.before + at, self.total)

    def table(self, rows: int) -> None:
        """A table of so many rows is done."""
        self.before += rows
        self.row(0)


async def import_files(
    ctx: Context,
    actor: Actor | None,
    community: str,
    files: Sequence[tuple[str, bytes]],
    filed_on: date | None = None,
    on_progress: Progress | None = None,
) -> list[FileReport]:
    """What became of each file and each of its rows, in the order given.

    Args:
        actor: who brings them in; None for whoever runs the machine.
        files: (name, bytes). A file that cannot be read is refused by itself.
        filed_on: the day to count from where a file names none; today when left out.
        on_progress: told the file's name, how many of its rows are saved and how many it has, as they are.
    """
    if actor is not None:
        sees(actor, "ImportFiles", Facts(community=community))
    office = actor or Actor(community=community)
    day = filed_on or ctx.today()
    said = [codec.loads(TableAnswers, text) for text in await imports.layouts(ctx.engine, community)]
    calendar = await calendars.calendar_of(ctx.engine, community, ctx.today())
    uploads = [
        await asyncio.to_thread(_read, name, content, day, said, ctx.zone, calendar)
        for name, content in files
    ]
    reports: dict[int, FileReport] = {}
    for place in sorted(range(len(uploads)), key=lambda place: (uploads[place].turn, place)):
        reports[place] = await _import_file(ctx, office, community, uploads[place], on_progress)
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
        report = await stored(ctx, file)
        await audit.note(ctx, actor, "read_import", object=uid)
    return report


async def files(ctx: Context, actor: Actor) -> list[ImportedFile]:
    """Files brought in before, latest first."""
    sees(actor, "ImportPage", Facts(community=actor.community))
    return await imports.files(ctx.engine, actor.community)


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
        report = await stored(ctx, found)
        if not 0 <= place < len(report.rows):
            raise NotFound()
        row = report.rows[place]
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


def _read(
    name: str,
    content: bytes,
    filed_on: date,
    said: Sequence[TableAnswers],
    zone: tzinfo,
    calendar: Calendar,
) -> _Upload:
    fingerprint = sha256(content).hexdigest()
    try:
        workbook = read_file(content, name, filed_on=filed_on, calendar=calendar, zone=zone, remembered=said)
    except ListRefused as refusal:
        return _Upload(name=name, fingerprint=fingerprint, filed_on=filed_on, workbook=None, refusal=refusal)
    return _Upload(name=name, fingerprint=fingerprint, filed_on=filed_on, workbook=workbook)


async def _import_file(
    ctx: Context, office: Actor, community: str, upload: _Upload, on_progress: Progress | None = None
) -> FileReport:
    """One file in one unit of work: all of it, or nothing."""
    if upload.workbook is None:
        return _unreadable(upload)
    read = await asyncio.to_thread(upload.workbook.reports)
    judged = sorted(read, key=lambda one: _TURNS.get(one.kind, 0))
    source = Source(name=upload.name, fingerprint=upload.fingerprint, uid=ctx.ids.uid("F"))
    counter = _Counter(upload.name, sum(len(report.rows) for report in judged), on_progress)
    ahead = await _people_ahead(ctx, community, judged, source, counter)
    async with ctx.engine.atomic():
        # Two imports at once would not see each other's people.
        await one_at_a_time(ctx.engine, f"import:{community}")
        known = await imports.file_by_fingerprint(ctx.engine, community, upload.fingerprint)
        if known is not None:
            return replace(await stored(ctx, known), known=True, changes=0)

        reports: list[ImportReport] = []
        targets: list[Became] = []
        changes = 0
        for place, report in enumerate(judged):
            if place not in ahead:
                saving = await save_table(ctx, office, community, report, source, on_row=counter.row)
                counter.table(len(report.rows))
            else:
                saving = ahead[place]
            saved, became, changed = saving
            reports.append(saved)
            targets += became
            changes += changed

        await lists.save_import(
            ctx.engine, community, reports, fingerprint=upload.fingerprint, filename=upload.name, at=ctx.now()
        )
        await imports.add(
            ctx,
            uid=source.uid,
            community=community,
            fingerprint=upload.fingerprint,
            name=upload.name,
            filed_on=upload.filed_on,
            tables=codec.dumps([replace(table, rows=()) for table in upload.workbook.tables]),
            changes=changes,
            made_by=office.uid,
        )
        await imports.add_targets(ctx.engine, source.uid, targets)
        await audit.note(ctx, office, "import_file", object=source.uid, reason=f"{changes} changes")
        file = await imports.file(ctx.engine, source.uid)
        assert file is not None
        return await stored(ctx, file)


Saving = tuple[ImportReport, list[Became], int]
"""A table with our own doubts, what each of its rows became, and how much changed."""
Places = Mapping[tuple[str, int, int], str]
"""What rows were saved as, by sheet, row and part."""


async def _people_ahead(
    ctx: Context, community: str, judged: Sequence[ImportReport], source: Source, counter: _Counter
) -> dict[int, Saving]:
    """Long lists of people, saved before the rest of their file in short units of work, so that nobody else has to wait.

    What a crash leaves is people registered: the file is not marked as read, and bringing it again finds them.
    """
    if await imports.file_by_fingerprint(ctx.engine, community, source.fingerprint) is not None:
        return {}
    done: dict[int, Saving] = {}
    for place, report in enumerate(judged):
        if report.kind is not ListKind.VOLUNTEERS or len(report.rows) <= PEOPLE_AT_ONCE:
            continue
        rows: list[RowReport] = []
        became: list[Became] = []
        changes = 0
        for at in range(0, len(report.rows), PEOPLE_IN_TURN):
            part = report.rows[at : at + PEOPLE_IN_TURN]
            async with ctx.engine.atomic():
                await one_at_a_time(ctx.engine, f"import:{community}")
                saved, targets, changed = await _save_people(
                    ctx, community, report, part, source, {}, counter.row
                )
            rows += saved
            became += targets
            changes += changed
            counter.table(len(part))
            await asyncio.sleep(0)
        done[place] = (replace(report, rows=tuple(rows)), became, changes)
    return done


async def save_table(
    ctx: Context,
    office: Actor,
    community: str,
    report: ImportReport,
    source: Source,
    earlier: Places | None = None,
    on_row: Callable[[int], None] | None = None,
) -> Saving:
    """(the report with our own doubts, what each row became, how much changed) of one table. In the caller's unit of work.

    Args:
        earlier: what rows of it were saved as before it was read anew, by sheet, row and part.
        on_row: told how many of its rows are saved, as they are.
    """
    before = earlier or {}
    if report.kind in lines.LIST_KINDS:
        told, changes, added = await lines.save_lines(ctx, community, report)
        unsaved = {_key(row) for row in told if _owner_unclear(row)}
        keys = [key if (key := _key(row)) not in unsaved else "" for row in told]
        became = [_became(row, key, key in added) for row, key in zip(told, keys, strict=True)]
        gone = {before.get(one.place, "") for one in became} - {one.target for one in became} - {""}
        for key in sorted(gone):
            await lines.take_off(ctx, community, report.kind, key)
        return replace(report, rows=told), became, changes
    if report.kind is ListKind.VOLUNTEERS:
        found, became, changes = await _save_people(
            ctx, community, report, report.rows, source, before, on_row
        )
        return replace(report, rows=tuple(found)), became, changes
    rows: list[RowReport] = []
    became, changes = [], 0
    for at, row in enumerate(report.rows):
        if on_row is not None:
            on_row(at)
        target = before.get(_became(row, "", False).place, "")
        saved = await sheets.save_entry(ctx, community, row, source.sheet, by=office.uid)
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        made = bool(saved.target) and not target and saved.verdict is not Verdict.MERGED
        became.append(_became(row, saved.target, made))
        changes += saved.changes
    return replace(report, rows=tuple(rows)), became, changes


async def _save_people(
    ctx: Context,
    community: str,
    report: ImportReport,
    part: Sequence[RowReport],
    source: Source,
    before: Places,
    on_row: Callable[[int], None] | None,
) -> tuple[list[RowReport], list[Became], int]:
    """Some rows of a list of people, in the caller's unit of work."""
    keys = frozenset(_key(row) for row in report.rows)
    batch, changes = await people.batch(ctx, community, part, source=source.people, row_keys=keys)
    rows: list[RowReport] = []
    became: list[Became] = []
    for at, row in enumerate(part):
        if on_row is not None:
            on_row(at)
        target = before.get(_became(row, "", False).place, "")
        saved = await people.save_volunteer(ctx, community, row, batch, target=target)
        await asyncio.sleep(0)  # Whoever only reads goes on between two people.
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        made = bool(saved.target) and not target and saved.verdict is not Verdict.MERGED
        became.append(_became(row, saved.target, made))
        changes += saved.changes
    changes += await people.save_offers(ctx, community, batch)
    return rows, became, changes


def _became(row: RowReport, target: str, made: bool) -> Became:
    return Became(sheet=row.sheet, number=row.row_number, part=row.part, target=target, made=made)


def _key(row: RowReport) -> str:
    """The key of the line a row became; a refused row became none."""
    return "" if row.verdict is Verdict.REFUSED else str(getattr(row.value, "line_key", ""))


def _owner_unclear(row: RowReport) -> bool:
    """Whether nobody could say whose line the row is: it was not saved."""
    return any(reason.code == OWNER_UNCLEAR for reason in row.reasons)


async def stored(ctx: Context, file: ImportedFile) -> FileReport:
    """The report as it is kept, with the desk's answers so far."""
    rows = await lists.imported_rows(ctx.engine, file.community, fingerprint=file.fingerprint)
    answers = await imports.answers(ctx.engine, file.uid)
    tables = codec.loads(tuple[Table, ...], file.tables)
    columns = {table.sheet: table.columns for table in tables}
    return FileReport(
        uid=file.uid,
        name=file.name,
        filed_on=file.filed_on,
        changes=file.changes,
        read=tables,
        undone=file.undone_at is not None,
        rows=tuple(
            Row(
                number=row.row_number,
                part=row.part,
                sheet=row.sheet,
                kind=ListKind(row.kind),
                verdict=Verdict(row.verdict),
                reasons=row.reasons,
                cells=_in_order(row.cells, columns.get(row.sheet, ())),
                target=known.target if (known := answers.get(_at(row))) else "",
                made=bool(known and known.made),
                answer=known.answer if known else "",
            )
            for row in rows
        ),
    )


def _in_order(cells: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    """The cells in the order of the file's columns; what stands beside the header comes last."""
    names = [*(name for name in columns if name in cells), *(name for name in cells if name not in columns)]
    return {name: cells[name] for name in names}


def _at(row: ImportedRow) -> tuple[str, int, int]:
    return row.sheet[: imports.SHEET_LENGTH_MAX], row.row_number, row.part


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
    (report,) = workbook.reports()
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
        await people.save_offers(ctx, community, batch)
    elif row.kind is ListKind.ATTENDANCE:
        saved = await sheets.save_entry(
            ctx, community, judged, source.sheet, by=actor.uid, sure=sure, who=who
        )
    else:
        return await lines.save_answered(ctx, community, judged, target=row.target)
    if not saved.target and sure:
        raise _doubts(replace(judged, reasons=saved.reasons))
    return saved.target


def source_of(file: ImportedFile) -> Source:
    """A file that is kept, as its rows were told by."""
    return Source(name=file.name, fingerprint=file.fingerprint, uid=file.uid)


def _unreadable(upload: _Upload) -> FileReport:
    assert upload.refusal is not None
    reason = Refusal(
        code=upload.refusal.code, zh=upload.refusal.sentence("zh"), en=upload.refusal.sentence("en")
    )
    row = Row(number=0, sheet="", kind=ListKind.UNKNOWN, verdict=Verdict.REFUSED, reasons=(reason,))
    return FileReport(uid="", name=upload.name, filed_on=upload.filed_on, rows=(row,))
