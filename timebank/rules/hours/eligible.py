"""Who may serve, what earns, who may use saved hours, who is helped and to whom hours may be given. Pure.

An answer is yes, no, or *ask*: a rule about age says no only to somebody who is certainly too young or too old. What
is not on record is never guessed; whether to wait for the answer is the caller's decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from timebank.policy import (
    EarningPolicy,
    GiftTo,
    GivingPolicy,
    Grade,
    Minors,
    RedeemingPolicy,
    ServedGroup,
    ServedPolicy,
    UnitPolicy,
)
from timebank.rules.hours.words import HOUR, amount

ADULT_AGE = 18


def _years(born_on: date, day: date) -> int:
    return max(0, day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old somebody is on the day in question, as far as it is known: at least, and at most."""

    least: int | None = None
    most: int | None = None

    @classmethod
    def exactly(cls, years: int) -> Age:
        return cls(least=years, most=years)

    @classmethod
    def on(cls, day: date, *, born_from: date, born_to: date) -> Age:
        """The age on a day of somebody born on one of these days; born on 29 February, 1 March of a common year."""
        return cls(least=_years(born_to, day), most=_years(born_from, day))

    def under(self, years: int) -> bool:
        """Certainly younger than `years`."""
        return self.most is not None and self.most < years

    def reached(self, years: int) -> bool:
        """Certainly `years` old or older."""
        return self.least is not None and self.least >= years


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What rules ask about somebody, on the day of the service; None and empty mean: not on record."""

    age: Age = Age()
    hardship: bool | None = None


ADULT = Person()
"""Somebody about whom no rule needs to know anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was done, as far as it decides whether it earns.

    Attributes:
        free: 无偿; False for 低偿 and 有偿.
        categories: the code of its kind and the codes above it, nearest first; () when its kind is unknown.
        team: a team's shift rather than one person's visit.
    """

    free: bool = True
    categories: tuple[str, ...] = ()
    team: bool = False


class Answer(StrEnum):
    """Yes, no, or ask first."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An answer with the rule it comes from, in words."""

    answer: Answer
    rule: str = ""
    zh: str = ""
    en: str = ""

    @property
    def yes(self) -> bool:
        return self.answer is Answer.YES


YES = Ruling(answer=Answer.YES)


def _no(rule: str, zh: str, en: str) -> Ruling:
    return Ruling(answer=Answer.NO, rule=rule, zh=zh, en=en)


def _ask(rule: str, zh: str, en: str) -> Ruling:
    return Ruling(answer=Answer.ASK, rule=rule, zh=zh, en=en)


def earns(policy: EarningPolicy, work: Work, person: Person) -> Ruling:
    """Whether minutes of this work count for this person at all.

    ASK, rule `category_unknown`, where only some kinds earn and this one's is not written down: name it before the
    hours are confirmed. ASK, rule `age_unknown`, where an age is not on record: the hours count meanwhile.
    """
    if policy.free_only and not work.free:
        return _no("not_free", "低偿和有偿服务不计时", "only work that is free earns hours")
    if _within(work.categories, policy.categories_not):
        return _no("category", "这类服务不计时", "this kind of service earns no hours")
    if policy.categories and not work.categories:
        return _ask("category_unknown", "先写明是哪一类服务", "the kind of service has to be named first")
    if policy.categories and not _within(work.categories, policy.categories):
        return _no("category", "这类服务不计时", "this kind of service earns no hours")
    return _old_enough(policy, person)


def may_serve(
    policy: EarningPolicy, person: Person, *, in_team: bool = False, guardian_agrees: bool = False
) -> Ruling:
    """Whether somebody may sign up for a service.

    Args:
        in_team: a team's shift rather than a visit alone.
        guardian_agrees: a guardian's consent is on record.
    """
    if person.age.under(ADULT_AGE):
        if policy.minors is Minors.NONE:
            return _no("minor", "未满18岁不能报名", "people under 18 cannot sign up")
        if policy.minors is Minors.GROUP and not in_team:
            return _no("minor", "未满18岁的随队参加", "people under 18 come with a team")
        if not guardian_agrees:
            return _no(
                "guardian", "未满18岁，要先有监护人同意书", "under 18: a guardian's consent comes first"
            )
    return _old_enough(policy, person)


def counted_before_first(policy: RedeemingPolicy, given: Mapping[Grade, int]) -> int:
    """Minutes somebody has served that count towards the first use, of those vouched for in each grade."""
    return sum(minutes for grade, minutes in given.items() if grade <= policy.grade_before_first)


