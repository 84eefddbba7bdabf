"""Two records become one and a death is recorded by two people; what hangs on them goes along, and a mistake is undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.timebank.kept_versions import give_rules
from tests.timebank.services.conftest import Scene
from tests.timebank.settling import hold, settle
from timebank.community.people import by_two, lives
from timebank.community.plan_stale import plan_stale_since
from timebank.community.relationships import away
from timebank.context import fund_account, member_account
from timebank.errors import AlreadyDone, AppRefusal, NotFound
from timebank.rules.parts.attendance import ServiceState, State
from timebank.rules.people.by_two import ChangeState
from timebank.rules.relationships import Life, member
from timebank.rules.relationships.refusals import (
    AlreadyDead,
    AlreadyJoined,
    DayNotYet,
    NotDead,
    Oneself,
    OtherCommunity,
    SecondPerson,
)
from timebank.store.help import lines, services
from timebank.store.members import people, phones
from timebank.store.relations import relationships, rosters

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def scene(town: Any) -> Scene:
    return Scene(town)


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def twin(scene: Scene, **known: Any) -> str:
    """A second record of 李四."""
    async with scene.ctx.engine.atomic():
        uid = await settle(
            scene.ctx, "dongqu", "李思", phone="19911110044", number="044", gives=True, **known
        )
        scene.town.uids["twin"] = uid
    return uid


async def joined(scene: Scene, kept: str, gone: str) -> None:
    change = await by_two.enter_joining(scene.ctx, await scene.actor("worker"), kept=kept, gone=gone)
    await by_two.approve(scene.ctx, await scene.actor("worker2"), change.uid)


async def died(scene: Scene, who: str) -> Any:
    uid, on = scene.town.uids[who], scene.ctx.today()
    change = await by_two.enter_death(scene.ctx, await scene.actor("worker"), uid=uid, died_on=on)
    return await by_two.approve(scene.ctx, await scene.actor("worker2"), change.uid)


async def balance(scene: Scene, account: str) -> int:
    return int((await scene.ctx.book("dongqu").balance(account)).balance)


async def test_hours_numbers_and_teams_follow_to_the_record_that_is_kept(scene: Scene) -> None:
    gone, kept = await twin(scene), scene.town.uids["volunteer"]
    await scene.give("twin", 90)
    await scene.give("volunteer", 30)
    async with scene.ctx.engine.atomic():
        await hold(scene.ctx, "dongqu", "auditor", gone, _node())
    await joined(scene, kept, gone)
    assert await balance(scene, member_account(kept)) == 120
    assert await balance(scene, member_account(gone)) == 0
    numbers = {one.number for one in await phones.phones(scene.ctx.engine, kept)}
    assert numbers == {"19900000004", "19911110044"}
    row = await people.member(scene.ctx.engine, gone)
    assert row is not None
    assert (row.life, row.joined_to, row.number) == (Life.JOINED, kept, "")
    stands = await relationships.held_by(scene.ctx.engine, _party(kept))
    assert sorted(one.kind for one in stands) == ["auditor", "team_member"]
    assert not await relationships.held_by(scene.ctx.engine, _party(gone))


async def test_what_is_still_to_come_goes_along_and_what_is_past_is_read_through(scene: Scene) -> None:
    gone, kept = await twin(scene), scene.town.uids["volunteer"]
    _service, part = await scene.visit(helper="twin", starts_at=scene.ctx.now() + timedelta(days=2))
    await joined(scene, kept, gone)
    moved = await services.attendance(scene.ctx.engine, part.uid)
    assert moved is not None
    assert moved.member == kept
    assert await people.joined_into(scene.ctx.engine, kept) == [gone]


async def test_nothing_happens_before_a_second_worker_says_so(scene: Scene) -> None:
    gone, kept = await twin(scene), scene.town.uids["volunteer"]
    worker = await scene.actor("worker")
    change = await by_two.enter_joining(scene.ctx, worker, kept=kept, gone=gone)
    with pytest.raises(SecondPerson):
        await by_two.approve(scene.ctx, worker, change.uid)
    row = await people.member(scene.ctx.engine, gone)
    assert row is not None
    assert row.life is Life.ACTIVE
    with pytest.raises(AlreadyDone):
        await by_two.enter_joining(scene.ctx, worker, kept=kept, gone=gone)
    await by_two.drop(scene.ctx, worker, change.uid)
    with pytest.raises(AlreadyDone):
        await by_two.approve(scene.ctx, await scene.actor("worker2"), change.uid)


@pytest.mark.parametrize(
    ("gone", "refusal"),
    [("volunteer", Oneself), ("stranger_volunteer", OtherCommunity)],
)
async def test_what_can_never_be_one_is_refused_at_once(scene: Scene, gone: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        await by_two.enter_joining(
            scene.ctx,
            await scene.actor("worker"),
            kept=scene.town.uids["volunteer"],
            gone=scene.town.uids[gone],
        )


async def test_no_chain_of_joined_records(scene: Scene) -> None:
    gone, kept = await twin(scene), scene.town.uids["volunteer"]
    await joined(scene, kept, gone)
    with pytest.raises(AlreadyJoined):
        await by_two.enter_joining(
            scene.ctx, await scene.actor("worker"), kept=scene.town.uids["volunteer2"], gone=gone
        )
    await joined(scene, scene.town.uids["volunteer2"], kept)
    row = await people.member(scene.ctx.engine, gone)
    assert row is not None
    assert row.joined_to == scene.town.uids["volunteer2"]


async def test_after_a_death_nothing_more_is_asked_promised_or_sent(scene: Scene) -> None:
    ctx, elder = scene.ctx, scene.town.uids["elder"]
    await scene.give("elder", 90)
    service, part = await scene.visit(held=60, starts_at=ctx.now() + timedelta(days=1))
    client = await scene.town.client("elder")
    change = await died(scene, "elder")
    assert change.state is ChangeState.DONE
    row = await people.member(ctx.engine, elder)
    assert row is not None
    assert row.life is Life.DIED
    called_off = await services.service(ctx.engine, service.uid)
    cancelled = await services.attendance(ctx.engine, part.uid)
    assert called_off is not None
    assert cancelled is not None
    assert (called_off.state, cancelled.state) == (ServiceState.CANCELLED, State.CANCELLED)
    assert await balance(scene, member_account(elder)) == 0
    assert await balance(scene, fund_account("dongqu")) == 90
    assert not await lines.filed_by(ctx.engine, "dongqu", elder, open_only=True)
    waiting = await ctx.engine.fetch(
        "SELECT count(*) AS n FROM tb_news WHERE member = ? AND state IN ('due', 'call', 'visit', 'own_page')",
        [elder],
    )
    assert waiting[0]["n"] == 0
    told = await ctx.engine.fetch("SELECT member FROM tb_news WHERE kind = 'called_off'")
    assert scene.town.uids["volunteer"] in {one["member"] for one in told}
    assert (await client.get("/elder")).status_code == 401
    assert not (await scene.actor("proxy")).mandates


async def test_where_the_rules_keep_the_hours_of_the_dead_they_stay_on_the_account(scene: Scene) -> None:
    ctx, elder = scene.ctx, scene.town.uids["elder"]
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[giving]\nafter_death = 'kept'\n"))
    await scene.give("elder", 90)
    change = await died(scene, "elder")
    assert await balance(scene, member_account(elder)) == 90
    assert await balance(scene, fund_account("dongqu")) == 0
    # Taken back, there is nothing to bring back.
    await by_two.enter_return(ctx, await scene.actor("worker"), change.uid)
    await by_two.approve(ctx, await scene.actor("worker2"), change.uid)
    assert await balance(scene, member_account(elder)) == 90


async def test_who_acted_for_the_dead_is_told_and_the_plan_is_made_anew(scene: Scene) -> None:
    ctx = scene.ctx

    async def told(who: str) -> list[str]:
        sql = "SELECT kind FROM tb_news WHERE member = ? AND kind LIKE 'relationship%' ORDER BY id"
        return [str(row["kind"]) for row in await ctx.engine.fetch(sql, [scene.town.uids[who]])]

    change = await died(scene, "elder")
    assert await told("proxy") == ["relationship_over"]
    assert await told("elder") == []
    await by_two.enter_return(ctx, await scene.actor("worker"), change.uid)
    await by_two.approve(ctx, await scene.actor("worker2"), change.uid)
    assert await told("proxy") == ["relationship_over", "relationship_in_force"]
    assert (await scene.actor("proxy")).mandates
    before = await plan_stale_since(ctx, "dongqu")
    scene.town.ctx.clock.now += timedelta(minutes=1)
    await lives.leave(ctx, await scene.actor("worker"), scene.town.uids["volunteer"], moved=True)
    assert await plan_stale_since(ctx, "dongqu") > before


async def test_the_dead_helpers_visit_is_looked_for_anew(scene: Scene) -> None:
    service, _part = await scene.visit(starts_at=scene.ctx.now() + timedelta(days=1))
    await died(scene, "volunteer")
    off = await services.service(scene.ctx.engine, service.uid)
    assert off is not None
    assert off.state is ServiceState.CANCELLED
    rows = await scene.ctx.engine.fetch(
        "SELECT kind FROM tb_news WHERE member = ?", [scene.town.uids["elder"]]
    )
    assert "called_off" in {row["kind"] for row in rows}
    team = await rosters.team_members(scene.ctx.engine, "red-vests", scene.ctx.today())
    assert scene.town.uids["volunteer"] not in {card.uid for card in team}


async def test_a_death_recorded_by_mistake_is_undone_by_new_rows(scene: Scene) -> None:
    ctx, volunteer = scene.ctx, scene.town.uids["volunteer"]
    await scene.give("volunteer", 75)
    change = await died(scene, "volunteer")
    with pytest.raises(AlreadyDead):
        await by_two.enter_death(ctx, await scene.actor("worker"), uid=volunteer, died_on=ctx.today())
    await by_two.enter_return(ctx, await scene.actor("worker"), change.uid)
    with pytest.raises(SecondPerson):
        await by_two.approve(ctx, await scene.actor("worker"), change.uid)
    await by_two.approve(ctx, await scene.actor("worker2"), change.uid)
    row = await people.member(ctx.engine, volunteer)
    assert row is not None
    assert row.life is Life.ACTIVE
    assert await balance(scene, member_account(volunteer)) == 75
    stands = await relationships.held_by(ctx.engine, _party(volunteer))
    assert [one.kind for one in stands] == ["team_member"]
    assert stands[0].follows
    with pytest.raises(NotDead):
        await by_two.enter_return(ctx, await scene.actor("worker"), change.uid)


async def test_a_return_that_is_dropped_leaves_the_death_as_its_two_people_left_it(scene: Scene) -> None:
    ctx = scene.ctx
    before = await died(scene, "volunteer")
    await by_two.enter_return(ctx, await scene.actor("worker"), before.uid)
    assert await by_two.drop(ctx, await scene.actor("worker2"), before.uid) == before
    assert before.second_by == scene.town.uids["worker2"] != before.entered_by


async def test_a_death_that_cannot_be_is_refused(scene: Scene) -> None:
    worker, elder = await scene.actor("worker"), scene.town.uids["elder"]
    with pytest.raises(DayNotYet):
        await by_two.enter_death(scene.ctx, worker, uid=elder, died_on=date(2027, 1, 1))
    for who in ("volunteer", "leader", "stranger_worker", "auditor"):
        with pytest.raises(NotFound):
            await by_two.enter_death(scene.ctx, await scene.actor(who), uid=elder, died_on=scene.ctx.today())


async def test_who_leaves_may_come_back_and_hours_wait_for_them(scene: Scene) -> None:
    ctx, worker, volunteer = scene.ctx, await scene.actor("worker"), scene.town.uids["volunteer"]
    await scene.give("volunteer", 45)
    await lives.leave(ctx, worker, volunteer, moved=True)
    with pytest.raises(lives.NotHere):
        await lives.leave(ctx, worker, volunteer, moved=True)
    assert await balance(scene, member_account(volunteer)) == 45
    assert not await relationships.held_by(ctx.engine, _party(volunteer))
    await lives.take_back(ctx, worker, volunteer)
    with pytest.raises(lives.StillHere):
        await lives.take_back(ctx, worker, volunteer)


async def test_a_person_who_is_away_is_planned_for_by_nobody(scene: Scene) -> None:
    from marketplace import store as market
    from marketplace.values import Resource, Week
    from timebank.help.planning.gathering import gather

    ctx, volunteer = scene.ctx, scene.town.uids["volunteer"]
    offer = Resource(
        line_key="own", title="理发", owner=volunteer, owner_kind="volunteer", categories=("haircut",)
    )
    await market.save_resources(ctx.engine, "dongqu", [offer], at=ctx.now())
    week = Week.parse("2026-W49")
    [before] = (await gather(ctx, "dongqu", week)).resources
    assert before.away == ()
    await away.go_away(ctx, await scene.actor("volunteer"), volunteer, from_on=week.monday_on, to_on=None)
    [after] = (await gather(ctx, "dongqu", week)).resources
    assert after.away == ((week.monday_on, week.sunday_on),)
    await away.come_back(ctx, await scene.actor("volunteer"), volunteer, from_on=week.monday_on)
    [again] = (await gather(ctx, "dongqu", week)).resources
    assert again.away == ()
    with pytest.raises(AppRefusal):
        await away.go_away(
            ctx, await scene.actor("volunteer"), volunteer, from_on=date(2026, 1, 1), to_on=date(2026, 1, 2)
        )


def _node() -> Any:
    from timebank.rules.relationships import Party, Sort

    return Party(Sort.AREA, "dongqu")


def _party(uid: str) -> Any:
    from timebank.rules.relationships import member

    return member(uid)


async def test_erased_at_their_own_wish_with_the_record_that_was_joined(scene: Scene) -> None:
    ctx, kept = scene.ctx, scene.town.uids["volunteer"]
    gone = await twin(scene)
    await joined(scene, kept, gone)
    before = await people.member(ctx.engine, kept)
    assert before is not None
    hours, fund = await balance(scene, before.account), await balance(scene, fund_account("dongqu"))
    change = await by_two.enter_erasure(ctx, await scene.actor("volunteer"), uid=kept)
    with pytest.raises(AlreadyDone):
        await by_two.enter_erasure(ctx, await scene.actor("worker"), uid=kept)
    assert (await people.person(ctx.engine, kept)).name != people.ERASED, (
        "nothing before a worker confirms it"
    )
    await by_two.approve(ctx, await scene.actor("worker"), change.uid)
    for uid in (kept, gone):
        row = await people.member(ctx.engine, uid)
        assert row is not None
        assert row.life is Life.ERASED
        assert (await people.person(ctx.engine, uid)).says == people.ERASED
        assert await phones.phones(ctx.engine, uid) == []
    assert await balance(scene, before.account) == 0
    assert await balance(scene, fund_account("dongqu")) == fund + hours
    assert await relationships.held_by(ctx.engine, member(kept)) == []
    await ctx.engine.compact()
    with pytest.raises(NotFound):
        await by_two.enter_erasure(ctx, await scene.actor("worker"), uid=kept)
