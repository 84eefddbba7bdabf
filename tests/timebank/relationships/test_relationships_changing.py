"""One way in which relationships change: asked, agreed to, approved, ended, renewed; each refusal leaves nothing behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from marketplace import store as lists
from marketplace.ages import AgeFact, AgeSort
from tests.timebank.settling import hold, of_age, settle
from timebank.catalogue import Heard, Scope, Side
from timebank.community import relating
from timebank.community.relating import Wanted
from timebank.community.relationships import flow, posts
from timebank.rules.relationships import (
    Absence,
    Party,
    Relationship,
    RelationshipRefusal,
    Sort,
    State,
    member,
)
from timebank.rules.relationships import refusals as no
from timebank.store.members import ages
from timebank.store.relations import absences, relationships

TEAM = relating.organisation("red-vests")


async def offer(town: Any, who: str, kind: str, holder: str, target: Party, **known: Any) -> Relationship:
    async with town.ctx.engine.atomic():
        wanted = Wanted(kind=kind, holder=member(town.uids[holder]), target=target, **known)
        return await relating.offer(town.ctx, await town.actor(who), wanted)


async def step(town: Any, change: Any, who: str, uid: str, *words: Any) -> Relationship:
    async with town.ctx.engine.atomic():
        done: Relationship = await change(town.ctx, await town.actor(who), uid, *words)
        return done


async def rows(town: Any) -> int:
    found = await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_relationship")
    return int(found[0]["n"])


async def test_who_is_asked_says_yes_on_a_page_and_has_the_right_at_once(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    made = await offer(town, "leader", "deputy", "volunteer", TEAM)
    assert made.state is State.OFFERED
    assert (await town.actor("volunteer")).teams == frozenset()
    page = await (await town.client("volunteer")).page("/relationships")
    assert "请您当副队长" in page.text
    answered = await (await town.client("volunteer")).submit(
        f"/relationships/{made.uid}/answer", {"side": "holder", "answer": "yes"}
    )
    assert answered.status_code == 200
    assert (await town.actor("volunteer")).teams == {"red-vests"}


async def test_no_makes_nothing_of_it_and_never_changes_again(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    made = await offer(town, "leader", "deputy", "volunteer", TEAM)
    declined = await step(town, relating.say_no, "volunteer", made.uid, Side.HOLDER)
    assert declined.state is State.DECLINED
    with pytest.raises(no.AlreadyDeclined):
        await step(town, relating.say_yes, "volunteer", made.uid, Side.HOLDER)


async def test_a_second_leader_is_refused_and_nothing_is_written(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    before = await rows(town)
    with pytest.raises(no.PlaceTaken):
        await offer(town, "worker", "leader", "volunteer", TEAM, holder_yes=Heard.TOLD)
    assert await rows(town) == before


@pytest.mark.parametrize(
    ("kind", "known", "refusal"),
    [
        ("no_such_kind", {}, relating.KindUnknown),
        ("unit_contact", {}, no.TargetKind),
        ("leader", {"holder_yes": Heard.LIST}, no.YesNotThisWay),  # a right is never given by a list
        ("deputy", {"scope": (Scope.ASK,)}, no.ScopeUnknown),
    ],
)
async def test_what_cannot_stand_is_a_typed_refusal_in_both_languages(
    town: Any, kind: str, known: dict[str, Any], refusal: type[RelationshipRefusal]
) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    with pytest.raises(refusal) as refused:
        await offer(town, "worker", kind, "volunteer", TEAM, **known)
    assert refused.value.said("zh-CN") != refused.value.said("en")


async def test_an_age_that_nobody_knows_is_asked_and_kept(town: Any) -> None:
    with pytest.raises(no.AgeUnknown):
        await offer(town, "worker", "deputy", "volunteer", TEAM, holder_yes=Heard.TOLD)
    browser = await town.client("worker")
    page = await browser.page(
        f"/desk/relationships/new?kind=deputy&holder=member:{town.uids['volunteer']}&target=organisation:red-vests"
    )
    assert "问过了，已满18岁" in page.text
    said = {
        "kind": "deputy", "holder": f"member:{town.uids['volunteer']}", "target": "organisation:red-vests",
        "holder_yes": "told", "of_age": "yes",
    }  # fmt: skip
    assert (await browser.submit("/relationships", said)).status_code == 200
    assert (await town.actor("volunteer")).teams == {"red-vests"}
    [fact] = await ages.ages(town.ctx.engine, town.uids["volunteer"])
    assert (fact.sort, fact.source) == (AgeSort.OF_AGE, "relationship")


async def test_nobody_acts_for_an_elder_without_the_elders_yes(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    elder = member(town.uids["elder"])
    made = await offer(town, "worker", "proxy", "volunteer", elder, scope=("ask",), holder_yes=Heard.TOLD)
    assert made.state is State.OFFERED
    assert town.uids["elder"] not in (await town.actor("volunteer")).mandates
    with pytest.raises(no.NotTheirsToSay):
        await step(town, relating.say_yes, "volunteer", made.uid, Side.TARGET)
    await step(town, relating.say_yes, "elder", made.uid, Side.TARGET)
    assert (await town.actor("volunteer")).mandates[town.uids["elder"]] == {"ask"}


async def test_a_proxy_who_may_only_ask_sees_no_request_of_the_person(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    await hold(town.ctx, "dongqu", "proxy", town.uids["volunteer"], member(town.uids["elder"]), scope="ask")
    own = await town.client("elder")
    asked = await own.submit("/elder/requests", {"what": "shopping", "day": "any", "part": "day"})
    key = asked.url.path.rpartition("/")[2]
    acting = await town.client("volunteer", acting_for="elder")
    home = await acting.page("/elder")
    assert home.status_code == 200
    assert key not in home.text
    assert (await acting.page(f"/elder/requests/{key}")).status_code == 404
    sent = await acting.submit("/elder/requests", {"what": "repair", "day": "any", "part": "day"})
    assert (sent.status_code, sent.url.path) == (200, "/elder")


async def test_an_elder_lets_somebody_act_by_name_and_number_from_her_own_page(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    browser = await town.client("elder")
    me = f"member:{town.uids['elder']}"
    form = {
        "kind": "proxy",
        "target": me,
        "scope": ["ask", "read"],
        "holder_name": "李四",
        "back": "/relationships",
    }
    wrong = await browser.submit("/relationships", {**form, "holder_phone": "19900000002"})
    assert wrong.status_code == 404
    right = await browser.submit("/relationships", {**form, "holder_phone": "199 0000 0004"})
    assert right.url.path == "/relationships"
    [made] = await relationships.offered(town.ctx.engine, "dongqu")
    assert made.missing(town.ctx.catalogue_of("dongqu").relationships["proxy"]) == (Side.HOLDER,)
    assert await relationships.held_by(town.ctx.engine, member(town.uids["volunteer"]), kinds=("proxy",)) == [
        made
    ]


async def test_an_auditor_waits_for_the_second_person(town: Any) -> None:
    await of_age(town.ctx, town.uids["volunteer"])
    here = relating.area("dongqu")
    made = await offer(town, "worker", "auditor", "volunteer", here, holder_yes=Heard.PAPER)
    with pytest.raises(no.SecondPerson):
        await step(town, relating.approve, "worker", made.uid)
    approved = await step(town, relating.approve, "worker2", made.uid)
    assert approved.state is State.IN_FORCE


async def test_the_last_worker_who_can_sign_in_stays(town: Any) -> None:
    ctx = town.ctx
    workers = await relationships.of_kind(ctx.engine, "dongqu", "worker")
    first, second = workers
    await step(town, relating.end, "worker", second.uid, "resigned")
    with pytest.raises(no.LastWorker):
        await step(town, relating.end, "worker", first.uid, "resigned")


async def test_a_worker_who_steps_down_is_signed_out_at_once(town: Any) -> None:
    browser = await town.client("worker2")
    assert (await browser.get("/desk")).status_code == 200
    [held] = await relationships.held_by(town.ctx.engine, member(town.uids["worker2"]), kinds=("worker",))
    await step(town, relating.end, "worker", held.uid, "resigned")
    assert (await browser.get("/desk", headers={"accept": "application/json"})).status_code == 401


async def test_a_renewal_takes_over_and_the_old_one_ends(town: Any) -> None:
    ctx = town.ctx
    last_on = ctx.today() + timedelta(days=10)
    uid = await hold(
        ctx, "dongqu", "friend", town.uids["volunteer"], member(town.uids["elder"]), until_on=last_on
    )
    async with ctx.engine.atomic():
        made = await relating.renew(
            ctx, await town.actor("worker"), uid, until_on=last_on + timedelta(days=300),
            holder_yes=Heard.TOLD, target_yes=Heard.TOLD,
        )  # fmt: skip
    old = await relationships.relationship(ctx.engine, uid)
    assert old is not None
    assert (old.state, made.state, made.follows) == (State.OVER, State.IN_FORCE, uid)


async def test_terms_that_have_passed_are_written_down_once_and_open_the_post_again(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        key = await posts.add_post(ctx, "dongqu", kind="post", title="车棚看护", places=1)
    made = await offer(town, "worker", "post", "volunteer", Party(Sort.LINE, key), holder_yes=Heard.TOLD)
    assert made.state is State.IN_FORCE
    assert all(need.line_key != key for need in await lists.needs(ctx.engine, "dongqu"))
    assert made.until_on is not None
    ctx.clock.now += timedelta(days=(made.until_on - ctx.today()).days + 1)
    assert await relating.lapse_relationships(ctx) == 1
    assert await relating.lapse_relationships(ctx) == 0
    assert any(need.line_key == key for need in await lists.needs(ctx.engine, "dongqu"))


async def test_a_guardian_ends_when_the_child_is_of_age(town: Any) -> None:
    ctx = town.ctx
    await of_age(ctx, town.uids["proxy"])
    uid = await hold(ctx, "dongqu", "guardian", town.uids["proxy"], member(town.uids["minor"]))
    assert await relating.lapse_relationships(ctx) == 0
    born = AgeFact(sort=AgeSort.BORN_ON, value="2008-11-23", said_on=ctx.today(), source="page")
    await ages.add_age(ctx.engine, town.uids["minor"], born, recorded_by="")
    assert await relating.lapse_relationships(ctx) == 1
    ended = await relationships.relationship(ctx.engine, uid)
    assert ended is not None
    assert ended.end_reason == "grown_up"


async def test_while_a_leader_is_away_the_stand_in_acts_and_is_told(town: Any) -> None:
    ctx = town.ctx
    await hold(ctx, "dongqu", "stand_in", town.uids["volunteer"], member(town.uids["leader"]))
    assert (await town.actor("volunteer")).teams == frozenset()
    today = ctx.today()
    await absences.add_absence(ctx.engine, Absence(member=town.uids["leader"], from_on=today, to_on=today))
    assert (await town.actor("volunteer")).teams == {"red-vests"}
    async with ctx.engine.atomic():
        await relating_news(town, "shift_planned")
    told = await ctx.engine.fetch("SELECT member FROM tb_news WHERE kind = 'shift_planned'")
    assert [row["member"] for row in told] == [town.uids["volunteer"]]


async def relating_news(town: Any, kind: str) -> None:
    from timebank.community.telling import tell_duty

    await tell_duty(town.ctx, community="dongqu", member=town.uids["leader"], kind=kind, service="S1")


async def test_a_post_is_claimed_left_and_open_again(town: Any) -> None:
    ctx = town.ctx
    worker = await town.client("worker")
    opened = await worker.submit(
        "/desk/posts", {"title": "楼道保洁", "kind": "post_with_duty", "places": "1"}
    )
    assert "楼道保洁" in opened.text
    browser = await town.client("volunteer")
    [post] = await posts.posts(ctx, await town.actor("volunteer"), "zh-CN")
    claimed = await browser.submit(f"/posts/{post.need.line_key}/claim")
    assert "这个岗位归您了" in claimed.text
    second = await (await town.client("volunteer2")).submit(f"/posts/{post.need.line_key}/claim")
    assert second.status_code == 409
    [mine] = (await flow.own(ctx, await town.actor("volunteer"), "zh-CN")).mine[-1:]
    left = await browser.submit(f"/relationships/{mine.one.uid}/end", {"reason": "resigned"})
    assert left.status_code == 200
    [again] = await posts.posts(ctx, await town.actor("volunteer"), "zh-CN")
    assert again.free == 1


async def test_pages_of_a_neighbouring_community_know_nothing_of_it(town: Any) -> None:
    stranger = await town.client("stranger_worker")
    [leads] = await relationships.held_towards(town.ctx.engine, TEAM, kinds=("leader",))
    assert (await stranger.page(f"/relationships/{leads.uid}")).status_code == 404
    assert (await stranger.page("/relationships/of/organisation:red-vests")).status_code == 404


class TestOnBothDatabases:
    @pytest.fixture
    def app_database_url(self, database_url: str) -> str:
        return database_url

    async def test_of_two_leaders_named_at_once_one_stands(self, town: Any) -> None:
        ctx = town.ctx
        async with ctx.engine.atomic():
            await of_age(ctx, town.uids["volunteer"], town.uids["volunteer2"])
        [leads] = await relationships.held_towards(ctx.engine, TEAM, kinds=("leader",))
        await step(town, relating.end, "worker", leads.uid, "replaced")
        both = [
            offer(town, "worker", "leader", who, TEAM, holder_yes=Heard.TOLD)
            for who in ("volunteer", "volunteer2")
        ]
        answers = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(one).__name__ for one in answers) == ["PlaceTaken", "Relationship"]
        assert len(await relationships.held_towards(ctx.engine, TEAM, kinds=("leader",))) == 1


async def test_two_of_one_name_and_number_are_never_guessed(town: Any) -> None:
    async with town.ctx.engine.atomic():
        await settle(town.ctx, "dongqu", "李四", phone="19900000004")
    browser = await town.client("elder")
    answer = await browser.submit(
        "/relationships",
        {
            "kind": "proxy", "target": f"member:{town.uids['elder']}", "scope": "ask", "holder_name": "李四",
            "holder_phone": "19900000004",
        },
    )  # fmt: skip
    assert answer.status_code == 409
