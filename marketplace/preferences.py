"""What a volunteer chose for themself: which services and for whom, when not, how much, how far, after how much rest.

Everything left open is no limit. The planner never goes beyond a preference; a person may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.values import Resource

Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """One volunteer's own limits.

    Attributes:
        services, declines: category codes chosen, and refused; empty for whatever they can do, and for none.
        away: (first, last) days on which they cannot come, in order.
        minutes_per_week_max: 0 for no cap.
        rest_minutes: least time between two visits of one day; rest_days: free days after a day of help.
        radius_m, walk_minutes_max, same_building, grids: how far they go; 0, False and empty for no limit.
        notice_days: days of warning they ask for.
        languages: as written; gender: male, female or "".
        light_work_only: no carrying, no climbing.
        certificates: as written.
    """

    services: tuple[str, ...] = ()
    declines: tuple[str, ...] = ()
    away: tuple[Days, ...] = ()
    minutes_per_week_max: int = 0
    rest_minutes: int = 0
    rest_days: int = 0
    radius_m: int = 0
    walk_minutes_max: int = 0
    same_building: bool = False
    grids: tuple[str, ...] = ()
    notice_days: int = 0
    languages: tuple[str, ...] = ()
    gender: str = ""
    light_work_only: bool = False
    certificates: tuple[str, ...] = ()

    def of(self, offer: Resource) -> Resource:
        """The offer within these limits; what the offer states already stays where nothing is chosen."""
        return replace(
            offer,
            categories=self.services or offer.categories,
            declines=self.declines or offer.declines,
            away=self.away or offer.away,
            minutes_per_week_max=self.minutes_per_week_max or offer.minutes_per_week_max,
            rest_minutes=self.rest_minutes or offer.rest_minutes,
            rest_days=self.rest_days or offer.rest_days,
            radius_m=self.radius_m or offer.radius_m,
            walk_minutes_max=self.walk_minutes_max or offer.walk_minutes_max,
            same_building=self.same_building or offer.same_building,
            reach_grids=self.grids or offer.reach_grids,
            languages=frozenset(self.languages) or offer.languages,
            gender=self.gender or offer.gender,
            light_work_only=self.light_work_only or offer.light_work_only,
            certificates=frozenset(self.certificates) or offer.certificates,
        )

    def joined(self, other: Preferences) -> Preferences:
        """The preferences of one person written in two rows: choices of both, and of two limits the narrower."""
        return Preferences(
            services=_both(self.services, other.services),
            declines=_both(self.declines, other.declines),
            away=tuple(sorted(set(self.away) | set(other.away))),
            minutes_per_week_max=_narrower(self.minutes_per_week_max, other.minutes_per_week_max),
            rest_minutes=max(self.rest_minutes, other.rest_minutes),
            rest_days=max(self.rest_days, other.rest_days),
            radius_m=_narrower(self.radius_m, other.radius_m),
            walk_minutes_max=_narrower(self.walk_minutes_max, other.walk_minutes_max),
            same_building=self.same_building or other.same_building,
            grids=_both(self.grids, other.grids),
            notice_days=max(self.notice_days, other.notice_days),
            languages=_both(self.languages, other.languages),
            gender=self.gender or other.gender,
            light_work_only=self.light_work_only or other.light_work_only,
            certificates=_both(self.certificates, other.certificates),
        )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _narrower(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other
