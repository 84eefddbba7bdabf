"""The notice board: open to strangers, in two languages, on paper too, and silent about persons."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace import store as lists
from marketplace.values import Need
from tests.timebank.conftest import Town
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import settle
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.store.help import services


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_a_stranger_reads_the_board_in_both_languages(town: Town, lang: str) -> None:
    browser = await town.stranger()
    page = await browser.page(f"/notice?lang={lang}")
    assert page.status_code == 200
    assert ("邻里互助公示栏" in page.text) == (lang == "zh-CN")
    assert ("Neighbours" in page.text) == (lang == "en")
    assert ("时间不是钱" in page.text) == (lang == "zh-CN")


async def test_the_board_prints_on_one_sheet(town: Town) -> None:
    page = await (await town.stranger()).page("/notice?print=1")
    assert page.status_code == 200
    assert "盖章处" in page.text


async def test_an_unknown_community_has_no_board(town: Town) -> None:
    assert (await (await town.stranger()).page("/notice?community=nowhere")).status_code == 404


async def test_programs_read_the_same_board(town: Town) -> None:
    answer = await (await town.stranger()).get("/api/notice")
    assert answer.status_code == 200
    assert answer.json()["community"] == "dongqu"
    assert answer.json()["week"] == "2026-W48"
    assert len(answer.json()["head_hash"]) == 64


async def test_help_for_a_resident_never_stands_on_the_board(town: Town) -> None:
    """A resident's need filed by the office has no member behind it; its words are the resident's all the same."""
    ctx = town.ctx
    starts_at, ends_at = ctx.now() + timedelta(hours=1), ctx.now() + timedelta(hours=2)
    shown = {"resident": "想有人说说话,听力不好", "community": "清理楼道堆物"}
    needs = [
        Need(line_key=f"n-{source}", title=title, source=source, filed_on=ctx.today())
        for source, title in shown.items()
    ]
    await lists.save_needs(ctx.engine, "dongqu", needs, at=ctx.now())
    async with ctx.engine.atomic():
        for need in needs:
            service = Service(
                uid=f"S{need.source[:7].upper()}", community="dongqu", kind=Kind.SHIFT, title=need.title,
                need_key=need.line_key, starts_at=starts_at, ends_at=ends_at,
            )  # fmt: skip
            await services.add_service(ctx, service, created_by=town.uids["worker"])
    page = await (await town.stranger()).page("/notice")
    assert shown["community"] in page.text
    assert shown["resident"] not in page.text


async def test_hours_of_fewer_than_five_people_are_not_published(town: Town) -> None:
    ctx = town.ctx
    now = ctx.now()
    async with ctx.engine.atomic():
        service = Service(
            uid="SPAST", community="dongqu", kind=Kind.SHIFT, title="捡垃圾", team="red-vests", category="clean_up",
            starts_at=now - timedelta(days=1, hours=3), ends_at=now - timedelta(days=1), capacity=9,
            state=ServiceState.DONE,
        )  # fmt: skip
        await services.add_service(ctx, service, created_by="")
        people = [await settle(ctx, "dongqu", f"红马甲{number}", gives=True) for number in range(5)]
        for number in range(4):
            part = Attendance(
                uid=f"A{number}", service="SPAST", member=people[number], state=State.POSTED, signed_up_at=now,
                minutes_served=60, minutes_credited=60,
            )  # fmt: skip
            await services.add_attendance(ctx.engine, part)
    browser = await town.stranger()
    assert "还不到 5 位" in (await browser.page("/notice")).text
    assert (await browser.get("/api/notice")).json()["this_month"]["minutes"] == 0
    async with ctx.engine.atomic():
        part = Attendance(
            uid="A5",
            service="SPAST",
            member=people[4],
            state=State.POSTED,
            signed_up_at=now,
            minutes_credited=60,
        )
        await services.add_attendance(ctx.engine, part)
    assert (await browser.get("/api/notice")).json()["this_month"]["minutes"] == 300
    # A community may ask for more people behind a figure than the law of the app does, never for fewer.
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[public]\npeople_min = 6\n"))
    assert (await browser.get("/api/notice")).json()["this_month"]["minutes"] == 0


async def test_a_place_shows_no_sum_of_fewer_people_than_its_community_asks_for(town: Town) -> None:
    async with town.ctx.engine.atomic():
        for number in range(7):
            await settle(town.ctx, "dongqu", f"邻居{number}", area="dongqu-1")
    worker = await town.client("worker")

    async def people_at_home() -> int | None:
        sums = (await worker.get("/api/places/dongqu-1")).json()["sums"]
        return next(one["people"] for one in sums if one["code"] == "dongqu-1")  # type: ignore[no-any-return]

    assert (await people_at_home() or 0) >= 7
    await give_rules(town.ctx, "dongqu", (date(2026, 1, 1), "[public]\npeople_min = 90\n"))
    assert await people_at_home() is None
