"""Forms that forgive: sent once, nothing typed is lost, and every answer to a press has an address of its own."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from tests.timebank.conftest import Browser, Town
from timebank.adapters.system import SetClock
from timebank.community import relating
from timebank.daily import do_what_is_due
from timebank.help.requests import flow
from timebank.store.identity import sessions

ASK = {"what": "talk", "day": "any", "part": "day", "say": "陪我说说话"}


def fields(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to `action`."""
    form = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', html, re.S)
    assert form, html
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form.group(0))
    return {name: unescape(value) for name, value in pairs}


async def press(browser: Browser, action: str, data: dict[str, str], **kwargs: Any) -> httpx.Response:
    """Send a form with nothing but its own fields, as a browser without JavaScript does."""
    headers = {"accept": "text/html", "x-csrftoken": "", **kwargs.pop("headers", {})}
    return await browser.post(action, data=data, headers=headers, **kwargs)


async def ask_form(browser: Browser) -> dict[str, str]:
    page = await browser.page("/elder/ask/talk/check?day=any&part=day")
    return {**fields(page.text, "/elder/requests"), "say": "陪我说说话"}


async def requests_of(town: Town) -> int:
    rows = await town.ctx.engine.fetch("SELECT count(*) AS n FROM mp_need")
    return int(rows[0]["n"])


def later(town: Town, **much: float) -> None:
    clock = town.ctx.clock
    assert isinstance(clock, SetClock)
    clock.now += timedelta(**much)


async def test_every_form_on_a_page_has_the_token_of_the_sign_in_and_a_key_of_its_own(town: Town) -> None:
    elder = await town.client("elder")
    html = (await elder.page("/elder")).text
    forms = html.count('<form method="post"') + html.count('method="post" action')
    keys = re.findall(r'name="idempotency_key" value="([^"]+)"', html)
    tokens = set(re.findall(r'name="_csrf_token" value="([^"]+)"', html))
    assert forms >= 2
    assert len(set(keys)) == len(keys) >= 2
    assert len(tokens) == 1


