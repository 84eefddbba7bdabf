"""What stands on an auditor's lists: each pattern, and what looks like it and is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from timebank.office.auditing.words import OTHER, SAID, action
from timebank.rules.oversight.auditing import (
    ENTERED,
    PUT_RIGHT,
    VOUCHED,
    Spoken,
    alone,
    bursts,
    corrections,
    late,
)
from timebank.rules.parts.attendance import State
from timebank.rules.parts.statements import Said

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


def said(
    what: Said, by: str, *, part: str = "A1", minutes_later: int = 0, uid: str = "", **more: Any
) -> Spoken:
    return Spoken(
        **{
            "at": 1, "uid": uid or f"{part}{what}{by}{minutes_later}", "part": part, "service": f"S{part}", "what": what,
            "by": by, "said_at": NOON + timedelta(minutes=minutes_later), "minutes": 60, "retracts": "", "ends_at": NOON,
            "state": State.POSTED, "minutes_credited": 60, **more,
        }
    )  # fmt: skip


def test_one_hand_that_entered_and_vouched_is_shown_once_for_the_part() -> None:
    spoken = [said(Said.ARRIVAL, "W"), said(Said.LEAVING, "W"), said(Said.WORD, "W", minutes_later=5)]
    [one] = alone(spoken)
    assert (one.part, one.hand, one.minutes) == ("A1", "W", 60)


@pytest.mark.parametrize(
    "spoken",
    [
        [said(Said.ARRIVAL, "V"), said(Said.WORD, "E")],
        [said(Said.ARRIVAL, "W", part="A1"), said(Said.WORD, "W", part="A2")],
        [said(Said.ARRIVAL, ""), said(Said.WORD, "")],
        [
            said(Said.ARRIVAL, "W"), said(Said.WORD, "W", uid="T1"),
            said(Said.RETRACT, "W", minutes_later=1, retracts="T1"),
        ],
    ],
    ids=["two hands", "two parts", "by the clock", "taken back"],
)  # fmt: skip
def test_what_is_not_one_hand_alone_is_not_shown_as_such(spoken: list[Spoken]) -> None:
    assert alone(spoken) == []


def test_what_does_not_stand_in_the_book_has_no_minutes() -> None:
    [one] = alone([said(Said.WENT, "W"), said(Said.WORD, "W", state=State.CONFIRMED)])
    assert one.minutes is None


def test_late_is_counted_in_days_of_the_place() -> None:
    two_days = 2 * 24 * 60
    spoken = [
        said(Said.ARRIVAL, "W", part="A1", minutes_later=two_days),
        said(Said.LEAVING, "W", part="A1", minutes_later=two_days + 1),
        said(Said.ARRIVAL, "W", part="A2", minutes_later=two_days - 24 * 60),
        said(Said.WORD, "E", part="A3", minutes_later=two_days),
    ]
    [one] = late(spoken, UTC)
    assert (one.part, one.days_late) == ("A1", 2)


def test_a_burst_is_one_hand_within_ten_minutes() -> None:
    close = [said(Said.WORD, "W", part=f"A{n}", minutes_later=n) for n in range(7)]
    apart = [said(Said.WORD, "X", part=f"B{n}", minutes_later=3 * n) for n in range(7)]
    several = [said(Said.WORD, f"E{n}", part=f"C{n}") for n in range(9)]
    [one] = bursts([*apart, *close, *several])
    assert (one.hand, one.words, one.first_at, one.last_at) == ("W", 7, NOON, NOON + timedelta(minutes=6))
    assert len(one.services) == 7


def test_two_bursts_of_one_hand_are_two() -> None:
    spoken = [said(Said.WORD, "W", part=f"A{n}", minutes_later=n + (600 if n > 5 else 0)) for n in range(12)]
    assert [one.words for one in bursts(spoken)] == [6, 6]


def test_corrections_are_what_was_taken_back_called_wrong_or_reversed() -> None:
    every = [said(what, "W", minutes_later=at) for at, what in enumerate(Said)]
    assert [one.what for one in corrections(every)] == [what for what in reversed(Said) if what in PUT_RIGHT]


def test_everything_on_a_list_has_a_word() -> None:
    assert SAID.keys() >= ENTERED | VOUCHED | PUT_RIGHT | {Said.POSTED}


def test_every_action_of_the_log_has_a_word() -> None:
    import re
    from pathlib import Path

    named = set()
    for path in Path(__file__).parents[3].glob("timebank/**/*.py"):
        named |= set(re.findall(r'audit\.note\(\s*[\w.()]+,\s*[^,]+,\s*"([a-z_]+)"', path.read_text("utf-8")))
    assert len(named) > 100
    assert [name for name in sorted(named) if action(name) == OTHER] == []
