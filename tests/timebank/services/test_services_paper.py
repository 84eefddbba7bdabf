"""The paper roster typed in: what is written, what is left to others, and sums that do not agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from timebank.help.services.teams.paper import Newcomer, OnPaper, SumsDiffer, write_paper
from timebank.rules.parts.attendance import State
from timebank.rules.parts.roster_grid import Row, Stay, read_rows


async def rows(scene: Any, shift: Any, **typed: tuple[str, str]) -> list[Stay]:
    stays, wrong = read_rows(
        [
            Row(key=(await scene.part(shift, who)).uid, arrived=came, left=went)
            for who, (came, went) in typed.items()
        ]
    )
    assert not wrong
    return stays


async def test_a_paper_of_three_is_written_row_by_row_and_ones_own_row_is_left(scene: Any) -> None:
    start = scene.ctx.now().astimezone(scene.ctx.zone).replace(hour=8, minute=30)
    shift = await scene.shift("volunteer", "volunteer2", "leader", starts_at=start)
    scene.ctx.clock.now = start + timedelta(hours=9)
    leader = await scene.actor("leader")
    stays = await rows(scene, shift, volunteer=("830", "1130"), volunteer2=("-", ""), leader=("=", "="))
    done = await write_paper(scene.ctx, leader, shift.uid, stays, [], OnPaper(heads=2, minutes=360))
    assert (done.written, done.own) == (2, 1)
    assert await scene.states(shift) == {
        "volunteer": State.CHECKED_OUT, "volunteer2": State.NO_SHOW, "leader": State.SIGNED_UP,
    }  # fmt: skip
    again = await write_paper(scene.ctx, leader, shift.uid, stays, [], OnPaper())
    assert (again.written, again.own) == (0, 1)
    assert (await scene.part(shift, "volunteer")).minutes_served == 180


async def test_sums_that_differ_write_nothing_and_say_by_how_much(scene: Any) -> None:
    start = scene.ctx.now().astimezone(scene.ctx.zone).replace(hour=8, minute=30)
    shift = await scene.shift("volunteer", starts_at=start)
    scene.ctx.clock.now = start + timedelta(hours=9)
    stays = await rows(scene, shift, volunteer=("830", "1130"))
    leader = await scene.actor("leader")
    with pytest.raises(SumsDiffer) as refused:
        await write_paper(scene.ctx, leader, shift.uid, stays, [], OnPaper(minutes=240))
    assert "差 60 分钟" in refused.value.zh
    assert await scene.states(shift) == {"volunteer": State.SIGNED_UP}


async def test_whoever_is_on_the_paper_alone_joins_the_shift(scene: Any) -> None:
    start = scene.ctx.now().astimezone(scene.ctx.zone).replace(hour=8, minute=30)
    shift = await scene.shift("volunteer", starts_at=start, capacity=1)
    scene.ctx.clock.now = start + timedelta(hours=9)
    [stay], _wrong = read_rows([Row(key="new-0", arrived="9", left="11")])
    await write_paper(
        scene.ctx, await scene.actor("leader"), shift.uid, [], [Newcomer(name="022", stay=stay)], OnPaper()
    )
    part = await scene.part(shift, "volunteer2")
    assert (part.state, part.minutes_served) == (State.CHECKED_OUT, 120)


async def test_the_page_takes_the_grid_and_keeps_what_cannot_be_read(scene: Any) -> None:
    start = scene.ctx.now().astimezone(scene.ctx.zone).replace(hour=8, minute=30)
    shift = await scene.shift("volunteer", "volunteer2", starts_at=start)
    scene.ctx.clock.now = start + timedelta(hours=9)
    client = await scene.town.client("leader")
    here = f"/teams/red-vests/shifts/{shift.uid}"
    parts = [(await scene.part(shift, who)).uid for who in ("volunteer", "volunteer2")]
    shown = await client.submit(
        f"{here}/grid", {"part": parts, "arrived": ["八点半", "早"], "left": ["1130", "11"]}
    )
    assert "看不懂：早" in shown.text
    assert "八点半" in shown.text
    assert await scene.states(shift) == {"volunteer": State.SIGNED_UP, "volunteer2": State.SIGNED_UP}
    done = await client.submit(
        f"{here}/grid",
        {"part": parts, "arrived": ["八点半", "="], "left": ["1130", ""], "heads": "2", "minutes": "180"},
    )
    assert "照纸上改了 2 行" in done.text
    assert await scene.states(shift) == {"volunteer": State.CHECKED_OUT, "volunteer2": State.CHECKED_IN}
