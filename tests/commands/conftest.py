"""A seeded demo database made once, and copies of it for tests that change something."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from timebank.cli import main

Run = Callable[..., "Done"]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo community's database file; read only."""
    path = tmp_path_factory.mktemp("seeded") / "demo.db"
    done = CliRunner().invoke(main, ["demo", "--seed-only", "--database", f"sqlite:///{path}"])
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture
def database(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the demo database for one test."""
    return Path(shutil.copy(seeded, tmp_path / "demo.db"))


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def timebank(database: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a `timebank` command on this test's database: `timebank("plan", "--json", database=other)`.

    In this process, because a start costs seconds; the wheel's test starts real processes.
    """

    def run(*words: object, check: bool = True, stdin: str = "", **settings: str) -> Done:
        environ: dict[str, str | None] = {
            "TIMEBANK_SECRET": None,
            "TIMEBANK_HOST": None,
            "TIMEBANK_PORT": None,
            "TIMEBANK_DATABASE": f"sqlite:///{database}",
            "TIMEBANK_CITY": "dongqu",
            **{f"TIMEBANK_{name.upper()}": value for name, value in settings.items()},
        }
        answer = CliRunner().invoke(main, [str(word) for word in words], env=environ, input=stdin)
        if answer.exception is not None and not isinstance(answer.exception, SystemExit) and check:
            raise answer.exception
        if check:
            assert answer.exit_code == 0, answer.output
        return Done(answer.exit_code, answer.stdout, answer.stderr)

    return run
