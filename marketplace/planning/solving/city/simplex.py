"""A whole city's plan: estimated prices, the exact network simplex of POT (extra `city`), a proof in whole numbers.

Prices of a large problem are estimated by a few sweeps over all pairs (`estimate`); POT's simplex starts from them and
solves the whole problem exactly. The estimate only decides how soon it ends, never what comes out. Nor is the solver taken on trust, which works with floats: an answer that is not proven optimal in
whole numbers is refused, and `Strongest` then asks our own engine.

The three layers become one transportation problem between givers and takers:

    giver                            taker                         what flows
    a task                           a slot                        help, at minus its value
    a task                           nobody                        what stays unmet
    a grouped slot, on its way out   the same slot                 room that stays empty
    a grouped slot, on its way out   a step of its group           help that takes this step, at its cost
    idle                             a slot without group, a step  room that stays empty
    idle                             nobody                        balances the sums

so a slot in a group stands on both sides, and a place taken in it must be passed on to a step.

Source: Orden, The Transhipment Problem (1956), for layers in transportation form; Bonneel and others, Displacement
Interpolation (2011), for the simplex in POT.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.solving.city.arrays import (
    CityAnswer,
    CityProblem,
    Ints,
    as_arrays,
    as_flows,
    as_problem,
    certified,
    from_flows,
)
from marketplace.planning.solving.city.compiled import installed, simplex
from marketplace.planning.solving.city.estimate import estimated_slot_prices
from marketplace.planning.solving.formulation import Flows, Problem
from marketplace.planning.solving.search import ShortestPaths

# From here on the compiled solver is quicker than ours in every regime, its import included.
CITY_PAIRS_MIN = 30_000
# From so many pairs on an estimate of the prices saves more than it takes, and one solved from no prices at all gets lost.
ESTIMATED_PAIRS_MIN = 1_000_000
# Where so many pairs have no more different values than this, shortest paths find equal places at once and the simplex
# pivots among them without gain: our own engine is then several times quicker.
COARSE_PAIRS_MIN, COARSE_VALUES_MAX = 1_000_000, 64
_PIVOTS_MAX = 2**40

Floats = NDArray[np.float64]


class NotProven(Exception):
    """The compiled solver's answer did not stand the test in whole numbers."""


class CitySolver:
    """POT as a `Solver`; exact, and many times quicker than ours once there are tens of thousands of pairs."""

    def solve(self, problem: Problem) -> Flows:
        """The best flows with their prices; raises NotProven when the answer does not stand the test."""
        arrays = as_arrays(problem)
        return as_flows(arrays, solve_city(arrays))


class Strongest:
    """POT for a large problem where the extra `city` is installed, our own engine for all others."""

    def solve(self, problem: Problem) -> Flows:
        """The best flows with their prices."""
        if sum(map(len, problem.edges)) >= CITY_PAIRS_MIN and installed():
            try:
                return CitySolver().solve(problem)
            except NotProven:
                pass
        return ShortestPaths().solve(problem)


def solve_city(problem: CityProblem) -> CityAnswer:
    """The best answer to a problem in arrays; raises NotProven when it does not stand the test in whole numbers."""
    answer = _by_paths(problem) if coarse(problem) else _by_simplex(problem)
    if not certified(problem, answer).optimal:
        raise NotProven
    return answer


def coarse(problem: CityProblem) -> bool:
    """True for a large problem with few different values."""
    return len(problem.value) >= COARSE_PAIRS_MIN and len(np.unique(problem.value)) <= COARSE_VALUES_MAX


def _by_paths(problem: CityProblem) -> CityAnswer:
    return from_flows(problem, ShortestPaths().solve(as_problem(problem)))


def _by_simplex(problem: CityProblem) -> CityAnswer:
    open_task, open_slot = problem.demand > 0, problem.capacity > 0
    kept = np.flatnonzero(open_task[problem.task] & open_slot[problem.slot])
    units = np.zeros(len(problem.task), np.int64)
    task_price, full_price = np.zeros(len(problem.demand), np.int64), np.zeros(len(open_slot), np.int64)
    step_price = np.zeros(len(problem.step_group), np.int64)
    if len(kept):
        tasks, slots = np.flatnonzero(open_task), np.flatnonzero(open_slot)
        core = _Core.of(problem, tasks, slots, kept)
        units[kept], task_price[tasks], full_price[slots], step_price = core.solved()
    return _with_closed(problem, units, task_price, full_price, step_price)


