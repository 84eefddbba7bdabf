"""What a volunteer chose for themself: which services and for whom, when not, how much, how far, after how much rest.

Everything left open is no limit. The planner never goes beyond a preference; a person may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
