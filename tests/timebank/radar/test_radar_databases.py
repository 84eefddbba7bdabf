"""The radar's look, its flags and what is found of them are the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.timebank.conftest import Town
from tests.timebank.settling import hold
from timebank.daily import do_what_is_due
from timebank.help.services import flow as services
from timebank.help.services.writing_times import write_times
from timebank.office.radar import flow
from timebank.office.radar.watching import seen
from timebank.rules.parts.attendance import Attendance, Kind, Service
from timebank.rules.radar import Look, Pattern
from timebank.rules.relationships import member
from timebank.store.help.services import add_attendance, add_service
from timebank.store.oversight import flags


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def test_what_one_hand_entered_and_vouched_for_is_seen_after_a_week_by_others(town: Town) -> None:
    ctx, desk = town.ctx, await town.actor("worker")
    await hold(ctx, "dongqu", "proxy", town.uids["proxy"], member(town.uids["elder"]))
    for days in (1, 2, 3):
        starts = ctx.now() - timedelta(days=days)
        service = Service(
            uid=ctx.ids.uid("S"), community="dongqu", kind=Kind.VISIT, title="陪聊", recipient=town.uids["elder"],
            starts_at=starts, ends_at=starts + timedelta(hours=1),
        )  # fmt: skip
        async with ctx.engine.atomic():
            await add_service(ctx, service, created_by=desk.uid)
            part = Attendance(
                uid=ctx.ids.uid("A"), service=service.uid, member=town.uids["volunteer"], signed_up_at=starts
            )
            await add_attendance(ctx.engine, part)
        await write_times(ctx, desk, part.uid, arrived=starts, left=starts + timedelta(hours=1))
        await services.record_confirmation(ctx, desk, part.uid)
    here = await seen(ctx, "dongqu")
    assert [len(one.words) for one in here.parts] == [1, 1, 1]
    assert here.met[town.uids["elder"]] == {town.uids["proxy"]}
    assert (await do_what_is_due(ctx)).flags == 0, "within a week somebody else may still come to it"

    ctx.clock.now += timedelta(days=8)  # type: ignore[attr-defined]
    assert (await do_what_is_due(ctx)).flags == 1
    assert (await do_what_is_due(ctx)).flags == 0
    [kept] = await flags.flags(ctx.engine, "dongqu")
    assert (kept.flag.rule, kept.flag.people) == (Pattern.ALONE, (desk.uid,))
    assert sorted(kept.flag.parts) == sorted(one.uid for one in here.parts)
    other = await town.actor("worker2")
    [shown] = (await flow.shown(ctx, other)).open
    assert [one.minutes_served for one in shown.parts] == [60, 60, 60]
    assert (await flow.shown(ctx, desk)).open == ()
    await flow.look_at(ctx, other, kept.uid, found=Look.WRONG, says="没有人记得这三次")
    again = await flags.flag(ctx.engine, kept.uid)
    assert again is not None
    assert (again.state, again.says) == (Look.WRONG, "没有人记得这三次")
