"""The tree of places as its desk keeps it: every step with its refusals, and nothing lost on the way."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.timebank.settling import hold, settle
from timebank.community.places import loading, tree
from timebank.community.places.loading import Became, What
from timebank.errors import BadField, NotFound
from timebank.rules.places import areas as rules
from timebank.rules.relationships import Party, Sort
from timebank.store.members import people
from timebank.store.places import areas

TODAY = date(2026, 11, 24)


async def building(town: Any, name: str = "3号楼", parent: str = "dongqu-1") -> areas.Area:
    return await tree.add(town.ctx, await town.actor("worker"), parent=parent, kind="building", name=name)


# ---- adding


async def test_a_building_stands_under_its_grid_and_on_its_page(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.submit("/desk/areas/dongqu-1/add", {"kind": "building", "name": " 3号楼 "})
    assert page.status_code == 200
    assert "加上了：3号楼" in page.text
    assert re.search(r'value="building" selected', page.text), "the next one is most often of the same kind"
    [made] = await areas.children(town.ctx.engine, "dongqu-1", limit=9)
    assert (made.name, made.parent, made.community, made.since_on) == ("3号楼", "dongqu-1", "dongqu", TODAY)
    assert (await worker.page(f"/desk/areas/{made.code}")).status_code == 200


@pytest.mark.parametrize(
    ("parent", "kind", "name", "refusal"),
    [
        ("dongqu", "entrance", "1单元", rules.WrongParent),  # an entrance is one of a building
        ("dongqu-1", "community", "新社区", rules.WrongParent),
        ("dongqu-1", "castle", "城堡", rules.UnknownNodeKind),
        ("dongqu-1", "building", "  ", BadField),
        ("dongqu-1", "building", "·", BadField),
        ("dongqu-1", "building", "楼" * 81, BadField),
        ("dongqu", "grid", "一 网格", rules.NameTaken),  # widths and spaces make no other name
        ("nanqu-1", "building", "3号楼", NotFound),
        ("nowhere", "building", "3号楼", NotFound),
    ],
)
async def test_a_place_that_cannot_stand_there_is_refused_by_name(
    town: Any, parent: str, kind: str, name: str, refusal: type[Exception]
) -> None:
    before = await areas.areas(town.ctx.engine, "dongqu")
    with pytest.raises(refusal):
        await tree.add(town.ctx, await town.actor("worker"), parent=parent, kind=kind, name=name)
    assert await areas.areas(town.ctx.engine, "dongqu") == before


async def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.submit("/desk/areas/dongqu/add?lang=en", {"kind": "grid", "name": "一网格"})
    assert page.status_code == 422
    assert "There is one of that name under the same parent already." in page.text
    assert 'value="一网格"' in page.text


# ---- renaming


async def test_a_place_gets_another_name_but_not_its_neighbours(town: Any) -> None:
    made, _other = await building(town), await building(town, "4号楼")
    worker = await town.client("worker")
    page = await worker.submit(f"/desk/areas/{made.code}/rename", {"name": "北楼"})
    assert "名称改好了" in page.text
    taken = await worker.submit(f"/desk/areas/{made.code}/rename", {"name": "4号楼"})
    assert taken.status_code == 422
    assert 'id="e-rename-name"' in taken.text
    found = await areas.area(town.ctx.engine, made.code)
    assert found is not None
    assert found.name == "北楼"
    with pytest.raises(rules.OwnNode):
        await tree.rename(town.ctx, await town.actor("worker"), "dongqu", name="西区社区")


# ---- moving


async def test_a_moved_place_takes_everything_below_it_along_and_remembers(town: Any) -> None:
    made = await building(town)
    door = await tree.add(
        town.ctx, await town.actor("worker"), parent=made.code, kind="entrance", name="1单元"
    )
    worker = await town.client("worker")
    page = await worker.submit(
        f"/desk/areas/{made.code}/move", {"parent": "dongqu-2", "on": TODAY.isoformat()}
    )
    assert "移好了" in page.text
    grid = await areas.area(town.ctx.engine, "dongqu-2")
    moved, below = [await areas.area(town.ctx.engine, code) for code in (made.code, door.code)]
    assert grid is not None
    assert moved is not None
    assert below is not None
    assert moved.path.startswith(grid.path)
    assert below.path.startswith(moved.path)
    # Moved back on the same day: it stood under the other one for no day.
    await tree.move_to(town.ctx, await town.actor("worker"), made.code, parent="dongqu-1", on=TODAY)
    spans = await town.ctx.engine.fetch(
        "SELECT parent, since_on FROM tb_area_parent WHERE area = ?", [made.code]
    )
    assert [str(one["parent"]) for one in spans] == ["dongqu-1"]


@pytest.mark.parametrize(
    ("parent", "days", "refusal"),
    [
        ("dongqu-1", 0, rules.SameParent),
        ("dongqu-2", 1, rules.DayAhead),
        ("dongqu-2", -1, rules.BeforeLastMove),  # it was put there today
        ("nanqu-1", 0, NotFound),
    ],
)
async def test_a_move_that_cannot_be_is_refused(
    town: Any, parent: str, days: int, refusal: type[Exception]
) -> None:
    made = await building(town)
    actor = await town.actor("worker")
    with pytest.raises(refusal):
        await tree.move_to(town.ctx, actor, made.code, parent=parent, on=TODAY + timedelta(days=days))
    assert (await areas.area(town.ctx.engine, made.code)) == made


async def test_a_grid_moves_nowhere_and_a_name_is_not_doubled_by_moving(town: Any) -> None:
    actor = await town.actor("worker")
    made, _same = await building(town), await building(town, parent="dongqu-2")
    with pytest.raises(rules.WrongParent):
        await tree.move_to(town.ctx, actor, "dongqu-1", parent="dongqu-2", on=TODAY)
    with pytest.raises(rules.NameTaken):
        await tree.move_to(town.ctx, actor, made.code, parent="dongqu-2", on=TODAY)
    with pytest.raises(rules.OwnNode):
        await tree.move_to(town.ctx, actor, "dongqu", parent="dongqu-2", on=TODAY)


# ---- ending


async def test_an_empty_place_ends_and_is_gone_from_the_page(town: Any) -> None:
    made = await building(town)
    worker = await town.client("worker")
    page = await worker.submit(f"/desk/areas/{made.code}/end", {"on": TODAY.isoformat()})
    assert "撤销了" in page.text
    assert "3号楼" not in page.text.split("<form")[0]
    assert (await worker.page(f"/desk/areas/{made.code}")).status_code == 404
    # Its name is free again, and it is still on record.
    again = await building(town)
    assert again.code != made.code
    kept = await areas.area(town.ctx.engine, made.code)
    assert kept is not None
    assert kept.until_on == TODAY


async def test_a_place_where_somebody_lives_or_something_stands_does_not_end(town: Any) -> None:
    actor, made = await town.actor("worker"), await building(town)
    for code in ("dongqu-1", made.code):
        async with town.ctx.engine.atomic():
            lives = await settle(town.ctx, "dongqu", "住户", area=made.code)
        with pytest.raises(rules.StillInUse):
            await tree.end(town.ctx, actor, code, on=TODAY)
    assert lives
    empty = await building(town, "5号楼")
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "building_head", town.uids["leader"], Party(Sort.AREA, empty.code))
    with pytest.raises(rules.StillInUse):
        await tree.end(town.ctx, actor, empty.code, on=TODAY)
    with pytest.raises(rules.OwnNode):
        await tree.end(town.ctx, actor, "dongqu", on=TODAY)
    with pytest.raises(rules.DayAhead):
        await tree.end(town.ctx, actor, "dongqu-2", on=TODAY + timedelta(days=1))
    assert (await people.member(town.ctx.engine, lives)) is not None


# ---- who is in charge


async def test_a_grid_says_who_is_in_charge_or_that_nobody_is_meant_to_be(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.page("/desk/areas")
    assert page.text.count("还没有人负责") == 2
    assert "/relationships/of/area:dongqu-1" in page.text
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "grid_head", town.uids["leader"], Party(Sort.AREA, "dongqu-1"))
    marked = await worker.submit("/desk/areas/dongqu-2/uncared", {"uncared": "yes"})
    assert "不设负责人" in marked.text
    page = await worker.page("/desk/areas")
    assert "还没有人负责" not in page.text
    assert "网格长 郑队长" in page.text
    back = await worker.submit("/desk/areas/dongqu-2/uncared", {"uncared": ""})
    assert "还没有人负责" in back.text


async def test_only_a_kind_that_needs_somebody_can_be_marked(town: Any) -> None:
    made = await building(town)
    with pytest.raises(NotFound):
        await tree.care_about(town.ctx, await town.actor("worker"), made.code, uncared=True)
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "building_head", town.uids["leader"], Party(Sort.AREA, made.code))
    shown = await tree.show(town.ctx, await town.actor("worker"), "dongqu-1")
    assert shown.place.vacant, "a building head looks after a house and is no officer of its grid"
    assert [(row.vacant, row.holders[0].kind) for row in shown.rows] == [(False, "building_head")]


async def test_a_town_of_five_thousand_places_is_shown_page_by_page(town: Any) -> None:
    text = "\n".join(f"{number}号楼 楼栋 一网格" for number in range(1, 461))
    actor = await town.actor("worker")
    report = await loading.load(town.ctx, actor, What.PLACES, text=text)
    assert (report.made, len(report.refused)) == (460, 0)
    worker = await town.client("worker")
    top = await worker.page("/desk/areas")
    assert len(top.text) < 30_000
    assert "下面 460 处" in top.text
    first, last = await worker.page("/desk/areas/dongqu-1"), await worker.page("/desk/areas/dongqu-1?at=9")
    assert first.text.count("号楼</a>") == 50
    assert last.text.count("号楼</a>") == 10
    assert "1–50" in first.text
    assert len(first.text) < 60_000
    again = await loading.load(town.ctx, actor, What.PLACES, text=text)
    assert (again.made, again.same) == (0, 460)


# ---- lists


async def test_a_list_of_places_is_judged_row_by_row(town: Any) -> None:
    worker = await town.client("worker")
    text = "名称,种类,上级\n三网格,网格,\n8号楼,楼栋,三网格\n8号楼，楼栋，三网格\n1单元 单元 一网格\n9号楼 楼栋 九网格\n7号楼 城堡 一网格"
    page = await worker.submit("/desk/areas/list", {"what": "places", "text": text})
    assert page.status_code == 200
    for said in ("这一种不能放在这个上级下面。", "没有找到这个地方，先加上它。", "没有这一种地方或组织。"):
        assert said in page.text
    assert "<textarea" in page.text
    left = page.text.split("<textarea")[1].split("</textarea>")[0]
    assert "7号楼 城堡 一网格" in left
    assert "三网格,网格" not in left, "what stands leaves the box"
    names = {one.name for one in await areas.areas(town.ctx.engine, "dongqu")}
    assert names == {"东区社区", "一网格", "二网格", "三网格", "8号楼"}


async def test_a_file_of_walking_minutes_is_read_like_a_pasted_list(town: Any) -> None:
    await building(town), await building(town, parent="dongqu-2")
    table = (
        "到,从,步行分钟\n二网格,一网格,8分钟\n一网格3号楼,二网格3号楼,6\n二网格,3号楼,5\n二网格,二网格,5\n"
        "3号楼,一网格,2\n二网格,一网格,很近\n二网格,一网格,0\n二网格,一网格,241\n"
    )
    worker = await town.client("worker")
    page = await worker.submit(
        "/desk/areas/list",
        {"what": "ways"},
        files={"files": ("步行.csv", table.encode("gb18030"), "text/csv")},
    )
    assert page.status_code == 200
    report = await loading.load(
        town.ctx, await town.actor("worker"), What.WAYS, filename="步行.csv", content=table.encode("gb18030")
    )
    assert [one.refusal.code if one.refusal else one.became for one in report.rows] == [
        Became.SAME, Became.SAME, "place_unclear", "same_place_twice", "place_unclear", "walk_minutes",
        "walk_minutes", "walk_minutes",
    ]  # fmt: skip
    own = await areas.area(town.ctx.engine, "dongqu")
    assert own is not None
    assert sorted(one.minutes for one in await areas.ways(town.ctx.engine, own.path)) == [6, 8]


async def test_nothing_pasted_and_a_picture_are_refused_with_a_sentence(town: Any) -> None:
    worker = await town.client("worker")
    empty = await worker.submit("/desk/areas/list", {"what": "ways", "text": "  \n"})
    assert empty.status_code == 422
    assert "请粘贴几行，或选一个文件。" in empty.text
    picture = await worker.submit(
        "/desk/areas/list",
        {"what": "ways"},
        files={"files": ("图.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png")},
    )
    assert picture.status_code == 422


async def test_a_browser_that_sends_an_empty_file_field_means_the_box(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.submit(
        "/desk/areas/list",
        {"what": "ways", "text": "一网格 二网格 8"},
        files={"files": ("", b"", "application/octet-stream")},
    )
    assert page.status_code == 200
    assert [way.minutes for way in await areas.ways_of(town.ctx.engine, "dongqu-1", limit=9)] == [8]
    strange = await worker.submit("/desk/areas/list", {"what": "castles", "text": "一网格 二网格 9"})
    assert strange.status_code == 422


async def test_minutes_stand_on_both_places_and_can_be_corrected_and_taken_back(town: Any) -> None:
    worker = await town.client("worker")
    page = await worker.submit("/desk/areas/dongqu-1/ways", {"other": "二网格", "minutes": "8"})
    assert "8 分钟" in page.text
    assert "8 分钟" in (await worker.page("/desk/areas/dongqu-2")).text
    page = await worker.submit("/desk/areas/dongqu-2/ways", {"other": "一网格", "minutes": "9"})
    assert "9 分钟" in page.text
    assert "8 分钟" not in page.text
    wrong = await worker.submit("/desk/areas/dongqu-1/ways", {"other": "二网格", "minutes": "很近"})
    assert wrong.status_code == 422
    assert "步行分钟要写1到240的整数。" in wrong.text
    page = await worker.submit("/desk/areas/dongqu-1/ways", {"other": "二网格", "minutes": "0"})
    assert "9 分钟" not in page.text


# ---- programs


async def test_programs_do_the_same(town: Any) -> None:
    worker = await town.client("worker")
    made = (
        await worker.post("/api/areas", json={"parent": "dongqu-1", "kind": "building", "name": "3号楼"})
    ).json()
    wrong = await worker.post("/api/areas", json={"kind": "entrance", "name": "1单元"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_parent")
    await worker.post(f"/api/areas/{made['code']}/move", json={"parent": "dongqu-2"})
    await worker.post("/api/ways", json={"one": "dongqu-1", "other": made["code"], "minutes": 4})
    shown = (await worker.get("/api/areas", params={"under": "dongqu-2"})).json()
    assert [one["name"] for one in shown["below"]] == ["3号楼"]
    assert shown["place"]["vacant"] is True
    loaded = await worker.post(
        "/api/areas/list", json={"what": "ways", "text": "一网格 九网格 3\n一网格 二网格 8"}
    )
    assert [(row["row"], row["became"], row["code"]) for row in loaded.json()["rows"]] == [
        (1, "", "place_unknown"), (2, "new", ""),
    ]  # fmt: skip
    marked = await worker.post("/api/areas/dongqu-2/uncared", json={"uncared": True})
    assert marked.json()["place"]["uncared"] is True
    ended = await worker.post(f"/api/areas/{made['code']}/end", json={})
    assert ended.json()["code"] == "dongqu-2"
