"""The plan of a whole city's columns: matches with their terms, next best offers, who is left and why, and the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marketplace.planning.solving.city.arrays import Certified, CityAnswer, CityProblem, Ints, certified
from marketplace.planning.solving.city.columns import (
    Candidates,
    NeedColumns,
    OfferColumns,
    candidates,
    terms_of,
    valued,
)
from marketplace.planning.solving.city.estimate import best_of_each
from marketplace.planning.solving.city.simplex import NotProven, solve_city

NO_CANDIDATE, SHORTAGE, OUTRANKED = 0, 1, 2
_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlan:
    """A city's plan in columns.

    Attributes:
        need, offer, units, distance_m: (k,) the matches.
        terms: (4, k) points of one unit: urgency, waiting, standing, travel; they add up to `value`.
        value: (k,) points of one unit.
        alternatives, short_by: (k, 3) the next best offers for the need, -1 for none, and the least each lacks.
        unserved, left, why: needs with units left, how many, and NO_CANDIDATE, SHORTAGE or OUTRANKED.
        certified: the plan's points and the bound, recomputed in whole numbers.
    """

    need: Ints
    offer: Ints
    units: Ints
    distance_m: Ints
    terms: Ints
    value: Ints
    alternatives: Ints
    short_by: Ints
    unserved: Ints
    left: Ints
    why: Ints
    certified: Certified

    def told(self, match: int, lang: str = "zh") -> str:
        """Why this match, in one sentence whose points add up."""
        urgency, waiting, standing, travel = self.terms[:, match].tolist()
        metres, points = int(self.distance_m[match]), int(self.value[match])
        if lang.startswith("zh"):
            return f"紧急 {urgency}，等候 {waiting}，对方 {standing}，距离 {metres} 米 {travel}，合计 {points} 分"
        return (
            f"urgency {urgency}, waiting {waiting}, the offer's standing {standing}, "
            f"{metres} m away {travel}: {points} points"
        )


def plan_city(
    needs: NeedColumns,
    offers: OfferColumns,
    solve: Callable[[CityProblem], CityAnswer] = solve_city,
) -> CityPlan:
    """The best plan of all lines, proven and explained; raises NotProven when the proof does not hold."""
    problem, pairs = valued(needs, offers, candidates(needs, offers))
    answer = solve(problem)
    proof = certified(problem, answer)
    if not proof.optimal:
        raise NotProven
    chosen = np.flatnonzero(answer.units)
    matches = Candidates(
        need=pairs.need[chosen], offer=pairs.offer[chosen], distance_m=pairs.distance_m[chosen]
    )
    others, short_by = _alternatives(problem, answer)
    unserved, left, why = _unserved(problem, answer)
    return CityPlan(
        need=matches.need,
        offer=matches.offer,
        units=answer.units[chosen],
        distance_m=matches.distance_m,
        terms=terms_of(needs, offers, matches),
        value=problem.value[chosen],
        alternatives=others[matches.need],
        short_by=short_by[matches.need],
        unserved=unserved,
        left=left,
        why=why,
        certified=proof,
    )


def _alternatives(problem: CityProblem, answer: CityAnswer) -> tuple[Ints, Ints]:
    """Per need the three best offers it did not get, and the least each lacks: the reduced cost of the pair."""
    lacking = answer.task_price[problem.task] + answer.slot_price[problem.slot] - problem.value
    open_pairs = np.flatnonzero(answer.units == 0)
    task, lacking = problem.task[open_pairs], lacking[open_pairs]
    kept = np.flatnonzero(best_of_each(task, -lacking, _ALTERNATIVES)) if len(task) else open_pairs
    kept = kept[np.lexsort((lacking[kept], task[kept]))]
    rank = np.arange(len(kept)) - np.searchsorted(task[kept], task[kept])
    offers = np.full((len(problem.demand), _ALTERNATIVES), -1, np.int64)
    short_by = np.zeros_like(offers)
    offers[task[kept], rank] = problem.slot[open_pairs[kept]]
    short_by[task[kept], rank] = lacking[kept]
    return offers, short_by


def _unserved(problem: CityProblem, answer: CityAnswer) -> tuple[Ints, Ints, Ints]:
    """Needs with units left, how many, and why: nobody fits, all that fit together are too few, or others came first."""
    tasks = len(problem.demand)
    served, room = np.zeros(tasks, np.int64), np.zeros(tasks, np.int64)
    np.add.at(served, problem.task, answer.units)
    np.add.at(room, problem.task, problem.capacity[problem.slot])
    left = problem.demand - served
    unserved = np.flatnonzero(left)
    fits = np.bincount(problem.task, minlength=tasks)[unserved] > 0
    enough = room[unserved] >= problem.demand[unserved]
    why = np.where(fits, np.where(enough, OUTRANKED, SHORTAGE), NO_CANDIDATE)
    return unserved, left[unserved], why
