"""The program on a folder of its own. A file there may set its clock: it shows the hour that was written last and goes on from
there. To start Python with all that the program imports takes seconds; here one process has done it, and every server and
every command is a fork of that one.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from time import monotonic, sleep
from unittest.mock import patch

SECONDS_TO_ANSWER = 60
HOUR, SAID, LOG = "hour.txt", "said.txt", "program.log"
LOADED = ["timebank.cli.serving", "timebank.cli.ticking", "timebank.cli.importing", "timebank.demo.seed"]


def started(
    folder: Path,
    *words: str,
    environ: Mapping[str, str] | None = None,
    typed: str = "",
    links: Callable[..., object] | None = None,
) -> ForkServerProcess:
    """A `timebank` command in the folder; what it prints goes to `said.txt`, what it complains of to `program.log`.

    Args:
        links: a coroutine function that stands in for the demo's own sign-in links.
    """
    (folder / SAID).unlink(missing_ok=True)
    process = _forks().Process(
        target=_run, args=(folder, words, dict(environ or {}), typed, links), daemon=True
    )
    process.start()
    return process


def finished(folder: Path, *words: str, environ: Mapping[str, str] | None = None, typed: str = "") -> str:
    """What the command printed; it has to end well."""
    process = started(folder, *words, environ=environ, typed=typed)
    process.join(SECONDS_TO_ANSWER)
    said = (folder / SAID).read_text() if (folder / SAID).exists() else ""
    assert process.exitcode == 0, (words, process.exitcode, said, _complaints(folder))
    return said


def first_line(folder: Path, process: ForkServerProcess) -> str:
    """The first line that a program which goes on running has printed."""
    until = monotonic() + SECONDS_TO_ANSWER
    while process.is_alive() and monotonic() < until:
        said = (folder / SAID).read_text() if (folder / SAID).exists() else ""
        if "\n" in said:
            return said.partition("\n")[0]
        sleep(0.01)
    raise AssertionError(_complaints(folder))


def stopped(process: ForkServerProcess, seconds: float = 20) -> int | None:
    """The program is asked to stop, as systemd would; its exit code."""
    process.terminate()
    process.join(seconds)
    return process.exitcode


def set_hour(folder: Path, hour: datetime) -> None:
    """The clock of the folder shows this hour from now on, for the server and for every command."""
    file = folder / "hour.new"
    file.write_text(hour.isoformat())
    file.replace(folder / HOUR)


def hour_of(file: Path) -> datetime:
    """The hour in the file, and the seconds since it was written."""
    written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return datetime.fromisoformat(file.read_text()).astimezone(UTC) + (datetime.now(UTC) - written_at)


def _complaints(folder: Path) -> str:
    return (folder / LOG).read_text() if (folder / LOG).exists() else ""


def _forks() -> ForkServerContext:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(LOADED)
    return forks


def _run(
    folder: Path,
    words: tuple[str, ...],
    environ: dict[str, str],
    typed: str,
    links: Callable[..., object] | None,
) -> None:
    # In the fork: nothing of the program is here before this.
    from timebank.adapters.system import SystemClock
    from timebank.cli import main

    os.chdir(folder)
    os.environ.update(environ)
    sys.stdin = io.StringIO(typed)
    with ExitStack() as around:
        around.enter_context(redirect_stdout(around.enter_context((folder / SAID).open("w"))))
        around.enter_context(redirect_stderr(around.enter_context((folder / LOG).open("a"))))
        if (folder / HOUR).exists():
            around.enter_context(patch.object(SystemClock, "__call__", lambda clock: hour_of(folder / HOUR)))
        if links is not None:
            around.enter_context(patch("timebank.demo.seed.sign_in_links", links))
        main(list(words))
