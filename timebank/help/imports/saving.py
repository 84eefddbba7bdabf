"""Saving the rows of one table: lines at once, people in turns that are decided one by one and written together, stays one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from marketplace.lists import ImportReport, ListKind, RowReport, Verdict
from marketplace.store import give_way
from timebank.access import Actor
from timebank.context import Context
from timebank.help.imports import lines, people, sheets
from timebank.help.imports.kept import People, Source
from timebank.help.imports.saved import OWNER_UNCLEAR
from timebank.store.help.imports import Became
from timebank.store.locks import one_at_a_time

# A list of people up to this long is saved with its file, all or nothing; a longer one goes ahead of it in turns, each of
# which keeps other writers waiting for no more than a tenth of a second or so.
PEOPLE_AT_ONCE = 200
PEOPLE_IN_TURN = 100
# Deciding about so many people takes a few milliseconds; then whoever only reads goes on.
PEOPLE_AT_A_STRETCH = 4

Saving = tuple[ImportReport, list[Became], int]
"""A table with our own doubts, what each of its rows became, and how much changed."""
Places = Mapping[tuple[str, int, int], str]
"""What rows were saved as, by sheet, row and part."""
OnRow = Callable[[int], None]
"""Told how many rows of a table are saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list of people as a whole, whichever part of it is saved: its source, the keys of its rows, the teams it named so far."""

    source: People
    row_keys: frozenset[str]
    teams: people.Teams


async def save_table(
    ctx: Context,
    office: Actor,
    community: str,
    report: ImportReport,
    source: Source,
    earlier: Places | None = None,
    on_row: OnRow | None = None,
) -> Saving:
    """(the report with our own doubts, what each row became, how much changed) of one table. In the caller's unit of work.

    Args:
        earlier: what rows of it were saved as before it was read anew, by sheet, row and part.
        on_row: told how many of its rows are saved, as they are.
    """
    before = earlier or {}
    if report.kind in lines.LIST_KINDS:
        return await _save_lines(ctx, community, report, before)
    if report.kind is ListKind.VOLUNTEERS:
        rows: list[RowReport] = []
        became: list[Became] = []
        changes, whole = 0, _whole(report, source)
        for at in range(0, len(report.rows), PEOPLE_IN_TURN):
            part = report.rows[at : at + PEOPLE_IN_TURN]
            saved, targets, changed = await _save_people(
                ctx, community, part, whole, before, partial(_told, on_row, at)
            )
            rows += saved
            became += targets
            changes += changed
        return replace(report, rows=tuple(rows)), became, changes
    return await _save_stays(ctx, office, community, report, source, before, on_row)


async def save_people_ahead(
    ctx: Context, community: str, report: ImportReport, source: Source, on_row: OnRow
) -> Saving:
    """A long list of people, saved before the rest of its file in short units of work, so that nobody else has to wait.

    What a crash leaves is people registered: the file is not marked as read, and bringing it again finds them.
    """
    rows: list[RowReport] = []
    became: list[Became] = []
    changes, whole = 0, _whole(report, source)
    for at in range(0, len(report.rows), PEOPLE_IN_TURN):
        part = report.rows[at : at + PEOPLE_IN_TURN]
        async with ctx.engine.atomic():
            await one_at_a_time(ctx.engine, f"import:{community}")
            saved, targets, changed = await _save_people(
                ctx, community, part, whole, {}, partial(_told, on_row, at)
            )
        rows += saved
        became += targets
        changes += changed
        await give_way()
    return replace(report, rows=tuple(rows)), became, changes


def goes_ahead(report: ImportReport) -> bool:
    """Whether it is a list of people so long that it is saved ahead of its file."""
    return report.kind is ListKind.VOLUNTEERS and len(report.rows) > PEOPLE_AT_ONCE


async def _save_people(
    ctx: Context,
    community: str,
    part: Sequence[RowReport],
    whole: _List,
    before: Places,
    on_row: OnRow,
) -> tuple[list[RowReport], list[Became], int]:
    """Some rows of a list of people, in the caller's unit of work."""
    batch, changes = await people.batch(
        ctx, community, part, source=whole.source, row_keys=whole.row_keys, teams=whole.teams
    )
    rows: list[RowReport] = []
    became: list[Became] = []
    for at, row in enumerate(part):
        on_row(at)
        if at % PEOPLE_AT_A_STRETCH == 0:
            await give_way()
        target = before.get(_became(row, "", False).place, "")
        saved = await people.save_volunteer(ctx, community, row, batch, target=target)
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        made = bool(saved.target) and not target and saved.verdict is not Verdict.MERGED
        became.append(_became(row, saved.target, made))
        changes += saved.changes
    await give_way()
    changes += await people.save_batch(ctx, community, batch)
    return rows, became, changes


async def _save_lines(ctx: Context, community: str, report: ImportReport, before: Places) -> Saving:
    told, changes, added = await lines.save_lines(ctx, community, report)
    unsaved = {_key(row) for row in told if _owner_unclear(row)}
    keys = [key if (key := _key(row)) not in unsaved else "" for row in told]
    became = [_became(row, key, key in added) for row, key in zip(told, keys, strict=True)]
    gone = {before.get(one.place, "") for one in became} - {one.target for one in became} - {""}
    for key in sorted(gone):
        await lines.take_off(ctx, community, report.kind, key)
    return replace(report, rows=told), became, changes


async def _save_stays(
    ctx: Context,
    office: Actor,
    community: str,
    report: ImportReport,
    source: Source,
    before: Places,
    on_row: OnRow | None,
) -> Saving:
    """The rows of a sign-in sheet."""
    rows: list[RowReport] = []
    became: list[Became] = []
    changes = 0
    for at, row in enumerate(report.rows):
        if on_row is not None:
            on_row(at)
        target = before.get(_became(row, "", False).place, "")
        saved = await sheets.save_entry(ctx, community, row, source.sheet, by=office.uid, via=office.via)
        rows.append(replace(row, verdict=saved.verdict, reasons=saved.reasons))
        made = bool(saved.target) and not target and saved.verdict is not Verdict.MERGED
        became.append(_became(row, saved.target, made))
        changes += saved.changes
    return replace(report, rows=tuple(rows)), became, changes


def _told(on_row: OnRow | None, before: int, at: int) -> None:
    if on_row is not None:
        on_row(before + at)


def _whole(report: ImportReport, source: Source) -> _List:
    return _List(source=source.people, row_keys=frozenset(map(_key, report.rows)), teams=people.Teams())


def _became(row: RowReport, target: str, made: bool) -> Became:
    return Became(sheet=row.sheet, number=row.row_number, part=row.part, target=target, made=made)


def _owner_unclear(row: RowReport) -> bool:
    """Whether nobody could say whose line the row is: it was not saved."""
    return any(reason.code == OWNER_UNCLEAR for reason in row.reasons)


def _key(row: RowReport) -> str:
    """The key of the line a row became; a refused row became none."""
    return "" if row.verdict is Verdict.REFUSED else str(getattr(row.value, "line_key", ""))
