"""An honest week of a community with one worker comes into the book whole, and the presses it takes beside the usual ones are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.timebank.settling import hold, settle
from timebank.community import relating
from timebank.community.identity import flow as identity
from timebank.community.knowing import flow as knowing
from timebank.help.services import flow
from timebank.help.services.words import second
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import State
from timebank.store.help import services
from timebank.store.identity import sessions, ways

TUESDAY, VISITS_A_DAY, DAYS = 21, 12, 5
EXTRA_MAX = 20


class Week:
    """The people of one week, each on a telephone that the desk's code opened and the deputy has acknowledged."""

    def __init__(self, scene: Any) -> None:
        self.scene, self.extra = scene, 0
        self.tokens: dict[str, str] = {}

    async def joined(self, key: str, **known: Any) -> None:
        ctx = self.scene.ctx
        self.scene.town.uids[key] = await settle(
            ctx, "dongqu", f"人{key}", number=f"9{len(self.tokens):02}", **known
        )
        worker, uid = await self.scene.actor("worker"), self.scene.town.uids[key]
        code = await identity.issue_code(ctx, worker, member=uid, kind="code")
        signed_in = await identity.sign_in_by_code(ctx, community="dongqu", who=uid, code=code, source=key)
        self.tokens[key] = signed_in.token
        mine = await self.actor(key)
        way = await ways.way(ctx.engine, mine.via)
        assert way is not None
        shown = knowing.digits_of(ctx.settings, way.uid, ctx.now())
        await knowing.know(ctx, await self.scene.actor("volunteer2"), digits=shown)

    async def actor(self, key: str) -> Any:
        ctx = self.scene.ctx
        found = await sessions.find_session(ctx.engine, ctx.catalogue_of, self.tokens[key], ctx.now())
        assert found is not None
        return found.actor

    async def shift(self, *keys: str, hours: int) -> None:
        """The leader calls the roll and closes, the worker reads the list; a second press where two are not enough."""
        scene, leader = self.scene, await self.scene.actor("leader")
        shift = await scene.shift(*keys, capacity=len(keys))
        for key in keys:
            await flow.tick(scene.ctx, leader, (await scene.part(shift, key)).uid)
        scene.pass_time(hours * 60)
        await flow.close_shift(scene.ctx, leader, shift.uid, at=scene.ctx.now())
        done = await flow.confirm_service(scene.ctx, await scene.actor("worker"), shift.uid)
        if done.second:
            self.extra += 1
            await flow.confirm_service(scene.ctx, await scene.actor("volunteer2"), shift.uid)

    async def visits(self) -> None:
        """Of twelve five are confirmed by the elder, five by the desk's call, two have no telephone at all."""
        scene, ctx, worker = self.scene, self.scene.ctx, await self.scene.actor("worker")
        made = [
            (f"v{at}", f"e{at}", (await scene.visit(helper=f"v{at}", recipient=f"e{at}"))[1])
            for at in range(VISITS_A_DAY)
        ]
        for helper, _elder, part in made[:10]:
            await flow.check_in(ctx, await self.actor(helper), part.uid)
        scene.pass_time(60)
        for at, (helper, elder, part) in enumerate(made):
            if at < 10:
                await flow.check_out(ctx, await self.actor(helper), part.uid)
                await flow.record_confirmation(
                    ctx, await self.actor(elder) if at < 5 else await scene.actor("worker"), part.uid
                )
                continue
            await write_times(ctx, worker, part.uid, arrived=ctx.now() - timedelta(hours=1), left=ctx.now())
            await flow.record_confirmation(ctx, worker, part.uid)
        for who in ("leader", "volunteer2"):
            asker = await scene.actor(who)
            for one in await second.wanted_of(ctx, asker):
                self.extra += 1
                await second.vouch(ctx, asker, one.part.uid)


async def test_an_honest_week_of_one_worker_is_posted_whole_with_few_presses_more(scene: Any) -> None:
    ctx, week = scene.ctx, Week(scene)
    team = relating.organisation("red-vests")
    await hold(ctx, "dongqu", "deputy", scene.town.uids["volunteer2"], team)
    for at in range(TUESDAY):
        await week.joined(f"v{at}", gives=True)
        await hold(ctx, "dongqu", "team_member", scene.town.uids[f"v{at}"], team)
    for at in range(VISITS_A_DAY):
        await week.joined(f"e{at}", asks=True)

    await week.shift(*(f"v{at}" for at in range(TUESDAY)), hours=3)
    for day in range(DAYS):
        await week.visits()
        if day < 2:
            await week.shift(*(f"v{at}" for at in range((8, 6)[day])), hours=2)
        scene.pass_time(24 * 60 - 60)

    rows = await ctx.engine.fetch("SELECT state, count(*) AS n FROM tb_attendance GROUP BY state")
    assert {row["state"]: row["n"] for row in rows} == {
        State.POSTED.value: TUESDAY + 8 + 6 + VISITS_A_DAY * DAYS
    }
    assert await services.waiting_for_second(ctx.engine, "dongqu", limit=10) == []
    assert week.extra <= EXTRA_MAX, week.extra
    # Two presses of those who bring in 2,400 minutes together on the first day: for the eight beyond that of the first shift and
    # for all of the second; one for each visit without any telephone, and one more for the one of them on that day that
    # leader and worker could not bring in any more.
    assert week.extra == 2 + 2 * DAYS + 1
