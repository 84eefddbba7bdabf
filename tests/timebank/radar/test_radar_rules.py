"""Each pattern of the radar: from when on it is seen, and what looks like it and is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from timebank.policy import RadarPolicy, SecondHand
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, State
from timebank.rules.parts.hands import Hand, People
from timebank.rules.parts.statements import Said, Statement
from timebank.rules.radar import Flag, Part, Pattern, Press, Seen, explained, look, part_of, titled

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)
POLICY = RadarPolicy()


def press(by: str, said: datetime, **known: Any) -> Press:
    return Press(by=by, said_at=said, **{"at": said, "live": True, **known})


def visit(
    earner: str,
    client: str,
    *,
    back: int = 20,
    hour: int = 9,
    minute: int = 7,
    minutes: int = 60,
    word: str = "",
    entered: str = "",
    later_days: int = 0,
    standing: SecondHand = SecondHand.CLIENT,
    new: list[int] = [0],  # noqa: B006
) -> Part:
    """A visit so many days back, noted by the helper and vouched for by whom it helped unless somebody else is named."""
    new[0] += 1
    came = (NOW - timedelta(days=back)).replace(hour=hour, minute=minute)
    left = came + timedelta(minutes=minutes)
    noted = left + timedelta(days=later_days)
    entries = (
        press(entered or earner, came if not later_days else noted, at=came, live=not later_days),
        press(entered or earner, noted, at=left, live=not later_days),
    )
    words = (press(word or client, noted + timedelta(hours=1), standing=standing),)
    return Part(
        uid=f"A{new[0]:04}", service=f"S{new[0]:04}", earner=earner, client=client, where=client, came=came,
        left=left, minutes=minutes, entries=entries, words=words, presses=(*entries, *words),
    )  # fmt: skip


def seen(*parts: Part, **known: Any) -> Seen:
    return Seen(now=NOW, zone=ZONE, parts=tuple(sorted(parts, key=lambda one: one.came)), **known)


def of(rule: Pattern, what: Seen, policy: RadarPolicy = POLICY) -> list[Flag]:
    return [one for one in look(what, policy) if one.rule is rule]


def people(rule: Pattern, what: Seen, policy: RadarPolicy = POLICY) -> list[tuple[str, ...]]:
    return [one.people for one in of(rule, what, policy)]


def test_two_places_at_once_are_seen_and_five_minutes_are_not() -> None:
    one = visit("li", "wang", hour=9)
    found = of(Pattern.OVERLAP, seen(one, visit("li", "zhao", hour=9, minute=47)))
    assert [(flag.people, dict(flag.figures)) for flag in found] == [(("li",), {"times": 1, "minutes": 20})]
    assert of(Pattern.OVERLAP, seen(one, visit("li", "zhao", hour=10, minute=2))) == []
    assert of(Pattern.OVERLAP, seen(one, visit("qian", "zhao", hour=9, minute=47))) == []


def test_the_same_help_twice_on_record_is_no_second_place() -> None:
    both = seen(visit("li", "wang"), visit("li", "wang", minute=19))
    assert people(Pattern.DUPLICATE, both) == [("li",)]
    assert of(Pattern.OVERLAP, both) == []
    assert of(Pattern.DUPLICATE, seen(visit("li", "wang"), visit("li", "wang", hour=15))) == []


def test_three_visits_on_end_are_seen_and_three_meals_are_not() -> None:
    on_end = [visit("li", "wang", hour=9, minute=0, minutes=20)]
    on_end += [visit("li", "wang", hour=9, minute=30, minutes=20), visit("li", "wang", hour=10, minute=10)]
    assert people(Pattern.SPLIT, seen(*on_end)) == [("li", "wang")]
    meals = [visit("li", "wang", hour=hour) for hour in (7, 12, 18)]
    assert of(Pattern.SPLIT, seen(*meals)) == []
    assert people(Pattern.SPLIT, seen(*meals, visit("li", "wang", hour=21))) == [("li", "wang")]


def test_late_entries_of_one_hand_are_seen_unless_a_third_person_has_looked() -> None:
    late = [
        visit(f"v{at}", "wang", back=28, hour=8 + at, minutes=50, entered="lao", later_days=20)
        for at in range(5)
    ]
    assert people(Pattern.LATE, seen(*late)) == [("lao",)]
    assert of(Pattern.LATE, seen(*late[:4])) == []
    approved = [replace(one, words=(*one.words, press("auditor", one.words[0].said_at))) for one in late]
    assert of(Pattern.LATE, seen(*approved)) == []
    usual = [visit(f"u{at}", "zhao", back=3, entered="lao", minute=at) for at in range(25)]
    assert of(Pattern.LATE, seen(*late, *usual)) == []


@pytest.mark.parametrize(
    ("parts", "seen_as"),
    [
        ([("wang", 0, 7, 300), ("zhao", 0, 13, 300)], False),
        ([("wang", 0, 7, 300), ("zhao", 0, 13, 301)], True),
        ([("wang", day, 8, 400) for day in range(6)], False),
        ([("wang", day, 8, 401) for day in range(6)], True),
        ([("wang", day, 8, 180) for day in range(26)], False),
        ([("wang", day, 8, 180) for day in range(27)], True),
        ([("wang", day, 8, 60) for day in range(30)], False),
    ],
)
def test_a_day_a_week_and_a_month_have_an_end(parts: list[tuple[str, int, int, int]], seen_as: bool) -> None:
    found = [visit("li", who, back=10 + day, hour=hour, minutes=minutes) for who, day, hour, minutes in parts]
    assert bool(of(Pattern.MARATHON, seen(*found))) is seen_as


def circle(*names: str, times: int = 2, word: str = "") -> list[Part]:
    around = zip(names, [*names[1:], names[0]], strict=True)
    return [
        visit(one, other, back=5 + 7 * week, hour=8 + at, word=word)
        for at, (one, other) in enumerate(around)
        for week in range(times)
    ]


def test_a_circle_that_vouches_for_itself_is_seen() -> None:
    assert people(Pattern.RING, seen(*circle("a", "b", "c"))) == [("a", "b", "c")]
    assert of(Pattern.RING, seen(*circle("a", "b", "c", times=1))) == []


def test_a_helper_with_three_elders_is_no_circle() -> None:
    star = [visit("a", who, back=5 + week, hour=8 + at) for at, who in enumerate("bcd") for week in range(4)]
    assert of(Pattern.RING, seen(*star)) == []


def test_neighbours_whom_somebody_else_vouches_for_are_no_circle() -> None:
    assert of(Pattern.RING, seen(*circle("a", "b", "c", word="officer"))) == []


def test_a_family_is_no_circle() -> None:
    home = People(homes={"b": "a", "c": "a"})
    assert of(Pattern.RING, seen(*circle("a", "b", "c"), people=home)) == []


def test_a_circle_is_seen_among_people_who_help_it_and_whom_it_helps() -> None:
    ring = circle("a", "b", "c", "d", times=4)
    outside = [visit(one, f"old-{one}", back=30, hour=15) for one in "abcd"]
    outside += [visit("helper", one, back=31, hour=8 + at) for at, one in enumerate("abcd")]
    many = [visit(f"n{at}", f"n{(at + 1) % 12}", back=40) for at in range(12)]
    bridge = [visit("d", "n0", back=41), visit("n5", "a", back=42)]
    assert people(Pattern.RING, seen(*ring, *outside, *many, *bridge)) == [("a", "b", "c", "d")]


def office_words(earner: str, hand: str, times: int) -> list[Part]:
    return [
        visit(earner, f"{earner}-{at}", back=3 + at, word=hand, standing=SecondHand.WORKER)
        for at in range(times)
    ]


def test_one_office_hand_for_a_friend_is_seen_where_others_could_speak() -> None:
    others = [part for at in range(8) for part in office_words(f"v{at}", ("w1", "w2")[at % 2], 4)]
    friend = office_words("li", "w1", 14)
    assert people(Pattern.OFFICE, seen(*others, *friend)) == [("li", "w1")]
    assert of(Pattern.OFFICE, seen(*others, *friend[:9])) == []


def test_the_only_worker_of_a_community_speaks_for_everybody() -> None:
    assert of(Pattern.OFFICE, seen(*office_words("li", "w1", 14), *office_words("qian", "w1", 4))) == []


def test_whom_one_helper_and_one_hand_alone_have_met_is_seen() -> None:
    visits = [visit("li", "wang", back=5 + at, word="w1", standing=SecondHand.WORKER) for at in range(4)]
    assert people(Pattern.CLIENT, seen(*visits)) == [("li", "w1", "wang")]
    assert of(Pattern.CLIENT, seen(*visits[:3])) == []
    assert of(Pattern.CLIENT, seen(*visits, met={"wang": frozenset({"daughter"})})) == []
    assert of(Pattern.CLIENT, seen(*visits, visit("qian", "wang", back=2, word="w1"))) == []
    assert of(Pattern.CLIENT, seen(*visits, visit("li", "wang", back=2))) == []
    assert of(Pattern.CLIENT, seen(*visits, people=People(homes={"wang": "husband"}))) == []


def roll(size: int, *, back: int, own: bool = False) -> list[Part]:
    starts = (NOW - timedelta(days=back)).replace(hour=9)
    found = []
    for at in range(size):
        one = visit(
            f"m{back}-{at}", "", back=back, hour=9, minute=0, entered="" if own else "leader", word="w1"
        )
        word = press("w1", starts + timedelta(hours=3, seconds=at))
        presses = (*one.entries, word)
        found.append(
            replace(one, service=f"shift-{back}", client="", where="team", words=(word,), presses=presses)
        )
    return found


def test_very_many_at_once_are_seen_beside_what_is_usual() -> None:
    usual = [part for week in range(4) for part in roll(14, back=20 + 7 * week)]
    assert people(Pattern.BURST, seen(*usual, *roll(29, back=3))) == [("w1",)]
    assert of(Pattern.BURST, seen(*usual, *roll(28, back=3))) == []
    assert of(Pattern.BURST, seen(*usual, *roll(60, back=3, own=True))) == []


def test_a_shift_of_people_nobody_knew_is_seen() -> None:
    usual = [part for week in range(4) for part in roll(14, back=20 + 7 * week)]
    shift = roll(14, back=3)
    since = {one.earner: NOW - timedelta(days=6) for one in shift[:5]}
    assert people(Pattern.BURST, seen(*usual, *shift, since=since)) == [("w1",)]
    assert of(Pattern.BURST, seen(*usual, *shift, since=dict(list(since.items())[:4]))) == []


def test_times_too_even_are_seen_and_sheets_are_not() -> None:
    even = [visit("li", f"e{at}", back=3 + at, minute=30) for at in range(12)]
    assert people(Pattern.ROUND, seen(*even)) == [("li",)]
    assert of(Pattern.ROUND, seen(*even[:11])) == []
    clock = [visit("li", f"e{at}", back=3 + at, minute=7 * at % 60, minutes=50 + 3 * at) for at in range(12)]
    assert of(Pattern.ROUND, seen(*clock)) == []
    sheet = [visit("li", f"e{at}", back=9 + at, minute=0, entered="w1", later_days=2) for at in range(14)]
    assert of(Pattern.ROUND, seen(*sheet)) == []


def on_telephone(part: Part, via: str) -> Part:
    return replace(part, presses=tuple(replace(one, via=via) for one in part.entries))


def test_three_people_on_one_telephone_are_seen_and_a_family_of_two_is_not() -> None:
    devices = {"i1": "phone", "i2": "phone", "i3": "phone"}
    parts = [on_telephone(visit(f"v{at}", f"e{at}", hour=8 + at), f"i{at}") for at in (1, 2, 3)]
    assert people(Pattern.DEVICE, seen(*parts, devices=devices)) == [("v1", "v2", "v3")]
    assert of(Pattern.DEVICE, seen(*parts[:2], devices=devices)) == []
    next_day = on_telephone(visit("v3", "e3", back=19), "i3")
    assert of(Pattern.DEVICE, seen(*parts[:2], next_day, devices=devices)) == []


def test_who_enters_and_vouches_alone_is_seen_after_a_week() -> None:
    own = [visit(f"v{at}", "wang", back=12 + at, entered="lao", word="lao") for at in range(3)]
    assert people(Pattern.ALONE, seen(*own)) == [("lao",)]
    assert of(Pattern.ALONE, seen(*own[:2])) == []
    second = [replace(one, words=(*one.words, press("w2", one.words[0].said_at))) for one in own]
    assert of(Pattern.ALONE, seen(*second)) == []
    fresh = [visit(f"v{at}", "wang", back=2 + at, entered="lao", word="lao") for at in range(3)]
    assert of(Pattern.ALONE, seen(*fresh)) == []


def test_a_sign_in_that_the_first_could_use_is_no_second_hand() -> None:
    backing = {"code": frozenset({Hand(by="w1")})}
    parts = [visit("li", "wang", back=12 + at, entered="w1") for at in range(3)]
    parts = [replace(one, words=(replace(one.words[0], via="code"),)) for one in parts]
    assert people(Pattern.ALONE, seen(*parts, people=People(backing=backing))) == [("w1", "wang")]
    assert of(Pattern.ALONE, seen(*parts)) == []


def test_every_pattern_says_itself_in_both_languages_with_its_figures() -> None:
    figures = dict.fromkeys(
        [
            "times",
            "minutes",
            "days",
            "parts",
            "percent",
            "day",
            "week",
            "people",
            "words",
            "usual",
            "visits",
            "new",
            "same",
        ],
        7,
    )
    for rule in Pattern:
        assert all(titled(rule))
        for words in explained(Flag(rule=rule, people=(), parts=(), figures=figures)):
            assert "$" not in words
            assert "7" in words


def test_minutes_are_said_in_hours() -> None:
    day = Flag(rule=Pattern.MARATHON, people=(), parts=(), figures={"day": 655, "week": 1_800, "days": 0})
    zh, en = explained(day)
    assert "最长的一天10小时55分，最长的七天30小时" in zh
    assert "10 h 55 min" in en
    none = Flag(rule=Pattern.OVERLAP, people=(), parts=(), figures={"minutes": 0, "times": 1})
    assert "最长重叠0分" in explained(none)[0]


def test_a_part_is_looked_at_as_its_statements_stand() -> None:
    came = NOW - timedelta(days=4)
    service = Service(
        uid="S1", community="dongqu", kind=Kind.VISIT, title="陪诊", recipient="wang", starts_at=came,
        ends_at=came + timedelta(hours=1),
    )  # fmt: skip
    row = Attendance(
        uid="A1", service="S1", member="li", state=State.POSTED, signed_up_at=came, checked_in_at=came,
        checked_out_at=came + timedelta(hours=1), minutes_served=60,
    )  # fmt: skip

    def said(what: Said, by: str, hours: int, **known: Any) -> Statement:
        at = came + timedelta(hours=hours)
        return Statement(uid=f"{what}{hours}", part="A1", service="S1", what=what, by=by, said_at=at, **known)

    found = part_of(
        row,
        service,
        [
            said(Said.ARRIVAL, "li", 0, at=came),
            said(Said.LEAVING, "lao", 1, at=came + timedelta(hours=1), evidence=Evidence.SHEET),
            said(Said.WORD, "w1", 2),
            said(Said.RETRACT, "w1", 3, retracts="word2"),
            said(Said.WORD, "wang", 4),
            said(Said.POSTED, "", 5),
        ],
    )
    assert found is not None
    assert [(one.by, one.live) for one in found.entries] == [("li", True), ("lao", False)]
    assert [one.by for one in found.words] == ["wang"]
    assert [one.by for one in found.presses] == ["li", "lao", "wang"]
    assert part_of(replace(row, state=State.NO_SHOW), service, []) is None