async def test_a_form_sent_twice_is_done_once_and_the_second_press_sees_the_first_answer(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    first = await press(elder, "/elder/requests", form)
    again = await press(elder, "/elder/requests", form)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert await requests_of(town) == 1


async def test_two_presses_at_the_same_moment_are_one(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    answers = await asyncio.gather(*(press(elder, "/elder/requests", form) for _ in range(5)))
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1
    assert await requests_of(town) == 1


async def test_sent_again_after_a_while_it_is_there_already_and_can_be_asked_for_once_more(
    town: Town,
) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    first = await press(elder, "/elder/requests", form)
    later(town, minutes=5)
    page = await press(elder, "/elder/requests", form, follow_redirects=True)
    assert "已登记" in page.text
    assert first.headers["location"] in page.text
    once_more = fields(page.text, "/elder/requests")
    assert once_more["say"] == "陪我说说话"
    await press(elder, "/elder/requests", once_more)
    assert await requests_of(town) == 2


async def test_the_same_key_with_other_words_loses_neither(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    await press(elder, "/elder/requests", form)
    page = await press(elder, "/elder/requests", {**form, "say": "还想修一下灯"}, follow_redirects=True)
    assert page.status_code == 409
    assert await requests_of(town) == 1
    other = fields(page.text, "/elder/requests")
    assert other["say"] == "还想修一下灯"
    await press(elder, "/elder/requests", other)
    assert await requests_of(town) == 2


async def test_a_refused_form_may_come_again_with_its_key(town: Town) -> None:
    elder = await town.client("elder")
    page = await elder.page("/elder/ask/other/check?day=any&part=day")
    form = fields(page.text, "/elder/requests")
    refused = await press(elder, "/elder/requests", form, follow_redirects=True)
    assert refused.status_code == 422
    assert (await press(elder, "/elder/requests", {**form, "say": "搬一个柜子"})).status_code == 303
    assert await requests_of(town) == 1


async def test_every_answer_to_a_press_is_a_redirect(town: Town) -> None:
    elder = await town.client("elder")
    page = await elder.page("/elder/ask/other/check?day=any&part=day")
    refused = await press(elder, "/elder/requests", fields(page.text, "/elder/requests"))
    assert refused.status_code == 303
    address = refused.headers["location"]
    assert address.startswith("/check/")
    shown = await elder.get(address, headers={"accept": "text/html"})
    assert shown.status_code == 422
    assert "请说一句是什么事" in shown.text
    assert (await elder.get(address, headers={"accept": "text/html"})).text == shown.text


async def test_a_page_that_answered_a_press_is_for_that_sign_in_and_half_an_hour(town: Town) -> None:
    worker, colleague = await town.client("worker"), await town.client("worker2")
    answer = await press(
        worker,
        "/desk/members",
        {**fields((await worker.page("/desk/members")).text, "/desk/members"), "q": "王"},
    )
    address = answer.headers["location"]
    assert "王秀英" in (await worker.page(address)).text
    assert "王秀英" not in (await colleague.page(address)).text
    assert "王秀英" not in (await (await town.stranger()).page(address)).text
    later(town, minutes=31)
    assert "王秀英" not in (await worker.page(address)).text
    assert (await do_what_is_due(town.ctx)).forms_erased == 1
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_draft")


async def test_signing_out_ends_the_pages_that_answered_presses(town: Town) -> None:
    elder = await town.client("elder")
    page = await elder.page("/elder/ask/other/check?day=any&part=day")
    await press(elder, "/elder/requests", fields(page.text, "/elder/requests"))
    await elder.submit("/sign-out")
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_draft")


async def test_a_page_with_a_secret_is_seen_once_and_its_press_is_not_done_again(town: Town) -> None:
    worker = await town.client("worker")
    member = await worker.page(f"/desk/members/{town.uids['elder']}")
    form = fields(member.text, "/desk/codes")
    answer = await press(worker, "/desk/codes", form)
    again = await press(worker, "/desk/codes", form)
    address = answer.headers["location"]
    assert again.headers["location"] == address
    assert re.search(r"[0-9]{3} ?[0-9]{3}", (await worker.page(address)).text)
    gone = await worker.get(address, headers={"accept": "text/html"})
    assert gone.status_code == 303
    assert len(await town.ctx.engine.fetch("SELECT 1 FROM tb_sign_in_code WHERE kind = 'code'")) == 1


async def test_what_was_typed_when_the_sign_in_had_ended_waits_for_the_same_person(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    await elder.submit("/sign-out")
    sent = await press(elder, "/elder/requests", form)
    assert sent.status_code == 303
    wanted = re.fullmatch(r"/sign-in\?next=(/kept/\w+)", sent.headers["location"])
    assert wanted
    assert await requests_of(town) == 0

    other = await town.client("volunteer")
    home = await other.page(wanted[1])
    assert home.status_code == 200
    assert "陪我说说话" not in home.text

    back = await town.client("elder")
    kept = await back.page(wanted[1])
    assert "陪我说说话" in kept.text
    assert "接着提交" in kept.text
    assert await requests_of(town) == 0
    on = fields(kept.text, "/elder/requests")
    await press(back, "/elder/requests", on)
    await press(back, "/elder/requests", fields((await back.page(wanted[1])).text, "/elder/requests"))
    assert await requests_of(town) == 1


async def test_a_kept_form_is_gone_after_half_an_hour(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    await elder.submit("/sign-out")
    address = (await press(elder, "/elder/requests", form)).headers["location"].partition("next=")[2]
    later(town, minutes=31)
    assert "陪我说说话" not in (await (await town.client("elder")).page(address)).text
    assert (await do_what_is_due(town.ctx)).forms_erased == 1
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_kept_form")


async def test_a_page_of_an_older_sign_in_of_the_same_person_is_kept_not_refused(town: Town) -> None:
    old = await town.client("elder")
    form = await ask_form(old)
    new = await town.client("elder")
    sent = await press(new, "/elder/requests", form)
    assert sent.headers["location"].startswith("/kept/")
    assert "接着提交" in (await new.page(sent.headers["location"])).text


async def test_a_page_of_somebody_else_is_neither_sent_nor_shown(town: Town) -> None:
    form = await ask_form(await town.client("elder"))
    sent = await press(await town.client("volunteer"), "/elder/requests", form)
    assert sent.headers["location"] == "/"
    assert await requests_of(town) == 0
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_kept_form")


async def test_what_was_typed_for_an_elder_is_not_sent_as_ones_own(town: Town) -> None:
    proxy = await town.client("proxy", acting_for="elder")
    form = await ask_form(proxy)
    await proxy.submit("/act-for/stop")
    sent = await press(proxy, "/elder/requests", form)
    kept = await proxy.page(sent.headers["location"])
    assert "接着提交<" not in kept.text
    assert "代王奶奶" in kept.text
    again = await press(proxy, "/act-for", fields(kept.text, "/act-for"), follow_redirects=True)
    assert "接着提交<" in again.text
    await press(proxy, "/elder/requests", fields(again.text, "/elder/requests"))
    rows = await town.ctx.engine.fetch("SELECT owner FROM mp_need")
    assert [row["owner"] for row in rows] == [town.uids["elder"]]


async def test_whoever_lost_the_mandate_reads_so_and_is_offered_nothing_that_would_be_refused(
    town: Town,
) -> None:
    proxy = await town.client("proxy", acting_for="elder")
    form = await ask_form(proxy)
    [held] = await town.ctx.engine.fetch(
        "SELECT uid FROM tb_relationship WHERE kind = 'proxy' AND state = 'in_force'"
    )
    async with town.ctx.engine.atomic():
        await relating.end(town.ctx, await town.actor("elder"), held["uid"], "no_longer_needed")
    sent = await press(proxy, "/elder/requests", form)
    kept = await proxy.page(sent.headers["location"])
    assert "您现在不能代王奶奶办事了" in kept.text
    assert "委托已取消" in kept.text
    assert "/act-for" not in kept.text.partition("<main")[2]
    assert await requests_of(town) == 0


async def test_a_password_is_never_kept(town: Town) -> None:
    worker = await town.client("worker")
    form = fields((await worker.page("/password")).text, "/password")
    await worker.submit("/sign-out")
    await press(worker, "/password", {**form, "old": "east-side-2026", "new": "north-side-2027"})
    kept = await town.ctx.engine.fetch("SELECT body FROM tb_kept_form")
    assert not any("2026" in row["body"] or "2027" in row["body"] for row in kept)


async def test_more_than_64_kb_is_not_kept(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    await elder.submit("/sign-out")
    sent = await press(elder, "/elder/requests", {**form, "say": "很" * 22_000})
    assert sent.status_code == 303
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_kept_form")


@pytest.mark.parametrize("token", ["", "x", "a.b.c.d", "MAAAAAAAA...", "...." * 50])
async def test_a_token_that_was_never_ours_is_refused(town: Town, token: str) -> None:
    elder = await town.client("elder")
    form = {**(await ask_form(elder)), "_csrf_token": token}
    assert (await press(elder, "/elder/requests", form, follow_redirects=True)).status_code == 403
    assert not await town.ctx.engine.fetch("SELECT 1 FROM tb_kept_form")


async def test_the_token_of_one_person_does_not_do_anything_for_another(town: Town) -> None:
    elder, volunteer = await town.client("elder"), await town.client("volunteer")
    theirs = (await ask_form(volunteer))["_csrf_token"]
    form = {**(await ask_form(elder)), "_csrf_token": theirs}
    await press(elder, "/elder/requests", form)
    assert await requests_of(town) == 0


async def test_a_stranger_gets_a_cookie_only_where_a_form_is(town: Town) -> None:
    stranger = await town.stranger()
    await stranger.page("/notice")
    assert "visit" not in stranger.cookies
    await stranger.page("/join")
    assert "visit" in stranger.cookies


async def test_no_cookie_is_needed_beside_the_sign_in(town: Town) -> None:
    elder = await town.client("elder")
    await elder.page("/elder")
    assert {one.name for one in elder.cookies.jar} <= {"sid", "community"}


async def test_a_fault_on_our_side_leaves_the_press_marked_as_doubtful(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    real = flow.open_request

    async def taken_and_cut(*args: Any, **kwargs: Any) -> Any:
        await real(*args, **kwargs)
        raise RuntimeError("cut")

    monkeypatch.setattr("timebank.help.requests.routes.flow.open_request", taken_and_cut)
    assert (await press(elder, "/elder/requests", form)).status_code == 500
    monkeypatch.undo()
    monkeypatch.setattr("timebank.web.forms.sending.WAIT_S", 0.1)
    page = await press(elder, "/elder/requests", form, follow_redirects=True)
    assert "可能已经记上了" in page.text
    assert await requests_of(town) == 1


async def test_programs_are_told_the_token_in_a_header_and_get_no_redirect(town: Town) -> None:
    elder = await town.client("elder")
    told = (await elder.get("/api/requests", headers={"accept": "application/json"})).headers["x-csrftoken"]
    body = {"what": "买菜", "when": "随时"}
    made = await elder.post("/api/requests", json=body, headers={"x-csrftoken": told})
    assert made.status_code == 201
    refused = await elder.post("/api/requests", json={}, headers={"x-csrftoken": told})
    assert refused.status_code == 400
    assert (await elder.post("/api/requests", json=body, headers={"x-csrftoken": ""})).status_code == 403


async def test_a_key_belongs_to_one_person(town: Town) -> None:
    elder, proxy = await town.client("elder"), await town.client("proxy", acting_for="elder")
    form = await ask_form(elder)
    await press(elder, "/elder/requests", form)
    theirs = {**(await ask_form(proxy)), "idempotency_key": form["idempotency_key"], "say": "再买点米"}
    await press(proxy, "/elder/requests", theirs)
    assert await requests_of(town) == 2


def test_the_session_token_of_another_secret_does_not_fit() -> None:
    from timebank.settings import Settings
    from timebank.web.tokens import Opened, _token, opened

    ours, theirs = Settings(secret="a" * 40), Settings(secret="b" * 40)
    token = _token(ours, Opened("MAAAAAAAA", ""), "hash")
    assert opened(ours, token) == Opened("MAAAAAAAA", "")
    assert opened(theirs, token) is None
    assert opened(replace(ours, secret=""), token) is None


async def test_a_session_that_timed_out_is_a_sign_in_that_ended(town: Town) -> None:
    elder = await town.client("elder")
    form = await ask_form(elder)
    await sessions.close_sessions_of(town.ctx.engine, town.uids["elder"])
    sent = await press(elder, "/elder/requests", form)
    assert sent.headers["location"].startswith("/sign-in?next=/kept/")
