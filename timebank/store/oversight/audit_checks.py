"""What does not fit in the audit log: a line, a chain's end, what guards it, or a row that is not as the log last held it.

    problems = await audit_checks.problems(engine)                    # [] when all of it holds
    problems = await audit_checks.problems(engine, published=heads)   # and nothing is missing behind what was published

Everything is read in one view of the database, so that units that end meanwhile are no problem.
"""

from __future__ import annotations

import importlib
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ledger.store.engine import DurableEngine
from timebank.rules.oversight.publishing import Head
from timebank.store import held
from timebank.store.oversight.audit import (
    BEGINS,
    GENESIS,
    GONE,
    INSTALLATION,
    Chained,
    Line,
    heads,
    line_hash,
)
from timebank.store.rows import typed
from timebank.store.schema_parts import part_problems, schema_parts, strays, tables_there

PAGE = 1_000
UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, AttributeError)
"""What reading a row raises that somebody has made into something else."""
SCHEMA, OLD_LINES = "schema", "lines"
"""What lines hold besides rows: the parts of the schema, and the ids of the lines before there were digests."""
_ENTRY = re.compile(r"([^\s:]+):([^\s=]+)=(\S+)")
_GUARDED_BY = "timebank.store.piccolo_migrations.timebank_2026_11_22_initial"

Place = tuple[str, int]
"""A row: its table and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a row has to look like.

    Attributes:
        line: where that is said. at: the id of that line, by which a later word counts.
    """

    digest: str
    line: str
    at: int


@dataclass(slots=True)
class Looked:
    """What the lines say, once all of them were read.

    Attributes:
        ends: chain -> its last line. hashes: (chain, number) -> the hash of each line of which something else may speak.
        parts: part of the schema -> its digest. old_ids: ids of the lines of form 1; old_lines: the digest of all of them.
        begun: (chain, number, what it says of the installation's head) of the lines with which chains begin.
    """

    problems: list[str] = field(default_factory=list)
    ends: dict[str, Head] = field(default_factory=dict)
    hashes: dict[tuple[str, int], str] = field(default_factory=dict)
    rows: dict[Place, Wanted] = field(default_factory=dict)
    parts: dict[str, Wanted] = field(default_factory=dict)
    old_ids: list[int] = field(default_factory=list)
    old_lines: str = ""
    begun: list[tuple[str, int, str]] = field(default_factory=list)


async def problems(engine: DurableEngine, *, published: Sequence[Head] = (), rows: bool = True) -> list[str]:
    """What is wrong with the log and with the rows that it holds, one sentence each; empty when it is whole.

    Args:
        published: heads that somebody else has kept: those lines have to be there, as they were.
        rows: whether to look at the rows as well, which takes as long as reading all of them.
    """
    async with _view(engine):
        looked = await read_log(engine)
        found = [*await _guards(engine, looked), *looked.problems, *await _ends(engine, looked)]
        found += [*_beginnings(looked), *_published(looked, published)]
        if rows:
            found += [*(await _differing(engine, looked)).values(), *await strays(engine)]
    return found


async def differing(engine: DurableEngine) -> dict[Place, str]:
    """(table, id) -> what is wrong with it, of the rows that are not as the log holds them."""
    async with _view(engine):
        return await _differing(engine, await read_log(engine))


def _view(engine: DurableEngine) -> AbstractAsyncContextManager[object]:
    return nullcontext() if engine.in_unit() else engine.long_read()


# --- the lines


async def read_log(engine: DurableEngine) -> Looked:
    """Every line, chain by chain, and what the lines hold."""
    looked = Looked()
    async for page in _pages(engine, "tb_audit", "chain, number, id"):
        for id, row in page:
            try:
                if isinstance(row, str):
                    raise ValueError(row)
                _one_line(looked, typed(Line, row), typed(Chained, row))
            except UNREADABLE:
                looked.problems.append(f"tb_audit {id} cannot be read")
    return looked


