"""Shifts of a team: made from the activities list, closed by the leader, open to whoever comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from marketplace.notices import HolidayNotice
from marketplace.store import save_activities, save_resources
from marketplace.times import read_when
from marketplace.values import Activity, Place, Quantity, Resource, Unit, Week
from tests.timebank.settling import settle
from timebank.errors import AlreadyDone, BadField, GuardianNeeded, NotFound, NotYet, WrongMoment
from timebank.help.services import flow
from timebank.rules.parts.attendance import ServiceState, State
from timebank.store.help import services
from timebank.store.members import people
from timebank.store.places import calendars

FILED_ON = date(2026, 11, 18)
W48 = Week.parse("2026-W48")


def activity(title: str, lead: str, when: str, *, helpers: int | None = 12, key: str = "a1") -> Activity:
    return Activity(
        line_key=key,
        title=title,
        lead=lead,
        when=read_when(when, filed_on=FILED_ON),
        place=Place(text="社区小广场(移动办公桌)"),
        helpers=Quantity(phrase="12人", amount=helpers, unit=Unit.PERSON) if helpers else None,
    )


RED_VESTS = activity("周二“红马甲”在行动", "离退休党员服务队", "每周二上午8:30")
OFFER = Resource(
    line_key="r13",
    title="环境整治、代买代购、便民代办",
    owner="red-vests",
    owner_kind="team",
    when=read_when("每周二 8:30-11:30", filed_on=FILED_ON),
)


async def listed(scene: Any, *activities: Activity, offers: tuple[Resource, ...] = (OFFER,)) -> None:
    await save_activities(scene.ctx.engine, "dongqu", list(activities), at=scene.ctx.now())
    await save_resources(scene.ctx.engine, "dongqu", list(offers), at=scene.ctx.now())


async def test_the_weeks_shift_comes_from_the_list_with_the_end_that_the_team_offers(scene: Any) -> None:
    await listed(scene, RED_VESTS)
    [shift] = await flow.ensure_shifts(scene.ctx, "dongqu", W48)
    zone = scene.ctx.zone
    assert shift.starts_at.astimezone(zone).strftime("%a %H:%M") == "Tue 08:30"
    assert shift.ends_at.astimezone(zone).strftime("%H:%M") == "11:30"
    assert (shift.team, shift.lead, shift.capacity) == ("red-vests", scene.town.uids["leader"], 12)
    assert shift.place == "社区小广场(移动办公桌)"


async def test_making_a_week_twice_makes_it_once(scene: Any) -> None:
    await listed(scene, RED_VESTS)
    assert len(await flow.ensure_shifts(scene.ctx, "dongqu", W48)) == 1
    assert await flow.ensure_shifts(scene.ctx, "dongqu", W48) == []
    assert len(await flow.ensure_shifts(scene.ctx, "dongqu", Week.parse("2026-W49"))) == 1
    assert len(await services.services(scene.ctx.engine, "dongqu", team="red-vests")) == 2


async def test_only_repeating_activities_of_a_team_make_shifts(scene: Any) -> None:
    await listed(
        scene,
        activity("健康义诊", "周二红马甲服务队", "2026.11.24 9:00", key="a2"),
        activity("居民说事日", "社区居委会", "每周三上午", key="a3"),
        activity("读报", "周二红马甲服务队", "每周四 9:00-10:00", helpers=None, key="a4"),
    )
    made = await flow.ensure_shifts(scene.ctx, "dongqu", W48)
    assert [(shift.title, shift.capacity) for shift in made] == [("读报", 12)]


async def test_a_leader_plans_only_for_their_own_team(scene: Any) -> None:
    await listed(scene, RED_VESTS)
    for who in ("volunteer", "stranger_worker"):
        with pytest.raises(NotFound):
            await flow.plan_shifts(scene.ctx, await scene.actor(who), "red-vests")
    assert len(await flow.plan_shifts(scene.ctx, await scene.actor("leader"), "red-vests")) == 2


async def test_closing_asks_about_those_never_ticked(scene: Any) -> None:
    shift = await scene.shift("volunteer", "volunteer2")
    leader = await scene.actor("leader")
    with pytest.raises(NotYet):
        await flow.close_shift(scene.ctx, leader, shift.uid, absent_known=True)
    await flow.tick(scene.ctx, leader, (await scene.part(shift, "volunteer")).uid)
    scene.pass_time(200)
    with pytest.raises(NotYet) as asked:
        await flow.close_shift(scene.ctx, leader, shift.uid)
    assert asked.value.known == {"missing": 1}
    closed = await flow.close_shift(scene.ctx, leader, shift.uid, absent_known=True)
    assert [part.minutes_served for part in closed.left] == [180]
    assert await scene.states(shift) == {"volunteer": State.CHECKED_OUT, "volunteer2": State.NO_SHOW}


@pytest.mark.parametrize("at", [time(8, 0), time(23, 59)])
async def test_a_shift_closes_neither_before_people_came_nor_ahead_of_time(scene: Any, at: time) -> None:
    shift = await scene.shift("volunteer")
    leader = await scene.actor("leader")
    await flow.tick(scene.ctx, leader, (await scene.part(shift, "volunteer")).uid)
    scene.pass_time(60)
    with pytest.raises(WrongMoment):
        await flow.close_shift(scene.ctx, leader, shift.uid, at=at)
    assert await scene.states(shift) == {"volunteer": State.CHECKED_IN}


@pytest.mark.parametrize("who", ["volunteer", "unit", "stranger_worker"])
async def test_only_the_leader_and_the_desk_call_the_roll(scene: Any, who: str) -> None:
    shift = await scene.shift("volunteer")
    actor = await scene.actor(who)
    with pytest.raises(NotFound):
        await flow.tick(scene.ctx, actor, (await scene.part(shift, "volunteer")).uid)
    with pytest.raises(NotFound):
        await flow.close_shift(scene.ctx, actor, shift.uid, absent_known=True)
    with pytest.raises(NotFound):
        await flow.add_walk_up(scene.ctx, actor, shift.uid, name="王阿姨")


async def test_a_walk_up_needs_no_more_than_a_name_and_finds_room(scene: Any) -> None:
    shift = await scene.shift("volunteer", capacity=1)
    leader = await scene.actor("leader")
    part = await flow.add_walk_up(scene.ctx, leader, shift.uid, name=" 王阿姨 ")
    assert part.state is State.CHECKED_IN
    person = await people.person(scene.ctx.engine, part.member)
    assert person.name == "王阿姨"
    again = await scene.shift()
    known = await flow.undo_check_in(scene.ctx, leader, part.uid)
    assert known.state is State.SIGNED_UP
    scene.pass_time(24 * 60)
    tomorrow = await scene.shift()
    second = await flow.add_walk_up(scene.ctx, leader, tomorrow.uid, name="王阿姨")
    assert second.member == part.member
    assert again.uid != tomorrow.uid


@pytest.mark.parametrize(
    ("name", "phone"),
    [
        ("李四", "+86 199 0000 0004"),
        ("李　四", "199-0000-0004"),
        ("李师傅", "19900000004"),
        ("021", ""),
        ("０２１", ""),
    ],
)
async def test_a_walk_up_is_known_by_name_and_phone_or_by_vest_number(
    scene: Any, name: str, phone: str
) -> None:
    shift = await scene.shift()
    part = await flow.add_walk_up(scene.ctx, await scene.actor("leader"), shift.uid, name=name, phone=phone)
    assert part.member == scene.town.uids["volunteer"]


async def test_a_number_alone_tells_a_leader_nobodys_name(scene: Any) -> None:
    shift = await scene.shift()
    with pytest.raises(BadField) as asked:
        await flow.add_walk_up(
            scene.ctx, await scene.actor("leader"), shift.uid, name="", phone="19900000101"
        )
    assert asked.value.field == "name"
    assert "王" not in asked.value.zh


async def test_a_residents_name_called_at_a_shift_is_asked_about_and_may_be_a_new_volunteer(
    scene: Any,
) -> None:
    shift, leader = await scene.shift(), await scene.actor("leader")
    with pytest.raises(BadField) as asked:
        await flow.add_walk_up(scene.ctx, leader, shift.uid, name="王秀英")
    assert "3号楼" not in asked.value.zh
    part = await flow.add_walk_up(scene.ctx, leader, shift.uid, name="王秀英", first_time=True)
    assert part.member != scene.town.uids["elder"]
    with pytest.raises(AlreadyDone):  # told apart once, known from then on
        await flow.add_walk_up(scene.ctx, leader, shift.uid, name="王秀英")


async def test_two_of_one_name_are_asked_about(scene: Any) -> None:
    async with scene.ctx.engine.atomic():
        for number in ("041", "042"):
            await settle(scene.ctx, "dongqu", "张伟", gives=True, number=number)
    shift = await scene.shift()
    with pytest.raises(BadField) as asked:
        await flow.add_walk_up(scene.ctx, await scene.actor("leader"), shift.uid, name="张伟")
    assert asked.value.field == "phone"


@pytest.mark.parametrize(
    ("name", "phone", "field"),
    [
        ("", "", "name"),
        ("王阿姨", "1990000003", "phone"),
        ("", "19912345678", "name"),
    ],
)
async def test_a_walk_up_that_cannot_be_told_is_asked_for(
    scene: Any, name: str, phone: str, field: str
) -> None:
    shift = await scene.shift()
    with pytest.raises(BadField) as asked:
        await flow.add_walk_up(scene.ctx, await scene.actor("leader"), shift.uid, name=name, phone=phone)
    assert asked.value.field == field


async def test_minors_without_consent_are_thanked_and_not_recorded(scene: Any) -> None:
    shift = await scene.shift()
    leader = await scene.actor("leader")
    with pytest.raises(GuardianNeeded):
        await flow.add_walk_up(scene.ctx, leader, shift.uid, member=scene.town.uids["minor"])
    with pytest.raises(GuardianNeeded):
        await flow.add_walk_up(scene.ctx, leader, shift.uid, name="小明", minor=True)
    assert await scene.states(shift) == {}


async def test_a_red_vest_shift_of_twelve_through_the_api(scene: Any) -> None:
    await listed(scene, RED_VESTS)
    [shift] = await flow.ensure_shifts(scene.ctx, "dongqu", W48)
    leader = await scene.town.client("leader")
    here = f"/api/services/{shift.uid}"
    people = [f"队员{number}" for number in range(1, 12)]
    for name in people:
        assert (await leader.post(f"{here}/walk-ups", json={"name": name})).status_code == 200
    own = await leader.post(f"{here}/walk-ups", json={"member": scene.town.uids["leader"]})
    assert own.status_code == 200
    scene.pass_time(180)
    closed = await leader.post(f"{here}/close", json={"at": "11:30"})
    assert len(closed.json()["left"]) == 12
    done = await leader.post(f"{here}/confirm", headers={"idempotency-key": "shift"})
    again = await leader.post(f"{here}/confirm", headers={"idempotency-key": "shift"})
    assert done.json() == again.json()
    assert (len(done.json()["posted"]), len(done.json()["second"])) == (0, 11)
    assert done.json()["own"] == [own.json()["uid"]]
    worker = await scene.town.client("worker")
    last = await worker.post(f"{here}/confirm")
    assert len(last.json()["posted"]) == 12
    # 8:40 to 11:30 are 170 minutes, which count as 165.
    assert {one["credit"]["minutes_credited"] for one in last.json()["posted"]} == {165}
    assert {one["attendance"]["grade"] for one in last.json()["posted"]} == {"C"}
    saved = await services.service(scene.ctx.engine, shift.uid)
    assert saved is not None
    assert saved.state is ServiceState.DONE
    assert await scene.ctx.book("dongqu").verify() == []


async def test_a_shift_that_nobody_came_to_counts_as_cancelled(scene: Any) -> None:
    shift = await scene.shift("volunteer", starts_at=scene.ctx.now() + timedelta(minutes=5))
    part = await scene.part(shift, "volunteer")
    await flow.check_in(scene.ctx, await scene.actor("volunteer"), part.uid)
    scene.pass_time(30)
    await flow.check_out(scene.ctx, await scene.actor("volunteer"), part.uid)
    await flow.dispute(scene.ctx, await scene.actor("leader"), part.uid, note="没见到人")
    await flow.resolve_dispute(
        scene.ctx, await scene.actor("worker"), part.uid, minutes_served=None, note="确实没来"
    )
    saved = await services.service(scene.ctx.engine, shift.uid)
    assert saved is not None
    assert saved.state is ServiceState.CANCELLED


async def planned(scene: Any, phrase: str, *weeks: str) -> list[str]:
    line = activity("读报", "周二红马甲服务队", phrase, key="k1")
    await listed(scene, line, offers=())
    made = [one for week in weeks for one in await flow.ensure_shifts(scene.ctx, "dongqu", Week.parse(week))]
    return [one.starts_at.astimezone(scene.ctx.zone).strftime("%m-%d %H:%M") for one in made]


async def test_every_other_week_makes_a_shift_every_other_week(scene: Any) -> None:
    weeks = ("2026-W48", "2026-W49", "2026-W50", "2026-W51")
    # Filed on Wednesday the 18th: that is the first of them.
    assert await planned(scene, "隔周周三 9:00-11:00", *weeks) == ["12-02 09:00", "12-16 09:00"]


@pytest.mark.parametrize("phrase", ["每月最后一个周五 14:00-16:00", "每月27日 14:00-16:00"])
async def test_what_comes_once_a_month_makes_its_shift(scene: Any, phrase: str) -> None:
    assert await planned(scene, phrase, "2026-W48") == ["11-27 14:00"]


async def test_one_of_two_days_is_nobodys_shift_until_somebody_says_which(scene: Any) -> None:
    assert await planned(scene, "周六或周日上午", "2026-W48") == []


async def test_half_past_eight_is_half_past_eight_in_another_zone(scene: Any) -> None:
    policies = scene.ctx.policies
    abroad = replace(policies, default=replace(policies.default, timezone="Europe/Madrid"))
    scene.town.ctx = replace(scene.ctx, policies=abroad)
    assert await planned(scene, "每周二 8:30-11:30", "2026-W48") == ["11-24 08:30"]


async def test_a_shift_on_a_workday_that_the_office_s_notice_takes_out_is_not_made(scene: Any) -> None:
    notice = HolidayNotice(year=2026, days_off=(date(2026, 11, 24),))
    await calendars.keep_notice(scene.ctx.engine, "dongqu", notice)
    assert await planned(scene, "每周二 8:30-11:30(节假日除外)", "2026-W48") == []
    await calendars.drop_notice(scene.ctx.engine, "dongqu", 2026)
    assert await calendars.notice_of(scene.ctx.engine, "dongqu", 2026) is None
    assert await planned(scene, "每周二 8:30-11:30(节假日除外)", "2026-W48") == ["11-24 08:30"]
