"""Takes the pictures of docs/screenshots: one page of each kind of user, small and wide, in Chinese and English.

    .venv/bin/python tools/screenshots.py

Serves a fresh demo on a free port, opens every page as a person of that role would first see it, writes what fits the
screen and ends the server. Needs Playwright and Chromium (CHROMIUM names another one). Look at every picture before
committing it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = {"390": ViewportSize(width=390, height=844), "1280": ViewportSize(width=1280, height=800)}
LANGUAGES = {"zh-CN": "", "en": "-en"}
# Picture, role and first page.
PAGES = (
    ("elder", "elder", "/elder"),
    ("proxy", "proxy", "/elder"),
    ("volunteer", "volunteer", "/volunteer"),
    ("rollcall", "leader", "/teams"),
    ("unit", "unit", "/unit"),
    ("desk", "worker", "/desk"),
    ("plan", "worker", "/desk/plan"),
    ("books", "auditor", "/books"),
    ("notice", "", "/notice"),
)
# From the first page to the picture's own: the first link that matches.
ON_TO = {"rollcall": "main .slip a.btn[href*='/shifts/']"}
# Grey edges instead of coloured ones keep the files small.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-default-apps", "--disable-extensions", "--disable-lcd-text")  # fmt: skip


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, Any]]:
    """A served demo: its `url` and a `sign_in` address per role."""
    command = [sys.executable, "-m", "timebank.cli", "demo", "--port", "0", "--json", "--database"]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [*command, f"sqlite:///{folder}/demo.db"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()
            server.wait(timeout=20)


def take(browser: Browser, served: dict[str, Any]) -> None:
    """Every page at every size in every language."""
    for lang, ending in LANGUAGES.items():
        for size, viewport in SIZES.items():
            for name, role, path in PAGES:
                context = browser.new_context(
                    base_url=served["url"], viewport=viewport, locale=lang, timezone_id="Asia/Shanghai"
                )
                page = context.new_page()
                if role:
                    page.goto(served["sign_in"][role])
                page.goto(path)
                if name in ON_TO:
                    page.locator(ON_TO[name]).first.click()
                    page.wait_for_load_state()
                page.screenshot(path=FOLDER / f"{name}-{size}{ending}.png")
                context.close()


def main() -> None:
    """Take them all and say how large the folder has become."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder)) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        take(browser, served)
        browser.close()
    pictures = list(FOLDER.glob("*.png"))
    total_bytes = sum(picture.stat().st_size for picture in pictures)
    print(f"{len(pictures)} pictures, {total_bytes / 1e6:.1f} MB, in {FOLDER}")


if __name__ == "__main__":
    main()
