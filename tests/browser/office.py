"""A real community from an empty database: its commands and its server at any hour, and a browser for each of its people."""

from __future__ import annotations

import re
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES
from tests.browser.running import HOUR, finished, first_line, hour_of, set_hour, started, stopped

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
FIRST_PASSWORD = "first-worker-2026"


class Office:
    """One database in one folder; people keep their browsers while the clock goes on and the server is started again."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.folder, self.chromium = folder, chromium
        self.url = ""
        self.environ = {
            "TIMEBANK_DATABASE": f"sqlite:///{folder}/office.db",
            "TIMEBANK_SECRET": SECRET,
            "TIMEBANK_PORT": "0",
        }
        self._pages: dict[str, Page] = {}
        self._keys: dict[str, str] = {}
        self._steps: dict[str, int] = {}
        self._server: ForkServerProcess | None = None

    # --- the machine

    def at(self, hour: str) -> None:
        """It is this hour in Shanghai, for the server and for every command."""
        set_hour(self.folder, datetime.fromisoformat(f"{hour}+08:00"))

    def command(self, hour: str, *words: str, typed: str = "") -> str:
        """What a `timebank` command prints at that hour; it has to succeed."""
        self.at(hour)
        return finished(self.folder, *words, environ=self.environ, typed=typed)

    def serve(self, hour: str) -> None:
        """The server as a real office runs it, started at that hour; whoever was signed in stays so."""
        self.stop()
        self.at(hour)
        self._server = started(self.folder, "serve", environ=self.environ)
        self.url = first_line(self.folder, self._server)
        self.environ["TIMEBANK_PORT"] = self.url.rpartition(":")[2]

    def tick(self, hour: str) -> None:
        """What is due at that hour is done, as the machine's timer does it."""
        self.command(hour, "tick")

    def stop(self) -> None:
        if self._server is not None:
            assert stopped(self._server) == 0
            self._server = None

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()
        if self._server is not None:
            self._server.kill()
            self._server.join(20)

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
        self._second_step(page, login)
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        return page

    def _second_step(self, page: Page, login: str) -> None:
        """The telephone is set up by the key on the page the first time; afterwards its digits are typed."""
        field = page.get_by_label("手机上现在的六个数字")
        expect(field).to_be_visible()
        first = login not in self._keys
        if first:
            assert page.url.endswith("/sign-in/enrol")
            self._keys[login] = "".join(page.locator(".secret span").all_inner_texts())
        # Digits count once: whoever comes back within half a minute waits for the next ones.
        now = int(hour_of(self.folder / HOUR).timestamp()) // 30
        self._steps[login] = max(now, self._steps.get(login, 0) + 1)
        field.fill(pyotp.TOTP(self._keys[login]).generate_otp(self._steps[login]))
        page.locator("main form[method=post] button").first.click()
        if first:
            expect(page.locator(".codes li")).to_have_count(10)
            page.get_by_role("link", name="收好了，去做事").click()

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
