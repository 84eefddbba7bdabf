"""Statements about a time that do not fit together are asked about, each with its own question; their neighbours are read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from marketplace.times import read_when
from marketplace.values import SHANGHAI, Frequency, Quantity, Unit, Week, When, Window

FILED_ON = date(2026, 11, 23)


def read(phrase: str, filed_on: date = FILED_ON) -> When:
    return read_when(phrase, filed_on=filed_on)


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("每周二每次", "time_partly_unread"),  # each time what?
        ("每次8点", "time_partly_unread"),
        ("每周2小时3小时", "time_partly_unread"),
        ("每周2小时,每次3小时,每次1小时", "statements_disagree"),
        ("每天三次,每周两次", "statements_disagree"),
        ("每周两次每周三次", "statements_disagree"),
        ("每周40000小时", "times_absurd"),
        ("每两周一次,12月5日", "statements_disagree"),  # one day, or the first of many
        ("每月1次,周六,12月5日", "statements_disagree"),
        ("每月5日下旬", "statements_disagree"),
        ("每月初至中旬", "range_unclear"),
        ("12月5日起至", "range_unclear"),
        ("上旬12月5日", "range_unclear"),
        ("每月第一周,12月5日", "week_needs_month"),
        ("每月第二个", "time_partly_unread"),
        ("每年第二个周六", "yearly_unclear"),
        ("每季度周六", "weekly_or_monthly"),
        ("周二每月5日", "weekly_or_monthly"),
        ("每天12月5日", "statements_disagree"),
        ("2月30日", "date_impossible"),
        ("8月5日,2月30日", "date_impossible"),
        ("每月40日", "date_impossible"),
        ("2026年2月29日", "date_impossible"),
        ("9:00-9:00", "times_reversed"),
        ("晚上3点", "part_contradicts"),
        ("次日", "range_unclear"),  # the day after which?
        ("第二天早上9点", "range_unclear"),
        ("12月和1月都行,24日除外", "exception_unread"),  # the 24th of which
        ("24日除外", "exception_unread"),
        ("节假日上午", "holiday_only"),  # weekends are holidays to some
        ("寒假节假日都行", "holiday_only"),
        ("2小时", "time_unreadable"),
    ],
)
def test_what_does_not_fit_together_is_asked_about(phrase: str, code: str) -> None:
    when = read(phrase)
    assert when.question is not None
    assert when.question.code == code
    assert not [
        one for week in range(60) for one in when.windows_in(Week.of(FILED_ON + timedelta(weeks=week)))
    ]


@pytest.mark.parametrize(
    ("phrase", "said_zh"),
    [
        ("12月都行,24日除外", "2026年12月1日至2026年12月31日,2026年12月24日除外"),
        ("12月都行,24日、25日除外", "2026年12月1日至2026年12月31日,2026年12月24日、2026年12月25日除外"),
        ("每月上旬下旬", "每月1日至10日、21日至31日"),
        ("农历每月二十", "每月农历二十"),
        ("农历每月三十", "每月农历三十"),
        ("12月5日每天", "2026年12月5日(周六)"),
        ("大约上午9点", "随时,8:30–10:30"),
        ("每周两次,每次一小时", "每周2次,每次60分钟"),
    ],
)
def test_their_neighbours_are_read(phrase: str, said_zh: str) -> None:
    when = read(phrase)
    assert (when.question, when.said_zh) == (None, said_zh)
    again = read(when.said_zh)
    assert (again.recurrences, again.windows, again.except_dates) == (
        when.recurrences,
        when.windows,
        when.except_dates,
    )


def test_public_holidays_are_days_once_they_are_announced() -> None:
    early = date(2026, 9, 21)
    for phrase in ("法定节假日都可以", "only on public holidays"):
        when = read(phrase, early)
        assert (when.question, when.recurrences[0].frequency) == (None, Frequency.PUBLIC_HOLIDAYS)
        days = [
            one.starts_at.date()
            for week in range(4)
            for one in when.windows_in(Week.of(early + timedelta(weeks=week)))
        ]
        assert date(2026, 10, 1) in days
        assert date(2026, 9, 30) not in days
        assert read(when.said_zh, early).recurrences == when.recurrences
        assert read(when.said_en, early).recurrences == when.recurrences


def test_school_holidays_are_told_from_public_ones_in_words() -> None:
    when = read("只在寒暑假上午")
    assert when.recurrences[0].frequency is Frequency.SCHOOL_HOLIDAYS
    assert read(when.said_en).recurrences == when.recurrences


# --- values that cannot be -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2026-48", "W48", "2026-Wxx", "-W", ""])
def test_a_week_is_named_as_in_the_calendar_standard(text: str) -> None:
    with pytest.raises(ValueError, match="ISO week"):
        Week.parse(text)
    assert Week.parse("2026-W48").monday_on == date(2026, 11, 23)


def test_a_window_has_aware_ends_in_order() -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
    with pytest.raises(ValueError, match="aware"):
        Window(start.replace(tzinfo=None), start)
    with pytest.raises(ValueError, match="after it starts"):
        Window(start, start)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"minutes_each": -1}, {"helpers": -2}, {"amount": 1.5}])
def test_a_quantity_counts_up_from_one(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"whole numbers|count up"):
        Quantity(unit=Unit.ITEM, **wrong)