def _one_line(looked: Looked, line: Line, chained: Chained) -> None:
    called = line_name(chained.chain, line.number)
    end = looked.ends.get(chained.chain, Head(chain=chained.chain, number=0, hash=GENESIS))
    if line.number != end.number + 1:
        looked.problems.append(f"{line_name(chained.chain, end.number + 1)} is missing")
    if chained.prev_hash != end.hash or not _hash_fits(line, chained):
        looked.problems.append(f"{called} was changed")
    looked.ends[chained.chain] = Head(chain=chained.chain, number=line.number, hash=chained.hash)
    looked.hashes[chained.chain, line.number] = chained.hash
    if chained.form == 1:
        looked.old_ids.append(chained.id)
        return
    if line.action == BEGINS:
        looked.begun.append((chained.chain, line.number, line.reason))
    for kind, key, digest in _ENTRY.findall(chained.held):
        _one_entry(looked, kind, key, Wanted(digest=digest, line=called, at=chained.id))


def _hash_fits(line: Line, chained: Chained) -> bool:
    try:
        return chained.hash == line_hash(chained.prev_hash, line, chained)
    except ValueError:  # a hash that is none
        return False


def _one_entry(looked: Looked, kind: str, key: str, wanted: Wanted) -> None:
    """The last word counts, in whichever chain it was said."""
    if kind == SCHEMA:
        if key not in looked.parts or looked.parts[key].at <= wanted.at:
            looked.parts[key] = wanted
    elif kind == OLD_LINES:
        looked.old_lines = wanted.digest
    elif key.isdigit():
        place = (f"tb_{kind}", int(key))
        if place not in looked.rows or looked.rows[place].at <= wanted.at:
            looked.rows[place] = wanted


def line_name(chain: str, number: int) -> str:
    return f"line {number} of {chain}" if chain else f"line {number}"


def ids_digest(ids: Sequence[int]) -> str:
    """128 bits over the ids of the lines before there were digests, as 22 letters."""
    told = sha256(",".join(map(str, ids)).encode()).digest()
    return urlsafe_b64encode(told[:16]).rstrip(b"=").decode()


async def _ends(engine: DurableEngine, looked: Looked) -> list[str]:
    """Whether every chain reaches as far as its head says."""
    found = []
    kept = {one.chain: one for one in await heads(engine)}
    for chain in sorted(kept.keys() | looked.ends.keys()):
        head, end = kept.get(chain), looked.ends.get(chain, Head(chain=chain, number=0, hash=GENESIS))
        if head is None:
            found.append(f"the head of {chain or 'the installation'} is gone")
        elif head.number > end.number:
            found.append(f"{line_name(chain, head.number)} is missing, and with it the end of the log")
        elif head != end:
            found.append(f"the head of {chain or 'the installation'} was changed")
    if looked.old_ids and looked.old_lines not in ("", ids_digest(looked.old_ids)):
        found.append("lines of the time before there were digests have other ids")
    return found


def _beginnings(looked: Looked) -> list[str]:
    """Whether each chain begins where it says: behind a line of the installation's own that is there."""
    found = []
    for chain, number, said in looked.begun:
        before, _, hash = said.partition(" ")
        known = looked.hashes.get((INSTALLATION, int(before))) if before.isdigit() else None
        if number != 1 or (known or (GENESIS if before == "0" else None)) != hash:
            found.append(f"{line_name(chain, number)} names a line of the installation that is not there")
    return found


def _published(looked: Looked, published: Sequence[Head]) -> list[str]:
    found = []
    for one in published:
        there = looked.hashes.get((one.chain, one.number), GENESIS if one.number == 0 else None)
        if there is None:
            found.append(f"{line_name(one.chain, one.number)} was published and is gone")
        elif there != one.hash:
            found.append(f"{line_name(one.chain, one.number)} was published with another hash")
    return found


# --- what guards it


def _made_guards() -> dict[str, dict[str, str]]:
    """Dialect -> name of each trigger that keeps lines as they are -> its statement."""
    made = importlib.import_module(_GUARDED_BY).AUDIT_IS_APPEND_ONLY
    return {
        dialect: {found[1]: one for one in statements if (found := re.match(r"CREATE TRIGGER (\w+) ", one))}
        for dialect, statements in made.items()
    }


