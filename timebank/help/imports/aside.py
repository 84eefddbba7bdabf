"""Reading in a thread beside the server, so that whoever only opens a page hardly notices.

The interpreter is handed from one thread to the other every five milliseconds, and the server asks for it anew after every row
that the database gives it: a page of a hundred rows waits half a second for a thread that computes. While one of ours does, the
turns are a tenth as long.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

SHORT_TURN_S = 0.0005
P = ParamSpec("P")
T = TypeVar("T")

_turns_before: list[float] = []
"""The length of turns before each reading that goes on now; the event loop alone touches it."""


async def aside(work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
    """What `work` gives, done in a thread of its own with short turns."""
    with _short_turns():
        return await asyncio.to_thread(work, *args, **known)


@contextmanager
def _short_turns() -> Iterator[None]:
    _turns_before.append(sys.getswitchinterval())
    sys.setswitchinterval(SHORT_TURN_S)
    try:
        yield
    finally:
        # Of several readings at once the last one to end gives back what the first one found.
        first = _turns_before[0]
        _turns_before.pop()
        if not _turns_before:
            sys.setswitchinterval(first)
