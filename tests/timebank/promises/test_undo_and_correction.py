"""Taking back, resting, putting right: what was pressed by mistake is undone, what is in the book is corrected by new entries."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.timebank.told import told
from timebank.context import fund_account, issuing_account
from timebank.errors import CannotUndo, NotOffered, StillResting, WaitsForSecond, WrongMoment
from timebank.help.hours import flow as hours
from timebank.help.hours import giving
from timebank.help.posting.resting import post_due
from timebank.help.promises.seen import promise
from timebank.help.services import flow
from timebank.help.services.keeping.doing import Pressed, press
from timebank.help.services.keeping.undoing import reopen, take_back
from timebank.help.services.words import putting_right
from timebank.rules.parts.attendance import State
from timebank.rules.parts.promises import Standing
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store.help import services


async def said_so(scene: Any, minutes: int = 60) -> Any:
    """A visit that took place, confirmed by the elder and resting."""
    service, part = await scene.visit()
    await scene.served(part, minutes)
    await press(scene.ctx, await scene.actor("elder"), service.uid, Pressed(name="came"), lang="zh-CN")
    return service, await scene.part(service, "volunteer")


async def test_a_word_rests_ten_minutes_and_nothing_is_in_the_book_before(scene: Any) -> None:
    service, part = await said_so(scene)
    assert part.state is State.CONFIRMED
    assert await scene.balance("volunteer") == 0
    scene.pass_time(9)
    assert await post_due(scene.ctx) == []
    scene.pass_time(1)
    assert len(await post_due(scene.ctx)) == 1
    assert await post_due(scene.ctx) == []
    assert await scene.balance("volunteer") == 60
    seen = await promise(scene.ctx, await scene.actor("elder"), service, lang="zh-CN")
    assert seen.standing is Standing.POSTED


async def test_the_elder_takes_her_word_back_within_ten_minutes_and_not_after(scene: Any) -> None:
    service, _part = await said_so(scene)
    elder = await scene.actor("elder")
    seen = await promise(scene.ctx, elder, service, lang="zh-CN")
    assert seen.undo
    await take_back(scene.ctx, elder, service.uid, seen.undo)
    assert (await scene.part(service, "volunteer")).state is State.CHECKED_OUT
    scene.pass_time(20)
    assert await post_due(scene.ctx) == []

    await press(scene.ctx, elder, service.uid, Pressed(name="came"), lang="zh-CN")
    seen = await promise(scene.ctx, elder, service, lang="zh-CN")
    scene.pass_time(11)
    with pytest.raises(CannotUndo):
        await take_back(scene.ctx, elder, service.uid, seen.undo)


async def test_nobody_takes_back_what_another_pressed(scene: Any) -> None:
    service, _part = await said_so(scene)
    volunteer = await scene.actor("volunteer")
    assert not (await promise(scene.ctx, volunteer, service, lang="zh-CN")).undo


async def test_cancelling_is_taken_back_unless_somebody_has_stepped_in(scene: Any) -> None:
    service, _part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=2))
    volunteer = await scene.actor("volunteer")
    await press(scene.ctx, volunteer, service.uid, Pressed(name="cannot"), lang="zh-CN")
    seen = await promise(scene.ctx, volunteer, service, lang="zh-CN")
    assert (seen.standing, bool(seen.undo)) == (Standing.CANNOT, True)
    elder = await promise(scene.ctx, await scene.actor("elder"), service, lang="zh-CN")
    assert elder.standing is Standing.SEARCHING
    await take_back(scene.ctx, volunteer, service.uid, seen.undo)
    assert (await scene.part(service, "volunteer")).state is State.SIGNED_UP

    await press(scene.ctx, volunteer, service.uid, Pressed(name="cannot"), lang="zh-CN")
    seen = await promise(scene.ctx, volunteer, service, lang="zh-CN")
    await flow.name_helper(
        scene.ctx, await scene.actor("worker"), service.uid, member=scene.town.uids["volunteer2"]
    )
    with pytest.raises(CannotUndo):
        await take_back(scene.ctx, volunteer, service.uid, seen.undo)


async def test_a_date_called_off_by_mistake_takes_place_after_all(scene: Any) -> None:
    service, _part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=2))
    elder = await scene.actor("elder")
    off = await press(scene.ctx, elder, service.uid, Pressed(name="off_date"), lang="zh-CN")
    assert (off.standing, bool(off.undo)) == (Standing.OFF_DATE, True)
    await take_back(scene.ctx, elder, service.uid, off.undo)
    after = await services.service(scene.ctx.engine, service.uid)
    assert after is not None
    assert (await promise(scene.ctx, elder, after, lang="zh-CN")).standing is Standing.ARRANGED
    assert scene.town.uids["volunteer"] in {one.member for one in await told(scene.ctx.engine, "you_go")}


async def test_a_shift_closed_by_mistake_is_opened_again_and_who_left_early_stays_left(scene: Any) -> None:
    shift = await scene.shift("volunteer", "volunteer2", "leader")
    leader = await scene.actor("leader")
    for who in ("volunteer", "volunteer2"):
        await flow.tick(scene.ctx, leader, (await scene.part(shift, who)).uid)
    scene.pass_time(10)
    await flow.check_out(scene.ctx, leader, (await scene.part(shift, "volunteer2")).uid)
    scene.pass_time(6)
    await flow.close_shift(scene.ctx, leader, shift.uid, absent_known=True)
    await reopen(scene.ctx, leader, shift.uid)
    assert await scene.states(shift) == {
        "volunteer": State.CHECKED_IN, "volunteer2": State.CHECKED_OUT, "leader": State.SIGNED_UP,
    }  # fmt: skip
    with pytest.raises(WrongMoment):
        await reopen(scene.ctx, leader, (await scene.shift("volunteer", starts_at=shift.ends_at)).uid)


async def test_a_month_is_not_closed_while_hours_of_it_can_be_taken_back(scene: Any) -> None:
    zone = scene.ctx.zone
    service, part = await scene.visit()
    await scene.served(part, 60)
    month = f"{service.starts_at.astimezone(zone):%Y-%m}"
    scene.ctx.clock.now = datetime(2026, 12, 1, 9, tzinfo=zone)
    await press(scene.ctx, await scene.actor("worker"), service.uid, Pressed(name="word_came"), lang="zh-CN")
    with pytest.raises(StillResting) as refused:
        await hours.seal_month(scene.ctx, None, "dongqu", month)
    assert "9:10" in refused.value.zh
    scene.pass_time(10)
    assert (await hours.seal_month(scene.ctx, None, "dongqu", month)).waiting == 0
    assert await scene.balance("volunteer") == 60


async def test_hours_in_the_book_are_put_right_by_new_entries(scene: Any) -> None:
    service, part = await said_so(scene, minutes=60)
    scene.pass_time(10)
    await post_due(scene.ctx)
    volunteer, worker = await scene.actor("volunteer"), await scene.actor("worker")
    await press(scene.ctx, volunteer, service.uid, Pressed(name="wrong", note="我只待了半小时"), lang="zh-CN")
    fixed = await press(
        scene.ctx, worker, service.uid, Pressed(name="correct", part=part.uid, minutes=30, note="本人说半小时"),
        lang="zh-CN",
    )  # fmt: skip
    assert (fixed.standing, "1 小时" in fixed.sentence, "30 分" in fixed.sentence) == (
        Standing.CORRECTED,
        True,
        True,
    )
    assert await scene.balance("volunteer") == 30
    again = await press(
        scene.ctx,
        worker,
        service.uid,
        Pressed(name="correct", part=part.uid, minutes=0, note="其实没去"),
        lang="zh-CN",
    )
    assert (again.standing, await scene.balance("volunteer")) == (Standing.DID_NOT, 0)
    third = await press(
        scene.ctx,
        worker,
        service.uid,
        Pressed(name="correct", part=part.uid, minutes=45, note="去了三刻钟"),
        lang="zh-CN",
    )
    assert (third.standing, await scene.balance("volunteer")) == (Standing.CORRECTED, 45)
    assert await hours.verify(scene.ctx, "dongqu") == []


async def test_hours_given_away_are_put_right_by_two_through_the_fund(scene: Any) -> None:
    service, part = await said_so(scene)
    scene.pass_time(10)
    await post_due(scene.ctx)
    await scene.give("volunteer", 15)
    await giving.donate(scene.ctx, await scene.actor("volunteer"), minutes=70)
    worker, second = await scene.actor("worker"), await scene.actor("worker2")
    with pytest.raises(WaitsForSecond):
        await press(
            scene.ctx, worker, service.uid, Pressed(name="correct", part=part.uid, minutes=0, note="记错人了"),
            lang="zh-CN",
        )  # fmt: skip
    [waits] = await putting_right.waiting(scene.ctx, second)
    with pytest.raises(SecondPerson):
        await putting_right.approve(scene.ctx, worker, waits.change.uid)
    assert await scene.balance("volunteer") == 5
    await putting_right.approve(scene.ctx, second, waits.change.uid)
    book = scene.ctx.book("dongqu")
    assert await scene.balance("volunteer") == 0
    assert (await book.balance(fund_account("dongqu"))).balance == 15
    assert (await book.balance(issuing_account("dongqu"))).balance == -15
    assert await putting_right.waiting(scene.ctx, second) == ()
    assert await hours.verify(scene.ctx, "dongqu") == []


async def test_a_press_that_does_not_fit_is_refused_with_the_sentence_of_now(scene: Any) -> None:
    service, _part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=1))
    await press(scene.ctx, await scene.actor("volunteer"), service.uid, Pressed(name="cannot"), lang="zh-CN")
    with pytest.raises(NotOffered) as refused:
        await press(scene.ctx, await scene.actor("elder"), service.uid, Pressed(name="here"), lang="zh-CN")
    assert "来不了了" in refused.value.zh


async def test_times_are_written_afterwards_and_wait_for_another_word(scene: Any) -> None:
    service, part = await scene.visit()
    scene.pass_time(120)
    volunteer = await scene.actor("volunteer")
    starts = service.starts_at.astimezone(scene.ctx.zone)
    later = (starts + timedelta(minutes=50)).time()
    seen = await press(
        scene.ctx, volunteer, service.uid, Pressed(name="went", arrived=starts.time(), left=time(later.hour, later.minute)),
        lang="zh-CN",
    )  # fmt: skip
    assert seen.standing is Standing.LEFT
    assert await scene.balance("volunteer") == 0
    assert (await scene.part(service, "volunteer")).minutes_served == 50
    assert seen.part is not None
    assert part.uid == seen.part.uid
