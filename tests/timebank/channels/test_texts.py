"""Text messages that come in: done when one thing fits, asked back when several do, else a person rings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.values import Window
from tests.timebank.settling import settle
from timebank.channels import card, texts
from timebank.community.identity import flow
from timebank.community.saying import say
from timebank.errors import TryLater
from timebank.help.arranging import arrange
from timebank.help.requests.asking import Moment
from timebank.rules.parts.attendance import Attendance, Evidence, State
from timebank.rules.parts.statements import Said
from timebank.rules.telling.phone_words import Act
from timebank.store.channels import news
from timebank.store.help import lines, services
from timebank.store.identity import sessions
from timebank.store.members import reach

ELDER, VOLUNTEER = "+86 199 0000 0101", "19900000004"


class Gateway:
    """Hands over messages one after another."""

    def __init__(self, town: Any) -> None:
        self.town, self.sent = town, 0

    async def text(self, words: str, sender: str = ELDER, *, gateway_id: str = "") -> texts.Taken:
        self.sent += 1
        return await texts.take(
            self.town.ctx, gateway_id=gateway_id or f"G{self.sent}", sender=sender, words=words
        )

    async def needs(self) -> list[lines.Filed]:
        return await lines.filed_by(self.town.ctx.engine, "dongqu", self.town.uids["elder"])

    async def said(self, who: str = "elder") -> list[news.News]:
        since = self.town.ctx.now() - timedelta(days=1)
        return await news.lately_told(self.town.ctx.engine, self.town.uids[who], since=since)

    async def kinds(self, who: str = "elder") -> list[str]:
        return [one.kind for one in await self.said(who)]


@pytest.fixture
def gateway(town: Any) -> Gateway:
    return Gateway(town)


async def visit(town: Any, *, minutes_from_now: int = 10) -> Attendance:
    [filed] = await lines.filed_by(town.ctx.engine, "dongqu", town.uids["elder"])
    starts = town.ctx.now() + timedelta(minutes=minutes_from_now)
    async with town.ctx.engine.atomic():
        service = await arrange(
            town.ctx, await town.actor("worker"), need=filed.need, resource=None,
            window=Window(starts, starts + timedelta(hours=1)), member=town.uids["volunteer"], source="by_hand",
        )  # fmt: skip
        [part] = await services.attendances(town.ctx.engine, service.uid)
    return part


async def part_now(town: Any, part: Attendance) -> Attendance:
    found = await services.attendance(town.ctx.engine, part.uid)
    assert found is not None
    return found


async def test_a_digit_and_a_time_are_a_request_read_back(gateway: Gateway) -> None:
    taken = await gateway.text("1 明早 买五斤米")
    assert (taken.act, taken.deed) == ("ask", "asked")
    [filed] = await gateway.needs()
    assert (filed.need.title, filed.need.channel, filed.is_open) == ("帮买东西", "sms", True)
    assert filed.need.when.said_zh.startswith("2026年11月25日")
    [echo] = [one for one in await gateway.said() if one.kind == "got_it"]
    assert "帮买东西" in str(echo.known["zh"])


async def test_wrong_within_ten_minutes_takes_it_back_and_later_a_person_rings(
    gateway: Gateway, town: Any
) -> None:
    await gateway.text("1 明早")
    town.ctx.clock.now += timedelta(minutes=9)
    assert (await gateway.text("不对")).deed == "taken_back"
    assert not (await gateway.needs())[0].is_open
    await gateway.text("3 今天下午")
    town.ctx.clock.now += timedelta(minutes=11)
    assert (await gateway.text("不对")).deed == "desk"
    assert any(one.is_open for one in await gateway.needs())


async def test_the_same_message_twice_does_nothing_twice(gateway: Gateway) -> None:
    first = await gateway.text("1 明早", gateway_id="G")
    assert await gateway.text("1 明早", gateway_id="G") == first
    assert len(await gateway.needs()) == 1


async def test_what_is_on_the_list_is_said_so_and_again_makes_another(gateway: Gateway) -> None:
    await gateway.text("1 明早")
    assert (await gateway.text("1 后天")).deed == "already"
    assert len(await gateway.needs()) == 1
    assert (await gateway.text("再记")).deed == "asked"
    assert len(await gateway.needs()) == 2


async def test_two_pictures_are_one_request_each(gateway: Gateway) -> None:
    assert (await gateway.text("1 2")).act == Act.ASK_MANY
    assert {one.need.title for one in await gateway.needs()} == {"帮买东西", "陪着去看病"}


async def test_english_times_after_a_digit_are_read(gateway: Gateway) -> None:
    await gateway.text("1 tomorrow morning")
    [filed] = await gateway.needs()
    assert filed.need.when.said_zh.startswith("2026年11月25日")


async def test_off_calls_off_the_one_open_thing_and_asks_among_several(gateway: Gateway) -> None:
    assert (await gateway.text("不用来了")).deed == "desk", "nothing is open: a person rings"
    await gateway.text("1 明早")
    assert (await gateway.text("不用来了")).deed == "off"
    await gateway.text("1 明早")
    await gateway.text("3 后天")
    assert (await gateway.text("取消")).deed == "which"
    [question] = [one for one in await gateway.said() if one.kind == "which_one"]
    letter = re.search(r"([AB]) 家里东西坏了", str(question.known["zh"]))
    assert letter is not None
    assert (await gateway.text(letter.group(1).lower())).deed == "off"
    assert [one.need.title for one in await gateway.needs() if one.is_open] == ["帮买东西"]


async def test_off_with_a_day_means_that_day_and_never_a_series(gateway: Gateway, town: Any) -> None:
    await gateway.text("1 明天上午")
    await gateway.text("3 后天上午")
    assert (await gateway.text("9 后天")).deed == "off"
    assert [one.need.title for one in await gateway.needs() if one.is_open] == ["帮买东西"]
    worker = await town.client("worker")
    series = {"member": town.uids["elder"], "kind": "5", "when": "每周四上午", "step": "save"}
    await worker.submit("/desk/phone", series)
    await gateway.text("9 明天")
    assert (await gateway.text("不用来了")).deed == "desk", "the series is the desk's to end"


async def test_a_helper_cannot_come_arrives_and_leaves_by_text(gateway: Gateway, town: Any) -> None:
    await gateway.text("2 随时")
    part = await visit(town)
    town.ctx.clock.now += timedelta(minutes=10)
    assert (await gateway.text("我到了", VOLUNTEER)).deed == "arrived"
    assert (await part_now(town, part)).state is State.CHECKED_IN
    assert (await gateway.text("不对", VOLUNTEER)).deed == "taken_back"
    assert (await part_now(town, part)).state is State.SIGNED_UP
    await gateway.text("到了", VOLUNTEER)
    town.ctx.clock.now += timedelta(minutes=50)
    assert (await gateway.text("走了 11:30", VOLUNTEER)).deed == "desk", (
        "an hour that is written is the desk's to type"
    )
    assert (await gateway.text("走了", VOLUNTEER)).deed == "left"
    assert (await part_now(town, part)).state is State.CHECKED_OUT


async def test_a_helper_who_cannot_is_let_go_and_she_is_told(gateway: Gateway, town: Any) -> None:
    await gateway.text("2 随时")
    part = await visit(town)
    assert (await gateway.text("有事去不成", VOLUNTEER)).deed == "cannot"
    assert (await part_now(town, part)).state is State.CANCELLED
    assert "helper_cancelled" in await gateway.kinds()


async def test_her_word_about_a_visit_confirms_or_disputes_it(gateway: Gateway, town: Any) -> None:
    for words, deed, state in (("帮好了", "came", State.POSTED), ("没来", "disputed", State.DISPUTED)):
        await town.ctx.engine.execute("DELETE FROM mp_need WHERE community = 'dongqu'")
        await gateway.text("2 随时")
        part = await visit(town)
        now = town.ctx.now() + timedelta(minutes=10)
        async with town.ctx.engine.atomic():
            there = await part_now(town, part)
            service = await services.service(town.ctx.engine, there.service)
            assert service is not None
            by = await town.actor("volunteer")
            there = await say(town.ctx, by, there, service, Said.ARRIVAL, at=now, evidence=Evidence.SELF)
            await say(town.ctx, by, there, service, Said.LEAVING, at=now + timedelta(minutes=40))
        town.ctx.clock.now += timedelta(hours=2)
        assert (await gateway.text(words)).deed == deed
        assert (await part_now(town, part)).state is state
        town.ctx.clock.now += timedelta(days=1)


async def test_nobody_came_where_nobody_signed_in_stands_high_on_the_call_sheet(
    gateway: Gateway, town: Any
) -> None:
    assert (await gateway.text("没来")).deed == "desk"
    desk = await town.client("worker")
    assert "短信说没人来" in (await desk.page("/desk/calls")).text


async def test_yes_and_not_me_answer_what_her_card_asked(gateway: Gateway, town: Any) -> None:
    for words, open_after in (("好", True), ("不是我", False)):
        token = await flow.issue_code(
            town.ctx, await town.actor("worker"), member=town.uids["elder"], kind="card"
        )
        opened = await card.open_card(town.ctx, token=token)
        held = await card.holder(town.ctx, opened.token)
        what = "repair" if open_after else "meal"
        await card.ask(town.ctx, held, what=what, moment=Moment("any", "day"))
        await gateway.text(words)
        [asked] = [
            one
            for one in await gateway.needs()
            if one.need.categories == ("repair" if open_after else "meals",)
        ]
        assert asked.is_open is open_after
        assert bool(await sessions.card_of(town.ctx.engine, token, town.ctx.now())) is open_after
    assert (await gateway.text("好")).deed == "desk", "nothing waits for an answer any more"


@pytest.mark.parametrize(
    ("words", "deed", "kind"),
    [
        ("救命", "danger", "text_danger"), ("0", "call_me", "call_me"), ("周五改到周六", "desk", "text_in"),
        ("吃了吗", "desk", "text_in"), ("能去", "desk", "text_in"), ("还剩多少小时", "balance", "no_balance_here"),
        ("459744", "code_sent", "no_code_here"), ("？", "start_help", "how_to_text"), ("3 买灯泡", "desk", "text_in"),
        ("谁来", "desk", "text_in"),
    ],
)  # fmt: skip
async def test_what_is_no_deed_is_told_or_rung_about(
    gateway: Gateway, words: str, deed: str, kind: str
) -> None:
    assert (await gateway.text(words)).deed == deed
    assert kind in await gateway.kinds()
    assert not await gateway.needs()


async def test_a_text_message_tells_no_balance_and_signs_nobody_in(gateway: Gateway, town: Any) -> None:
    before = await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_session")
    for words in ("还剩多少小时", "459744", "我要登录"):
        await gateway.text(words)
    assert await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_session") == before
    assert not any(re.search(r"\d+ ?小时", str(one.known)) for one in await gateway.said())


async def test_a_number_of_nobody_or_of_several_is_rung_and_nothing_is_done(
    gateway: Gateway, town: Any
) -> None:
    assert (await gateway.text("1 明早", "13900001111")).deed == "desk"
    async with town.ctx.engine.atomic():
        await settle(town.ctx, "dongqu", "老伴", asks=True, area="dongqu-1", phone="19900000101")
    assert (await gateway.text("1 明早")).deed == "desk"
    assert not await gateway.needs()
    desk = await town.client("worker")
    sheet = (await desk.page("/desk/calls")).text
    assert "没登记过的号码" in sheet
    assert "要问是谁" in sheet


async def test_a_loop_of_messages_ends(gateway: Gateway) -> None:
    for _turn in range(texts.AN_HOUR_MAX):
        await gateway.text("谢谢")
    with pytest.raises(TryLater):
        await gateway.text("谢谢")


async def test_stop_and_start_change_how_they_are_told(gateway: Gateway, town: Any) -> None:
    await gateway.text("TD")
    assert (await reach.reach_of(town.ctx.engine, town.uids["elder"])).ways == "call"
    await gateway.text("恢复短信")
    assert (await reach.reach_of(town.ctx.engine, town.uids["elder"])).ways == ""


async def test_the_gateway_is_known_by_its_token_and_the_body_has_a_bound(town: Any) -> None:
    object.__setattr__(town.ctx, "settings", replace(town.ctx.settings, sms_token="gateway-secret"))
    gate = await town.stranger()
    body = {"id": "G1", "sender": ELDER, "text": "1 明早"}
    for token, status in (("", 401), ("Bearer wrong", 401), ("Bearer gateway-secret", 200)):
        answer = await gate.post("/api/texts", json=body, headers={"authorization": token, "x-csrftoken": ""})
        assert answer.status_code == status
    assert answer.json() == {"act": "ask", "deed": "asked"}
    headers = {"authorization": "Bearer gateway-secret"}
    huge = await gate.post("/api/texts", json={**body, "id": "G2", "text": "长" * 9_000}, headers=headers)
    assert huge.status_code == 413
    long = await gate.post("/api/texts", json={**body, "id": "G3", "text": "a" * 2_001}, headers=headers)
    assert long.status_code in (400, 422)
    object.__setattr__(town.ctx, "settings", replace(town.ctx.settings, sms_token=""))
    closed = await gate.post("/api/texts", json={**body, "id": "G4"}, headers={"authorization": "Bearer "})
    assert closed.status_code == 401, "an installation without a gateway takes nothing"
