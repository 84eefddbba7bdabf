"""Clients, faults and crashes drawn from a seed, over the real engine, writer, sequencer and SQL on a real file.

A world is one seed: which callback runs next, which statement fails, who is cancelled, where the process dies (before any
step of the loop, before COMMIT, after it). `LEDGER_SEEDS` is how many seeds are run, `LEDGER_SEED` runs one alone:

    LEDGER_SEED=1234 python -m pytest tests/ledger/test_ledger_simulation.py -k seed
"""

from __future__ import annotations

import os
import sys

import pytest

from ledger.store.engine.sqlite_writer import SQLiteSession, Writer
from tests.ledger.simulation.office import furnish, run_world
from tests.ledger.simulation.world import World

SEEDS = int(os.environ.get("LEDGER_SEEDS", "300"))
ONE = os.environ.get("LEDGER_SEED")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return furnish(tmp_path_factory.mktemp("template") / "template.db")


def run_seed(seed, folder, template, **plan) -> World:
    """One world; when it fails, the error says how to see it fail again."""
    world = World(seed, folder, template, **plan)
    try:
        run_world(world)
    except BaseException as error:
        error.add_note(f"again: LEDGER_SEED={seed} python -m pytest tests/ledger/test_ledger_simulation.py -k seed")
        raise
    finally:
        for file in folder.glob(f"world{seed}.db*"):
            file.unlink()
    return world


def test_every_seed_keeps_what_was_acknowledged_once_and_whole(tmp_path, template):
    seeds = range(SEEDS) if ONE is None else [int(ONE)]
    worlds = [run_seed(seed, tmp_path, template) for seed in seeds]
    sums = {
        name: sum(getattr(world, name) for world in worlds)
        for name in ("crashes", "cancels", "failures", "commits", "statements", "steps")
    }
    print(f"{len(worlds)} seeds: {sums}")
    if ONE is None:
        assert all(count >= len(worlds) // 2 for count in sums.values()), sums
