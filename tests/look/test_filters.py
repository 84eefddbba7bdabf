"""Minutes, days and clocks as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from timebank.web import filters
from timebank.web.i18n import speaking

AT = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
WINDOW = SimpleNamespace(
    starts_at=datetime(2026, 11, 24, 1, tzinfo=UTC), ends_at=datetime(2026, 11, 24, 3, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("minutes", "zh", "en", "column"),
    [
        (210, "3 小时 30 分", "3 h 30 min", "3:30"),
        (30, "30 分", "30 min", "0:30"),
        (180, "3 小时", "3 h", "3:00"),
        (0, "0 分", "0 min", "0:00"),
        (-7, "−7 分", "−7 min", "−0:07"),
        (-65, "−1 小时 5 分", "−1 h 5 min", "−1:05"),
        (60_000, "1000 小时", "1000 h", "1000:00"),
    ],
)
def test_minutes_become_hours_on_screen_only(minutes: int, zh: str, en: str, column: str) -> None:
    assert filters.hours(minutes) == zh
    assert filters.hm(minutes) == column
    with speaking("en"):
        assert filters.hours(minutes) == en
        assert filters.hm(minutes) == column


def test_an_empty_column_stays_empty() -> None:
    assert filters.hm(None) == ""


@given(st.integers(min_value=-(10**6), max_value=10**6))
def test_no_minute_is_lost_on_the_way_to_a_column(minutes: int) -> None:
    sign = -1 if filters.hm(minutes).startswith("−") else 1
    hours, rest = filters.hm(minutes).removeprefix("−").split(":")
    assert sign * (int(hours) * 60 + int(rest)) == minutes


@pytest.mark.parametrize(
    ("filter_name", "value", "zh", "en"),
    [
        ("day", AT, "11月24日 周二", "Tue 24 Nov"),
        ("day", date(2026, 11, 29), "11月29日 周日", "Sun 29 Nov"),
        ("day_long", AT, "2026年11月24日 星期二", "Tuesday, 24 November 2026"),
        ("day_short", date(2026, 3, 5), "03-05", "5 Mar"),
        ("month", date(2026, 3, 5), "2026年3月", "March 2026"),
        ("clock", AT, "8:30", "8:30"),
        ("span", WINDOW, "9:00–11:00", "9:00–11:00"),
        ("when", WINDOW, "周二 9:00–11:00", "Tue 9:00–11:00"),
        ("when_full", WINDOW, "11月24日 周二 9:00–11:00", "Tue 24 Nov 9:00–11:00"),
        ("signed", 180, "+180", "+180"),
        ("signed", -40, "−40", "−40"),
        ("signed", 0, "0", "0"),
        ("phone", "19900000002", "199 0000 0002", "199 0000 0002"),
        ("phone", "+86 199-0000-0002", "199 0000 0002", "199 0000 0002"),
        ("phone", "0991-1234567", "0991-1234567", "0991-1234567"),
        ("phone", "19900000002、19900000003", "19900000002、19900000003", "19900000002、19900000003"),
        ("dial", "+86 199 0000 0002", "tel:19900000002", "tel:19900000002"),
        ("dial", "（0991）1234567 转 12", "tel:09911234567,12", "tel:09911234567,12"),
        ("dial", "+44 20 7946 0000", "tel:00442079460000", "tel:00442079460000"),
    ],
)
def test_each_filter_in_both_languages(filter_name: str, value: Any, zh: str, en: str) -> None:
    shown = filters.FILTERS[filter_name]
    assert shown(value) == zh
    with speaking("en"):
        assert shown(value) == en


def test_a_utc_evening_is_already_the_next_day_in_shanghai_and_not_in_london() -> None:
    at = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert filters.day(at) == "11月24日 周二"
    assert filters.day(at, ZoneInfo("Europe/London")) == "11月23日 周一"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (date(2026, 11, 23), "昨天", "yesterday"),
        (date(2026, 11, 24), "今天", "today"),
        (date(2026, 11, 25), "明天", "tomorrow"),
        (date(2026, 11, 26), "后天", "Thu 26 Nov"),
        (date(2026, 11, 27), "11月27日 周五", "Fri 27 Nov"),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), "明天", "tomorrow"),
    ],
)
def test_near_days_have_names(value: date | datetime, zh: str, en: str) -> None:
    assert filters.relative(value, AT) == zh
    with speaking("en"):
        assert filters.relative(value, AT) == en


def test_a_stretch_to_midnight_or_into_another_day_says_so() -> None:
    evening = datetime(2026, 11, 24, 12, tzinfo=UTC)
    midnight = SimpleNamespace(starts_at=evening, ends_at=datetime(2026, 11, 24, 16, tzinfo=UTC))
    longer = SimpleNamespace(starts_at=evening, ends_at=datetime(2026, 11, 24, 23, tzinfo=UTC))
    assert filters.span(midnight) == "20:00–24:00"
    assert filters.span(longer) == "20:00–11月25日 周三 7:00"


def test_a_constant_is_shown_in_the_language_of_each_reader(environment: Environment) -> None:
    page = environment.from_string("{{ 45|hours }}")
    assert page.render() == "45 分"
    with speaking("en"):
        assert page.render() == "45 min"


def test_large_hours_mark_the_digits() -> None:
    assert (
        filters.big_hours(90)
        == '<span class="hours"><b>1</b> <span>小时</span> <b>30</b> <span>分</span></span>'
    )


def test_the_address_of_a_static_file_changes_with_its_content(environment: Environment) -> None:
    address = environment.from_string("{{ asset('app.css') }}").render()
    assert address.startswith("/static/app.css?v=")
    assert address != environment.from_string("{{ asset('page.js') }}").render().replace("page.js", "app.css")


def test_a_name_filled_into_a_sentence_cannot_become_markup(environment: Environment) -> None:
    page = environment.from_string(
        "{% trans name=name %}您正在代 {{ name }} 办事{% endtrans %}{{ _('返回') }}"
    )
    assert page.render(name="<b>") == "您正在代 &lt;b&gt; 办事返回"
