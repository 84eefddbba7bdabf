"""Clients, faults and crashes drawn from a seed, over the real engine, writer, sequencer and SQL on a real file.

A world is one seed: which callback runs next, which statement fails, who is cancelled, where the process dies (before any
step of the loop, before COMMIT, after it). `LEDGER_SEEDS` is how many seeds are run, `LEDGER_SEED` runs one alone:

    LEDGER_SEED=1234 python -m pytest tests/ledger/test_ledger_simulation.py -k seed
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledger.store.direct.lane import SqliteLane
from ledger.store.direct.warm import WarmAccounts
from ledger.store.engine.sqlite.writer import SQLiteSession, Writer
from ledger.store.sql import SqlStorage
from tests.ledger.simulation.office import furnish, run_world
from tests.ledger.simulation.world import World

SEEDS = int(os.environ.get("LEDGER_SEEDS", "150"))
ONE = os.environ.get("LEDGER_SEED")
SMALL = {"quiet": True, "clients": 2, "jobs": 2}
"""A world of some fifty steps, to be disturbed at each of them in turn."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return furnish(tmp_path_factory.mktemp("template") / "template.db")


def run_seed(seed: int, folder: Path, template: Path, **plan: Any) -> World:
    """One world; when it fails, the error says how to see it fail again."""
    world = World(seed, folder, template, **plan)
    try:
        run_world(world)
    except BaseException as error:
        again = f"LEDGER_SEED={seed} python -m pytest tests/ledger/test_ledger_simulation.py -k seed"
        error.add_note(f"again: {again}  {plan or ''}")
        raise
    finally:
        for file in folder.glob(f"world{seed}.db*"):
            file.unlink()
    return world


def test_every_seed_keeps_what_was_acknowledged_once_and_whole(tmp_path: Path, template: Path) -> None:
    seeds = range(SEEDS) if ONE is None else [int(ONE)]
    worlds = [run_seed(seed, tmp_path, template) for seed in seeds]
    sums = {
        name: sum(getattr(world, name) for world in worlds)
        for name in ("crashes", "cancels", "failures", "commits", "statements", "steps")
    }
    print(f"{len(worlds)} seeds: {sums}")
    if ONE is None:
        assert all(count >= len(worlds) // 2 for count in sums.values()), sums


@pytest.mark.parametrize("seed", [1, 2])
def test_a_crash_before_any_step_at_all_loses_nothing_that_was_acknowledged(
    tmp_path: Path, template: Path, seed: int
) -> None:
    steps = run_seed(seed, tmp_path, template, **SMALL).steps_of_the_first
    assert steps > 20
    crashed = [
        run_seed(seed, tmp_path, template, crash_at=step, **SMALL).crashes for step in range(1, steps + 1)
    ]
    assert crashed == [1] * steps


def test_a_client_cancelled_at_any_step_at_all_is_told_all_or_nothing(tmp_path: Path, template: Path) -> None:
    steps = run_seed(3, tmp_path, template, **SMALL).steps_of_the_first
    cancels = [
        run_seed(3, tmp_path, template, cancel_at=step, **SMALL).cancels for step in range(1, steps + 1)
    ]
    assert sum(cancels) > steps // 2


def test_a_failure_of_any_statement_at_all_harms_nobody_else(tmp_path: Path, template: Path) -> None:
    statements = run_seed(4, tmp_path, template, **SMALL).statements_of_the_first
    for number in range(1, statements + 1):
        assert run_seed(4, tmp_path, template, fail_at=number, **SMALL).failures == 1


def test_a_seed_gives_the_same_world_again_also_under_another_hash_seed(
    tmp_path: Path, template: Path
) -> None:
    first = run_seed(77, tmp_path, template)
    assert run_seed(77, tmp_path, template).trace == first.trace
    assert run_seed(78, tmp_path, template).trace != first.trace
    script = (
        "import sys; from pathlib import Path; from tests.ledger.simulation.office import furnish, run_world; "
        "from tests.ledger.simulation.world import World; folder = Path(sys.argv[1]); "
        "world = World(77, folder, Path(sys.argv[2])); run_world(world); print(world.trace)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(template)],
        env={**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == first.trace, done.stderr[-2000:]


# -- the simulation can fail: planted mistakes, each found by some seed


def acknowledge_before_the_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is told when the group leaves for the disk, not when it is there."""
    commit = Writer._commit

    def hasty(self: Any) -> None:
        for session in self._group:
            self._tell(session, None)
        commit(self)

    monkeypatch.setattr(Writer, "_commit", hasty)


def keep_what_should_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit that failed half way goes with the group."""
    control = Writer._control

    def forgetful(self: Any, sql: str, session: Any) -> None:
        if not sql.startswith("ROLLBACK TO"):
            control(self, sql, session)

    monkeypatch.setattr(Writer, "_control", forgetful)


def forget_a_unit_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing RELEASE leaves the unit where it is, and the writer waits for it for ever."""
    keep = Writer.keep

    def stuck(self: Any, session: Any) -> None:
        undo, self.undo = self.undo, lambda session: None
        try:
            keep(self, session)
        finally:
            self.undo = undo

    monkeypatch.setattr(Writer, "keep", stuck)


def know_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store does not look whether a key was used."""

    async def nothing(self: Any, sheet: Any, uids: Any) -> None:
        return

    monkeypatch.setattr(SqlStorage, "_load_known", nothing)
    monkeypatch.setattr(SqliteLane, "_known", staticmethod(lambda connection, book_id, uids: set()))


def remember_what_was_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The direct lane goes on from accounts that a failing statement left half moved."""
    monkeypatch.setattr(WarmAccounts, "forget", lambda self: None)


def answer_before_the_direct_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    """The direct lane tells its callers before the disk has said anything."""
    direct = Writer.direct

    def hasty(self: Any, work: Any, done: Any) -> bool:
        def at_once(connection: Any) -> Any:
            result = work(connection)
            done(result, None)
            return result

        return direct(self, at_once, lambda result, error: None)

    monkeypatch.setattr(Writer, "direct", hasty)


def swallow_a_lost_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that fails with the whole transaction gone is passed over."""
    execute = SQLiteSession.execute

    async def careless(self: Any, sql: str, args: Any) -> int:
        try:
            return await execute(self, sql, args)
        except Exception:
            return 1

    monkeypatch.setattr(SQLiteSession, "execute", careless)


@pytest.mark.parametrize(
    "mistake",
    [
        acknowledge_before_the_flush,
        keep_what_should_be_undone,
        forget_a_unit_without_an_answer,
        know_no_keys,
        remember_what_was_not_stored,
        answer_before_the_direct_flush,
        swallow_a_lost_unit,
    ],
    ids=lambda mistake: mistake.__name__,
)
def test_a_planted_mistake_is_found_within_three_hundred_seeds(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch, mistake: Any
) -> None:
    mistake(monkeypatch)
    found = None
    for seed in range(300):
        try:
            run_seed(seed, tmp_path, template)
        except BaseException as error:
            found = error
            break
    assert found is not None
    assert f"LEDGER_SEED={seed} " in "".join(found.__notes__)
