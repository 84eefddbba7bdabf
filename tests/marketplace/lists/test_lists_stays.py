"""Sign-in sheets: the minutes in the file are the minutes saved and the minutes asked about, and every saved one is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lists import ListKind, Verdict, read_file
from marketplace.lists.sign_in.clocks import Clock, ClockUnread, clock_of, clocks_of, length_of
from marketplace.values import SHANGHAI, AttendanceEntry
from tests.marketplace.lists.sign_in_sheets import FILED_ON, KINDS, Drawn, Stay

FILED = date(2026, 11, 24)


def entries(text: str, name: str = "sheet.csv", **more: Any) -> list[AttendanceEntry]:
    found = read_file(text.encode(), name, filed_on=FILED).reports()
    return [row.value for report in found for row in report.rows if isinstance(row.value, AttendanceEntry)]


def codes(text: str) -> list[list[str]]:
    (report,) = read_file(text.encode(), "sheet.csv", filed_on=FILED).reports()
    return [[one.code for one in row.reasons] for row in report.rows]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(KINDS), st.integers(min_value=0, max_value=10**9))
def test_minutes_in_the_file_are_minutes_saved_and_minutes_asked_about(
    kind: Callable[[Random], Drawn], seed: int
) -> None:
    drawn = kind(Random(seed))
    tables = read_file(drawn.content, "表.csv", filed_on=FILED_ON).reports()
    assert [table.kind for table in tables] == [ListKind.ATTENDANCE], [table.questions for table in tables]
    saved: dict[int, list[Stay]] = {}
    asked: Counter[int] = Counter()
    for row in tables[0].rows:
        assert isinstance(row.value, AttendanceEntry)
        if row.verdict is Verdict.ACCEPTED:
            assert row.value.held_on is not None
            assert row.value.held_on <= FILED_ON
            stay = Stay(name=row.value.name, day=row.value.held_on, minutes=row.value.minutes_served)
            saved.setdefault(row.row_number, []).append(stay)
        else:
            asked[row.row_number] += 1
    assert set(saved) | set(asked) == set(drawn.stays)
    for number, true in drawn.stays.items():
        wrong = Counter(saved.get(number, [])) - Counter(true)
        assert not wrong
        assert len(saved.get(number, [])) + asked[number] == len(true)


def test_most_of_what_offices_write_needs_no_question() -> None:
    draw, saved, asked = Random(5), 0, 0
    for _ in range(300):
        drawn = draw.choice(KINDS)(draw)
        for report in read_file(drawn.content, "表.csv", filed_on=FILED_ON).reports():
            saved += len(report.accepted)
            asked += len(report.questioned)
    assert asked < 0.2 * saved


@pytest.mark.parametrize(
    ("text", "minute", "rest"),
    [
        ("8:30", 510, {}), ("8：30", 510, {}), ("8.30", 510, {}), ("8点半", 510, {}), ("八点", 480, {}), ("十一点半", 690, {}),
        ("3pm", 900, {"part": "pm"}), ("3:30 p.m.", 930, {"part": "pm"}), ("12:30 am", 30, {"part": "am"}), ("下午3点", 900, {"part": "pm"}),
        ("24:00", 1440, {}), ("次日1:00", 60, {"next_day": True}), ("凌晨1点", 60, {"part": "dawn"}), ("晚上7点一刻", 1155, {"part": "pm"}),
        ("中午12:30", 750, {"part": "noon"}), ("0830", 510, {}), ("08:30:00", 510, {}), ("晚8點半", 1230, {"part": "pm"}),
        ("2026-11-17 08:30", 510, {"day": date(2026, 11, 17)}), ("2026-11-17T08:30:15", 510, {"day": date(2026, 11, 17)}),
        ("11月17日 8:30", 510, {"day": date(2026, 11, 17)}), ("11-17 8:30", 510, {"day": date(2026, 11, 17)}), ("3点05分", 185, {}),
    ],
)  # fmt: skip
def test_a_clock_is_read_in_every_usual_hand(text: str, minute: int, rest: dict[str, Any]) -> None:
    assert clock_of(text, filed_on=FILED) == Clock(minute=minute, **rest)


@pytest.mark.parametrize(
    ("text", "code"),
    [("早早的", "clock_unreadable"), ("25:00", "clock_impossible"), ("8:75", "clock_impossible"), ("8:30-9:30", "clock_unreadable"), ("8", "clock_unreadable"), ("2026-02-30 8:30", "clock_unreadable")],
)  # fmt: skip
def test_what_is_no_clock_is_asked_about(text: str, code: str) -> None:
    with pytest.raises(ClockUnread, match=code):
        clock_of(text, filed_on=FILED)


@pytest.mark.parametrize("text", ["", " ", "—", "-", "无"])
def test_an_empty_cell_is_no_clock(text: str) -> None:
    assert clock_of(text, filed_on=FILED) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("8:30-11:30", 180), ("9点到11点半", 150), ("下午2:00-4:00", 120), ("2-4pm", None), ("2:00-4pm", 120), ("8:30—11:30", 180), ("8:30", None)],
)  # fmt: skip
def test_a_stretch_in_one_cell_is_two_clocks(text: str, minutes: int | None) -> None:
    found = clocks_of(text, filed_on=FILED)
    assert (found and found[1].minute - found[0].minute) == minutes


@pytest.mark.parametrize(
    ("text", "unit", "minutes"),
    [
        ("2", 60, 120), ("1.5", 60, 90), ("90", 1, 90), ("2", 0, None), ("2小时", 0, 120), ("1.5h", 0, 90), ("90分钟", 0, 90),
        ("1小时30分", 0, 90), ("1h 15m", 0, 75), ("1:15", 0, 75), ("02:30", 0, 150), ("两小时", 0, 120), ("一个半小时", 0, 90),
        ("半小时", 0, 30), ("2个小时", 0, 120), ("2 hours", 1, 120), ("上午", 60, None), ("二十分钟", 0, 20), ("1小时半", 0, 90),
    ],
)  # fmt: skip
def test_a_length_is_whole_minutes(text: str, unit: int, minutes: int | None) -> None:
    assert length_of(text, unit_minutes=unit) == minutes


TITLE = "夜巡签到表,,,\n2026年11月17日,,,\n姓名,签到,签退,备注\n"


@pytest.mark.parametrize(
    ("row", "minutes"),
    [("22:00,1:00", 180), ("22:00,次日1:00", 180), ("22:00,24:00", 120), ("22:00,凌晨1点", 180), ("23:30,0:30", 60), ("20:00,8:00", 720), ("晚上10点,凌晨2点", 240)],
)  # fmt: skip
def test_a_night_ends_on_the_next_day(row: str, minutes: int) -> None:
    (entry,) = entries(f"{TITLE}李四,{row},\n")
    assert entry.minutes_served == minutes
    assert entry.signed_out_at is not None
    assert entry.held_on == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("12:30,9:00", "times_reversed"), ("8:30,", "clock_missing"), ("8:30,3:00", "times_reversed"), ("3:00,5:00", "clock_half_day"),
        ("6:00,22:00", "stay_long"), ("2026-11-18 08:30,2026-11-18 11:30", "days_disagree"), ("2026-11-17 22:00,2026-11-20 1:00", "days_disagree"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_asked_about_and_never_swapped(row: str, code: str) -> None:
    assert code in codes(f"{TITLE}李四,{row},\n")[0]


def test_nothing_dated_ahead_is_taken() -> None:
    assert codes("签到表,,\n2027年11月17日,,\n姓名,签到,签退\n李四,8:30,11:30\n") == [["day_ahead"]]
    assert codes("日期,姓名,签到,签退\n2026-11-25,李四,8:30,11:30\n2026-11-24,李四,8:30,11:30\n") == [
        ["day_ahead"],
        [],
    ]


def test_rows_whose_day_or_hour_is_unknown_are_never_the_same() -> None:
    found = codes("姓名,签到,签退\n李四,8:30,11:30\n李四,8:30,11:30\n")
    assert found == [["held_on_missing"], ["held_on_missing"]]
    missing = codes(f"{TITLE}李四,8:30,,\n李四,8:30,,\n")
    assert missing == [["clock_missing"], ["clock_missing"]]


def test_one_stay_written_twice_counts_once_and_another_task_at_that_hour_is_asked_about() -> None:
    sheet = "签到表,,,\n2026年11月17日,,,\n姓名,签到,签退,服务内容\n"
    assert codes(f"{sheet}李四,8:30,11:30,理发\n李四,8点半,11:30,理发\n")[1] == ["stay_repeated"]
    assert codes(f"{sheet}李四,8:30,11:30,理发\n李四,8:30,11:30,理发\n")[1] == ["line_repeated"]


def test_a_day_in_american_order_is_read_only_where_it_can_be_nothing_else() -> None:
    sheet = "Date,Name,Time In,Time Out\n"
    assert entries(f"{sheet}11/17/2026,Ann Lee,9:00,11:00\n")[0].held_on == date(2026, 11, 17)
    assert entries(f"{sheet}17/11/2026,Ann Lee,9:00,11:00\n")[0].held_on == date(2026, 11, 17)
    assert codes(f"{sheet}03/11/2026,Ann Lee,9:00,11:00\n") == [["held_on_unread"]]


def test_clocks_that_are_changed_in_the_night_do_not_change_how_long_somebody_was_there() -> None:
    zone = ZoneInfo("Europe/Madrid")
    sheet = b"Date,Name,Time In,Time Out\n2026-10-24,Ann Lee,23:00,4:00\n"
    (report,) = read_file(sheet, "s.csv", filed_on=FILED, zone=zone).reports()
    value = report.rows[0].value
    assert isinstance(value, AttendanceEntry)
    assert value.minutes_served == 360
    assert value.signed_in_at == datetime(2026, 10, 24, 23, tzinfo=zone)


def test_a_stated_length_that_differs_from_the_clocks_is_asked_about() -> None:
    sheet = "2026年11月17日签到,,,\n姓名,签到,签退,时长(小时)\n"
    assert codes(f"{sheet}李四,8:30,11:30,3\n") == [[]]
    assert codes(f"{sheet}李四,8:30,11:30,2\n") == [["length_differs"]]


def test_a_declined_state_does_not_count_by_itself() -> None:
    sheet = "姓名,日期,服务时长(小时),审核状态\n"
    assert codes(f"{sheet}李四,2026-11-17,2,已通过\n") == [[]]
    assert codes(f"{sheet}李四,2026-11-17,2,未通过\n") == [["state_open"]]
    assert codes(f"{sheet}李四,2026-11-17,2,待审核\n") == [["state_open"]]


def test_a_tick_under_a_day_does_not_say_how_long() -> None:
    found = codes("红马甲签到表,,,\n姓名,11月3日,11月10日,11月17日\n李四,√,,√\n钱二,√,√,\n")
    assert found == [["stay_missing"]] * 4


def test_the_days_of_a_month_belong_to_the_month_of_the_title() -> None:
    found = entries("2026年10月服务时长(小时),,,\n姓名,1,2,3\n李四,2,,1\n")
    assert [(one.held_on, one.minutes_served) for one in found] == [
        (date(2026, 10, 1), 120),
        (date(2026, 10, 3), 60),
    ]
    assert SHANGHAI is not None


@pytest.mark.parametrize(
    ("hours", "minutes", "served", "asked"),
    [("2", "30", 150, []), ("2.5", "150", 150, []), ("2", "", 120, []), ("", "45", 45, []), ("2", "150", 120, ["lengths_differ"]), ("1.5", "20", 90, ["lengths_differ"])],
)  # fmt: skip
def test_hours_and_minutes_side_by_side_add_up_or_say_the_same(
    hours: str, minutes: str, served: int, asked: list[str]
) -> None:
    text = f"姓名,服务日期,小时,分钟\n张三,2026-11-03,{hours},{minutes}\n"
    (entry,) = entries(text)
    assert entry.minutes_served == served
    assert codes(text) == [asked]


@pytest.mark.parametrize("day", ["115/11/17", "115.11.17", "民國115年11月17日", "民国115年11月17日"])
def test_a_day_of_taiwans_calendar_is_that_day(day: str) -> None:
    (entry,) = entries(f"姓名,日期,签到,签退\n张三,{day},9:00,11:00\n")
    assert entry.held_on == date(2026, 11, 17)
