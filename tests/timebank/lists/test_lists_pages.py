"""The lists' pages: open to everybody, silent about persons, narrowed by plain links, downloaded safely."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from marketplace import store as lists
from marketplace.values import Need, Place
from tests.timebank.conftest import Town
from timebank.help.imports import flow

GIVEN = Path(__file__).parents[3] / "examples" / "data" / "lists"
CANARIES = {
    "contact": "金丝雀联系人", "private_note": "金丝雀备注", "served": "金丝雀对象", "place": "金丝雀3号楼502",
}  # fmt: skip


@pytest.fixture
async def listed(town: Town) -> Town:
    """The town with the four given files imported."""
    files = [(path.name, path.read_bytes()) for path in sorted(GIVEN.iterdir())]
    await flow.import_files(town.ctx, None, "dongqu", files)
    return town


@pytest.fixture
async def canaries(town: Town) -> Town:
    """One resident's need with a telltale word in every private field, and one as its title."""
    need = Need(
        line_key="n-canary", title="金丝雀原话", categories=("errand",), filed_on=date(2026, 11, 20),
        contact=CANARIES["contact"], private_note=CANARIES["private_note"], served=CANARIES["served"],
        place=Place(text=CANARIES["place"], grid="一网格", building="金丝雀楼"),
    )  # fmt: skip
    await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
    return town


@pytest.mark.parametrize("who", ["stranger", "volunteer", "elder", "unit", "worker"])
async def test_all_pages_of_the_lists_answer_in_both_languages(listed: Town, who: str) -> None:
    browser = await (listed.stranger() if who == "stranger" else listed.client(who))
    for path in ("/lists", "/lists/needs", "/lists/resources", "/lists/activities", "/lists/projects"):
        for lang in ("zh-CN", "en"):
            page = await browser.page(f"{path}?lang={lang}")
            assert page.status_code == 200, (path, lang)
    for kind in ("needs", "resources", "activities", "projects"):
        shown = (await browser.get(f"/api/lists/{kind}")).json()
        first = shown["lines"][0]["key"]
        assert (await browser.page(f"/lists/{kind}/{first}")).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "volunteer", "elder", "proxy", "unit", "leader", "worker"])
async def test_no_private_field_of_a_need_is_on_any_card_or_in_any_public_file(
    canaries: Town, who: str
) -> None:
    browser = await (canaries.stranger() if who == "stranger" else canaries.client(who))
    for path in ("/lists/needs", "/lists/needs/n-canary", "/lists/needs.csv", "/api/lists/needs", "/notice"):
        page = await browser.page(path)
        assert page.status_code == 200
        assert not [word for word in (*CANARIES.values(), "金丝雀楼") if word in page.text], path
    book = openpyxl.load_workbook(io.BytesIO((await browser.page("/lists/needs.xlsx")).content))
    (sheet,) = book.worksheets
    cells = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert not [word for word in CANARIES.values() if word in cells]


@pytest.mark.parametrize("who", ["", "stranger_volunteer", "volunteer", "leader", "unit", "worker"])
async def test_every_reader_of_a_list_reads_the_kind_of_help_and_not_a_residents_own_words(
    canaries: Town, who: str
) -> None:
    browser = await (canaries.client(who) if who else canaries.stranger())
    for path in ("/lists/needs", "/lists/needs/n-canary", "/lists/needs.csv", "/api/lists/needs"):
        assert "金丝雀原话" not in (await browser.page(path, params={"community": "dongqu"})).text


async def test_contacts_leave_the_desk_only_with_a_line_in_the_audit_log(canaries: Town) -> None:
    worker = await canaries.client("worker")
    page = await worker.page("/desk/lists/needs.csv")
    assert CANARIES["contact"] in page.text
    rows = await canaries.ctx.engine.fetch(
        "SELECT actor, object FROM tb_audit WHERE action = 'download_contacts'"
    )
    assert rows == [{"actor": canaries.uids["worker"], "object": "needs"}]
    for who in ("volunteer", "unit", "elder", "auditor"):
        assert (await (await canaries.client(who)).page("/desk/lists/needs.csv")).status_code in (403, 404)
    other = await canaries.client("stranger_worker")
    assert CANARIES["contact"] not in (await other.page("/desk/lists/needs.csv")).text


async def test_no_volunteer_is_named_on_the_resources_list(listed: Town) -> None:
    page = await (await listed.client("worker")).page("/lists/resources")
    assert not [name for name in ("李四", "钱二", "赵一", listed.uids["volunteer"]) if name in page.text]


async def test_a_list_is_narrowed_by_category_grid_and_hour_with_plain_links(listed: Town) -> None:
    browser = await listed.client("volunteer")

    async def titles(**narrowed: str) -> set[tuple[str, str]]:
        answer = await browser.get("/api/lists/needs", params=narrowed)
        return {(line["key"], line["title"]) for line in answer.json()["lines"]}

    everything = await titles()
    assert len(everything) == 24
    third_grid = await titles(grid="三网格")
    assert third_grid
    assert third_grid < everything
    evening = await titles(slot="evening")
    said = {title for _key, title in evening}
    assert "办公用房只有70平方米,合唱队排练没场地" in said
    assert "助餐" in {title for _key, title in everything}
    assert "助餐" not in said
    assert len(await titles(category="daily")) < len(everything)
    assert await titles(slot="nonsense") == everything


async def test_files_are_safe_to_open(town: Town) -> None:
    need = Need(line_key="n-x", title="=cmd|' /C calc'!A0", source="community", filed_on=date(2026, 11, 20))
    await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
    page = await (await town.stranger()).page("/lists/needs.csv")
    cells = [cell for row in csv.reader(io.StringIO(page.text.lstrip("\ufeff"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert page.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "/lists/secrets",
        "/lists/needs.pdf",
        "/lists/needs/nothing",
        "/lists/needs?community=nowhere",
        "/api/lists/x",
    ],
)
async def test_what_is_not_there_is_not_found(town: Town, path: str) -> None:
    assert (await (await town.stranger()).page(path)).status_code == 404


async def test_an_empty_list_says_what_to_do(town: Town) -> None:
    assert "清单上还没有内容" in (await (await town.stranger()).page("/lists/needs")).text
