"""The passbook, giving to the fund, and corrections that never edit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from timebank.errors import AlreadyDone, BadField, NotAllowed, NotFound, OwnHours, WrongMoment
from timebank.help.hours import flow, giving
from timebank.help.services import flow as serving
from timebank.rules.parts.attendance import State
from timebank.store.help import services


async def served_hour(scene: Any, minutes: int = 60, *, held: int = 0) -> Any:
    _service, part = await scene.visit(minutes=minutes, held=held)
    await scene.served(part, minutes)
    return await serving.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)


async def test_a_passbook_says_what_for_and_why_these_minutes(scene: Any) -> None:
    await scene.give("elder", 120)
    await served_hour(scene, 52, held=60)
    book = await flow.statement(scene.ctx, await scene.actor("volunteer"))
    [line] = book.lines
    assert (line.minutes_in, line.minutes_out, line.minutes_left) == (45, None, 45)
    assert line.zh == "买米买菜 一网格"
    assert line.note_zh == "实际 52 分，按 15 分钟取整"
    assert line.note_en == "served 52 min; rounded to 15 minutes"
    elder = await flow.statement(scene.ctx, await scene.actor("elder"))
    assert [one.zh for one in elder.lines] == ["以前的时间转入", "用于：买米买菜"]
    assert [one.minutes_left for one in elder.lines] == [120, 75]


async def test_hours_set_aside_are_no_line_but_are_told(scene: Any) -> None:
    await scene.give("elder", 120)
    await scene.visit(held=60)
    book = await flow.statement(scene.ctx, await scene.actor("elder"))
    assert len(book.lines) == 1
    assert (book.minutes_left, book.minutes_held) == (120, 60)


async def test_a_long_passbook_turns_pages_without_losing_a_line(scene: Any) -> None:
    for number in range(flow.PAGE_LINES + 5):
        await scene.give("volunteer", number + 1)
    actor = await scene.actor("volunteer")
    newest = await flow.statement(scene.ctx, actor)
    oldest = await flow.statement(scene.ctx, actor, before_seq=newest.before_seq)
    ins = [line.minutes_in for line in (*oldest.lines, *newest.lines)]
    assert ins == list(range(1, flow.PAGE_LINES + 6))
    assert oldest.before_seq is None


@pytest.mark.parametrize(
    ("who", "acting_for", "allowed"),
    [
        ("elder", "", True),
        ("proxy", "elder", True),
        ("worker", "elder", True),
        ("volunteer", "", False),
        ("auditor", "", False),
        ("stranger_worker", "", False),
    ],
)
async def test_only_the_owner_their_proxy_and_the_desk_read_a_passbook(
    scene: Any, who: str, acting_for: str, allowed: bool
) -> None:
    actor = await scene.actor(who, acting_for=acting_for)
    reading = flow.statement(scene.ctx, actor, scene.town.uids["elder"])
    if allowed:
        assert (await reading).member == scene.town.uids["elder"]
    else:
        with pytest.raises(NotFound):
            await reading


async def test_the_desks_reading_is_noted(scene: Any) -> None:
    await flow.statement(
        scene.ctx, await scene.actor("worker"), scene.town.uids["elder"], operation="MemberHours"
    )
    [line] = await scene.ctx.engine.fetch("SELECT object FROM tb_audit WHERE action = 'read_hours'")
    assert line["object"] == scene.town.uids["elder"]


async def test_hours_can_be_given_to_the_fund_but_not_more_than_there_are(scene: Any) -> None:
    await scene.give("volunteer", 90)
    actor = await scene.actor("volunteer")
    with pytest.raises(BadField) as refused:
        await giving.donate(scene.ctx, actor, minutes=91)
    assert refused.value.field == "minutes"
    await giving.donate(scene.ctx, actor, minutes=60)
    assert await scene.balance("volunteer") == 30
    fund = await scene.ctx.book("dongqu").balance("Liabilities:Community:DONGQU:Fund")
    assert fund.balance == 60


@pytest.mark.parametrize("minutes", [0, -5])
async def test_nothing_is_no_gift(scene: Any, minutes: int) -> None:
    with pytest.raises(BadField):
        await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=minutes)


async def test_a_proxy_cannot_give_an_elders_hours_away(scene: Any) -> None:
    await scene.give("elder", 90)
    with pytest.raises(NotAllowed):
        await giving.donate(scene.ctx, await scene.actor("proxy", acting_for="elder"), minutes=30)
    client = await scene.town.client("proxy", acting_for="elder")
    assert (await client.post("/api/hours/donate", json={"minutes": 30})).status_code == 403
    assert await scene.balance("elder") == 90


async def test_a_correction_is_a_new_entry_and_sends_the_hours_back_to_the_desk(scene: Any) -> None:
    done = await served_hour(scene)
    before = await scene.ctx.book("dongqu").transfer(done.part.transfer_uid)
    await flow.reverse(
        scene.ctx,
        await scene.actor("worker"),
        done.part.transfer_uid,
        reason="wrong_minutes",
        note="其实半小时",
    )
    assert await scene.balance("volunteer") == 0
    assert await scene.ctx.book("dongqu").transfer(done.part.transfer_uid) == before
    part = await services.attendance(scene.ctx.engine, done.part.uid)
    assert part is not None
    assert (part.state, part.minutes_credited, part.note) == (State.DISPUTED, 0, "其实半小时")

    await serving.resolve_dispute(
        scene.ctx, await scene.actor("worker2"), part.uid, minutes_served=30, note="重记"
    )
    assert await scene.balance("volunteer") == 30
    lines = (await flow.statement(scene.ctx, await scene.actor("volunteer"))).lines
    assert [(line.minutes_in, line.minutes_out) for line in lines] == [(60, None), (None, 60), (30, None)]
    assert lines[0].note_zh == "后来更正了"
    assert lines[1].zh == "更正：时间记错了（买米买菜）"
    assert await flow.verify(scene.ctx, "dongqu") == []


async def test_both_halves_of_a_payment_are_taken_back_together(scene: Any) -> None:
    await scene.give("elder", 60)
    _service, part = await scene.visit(held=60)
    await scene.served(part, 90)
    done = await serving.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    _settled, rest = await scene.posted()
    answer = await flow.reverse(scene.ctx, await scene.actor("worker"), rest.uid, reason="not_served")
    assert answer.reversed == (done.part.transfer_uid, rest.uid)
    assert await scene.balance("volunteer") == 0
    assert await scene.balance("elder") == 60


async def test_nobody_corrects_their_own_hours_or_twice_or_without_a_reason(scene: Any) -> None:
    shift = await scene.shift("leader")
    done = await served_hour(scene)
    with pytest.raises(BadField):
        await flow.reverse(scene.ctx, await scene.actor("worker"), done.part.transfer_uid, reason="just so")
    with pytest.raises(OwnHours):
        await flow.reverse(
            scene.ctx,
            await scene.actor("worker", acting_for="volunteer"),
            done.part.transfer_uid,
            reason="wrong_minutes",
        )
    with pytest.raises(NotFound):
        await flow.reverse(
            scene.ctx, await scene.actor("stranger_worker"), done.part.transfer_uid, reason="wrong_minutes"
        )
    await flow.reverse(scene.ctx, await scene.actor("worker"), done.part.transfer_uid, reason="wrong_minutes")
    with pytest.raises(AlreadyDone):
        await flow.reverse(
            scene.ctx, await scene.actor("worker2"), done.part.transfer_uid, reason="wrong_minutes"
        )
    assert shift.state.value == "planned"


async def test_hours_that_were_used_are_not_taken_back_below_nothing(scene: Any) -> None:
    done = await served_hour(scene)
    await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=50)
    with pytest.raises(WrongMoment):
        await flow.reverse(
            scene.ctx, await scene.actor("worker"), done.part.transfer_uid, reason="wrong_person"
        )
    part = await services.attendance(scene.ctx.engine, done.part.uid)
    assert part is not None
    assert part.state is State.POSTED


async def test_donating_and_reversing_through_the_api_happen_once_per_key(scene: Any) -> None:
    await scene.give("volunteer", 90)
    client = await scene.town.client("volunteer")
    key = {"idempotency-key": "gift-1"}
    first = await client.post("/api/hours/donate", json={"minutes": 30}, headers=key)
    again = await client.post("/api/hours/donate", json={"minutes": 30}, headers=key)
    assert first.json() == again.json()
    assert (await client.post("/api/hours/donate", json={"minutes": 31}, headers=key)).status_code == 422
    assert await scene.balance("volunteer") == 60
    worker = await scene.town.client("worker")
    uid = first.json()["transfer"]
    body = {"reason": "entered_twice"}
    for _time in range(2):
        answer = await worker.post(f"/api/transfers/{uid}/reverse", json=body, headers=key)
        assert answer.status_code == 200
    # A gift goes back by two: the first press waits, and the second of the same key tells the same.
    assert await scene.balance("volunteer") == 60
    colleague, waits = await scene.town.client("worker2"), answer.json()["waits"]
    for status in (200, 409):
        assert (await colleague.post(f"/api/hours/by-two/{waits}/approve")).status_code == status
    assert await scene.balance("volunteer") == 90


@pytest.mark.parametrize("minutes", [True, "30", 30.5, 1e308, 2**63, -5, None])
async def test_the_api_takes_whole_minutes_only(scene: Any, minutes: object) -> None:
    await scene.give("volunteer", 90)
    client = await scene.town.client("volunteer")
    answer = await client.post("/api/hours/donate", json={"minutes": minutes})
    assert answer.status_code in {400, 422}
    assert await scene.balance("volunteer") == 90


async def test_pages_of_hours_are_served_in_both_languages(scene: Any) -> None:
    await scene.give("elder", 60)
    done = await served_hour(scene)
    cases = [
        ("volunteer", "/hours"),
        ("volunteer", "/hours?paper=1"),
        ("elder", "/hours"),
        ("worker", f"/desk/members/{scene.town.uids['elder']}/hours"),
        ("auditor", "/books"),
        ("auditor", "/books/transfers"),
        ("worker", f"/books/transfers/{done.part.transfer_uid}"),
    ]
    for who, path in cases:
        for language in ("zh-CN", "en"):
            client = await scene.town.client(who)
            page = await client.page(path, headers={"accept-language": language})
            assert page.status_code == 200, (who, path)
            assert f'<html lang="{language}"' in page.text


async def test_a_form_that_asks_too_much_comes_back_with_what_was_typed(scene: Any) -> None:
    await scene.give("volunteer", 90)
    client = await scene.town.client("volunteer")
    page = await client.submit("/hours/donate", {"hours": "5", "minutes": "0", "idempotency_key": "k"})
    assert page.status_code == 422
    assert 'value="5"' in page.text
    assert "90 分钟" in page.text
    page = await client.submit("/hours/donate", {"hours": "1", "minutes": "30", "idempotency_key": "k"})
    assert page.status_code == 200
    assert await scene.balance("volunteer") == 0


async def test_a_worker_corrects_from_the_entrys_own_page(scene: Any) -> None:
    done = await served_hour(scene)
    client = await scene.town.client("worker")
    path = f"/books/transfers/{done.part.transfer_uid}"
    refused = await client.submit(f"{path}/reverse", {"note": "?"})
    assert refused.status_code == 422
    page = await client.submit(f"{path}/reverse", {"reason": "wrong_minutes", "idempotency_key": "r"})
    assert page.status_code == 200
    assert await scene.balance("volunteer") == 0
    auditor = await scene.town.client("auditor")
    assert (await auditor.post(f"{path}/reverse", data={"reason": "wrong_minutes"})).status_code == 403


async def test_yesterdays_cap_does_not_touch_today(scene: Any) -> None:
    await served_hour(scene, 480)
    scene.ctx.clock.now += timedelta(days=1)
    await served_hour(scene, 60)
    assert await scene.balance("volunteer") == 540
