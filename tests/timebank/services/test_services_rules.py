"""A service counts by the rules of its own community and its own day, from sign-up to the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger import LedgerRefusal
from tests.timebank.kept_versions import give_rules
from timebank.context import fund_account, team_account
from timebank.daily import do_what_is_due
from timebank.errors import NotEligible, NotYet, WrongMoment
from timebank.help.services import flow
from timebank.rules.parts.attendance import Service, State
from timebank.store.help import services
from timebank.store.office import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 1, 1)


async def confirmed(scene: Any, minutes: int, **service: Any) -> Any:
    """A visit of so many minutes, served now and confirmed by the desk."""
    made, part = await scene.visit(minutes=max(minutes, 1))
    if service:
        await change(scene, made, **service)
    await scene.served(part, minutes)
    return await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)


async def change(scene: Any, service: Service, **values: Any) -> None:
    async with scene.ctx.engine.atomic():
        for name, value in values.items():
            await scene.ctx.engine.execute(
                f"UPDATE tb_service SET {name} = ? WHERE uid = ?", [value, service.uid]
            )


async def test_low_fee_work_earns_nothing_and_says_why(scene: Any) -> None:
    done = await confirmed(scene, 60, free=False)
    assert done.credit.minutes_credited == 0
    assert done.credit.minutes_counted == 0
    assert [cut.zh for cut in done.credit.cuts] == ["低偿和有偿服务不计时"]
    assert await scene.balance("volunteer") == 0
    assert await scene.posted() == []
    assert done.part.state is State.POSTED


async def test_a_rule_of_the_15th_leaves_the_14th_alone(scene: Any) -> None:
    await give_rules(
        scene.ctx, "dongqu", (START, ""), (date(2026, 12, 15), "[credit]\nminutes_per_day_max = 60\n")
    )
    scene.ctx.clock.now = datetime(2026, 12, 14, 9, tzinfo=SHANGHAI)
    before = await confirmed(scene, 120)
    scene.ctx.clock.now = datetime(2026, 12, 15, 9, tzinfo=SHANGHAI)
    after = await confirmed(scene, 120)
    assert (before.credit.minutes_credited, after.credit.minutes_credited) == (120, 60)
    assert (before.part.policy_version, after.part.policy_version) == ("plain/1#2", "plain/1#3")


async def test_an_old_service_counts_by_its_own_day_when_it_is_confirmed_late(scene: Any) -> None:
    await give_rules(
        scene.ctx, "dongqu", (START, ""), (date(2026, 12, 15), "[credit]\nminutes_per_day_max = 60\n")
    )
    scene.ctx.clock.now = datetime(2026, 12, 14, 9, tzinfo=SHANGHAI)
    _service, part = await scene.visit(minutes=120)
    await scene.served(part, 120)
    scene.ctx.clock.now = datetime(2026, 12, 16, 9, tzinfo=SHANGHAI)
    done = await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)
    assert done.credit.minutes_credited == 120


async def test_two_communities_count_by_two_rules(scene: Any) -> None:
    await give_rules(scene.ctx, "nanqu", (START, "[credit]\nminutes_per_day_max = 30\n"))
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nminutes_per_day_max = 90\n"))
    assert scene.ctx.policy_of("nanqu").credit.minutes_per_day_max == 30
    assert (await confirmed(scene, 120)).credit.minutes_credited == 90


async def test_a_visit_over_midnight_uses_up_both_days(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nminutes_per_day_max = 90\n"))
    scene.ctx.clock.now = datetime(2026, 12, 14, 23, tzinfo=SHANGHAI)
    night = await confirmed(scene, 120)
    assert night.credit.days == ((date(2026, 12, 14), 60), (date(2026, 12, 15), 60))
    scene.ctx.clock.now = datetime(2026, 12, 15, 9, tzinfo=SHANGHAI)
    morning = await confirmed(scene, 60)
    assert (morning.credit.minutes_credited, morning.credit.cuts[0].rule) == (30, "day_cap")
    kept = await services.credit_of(scene.ctx.engine, night.part)
    assert kept == night.credit


async def test_a_part_without_its_days_on_record_is_spread_over_them(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nminutes_per_day_max = 90\n"))
    scene.ctx.clock.now = datetime(2026, 12, 14, 23, tzinfo=SHANGHAI)
    night = await confirmed(scene, 120)
    async with scene.ctx.engine.atomic():
        await scene.ctx.engine.execute(
            "UPDATE tb_attendance SET counted = '[]' WHERE uid = ?", [night.part.uid]
        )
    scene.ctx.clock.now = datetime(2026, 12, 15, 9, tzinfo=SHANGHAI)
    assert (await confirmed(scene, 60)).credit.minutes_credited == 30


async def test_a_week_over_new_year_is_one_week(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nminutes_per_week_max = 360\n"))
    given = []
    for day in (
        datetime(2026, 12, 28, 9),
        datetime(2026, 12, 31, 9),
        datetime(2027, 1, 3, 9),
        datetime(2027, 1, 4, 9),
    ):
        scene.ctx.clock.now = day.replace(tzinfo=SHANGHAI)
        given.append((await confirmed(scene, 150)).credit.minutes_credited)
    assert given == [150, 150, 60, 150]


async def test_somebody_too_young_for_the_rules_is_told_so_before_they_sign_up(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[earning]\nage_min = 18\n"))
    shift = await scene.shift()
    with pytest.raises(NotEligible) as refused:
        await flow.sign_up(scene.ctx, await scene.actor("minor"), shift.uid)
    assert refused.value.said("zh-CN") == "要满18岁。"
    assert refused.value.said("en") == "People serve from 18."
    assert (await flow.sign_up(scene.ctx, await scene.actor("volunteer"), shift.uid)).state is State.SIGNED_UP


async def test_a_kind_that_is_not_named_is_asked_for_where_only_some_kinds_count(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[earning]\ncategories = ['daily']\n"))
    service, part = await scene.visit()
    await scene.served(part, 60)
    worker = await scene.actor("worker")
    with pytest.raises(NotYet):
        await flow.record_confirmation(scene.ctx, worker, part.uid)
    await change(scene, service, category="errand")
    done = await flow.record_confirmation(scene.ctx, worker, part.uid)
    assert done.credit.minutes_credited == 60
    assert (await confirmed(scene, 60, category="patrol")).credit.minutes_credited == 0


async def test_a_teams_hours_stand_in_the_teams_account(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[earning]\nteam_hours = 'given_on'\n"))
    for _week in range(2):
        shift = await scene.shift("volunteer")
        await scene.served(await scene.part(shift, "volunteer"), 120)
        done = await flow.confirm_service(scene.ctx, await scene.actor("leader"), shift.uid)
        assert done.posted[0].credit.minutes_credited == 0
        assert done.posted[0].part.transfer_uid
        scene.pass_time(60)
    book = scene.ctx.book("dongqu")
    assert (await book.balance(team_account("red-vests"))).balance == 240
    assert await scene.balance("volunteer") == 0
    assert await book.verify() == []


async def test_what_is_above_the_store_is_in_the_fund(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nminutes_total_max = 100\n"))
    await scene.give("volunteer", 70)
    assert (await confirmed(scene, 60)).credit.minutes_credited == 30
    fund = await scene.ctx.book("dongqu").balance(fund_account("dongqu"))
    assert (await scene.balance("volunteer"), fund.balance) == (100, 30)


async def test_how_early_and_how_long_are_rules_too(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[services]\nearly_minutes = 10\nlongest_minutes = 90\n"))
    _service, part = await scene.visit(starts_at=scene.ctx.now() + timedelta(minutes=30))
    volunteer = await scene.actor("volunteer")
    with pytest.raises(NotYet, match="10 minutes"):
        await flow.check_in(scene.ctx, volunteer, part.uid)
    scene.pass_time(20)
    await flow.check_in(scene.ctx, volunteer, part.uid)
    scene.pass_time(91)
    with pytest.raises(WrongMoment, match=r"1\.5 h"):
        await flow.check_out(scene.ctx, volunteer, part.uid)


async def test_the_rules_are_read_again_before_minutes_move(scene: Any) -> None:
    _service, part = await scene.visit()
    await scene.served(part, 60)
    [first] = await rules.versions(scene.ctx.engine, "dongqu")
    async with scene.ctx.engine.atomic():  # as another process would
        text = "[credit]\nminutes_per_day_max = 30\n"
        await rules.add_version(
            scene.ctx.engine, replace(first, number=2, starts_on=date(2026, 11, 24), text=text)
        )
    done = await flow.record_confirmation(scene.ctx, await scene.actor("worker"), part.uid)
    assert done.credit.minutes_credited == 30


async def test_a_book_that_refuses_leaves_no_team_account_behind(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[earning]\nteam_hours = 'given_on'\n"))
    shift = await scene.shift("volunteer")
    await scene.served(await scene.part(shift, "volunteer"), 120)
    book = scene.ctx.book("dongqu")

    async def refuse(_command: Any, **_known: Any) -> None:
        raise LedgerRefusal()

    real, book.post = book.post, refuse
    try:
        done = await flow.confirm_service(scene.ctx, await scene.actor("leader"), shift.uid)
    finally:
        book.post = real
    assert [part.member for part, _why in done.refused] == [scene.town.uids["volunteer"]]
    assert not await book.has_account(team_account("red-vests"))


async def test_no_hour_is_posted_because_days_have_passed(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[services]\nauto_confirm_days = 15\n"))
    _service, part = await scene.visit()
    await scene.served(part, 60)
    scene.pass_time(13 * 24 * 60)
    await do_what_is_due(scene.ctx)
    assert await scene.balance("volunteer") == 0
