"""One demo community with everybody's telephone in it: its clock is set by the story, its people keep their browsers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SIZES
from tests.browser.days.cast import CALLED
from tests.browser.days.people import Own


@dataclass
class Town:
    """A served demo community at an hour of a story's own.

    Attributes:
        sign_in: key of a person -> a link that signs them in.
    """

    folder: Path
    chromium: Browser
    url: str = ""
    sign_in: dict[str, str] = field(default_factory=dict)
    _open: dict[str, Own] = field(default_factory=dict)
    _server: subprocess.Popen[str] | None = None

    def serve(self) -> None:
        self.at("2026-11-24 08:40")
        self._server = subprocess.Popen(
            self._program("demo", "--port", "0", "--json", "--database", self._database),
            stdout=subprocess.PIPE, stderr=(self.folder / "server.log").open("w"), text=True, cwd=self.folder, env=self._environ,
        )  # fmt: skip
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line, (self.folder / "server.log").read_text()
        said = json.loads(line)
        self.url, self.sign_in = said["url"], said["sign_in"]

    def stop(self) -> None:
        for own in self._open.values():
            own.page.context.close()
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            assert self._server.wait(timeout=20) == 0

    def at(self, hour: str) -> None:
        """The clock shows this hour of Shanghai, for the server and for every command."""
        file = self.folder / "hour.new"
        file.write_text(hour.replace(" ", "T") + "+08:00")
        file.replace(self.folder / "hour.txt")

    def tick(self, hour: str = "") -> None:
        """What is due is done, as a timer of the machine does it; before that the clock may be moved."""
        if hour:
            self.at(hour)
        done = subprocess.run(
            self._program("tick"),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=self._environ,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def of(self, who: str, size: str = "phone", *, lang: str = "zh-CN", javascript: bool = True) -> Own:
        """The browser of one person, signed in the first time."""
        key = f"{who} {size} {lang} {javascript}"
        if key not in self._open:
            self._open[key] = Own(self._browser(size, lang, javascript), self.url)
            self._open[key].page.goto(self.sign_in[who])
        return self._open[key]

    def who(self, called: str) -> str:
        """The key of whoever is called so."""
        return CALLED[called]

    def _browser(self, size: str, lang: str, javascript: bool) -> Page:
        context = self.chromium.new_context(
            viewport=SIZES[size], locale=lang, timezone_id="Asia/Shanghai", java_script_enabled=javascript
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    @property
    def _database(self) -> str:
        return f"sqlite:///{self.folder}/demo.db"

    @property
    def _environ(self) -> dict[str, str]:
        return {**os.environ, "TIMEBANK_DATABASE": self._database, "TIMEBANK_CITY": "dongqu"}

    def _program(self, *words: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "tests.browser.days.clock_in_file",
            str(self.folder / "hour.txt"),
            *words,
        ]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo community that was made once; whoever tells a story takes a copy."""
    folder = tmp_path_factory.mktemp("seeded")
    environ = {**os.environ, "TIMEBANK_CITY": "dongqu"}
    command = [
        sys.executable,
        "-m",
        "timebank.cli",
        "demo",
        "--seed-only",
        "--database",
        f"sqlite:///{folder}/demo.db",
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environ)
    return folder


@pytest.fixture(scope="module")
def town(seeded: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Town]:
    """One community per module: its stories follow each other on one day."""
    folder = tmp_path_factory.mktemp("town")
    for file in seeded.glob("demo.db*"):
        shutil.copy(file, folder)
    town = Town(folder, chromium)
    town.serve()
    yield town
    town.stop()
