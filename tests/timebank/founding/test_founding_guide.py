"""The guide over a real database: from an empty community to the last step, and the same list for page, programs and doctor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ledger import Leg, Transfer
from marketplace import store as lists
from marketplace.agreements import Agreement
from marketplace.times import read_when
from marketplace.values import Activity, Need, Place, Project, Resource, Week
from tests.timebank.settling import hold, settle, team, unit
from timebank.catalogue import founding_steps
from timebank.community import guide
from timebank.community.founding import office
from timebank.community.founding.flow import Founding, found
from timebank.community.founding.rooms import ROOMS
from timebank.community.founding.words import MISSING
from timebank.community.guide.checks import CHECKS, FoundingFacts
from timebank.context import issuing_account, member_account
from timebank.errors import AlreadyDone, BadField, NotFound
from timebank.help.matching import flow as matching
from timebank.help.opening import flow as opening
from timebank.rules.relationships import OPERATOR, Party, Sort
from timebank.store.members import people
from timebank.store.office import founding_skips
from timebank.store.office.founding_skips import Skipped
from timebank.store.relations import relationships
from timebank.web.guard import operations

FILED_ON = date(2026, 11, 20)


async def undone(town: Any, community: str = "dongqu") -> set[str]:
    return {one.step.code for one in await guide.steps(town.ctx, community) if not one.settled}


# ---- from nothing to done


async def test_a_community_just_founded_has_everything_before_it_but_who_asks_without_a_phone(
    ctx: Any,
) -> None:
    wanted = Founding(
        code="xiqu", name="西区社区", worker="陈社工", login="chen", phone="0555-1", address="西路1号", opens="周一至周五"
    )  # fmt: skip
    await found(ctx, wanted, password="nine-cranes-1984")
    shown = {one.step.code: one.done for one in await guide.steps(ctx, "xiqu")}
    assert {code for code, done in shown.items() if done} == {"place", "teams", "units", "cards"}
    assert await guide.left(ctx, "xiqu") == 8


async def test_each_step_is_done_by_doing_it_and_undone_by_undoing_it(town: Any) -> None:
    ctx, worker = town.ctx, await town.actor("worker")
    assert {"place", "grids", "policy", "balances", "lists", "plan"} <= await undone(town)

    await office.save_community(
        ctx, worker, office.Said(address="东区路18号", phone="0555-1234567", opens="每天")
    )
    assert "place" not in await undone(town)
    await office.save_community(ctx, worker, office.Said(address="东区路18号", phone="0555-1234567"))
    assert "place" in await undone(town)

    async with ctx.engine.atomic():
        heads = [
            await hold(ctx, "dongqu", kind, town.uids["leader"], Party(Sort.AREA, grid))
            for kind, grid in (("grid_head", "dongqu-1"), ("grid_worker", "dongqu-2"))
        ]
    assert "grids" not in await undone(town)
    head = await relationships.relationship(ctx.engine, heads[0])
    assert head is not None
    async with ctx.engine.atomic():
        await ctx.engine.execute("UPDATE tb_relationship SET state = 'over' WHERE uid = ?", [head.uid])
    assert "grids" in await undone(town)

    elder = town.uids["elder"]
    legs = (Leg(issuing_account("dongqu"), 60), Leg(member_account(elder), -60))
    async with ctx.engine.atomic():
        await ctx.book("dongqu").post(Transfer(key="other", legs=legs, reason="grant"), at=ctx.now())
    assert "balances" in await undone(town), "hours from elsewhere are no hours from paper"
    said = await opening.say_none(ctx, worker)
    assert "balances" in await undone(town), "one hand says it, two sign it"
    second = await town.actor("worker2")
    await opening.approve(ctx, second, said.uid, seen=(await opening.show(ctx, second, said.uid)).seen)
    assert "balances" not in await undone(town)

    await matching.plan_week(ctx, worker, "dongqu", Week.parse("2026-W46"))
    assert "plan" in await undone(town), "a week before founding proves nothing"
    await matching.plan_week(ctx, worker, "dongqu", Week.parse("2026-W48"))
    assert "plan" not in await undone(town)


async def test_lists_need_a_line_each_and_a_resident_for_every_open_need(town: Any) -> None:
    ctx = town.ctx
    own = Need(
        line_key="own",
        title="换灯泡",
        owner=town.uids["elder"],
        filed_on=FILED_ON,
        place=Place(grid="一网格"),
    )
    nobodys = Need(line_key="who", title="买米", filed_on=FILED_ON)
    offices = Need(line_key="sweep", title="清扫", source="community", filed_on=FILED_ON)
    at = ctx.now()
    async with ctx.engine.atomic():
        await lists.save_activities(
            ctx.engine,
            "dongqu",
            [Activity(line_key="a", title="清扫", when=read_when("周四", filed_on=FILED_ON))],
            at=at,
        )
        await lists.save_projects(ctx.engine, "dongqu", [Project(line_key="p", title="助餐")], at=at)
        await lists.save_resources(
            ctx.engine,
            "dongqu",
            [Resource(line_key="r", title="理发", owner=town.uids["volunteer"], owner_kind="volunteer")],
            at=at,
        )
        await lists.save_needs(ctx.engine, "dongqu", [own, nobodys, offices], at=at)
    shown = next(one for one in await guide.steps(ctx, "dongqu") if one.step.code == "lists")
    assert (shown.found.missing, shown.found.words) == (1, ("needs_of_nobody",))
    async with ctx.engine.atomic():
        await lists.close_line(ctx.engine, "dongqu", "need", "who", at=at)
    assert "lists" not in await undone(town)


async def test_a_team_with_members_needs_a_leader_and_an_empty_one_does_not(town: Any) -> None:
    async with town.ctx.engine.atomic():
        await team(town.ctx, "dongqu", "empty", "没有人的队")
        assert "teams" not in await undone(town)
        await team(town.ctx, "dongqu", "unled", "没有队长的队", people=[town.uids["volunteer"]])
    shown = next(one for one in await guide.steps(town.ctx, "dongqu") if one.step.code == "teams")
    assert shown.found.names == ("没有队长的队",)


async def test_a_unit_with_a_line_or_an_agreement_needs_a_contact(town: Any) -> None:
    ctx, engine = town.ctx, town.ctx.engine
    async with engine.atomic():
        await unit(ctx, "dongqu", "school", "实验小学")
        await unit(ctx, "dongqu", "library", "区图书馆")
        await unit(ctx, "dongqu", "quiet", "没有事项的单位")
    assert "units" not in await undone(town)
    lines = [
        Resource(line_key="s", title="教室", owner="school"), Resource(line_key="h", title="量血压", owner="hospital"),
        Resource(line_key="o", title="配镜", owner="不在册的眼镜店"),
    ]  # fmt: skip
    signed = Agreement(
        uid="G1", title="共建", units=("library",), first_on=FILED_ON, last_on=FILED_ON + timedelta(days=90)
    )
    over = Agreement(
        uid="G2", title="去年", units=("buses",), first_on=date(2025, 1, 1), last_on=date(2025, 12, 31)
    )
    async with engine.atomic():
        await lists.save_resources(engine, "dongqu", lines, at=ctx.now())
        for one in (signed, over):
            await lists.save_agreement(engine, "dongqu", one, at=ctx.now())
    shown = next(one for one in await guide.steps(ctx, "dongqu") if one.step.code == "units")
    assert set(shown.found.names) == {"实验小学", "不在册的眼镜店", "区图书馆"}
    async with engine.atomic():
        await hold(ctx, "dongqu", "unit_contact", town.uids["leader"], Party(Sort.ORGANISATION, "school"))
    shown = next(one for one in await guide.steps(ctx, "dongqu") if one.step.code == "units")
    assert set(shown.found.names) == {"不在册的眼镜店", "区图书馆"}


async def test_who_asks_and_has_no_phone_needs_a_card_or_a_proxy(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        alone = await settle(ctx, "dongqu", "没手机的老人", asks=True)
        await settle(ctx, "dongqu", "不求助的人")
    assert "cards" in await undone(town)
    async with ctx.engine.atomic():
        mandate = await hold(ctx, "dongqu", "proxy", town.uids["proxy"], Party(Sort.MEMBER, alone))
    assert "cards" not in await undone(town)
    async with ctx.engine.atomic():
        await ctx.engine.execute("UPDATE tb_relationship SET state = 'over' WHERE uid = ?", [mandate])
    assert "cards" in await undone(town)
    worker = await town.client("worker")
    await worker.submit("/desk/codes", {"member": alone, "kind": "card"})
    assert "cards" not in await undone(town)
    assert (await people.member(ctx.engine, alone)) is not None


async def test_staff_counts_by_who_can_sign_in_and_an_auditor_is_somebody_else(town: Any) -> None:
    assert not {"second_worker", "auditor"} & await undone(town)
    await town.ctx.engine.execute("DELETE FROM tb_password WHERE member = ?", [town.uids["worker2"]])
    await town.ctx.engine.execute("UPDATE tb_relationship SET state = 'over' WHERE kind = 'auditor'", [])
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "auditor", town.uids["worker"], Party(Sort.AREA, "dongqu"))
    assert {"second_worker", "auditor"} <= await undone(town)


# ---- left out


async def test_a_step_is_left_out_with_a_reason_and_taken_back(town: Any) -> None:
    worker = await town.client("worker")
    empty = await worker.submit("/desk/founding/lists/skip", {"why": "  "})
    assert empty.status_code == 422
    assert "请写一句为什么跳过。" in empty.text
    page = await worker.submit("/desk/founding/lists/skip", {"why": "先收电话"})
    assert "跳过了" in page.text
    assert "先收电话" in page.text
    assert "陈社工" in page.text
    assert "lists" not in await undone(town)
    with pytest.raises(AlreadyDone):
        await office.skip(town.ctx, await town.actor("worker2"), "lists", why="再跳")
    back = await worker.submit("/desk/founding/lists/take-back")
    assert back.status_code == 200
    assert "lists" in await undone(town)
    assert (await worker.submit("/desk/founding/lists/take-back")).status_code == 200


async def test_what_must_be_done_or_is_done_cannot_be_left_out(town: Any) -> None:
    actor = await town.actor("worker")
    with pytest.raises(office.MustBeDone):
        await office.skip(town.ctx, actor, "place", why="不想写")
    with pytest.raises(office.DoneAlready):
        await office.skip(town.ctx, actor, "second_worker", why="一个人够")
    with pytest.raises(NotFound):
        await office.skip(town.ctx, actor, "flag", why="没有旗")
    with pytest.raises(BadField):
        await office.skip(town.ctx, actor, "grids", why="")
    assert await founding_skips.skips(town.ctx.engine, "dongqu") == {}


async def test_a_skip_of_a_step_that_must_be_done_counts_for_nothing(town: Any) -> None:
    """A row that an older guide let somebody write does not found a community."""
    async with town.ctx.engine.atomic():
        row = Skipped(
            community="dongqu", step="place", skipped_by=OPERATOR, skipped_at=town.ctx.now(), why="旧"
        )
        assert await founding_skips.add_skip(town.ctx.engine, row)
        assert not await founding_skips.add_skip(town.ctx.engine, row)
    assert "place" in await undone(town)


# ---- one list for everybody


async def test_page_and_programs_read_the_same_list(town: Any) -> None:
    worker = await town.client("worker")
    await worker.submit("/desk/founding/lists/skip", {"why": "先收电话"})
    steps = await guide.steps(town.ctx, "dongqu")
    told = (await worker.get("/api/founding")).json()
    assert [(one["code"], one["done"], one["left_out"]) for one in told["steps"]] == [
        (one.step.code, one.done, one.left_out) for one in steps
    ]
    page = await worker.page("/desk/founding")
    for one in steps:
        part = page.text.split(f'<li id="{one.step.code}"')[1].split("</li>")[0]
        assert one.step.zh in part
        assert ("做好了" in part) == one.done, one.step.code
        assert ("跳过了" in part) == one.left_out, one.step.code
    assert told["left"] == await guide.left(town.ctx, "dongqu")
    assert f"开办还差 {told['left']} 步" in page.text
    assert f"开办还差 {told['left']} 步" in (await worker.page("/desk")).text
    english = (await worker.page("/desk/founding?lang=en")).text
    assert all(one.step.en in english.replace("&#39;", "'") for one in steps)


async def test_the_desk_says_nothing_of_founding_once_it_is_done(town: Any) -> None:
    async with town.ctx.engine.atomic():
        for step in founding_steps():
            skipped = Skipped(
                community="dongqu", step=step.code, skipped_by=OPERATOR, skipped_at=town.ctx.now(),why="x"
            )  # fmt: skip
            await founding_skips.add_skip(town.ctx.engine, skipped)
    worker = await town.client("worker")
    left = await guide.left(town.ctx, "dongqu")
    assert f"开办还差 {left} 步" in (await worker.page("/desk")).text
    await office.save_community(
        town.ctx, await town.actor("worker"), office.Said(address="1号", phone="0555-1234567", opens="每天")
    )
    await town.ctx.engine.execute(
        "UPDATE tb_rule SET approved_by = ? WHERE community = 'dongqu'", [town.uids["worker"]]
    )
    await matching.plan_week(town.ctx, await town.actor("worker"), "dongqu", Week.parse("2026-W48"))
    assert await guide.left(town.ctx, "dongqu") == 0
    assert "开办还差" not in (await worker.page("/desk")).text
    assert "开办的十二步都做好了" in (await worker.page("/desk/founding")).text


def test_every_word_that_a_check_may_say_has_a_sentence() -> None:
    nothing = FoundingFacts(
        place_missing=("address", "phone", "opens"), lists_empty=("activities", "projects", "needs", "resources"),
        needs_of_nobody=1,
    )  # fmt: skip
    asked = FoundingFacts(neighbours=1, old_questions=1, places_in_charge=1)
    said = {word for facts in (nothing, asked) for check in CHECKS.values() for word in check(facts).words}
    assert said == set(MISSING)


@pytest.mark.parametrize("step", founding_steps(), ids=lambda step: step.code)
def test_the_page_of_every_step_is_served(town: Any, step: Any) -> None:
    assert step.page in {route.path for _operation, route, _handler in operations(town.app)}


@pytest.mark.parametrize("href", [room.href for _title, rooms in ROOMS for room in rooms])
def test_every_room_of_the_office_is_served(town: Any, href: str) -> None:
    assert href in {route.path for _operation, route, _handler in operations(town.app)}


async def test_strangers_and_neighbours_see_none_of_it(town: Any) -> None:
    for who in ("elder", "volunteer", "leader", "unit", "auditor"):
        client = await town.client(who)
        for path in ("/desk/founding", "/desk/office", "/desk/community", "/desk/areas", "/api/founding"):
            assert (await client.get(path)).status_code == 403, (who, path)
    stranger = await town.client("stranger_worker")
    assert "东区社区" not in (await stranger.page("/desk/community")).text
