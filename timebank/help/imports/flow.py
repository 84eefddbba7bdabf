"""Bringing in the office's files: read and judged beside the loop, saved in one unit of work per file, answered later.

A file counts by its bytes: the very same one changes nothing the second time. Lines, people and attendances count by
their content: another file that says the same changes nothing either.

Each file goes the way of every flow: `reading` loads and decides on each row in a process of its own, `saving` saves
table by table, and the file with its rows is noted last, so that it counts as read only when all of it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from marketplace import store as lists
from marketplace.errors import ListRefused
from marketplace.lists import ImportReport, ListKind, TableAnswers, Verdict
from marketplace.store import codec
from marketplace.values import Calendar, Refusal
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.imports.kept import Source, stored
from timebank.help.imports.reading import Judged, judged_file
from timebank.help.imports.report import FileReport, Row
from timebank.help.imports.saving import Saving, goes_ahead, save_people_ahead, save_table
from timebank.reading import OFFICE, OPERATOR, Limits
from timebank.rules.people.readings import Why
from timebank.store.help import imports
from timebank.store.help.imports import Became, ImportedFile
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of

# The file's name, how many of its rows are saved, how many it has.
Progress = Callable[[str, int, int], None]
# People before the sheets that name them; units and teams before the people in them.
_TURNS = {ListKind.VOLUNTEERS: 1, ListKind.ATTENDANCE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upload:
    """One file as it came, read and judged; or why that was not done: it cannot be read, or it came before."""

    name: str
    fingerprint: str
    filed_on: date
    judged: Judged | None = None
    refusal: ListRefused | None = None
    before: ImportedFile | None = None

    @property
    def turn(self) -> int:
        kinds = {table.kind for table in self.judged.tables} if self.judged else set()
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
    limits = OPERATOR if actor is None else OFFICE
    uploads = [
        await _brought(ctx, community, name, content, day, said, calendar, limits) for name, content in files
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
    await looked_at(ctx, actor, [row.target for row in report.rows], Why.FILE)
    return report


async def files(ctx: Context, actor: Actor) -> list[ImportedFile]:
    """Files brought in before, latest first."""
    sees(actor, "ImportPage", Facts(community=actor.community))
    return await imports.files(ctx.engine, actor.community)


async def _brought(
    ctx: Context,
    community: str,
    name: str,
    content: bytes,
    filed_on: date,
    said: Sequence[TableAnswers],
    calendar: Calendar,
    limits: Limits,
) -> _Upload:
    """The file read and judged, unless the very same one came before."""
    upload = _Upload(name=name, fingerprint=sha256(content).hexdigest(), filed_on=filed_on)
    before = await imports.file_by_fingerprint(ctx.engine, community, upload.fingerprint)
    if before is not None:
        return replace(upload, before=before)
    try:
        judged = await judged_file(
            content, name, filed_on=filed_on, calendar=calendar, zone=ctx.zone, said=said,
            tree=await tree_of(ctx.engine, community), limits=limits,
        )  # fmt: skip
    except ListRefused as refusal:
        return replace(upload, refusal=refusal)
    return replace(upload, judged=judged)


async def _import_file(
    ctx: Context, office: Actor, community: str, upload: _Upload, on_progress: Progress | None = None
) -> FileReport:
    """One file in one unit of work: all of it, or nothing; but long lists of people are saved ahead of it."""
    if upload.before is not None:
        return await _known(ctx, upload.before)
    if upload.judged is None:
        return _unreadable(upload)
    judged = sorted(upload.judged.reports, key=lambda one: _TURNS.get(one.kind, 0))
    source = Source(name=upload.name, fingerprint=upload.fingerprint, uid=ctx.ids.uid("F"))
    counter = _Counter(upload.name, sum(len(report.rows) for report in judged), on_progress)
    ahead: dict[int, Saving] = {}
    for place, report in enumerate(judged):
        if goes_ahead(report):
            ahead[place] = await save_people_ahead(ctx, community, report, source, counter.row)
            counter.table(len(report.rows))

    async with ctx.engine.atomic():
        # Two imports at once would not see each other's people.
        await one_at_a_time(ctx.engine, f"import:{community}")
        before = await imports.file_by_fingerprint(ctx.engine, community, upload.fingerprint)
        if before is None:
            saved: list[Saving] = []
            for place, report in enumerate(judged):
                if place not in ahead:
                    saved.append(await save_table(ctx, office, community, report, source, on_row=counter.row))
                    counter.table(len(report.rows))
                else:
                    saved.append(ahead[place])
            await _note(ctx, office, community, upload, source, saved)
    if before is not None:  # somebody else was quicker with the same file
        return await _known(ctx, before)
    file = await imports.file(ctx.engine, source.uid)
    assert file is not None, "it was noted just now"
    return await stored(ctx, file)


async def _note(
    ctx: Context, office: Actor, community: str, upload: _Upload, source: Source, saved: Sequence[Saving]
) -> None:
    """The file as read, with the verdict on each of its rows and what each became."""
    assert upload.judged is not None
    reports: list[ImportReport] = [report for report, _, _ in saved]
    became: list[Became] = [one for _, targets, _ in saved for one in targets]
    changes = sum(changed for _, _, changed in saved)
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
        tables=codec.dumps(list(upload.judged.tables)),
        changes=changes,
        made_by=office.uid,
    )
    await imports.add_targets(ctx.engine, source.uid, became)
    await audit.note(ctx, office, "import_file", object=source.uid, reason=f"{changes} changes")


async def _known(ctx: Context, file: ImportedFile) -> FileReport:
    """The report of the very same file as it came before; it changes nothing."""
    return replace(await stored(ctx, file), known=True, changes=0)


def _unreadable(upload: _Upload) -> FileReport:
    assert upload.refusal is not None
    reason = Refusal(
        code=upload.refusal.code, zh=upload.refusal.sentence("zh"), en=upload.refusal.sentence("en")
    )
    row = Row(number=0, sheet="", kind=ListKind.UNKNOWN, verdict=Verdict.REFUSED, reasons=(reason,))
    return FileReport(uid="", name=upload.name, filed_on=upload.filed_on, rows=(row,))
