"""Relationships as rows: loading them into the pure values of `timebank.rules.relationships` and saving them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from piccolo.query.functions.aggregate import Count
from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, Row, prepared
from timebank.catalogue import Scope
from timebank.rules.relationships import EndReason, KnownBy, Party, Relationship, Sort, State, Yes
from timebank.store.rows import AMONG_MAX, add, add_all, change, columns, rows_among, rows_of, typed
from timebank.store.tables import Relationship as Table

_HOLDER = {Sort.MEMBER: "holder_member", Sort.ORGANISATION: "holder_organisation"}
_TARGET = {
    Sort.MEMBER: "to_member",
    Sort.HOUSEHOLD: "to_household",
    Sort.ORGANISATION: "to_organisation",
    Sort.AREA: "to_area",
    Sort.LINE: "to_line",
    Sort.CATEGORY: "to_category",
}
_OPEN = [State.OFFERED.value, State.IN_FORCE.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The columns of a relationship as they stand."""

    uid: str
    community: str
    kind: str
    holder_member: str
    holder_organisation: str
    to_member: str
    to_household: str
    to_organisation: str
    to_area: str
    to_line: str
    to_category: str
    since_on: date
    until_on: date | None
    state: State
    seat: int
    scope: str
    offered_by: str
    holder_yes: str
    holder_yes_by: str
    holder_yes_on: date | None
    target_yes: str
    target_yes_by: str
    target_yes_on: date | None
    approved_by: str
    end_reason: EndReason | None
    ended_on: date | None
    ended_by: str
    follows: str
    note: str


_COLUMNS = columns(_Row, Table)


@prepared
def _one(uid: str) -> First:
    return Table.select(*_COLUMNS).where(Table.uid == uid).first()


@prepared
def _of_kind(community: str, kind: str, state: str) -> Select[Table]:
    return (
        Table.select(*_COLUMNS)
        .where(Table.community == community, Table.kind == kind, Table.state == state)
        .order_by(Table.id)
    )


@prepared
def _following(uid: str) -> Select[Table]:
    return (
        Table.select(*_COLUMNS)
        .where(Table.follows == uid, Table.state == State.OFFERED.value)
        .order_by(Table.id)
    )


def _offered(community: str, limit: int) -> Select[Table]:
    return (
        Table.select(*_COLUMNS)
        .where(Table.community == community, Table.state == State.OFFERED.value)
        .order_by(Table.id)
        .limit(limit)
    )


@prepared
def _counted(community: str) -> Select[Table]:
    return (
        Table.select(Table.kind, Count(alias="n"))
        .where(Table.community == community, Table.state == State.IN_FORCE.value)
        .group_by(Table.kind)
    )


def _paged(community: str, kind: str, limit: int, offset: int) -> Select[Table]:
    return (
        Table.select(*_COLUMNS)
        .where(Table.community == community, Table.kind == kind, Table.state == State.IN_FORCE.value)
        .order_by(Table.id)
        .limit(limit)
        .offset(offset)
    )


def _overdue(before: date, limit: int) -> Select[Table]:
    return (
        Table.select(*_COLUMNS)
        .where(Table.state.is_in(_OPEN), Table.until_on < before)
        .order_by(Table.id)
        .limit(limit)
    )


async def relationship(engine: DurableEngine, uid: str) -> Relationship | None:
    row = await _one.on(engine)(uid)
    return None if row is None else _value(row)


async def of_kind(
    engine: DurableEngine, community: str, kind: str, state: State = State.IN_FORCE
) -> list[Relationship]:
    """Relationships of one kind in a community, the oldest first."""
    return [_value(row) for row in await _of_kind.on(engine)(community, kind, state.value)]


async def following(engine: DurableEngine, uid: str) -> list[Relationship]:
    """Offers that wait to go on from this one."""
    return [_value(row) for row in await _following.on(engine)(uid)]


async def offered(engine: DurableEngine, community: str, limit: int = 200) -> list[Relationship]:
    """Offers of a community that wait for a yes or for the second person, the oldest first."""
    return [_value(row) for row in await rows_of(engine, _offered(community, limit))]


async def overdue(engine: DurableEngine, today: date, limit: int = 500) -> list[Relationship]:
    """Open ones whose last day has passed and is not written down yet, in every community."""
    return [_value(row) for row in await rows_of(engine, _overdue(today, limit))]


