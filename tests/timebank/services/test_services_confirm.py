"""Confirming: the attendance and the hours together or not at all, once, and never one's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from ledger import ChangeLimits, LedgerRefusal
from ledger.store import Book
from timebank.context import issuing_account
from timebank.errors import Clash, NotFound, NotYet, OwnHours, TooLate
from timebank.help.services import flow
from timebank.help.services.pages import views
from timebank.rules.parts.attendance import ServiceState, State
from timebank.store.help import services


async def test_an_elder_confirms_and_the_hours_stand_in_the_book(scene: Any) -> None:
    service, part = await scene.visit()
    await scene.served(part, 52)

    done = await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)

    assert (done.credit.minutes_served, done.credit.minutes_credited) == (52, 45)
    assert [cut.rule for cut in done.credit.cuts] == ["rounding"]
    assert await scene.balance("volunteer") == 45
    assert done.part.state is State.POSTED
    assert done.part.policy_version == "dongqu/2026-10"
    saved = await services.service(scene.ctx.engine, service.uid)
    assert saved is not None
    assert saved.state is ServiceState.DONE
    [entry] = await scene.posted()
    assert entry.uid == done.part.transfer_uid
    assert scene.town.uids["volunteer"] in entry.postings[1].account


@pytest.mark.parametrize("who", ["elder", "proxy", "worker"])
async def test_the_elder_their_proxy_and_the_desk_may_confirm_a_visit(scene: Any, who: str) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    await flow.record_confirmation(scene.ctx, await scene.actor(who), part.uid)
    assert await scene.balance("volunteer") == 60


@pytest.mark.parametrize(
    "who",
    ["volunteer2", "leader", "unit", "stranger_worker", "stranger_elder", "stranger_volunteer"],
)
async def test_nobody_else_may(scene: Any, who: str) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    with pytest.raises((NotFound, KeyError)):
        await flow.record_confirmation(scene.ctx, await scene.actor(who), part.uid)
    assert await scene.balance("volunteer") == 0


async def test_a_leader_sees_who_goes_on_a_teams_visit_but_neither_the_door_nor_what_happened(
    scene: Any,
) -> None:
    service, part = await scene.visit(team="red-vests")
    leader = await scene.actor("leader")
    card = await views.service_card(scene.ctx, leader, service.uid)
    assert card.private is None
    assert card.code == ""
    assert [row.card.says for row in card.rows] == ["李师傅"]
    await scene.served(part, 60)
    with pytest.raises(NotFound):
        await flow.record_confirmation(scene.ctx, leader, part.uid)
    with pytest.raises(NotFound):
        await flow.confirm_service(scene.ctx, leader, service.uid)
    assert await scene.balance("volunteer") == 0


async def test_nobody_confirms_their_own_hours(scene: Any) -> None:
    shift = await scene.shift("leader", "volunteer")
    own = await scene.part(shift, "leader")
    await scene.served(own, 60, by="leader")
    with pytest.raises(OwnHours):
        await flow.record_confirmation(scene.ctx, await scene.actor("leader"), own.uid)
    # Nor in the name of the one who earned them.
    with pytest.raises(OwnHours):
        await flow.record_confirmation(scene.ctx, await scene.actor("worker", acting_for="leader"), own.uid)
    assert await scene.balance("leader") == 0


async def test_confirming_twice_gives_the_same_answer_and_posts_once(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    first = await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    again = await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)
    assert again.replayed
    assert not first.replayed
    assert again.part == first.part
    assert again.credit == first.credit
    assert await scene.balance("volunteer") == 60


async def test_hours_are_not_confirmed_before_the_helper_has_left(scene: Any) -> None:
    _service, part = await scene.visit()
    with pytest.raises(NotYet):
        await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)


async def test_a_failure_in_the_book_leaves_the_attendance_as_it_was(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _service, part = await scene.visit()
    waiting = await scene.served(part, 60)

    async def broken(self: Book, command: Any, *, at: Any) -> None:
        raise RuntimeError("the disk went away")

    with monkeypatch.context() as patched:
        patched.setattr(Book, "post", broken)
        with pytest.raises(RuntimeError):
            await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert await services.attendance(scene.ctx.engine, part.uid) == waiting
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert await scene.balance("volunteer") == 60


async def test_a_failure_after_the_posting_leaves_no_hours(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _service, part = await scene.visit()
    waiting = await scene.served(part, 60)
    head = await scene.ctx.book("dongqu").head()

    async def broken(*_args: Any, **_known: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(services, "save_attendance", broken)
        with pytest.raises(RuntimeError):
            await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert await scene.posted() == []
    assert await scene.ctx.book("dongqu").head() == head
    assert await services.attendance(scene.ctx.engine, part.uid) == waiting


async def test_ten_minutes_short_earns_nothing_and_is_still_thanked(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 8)
    done = await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert done.part.state is State.POSTED
    assert done.part.transfer_uid == ""
    assert [cut.rule for cut in done.credit.cuts] == ["minimum"]
    assert await scene.posted() == []


async def test_the_elder_who_saved_hours_pays_and_gets_the_rest_back(scene: Any) -> None:
    await scene.give("elder", 120)
    _service, part = await scene.visit(held=60)
    await scene.served(part, 45)
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert await scene.balance("volunteer") == 45
    assert await scene.balance("elder") == 75
    [entry] = await scene.posted()
    assert entry.kind.value == "settle"


async def test_a_visit_longer_than_the_held_hours_is_paid_for_the_rest_by_the_community(scene: Any) -> None:
    await scene.give("elder", 120)
    _service, part = await scene.visit(held=60)
    await scene.served(part, 90)
    done = await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert done.credit.minutes_credited == 90
    assert await scene.balance("volunteer") == 90
    assert await scene.balance("elder") == 60
    settled, rest = await scene.posted()
    assert (settled.kind.value, rest.kind.value) == ("settle", "transfer")
    assert done.part.transfer_uid == settled.uid


async def test_held_hours_go_back_when_the_visit_earned_nothing_or_nobody_came(scene: Any) -> None:
    await scene.give("elder", 120)
    _service, part = await scene.visit(held=60)
    await scene.served(part, 5)
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    balance = await scene.ctx.book("dongqu").balance(f"Liabilities:Member:{scene.town.uids['elder']}")
    assert (balance.balance, balance.pending) == (120, 0)


async def test_the_days_cap_counts_every_service_of_the_day(scene: Any) -> None:
    for minutes, helped in ((300, "elder"), (240, "proxy")):
        _service, part = await scene.visit(minutes=minutes, recipient=helped)
        await scene.served(part, minutes)
        done = await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)
    assert done.credit.minutes_credited == 180
    assert done.credit.cuts[-1].rule == "day_cap"
    assert await scene.balance("volunteer") == 480


async def test_minutes_over_the_total_cap_go_to_the_community_fund(scene: Any) -> None:
    await scene.give("volunteer", 90_000 - 15)
    _service, part = await scene.visit()
    await scene.served(part, 60)
    done = await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    assert done.credit.minutes_credited == 15
    fund = await scene.ctx.book("dongqu").balance("Liabilities:Community:DONGQU:Fund")
    assert fund.balance == 45


async def test_the_same_minutes_at_two_places_are_refused(scene: Any) -> None:
    _one, first = await scene.visit()
    begun = scene.ctx.clock.now
    await scene.served(first, 60)
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), first.uid)
    scene.ctx.clock.now = begun + timedelta(minutes=30)
    _two, second = await scene.visit()
    await scene.served(second, 60)
    with pytest.raises(Clash):
        await flow.record_confirmation(scene.ctx, await scene.actor("worker"), second.uid)
    assert await scene.balance("volunteer") == 60


async def test_after_a_month_the_desk_confirms_and_after_three_nobody_does(scene: Any) -> None:
    _service, part = await scene.visit()
    _other, old = await scene.visit(starts_at=scene.ctx.now() + timedelta(hours=3))
    await scene.served(part, 60)
    scene.pass_time(120)
    await scene.served(old, 60)
    scene.pass_time(31 * 24 * 60)
    with pytest.raises(TooLate):
        await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)
    scene.pass_time(60 * 24 * 60)
    with pytest.raises(TooLate):
        await flow.record_confirmation(scene.ctx, await scene.actor("worker"), old.uid)


async def test_hours_of_a_closed_month_count_for_the_day_they_are_confirmed(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    scene.pass_time(10 * 24 * 60)
    await scene.ctx.book("dongqu").close_month("2026-11", at=scene.ctx.now())
    await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    [entry] = await scene.posted()
    assert entry.effective_on == scene.ctx.today()
    assert entry.occurred_at.astimezone(scene.ctx.zone).month == 11


async def test_a_disputed_part_waits_for_the_desk_which_writes_down_what_it_found(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 90)
    await flow.dispute(scene.ctx, await scene.actor("elder"), part.uid, note="只待了一个小时")
    with pytest.raises(NotYet):
        await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    found = await flow.resolve_dispute(
        scene.ctx, await scene.actor("worker"), part.uid, minutes_served=60, note="和双方都核对过"
    )
    assert found.state is State.POSTED
    assert await scene.balance("volunteer") == 60


async def test_what_did_not_take_place_earns_nothing_and_frees_the_held_hours(scene: Any) -> None:
    await scene.give("elder", 120)
    service, part = await scene.visit(held=60)
    await scene.served(part, 60)
    await flow.dispute(scene.ctx, await scene.actor("elder"), part.uid, note="没来过")
    await flow.resolve_dispute(
        scene.ctx, await scene.actor("worker"), part.uid, minutes_served=None, note="核实没来"
    )
    assert await scene.balance("volunteer") == 0
    balance = await scene.ctx.book("dongqu").balance(f"Liabilities:Member:{scene.town.uids['elder']}")
    assert balance.available == 120
    saved = await services.service(scene.ctx.engine, service.uid)
    assert saved is not None
    assert saved.state is ServiceState.CANCELLED


async def test_when_the_book_says_no_nothing_is_confirmed(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    await scene.ctx.book("dongqu").post(
        ChangeLimits(key="tight", code=issuing_account("dongqu"), floor=0, ceiling=None), at=scene.ctx.now()
    )
    with pytest.raises(LedgerRefusal):
        await flow.record_confirmation(scene.ctx, await scene.actor("elder"), part.uid)
    saved = await services.attendance(scene.ctx.engine, part.uid)
    assert saved is not None
    assert saved.state is State.CHECKED_OUT


class TestOnBothDatabases:
    @pytest.fixture
    def app_database_url(self, database_url: str) -> str:
        return database_url

    async def test_twenty_confirmations_at_once_post_once(self, scene: Any) -> None:
        _service, part = await scene.visit()
        await scene.served(part, 60)
        actors = [await scene.actor(who) for who in ("elder", "proxy", "worker", "worker2")]

        done = await asyncio.gather(
            *(flow.record_confirmation(scene.ctx, actors[n % 4], part.uid) for n in range(20))
        )

        assert sum(not one.replayed for one in done) == 1
        assert len({one.part.transfer_uid for one in done}) == 1
        assert await scene.balance("volunteer") == 60
        assert len(await scene.posted()) == 1

    async def test_confirming_different_services_of_one_person_at_once_keeps_the_days_cap(
        self, scene: Any
    ) -> None:
        parts = []
        for _number in range(3):
            _service, part = await scene.visit(minutes=240)
            await scene.served(part, 240)
            parts.append(part)
            scene.pass_time(1)
        worker = await scene.actor("worker")
        await asyncio.gather(*(flow.record_confirmation(scene.ctx, worker, part.uid) for part in parts))
        assert await scene.balance("volunteer") == 480

    async def test_a_shift_is_confirmed_with_one_tap_but_for_the_leaders_own_part(self, scene: Any) -> None:
        people = ("leader", "volunteer", "volunteer2")
        shift = await scene.shift(*people)
        leader = await scene.actor("leader")
        for who in people:
            await flow.tick(scene.ctx, leader, (await scene.part(shift, who)).uid)
        scene.pass_time(180)
        await flow.close_shift(scene.ctx, leader, shift.uid)

        done = await flow.confirm_service(scene.ctx, leader, shift.uid)

        # The leader entered them all: their own word says nothing new.
        assert (len(done.posted), len(done.second)) == (0, 2)
        assert [part.member for part in done.own] == [scene.town.uids["leader"]]
        assert [await scene.balance(who) for who in people] == [0, 0, 0]
        await flow.confirm_service(scene.ctx, await scene.actor("worker"), shift.uid)
        assert [await scene.balance(who) for who in people] == [180, 180, 180]
        saved = await services.service(scene.ctx.engine, shift.uid)
        assert saved is not None
        assert saved.state is ServiceState.DONE
        assert await scene.ctx.book("dongqu").verify() == []

    async def test_one_part_that_cannot_be_posted_does_not_hold_up_the_others(self, scene: Any) -> None:
        _visit, elsewhere = await scene.visit()
        await scene.served(elsewhere, 60)
        await flow.record_confirmation(scene.ctx, await scene.actor("elder"), elsewhere.uid)
        scene.pass_time(-60)
        shift = await scene.shift("volunteer", "volunteer2")
        leader = await scene.actor("leader")
        for who in ("volunteer", "volunteer2"):
            await flow.tick(scene.ctx, leader, (await scene.part(shift, who)).uid)
        scene.pass_time(180)
        await flow.close_shift(scene.ctx, leader, shift.uid)

        done = await flow.confirm_service(scene.ctx, await scene.actor("worker"), shift.uid)

        assert [type(refusal) for _part, refusal in done.refused] == [Clash]
        assert await scene.balance("volunteer2") == 180
        assert await scene.balance("volunteer") == 60
