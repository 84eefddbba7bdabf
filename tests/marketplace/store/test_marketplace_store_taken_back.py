"""A file taken back: its lines go as if they had never come in, unless something rests on them; its rows stay to be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.store.engine import DurableEngine
from ledger.store.migrate import migrate
from marketplace.claims import Side
from marketplace.errors import UnknownLine
from marketplace.lists import ImportReport, ListKind, RowReport, Verdict
from marketplace.store import (
    APP_NAME,
    MIGRATIONS,
    activities,
    answer_claim,
    answer_proposal,
    bind_tables,
    claim_line,
    close_line,
    imported_rows,
    known_file,
    latest_plan,
    needs,
    projects,
    save_activities,
    save_import,
    save_needs,
    save_projects,
    save_resources,
)
from marketplace.store.imports import forget_file, judge_again, remove_line
from marketplace.store.sql import moment
from marketplace.values import Activity, Project, Week
from tests.marketplace.store.test_marketplace_store import NOW, blood_pressure, clinic


@pytest.fixture
async def db(engine: DurableEngine) -> Any:
    bind_tables(engine)
    await migrate(engine, APP_NAME, MIGRATIONS)
    return engine


def report(verdict: Verdict = Verdict.QUESTIONED) -> ImportReport:
    row = RowReport(
        sheet="清单", row_number=2, verdict=verdict, value=blood_pressure(), cells={"需求内容": "量血压"}
    )
    return ImportReport(kind=ListKind.NEEDS, sheet="清单", rows=(row,))


async def test_a_file_set_free_may_come_in_again_and_its_rows_stay_under_another_name(
    db: DurableEngine,
) -> None:
    assert await save_import(db, "dongqu", [report()], fingerprint="f1", filename="a.xlsx", at=NOW)
    assert not await save_import(db, "dongqu", [report()], fingerprint="f1", filename="a.xlsx", at=NOW)
    await forget_file(db, "dongqu", fingerprint="f1", kept_as="f1 undone")
    assert await known_file(db, "dongqu", "f1") is None
    assert [row.row_number for row in await imported_rows(db, "dongqu", fingerprint="f1 undone")] == [2]
    assert await save_import(db, "dongqu", [report()], fingerprint="f1", filename="a.xlsx", at=NOW)


async def test_another_verdict_takes_the_place_of_the_first(db: DurableEngine) -> None:
    await save_import(db, "dongqu", [report()], fingerprint="f1", filename="a.xlsx", at=NOW)
    await judge_again(db, "dongqu", report(Verdict.ACCEPTED), fingerprint="f1")
    assert [row.verdict for row in await imported_rows(db, "dongqu", fingerprint="f1")] == ["accepted"]


async def test_lines_on_which_nothing_rests_go_and_others_stay(db: DurableEngine) -> None:
    await save_needs(
        db, "dongqu", [blood_pressure(), blood_pressure(line_key="N2"), blood_pressure(line_key="N3")], at=NOW
    )
    await save_resources(db, "dongqu", [clinic()], at=NOW)
    await save_activities(db, "dongqu", [Activity(line_key="A1", title="读报")], at=NOW)
    await save_projects(db, "dongqu", [Project(line_key="P1", title="楼道照明")], at=NOW)
    await claim_line(
        db,
        "dongqu",
        Side.NEED,
        "N2",
        uid="C1",
        claimant="医院",
        certificates={"nurse": None},
        at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    await close_line(db, "dongqu", "need", "N3", at=NOW)
    removed = {
        key: await remove_line(db, "dongqu", kind, key)
        for kind, key in (
            ("needs", "N1"),
            ("needs", "N2"),  # claimed
            ("needs", "N3"),  # closed meanwhile
            ("needs", "N9"),  # never there
            ("activities", "A1"),
            ("projects", "P1"),
        )
    }
    assert removed == {"N1": True, "N2": False, "N3": False, "N9": False, "A1": True, "P1": True}
    assert [one.line_key for one in await needs(db, "dongqu")] == ["N2"]
    assert (await activities(db, "dongqu"), await projects(db, "dongqu")) == ((), ())


async def test_saving_an_empty_list_changes_nothing(db: DurableEngine) -> None:
    found = await save_needs(db, "dongqu", [], at=NOW)
    assert (found.added, found.changes, found.same) == ((), 0, ())


async def test_what_is_not_there_is_said_to_be_unknown(db: DurableEngine) -> None:
    with pytest.raises(UnknownLine):
        await answer_claim(db, "dongqu", "nobody", lambda claim, line: claim)
    with pytest.raises(UnknownLine):
        await answer_proposal(db, "dongqu", "nobody", stage="accepted", by="M1", at=NOW)
    assert await latest_plan(db, "dongqu", Week.parse("2026-W48")) is None


async def test_a_moment_without_a_zone_is_never_stored(db: DurableEngine) -> None:
    with pytest.raises(ValueError, match="aware"):
        moment(datetime(2026, 11, 24, 9))
    assert moment(datetime(2026, 11, 24, 9, tzinfo=UTC)) == "2026-11-24T09:00:00.000000Z"
    with pytest.raises(ValueError, match="aware"):
        await save_needs(db, "dongqu", [replace(blood_pressure(), line_key="N4")], at=datetime(2026, 11, 24))
    assert await needs(db, "dongqu") == ()
