"""The four lists, line by line: saved by key, so that reading the same file twice changes nothing.

A line's fingerprint is that of what was imported. What the office adds later (a confirmed reading, who owns the line,
who came last time) does not touch it, and importing the same file again leaves it all in place. Of two imports of one
line at the same moment the first is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from marketplace.clients import groups_of
from marketplace.errors import UnknownLine
from marketplace.public_words import Said, as_said, offer_as_said, public_need, public_resource, said_in
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, Row, holders, moment
from marketplace.values import Activity, Need, Project, Resource

Dated = TypeVar("Dated", Activity, Project)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReport:
    """What saving a list did: keys added, changed, and found the same."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        return len(self.added) + len(self.changed)


# ---------------------------------------------------------------------- needs

_NEED_COLUMNS = "owner, title, grid, category, urgency, filed_on, line, said, contact, private_note, place_text, place_building, served"


async def save_needs(
    engine: Engine,
    community: str,
    needs: Sequence[Need],
    *,
    at: datetime,
    owners: Mapping[str, str] | None = None,
) -> SaveReport:
    """Save needs as imported or filed; a line already there with the same content stays as it is.

    Args:
        owners: line key -> whose the line is, where the caller knows it by another word than the line says. Whether a
            line is the same is judged by what it says.
    """
    added, changed, same = [], [], []
    async with engine.atomic():
        found = await _fingerprints(engine, "mp_need", community, needs)
        for said in needs:
            print_now = _fingerprint(said)
            one = replace(said, owner=(owners or {}).get(said.line_key, said.owner))
            if one.line_key not in found:
                await engine.execute(
                    f"INSERT INTO mp_need (community, line_key, {_NEED_COLUMNS}, stage, fingerprint, created_at, "
                    "changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?) ON CONFLICT (community, line_key) DO NOTHING",
                    [community, one.line_key, *_need_row(one), print_now, moment(at), moment(at)],
                )
                found[one.line_key] = print_now
                added.append(one.line_key)
            elif found[one.line_key] != print_now:
                kept = await need_private(engine, community, one.line_key)
                assert kept is not None
                await rewrite_need(
                    engine, community, _with_office_parts(one, kept), at=at, fingerprint=print_now
                )
                found[one.line_key] = print_now
                changed.append(one.line_key)
            else:
                same.append(one.line_key)
    return SaveReport(added=tuple(added), changed=tuple(changed), same=tuple(same))


async def edit_need(engine: Engine, community: str, need: Need, *, at: datetime) -> None:
    """Save what the office changed on a line (a confirmed reading, its owner, who came last).

    Raises:
        UnknownLine: no such need in this community.
    """
    await rewrite_need(engine, community, need, at=at)


async def needs(engine: Engine, community: str, *, open_only: bool = True) -> tuple[Need, ...]:
    """Needs for planning, oldest first; own words, contact, note, exact place and whom it serves are not read at all."""
    rows = await engine.fetch(
        "SELECT line FROM mp_need WHERE community = ? AND (stage = 'open' OR ? = 0) ORDER BY filed_on, line_key",
        [community, int(open_only)],
    )
    return tuple(loads(Need, row["line"]) for row in rows)


async def need(engine: Engine, community: str, line_key: str) -> Need | None:
    """One need without its private parts; None when this community has no such line."""
    rows = await engine.fetch(
        "SELECT line FROM mp_need WHERE community = ? AND line_key = ?", [community, line_key]
    )
    return loads(Need, rows[0]["line"]) if rows else None


async def need_private(engine: Engine, community: str, line_key: str) -> Need | None:
    """One need as it was said, with contact, note and exact place: for the people named on its private card only."""
    rows = await engine.fetch(
        f"SELECT {_PRIVATE_COLUMNS} FROM mp_need WHERE community = ? AND line_key = ?", [community, line_key]
    )
    return _private(rows[0]) if rows else None


async def needs_private(
    engine: Engine, community: str, owner: str, *, open_only: bool = False, limit: int = 500
) -> tuple[ListedNeed, ...]:
    """Everything one owner asked for as they said it, oldest first: for themselves and whoever acts for them in this."""
    rows = await engine.fetch(
        f"SELECT {_PRIVATE_COLUMNS}, stage FROM mp_need WHERE community = ? AND owner = ? AND (stage = 'open' OR ? = 0) "
        "ORDER BY filed_on, line_key LIMIT ?",
        [community, owner, int(open_only), limit],
    )
    return tuple(ListedNeed(need=_private(row), is_open=row["stage"] == "open") for row in rows)


