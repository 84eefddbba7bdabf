"""From served to credited minutes: for each rule a pair, it bites and it does not; and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.policy import (
    CreditPolicy,
    EarningPolicy,
    OverTotal,
    Policy,
    Rounding,
    TeamHours,
    Weight,
)
from timebank.rules.hours.credit import Credit, GoesTo, Stay, credited, rounded
from timebank.rules.hours.eligible import Age, Person, Work

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 12, 14)


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def earned(
    minutes: int,
    *,
    from_at: datetime | None = None,
    used: dict[date, int] | None = None,
    stored: int = 0,
    work: Work | None = None,
    age: Age | None = None,
    rule_of: Callable[[date], Policy] | None = None,
    earning: EarningPolicy | None = None,
    **credit: object,
) -> Credit:
    policy = Policy(credit=CreditPolicy(**credit), earning=earning or EarningPolicy())  # type: ignore[arg-type]
    stay = Stay(
        starts_at=from_at or at(9), minutes=minutes, work=work or Work(), person=Person(age=age or Age())
    )
    return credited(
        stay, rule_of=rule_of or (lambda _on: policy), zone=ZONE, used=used, minutes_stored=stored
    )


def rules(credit: Credit) -> list[tuple[str, int]]:
    return [(cut.rule, cut.minutes) for cut in credit.cuts]


def test_without_rules_every_minute_counts() -> None:
    credit = earned(61)
    assert credit == Credit(minutes_served=61, minutes_credited=61, days=((DAY, 61),))


def test_a_service_below_the_minimum_counts_nothing() -> None:
    assert rules(earned(9, minutes_min=10)) == [("minimum", -9)]
    assert rules(earned(10, minutes_min=10)) == []


@pytest.mark.parametrize(
    ("minutes", "rounding", "left"),
    [
        (52, Rounding.NEAREST, 45), (53, Rounding.NEAREST, 60), (52, Rounding.UP, 60), (59, Rounding.DOWN, 45),
        (60, Rounding.UP, 60), (0, Rounding.UP, 0), (1, Rounding.UP, 15), (7, Rounding.NEAREST, 0), (8, Rounding.NEAREST, 15),
    ],
)  # fmt: skip
def test_minutes_become_whole_steps(minutes: int, rounding: Rounding, left: int) -> None:
    assert rounded(minutes, step_minutes=15, rounding=rounding) == left
    assert earned(minutes, step_minutes=15, rounding=rounding).minutes_credited == left


def test_low_fee_work_earns_nothing() -> None:
    credit = earned(60, work=Work(free=False))
    assert (credit.minutes_credited, credit.minutes_counted) == (0, 0)
    assert credit.cuts[0].zh == "低偿和有偿服务不计时"
    assert credit.cuts[0].en == "only work that is free earns hours"
    assert earned(60, work=Work(free=False), earning=EarningPolicy(free_only=False)).minutes_credited == 60


def test_only_the_kinds_that_a_community_names_earn() -> None:
    daily = EarningPolicy(categories=("daily",))
    assert earned(60, work=Work(categories=("errand", "daily")), earning=daily).minutes_credited == 60
    assert rules(earned(60, work=Work(categories=("patrol",)), earning=daily)) == [("category", -60)]
    not_pets = EarningPolicy(categories_not=("pets",))
    assert rules(earned(60, work=Work(categories=("pets",)), earning=not_pets)) == [("category", -60)]
    assert earned(60, work=Work(categories=("errand",)), earning=not_pets).minutes_credited == 60


def test_an_age_cuts_only_who_is_certainly_outside() -> None:
    rule = EarningPolicy(age_min=18, age_max=70)
    assert rules(earned(60, age=Age.exactly(17), earning=rule)) == [("age_min", -60)]
    assert rules(earned(60, age=Age.exactly(71), earning=rule)) == [("age_max", -60)]
    for age in (Age.exactly(18), Age.exactly(70), Age(), Age(least=16, most=18), Age(least=70, most=72)):
        assert earned(60, age=age, earning=rule).minutes_credited == 60, age


def test_a_cap_for_one_service_counts_over_midnight() -> None:
    credit = earned(180, from_at=at(23), minutes_per_activity_max=120)
    assert rules(credit) == [("activity_cap", -60)]
    assert credit.days == ((DAY, 60), (DAY + timedelta(days=1), 60))


def test_a_night_is_capped_by_each_of_its_days() -> None:
    tomorrow = DAY + timedelta(days=1)
    credit = earned(120, from_at=at(23), used={DAY: 460}, minutes_per_day_max=480)
    assert rules(credit) == [("day_cap", -40)]
    assert credit.days == ((DAY, 20), (tomorrow, 60))
    credit = earned(120, from_at=at(23), used={DAY: 480, tomorrow: 480}, minutes_per_day_max=480)
    assert (credit.minutes_credited, credit.days) == (0, ())
    assert rules(credit) == [("day_cap", -120)]


def test_a_night_from_sunday_to_monday_belongs_to_two_weeks() -> None:
    sunday = date(2027, 1, 3)
    credit = earned(120, from_at=at(23, day=sunday), used={date(2026, 12, 28): 350}, minutes_per_week_max=360)
    assert rules(credit) == [("week_cap", -50)]
    assert credit.days == ((sunday, 10), (date(2027, 1, 4), 60))


def test_a_night_within_one_week_uses_up_the_week_as_it_goes() -> None:
    credit = earned(180, from_at=at(23), minutes_per_week_max=100)
    assert credit.days == ((DAY, 60), (DAY + timedelta(days=1), 40))


def test_a_night_fills_the_store_once() -> None:
    assert earned(120, from_at=at(23), stored=550, minutes_total_max=600).minutes_credited == 50


def test_rounding_looks_at_the_whole_night_and_the_minimum_too() -> None:
    credit = earned(60, from_at=at(23, 53), step_minutes=15, minutes_min=10, rounding=Rounding.NEAREST)
    assert credit.minutes_credited == 60
    down = earned(67, from_at=at(23, 57), step_minutes=30, rounding=Rounding.DOWN)
    assert (down.minutes_credited, down.days) == (60, ((DAY, 3), (DAY + timedelta(days=1), 57)))
    less = earned(20, from_at=at(23, 45), step_minutes=15, rounding=Rounding.DOWN)
    assert (less.minutes_credited, less.days) == (15, ((DAY, 15),))
    up = earned(50, from_at=at(23, 30), step_minutes=15, rounding=Rounding.UP)
    assert up.days == ((DAY, 30), (DAY + timedelta(days=1), 30))


def test_what_is_above_the_store_goes_to_the_fund_or_is_thanked() -> None:
    credit = earned(60, stored=570, minutes_total_max=600)
    assert rules(credit) == [("total_cap", -30)]
    assert (credit.minutes_counted, credit.given_on(GoesTo.FUND)) == (60, 30)
    thanked = earned(60, stored=570, minutes_total_max=600, over_total=OverTotal.THANKS)
    assert (thanked.minutes_credited, thanked.given_on(GoesTo.FUND)) == (30, 0)
    assert earned(60, stored=700, minutes_total_max=600).minutes_credited == 0
    assert earned(60, stored=-120, minutes_total_max=600).minutes_credited == 60


def test_weights_stand_beside_raw_minutes_and_caps_look_at_the_raw_ones() -> None:
    weights = (Weight(category="daily", percent=150), Weight(category="errand", percent=50))
    credit = earned(100, work=Work(categories=("haircut", "daily")), weights=weights, minutes_per_day_max=60)
    assert (credit.minutes_served, credit.minutes_counted, credit.minutes_credited) == (100, 60, 90)
    assert rules(credit) == [("day_cap", -40), ("weight", 30)]
    nearest = earned(61, work=Work(categories=("errand", "daily")), weights=weights)
    assert nearest.minutes_credited == 30  # the nearest kind tells, and half a minute is no minute
    assert earned(61, work=Work(categories=("daily",)), weights=()).minutes_credited == 61


def test_a_team_keeps_its_hours_where_the_rule_says_so() -> None:
    given_on = EarningPolicy(team_hours=TeamHours.GIVEN_ON)
    credit = earned(60, work=Work(team=True), earning=given_on)
    assert (credit.minutes_credited, credit.minutes_counted) == (0, 60)
    assert credit.given_on(GoesTo.TEAM) == 60
    assert earned(60, work=Work(team=True)).given_on(GoesTo.TEAM) == 0
    assert earned(60, earning=given_on).minutes_credited == 60


def test_the_young_are_thanked_where_the_rule_says_so() -> None:
    rule = EarningPolicy(banked_from_age=18)
    credit = earned(60, age=Age.exactly(17), earning=rule)
    assert (credit.minutes_credited, credit.minutes_counted) == (0, 60)
    assert rules(credit) == [("thanked", -60)]
    assert earned(60, age=Age.exactly(18), earning=rule).minutes_credited == 60
    assert earned(60, age=Age(), earning=rule).minutes_credited == 60


def test_each_day_counts_by_its_own_rule() -> None:
    old, new = Policy(), Policy(credit=CreditPolicy(minutes_per_day_max=30))

    def rule_of(on: date) -> Policy:
        return new if on >= date(2026, 12, 15) else old

    credit = earned(120, from_at=at(23), rule_of=rule_of)
    assert credit.days == ((date(2026, 12, 14), 60), (date(2026, 12, 15), 30))
    assert earned(120, from_at=at(20), rule_of=rule_of).minutes_credited == 120
    assert earned(120, from_at=at(9, day=date(2026, 12, 15)), rule_of=rule_of).minutes_credited == 30


def test_minutes_are_rounded_once_for_each_rule() -> None:
    old = Policy(credit=CreditPolicy(step_minutes=15, rounding=Rounding.DOWN))
    new = Policy(credit=CreditPolicy(step_minutes=15, rounding=Rounding.UP))
    credit = earned(100, from_at=at(23, 10), rule_of=lambda on: new if on > DAY else old)
    assert credit.days == ((DAY, 45), (DAY + timedelta(days=1), 60))


def test_one_rule_that_bites_on_two_days_is_told_once() -> None:
    used = {DAY: 470, DAY + timedelta(days=1): 470}
    credit = earned(120, from_at=at(23), used=used, minutes_per_day_max=480)
    assert rules(credit) == [("day_cap", -100)]


def test_minutes_are_whole_and_not_negative() -> None:
    for minutes in (-1, True, 1.5):
        with pytest.raises(ValueError, match="whole number"):
            Stay(starts_at=at(9), minutes=minutes)  # type: ignore[arg-type]


CREDITS = st.builds(
    CreditPolicy,
    step_minutes=st.sampled_from([1, 10, 15, 30, 60]),
    rounding=st.sampled_from(list(Rounding)),
    minutes_min=st.sampled_from([0, 10, 45]),
    minutes_per_activity_max=st.sampled_from([0, 50, 120]),
    minutes_per_day_max=st.sampled_from([0, 60, 480]),
    minutes_per_week_max=st.sampled_from([0, 360]),
    minutes_total_max=st.sampled_from([0, 600, 90_000]),
    over_total=st.sampled_from(list(OverTotal)),
    weights=st.sampled_from(
        [(), (Weight(category="daily", percent=150),), (Weight(category="daily", percent=70),)]
    ),
)
EARNINGS = st.builds(
    EarningPolicy,
    free_only=st.booleans(),
    age_min=st.sampled_from([0, 18]),
    banked_from_age=st.sampled_from([0, 26]),
    team_hours=st.sampled_from(list(TeamHours)),
)


@given(
    before=st.builds(Policy, credit=CREDITS, earning=EARNINGS),
    after=st.builds(Policy, credit=CREDITS, earning=EARNINGS),
    minutes=st.integers(0, 4_000),
    ahead=st.integers(0, 1_439),
    used=st.dictionaries(st.integers(-6, 8).map(lambda days: DAY + timedelta(days=days)), st.integers(0, 700)),
    stored=st.integers(-600, 91_000),
    work=st.builds(Work, free=st.booleans(), team=st.booleans(), categories=st.sampled_from([(), ("errand", "daily")])),
    age=st.sampled_from([Age(), Age.exactly(17), Age.exactly(20), Age.exactly(70)]),
)  # fmt: skip
def test_cuts_add_up_and_no_cap_is_passed(
    before: Policy,
    after: Policy,
    minutes: int,
    ahead: int,
    used: dict[date, int],
    stored: int,
    work: Work,
    age: Age,
) -> None:
    def rule_of(on: date) -> Policy:
        return after if on > DAY else before

    stay = Stay(
        starts_at=at(0) + timedelta(minutes=ahead), minutes=minutes, work=work, person=Person(age=age)
    )
    credit = credited(stay, rule_of=rule_of, zone=ZONE, used=used, minutes_stored=stored)

    assert minutes + sum(cut.minutes for cut in credit.cuts) == credit.minutes_credited >= 0
    assert all(cut.zh and cut.en and cut.rule and cut.minutes for cut in credit.cuts)
    assert len({(cut.rule, cut.zh) for cut in credit.cuts}) == len(credit.cuts)
    assert credit.minutes_counted == sum(length for _on, length in credit.days) >= 0
    assert all(length > 0 for _on, length in credit.days)
    for on, length in credit.days:
        cap = rule_of(on).credit.minutes_per_day_max
        assert not cap or used.get(on, 0) + length <= max(cap, used.get(on, 0))
    if all(one.credit.minutes_total_max == before.credit.minutes_total_max for one in (before, after)):
        most = before.credit.minutes_total_max
        assert not most or stored + credit.minutes_credited <= max(most, stored)
    given_on = credit.given_on(GoesTo.FUND) + credit.given_on(GoesTo.TEAM)
    assert given_on >= 0
    assert given_on == 0 or credit.minutes_counted > 0
