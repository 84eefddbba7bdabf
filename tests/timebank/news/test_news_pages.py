"""The call sheet, one's own news, and the way somebody wants to be told, on pages and for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.timebank.told import told
from timebank.help.requests import flow as requests
from timebank.store.channels import news
from timebank.store.members import reach

MOBILE = "19900000101"


async def _put(town: Any, who: str, kind: str, **known: Any) -> str:
    ctx = town.ctx
    async with ctx.engine.atomic():
        await news.put(ctx, community="dongqu", member=town.uids[who], kind=kind, **known)
    return next(one.uid for one in reversed(await told(ctx.engine, kind)) if not one.matter_of)


async def test_ten_thousand_old_notices_do_not_hide_one_call(town: Any) -> None:
    ctx = town.ctx
    old = ctx.now() - timedelta(days=40)
    async with ctx.engine.atomic():
        for number in range(10_000):
            await ctx.engine.execute(
                "INSERT INTO tb_news (uid, community, member, kind, key, state, ways, made_at, next_at)"
                " VALUES (?, 'dongqu', ?, ?, ?, 'call', 'call', ?, ?)",
                [f"X{number}", f"M{number}", ("sheet_entered", "hours_disputed")[number % 2], f"k{number}", old, old],
            )  # fmt: skip
    await requests.ask_for_call(ctx, await town.actor("elder"))
    desk = await town.client("worker")
    sheet = (await desk.get("/api/calls")).json()
    assert sheet["waiting"] == 10_001
    assert len(sheet["rows"]) == 30
    assert (sheet["rows"][0]["kind"], sheet["rows"][0]["member"]) == ("call_me", town.uids["elder"])
    home = await desk.page("/desk")
    assert "王奶奶" in home.text
    assert "10001" in home.text.replace(",", "")


async def test_asking_twice_for_a_call_keeps_one_line(town: Any) -> None:
    for _press in range(2):
        await requests.ask_for_call(town.ctx, await town.actor("elder"))
    assert len(await told(town.ctx.engine, "call_me")) == 1


async def test_a_call_ends_in_a_word_and_the_word_can_be_taken_back_for_ten_minutes(town: Any) -> None:
    uid = await _put(town, "elder", "request_cancelled", need="N1")
    desk, other = await town.client("worker"), await town.client("worker2")
    done = await desk.submit(f"/desk/calls/{uid}", {"said": "reached"})
    assert done.status_code == 200
    assert "按错了，改回来" in done.text
    assert [one.state for one in await told(town.ctx.engine) if not one.matter_of] == ["told"]
    twice = await other.post(f"/api/calls/{uid}", json={"said": "reached"})
    assert (twice.status_code, twice.json()["code"]) == (409, "not_on_sheet")
    assert (await other.post(f"/api/calls/{uid}", json={"said": "undone"})).status_code == 409
    assert (await desk.post(f"/api/calls/{uid}", json={"said": "undone"})).status_code == 200
    assert [one.state for one in await told(town.ctx.engine) if not one.matter_of] == ["call"]
    await desk.post(f"/api/calls/{uid}", json={"said": "wrong_number"})
    town.ctx.clock.now += timedelta(minutes=11)
    late = await desk.post(f"/api/calls/{uid}", json={"said": "undone"})
    assert (late.status_code, late.json()["code"]) == (409, "too_late_to_undo")


async def test_a_call_nobody_answered_comes_back_behind_the_others(town: Any) -> None:
    first = await _put(town, "elder", "helper_cancelled", service="S1")
    second = await _put(town, "volunteer", "called_off", service="S2")
    desk = await town.client("worker")

    async def order() -> list[str]:
        return [
            row["uid"]
            for row in (await desk.get("/api/calls")).json()["rows"]
            if row["uid"] in (first, second)
        ]

    assert await order() == [first, second]
    await desk.post(f"/api/calls/{first}", json={"said": "missed"})
    assert await order() == [second, first]
    town.ctx.clock.now += timedelta(minutes=31)
    assert await order() == [first, second]


async def test_a_second_ring_in_vain_about_great_harm_is_told_as_a_visit(town: Any) -> None:
    uid = await _put(town, "elder", "helper_cancelled", service="S1")
    desk = await town.client("worker")
    first = await desk.submit(f"/desk/calls/{uid}", {"said": "missed"})
    assert "半小时后再打" in first.text
    second = await desk.submit(f"/desk/calls/{uid}", {"said": "missed"})
    assert "又没打通，要上门" in second.text
    assert "半小时后再打" not in second.text


async def test_opened_on_ones_own_page_it_is_told(town: Any) -> None:
    await _put(town, "volunteer", "you_go", service="S1", at="2026-11-25T09:00+08:00")
    me = await town.client("volunteer")
    page = await me.page("/news")
    assert "请您去帮一个忙，时间是11月25日 周三 9:00" in page.text
    assert "新的" in page.text
    assert [one.state for one in await told(town.ctx.engine)] == ["told"]
    assert "新的" not in (await me.page("/news")).text
    english = await me.get("/api/news", headers={"accept-language": "en"})
    assert english.json()[0]["sentence"].startswith("Please go Wed 25 Nov 9:00")


async def test_what_somebody_else_opens_in_their_name_is_not_told(town: Any) -> None:
    await _put(town, "elder", "hours_spent", attendance="A1", minutes=30)
    proxy = await town.client("proxy", acting_for="elder")
    await proxy.page("/news")
    assert "told" not in {one.state for one in await told(town.ctx.engine) if not one.matter_of}


async def test_the_way_somebody_chose_is_kept_and_mail_needs_an_address(town: Any) -> None:
    uid = town.uids["volunteer"]
    me = await town.client("volunteer")
    refused = await me.submit(f"/members/{uid}/reach", {"way": "mail"})
    assert (refused.status_code, "邮箱地址" in refused.text) == (422, True)
    await me.submit(f"/members/{uid}/reach", {"way": "mail", "mail": "li@example.org"})
    kept = await reach.reach_of(town.ctx.engine, uid)
    assert (kept.ways.split(",")[0], kept.mail) == ("mail", "li@example.org")
    await me.submit(f"/members/{uid}/reach", {"way": "call"})
    assert (await reach.reach_of(town.ctx.engine, uid)).ways == "call"
    stranger = await town.client("volunteer2")
    assert (await stranger.page(f"/members/{uid}/reach")).status_code == 404


async def test_every_kind_that_the_app_leaves_has_its_sentence() -> None:
    import re
    from pathlib import Path

    import timebank
    from timebank.catalogue.news import news_kinds

    left: set[str] = set()
    for path in Path(timebank.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        for call in re.findall(r"(?:put|tell_duty|put_once)\((.*?)\)\n", text, re.S):
            left |= set(re.findall(r'kind="(\w+)"', call))
    assert {"call_me", "hours_posted"} <= left
    assert left <= news_kinds().keys()