_PRIVATE_COLUMNS = "line, said, contact, private_note, place_text, place_building, served"


def _private(row: Row) -> Need:
    need = loads(Need, row["line"])
    if row["said"]:
        need = as_said(need, loads(Said, row["said"]))
    return replace(
        need,
        contact=row["contact"],
        private_note=row["private_note"],
        served=row["served"],
        place=replace(need.place, text=row["place_text"], building=row["place_building"]),
    )


async def client_groups(engine: Engine, community: str) -> dict[str, tuple[str, ...]]:
    """Need key -> groups of people it is for, of the open needs that name any: codes for the planner, never shown."""
    rows = await engine.fetch(
        "SELECT line_key, served FROM mp_need WHERE community = ? AND stage = 'open' AND served <> ''",
        [community],
    )
    return {row["line_key"]: groups for row in rows if (groups := groups_of(row["served"]))}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNeed:
    """A need without its private parts, with the word whether it is still on the list."""

    need: Need
    is_open: bool


async def listed_needs(
    engine: Engine, community: str, *, open_only: bool = True, owner: str = "", limit: int = 500
) -> tuple[ListedNeed, ...]:
    """Needs as their public cards may show them, oldest first; of one owner when one is named."""
    rows = await engine.fetch(
        "SELECT line, stage FROM mp_need WHERE community = ? AND (stage = 'open' OR ? = 0) AND (owner = ? OR ? = '') "
        "ORDER BY filed_on, line_key LIMIT ?",
        [community, int(open_only), owner, owner, limit],
    )
    return tuple(ListedNeed(need=loads(Need, row["line"]), is_open=row["stage"] == "open") for row in rows)


def _need_row(one: Need) -> list[Any]:
    public, said = public_need(one), said_in(one)
    return [
        one.owner,
        public.title,
        one.place.grid,
        one.categories[0] if one.categories else "",
        one.urgency.value,
        one.filed_on.isoformat(),
        dumps(public),
        dumps(said) if said else "",
        one.contact,
        one.private_note,
        one.place.text,
        one.place.building,
        one.served,
    ]


def _with_office_parts(new: Need, old: Need) -> Need:
    """A re-imported line keeps what only the office knows."""
    return replace(
        new,
        owner=new.owner or old.owner,
        last_helpers=new.last_helpers or old.last_helpers,
        times_unmet=max(new.times_unmet, old.times_unmet),
    )


async def rewrite_need(
    engine: Engine, community: str, one: Need, *, at: datetime, fingerprint: str | None = None
) -> None:
    """Write every column of a line anew; UnknownLine where there is none."""
    setting = ", ".join(f"{column} = ?" for column in _NEED_COLUMNS.split(", "))
    done = await engine.execute(
        f"UPDATE mp_need SET {setting}, changed_at = ?, fingerprint = COALESCE(?, fingerprint) "
        "WHERE community = ? AND line_key = ?",
        [*_need_row(one), moment(at), fingerprint, community, one.line_key],
    )
    if not done:
        raise UnknownLine(line_key=one.line_key)


# ---------------------------------------------------------------------- resources

_RESOURCE_COLUMNS = "owner, owner_kind, title, category, line, said, contact"


async def save_resources(
    engine: Engine,
    community: str,
    resources: Sequence[Resource],
    *,
    at: datetime,
    owners: Mapping[str, str] | None = None,
) -> SaveReport:
    """Save resources as imported or offered; a line already there with the same content stays as it is.

    Args:
        owners: line key -> whose the line is, as for `save_needs`.
    """
    added, changed, same = [], [], []
    new: list[list[Any]] = []
    now = moment(at)
    async with engine.atomic():
        found = await _fingerprints(engine, "mp_resource", community, resources)
        for said in resources:
            text = dumps(said)
            print_now = _fingerprint_of(text)
            owner = (owners or {}).get(said.line_key, said.owner)
            one = said if owner == said.owner else replace(said, owner=owner)
            if one.line_key not in found:
                line = text if one is said and not said.contact else None
                new.append([community, one.line_key, *_resource_row(one, line), print_now, now, now])
                added.append(one.line_key)
            elif found[one.line_key] != print_now:
                await _insert_resources(engine, new)
                await rewrite_resource(engine, community, one, at=at, fingerprint=print_now)
                changed.append(one.line_key)
            else:
                same.append(one.line_key)
            found[one.line_key] = print_now
        await _insert_resources(engine, new)
    return SaveReport(added=tuple(added), changed=tuple(changed), same=tuple(same))


