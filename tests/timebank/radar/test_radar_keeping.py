"""What was seen before is not shown again: an open flag grows, an explained one rests, a wrong one needs something new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from timebank.policy import RadarPolicy
from timebank.rules.radar import Flag, KeptFlag, Look, Pattern, sort_out

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FLAG = Flag(rule=Pattern.RING, people=("a", "b", "c"), parts=("A1", "A2"), figures={"parts": 2})
KEPT = KeptFlag(uid="F1", community="dongqu", flag=FLAG, seen_at=NOW - timedelta(days=20))
POLICY = RadarPolicy()


def looked(state: Look, days: int) -> KeptFlag:
    return replace(KEPT, state=state, looked_by="w", looked_at=NOW - timedelta(days=days), says="问过了")


def test_what_was_never_seen_is_new_and_the_same_again_is_not() -> None:
    assert sort_out([FLAG], [], POLICY, now=NOW).new == (FLAG,)
    again = sort_out([FLAG], [KEPT], POLICY, now=NOW)
    assert (again.new, again.changed) == ((), ())
    other = replace(FLAG, rule=Pattern.SPLIT)
    assert sort_out([other], [KEPT], POLICY, now=NOW).new == (other,)


def test_an_open_flag_grows_and_keeps_everybody_it_ever_named() -> None:
    larger = replace(FLAG, people=("a", "b", "d"), parts=("A1", "A3"))
    larger_still = replace(FLAG, people=("a", "b", "c", "d"), parts=("A1", "A3"))
    done = sort_out([larger_still], [KEPT], POLICY, now=NOW)
    assert [one.flag for one in done.changed] == [larger_still]
    four = replace(KEPT, flag=replace(FLAG, people=("a", "b", "c", "d")))
    [changed] = sort_out([replace(larger, people=("a", "b", "d"))], [four], POLICY, now=NOW).changed
    assert changed.flag.people == ("a", "b", "c", "d")
    assert changed.flag.parts == ("A1", "A3")


def test_what_was_explained_rests_and_comes_back_with_something_new() -> None:
    more = replace(FLAG, parts=("A1", "A2", "A3"))
    assert sort_out([more], [looked(Look.EXPLAINED, 89)], POLICY, now=NOW).new == ()
    assert sort_out([more], [looked(Look.EXPLAINED, 90)], POLICY, now=NOW).new == (more,)
    assert sort_out([FLAG], [looked(Look.EXPLAINED, 90)], POLICY, now=NOW).new == ()


def test_what_was_found_wrong_comes_back_as_soon_as_it_goes_on() -> None:
    more = replace(FLAG, parts=("A3",))
    assert sort_out([more], [looked(Look.WRONG, 1)], POLICY, now=NOW).new == (more,)
    assert sort_out([FLAG], [looked(Look.WRONG, 1)], POLICY, now=NOW).new == ()