async def open_around(
    engine: DurableEngine, parties: Iterable[Party], *, towards: Sequence[str]
) -> list[Relationship]:
    """Everything open that any of these holds, and of the kinds `towards` everything that is held towards them.

    Few queries however many there are: two hundred members of a team are not read to add one more.
    """
    codes: dict[Sort, list[str]] = {}
    for party in dict.fromkeys(parties):
        codes.setdefault(party.sort, []).append(party.code)
    found: dict[str, Relationship] = {}
    for sort, wanted in codes.items():
        for column, kinds in ((_HOLDER.get(sort), ()), (_TARGET[sort], tuple(towards))):
            for at in range(0, len(wanted) if column else 0, AMONG_MAX):
                some = wanted[at : at + AMONG_MAX]
                found |= {one.uid: one for one in await _at_end(engine, column or "", some, kinds, False)}
    return sorted(found.values(), key=lambda one: (one.since_on, one.uid))


async def offered_around(engine: DurableEngine, parties: Iterable[Party]) -> list[Relationship]:
    """Offers that any of these stands at either end of, the oldest first."""
    found: dict[str, Relationship] = {}
    for party in dict.fromkeys(parties):
        for column in filter(None, (_HOLDER.get(party.sort), _TARGET[party.sort])):
            query = (
                Table.select(*_COLUMNS)
                .where(getattr(Table, column) == party.code, Table.state == State.OFFERED.value)
                .order_by(Table.id)
            )
            found |= {one.uid: one for one in map(_value, await rows_of(engine, query))}
    return sorted(found.values(), key=lambda one: (one.since_on, one.uid))


async def history_at(engine: DurableEngine, party: Party, limit: int) -> list[Relationship]:
    """What was declined or is over with `party` at either end, the latest first."""
    found: list[Relationship] = []
    for column in filter(None, (_HOLDER.get(party.sort), _TARGET[party.sort])):
        query = (
            Table.select(*_COLUMNS)
            .where(getattr(Table, column) == party.code, Table.state.not_in(_OPEN))
            .order_by(Table.ended_on, ascending=False)
            .limit(limit)
        )
        found += map(_value, await rows_of(engine, query))
    return sorted(found, key=lambda one: (one.ended_on or one.since_on, one.uid), reverse=True)[:limit]


async def count_by_kind(engine: DurableEngine, community: str) -> dict[str, int]:
    """How many of each kind are in force in a community."""
    rows = await _counted.on(engine)(community)
    return {str(row["kind"]): int(row["n"]) for row in rows}


async def page_of_kind(
    engine: DurableEngine, community: str, kind: str, *, limit: int, offset: int
) -> list[Relationship]:
    """A page of one kind in force, the oldest first."""
    return [_value(row) for row in await rows_of(engine, _paged(community, kind, limit, offset))]


async def held_by(
    engine: DurableEngine, party: Party, *, kinds: Sequence[str] = (), closed: bool = False
) -> list[Relationship]:
    """What `party` holds, the oldest first; with `closed` also what was declined or is over."""
    return await _at_end(engine, _HOLDER[party.sort], [party.code], kinds, closed)


async def held_towards(
    engine: DurableEngine, party: Party, *, kinds: Sequence[str] = (), closed: bool = False
) -> list[Relationship]:
    """What others hold towards `party`, the oldest first; with `closed` also what was declined or is over."""
    return await _at_end(engine, _TARGET[party.sort], [party.code], kinds, closed)


async def held_towards_any(
    engine: DurableEngine, sort: Sort, codes: Sequence[str], *, kinds: Sequence[str] = ()
) -> list[Relationship]:
    """What is open towards any of several ends of one sort: one query for a page of them."""
    return await _at_end(engine, _TARGET[sort], codes, kinds, False) if codes else []


async def count_towards(
    engine: DurableEngine, sort: Sort, codes: Sequence[str]
) -> dict[tuple[str, str], int]:
    """(code, kind) -> how many are in force towards each of several ends of one sort."""
    if not codes:
        return {}
    column = getattr(Table, _TARGET[sort])
    query = (
        Table.select(column, Table.kind, Count(alias="n"))
        .where(column.is_in(list(codes)), Table.state == State.IN_FORCE.value)
        .group_by(column, Table.kind)
    )
    rows = await rows_of(engine, query)
    return {(str(row[_TARGET[sort]]), str(row["kind"])): int(row["n"]) for row in rows}


async def page_towards(
    engine: DurableEngine, party: Party, kind: str, *, limit: int, offset: int
) -> list[Relationship]:
    """A page of what is open of one kind towards `party`, the oldest first."""
    query = (
        Table.select(*_COLUMNS)
        .where(
            getattr(Table, _TARGET[party.sort]) == party.code,
            Table.kind == kind,
            Table.state.is_in(_OPEN),
        )
        .order_by(Table.id)
        .limit(limit)
        .offset(offset)
    )
    return [_value(row) for row in await rows_of(engine, query)]


