"""Festivals, lunar dates and school terms: the right day in the right year, asked about where no calendar knows it."""

from datetime import date

import pytest

from marketplace.times import PlainCalendar, mainland, read_when
from marketplace.times.festivals import festivals
from marketplace.values import When

FILED_ON = date(2026, 11, 18)
CHINA = mainland()


def read(phrase: str, filed_on: date = FILED_ON, calendar: object = None) -> When:
    return read_when(phrase, filed_on=filed_on, calendar=calendar or CHINA)  # type: ignore[arg-type]


def day(phrase: str, filed_on: date = FILED_ON) -> str:
    when = read(phrase, filed_on)
    assert when.question is None, when.question
    return when.windows[0].starts_at.date().isoformat()


# The days as printed in public calendars.
@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("春节", {2024: "2024-02-10", 2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06"}),
        ("除夕", {2024: "2024-02-09", 2025: "2025-01-28", 2026: "2026-02-16", 2027: "2027-02-05"}),
        ("元宵节", {2025: "2025-02-12", 2026: "2026-03-03"}),
        ("端午节", {2025: "2025-05-31", 2026: "2026-06-19"}),
        ("中秋节", {2025: "2025-10-06", 2026: "2026-09-25"}),
        ("重阳节", {2025: "2025-10-29", 2026: "2026-10-18"}),
        ("清明节", {2025: "2025-04-04", 2026: "2026-04-05"}),
        ("冬至", {2025: "2025-12-21", 2026: "2026-12-22"}),
        ("母亲节", {2025: "2025-05-11", 2026: "2026-05-10"}),
        ("父亲节", {2025: "2025-06-15", 2026: "2026-06-21"}),
        ("国际志愿者日", {2026: "2026-12-05"}),
    ],
)
def test_a_festival_has_its_printed_day(name: str, days: dict[int, str]) -> None:
    for year, printed in days.items():
        assert str(festivals()[name].on(year, CHINA)) == printed


def test_every_festival_has_one_kind_of_day_and_a_name_in_one_spelling() -> None:
    for name, one in festivals().items():
        assert sum(map(bool, (one.solar, one.lunar, one.term, one.weekday))) == 1, name
        assert name == name.casefold().strip()
        assert one.on(2027, CHINA) is not None


@pytest.mark.parametrize(
    ("filed_on", "expected"),
    [
        (date(2026, 10, 17), "2026-10-18"),
        (date(2026, 10, 18), "2026-10-18"),
        (date(2026, 10, 19), "2027-10-08"),
    ],
)
def test_a_named_day_is_the_next_one(filed_on: date, expected: str) -> None:
    assert day("重阳节", filed_on) == expected


def test_a_year_beside_the_name_decides() -> None:
    assert day("明年重阳节") == "2027-10-08"
    assert day("今年重阳节") == "2026-10-18"
    assert day("2028年中秋节") == "2028-10-03"
    assert day("农历2025年闰六月初三", date(2025, 3, 1)) == "2025-07-27"


def test_the_twelfth_lunar_month_ends_in_the_next_solar_year() -> None:
    assert day("腊月二十三") == "2027-01-30"
    assert day("大年三十") == "2027-02-05"
    # That month has 29 days in this lunar year: its last day is meant, and noted.
    assert day("腊月三十") == "2027-02-05"
    assert "lunar_short" in [note.code for note in read("腊月三十").notes]


def test_the_public_notice_tells_which_days_off_a_long_festival_has() -> None:
    august = date(2026, 8, 18)
    assert read("国庆期间", august).said_zh == "2026年10月1日至2026年10月7日"
    assert read("国庆节后", august).said_zh == "2026年10月8日起"
    assert read("国庆节前", august).said_zh == "2026年9月30日前"
    assert read("中秋假期", august).said_zh == "2026年9月25日至2026年9月27日"
    without = read("每天上午,国庆节除外", august)
    assert [on.day for on in without.except_dates] == [1, 2, 3, 4, 5, 6, 7]
    # No notice names the days of the year after: ask.
    later = read("春节期间").question
    assert later is not None
    assert later.code == "festival_days"


def test_what_was_assumed_about_a_name_is_noted_in_both_languages() -> None:
    note = read("端午节").notes[0]
    assert (note.code, "端午节" in note.zh, "2027-06-09" in note.en) == ("festival_day", True, True)


def test_a_place_without_lunar_calendar_asks() -> None:
    plain = PlainCalendar()
    for phrase in ("端午节", "清明节", "除夕"):
        question = read(phrase, calendar=plain).question
        assert question is not None
        assert question.code == "festival_unknown"
    assert read("农历八月十五", calendar=plain).question is not None
    assert read("圣诞节", calendar=plain).question is None


def test_school_terms_follow_the_place_and_are_asked_about_where_unknown() -> None:
    own = PlainCalendar(
        school_holidays=((date(2026, 12, 20), date(2027, 1, 5)), (date(2027, 7, 1), date(2027, 8, 20)))
    )
    assert read("本学期每周二", calendar=own).recurrences[0].last_on == date(2026, 12, 19)
    assert read("下学期", calendar=own).said_zh == "2027年1月6日至2027年6月30日"
    assert read("寒假", calendar=own).said_zh == "2026年12月20日至2027年1月5日"
    # In the middle of a holiday "this term" may mean the one before or the one after.
    assert read("本学期", date(2026, 12, 28), own).question is not None
    assert read("寒假", date(2026, 12, 28), own).said_zh == "2026年12月20日至2027年1月5日"
    for phrase in ("寒假", "本学期", "下学期", "开学后"):
        question = read(phrase, calendar=PlainCalendar()).question
        assert question is not None
        assert question.code == "season_unknown"
