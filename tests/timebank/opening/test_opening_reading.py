"""How the time in a paper passbook is written, and what is asked about."""

from __future__ import annotations

import pytest

from timebank.errors import BadField
from timebank.rules.hours.passbooks import HoursUnreadable, NoHours, UnitMissing, minutes_of, open_key


@pytest.mark.parametrize(
    "written",
    [
        "15 h 30", "15小时30分", "930分", "15:30", "15h30m", "十五小时三十分", "15 H 30", "15 hours 30 minutes",
        "１５小时３０分", "15小时半", "15.5小时", "930 min", "15個小時30分", "15小时30", "930分钟", "0930分",
    ],
)  # fmt: skip
def test_fifteen_and_a_half_hours_however_they_are_written(written: str) -> None:
    assert minutes_of(written) == 930


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("930", UnitMissing),  # hours or minutes?
        ("15.5", UnitMissing),
        ("15小时75分", HoursUnreadable),  # one of the two is a slip of the pen
        ("15点30分", HoursUnreadable),  # a clock
        ("约15小时", HoursUnreadable),
        ("-3小时", HoursUnreadable),
        ("", HoursUnreadable),
        ("0分", NoHours),
        ("10001小时", NoHours),
        ("99999999999小时", NoHours),
    ],
)
def test_what_is_no_length_or_no_likely_one_is_asked_about(written: str, refusal: type[BadField]) -> None:
    with pytest.raises(refusal) as refused:
        minutes_of(written)
    assert refused.value.zh
    assert refused.value.en
    assert refused.value.field == "amount"


def test_longer_than_a_clock_goes() -> None:
    assert minutes_of("150:30") == 9_030
    assert minutes_of("1,230分钟") == 1_230
    assert minutes_of("10000小时") == 600_000


def test_a_passbook_is_the_same_however_its_number_is_written() -> None:
    keys = {open_key("dongqu", member="M1", book=book) for book in ("A-012", "a 012", "Ａ０１２", "A012")}
    assert len(keys) == 1
    assert open_key("dongqu", member="M1", book="") != open_key("dongqu", member="M2", book="")
    assert open_key("dongqu", member="M1", book="1") != open_key("nanqu", member="M1", book="1")
