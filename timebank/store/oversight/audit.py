"""The audit log: who did what to which object, chained so that a change, a gap or a missing end shows.

    async with ctx.engine.atomic():
        await change(ctx.engine, Relationship, …)
        await note(ctx, actor, "end_relationship", object=uid)
    # the line is written as the last thing of the unit, and holds the digest of the relationship's row

Each community has a chain of its own, and the installation one, named "". A line's hash covers the hash before it, what it says, and
the digests of every held row that its unit of work changed (`store/held.py`), whoever wrote them. A unit that changed held rows
without a word leaves a line that says no more than that. Where a chain ends stands in `tb_audit_head`, and is published with
the month (`help/hours/publishing.py`); what does not fit is found by `store/audit_checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from piccolo.query import Select

from ledger.store.engine import Changed, DurableEngine, Watched, prepared
from timebank.access import Actor
from timebank.context import Context, Engine
from timebank.ports import Clock
from timebank.rules.oversight.publishing import Head
from timebank.store import held
from timebank.store.rows import columns, typed_all
from timebank.store.tables import AuditLine

GENESIS = "0" * 64
INSTALLATION = ""
"""The chain of what belongs to no community; before each had its own, of all of them."""
ROWS, BEGINS = "rows", "log_begins"
"""Actions of lines that nobody said: rows that changed without a word, and the first line of a community's chain."""
GONE = "-"
FORM = 2
"""Of lines that hold rows; 1 was that of the one chain that there was."""
ENTRIES_MAX = 500
"""Rows that one line holds; a unit that changed more leaves several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line says: opaque ids only, never a name.

    Attributes:
        number: from 1 on in its chain, without a gap.
        object: uid of what was changed or read; "" for none.
    """

    number: int
    at: datetime
    community: str
    actor: str
    acting_for: str
    action: str
    object: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """Where a line hangs.

    Attributes:
        id: its place among the lines of all chains, in the order in which one row's changes were made.
        form: 1 for lines of the one chain that there was, which cover neither `id` nor `held`; 2 for those since.
        held: `table:id=digest` of each row that the unit changed, `-` for one that went.
    """

    id: int
    chain: str
    form: int
    held: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line before it has a number."""

    at: datetime
    community: str = ""
    actor: str = ""
    acting_for: str = ""
    action: str
    object: str = ""
    reason: str = ""


Held = tuple[Said, str]
"""A line, and the entries that it holds."""


@prepared
def _about(object: str, community: str) -> Select[AuditLine]:
    return (
        AuditLine.select(*columns(Line, AuditLine))
        .where(AuditLine.object == object, AuditLine.community == community)
        .order_by(AuditLine.id)
    )


def line_hash(prev_hash: str, line: Line, chained: Chained) -> str:
    """The hash of one line: length-prefixed fields after the hash before it."""
    parts = [
        line.number, _moment(line.at), line.community, line.actor, line.acting_for, line.action, line.object, line.reason
    ]  # fmt: skip
    if chained.form > 1:
        parts += [chained.id, chained.chain, chained.held]
    return _hash_of(chained.form, prev_hash, parts)


def _hash_of(form: int, prev_hash: str, parts: Iterable[object]) -> str:
    pieces = [b"timebank/audit/v%d" % form, bytes.fromhex(prev_hash)]
    for value in parts:
        part = str(value).encode()
        pieces += (len(part).to_bytes(4, "big"), part)
    return sha256(b"".join(pieces)).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


async def note(
    ctx: Context, actor: Actor, action: str, *, object: str = "", reason: str = "", community: str = ""
) -> None:
    """Say in the caller's unit of work who did what; ids only, never a name. The line is written when the unit ends."""
    assert ctx.engine.in_unit(), "an audit line belongs to the change it tells of"
    ctx.engine.remember(
        Said(
            at=ctx.now(),
            community=community or actor.community,
            actor=actor.uid,
            acting_for=actor.acting_for,
            action=action,
            object=object,
            reason=reason[:120],
        )
    )


async def about(engine: Engine, community: str, object: str) -> list[Line]:
    """Every line about one object of a community, the oldest first."""
    return typed_all(Line, await _about.on(engine)(object, community))


