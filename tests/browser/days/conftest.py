"""Demo communities with everybody's telephone in them: their clock is set by the story, their people keep their browsers.

`town` is one community for all stories of a module; `day` is a morning of its own for one test, lived in its `way`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.days.cast import CALLED, CARD, ZONE, prepare
from tests.browser.days.people import Own
from tests.browser.days.ways import Way
from tests.browser.running import finished, first_line, set_hour, started, stopped

MORNING = "2026-11-24 08:40"
"""A Tuesday."""

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)


@dataclass
class Town:
    """A served demo community at an hour of a story's own.

    Attributes:
        sign_in: key of a person -> a link that signs them in.
        way: how its people browse unless a story says otherwise.
    """

    folder: Path
    chromium: Browser
    way: Way = field(default_factory=Way)
    url: str = ""
    sign_in: dict[str, str] = field(default_factory=dict)
    _open: dict[str, Own] = field(default_factory=dict)
    _server: ForkServerProcess | None = None

    def serve(self) -> None:
        self.at(MORNING)
        self._server = started(
            self.folder, "demo", "--port", "0", "--json", "--database", _database(self.folder), links=prepare
        )
        said = json.loads(first_line(self.folder, self._server))
        self.url, self.sign_in = said["url"], said["sign_in"]

    def stop(self) -> None:
        for own in self._open.values():
            own.page.context.close()
        if self._server is not None:
            assert stopped(self._server) == 0

    def at(self, hour: str) -> None:
        """The clock shows this hour of Shanghai, for the server and for every command; the day may be left out."""
        said = hour if " " in hour else f"{MORNING.split()[0]} {hour}"
        set_hour(self.folder, datetime.fromisoformat(said).replace(tzinfo=ZONE))

    def tick(self, hour: str = "") -> None:
        """What is due is done, as a timer of the machine does it; before that the clock may be moved."""
        if hour:
            self.at(hour)
        self.command("tick")

    def command(self, *words: str) -> str:
        """What a `timebank` command prints on this database."""
        environ = {"TIMEBANK_DATABASE": _database(self.folder), "TIMEBANK_CITY": "dongqu"}
        return finished(self.folder, *words, environ=environ)

    def of(
        self, who: str, size: str | None = None, *, lang: str | None = None, javascript: bool | None = None
    ) -> Own:
        """The browser of one person, signed in the first time."""
        way = Way(
            size=size or self.way.size, lang=lang or self.way.lang,
            javascript=self.way.javascript if javascript is None else javascript,
        )  # fmt: skip
        key = f"{who} {way}"
        if key not in self._open:
            self._open[key] = self.stranger(way)
            if who:
                self._open[key].page.goto(self.sign_in[who])
        return self._open[key]

    def stranger(self, way: Way | None = None) -> Own:
        """A browser in which nobody has signed in."""
        way = way or self.way
        context = self.chromium.new_context(
            viewport=SIZES[way.size], locale=way.lang, timezone_id="Asia/Shanghai", java_script_enabled=way.javascript
        )  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(15_000)
        own = Own(page, self.url, lang=way.lang)
        self._open.setdefault(f"stranger {len(self._open)}", own)
        return own

    @property
    def card(self) -> str:
        """Where the square code of the card on Wang Xiuying's fridge leads to."""
        return f"{self.url}/k#{self.sign_in[CARD].rpartition('/')[2]}"

    def who(self, called: str) -> str:
        """The key of whoever is called so."""
        return CALLED[called]

    def called(self, said: str) -> str:
        """How somebody is called, of a name as a page shows it: on an English one with its English before it."""
        return next(called for called in CALLED if said.endswith(called))


def _database(folder: Path) -> str:
    return f"sqlite:///{folder}/demo.db"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo community that was made once; whoever tells a story takes a copy."""
    folder = tmp_path_factory.mktemp("seeded")
    set_hour(folder, datetime.fromisoformat(MORNING).replace(tzinfo=ZONE))
    finished(folder, "demo", "--seed-only", "--database", _database(folder))
    return folder


@pytest.fixture(scope="module")
def town(seeded: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Town]:
    """One community per module: its stories follow each other on one day."""
    yield from _town(seeded, tmp_path_factory.mktemp("town"), chromium, Way())


@pytest.fixture
def day(seeded: Path, tmp_path: Path, chromium: Browser, way: Way) -> Iterator[Town]:
    """One community for one test, on the same morning for each way of browsing."""
    yield from _town(seeded, tmp_path, chromium, way)


def _town(seeded: Path, folder: Path, chromium: Browser, way: Way) -> Iterator[Town]:
    for file in seeded.glob("demo.db*"):
        shutil.copy(file, folder)
    town = Town(folder, chromium, way)
    town.serve()
    yield town
    town.stop()
