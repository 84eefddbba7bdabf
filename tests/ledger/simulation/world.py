"""A machine that may die at any moment: one database file, and processes that come and go on it.

Everything random in a world is drawn from its seed: who runs next, what fails, where the process dies. What a dead process
had not committed is gone, because its connection is closed without a word; what it had committed is on the file.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from random import Random
from typing import Any

from ledger.store import Book
from ledger.store.engine import GroupLimits, SQLiteEngine
from ledger.store.engine.sqlite.connection import open_pair
from tests.ledger.simulation.loop import SimulatedLoop, SimulatedWorker

CODE = "dongqu"
UNIT_LIMIT_S = 5.0


class Crashed(BaseException):
    """The process is dead. No code of the ledger or the engine may catch this and go on."""


class FaultyConnection:
    """The writer's connection, through which statements fail and processes die."""

    def __init__(self, real: sqlite3.Connection, world: World) -> None:
        self._real, self._world = real, world

    @property
    def in_transaction(self) -> bool:
        return self._real.in_transaction

    @property
    def total_changes(self) -> int:
        return self._real.total_changes

    def execute(self, sql: str, args: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._run(sql, lambda: self._real.execute(sql, args))

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        """In two halves, so that it can fail in the middle."""
        rows = list(rows)
        half = len(rows) // 2
        if half:
            self._run(sql, lambda: self._real.executemany(sql, rows[:half]))
        return self._run(sql, lambda: self._real.executemany(sql, rows[half:]))

    def _run(self, sql: str, work: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        self._world.before_statement(sql, self._real)
        done = work()
        self._world.after_statement(sql)
        return done


class World:
    """One seed's machine.

    Args:
        crash_at: kill the first process before its step of this number; None to draw it.
        cancel_at: cancel one waiting post at this step; None to draw many.
        fail_at: let the statement of this number fail; None to draw many.
        quiet: nothing fails but what the three above say.
        clients, jobs: how many clients with how many jobs each; None to draw the clients.
    """

    def __init__(
        self,
        seed: int,
        folder: Path,
        template: Path,
        *,
        quiet: bool = False,
        crash_at: int | None = None,
        cancel_at: int | None = None,
        fail_at: int | None = None,
        clients: int | None = None,
        jobs: int = 4,
    ) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.path = folder / f"world{seed}.db"
        shutil.copy(template, self.path)
        self.crash_at, self.cancel_at, self.fail_at = crash_at, cancel_at, fail_at
        rates = Random(-seed - 1)
        self.fail_rate = 0.0 if quiet else rates.choice((0, 0.002, 0.01, 0.04))
        self.commit_crash_rate = 0.0 if quiet else rates.choice((0, 0.02, 0.1))
        self.cancel_rate = 0.0 if quiet else rates.choice((0, 0.005, 0.03))
        self.crashes_left = 0 if quiet else rates.randrange(4)
        self.units_max = rates.choice((1, 2, 7, 256))
        self.short_flush_s = rates.choice((0, 1e9))
        self.clients, self.jobs = clients or rates.randrange(2, 6), jobs
        self.calm = self.dead = False
        self.crashes = self.cancels = self.failures = self.commits = self.statements = self.steps = 0
        self.steps_of_the_first = self.statements_of_the_first = 0
        self.in_flight: list[asyncio.Task[Any]] = []
        self.trace = ""

    # -- processes

    def live(self, main: Callable[[SQLiteEngine, Book], Coroutine[Any, Any, None]]) -> bool:
        """Start a process and let it run to its end; False when it died before."""
        self.dead = False
        if self.crash_at is None and self.crashes_left > 0:
            self.crash_at = self.dice.randrange(1, 600)
        loop = SimulatedLoop(self.dice, self.before_step)  # type: ignore[abstract]
        engine = SQLiteEngine(
            self.path,
            unit_limit_s=UNIT_LIMIT_S,
            lock_wait_s=1e9,
            group=GroupLimits(units_max=self.units_max, age_s=1e9, short_flush_s=self.short_flush_s),
        )
        writer, reader = open_pair(str(self.path), wait_s=0)
        # A dead process leaves what the system already has; the tests with kill -9 look at real flushes.
        writer.execute("PRAGMA synchronous = OFF")
        # In place of the thread and of the bare connection; everything else is the engine as it is.
        engine._parts = engine._assemble(
            SimulatedWorker(loop, self.dice),  # type: ignore[arg-type]
            (FaultyConnection(writer, self), reader),  # type: ignore[arg-type]
        )
        try:
            loop.run(main(engine, Book(engine, code=CODE)))
        except Crashed:
            self.crashes += 1
            self.crashes_left -= 1
            self.crash_at = None
        finally:
            # Also when the world proves something wrong: nothing it had begun is left for the garbage collector to find.
            died, self.dead = self.dead, True
            loop.abandon()
            reader.close()
            writer.close()
            engine._parts.readers.shutdown()
        self.in_flight.clear()
        self.trace += loop.trace.hexdigest()
        self.steps += loop.steps
        self.steps_of_the_first = self.steps_of_the_first or self.steps
        self.statements_of_the_first = self.statements_of_the_first or self.statements
        return not died

    def die(self) -> None:
        self.dead = True
        raise Crashed

    # -- faults

    def before_step(self, step: int) -> None:
        if self.dead or (step == self.crash_at and not self.calm):
            self.die()
        if step == self.cancel_at or (not self.calm and self.dice.random() < self.cancel_rate):
            waiting = [task for task in self.in_flight if not task.done()]
            if waiting:
                self.cancels += 1
                self.dice.choice(waiting).cancel()

    def before_statement(self, sql: str, connection: sqlite3.Connection) -> None:
        if self.dead:
            raise Crashed
        self.statements += 1
        if sql == "COMMIT":
            self.commits += 1
            if self._crash_at_commit():
                self.die()
        planned = self.statements == self.fail_at
        if planned or (not self.calm and sql != "ROLLBACK" and self.dice.random() < self.fail_rate):
            self.failures += 1
            self._fail(sql, connection)

    def after_statement(self, sql: str) -> None:
        if sql == "COMMIT" and self._crash_at_commit():
            self.die()

    def _crash_at_commit(self) -> bool:
        return not self.calm and self.crashes_left > 0 and self.dice.random() < self.commit_crash_rate

    def _fail(self, sql: str, connection: sqlite3.Connection) -> None:
        """As SQLite fails: busy, a full disk, a broken one; sometimes it ends the transaction by itself."""
        codes = [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_ERROR]
        if sql == "BEGIN IMMEDIATE":
            codes.append(sqlite3.SQLITE_BUSY)
        error = sqlite3.OperationalError("made to fail")
        error.sqlite_errorcode = self.dice.choice(codes)
        if self.dice.random() < 0.3 and connection.in_transaction:
            connection.execute("ROLLBACK")
        raise error
