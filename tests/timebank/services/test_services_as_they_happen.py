"""A shift as it happens: time that is free again, sign-outs that were forgotten, one word for a house, nights, other clocks."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.timebank.settling import mandate
from timebank.errors import Clash
from timebank.help.services import flow
from timebank.help.services.words.confirming import waiting_for_word
from timebank.rules.parts.attendance import State


async def test_a_forgotten_sign_out_is_not_confirmed_with_the_others(scene: Any) -> None:
    shift = await scene.shift("volunteer", "volunteer2")
    volunteer, leader = await scene.actor("volunteer"), await scene.actor("leader")
    for who in ("volunteer", "volunteer2"):
        await flow.tick(scene.ctx, leader, (await scene.part(shift, who)).uid)
    scene.pass_time(170)
    await flow.check_out(scene.ctx, leader, (await scene.part(shift, "volunteer2")).uid)
    scene.pass_time(510)
    await flow.check_out(scene.ctx, volunteer, (await scene.part(shift, "volunteer")).uid)
    done = await flow.confirm_service(scene.ctx, await scene.actor("worker"), shift.uid)
    assert [one.part.member for one in done.posted] == [scene.town.uids["volunteer2"]]
    [(part, refusal)] = done.refused
    assert (part.member, refusal.code) == (scene.town.uids["volunteer"], "longer_than_planned")
    assert sum(one.credit.minutes_credited for one in done.posted) <= shift.minutes_planned + 60


@pytest.mark.parametrize(("stayed", "free"), [(45, True), (70, False)])
async def test_who_left_early_may_help_elsewhere(scene: Any, stayed: int, free: bool) -> None:
    first = await scene.shift("volunteer")
    second = await scene.shift(starts_at=scene.ctx.now() + timedelta(minutes=60))
    volunteer, part = await scene.actor("volunteer"), await scene.part(first, "volunteer")
    await flow.check_in(scene.ctx, volunteer, part.uid)
    scene.pass_time(stayed)
    await flow.check_out(scene.ctx, volunteer, part.uid)
    if free:
        scene.pass_time(10)
        assert await flow.sign_up(scene.ctx, volunteer, second.uid)
        return
    with pytest.raises(Clash):
        await flow.sign_up(scene.ctx, volunteer, second.uid)


async def test_a_forgotten_sign_out_does_not_lock_the_next_shift(scene: Any) -> None:
    first = await scene.shift("volunteer")
    second = await scene.shift("volunteer", starts_at=first.ends_at)
    volunteer = await scene.actor("volunteer")
    await flow.check_in(scene.ctx, volunteer, (await scene.part(first, "volunteer")).uid)
    scene.pass_time(181)
    part = await flow.check_in(scene.ctx, volunteer, (await scene.part(second, "volunteer")).uid)
    assert part.state is State.CHECKED_IN
    assert (await scene.part(first, "volunteer")).state is State.CHECKED_IN


async def test_nobody_is_in_two_places_while_both_go_on(scene: Any) -> None:
    first = await scene.shift("volunteer")
    second = await scene.shift("volunteer", starts_at=first.starts_at + timedelta(minutes=30))
    volunteer = await scene.actor("volunteer")
    await flow.check_in(scene.ctx, volunteer, (await scene.part(first, "volunteer")).uid)
    scene.pass_time(40)
    with pytest.raises(Clash):
        await flow.check_in(scene.ctx, volunteer, (await scene.part(second, "volunteer")).uid)


async def test_one_nurse_speaks_for_the_house_in_one_step_where_she_may(scene: Any) -> None:
    visits = []
    for _number in range(3):
        _service, part = await scene.visit()
        await scene.served(part, 30)
        scene.pass_time(40)
        visits.append(part.uid)
    nurse = await scene.actor("unit")
    assert await waiting_for_word(scene.ctx, nurse) == []
    async with scene.ctx.engine.atomic():
        await mandate(scene.ctx, "dongqu", elder=scene.town.uids["elder"], proxy=scene.town.uids["unit"])
    nurse = await scene.actor("unit")
    assert [part.uid for part, _service in await waiting_for_word(scene.ctx, nurse)] == visits
    done = await flow.confirm_many(scene.ctx, nurse, [*visits, visits[0], "ANOBODYS"])
    assert [one.part.uid for one in done.done] == visits
    assert [(uid, why.code) for uid, why in done.refused] == [("ANOBODYS", "not_found")]
    assert await scene.balance("volunteer") == 90


async def test_a_night_passes_midnight_and_the_clock_after_it_is_the_next_days(scene: Any) -> None:
    zone = scene.ctx.zone
    night = scene.ctx.now().astimezone(zone).replace(hour=22, minute=0)
    shift = await scene.shift("volunteer", starts_at=night)
    leader, part = await scene.actor("leader"), await scene.part(shift, "volunteer")
    scene.ctx.clock.now = night
    await flow.tick(scene.ctx, leader, part.uid)
    scene.ctx.clock.now = night + timedelta(hours=4)
    left = await flow.check_out(scene.ctx, leader, part.uid, at=time(0, 30))
    assert left.checked_out_at is not None
    assert left.checked_out_at.astimezone(zone) == datetime(
        night.year, night.month, night.day, 0, 30, tzinfo=zone
    ) + timedelta(days=1)
    assert left.minutes_served == 150
