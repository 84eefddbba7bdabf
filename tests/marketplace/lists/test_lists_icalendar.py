"""Times as iCalendar: read back by `dateutil`, the events open exactly the windows that the time itself opens."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr

from marketplace.errors import TimeUnconfirmed
from marketplace.times import PlainCalendar, events_of, ical_of, read_when
from marketplace.values import Week, Window

HERE = Path(__file__).parent
FILED_ON = date(2026, 11, 18)
FIRST, LAST = Week(2026, 48), Week(2027, 11)
SPAN: dict[str, Any] = {"from_on": FIRST.monday_on, "until_on": LAST.sunday_on}
STAMP = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)
WEEKS = [Week.of(FIRST.monday_on + timedelta(weeks=step)) for step in range(17)]
PHRASES = [
    row.split("\t")[0]
    for name in ("phrases_given.tsv", "phrases_zh.tsv", "phrases_en.tsv")
    for row in (HERE / name).read_text("utf-8").splitlines()[1:]
    if row.split("\t")[2] == "-"
]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def starts_and_lengths(text: str) -> list[tuple[datetime, timedelta]]:
    """What a calendar program sees, the text parsed here by itself."""
    found: list[tuple[datetime, timedelta]] = []
    for event in re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", "\n".join(unfolded(text)), re.DOTALL):
        values = [tuple(line.split(":", 1)) for line in event.strip().split("\n")]
        at = {
            name: [_read(one) for key, value in values if key.startswith(name) for one in value.split(",")]
            for name in ("DTSTART", "RDATE", "EXDATE")
        }
        length = _length(next(value for key, value in values if key == "DURATION"))
        dates = rruleset()
        rule = next((value for key, value in values if key == "RRULE"), "")
        dates.rrule(rrulestr(re.sub("(UNTIL=[0-9T]+)Z", r"\1", _local_until(rule)), dtstart=at["DTSTART"][0])) if rule else dates.rdate(at["DTSTART"][0])  # type: ignore[arg-type]  # fmt: skip
        for one in at["RDATE"]:
            dates.rdate(one)
        for one in at["EXDATE"]:
            dates.exdate(one)
        end = datetime.combine(LAST.sunday_on, datetime.max.time())
        found += [(start, length) for start in dates.between(datetime(2026, 1, 1), end)]
    return sorted(set(found))


def _length(value: str) -> timedelta:
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", value)
    assert found is not None
    days, hours, minutes = (int(one or 0) for one in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _read(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%S")


def _local_until(rule: str) -> str:
    found = re.search("UNTIL=([0-9T]+)Z", rule)
    if not found:
        return rule
    at = _read(found[1]).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    return rule.replace(found[0], f"UNTIL={at:%Y%m%dT%H%M%S}")


def joined(found: list[tuple[datetime, timedelta]]) -> list[tuple[datetime, datetime]]:
    spans: list[tuple[datetime, datetime]] = []
    for start, length in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], start + length))
        else:
            spans.append((start, start + length))
    return spans


def opened(windows: list[Window]) -> list[tuple[datetime, datetime]]:
    return [(one.starts_at.replace(tzinfo=None), one.ends_at.replace(tzinfo=None)) for one in windows]


@pytest.mark.parametrize("part", range(6))
def test_events_open_the_same_windows_as_the_time_itself(part: int) -> None:
    for phrase in PHRASES[part::6]:
        when = read_when(phrase, filed_on=FILED_ON)
        text = ical_of(events_of(when, **SPAN), uid="n-1", stamp=STAMP, summary=phrase)
        expected = opened([window for week in WEEKS for window in when.windows_in(week)])
        assert joined(starts_and_lengths(text)) == expected, phrase


def test_rules_are_the_short_ones_a_person_would_write() -> None:
    for phrase, rule in {
        "每周二、周五上午": "FREQ=WEEKLY;BYDAY=TU,FR",
        "每月第一、第三个周二": "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "每月最后一个周五15:00": "FREQ=MONTHLY;BYDAY=-1FR",
        "每月15日": "FREQ=MONTHLY;BYMONTHDAY=15",
        "每天上午": "FREQ=DAILY",
        "周一闭馆,其余 9:00-20:30": "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR,SA,SU",
        "周六上午(8月除外)": "FREQ=WEEKLY;BYDAY=SA;BYMONTH=1,2,3,4,5,6,7,9,10,11,12",
        "12月15日前每周二": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215T155959Z",
    }.items():
        assert [one.rule for one in events_of(read_when(phrase, filed_on=FILED_ON), **SPAN)] == [rule]


def test_workdays_name_make_up_days_and_leave_out_holidays_until_the_calendar_ends() -> None:
    when = read_when("工作日上午", filed_on=date(2026, 9, 1))
    event = events_of(when, from_on=date(2026, 9, 28), until_on=date(2026, 10, 31))[0]
    assert event.rule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261031T155959Z"
    assert [at.day for at in event.also] == [10]
    assert [at.day for at in event.without] == [1, 2, 5, 6, 7]
    assert [at.day for at in event.occurrences()][:5] == [28, 29, 30, 8, 9]


def test_another_calendar_brings_its_own_days_off() -> None:
    own = PlainCalendar(holidays=frozenset({date(2026, 11, 25)}))
    event = events_of(read_when("weekdays", filed_on=FILED_ON), **SPAN, calendar=own)[0]
    assert [at.date() for at in event.without] == [date(2026, 11, 25)]


def test_a_single_day_is_one_event_and_a_rule_that_never_comes_is_none() -> None:
    single = events_of(read_when("12月5日 9:00-11:00", filed_on=FILED_ON), **SPAN)
    assert [(one.rule, one.starts_at.hour, one.ends_at.hour) for one in single] == [("", 9, 11)]
    assert [at.day for at in single[0].occurrences()] == [5]
    when = read_when("2028年3月1日起每周二", filed_on=FILED_ON)
    assert events_of(when, **SPAN) == ()


def test_an_unconfirmed_time_is_not_written_out() -> None:
    when = read_when("周二上午,老地方见", filed_on=FILED_ON)
    with pytest.raises(TimeUnconfirmed) as refused:
        events_of(when, **SPAN)
    assert "老地方见" in refused.value.sentence("zh")
    assert events_of(when.confirmed(), **SPAN)


def test_lines_are_short_and_text_cannot_add_lines_of_its_own() -> None:
    summary = "陪诊,上门;很长的名字\nEND:VEVENT\r\nX:1" * 5
    events = events_of(read_when("每周二", filed_on=FILED_ON), **SPAN)
    text = ical_of(events, uid="n;1", stamp=STAMP, summary=summary, place="3号楼", description="a\\b")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = unfolded(text)
    assert lines.count("END:VEVENT") == 1
    assert "X:1" not in lines
    said = next(line for line in lines if line.startswith("SUMMARY:"))
    assert said.removeprefix("SUMMARY:").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";") == (
        summary.replace("\r\n", "\n")
    )
    assert {"UID:n\\;1-1", "LOCATION:3号楼", "DESCRIPTION:a\\\\b"} <= set(lines)
