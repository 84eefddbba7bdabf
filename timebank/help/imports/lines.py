"""Lines of the four lists into the marketplace's tables, and the units and teams they name into ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from marketplace import store as lists
from marketplace.lists import ImportReport, ListKind, RowReport, Verdict
from marketplace.lists.report import Line
from marketplace.lists.typed import confirmed
from marketplace.names import name_key
from marketplace.values import Activity, Need, Project, Resource
from timebank.community.organising import found_organisation, is_office
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.imports.saved import say_whose, whose_is_it
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT

LIST_KINDS = (ListKind.NEEDS, ListKind.RESOURCES, ListKind.ACTIVITIES, ListKind.PROJECTS)
_TEAM = re.compile(r"(?:服务队|志愿队|突击队|队|team)$", re.IGNORECASE)


async def save_lines(
    ctx: Context, community: str, report: ImportReport
) -> tuple[tuple[RowReport, ...], int, frozenset[str]]:
    """The lines of one table saved, and their units and teams known: (its rows, how much changed, the keys that are new).

    In the caller's unit of work.

    Doubted lines are saved too: their open question keeps them out of the plan until somebody answers it. A line whose
    owner could be one of several organisations is not: nobody could answer for it.
    """
    taken = [row for row in report.rows if row.verdict in (Verdict.ACCEPTED, Verdict.QUESTIONED)]
    lines = _owned([row.value for row in taken if row.value is not None])
    bodies = await know_bodies(ctx, community, lines)
    owners, unclear = await _owners(ctx, community, lines)
    changes, added = await _save(
        ctx, community, [one for one in lines if one.line_key not in unclear], owners
    )
    rows = tuple(
        _asked(row) if row.value is not None and row in taken and row.value.line_key in unclear else row
        for row in report.rows
    )
    return rows, bodies + changes, added


async def save_answered(ctx: Context, community: str, row: RowReport, *, target: str) -> str:
    """One line as the desk answered it, its questions closed; its key. In the caller's unit of work.

    Args:
        target: key of the line that this row became before; closed when the corrected line has another key.

    Raises:
        BadField: the row still is no line.
    """
    if row.value is None:
        reason = row.reasons[0]
        raise BadField(reason.zh, reason.en, field=reason.field)
    (line,) = _owned([confirmed(row.value)])
    await know_bodies(ctx, community, [line])
    owners, unclear = await _owners(ctx, community, [line])
    if unclear:
        raise say_whose(row, _owner_named(line))
    if target and target != line.line_key and isinstance(line, Need | Resource):
        await lists.close_line(
            ctx.engine, community, "need" if isinstance(line, Need) else "resource", target, at=ctx.now()
        )
    await _save(ctx, community, [line], owners)
    return line.line_key


async def take_off(ctx: Context, community: str, kind: ListKind, key: str) -> bool:
    """A need or an offer leaves its list; False where there was nothing to take off."""
    if kind is ListKind.NEEDS:
        return await lists.close_line(ctx.engine, community, "need", key, at=ctx.now())
    if kind is ListKind.RESOURCES:
        return await lists.close_line(ctx.engine, community, "resource", key, at=ctx.now())
    return False


async def know_bodies(ctx: Context, community: str, lines: Iterable[Line]) -> int:
    """Units and teams that the lines name and nobody knew, made; how many."""
    known = {one.name_key for one in await organisations.every_name(ctx.engine, community)}
    made = 0
    for name, kind, is_team in _named(lines):
        if name_key(name) in known or is_office(name):
            continue
        await found_organisation(ctx, community, kind=TEAM if is_team else UNIT, name=name, subkind=kind)
        known.add(name_key(name))
        made += 1
    return made


def _named(lines: Iterable[Line]) -> list[tuple[str, str, bool]]:
    """(name, kind, is a team) of every body the lines name; owners of resources first, they tell the kind."""
    owners: list[tuple[str, str, bool]] = []
    others: list[tuple[str, str, bool]] = []
    for line in lines:
        if isinstance(line, Resource) and line.owner_kind != "volunteer":
            owners.append((line.owner, line.owner_type, line.owner_kind == "team"))
        elif isinstance(line, Need) and line.source == "unit" and line.owner:
            others.append((line.owner, "", False))
        elif isinstance(line, Activity | Project):
            partners = line.partners if isinstance(line, Project) else ()
            others += [(name, "", bool(_TEAM.search(name))) for name in (line.lead, *partners)]
    return [one for one in (*owners, *others) if one[0] and not one[0].startswith("'")]


def _owned(lines: Sequence[Line]) -> list[Line]:
    """The lines, each need of a unit with that unit as its owner: the place column names who asks (区图书馆)."""
    return [
        replace(line, owner=line.place.text)
        if isinstance(line, Need) and line.source == "unit" and not line.owner and line.place.text
        else line
        for line in lines
    ]


async def _owners(
    ctx: Context, community: str, lines: Sequence[Line]
) -> tuple[dict[str, str], frozenset[str]]:
    """(line key -> code of the organisation whose line it is, keys of lines that could be one of several's).

    Where several organisations go by the name, those of the kind the list tells are meant; a line that one of them has
    already stays with it; whose name it is today comes before who had it. "" stands for the office itself.
    """
    known = organisations.by_name(await organisations.every_name(ctx.engine, community))
    owners: dict[str, str] = {}
    unclear: set[str] = set()
    for line in lines:
        if (name := _owner_named(line)) == "":
            continue
        called = known.get(name_key(name), [])
        is_team = isinstance(line, Resource) and line.owner_kind == "team"
        fitting = [one for one in called if (one.kind == TEAM) is is_team] or called
        codes = {one.code for one in fitting}
        if len(codes) > 1 and (has_it := await _owner_now(ctx, community, line)) in codes:
            owners[line.line_key] = has_it
        elif len(meant := organisations.meant(fitting)) > 1:
            unclear.add(line.line_key)
        else:
            owners[line.line_key] = meant[0] if meant else ""
    return owners, frozenset(unclear)


def _owner_named(line: Line) -> str:
    """The organisation that a line names as its owner; "" for a person's line and where none is named."""
    if isinstance(line, Resource):
        return "" if line.owner_kind == "volunteer" else line.owner
    return line.owner if isinstance(line, Need) and line.source == "unit" else ""


async def _owner_now(ctx: Context, community: str, line: Line) -> str:
    if isinstance(line, Need):
        need = await lists.need(ctx.engine, community, line.line_key)
        return need.owner if need else ""
    resource = await lists.resource(ctx.engine, community, line.line_key)
    return resource.owner if resource else ""


def _asked(row: RowReport) -> RowReport:
    assert row.value is not None, "only a line can have an owner"
    [line] = _owned([row.value])
    doubt = whose_is_it(row, _owner_named(line))
    return replace(row, verdict=Verdict.QUESTIONED, reasons=(*row.reasons, doubt))


async def _save(
    ctx: Context, community: str, lines: Sequence[Line], owners: Mapping[str, str]
) -> tuple[int, frozenset[str]]:
    """How much changed, and the keys of the lines that are new."""
    engine, now = ctx.engine, ctx.now()
    needs = [line for line in lines if isinstance(line, Need)]
    offers = [line for line in lines if isinstance(line, Resource)]
    activities = [line for line in lines if isinstance(line, Activity)]
    projects = [line for line in lines if isinstance(line, Project)]
    reports = (
        await lists.save_needs(engine, community, needs, at=now, owners=owners),
        await lists.save_resources(engine, community, offers, at=now, owners=owners),
        await lists.save_activities(engine, community, activities, at=now),
        await lists.save_projects(engine, community, projects, at=now),
    )
    added = frozenset(key for report in reports for key in report.added)
    return sum(report.changes for report in reports), added
