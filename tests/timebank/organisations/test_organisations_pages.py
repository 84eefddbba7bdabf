"""Teams, units and other organisations at the desk: listed, entered, corrected, called by other names."""

from __future__ import annotations

import pytest

from tests.timebank.conftest import Town
from tests.timebank.settling import team, unit
from timebank.community.organisations import changing, flow
from timebank.community.organisations.changing import Told
from timebank.rules.places.areas import AnotherCommunity, WrongArea, WrongParent
from timebank.store.places import areas
from timebank.store.relations import organisations
from timebank.store.relations.organisations import Organisation, organisations_named


async def _entered(town: Town, kind: str, name: str, **told: str) -> Organisation:
    return await changing.create(town.ctx, await town.actor("worker"), kind, Told(name=name, **told))


async def test_the_list_of_teams_says_who_leads_and_how_many_belong(town: Town) -> None:
    desk = await town.client("worker")
    shown = await desk.page("/desk/teams")
    assert "周二红马甲服务队" in shown.text
    assert "郑队长" in shown.text
    assert 'data-label="名册人数">4<' in shown.text
    assert "区第二人民医院" not in shown.text
    units = await desk.page("/desk/units")
    assert "孙护士" in units.text
    assert "周二红马甲服务队" not in units.text


async def test_fifty_stand_on_a_page_and_the_rest_on_the_next(town: Town) -> None:
    async with town.ctx.engine.atomic():
        for number in range(98):
            await unit(town.ctx, "dongqu", f"bureau-{number:02d}", f"第{number:02d}局")
    desk = await town.client("worker")
    first, second = await desk.page("/desk/units"), await desk.page("/desk/units?at=1")
    assert first.text.count('<th scope="row">') == 50
    assert second.text.count('<th scope="row">') == 49
    assert "（99 个）" in first.text
    assert "at=1" in first.text
    assert "at=2" not in second.text
    found = await desk.page("/desk/units?q=第42")
    assert found.text.count('<th scope="row">') == 1
    far = await desk.page("/desk/units?at=9999999")
    assert far.status_code == 200


async def test_a_team_is_entered_on_a_page_and_stands_on_the_list(town: Town) -> None:
    desk = await town.client("worker")
    form = await desk.page("/desk/organisations/new?kind=team")
    assert "巡防队" in form.text
    made = await desk.submit(
        "/desk/organisations",
        {"kind": "team", "name": "晨练队", "subkind": "文艺队", "area": "dongqu-1", "phone": "0991-1234567"},
    )
    assert made.status_code == 200
    assert "晨练队" in made.text
    assert "0991-1234567" in made.text
    assert "还没有人" in made.text
    assert "晨练队" in (await desk.page("/desk/teams")).text


async def test_every_kind_of_the_catalogue_can_be_entered(town: Town) -> None:
    for kind in town.ctx.catalogue_of("dongqu").organisations:
        made = await _entered(town, kind, f"新的{kind}")
        shown = await flow.show(town.ctx, await town.actor("worker"), made.code)
        assert shown.kind.code == kind
        page = await (await town.client("worker")).page(f"/desk/organisations?kind={kind}")
        assert f"新的{kind}" in page.text


async def test_an_organisation_stands_under_the_kinds_the_catalogue_names(town: Town) -> None:
    association = await _entered(town, "association", "志愿者协会")
    chapter = await _entered(town, "chapter", "东区分会", parent=association.code)
    assert chapter.path.startswith(association.path)
    room = await _entered(town, "room", "活动室", parent="red-vests", area="dongqu-1")
    with pytest.raises(WrongParent):
        await _entered(town, "association", "第二协会", parent=room.code)
    with pytest.raises(WrongParent):
        await _entered(town, "team", "没有的上级", parent="nothing")
    with pytest.raises(WrongArea):
        await _entered(town, "association", "网格协会", area="dongqu-1")
    with pytest.raises(WrongArea):
        await _entered(town, "team", "别处的队", area="nanqu-1")


