"""Words of what is over go by the community's own rules; minutes, days and ids stay, and what is not over keeps its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from marketplace import store as lists
from marketplace.values import Need, Place, Window
from tests.timebank.kept_versions import give_rules
from timebank.access import Actor
from timebank.community.keeping import forget_ways_in, forget_what_is_over
from timebank.daily import do_what_is_due
from timebank.help.imports import flow as imports
from timebank.help.matching import flow as matching
from timebank.help.matching.flow import ByHand
from timebank.rules.parts.attendance import Kind, Service, ServiceState
from timebank.rules.people.readings import Why
from timebank.store.help import services as stored
from timebank.store.identity import sessions
from timebank.store.oversight import readings
from timebank.store.oversight.readings import looked_at


async def need(town: Any, key: str, *, closed: bool) -> None:
    ctx = town.ctx
    one = Need(
        line_key=key, title="透析后扶我上楼", owner=town.uids["elder"], categories=("escort",), filed_on=ctx.today(),
        private_note="钥匙在门垫下", contact="女儿", place=Place(text="3号楼502", grid="一网格"),
    )  # fmt: skip
    await lists.save_needs(ctx.engine, "dongqu", [one], at=ctx.now())
    if closed:
        await lists.close_line(ctx.engine, "dongqu", "need", key, at=ctx.now())


async def visit(town: Any, uid: str, *, state: ServiceState, days: int = 0) -> None:
    ctx = town.ctx
    starts_at = ctx.now() + timedelta(days=days)
    one = Service(
        uid=uid, community="dongqu", kind=Kind.VISIT, title="陪同就医", category="escort", recipient=town.uids["elder"],
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), state=state,
    )  # fmt: skip
    async with ctx.engine.atomic():
        await stored.add_service(ctx, one, created_by="", place_exact="3号楼502", note_private="耳背")


async def private(town: Any, key: str) -> Need:
    found = await lists.need_private(town.ctx.engine, "dongqu", key)
    assert found is not None
    return found


async def test_words_of_a_closed_request_go_a_year_later_and_those_of_an_open_one_stay(town: Any) -> None:
    ctx = town.ctx
    await need(town, "n-closed", closed=True)
    await need(town, "n-open", closed=False)
    ctx.clock.now += timedelta(days=364)
    assert await forget_what_is_over(ctx, "dongqu") == 0
    ctx.clock.now += timedelta(days=2)
    assert await forget_what_is_over(ctx, "dongqu") == 1
    assert await forget_what_is_over(ctx, "dongqu") == 0, "done twice it does nothing more"
    over = await private(town, "n-closed")
    assert (over.title, over.private_note, over.contact, over.place.text) == ("陪同就医", "", "", "")
    assert (over.owner, over.categories, over.place.grid) == (town.uids["elder"], ("escort",), "一网格")
    assert (await private(town, "n-open")).title == "透析后扶我上楼"


async def test_how_long_is_the_communitys_own_rule(town: Any) -> None:
    ctx = town.ctx
    await give_rules(ctx, "dongqu", (date(2026, 1, 1), "[keeping]\nwords_days = 90\n"))
    await need(town, "n-closed", closed=True)
    ctx.clock.now += timedelta(days=91)
    assert await forget_what_is_over(ctx, "dongqu") == 1
    assert await forget_what_is_over(ctx, "nanqu") == 0


async def test_door_and_note_of_a_visit_that_is_over_go_and_those_of_one_to_come_stay(town: Any) -> None:
    ctx = town.ctx
    await visit(town, "S-DONE", state=ServiceState.DONE)
    await visit(town, "S-LATER", state=ServiceState.PLANNED, days=400)
    ctx.clock.now += timedelta(days=366)
    assert await forget_what_is_over(ctx, "dongqu") == 1
    over, later = [await stored.service_private(ctx.engine, uid) for uid in ("S-DONE", "S-LATER")]
    assert (over.place_exact, over.note_private) == ("", "")
    assert (later.place_exact, later.note_private) == ("3号楼502", "耳背")
    kept = await stored.service(ctx.engine, "S-DONE")
    assert kept is not None
    assert (kept.title, kept.recipient) == ("陪同就医", town.uids["elder"])


async def test_why_somebody_was_sent_by_hand_goes_and_that_they_were_stays(town: Any) -> None:
    ctx, worker = town.ctx, await town.actor("worker")
    await need(town, "n-1", closed=False)
    starts_at = ctx.now() + timedelta(days=1)
    choice = ByHand(
        window=Window(starts_at, starts_at + timedelta(hours=1)),
        reason="她丈夫刚出院",
        member=town.uids["volunteer"],
    )
    made = await matching.decide_by_hand(ctx, worker, "n-1", choice)
    async with ctx.engine.atomic():
        await stored.save_service(ctx.engine, replace(made, state=ServiceState.DONE))
    assert "她丈夫刚出院" in repr(await stored.service_reasons(ctx.engine, made.uid))
    helper = await town.client("volunteer")
    page = await helper.page(f"/services/{made.uid}")
    assert ("她丈夫刚出院" in page.text, "社区工作者定的" in page.text) == (False, True)
    ctx.clock.now += timedelta(days=368)
    await forget_what_is_over(ctx, "dongqu")
    assert await stored.service_reasons(ctx.engine, made.uid) == []


async def test_cells_of_an_imported_list_go_and_the_list_brought_again_is_the_same(town: Any) -> None:
    ctx, worker = town.ctx, await town.actor("worker")
    file = [("x.csv", "需求来源,需求内容,希望时间,登记日期\n居民,修灯王家,周三上午,2026-11-10\n".encode())]
    [report] = await imports.import_files(ctx, worker, "dongqu", file)
    assert "修灯王家" in repr((await imports.file_report(ctx, worker, report.uid)).rows)
    ctx.clock.now += timedelta(days=181)
    assert await forget_what_is_over(ctx, "dongqu") >= 1
    assert "修灯王家" not in repr((await imports.file_report(ctx, worker, report.uid)).rows)
    [again] = await imports.import_files(ctx, worker, "dongqu", file)
    assert again.known


async def test_who_looked_is_kept_for_two_years(town: Any) -> None:
    ctx, elder = town.ctx, town.uids["elder"]
    worker: Actor = await town.actor("worker")
    await looked_at(ctx, worker, [elder], Why.RECORD)
    ctx.clock.now += timedelta(days=730)
    assert await forget_what_is_over(ctx, "dongqu") == 0
    ctx.clock.now += timedelta(days=1)
    assert await forget_what_is_over(ctx, "dongqu") == 1
    assert await readings.readings_of(ctx.engine, [elder]) == []


async def test_sign_ins_that_have_run_out_go_and_the_others_go_on(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        for lasts in (timedelta(days=1), timedelta(days=30)):
            await sessions.open_session(ctx, member=town.uids["elder"], idle_minutes=600, lasts=lasts)
    ctx.clock.now += timedelta(days=2)
    assert await forget_ways_in(ctx) == 1
    [left] = await ctx.engine.fetch("SELECT member FROM tb_session")
    assert left["member"] == town.uids["elder"]


async def test_the_round_does_it_all_and_says_how_much(town: Any) -> None:
    ctx = town.ctx
    await need(town, "n-closed", closed=True)
    async with ctx.engine.atomic():
        await sessions.open_session(ctx, member=town.uids["elder"], idle_minutes=600, lasts=timedelta(days=1))
    ctx.clock.now += timedelta(days=400)
    done = await do_what_is_due(ctx, ["dongqu"])
    assert (done.words_erased, done.ways_over) == (1, 1)
    again = await do_what_is_due(ctx, ["dongqu"])
    assert (again.words_erased, again.ways_over) == (0, 0)
