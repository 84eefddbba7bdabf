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
from timebank.rules.publishing import Head
from timebank.store import held
from timebank.store.rows import columns, typed_all, values_of
from timebank.store.tables import AuditLine

GENESIS = "0" * 64
INSTALLATION = ""
"""The chain of what belongs to no community; before each had its own, of all of them."""
ROWS, BEGINS = "rows", "log_begins"
"""Actions of lines that nobody said: rows that changed without a word, and the first line of a community's chain."""
GONE = "-"
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
    held: str = ""


@prepared
def _about(object: str, community: str) -> Select[AuditLine]:
    return (
        AuditLine.select(*columns(Line, AuditLine))
        .where(AuditLine.object == object, AuditLine.community == community)
        .order_by(AuditLine.id)
    )


def line_hash(prev_hash: str, line: Line, chained: Chained) -> str:
    """The hash of one line: length-prefixed fields after the hash before it."""
    plain = {**values_of(line), "at": line.at.astimezone(UTC).isoformat(timespec="microseconds")}
    parts = [str(value).encode() for value in plain.values()]
    if chained.form > 1:
        parts += [str(value).encode() for value in (chained.id, chained.chain, chained.held)]
    body = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return sha256(b"timebank/audit/v%d" % chained.form + bytes.fromhex(prev_hash) + body).hexdigest()


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
        changed = [one for one in seen if isinstance(one, Changed)]
        said = [one for one in seen if isinstance(one, Said)]
        entries = _entries(changed)
        if entries:
            said = _holding(said, entries, community=_community_of(changed), at=self._clock())
        # In the order of the chains' names, so that two units never wait for each other.
        for chain in sorted({one.community for one in said}):
            await write(self._engine, chain, [one for one in said if one.community == chain])


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


def _holding(said: list[Said], entries: list[str], *, community: str, at: datetime) -> list[Said]:
    """The unit's lines, the last of which hold its rows."""
    some = [" ".join(entries[at : at + ENTRIES_MAX]) for at in range(0, len(entries), ENTRIES_MAX)]
    if said:
        last = said.pop()
        community, at = last.community, last.at
        said = [*said, _with(last, some.pop())]
    return [*said, *(Said(at=at, community=community, action=ROWS, held=one) for one in some)]


def _with(said: Said, entries: str) -> Said:
    return Said(**{**values_of(said), "held": entries})  # type: ignore[arg-type]


_ADVANCE = "UPDATE tb_audit_head SET number = number + ? WHERE chain = ? RETURNING number, hash, {next_id} AS next_id"
_NEXT_ID = {
    "sqlite": "(SELECT COALESCE(MAX(id), 0) + 1 FROM tb_audit)",
    # Of what is returned, so that the number is drawn when the head is ours, and not before.
    "postgres": "nextval('tb_audit_id_seq')",
}
_NAMES = (
    "id", "chain", "number", "at", "community", "actor", "acting_for", "action", "object", "reason", "form", "held",
    "prev_hash", "hash",
)  # fmt: skip
_MARKS = f"({', '.join('?' for _ in _NAMES)})"


async def write(engine: DurableEngine, chain: str, said: Sequence[Said]) -> None:
    """Add lines to the end of a chain, in the caller's unit of work: its head is ours from here to the end of the unit."""
    advance = _ADVANCE.format(next_id=_NEXT_ID[engine.dialect])
    found = await engine.fetch(advance, [len(said), chain])
    if not found:
        await _begin(engine, chain, said[0].at)
        found = await engine.fetch(advance, [len(said), chain])
    [head] = found
    ids = await _ids(engine, head["next_id"], len(said))
    number, prev_hash = head["number"] - len(said), head["hash"]
    values: list[object] = []
    for id, one in zip(ids, said, strict=True):
        number += 1
        line, chained = _chained(one, id=id, chain=chain, number=number, prev_hash=prev_hash)
        kept = {**values_of(line), **values_of(chained)}
        values += [kept[name] for name in _NAMES]
        prev_hash = chained.hash
    await _stored(engine, chain, values, len(said), head_hash=prev_hash)


def _chained(
    said: Said, *, id: int, chain: str, number: int, prev_hash: str, form: int = 2
) -> tuple[Line, Chained]:
    line = Line(
        number=number, at=said.at, community=said.community, actor=said.actor, acting_for=said.acting_for,
        action=said.action, object=said.object, reason=said.reason,
    )  # fmt: skip
    open_ended = Chained(id=id, chain=chain, form=form, held=said.held, prev_hash=prev_hash, hash="")
    own = line_hash(prev_hash, line, open_ended)
    return line, Chained(id=id, chain=chain, form=form, held=said.held, prev_hash=prev_hash, hash=own)


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
    line, chained = _chained(said, id=first["next_id"], chain=chain, number=1, prev_hash=GENESIS)
    begun = await engine.fetch(
        "INSERT INTO tb_audit_head (chain, number, hash) VALUES (?, 1, ?) ON CONFLICT (chain) DO NOTHING RETURNING chain",
        [chain, chained.hash],
    )
    if begun:
        kept = {**values_of(line), **values_of(chained)}
        insert = f"INSERT INTO tb_audit ({', '.join(_NAMES)}) VALUES {_MARKS}"
        await engine.execute(insert, [kept[name] for name in _NAMES])
