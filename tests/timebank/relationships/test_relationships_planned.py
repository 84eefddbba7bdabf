"""What the planner learns from relationships: who is away, whose certificate ends, which lines are posts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.values import Resource, Week, Window
from tests.timebank.settling import hold
from timebank.catalogue import Heard
from timebank.community import relating
from timebank.community.plan_stale import plan_stale_since
from timebank.community.relationships import posts
from timebank.help.lists import claiming
from timebank.help.planning.gathering import gather
from timebank.rules.relationships import Absence, Party, Sort, member
from timebank.store.relations import absences

WEEK = Week.parse("2026-W48")
CERTIFICATE = Party(Sort.CATEGORY, "electrical")


@pytest.fixture
async def offered(town: Any) -> Any:
    """钱二's own line on the resources list."""
    line = Resource(
        line_key="qian",
        title="修灯",
        owner=town.uids["volunteer2"],
        owner_kind="volunteer",
        categories=("electrical",),
    )
    await lists.save_resources(town.ctx.engine, "dongqu", [line], at=town.ctx.now())
    return town


async def test_days_away_stand_on_the_volunteers_own_line(offered: Any) -> None:
    ctx = offered.ctx
    away = Absence(member=offered.uids["volunteer2"], from_on=date(2026, 11, 26), to_on=date(2026, 12, 9))
    await absences.add_absence(ctx.engine, away)
    [line] = (await gather(ctx, "dongqu", WEEK)).resources
    assert line.away == ((date(2026, 11, 26), WEEK.sunday_on),)
    [later] = (await gather(ctx, "dongqu", Week.parse("2026-W51"))).resources
    assert later.away == ()


async def test_a_pause_lasts_until_they_are_back(offered: Any) -> None:
    ctx = offered.ctx
    pause = Absence(member=offered.uids["volunteer2"], from_on=date(2026, 11, 20))
    await absences.add_absence(ctx.engine, pause)
    [line] = (await gather(ctx, "dongqu", WEEK)).resources
    assert line.away == ((WEEK.monday_on, WEEK.sunday_on),)


async def test_the_last_day_of_a_certificate_is_known_also_after_it(offered: Any) -> None:
    ctx, uid = offered.ctx, offered.uids["volunteer2"]
    last_on = ctx.today() + timedelta(days=3)
    async with ctx.engine.atomic():
        wanted = relating.Wanted(
            kind="certificate", holder=member(uid), target=CERTIFICATE, until_on=last_on, note="电工证 0001"
        )
        await relating.offer(ctx, await offered.actor("worker"), wanted)
    known = (await gather(ctx, "dongqu", WEEK)).context.certificates_until
    assert known[(uid, "electrical")] == last_on
    ctx.clock.now += timedelta(days=5)
    assert await relating.lapse_relationships(ctx) == 1
    assert (await gather(ctx, "dongqu", WEEK)).context.certificates_until[(uid, "electrical")] == last_on


async def test_a_certificate_without_an_end_limits_nothing(offered: Any) -> None:
    ctx = offered.ctx
    await hold(ctx, "dongqu", "certificate", offered.uids["volunteer2"], CERTIFICATE)
    assert (await gather(ctx, "dongqu", WEEK)).context.certificates_until == {}


async def test_the_plan_says_that_who_can_come_has_changed(offered: Any) -> None:
    ctx = offered.ctx
    assert await plan_stale_since(ctx, "dongqu") == ""
    async with ctx.engine.atomic():
        joins = relating.Wanted(
            kind="team_member", holder=member(offered.uids["proxy"]), target=relating.organisation("red-vests"),
            holder_yes=Heard.TOLD, target_yes=Heard.TOLD,
        )  # fmt: skip
        await relating.offer(ctx, await offered.actor("worker"), joins)
    assert await plan_stale_since(ctx, "dongqu") != ""


async def test_a_post_is_neither_planned_nor_claimed_for_an_hour(offered: Any) -> None:
    ctx = offered.ctx
    async with ctx.engine.atomic():
        key = await posts.add_post(ctx, "dongqu", kind="post", title="车棚看护", places=1)
    assert key not in {need.line_key for need in (await gather(ctx, "dongqu", WEEK)).needs}
    window = Week.parse("2026-W49")

    starts_at = datetime.combine(window.monday_on, ctx.now().timetz())
    with pytest.raises(claiming.BecomesPost):
        await claiming.claim_line(
            ctx, await offered.actor("volunteer"), side="need", key=key,
            window=Window(starts_at, starts_at + timedelta(hours=1)),
        )  # fmt: skip
