"""A community with one worker: what she both wrote down and vouched for ends by whoever else may say so, each in their own way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.settling import hold
from timebank.errors import NotFound
from timebank.help.services import flow
from timebank.help.services.words import second
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.relationships import Party, Sort


async def written_down(scene: Any) -> Attendance:
    """A visit without any telephone: the worker writes when and says so, and it waits."""
    ctx, worker = scene.ctx, await scene.actor("worker")
    await hold(ctx, "dongqu", "grid_worker", scene.town.uids["volunteer2"], Party(Sort.AREA, "dongqu-1"))
    service, part = await scene.visit()
    await ctx.engine.execute("UPDATE tb_service SET unit = 'hospital' WHERE uid = ?", [service.uid])
    scene.pass_time(60)
    now = ctx.now()
    await write_times(ctx, worker, part.uid, arrived=now - timedelta(hours=1), left=now)
    done = await flow.record_confirmation(ctx, worker, part.uid)
    assert (done.part.state, done.part.waits) == (State.CHECKED_OUT, "one_hand")
    found: Attendance = done.part
    return found


@pytest.mark.parametrize(
    ("who", "step"),
    [("leader", "vouch"), ("volunteer2", "vouch"), ("unit", "vouch"), ("elder", ""), ("proxy", "")],
)
async def test_a_visit_written_down_by_the_only_worker_is_ended_by_another(
    scene: Any, who: str, step: str
) -> None:
    ctx, part = scene.ctx, await written_down(scene)
    actor = await scene.actor(who)
    assert await second.wanted_of(ctx, await scene.actor("worker")) == ()
    if step:
        [wanted] = await second.wanted_of(ctx, actor)
        assert (wanted.step, wanted.name, wanted.helped) == (step, "李师傅", "王奶奶")
        assert bool(wanted.title) == (who == "unit")
        done = await second.vouch(ctx, actor, part.uid)
    else:
        done = await flow.record_confirmation(ctx, actor, part.uid)
    assert done.part.waits == ""
    assert await scene.balance("volunteer") == 60
    assert await second.wanted_of(ctx, actor) == ()


async def test_nobody_else_is_asked_for_a_visit_or_may_end_it(scene: Any) -> None:
    ctx, part = scene.ctx, await written_down(scene)
    for who in ("volunteer", "minor", "stranger_worker", "auditor"):
        actor = await scene.actor(who)
        assert await second.wanted_of(ctx, actor) == (), who
        with pytest.raises(NotFound):
            await second.vouch(ctx, actor, part.uid)
    assert await scene.balance("volunteer") == 0
