"""Lines of the four lists into the marketplace's tables, and the units and teams they name into ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
from timebank.store import organisations
from timebank.store.organisations import TEAM, UNIT

LIST_KINDS = (ListKind.NEEDS, ListKind.RESOURCES, ListKind.ACTIVITIES, ListKind.PROJECTS)
_TEAM = re.compile(r"(?:服务队|志愿队|突击队|队|team)$", re.IGNORECASE)


async def save_lines(ctx: Context, community: str, report: ImportReport) -> tuple[int, frozenset[str]]:
    """The lines of one table saved, and their units and teams known: (how much changed, the keys that are new).

    In the caller's unit of work.

    Doubted lines are saved too: their open question keeps them out of the plan until somebody answers it.
    """
    values = [row.value for row in report.rows if row.verdict in (Verdict.ACCEPTED, Verdict.QUESTIONED)]
    named = await _owned(ctx, community, [value for value in values if value is not None])
    bodies = await know_bodies(ctx, community, named)
    changes, added = await _save(ctx, community, named)
    return bodies + changes, added


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
    line = confirmed(row.value)
    (line,) = await _owned(ctx, community, [line])
    if target and target != line.line_key and isinstance(line, Need | Resource):
        await lists.close_line(
            ctx.engine, community, "need" if isinstance(line, Need) else "resource", target, at=ctx.now()
        )
    await know_bodies(ctx, community, [line])
    await _save(ctx, community, [line])
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
    known = await organisations.codes_by_name(ctx.engine, community)
    made = 0
    for name, kind, is_team in _named(lines):
        if name_key(name) in known or is_office(name):
            continue
        founded = await found_organisation(
            ctx, community, kind=TEAM if is_team else UNIT, name=name, subkind=kind
        )
        known[name_key(name)] = founded.code
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


async def _owned(ctx: Context, community: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, each need of a unit with that unit as its owner: the place column names who asks (区图书馆)."""
    return [
        replace(line, owner=line.place.text)
        if isinstance(line, Need) and line.source == "unit" and not line.owner and line.place.text
        else line
        for line in lines
    ]


async def _save(ctx: Context, community: str, lines: Sequence[Line]) -> tuple[int, frozenset[str]]:
    """How much changed, and the keys of the lines that are new."""
    engine, now = ctx.engine, ctx.now()
    needs = [line for line in lines if isinstance(line, Need)]
    offers = [line for line in lines if isinstance(line, Resource)]
    activities = [line for line in lines if isinstance(line, Activity)]
    projects = [line for line in lines if isinstance(line, Project)]
    reports = (
        await lists.save_needs(engine, community, needs, at=now),
        await lists.save_resources(engine, community, offers, at=now),
        await lists.save_activities(engine, community, activities, at=now),
        await lists.save_projects(engine, community, projects, at=now),
    )
    added = frozenset(key for report in reports for key in report.added)
    return sum(report.changes for report in reports), added
