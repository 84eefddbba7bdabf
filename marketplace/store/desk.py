"""The four lists as the office keeps them: found by words, page by page, with lines that pause or are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.store.codec import loads
from marketplace.store.lines import Which, need_private, resource_private
from marketplace.store.sql import Engine, Row, holders
from marketplace.values import Activity, Need, Project, Resource


class Standing(StrEnum):
    """Whether a line stands on its list: yes, not for now, or not any more."""

    LISTED = "listed"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line with where it stands; `ended_on` is the day since which it is over."""

    line: Need | Resource | Activity | Project
    standing: Standing
    ended_on: date | None = None


_LISTS: dict[str, tuple[str, type[Any], str, str]] = {
    # which: (table, value, columns that words are looked for in, order)
    "need": ("mp_need", Need, "title || ' ' || grid || ' ' || said", "filed_on DESC, line_key"),
    "resource": ("mp_resource", Resource, "title || ' ' || said", "title, line_key"),
    "activity": ("mp_activity", Activity, "line", "title, line_key"),
    "project": ("mp_project", Project, "line", "title, line_key"),
}
_WHERE = {
    Standing.LISTED: "stage = 'open'",
    Standing.PAUSED: "stage = 'closed' AND ended_on = ''",
    Standing.OVER: "ended_on <> ''",
}


async def found_lines(
    engine: Engine,
    community: str,
    which: Which,
    *,
    words: str = "",
    owners: Mapping[str, Sequence[str]] | None = None,
    standing: Standing | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[tuple[KeptLine, ...], int]:
    """(one page of the lines in which every word stands, how many there are in all); without what is private.

    The desk remembers a need by what was said, so that is looked in too; what comes back is public.

    Args:
        words: parts of the title, of what was said, of where it is, and of whose it is; every one must be found.
        owners: word -> owners who are called so; an owner's own word is no name and is not looked in.
    """
    table, kind, inside, order = _LISTS[which]
    where, args = ["community = ?"], [community]
    if standing is not None:
        where.append(_WHERE[standing])
    for word in words.split():
        said = f"lower({inside}) LIKE ? ESCAPE '\\'"
        args.append(f"%{_plain(word.lower())}%")
        called = (owners or {}).get(word, ()) if which in ("need", "resource") else ()
        if called:
            said = f"({said} OR owner IN ({holders(len(called))}))"
            args += called
        where.append(said)
    clause = " AND ".join(where)
    counted = await engine.fetch(f"SELECT count(*) AS n FROM {table} WHERE {clause}", args)
    rows = await engine.fetch(
        f"SELECT line, stage, ended_on FROM {table} WHERE {clause} ORDER BY {order} LIMIT ? OFFSET ?",
        [*args, limit, offset],
    )
    return tuple(_kept(kind, row) for row in rows), int(counted[0]["n"])


async def kept_line(engine: Engine, community: str, which: Which, line_key: str) -> KeptLine | None:
    """One line with all that only the desk reads; None when this community has no such line."""
    table, kind, _inside, _order = _LISTS[which]
    rows = await engine.fetch(
        f"SELECT line, stage, ended_on FROM {table} WHERE community = ? AND line_key = ?",
        [community, line_key],
    )
    if not rows:
        return None
    found = _kept(kind, rows[0])
    full: Need | Resource | None = None
    if which == "need":
        full = await need_private(engine, community, line_key)
    elif which == "resource":
        full = await resource_private(engine, community, line_key)
    return replace(found, line=full or found.line)


def _kept(kind: type[Any], row: Row) -> KeptLine:
    ended = date.fromisoformat(row["ended_on"]) if row["ended_on"] else None
    listed = Standing.LISTED if row["stage"] == "open" else Standing.PAUSED
    return KeptLine(
        line=loads(kind, row["line"]), standing=Standing.OVER if ended else listed, ended_on=ended
    )


def _plain(word: str) -> str:
    """A word in which the database's own signs stand for themselves."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
