"""The process that readings are born from: it has loaded the readers once, and knows nothing of the database.

A reading that began as a new interpreter would load for half a second, and one born from the server would have its
connections, its secrets and its memory. So a small process waits at a socket; each message names the module of a job and
brings the socket on which the reading is told the rest. It ends with the server, whose end of the socket then closes.
"""

from __future__ import annotations

import array
import gc
import importlib
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator

from marketplace.errors import MarketplaceRefusal
from timebank.errors import AppRefusal
from timebank.reading.limits import AT_ONCE_MAX, Limits
from timebank.reading.passing import HEAD_BYTES, Done, Failed, Heavy, Part, Refused, Said, job_of, packed

NICER_BY = 10
_NAME_BYTES_MAX = 200


def wait_for_jobs(at: socket.socket) -> None:
    """Give birth to a reading for each message, until the server is gone."""
    os.nice(NICER_BY)
    children = 0
    while True:
        message, ancillary, _flags, _address = at.recvmsg(_NAME_BYTES_MAX, socket.CMSG_SPACE(4))
        if not message:
            return
        [(_level, _kind, data)] = ancillary
        fd = array.array("i", data)[0]
        importlib.import_module(message.decode())
        gc.collect()
        gc.freeze()
        while children >= AT_ONCE_MAX or (children and os.waitpid(-1, os.WNOHANG)[0]):
            if children >= AT_ONCE_MAX:
                os.waitpid(-1, 0)
            children -= 1
        if os.fork() == 0:
            at.close()
            _live(fd)
        children += 1
        os.close(fd)


def _live(fd: int) -> None:
    """One reading, from its job to its end."""
    code = 1
    try:
        with socket.socket(fileno=fd) as line, line.makefile("rwb") as stream:
            job = job_of(stream.read(int.from_bytes(stream.read(HEAD_BYTES), "big")))
            keep_within(job.limits)
            work = getattr(sys.modules[job.module], job.name)
            for said in said_of(work, job.args, many=job.many):
                stream.write(packed(said))
            stream.flush()
            code = 0
    finally:
        os._exit(code)


def said_of(work: Callable[..., object], args: tuple[object, ...], *, many: bool) -> Iterator[Said]:
    """The work done, in the words that a reading says of it."""
    try:
        yield from (Part(value=value) for value in here(work, args, many=many))
    except (MarketplaceRefusal, AppRefusal) as refusal:
        yield Refused.of(refusal)
        return
    except MemoryError:
        yield Heavy()
        return
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        yield Failed(what=type(error).__name__, where=where)
        return
    yield Done()


def here(work: Callable[..., object], args: tuple[object, ...], *, many: bool) -> Iterator[object]:
    if not many:
        yield work(*args)
        return
    found = work(*args)
    assert isinstance(found, Iterator), "asked for parts, so it gives them one after the other"
    yield from found


def keep_within(limits: Limits) -> None:
    """From here on the machine ends this process at its limits."""
    import resource  # there is none on Windows, where nothing comes here

    with open("/proc/self/statm", encoding="ascii") as file:
        now_bytes = int(file.read().split()[0]) * resource.getpagesize()
    most = now_bytes + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)