async def counted(engine: Engine, object: str, action: str, *, since: datetime) -> int:
    """How often something was done to an object since then."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_audit WHERE object = ? AND action = ? AND at >= ?",
        [object, action, since],
    )
    return int(rows[0]["n"])


async def heads(engine: Engine) -> list[Head]:
    """Where every chain ends, by its name."""
    return typed_all(Head, await engine.fetch("SELECT chain, number, hash FROM tb_audit_head ORDER BY chain"))


class Journal:
    """The observer of an installation's engine: it writes the lines of each unit, with what the unit changed."""

    def __init__(self, engine: DurableEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def watched(self, sql: str) -> Watched | None:
        return held.watched(sql, self._engine.dialect)

    async def before_commit(self, seen: Sequence[object]) -> None:
        changed = [one for one in seen if type(one) is Changed]
        lines = [(one, "") for one in seen if type(one) is Said]
        if changed:
            lines = _holding(lines, _entries(changed), community=_community_of(changed), at=self._clock)
        # In the order of the chains' names, so that two units never wait for each other.
        for chain in sorted({said.community for said, _held in lines}):
            await write(self._engine, chain, [one for one in lines if one[0].community == chain])


def _entries(changed: Iterable[Changed]) -> list[str]:
    """One entry for each row, as it was left."""
    last: dict[tuple[str, int], str] = {}
    for one in changed:
        for row in one.rows:
            last[one.table, row["id"]] = GONE if one.gone else held.digest_of(one.table, row)
    return [f"{table[3:]}:{id}={digest}" for (table, id), digest in last.items()]


def _community_of(changed: Iterable[Changed]) -> str:
    """The community that the rows say they belong to."""
    rows = (row for one in changed for row in one.rows)
    return next((str(row["community"]) for row in rows if _has(row, "community")), INSTALLATION)


def _has(row: Mapping[str, object], name: str) -> bool:
    return name in row.keys() and bool(row[name])  # noqa: SIM118 a driver's record looks for values otherwise


def _holding(lines: list[Held], entries: list[str], *, community: str, at: Clock) -> list[Held]:
    """The unit's lines, the last of which hold its rows."""
    some = [" ".join(entries[start : start + ENTRIES_MAX]) for start in range(0, len(entries), ENTRIES_MAX)]
    if not lines:
        return [(Said(at=at(), community=community, action=ROWS), one) for one in some]
    last, _ = lines[-1]
    more = [(Said(at=last.at, community=last.community, action=ROWS), one) for one in some[:-1]]
    return [*lines[:-1], *more, (last, some[-1])]


_NEXT_ID = {
    "sqlite": "(SELECT COALESCE(MAX(id), 0) + 1 FROM tb_audit)",
    # Of what is returned, so that the number is drawn when the head is ours, and not before.
    "postgres": "nextval('tb_audit_id_seq')",
}
_ADVANCE = {
    dialect: f"UPDATE tb_audit_head SET number = number + ? WHERE chain = ? RETURNING number, hash, {next_id} AS next_id"
    for dialect, next_id in _NEXT_ID.items()
}
LINES_AT_ONCE = 500
"""Lines that one statement adds: databases take so many arguments and no more."""
_NAMES = (
    "id", "chain", "number", "at", "community", "actor", "acting_for", "action", "object", "reason", "form", "held",
    "prev_hash", "hash",
)  # fmt: skip
_MARKS = f"({', '.join('?' for _ in _NAMES)})"


async def write(engine: DurableEngine, chain: str, lines: Sequence[Held]) -> None:
    """Add lines to the end of a chain, in the caller's unit of work: its head is ours from here to the end of the unit."""
    advance = _ADVANCE[engine.dialect]
    found = await engine.fetch(advance, [len(lines), chain])
    if not found:
        await _begin(engine, chain, lines[0][0].at)
        found = await engine.fetch(advance, [len(lines), chain])
    [head] = found
    ids = await _ids(engine, head["next_id"], len(lines))
    number, prev_hash = head["number"] - len(lines), head["hash"]
    for start in range(0, len(lines), LINES_AT_ONCE):
        values: list[object] = []
        some = lines[start : start + LINES_AT_ONCE]
        for id, (said, entries) in zip(ids[start : start + LINES_AT_ONCE], some, strict=True):
            number += 1
            row = _row(said, entries, id=id, chain=chain, number=number, prev_hash=prev_hash)
            values += row
            prev_hash = str(row[-1])
        await _stored(engine, chain, values, len(some), head_hash=prev_hash)


def _row(said: Said, entries: str, *, id: int, chain: str, number: int, prev_hash: str) -> tuple[object, ...]:
    """A line in the order of `_NAMES`; its own hash is the last."""
    told = (said.community, said.actor, said.acting_for, said.action, said.object, said.reason)
    own = _hash_of(FORM, prev_hash, (number, _moment(said.at), *told, id, chain, entries))
    return (id, chain, number, said.at, *told, FORM, entries, prev_hash, own)


async def _ids(engine: DurableEngine, first: int, count: int) -> list[int]:
    """Ids for lines, of which the first is known."""
    if engine.dialect == "sqlite" or count == 1:
        return list(range(first, first + count))
    rows = await engine.fetch(
        "SELECT nextval('tb_audit_id_seq') AS id FROM generate_series(2, CAST(? AS INTEGER))", [count]
    )
    return [first, *(row["id"] for row in rows)]


async def _stored(
    engine: DurableEngine, chain: str, values: list[object], count: int, *, head_hash: str
) -> None:
    insert = f"INSERT INTO tb_audit ({', '.join(_NAMES)}) VALUES {', '.join([_MARKS] * count)}"
    if engine.dialect == "postgres":  # one journey for both
        await engine.execute(
            f"WITH head AS (UPDATE tb_audit_head SET hash = ? WHERE chain = ?) {insert}",
            [head_hash, chain, *values],
        )
        return
    await engine.execute(insert, values)
    await engine.execute("UPDATE tb_audit_head SET hash = ? WHERE chain = ?", [head_hash, chain])


async def _begin(engine: DurableEngine, chain: str, at: datetime) -> None:
    """The first line of a community's chain, which names the head that the installation's had then."""
    [first] = await engine.fetch(
        f"SELECT number, hash, {_NEXT_ID[engine.dialect]} AS next_id FROM tb_audit_head WHERE chain = ?",
        [INSTALLATION],
    )
    said = Said(at=at, community=chain, action=BEGINS, reason=f"{first['number']} {first['hash']}")
    row = _row(said, "", id=first["next_id"], chain=chain, number=1, prev_hash=GENESIS)
    begun = await engine.fetch(
        "INSERT INTO tb_audit_head (chain, number, hash) VALUES (?, 1, ?) ON CONFLICT (chain) DO NOTHING RETURNING chain",
        [chain, row[-1]],
    )
    if begun:
        await engine.execute(f"INSERT INTO tb_audit ({', '.join(_NAMES)}) VALUES {_MARKS}", row)
