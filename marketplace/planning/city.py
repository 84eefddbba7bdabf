"""A whole city's plan: the exact sparse network simplex of POT (extra `city`), proven here in whole numbers.

The three layers become one transportation problem between givers and takers:

    giver                            taker                         what flows
    a task                           a slot                        help, at minus its value
    a task                           nobody                        what stays unmet
    a grouped slot, on its way out   the same slot                 room that stays empty
    a grouped slot, on its way out   a step of its group           help that takes this step, at its cost
    idle                             a slot without group, a step  room that stays empty
    idle                             nobody                        balances the sums

so a slot in a group stands on both sides, and a place taken in it must be passed on to a step. The solver works with
floats, but values and units are whole numbers far below 2**53, so nothing is lost. Its answer is not taken on trust:
one that is not proven optimal in whole numbers is refused, and `Strongest` then asks our own engine.

Source: Orden, The Transhipment Problem (1956), for layers in transportation form; Bonneel and others, Displacement
Interpolation (2011), for the simplex in POT.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.arrays import CityAnswer, CityProblem, Ints, as_arrays, as_flows, certified
from marketplace.planning.problem import Flows, Problem
from marketplace.planning.search import ShortestPaths

# From here on the compiled solver is quicker than ours in every regime, its import included.
CITY_PAIRS_MIN = 30_000
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


def installed() -> bool:
    """True when the extra `city` is there."""
    return find_spec("ot") is not None


def solve_city(problem: CityProblem) -> CityAnswer:
    """The best answer to a problem in arrays; raises NotProven when it does not stand the test in whole numbers."""
    open_task, open_slot = problem.demand > 0, _open_slots(problem)
    kept = open_task[problem.task] & open_slot[problem.slot]
    units = np.zeros(len(problem.task), np.int64)
    task_price, full_price = np.zeros(len(problem.demand), np.int64), np.zeros(len(open_slot), np.int64)
    step_price = np.zeros(len(problem.step_group), np.int64)
    if kept.any():
        tasks, slots, pairs = map(np.flatnonzero, (open_task, open_slot, kept))
        units[pairs], task_price[tasks], full_price[slots], step_price = _solved(problem, tasks, slots, pairs)
    answer = _with_closed(problem, units, task_price, full_price, step_price)
    if not certified(problem, answer).optimal:
        raise NotProven
    return answer


def _open_slots(problem: CityProblem) -> NDArray[np.bool_]:
    """Slots with room, whose group has room too."""
    has_steps = np.zeros(problem.groups + 1, np.bool_)
    has_steps[problem.step_group] = True
    has_steps[-1] = True  # no group at all
    return (problem.capacity > 0) & has_steps[problem.group_of]


def _with_closed(
    problem: CityProblem, units: Ints, task_price: Ints, full_price: Ints, step_price: Ints
) -> CityAnswer:
    """The whole answer: places without room and tasks without demand get prices that keep every pair true."""
    group_price = np.full(problem.groups, int(problem.value.max(initial=0)), np.int64)
    np.minimum.at(group_price, problem.step_group, problem.step_cost + step_price)
    of_group = np.append(group_price, 0)[problem.group_of]
    shut, idle = ~_open_slots(problem)[problem.slot], (problem.demand == 0)[problem.task]
    lacking = problem.value - task_price[problem.task]
    np.maximum.at(full_price, problem.slot[shut & ~idle], lacking[shut & ~idle])
    full_price = np.maximum(full_price, of_group)
    lacking = problem.value - full_price[problem.slot]
    np.maximum.at(task_price, problem.task[idle], lacking[idle])
    return CityAnswer(
        units=units, task_price=task_price, slot_price=full_price - of_group, group_price=group_price
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arcs:
    """Arcs of the transportation form, as giver, taker and cost."""

    giver: Ints
    taker: Ints
    cost: Ints

    @staticmethod
    def joined(*parts: tuple[Ints, Ints, Ints | int]) -> _Arcs:
        costs = [np.broadcast_to(np.asarray(cost, np.int64), giver.shape) for giver, _, cost in parts]
        return _Arcs(
            giver=np.concatenate([giver for giver, _, _ in parts]),
            taker=np.concatenate([taker for _, taker, _ in parts]),
            cost=np.concatenate(costs),
        )


def _solved(problem: CityProblem, tasks: Ints, slots: Ints, pairs: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Units of these pairs, prices of these tasks, full prices of these slots, and prices of all steps."""
    n, m, steps = len(tasks), len(slots), len(problem.step_group)
    group = problem.group_of[slots]
    grouped, alone = np.flatnonzero(group >= 0), np.flatnonzero(group < 0)
    # Givers: tasks, ways out, idle. Takers: slots, steps, nobody.
    idle, nobody = n + len(grouped), m + steps
    way, step = _ways_to_steps(group[grouped], problem.step_group)
    most = int(problem.value.max())
    task, slot = _renumbered(tasks)[problem.task[pairs]], _renumbered(slots)[problem.slot[pairs]]
    rest = np.concatenate([alone, np.arange(m, nobody + 1)])
    arcs = _Arcs.joined(
        (task, slot, most - problem.value[pairs]),
        (np.arange(n), np.full(n, nobody), most),
        (n + np.arange(len(grouped)), grouped, 0),
        (n + way, m + step, problem.step_cost[step]),
        (np.full(len(rest), idle), rest, 0),
    )
    demand, capacity = problem.demand[tasks], problem.capacity[slots]
    # One unit more on both sides always flows from idle to nobody, which ties their prices together.
    spare = int(capacity[alone].sum() + problem.step_units.sum()) + 1
    given = np.concatenate([demand, capacity[grouped], [spare]])
    taken = np.concatenate([capacity, problem.step_units, [int(demand.sum()) + 1]])
    flow, of_giver, of_taker = _simplex(given, taken, arcs)
    del arcs
    # Whatever constant was moved from one side's prices to the other falls out of these differences.
    origin = of_taker[nobody]
    return (
        _on_pairs(flow, task * m + slot, m),
        _whole(most - of_giver[:n] - origin),
        _whole(origin - of_taker[:m]),
        _whole(origin - of_taker[m:nobody]),
    )


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


def _simplex(given: Ints, taken: Ints, arcs: _Arcs) -> tuple[Any, Floats, Floats]:
    """The flow, and the prices of givers and takers, as POT returns them."""
    import ot  # type: ignore[import-untyped]
    from scipy.sparse import coo_array  # type: ignore[import-untyped]

    shape = (len(given), len(taken))
    costs = coo_array((arcs.cost.astype(np.float64), (arcs.giver, arcs.taker)), shape=shape)
    flow, log = ot.emd(
        given.astype(np.float64),
        taken.astype(np.float64),
        costs,
        numItermax=_PIVOTS_MAX,
        log=True,
        check_marginals=False,
    )
    return flow, log["u"], log["v"]


def _on_pairs(flow: Any, pairs: Ints, slots: int) -> Ints:
    """Units per pair, given as task * slots + slot in rising order."""
    row, col = flow.row.astype(np.int64), flow.col.astype(np.int64)
    wanted = row * slots + col
    place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    helps = (col < slots) & (pairs[place] == wanted)
    units = np.zeros(len(pairs), np.int64)
    units[place[helps]] = _whole(flow.data[helps])
    return units


def _whole(numbers: Floats) -> Ints:
    return np.rint(numbers).astype(np.int64)
