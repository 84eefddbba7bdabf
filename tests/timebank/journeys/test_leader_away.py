"""Leaving for a week, from page to page: duties and their news go to the stand-in, and come back on the day of return."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.settling import hold, of_age, settle
from tests.timebank.told import told as told_to
from timebank.community.relating import organisation
from timebank.context import member_account
from timebank.help.services import flow
from timebank.rules.parts.attendance import Kind, Service
from timebank.store.help import services


class Week:
    """A shift of the red vests today, its leader about to leave, and a neighbour who will stand in."""

    def __init__(self, town: Any) -> None:
        self.town = town
        self.leader = town.uids["leader"]
        self.stand_in = ""

    async def settle(self) -> Any:
        ctx = self.town.ctx
        async with ctx.engine.atomic():
            starts_at = ctx.now()
            self.shift = Service(
                uid=ctx.ids.uid("S"), community="dongqu", kind=Kind.SHIFT, title="周二清扫", team="red-vests",
                lead=self.leader, place="小广场", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
                capacity=9,
            )  # fmt: skip
            await services.add_service(ctx, self.shift, created_by=self.town.uids["worker"])
            self.stand_in = await settle(ctx, "dongqu", "替班人", phone="19911110077", gives=True)
            await of_age(ctx, self.stand_in)
            self.town.uids["stand_in"] = self.stand_in
            self.parts = {}
            for name in ("甲", "乙"):
                uid = await settle(ctx, "dongqu", name, gives=True)
                self.town.uids[name] = uid
                await hold(ctx, "dongqu", "team_member", uid, organisation("red-vests"))
                self.parts[name] = (
                    await flow.join(ctx, await self.town.actor("worker"), self.shift, uid)
                ).uid
        self.pages = {who: await self.town.client(who) for who in ("leader", "stand_in", "甲", "乙")}
        return self

    @property
    def roll(self) -> str:
        return f"/teams/red-vests/shifts/{self.shift.uid}"

    async def asks_for_a_stand_in(self, *scope: str) -> str:
        """The leader names the neighbour on the page of days away; uid of what waits for an answer."""
        page = await self.pages["leader"].page(f"/members/{self.leader}/away")
        assert "请一个人来替我" in page.text
        answer = await self.pages["leader"].submit(
            "/relationships",
            {
                "kind": "stand_in", "target": f"member:{self.leader}", "holder_name": "替班人",
                "holder_phone": "19911110077", "scope": list(scope), "back": f"/members/{self.leader}/away",
            },
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert str(answer.url).endswith(f"/members/{self.leader}/away")
        own = await self.pages["stand_in"].get("/api/relationships")
        return str(own.json()["asked"][0]["uid"])

    async def stand_in_says_yes(self, uid: str) -> None:
        answer = await self.pages["stand_in"].submit(
            f"/relationships/{uid}/answer", {"side": "holder", "answer": "yes"}
        )
        assert answer.status_code == 200, answer.text

    async def leader_goes(self) -> None:
        today = self.town.ctx.today()
        answer = await self.pages["leader"].submit(
            f"/members/{self.leader}/away",
            {"from_on": today.isoformat(), "to_on": (today + timedelta(days=6)).isoformat()},
        )
        assert answer.status_code == 200, answer.text

    async def opens_the_roll(self, who: str = "stand_in") -> int:
        return int((await self.pages[who].page(self.roll)).status_code)

    async def told(self, who: str) -> list[str]:
        lines = await told_to(self.town.ctx.engine)
        return [line.kind for line in lines if line.member == self.town.uids[who]]


@pytest.fixture
async def week(town: Any) -> Any:
    return await Week(town).settle()


async def test_a_week_away_hands_the_roll_call_and_its_news_to_the_stand_in(week: Any) -> None:
    stand_in, ctx = week.pages["stand_in"], week.town.ctx
    await week.stand_in_says_yes(await week.asks_for_a_stand_in("notices", "acts"))
    # While the leader is here, standing in means nothing.
    assert await week.opens_the_roll() in (403, 404)

    await week.leader_goes()
    assert "红马甲" in (await stand_in.page("/teams")).text
    assert await week.opens_the_roll() == 200
    # Who cannot come is told to the stand-in, not to the leader.
    before = await week.told("leader")
    cancelled = await week.pages["乙"].submit(f"/attendances/{week.parts['乙']}/cancel")
    assert cancelled.status_code == 200, cancelled.text
    assert "helper_cancelled" in await week.told("stand_in")
    assert "helper_cancelled" not in (await week.told("leader"))[len(before) :]
    # The stand-in ticks and closes, the desk says that it was so, and the hour is in the book.
    assert (await stand_in.submit(f"/attendances/{week.parts['甲']}/tick")).status_code == 200
    ctx.clock.now = week.shift.ends_at
    assert (await stand_in.submit(f"{week.roll}/close", {"absent": "known"})).status_code == 200
    desk = await week.town.client("worker")
    assert (await desk.submit(f"/services/{week.shift.uid}/confirm")).status_code == 200
    balances = await ctx.book("dongqu").balances()
    assert balances[member_account(week.town.uids["甲"]), "MIN"].balance == 120

    # Back: from this press on the roll is the leader's alone, and so is the news.
    first = ctx.today().isoformat()
    back = await week.pages["leader"].submit(f"/members/{week.leader}/away/end", {"from_on": first})
    assert back.status_code == 200, back.text
    assert await week.opens_the_roll() in (403, 404)
    assert await week.opens_the_roll("leader") == 200


async def test_news_goes_to_the_leader_again_from_the_day_of_return(week: Any) -> None:
    await week.stand_in_says_yes(await week.asks_for_a_stand_in("notices", "acts"))
    await week.leader_goes()
    today = week.town.ctx.today().isoformat()
    await week.pages["leader"].submit(f"/members/{week.leader}/away/end", {"from_on": today})
    await week.pages["乙"].submit(f"/attendances/{week.parts['乙']}/cancel")
    assert "helper_cancelled" not in await week.told("stand_in")
    assert "helper_cancelled" in await week.told("leader")


async def test_a_week_that_runs_out_ends_without_anybodys_press(week: Any) -> None:
    await week.stand_in_says_yes(await week.asks_for_a_stand_in("acts"))
    await week.leader_goes()
    assert await week.opens_the_roll() == 200
    week.town.ctx.clock.now += timedelta(days=7)
    week.pages["stand_in"] = await week.town.client("stand_in")
    assert await week.opens_the_roll() in (403, 404)


async def test_who_only_takes_the_news_opens_nothing(week: Any) -> None:
    await week.stand_in_says_yes(await week.asks_for_a_stand_in("notices"))
    await week.leader_goes()
    assert await week.opens_the_roll() in (403, 404)
    await week.pages["乙"].submit(f"/attendances/{week.parts['乙']}/cancel")
    assert "helper_cancelled" in await week.told("stand_in")


async def test_who_has_not_answered_yet_stands_in_for_nobody(week: Any) -> None:
    await week.asks_for_a_stand_in("notices", "acts")
    await week.leader_goes()
    assert await week.opens_the_roll() in (403, 404)
    await week.pages["乙"].submit(f"/attendances/{week.parts['乙']}/cancel")
    assert "helper_cancelled" not in await week.told("stand_in")
