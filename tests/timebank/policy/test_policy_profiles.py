"""The shipped profiles give what their sources print, and leave unset what these do not say."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from timebank.policy import CreditPolicy, ExpiryPolicy, GiftTo, Policy, UnitPolicy, Weight, reading
from timebank.rules.hours.credit import Credit, GoesTo, Stay, credited
from timebank.rules.hours.eligible import (
    Age,
    Answer,
    Person,
    Work,
    earns,
    may_be_helped,
    may_give,
    may_redeem,
    may_serve,
)
from timebank.rules.hours.expiry import Lot, ends_for_idleness, expired
from timebank.rules.hours.words import amount

EIGHT = ("beijing2022", "changning", "kiss", "nalc", "nanjing2019", "norcal", "plain", "shanghai2026")


def earned(
    policy: Policy,
    minutes: int,
    *,
    on: date = date(2026, 12, 1),
    used: dict[date, int] | None = None,
    stored: int = 0,
    work: Work | None = None,
    person: Person | None = None,
) -> Credit:
    """What a stay from nine in the morning on comes to."""
    zone = ZoneInfo(policy.timezone)
    starts_at = datetime(on.year, on.month, on.day, 9, tzinfo=zone)
    stay = Stay(starts_at=starts_at, minutes=minutes, work=work or Work(), person=person or Person())
    return credited(stay, rule_of=lambda _day: policy, zone=zone, used=used, minutes_stored=stored)


def aged(years: int, *, hardship: bool | None = None) -> Person:
    return Person(age=Age.exactly(years), hardship=hardship)


def test_eight_profiles_are_shipped_beside_the_demo() -> None:
    assert reading.shipped() == tuple(sorted((*EIGHT, "dongqu")))


@pytest.mark.parametrize("name", EIGHT)
def test_a_profile_is_named_like_its_file_and_says_its_source(name: str) -> None:
    policy = Policy.load(name)
    assert policy.name == name
    assert policy.source
    assert policy.title_zh
    assert policy.title_en


@pytest.mark.parametrize(
    ("name", "unset"),
    [
        ("nanjing2019", ("credit.step_minutes", "credit.minutes_per_day_max", "credit.reserve_minutes", "expiry.months", "grant.first_minutes")),
        ("beijing2022", ("credit.step_minutes", "credit.minutes_total_max", "credit.minutes_per_day_max", "earning.age_min", "expiry.months")),
        ("changning", ("credit.step_minutes", "credit.minutes_per_week_max", "giving.to", "redeeming.age_min")),
        ("shanghai2026", ("credit.step_minutes", "credit.minutes_total_max", "earning.age_min", "earning.categories")),
        ("kiss", ("credit.step_minutes", "credit.minutes_per_day_max", "earning.age_min", "unit.zh")),
        ("nalc", ("credit.step_minutes", "credit.minutes_total_max", "earning.age_min", "redeeming.age_min")),
        ("norcal", ("credit.minutes_per_day_max", "credit.minutes_total_max", "earning.age_min", "expiry.idle_months")),
    ],
)  # fmt: skip
def test_what_a_source_does_not_say_stays_unset(name: str, unset: tuple[str, ...]) -> None:
    assert not set(unset) & reading.said(reading.text_of(name))


def test_nanjing_stores_1500_hours_and_gives_the_rest_to_the_fund() -> None:
    nanjing = Policy.load("nanjing2019")
    credit = earned(nanjing, 180, stored=1_498 * 60 + 30)
    assert credit.minutes_credited == 90
    assert credit.minutes_counted == 180
    assert credit.given_on(GoesTo.FUND) == 90
    assert [(cut.rule, cut.minutes, cut.zh, cut.en) for cut in credit.cuts] == [
        ("total_cap", -90, "最多存 1,500 小时", "at most 1,500 h in store")
    ]
    assert earned(nanjing, 60, stored=1_500 * 60).minutes_credited == 0


def test_nanjing_team_hours_can_only_be_given_on() -> None:
    credit = earned(Policy.load("nanjing2019"), 120, work=Work(team=True))
    assert credit.minutes_credited == 0
    assert credit.minutes_counted == 120
    assert credit.given_on(GoesTo.TEAM) == 120


@pytest.mark.parametrize(
    ("age", "groups", "saved", "answer"),
    [
        (80, ("living_alone",), 0, Answer.YES),
        (79, ("living_alone",), 0, Answer.NO),
        (80, (), 0, Answer.NO),
        (60, ("low_income", "frail", "living_alone"), 0, Answer.YES),
        (79, ("low_income", "frail", "living_alone"), 0, Answer.YES),
        (59, ("low_income", "frail", "living_alone"), 0, Answer.NO),
        (70, ("low_income", "living_alone"), 0, Answer.NO),
        (60, (), 60, Answer.YES),
        (59, (), 60, Answer.NO),
    ],
)
def test_nanjing_names_whom_it_helps(age: int, groups: tuple[str, ...], saved: int, answer: Answer) -> None:
    served = Policy.load("nanjing2019").served
    assert may_be_helped(served, aged(age), groups=groups, minutes_saved=saved).answer is answer


def test_nanjing_gives_to_lineal_relatives_and_spouses_of_sixty() -> None:
    giving = Policy.load("nanjing2019").giving
    assert may_give(giving, GiftTo.PARENT, age=Age.exactly(60)).yes
    assert may_give(giving, GiftTo.SPOUSE, age=Age.exactly(61)).yes
    assert may_give(giving, GiftTo.FUND).yes
    assert may_give(giving, GiftTo.PARENT, age=Age.exactly(59)).answer is Answer.NO
    assert may_give(giving, GiftTo.PARENT).answer is Answer.ASK
    assert may_give(giving, GiftTo.FRIEND, age=Age.exactly(80)).answer is Answer.NO


def test_beijing_pays_a_coin_an_hour_and_uses_it_from_sixty() -> None:
    beijing = Policy.load("beijing2022")
    assert amount(earned(beijing, 60).minutes_credited, beijing.unit) == ("1 时间币", "1 time coins")
    assert may_redeem(beijing.redeeming, aged(60), minutes_given=60).yes
    assert may_redeem(beijing.redeeming, aged(59), minutes_given=60).answer is Answer.NO
    assert may_redeem(beijing.redeeming, Person(), minutes_given=60).answer is Answer.ASK


def test_beijing_gives_to_parents_and_grandparents_and_to_no_friend() -> None:
    giving = Policy.load("beijing2022").giving
    assert may_give(giving, GiftTo.PARENT).yes
    assert may_give(giving, GiftTo.GRANDPARENT).yes
    assert may_give(giving, GiftTo.FRIEND).answer is Answer.NO


def test_beijing_pupils_serve_led_by_a_guardian() -> None:
    earning = Policy.load("beijing2022").earning
    assert may_serve(earning, aged(16), guardian_agrees=True).yes
    assert may_serve(earning, aged(16)).rule == "guardian"
    assert may_serve(earning, aged(18)).yes
    assert earns(earning, Work(), aged(16)).yes


def test_changning_counts_two_coins_a_day() -> None:
    changning = Policy.load("changning")
    day = date(2026, 12, 1)
    first = earned(changning, 60, on=day)
    second = earned(changning, 90, on=day, used={day: 60})
    third = earned(changning, 60, on=day, used={day: 120})
    assert [one.minutes_credited for one in (first, second, third)] == [60, 60, 0]
    assert second.cuts[0].zh == "每天最多记 2 时间币"
    assert earned(changning, 60, on=date(2026, 12, 2), used={day: 120}).minutes_credited == 60


def test_changning_stores_600_coins_and_thanks_for_the_rest() -> None:
    credit = earned(Policy.load("changning"), 120, stored=599 * 60)
    assert credit.minutes_credited == 60
    assert credit.given_on(GoesTo.FUND) == 0


@pytest.mark.parametrize(
    ("person", "yes"),
    [
        (aged(60), True),
        (aged(70), True),
        (aged(71), False),
        (aged(50), True),  # a man of 50 too: nobody's sex is on record, so the lower age holds
        (aged(49), False),
    ],
)
def test_changning_volunteers_are_fifty_to_seventy_as_long_as_nobodys_sex_is_on_record(
    person: Person, yes: bool
) -> None:
    earning = Policy.load("changning").earning
    assert (earns(earning, Work(), person).answer is not Answer.NO) is yes
    assert (may_serve(earning, person).answer is not Answer.NO) is yes


@pytest.mark.parametrize(
    ("person", "answer"),
    [
        (aged(65), Answer.YES),
        (aged(64, hardship=False), Answer.NO),
        (aged(60, hardship=True), Answer.YES),
        (aged(59, hardship=True), Answer.NO),
        (aged(62), Answer.ASK),  # nobody asked about hardship yet
    ],
)
def test_shanghai_uses_coins_from_65_and_in_hardship_from_60(person: Person, answer: Answer) -> None:
    assert may_redeem(Policy.load("shanghai2026").redeeming, person, minutes_given=60).answer is answer


def test_shanghai_gives_to_kin_friends_the_platform_and_bodies_for_elders() -> None:
    giving = Policy.load("shanghai2026").giving
    for to in (
        GiftTo.PARENT,
        GiftTo.SPOUSE,
        GiftTo.FRIEND,
        GiftTo.FUND,
        GiftTo.HARDSHIP_ELDER,
        GiftTo.NONPROFIT,
    ):
        assert may_give(giving, to).yes, to
    assert may_give(giving, GiftTo.MEMBER).answer is Answer.NO


def test_shanghai_pupils_come_in_a_group() -> None:
    earning = Policy.load("shanghai2026").earning
    assert may_serve(earning, aged(16), in_team=True, guardian_agrees=True).yes
    assert may_serve(earning, aged(16), guardian_agrees=True).answer is Answer.NO
    assert may_serve(earning, aged(18)).yes


def test_kiss_counts_six_hours_a_week_over_new_year() -> None:
    # The week of Monday 28 December 2026 ends on Sunday 3 January 2027.
    kiss = Policy.load("kiss")
    used = {date(2026, 12, 28): 120, date(2026, 12, 30): 120}
    credit = earned(kiss, 180, on=date(2027, 1, 2), used=used)
    assert credit.minutes_credited == 120
    assert credit.cuts[0].rule == "week_cap"
    assert credit.cuts[0].en == "at most 6 h a week"
    assert (
        earned(kiss, 180, on=date(2027, 1, 4), used={**used, date(2027, 1, 2): 120}).minutes_credited == 180
    )


def test_kiss_stores_720_hours() -> None:
    assert earned(Policy.load("kiss"), 120, stored=719 * 60).minutes_credited == 60


def test_nalc_juniors_are_counted_and_not_banked() -> None:
    nalc = Policy.load("nalc")
    junior = earned(nalc, 60, person=aged(25))
    assert (junior.minutes_counted, junior.minutes_credited) == (60, 0)
    assert junior.cuts[0].rule == "thanked"
    grown = earned(nalc, 60, person=aged(26))
    assert grown.minutes_credited == 60
    assert amount(60, nalc.unit)[0] == "1 点"


def test_nalc_points_serve_spouse_parents_and_children() -> None:
    giving = Policy.load("nalc").giving
    assert all(may_give(giving, to).yes for to in (GiftTo.SPOUSE, GiftTo.PARENT, GiftTo.CHILD))
    assert may_give(giving, GiftTo.FRIEND).answer is Answer.NO
    assert giving.after_death == "fund"


@pytest.mark.parametrize(("minutes", "credit"), [(52, 60), (70, 75), (60, 60), (1, 15), (0, 0)])
def test_norcal_rounds_up_to_the_quarter_hour(minutes: int, credit: int) -> None:
    assert earned(Policy.load("norcal"), minutes).minutes_credited == credit


def test_norcal_lends_ten_hours_and_gives_two_for_the_orientation() -> None:
    norcal = Policy.load("norcal")
    assert norcal.redeeming.overdraft_minutes == 10 * 60
    assert norcal.grant.first_minutes == 2 * 60
    assert norcal.grant.first_to == "oriented"
    assert may_give(norcal.giving, GiftTo.MEMBER).yes


def test_norcal_has_no_cap_of_ours() -> None:
    assert earned(Policy.load("norcal"), 12 * 60, stored=100_000 * 60).minutes_credited == 12 * 60


def test_plain_advises_a_quarter_hour_and_eight_hours_a_day() -> None:
    plain = Policy.load("plain")
    assert [earned(plain, minutes).minutes_credited for minutes in (9, 52, 53, 600)] == [0, 45, 60, 480]
    assert earns(plain.earning, Work(free=False), Person()).rule == "not_free"
    assert may_serve(plain.earning, aged(13), guardian_agrees=True).rule == "age_min"


def test_hailin_counts_two_hours_an_activity() -> None:
    hailin = Policy(
        credit=CreditPolicy(minutes_per_activity_max=120), unit=UnitPolicy(zh="积分", en="points")
    )
    credit = earned(hailin, 200)
    assert credit.minutes_credited == 120
    assert credit.cuts[0].zh == "每次活动最多记 2 积分"
    day = date(2026, 12, 1)
    assert earned(hailin, 120, on=day, used={day: 120}).minutes_credited == 120  # another activity that day


def test_suzhou_multiplies_hours_by_the_weight_of_their_class() -> None:
    # The standard's structure is public, its coefficients are not: these two are made up.
    weights = (Weight(category="daily", percent=150), Weight(category="patrol", percent=80))
    suzhou = Policy(credit=CreditPolicy(weights=weights))
    care = earned(suzhou, 60, work=Work(categories=("bathing", "daily")))
    assert (care.minutes_counted, care.minutes_credited) == (60, 90)
    assert care.cuts[0].zh == "类别系数 1.50"
    watch = earned(suzhou, 60, work=Work(categories=("patrol",)))
    assert (watch.minutes_counted, watch.minutes_credited) == (60, 48)
    assert earned(suzhou, 60, work=Work(categories=("repair",))).minutes_credited == 60


def test_dane_county_ends_accounts_after_two_idle_years() -> None:
    dane = ExpiryPolicy(idle_months=24)
    assert not ends_for_idleness(dane, last_entry_on=date(2024, 11, 30), on=date(2026, 11, 29))
    assert ends_for_idleness(dane, last_entry_on=date(2024, 11, 29), on=date(2026, 11, 29))
    assert not ends_for_idleness(ExpiryPolicy(), last_entry_on=date(1990, 1, 1), on=date(2026, 11, 29))


def test_hours_that_last_three_years_lapse_oldest_first() -> None:
    rule = ExpiryPolicy(months=36)
    lots = (Lot(on=date(2023, 1, 31), minutes=60), Lot(on=date(2024, 6, 1), minutes=60))
    assert expired(rule, lots, minutes_used=0, on=date(2026, 1, 30)) == 0
    assert expired(rule, lots, minutes_used=0, on=date(2026, 1, 31)) == 60
    assert expired(rule, lots, minutes_used=45, on=date(2026, 1, 31)) == 15
    assert expired(rule, lots, minutes_used=200, on=date(2030, 1, 1)) == 0


def test_a_bank_may_ask_for_fifty_hours_before_the_first_use() -> None:
    champion = Policy.read("[redeeming]\nminutes_before_first = 3000").redeeming
    ruling = may_redeem(champion, Person(), minutes_given=2_999)
    assert (ruling.answer, ruling.zh) == (Answer.NO, "先服务满 50 小时 才能兑换")
    assert may_redeem(champion, Person(), minutes_given=3_000).yes


def test_every_figure_of_a_sourced_profile_says_which_source_printed_it() -> None:
    """A line without its source would be a figure of ours in somebody else's name; one that is ours says so."""
    for name in set(EIGHT) - {"plain"}:
        text = reading.text_of(name)
        rules = text[text.index("\n[credit]") :]
        sources = set(re.findall(r"^#\s+\[(\w+)\]", text, re.MULTILINE))
        unsourced, cited, table_says = [], set(), False
        for line in rules.splitlines():
            marks = set(re.findall(r"\[([A-Z]+\d?)\]", line.partition("#")[2]))
            cited |= marks
            if line.startswith("["):
                table_says = bool(marks)
            elif "# ours: " in line:
                continue
            elif line and not line.startswith("#") and not marks and not table_says:
                unsourced.append(line)
        assert cited <= sources, name
        # Who pays for whom is how a rule of theirs is said here; a figure is theirs alone.
        assert [line for line in unsourced if re.search(r"\d", line)] == [], name
