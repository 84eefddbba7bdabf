"""Times as offices write them: none is read wrongly, most of what has one plain reading is read, and every way a time
goes (windows, words, calendar files, plans) names the same stretches over two years."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar as CalendarFile

from marketplace.calendars import PlainCalendar, mainland
from marketplace.planning import PlanContext
from marketplace.planning.problem.tasks import tasks_of
from marketplace.times import DateOrder, events_of, ical_of, read_when
from marketplace.values import Demand, Frequency, Need, Per, Recurrence, Week, When, Window
from tests.marketplace.reading.judged import (
    TIMES,
    WEEKS,
    Judged,
    Verdict,
    figures,
    judged_time,
    opened,
    read,
)
from tests.marketplace.reading.reading_oracle import FILED_ON, LAST_ON, rows

TUNING = Path(__file__).parents[1] / "lists"
ROWS = [row for name in TIMES for row in rows(name)]
READ = [row.phrase for row in ROWS if read(row.phrase).question is None]
SPAN: dict[str, Any] = {"from_on": FILED_ON, "until_on": LAST_ON}
MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.phrase)
def test_no_time_is_read_wrongly_without_a_question(row: object) -> None:
    judged: Judged = judged_time(row)
    assert judged.verdict is not Verdict.WRONG, judged.why


@pytest.mark.parametrize("name", TIMES)
def test_most_times_with_one_plain_reading_are_read(name: str) -> None:
    judged = [judged_time(row) for row in rows(name)]
    plain = sum(row.plain for row in rows(name))
    assert figures(judged)[4] <= plain * 15 // 100


def test_the_corpora_are_large_and_none_of_their_phrases_tunes_the_grammar() -> None:
    phrases = [row.phrase for row in ROWS]
    assert sum(not phrase.isascii() for phrase in phrases) >= 400
    assert sum(phrase.isascii() for phrase in phrases) >= 150
    assert len(set(rows_of(TIMES[0]))) == len(rows_of(TIMES[0]))
    assert sum(not row.right for row in ROWS) >= 80, "what must be asked about is part of it"


def rows_of(name: str) -> list[str]:
    return [row.phrase for row in rows(name)]


@pytest.mark.parametrize("phrase", READ)
def test_words_calendar_files_and_plans_name_the_stretches_that_the_windows_name(phrase: str) -> None:
    when = read(phrase)
    stretches = opened(when)
    for said in (when.said_zh, when.said_en):
        again = read(said)
        assert days_and_hours(again) == days_and_hours(when) or opened(again) == stretches, said
        assert (again.demand, again.minutes_each, again.notice_days) == (
            when.demand,
            when.minutes_each,
            when.notice_days,
        ), said
    assert from_calendar_file(when) == stretches
    if when.demand is None:
        assert planned(when) == stretches
    else:
        # How often bounds what is planned: no stretch beyond those named, and some of them.
        assert set() < planned(when) <= stretches


def days_and_hours(when: When) -> When:
    """The time without its words and notes."""
    return replace(when, phrase="", said_zh="", said_en="", notes=())


def from_calendar_file(when: When) -> set[tuple[date, int, int]]:
    """The stretches a calendar program shows, from the file as `icalendar` and `dateutil` read it."""
    text = ical_of(events_of(when, **SPAN), uid="n-1", stamp=datetime(2026, 11, 23, tzinfo=UTC), summary="x")
    spans: set[tuple[date, int, int]] = set()
    for event in CalendarFile.from_ical(text).walk("VEVENT"):
        start, minutes = event.decoded("dtstart"), event.decoded("duration") // timedelta(minutes=1)
        found = rruleset()
        if "rrule" in event:
            rule = event["rrule"].to_ical().decode()  # type: ignore[union-attr]
            found.rrule(rrulestr(rule, dtstart=start))  # type: ignore[arg-type]
        else:
            found.rdate(start)
        for name, add in (("rdate", found.rdate), ("exdate", found.exdate)):
            given = event.get(name, [])
            for one in given if isinstance(given, list) else [given]:
                for moment in one.dts:
                    add(moment.dt)
        end = datetime.combine(LAST_ON, time(23, 59), start.tzinfo)
        spans |= {
            (at.date(), at.hour * 60 + at.minute, minutes)
            for at in found.between(start - timedelta(days=1), end, inc=True)
        }
    return joined(spans)


def joined(spans: set[tuple[date, int, int]]) -> set[tuple[date, int, int]]:
    """Stretches of one moment after the other as one, as windows of a week are."""
    found: list[tuple[datetime, datetime]] = []
    moments = sorted(
        (datetime.combine(day, time(0)) + timedelta(minutes=at), length) for day, at, length in spans
    )
    for start, length in moments:
        end = start + timedelta(minutes=length)
        if found and start <= found[-1][1] and start.isocalendar()[:2] == found[-1][0].isocalendar()[:2]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return {
        (one.date(), one.hour * 60 + one.minute, (end - one) // timedelta(minutes=1)) for one, end in found
    }


def planned(when: When) -> set[tuple[date, int, int]]:
    """The stretches in which the planner would place a visit of a need at this time, week by week."""
    need = Need(line_key="n", title="x", when=when, filed_on=FILED_ON)
    context = PlanContext(now=datetime(2026, 11, 23, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    windows = (one for week in WEEKS for task in tasks_of(need, week, context) for one in task.windows)
    return {
        (one.starts_at.date(), one.starts_at.hour * 60 + one.starts_at.minute, one.minutes)
        for one in windows
        if FILED_ON <= one.starts_at.date() <= LAST_ON
    }


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("隔周周三 9:00-11:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;WKST=MO"),
        ("隔天上午", "FREQ=DAILY;INTERVAL=2;WKST=MO"),
        ("每两个月第一个周六", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SA;WKST=MO"),
        ("每季度第一个周六", "FREQ=MONTHLY;BYDAY=1SA;BYMONTH=1,4,7,10"),
        ("每年3月5日", "FREQ=MONTHLY;BYMONTHDAY=5;BYMONTH=3"),
    ],
)
def test_what_comes_every_other_time_is_a_rule_any_calendar_program_knows(phrase: str, rule: str) -> None:
    assert [event.rule for event in events_of(read(phrase), **SPAN)] == [rule]


def test_every_other_week_opens_every_other_week_and_says_from_when_it_counts() -> None:
    when = read("隔周周三 9:00-11:00")
    weeks = [Week(2026, number) for number in (48, 49, 50, 51, 52, 53)]
    assert [len(when.windows_in(week)) for week in weeks] == [1, 0, 1, 0, 1, 0]
    assert [note.code for note in when.notes] == ["anchor_assumed"]
    assert "2026年11月25日" in when.said_zh


def test_even_weeks_stay_even_after_a_year_of_fifty_three() -> None:
    days = [one.starts_at.date() for week in WEEKS[:10] for one in read("双周周二").windows_in(week)]
    assert days == [
        date(2026, 11, 24),
        date(2026, 12, 8),
        date(2026, 12, 22),
        date(2027, 1, 12),
        date(2027, 1, 26),
    ]


def test_one_of_two_days_is_both_days_and_one_visit_a_week() -> None:
    when = read("周六或周日上午")
    assert when.demand == Demand(times=1, per=Per.WEEK)
    assert [rule.weekdays for rule in when.recurrences] == [(5, 6)]
    assert read("周六、周日上午").demand is None
    assert all(event.tentative for event in events_of(when, **SPAN))
    assert not any(event.tentative for event in events_of(read("周六、周日上午"), **SPAN))


def test_two_numbers_and_a_slash_are_read_as_the_community_writes_them() -> None:
    for order, day in ((DateOrder.MONTH_FIRST, date(2027, 3, 4)), (DateOrder.DAY_FIRST, date(2027, 4, 3))):
        when = read_when("3/4/2027", filed_on=FILED_ON, date_order=order)
        assert [one.starts_at.date() for one in when.windows] == [day]
    asked = read("3/4/2027").question
    assert asked is not None
    assert asked.code == "slash_unclear"
    assert [one.starts_at.date() for one in read("Thu 3/12").windows] == [date(2026, 12, 3)], (
        "the weekday tells"
    )


def test_hours_are_those_of_the_place_whatever_its_zone() -> None:
    when = read_when("每周二 8:30-11:30", filed_on=FILED_ON)
    [window] = when.windows_in(Week(2026, 48), zone=MADRID)
    assert window.starts_at == datetime(2026, 11, 24, 8, 30, tzinfo=MADRID)
    dated = read_when("11月24日 8:30-11:30", filed_on=FILED_ON, zone=MADRID)
    assert dated.windows[0].starts_at.utcoffset() == timedelta(hours=1)
    assert list(dated.windows) == list(dated.windows_in(Week(2026, 48), zone=MADRID))


def test_minutes_are_those_that_pass_when_the_clocks_change() -> None:
    night = Window(datetime(2026, 10, 25, 1, 0, tzinfo=MADRID), datetime(2026, 10, 25, 4, 0, tzinfo=MADRID))
    assert night.minutes == 240
    spring = Window(datetime(2026, 3, 29, 1, 0, tzinfo=MADRID), datetime(2026, 3, 29, 4, 0, tzinfo=MADRID))
    assert spring.minutes == 120


def test_a_night_over_the_change_of_clocks_lasts_as_long_as_written_in_windows_and_calendar_files() -> None:
    when = read_when("Saturdays 22:00-6:00", filed_on=date(2027, 3, 1))
    windows = [one for number in range(11, 15) for one in when.windows_in(Week(2027, number), zone=MADRID)]
    assert {one.minutes for one in windows} == {480}
    [event] = events_of(when, from_on=date(2027, 3, 15), until_on=date(2027, 4, 11), zone=MADRID)
    starts = [at.astimezone(UTC) for at in event.occurrences().between(*_span(event.starts_at), inc=True)]
    assert starts == [one.starts_at.astimezone(UTC) for one in windows]
    assert event.length == timedelta(hours=8)


def _span(starts_at: datetime) -> tuple[datetime, datetime]:
    return starts_at, starts_at + timedelta(days=27)


def test_the_last_day_of_the_lunar_year_is_meant_by_its_thirtieth() -> None:
    when = read_when("腊月三十上午", filed_on=date(2026, 11, 18))
    assert [one.starts_at.date() for one in when.windows] == [date(2027, 2, 5)]
    assert "lunar_short" in [note.code for note in when.notes]
    assert read_when("九月三十一", filed_on=FILED_ON).question is not None


@pytest.mark.parametrize(("interval", "anchor_on"), [(2, None), (0, None), (-1, date(2026, 11, 23))])
def test_a_rule_of_every_so_many_needs_a_day_to_count_from(interval: int, anchor_on: date | None) -> None:
    with pytest.raises(ValueError, match="counted from a day"):
        Recurrence(
            frequency=Frequency.WEEKLY,
            weekdays=(2,),
            interval=interval,
            anchor_on=anchor_on,
            starts=time(9),
            ends=time(10),
        )


@pytest.mark.parametrize("wrong", [{}, {"times": -1}, {"times": 1, "every": 0}, {"minutes": -5, "times": 2}])
def test_a_demand_counts_from_one(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counts visits"):
        Demand(per=Per.WEEK, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="how often"):
        Demand(times=1, per=Per.OCCASION)


def test_an_interval_counts_both_ways_from_its_anchor() -> None:
    rule = Recurrence(
        frequency=Frequency.WEEKLY,
        weekdays=(2,),
        interval=3,
        anchor_on=date(2026, 11, 25),
        starts=time(9),
        ends=time(10),
    )
    named = [
        day
        for step in range(-60, 60)
        if rule.names(day := date(2026, 11, 25) + timedelta(days=step), PlainCalendar())
    ]
    assert {(later - earlier).days for earlier, later in pairwise(named)} == {21}
    assert date(2026, 11, 25) in named


def test_lunar_days_come_in_leap_months_too() -> None:
    rule = Recurrence(frequency=Frequency.LUNAR_DAY, month_days=(1,), starts=time(9), ends=time(10))
    year = [
        day for step in range(400) if rule.names(day := date(2025, 1, 1) + timedelta(days=step), mainland())
    ]
    assert all(29 <= (later - earlier).days <= 30 for earlier, later in pairwise(year))
    assert date(2025, 7, 25) in year, "the first of the leap sixth month"


def test_each_month_bounds_the_days_behind_it() -> None:
    rules = read("12月每周二上午,1月每周三").recurrences
    assert [(rule.weekdays, rule.first_on, rule.last_on) for rule in rules] == [
        ((1,), date(2026, 12, 1), date(2026, 12, 31)),
        ((2,), date(2027, 1, 1), date(2027, 1, 31)),
    ]
