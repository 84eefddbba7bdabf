"""The program on a folder of its own, its clock set by a file there: it shows the hour that was written last and goes on from
there. To start Python with all that the program imports takes seconds; here one process has done it, and every server and
every command is a fork of that one.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from time import monotonic, sleep
from unittest.mock import patch

SECONDS_TO_ANSWER = 60
HOUR, SAID, LOG = "hour.txt", "said.txt", "program.log"


def started(folder: Path, *words: str) -> ForkServerProcess:
    """A `timebank` command in the folder; what it prints goes to `said.txt`, what it complains of to `program.log`."""
    (folder / SAID).unlink(missing_ok=True)
    process = _forks().Process(target=_run, args=(folder, words), daemon=True)
    process.start()
    return process


def finished(folder: Path, *words: str) -> str:
    """What the command printed; it has to end well."""
    process = started(folder, *words)
    process.join(SECONDS_TO_ANSWER)
    said = (folder / SAID).read_text()
    assert process.exitcode == 0, (words, process.exitcode, said, (folder / LOG).read_text())
    return said


def first_line(folder: Path, process: ForkServerProcess) -> str:
    """The first line that a program which goes on running has printed."""
    until = monotonic() + SECONDS_TO_ANSWER
    while process.is_alive() and monotonic() < until:
        said = (folder / SAID).read_text() if (folder / SAID).exists() else ""
        if "\n" in said:
            return said.partition("\n")[0]
        sleep(0.01)
    raise AssertionError((folder / LOG).read_text())


def set_hour(folder: Path, hour: datetime) -> None:
    """The clock of the folder shows this hour from now on, for the server and for every command."""
    file = folder / "hour.new"
    file.write_text(hour.isoformat())
    file.replace(folder / HOUR)


def hour_of(file: Path) -> datetime:
    """The hour in the file, and the seconds since it was written."""
    written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return datetime.fromisoformat(file.read_text()).astimezone(UTC) + (datetime.now(UTC) - written_at)


def _forks() -> ForkServerContext:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.browser.days.cast", "timebank.cli"])
    return forks


def _run(folder: Path, words: tuple[str, ...]) -> None:
    # In the fork: nothing of the program is here before this.
    from tests.browser.days.cast import prepare
    from timebank.adapters.system import SystemClock
    from timebank.cli import main

    os.chdir(folder)
    os.environ.update(TIMEBANK_DATABASE=f"sqlite:///{folder}/demo.db", TIMEBANK_CITY="dongqu")
    with (
        (folder / SAID).open("w") as said,
        (folder / LOG).open("a") as log,
        redirect_stdout(said),
        redirect_stderr(log),
        patch.object(SystemClock, "__call__", lambda clock: hour_of(folder / HOUR)),
        patch("timebank.demo.seed.sign_in_links", prepare),
    ):
        try:
            main(list(words), standalone_mode=True)
        finally:
            sys.stdout.flush()