def _with_closed(
    problem: CityProblem, units: Ints, task_price: Ints, full_price: Ints, step_price: Ints
) -> CityAnswer:
    """The whole answer: places without room and tasks without demand get prices that keep every pair true."""
    group_price = np.full(problem.groups, np.iinfo(np.int64).max)
    np.minimum.at(group_price, problem.step_group, problem.step_cost + step_price)
    group_price[group_price == np.iinfo(np.int64).max] = 0
    of_group = np.append(group_price, 0)[problem.group_of]
    shut, idle = (problem.capacity == 0)[problem.slot], (problem.demand == 0)[problem.task]
    if (some := shut & ~idle).any():
        np.maximum.at(full_price, problem.slot[some], (problem.value - task_price[problem.task])[some])
    full_price = np.maximum(full_price, of_group)
    if idle.any():
        np.maximum.at(task_price, problem.task[idle], (problem.value - full_price[problem.slot])[idle])
    return CityAnswer(
        units=units, task_price=task_price, slot_price=full_price - of_group, group_price=group_price
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Core:
    """The open part of a problem in transportation form.

    Pairs (`task`, `slot`, `value`) come first among the arcs, then the `fixed_` ones of the table above. Givers are
    numbered tasks, ways out, idle; takers slots, steps, nobody.
    """

    task: Ints
    slot: Ints
    value: Ints
    given: Ints
    taken: Ints
    fixed_giver: Ints
    fixed_taker: Ints
    fixed_cost: Ints
    tasks: int
    slots: int
    most: int

    @staticmethod
    def of(problem: CityProblem, tasks: Ints, slots: Ints, pairs: Ints) -> _Core:
        """The core with these tasks, slots and pairs, renumbered in their order."""
        n, m, steps = len(tasks), len(slots), len(problem.step_group)
        demand, capacity, group = problem.demand[tasks], problem.capacity[slots], problem.group_of[slots]
        grouped, alone = np.flatnonzero(group >= 0), np.flatnonzero(group < 0)
        way, step = _ways_to_steps(group[grouped], problem.step_group)
        most = int(problem.value.max())
        rest = np.concatenate([alone, np.arange(m, m + steps + 1)])
        # One unit more on both sides always flows from idle to nobody, which ties their prices together.
        spare = int(capacity[alone].sum() + problem.step_units.sum()) + 1
        return _Core(
            task=_renumbered(tasks)[problem.task[pairs]],
            slot=_renumbered(slots)[problem.slot[pairs]],
            value=problem.value[pairs],
            given=np.concatenate([demand, capacity[grouped], [spare]]),
            taken=np.concatenate([capacity, problem.step_units, [int(demand.sum()) + 1]]),
            fixed_giver=np.concatenate(
                [np.arange(n), n + np.arange(len(grouped)), n + way, np.full(len(rest), n + len(grouped))]
            ),
            fixed_taker=np.concatenate([np.full(n, m + steps), grouped, m + step, rest]),
            fixed_cost=np.concatenate(
                [
                    np.full(n, most),
                    np.zeros(len(grouped), np.int64),
                    problem.step_cost[step],
                    np.zeros(len(rest), np.int64),
                ]
            ),
            tasks=n,
            slots=m,
            most=most,
        )

    def solved(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Units of all pairs, prices of tasks, full prices of slots, prices of steps."""
        nobody = len(self.taken) - 1
        demand, room = self.given[: self.tasks], self.taken[: self.slots]
        estimated = (
            estimated_slot_prices(demand, room, self.task, self.slot, self.value)
            if len(self.value) >= ESTIMATED_PAIRS_MIN
            else np.zeros(self.slots, np.int64)
        )
        units, of_giver, of_taker = self._simplex(*self._starting_prices(estimated))
        # Whatever constant was moved from one side's prices to the other falls out of these differences.
        origin = of_taker[nobody]
        task_price = _whole(self.most - of_giver[: self.tasks] - origin)
        slot_price = _whole(origin - of_taker[: self.slots])
        return units, task_price, slot_price, _whole(origin - of_taker[self.slots : nobody])

    def _starting_prices(self, slot_price: Ints) -> tuple[Floats, Floats]:
        """Prices of givers and takers from estimates; those of groups are left to the solver."""
        task_price = np.zeros(self.tasks, np.int64)
        np.maximum.at(task_price, self.task, self.value - slot_price[self.slot])
        of_giver, of_taker = np.zeros(len(self.given)), np.zeros(len(self.taken))
        of_giver[: self.tasks] = self.most - task_price
        of_taker[: self.slots] = -slot_price
        ways = np.arange(self.tasks, len(self.given) - 1)
        # A way out may be worth as much as the place it leads out of.
        out = self.fixed_taker[self.tasks : self.tasks + len(ways)]
        of_giver[ways] = slot_price[out]
        return of_giver, of_taker

    def _simplex(self, of_giver: Floats, of_taker: Floats) -> tuple[Ints, Floats, Floats]:
        """Units of all pairs and the exact prices of givers and takers, from prices to start with."""
        givers, takers, units, _, of_giver, of_taker, _ = simplex()(
            self.given.astype(np.float64),
            self.taken.astype(np.float64),
            np.concatenate([self.task, self.fixed_giver]).astype(np.uint64),
            np.concatenate([self.slot, self.fixed_taker]).astype(np.uint64),
            np.concatenate([self.most - self.value, self.fixed_cost]).astype(np.float64),
            _PIVOTS_MAX,
            of_giver,
            of_taker,
        )
        width = len(self.taken)
        pairs = self.task * width + self.slot
        wanted = givers.astype(np.int64) * width + takers.astype(np.int64)
        place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        helps = pairs[place] == wanted
        flow = np.zeros(len(pairs), np.int64)
        flow[place[helps]] = _whole(units[helps])
        return flow, of_giver, of_taker


def _ways_to_steps(slot_group: Ints, step_group: Ints) -> tuple[Ints, Ints]:
    """(slot, step) of every step that help in a grouped slot may take; steps of a group stand together."""
    first = np.searchsorted(step_group, slot_group, side="left")
    counts = np.searchsorted(step_group, slot_group, side="right") - first
    way = np.repeat(np.arange(len(slot_group)), counts)
    within = np.arange(len(way)) - np.repeat(np.cumsum(counts) - counts, counts)
    return way, first[way] + within


def _renumbered(kept: Ints) -> Ints:
    """Old number -> place among the kept."""
    places = np.zeros(int(kept.max()) + 1, np.int64)
    places[kept] = np.arange(len(kept))
    return places


def _whole(numbers: Floats) -> Ints:
    return np.rint(numbers).astype(np.int64)
