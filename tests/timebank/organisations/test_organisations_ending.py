"""What ends with an organisation, and what has to be settled before."""

from __future__ import annotations

import pytest

from ledger import AccountKind, OpenAccount, Transfer
from ledger.values import Leg
from marketplace import store as lists
from marketplace.rota import RotaTurn, TurnState
from tests.timebank.conftest import Town
from timebank.community.organisations import changing
from timebank.community.organisations.changing import Told
from timebank.community.organisations.refusals import AlreadyEnded, HoursLeft
from timebank.community.relating import organisation
from timebank.context import issuing_account, team_account
from timebank.help.lists import offers
from timebank.help.services import flow as services_flow
from timebank.rules.parts.attendance import ServiceState
from timebank.rules.places.areas import StillInUse
from timebank.rules.relationships import EndReason, member
from timebank.store.help import services
from timebank.store.relations import organisations, relationships


async def test_everything_that_hangs_on_a_unit_is_named_and_then_ends(town: Town) -> None:
    ctx = town.ctx
    line = await offers.save_offer(
        ctx,
        await town.actor("unit"),
        offers.Offer(title="量血压", when="每周四 9:00-11:00", quantity="6人次"),
        sure=True,
    )
    turns = [
        RotaTurn(activity_key="a", period="2026-11", unit="hospital", state=TurnState.DONE),
        RotaTurn(activity_key="a", period="2026-12", unit="hospital"),
        RotaTurn(
            activity_key="a", period="2027-01", unit="school", state=TurnState.ASKED, swap_with="2026-12"
        ),
    ]
    await lists.add_turns(ctx.engine, "dongqu", turns)
    desk = await town.client("worker")
    asked = await desk.page("/desk/organisations/hospital/end")
    assert "量血压" in asked.text
    assert "1 段关系" in asked.text
    assert "1 次还没到的轮值" in asked.text

    ended = await desk.submit("/desk/organisations/hospital/end")
    assert "区第二人民医院" in ended.text  # said once more, above the list
    assert 'href="/desk/organisations/hospital"' not in ended.text
    assert "hospital" in (await desk.page("/desk/units?ended=yes")).text
    one = await organisations.organisation(ctx.engine, "hospital")
    assert one is not None
    assert one.until_on == ctx.today()
    [gone] = await relationships.history_at(ctx.engine, organisation("hospital"), 9)
    assert gone.end_reason is EndReason.CLOSED
    assert line.line_key not in [each.line_key for each in await lists.resources(ctx.engine, "dongqu")]
    left = await lists.turns(ctx.engine, "dongqu")
    assert [(turn.period, turn.unit, turn.state, turn.swap_with) for turn in left] == [
        ("2026-11", "hospital", TurnState.DONE, ""), ("2027-01", "school", TurnState.AHEAD, ""),
    ]  # fmt: skip
    assert (await (await town.client("unit")).get("/unit")).status_code == 403


async def test_a_teams_shifts_are_called_off_and_its_people_told(town: Town) -> None:
    ctx = town.ctx
    await services_flow.plan_shifts(ctx, await town.actor("leader"), "red-vests")
    planned = await services.services(ctx.engine, "dongqu", team="red-vests")
    await changing.end(ctx, await town.actor("worker"), "red-vests")
    now = await services.services(ctx.engine, "dongqu", team="red-vests")
    assert all(one.state is ServiceState.CANCELLED for one in now if one.starts_at > ctx.now())
    assert len(now) == len(planned)
    assert await relationships.held_towards(ctx.engine, organisation("red-vests")) == []
    assert await relationships.held_by(ctx.engine, member(town.uids["leader"]), kinds=("leader",)) == []
    told = await ctx.engine.fetch("SELECT member FROM tb_news WHERE kind = 'relationship_over'")
    assert town.uids["volunteer"] in {row["member"] for row in told}


async def test_an_ended_one_is_shown_and_never_changed_again(town: Town) -> None:
    worker, desk = await town.actor("worker"), await town.client("worker")
    await changing.end(town.ctx, worker, "red-vests")
    shown = await desk.page("/desk/organisations/red-vests")
    assert "2026年11月24日 撤销" in shown.text
    assert "加人" not in shown.text
    for act in (
        changing.end(town.ctx, worker, "red-vests"),
        changing.change(town.ctx, worker, "red-vests", Told(name="新名字")),
        changing.also_called(town.ctx, worker, "red-vests", "红马甲"),
    ):
        with pytest.raises(AlreadyEnded):
            await act
    again = await desk.post("/desk/organisations/red-vests/roster/lines", data={"lines": "王小红"})
    assert again.status_code == 409


async def test_what_stands_below_has_to_end_first(town: Town) -> None:
    worker = await town.actor("worker")
    station = await changing.create(town.ctx, worker, "station", Told(name="服务站", parent="hospital"))
    with pytest.raises(StillInUse):
        await changing.end(town.ctx, worker, "hospital")
    assert len(await relationships.held_towards(town.ctx.engine, organisation("hospital"))) == 1
    asked = await (await town.client("worker")).page("/desk/organisations/hospital/end")
    assert station.code in asked.text
    assert 'action="/desk/organisations/hospital/end"' not in asked.text
    await changing.end(town.ctx, worker, station.code)
    await changing.end(town.ctx, worker, "hospital")


async def test_hours_that_a_team_still_holds_are_given_on_first(town: Town) -> None:
    ctx = town.ctx
    book, account = ctx.book("dongqu"), team_account("red-vests")
    async with ctx.engine.atomic():
        opened = OpenAccount(key="open", code=account, kind=AccountKind.LIABILITY, opened_on=ctx.today())
        await book.post(opened, at=ctx.now())
        legs = (Leg(issuing_account("dongqu"), 90), Leg(account, -90))
        await book.post(Transfer(key="hours", legs=legs), at=ctx.now())
    with pytest.raises(HoursLeft):
        await changing.end(ctx, await town.actor("worker"), "red-vests")
    asked = await (await town.client("worker")).page("/desk/organisations/red-vests/end")
    assert "1 小时 30 分" in asked.text


async def test_a_name_is_free_again_when_its_organisation_has_ended(town: Town) -> None:
    worker = await town.actor("worker")
    await changing.end(town.ctx, worker, "hospital")
    made = await changing.create(town.ctx, worker, "unit", Told(name="区第二人民医院"))
    [known] = await organisations.organisations_named(town.ctx.engine, "dongqu", "区第二人民医院")
    assert known.code == made.code