async def _guards(engine: DurableEngine, looked: Looked) -> list[str]:
    """The parts of the schema that are not as the log holds them, and the log's own guards whatever it says."""
    there = await schema_parts(engine)
    if not looked.parts:
        return ["no line holds the rows that stand here: run timebank upgrade"]
    wanted = {name: one.digest for name, one in looked.parts.items() if one.digest != GONE}
    found = part_problems(wanted, there)
    made = _made_guards()[engine.dialect]
    if engine.dialect == "sqlite":
        rows = await engine.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        standing = {str(row["name"]) for row in rows if made.get(str(row["name"])) == row["sql"]}
    else:
        standing = {name.partition(".")[2] for name in there if name.startswith("trigger.")}
    own = [f"the guard {name} is gone or was changed" for name in sorted(made.keys() - standing)]
    return [*own, *(one for one in found if one not in own)]


# --- the rows


async def _differing(engine: DurableEngine, looked: Looked) -> dict[Place, str]:
    found = {}
    async for place, row, wanted in _compared(engine, looked):
        if isinstance(row, str):
            found[place] = row
        elif row is None:
            assert wanted is not None
            found[place] = f"{place[0]} {place[1]} is gone, which {wanted.line} holds"
        elif said := _row_problem(place[0], row, wanted):
            found[place] = f"{_named(place[0], row)} {said}"
    return found


async def misfitting(engine: DurableEngine, looked: Looked) -> AsyncIterator[tuple[Place, str]]:
    """Each row that is not as the log holds it, with the digest that it has: `GONE` for one that is not there."""
    async for place, row, wanted in _compared(engine, looked):
        if row is None:
            yield place, GONE
        elif not isinstance(row, str) and _row_problem(place[0], row, wanted):
            yield place, held.digest_of(place[0], row)


async def _compared(
    engine: DurableEngine, looked: Looked
) -> AsyncIterator[tuple[Place, Mapping[str, Any] | str | None, Wanted | None]]:
    """(place, the row or a sentence that it cannot be read or None where there is none, what the log wants of it)."""
    there = await tables_there(engine)
    wanted: dict[str, dict[int, Wanted]] = {}
    for (table, id), one in looked.rows.items():
        wanted.setdefault(table, {})[id] = one
    for table in sorted(wanted.keys() | held.UNHELD.keys()):
        left = wanted.get(table, {})
        if table in there and table in held.UNHELD:
            async for page in _pages(engine, table, "id"):
                for id, row in page:
                    yield (table, id), row, left.pop(id, None)
        for id, one in sorted(left.items()):
            if one.digest != GONE:
                yield (table, id), None, one


def _row_problem(table: str, row: Mapping[str, Any], wanted: Wanted | None) -> str:
    if wanted is None:
        where, column, value = held.SEALED_IN_COPIES
        return "" if table == where and row[column] == value else "is in no line of the log"
    if wanted.digest == GONE:
        return f"was taken out by {wanted.line} and is there again"
    if wanted.digest != held.digest_of(table, row):
        return f"is not as {wanted.line} holds it"
    return ""


def _named(table: str, row: Mapping[str, Any]) -> str:
    """The row in words: its number, and the opaque id by which pages know it."""
    known = next((str(row[name]) for name in ("uid", "code", "part", "member") if row.get(name)), "")
    return f"{table} {row['id']} ({known})" if known else f"{table} {row['id']}"


# --- reading what somebody may have made unreadable


async def _pages(
    engine: DurableEngine, table: str, order: str
) -> AsyncIterator[list[tuple[int, Mapping[str, Any] | str]]]:
    """Every row by its id, some at a time; one that cannot be read is a sentence that says so."""
    ids = [int(row[0]) for row in await engine.fetch_tuples(f"SELECT id FROM {table} ORDER BY {order}")]
    for start in range(0, len(ids), PAGE):
        yield await _page(engine, table, ids[start : start + PAGE])


async def _page(
    engine: DurableEngine, table: str, ids: Sequence[int]
) -> list[tuple[int, Mapping[str, Any] | str]]:
    some = ", ".join(map(str, ids))
    try:
        rows = await engine.fetch(f"SELECT * FROM {table} WHERE id IN ({some})")
        found = {int(row["id"]): row for row in rows}
    except Exception:  # whatever a driver makes of a value that somebody has put there
        if len(ids) == 1:
            return [(ids[0], f"{table} {ids[0]} cannot be read")]
        return [one for id in ids for one in await _page(engine, table, [id])]
    return [(id, found[id]) for id in ids]
