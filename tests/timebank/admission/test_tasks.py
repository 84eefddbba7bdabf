"""A unit's task: it says what it costs, the desk asks back, takes it on or refuses, and what is taken on is a need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace import store as lists
from marketplace.admission import Brings, Difficulty, Step, TaskState
from marketplace.errors import BadTerm, RefusedWithoutReason, TaskIncomplete, TaskStage
from marketplace.store import Standing
from marketplace.values import Need, Week
from tests.timebank.conftest import TUESDAY, Town
from tests.timebank.told import told as told_to
from timebank.errors import BadFields, NotFound
from timebank.help.planning import gathering as planning
from timebank.office.admission import tasks
from timebank.office.admission.tasks import Stated, line_key_of

LEAFLETS = Stated(
    title="入户发放反诈宣传单", minutes_per_week=300, difficulty=Difficulty.EASY, first_on=date(2026, 12, 1),
    last_on=date(2026, 12, 31), brings=(Brings.PEOPLE, Brings.GOODS), brings_text="两名干部每周半天", category="talks",
)  # fmt: skip


async def stated(town: Town) -> str:
    return (await tasks.state(town.ctx, await town.actor("unit"), "hospital", LEAFLETS)).uid


async def test_a_task_that_is_taken_on_becomes_a_need_of_its_unit_and_is_planned(town: Town) -> None:
    uid = await stated(town)
    worker = await town.actor("worker")
    admitted = await tasks.answer(town.ctx, worker, uid, Step.ADMIT, when="每周三上午9:00-11:00")
    assert admitted.state is TaskState.ADMITTED
    need = await lists.need(town.ctx.engine, "dongqu", line_key_of(admitted))
    assert isinstance(need, Need)
    assert (need.owner, need.source, need.quantity.amount, need.categories[0]) == (
        "hospital", "unit", 5, "talks",
    )  # fmt: skip
    week = Week.of(date(2026, 12, 2))
    given = await planning.gather(town.ctx, "dongqu", week)
    assert line_key_of(admitted) in {one.line_key for one in given.needs}
    assert {window.starts_at.date() for window in need.when.windows_in(week)} == {date(2026, 12, 2)}


async def test_a_task_without_times_is_wanted_within_its_term_only(town: Town) -> None:
    uid = await stated(town)
    admitted = await tasks.answer(town.ctx, await town.actor("worker"), uid, Step.ADMIT)
    need = await lists.need(town.ctx.engine, "dongqu", line_key_of(admitted))
    assert need is not None
    assert need.when.windows_in(Week.of(date(2026, 12, 9)))
    assert not need.when.windows_in(Week.of(TUESDAY.date()))
    assert not need.when.windows_in(Week.of(date(2027, 1, 13)))


async def test_the_desk_asks_back_the_unit_restates_and_the_desk_answers(town: Town) -> None:
    uid = await stated(town)
    unit, worker = await town.actor("unit"), await town.actor("worker")
    with pytest.raises(RefusedWithoutReason):
        await tasks.answer(town.ctx, worker, uid, Step.ASK)
    asked = await tasks.answer(town.ctx, worker, uid, Step.ASK, reason="谁来带队？")
    assert (asked.state, asked.reason) == (TaskState.ASKED, "谁来带队？")
    with pytest.raises(TaskStage):
        await tasks.answer(town.ctx, worker, uid, Step.ADMIT)
    again = await tasks.restate(
        town.ctx, unit, uid, replace(LEAFLETS, minutes_per_week=120, brings_text="科长带队")
    )
    assert (again.state, again.minutes_per_week, again.comes_with[0].text) == (
        TaskState.STATED,
        120,
        "科长带队",
    )
    refused = await tasks.answer(town.ctx, worker, uid, Step.REFUSE, reason="人手不够")
    assert refused.state is TaskState.REFUSED
    with pytest.raises(TaskStage):
        await tasks.restate(town.ctx, unit, uid, LEAFLETS)
    told = [one.kind for one in await told_to(town.ctx.engine)]
    assert told.count("task_answered") == 2


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        (replace(LEAFLETS, brings=()), TaskIncomplete),
        (replace(LEAFLETS, minutes_per_week=0), TaskIncomplete),
        (replace(LEAFLETS, title=" "), TaskIncomplete),
        (replace(LEAFLETS, last_on=date(2026, 11, 30)), BadTerm),
        (replace(LEAFLETS, first_on=date(2026, 1, 1), last_on=date(2026, 2, 1)), BadFields),
        (replace(LEAFLETS, category="no-such"), BadFields),
        (replace(LEAFLETS, title="xyzzy", category=""), BadFields),
    ],
)
async def test_a_task_that_does_not_say_what_it_costs_is_not_taken(
    town: Town, stated: Stated, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await tasks.state(town.ctx, await town.actor("unit"), "hospital", stated)
    assert await lists.tasks(town.ctx.engine, "dongqu") == ()


async def test_every_step_pressed_twice_is_one(town: Town) -> None:
    uid = await stated(town)
    assert await stated(town) == uid
    worker = await town.actor("worker")
    for _twice in range(2):
        assert (await tasks.answer(town.ctx, worker, uid, Step.ADMIT)).state is TaskState.ADMITTED
    assert len(await lists.needs(town.ctx.engine, "dongqu")) == 1
    for _twice in range(2):
        assert (await tasks.answer(town.ctx, worker, uid, Step.CLOSE)).state is TaskState.OVER
    found = await lists.kept_line(town.ctx.engine, "dongqu", "need", f"t-{uid}")
    assert found is not None
    assert found.standing is Standing.OVER


async def test_times_that_are_not_understood_leave_the_task_waiting(town: Town) -> None:
    uid = await stated(town)
    with pytest.raises(BadFields) as refused:
        await tasks.answer(town.ctx, await town.actor("worker"), uid, Step.ADMIT, when="看情况")
    assert refused.value.fields[0].field == "when"
    task = await lists.task(town.ctx.engine, "dongqu", uid)
    assert task is not None
    assert task.state is TaskState.STATED


async def test_a_unit_takes_its_task_back_and_nobody_else_does(town: Town) -> None:
    uid = await stated(town)
    for who in ("worker", "leader", "elder", "stranger_worker"):
        with pytest.raises(NotFound):
            await tasks.withdraw(town.ctx, await town.actor(who), uid)
    unit = await town.actor("unit")
    for _twice in range(2):
        assert (await tasks.withdraw(town.ctx, unit, uid)).state is TaskState.WITHDRAWN
    for who in ("unit", "stranger_worker"):
        with pytest.raises(NotFound):
            await tasks.answer(town.ctx, await town.actor(who), uid, Step.ADMIT)


async def test_a_task_goes_through_the_pages(town: Town) -> None:
    unit, desk = await town.client("unit"), await town.client("worker")
    day = (TUESDAY + timedelta(days=7)).date().isoformat()
    typed = {
        "title": "CANARY 发放宣传单", "hours_per_week": "5", "difficulty": "easy", "first_on": day, "last_on": "2026-12-31",
        "category": "talks",
    }  # fmt: skip
    back = await unit.submit("/unit/tasks", typed)
    assert back.status_code == 422
    assert "CANARY 发放宣传单" in back.text
    made = await unit.submit(
        "/unit/tasks", typed | {"brings": ["people", "goods"], "brings_text": "两名干部"}
    )
    assert "等社区答复" in made.text
    path = made.url.path
    uid = path.rpartition("/")[2]
    assert "1 件等社区答复" in (await desk.page("/desk/tasks")).text
    assert (await desk.submit(f"/desk/tasks/{uid}", {"step": "refuse"})).status_code == 422
    assert (
        "等单位补充" in (await desk.submit(f"/desk/tasks/{uid}", {"step": "ask", "reason": "几个人？"})).text
    )
    assert "几个人？" in (await unit.page(path)).text
    assert "补充好了" in (await unit.submit(f"{path}/restate", typed | {"brings": "people"})).text
    assert "已经上了需求清单" in (await desk.submit(f"/desk/tasks/{uid}", {"step": "admit"})).text
    told = (await desk.get(f"/api/tasks/{uid}")).json()
    assert (told["state"], told["line"]) == ("admitted", f"t-{uid}")
    assert (await desk.get("/api/tasks")).json()["total"] == 1
