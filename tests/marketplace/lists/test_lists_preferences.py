"""Volunteers' own preferences: read from any sensible columns, asked about when unclear, carried to the offer, written back."""

from datetime import date
from typing import Any

import pytest

from marketplace.lists import ImportReport, ListKind, csv_of, read_file, xlsx_of
from marketplace.lists.columns import WISH_FIELDS
from marketplace.lists.export import table_of
from marketplace.preferences import Preferences
from marketplace.values import Resource, VolunteerEntry, Week

FILED_ON = date(2026, 11, 18)
HEADER = "姓名,手机,选择的服务,不愿意做的服务,愿意服务的对象,可服务时间,不能来的日子,每周最多,服务间隔,服务半径,提前多久,会说的语言,性别,能否做重活,证书\n"
ROW = "赵一,19900000001,理发、陪聊,搬家具,高龄老人,周二上午,12月20日至1月3日,4小时,30分钟,步行15分钟,2天,四川话,女,否,健康证\n"


def report(source: str) -> ImportReport:
    return read_file(source.encode(), "志愿者意愿.csv", filed_on=FILED_ON).reports()[0]


def people(found: ImportReport) -> list[VolunteerEntry]:
    return [value for value in found.values if isinstance(value, VolunteerEntry)]


def wishes(column: str, cell: str) -> tuple[Preferences, VolunteerEntry, list[str]]:
    found = report(f'姓名,手机,特长,时间,{column}\n赵一,19900000001,理发,周二上午,"{cell}"\n')
    assert found.kind is ListKind.VOLUNTEERS
    assert not found.unmapped
    person = people(found)[0]
    return person.preferences, person, [reason.code for reason in found.rows[0].reasons]


def test_a_sheet_of_preferences_is_read_completely_and_becomes_the_offer_of_a_person() -> None:
    found = report(HEADER + ROW)
    assert (found.kind, found.unmapped, len(found.accepted)) == (ListKind.VOLUNTEERS, (), 1)
    person = people(found)[0]
    assert person.preferences == Preferences(
        services=("haircut", "companionship"),
        declines=("moving",),
        away=((date(2026, 12, 20), date(2027, 1, 3)),),
        minutes_per_week_max=240,
        rest_minutes=30,
        walk_minutes_max=15,
        notice_days=2,
        languages=("四川话",),
        gender="female",
        light_work_only=True,
        certificates=("健康证",),
    )
    offer = person.as_resource("M00001")
    assert offer.categories == ("haircut", "companionship")
    assert (offer.declines, offer.serves) == (("moving",), ("very_old",))
    assert (offer.minutes_per_week_max, offer.rest_minutes, offer.walk_minutes_max) == (240, 30, 15)
    assert (offer.languages, offer.gender, offer.light_work_only) == (frozenset({"四川话"}), "female", True)
    assert offer.certificates == frozenset({"健康证"})
    assert offer.when.notice_days == 2
    assert offer.away == ((date(2026, 12, 20), date(2027, 1, 3)),)
    assert "赵一" not in repr(offer)


def test_english_columns_and_cells_are_read_too() -> None:
    found = report(
        "Name,Mobile,Chosen services,Availability,Blackout dates,Weekly cap,Radius,Rest between visits,Gender,Heavy work\n"
        'Ann,19900000001,"haircuts, blood pressure",Tuesday mornings,24 December 2026 to 2 January 2027,3 hours,2 km,1 hour,female,no\n'
    )
    assert (len(found.accepted), found.unmapped) == (1, ())
    chosen = people(found)[0].preferences
    assert chosen.services == ("haircut", "health_check")
    assert chosen.away == ((date(2026, 12, 24), date(2027, 1, 2)),)
    assert (chosen.minutes_per_week_max, chosen.radius_m, chosen.rest_minutes) == (180, 2000, 60)
    assert (chosen.gender, chosen.light_work_only) == ("female", True)


