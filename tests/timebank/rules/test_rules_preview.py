"""What the last thirty days would have earned under a new rule: who, by how much, by which rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from timebank.policy import CreditPolicy, EarningPolicy, Grade, Policy, RedeemingPolicy
from timebank.rules.hours.credit import Stay
from timebank.rules.hours.eligible import Age, Person, Work
from timebank.rules.hours.preview import PastPart, Preview, Saver, preview, stretch

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 12, 1)
FIRST, LAST = stretch(TODAY)
OLD = Policy(credit=CreditPolicy(minutes_per_day_max=480))


def part(member: str, day: int, hour: int, minutes: int, **work: bool) -> PastPart:
    starts_at = datetime(2026, 11, day, hour, tzinfo=ZONE)
    return PastPart(member=member, stay=Stay(starts_at=starts_at, minutes=minutes, work=Work(**work)))  # type: ignore[arg-type]


def looked(*parts: PastPart, after: Policy, stored: dict[str, int] | None = None) -> Preview:
    return preview(
        parts, before=lambda _on: OLD, after=after, current=OLD, zone=ZONE, first_on=FIRST, last_on=LAST, stored=stored
    )  # fmt: skip


def test_a_preview_looks_at_the_thirty_days_before_today() -> None:
    assert (date(2026, 11, 1), date(2026, 11, 30)) == (FIRST, LAST)


def test_only_people_whose_minutes_differ_are_named_the_largest_change_first() -> None:
    after = Policy(credit=CreditPolicy(minutes_per_day_max=120))
    found = looked(
        part("a", 3, 9, 180), part("b", 3, 9, 60), part("c", 3, 9, 400), part("c", 4, 9, 60), after=after
    )
    assert (found.people, found.parts) == (3, 4)
    assert [(one.member, one.minutes_before, one.minutes_after, one.parts) for one in found.differences] == [
        ("c", 400, 120, 1),
        ("a", 180, 120, 1),
    ]
    assert found.differences[0].rules == ("day_cap",)
    assert (found.minutes_before, found.minutes_after) == (580, 240)


def test_two_parts_of_one_day_share_its_cap_whatever_their_order() -> None:
    after = Policy(credit=CreditPolicy(minutes_per_day_max=120))
    found = looked(part("a", 3, 14, 90), part("a", 3, 9, 90), after=after)
    assert [(one.minutes_before, one.minutes_after) for one in found.differences] == [(90, 30)]


def test_the_store_is_followed_from_the_beginning_of_the_stretch() -> None:
    after = Policy(credit=CreditPolicy(minutes_per_day_max=480, minutes_total_max=100))
    found = looked(part("a", 3, 9, 60), part("a", 4, 9, 60), after=after, stored={"a": 30})
    assert [(one.minutes_before, one.minutes_after, one.parts) for one in found.differences] == [(60, 10, 1)]


def test_the_same_rule_changes_nobody() -> None:
    assert looked(part("a", 3, 9, 600), after=OLD).differences == ()


def test_low_fee_work_shows_under_a_rule_that_lets_it_earn() -> None:
    after = Policy(credit=OLD.credit, earning=EarningPolicy(free_only=False))
    found = looked(part("a", 3, 9, 60, free=False), after=after)
    assert (found.differences[0].minutes_before, found.differences[0].minutes_after) == (0, 60)
    assert found.differences[0].rules == ("not_free",)


def test_each_day_is_compared_with_its_own_old_rule() -> None:
    earlier = Policy(credit=CreditPolicy(minutes_per_day_max=60))
    parts = [part("a", 3, 9, 100), part("a", 20, 9, 100)]
    found = preview(
        parts, before=lambda on: earlier if on.day < 10 else OLD, after=OLD, current=OLD, zone=ZONE,
        first_on=FIRST, last_on=LAST,
    )  # fmt: skip
    assert [(one.minutes_before, one.minutes_after, one.parts) for one in found.differences] == [(60, 100, 1)]


def test_who_may_use_hours_and_the_reserve_are_shown_too() -> None:
    after = Policy(
        credit=CreditPolicy(reserve_minutes=500), redeeming=RedeemingPolicy(age_min=60, minutes_before_first=600)
    )  # fmt: skip
    savers = [
        Saver(member="young", minutes_saved=60, given={Grade.C: 900}, person=Person(age=Age.exactly(40))),
        Saver(member="new", minutes_saved=60, given={Grade.C: 60}, person=Person(age=Age.exactly(70))),
        Saver(member="fine", minutes_saved=60, given={Grade.C: 900}, person=Person(age=Age.exactly(70))),
        Saver(member="unknown", minutes_saved=60, given={Grade.C: 900}, person=Person()),
    ]
    found = preview(
        [], before=lambda _on: OLD, after=after, current=OLD, zone=ZONE, first_on=FIRST, last_on=LAST, savers=savers, owed=700
    )  # fmt: skip
    assert (found.redeem_lost, found.redeem_gained) == (("new", "young"), ())
    assert (found.reserve_before, found.reserve_after, found.too_small_a_reserve) == (6_000_000, 500, True)
    back = preview(
        [], before=lambda _on: after, after=OLD, current=after, zone=ZONE, first_on=FIRST, last_on=LAST, savers=savers
    )  # fmt: skip
    assert back.redeem_gained == ("new", "young")


def test_a_kept_preview_comes_back_and_names_nobody_but_by_id() -> None:
    found = looked(part("M1", 3, 9, 600), after=Policy(credit=CreditPolicy(minutes_per_day_max=120)))
    assert Preview.from_kept(found.kept()) == found
    assert found.kept() == Preview.from_kept(found.kept()).kept()


def test_ten_thousand_parts_are_looked_at_one_by_one() -> None:
    parts = [part(f"m{n % 700}", 1 + n % 30, 8, 30 + n % 90) for n in range(10_000)]
    found = looked(*parts, after=Policy(credit=CreditPolicy(minutes_per_day_max=60)))
    assert found.parts == 10_000
    assert found.people == 700
    assert all(one.minutes_after < one.minutes_before for one in found.differences)
    assert timedelta(days=29) == LAST - FIRST
