"""The funnel: each stage by what it counts, one figure on page, API and workbook, and the list behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.timebank.settling import hold, settle, team
from timebank.errors import NotFound
from timebank.office.funnel import flow
from timebank.office.funnel.flow import ACTIVE_DAYS, PEOPLE_ON_PAGE, Narrowing, share
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.rules.relationships import Life, member
from timebank.rules.relationships import State as Standing
from timebank.store.help import services
from timebank.store.members import people
from timebank.store.members.source_keys import RowOfList, add_source_keys
from timebank.store.office.funnel import Stage
from timebank.store.places import areas

ALL = Narrowing()


async def figures(town: Any, narrowing: Narrowing = ALL) -> list[int]:
    shown = await flow.show_funnel(town.ctx, await town.actor("worker"), narrowing)
    return [one.people for one in shown.figures]


async def listed(town: Any, stage: Stage, narrowing: Narrowing = ALL, typed: str = "") -> list[str]:
    shown = await flow.stage_people(town.ctx, await town.actor("worker"), stage.value, narrowing, typed=typed)
    return [one.uid for one in shown.people]


async def newcomer(town: Any, name: str = "新人", **known: Any) -> str:
    async with town.ctx.engine.atomic():
        return await settle(town.ctx, "dongqu", name, gives=True, **known)


async def part(town: Any, uid: str, state: State, *, days: int) -> None:
    """A part of theirs in a service so many days from now."""
    begins = town.ctx.now() + timedelta(days=days)
    service = Service(
        uid=town.ctx.ids.uid("S"), community="dongqu", kind=Kind.SHIFT, title="红马甲", category="patrol",
        starts_at=begins, ends_at=begins + timedelta(hours=2), state=ServiceState.DONE if days < 0 else ServiceState.PLANNED,
    )  # fmt: skip
    one = Attendance(
        uid=town.ctx.ids.uid("A"), service=service.uid, member=uid, state=state, signed_up_at=begins
    )
    async with town.ctx.engine.atomic():
        await services.add_service(town.ctx, service, created_by="test")
        await services.add_attendance(town.ctx.engine, one)


async def claim(town: Any, uid: str, stage: str) -> None:
    await town.ctx.engine.execute(
        "INSERT INTO mp_claim (uid, community, side, line_key, claimant, with_key, quantity, stage, origin, opened_at,"
        " expires_at, answered_by, reason) VALUES (?, 'dongqu', 'need', 'n1', ?, '', 1, ?, 'order', '', '', '', '')",
        [town.ctx.ids.uid("C"), uid, stage],
    )


async def pair(town: Any, uid: str, **known: Any) -> None:
    async with town.ctx.engine.atomic():
        await hold(town.ctx, "dongqu", "pair", uid, member(town.uids["elder"]), **known)


async def nothing(town: Any, uid: str) -> None:
    """Only registered."""


WAYS: dict[str, tuple[Any, int]] = {
    "nothing yet": (nothing, 1),
    "a claim that waits": (lambda town, uid: claim(town, uid, "open"), 2),
    "a claim that was accepted": (lambda town, uid: claim(town, uid, "accepted"), 2),
    "a claim taken back": (lambda town, uid: claim(town, uid, "withdrawn"), 1),
    "a pair": (pair, 3),
    "a pair that is over": (lambda town, uid: pair(town, uid, state=Standing.OVER), 1),
    "a pair only offered": (lambda town, uid: pair(town, uid, state=Standing.OFFERED), 1),
    "signed up for tomorrow": (lambda town, uid: part(town, uid, State.SIGNED_UP, days=1), 3),
    "called off": (lambda town, uid: part(town, uid, State.CANCELLED, days=-3), 1),
    "did not come": (lambda town, uid: part(town, uid, State.NO_SHOW, days=-3), 1),
    "served last week": (lambda town, uid: part(town, uid, State.POSTED, days=-7), 4),
    "served on the first day that counts": (
        lambda town, uid: part(town, uid, State.CONFIRMED, days=-ACTIVE_DAYS),
        4,
    ),
    "served the day before": (lambda town, uid: part(town, uid, State.POSTED, days=-ACTIVE_DAYS - 1), 3),
}


@pytest.mark.parametrize("way", WAYS)
async def test_how_far_somebody_has_come(town: Any, way: str) -> None:
    before = await figures(town)
    uid = await newcomer(town)
    act, stages = WAYS[way]
    await act(town, uid)
    after = await figures(town)
    assert [now - then for now, then in zip(after, before, strict=True)] == [1] * stages + [0] * (4 - stages)
    for at, stage in enumerate(Stage, start=1):
        assert (uid in await listed(town, stage)) == (at <= stages)


async def test_a_team_docks_and_who_only_asks_or_is_gone_is_not_counted(town: Any) -> None:
    # Four volunteers of the red vests; the elder, her daughter, the staff and the unit's contact offered no help.
    assert await figures(town) == [4, 4, 0, 0]
    uid = await newcomer(town)
    assert await figures(town) == [5, 4, 0, 0]
    one = await people.member(town.ctx.engine, uid)
    assert one is not None
    for life in (Life.LEFT, Life.DIED):
        await people.save_member(town.ctx.engine, replace(one, life=life))
        assert await figures(town) == [4, 4, 0, 0]


async def test_a_joined_record_brings_its_parts_along(town: Any) -> None:
    gone, kept = await newcomer(town), await newcomer(town)
    await part(town, gone, State.POSTED, days=-2)
    one = await people.member(town.ctx.engine, gone)
    assert one is not None
    await people.save_member(town.ctx.engine, replace(one, life=Life.JOINED, joined_to=kept))
    assert await figures(town) == [5, 5, 1, 1]
    assert await listed(town, Stage.ACTIVE) == [kept]


async def test_a_place_a_team_and_a_list_narrow_figures_and_lists_alike(town: Any) -> None:
    ctx = town.ctx
    one = await newcomer(town, area="dongqu-1")
    other = await newcomer(town, area="dongqu-2")
    async with ctx.engine.atomic():
        await team(ctx, "dongqu", "gardeners", "园艺队", people=[other])
        row = RowOfList(source="volunteers:机关名单", row_key="k", member=one)
        await add_source_keys(ctx.engine, "dongqu", [row])
    await pair(town, one)
    for narrowing, expected in (
        (Narrowing(area="dongqu-1"), [1, 1, 1, 0]),
        (Narrowing(area="dongqu-2"), [1, 1, 0, 0]),
        (Narrowing(team="gardeners"), [1, 1, 0, 0]),
        (Narrowing(source="volunteers:机关名单"), [1, 1, 1, 0]),
        (Narrowing(area="dongqu-1", team="gardeners"), [0, 0, 0, 0]),
    ):
        assert await figures(town, narrowing) == expected
        assert [len(await listed(town, stage, narrowing)) for stage in Stage] == expected
    for unknown in (
        Narrowing(area="nanqu-1"),
        Narrowing(area="x"),
        Narrowing(team="x"),
        Narrowing(source="x"),
    ):
        with pytest.raises(NotFound):
            await figures(town, unknown)


async def test_page_programs_and_workbook_say_the_same_and_every_figure_opens_its_list(town: Any) -> None:
    for number in range(4):
        uid = await newcomer(town, f"新人{number}", number=f"9{number}")
        if number:
            await pair(town, uid)
    await part(town, town.uids["volunteer"], State.POSTED, days=-1)
    said = [(8, "100.0"), (7, "87.5"), (4, "50.0"), (1, "12.5")]
    browser = await town.client("worker")
    page = (await browser.page("/desk/funnel")).text
    told = (await browser.get("/api/funnel")).json()["figures"]
    assert [(one["people"], one["percent"]) for one in told] == said
    sheet = await browser.get("/desk/funnel.xlsx")
    book = load_workbook(BytesIO(sheet.content))
    first = book.worksheets[0]
    rows = list(first.iter_rows(min_row=3, max_row=6, max_col=3, values_only=True))
    assert [(row[1], f"{float(str(row[2])) * 100:.1f}") for row in rows] == said
    for at, stage in enumerate(Stage):
        number, percent = said[at]
        assert f'href="/desk/funnel/{stage.value}"' in page
        assert f"{percent} %" in page
        opened = (await browser.page(f"/desk/funnel/{stage.value}")).text
        assert opened.count('<th scope="row">') == number
        assert f"{number} 人" in opened
        assert len((await browser.get(f"/api/funnel/{stage.value}")).json()["listed"]) == number
        link = first.cell(row=3 + at, column=2).hyperlink
        assert link is not None
        assert link.location == f"'{rows[at][0]}'!A1"
        assert book[str(rows[at][0])].max_row == number + 1
    assert "Docked" in (await browser.page("/desk/funnel?lang=en")).text
    assert (await browser.page("/desk/funnel/nothing")).status_code == 404


async def test_a_long_list_is_paged_without_a_gap_and_searched(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        for number in range(2 * PEOPLE_ON_PAGE + 7):
            await settle(
                ctx, "dongqu", f"人{number:03d}", gives=True, phone=f"1990001{number:04d}",
                number=f"5{number:03d}" if number % 2 else "",
            )  # fmt: skip
    worker = await town.actor("worker")
    seen: list[str] = []
    after = ""
    for _ in range(4):
        shown = await flow.stage_people(ctx, worker, "registered", ALL, after=after)
        seen += [one.uid for one in shown.people]
        after = shown.following
        if not after:
            break
    assert len(seen) == len(set(seen)) == shown.figure.people == 2 * PEOPLE_ON_PAGE + 11
    for typed in ("人042", "人 ０４２", "19900010042", "0042"):
        assert len(await listed(town, Stage.REGISTERED, typed=typed)) == 1, typed
    for typed in ("%", "_", "没有这个人", "99999"):
        assert await listed(town, Stage.REGISTERED, typed=typed) == [], typed
    assert await listed(town, Stage.DOCKED, typed="人042") == []
    browser = await town.client("worker")
    page = (await browser.page("/desk/funnel/registered")).text
    assert "下一页" in page
    found = await browser.submit("/desk/funnel/registered", {"q": "人042"})
    assert found.text.count('<th scope="row">') == 1
    wide = await browser.submit("/desk/funnel/registered", {"q": "人"})
    assert "请写得再具体一点" in wide.text


async def test_names_that_look_like_formulas_stay_text_in_the_workbook(town: Any) -> None:
    await newcomer(town, "=1+1")
    book = load_workbook(BytesIO((await (await town.client("worker")).get("/desk/funnel.xlsx")).content))
    cells = [cell for row in book.worksheets[1].iter_rows() for cell in row]
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells)


async def test_the_workbook_for_outside_names_nobody_and_tells_of_no_few_people(town: Any) -> None:
    for number in range(7):
        await newcomer(town, f"外{number}")
    worker = await town.client("worker")
    shown = await flow.show_funnel(town.ctx, await town.actor("worker"), ALL)
    hidden = flow.too_few(shown.figures, people_min=5)
    assert any(0 < one.people < 5 for one in shown.figures)
    book = load_workbook(BytesIO((await worker.get("/desk/funnel.xlsx?outside=true")).content))
    [sheet] = book.worksheets
    cells = [
        [cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=2 + len(shown.figures))
    ]
    for one, row in zip(shown.figures, cells, strict=True):
        assert (row[1] == "少于 5 人") is (one.stage in hidden)
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "外1" not in text
    assert "外1" in repr(await listed_names(town))


async def listed_names(town: Any) -> list[str]:
    """Who stands on the desk's own sheet, so that not standing on the other says something."""
    book = load_workbook(BytesIO((await (await town.client("worker")).get("/desk/funnel.xlsx")).content))
    return [str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row]