@pytest.mark.parametrize(
    ("cell", "away", "code"),
    [
        ("12月24日", [("2026-12-24", "2026-12-24")], ""),
        ("12月24日、25日", [("2026-12-24", "2026-12-25")], ""),
        ("12月20日至1月3日", [("2026-12-20", "2027-01-03")], ""),
        (
            "2026-12-01至2026-12-05、2026-12-24",
            [("2026-12-01", "2026-12-05"), ("2026-12-24", "2026-12-24")],
            "",
        ),
        ("寒假", [("2027-01-23", "2027-02-22")], ""),
        ("12月10日前", [("2026-11-18", "2026-12-10")], ""),
        ("无", [], ""),
        ("不限", [], ""),
        ("12月24日上午", [], "exception_unread"),  # hours of a day are no day off
        ("12月1日起", [], "exception_unread"),  # until when?
        ("春节期间", [], "festival_days"),
        ("13月1日", [], "date_impossible"),
        ("1月3日至12月20日", [], "period_reversed"),
        ("2027-01-03至2027-12-20", [("2027-01-03", "2027-12-20")], ""),
        ("出差", [], "time_unreadable"),
    ],
)
def test_days_away_are_read_or_asked_about(cell: str, away: list[tuple[str, str]], code: str) -> None:
    chosen, _, codes = wishes("不能来的日子", cell)
    assert [(first.isoformat(), last.isoformat()) for first, last in chosen.away] == away
    assert codes == ([code] if code else [])


def test_weekdays_months_and_school_holidays_away_become_exceptions_of_the_times() -> None:
    _, person, codes = wishes("不能来的日子", "周二、8月、寒暑假")
    assert not codes
    assert (person.when.except_weekdays, person.when.except_months) == ((1,), (8,))
    assert person.when.except_school_holidays
    assert person.when.said_zh == "每周二 上午8:00–12:00,周二除外,8月除外,寒暑假除外"
    assert person.when.windows_in(Week(2026, 48)) == ()


@pytest.mark.parametrize(
    ("column", "cell", "field", "expected", "code"),
    [
        ("每周最多", "4小时", "minutes_per_week_max", 240, ""),
        ("每周最多", "每周最多4小时", "minutes_per_week_max", 240, ""),
        ("每周最多", "4", "minutes_per_week_max", 240, ""),
        ("每周最多", "每周2次,每次1.5小时", "minutes_per_week_max", 180, ""),
        ("每周最多", "半天", "minutes_per_week_max", 210, ""),
        ("每周最多", "不限", "minutes_per_week_max", 0, ""),
        ("每周最多", "0小时", "minutes_per_week_max", 0, "quantity_zero"),
        ("每周最多", "-2", "minutes_per_week_max", 0, "quantity_zero"),
        ("每周最多", "每天2小时", "minutes_per_week_max", 0, "wish_unread"),
        ("每周最多", "两次", "minutes_per_week_max", 0, "wish_unread"),
        ("每周最多", "看情况", "minutes_per_week_max", 0, "quantity_open"),
        ("服务间隔", "半小时", "rest_minutes", 30, ""),
        ("服务间隔", "1.5小时", "rest_minutes", 90, ""),
        ("服务间隔", "隔天", "rest_days", 1, ""),
        ("服务间隔", "服务后休息两天", "rest_days", 2, ""),
        ("服务间隔", "0分钟", "rest_minutes", 0, "wish_unread"),
        ("服务间隔", "很久", "rest_minutes", 0, "wish_unread"),
        ("服务间隔", "不限", "rest_minutes", 0, ""),
        ("服务半径", "2公里", "radius_m", 2000, ""),
        ("服务半径", "1.5km", "radius_m", 1500, ""),
        ("服务半径", "800米", "radius_m", 800, ""),
        ("服务半径", "十五分钟服务圈", "walk_minutes_max", 15, ""),
        ("服务半径", "同一栋楼", "same_building", True, ""),
        ("服务半径", "一网格、二网格", "grids", ("一网格", "二网格"), ""),
        ("服务半径", "本社区", "radius_m", 0, ""),
        ("服务半径", "0米", "radius_m", 0, "wish_unread"),
        ("服务半径", "500公里", "radius_m", 0, "wish_unread"),
        ("服务半径", "走得到就行", "radius_m", 0, "wish_unread"),
        ("提前多久", "2天", "notice_days", 2, ""),
        ("提前多久", "提前一周", "notice_days", 7, ""),
        ("提前多久", "3", "notice_days", 3, ""),
        ("提前多久", "无", "notice_days", 0, ""),
        ("提前多久", "早点说", "notice_days", 0, "wish_unread"),
        ("性别", "男", "gender", "male", ""),
        ("能否做重活", "不能", "light_work_only", True, ""),
        ("能否做重活", "能", "light_work_only", False, ""),
        ("能否做重活", "看情况", "light_work_only", False, "wish_unread"),
        ("不做的服务", "重活", "light_work_only", True, ""),
        ("不做的服务", "陪诊、换灯泡", "declines", ("escort", "electrical"), ""),
        ("选择的服务", "理发;陪聊", "services", ("haircut", "companionship"), ""),
        ("选择的服务", "都可以", "services", (), ""),
        ("选择的服务", "嗯嗯", "services", (), "service_unknown"),
    ],
)  # fmt: skip
def test_a_limit_is_read_or_asked_about(column: str, cell: str, field: str, expected: Any, code: str) -> None:
    chosen, _, codes = wishes(column, cell)
    assert getattr(chosen, field) == expected
    assert codes == ([code] if code else [])


