"""How well hours are vouched for, where the rules of a community ask for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.timebank.hands.test_abuses import import_sheet
from tests.timebank.kept_versions import give_rules
from timebank.community.eligibility import may_use_hours
from timebank.help.services import flow
from timebank.policy import Grade, Policy
from timebank.rules.hours.eligible import counted_before_first
from timebank.store.help import services

ASKS = "[redeeming]\nminutes_before_first = 60\ngrade_before_first = '{}'\n"


@pytest.mark.parametrize(("grade", "minutes"), [("A", 1), ("B", 3), ("C", 7), ("D", 15), ("E", 31)])
def test_what_is_vouched_for_at_least_so_well_counts(grade: str, minutes: int) -> None:
    policy = Policy.read(ASKS.format(grade)).redeeming
    given = {Grade.A: 1, Grade.B: 2, Grade.C: 4, Grade.D: 8, Grade.E: 16}
    assert counted_before_first(policy, given) == minutes


async def test_hours_of_a_sheet_do_not_open_the_first_use_where_better_ones_are_asked_for(scene: Any) -> None:
    ctx, uid = scene.ctx, scene.town.uids["volunteer"]
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), ASKS.format("B")))
    [part] = await import_sheet(scene, await scene.actor("worker"), "李四", left="9:30")
    await flow.record_confirmation(ctx, await scene.actor("worker2"), part)
    assert await services.minutes_given(ctx.engine, uid) == {Grade.D: 60}
    asked, _part = await scene.visit(helper="volunteer2", recipient="volunteer")
    assert not (await may_use_hours(ctx, asked, uid)).yes

    _service, live = await scene.visit()
    await scene.served(live, 60)
    await flow.record_confirmation(ctx, await scene.actor("elder"), live.uid)
    assert await services.minutes_given(ctx.engine, uid) == {Grade.B: 60, Grade.D: 60}
    assert (await may_use_hours(ctx, asked, uid)).yes
    assert await services.minutes_given_by_all(ctx.engine, "dongqu") == {uid: {Grade.B: 60, Grade.D: 60}}
