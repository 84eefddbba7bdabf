"""Files as offices handed them over, brought in by the desk: what each of them must come to."""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from marketplace.lists import RowReport, TableAnswers, read_file
from marketplace.values import AttendanceEntry, VolunteerEntry, Week
from tests.timebank.conftest import Town
from timebank.help.imports import flow, tables
from timebank.help.imports.report import FileReport
from timebank.store.members.people import cards_named

FILES = Path(__file__).parent / "field_cases"
FILED = date(2026, 11, 24)


async def bring(town: Town, name: str) -> FileReport:
    path = FILES / name
    worker = await town.actor("worker")
    (report,) = await flow.import_files(
        town.ctx, worker, "dongqu", [(path.name, path.read_bytes())], filed_on=FILED
    )
    return report


async def names_on_record(town: Town) -> set[str]:
    rows = await town.ctx.engine.fetch("SELECT name FROM tb_person WHERE community = 'dongqu'")
    return {row["name"] for row in rows}


def read(name: str) -> list[RowReport]:
    return [row for report in read_file(FILES / name, filed_on=FILED).reports() for row in report.rows]


def people(name: str) -> list[VolunteerEntry]:
    return [row.value for row in read(name) if isinstance(row.value, VolunteerEntry)]


def stays(name: str) -> list[AttendanceEntry]:
    return [row.value for row in read(name) if isinstance(row.value, AttendanceEntry)]


def test_an_identity_number_is_nobodys_occupation_and_is_not_kept() -> None:
    (person,) = people("id-column-becomes-occupation-list.csv")
    assert person.occupation == ""
    assert "510100195603080025" not in repr(read("id-column-becomes-occupation-list.csv"))


def test_semicolons_in_cells_do_not_part_a_comma_file() -> None:
    assert [person.name for person in people("semicolons-in-cells-list.csv")] == ["张三", "李四"]


def test_ticks_below_a_header_of_two_rows_say_when_somebody_is_free() -> None:
    first, second = people("two-row-header-list.xlsx")
    assert (first.name, second.name) == ("张三", "李四")
    assert [one.starts_at.weekday() for one in second.when.windows_in(Week.parse("2026-W48"))] == [1]
    assert [one.number for one in first.phones] == ["19900000001", "02885550001"]


@pytest.mark.parametrize("name", ["notes-and-errors-as-people-list.csv", "hidden-and-struck-out-list.xlsx"])
async def test_notes_errors_hidden_and_struck_out_rows_are_nobody(town: Town, name: str) -> None:
    before = await names_on_record(town)
    await bring(town, name)
    assert await names_on_record(town) - before == {"张三"}


def test_what_formulas_came_to_is_read() -> None:
    (person,) = people("formula-values-list.xlsx")
    assert person.phone == "19900000002"
    (stay,) = stays("formula-values-sheet.xlsx")
    assert stay.minutes_served == 180


def test_a_ghost_row_costs_neither_time_nor_memory() -> None:
    code = f"from datetime import date\nfrom marketplace.lists import read_file\nread_file({str(FILES / 'ghost-row-list.xlsx')!r}, filed_on=date(2026, 11, 24))"

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (800 << 20, 800 << 20))

    done = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=limited, timeout=60, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-300:]


async def test_a_web_systems_table_named_xls_is_read_once_somebody_says_whose_names_it_holds(
    town: Town,
) -> None:
    report = await bring(town, "html-named-xls-list.xls")
    assert [one.code for one in report.read[0].questions] == ["kind_uncertain"]
    said = TableAnswers(kind="volunteers")
    await tables.answer_table(town.ctx, await town.actor("worker"), report.uid, 0, said, remember=True)
    assert await cards_named(town.ctx.engine, "dongqu", "张三")


async def served(town: Town) -> list[int]:
    rows = await town.ctx.engine.fetch(
        "SELECT a.minutes_served FROM tb_attendance a JOIN tb_person p ON p.member = a.member WHERE p.name = ? ORDER BY a.checked_in_at",
        ["何四"],
    )
    return [row["minutes_served"] for row in rows]


async def test_a_month_on_one_sheet_is_three_attendances(town: Town) -> None:
    await bring(town, "date-per-row-list.csv")
    report = await bring(town, "date-per-row-sheet.csv")
    assert [row.verdict.value for row in report.rows] == ["accepted"] * 3
    assert await served(town) == [180, 180, 180]


async def test_morning_and_afternoon_on_one_sheet_both_count(town: Town) -> None:
    await bring(town, "twice-a-day-list.csv")
    await bring(town, "twice-a-day-sheet.csv")
    assert await served(town) == [180, 120]


async def test_another_day_in_a_cell_is_asked_about(town: Town) -> None:
    report = await bring(town, "cell-says-another-day-sheet.csv")
    assert [[one.code for one in row.reasons] for row in report.rows] == [["days_disagree"]]
    assert not report.rows[0].target


async def test_a_sheet_of_the_future_is_not_taken(town: Town) -> None:
    report = await bring(town, "sheet-of-the-future-sheet.csv")
    assert (report.rows[0].verdict.value, report.rows[0].target) == ("questioned", "")


def test_a_night_patrol_ends_on_the_next_day() -> None:
    assert [stay.minutes_served for stay in stays("night-patrol-sheet.csv")] == [180, 180, 120, 180, 60]
