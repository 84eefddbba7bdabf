"""A morning at the office: clients with keys who try again until they are told, and the auditor who was told the same."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ledger import (
    AccountKind,
    Batch,
    Command,
    Entry,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.replay import command_of, grouped
from ledger.store import Book, migrate_ledger
from ledger.store.engine import SQLiteEngine, open_engine
from ledger.store.engine.errors import EngineError
from tests.ledger.machine.invariants import check_all
from tests.ledger.machine.model import POSTED, Model
from tests.ledger.machine.seen import Seen
from tests.ledger.simulation.world import CODE, UNIT_LIMIT_S, World

ISSUER = "Equity:Issued"
MEMBERS = [f"Liabilities:Member:M{n}" for n in range(4)]
START = datetime(2026, 11, 20, 1, tzinfo=UTC)
TRIES_MAX = 12
"""After so many tries of one job nothing fails any more: then everything must come to an end."""


async def _furnish(path: Path) -> None:
    async with open_engine(f"sqlite:///{path}") as engine:
        await migrate_ledger(engine)
        await engine.execute("CREATE TABLE visit (key TEXT PRIMARY KEY)")
        book = Book(engine, code=CODE)
        await book.create(("MIN",))
        opened_on = date(2026, 1, 1)
        for code in (ISSUER, *MEMBERS):
            kind, floor = (AccountKind.EQUITY, -500) if code == ISSUER else (AccountKind.LIABILITY, 0)
            told: dict[str, Any] = {"key": f"open/{code}", "code": code, "kind": kind, "floor": floor}
            await book.post(OpenAccount(**told, opened_on=opened_on), at=START)


def furnish(path: Path) -> Path:
    """A database with one book and its accounts, to be copied for every world."""
    asyncio.run(_furnish(path))
    return path


@dataclass
class Auditor:
    """Remembers what every client was told, and compares it with what the book says in the end."""

    told: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Command] = field(default_factory=dict)
    with_rows: set[str] = field(default_factory=set)

    def note(self, command: Command, answer: Posted | LedgerRefusal) -> None:
        outcome: object = (answer.uid, answer.seq, answer.hash) if isinstance(answer, Posted) else answer.code
        first = self.told.setdefault(command.key, outcome)
        assert first == outcome, f"{command.key} was told {first}, then {outcome}"
        self.asked[command.key] = command

    async def audit(self, engine: SQLiteEngine, book: Book) -> None:
        entries = [entry async for page in book.journal() for entry in page]
        by_key = {entry.key: entry for entry in entries}
        assert len(by_key) == len(entries), "a key was written twice"
        for key, outcome in self.told.items():
            if isinstance(outcome, str):
                assert key not in by_key, f"{key} was refused ({outcome}) and written all the same"
            else:
                assert key in by_key, f"{key} was acknowledged and is lost"
                entry = by_key[key]
                assert (entry.uid, entry.seq, entry.hash) == outcome, f"{key} is not what was acknowledged"
        own_rows = {row["key"] for row in await engine.fetch("SELECT key FROM visit")}
        assert own_rows == self.with_rows & by_key.keys(), "rows and hours were not stored together"
        self._every_entry_was_asked_for(by_key)
        problems = await book.verify()
        assert problems == [], problems
        await self._every_invariant_holds(book, entries)

    def _every_entry_was_asked_for(self, by_key: dict[str, Entry]) -> None:
        expected = {f"open/{code}" for code in (ISSUER, *MEMBERS)}
        for key, outcome in self.told.items():
            if not isinstance(outcome, str):
                command = self.asked[key]
                members = command.commands if isinstance(command, Batch) else ()
                expected |= {key, *(one.key for one in members)}
        written = {key for key in by_key if not key.startswith("expire ")}
        assert written == expected, written ^ expected

    async def _every_invariant_holds(self, book: Book, entries: list[Entry]) -> None:
        model = Model(book=CODE, zone=ZoneInfo("Asia/Shanghai"), commodities={"MIN"})
        for group in grouped(entries):
            if group[0].key.startswith("expire "):
                assert model.end(group[0].hold, group[0].effective_on) == POSTED
            else:
                assert model.judge(command_of(group), group[0].recorded_at) == POSTED, group[0]
        seen = Seen(book)
        await seen.look([], at_everything=True)
        check_all(seen, model)


class Client:
    """One counter of the office; its jobs and their keys are fixed before anything happens."""

    def __init__(self, number: int, seed: int, world: World, auditor: Auditor) -> None:
        self.number, self.world, self.auditor = number, world, auditor
        self.dice = Random(seed * 1000 + number)
        kinds = [
            self.dice.choice(("earn", "pay", "hold", "batch", "rows", "many", "undo"))
            for _ in range(world.jobs)
        ]
        self.jobs = [self._commands(kind, f"c{number}/{job}") for job, kind in enumerate(kinds)]
        self.rows = [kind == "rows" for kind in kinds]
        self.many = [kind == "many" for kind in kinds]
        self.done = 0
        self.tries = 0

    # -- what it wants

    def _move(self, key: str, payer: str, payee: str, minutes: int) -> Transfer:
        return Transfer(key=key, legs=(Leg(payer, minutes), Leg(payee, -minutes)))

    def _commands(self, kind: str, key: str) -> list[Command]:
        one, other = self.dice.sample(MEMBERS, 2)
        minutes = self.dice.randrange(1, 60)
        match kind:
            case "pay":
                return [self._move(key, one, other, minutes)]
            case "hold":
                expires_at = START + timedelta(minutes=self.dice.choice((1, 60 * 24)))
                place = PlaceHold(
                    key=f"{key}/place", payer=ISSUER, payee=one, amount=minutes, expires_at=expires_at
                )
                hold = uid_of(CODE, place.key)
                paid = self.dice.randrange(1, minutes + 1)
                end = (
                    VoidHold(key=key, hold=hold)
                    if minutes % 5 == 0
                    else SettleHold(key=key, hold=hold, amount=paid)
                )
                return [place, end]
            case "batch":
                chain = [ISSUER, one, other]
                members = [self._move(f"{key}/{n}", chain[n], chain[n + 1], minutes) for n in range(2)]
                return [Batch(key=key, commands=tuple(members))]
            case "many":
                return [self._move(f"{key}/{n}", ISSUER, one, minutes + n) for n in range(3)]
            case "undo":
                earned = self._move(f"{key}/earned", ISSUER, one, minutes)
                undone = ReverseTransfer(key=key, transfer=uid_of(CODE, earned.key))
                return [earned, undone]
        return [self._move(key, ISSUER, one, minutes)]

    # -- how it goes about it

    async def work(self, engine: SQLiteEngine, book: Book) -> None:
        """All jobs that are not done yet, each until an answer is there."""
        while self.done < len(self.jobs):
            task = asyncio.ensure_future(self._job(engine, book))
            self.world.in_flight.append(task)
            try:
                await task
            except (EngineError, asyncio.CancelledError, sqlite3.Error) as error:
                await self._try_again_later(error)
            else:
                self.done += 1
                self.tries = 0

    async def _try_again_later(self, error: BaseException) -> None:
        self.tries += 1
        if self.tries > TRIES_MAX:
            self.world.calm = True
        assert self.tries < 3 * TRIES_MAX, f"nothing fails any more, and still: {error!r}"
        await asyncio.sleep(self.dice.choice((0, 0.01, 1)))

    async def _job(self, engine: SQLiteEngine, book: Book) -> None:
        commands = self.jobs[self.done]
        if self.rows[self.done]:
            await self._with_own_row(engine, book, commands[0])
        elif self.many[self.done]:
            for command, answer in zip(commands, await book.post_many(commands, at=self._now()), strict=True):
                self.auditor.note(command, answer)
        else:
            for command in commands:
                await self._post(book, command)
        if self.dice.random() < 0.3 and self.auditor.told:
            # Asked again, also about what others did before a crash, the book says the same.
            known = self.auditor.asked[self.dice.choice(sorted(self.auditor.told))]
            if known.key not in self.auditor.with_rows:
                await self._post(book, known)
        if self.dice.random() < 0.2:
            balances = await book.balances()
            assert sum(one.balance for one in balances.values()) == 0, "a reader saw half a transfer"

    async def _post(self, book: Book, command: Command) -> None:
        try:
            answer: Posted | LedgerRefusal = await book.post(command, at=self._now())
        except LedgerRefusal as refusal:
            answer = refusal
        self.auditor.note(command, answer)

    async def _with_own_row(self, engine: SQLiteEngine, book: Book, command: Command) -> None:
        """The client's row and the hours together; a client that dozes off in between loses its turn."""
        self.auditor.with_rows.add(command.key)
        try:
            async with engine.atomic():
                await engine.execute("INSERT OR IGNORE INTO visit (key) VALUES (?)", [command.key])
                posted = await book.post(command, at=self._now())
                if self.dice.random() < 0.1 and self.tries == 0:
                    await asyncio.sleep(2 * UNIT_LIMIT_S)
        except LedgerRefusal:
            # Forgotten with the unit, so it binds nobody.
            return
        self.auditor.note(command, posted)

    def _now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())


def run_world(world: World) -> Auditor:
    """The whole morning: processes until one lives to the end, then the audit on a quiet machine."""
    auditor = Auditor()
    clients = [Client(number, world.seed, world, auditor) for number in range(world.clients)]

    async def office(engine: SQLiteEngine, book: Book) -> None:
        await asyncio.gather(*(client.work(engine, book) for client in clients))

    while not world.live(office):
        pass
    world.calm = True
    assert world.live(auditor.audit)
    return auditor
