"""The nursery begun beside the server, and jobs handed over to it (see `nursery`)."""

from __future__ import annotations

import array
import os
import socket
import subprocess  # our own Python with our own words  # nosec B404
import sys
import threading

_lock = threading.Lock()
_begun: dict[int, tuple[socket.socket, subprocess.Popen[bytes]]] = {}
"""The nursery of this process, by its id: a process that was forked from this one begins its own."""


def begin(module: str, fd: int) -> None:
    """Have a reading begin that will find its job at `fd`; a nursery that has gone is begun again."""
    with _lock:
        try:
            _hand_over(_nursery(), module, fd)
        except OSError:
            _let_go()
            _hand_over(_nursery(), module, fd)


def _hand_over(at: socket.socket, module: str, fd: int) -> None:
    at.sendmsg([module.encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])


def _nursery() -> socket.socket:
    if os.getpid() not in _begun:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # Its words go nowhere: an error's may hold what stood in a file.
            process = subprocess.Popen(  # noqa: S603 our own words  # nosec B603
                [sys.executable, "-m", "timebank.reading", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"},
                start_new_session=True,  # Ctrl+C is the server's to answer
            )
        _begun[os.getpid()] = ours, process
    return _begun[os.getpid()][0]


def _let_go() -> None:
    ours, process = _begun.pop(os.getpid())
    ours.close()
    process.kill()
    process.wait()
