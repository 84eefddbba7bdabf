"""Flags of the radar on record, each with whom it names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Select
from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.radar import Flag, KeptFlag, Look, Pattern
from timebank.store.rows import add, add_all, change, columns, rows_among, typed, typed_all
from timebank.store.tables import Flag as Table
from timebank.store.tables import FlagPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The columns of a flag as they stand."""

    uid: str
    community: str
    rule: Pattern
    parts: str
    figures: str
    state: Look
    seen_at: datetime
    looked_by: str
    looked_at: datetime | None
    says: str


_ALL = columns(_Row, Table)


@prepared
def _one(uid: str) -> First:
    return Table.select(*_ALL).where(Table.uid == uid).first()


@prepared
def _of(community: str) -> Select[Table]:
    return Table.select(*_ALL).where(Table.community == community).order_by(Table.id, ascending=False)


def _named(flags: Sequence[str]) -> Select[FlagPerson]:
    return (
        FlagPerson.select(FlagPerson.flag, FlagPerson.member)
        .where(FlagPerson.flag.is_in(list(flags)))
        .order_by(FlagPerson.flag, FlagPerson.member)
    )


async def flag(engine: Engine, uid: str) -> KeptFlag | None:
    row = await _one.on(engine)(uid)
    return (await _with_people(engine, [typed(_Row, row)]))[0] if row else None


async def flags(engine: Engine, community: str) -> list[KeptFlag]:
    """Every flag of a community, the newest first."""
    return await _with_people(engine, typed_all(_Row, await _of.on(engine)(community)))


async def add_flag(engine: Engine, kept: KeptFlag) -> None:
    await add(engine, Table, {"uid": kept.uid, "community": kept.community, **_words(kept)})
    await _name(engine, kept, kept.flag.people)


async def save_flag(engine: Engine, kept: KeptFlag) -> None:
    """Write down how a flag looks now, and what was found; whom it named once it names for ever."""
    await change(engine, Table, _words(kept), uid=kept.uid)
    named = {str(row["member"]) for row in await rows_among(engine, _named, [kept.uid])}
    await _name(engine, kept, sorted(set(kept.flag.people) - named))


async def _name(engine: Engine, kept: KeptFlag, people: Sequence[str]) -> None:
    await add_all(engine, FlagPerson, [{"flag": kept.uid, "member": one} for one in people])


async def _with_people(engine: Engine, rows: Sequence[_Row]) -> list[KeptFlag]:
    people: dict[str, list[str]] = {row.uid: [] for row in rows}
    for row in await rows_among(engine, _named, sorted(people)):
        if (member := str(row["member"])) not in people[str(row["flag"])]:
            people[str(row["flag"])].append(member)
    return [
        KeptFlag(
            uid=row.uid, community=row.community, state=row.state, seen_at=row.seen_at, looked_by=row.looked_by,
            looked_at=row.looked_at, says=row.says,
            flag=Flag(
                rule=row.rule, people=tuple(people[row.uid]), parts=tuple(json.loads(row.parts)),
                figures={str(name): int(value) for name, value in json.loads(row.figures).items()},
            ),
        )
        for row in rows
    ]  # fmt: skip


def _words(kept: KeptFlag) -> dict[str, object]:
    return {
        "rule": kept.flag.rule.value,
        "parts": json.dumps(kept.flag.parts),
        "figures": json.dumps(dict(kept.flag.figures), sort_keys=True),
        "state": kept.state.value,
        "seen_at": kept.seen_at,
        "looked_by": kept.looked_by,
        "looked_at": kept.looked_at,
        "says": kept.says,
    }