async def _insert_resources(engine: Engine, new: list[list[Any]]) -> None:
    """The new lines, of which none is left in `new`; one that another import was quicker with stays as it is."""
    if new:
        await engine.execute_many(
            f"INSERT INTO mp_resource (community, line_key, {_RESOURCE_COLUMNS}, stage, fingerprint, created_at, changed_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?) ON CONFLICT (community, line_key) DO NOTHING",
            new,
        )
        new.clear()


async def edit_resource(engine: Engine, community: str, resource: Resource, *, at: datetime) -> None:
    """Save what the office or the owner changed on a line.

    Raises:
        UnknownLine: no such resource in this community.
    """
    await rewrite_resource(engine, community, resource, at=at)


async def resources(
    engine: Engine, community: str, *, open_only: bool = True, owner: str = ""
) -> tuple[Resource, ...]:
    """Resources as everybody may read them, by owner and key; only one owner's when `owner` is given."""
    rows = await engine.fetch(
        "SELECT line FROM mp_resource WHERE community = ? AND (stage = 'open' OR ? = 0) AND (owner = ? OR ? = '') "
        "ORDER BY owner, line_key",
        [community, int(open_only), owner, owner],
    )
    return tuple(loads(Resource, row["line"]) for row in rows)


async def count_resources(engine: Engine, community: str, *, but_of: str = "") -> int:
    """How many open lines of the resources list there are, without those whose owners are of the kind `but_of`."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM mp_resource WHERE community = ? AND stage = 'open' AND owner_kind <> ?",
        [community, but_of],
    )
    return int(rows[0]["n"])


async def resource(engine: Engine, community: str, line_key: str) -> Resource | None:
    """One resource as everybody may read it; None when this community has no such line."""
    rows = await engine.fetch(
        "SELECT line FROM mp_resource WHERE community = ? AND line_key = ?", [community, line_key]
    )
    return loads(Resource, rows[0]["line"]) if rows else None


async def resource_private(engine: Engine, community: str, line_key: str) -> Resource | None:
    """One resource as it was said, with its contact, for its owner and those who arrange the service."""
    rows = await engine.fetch(
        "SELECT line, said, contact FROM mp_resource WHERE community = ? AND line_key = ?",
        [community, line_key],
    )
    if not rows:
        return None
    offer = loads(Resource, rows[0]["line"])
    if rows[0]["said"]:
        offer = offer_as_said(offer, loads(Said, rows[0]["said"]))
    return replace(offer, contact=rows[0]["contact"])


def _resource_row(one: Resource, line: str | None = None) -> list[Any]:
    """Its columns. `line` is the whole line as text, where the caller has that already."""
    public, said = public_resource(one), said_in(one)
    return [
        one.owner,
        one.owner_kind,
        public.title,
        one.categories[0] if one.categories else "",
        line if said is None and line is not None else dumps(public),
        dumps(said) if said else "",
        one.contact,
    ]


async def rewrite_resource(
    engine: Engine, community: str, one: Resource, *, at: datetime, fingerprint: str | None = None
) -> None:
    """Write every column of a line anew; UnknownLine where there is none."""
    setting = ", ".join(f"{column} = ?" for column in _RESOURCE_COLUMNS.split(", "))
    done = await engine.execute(
        f"UPDATE mp_resource SET {setting}, changed_at = ?, fingerprint = COALESCE(?, fingerprint) "
        "WHERE community = ? AND line_key = ?",
        [*_resource_row(one), moment(at), fingerprint, community, one.line_key],
    )
    if not done:
        raise UnknownLine(line_key=one.line_key)


# ---------------------------------------------------------------------- closing a line

Which = Literal["need", "resource", "activity", "project"]
# So many keys are asked for one by one; beyond that the whole list is quicker.
KEYS_MAX = 200
_TABLE_OF: dict[str, str] = {
    "need": "mp_need", "resource": "mp_resource", "activity": "mp_activity", "project": "mp_project",
}  # fmt: skip


async def close_line(engine: Engine, community: str, which: Which, line_key: str, *, at: datetime) -> bool:
    """Take a line off the list; False when it was closed already or is not there."""
    return await _stage(engine, community, which, line_key, "open", "closed", at)


async def reopen_line(engine: Engine, community: str, which: Which, line_key: str, *, at: datetime) -> bool:
    """Put a closed line back on the list, also one that was over; False when it was open already or is not there."""
    return await _stage(engine, community, which, line_key, "closed", "open", at)


async def end_line(
    engine: Engine, community: str, which: Which, line_key: str, *, on: date, at: datetime
) -> bool:
    """Take a line off the list for good: it is over since `on`; False when it was over already or is not there."""
    done = await engine.execute(
        f"UPDATE {_TABLE_OF[which]} SET stage = 'closed', ended_on = ?, changed_at = ? "
        "WHERE community = ? AND line_key = ? AND ended_on = ''",
        [on.isoformat(), moment(at), community, line_key],
    )
    return done == 1


async def _stage(
    engine: Engine, community: str, which: Which, line_key: str, before: str, after: str, at: datetime
) -> bool:
    done = await engine.execute(
        f"UPDATE {_TABLE_OF[which]} SET stage = ?, ended_on = '', changed_at = ? "
        "WHERE community = ? AND line_key = ? AND stage = ?",
        [after, moment(at), community, line_key, before],
    )
    return done == 1


# ---------------------------------------------------------------------- activities and projects


async def save_activities(
    engine: Engine, community: str, activities: Sequence[Activity], *, at: datetime
) -> SaveReport:
    """Save the activities list."""
    return await _save_dated(engine, "mp_activity", community, activities, at=at)


async def save_projects(
    engine: Engine, community: str, projects: Sequence[Project], *, at: datetime
) -> SaveReport:
    """Save the projects list."""
    return await _save_dated(engine, "mp_project", community, projects, at=at)


async def activities(engine: Engine, community: str) -> tuple[Activity, ...]:
    """What stands on the activities list, by title."""
    rows = await engine.fetch(
        "SELECT line FROM mp_activity WHERE community = ? AND stage = 'open' ORDER BY title, line_key",
        [community],
    )
    return tuple(loads(Activity, row["line"]) for row in rows)


async def projects(engine: Engine, community: str) -> tuple[Project, ...]:
    """What stands on the projects list, by title."""
    rows = await engine.fetch(
        "SELECT line FROM mp_project WHERE community = ? AND stage = 'open' ORDER BY title, line_key",
        [community],
    )
    return tuple(loads(Project, row["line"]) for row in rows)


async def edit_dated(engine: Engine, community: str, line: Activity | Project, *, at: datetime) -> None:
    """Save what the office changed on an activity or a project; the same file once more leaves it so.

    Raises:
        UnknownLine: no such line in this community.
    """
    table = _TABLE_OF["activity" if isinstance(line, Activity) else "project"]
    done = await engine.execute(
        f"UPDATE {table} SET title = ?, line = ?, changed_at = ? WHERE community = ? AND line_key = ?",
        [line.title, dumps(line), moment(at), community, line.line_key],
    )
    if not done:
        raise UnknownLine(line_key=line.line_key)


async def _save_dated(
    engine: Engine, table: str, community: str, lines: Sequence[Dated], *, at: datetime
) -> SaveReport:
    added, changed, same = [], [], []
    async with engine.atomic():
        found = await _fingerprints(engine, table, community, lines)
        for one in lines:
            print_now = _fingerprint(one)
            if one.line_key not in found:
                await engine.execute(
                    f"INSERT INTO {table} (community, line_key, title, line, fingerprint, created_at, changed_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (community, line_key) DO NOTHING",
                    [community, one.line_key, one.title, dumps(one), print_now, moment(at), moment(at)],
                )
                added.append(one.line_key)
            elif found[one.line_key] != print_now:
                await engine.execute(
                    f"UPDATE {table} SET title = ?, line = ?, fingerprint = ?, changed_at = ? "
                    "WHERE community = ? AND line_key = ?",
                    [one.title, dumps(one), print_now, moment(at), community, one.line_key],
                )
                changed.append(one.line_key)
            else:
                same.append(one.line_key)
            found[one.line_key] = print_now
    return SaveReport(added=tuple(added), changed=tuple(changed), same=tuple(same))


# ---------------------------------------------------------------------- shared


async def _fingerprints(
    engine: Engine, table: str, community: str, lines: Sequence[Need | Resource | Activity | Project]
) -> dict[str, str]:
    """What stands under the keys of these lines; a whole list is asked for at once, a single line by its key."""
    if not lines:
        return {}
    query, args = f"SELECT line_key, fingerprint FROM {table} WHERE community = ?", [community]
    if len(lines) <= KEYS_MAX:
        query += f" AND line_key IN ({holders(len(lines))})"
        args += [line.line_key for line in lines]
    rows = await engine.fetch(query, args)
    return {row["line_key"]: row["fingerprint"] for row in rows}


def _fingerprint(line: Need | Resource | Activity | Project) -> str:
    return _fingerprint_of(dumps(line))


def _fingerprint_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
