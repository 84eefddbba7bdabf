"""A session has a fresh name after each change of what it opens, ends everywhere at one press, and soon on a device that is not one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.conftest import Browser, Town
from tests.timebank.second import by_password, with_password
from timebank.adapters.system import SetClock
from timebank.community.identity import flow
from timebank.community.staff import flow as staff
from timebank.store.identity import sessions
from timebank.store.oversight import audit


def later(town: Town, **by: float) -> None:
    clock: Any = town.ctx.clock
    assert isinstance(clock, SetClock)
    clock.now += timedelta(**by)


def name_of(browser: Browser) -> str:
    return next(one.value or "" for one in browser.cookies.jar if one.name == "sid")


async def by_code(town: Town, browser: Browser, who: str, number: str, **more: str) -> Any:
    code = await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids[who], kind="code")
    return await browser.submit("/sign-in/code", {"who": number, "code": code, **more})


async def with_name(town: Town, name: str) -> Browser:
    """Somebody else's browser, into which a session's name was copied."""
    thief = await town.stranger()
    thief.cookies.set("sid", name, domain="127.0.0.1")
    return thief


async def test_signing_in_over_an_old_sign_in_ends_the_old_one(town: Town) -> None:
    browser = await town.stranger()
    await by_code(town, browser, "volunteer", "021")
    thief = await with_name(town, name_of(browser))
    assert (await thief.get("/phone")).status_code == 200
    await by_code(town, browser, "volunteer2", "022")
    assert (await thief.get("/phone")).status_code == 401
    assert (await browser.get("/phone")).status_code == 200


async def test_acting_for_somebody_begins_and_ends_with_a_fresh_name(town: Town) -> None:
    browser = await town.stranger()
    await by_code(town, browser, "proxy", "19900000102")
    names = [name_of(browser)]
    await browser.submit("/act-for", {"elder": town.uids["elder"]})
    names.append(name_of(browser))
    await browser.submit("/act-for/stop")
    names.append(name_of(browser))
    assert len(set(names)) == 3
    for old in names[:2]:
        assert (await (await with_name(town, old)).get("/phone")).status_code == 401
    assert (await browser.get("/phone")).status_code == 200


async def test_one_press_signs_out_everywhere_and_ends_what_was_read_out(town: Town) -> None:
    here, there = await town.stranger(), await town.stranger()
    await by_code(town, here, "volunteer", "021")
    await by_code(town, there, "volunteer", "021")
    unused = await flow.issue_code(
        town.ctx, await town.actor("worker"), member=town.uids["volunteer"], kind="code"
    )
    page = await here.page("/signed-in")
    assert "在所有设备上退出" in page.text
    done = await here.submit(f"/desk/staff/{town.uids['volunteer']}/sign-out")
    assert done.url.path.endswith("/sign-in")
    assert [(await one.get("/phone")).status_code for one in (here, there)] == [401, 401]
    late = await here.submit("/sign-in/code", {"who": "021", "code": unused})
    assert late.status_code == 422


async def test_the_desk_signs_out_whoever_lost_a_telephone_and_stays_on_the_page(town: Town) -> None:
    lost = await town.stranger()
    await by_code(town, lost, "volunteer", "021")
    desk, uid = await town.client("worker"), town.uids["volunteer"]
    page = await desk.submit(f"/desk/staff/{uid}/sign-out", {"next": f"/desk/members/{uid}"})
    assert page.url.path == f"/desk/members/{uid}"
    assert "手机丢了：在所有设备上退出" in page.text
    assert (await lost.get("/phone")).status_code == 401
    lines = [one.action for one in await audit.about(town.ctx.engine, "dongqu", uid)]
    assert "sign_out_everywhere" in lines


async def test_a_lost_telephone_is_no_longer_known_when_it_comes_back(town: Town) -> None:
    """What it keeps opens nothing, and the next code makes a way in that somebody has to acknowledge anew."""
    browser = await town.stranger()
    await by_code(town, browser, "volunteer", "021")
    async with town.ctx.engine.atomic():
        await town.ctx.engine.execute("UPDATE tb_way_in SET known_by = 'M1', known_at = made_at")
    assert "认过了" in (await browser.page("/phone")).text
    await staff.sign_out_everywhere(town.ctx, await town.actor("worker"), member_uid=town.uids["volunteer"])
    await by_code(town, browser, "volunteer", "021")
    assert "认过了" not in (await browser.page("/phone")).text


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 401)])
async def test_a_device_that_is_not_ones_own_signs_out_soon(town: Town, minutes: int, status: int) -> None:
    browser = await town.stranger()
    answer = await by_code(town, browser, "volunteer", "021", shared="yes")
    assert answer.status_code == 200
    said = answer.history[0].headers.get_list("set-cookie")
    assert not [one for one in said if one.startswith("device=")]
    assert not [one for one in said if one.startswith("sid=") and "max-age" in one.lower()]
    later(town, minutes=minutes)
    assert (await browser.get("/phone")).status_code == status


async def test_ones_own_telephone_stays_signed_in(town: Town) -> None:
    browser = await town.stranger()
    answer = await by_code(town, browser, "volunteer", "021")
    said = answer.history[0].headers.get_list("set-cookie")
    assert [one for one in said if one.startswith("sid=") and "max-age" in one.lower()]
    later(town, days=20)
    assert (await browser.get("/phone")).status_code == 200


# ---- acting for somebody


async def _acting(town: Town, who: str = "proxy") -> Browser:
    browser = await town.client(who)
    page = await browser.submit("/act-for", {"elder": town.uids["elder"]})
    assert "您正在代" in page.text
    return browser


async def test_a_colleague_signs_in_anew_after_twelve_hours_whatever_is_pressed(town: Town) -> None:
    await with_password(town, "auditor", "books")
    browser = await town.stranger()
    await by_password(browser, "books")
    for _ in range(51):
        later(town, minutes=14)
        await browser.get("/healthz")
    assert (await browser.get("/books")).status_code == 200
    later(town, minutes=6)
    assert (await browser.get("/books")).status_code == 401


async def test_acting_for_somebody_ends_by_itself_after_half_an_hour_whatever_is_pressed(town: Town) -> None:
    browser = await _acting(town)
    assert "9:10 自动结束" in (await browser.page("/elder")).text
    later(town, minutes=29)
    assert "您正在代" in (await browser.page("/elder")).text
    later(town, minutes=1)
    page = await browser.page("/phone")
    assert page.status_code == 200
    assert "您正在代" not in page.text


async def test_a_form_that_was_opened_while_acting_is_not_done_in_ones_own_name(town: Town) -> None:
    browser = await _acting(town)
    await browser.page("/elder")
    later(town, minutes=31)
    before = await town.ctx.engine.fetch("SELECT count(*) AS n FROM mp_need")
    answer = await browser.submit("/elder/requests", {"what": "shopping", "day": "any", "part": "day"})
    assert "没有送出" in answer.text or "/kept/" in str(answer.url)
    assert await town.ctx.engine.fetch("SELECT count(*) AS n FROM mp_need") == before


async def test_the_banner_stands_on_every_page_paper_too(town: Town) -> None:
    browser = await _acting(town, "worker")
    for path in ("/elder", "/hours", "/notice", "/lists", "/desk", f"/members/{town.uids['elder']}/archive"):
        page = await browser.page(path)
        if page.headers["content-type"].startswith("text/html"):
            assert "您正在代" in page.text, path
    assert "您正在代" in (await browser.page("/desk/members/M00000000")).text


async def test_both_ids_stand_in_the_log_while_acting_and_after_it_one(town: Town) -> None:
    browser = await _acting(town)
    await browser.submit("/elder/requests", {"what": "shopping", "day": "any", "part": "day"})
    await browser.submit("/act-for/stop")
    rows = await town.ctx.engine.fetch("SELECT action, actor, acting_for FROM tb_audit ORDER BY number")
    mine = [(row["action"], row["acting_for"]) for row in rows if row["actor"] == town.uids["proxy"]]
    assert ("open_request", town.uids["elder"]) in mine
    assert mine[-1] == ("stop_acting", town.uids["elder"])


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/desk/codes", {"member": "elder", "kind": "code"}),
        ("/desk/cards", {"member": "elder"}),
        ("/desk/staff/{worker2}/reset", {}),
        ("/password", {"old": "x", "new": "y"}),
        ("/second-factor/codes", {"password": "x"}),
        ("/know", {"digits": "000000"}),
    ],
)
async def test_no_way_in_is_given_or_changed_while_acting(
    town: Town, path: str, form: dict[str, str]
) -> None:
    browser = await _acting(town, "worker")
    data = {name: town.uids.get(value, value) for name, value in form.items()}
    refused = await browser.post(path.format_map(town.uids), data=data)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_while_acting")


async def test_a_session_over_its_hour_of_acting_is_still_ones_own(town: Town) -> None:
    browser = await _acting(town)
    later(town, minutes=40)
    found = await sessions.find_session(
        town.ctx.engine, town.ctx.catalogue_of, name_of(browser), town.ctx.now()
    )
    assert found is not None
    assert (found.actor.acting_for, found.acting_until) == ("", None)
