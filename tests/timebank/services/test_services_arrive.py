"""Signing up, arriving and leaving: by oneself, by the four digits, by the elder, by the leader."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from tests.timebank.settling import settle
from timebank.errors import (
    AlreadyDone,
    BadField,
    Clash,
    Full,
    GuardianNeeded,
    NotFound,
    NotYet,
    TooLate,
    TryLater,
    WrongCode,
    WrongMoment,
)
from timebank.help.services import flow
from timebank.rules.parts.arrival import arrival_code
from timebank.rules.parts.attendance import Evidence, ServiceState, State
from timebank.store.help import services


async def test_an_open_shift_is_joined_left_and_joined_again(scene: Any) -> None:
    shift = await scene.shift(starts_at=scene.ctx.now() + timedelta(days=1))
    volunteer = await scene.actor("volunteer")
    part = await flow.sign_up(scene.ctx, volunteer, shift.uid)
    with pytest.raises(AlreadyDone):
        await flow.sign_up(scene.ctx, volunteer, shift.uid)
    await flow.cancel_attendance(scene.ctx, volunteer, part.uid, note="感冒了")
    again = await flow.sign_up(scene.ctx, volunteer, shift.uid)
    assert (again.uid, again.state, again.note) == (part.uid, State.SIGNED_UP, "")


async def test_the_last_place_is_taken_once(scene: Any) -> None:
    shift = await scene.shift("volunteer", capacity=1, starts_at=scene.ctx.now() + timedelta(days=1))
    with pytest.raises(Full):
        await flow.sign_up(scene.ctx, await scene.actor("volunteer2"), shift.uid)


async def test_nobody_is_at_two_places_and_a_minor_needs_a_guardian(scene: Any) -> None:
    await scene.visit(starts_at=scene.ctx.now() + timedelta(hours=1))
    shift = await scene.shift(starts_at=scene.ctx.now())
    with pytest.raises(Clash):
        await flow.sign_up(scene.ctx, await scene.actor("volunteer"), shift.uid)
    with pytest.raises(GuardianNeeded):
        await flow.sign_up(scene.ctx, await scene.actor("minor"), shift.uid)


async def test_a_visit_is_arranged_and_not_joined_and_strangers_join_nothing(scene: Any) -> None:
    visit, _part = await scene.visit()
    shift = await scene.shift()
    with pytest.raises(NotFound):
        await flow.sign_up(scene.ctx, await scene.actor("volunteer2"), visit.uid)
    with pytest.raises(NotFound):
        await flow.sign_up(scene.ctx, await scene.actor("stranger_volunteer"), shift.uid)


async def test_a_single_errand_is_its_teams_and_a_units_gift_is_the_units(scene: Any) -> None:
    starts_at = scene.ctx.now() + timedelta(days=1)
    errand = await scene.shift(capacity=1, starts_at=starts_at)
    async with scene.ctx.engine.atomic():
        other = await settle(scene.ctx, "dongqu", "何平", gives=True)
        lecture = replace(await scene.shift(starts_at=starts_at), uid="SLECTURE1", team="", unit="hospital")
        await services.add_service(scene.ctx, lecture, created_by="")
    scene.town.uids["outsider"] = other
    for uid in (errand.uid, lecture.uid):
        with pytest.raises(NotFound):
            await flow.sign_up(scene.ctx, await scene.actor("outsider"), uid)
    page = await (await scene.town.client("outsider")).page("/volunteer")
    assert errand.uid not in page.text
    assert lecture.uid not in page.text
    await flow.sign_up(scene.ctx, await scene.actor("volunteer"), errand.uid)


@pytest.mark.parametrize(
    ("who", "evidence"),
    [
        ("volunteer", Evidence.SELF),
        ("elder", Evidence.ELDER),
        ("proxy", Evidence.ELDER),
        ("worker", Evidence.DESK),
    ],
)
async def test_who_says_that_the_helper_came_is_the_evidence(
    scene: Any, who: str, evidence: Evidence
) -> None:
    service, part = await scene.visit()
    part = await flow.check_in(scene.ctx, await scene.actor(who), part.uid)
    assert part.evidence is evidence
    assert part.checked_in_by == scene.town.uids[who]
    saved = await services.service(scene.ctx.engine, service.uid)
    assert saved is not None
    assert saved.state is ServiceState.UNDER_WAY


async def test_the_four_digits_prove_it_and_wrong_ones_slow_down(scene: Any) -> None:
    service, part = await scene.visit()
    volunteer = await scene.actor("volunteer")
    right = arrival_code(scene.ctx.settings, service.uid)
    wrong = f"{(int(right) + 1) % 10_000:04d}"
    for _try in range(3):
        with pytest.raises(WrongCode):
            await flow.check_in(scene.ctx, volunteer, part.uid, code=wrong)
    with pytest.raises(TryLater):
        await flow.check_in(scene.ctx, volunteer, part.uid, code=right)
    scene.pass_time(2)
    part = await flow.check_in(scene.ctx, volunteer, part.uid, code=right)
    assert part.evidence is Evidence.CODE


async def test_the_digits_of_one_service_open_no_other(scene: Any) -> None:
    one, _part = await scene.visit()
    other, _part = await scene.visit(starts_at=scene.ctx.now() + timedelta(hours=3))
    assert arrival_code(scene.ctx.settings, one.uid) != arrival_code(scene.ctx.settings, other.uid)


@pytest.mark.parametrize(("minutes_before", "refusal"), [(61, NotYet), (-60 - 12 * 60 - 1, TooLate)])
async def test_arriving_has_its_hours(scene: Any, minutes_before: int, refusal: type[Exception]) -> None:
    _service, part = await scene.visit(starts_at=scene.ctx.now() + timedelta(minutes=minutes_before))
    with pytest.raises(refusal):
        await flow.check_in(scene.ctx, await scene.actor("volunteer"), part.uid)


async def test_a_shift_counts_from_its_beginning_and_a_visit_from_the_arrival(scene: Any) -> None:
    starts_at = scene.ctx.now() + timedelta(minutes=20)
    shift = await scene.shift("volunteer2", starts_at=starts_at)
    on_shift = await flow.tick(
        scene.ctx, await scene.actor("leader"), (await scene.part(shift, "volunteer2")).uid
    )
    assert on_shift.checked_in_at == starts_at
    _service, part = await scene.visit(starts_at=starts_at)
    at_home = await flow.check_in(scene.ctx, await scene.actor("volunteer"), part.uid)
    assert at_home.checked_in_at == scene.ctx.now()


async def test_somebody_checked_in_elsewhere_is_not_checked_in_here(scene: Any) -> None:
    _one, first = await scene.visit()
    _two, second = await scene.visit()
    volunteer = await scene.actor("volunteer")
    await flow.check_in(scene.ctx, volunteer, first.uid)
    with pytest.raises(Clash):
        await flow.check_in(scene.ctx, volunteer, second.uid)


async def test_a_slip_of_the_finger_is_taken_back(scene: Any) -> None:
    shift = await scene.shift("volunteer")
    leader = await scene.actor("leader")
    part = await scene.part(shift, "volunteer")
    await flow.tick(scene.ctx, leader, part.uid)
    undone = await flow.undo_check_in(scene.ctx, leader, part.uid)
    assert (undone.state, undone.evidence) == (State.SIGNED_UP, None)
    saved = await services.service(scene.ctx.engine, shift.uid)
    assert saved is not None
    assert saved.state is ServiceState.PLANNED


async def test_a_leader_writes_down_who_left_early_but_not_ahead_of_time(scene: Any) -> None:
    shift = await scene.shift("volunteer", "volunteer2")
    leader = await scene.actor("leader")
    parts = [await scene.part(shift, who) for who in ("volunteer", "volunteer2")]
    for part in parts:
        await flow.tick(scene.ctx, leader, part.uid)
    scene.pass_time(170)
    with pytest.raises(WrongMoment):
        await flow.check_out(scene.ctx, leader, parts[0].uid, at=time(23, 0))
    with pytest.raises(WrongMoment):
        await flow.check_out(scene.ctx, leader, parts[0].uid, at=time(8, 0))
    left = await flow.check_out(scene.ctx, leader, parts[0].uid, at=time(10, 10))
    assert left.minutes_served == 90
    # Whoever earns the hours cannot choose the hour.
    left = await flow.check_out(scene.ctx, await scene.actor("volunteer2"), parts[1].uid, at=time(10, 10))
    assert left.minutes_served == 170


async def test_a_helper_who_cancels_leaves_a_place_that_the_desk_fills(scene: Any) -> None:
    service, part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=1))
    await flow.cancel_attendance(scene.ctx, await scene.actor("volunteer"), part.uid)
    told = await scene.ctx.engine.fetch(
        "SELECT member FROM tb_news WHERE kind = 'helper_cancelled' ORDER BY member"
    )
    assert {row["member"] for row in told} == {scene.town.uids["elder"], scene.town.uids["worker"]}
    for who in ("volunteer2", "leader", "unit", "stranger_worker"):
        with pytest.raises((NotFound, KeyError)):
            await flow.name_helper(
                scene.ctx, await scene.actor(who), service.uid, member=scene.town.uids["volunteer2"]
            )
    named = await flow.name_helper(
        scene.ctx, await scene.actor("worker"), service.uid, member=scene.town.uids["volunteer2"]
    )
    assert named.member == scene.town.uids["volunteer2"]
    with pytest.raises(Full):
        await flow.name_helper(
            scene.ctx, await scene.actor("worker"), service.uid, member=scene.town.uids["leader"]
        )


async def test_nobody_is_sent_to_help_themselves(scene: Any) -> None:
    service, part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=1))
    await flow.cancel_attendance(scene.ctx, await scene.actor("worker"), part.uid)
    with pytest.raises(BadField):
        await flow.name_helper(
            scene.ctx, await scene.actor("worker"), service.uid, member=scene.town.uids["elder"]
        )


async def test_a_refused_step_comes_back_to_the_same_page_with_its_reason(scene: Any) -> None:
    _service, part = await scene.visit()
    client = await scene.town.client("volunteer")
    page = await client.submit(f"/attendances/{part.uid}/check-in", {"next": "/volunteer", "code": "99999"})
    assert page.status_code == 200
    assert "四位码不对" in page.text
    assert "我到了" in page.text
    page = await client.submit(f"/attendances/{part.uid}/dispute", {"next": "/volunteer", "note": ""})
    assert "这里还没有填" in page.text
    swapped = await client.post(
        f"/attendances/{part.uid}/undo",
        data={"next": "/volunteer"},
        headers={"accept": "text/html", "hx-request": "true"},
    )
    assert swapped.headers["hx-redirect"] == "/volunteer"
