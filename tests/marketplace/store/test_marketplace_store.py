"""Lists, plans, claims, agreements and imports in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.store.migrate import migrate
from marketplace.agreements import Agreement, PledgedItem, fulfilment, kept
from marketplace.claims import Side, Stage, accept, complete, decline, release, withdraw
from marketplace.errors import ClaimRefused, OverRemaining, UnknownLine, WrongStage
from marketplace.lists.report import ImportReport, ListKind, RowReport, Verdict
from marketplace.planning import PlanContext, plan_week
from marketplace.store import (
    APP_NAME,
    MIGRATIONS,
    activities,
    agreement,
    agreements,
    answer_claim,
    answer_proposal,
    bind_tables,
    claim_line,
    claims,
    close_line,
    edit_need,
    edit_resource,
    expire_claims,
    imported_rows,
    known_file,
    latest_plan,
    listed_needs,
    need,
    need_private,
    needs,
    projects,
    promised,
    proposals,
    reopen_line,
    resource,
    resource_private,
    resources,
    save_activities,
    save_agreement,
    save_import,
    save_needs,
    save_plan,
    save_projects,
    save_resources,
)
from marketplace.store.codec import dumps, loads
from marketplace.store.imports import fingerprint_of
from marketplace.store.tables import TABLES
from marketplace.values import (
    SHANGHAI,
    Activity,
    Demand,
    Need,
    Per,
    Place,
    Project,
    Quantity,
    Question,
    Refusal,
    Resource,
    Unit,
    Urgency,
    Week,
    When,
    Window,
)

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
WEEK = Week.parse("2026-W48")
TUESDAY = Window(
    datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI),
    datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI),
)


def blood_pressure(**more) -> Need:
    return replace(
        Need(
            line_key="N1",
            title="老年人量血压",
            source="community",
            owner="office",
            categories=("health.check",),
            category_phrase="健康服务",
            served="65岁以上老人",
            place=Place(text="党群服务中心二楼 CANARY", grid="二网格", building="8号楼 CANARY"),
            when=When(
                phrase="11月24日上午9点到11点",
                windows=(TUESDAY,),
                question=Question(code="ask", zh="对吗?", en="right?"),
            ),
            quantity=Quantity(phrase="60人", amount=60, unit=Unit.PERSON),
            urgency=Urgency.URGENT,
            filed_on=date(2026, 11, 5),
            contact="CANARY 19900000001",
            private_note="CANARY 糖尿病",
            requires=frozenset({"nurse"}),
            last_helpers=("H1",),
        ),
        **more,
    )


def clinic(**more) -> Resource:
    return replace(
        Resource(
            line_key="R1",
            title="家庭医生坐诊",
            owner="区第二人民医院",
            categories=("health.check",),
            when=When(windows=(TUESDAY,)),
            quantity=Quantity(amount=6, unit=Unit.PERSON, per=Per.OCCASION),
            contact="CANARY 公卫科",
            certificates=frozenset({"nurse"}),
        ),
        **more,
    )


@pytest.fixture
async def db(engine):
    bind_tables(engine)
    await migrate(engine, APP_NAME, MIGRATIONS)
    return engine


async def test_a_need_comes_back_exactly_as_it_was_saved(db):
    await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    assert await need_private(db, "dongqu", "N1") == blood_pressure()


async def test_saving_the_same_list_twice_changes_nothing(db):
    first = await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    again = await save_needs(db, "dongqu", [blood_pressure()], at=NOW + timedelta(days=1))
    assert (first.added, first.changes) == (("N1",), 1)
    assert (again.same, again.changes) == (("N1",), 0)
    resources_again = [await save_resources(db, "dongqu", [clinic()], at=NOW) for _ in range(2)]
    assert [report.changes for report in resources_again] == [1, 0]


async def test_what_the_office_answered_survives_the_same_file(db):
    await save_needs(db, "dongqu", [blood_pressure(owner="")], at=NOW)
    stored = await need_private(db, "dongqu", "N1")
    await edit_need(db, "dongqu", replace(stored, when=stored.when.confirmed(), owner="M00007"), at=NOW)
    report = await save_needs(db, "dongqu", [blood_pressure(owner="")], at=NOW)
    assert report.changes == 0
    after = await need(db, "dongqu", "N1")
    assert (after.when.question, after.owner) == (None, "M00007")


async def test_a_changed_line_is_changed_and_keeps_its_owner(db):
    await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    report = await save_needs(
        db, "dongqu", [blood_pressure(owner="", title="量血压和血糖", last_helpers=())], at=NOW
    )
    assert report.changed == ("N1",)
    after = await need(db, "dongqu", "N1")
    assert (after.title, after.owner, after.last_helpers) == ("量血压和血糖", "office", ("H1",))


async def test_public_reads_hold_nothing_private(db):
    await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    seen = [
        *await needs(db, "dongqu"),
        await need(db, "dongqu", "N1"),
        *await listed_needs(db, "dongqu"),
        *await resources(db, "dongqu"),
    ]
    assert "CANARY" not in repr(seen)
    assert "65岁以上老人" not in repr(seen)
    rows = await db.fetch("SELECT line FROM mp_need")
    assert "CANARY" not in rows[0]["line"]


async def test_another_community_sees_none_of_it(db):
    await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    assert await needs(db, "xiqu") == ()
    assert await need_private(db, "xiqu", "N1") is None
    with pytest.raises(UnknownLine):
        await edit_need(db, "xiqu", blood_pressure(), at=NOW)


async def test_a_closed_line_leaves_the_list_and_can_return(db):
    await save_needs(db, "dongqu", [blood_pressure()], at=NOW)
    assert await close_line(db, "dongqu", "need", "N1", at=NOW)
    assert not await close_line(db, "dongqu", "need", "N1", at=NOW)
    assert await needs(db, "dongqu") == ()
    assert len(await needs(db, "dongqu", open_only=False)) == 1
    assert await reopen_line(db, "dongqu", "need", "N1", at=NOW)
    assert len(await needs(db, "dongqu")) == 1


# ---------------------------------------------------------------------- plans


async def _planned(db, uid="P1", **more):
    lines = [blood_pressure(when=When(windows=(TUESDAY,)))]
    await save_needs(db, "dongqu", lines, at=NOW)
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    plan = plan_week(
        await needs(db, "dongqu"),
        await resources(db, "dongqu"),
        week=WEEK,
        context=PlanContext(now=NOW),
        fixed=await promised(db, "dongqu", WEEK),
    )
    return plan, await save_plan(db, "dongqu", plan, uid=uid, at=NOW, **more)


async def test_a_saved_plan_keeps_its_certificate_and_its_proposals(db):
    plan, saved = await _planned(db)
    assert [(one.uid, one.need_key, one.resource_key, one.quantity) for one in saved] == [
        ("P1-1", "N1", "R1", 6)
    ]
    document = await latest_plan(db, "dongqu", WEEK)
    assert document["certificate"]["primal"] == plan.certificate.primal
    assert saved[0].document["reasons"][-1]["zh"] == "时间正合适：周二 9:00–11:00"
    assert saved[0].window == TUESDAY
    assert "CANARY" not in json.dumps(document, ensure_ascii=False)


async def test_a_new_plan_replaces_what_nobody_answered_and_keeps_what_was_accepted(db):
    _, (first,) = await _planned(db)
    await answer_proposal(db, "dongqu", first.uid, stage="accepted", by="W1", at=NOW)
    assert [one.quantity for one in await promised(db, "dongqu", WEEK)] == [6]
    plan, saved = await _planned(db, uid="P2")
    assert saved == ()
    assert [match.source for match in plan.matches] == ["fixed"]


async def test_a_proposal_is_answered_once(db):
    _, (first,) = await _planned(db)
    outcomes = await asyncio.gather(
        *(
            answer_proposal(db, "dongqu", first.uid, stage=stage, by="W1", at=NOW)
            for stage in ("accepted", "declined", "accepted", "declined")
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, WrongStage) for one in outcomes) == 3
    assert len(await proposals(db, "dongqu", WEEK, stages=("proposed",))) == 0


# ---------------------------------------------------------------------- claims


async def _claim(db, uid, claimant, **more):
    given = {"at": NOW, "expires_at": NOW + timedelta(days=3), **more}
    return await claim_line(db, "dongqu", Side.RESOURCE, "R1", uid=uid, claimant=claimant, **given)


async def test_of_many_claims_at_once_only_as_many_as_there_are_places_win(db):
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    outcomes = await asyncio.gather(
        *(_claim(db, f"C{i}", f"M{i}") for i in range(12)), return_exceptions=True
    )
    won = [one for one in outcomes if not isinstance(one, Exception)]
    assert len(won) == 6
    assert all(isinstance(one, OverRemaining) for one in outcomes if isinstance(one, Exception))
    assert len(await claims(db, "dongqu", side=Side.RESOURCE, line_key="R1", stages=(Stage.OPEN,))) == 6


async def test_a_claim_is_accepted_by_the_owner_and_done(db):
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    made = await _claim(db, "C1", "M1", window=TUESDAY)
    after = await answer_claim(
        db, "dongqu", made.uid, lambda claim, line: accept(claim, line, by="区第二人民医院", at=NOW)
    )
    assert after.stage is Stage.ACCEPTED
    assert [one.resource_key for one in await promised(db, "dongqu", WEEK)] == ["R1"]
    after = await answer_claim(db, "dongqu", made.uid, lambda claim, line: complete(claim, by="M1", at=NOW))
    assert (await claims(db, "dongqu", claimant="M1"))[0] == after


async def test_two_answers_at_once_leave_one(db):
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    made = await _claim(db, "C1", "M1")
    steps = [
        lambda claim, line: accept(claim, line, by="区第二人民医院", at=NOW),
        lambda claim, line: decline(claim, line, by="区第二人民医院", at=NOW),
        lambda claim, line: withdraw(claim, by="M1", at=NOW),
    ]
    outcomes = await asyncio.gather(
        *(answer_claim(db, "dongqu", made.uid, step) for step in steps), return_exceptions=True
    )
    assert sum(isinstance(one, WrongStage) for one in outcomes) == 2


async def test_a_released_and_an_expired_claim_free_their_places(db):
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    first = await _claim(db, "C1", "M1", quantity=6)
    with pytest.raises(ClaimRefused):
        await _claim(db, "C2", "M2")
    await answer_claim(
        db, "dongqu", first.uid, lambda claim, line: accept(claim, line, by=line.owner, at=NOW)
    )
    await answer_claim(
        db, "dongqu", first.uid, lambda claim, line: release(claim, by="M1", at=NOW, reason="下雨")
    )
    await _claim(db, "C3", "M3", quantity=6)
    later = NOW + timedelta(days=4)
    await _claim(db, "C4", "M4", quantity=6, at=later, expires_at=later + timedelta(days=3))
    stages = {one.uid: one.stage for one in await claims(db, "dongqu")}
    assert stages == {"C1": Stage.RELEASED, "C3": Stage.EXPIRED, "C4": Stage.OPEN}
    assert await expire_claims(db, "dongqu", at=later + timedelta(days=9)) == 1


async def test_a_claim_on_a_line_that_is_not_there_is_refused(db):
    with pytest.raises(UnknownLine):
        await _claim(db, "C1", "M1")


# ---------------------------------------------------------------------- agreements, imports, schema


async def test_agreements_come_back_as_saved(db):
    items = (PledgedItem(key="a", unit="实验小学", title="音乐教室", amount=8, due_on=date(2026, 12, 31)),)
    signed = Agreement(
        uid="A1",
        title="共驻共建协议书",
        units=("实验小学",),
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
        items=items,
        signed_on=date(2026, 1, 5),
    )
    await save_agreement(db, "dongqu", signed, at=NOW)
    await save_agreement(db, "dongqu", kept(signed, key="a", amount=8), at=NOW)
    (back,) = await agreements(db, "dongqu")
    assert fulfilment(back, on=date(2026, 12, 31)).percent == 100


async def test_an_imported_file_is_remembered_with_every_row(db):
    reason = Refusal(code="phone", field="手机", zh="号码少一位", en="one digit is missing")
    rows = (
        RowReport(
            sheet="表1", row_number=4, verdict=Verdict.ACCEPTED, value=blood_pressure(), cells={"手机": "1"}
        ),
        RowReport(
            sheet="表1", row_number=5, verdict=Verdict.REFUSED, reasons=(reason,), cells={"手机": "=1+1"}
        ),
    )
    report = ImportReport(kind=ListKind.NEEDS, sheet="表1", rows=rows)
    fingerprint = fingerprint_of(b"bytes")
    given = {"fingerprint": fingerprint, "filename": "清单.xlsx", "at": NOW}
    assert await save_import(db, "dongqu", [report], **given)
    assert not await save_import(db, "dongqu", [report], **given)
    assert await known_file(db, "dongqu", fingerprint) == "清单.xlsx"
    (refused,) = await imported_rows(db, "dongqu", verdict="refused")
    assert (refused.reasons[0].zh, refused.cells) == ("号码少一位", {"手机": "=1+1"})


async def test_the_tables_definitions_name_the_migrated_columns(db):
    for table in TABLES:
        assert await table.select().limit(1) == []
        assert await table.count() == 0


async def test_resources_can_be_changed_and_show_their_contact_only_when_asked(db):
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    report = await save_resources(db, "dongqu", [clinic(title="家庭医生坐诊和咨询")], at=NOW)
    assert report.changed == ("R1",)
    await edit_resource(db, "dongqu", clinic(conditions="需提前3天预约"), at=NOW)
    seen = await resource(db, "dongqu", "R1")
    assert (seen.conditions, seen.contact) == ("需提前3天预约", "")
    assert (await resource_private(db, "dongqu", "R1")).contact == "CANARY 公卫科"
    assert await resources(db, "dongqu", owner="区第二人民医院") == (seen,)
    assert await resources(db, "dongqu", owner="别的单位") == ()
    with pytest.raises(UnknownLine):
        await edit_resource(db, "xiqu", clinic(), at=NOW)


async def test_activities_and_projects_are_kept_by_key(db):
    event = Activity(
        line_key="A1", title="健康义诊", lead="医院", helpers=Quantity(amount=3, unit=Unit.HELPER)
    )
    plan = Project(line_key="P1", title="无围墙敬老院", partners=("医院", "惠民餐饮"), progress_percent=60)
    assert (await save_activities(db, "dongqu", [event], at=NOW)).added == ("A1",)
    assert (await save_projects(db, "dongqu", [plan], at=NOW)).added == ("P1",)
    assert await activities(db, "dongqu") == (event,)
    assert await projects(db, "dongqu") == (plan,)
    assert (await save_activities(db, "dongqu", [event], at=NOW)).changes == 0
    changed = await save_projects(db, "dongqu", [replace(plan, progress_percent=70)], at=NOW)
    assert changed.changed == ("P1",)


async def test_two_imports_of_one_list_at_once_keep_each_line_once(db):
    lines = [blood_pressure(line_key=f"N{i}") for i in range(5)]
    await asyncio.gather(*(save_needs(db, "dongqu", lines, at=NOW) for _ in range(4)))
    assert len(await needs(db, "dongqu")) == 5


async def test_one_agreement_is_found_by_its_uid(db):
    signed = Agreement(
        uid="A1", title="协议", units=(), first_on=date(2026, 1, 1), last_on=date(2026, 12, 31)
    )
    await save_agreement(db, "dongqu", signed, at=NOW)
    assert await agreement(db, "dongqu", "A1") == signed
    assert await agreement(db, "xiqu", "A1") is None


def test_the_piccolo_app_names_its_tables_and_migrations():
    from pathlib import Path

    from marketplace.store.piccolo_app import APP_CONFIG

    assert APP_CONFIG.app_name == APP_NAME
    assert APP_CONFIG.table_classes == TABLES
    assert any(Path(APP_CONFIG.migrations_folder_path).glob("timebank_marketplace_*.py"))


def test_a_time_of_an_older_release_is_read_with_how_often_it_says() -> None:
    older = '{"looseness":"times_per_period","phrase":"每半月一次","times":1,"period_days":15}'
    assert loads(When, older).demand == Demand(times=1, per=Per.HALF_MONTH)
    odd = loads(When, '{"times":2,"period_days":10}')
    assert odd.demand == Demand(times=2, per=Per.DAY, every=10)
    assert loads(When, dumps(odd)) == odd
