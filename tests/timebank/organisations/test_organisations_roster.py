"""Who belongs to a team or a unit: added one by one or by pasted lines, taken off again."""

from __future__ import annotations

import pytest

from tests.timebank.conftest import Town
from tests.timebank.settling import hold, settle
from timebank.community.organisations import changing, flow, roster
from timebank.community.organisations.changing import Told
from timebank.community.organisations.refusals import NoRoster
from timebank.community.relating import organisation
from timebank.rules.relationships import State, member
from timebank.store.relations import relationships


async def _on_roster(town: Town, code: str = "red-vests") -> set[str]:
    held = await relationships.held_towards(
        town.ctx.engine, organisation(code), kinds=("team_member", "unit_staff")
    )
    return {one.holder.code for one in held if one.state is State.IN_FORCE}


async def test_somebody_found_is_added_with_one_press(town: Town) -> None:
    desk = await town.client("worker")
    found = await desk.submit("/desk/organisations/red-vests/roster", {"q": "王小红"})
    assert town.uids["proxy"] in found.text
    there = await desk.submit("/desk/organisations/red-vests/roster", {"q": "李四"})
    assert "已在名册上" in there.text
    added = await desk.submit(
        "/desk/organisations/red-vests/roster/add", {"member": town.uids["proxy"], "heard": "told"}
    )
    assert "王小红" in added.text
    assert town.uids["proxy"] in await _on_roster(town)


async def test_whose_yes_nobody_heard_is_asked_and_not_counted_yet(town: Town) -> None:
    desk = await town.client("worker")
    asked = await desk.submit(
        "/desk/organisations/red-vests/roster/add", {"member": town.uids["proxy"], "heard": ""}
    )
    assert "等答复" in asked.text
    assert town.uids["proxy"] not in await _on_roster(town)
    [offer] = await relationships.offered_around(town.ctx.engine, [member(town.uids["proxy"])])
    assert offer.kind == "team_member"


async def test_added_twice_is_refused_and_stands_once(town: Town) -> None:
    desk = await town.client("worker")
    again = await desk.post(
        "/desk/organisations/red-vests/roster/add", data={"member": town.uids["volunteer"], "heard": "told"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_so")


async def test_pasted_lines_are_added_each_by_itself(town: Town) -> None:
    async with town.ctx.engine.atomic():
        twin = await settle(town.ctx, "dongqu", "王小红", phone="19900000777")
        await settle(town.ctx, "dongqu", "古丽 娜尔", phone="19900000778")
    pasted = (
        "1、王秀英\n王小红\n王小红 199 0000 0777\n  \n没有这人\n李四，021\n古丽 娜尔\n王秀英\t19900000999\n"
    )
    desk = await town.client("worker")
    report = await desk.submit("/desk/organisations/red-vests/roster/lines", {"lines": pasted})
    assert report.status_code == 200
    assert {town.uids["elder"], twin} <= await _on_roster(town)
    assert town.uids["proxy"] not in await _on_roster(town)
    # What was not added stays in the box, to be mended and sent again.
    assert "王小红\n没有这人\n王秀英\t19900000999</textarea>" in report.text.replace("\r", "")
    assert "有几个都叫这个名字" in report.text


async def test_the_same_lines_again_add_nobody(town: Town) -> None:
    worker = await town.actor("worker")
    first = await roster.add_lines(town.ctx, worker, "red-vests", "王秀英\n王小红")
    again = await roster.add_lines(town.ctx, worker, "red-vests", "王秀英\n王小红\n王小红")
    assert [bool(one.became) for one in first] == [True, True]
    assert [one.was_there for one in again] == [True, True, True]


async def test_a_roster_is_paged(town: Town) -> None:
    async with town.ctx.engine.atomic():
        for number in range(120):
            uid = await settle(town.ctx, "dongqu", f"队员{number:03d}")
            await hold(town.ctx, "dongqu", "team_member", uid, organisation("red-vests"))
    desk = await town.client("worker")
    pages = [await desk.page(f"/desk/organisations/red-vests?at={at}") for at in range(3)]
    assert [page.text.count("/roster/remove") for page in pages] == [50, 50, 24]
    assert "（124 位）" in pages[0].text


async def test_who_is_taken_off_keeps_what_was_and_is_gone_from_the_roster(town: Town) -> None:
    desk = await town.client("worker")
    [held] = await relationships.held_by(
        town.ctx.engine, member(town.uids["volunteer"]), kinds=("team_member",)
    )
    gone = await desk.submit("/desk/organisations/red-vests/roster/remove", {"relationship": held.uid})
    assert gone.status_code == 200
    assert town.uids["volunteer"] not in await _on_roster(town)
    kept = await relationships.relationship(town.ctx.engine, held.uid)
    assert kept is not None
    assert kept.state is State.OVER


async def test_only_the_roster_ends_there_not_the_leader(town: Town) -> None:
    desk = await town.client("worker")
    [leads] = await relationships.held_by(town.ctx.engine, member(town.uids["leader"]), kinds=("leader",))
    refused = await desk.post("/desk/organisations/red-vests/roster/remove", data={"relationship": leads.uid})
    assert refused.status_code == 404
    kept = await relationships.relationship(town.ctx.engine, leads.uid)
    assert kept is not None
    assert kept.state is State.IN_FORCE


async def test_nobody_of_another_community_is_added(town: Town) -> None:
    desk = await town.client("worker")
    refused = await desk.post(
        "/desk/organisations/red-vests/roster/add",
        data={"member": town.uids["stranger_elder"], "heard": "told"},
    )
    assert refused.status_code == 404


async def test_a_unit_has_a_roster_and_a_station_has_none(town: Town) -> None:
    worker = await town.actor("worker")
    await roster.add_lines(town.ctx, worker, "hospital", "王小红")
    assert await _on_roster(town, "hospital") == {town.uids["proxy"]}
    station = await changing.create(town.ctx, worker, "station", Told(name="服务站"))
    assert (await flow.show(town.ctx, worker, station.code)).roster.kind is None
    with pytest.raises(NoRoster):
        await roster.add_lines(town.ctx, worker, station.code, "王小红")


@pytest.mark.parametrize("lines", ["", "  \n \n", "\n".join(["王小红"] * 501)])
async def test_nothing_or_too_much_pasted_is_said_beside_the_box(town: Town, lines: str) -> None:
    desk = await town.client("worker")
    refused = await desk.submit("/desk/organisations/red-vests/roster/lines", {"lines": lines})
    assert refused.status_code == 422
    assert 'id="e-lines"' in refused.text


async def test_a_program_is_told_what_became_of_each_line(town: Town) -> None:
    desk = await town.client("worker")
    told = await desk.post("/api/organisations/red-vests/roster", json={"lines": "王小红\n没有这人"})
    assert told.status_code == 200
    assert told.json()["added"] == 1
    assert [(one["line"], one["code"]) for one in told.json()["lines"]] == [(1, ""), (2, "holder_unknown")]
