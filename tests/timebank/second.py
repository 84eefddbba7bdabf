"""A town as a real office runs it, whose staff sign in with their telephones, and such a telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pyotp

from tests.timebank.conftest import Browser, Town
from tests.timebank.shared_app import transport_to
from timebank.adapters.system import SetClock
from timebank.community import relating
from timebank.community.staff import flow as staff

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
HOST = "https://127.0.0.1:8000"
PASSWORD = "nine-cranes-1984"
_KEY = re.compile(r'<p class="secret n">(.*?)</p>', re.DOTALL)
_CODE = re.compile(r'<strong class="keep">([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</strong>')


class RealTown(Town):
    """The same people behind an installation that is no demo: cookies travel over TLS, and a password is not enough."""

    async def stranger(self, community: str = "dongqu") -> Browser:
        client = Browser(transport=transport_to(self.app), base_url=HOST)
        if community:
            client.cookies.set("community", community, domain="127.0.0.1")
        return await self._open.enter_async_context(client)


def real(town: Town) -> RealTown:
    """The town's database behind a real installation."""
    return RealTown(
        ctx=replace(town.ctx, settings=replace(town.ctx.settings, demo=False, secret=SECRET)), uids=town.uids
    )


def later(town: Town, **by: float) -> None:
    """The town's clock goes on by so many `seconds`, `minutes`, `days`."""
    assert isinstance(town.ctx.clock, SetClock)
    town.ctx.clock.now += timedelta(**by)


@dataclass
class Telephone:
    """An authenticator that was given one key; it reads the town's clock."""

    town: Town
    key: str

    def shows(self, *, steps: int = 0) -> str:
        """The digits now, or so many half minutes later."""
        return pyotp.TOTP(self.key).at(self.town.ctx.now(), counter_offset=steps)


async def with_password(town: Town, who: str, login: str, password: str = PASSWORD) -> None:
    """A colleague's own password, as the operator hands it out."""
    await staff.give_password(
        town.ctx, relating.operator("dongqu"), member_uid=town.uids[who], login=login, password=password,
        action="open_account",
    )  # fmt: skip


async def by_password(browser: Browser, login: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.submit("/sign-in/password", {"login": login, "password": password})


def key_on(page: httpx.Response) -> str:
    """The key that a page of setting up a telephone shows to be typed."""
    found = _KEY.search(page.text)
    assert found is not None, page.url
    return re.sub(r"<[^>]+>|\s", "", found.group(1))


def codes_on(page: httpx.Response) -> list[str]:
    """The codes on the page that is shown once."""
    return _CODE.findall(page.text)


async def enrolled(
    town: Town, browser: Browser, login: str, password: str = PASSWORD
) -> tuple[Telephone, list[str]]:
    """Signed in for the first time: the telephone, and the codes for the paper."""
    phone = Telephone(town, key_on(await by_password(browser, login, password)))
    done = await browser.submit("/sign-in/enrol", {"code": phone.shows()})
    assert done.status_code == 200, done.text
    return phone, codes_on(done)
