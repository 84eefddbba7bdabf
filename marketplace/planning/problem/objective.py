"""What a good plan is, in whole points, so that a city can change it and a resident can read it.

Urgency comes first: one urgent need outweighs ninety-nine ordinary ones and everything below. As one place serves one
unit, no plan without overlapping stretches ever gives up an urgent unit for ordinary ones. Within a tier the other terms
decide. Fairness is a rising price for each further visit one volunteer is asked for in the week, so that work spreads
before it piles up; as the price only rises, the plan stays exact.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from marketplace.errors import NotWholeNumber, PointsTooMany
from marketplace.values import Urgency

# Sums of points are kept in 64 bits.
POINTS_MAX = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Points per term; all whole numbers.

    Attributes:
        version: named in every plan, so that an old plan can be read by the rules it was made under.
        urgent, normal, low: points for serving one unit of a need of that tier.
        wait_day, wait_days_max: per day since filing, up to so many days.
        wait_normal_days, wait_low_days: the longest wait of these tiers; at half of it a need moves up a tier, in its
            last week it comes before everything else; 0 for never.
        told: for the helper and the hour that both sides were told before; a change of plan must gain more than this.
        unmet, unmet_max: per earlier week in which the need found nobody, up to so many.
        underserved: for somebody who had no help at all lately.
        in_return: for what an agreement promises a unit in return.
        saver: for somebody with saved hours, where a community serves savers first: more than waiting and all else
            that tells needs of one tier apart can bring.
        continuity: the same helper as last time.
        wished: one of the two asked for the other.
        avoid: taken off where the two are better kept apart.
        walk_minute, walk_minutes_max: taken off per minute of way, up to so many, where the way is known.
        near: the helper's own grid.
        skill, skill_also, skill_related: first category, a further category, a wider or narrower category.
        on_time: the hours asked for are met.
        soon_day: per day before the week's end, for needs that any hour suits.
        free: unpaid help.
        load_hour, load_hours_max: taken off per hour already given lately, up to so many hours.
        asked: taken off a suggestion per time its owner was asked lately.
        visit_steps: (visits, points each costs) per helper and week; visits beyond the last step cost as much as it.
    """

    version: str = "2026-3"
    urgent: int = 100_000_000
    normal: int = 1_000_000
    low: int = 10_000
    wait_day: int = 10
    wait_days_max: int = 30
    wait_normal_days: int = 42
    wait_low_days: int = 84
    told: int = 300
    unmet: int = 50
    unmet_max: int = 4
    underserved: int = 80
    in_return: int = 60
    saver: int = 2_000
    continuity: int = 200
    wished: int = 150
    avoid: int = 400
    walk_minute: int = 4
    walk_minutes_max: int = 60
    near: int = 100
    skill: int = 120
    skill_also: int = 60
    skill_related: int = 30
    on_time: int = 100
    soon_day: int = 5
    free: int = 50
    load_hour: int = 5
    load_hours_max: int = 60
    asked: int = 30
    visit_steps: tuple[tuple[int, int], ...] = ((1, 0), (1, 20), (2, 60), (1, 120))

    def __post_init__(self) -> None:
        for one in fields(self):
            given = getattr(self, one.name)
            if one.name not in ("version", "visit_steps") and type(given) is not int:
                raise NotWholeNumber(field=one.name, given=repr(given))
        for step in self.visit_steps:
            if len(step) != 2 or any(type(number) is not int for number in step):
                raise NotWholeNumber(field="visit_steps", given=repr(step))
        for one in fields(self):
            for number in _numbers(getattr(self, one.name)):
                if abs(number) > POINTS_MAX:
                    raise PointsTooMany(field=one.name, most=str(POINTS_MAX), given=str(number))

    def longest_wait_days(self, urgency: Urgency) -> int:
        """After so many days a need of this urgency comes before everything else; 0 for one that does so anyway."""
        return {Urgency.URGENT: 0, Urgency.NORMAL: self.wait_normal_days, Urgency.LOW: self.wait_low_days}[
            urgency
        ]

    def tier(self, urgency: Urgency) -> int:
        """Points for one unit of a need of this urgency."""
        return {Urgency.URGENT: self.urgent, Urgency.NORMAL: self.normal, Urgency.LOW: self.low}[urgency]


def _numbers(given: object) -> list[int]:
    """The whole numbers in a field."""
    if isinstance(given, tuple):
        return [number for step in given for number in step]
    return [given] if isinstance(given, int) else []