async def holders(engine: DurableEngine, party: Party, kinds: Sequence[str], *, on: date) -> list[str]:
    """Uids of the members who hold one of these kinds towards `party` on a day, the oldest first."""
    found = await held_towards(engine, party, kinds=kinds)
    return list(
        dict.fromkeys(one.holder.code for one in found if one.holds_on(on) and one.holder.sort is Sort.MEMBER)
    )


async def keys_in_use(engine: DurableEngine, keys: Iterable[str]) -> frozenset[str]:
    """Those of these open keys and seat keys that stand in the database now."""
    wanted = sorted(set(keys))
    if not wanted:
        return frozenset()
    query = Table.select(Table.open_key, Table.seat_key).where(
        Table.open_key.is_in(wanted) | Table.seat_key.is_in(wanted)
    )
    rows = await rows_of(engine, query)
    return frozenset(str(row[name]) for row in rows for name in ("open_key", "seat_key") if row[name])


async def add_relationship(engine: DurableEngine, relationship: Relationship) -> None:
    """Write a new one; the database refuses the same while it is open, and a seat that is taken."""
    await add(engine, Table, _values(relationship))


async def add_relationships(engine: DurableEngine, new: Sequence[Relationship]) -> None:
    """Write many new ones, which the database judges like a single one."""
    await add_all(engine, Table, [_values(one) for one in new])


async def save_relationship(engine: DurableEngine, relationship: Relationship) -> None:
    values = _values(relationship)
    del values["uid"]
    await change(engine, Table, values, uid=relationship.uid)


async def _at_end(
    engine: DurableEngine, column: str, codes: Sequence[str], kinds: Sequence[str], closed: bool
) -> list[Relationship]:
    rows = await rows_among(engine, _with_end(column, tuple(kinds), closed), codes)
    return [_value(row) for row in rows]


@cache
def _with_end(column: str, kinds: tuple[str, ...], closed: bool) -> Callable[[Sequence[str]], Select[Table]]:
    def query(codes: Sequence[str]) -> Select[Table]:
        found = Table.select(*_COLUMNS).where(getattr(Table, column).is_in(list(codes))).order_by(Table.id)
        if kinds:
            found = found.where(Table.kind.is_in(list(kinds)))
        return found if closed else found.where(Table.state.is_in(_OPEN))

    return query


def _value(row: Row) -> Relationship:
    read = typed(_Row, row)
    return Relationship(
        uid=read.uid,
        community=read.community,
        kind=read.kind,
        holder=_party(read, _HOLDER),
        target=_party(read, _TARGET),
        since_on=read.since_on,
        until_on=read.until_on,
        state=read.state,
        seat=read.seat,
        scope=tuple(Scope(word) for word in read.scope.split(",") if word),
        offered_by=read.offered_by,
        holder_yes=_yes(read.holder_yes, read.holder_yes_by, read.holder_yes_on),
        target_yes=_yes(read.target_yes, read.target_yes_by, read.target_yes_on),
        approved_by=read.approved_by,
        end_reason=read.end_reason,
        ended_on=read.ended_on,
        ended_by=read.ended_by,
        follows=read.follows,
        note=read.note,
    )


def _party(row: _Row, columns_of: dict[Sort, str]) -> Party:
    return next(Party(sort, code) for sort, column in columns_of.items() if (code := getattr(row, column)))


def _yes(known_by: str, by: str, on: date | None) -> Yes | None:
    if not known_by:
        return None
    assert on is not None, "a yes has its day"
    return Yes(known_by=KnownBy(known_by), by=by, on=on)


def _values(one: Relationship) -> dict[str, object]:
    ends: dict[str, object] = dict.fromkeys((*_HOLDER.values(), *_TARGET.values()))
    ends[_HOLDER[one.holder.sort]] = one.holder.code
    ends[_TARGET[one.target.sort]] = one.target.code
    return ends | {
        "uid": one.uid,
        "community": one.community or None,
        "kind": one.kind,
        "since_on": one.since_on,
        "until_on": one.until_on,
        "state": one.state.value,
        "seat": one.seat,
        "scope": ",".join(one.scope),
        "offered_by": one.offered_by,
        **_yes_values("holder", one.holder_yes),
        **_yes_values("target", one.target_yes),
        "approved_by": one.approved_by,
        "end_reason": one.end_reason.value if one.end_reason else "",
        "ended_on": one.ended_on,
        "ended_by": one.ended_by,
        "follows": one.follows or None,
        "note": one.note,
        "open_key": one.open_key,
        "seat_key": one.seat_key,
    }


def _yes_values(side: str, yes: Yes | None) -> dict[str, object]:
    return {
        f"{side}_yes": yes.known_by.value if yes else "",
        f"{side}_yes_by": yes.by if yes else "",
        f"{side}_yes_on": yes.on if yes else None,
    }