def may_redeem(
    policy: RedeemingPolicy,
    person: Person,
    *,
    minutes_given: int,
    categories: tuple[str, ...] = (),
    unit: UnitPolicy = HOUR,
) -> Ruling:
    """Whether somebody may use saved hours on a service of this kind.

    Args:
        minutes_given: verified minutes the person has served so far, as `counted_before_first` counts them.
        categories: the code of the kind of service and those above it; () when it is not known.
    """
    if minutes_given < policy.minutes_before_first:
        zh, en = amount(policy.minutes_before_first, unit)
        return _no("before_first", f"先服务满 {zh} 才能兑换", f"hours are used after {en} of service")
    if policy.categories and categories and not _within(categories, policy.categories):
        return _no(
            "redeem_category", "这类服务不能用时间兑换", "saved hours are not used on this kind of service"
        )
    return _redeeming_age(policy, person)


def may_be_helped(
    policy: ServedPolicy, person: Person, *, groups: Iterable[str] | None, minutes_saved: int
) -> Ruling:
    """Whether somebody is among those the time bank helps.

    Args:
        groups: codes of `marketplace.clients` the person belongs to, with the wider ones; None when nobody has asked.
    """
    if not policy.groups:
        return YES
    known = None if groups is None else frozenset(groups)
    answers = {_fits(group, person.age, known, minutes_saved) for group in policy.groups}
    if Answer.YES in answers:
        return YES
    if Answer.ASK in answers:
        return _ask(
            "served",
            "要先核实是否属于服务对象",
            "the desk has to check whether this person is among those helped",
        )
    return _no("served", "不在服务对象之内", "not among those the time bank helps")


def may_give(policy: GivingPolicy, to: GiftTo, *, age: Age | None = None) -> Ruling:
    """Whether hours may be given to somebody who stands to the giver as `to`; a grandparent is lineal, and so on."""
    if not any(_is_a(to, one) for one in policy.to):
        return _no("gift", "时间不能转赠给这样的对象", "hours cannot be given to them here")
    if to in _NO_PERSON or not policy.age_min:
        return YES
    zh, en = f"受赠人要满{policy.age_min}岁", f"whoever receives hours is {policy.age_min} or older"
    if age is None or not (age.under(policy.age_min) or age.reached(policy.age_min)):
        return _ask("gift_age", zh, en)
    return _no("gift_age", zh, en) if age.under(policy.age_min) else YES


_WIDER = {
    GiftTo.PARENT: (GiftTo.LINEAL, GiftTo.RELATIVE),
    GiftTo.CHILD: (GiftTo.LINEAL, GiftTo.RELATIVE),
    GiftTo.GRANDPARENT: (GiftTo.LINEAL, GiftTo.RELATIVE),
    GiftTo.LINEAL: (GiftTo.RELATIVE,),
    GiftTo.SPOUSE: (GiftTo.RELATIVE,),
}


_NO_PERSON = (GiftTo.FUND, GiftTo.NONPROFIT)


def _is_a(to: GiftTo, allowed: GiftTo) -> bool:
    anybody = allowed is GiftTo.MEMBER and to not in _NO_PERSON
    return to is allowed or anybody or allowed in _WIDER.get(to, ())


def _within(codes: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return any(code in wanted for code in codes)


def _old_enough(policy: EarningPolicy, person: Person) -> Ruling:
    youngest, age = policy.age_min, person.age
    if youngest and age.under(youngest):
        return _no("age_min", f"要满{youngest}岁", f"people serve from {youngest}")
    if policy.age_max and age.reached(policy.age_max + 1):
        return _no("age_max", f"服务到{policy.age_max}岁", f"people serve up to {policy.age_max}")
    sure_low = not youngest or age.reached(youngest)
    sure_high = not policy.age_max or (age.most is not None and age.most <= policy.age_max)
    if sure_low and sure_high:
        return YES
    return _ask("age_unknown", "年龄还没有登记", "the age is not on record yet")


def _redeeming_age(policy: RedeemingPolicy, person: Person) -> Ruling:
    if not policy.age_min or person.age.reached(policy.age_min):
        return YES
    low = policy.age_min_hardship
    if low and person.hardship and person.age.reached(low):
        return YES
    zh, en = f"满{policy.age_min}岁起可以兑换", f"hours are used from {policy.age_min}"
    if low:
        zh, en = f"{zh}，特殊困难者满{low}岁", f"{en}, in hardship from {low}"
    could_be_hardship = bool(low) and person.hardship is not False and not person.age.under(low)
    if person.age.under(policy.age_min) and not could_be_hardship:
        return _no("redeem_age", zh, en)
    return _ask("redeem_age", zh, en)


def _fits(group: ServedGroup, age: Age, known: frozenset[str] | None, minutes_saved: int) -> Answer:
    if group.with_hours and minutes_saved <= 0:
        return Answer.NO
    if age.under(group.age_min) or (group.age_max and age.reached(group.age_max + 1)):
        return Answer.NO
    if known is not None and not set(group.groups) <= known:
        return Answer.NO
    unsure_age = (group.age_min and not age.reached(group.age_min)) or (
        group.age_max and (age.most is None or age.most > group.age_max)
    )
    return Answer.ASK if unsure_age or (known is None and group.groups) else Answer.YES