def test_two_rows_of_one_person_join_choices_and_keep_the_narrower_limit() -> None:
    found = report(
        "姓名,手机,选择的服务,时间,每周最多,服务半径,不能来的日子,服务间隔\n"
        "赵一,19900000001,理发,,4小时,2公里,12月24日,30分钟\n"
        "赵一,19900000001,陪聊,周四,3小时,,12月25日、周一,1小时\n"
    )
    person = people(found)[0]
    assert len(found.merged) == 1
    assert person.categories == person.preferences.services == ("haircut", "companionship")
    assert (person.preferences.minutes_per_week_max, person.preferences.radius_m) == (180, 2000)
    assert person.preferences.rest_minutes == 60
    assert [first.day for first, _ in person.preferences.away] == [24, 25]
    # Only the second row says when; the Monday it cannot come is an exception of those times.
    assert (person.when.phrase, person.when.except_weekdays) == ("周四", (0,))


def test_an_offer_keeps_what_no_preference_changes() -> None:
    offer = Resource(
        line_key="r", title="x", owner="M1", categories=("haircut",), languages=frozenset({"英语"})
    )
    assert offer.within(Preferences()) == offer


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_preferences_written_and_read_again_are_the_same(write: Any, lang: str) -> None:
    found = report(
        HEADER
        + ROW
        + "钱二,19900000002,,,,随时,2026-12-01至2026-12-05、2026-12-24,90分钟,1天,同楼,,,,,\n"
        + "孙三,19900000003,陪诊,,,周六,,,,2公里,,,男,,\n"
        + "李四,19900000004,陪诊,,,周日,,,,一网格,,,,,\n"
    )
    assert len(found.accepted) == 4
    again = read_file(
        write(found.kind, found.values, lang=lang, private=True), "volunteers", filed_on=FILED_ON
    )
    back = people(again.reports()[0])
    assert [one.preferences for one in back] == [one.preferences for one in people(found)]


def test_what_people_chose_stays_off_the_board_and_off_lists_where_nobody_chose() -> None:
    found = report(HEADER + ROW)
    public = table_of(found.kind, found.values)
    private = table_of(found.kind, found.values, private=True)
    assert "不能来的日子" not in public[0]
    assert "不能来的日子" in private[0]
    assert "健康证" not in " ".join(public[1])
    plain = report("姓名,手机,特长\n赵一,19900000001,理发\n")
    assert len(table_of(plain.kind, plain.values, private=True)[0]) == len(private[0]) - len(WISH_FIELDS)
