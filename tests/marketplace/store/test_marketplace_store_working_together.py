"""Turns, tasks, choices by hand and asks in SQLite and PostgreSQL: two at once, one wins, nothing half-done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger.store.engine import DurableEngine
from ledger.store.migrate import migrate, modules_of
from marketplace.admission import (
    Brings,
    ComesWith,
    Difficulty,
    TaskAdmission,
    TaskState,
    admit,
    refuse,
    withdraw,
)
from marketplace.agreements import COMMUNITY, Agreement, sign
from marketplace.claims import Side, Stage, accept
from marketplace.errors import (
    AdmissionRefused,
    CertificateExpired,
    LineClosed,
    ListsChanged,
    OverrideWithoutReason,
    RotaRefused,
    SignedTwice,
    TurnTaken,
    UnknownLine,
    UnknownTask,
    UnknownTurn,
)
from marketplace.planning import Asks, Fixed, Override, PlanContext, override, plan_week
from marketplace.rota import RotaTurn, TurnState, agree_swap, ask_swap, cover, decline_swap, miss, rota
from marketplace.store import (
    APP_NAME,
    MIGRATIONS,
    add_turns,
    agreement,
    answer_claim,
    answer_proposal,
    answer_task,
    asked_lately,
    bind_tables,
    change_agreement,
    change_turns,
    claim_line,
    claims,
    client_groups,
    close_line,
    edit_need,
    edit_resource,
    forget_asks,
    latest_plan,
    needs,
    overrides,
    promised,
    proposals,
    record_asks,
    record_override,
    resources,
    save_agreement,
    save_needs,
    save_plan,
    save_resources,
    state_task,
    task,
    tasks,
    turns,
)
from marketplace.values import SHANGHAI, Need, Quantity, Resource, Unit, Week, When, Window

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
WEEK = Week.parse("2026-W48")
TUESDAY = Window(
    datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI), datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI)
)
UNITS = ("医院", "小学", "物业")


@pytest.fixture
async def db(engine: DurableEngine) -> Any:
    bind_tables(engine)
    await migrate(engine, APP_NAME, MIGRATIONS)
    return engine


def need(key: str = "N1", **more: Any) -> Need:
    given: dict[str, Any] = {
        "title": "陪诊",
        "owner": "office",
        "categories": ("escort",),
        "when": When(windows=(TUESDAY,)),
        "filed_on": date(2026, 11, 5),
        **more,
    }
    return Need(line_key=key, **given)


def helper(key: str = "R1", **more: Any) -> Resource:
    given: dict[str, Any] = {
        "title": "陪诊",
        "owner": f"M-{key}",
        "owner_kind": "volunteer",
        "categories": ("escort",),
        "when": When(windows=(TUESDAY,)),
        "quantity": Quantity(unit=Unit.HELPER, helpers=1),
        **more,
    }
    return Resource(line_key=key, **given)


async def counted(db: DurableEngine, table: str) -> int:
    return int((await db.fetch(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"])


def refused(outcomes: Any) -> list[BaseException]:
    return [one for one in outcomes if isinstance(one, BaseException)]


# ---------------------------------------------------------------------- the schema


async def test_turns_of_the_first_version_are_carried_over(engine: DurableEngine) -> None:
    bind_tables(engine)
    first, *later = modules_of(MIGRATIONS)
    manager = await first.forwards()
    for raw in manager.raw:
        await raw()
    await engine.execute(
        "INSERT INTO mp_rota_turn (community, activity_key, period, unit, state, swapped_with, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        ["dongqu", "council", "2026-11", "小学", "missed", "医院", "没来"],
    )
    for module in later:
        for raw in (await module.forwards()).raw:
            await raw()
    (turn,) = await turns(engine, "dongqu")
    assert turn == RotaTurn(
        activity_key="council",
        period="2026-11",
        unit="小学",
        state=TurnState.MISSED,
        swapped_with="医院",
        reason="没来",
    )


# ---------------------------------------------------------------------- rota


async def council(db: DurableEngine) -> tuple[RotaTurn, ...]:
    planned = rota("council", UNITS, ("2026-11", "2026-12", "2027-01"))
    await add_turns(db, "dongqu", planned)
    return planned


async def test_turns_are_planned_once_even_when_two_plan_at_the_same_time(db: DurableEngine) -> None:
    planned = rota("council", UNITS, ("2026-11", "2026-12"))
    other = rota("council", UNITS[::-1], ("2026-10", "2026-11", "2026-12"))
    outcomes = await asyncio.gather(
        add_turns(db, "dongqu", planned), add_turns(db, "dongqu", other), return_exceptions=True
    )
    (lost,) = refused(outcomes)
    assert isinstance(lost, TurnTaken)
    kept = await turns(db, "dongqu", activity_key="council")
    assert kept in (planned, other)
    assert str(lost.fields["unit"]) in {one.unit for one in kept}


async def test_a_swap_is_asked_and_agreed_and_both_turns_change_together(db: DurableEngine) -> None:
    await council(db)
    await change_turns(
        db, "dongqu", "council", lambda t: [ask_swap(t["2026-11"], t["2026-12"], by="医院", reason="迎检")]
    )
    outcomes = await asyncio.gather(
        change_turns(db, "dongqu", "council", lambda t: agree_swap(t["2026-11"], t["2026-12"], by="小学")),
        change_turns(
            db, "dongqu", "council", lambda t: [decline_swap(t["2026-11"], t["2026-12"], by="小学")]
        ),
        return_exceptions=True,
    )
    (lost,) = refused(outcomes)
    assert isinstance(lost, RotaRefused)
    units = [one.unit for one in await turns(db, "dongqu", activity_key="council")]
    assert units in (["小学", "医院", "物业"], ["医院", "小学", "物业"])
    assert {one.state for one in await turns(db, "dongqu")} == {TurnState.AHEAD}


async def test_a_missed_and_a_covered_turn_stay_visible(db: DurableEngine) -> None:
    await council(db)
    await change_turns(db, "dongqu", "council", lambda t: [miss(t["2026-11"], reason="没来")])
    await change_turns(db, "dongqu", "council", lambda t: [cover(t["2026-12"], by="物业", reason="临时有事")])
    found = await turns(db, "dongqu", activity_key="council")
    assert [(one.state, one.covered_by) for one in found] == [
        (TurnState.MISSED, ""),
        (TurnState.COVERED, "物业"),
        (TurnState.AHEAD, ""),
    ]
    assert await turns(db, "dongqu", unit="小学") == (found[1],)


async def test_a_refused_step_changes_nothing(db: DurableEngine) -> None:
    before = await council(db)
    for attempt in (
        lambda t: [miss(t["2026-11"]), ask_swap(t["2026-12"], t["2027-01"], by="医院")],
        lambda t: [miss(t["2026-11"]), t["2099-01"]],
        lambda t: [miss(t["2026-11"]), replace(t["2026-12"], period="2099-01")],
    ):
        with pytest.raises(RotaRefused):
            await change_turns(db, "dongqu", "council", attempt)
    assert await turns(db, "dongqu") == before
    with pytest.raises(UnknownTurn):
        await change_turns(db, "xiqu", "council", lambda t: [miss(t["2026-11"])])


# ---------------------------------------------------------------------- agreements


async def test_two_signatures_at_the_same_moment_are_both_kept(db: DurableEngine) -> None:
    draft = Agreement(
        uid="A1", title="协议", units=("小学",), first_on=date(2026, 1, 1), last_on=date(2026, 12, 31)
    )
    await save_agreement(db, "dongqu", draft, at=NOW)
    await asyncio.gather(
        *(
            change_agreement(
                db,
                "dongqu",
                "A1",
                lambda one, party=party: sign(one, party=party, by=party, on=date(2026, 1, 5)),  # type: ignore[misc]
                at=NOW,
            )
            for party in (COMMUNITY, "小学")
        )
    )
    signed = await agreement(db, "dongqu", "A1")
    assert signed is not None
    assert {one.party for one in signed.signatures} == {COMMUNITY, "小学"}
    assert signed.in_force(date(2026, 6, 1))
    with pytest.raises(SignedTwice):
        await change_agreement(
            db, "dongqu", "A1", lambda one: sign(one, party="小学", by="x", on=date(2026, 1, 6)), at=NOW
        )
    assert await agreement(db, "dongqu", "A1") == signed
    with pytest.raises(UnknownLine):
        await change_agreement(db, "xiqu", "A1", lambda one: one, at=NOW)


# ---------------------------------------------------------------------- tasks to admit


def survey(**more: Any) -> TaskAdmission:
    given: dict[str, Any] = {
        "uid": "T1",
        "unit": "统计所",
        "title": "入户登记",
        "minutes_per_week": 250,
        "difficulty": Difficulty.ORDINARY,
        "first_on": date(2026, 12, 1),
        "last_on": date(2026, 12, 31),
        "comes_with": (ComesWith(kind=Brings.PEOPLE, text="两名干部"), ComesWith(kind=Brings.TRAINING)),
        "stated_at": NOW,
        **more,
    }
    return TaskAdmission(**given)


async def test_a_task_comes_back_as_it_was_stated_and_is_found_by_its_state(db: DurableEngine) -> None:
    await state_task(db, "dongqu", survey())
    await state_task(db, "dongqu", survey(uid="T2", unit="卫生所", stated_at=NOW + timedelta(hours=1)))
    assert await task(db, "dongqu", "T1") == survey()
    assert await task(db, "xiqu", "T1") is None
    await answer_task(db, "dongqu", "T2", lambda one: withdraw(one, unit="卫生所"), at=NOW)
    assert [one.uid for one in await tasks(db, "dongqu")] == ["T1", "T2"]
    assert await tasks(db, "dongqu", state=TaskState.STATED) == (survey(),)
    assert [one.uid for one in await tasks(db, "dongqu", unit="卫生所")] == ["T2"]


async def test_of_two_answers_to_a_task_at_once_one_wins(db: DurableEngine) -> None:
    await state_task(db, "dongqu", survey())
    steps = [
        lambda one: admit(one, by="W1", at=NOW),
        lambda one: refuse(one, by="W2", at=NOW, reason="忙不过来"),
        lambda one: withdraw(one, unit="统计所"),
    ]
    outcomes = await asyncio.gather(
        *(answer_task(db, "dongqu", "T1", step, at=NOW) for step in steps), return_exceptions=True
    )
    assert [isinstance(one, AdmissionRefused) for one in refused(outcomes)] == [True, True]
    (won,) = [one for one in outcomes if isinstance(one, TaskAdmission)]
    assert await task(db, "dongqu", "T1") == won
    with pytest.raises(UnknownTask):
        await answer_task(db, "xiqu", "T1", steps[0], at=NOW)


# ---------------------------------------------------------------------- choices by hand


async def planned(db: DurableEngine, *needs_given: Need, **more: Any) -> Any:
    await save_needs(db, "dongqu", needs_given or (need(),), at=NOW)
    await save_resources(db, "dongqu", [helper(), helper("R2", free=False)], at=NOW)
    return plan_week(
        await needs(db, "dongqu"),
        await resources(db, "dongqu"),
        week=WEEK,
        context=PlanContext(now=NOW),
        fixed=await promised(db, "dongqu", WEEK),
        **more,
    )


async def test_a_choice_by_hand_is_recorded_with_its_cost(db: DurableEngine) -> None:
    plan = await planned(db)
    choice = Fixed(need_key="N1", resource_key="R2", window=TUESDAY)
    made = override(plan, choice, uid="O1", by="W1", at=NOW, reason="家属要求")
    await record_override(db, "dongqu", made)
    assert await overrides(db, "dongqu") == (made,)
    assert await overrides(db, "dongqu", WEEK, need_key="N1") == (made,)
    assert await overrides(db, "dongqu", Week.parse("2026-W49")) == ()
    assert await overrides(db, "xiqu") == ()
    assert (made.cost, made.instead_of, made.window) == (50, ("R1",), TUESDAY)
    with pytest.raises(OverrideWithoutReason):
        override(plan, choice, uid="O2", by="W1", at=NOW, reason="")


async def test_the_database_too_refuses_a_choice_without_a_reason(db: DurableEngine) -> None:
    made = Override(
        uid="O1", week=str(WEEK), need_key="N1", resource_key="R1", window=TUESDAY, quantity=1, by="W1", at=NOW,
        reason="", value=1, cost=0,
    )  # fmt: skip
    with pytest.raises(Exception, match=r"(?i)check|constraint"):
        await record_override(db, "dongqu", made)
    assert await counted(db, "mp_override") == 0


# ---------------------------------------------------------------------- how often people were asked


async def test_asks_of_thirty_days_are_counted_and_older_ones_forgotten(db: DurableEngine) -> None:
    for days in (1, 6, 29, 31):
        await record_asks(
            db, "dongqu", ["M1", "M2"][: 1 + days % 2], need_key="N1", at=NOW - timedelta(days=days)
        )
    known = await asked_lately(db, "dongqu", now=NOW)
    assert {owner: len(times) for owner, times in known.items()} == {"M1": 3, "M2": 2}
    assert Asks(at=known).count("M1", now=NOW) == (2, 3)
    assert await asked_lately(db, "xiqu", now=NOW) == {}
    assert await forget_asks(db, "dongqu", now=NOW) == 2
    assert await counted(db, "mp_ask") == 5


# ---------------------------------------------------------------------- claims and plans that come too late


async def test_a_claim_with_an_expired_certificate_is_refused_and_leaves_no_trace(db: DurableEngine) -> None:
    await save_needs(db, "dongqu", [need(requires=frozenset({"护理证"}))], at=NOW)
    given: dict[str, Any] = {
        "uid": "C1",
        "claimant": "M1",
        "window": TUESDAY,
        "at": NOW,
        "expires_at": NOW + timedelta(days=2),
    }
    with pytest.raises(CertificateExpired):
        await claim_line(db, "dongqu", Side.NEED, "N1", certificates={"护理证": date(2026, 11, 23)}, **given)
    assert await claims(db, "dongqu") == ()
    made = await claim_line(
        db, "dongqu", Side.NEED, "N1", certificates={"护理证": date(2026, 11, 24)}, **given
    )
    assert made.stage is Stage.OPEN


async def test_a_claim_on_a_closed_line_is_refused_and_so_is_the_yes_to_an_earlier_one(
    db: DurableEngine,
) -> None:
    await save_needs(db, "dongqu", [need()], at=NOW)
    given: dict[str, Any] = {"claimant": "M1", "at": NOW, "expires_at": NOW + timedelta(days=2)}
    await claim_line(db, "dongqu", Side.NEED, "N1", uid="C1", window=TUESDAY, **given)
    await close_line(db, "dongqu", "need", "N1", at=NOW)
    with pytest.raises(LineClosed):
        await claim_line(db, "dongqu", Side.NEED, "N1", uid="C2", **{**given, "claimant": "M2"})
    with pytest.raises(LineClosed):
        await answer_claim(db, "dongqu", "C1", lambda one, line: accept(one, line, by="office", at=NOW))
    assert [(one.uid, one.stage) for one in await claims(db, "dongqu")] == [("C1", Stage.OPEN)]


async def close_the_need(db: DurableEngine) -> None:
    await close_line(db, "dongqu", "need", "N1", at=NOW)


async def close_the_resource(db: DurableEngine) -> None:
    await close_line(db, "dongqu", "resource", "R1", at=NOW)


async def change_the_need(db: DurableEngine) -> None:
    await edit_need(db, "dongqu", need(times_unmet=3), at=NOW)


async def change_the_resource(db: DurableEngine) -> None:
    await edit_resource(db, "dongqu", helper(light_work_only=True), at=NOW)


async def promise_the_helper(db: DurableEngine) -> None:
    await claim_line(
        db, "dongqu", Side.RESOURCE, "R1", uid="C1", claimant="M9", window=TUESDAY, at=NOW,
        expires_at=NOW + timedelta(days=2),
    )  # fmt: skip
    await answer_claim(db, "dongqu", "C1", lambda one, line: accept(one, line, by=line.owner, at=NOW))


@pytest.mark.parametrize(
    "change",
    [close_the_need, close_the_resource, change_the_need, change_the_resource, promise_the_helper],
)
async def test_a_plan_made_while_its_lines_changed_is_not_saved(db: DurableEngine, change: Any) -> None:
    plan = await planned(db)
    assert [match.resource.line_key for match in plan.matches] == ["R1"]
    earlier = await save_plan(db, "dongqu", plan, uid="P1", at=NOW)
    await change(db)
    with pytest.raises(ListsChanged):
        await save_plan(db, "dongqu", plan, uid="P2", at=NOW)
    assert await proposals(db, "dongqu", WEEK, stages=("proposed",)) == earlier
    assert (await latest_plan(db, "dongqu", WEEK))["uid"] == "P1"  # type: ignore[index]
    afresh = plan_week(
        await needs(db, "dongqu"),
        await resources(db, "dongqu"),
        week=WEEK,
        context=PlanContext(now=NOW),
        fixed=await promised(db, "dongqu", WEEK),
    )
    await save_plan(db, "dongqu", afresh, uid="P3", at=NOW)
    assert await counted(db, "mp_plan") == 2


async def test_a_plan_is_saved_when_what_changed_is_no_part_of_it(db: DurableEngine) -> None:
    plan = await planned(db)
    await save_needs(db, "dongqu", [need("N2", when=When(phrase="以后"))], at=NOW)
    await close_line(db, "dongqu", "resource", "R2", at=NOW)
    assert len(await save_plan(db, "dongqu", plan, uid="P1", at=NOW)) == 1


@pytest.mark.parametrize("change", [close_the_need, close_the_resource])
async def test_a_proposal_for_a_line_that_was_closed_cannot_be_accepted_but_declined(
    db: DurableEngine, change: Any
) -> None:
    (one,) = await save_plan(db, "dongqu", await planned(db), uid="P1", at=NOW)
    await change(db)
    with pytest.raises(LineClosed):
        await answer_proposal(db, "dongqu", one.uid, stage="accepted", by="W1", at=NOW)
    assert [each.stage for each in await proposals(db, "dongqu")] == ["proposed"]
    declined = await answer_proposal(db, "dongqu", one.uid, stage="declined", by="W1", at=NOW)
    assert declined.stage == "declined"


async def test_the_planner_learns_codes_of_whom_needs_are_for_and_no_words(db: DurableEngine) -> None:
    lines = [
        need("N1", served="独居老人王某"),
        need("N2", served="居民"),
        need("N3"),
        need("N4", served="小学生"),
    ]
    await save_needs(db, "dongqu", lines, at=NOW)
    await close_line(db, "dongqu", "need", "N4", at=NOW)
    assert await client_groups(db, "dongqu") == {"N1": ("living_alone",)}
    assert await client_groups(db, "xiqu") == {}
