"""A served demo community and a real Chromium. A machine without one fails the test: pages are part of the product."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.running import HOUR, first_line, started, stopped
from tools.chromium import chromium_path

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-extensions",
]  # fmt: skip
SIZES = {"phone": ViewportSize(width=390, height=844), "desk": ViewportSize(width=1280, height=800)}
DATABASE = "demo.db"


@dataclass
class Demo:
    """A served demo: its address, a sign-in link per role, and the database behind it."""

    url: str
    sign_in: dict[str, str]
    database: str
    process: ForkServerProcess


class Servers:
    """Starts and stops demo servers; whatever is still running ends with the test session."""

    def __init__(self, founded: Path) -> None:
        self._running: list[ForkServerProcess] = []
        self._founded = founded

    def serve(self, folder: Path) -> Demo:
        """`timebank demo --json` on a free port, on the database in `folder`.

        Two months of a community take longer to found than to copy: whoever brings neither a database nor an hour gets a copy.
        """
        if not (folder / DATABASE).exists() and not (folder / HOUR).exists():
            self._copy_into(folder)
        demo = _serve(folder)
        self._running.append(demo.process)
        return demo

    def stop(self, demo: Demo, seconds: float = 20) -> int | None:
        """End a server as systemd would; its exit code."""
        code = stopped(demo.process, seconds)
        self._running.remove(demo.process)
        return code

    def _copy_into(self, folder: Path) -> None:
        if not (self._founded / DATABASE).exists():
            stopped(_serve(self._founded).process)
        with sqlite3.connect(self._founded / DATABASE) as founded, sqlite3.connect(folder / DATABASE) as copy:
            founded.backup(copy)

    def stop_all(self) -> None:
        for process in self._running:
            process.kill()
            process.join(20)


def _serve(folder: Path) -> Demo:
    database = f"sqlite:///{folder / DATABASE}"
    process = started(folder, "demo", "--port", "0", "--database", database, "--json")
    line = first_line(folder, process)
    return Demo(database=database, process=process, **json.loads(line))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    servers = Servers(tmp_path_factory.mktemp("founded"))
    yield servers
    servers.stop_all()


@pytest.fixture(scope="module")
def demo(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo community per test module, so that modules do not meet each other's changes."""
    served = servers.serve(tmp_path_factory.mktemp("demo"))
    yield served
    servers.stop(served)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: while it runs, this thread's event loop is taken, and async tests need theirs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), headless=True, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Opens pages of the demo as one role, size and language."""

    chromium: Browser
    demo: Demo
    _open: list[BrowserContext]

    def page(
        self, role: str = "", *, size: str = "phone", lang: str = "zh-CN", javascript: bool = True
    ) -> Page:
        """A page signed in as `role`; a stranger's for ""."""
        options: dict[str, Any] = {
            "viewport": SIZES[size], "locale": lang, "timezone_id": "Asia/Shanghai", "java_script_enabled": javascript,
        }  # fmt: skip
        context = self.chromium.new_context(base_url=self.demo.url, **options)
        self._open.append(context)
        page = context.new_page()
        page.goto(self.demo.sign_in[role] if role else "/")
        return page


@pytest.fixture
def visitor(chromium: Browser, demo: Demo) -> Iterator[Visitor]:
    opened: list[BrowserContext] = []
    yield Visitor(chromium, demo, opened)
    for context in opened:
        context.close()
