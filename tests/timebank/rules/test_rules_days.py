"""A stay cut at local midnights, in minutes that really passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.rules.hours.days import days_of, week_minutes

SHANGHAI, MADRID, NUUK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid"), ZoneInfo("America/Nuuk")


def test_a_visit_from_23_to_1_belongs_to_two_days() -> None:
    split = days_of(
        datetime(2026, 12, 14, 23, tzinfo=SHANGHAI), datetime(2026, 12, 15, 1, tzinfo=SHANGHAI), SHANGHAI
    )
    assert split == ((date(2026, 12, 14), 60), (date(2026, 12, 15), 60))


def test_seconds_do_not_move_a_minute_to_the_next_day() -> None:
    start = datetime(2026, 12, 14, 23, 0, 40, tzinfo=SHANGHAI)
    assert [part.minutes for part in days_of(start, start + timedelta(hours=2), SHANGHAI)] == [60, 60]


def test_what_ends_at_midnight_belongs_to_one_day() -> None:
    start = datetime(2026, 12, 14, 22, tzinfo=SHANGHAI)
    assert days_of(start, start + timedelta(hours=2), SHANGHAI) == ((date(2026, 12, 14), 120),)


def test_a_stay_of_no_time_is_a_day_with_nothing() -> None:
    start = datetime(2026, 12, 14, 22, tzinfo=SHANGHAI)
    assert days_of(start, start, SHANGHAI) == ((date(2026, 12, 14), 0),)


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        # Madrid's clock goes back at 3:00 on 25 October: 1:30 to 3:30 on the clock is three hours.
        (datetime(2026, 10, 25, 1, 30, tzinfo=MADRID), datetime(2026, 10, 25, 3, 30, tzinfo=MADRID), [180]),
        # It goes forward at 2:00 on 29 March: 1:30 to 3:30 is one hour.
        (datetime(2026, 3, 29, 1, 30, tzinfo=MADRID), datetime(2026, 3, 29, 3, 30, tzinfo=MADRID), [60]),
        # Nuuk loses 23:00 to midnight of Saturday 28 March: 22:30 to 1:00 is 30 minutes, then an hour.
        (datetime(2026, 3, 28, 22, 30, tzinfo=NUUK), datetime(2026, 3, 29, 1, 0, tzinfo=NUUK), [30, 60]),
    ],
)
def test_a_clock_change_neither_gives_nor_takes_time(
    starts: datetime, ends: datetime, minutes: list[int]
) -> None:
    assert [part.minutes for part in days_of(starts, ends, starts.tzinfo)] == minutes  # type: ignore[arg-type]


def test_a_naive_moment_and_a_reversed_stay_are_refused() -> None:
    aware = datetime(2026, 12, 14, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        days_of(datetime(2026, 12, 14, 9), aware, SHANGHAI)
    with pytest.raises(ValueError, match="after it begins"):
        days_of(aware, aware - timedelta(minutes=1), SHANGHAI)


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 5_000),
    st.sampled_from([SHANGHAI, MADRID, NUUK, ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_the_days_add_up_and_each_minute_lies_in_its_day(
    start: datetime, minutes: int, zone: ZoneInfo
) -> None:
    split = days_of(start, start + timedelta(minutes=minutes), zone)
    assert sum(part.minutes for part in split) == minutes
    at = start.replace(second=0, microsecond=0)
    for on, length in split:
        assert length == 0 or at.astimezone(zone).date() == on
        assert length == 0 or (at + timedelta(minutes=length - 1)).astimezone(zone).date() == on
        at += timedelta(minutes=length)


def test_a_week_runs_from_monday_to_sunday_over_new_year() -> None:
    used = {date(2026, 12, 27): 1, date(2026, 12, 28): 10, date(2027, 1, 3): 100, date(2027, 1, 4): 1_000}
    assert week_minutes(used, date(2027, 1, 1)) == 110
