"""The server's side of a reading: a job handed over, its parts awaited."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from marketplace.errors import FileTooHeavy
from timebank.errors import AppRefusal
from timebank.reading.beginning import begin
from timebank.reading.limits import AT_ONCE_MAX, OFFICE, Limits
from timebank.reading.nursery import here
from timebank.reading.passing import HEAD_BYTES, Done, Failed, Heavy, Job, Part, Refused, packed, taken

P = ParamSpec("P")
T = TypeVar("T")

WAITING_MAX = 12
PART_BYTES_MAX = 64 * 1024 * 1024
SLACK_S = 60
"""For the machine to begin, and for those before in line."""

_waiting = [0]


class ReadingBusy(AppRefusal):
    """So many files are being read that another one would wait for long."""

    status, code = 503, "reading_busy"
    zh = "正在读的文件太多，请过一会儿再试，文件还在您那里。"
    en = "Too many files are being read. Try again in a moment; your file is still with you."
    wait_seconds = 10


class ReadingFailed(RuntimeError):
    """A fault of ours while a file was read; its message says where and nothing of the file."""


async def aside(work: Callable[P, T], *args: P.args, **_: P.kwargs) -> T:
    """What `work` gives, computed in a process of its own within the limits of an office.

    Raises:
        what `work` refuses; FileTooHeavy: it came to the end of its time or memory; ReadingBusy: too many wait.
    """
    [found] = await _read(work, args, many=False, limits=OFFICE)
    return found  # type: ignore[return-value]


async def parts_aside(
    limits: Limits, work: Callable[P, Iterator[T]], *args: P.args, **_: P.kwargs
) -> list[T]:
    """All that the generator `work` gives; each part is taken in a turn of the loop of its own. Raises as `aside`."""
    return await _read(work, args, many=True, limits=limits)  # type: ignore[return-value]


async def _read(
    work: Callable[..., object], args: tuple[object, ...], *, many: bool, limits: Limits
) -> list[object]:
    job = Job(module=work.__module__, name=work.__qualname__, args=args, many=many, limits=limits)
    with _place_in_line():
        if sys.platform != "linux":
            return await asyncio.to_thread(lambda: [*here(work, args, many=many)])
        async with asyncio.timeout(limits.wall_s * (1 + WAITING_MAX // AT_ONCE_MAX) + SLACK_S):
            return await _told(job)


async def _told(job: Job) -> list[object]:
    ours, theirs = socket.socketpair()
    try:
        try:
            await asyncio.to_thread(begin, job.module, theirs.fileno())
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
    except BaseException:
        ours.close()
        raise
    try:
        writer.write(packed(job))
        return await _parts(reader)
    except (asyncio.IncompleteReadError, ConnectionError):
        # The machine ended the process: too much time, or more memory than even saying so took.
        raise FileTooHeavy() from None
    finally:
        writer.close()


async def _parts(reader: asyncio.StreamReader) -> list[object]:
    found: list[object] = []
    while True:
        length = int.from_bytes(await reader.readexactly(HEAD_BYTES), "big")
        if length > PART_BYTES_MAX:
            raise FileTooHeavy()
        match taken(await reader.readexactly(length)):
            case Part(value=value):
                found.append(value)
            case Refused() as refused:
                raise refused.raised()
            case Heavy():
                raise FileTooHeavy()
            case Failed(what=what, where=where):
                raise ReadingFailed(f"{what} at\n{where}")
            case Done():
                return found
            case other:
                raise ReadingFailed(f"a reading does not say {type(other).__name__}")
        # Pages come in between.
        await asyncio.sleep(0)


@contextmanager
def _place_in_line() -> Iterator[None]:
    if _waiting[0] >= WAITING_MAX:
        raise ReadingBusy()
    _waiting[0] += 1
    try:
        yield
    finally:
        _waiting[0] -= 1
