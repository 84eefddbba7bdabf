"""Where the processor time of 128 clients goes: the same posts by hand and by us, 1,000 and 128 for each COMMIT, and the waiting alone.

    python -m benchmarks.ledger.parts [rounds]

Processor time, not rates: on a busy machine it is what can be compared. The least busy tenth of many short turns counts.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.ledger import ours
from benchmarks.ledger.raw import by_hand
from benchmarks.ledger.turns import Subject, shared_by
from ledger import EntryKind, Posted
from ledger.decide import screen
from ledger.sequence import Answer, Request
from ledger.store.engine import open_engine
from ledger.store.sequencer import Sequencer
from ledger.store.storage import Done

POSTS = 1024
CLIENTS = 128
POSTED = Posted("", 0, b"", 0, EntryKind.TRANSFER, False, ())


def waiting_alone() -> Subject:
    """128 clients whose posts are made, screened and gathered, and answered without having been written."""

    def at_once(requests: Sequence[Request], done: Done) -> bool:
        done([POSTED] * len(requests), None)
        return True

    async def never(requests: Sequence[Request]) -> list[Answer]:
        raise AssertionError("the lane has answered")

    sequencer, numbers = Sequencer(never, at_once), itertools.count()

    async def post(number: int) -> object:
        command = ours.credit(number)
        assert screen(command) is None
        return await sequencer.post((command, ours.AT))

    return Subject(
        "waiting alone, 128 clients", shared_by(CLIENTS, POSTS // CLIENTS, post, lambda: next(numbers))
    )


async def processor_us(rounds: int) -> dict[str, tuple[float, float]]:
    """Microseconds of processor time per post, of all threads and of the loop's: the least busy tenth of the turns."""
    async with AsyncExitStack() as open_now:
        folder = Path(open_now.enter_context(tempfile.TemporaryDirectory()))
        books = [
            await ours.open_book(
                await open_now.enter_async_context(open_engine(f"sqlite:///{folder}/{name}.db")), name
            )
            for name in ("large", "small", "clients")
        ]
        hand = {"accounts": ours.ACCOUNTS, "posts": POSTS}
        subjects = [
            by_hand("raw, 1000 per commit", folder / "raw1000.db", per_commit=1000, **hand),
            by_hand("raw, 128 per commit", folder / "raw128.db", per_commit=128, **hand),
            ours.together("post_many of 1000", books[0], posts=1000),
            ours.together("post_many of 128", books[1], posts=CLIENTS),
            ours.singly("128 clients", books[2], clients=CLIENTS, each=POSTS // CLIENTS),
            waiting_alone(),
        ]
        took: dict[str, list[tuple[float, float]]] = {subject.name: [] for subject in subjects}
        gc.collect()
        gc.freeze()
        for _ in range(rounds):
            for subject in subjects:
                all_s, loop_s, posts = time.process_time(), time.thread_time(), 0
                while posts < POSTS - 100:
                    posts += await subject.slice()
                all_s, loop_s = time.process_time() - all_s, time.thread_time() - loop_s
                took[subject.name].append((all_s / posts * 1e6, loop_s / posts * 1e6))
    return {name: sorted(turns)[len(turns) // 10] for name, turns in took.items()}


def main(rounds: int) -> None:
    """Print the table."""
    found = asyncio.run(processor_us(rounds))
    print("| microseconds of processor time per post | all threads | the loop's |\n|---|---|---|")
    for name, (everything, loop) in found.items():
        print(f"| {name} | {everything:.1f} | {loop:.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
