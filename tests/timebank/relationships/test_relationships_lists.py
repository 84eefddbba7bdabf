"""Lists of hundreds: each row judged by itself, loaded twice without a second row, each wrong one with its reason."""

from __future__ import annotations

from csv import writer
from io import StringIO
from typing import Any

from openpyxl import Workbook

from tests.timebank.settling import settle, unit
from timebank.community.relationships import listing, posts
from timebank.context import Context
from timebank.store.places import areas
from timebank.store.relations import organisations, relationships
from timebank.store.relations.organisations import Organisation

HEADER = ("关系类型", "承担方", "手机", "对象", "说明", "名额")


def csv_of(*rows: tuple[str, ...]) -> bytes:
    text = StringIO()
    writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


async def load(town: Any, *rows: tuple[str, ...], all_of_age: bool = True) -> listing.ListReport:
    return await listing.load_file(
        town.ctx,
        await town.actor("worker"),
        filename="名单.csv",
        content=csv_of(*rows),
        all_of_age=all_of_age,
    )


async def buildings(ctx: Context, count: int) -> None:
    grid = await areas.area(ctx.engine, "dongqu-1")
    for number in range(1, count + 1):
        await areas.add_area(
            ctx.engine, code=f"b{number}", kind="building", name=f"一网格{number}号楼", parent=grid,
            community="dongqu", since_on=ctx.today(),
        )  # fmt: skip


async def test_each_wrong_row_says_why_and_stops_no_other(town: Any) -> None:
    async with town.ctx.engine.atomic():
        await settle(town.ctx, "dongqu", "李四", phone="19911111111")
    report = await load(
        town,
        ("队员", "王小红", "", "周二红马甲服务队", "", ""),
        ("队员", "没有这个人", "", "周二红马甲服务队", "", ""),
        ("队员", "王小红", "", "没有这个队", "", ""),
        ("没有这一类", "王小红", "", "周二红马甲服务队", "", ""),
        ("队员", "李四", "", "周二红马甲服务队", "", ""),
        ("队员", "李四", "19911111111", "周二红马甲服务队", "", ""),
        ("队长", "王小红", "", "周二红马甲服务队", "", ""),
        ("公益岗位", "", "", "车棚看护", "", "很多"),
    )
    codes = [one.refusal.code if one.refusal else "" for one in report.rows]
    assert codes == [
        "", "holder_unknown", "target_unknown", "kind_unknown", "several_fit", "", "place_taken", "places_unreadable",
    ]  # fmt: skip
    assert all(one.refusal.zh and one.refusal.en for one in report.refused if one.refusal)
    again = await load(town, ("队员", "王小红", "", "周二红马甲服务队", "", ""))
    assert (again.made, again.same, len(again.refused)) == (0, 1, 0)


async def test_a_file_without_the_columns_is_refused_and_a_workbook_is_read(town: Any, tmp_path: Any) -> None:
    browser = await town.client("worker")
    wrong = await browser.post("/api/relationships/list", files={"files": ("x.csv", "甲,乙\n1,2\n".encode())})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "no_relationship_list")
    book = Workbook()
    assert book.active is not None
    for row in (HEADER, ("队员", "王小红", None, "周二红马甲服务队", None, None)):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    right = await browser.post(
        "/api/relationships/list", files={"files": ("list.xlsx", (tmp_path / "list.xlsx").read_bytes())}
    )
    assert right.json()["made"] == 1


async def test_the_numbers_of_the_documents_load_as_relationships(town: Any) -> None:
    """98 bureaux for a community with one lead, 560 pairs of 252 holders, 24 posts in 4 classes, heads and contacts."""
    ctx = town.ctx
    async with ctx.engine.atomic():
        await buildings(ctx, 60)
        for number in range(98):
            await unit(ctx, "dongqu", f"bureau{number}", f"第{number}局")
        people = [
            await settle(ctx, "dongqu", f"居民{number}", area=f"b{number % 60 + 1}") for number in range(360)
        ]
    assert len(people) == 360
    bureaux = [
        ("牵头单位" if n == 0 else "结对共建单位", f"第{n}局", "", "东区社区", "", "") for n in range(98)
    ]
    pairs = [
        ("结对帮扶", f"居民{n % 252}", "", f"居民{252 + (n * 7 + n // 252) % 108}", "", "")
        for n in range(560)
    ]
    heads = [("楼栋长", f"居民{n}", "", f"一网格{n % 60 + 1}号楼", "", "") for n in range(120)]
    contacts = [("信息员", f"居民{n}", "", f"一网格{n % 60 + 1}号楼", "", "") for n in range(300)]
    opened = [("公益岗位", "", "", f"第{n % 4}类岗位{n}", "", "1") for n in range(24)]
    held = [("公益岗位", f"居民{n}", "", f"第{n % 4}类岗位{n}", "", "") for n in range(24)]
    report = await load(town, *bureaux, *pairs, *heads, *contacts, *opened, *held)
    assert [(one.row.cells, one.refusal) for one in report.refused] == []
    assert report.made == 98 + 560 + 120 + 300 + 24 + 24
    counts = await relationships.count_by_kind(ctx.engine, "dongqu")
    expected = {
        "lead_unit": 1, "paired_unit": 97, "pair": 560, "building_head": 120, "household_contact": 300, "post": 24,
    }  # fmt: skip
    assert {kind: counts[kind] for kind in expected} == expected
    second = await load(
        town, ("牵头单位", "第1局", "", "东区社区", "", ""), ("楼栋长", "居民1", "", "一网格9号楼", "", "")
    )
    assert [one.refusal.code for one in second.refused if one.refusal] == ["place_taken", "lives_elsewhere"]
    again = await load(town, *bureaux, *pairs, *heads, *contacts, *opened, *held)
    assert (again.made, len(again.refused)) == (24, 0)  # the posts' own rows name the lines that are there
    shown = await posts.posts(ctx, await town.actor("worker"), "zh-CN")
    assert sum(one.taken for one in shown) == 24


async def test_organisations_with_one_name_in_two_kinds_are_told_apart_by_the_kind(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        body = Organisation(code="t2", community="dongqu", kind="team", name="区第二人民医院", area="dongqu")
        await organisations.add_organisation(ctx.engine, body)
    report = await load(town, ("队员", "王小红", "", "区第二人民医院", "", ""))
    assert report.made == 1
    [joined] = await relationships.held_towards(ctx.engine, report_party("t2"))
    assert joined.kind == "team_member"


def report_party(code: str) -> Any:
    from timebank.community import relating

    return relating.organisation(code)
