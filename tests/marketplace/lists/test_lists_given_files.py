"""The office's own files, row by row: totals, categories that meet, people joined, doubts named."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from marketplace.categories import default_tree
from marketplace.lists import ImportReport, ListKind, RowReport, Verdict, read_file
from marketplace.text import narrowed
from marketplace.values import (
    Activity,
    AttendanceEntry,
    Looseness,
    Need,
    Per,
    Project,
    Resource,
    Unit,
    Urgency,
    VolunteerEntry,
    Week,
)

FILES = Path(__file__).parents[3] / "examples" / "data" / "lists"
FILED_ON = date(2026, 11, 18)
WORKBOOK, BANK, PEOPLE, ROLL = (
    "东区社区四张清单.xlsx",
    "区人民银行营业部-资源.csv",
    "报到志愿者.csv",
    "2026-11-17-红马甲签到表.csv",
)


@cache
def reports(name: str, known_people: frozenset[str] | None = None) -> dict[ListKind, ImportReport]:
    found = read_file(FILES / name, filed_on=FILED_ON).reports(known_people=known_people)
    return {report.kind: report for report in found}


@pytest.fixture(scope="module")
def four_lists() -> dict[ListKind, ImportReport]:
    return reports(WORKBOOK)


def row(report: ImportReport, name: str) -> RowReport:
    """The first row whose value carries this name or title."""
    return next(
        one
        for one in report.rows
        if name in (getattr(one.value, "name", ""), getattr(one.value, "title", ""))
    )


def codes(one: RowReport) -> list[str]:
    return [reason.code for reason in one.reasons]


def need(found: dict[ListKind, ImportReport], number: int) -> Need:
    value = found[ListKind.NEEDS].rows[number - 1].value
    assert isinstance(value, Need)
    return value


def resource(found: dict[ListKind, ImportReport], number: int) -> Resource:
    value = found[ListKind.RESOURCES].rows[number - 1].value
    assert isinstance(value, Resource)
    return value


def test_every_row_of_every_file_is_accounted_for(four_lists: dict[ListKind, ImportReport]) -> None:
    totals = {kind: len(report.rows) for kind, report in four_lists.items()}
    assert totals == {
        ListKind.NEEDS: 24,
        ListKind.RESOURCES: 19,
        ListKind.ACTIVITIES: 6,
        ListKind.PROJECTS: 3,
    }
    assert len(reports(BANK)[ListKind.RESOURCES].rows) == 3
    assert len(reports(PEOPLE)[ListKind.VOLUNTEERS].rows) == 9
    assert len(reports(ROLL)[ListKind.ATTENDANCE].rows) == 8


def test_rows_carry_the_numbers_a_spreadsheet_shows(four_lists: dict[ListKind, ImportReport]) -> None:
    assert [one.row_number for one in four_lists[ListKind.NEEDS].rows] == list(range(4, 28))
    assert four_lists[ListKind.NEEDS].rows[0].cells["需求内容"].startswith("行动不便")


def test_the_four_lists_are_accepted_with_their_assumptions_noted(
    four_lists: dict[ListKind, ImportReport],
) -> None:
    for report in four_lists.values():
        assert {one.verdict for one in report.rows} == {Verdict.ACCEPTED}
        assert not report.unmapped
    notes = {
        one.row_number: [note.code for note in one.notes]
        for one in four_lists[ListKind.NEEDS].rows
        if one.notes
    }
    assert notes == {
        6: ["half_day"],
        8: ["language_wish", "end_unstated", "about_hour"],
        11: ["end_unstated"],
        17: ["time_missing"],
        19: ["week_of_month"],
        23: ["time_missing"],
        24: ["end_unstated"],
        26: ["about_day"],
    }


@pytest.mark.parametrize(
    ("needs", "resources"),
    [
        ((6,), (1,)),  # blood pressure: the hospital's doctors
        ((10,), (4,)),  # the choir: the music room
        ((7,), (3,)),  # legal questions: the law firm
        ((2,), (9,)),  # a haircut: the barber
        ((4,), (6,)),  # the broken lamp: the power company
        ((5, 17, 19, 24, 15), (12,)),  # company, visits, forms, calls, mediation: the retired team
        ((13, 1, 23), (13,)),  # stairwells, shopping, medicine: the red vests
        ((14,), (16,)),  # glasses: the optician
        ((20,), (17,)),  # the wheelchair's brake: the repair shop
        ((16,), (10,)),  # a talk against fraud: the police
        ((11, 22), (11,)),  # phone lessons, maths: the students
        ((8,), (8,)),  # lunch: the canteen
        ((21,), (14,)),  # sound for the show: the property firm
        ((12,), (19,)),  # windows: the cleaning team
        ((9,), (5,)),  # after school: the primary school
        ((3,), (7,)),  # the way to hospital: the coach company
    ],
)
def test_needs_find_the_resources_a_clerk_would_name(
    four_lists: dict[ListKind, ImportReport], needs: tuple[int, ...], resources: tuple[int, ...]
) -> None:
    for number in needs:
        for offer in resources:
            assert set(need(four_lists, number).categories[:1]) & set(resource(four_lists, offer).categories)


def test_the_bank_offers_talks_help_with_passbooks_and_a_room() -> None:
    rows = reports(BANK)[ListKind.RESOURCES].rows
    offers = [one.value for one in rows if isinstance(one.value, Resource)]
    assert [offer.categories for offer in offers] == [("safety_talk",), ("paperwork",), ("meeting_room",)]
    assert [offer.kind for offer in offers] == ["people", "people", "place"]
    assert [(offer.quantity.amount, offer.quantity.unit, offer.quantity.helpers) for offer in offers] == [
        (1, Unit.SESSION, 2),
        (3, Unit.HELPER, 3),
        (30, Unit.SEAT, 0),
    ]
    assert offers[0].when.notice_days == 7
    assert offers[0].conditions == "提前一周联系"


def test_needs_keep_what_the_office_wrote_beside_what_was_read(
    four_lists: dict[ListKind, ImportReport],
) -> None:
    escort = need(four_lists, 3)
    assert escort.filed_on == date(2026, 11, 10)
    assert (escort.place.grid, escort.place.building) == ("二网格", "8号楼")
    assert escort.urgency is Urgency.URGENT
    assert (escort.source, escort.channel) == ("resident", "phone")
    assert (escort.contact, escort.private_note) == ("女儿(外地)", "轮椅")
    assert need(four_lists, 4).filed_on == date(2026, 11, 12)
    assert need(four_lists, 4).when.looseness is Looseness.SOON
    assert need(four_lists, 19).filed_on == date(2026, 11, 16)
    assert need(four_lists, 19).when.last_on == date(2026, 11, 22)


def test_quantities_fit_what_the_row_is_about(four_lists: dict[ListKind, ImportReport]) -> None:
    choir, greeting, meals = need(four_lists, 10), need(four_lists, 24), need(four_lists, 8)
    assert (choir.quantity.amount, choir.quantity.unit, choir.splittable) == (30, Unit.SEAT, False)
    assert (greeting.quantity.amount, greeting.quantity.unit, greeting.quantity.minutes_each) == (
        3,
        Unit.PERSON,
        10,
    )
    assert (meals.quantity.unit, meals.quantity.per) == (Unit.MEAL, Per.MONTH)
    offered = {number: resource(four_lists, number).quantity for number in range(1, 20)}
    assert (offered[1].amount, offered[1].unit, offered[1].per) == (6, Unit.PERSON, Per.OCCASION)
    assert (offered[4].unit, offered[15].unit) == (Unit.SEAT, Unit.SEAT)
    assert (offered[5].amount, offered[5].unit) == (15, Unit.PERSON)
    assert (offered[6].unit, offered[12].helpers, offered[13].amount) == (Unit.HELPER, 12, 21)
    assert (offered[7].amount, offered[7].unit, offered[7].per) == (2, Unit.TRIP, Per.DAY)
    assert (offered[8].unit, offered[8].per) == (Unit.MEAL, Per.DAY)
    assert (offered[9].amount, offered[9].unit) == (12, Unit.PERSON)
    assert offered[14].items == (("音响", 1), ("桌椅", 40))
    assert offered[18].money == "每人500元"
    assert (offered[19].helpers, offered[19].minutes_each) == (4, 180)


def test_conditions_give_warning_times_and_limits(four_lists: dict[ListKind, ImportReport]) -> None:
    assert resource(four_lists, 1).when.notice_days == 3
    assert resource(four_lists, 7).when.notice_days == 1
    assert resource(four_lists, 14).when.notice_days == 2
    assert resource(four_lists, 12).light_work_only
    assert [number for number in range(1, 20) if not resource(four_lists, number).free] == [7, 8, 17]
    assert resource(four_lists, 13).owner_kind == "team"
    assert resource(four_lists, 1).owner_kind == "unit"


def test_days_off_and_hours_among_the_conditions_are_not_lost(
    four_lists: dict[ListKind, ImportReport],
) -> None:
    students = next(offer for offer in offers(four_lists) if "停止" in offer.conditions)
    assert students.when.except_months == (1,)
    assert students.when.windows_in(Week(2027, 2)) == ()
    school = next(one for one in four_lists[ListKind.RESOURCES].rows if "21点前" in one.cells["条件"])
    assert [note.code for note in school.notes] == ["condition_time"]


TIMES = {ListKind.NEEDS: ["when"], ListKind.RESOURCES: ["when"], ListKind.ACTIVITIES: ["when"],
         ListKind.PROJECTS: ["due"], ListKind.VOLUNTEERS: ["when"], ListKind.ATTENDANCE: ["signed_in", "signed_out"]}  # fmt: skip
QUANTITIES = {ListKind.NEEDS: "quantity", ListKind.RESOURCES: "quantity", ListKind.ACTIVITIES: "helpers"}


def test_every_time_and_quantity_of_every_cell_is_parsed_or_asked_about_and_none_dropped() -> None:
    """Walks the raw tables, not the values, so that a row or a column that is lost on the way is seen."""
    walked = {"times": 0, "quantities": 0, "empty": 0}
    for path in sorted(FILES.iterdir()):
        workbook = read_file(path, filed_on=FILED_ON)
        for table, report in zip(workbook.tables, workbook.reports(), strict=True):
            assert len(table.rows) == len(report.rows)
            for source, judged in zip(table.rows, report.rows, strict=True):
                assert source.number == judged.row_number
                for name in TIMES[table.kind]:
                    _walk_time(table.mapping[name], name, source.cells, judged, walked)
                if table.kind in QUANTITIES:
                    name = QUANTITIES[table.kind]
                    _walk_quantity(table.mapping[name], name, source.cells, judged, walked)
    assert walked == {"times": 22 + 22 + 6 + 3 + 9 + 16, "quantities": 24 + 22 + 6, "empty": 2}


def _asked(judged: RowReport, column: str) -> bool:
    return any(
        reason.field == column and reason.zh and reason.en for reason in (*judged.reasons, *judged.notes)
    )


def _walk_time(
    column: str, name: str, cells: Mapping[str, str], judged: RowReport, walked: dict[str, int]
) -> None:
    written, read = cells[column], getattr(judged.value, f"{name}_at" if name.startswith("signed") else name)
    if name.startswith("signed"):
        walked["times"] += 1
        assert read is not None or _asked(judged, column)
        return
    walked["times" if written.strip() not in ("", "—") else "empty"] += 1
    if judged.verdict is Verdict.MERGED:
        # The person's earlier row now holds the times of both.
        assert written in read.phrase
    elif written.strip() in ("", "—"):
        assert _asked(judged, column)
    else:
        assert narrowed(written) in read.phrase
        parsed = (
            read.recurrences or read.windows or read.looseness is not Looseness.UNSTATED or read.notice_days
        )
        assert (parsed and read.said_zh and read.said_en) or _asked(judged, column)
        # Nothing that is asked about opens a window.
        assert read.question is None or not read.windows_in(Week(2026, 48))


def _walk_quantity(
    column: str, name: str, cells: Mapping[str, str], judged: RowReport, walked: dict[str, int]
) -> None:
    written, read = cells[column], getattr(judged.value, name)
    walked["quantities"] += 1
    assert read is not None or not written.strip() or _asked(judged, column)
    if read is not None:
        assert read.phrase == narrowed(written)
        numbers = {int(number) for number in re.findall(r"\d+", narrowed(written))}
        kept = {
            read.amount,
            read.helpers,
            read.minutes_each,
            read.minutes_each // 60,
            *(n for _, n in read.items),
        }
        told = numbers <= kept or read.money or read.minutes_each % 60 or "辆" in written
        assert told or read.question is not None or _asked(judged, column)


def offers(found: dict[ListKind, ImportReport]) -> list[Resource]:
    return [one for one in found[ListKind.RESOURCES].values if isinstance(one, Resource)]


def test_activities_and_projects_are_read(four_lists: dict[ListKind, ImportReport]) -> None:
    council = four_lists[ListKind.ACTIVITIES].rows[4].value
    assert isinstance(council, Activity)
    assert (council.lead, council.rota) == ("区第二人民医院", "12月轮值:实验小学")
    red_vest = four_lists[ListKind.ACTIVITIES].rows[0].value
    assert isinstance(red_vest, Activity)
    assert red_vest.helpers is not None
    assert red_vest.helpers.helpers == 12
    projects = [one.value for one in four_lists[ListKind.PROJECTS].rows if isinstance(one.value, Project)]
    assert [project.progress_percent for project in projects] == [60, None, None]
    assert [project.state for project in projects] == ["", "在办", "未开始"]
    assert [project.due.last_on for project in projects] == [date(2026, 12, 31), None, date(2026, 12, 20)]
    assert projects[0].partners == ("区第二人民医院", "惠民餐饮")


def test_the_choir_and_the_music_room_are_free_on_the_same_evenings(
    four_lists: dict[ListKind, ImportReport],
) -> None:
    week = Week.parse("2026-W48")
    asked, offered = need(four_lists, 10).when.windows_in(week), resource(four_lists, 4).when.windows_in(week)
    assert [one.overlap(other) for one, other in zip(asked, offered, strict=True)] == list(asked)
    assert len(asked) == 2


def test_one_person_in_two_teams_becomes_one_and_the_lost_digit_is_asked_about() -> None:
    report = reports(PEOPLE)[ListKind.VOLUNTEERS]
    people = [value for value in report.values if isinstance(value, VolunteerEntry)]
    assert len(people) == 8
    qian = row(report, "钱二")
    assert isinstance(qian.value, VolunteerEntry)
    assert qian.value.teams == ("周二红马甲服务队", "供电公司营业部")
    assert qian.value.phone == "19900000002"
    assert qian.value.skills == ("电工", "开车")
    assert qian.verdict is Verdict.QUESTIONED
    assert codes(qian) == ["phone_length", "person_likely"]
    merged = report.merged[0]
    assert (merged.row_number, merged.merged_into, codes(merged)) == (4, 3, ["person_likely"])
    assert merged.cells["手机"] == "+86 199 0000 0002"


@pytest.mark.parametrize(
    ("name", "verdict", "reasons"),
    [
        ("赵一", Verdict.ACCEPTED, []),
        ("孙三", Verdict.QUESTIONED, ["phone_length"]),  # ten digits: only the phone is refused
        ("李四", Verdict.ACCEPTED, []),
        ("周五", Verdict.ACCEPTED, []),  # no phone at all, reachable through the team
        ("吴六", Verdict.QUESTIONED, ["guardian_consent"]),  # seventeen
        ("䶮七", Verdict.ACCEPTED, []),  # a rare character
        ("'=cmd|' /C calc'!A0", Verdict.QUESTIONED, ["cell_formula"]),
    ],
)
def test_volunteers_are_judged_one_by_one(name: str, verdict: Verdict, reasons: list[str]) -> None:
    one = row(reports(PEOPLE)[ListKind.VOLUNTEERS], name)
    assert (one.verdict, codes(one)) == (verdict, reasons)


def test_a_volunteer_becomes_an_offer_without_a_name() -> None:
    value = row(reports(PEOPLE)[ListKind.VOLUNTEERS], "李四").value
    assert isinstance(value, VolunteerEntry)
    offer = value.as_resource("M00042")
    assert (offer.owner, offer.owner_kind, offer.categories) == ("M00042", "volunteer", ("haircut",))
    assert "李四" not in repr(offer)
    assert value.phone not in repr(offer)


@pytest.mark.parametrize(
    ("at", "name", "times", "verdict", "reasons"),
    [
        (0, "李四", "08:30-11:30", Verdict.ACCEPTED, []),
        (1, "钱二", "08:35-11:30", Verdict.ACCEPTED, []),
        (2, "赵一", "08:30-10:00", Verdict.ACCEPTED, []),  # 8：30,10：00
        (3, "吴六", "09:00-11:30", Verdict.QUESTIONED, ["guardian_consent"]),
        (4, "周五", "08:30-11:30", Verdict.ACCEPTED, []),  # 8.30,11点半
        (5, "王阿姨", "08:30-11:30", Verdict.QUESTIONED, ["walk_up"]),
        (6, "李四", "08:30-11:30", Verdict.MERGED, ["line_repeated"]),
        (7, "孙三", "11:30-08:30", Verdict.QUESTIONED, ["times_reversed"]),  # as written, never swapped
    ],
)
def test_the_roll_call_is_judged_line_by_line(
    at: int, name: str, times: str, verdict: Verdict, reasons: list[str]
) -> None:
    one = reports(ROLL)[ListKind.ATTENDANCE].rows[at]
    value = one.value
    assert isinstance(value, AttendanceEntry)
    assert value.signed_in_at is not None
    assert value.signed_out_at is not None
    assert (value.name, f"{value.signed_in_at:%H:%M}-{value.signed_out_at:%H:%M}") == (name, times)
    assert (one.verdict, codes(one)) == (verdict, reasons)
    assert value.held_on == date(2026, 11, 17)
    assert (value.activity, value.place) == ("周二“红马甲”在行动", "社区小广场")


def test_reversed_times_count_no_minutes_and_others_count_theirs() -> None:
    values = [
        one.value for one in reports(ROLL)[ListKind.ATTENDANCE].rows if isinstance(one.value, AttendanceEntry)
    ]
    assert [value.minutes_served for value in values] == [180, 175, 90, 150, 180, 180, 180, 0]


def test_a_walk_up_is_known_by_the_list_of_people_too() -> None:
    report = reports(ROLL, known_people=frozenset({"李四", "钱二", "赵一", "吴六", "孙三"}))[
        ListKind.ATTENDANCE
    ]
    assert [
        one.value.name for one in report.rows if isinstance(one.value, AttendanceEntry) and one.value.walk_up
    ] == ["周五", "王阿姨"]


def test_reading_the_same_file_twice_gives_the_same_keys() -> None:
    for name in (WORKBOOK, BANK, PEOPLE, ROLL):
        first, second = reports(name), reports.__wrapped__(name)
        assert first == second
        keys = [value.line_key for report in first.values() for value in report.values]
        assert len(keys) == len(set(keys))


def test_every_reason_and_note_speaks_both_languages_and_names_the_office_column() -> None:
    for name in (WORKBOOK, BANK, PEOPLE, ROLL):
        for report in reports(name).values():
            for one in report.rows:
                for reason in (*one.reasons, *one.notes):
                    assert reason.zh
                    assert reason.en
                    assert not reason.field or reason.field in one.cells


def test_every_category_of_the_lists_is_in_the_tree(four_lists: dict[ListKind, ImportReport]) -> None:
    tree = default_tree()
    for number in range(1, 25):
        assert all(code in tree.categories for code in need(four_lists, number).categories)
