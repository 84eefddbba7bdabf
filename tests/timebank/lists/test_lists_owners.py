"""Whose a line is: an organisation by its code, so that a name may change, be shared, or be written in another way."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from marketplace import store as lists
from marketplace.lists import Verdict
from marketplace.rota import RotaTurn
from marketplace.values import Activity
from tests.timebank.conftest import Town
from tests.timebank.settling import hold, of_age, team, unit
from timebank.community.organisations import changing
from timebank.community.organisations.changing import Told
from timebank.community.relating import organisation
from timebank.errors import BadField, NotFound
from timebank.help.imports import answering, flow
from timebank.help.imports.report import FileReport
from timebank.help.lists import offers, turns
from timebank.help.lists.offers import Offer
from timebank.rules.relationships import member
from timebank.store.help import services
from timebank.store.relations import organisations, relationships

HEADER = "单位名称,可提供资源,可服务时间,数量"
CLINIC = f"{HEADER}\n区第二人民医院,量血压,每周四 9:00-11:00,6人次\n"


async def brought(town: Town, text: str, name: str = "资源.csv") -> FileReport:
    [report] = await flow.import_files(town.ctx, None, "dongqu", [(name, text.encode())])
    return report


async def renamed(town: Town, code: str, name: str) -> None:
    await changing.change(town.ctx, await town.actor("worker"), code, Told(name=name), sure=True)


async def test_a_list_names_a_unit_and_the_line_belongs_to_its_code(town: Town) -> None:
    await brought(town, CLINIC)
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    assert line.owner == "hospital"
    shown = await (await town.stranger()).page("/lists/resources")
    assert "区第二人民医院" in shown.text
    assert "hospital" not in shown.text
    one = await (await town.stranger()).page(f"/lists/resources/{line.line_key}")
    assert "区第二人民医院" in one.text


async def test_a_unit_that_is_renamed_keeps_its_lines_claims_and_turns(town: Town) -> None:
    ctx = town.ctx
    await brought(town, CLINIC)
    meeting = Activity(line_key="council", title="共建联席会", lead="区第二人民医院")
    await lists.save_activities(ctx.engine, "dongqu", [meeting], at=ctx.now())
    await lists.add_turns(
        ctx.engine, "dongqu", [RotaTurn(activity_key="council", period="2026-12", unit="hospital")]
    )
    await renamed(town, "hospital", "区中心医院")

    home = await offers.unit_home(ctx, await town.actor("unit"))
    assert [line.title for line in home.resources] == ["量血压"]
    assert [activity.line_key for activity, _ in home.turns] == ["council"]
    stranger = await town.stranger()
    listed = await stranger.page("/lists/resources")
    assert "区中心医院" in listed.text
    assert "区第二人民医院" not in listed.text
    council = await (await town.client("unit")).page("/lists/activities/council")
    assert "2026年12月 · 区中心医院" in council.text
    planned = await turns.plan(ctx, await town.actor("worker"), "council")
    assert planned[0].unit == "hospital"  # the list still calls it by the name of before


@pytest.mark.parametrize("name", ["区第二人民医院", "区中心医院"])
async def test_the_same_list_after_a_new_name_finds_the_same_unit(town: Town, name: str) -> None:
    await brought(town, CLINIC)
    await renamed(town, "hospital", "区中心医院")
    before = len(await organisations.organisations(town.ctx.engine, "dongqu"))
    again = await brought(town, CLINIC.replace("区第二人民医院", name) + "\n")
    assert {line.owner for line in await lists.resources(town.ctx.engine, "dongqu")} == {"hospital"}
    assert len(await organisations.organisations(town.ctx.engine, "dongqu")) == before
    if name == "区第二人民医院":
        assert again.changes == 0


async def test_two_units_of_one_name_do_not_share_a_line(town: Town) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        await of_age(ctx, town.uids["proxy"])
        await unit(ctx, "dongqu", "twin", "区第二人民医院")
        await hold(ctx, "dongqu", "unit_contact", town.uids["proxy"], organisation("twin"))
    offer = Offer(title="量血压", when="每周四 9:00-11:00", quantity="6人次", contact="公卫科")
    first = await offers.save_offer(ctx, await town.actor("unit"), offer, sure=True)
    second = await offers.save_offer(ctx, await town.actor("proxy"), offer, sure=True)
    assert first.line_key != second.line_key
    for code, line in (("hospital", first), ("twin", second)):
        assert [one.line_key for one in await lists.resources(ctx.engine, "dongqu", owner=code)] == [
            line.line_key
        ]
    with pytest.raises(NotFound):
        await offers.pause_offer(ctx, await town.actor("proxy"), first.line_key)
    with pytest.raises(NotFound):
        await offers.own_offer(ctx, await town.actor("unit"), second.line_key)


async def test_a_list_that_could_mean_two_units_is_asked_and_answered_by_another_name(town: Town) -> None:
    ctx, worker = town.ctx, await town.actor("worker")
    async with ctx.engine.atomic():
        await unit(ctx, "dongqu", "twin", "区第二人民医院")
    report = await brought(town, CLINIC)
    [row] = report.rows
    assert (row.verdict, [(one.code, one.field) for one in row.reasons]) == (
        Verdict.QUESTIONED,
        [("owner_unclear", "单位名称")],
    )
    assert row.target == ""
    assert await lists.resources(ctx.engine, "dongqu") == ()
    page = await (await town.client("worker")).page(f"/desk/import/{report.uid}")
    assert "有几个组织都叫这个名字" in page.text

    with pytest.raises(BadField):
        await answering.answer_row(ctx, worker, file=report.uid, place=0, step="accept", cells={})
    await changing.also_called(ctx, worker, "twin", "二院新院区")
    done = await answering.answer_row(
        ctx, worker, file=report.uid, place=0, step="correct", cells={"单位名称": "二院新院区"}
    )
    assert done.answer == "corrected"
    [line] = await lists.resources(ctx.engine, "dongqu")
    assert (line.line_key, line.owner) == (done.target, "twin")


async def test_a_line_that_one_of_two_has_already_stays_with_it(town: Town) -> None:
    await brought(town, CLINIC)
    async with town.ctx.engine.atomic():
        await unit(town.ctx, "dongqu", "twin", "区第二人民医院")
    again = await brought(town, CLINIC.replace("6人次", "8人次"), "资源二.csv")
    assert [row.verdict for row in again.rows] == [Verdict.ACCEPTED]
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    assert (line.owner, line.quantity.amount) == ("hospital", 8)


async def test_an_ended_units_name_on_a_list_is_a_new_unit(town: Town) -> None:
    await changing.end(town.ctx, await town.actor("worker"), "hospital")
    await brought(town, CLINIC)
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    made = await organisations.organisation(town.ctx.engine, line.owner)
    assert made is not None
    assert (made.code != "hospital", made.name, made.until_on) == (True, "区第二人民医院", None)


async def test_lines_of_the_office_itself_are_nobodys_and_bear_its_name(town: Town) -> None:
    before = len(await organisations.organisations(town.ctx.engine, "dongqu"))
    await brought(town, f"{HEADER}\n东区社区,活动室,每天 9:00-17:00,1间\n")
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    assert line.owner == ""
    assert len(await organisations.organisations(town.ctx.engine, "dongqu")) == before
    shown = await (await town.stranger()).page(f"/lists/resources/{line.line_key}")
    assert "东区社区" in shown.text


async def test_a_units_need_is_its_own_by_code(town: Town) -> None:
    text = "需求来源,需求内容,希望时间,数量,地点\n单位,图书整理,每周五上午,4人次,区第二人民医院\n"
    await brought(town, text, "需求.csv")
    [need] = await lists.needs(town.ctx.engine, "dongqu")
    assert (need.source, need.owner) == ("unit", "hospital")
    home = await offers.unit_home(town.ctx, await town.actor("unit"))
    assert [one.title for one in home.needs] == ["图书整理"]
    shown = await (await town.stranger()).page(f"/lists/needs/{need.line_key}")
    assert "区第二人民医院" in shown.text


async def test_a_file_that_is_written_out_names_the_units(town: Town) -> None:
    await brought(town, CLINIC)
    answer = await (await town.client("worker")).get("/lists/resources.xlsx")
    cells = [
        cell
        for row in load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
        for cell in row
    ]
    assert "区第二人民医院" in cells
    assert "hospital" not in cells
    private = await (await town.client("worker")).get("/desk/lists/resources.xlsx")
    assert private.status_code == 200


async def test_the_plan_and_its_shortage_name_units_never_codes(town: Town) -> None:
    await brought(town, CLINIC)
    text = "需求来源,需求内容,希望时间,数量,地点\n居民,量血压,每周四 9:00-11:00,1人次,一网格\n"
    await brought(town, text, "需求.csv")
    desk = await town.client("worker")
    await desk.submit("/desk/plan", {"week": "2026-W48"})
    plan = await desk.page("/desk/plan?week=2026-W48")
    assert "区第二人民医院" in plan.text
    assert "hospital" not in plan.text


async def test_a_stand_in_is_a_unit_on_record(town: Town) -> None:
    meeting = Activity(line_key="council", title="共建联席会", lead="区第二人民医院")
    await lists.save_activities(town.ctx.engine, "dongqu", [meeting], at=town.ctx.now())
    desk = await town.client("worker")
    await desk.submit("/rota/council", {})
    refused = await desk.post("/rota/council/2026-11", data={"step": "cover", "other": "没有这个单位"})
    assert refused.status_code == 404


async def test_a_units_need_called_off_at_the_desk_is_told_to_its_contact(town: Town) -> None:
    text = "需求来源,需求内容,希望时间,数量,地点\n单位,图书整理,每周五上午,4人次,区第二人民医院\n"
    await brought(town, text, "需求.csv")
    [need] = await lists.needs(town.ctx.engine, "dongqu")
    desk = await town.client("worker")
    assert "区第二人民医院" in (await desk.page("/desk/needs")).text
    await desk.submit(f"/desk/needs/{need.line_key}/cancel", {})
    told = await town.ctx.engine.fetch("SELECT member FROM tb_news WHERE kind = 'request_cancelled'")
    assert [row["member"] for row in told] == [town.uids["unit"]]


async def test_a_present_name_goes_before_a_former_one(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await unit(town.ctx, "dongqu", "twin", "区第二人民医院")
    await renamed(town, "hospital", "区中心医院")
    report = await brought(town, CLINIC)
    assert [(row.verdict, row.reasons) for row in report.rows] == [(Verdict.ACCEPTED, ())]
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    assert line.owner == "twin"


async def test_a_line_stays_with_the_unit_that_gave_its_name_away(town: Town) -> None:
    await brought(town, CLINIC)
    await renamed(town, "hospital", "区中心医院")
    async with town.ctx.engine.atomic():
        await unit(town.ctx, "dongqu", "twin", "区第二人民医院")
    await brought(town, CLINIC.replace("6人次", "8人次"), "资源二.csv")
    [line] = await lists.resources(town.ctx.engine, "dongqu")
    assert (line.owner, line.quantity.amount) == ("hospital", 8)


async def test_a_volunteers_list_that_could_mean_two_teams_is_asked_and_makes_no_third(town: Town) -> None:
    ctx, worker = town.ctx, await town.actor("worker")
    async with ctx.engine.atomic():
        await team(ctx, "dongqu", "twins", "周二红马甲服务队")
    before = len(await organisations.organisations(ctx.engine, "dongqu"))
    text = "姓名,手机,特长,所属队伍\n周新,19900009999,理发,周二红马甲服务队\n"
    report = await brought(town, text, "志愿者.csv")
    [row] = report.rows
    assert (row.verdict, [(one.code, one.field) for one in row.reasons]) == (
        Verdict.QUESTIONED,
        [("owner_unclear", "所属队伍")],
    )
    assert len(await organisations.organisations(ctx.engine, "dongqu")) == before
    with pytest.raises(BadField):
        await answering.answer_row(ctx, worker, file=report.uid, place=0, step="accept", cells={})
    await changing.also_called(ctx, worker, "twins", "红马甲二队")
    done = await answering.answer_row(
        ctx, worker, file=report.uid, place=0, step="correct", cells={"所属队伍": "红马甲二队"}
    )
    held = await relationships.held_by(ctx.engine, member(done.target), kinds=("team_member",))
    assert [one.target.code for one in held] == ["twins"]


async def test_a_sheet_of_a_renamed_team_is_still_its_own(town: Town) -> None:
    await renamed(town, "red-vests", "夕阳红服务队")
    sheet = "周二“红马甲”在行动 签到表\n2026年11月17日\n姓名,签到,签退\n李四,8:30,11:30\n"
    report = await brought(town, sheet, "2026-11-17-签到表.csv")
    assert [row.verdict for row in report.rows] == [Verdict.ACCEPTED]
    [service] = await services.services(town.ctx.engine, "dongqu")
    assert service.team == "red-vests"
