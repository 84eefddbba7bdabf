"""The card on the fridge: asks in three taps, reads nothing, and nothing it says counts before she has said so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from marketplace.values import Window
from tests.timebank.conftest import Browser
from timebank.community.identity import flow
from timebank.daily import do_what_is_due
from timebank.help.arranging import arrange
from timebank.rules.parts.attendance import Attendance, Evidence, State
from timebank.store.channels import news
from timebank.store.help import lines, services
from timebank.store.identity import sessions
from timebank.store.oversight import audit


async def card_of(town: Any, who: str = "elder") -> str:
    return await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids[who], kind="card")


async def opened(town: Any, browser: Browser, token: str) -> Browser:
    page = await browser.submit("/k", {"token": token})
    assert "要帮什么" in page.text
    return browser


async def needs(town: Any) -> list[lines.Filed]:
    return await lines.filed_by(town.ctx.engine, "dongqu", town.uids["elder"])


async def waiting(town: Any, kind: str) -> list[news.News]:
    since = town.ctx.now() - timedelta(days=1)
    return [
        one
        for one in await news.lately_told(town.ctx.engine, town.uids["elder"], since=since)
        if one.kind == kind
    ]


ASK = {"what": "shopping", "moment": "tomorrow-am"}


async def test_asking_by_card_waits_for_her_word_and_then_stands_on_the_list(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    done = await phone.submit("/k/ask", ASK)
    assert "记下了" in done.text
    [filed] = await needs(town)
    assert filed.need.channel == "card"
    assert not filed.is_open, "nobody is sent before she has said so"
    [asked] = await waiting(town, "card_asked")

    desk = await town.client("worker")
    sheet = await desk.page("/desk/calls")
    assert f"/desk/calls/{asked.uid}/hers" in sheet.text
    assert "帮买东西,明天上午" in sheet.text
    assert filed.need.line_key not in (await desk.page("/desk/needs")).text
    await desk.submit(f"/desk/calls/{asked.uid}/hers", {"said": "hers"})
    [filed] = await needs(town)
    assert filed.is_open
    assert filed.need.line_key in (await desk.page("/desk/needs")).text
    again = await desk.submit(f"/desk/calls/{asked.uid}/hers", {"said": "hers"})
    assert again.status_code == 409


async def test_what_she_did_not_ask_for_is_void_and_the_card_ends(town: Any) -> None:
    token = await card_of(town)
    phone = await opened(town, await town.stranger(), token)
    await phone.submit("/k/ask", ASK)
    [asked] = await waiting(town, "card_asked")
    desk = await town.client("worker")
    await desk.submit(f"/desk/calls/{asked.uid}/hers", {"said": "not_hers"})
    assert not (await needs(town))[0].is_open
    assert "时间到了" in (await phone.page("/k/ask")).text, "the sign-in that it made ends with it"
    refused = await (await town.stranger()).submit("/k", {"token": token})
    assert "不能用了" in refused.text


async def test_her_own_page_asks_whether_it_was_her_and_to_have_read_it_is_no_answer(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    await phone.submit("/k/ask", ASK)
    [asked] = await waiting(town, "card_asked")
    elder, desk = await town.client("elder"), await town.client("worker")
    for _turn in range(2):
        assert "有人用您的卡登记了" in (await elder.page("/news")).text
        assert "是您吗" in (await elder.page("/elder")).text
        assert f"/desk/calls/{asked.uid}/hers" in (await desk.page("/desk/calls")).text, "read and lost"
    answer = f"/elder/card/{asked.uid}"
    assert (await desk.submit(answer, {"said": "hers"})).status_code == 404, "nobody else's word is hers"
    assert "正在帮您找人" in (await elder.submit(answer, {"said": "hers"})).text
    assert (await needs(town))[0].is_open
    assert "是您吗" not in (await elder.page("/elder")).text
    assert f"/desk/calls/{asked.uid}/hers" not in (await desk.page("/desk/calls")).text
    assert (await elder.submit(answer, {"said": "not_hers"})).status_code == 404


async def test_what_was_not_hers_is_void_by_her_own_page_too(town: Any) -> None:
    token = await card_of(town)
    phone = await opened(town, await town.stranger(), token)
    await phone.submit("/k/ask", ASK)
    await phone.submit("/k/off")
    elder = await town.client("elder")
    [asked], [off] = await waiting(town, "card_asked"), await waiting(town, "off_parked")
    assert "哪一件不用来了" in (await elder.submit(f"/elder/card/{off.uid}", {"said": "hers"})).text
    assert "作废了" in (await elder.submit(f"/elder/card/{asked.uid}", {"said": "not_hers"})).text
    assert not (await needs(town))[0].is_open
    assert "不能用了" in (await (await town.stranger()).submit("/k", {"token": token})).text


async def test_asking_again_says_only_that_it_is_noted(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    said = [(await phone.submit("/k/ask", ASK)).text for _turn in range(2)]
    assert all("记下了。社区会问您本人" in one for one in said)
    assert len(await needs(town)) == 1


async def test_a_card_asks_three_times_a_day_and_calls_three_times(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    for what in ("shopping", "repair", "meal", "talk"):
        last = await phone.submit("/k/ask", {"what": what, "moment": "any-day"})
    assert "三次了" in last.text
    assert len(await needs(town)) == 3
    for _turn in range(3):
        assert "记下了" in (await phone.submit("/k/call")).text
    assert "三次了" in (await phone.submit("/k/off")).text
    assert len(await waiting(town, "call_me")) == 1
    town.ctx.clock.now += timedelta(days=1)
    phone = await opened(town, await town.stranger(), await card_of(town))
    assert "记下了" in (await phone.submit("/k/call")).text


async def test_nine_calls_nothing_off_before_she_has_said_so(town: Any) -> None:
    elder, desk = await town.client("elder"), await town.client("worker")
    await elder.submit("/elder/requests", {"what": "doctor", "day": "tomorrow", "part": "am"})
    [filed] = await needs(town)
    phone = await opened(town, await town.stranger(), await card_of(town))
    assert "问到了才取消" in (await phone.submit("/k/off")).text
    assert (await needs(town))[0].is_open
    [parked] = await waiting(town, "off_parked")
    sheet = await desk.submit(f"/desk/calls/{parked.uid}/hers", {"said": "hers"})
    assert f"/desk/needs/{filed.need.line_key}/cancel" in sheet.text, (
        "the desk chooses with her what is meant"
    )
    assert (await needs(town))[0].is_open


async def test_the_card_reads_nothing(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "doctor", "day": "any", "part": "day", "say": "SECRET"})
    await arranged(town)
    phone = await opened(town, await town.stranger(), await card_of(town))
    for path in ("/k/ask", "/k/ask/shopping"):
        text = (await phone.page(path)).text
        for private in ("SECRET", "陪着去看病", "李师傅", "021", "3号楼", "膝盖", "小时", "王秀英"):
            assert private not in text, (path, private)
    for path in ("/elder", "/hours", "/volunteer", "/news"):
        assert "/sign-in" in str((await phone.page(path)).url), path


async def test_the_neighbours_own_sign_in_is_untouched_and_they_are_the_hand(town: Any) -> None:
    phone = await opened(town, await town.client("volunteer2"), await card_of(town))
    await phone.submit("/k/ask", ASK)
    lines_of = await audit.about(town.ctx.engine, "dongqu", town.uids["elder"])
    assert [one.reason for one in lines_of if one.action == "card_asked"] == [town.uids["volunteer2"]]
    home = await phone.page("/volunteer")
    assert home.status_code == 200
    assert "/sign-in" not in str(home.url)
    done = await phone.page("/k/over")
    assert "手机还是您的" in done.text
    assert "要帮什么" not in (await phone.page("/k")).text


async def test_five_minutes_end_however_much_is_pressed(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    for _minute in range(4):
        town.ctx.clock.now += timedelta(minutes=1)
        assert "要帮什么" in (await phone.page("/k/ask")).text
    town.ctx.clock.now += timedelta(minutes=1, seconds=1)
    assert "时间到了" in (await phone.page("/k/ask")).text
    late = await phone.submit("/k/ask", ASK)
    assert "时间到了" in late.text
    assert not await needs(town)


async def test_the_cards_cookie_is_no_sign_in_anywhere_else(town: Any) -> None:
    token = (await flow.open_card(town.ctx, token=await card_of(town))).token
    find = (town.ctx.engine, town.ctx.catalogue_of, token, town.ctx.now())
    assert await sessions.find_session(*find) is None
    found = await sessions.find_session(*find, level=sessions.CARD)
    assert found is not None
    assert found.actor.uid == town.uids["elder"]


async def test_a_card_printed_long_ago_leads_to_where_cards_are_used(town: Any) -> None:
    token = await card_of(town)
    answer = await (await town.stranger()).get(f"/sign-in/link/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/k#{token}")


@pytest.mark.parametrize("token", ["", "x", "0" * 200])
async def test_a_wrong_token_opens_nothing_and_keeps_nobody_out(town: Any, token: str) -> None:
    phone = await town.stranger()
    right = await card_of(town)
    for _turn in range(4):
        refused = await phone.submit("/k", {"token": token})
        assert (refused.status_code, "不能用了" in refused.text) == (422, True)
    await opened(town, phone, right)


async def arranged(town: Any) -> Attendance:
    """A visit of the volunteer to the elder that begins in ten minutes."""
    [filed] = await needs(town)
    starts = town.ctx.now() + timedelta(minutes=10)
    async with town.ctx.engine.atomic():
        service = await arrange(
            town.ctx, await town.actor("worker"), need=filed.need, resource=None,
            window=Window(starts, starts + timedelta(hours=1)), member=town.uids["volunteer"], source="by_hand",
        )  # fmt: skip
        [part] = await services.attendances(town.ctx.engine, service.uid)
    return part


async def test_at_the_door_the_card_marks_the_place_in_the_helpers_own_sign_in(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "doctor", "day": "any", "part": "day"})
    part = await arranged(town)
    token = await card_of(town)
    other = await opened(town, await town.client("volunteer2"), token)
    assert "/k/arrive" not in (await other.page("/k/ask")).text
    assert (await other.submit("/k/arrive")).status_code == 200
    helper = await opened(town, await town.client("volunteer"), token)
    assert "/k/arrive" in (await helper.page("/k/ask")).text
    await helper.submit("/k/arrive")
    kept = await services.attendance(town.ctx.engine, part.uid)
    assert kept is not None
    assert kept.state is State.CHECKED_IN
    assert kept.evidence is Evidence.CODE, "the place, in their own name; nobody's word"
    assert "确认" not in (await helper.page("/k/ask")).text


async def test_the_words_at_the_door_are_the_same_on_both_pages_and_on_no_other(town: Any) -> None:
    elder = await town.client("elder")
    await elder.submit("/elder/requests", {"what": "doctor", "day": "any", "part": "day"})
    await arranged(town)
    hers = re.search("他说“(.{3})”，您回“(.{3})”", (await elder.page("/elder")).text)
    his = re.search(
        "您说“(.{3})”，里面回“(.{3})”", (await (await town.client("volunteer")).page("/volunteer")).text
    )
    assert hers is not None
    assert his is not None
    assert hers.groups() == his.groups()
    phone = await opened(town, await town.stranger(), await card_of(town))
    assert hers.group(2) not in (await phone.page("/k/ask")).text
    town.ctx.clock.now -= timedelta(minutes=51)
    assert "暗号" not in (await elder.page("/elder")).text, "an hour before, and not earlier"


async def test_a_question_that_no_text_message_answered_is_asked_by_voice(town: Any) -> None:
    phone = await opened(town, await town.stranger(), await card_of(town))
    await phone.submit("/k/ask", ASK)
    [asked] = await waiting(town, "card_asked")
    await town.ctx.engine.execute("UPDATE tb_news SET state = 'carried' WHERE uid = ?", [asked.uid])
    town.ctx.clock.now += timedelta(hours=1, minutes=59)
    await do_what_is_due(town.ctx)
    assert (await waiting(town, "card_asked"))[0].state == "carried"
    town.ctx.clock.now += timedelta(minutes=2)
    await do_what_is_due(town.ctx)
    assert (await waiting(town, "card_asked"))[0].state == "call"


async def test_a_kiosk_knows_people_by_number_and_name_and_keeps_nothing(town: Any) -> None:
    desk = await town.client("worker")
    await desk.submit("/desk/kiosk", {"name": "大厅平板"})
    assert "大厅平板" in (await desk.page("/desk/cards")).text
    tablet = await town.stranger()
    for one in desk.cookies.jar:
        if one.name == "kiosk":
            tablet.cookies.set("kiosk", str(one.value), domain="127.0.0.1", path="/k")
    assert "您是哪一位" in (await tablet.page("/k")).text
    wrong = await tablet.submit("/k/kiosk", {"who": "19900000101", "called": "李伯伯"})
    assert "对不上" in wrong.text
    home = await tablet.submit("/k/kiosk", {"who": "199 0000 0101", "called": "王奶奶"})
    assert "王奶奶，要帮什么" in home.text
    assert 'content="90;url=/k/over"' in home.text
    over = await tablet.page("/k/over")
    assert "您是哪一位" in over.text
    assert "王奶奶，" not in over.text
    [kiosk] = re.findall(r"/desk/kiosk/(\w+)/end", (await desk.page("/desk/cards")).text)
    await desk.submit(f"/desk/kiosk/{kiosk}/end")
    assert "您是哪一位" not in (await tablet.page("/k")).text
    assert (
        "您是哪一位" not in (await tablet.submit("/k/kiosk", {"who": "19900000101", "called": "王奶奶"})).text
    )
