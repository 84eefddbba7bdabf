"""What a new rule would have done to the last thirty days: whose minutes differ, by how much, and by which rule.

Both sides are computed, old and new, from the same parts; what was really posted stays out of it, so that the figures
differ by the rule alone. Only ids stand in a preview: it is kept with the version, and names are erasable.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from timebank.policy import Grade, Policy
from timebank.rules.hours.credit import Credit, RuleOf, Stay, credited
from timebank.rules.hours.eligible import Answer, Person, counted_before_first, may_redeem

DAYS_BACK = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPart:
    """One person's part in a service of the stretch, as it was served."""

    member: str
    stay: Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Saver:
    """Somebody with saved hours.

    Attributes:
        minutes_saved: their balance; given: what they have served so far, by how well it is vouched for.
    """

    member: str
    minutes_saved: int
    given: Mapping[Grade, int]
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One person who would have had other minutes.

    Attributes:
        parts: of their parts, how many differ.
        rules: codes of the rules that bit on one side only, in order.
    """

    member: str
    minutes_before: int
    minutes_after: int
    parts: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Old and new side by side over a stretch of days.

    Attributes:
        people, parts: looked at in all.
        differences: the people whose minutes differ, the largest change first.
        reserve_before, reserve_after, owed: how far the community may go below zero, and how far it is now.
        redeem_gained, redeem_lost: people with saved hours who could use them under one rule only.
    """

    first_on: date
    last_on: date
    people: int
    parts: int
    differences: tuple[Difference, ...]
    reserve_before: int = 0
    reserve_after: int = 0
    owed: int = 0
    redeem_gained: tuple[str, ...] = ()
    redeem_lost: tuple[str, ...] = ()

    @property
    def minutes_before(self) -> int:
        return sum(one.minutes_before for one in self.differences)

    @property
    def minutes_after(self) -> int:
        return sum(one.minutes_after for one in self.differences)

    @property
    def too_small_a_reserve(self) -> bool:
        """The community owes more already than the new reserve allows."""
        return self.owed > self.reserve_after

    def kept(self) -> str:
        """Canonical JSON, as it is stored and fingerprinted."""
        values = {**asdict(self), "first_on": self.first_on.isoformat(), "last_on": self.last_on.isoformat()}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_kept(cls, text: str) -> Preview:
        """What `kept` wrote."""
        values = json.loads(text)
        values["differences"] = tuple(
            Difference(**{**one, "rules": tuple(one["rules"])}) for one in values["differences"]
        )
        for name in ("redeem_gained", "redeem_lost"):
            values[name] = tuple(values[name])
        for name in ("first_on", "last_on"):
            values[name] = date.fromisoformat(values[name])
        return cls(**values)


def stretch(today: date) -> tuple[date, date]:
    """The first and the last day a preview looks at: the thirty days before today."""
    return today - timedelta(days=DAYS_BACK), today - timedelta(days=1)


def preview(
    parts: Iterable[PastPart],
    *,
    before: RuleOf,
    after: Policy,
    zone: ZoneInfo,
    first_on: date,
    last_on: date,
    stored: Mapping[str, int] | None = None,
    savers: Iterable[Saver] = (),
    owed: int = 0,
    current: Policy,
) -> Preview:
    """The parts of a stretch under the rules of their own days and under the new one.

    Args:
        parts: of services that began in the stretch, in any order.
        before: the rule that held on a day; current: the one that holds now.
        stored: balances at the beginning of the stretch; 0 for whoever is not named.
        savers: everybody with saved hours now. owed: how far the issuing account is below zero now.
    """
    by_member: dict[str, list[Stay]] = defaultdict(list)
    for part in parts:
        by_member[part.member].append(part.stay)
    found = []
    for member, stays in by_member.items():
        stays.sort(key=lambda stay: (stay.starts_at, stay.minutes))
        balance = (stored or {}).get(member, 0)
        old = _replayed(stays, before, zone, balance)
        new = _replayed(stays, lambda _on: after, zone, balance)
        if difference := _difference(member, old, new):
            found.append(difference)
    found.sort(key=lambda one: (-abs(one.minutes_after - one.minutes_before), one.member))
    gained, lost = _redeemers(savers, current, after)
    return Preview(
        first_on=first_on, last_on=last_on, people=len(by_member), parts=sum(map(len, by_member.values())),
        differences=tuple(found), reserve_before=current.credit.reserve_minutes,
        reserve_after=after.credit.reserve_minutes, owed=owed, redeem_gained=gained, redeem_lost=lost,
    )  # fmt: skip


def _replayed(stays: Iterable[Stay], rule_of: RuleOf, zone: ZoneInfo, balance: int) -> list[Credit]:
    """What each stay earns when one follows the other: caps and the total see those before."""
    used: dict[date, int] = defaultdict(int)
    credits = []
    for stay in stays:
        credit = credited(stay, rule_of=rule_of, zone=zone, used=used, minutes_stored=balance)
        for on, minutes in credit.days:
            used[on] += minutes
        balance += credit.minutes_credited
        credits.append(credit)
    return credits


def _difference(member: str, old: list[Credit], new: list[Credit]) -> Difference | None:
    differ = [(one, two) for one, two in zip(old, new, strict=True) if _figures(one) != _figures(two)]
    if not differ:
        return None
    rules: set[str] = set()
    for one, two in differ:
        rules |= {cut.rule for cut in one.cuts} ^ {cut.rule for cut in two.cuts}
        rules |= {cut.rule for cut in two.cuts if cut not in one.cuts}
    return Difference(
        member=member,
        minutes_before=sum(one.minutes_credited for one, _two in differ),
        minutes_after=sum(two.minutes_credited for _one, two in differ),
        parts=len(differ),
        rules=tuple(sorted(rules)),
    )


def _figures(credit: Credit) -> tuple[int, int]:
    return credit.minutes_credited, credit.minutes_counted


def _redeemers(
    savers: Iterable[Saver], current: Policy, after: Policy
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    gained, lost = [], []
    for one in savers:
        could, can = (
            may_redeem(
                policy.redeeming, one.person, minutes_given=counted_before_first(policy.redeeming, one.given)
            ).answer
            is not Answer.NO
            for policy in (current, after)
        )
        if can and not could:
            gained.append(one.member)
        if could and not can:
            lost.append(one.member)
    return tuple(sorted(gained)), tuple(sorted(lost))
