"""How often a volunteer may be asked: a budget of asks per week and month, so that the willing are not worn out.

Each ask lowers a volunteer in the list of suggestions, the last ones of the budget twice as much; a spent budget takes
them off it until the weeks have passed. Units and teams have a desk and no budget.

Source: Manshadi and Rodilitz, Online Policies for Efficient Volunteer Crowdsourcing (2022): about a third of volunteers
are lost within a year, partly from being asked too often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import datetime, timedelta

from marketplace.errors import NotWholeNumber
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.values import Resource

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBudget:
    """Asks allowed in any seven and any thirty days; the last `low` of them cost twice as many points."""

    per_week: int = 3
    per_month: int = 8
    low: int = 1

    def __post_init__(self) -> None:
        for name in ("per_week", "per_month", "low"):
            given = getattr(self, name)
            if type(given) is not int or given < 0:
                raise NotWholeNumber(field=name, given=repr(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """When volunteers were asked lately, and how often they may be.

    Attributes:
        at: owner -> moments of being asked, any order; asks older than thirty days do not matter.
        budget: for everybody; own: for those who said otherwise.
    """

    at: Mapping[str, Sequence[datetime]] = filled(default_factory=dict)
    budget: AskBudget = filled(default_factory=AskBudget)
    own: Mapping[str, AskBudget] = filled(default_factory=dict)

    def count(self, owner: str, *, now: datetime) -> tuple[int, int]:
        """(asks in the last seven days, asks in the last thirty)."""
        times = [at for at in self.at.get(owner, ()) if at <= now]
        return sum(now - at < WEEK for at in times), sum(now - at < MONTH for at in times)

    def left(self, owner: str, *, now: datetime) -> int:
        """How often this volunteer may still be asked now."""
        budget, (week, month) = self.own.get(owner, self.budget), self.count(owner, now=now)
        return max(0, min(budget.per_week - week, budget.per_month - month))

    def spent(self, resource: Resource, *, now: datetime) -> Reason | None:
        """Why this volunteer is not asked again for now; None when they may be."""
        if resource.owner_kind != "volunteer" or self.left(resource.owner, now=now):
            return None
        week, month = self.count(resource.owner, now=now)
        return Reason(
            code="asked_enough",
            zh=f"7 天内问过 {week} 次、30 天内 {month} 次，让人歇一歇",
            en=f"was asked {week} times in 7 days and {month} in 30: leave them in peace for now",
        )

    def term(self, resource: Resource, objective: Objective, *, now: datetime) -> Reason | None:
        """What asking this volunteer once more costs; None when nobody asked them lately."""
        if resource.owner_kind != "volunteer":
            return None
        _, month = self.count(resource.owner, now=now)
        if not month or not objective.asked:
            return None
        left = self.left(resource.owner, now=now)
        low = left <= self.own.get(resource.owner, self.budget).low
        last_zh, last_en = (f"，只能再问 {left} 次", f", {left} more at most") if low else ("", "")
        times = "once" if month == 1 else f"{month} times"
        return Reason(
            code="asked",
            points=-objective.asked * month * (2 if low else 1),
            zh=f"30 天内问过 {month} 次{last_zh}",
            en=f"was asked {times} in 30 days{last_en}",
        )
