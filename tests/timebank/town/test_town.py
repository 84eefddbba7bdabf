"""A whole zone and a whole county city, loaded twice and counted. `TOWN_ONE_IN=1` (as `make soak` runs it) is the full size."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.timebank.conftest import Town
from tests.timebank.settling import settle
from tests.timebank.town.generated import (
    FULL,
    RELATIONS,
    buildings_needed,
    csv_of,
    list_of,
    other_list_of,
    people_of,
    registrants,
    relationship_rows,
    scaled,
    shares,
)
from timebank.access import Actor
from timebank.catalogue import Heard
from timebank.community import relating
from timebank.community.founding.flow import found_community
from timebank.community.registering import Newcomer, new_uid, register_all
from timebank.community.relationships import listing
from timebank.context import Context
from timebank.help.imports import flow, undoing
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.rules.relationships import OPERATOR, member
from timebank.store.help import services
from timebank.store.identity.actors import actor_of
from timebank.store.places import areas
from timebank.store.relations import organisations, relationships
from timebank.store.relations.organisations import TEAM, UNIT, Organisation

SIZE = int(os.environ.get("TOWN_ONE_IN", "8"))
FIGURES = FULL if SIZE == 1 else scaled(FULL, SIZE)
COUNTED = (
    "tb_member", "tb_person", "tb_phone", "tb_profile", "tb_source_key", "tb_relationship", "tb_organisation", "mp_resource",
    "tb_identity_question", "tb_identity_answer", "ledger_account", "ledger_transfer",
)  # fmt: skip


async def rows_of(ctx: Context) -> dict[str, int]:
    """How many rows each table of people, and of what they are to each other, has."""
    return {
        table: int((await ctx.engine.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"])
        for table in COUNTED
    }


async def founded(ctx: Context, code: str, name: str, *, grid: bool, buildings: int) -> Actor:
    """A community with its worker, perhaps a grid, and buildings called 1号楼, 2号楼, …; the worker."""
    async with ctx.engine.atomic():
        await found_community(ctx, code=code, name=name, grids=("网格",) if grid else ())
        worker = await settle(ctx, code, f"{name}社工", "worker")
        node = await areas.area(ctx.engine, code)
        for number in range(1, buildings + 1):
            await areas.add_area(
                ctx.engine, code=f"{code}b{number}", kind="building", name=f"{number}号楼", parent=node, community=code,
                since_on=ctx.today(),
            )  # fmt: skip
    return await actor_of(ctx.engine, ctx.catalogue_of, worker, ctx.today())


async def live_here(ctx: Context, code: str, people: dict[str, int]) -> None:
    """Residents by name, each in their building."""
    newcomers = {
        new_uid(ctx): Newcomer(name=name, area=f"{code}b{building}" if building else "")
        for name, building in people.items()
    }
    async with ctx.engine.atomic():
        await register_all(ctx, code, newcomers, recorded_by=OPERATOR)


async def load(ctx: Context, worker: Actor, rows: Sequence[Sequence[str]]) -> listing.ListReport:
    return await listing.load_file(
        ctx, worker, filename="名单.csv", content=csv_of(RELATIONS, rows), all_of_age=True
    )


async def total(ctx: Context, codes: list[str]) -> Counter[str]:
    """Relationships in force by kind, over these communities."""
    found: Counter[str] = Counter()
    for code in codes:
        found.update(await relationships.count_by_kind(ctx.engine, code))
    return found


async def test_the_zones_communities_have_their_grids_officers_and_building_heads(ctx: Context) -> None:
    codes = [f"kfq{number}" for number in range(FIGURES.communities)]
    for at, heads in enumerate(shares(FIGURES.zone_heads, FIGURES.communities)):
        code = codes[at]
        worker = await founded(
            ctx, code, f"开发区第{at + 1}社区", grid=at < FIGURES.grids, buildings=len(heads)
        )
        await live_here(ctx, code, {f"住户{n}": n + 1 for n, _ in enumerate(heads)})
        rows = [("楼栋长", f"住户{n}", "", f"{n + 1}号楼", "", "") for n, _ in enumerate(heads)]
        report = await load(ctx, worker, rows)
        assert (report.made, len(report.refused)) == (len(heads), 0)
        again = await load(ctx, worker, rows)
        assert (again.made, again.same, len(again.refused)) == (0, len(heads), 0)
        async with ctx.engine.atomic():
            for kind, number in (
                ("grid_adviser", FIGURES.advisers),
                ("grid_head", FIGURES.grid_heads),
                ("grid_worker", FIGURES.grid_workers),
            ):
                if at < number:
                    officer = await settle(ctx, code, f"{kind}{at}", gives=True)
                    await _takes_office(ctx, worker, kind, officer, f"{code}-1")
    counted = await total(ctx, codes)
    assert {
        kind: counted[kind] for kind in ("grid_adviser", "grid_head", "grid_worker", "building_head")
    } == {
        "grid_adviser": FIGURES.advisers,
        "grid_head": FIGURES.grid_heads,
        "grid_worker": FIGURES.grid_workers,
        "building_head": FIGURES.zone_heads,
    }


async def _takes_office(ctx: Context, worker: Actor, kind: str, uid: str, grid: str) -> None:
    """A grid's officer, of age, by the desk's word and their own on paper."""
    from tests.timebank.settling import of_age

    await of_age(ctx, uid)
    wanted = relating.Wanted(
        kind=kind, holder=member(uid), target=relating.area(grid), holder_yes=Heard.PAPER
    )
    await relating.offer(ctx, worker, wanted)


async def test_the_county_citys_lists_load_as_relationships_and_twice_is_once(ctx: Context) -> None:
    """Bureaux with one lead each community, heads, contacts, pairs of few holders, posts in their classes."""
    codes = [f"xian{number}" for number in range(FIGURES.bureau_communities)]
    for at, code in enumerate(codes):
        name = f"县城第{at + 1}社区"
        worker = await founded(ctx, code, name, grid=False, buildings=buildings_needed(FIGURES, at))
        await live_here(ctx, code, people_of(FIGURES, at))
        async with ctx.engine.atomic():
            for number in shares(FIGURES.bureaux, FIGURES.bureau_communities)[at]:
                body = Organisation(
                    code=f"bureau{number}", community=code, kind=UNIT, name=f"第{number}局", area=code
                )
                await organisations.add_organisation(ctx.engine, body)
        rows = relationship_rows(FIGURES, at, name)
        report = await load(ctx, worker, rows)
        assert [(one.row.cells, one.refusal) for one in report.refused] == []
        assert report.made == len(rows)
        before = await rows_of(ctx)
        again = await load(ctx, worker, rows)
        opened = sum(row[5] == "1" for row in rows)  # the posts' own rows name the lines that are there
        assert (again.made, again.same, len(again.refused)) == (opened, len(rows) - opened, 0)
        assert await rows_of(ctx) == before
    counted = await total(ctx, codes)
    expected = {
        "lead_unit": FIGURES.bureau_communities, "paired_unit": FIGURES.bureaux - FIGURES.bureau_communities,
        "building_head": FIGURES.heads, "household_contact": FIGURES.contacts, "pair": FIGURES.pairs, "post": FIGURES.posts,
    }  # fmt: skip
    assert {kind: counted[kind] for kind in expected} == expected
    holders = await ctx.engine.fetch(
        "SELECT count(DISTINCT holder_member) AS n FROM tb_relationship WHERE kind = 'pair'"
    )
    assert holders[0]["n"] == FIGURES.holders
    titles = [row["title"] for row in await ctx.engine.fetch("SELECT title FROM mp_need")]
    assert len(titles) == FIGURES.posts
    assert len({title.rstrip("0123456789") for title in titles}) == FIGURES.post_classes


async def placed(ctx: Context, uids: list[str], *, served: int) -> None:
    """A shift of the zone that these people took part in: the first so many were there, the others signed up for next week."""
    begun, ahead = ctx.now() - timedelta(days=7), ctx.now() + timedelta(days=7)
    async with ctx.engine.atomic():
        for uid, begins, state in (
            ("SPAST", begun, ServiceState.DONE),
            ("SAHEAD", ahead, ServiceState.PLANNED),
        ):
            await services.add_service(
                ctx,
                Service(
                    uid=uid, community="dongqu", kind=Kind.SHIFT, title="周二红马甲", category="patrol", starts_at=begins,
                    ends_at=begins + timedelta(hours=2), capacity=10_000, state=state,
                ),
                created_by=OPERATOR,
            )  # fmt: skip
        for at, uid in enumerate(uids):
            past = at < served
            await services.add_attendance(
                ctx.engine,
                Attendance(
                    uid=f"A{at}", service="SPAST" if past else "SAHEAD", member=uid, signed_up_at=begun,
                    state=State.POSTED if past else State.SIGNED_UP,
                ),
            )  # fmt: skip


async def test_the_zones_registrants_stand_once_whoever_sends_them_and_the_funnel_says_so(town: Town) -> None:
    ctx, people = town.ctx, registrants(FIGURES)
    assert sum(one.occupation == "机关在职" for one in people) == FIGURES.agency
    names = Counter(one.name for one in people)
    assert sum(number for number in names.values() if number > 1) > (2_000 if FIGURES is FULL else 50)
    # The town's own four volunteers are no registrants of the zone.
    await ctx.engine.execute("UPDATE tb_profile SET gives = ?", [False])
    before = await rows_of(ctx)

    async def bring(name: str, content: bytes) -> Any:
        [report] = await flow.import_files(ctx, None, "dongqu", [(name, content)])
        assert report.waiting == ()
        return report

    own = list_of(people)
    first = await bring("报到名单.csv", own)
    after = await rows_of(ctx)
    new = {table: after[table] - before[table] for table in COUNTED}
    offers = sum(bool(one.team and one.number % 3) for one in people)
    assert new == {
        "tb_member": FIGURES.registered, "tb_person": FIGURES.registered, "tb_phone": FIGURES.registered,
        "tb_profile": FIGURES.registered, "tb_source_key": FIGURES.registered, "tb_relationship": FIGURES.docked,
        "tb_organisation": FIGURES.party_teams + FIGURES.volunteer_teams, "mp_resource": offers,
        "tb_identity_question": 0, "tb_identity_answer": 0, "ledger_account": FIGURES.registered,
        "ledger_transfer": FIGURES.registered,
    }  # fmt: skip
    assert (
        first.changes
        == 2 * FIGURES.registered - (FIGURES.registered - FIGURES.docked) + offers + new["tb_organisation"]
    )

    same = await bring("报到名单.csv", own)
    assert (same.known, same.changes, await rows_of(ctx)) == (True, 0, after)
    saved_again = await bring("报到名单（2）.csv", own + b"\r\n")
    assert (saved_again.known, saved_again.changes, await rows_of(ctx)) == (False, 0, after)
    other = await bring("机关名单.csv", other_list_of(people))
    told = await rows_of(ctx)
    assert told == after | {"tb_source_key": after["tb_source_key"] + FIGURES.registered}
    assert other.changes == 0
    teams = await organisations.organisations(ctx.engine, "dongqu", TEAM)
    assert sum(one.name.endswith(("先锋队", "志愿服务队")) for one in teams) == new["tb_organisation"]

    docked = [
        str(row["uid"])
        for row in await ctx.engine.fetch(
            "SELECT holder_member AS uid FROM tb_relationship JOIN tb_profile ON member = holder_member"
            " WHERE kind = 'team_member' AND gives ORDER BY holder_member"
        )
    ]
    await placed(ctx, docked[: FIGURES.placed], served=FIGURES.active)
    await _the_funnel_is_one(town)

    taken_back = await undoing.undo_file(ctx, await town.actor("worker"), other.uid)
    assert taken_back.undone == 0  # it made nobody
    assert (await rows_of(ctx))["tb_member"] == told["tb_member"]


async def _the_funnel_is_one(town: Town) -> None:
    expected = [FIGURES.registered, FIGURES.docked, FIGURES.placed, FIGURES.active]
    percent = [f"{100 * people / FIGURES.registered:.1f}" for people in expected]
    if FIGURES is FULL:
        assert percent[:3] == ["100.0", "75.0", "37.5"]
    browser = await town.client("worker")
    told = (await browser.get("/api/funnel")).json()["figures"]
    assert [(one["people"], one["percent"]) for one in told] == list(zip(expected, percent, strict=True))
    page = (await browser.page("/desk/funnel")).text
    book = load_workbook(BytesIO((await browser.get("/desk/funnel.xlsx")).content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=3, max_row=6, max_col=3, values_only=True))
    assert [row[1] for row in rows] == expected
    assert [f"{100 * float(str(row[2])):.1f}" for row in rows] == percent
    for at, one in enumerate(told):
        assert f"<strong>{expected[at]:,}</strong></a>" in page
        assert f"{percent[at]} %" in page
        assert sum(1 for _ in book.worksheets[at + 1].iter_rows()) == expected[at] + 1
        assert len((await browser.get(f"/api/funnel/{one['stage']}")).json()["listed"]) == min(
            expected[at], 50
        )
    opened: list[str] = []
    after = ""
    while True:
        part = (await browser.get(f"/api/funnel/placed?after={after}")).json()
        opened += [person["uid"] for person in part["listed"]]
        after = part["following"]
        if not after:
            break
    assert len(opened) == len(set(opened)) == FIGURES.placed


@pytest.mark.parametrize("one_in", [1, 2, 8, 100])
def test_a_smaller_town_keeps_the_proportions(one_in: int) -> None:
    small = scaled(FULL, one_in)
    assert small.placed <= small.docked <= small.registered
    assert small.active <= small.placed
    assert abs(small.docked / small.registered - 0.75) < 0.01
    assert abs(small.placed / small.registered - 0.375) < 0.01
    assert scaled(FULL, 1) == FULL
