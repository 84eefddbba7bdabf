"""A holiday notice as an office enters it: read from its text, checked against the calendar, asked before the library."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from chinese_calendar import holidays, workdays

from marketplace.calendars import PlainCalendar, mainland
from marketplace.notices import HolidayNotice, NoticedCalendar, noticed, read_notice
from marketplace.times import read_when
from marketplace.values import Week

NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""
OWN = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假调休，共7天。1月31日（周日）、2月20日（周六）上班。"


def codes(text: str, year: int = 2026) -> list[str]:
    return [doubt.code for doubt in read_notice(text, year=year).doubts]


def test_a_published_notice_gives_the_days_that_the_library_knows_of_that_year() -> None:
    reading = read_notice(NOTICE_2026, year=2026)
    assert reading.doubts == ()
    assert reading.notice is not None
    assert set(reading.notice.days_off) == {on for on in holidays if on.year == 2026}
    assert set(reading.notice.makeup_workdays) == {on for on in workdays if on.year == 2026}


def test_the_office_s_notice_is_asked_before_the_library_and_only_for_its_year() -> None:
    notice = read_notice(OWN, year=2027).notice
    assert notice is not None
    calendar = NoticedCalendar(base=mainland(), notices=(notice,))
    assert not mainland().is_workday(date(2027, 1, 31))
    assert calendar.is_workday(date(2027, 1, 31))
    assert not calendar.is_workday(date(2027, 2, 8))
    assert calendar.is_public_holiday(date(2027, 2, 7))
    assert not calendar.is_public_holiday(date(2027, 5, 1)), "a notice tells its whole year"
    assert calendar.known_until == date(2027, 12, 31)
    for step in range(365):
        day = date(2026, 1, 1) + timedelta(days=step)
        assert calendar.is_workday(day) == mainland().is_workday(day)
        assert calendar.is_public_holiday(day) == mainland().is_public_holiday(day)
    assert calendar.lunar_on(2026, 8, 15) == mainland().lunar_on(2026, 8, 15)
    assert calendar.solar_term_on("清明", 2027) == date(2027, 4, 5)
    assert calendar.is_school_holiday(date(2027, 2, 1))


def test_times_follow_the_notice_once_it_is_entered() -> None:
    notice = read_notice(OWN, year=2027).notice
    assert notice is not None
    calendar = NoticedCalendar(base=mainland(), notices=(notice,))
    before = read_when("工作日上午", filed_on=date(2027, 1, 4))
    assert "calendar_unknown" in [note.code for note in before.notes]
    after = read_when("工作日上午", filed_on=date(2027, 1, 4), calendar=calendar)
    assert after.notes == ()
    days = [one.starts_at.day for one in after.windows_in(Week.of(date(2027, 2, 8)), calendar)]
    assert days == [12], "off from the 5th to the 11th, a plain weekend after"
    festival = read_when("春节期间", filed_on=date(2027, 1, 4), calendar=calendar)
    assert festival.said_zh == "2027年2月5日至2027年2月11日"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "notice_no_days"),
        ("请大家安排好工作", "notice_no_days"),
        ("元旦：1月1日（周五）放假", "notice_weekday"),
        ("元旦：1月1日至3日放假，共4天。", "notice_count"),
        ("元旦：1月1日至3日放假。1月5日上班。", "notice_workday"),
        ("元旦：1月1日至4日放假。1月4日上班。", "notice_both"),
        ("元旦：2月30日放假", "notice_no_such_day"),
        ("元旦：2025年1月1日放假", "notice_other_year"),
        ("1月1日至6月30日放假", "notice_long"),
        ("元旦：1月1日放假。1月4日", "notice_unread"),
    ],
)
def test_a_notice_that_disagrees_with_the_calendar_or_itself_is_doubted(text: str, code: str) -> None:
    assert code in codes(text)
    reading = read_notice(text, year=2026)
    assert reading.notice is None
    assert all(doubt.zh and doubt.en for doubt in reading.doubts)


def test_days_of_the_december_before_and_single_days_are_read() -> None:
    text = "元旦：2022年12月31日（周六）至2023年1月2日（周一）放假，共3天。清明节：4月5日（周三）放假，共1天。10月7日、8日上班。"
    notice = read_notice(text, year=2023).notice
    assert notice is not None
    assert notice.days_off[:2] == (date(2022, 12, 31), date(2023, 1, 1))
    assert notice.makeup_workdays == (date(2023, 10, 7), date(2023, 10, 8))
    calendar = NoticedCalendar(base=PlainCalendar(), notices=(notice,))
    assert calendar.is_public_holiday(date(2022, 12, 31))
    assert calendar.is_workday(date(2022, 12, 30))


def test_of_two_notices_for_one_year_the_later_holds() -> None:
    first = HolidayNotice(year=2027, days_off=(date(2027, 1, 1),))
    second = HolidayNotice(year=2027, days_off=(date(2027, 1, 4),))
    calendar = NoticedCalendar(base=PlainCalendar(), notices=(first, second))
    assert calendar.is_workday(date(2027, 1, 1))
    assert not calendar.is_workday(date(2027, 1, 4))


def test_boxes_ticked_one_by_one_give_the_same_notice() -> None:
    read = read_notice(OWN, year=2027).notice
    assert read is not None
    boxes = noticed(2027, read.days_off, read.makeup_workdays).notice
    assert boxes == HolidayNotice(year=2027, days_off=read.days_off, makeup_workdays=read.makeup_workdays)


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        ((), ()),
        ((date(2025, 1, 1),), ()),
        ((date(2027, 1, 2),), (date(2027, 1, 2),)),
        ((date(2027, 1, 1),), (date(2027, 1, 4),)),
    ],
)
def test_a_notice_checks_itself(off: tuple[date, ...], worked: tuple[date, ...]) -> None:
    with pytest.raises(ValueError, match=r"a notice|a day|only a weekend"):
        HolidayNotice(year=2027, days_off=off, makeup_workdays=worked)