@pytest.mark.parametrize(
    ("people_there", "hidden"),
    [
        ((40, 30, 20, 10), set()),
        ((40, 38, 20, 4), {1, 3}),  # 38 of 40 would tell of two people
        ((3, 2, 1, 0), {0, 1, 2}),
        ((40, 38, 37, 30), {1, 2}),  # hidden behind a hidden one: it is the shown ones that are compared
        ((0, 0, 0, 0), set()),
    ],
)
def test_a_figure_of_few_people_is_hidden_and_so_is_one_that_tells_of_few(
    people_there: tuple[int, ...], hidden: set[int]
) -> None:
    stages = list(Stage)
    given = [
        flow.Figure(stage=stage, people=n, per_mille=0) for stage, n in zip(stages, people_there, strict=True)
    ]
    assert flow.too_few(given, people_min=5) == {stages[at] for at in hidden}


async def test_a_community_without_anybody_has_a_funnel_of_noughts(town: Any) -> None:
    await town.ctx.engine.execute("UPDATE tb_profile SET gives = ?", [False])
    browser = await town.client("worker")
    assert [
        (one["people"], one["percent"]) for one in (await browser.get("/api/funnel")).json()["figures"]
    ] == [(0, "0.0")] * 4
    assert "这一步还没有人" in (await browser.page("/desk/funnel/active")).text


@pytest.mark.parametrize(
    ("people_there", "registered", "per_mille"),
    [
        (6_542, 8_723, 750),
        (3_271, 8_723, 375),
        (1, 3, 333),
        (2, 3, 667),
        (1, 2_000, 1),
        (0, 0, 0),
        (7, 7, 1000),
    ],
)
def test_the_share_is_rounded_half_up(people_there: int, registered: int, per_mille: int) -> None:
    assert share(people_there, registered) == per_mille


async def test_a_place_below_the_narrowed_one_counts_and_its_neighbour_does_not(town: Any) -> None:
    ctx = town.ctx
    grid = await areas.area(ctx.engine, "dongqu-1")
    async with ctx.engine.atomic():
        await areas.add_area(
            ctx.engine, code="b1", kind="building", name="1号楼", parent=grid, community="dongqu", since_on=ctx.today()
        )  # fmt: skip
    await newcomer(town, area="b1")
    assert (await figures(town, Narrowing(area="dongqu-1")))[0] == 1
    assert (await figures(town, Narrowing(area="b1")))[0] == 1
    assert (await figures(town, Narrowing(area="dongqu-2")))[0] == 0
