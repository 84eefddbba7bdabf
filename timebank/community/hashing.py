"""Where passwords are hashed: beside the event loop, few at a time, and never in a line without an end.

A hash takes half a tenth of a second and 64 MB on purpose, so whoever sends many passwords could have the machine do nothing
else. They wait in a line of their own, which nothing else waits in; a full line says so at once.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from timebank.errors import AppRefusal

P = ParamSpec("P")
T = TypeVar("T")

THREADS = max(1, (os.cpu_count() or 1) // 2)
LINE_MAX = 16
"""Hashes at work and waiting; the last of them waits about a second for its turn."""
RETRY_AFTER_S = 2
NICER_BY = 10


class HashingBusy(AppRefusal):
    """So many passwords are being checked that another one would wait for long."""

    status, code = 503, "hashing_busy"
    zh = "现在登录的人太多，请过几秒再试。"
    en = "Too many people are signing in right now. Try again in a few seconds."
    wait_seconds = RETRY_AFTER_S


async def aside(work: Callable[P, T], *args: P.args, **known: P.kwargs) -> T:
    """What `work`, which hashes, returns.

    Raises:
        HashingBusy: the line is full; nothing was hashed.
    """
    line = _line()
    if not line.acquire(blocking=False):
        raise HashingBusy()
    try:
        done = asyncio.wrap_future(_pool().submit(work, *args, **known))
    except BaseException:
        line.release()
        raise
    # The place is taken until the hash is made: a browser that went away does not make room for more of them.
    done.add_done_callback(lambda _: line.release())
    return await asyncio.shield(done)


@cache
def _line() -> threading.Semaphore:
    return threading.Semaphore(LINE_MAX)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="hashing", initializer=_step_back)


def _step_back() -> None:
    """Pages come first: on Linux a thread can be given a lower priority than the process has; elsewhere it keeps it."""
    if sys.platform == "linux":
        here = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, here, min(19, os.getpriority(os.PRIO_PROCESS, here) + NICER_BY))
