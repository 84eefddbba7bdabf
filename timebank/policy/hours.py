"""The parts of a policy that say what an hour is worth: counting, earning, using, giving, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from timebank.policy.choices import (
    AfterDeath,
    FirstTo,
    GiftTo,
    Grade,
    Minors,
    OverTotal,
    Payer,
    Rounding,
    TeamHours,
)
from timebank.policy.errors import BadPolicy
from timebank.policy.knobs import Knob, Measure

MIN, DAYS, YEARS = Measure.MINUTES, Measure.DAYS, Measure.YEARS
NO_LIMIT = ("不限", "no limit")
OFF = ("不用", "not used")
EVERY = ("全部", "all of them")


def _twice(codes: Iterable[str]) -> str:
    """The first code that comes a second time, "" when none does."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPolicy:
    """What saved time is called, and how many minutes make one of it; the book counts minutes in any case."""

    zh: Annotated[str, Knob("单位名称", "Unit, in Chinese")] = "小时"
    en: Annotated[str, Knob("单位英文名", "Unit, in English")] = "h"
    minutes: Annotated[int, Knob("一个单位等于", "One unit is", MIN, least=1, most=480)] = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much a minute of one kind of service counts for; kinds below it count the same unless they say otherwise."""

    category: Annotated[str, Knob("类别代码", "Category")] = ""
    percent: Annotated[int, Knob("系数", "Weight", Measure.PERCENT, least=1, most=1_000)] = 100

    def __post_init__(self) -> None:
        if not self.category:
            raise BadPolicy("category", "系数要写明是哪一类服务的。", "a weight names its category")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPolicy:
    """How served minutes turn into counted and credited minutes.

    Attributes:
        step_minutes, rounding: 15 and `nearest` make 52 minutes 45 and 53 minutes 60; 1 leaves minutes as they are.
        minutes_min: shorter services are thanked but count nothing.
        minutes_per_day_max, minutes_per_week_max: a person's caps for a local day and for Monday to Sunday.
        minutes_per_activity_max: a person's cap for one service, however long it took.
        minutes_total_max: a person's stored minutes stop here; `over_total` says what becomes of the rest.
        weights: kinds of service whose minutes are worth more or less; raw minutes stay on record beside them.
        payer: who pays for a visit; `recipient_first` falls back to the institution, so nobody is left without help.
        reserve_minutes: how far the institution's account may go below zero.
    """

    step_minutes: Annotated[int, Knob("按几分钟取整", "Rounded to steps of", MIN, least=1, most=480)] = 1
    rounding: Annotated[Rounding, Knob("取整方式", "Rounding")] = Rounding.NEAREST
    minutes_min: Annotated[int, Knob("最短计时", "Shortest that counts", MIN, most=480, none=OFF)] = 0
    minutes_per_activity_max: Annotated[
        int, Knob("每次活动最多", "Most for one service", MIN, most=1_440, none=NO_LIMIT)
    ] = 0
    minutes_per_day_max: Annotated[
        int, Knob("每天最多", "Most for one day", MIN, most=1_440, none=NO_LIMIT)
    ] = 0
    minutes_per_week_max: Annotated[
        int, Knob("每周最多", "Most for one week", MIN, most=10_080, none=NO_LIMIT)
    ] = 0
    minutes_total_max: Annotated[int, Knob("最多存", "Most in store", MIN, none=NO_LIMIT)] = 0
    over_total: Annotated[OverTotal, Knob("超出部分", "What is above that")] = OverTotal.FUND
    weights: Annotated[tuple[Weight, ...], Knob("服务类别系数", "Weights by kind of service", none=OFF)] = ()
    payer: Annotated[Payer, Knob("谁来付时间", "Who pays for a visit")] = Payer.INSTITUTION
    reserve_minutes: Annotated[int, Knob("社区可预支", "Reserve of the community", MIN)] = 6_000_000

    def __post_init__(self) -> None:
        if twice := _twice(one.category for one in self.weights):
            raise BadPolicy("weights", f"{twice} 写了两个系数。", f"{twice} has two weights")


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningPolicy:
    """What earns, who may earn, and how late a service may be recorded.

    Attributes:
        free_only: only 无偿 lines earn; low-fee and paid work is no volunteering and counts nothing.
        categories, categories_not: codes of kinds that earn, and that do not; each stands for all kinds below it too.
        age_min, age_max: on the day of the service; the last is still allowed.
        minors: how somebody under 18 may serve.
        banked_from_age: younger people's hours are recorded with thanks, not banked.
        team_hours: `given_on` posts the hours of a team's shift to the team, which can only give them away.
        backdate_days_free, backdate_days_max: after the first only the desk confirms, after the second nobody.
    """

    free_only: Annotated[bool, Knob("只有无偿服务计时", "Only what is free counts")] = True
    categories: Annotated[tuple[str, ...], Knob("计时的类别", "Kinds that count", none=EVERY)] = ()
    categories_not: Annotated[tuple[str, ...], Knob("不计时的类别", "Kinds that do not count", none=OFF)] = ()
    age_min: Annotated[int, Knob("最小年龄", "Youngest", YEARS, most=120, none=NO_LIMIT)] = 0
    age_max: Annotated[int, Knob("最大年龄", "Oldest", YEARS, most=120, none=NO_LIMIT)] = 0
    minors: Annotated[Minors, Knob("未成年人", "People under 18")] = Minors.CONSENT
    banked_from_age: Annotated[
        int, Knob("从几岁起存时间", "Hours are banked from", YEARS, most=120, none=NO_LIMIT)
    ] = 0
    team_hours: Annotated[TeamHours, Knob("团队服务的时间", "Hours of a team's shift")] = TeamHours.OWN
    backdate_days_free: Annotated[int, Knob("几天内确认", "Anybody may confirm within", DAYS, most=366)] = 30
    backdate_days_max: Annotated[int, Knob("最晚补记", "Recorded at the latest after", DAYS, most=366)] = 90

    def __post_init__(self) -> None:
        if self.age_max and self.age_max < self.age_min:
            raise BadPolicy("age_max", "最大年龄小于最小年龄。", "the oldest is younger than the youngest")
        if self.backdate_days_max < self.backdate_days_free:
            raise BadPolicy(
                "backdate_days_max",
                "最晚补记不能早于自由确认的天数。",
                "the last day to record comes before the free days end",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemingPolicy:
    """Who may use saved hours, and on what.

    Attributes:
        age_min, age_min_hardship: from which age; the second for people in hardship.
        minutes_before_first: verified minutes somebody must have given before the first time.
        grade_before_first: how well those minutes have to be vouched for to count.
        categories: codes of kinds that saved hours may be used on; each stands for all kinds below it too.
        priority: whoever has saved hours is served before others with the same urgency.
        overdraft_minutes: how far a member may go below zero.
    """

    age_min: Annotated[int, Knob("从几岁起兑换", "Hours are used from", YEARS, most=120, none=NO_LIMIT)] = 0
    age_min_hardship: Annotated[
        int, Knob("特殊困难者从几岁起", "In hardship, from", YEARS, most=120, none=("同上", "the same"))
    ] = 0
    minutes_before_first: Annotated[
        int, Knob("首次兑换前至少服务", "Given before the first use", MIN, none=OFF)
    ] = 0
    grade_before_first: Annotated[Grade, Knob("哪些时间算在里面", "What counts there is vouched for")] = (
        Grade.E
    )
    categories: Annotated[tuple[str, ...], Knob("可兑换的类别", "Kinds hours are used on", none=EVERY)] = ()
    priority: Annotated[bool, Knob("有存时的优先", "Savers are served first")] = False
    overdraft_minutes: Annotated[int, Knob("可预支", "Overdraft", MIN, most=60_000, none=OFF)] = 0

    def __post_init__(self) -> None:
        if self.age_min_hardship > self.age_min:
            raise BadPolicy(
                "age_min_hardship", "特殊困难者的年龄应更低。", "hardship does not make the age higher"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedGroup:
    """One kind of person who may be helped; all that is said must hold.

    Attributes:
        groups: codes of `marketplace.clients`, such as `living_alone`; each must fit.
        with_hours: the person has saved hours.
    """

    age_min: Annotated[int, Knob("从几岁", "From age", YEARS, most=120, none=NO_LIMIT)] = 0
    age_max: Annotated[int, Knob("到几岁", "To age", YEARS, most=120, none=NO_LIMIT)] = 0
    groups: Annotated[tuple[str, ...], Knob("都符合的人群", "All of these groups", none=OFF)] = ()
    with_hours: Annotated[bool, Knob("自己存有时间", "With saved hours")] = False

    def __post_init__(self) -> None:
        if self.age_max and self.age_max < self.age_min:
            raise BadPolicy("age_max", "年龄的上限小于下限。", "the oldest is younger than the youngest")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPolicy:
    """Who may be helped on the time bank; anybody when no group is named."""

    groups: Annotated[tuple[ServedGroup, ...], Knob("服务对象", "Who may be helped", none=EVERY)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingPolicy:
    """To whom saved hours may be given, and what becomes of them in the end.

    Attributes:
        age_min: of the person who receives a gift.
        after_death: hours of the dead go to the community fund, or stay on the account as they are.
    """

    to: Annotated[tuple[GiftTo, ...], Knob("可转赠给", "May be given to", none=("不可转赠", "nobody"))] = (
        GiftTo.FUND,
    )
    age_min: Annotated[int, Knob("受赠人最小年龄", "Receiver's age from", YEARS, most=120, none=NO_LIMIT)] = 0
    after_death: Annotated[AfterDeath, Knob("去世后的时间", "Hours of the dead")] = AfterDeath.FUND


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPolicy:
    """Hours the community gives somebody to begin with."""

    first_minutes: Annotated[int, Knob("初始赠送", "First hours", MIN, most=60_000, none=OFF)] = 0
    first_to: Annotated[FirstTo, Knob("赠给谁", "Given to")] = FirstTo.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryPolicy:
    """When saved hours go to the community fund.

    Attributes:
        months: after they were earned; the oldest are used first.
        idle_months: after the owner's last entry, all of them.
    """

    months: Annotated[int, Knob("存时有效期", "Hours last", Measure.MONTHS, most=600, none=NO_LIMIT)] = 0
    idle_months: Annotated[
        int, Knob("多久没有往来即停", "Idle accounts end after", Measure.MONTHS, most=600, none=OFF)
    ] = 0
