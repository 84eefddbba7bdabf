"""What places are called: a name that somebody typed finds its place, and a page names a building with its grid."""

from __future__ import annotations

from typing import Any

import pytest

from timebank.community import place_names
from timebank.community.places import loading
from timebank.community.places.loading import What
from timebank.errors import BadField
from timebank.store.members import people

TEXT = "3号楼 楼栋 一网格\n3号楼 楼栋 二网格\n4号楼 楼栋 二网格\n1单元 单元 二网格4号楼"


@pytest.fixture
async def built(town: Any) -> Any:
    report = await loading.load(town.ctx, await town.actor("worker"), What.PLACES, text=TEXT)
    assert report.made == 4
    return town


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("一网格3号楼", "一网格 3号楼"),
        ("二网格 3号楼", "二网格 3号楼"),
        ("东区社区二网格3号楼", "二网格 3号楼"),
        ("4号楼", "二网格 4号楼"),
        ("１单元", "二网格 4号楼 1单元"),
        ("dongqu-1", "一网格"),
        ("", ""),
    ],
)
async def test_a_typed_name_finds_its_place(built: Any, typed: str, label: str) -> None:
    code = await place_names.resolved(built.ctx, "dongqu", typed)
    assert (await place_names.labels(built.ctx, [code])).get(code, "") == label
    assert (await place_names.Names.of(built.ctx, "dongqu")).label(code) == label


@pytest.mark.parametrize("typed", ["3号楼", "9号楼", "nanqu-1", "南区社区一网格"])
async def test_a_name_of_several_or_of_none_is_refused_at_its_field(built: Any, typed: str) -> None:
    with pytest.raises(BadField) as caught:
        await place_names.resolved(built.ctx, "dongqu", typed)
    assert caught.value.field == "area"


async def test_few_places_are_chosen_and_hundreds_are_typed(built: Any) -> None:
    worker = await built.client("worker")
    elder = built.uids["elder"]
    pages = ("/desk/phone", "/desk/register", f"/desk/members/{elder}/move", "/join")

    async def shown(path: str) -> str:
        if path == "/desk/phone":  # Where somebody new lives is asked once nobody is found.
            return str((await worker.submit(path, {"step": "next", "at": "phone", "phone": "9999"})).text)
        return str((await worker.page(path)).text)

    for path in pages:
        assert '<option value="dongqu-1"' in await shown(path), path
    many = "\n".join(f"{number}号楼 楼栋 一网格" for number in range(10, 110))
    await loading.load(built.ctx, await built.actor("worker"), What.PLACES, text=many)
    for path in pages:
        page = await shown(path)
        assert "<option" not in page.split('name="area"')[0][-300:], path
        assert 'name="area" type="text"' in page, path
        assert len(page) < 40_000, path
    moved = await worker.submit(f"/desk/members/{elder}/move", {"area": "一网格55号楼", "address": "502"})
    assert moved.status_code == 200
    assert "一网格 55号楼" in (await worker.page(f"/desk/members/{elder}")).text
    unclear = await worker.submit(f"/desk/members/{elder}/move", {"area": "3号楼", "address": "502"})
    assert unclear.status_code == 422
    assert "有几个地方都叫这个名字" in unclear.text
    assert 'value="3号楼"' in unclear.text
    row = await people.member(built.ctx.engine, elder)
    assert row is not None
    assert (await place_names.labels(built.ctx, [row.area]))[row.area] == "一网格 55号楼"


async def test_a_caller_from_a_building_that_several_grids_have_is_asked_for_more(built: Any) -> None:
    worker = await built.client("worker")
    sheet = {
        "step": "save",
        "member": "new",
        "name": "新来的",
        "phone": "19955512345",
        "what": "买菜",
        "when": "随时",
    }
    asked = await worker.submit("/desk/phone", {**sheet, "area": "3号楼"})
    assert asked.status_code == 422
    assert "有几个地方都叫这个名字" in asked.text
    done = await worker.submit("/desk/phone", {**sheet, "area": "二网格3号楼"})
    assert done.status_code == 200
    [card] = await people.cards_named(built.ctx.engine, "dongqu", "新来的")
    row = await people.member(built.ctx.engine, card.uid)
    assert row is not None
    assert (await place_names.labels(built.ctx, [row.area]))[row.area] == "二网格 3号楼"


async def test_a_place_that_is_sought_says_what_it_stands_in(built: Any) -> None:
    worker = await built.client("worker")
    page = await worker.page("/desk/relationships/new?kind=building_head&target_q=3号楼")
    assert "一网格 楼栋" in page.text
    assert "二网格 楼栋" in page.text
