"""From served minutes to counted and credited minutes: the rules of each day one after another, each cut named.

Two figures stand side by side. *Counted* minutes are the raw time on record: what earns at all, rounded and capped.
*Credited* minutes go into the book: counted minutes times the weight of their kind, without what is only thanked, what
belongs to the team, and what is above the most a person may store. Where a community has no such rule both are equal.

Pure: the same stay under the same rules always gives the same answer, and the cuts add up in front of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from timebank.policy import CreditPolicy, OverTotal, Policy, Rounding, TeamHours
from timebank.rules.hours.days import days_of, week_minutes
from timebank.rules.hours.eligible import ADULT, Answer, Person, Work, earns
from timebank.rules.hours.words import amount

RuleOf = Callable[[date], Policy]


class GoesTo(StrEnum):
    """Where minutes go that a rule took from the person."""

    NOBODY = ""
    FUND = "fund"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One rule that changed the minutes; `minutes` is negative when it took some away.

    Attributes:
        counts: False where the time stays on record and only the book is told another figure.
    """

    rule: str
    minutes: int
    zh: str
    en: str
    counts: bool = True
    goes_to: GoesTo = GoesTo.NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a service earns.

    Invariant: minutes_served + sum of the cuts == minutes_credited.

    Attributes:
        days: counted minutes by local day, as caps of later services need them; () for what was loaded without them.
    """

    minutes_served: int
    minutes_credited: int
    cuts: tuple[Cut, ...] = ()
    days: tuple[tuple[date, int], ...] = ()

    @property
    def minutes_counted(self) -> int:
        """The raw time on record, before weights and before what is given on."""
        return self.minutes_served + sum(cut.minutes for cut in self.cuts if cut.counts)

    def given_on(self, to: GoesTo) -> int:
        """Minutes that go to the fund or to the team instead of the person."""
        return -sum(cut.minutes for cut in self.cuts if cut.goes_to is to and to is not GoesTo.NOBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """When somebody came, for how long they stayed, and what they did."""

    starts_at: datetime
    minutes: int
    work: Work = field(default_factory=Work)
    person: Person = ADULT

    def __post_init__(self) -> None:
        if type(self.minutes) is not int or self.minutes < 0:
            raise ValueError("minutes served are a whole number, zero or more")


def rounded(minutes: int, *, step_minutes: int, rounding: Rounding) -> int:
    """`minutes` in whole steps; exactly half a step counts up under `nearest`."""
    if step_minutes <= 1:
        return minutes
    down, rest = minutes - minutes % step_minutes, minutes % step_minutes
    if rest == 0 or rounding is Rounding.DOWN:
        return down
    if rounding is Rounding.UP or rest * 2 >= step_minutes:
        return down + step_minutes
    return down


def credited(
    stay: Stay,
    *,
    rule_of: RuleOf,
    zone: ZoneInfo,
    used: Mapping[date, int] | None = None,
    minutes_stored: int = 0,
) -> Credit:
    """What one stay earns, each local day of it by the rule of that day.

    Args:
        rule_of: the community's rule on a day.
        zone: of the community; days and weeks begin there.
        used: minutes counted already for the same person, by local day; caps of a week need all its days.
        minutes_stored: the person's balance before this service.

    The minimum is that of the day the stay began, on the whole stay; minutes are rounded once for each rule, not once
    for each day; cuts take from the end of the stay.
    """
    split = days_of(stay.starts_at, stay.starts_at + timedelta(minutes=stay.minutes), zone)
    on_days = tuple(part.on for part in split)
    rules = tuple(rule_of(on) for on in on_days)
    tally = _Tally(minutes=[part.minutes for part in split])

    _not_earning(tally, stay, rules)
    _too_short(tally, stay, rules[0].credit)
    _round(tally, rules)
    _cap(tally, on_days, rules, used or {})
    counted = tuple((on, minutes) for on, minutes in zip(on_days, tally.minutes, strict=True) if minutes)

    _thanked_or_given_on(tally, stay, rules)
    _weigh(tally, stay, rules)
    _store(tally, rules, minutes_stored)

    left, cuts = sum(tally.minutes), tally.merged()
    assert stay.minutes + sum(cut.minutes for cut in cuts) == left
    return Credit(minutes_served=stay.minutes, minutes_credited=left, cuts=cuts, days=counted)


def spread(credit: Credit, starts_at: datetime, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    """Counted minutes by local day of a credit that was recorded without its days: what was cut is taken from the end."""
    left, found = credit.minutes_counted, []
    for on, minutes in days_of(starts_at, starts_at + timedelta(minutes=credit.minutes_served), zone):
        taken = min(left, minutes)
        left -= taken
        found.append((on, taken))
    if left and found:
        found[-1] = (found[-1][0], found[-1][1] + left)
    return tuple((on, minutes) for on, minutes in found if minutes)


@dataclass(slots=True)
class _Tally:
    """Minutes left on each day of a stay, and the cuts so far."""

    minutes: list[int]
    cuts: list[Cut] = field(default_factory=list)

    def change(
        self,
        day: int,
        minutes: int,
        rule: str,
        words: tuple[str, str],
        *,
        counts: bool = True,
        goes_to: GoesTo = GoesTo.NOBODY,
    ) -> None:
        """The day has `minutes` now; a cut says why when that is a change."""
        if minutes != self.minutes[day]:
            by = minutes - self.minutes[day]
            self.cuts.append(
                Cut(rule=rule, minutes=by, zh=words[0], en=words[1], counts=counts, goes_to=goes_to)
            )
            self.minutes[day] = minutes

    def merged(self) -> tuple[Cut, ...]:
        """One cut for each rule and wording, in the order in which they bit first."""
        found: dict[tuple[str, str, GoesTo], Cut] = {}
        for cut in self.cuts:
            key = (cut.rule, cut.zh, cut.goes_to)
            earlier = found[key].minutes if key in found else 0
            found[key] = Cut(
                rule=cut.rule, minutes=earlier + cut.minutes, zh=cut.zh, en=cut.en, counts=cut.counts, goes_to=cut.goes_to
            )  # fmt: skip
        return tuple(cut for cut in found.values() if cut.minutes)


def _not_earning(tally: _Tally, stay: Stay, rules: Sequence[Policy]) -> None:
    for day, rule in enumerate(rules):
        ruling = earns(rule.earning, stay.work, stay.person)
        if ruling.answer is Answer.NO:
            tally.change(day, 0, ruling.rule, (ruling.zh, ruling.en))


def _too_short(tally: _Tally, stay: Stay, credit: CreditPolicy) -> None:
    least = credit.minutes_min
    if stay.minutes < least:
        for day in range(len(tally.minutes)):
            tally.change(
                day, 0, "minimum", (f"不足 {least} 分钟，不计时", f"under {least} minutes earns nothing")
            )


def _round(tally: _Tally, rules: Sequence[Policy]) -> None:
    for _rule, run in groupby(range(len(rules)), key=lambda day: rules[day].credit):
        days = list(run)
        credit = rules[days[0]].credit
        step = credit.step_minutes
        total = sum(tally.minutes[day] for day in days)
        change = rounded(total, step_minutes=step, rounding=credit.rounding) - total
        words = (f"按 {step} 分钟取整", f"rounded to {step} minutes")
        for day in reversed(days):
            # What is added goes to the last day that has any; what is taken goes on to the day before when it must.
            if change > 0 and not tally.minutes[day]:
                continue
            minutes = max(0, tally.minutes[day] + change)
            change -= minutes - tally.minutes[day]
            tally.change(day, minutes, "rounding", words)


def _cap(tally: _Tally, on_days: Sequence[date], rules: Sequence[Policy], used: Mapping[date, int]) -> None:
    so_far = dict(used)
    activity = 0
    for day, (on, rule) in enumerate(zip(on_days, rules, strict=True)):
        credit, unit = rule.credit, rule.unit
        caps = (
            ("activity_cap", credit.minutes_per_activity_max, activity, "每次活动最多记", "a service"),
            ("day_cap", credit.minutes_per_day_max, so_far.get(on, 0), "每天最多记", "a day"),
            ("week_cap", credit.minutes_per_week_max, week_minutes(so_far, on), "每周最多记", "a week"),
        )
        for name, most, before, zh, en in caps:
            if most:
                says_zh, says_en = amount(most, unit)
                left = min(tally.minutes[day], max(0, most - before))
                tally.change(day, left, name, (f"{zh} {says_zh}", f"at most {says_en} {en}"))
        activity += tally.minutes[day]
        so_far[on] = so_far.get(on, 0) + tally.minutes[day]


def _thanked_or_given_on(tally: _Tally, stay: Stay, rules: Sequence[Policy]) -> None:
    for day, rule in enumerate(rules):
        from_age = rule.earning.banked_from_age
        if from_age and stay.person.age.under(from_age):
            tally.change(
                day, 0, "thanked", (f"未满{from_age}岁只记荣誉，不存时间", f"under {from_age}: recorded with thanks, not banked"),
                counts=False,
            )  # fmt: skip
        elif stay.work.team and rule.earning.team_hours is TeamHours.GIVEN_ON:
            tally.change(
                day, 0, "team_hours", ("团队的时间记在队里，只能转赠", "a team's hours are kept by the team, to be given on"),
                counts=False, goes_to=GoesTo.TEAM,
            )  # fmt: skip


def _weigh(tally: _Tally, stay: Stay, rules: Sequence[Policy]) -> None:
    for day, rule in enumerate(rules):
        weights = {one.category: one.percent for one in rule.credit.weights}
        percent = next((weights[code] for code in stay.work.categories if code in weights), 100)
        said = f"{percent // 100}.{percent % 100:02d}"
        tally.change(
            day, tally.minutes[day] * percent // 100, "weight", (f"类别系数 {said}", f"weight of its kind {said}"),
            counts=False,
        )  # fmt: skip


def _store(tally: _Tally, rules: Sequence[Policy], minutes_stored: int) -> None:
    stored = minutes_stored
    for day, rule in enumerate(rules):
        most = rule.credit.minutes_total_max
        if most:
            zh, en = amount(most, rule.unit)
            tally.change(
                day, min(tally.minutes[day], max(0, most - stored)), "total_cap",
                (f"最多存 {zh}", f"at most {en} in store"), counts=False,
                goes_to=GoesTo.FUND if rule.credit.over_total is OverTotal.FUND else GoesTo.NOBODY,
            )  # fmt: skip
        stored += tally.minutes[day]
