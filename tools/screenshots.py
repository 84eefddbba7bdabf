"""Takes the pictures of docs/screenshots: every page of the demo community, on a phone in Chinese and on a screen in English.

    make screenshots

No list of pages: the walk of `tools.pages` finds them from link to link, as each kind of person, and this keeps the first
picture of each page and of each thing people see on it. Needs Playwright and Chromium (CHROMIUM names another one). Look at
every picture before committing it.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from litestar import Litestar
from playwright.sync_api import Page, sync_playwright

from tools.chromium import chromium_path
from tools.pages.demo_town import demo_town, townspeople
from tools.pages.serving import served
from tools.pages.walking import Depth, Kept, Walk

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "screenshots"
# Language, width, height of the screen, and how much of a longer page is shown.
VIEWS = {"zh-CN": (390, 844, 1400), "en": (1280, 800, 900)}
QUALITY = 36
WHO = {
    "": ("谁都能看", "Anybody"), "elder": ("老人", "An elder"), "card": ("拿着卡片来的老人", "An elder with a printed card"),
    "proxy": ("代办的家人", "A relative"), "proxy acting": ("代老人办事时", "A relative acting for her"),
    "volunteer": ("志愿者", "A volunteer"), "leader": ("队长", "A team leader"), "unit": ("共建单位", "A partner unit"),
    "worker": ("社区工作者", "A community worker"), "auditor": ("监督员", "An auditor"),
}  # fmt: skip
# Grey edges instead of coloured ones keep the files small.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-lcd-text")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page with its pictures: file names by language."""

    name: str
    who: str
    titles: dict[str, str]
    files: dict[str, str]


async def _walked() -> tuple[list[Kept], Litestar]:
    with tempfile.TemporaryDirectory() as folder:
        async with demo_town(Path(folder)) as (ctx, app):
            walk = Walk(ctx, app, Depth(addresses=2, presses=0, kept=1))
            await walk.walk((await townspeople(ctx)).values())
            return [one for one in walk.kept if one.status == 200], app


def _title(kept: Kept) -> str:
    found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", kept.html)
    text = re.sub(r"<[^>]+>", " ", found[1]) if found else kept.operation
    return " ".join(unescape(text).split()).replace("|", "·")


def take(page: Page, number: int, kept: Kept, name: str) -> str:
    """One picture; its file name."""
    width, height, shown = VIEWS[kept.lang]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"/kept/{number}")
    tall = min(shown, max(height, page.evaluate("document.documentElement.scrollHeight")))
    found = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {
            "format": "webp", "quality": QUALITY, "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": width, "height": tall, "scale": 1},
        },
    )  # fmt: skip
    file = f"{name}-{width}.webp"
    (FOLDER / file).write_bytes(b64decode(found["data"]))
    return file


def _index(pictures: list[Picture]) -> str:
    lines = [
        "# 页面 · Pages",
        "",
        "演示社区里每一种人看得到的每一个页面：手机（390 像素）上的中文，电脑（1280 像素）上的英文。名字旁边是它在"
        "权限登记表（`timebank/access/registry.py`）里的叫法。  ",
        "Every page that each kind of person in the demo community can see: in Chinese on a phone (390 px), in English on a"
        " computer (1280 px). Beside it stands its name in the access registry.",
        "",
        "重新截图 · Taken with `make screenshots`.",
    ]
    for who, (zh, en) in WHO.items():
        mine = [one for one in pictures if one.who == who]
        if not mine:
            continue
        lines += ["", f"## {zh} · {en}", "", "| | 手机 · Phone | 电脑 · Computer |", "|---|---|---|"]
        for one in mine:
            cells = [
                f"![{one.titles[lang]}](screenshots/{one.files[lang]})" if lang in one.files else ""
                for lang in VIEWS
            ]
            titles = "<br>".join(dict.fromkeys(one.titles.values()))
            lines.append(f"| {titles}<br>`{one.name}` | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Take them all, write the page that shows them, and say how large the folder has become."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    kept, app = asyncio.run(_walked())
    pictures: dict[str, Picture] = {}
    with served(app, kept) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        tabs = {
            lang: browser.new_context(base_url=url, locale=lang, timezone_id="Asia/Shanghai").new_page()
            for lang in VIEWS
        }
        for number, one in enumerate(kept):
            picture = pictures.setdefault(
                one.operation, Picture(name=one.operation, who=one.who, titles={}, files={})
            )
            picture.titles[one.lang] = _title(one)
            picture.files[one.lang] = take(tabs[one.lang], number, one, one.operation)
        browser.close()
    (DOCS / "screenshots.md").write_text(_index(list(pictures.values())), encoding="utf-8")
    total_bytes = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(
        f"{len(pictures)} pages, {len(list(FOLDER.iterdir()))} pictures, {total_bytes / 1e6:.1f} MB, in {FOLDER}"
    )


if __name__ == "__main__":
    main()
