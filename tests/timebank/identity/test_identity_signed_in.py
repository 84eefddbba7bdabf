"""Everybody sees where they are signed in, tells one place from another, and ends one without leaving the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.conftest import Browser, Town
from tests.timebank.second import by_password, with_password
from timebank.community.identity import flow, signed_in
from timebank.community.identity.signed_in import Device, device_of
from timebank.store.identity import sessions
from timebank.store.oversight import audit

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 12; V2166BA) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117 MicroMessenger/8.0.49"
IPAD_THEN = "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1"
IPAD_NOW = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


async def signed_in_on(town: Town, user_agent: str, who: str = "volunteer", number: str = "021") -> Browser:
    browser = await town.stranger()
    browser.headers["user-agent"] = user_agent
    code = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids[who], kind="code")
    answer = await browser.submit("/sign-in/code", {"who": number, "code": code})
    assert answer.status_code == 200
    return browser


def later(town: Town, **by: float) -> None:
    clock: Any = town.ctx.clock
    clock.now += timedelta(**by)


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (IPHONE, Device.PHONE),
        (WECHAT, Device.PHONE),
        (IPAD_THEN, Device.COMPUTER),
        (IPAD_NOW, Device.COMPUTER),
        (WINDOWS, Device.COMPUTER),
        ("python-httpx/0.28", Device.UNKNOWN),
        ("", Device.UNKNOWN),
    ],
)
def test_what_a_browser_says_of_itself_is_kept_as_one_word(said: str, device: Device) -> None:
    assert device_of(said) is device


async def test_a_telephone_and_a_computer_are_told_apart_and_one_is_ended(town: Town) -> None:
    mine = await signed_in_on(town, IPHONE)
    later(town, minutes=3)
    theirs = await signed_in_on(town, WINDOWS)
    page = (await mine.page("/signed-in")).text
    assert page.index("手机</span>") < page.index("电脑或平板</span>")
    assert page.count("就是这里") == 1
    own = (await mine.get("/api/sign-ins")).json()
    assert [(one["device"], one["here"]) for one in own["sign_ins"]] == [("phone", True), ("computer", False)]
    done = await mine.submit(f"/signed-in/{own['sign_ins'][1]['name']}/end")
    assert done.url.path == "/signed-in"
    assert "只在这里登录着" in done.text
    assert [(await one.get("/phone")).status_code for one in (mine, theirs)] == [200, 401]
    lines = [one.action for one in await audit.about(town.ctx.engine, "dongqu", town.uids["volunteer"])]
    assert "end_sign_in" in lines


async def test_nothing_that_opens_a_sign_in_stands_on_its_page(town: Town) -> None:
    mine = await signed_in_on(town, IPHONE)
    token = next(one.value or "" for one in mine.cookies.jar if one.name == "sid")
    page = (await mine.page("/signed-in")).text
    assert token not in page
    assert sessions.token_hash(token) not in page
    assert IPHONE not in page


async def test_ending_the_one_that_asks_is_signing_out(town: Town) -> None:
    mine = await signed_in_on(town, IPHONE)
    [own] = (await mine.get("/api/sign-ins")).json()["sign_ins"]
    done = await mine.submit(f"/signed-in/{own['name']}/end")
    assert done.url.path.endswith("/sign-in")
    assert (await mine.get("/phone")).status_code == 401


async def test_what_has_ended_is_not_listed_and_not_ended_twice(town: Town) -> None:
    mine, other = await signed_in_on(town, IPHONE), await signed_in_on(town, WINDOWS)
    name = (await mine.get("/api/sign-ins")).json()["sign_ins"][1]["name"]
    await other.submit("/sign-out")
    assert len((await mine.get("/api/sign-ins")).json()["sign_ins"]) == 1
    assert (await mine.post(f"/signed-in/{name}/end")).status_code == 404
    later(town, days=29)
    assert (await mine.get("/phone")).status_code == 200
    await signed_in_on(town, WINDOWS)
    assert len((await mine.get("/api/sign-ins")).json()["sign_ins"]) == 2
    later(town, days=2)  # The first one is over by its age.
    assert (await mine.get("/phone")).status_code == 401


async def test_nobody_ends_a_sign_in_of_somebody_else(town: Town) -> None:
    mine = await signed_in_on(town, IPHONE)
    name = (await mine.get("/api/sign-ins")).json()["sign_ins"][0]["name"]
    for who in ("elder", "worker"):
        stranger = await town.client(who)
        assert (await stranger.post(f"/api/sign-ins/{name}/end")).status_code == 404
    assert (await mine.get("/phone")).status_code == 200


async def test_of_very_many_the_latest_are_listed_with_how_many_more(town: Town) -> None:
    for _ in range(signed_in.SHOWN_MAX + 4):
        await sessions.open_session(
            town.ctx, member=town.uids["volunteer"], idle_minutes=9_000, lasts=timedelta(days=6)
        )
        later(town, minutes=1)
    mine = await signed_in_on(town, IPHONE)
    own = (await mine.get("/api/sign-ins")).json()
    assert (len(own["sign_ins"]), own["more"], own["sign_ins"][0]["here"]) == (signed_in.SHOWN_MAX, 5, True)
    assert "另有 5 处" in (await mine.page("/signed-in")).text


async def test_a_colleague_with_password_and_digits_is_listed_once_and_told_how_to_come_back(
    town: Town,
) -> None:
    await with_password(town, "auditor", "books")
    browser = await town.stranger()
    browser.headers["user-agent"] = WINDOWS
    await by_password(browser, "books")
    page = (await browser.page("/signed-in")).text
    assert page.count("电脑或平板</span>") == 1
    assert "要再进来，用密码登录" in page
    assert "/signed-in" in (await browser.page("/second-factor")).text


async def test_whoever_acts_for_somebody_sees_and_ends_their_own_sign_ins(town: Town) -> None:
    elsewhere = await signed_in_on(town, WINDOWS, "proxy", "19900000102")
    proxy = await signed_in_on(town, IPHONE, "proxy", "19900000102")
    await signed_in_on(town, WINDOWS, "elder", "19900000101")
    await proxy.submit("/act-for", {"elder": town.uids["elder"]})
    own = (await proxy.get("/api/sign-ins")).json()["sign_ins"]
    assert [(one["device"], one["here"]) for one in own] == [("phone", True), ("computer", False)]
    assert "您正在代" in (await proxy.submit(f"/signed-in/{own[1]['name']}/end")).text
    assert (await elsewhere.get("/phone")).status_code == 401
