"""Second factors and the codes on paper that stand in for them: never a secret, only what makes it together with the installation's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Delete, Select
from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.store.rows import add, add_all, change, columns, rows_of, typed_all, typed_or_none, values_of
from timebank.store.tables import RecoveryCode
from timebank.store.tables import SecondFactor as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A member's telephone as a second factor.

    Attributes:
        nonce: what the secret is made of, together with the installation's own.
        last_step: half minute, counted from 1970, of the digits accepted last.
        asked_by, asked_via: who asked for its end, and by which way they had come in; "" for nobody.
    """

    member: str
    nonce: str
    last_step: int
    made_at: datetime
    asked_by: str = ""
    asked_via: str = ""


_ALL = columns(SecondFactor, Table)


@prepared
def _of(member: str) -> First:
    return Table.select(*_ALL).where(Table.member == member).first()


@prepared
def _locked(member: str) -> First:
    return Table.select(*_ALL).where(Table.member == member).lock_rows().first()


@prepared
def _end(member: str) -> Delete:
    return Table.delete().where(Table.member == member)


@prepared
def _end_codes(member: str) -> Delete:
    return RecoveryCode.delete().where(RecoveryCode.member == member)


@prepared
def _use_code(member: str, hash: str) -> Delete:
    fits = (RecoveryCode.member == member) & (RecoveryCode.hash == hash)
    return RecoveryCode.delete().where(fits).returning(RecoveryCode.id)


@prepared
def _left(member: str) -> Select[RecoveryCode]:
    return RecoveryCode.select(RecoveryCode.id).where(RecoveryCode.member == member)


async def second_factor(engine: Engine, member: str, *, lock: bool = False) -> SecondFactor | None:
    """A member's second factor; with `lock` nobody else tries digits until the unit of work ends."""
    # SQLite has one writer, which is lock enough; PostgreSQL is told to hold the row until the commit.
    find = _locked if lock and engine.dialect == "postgres" else _of
    return typed_or_none(SecondFactor, await find.on(engine)(member))


async def second_factors(engine: Engine, members: Iterable[str]) -> dict[str, SecondFactor]:
    """The second factors of these members, by uid."""
    wanted = sorted(set(members))
    if not wanted:
        return {}
    found = await rows_of(engine, Table.select(*_ALL).where(Table.member.is_in(wanted)))
    return {one.member: one for one in typed_all(SecondFactor, found)}


async def set_second_factor(engine: Engine, factor: SecondFactor) -> None:
    """The member's one second factor; an earlier one ends."""
    await _end.on(engine)(factor.member)
    await add(engine, Table, values_of(factor))


async def used(engine: Engine, member: str, step: int) -> None:
    """Neither the digits of this half minute nor earlier ones count again."""
    await change(engine, Table, {"last_step": step}, member=member)


async def save_asked(engine: Engine, member: str, *, by: str, via: str) -> None:
    """Write down who asked for its end; "" takes it back."""
    await change(engine, Table, {"asked_by": by, "asked_via": via}, member=member)


async def end_second_factor(engine: Engine, member: str) -> bool:
    """The telephone and the paper count no longer; False when there was none."""
    there = await second_factor(engine, member) is not None
    await _end.on(engine)(member)
    await _end_codes.on(engine)(member)
    return there


async def set_codes(engine: Engine, member: str, hashes: Sequence[str]) -> None:
    """The codes on a member's paper; an earlier paper counts no longer."""
    await _end_codes.on(engine)(member)
    await add_all(engine, RecoveryCode, [{"member": member, "hash": one} for one in hashes])


async def use_code(engine: Engine, member: str, hashed: str) -> bool:
    """Whether this code stood on the member's paper; it is used up by that."""
    return bool(await _use_code.on(engine)(member, hashed))


async def codes_left(engine: Engine, member: str) -> int:
    """How many codes of the paper have not been used."""
    return len(await _left.on(engine)(member))
