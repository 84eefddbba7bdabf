"""A served demo community and a real Chromium. A machine without one fails the test: pages are part of the product."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.running import first_line, started, stopped

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-extensions",
]  # fmt: skip
SIZES = {"phone": ViewportSize(width=390, height=844), "desk": ViewportSize(width=1280, height=800)}


@dataclass
class Demo:
    """A served demo: its address, a sign-in link per role, and the database behind it."""

    url: str
    sign_in: dict[str, str]
    database: str
    process: ForkServerProcess


class Servers:
    """Starts and stops demo servers; whatever is still running ends with the test session."""

    def __init__(self) -> None:
        self._running: list[ForkServerProcess] = []

    def serve(self, folder: Path) -> Demo:
        """`timebank demo --json` on a free port, on the database in `folder`."""
        demo = _serve(folder)
        self._running.append(demo.process)
        return demo

    def stop(self, demo: Demo, seconds: float = 20) -> int | None:
        """End a server as systemd would; its exit code."""
        code = stopped(demo.process, seconds)
        self._running.remove(demo.process)
        return code

    def stop_all(self) -> None:
        for process in self._running:
            process.kill()
            process.join(20)


def _serve(folder: Path) -> Demo:
    database = f"sqlite:///{folder}/demo.db"
    process = started(folder, "demo", "--port", "0", "--database", database, "--json")
    line = first_line(folder, process)
    return Demo(database=database, process=process, **json.loads(line))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    servers = Servers()
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
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_FLAGS)
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
