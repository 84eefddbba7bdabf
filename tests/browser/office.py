"""A real community from an empty database: its commands and its server at any hour, and a browser for each of its people."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
FIRST_PASSWORD = "first-worker-2026"


class Office:
    """One database in one folder; people keep their browsers while the server is stopped and started."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.folder, self.chromium = folder, chromium
        self.url = ""
        self.environ = {
            **os.environ,
            "TIMEBANK_DATABASE": f"sqlite:///{folder}/office.db",
            "TIMEBANK_SECRET": SECRET,
            "TIMEBANK_PORT": "0",
        }
        self._pages: dict[str, Page] = {}
        self._server: subprocess.Popen[str] | None = None

    # --- the machine

    def command(self, hour: str, *words: str, typed: str = "") -> str:
        """What a `timebank` command prints at that hour; it has to succeed."""
        done = subprocess.run(
            [*self._program(hour), *words],
            capture_output=True, text=True, input=typed, env=self.environ, check=False, cwd=self.folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self, hour: str) -> None:
        """The server as a real office runs it, its clock standing at `hour`; whoever was signed in stays so."""
        self.stop()
        log = (self.folder / "server.log").open("a")
        self._server = subprocess.Popen(
            [*self._program(hour), "serve"], stdout=subprocess.PIPE, stderr=log, text=True, env=self.environ, cwd=self.folder
        )  # fmt: skip
        assert self._server.stdout is not None
        self.url = self._server.stdout.readline().strip()
        assert self.url, (self.folder / "server.log").read_text()
        self.environ["TIMEBANK_PORT"] = self.url.rpartition(":")[2]

    def rested(self, hour: str) -> None:
        """Ten minutes after a word: nobody took it back, what is due is done, and the server goes on."""
        self.stop()
        self.command(hour, "tick")
        self.serve(hour)

    def stop(self) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            assert self._server.wait(timeout=20) == 0
            self._server = None

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()
        if self._server is not None:
            self._server.kill()
            self._server.wait(timeout=20)

    def _program(self, hour: str) -> list[str]:
        return [sys.executable, "-m", "tests.browser.at_time", f"{hour}+08:00"]

    # --- the people

    def page(self, who: str, path: str = "", *, size: str = "phone") -> Page:
        """The browser of one person, opened at `path`; a fresh one the first time."""
        if who not in self._pages:
            context = self.chromium.new_context(
                viewport=SIZES[size], locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            self._pages[who] = context.new_page()
            self._pages[who].set_default_timeout(20_000)
        page = self._pages[who]
        if path:
            page.goto(self.url + path)
        return page

    def sign_in_by_password(self, who: str, login: str, password: str, *, size: str = "desk") -> Page:
        page = self.page(who, "/sign-in", size=size)
        page.get_by_text("社区工作者、监督员登录").click()
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(password)
        page.locator("form[action='/sign-in/password'] button").click()
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        return page

    def sign_in_by_code(self, who: str, member: str, phone: str, *, desk: Page) -> Page:
        """The desk reads six digits out; the person types them on their own telephone."""
        desk.goto(f"{self.url}/desk/members/{member}")
        desk.get_by_role("button", name="念一个验证码").click()
        digits = re.search(r"\d{3} ?\d{3}", desk.locator("main").inner_text())
        assert digits is not None
        page = self.page(who, "/sign-in")
        page.get_by_label("电话号码或志愿者编号").fill(phone)
        page.get_by_label("六位数字").fill(digits.group())
        page.get_by_role("button", name="进去").click()
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        return page

    def register(
        self, desk: Page, name: str, phone: str, *, age: str = "", grid: str = "", does: str = ""
    ) -> str:
        """Somebody comes to the counter; the uid of their record."""
        desk.goto(self.url + "/desk/register")
        desk.get_by_label("姓名").fill(name)
        desk.locator("#f-phone").fill(phone)
        if age:
            desk.locator("#f-age").fill(age)
        if grid:
            desk.locator("select[name=area]").select_option(label=grid)
        if does:
            desk.get_by_text(does).click()
        desk.get_by_role("button", name="登记", exact=True).click()
        expect(desk.get_by_role("status")).to_contain_text("登记好了")
        return desk.url.rpartition("/")[2]

    def uid_of(self, desk: Page, name: str) -> str:
        """The desk looks somebody up."""
        desk.goto(f"{self.url}/desk/members")
        desk.get_by_role("searchbox").fill(name)
        desk.get_by_role("button", name="查").click()
        desk.locator("main table a", has_text=name).first.click()
        return desk.url.rpartition("/")[2]

    def offer(
        self, desk: Page, kind: str, *, holder: str, target: str, yes: tuple[str, ...] = ("holder", "target")
    ) -> str:
        """The desk writes down a relationship whose sides said yes; the address of its page."""
        desk.goto(f"{self.url}/desk/relationships/new?kind={kind}")
        for side, name in (("holder", holder), ("target", target)):
            desk.locator(f"#f-{side}_q").fill(name)
            desk.get_by_role("button", name="找").first.click()
            desk.locator(".roll a", has_text="选").first.click()
        # What is counted below has to be on the page: the button stands last.
        expect(desk.get_by_role("button", name="登记", exact=True)).to_be_visible()
        for side in yes:
            answer = desk.locator(f"select[name={side}_yes]")
            if answer.count():
                # A signed paper counts for every kind; what was only told counts for fewer.
                answer.select_option("paper")
        if desk.get_by_label("问过了，已满18岁").count():
            desk.get_by_label("问过了，已满18岁").check()
        desk.get_by_role("button", name="登记", exact=True).click()
        expect(desk.get_by_role("status")).to_be_visible()
        return desk.url
