"""Subjects that take turns: each is opened once, does a slice of work per round, and keeps its best rate."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Slice = Callable[[], Awaitable[int]]
"""Does a slice of work and says how many posts it was."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something with a name that can be asked for one more slice of work."""

    name: str
    slice: Slice


async def best_rates(subjects: Sequence[Subject], *, rounds: int) -> dict[str, float]:
    """Posts per second of the best slice of each subject."""
    best = dict.fromkeys((subject.name for subject in subjects), 0.0)
    # What was made so far lives as long as the process; a server sets it aside too.
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for subject in subjects:
            started = time.perf_counter()
            posts = await subject.slice()
            best[subject.name] = max(best[subject.name], posts / (time.perf_counter() - started))
    return best


def shared_by(
    clients: int, each: int, post: Callable[[int], Awaitable[object]], numbers: Callable[[], int]
) -> Slice:
    """A slice in which `clients` tasks post `each` time after time, each waiting for its own answer."""

    async def client() -> None:
        for _ in range(each):
            await post(numbers())

    async def slice() -> int:
        await asyncio.gather(*(client() for _ in range(clients)))
        return clients * each

    return slice
