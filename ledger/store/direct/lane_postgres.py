"""The direct lane on PostgreSQL: one call of `ledger_post` a group, from the head and the accounts this process remembers.

Nothing is locked while a group is decided: the function writes only if the head is still the one remembered. Every change of an
account moves the head, so accounts read at any time since are good exactly when it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import asyncpg

from ledger.errors import BookMissing
from ledger.horizon import Reach
from ledger.rows import Head, Posted
from ledger.sequence import Request
from ledger.store.direct.lane import HEAD, NEXT_LAPSE, codes_of, leading
from ledger.store.direct.plain import Plain, Standing, plain_run, uids_of
from ledger.store.direct.warm import WarmAccounts
from ledger.store.engine.interface import DurableEngine
from ledger.store.rows import read, saving

TRIES = 2
"""How often the head may have moved before a group goes the long way, which locks it."""


@runtime_checkable
class CallingEngine(DurableEngine, Protocol):
    """A database that can be called outside a unit of work."""

    async def call(self, sql: str, args: Sequence[Any]) -> list[Any]: ...


class PostgresLane:
    """The lane of one book on PostgreSQL, with a memory of its own."""

    def __init__(self, engine: CallingEngine, code: str, zone: ZoneInfo) -> None:
        self._engine = engine
        self._code = code
        self._zone = zone
        self._warm = WarmAccounts()
        self._book_id = self._account_count = 0
        self._at_work = False

    async def post(self, requests: Sequence[Request], reach: Reach) -> list[Posted]:
        """The answers of the first commands, as far as they are plain; [] inside a unit, which holds the lock anyway."""
        first = leading(requests)
        if not first or self._at_work or self._engine.in_unit():
            return []
        self._at_work = True
        try:
            for _ in range(TRIES):
                done = await self._decided(first, reach)
                if not done.answers:
                    return []
                if await self._written(done):
                    return done.answers
            return []
        except asyncpg.IntegrityConstraintViolationError:  # a key that was used before
            self._warm.forget()
            return []
        except BaseException:
            self._warm.forget()
            raise
        finally:
            self._at_work = False

    async def _decided(self, requests: Sequence[Request], reach: Reach) -> Plain:
        warm, codes = self._warm, codes_of(requests)
        if warm.head is None or not codes <= warm.codes.keys():
            await self._read(codes)
        held = warm.held(codes)
        lapse = (await self._engine.fetch_tuples(NEXT_LAPSE, [self._book_id]))[0][0] if held else None
        head = warm.head or Head(0, b"")
        self._before, warm.head = head, None  # until the rows are there, the accounts stand at no head at all
        return plain_run(
            book=self._code,
            book_id=self._book_id,
            zone=self._zone,
            head=head,
            standings=warm.standings,
            requests=requests,
            uids=uids_of(self._code, requests),
            reach=reach,
            held=held,
            next_lapse_us=lapse,
        )

    async def _read(self, codes: set[str]) -> None:
        async with self._engine.atomic():
            found = await self._engine.fetch_tuples(HEAD, [self._code])
            if not found:
                raise BookMissing(book=self._code)
            row = found[0]
            self._book_id, self._account_count = row[0], row[5]
            self._warm.stand_at(Head(row[1], row[2], row[3], read.day(row[4])))
            wanted = sorted(codes - self._warm.codes.keys())
            accounts = await self._engine.fetch_tuples(
                f"{read.ACCOUNTS} WHERE book_id = ? AND code = ANY(?)", [self._book_id, wanted]
            )
        for one in accounts:
            account = read.account_of(one)
            self._warm.note((account.code, account.commodity), Standing(one[0], account))

    async def _written(self, done: Plain) -> bool:
        moved = [_moved_row(self._book_id, standing) for standing in done.moved.values()]
        written = await saving.post(
            self._engine.call,
            self._book_id,
            self._before,
            done.head,
            self._account_count,
            moved,
            done.transfers,
            done.postings,
        )
        if written:
            self._warm.head = done.head
        else:
            self._warm.forget()
        return written


def _moved_row(book_id: int, one: Standing) -> tuple[object, ...]:
    """A row of `columns.MOVED`."""
    return (
        one.dr,
        one.cr,
        one.dr_pending,
        one.cr_pending,
        one.version,
        one.last_on.isoformat(),
        one.floor,
        one.ceiling,
        None,
        0,
        book_id,
        one.number,
    )