async def test_another_communitys_organisation_is_no_parent(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await unit(town.ctx, "nanqu", "nan-unit", "南区单位")
    with pytest.raises(AnotherCommunity):
        await _entered(town, "team", "我们的队", parent="nan-unit")


async def test_a_wrong_parent_comes_back_beside_its_field_with_what_was_typed(town: Town) -> None:
    desk = await town.client("worker")
    refused = await desk.submit(
        "/desk/organisations", {"kind": "association", "name": "协会", "parent": "red-vests"}
    )
    assert refused.status_code == 409
    assert 'value="协会"' in refused.text
    assert "这一种不能放在这个上级下面" in refused.text
    program = await desk.post(
        "/api/organisations", json={"kind": "association", "name": "协会", "parent": "red-vests"}
    )
    assert (program.status_code, program.json()["code"]) == (409, "wrong_parent")


async def test_an_unknown_kind_is_refused_by_its_code(town: Town) -> None:
    desk = await town.client("worker")
    refused = await desk.post("/api/organisations", json={"kind": "party", "name": "新队"})
    assert (refused.status_code, refused.json()["code"]) == (422, "node_kind_unknown")
    again = await desk.submit("/desk/organisations", {"kind": "party", "name": "新队"})
    assert again.status_code == 422


async def test_a_second_one_of_a_name_is_shown_first_and_entered_when_the_office_is_sure(town: Town) -> None:
    desk = await town.client("worker")
    typed = {"kind": "unit", "name": "区第二 人民医院"}
    asked = await desk.submit("/desk/organisations", typed)
    assert asked.status_code == 409
    assert "/desk/organisations/hospital" in asked.text
    assert "不是，这是另一个" in asked.text
    made = await desk.submit("/desk/organisations", {**typed, "sure": "yes"})
    assert made.status_code == 200
    assert len(await organisations_named(town.ctx.engine, "dongqu", "区第二人民医院")) == 2


async def test_a_name_without_a_letter_is_no_name(town: Town) -> None:
    desk = await town.client("worker")
    refused = await desk.submit("/desk/organisations", {"kind": "unit", "name": "——"})
    assert refused.status_code == 422
    assert "名字里要有字" in refused.text


async def test_what_is_corrected_is_shown_and_the_old_name_is_still_known(town: Town) -> None:
    desk = await town.client("worker")
    form = await desk.page("/desk/organisations/hospital/edit")
    assert 'value="区第二人民医院"' in form.text
    changed = await desk.submit(
        "/desk/organisations/hospital/edit",
        {"name": "区中心医院", "opens": "周一到周五", "address": "人民路1号"},
    )
    assert "区中心医院" in changed.text
    assert "周一到周五" in changed.text
    [known] = await organisations_named(town.ctx.engine, "dongqu", "区第二人民医院")
    assert (known.code, known.name) == ("hospital", "区中心医院")


async def test_moving_an_organisation_takes_what_is_below_it_along(town: Town) -> None:
    worker = await town.actor("worker")
    one, other = await _entered(town, "association", "甲协会"), await _entered(town, "association", "乙协会")
    chapter = await _entered(town, "chapter", "分会", parent=one.code)
    below = await _entered(town, "team", "分会的队", parent=chapter.code)
    await changing.change(town.ctx, worker, chapter.code, Told(name="分会", parent=other.code))
    moved = await organisations.organisation(town.ctx.engine, below.code)
    assert moved is not None
    assert moved.path.startswith(other.path)
    assert [each.code for each in await organisations.organisations_below(town.ctx.engine, one.path)] == []
    top = await changing.change(town.ctx, worker, chapter.code, Told(name="分会"))
    assert top.parent == ""
    assert top.path.count("/") == 1
    shown = await flow.show(town.ctx, worker, chapter.code)
    assert [each.code for each in shown.below] == [below.code]


async def test_a_unit_is_never_put_below_itself(town: Town) -> None:
    station = await _entered(town, "station", "服务站", parent="hospital")
    with pytest.raises(WrongParent):
        await changing.change(
            town.ctx, await town.actor("worker"), "hospital", Told(name="区第二人民医院", parent=station.code)
        )


async def test_another_name_is_known_to_the_lists_and_never_two_organisations(town: Town) -> None:
    desk = await town.client("worker")
    for _ in range(2):
        named = await desk.submit("/desk/organisations/hospital/names", {"name": "二 院"})
        assert named.status_code == 200
    assert "二 院" in named.text
    [known] = await organisations_named(town.ctx.engine, "dongqu", "二院")
    assert known.code == "hospital"
    async with town.ctx.engine.atomic():
        await unit(town.ctx, "dongqu", "school", "实验小学")
    refused = await desk.submit("/desk/organisations/school/names", {"name": "二院"})
    assert refused.status_code == 409
    assert "清单上会分不清" in refused.text
    empty = await desk.submit("/desk/organisations/school/names", {"name": ""})
    assert empty.status_code == 422


async def test_a_program_changes_what_it_names_and_the_rest_stays(town: Town) -> None:
    desk = await town.client("worker")
    await desk.post("/api/organisations/hospital", json={"phone": "0991-1"})
    changed = await desk.post("/api/organisations/hospital", json={"brand": "红十字"})
    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["phone"], changed.json()["brand"]) == (
        "区第二人民医院", "0991-1", "红十字",
    )  # fmt: skip
    odd = await desk.post("/api/organisations/hospital", json={"code": "mine"})
    assert odd.status_code == 400


async def test_the_page_reads_in_english(town: Town) -> None:
    desk = await town.client("worker")
    await desk.get("/preferences?lang=en")
    for path in (
        "/desk/teams",
        "/desk/organisations/red-vests",
        "/desk/organisations/new",
        "/desk/organisations/hospital/end",
    ):
        shown = await desk.page(path)
        assert shown.status_code == 200
    assert "End" in shown.text


async def test_a_place_that_is_closed_takes_no_organisation(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await areas.end_area(town.ctx.engine, "dongqu-2", town.ctx.today())
    with pytest.raises(WrongArea):
        await _entered(town, "team", "二网格队", area="dongqu-2")


async def test_the_neighbours_desk_sees_none_of_it(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await team(town.ctx, "nanqu", "nan-team", "南区队")
    stranger = await town.client("stranger_worker")
    assert "周二红马甲服务队" not in (await stranger.page("/desk/organisations")).text
    assert (await stranger.get("/desk/organisations/red-vests")).status_code == 404
    assert (await stranger.post("/desk/organisations/red-vests/end")).status_code == 404
    kept = await organisations.organisation(town.ctx.engine, "red-vests")
    assert kept is not None
    assert kept.until_on is None
