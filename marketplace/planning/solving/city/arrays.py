"""A whole city's problem as numpy arrays, and its proof in whole numbers.

The same problem as `problem.Problem` without whole tasks and clashes; a hundred thousand needs with millions of
possible pairs take megabytes here where tuples take gigabytes. `certified` recomputes both sides of the proof in whole
numbers from nothing but the arrays, so no solver has to be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marketplace.errors import NotWholeNumber
from marketplace.planning.solving.formulation import Flows, Prices, Problem, Steps

Ints = NDArray[np.int64]

# Products of prices and units are added up in 64 bits; beyond this the sums might not fit.
POINTS_MAX = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class CityProblem:
    """n tasks, m slots, `groups` groups and e possible pairs; every array holds int64.

    Attributes:
        demand: (n,) units asked for.
        capacity: (m,) units per slot; none in a group without steps.
        task, slot, value: (e,) the possible pairs by rising task, then slot, and the points of one unit, at least 1.
        group_of: (m,) group of each slot, -1 for none.
        step_group, step_units, step_cost: the rising steps of all groups, by rising group.

    Raises:
        NotWholeNumber: an array of another type (floats above all), or sums that would not fit into 64 bits.
    """

    demand: Ints
    capacity: Ints
    task: Ints
    slot: Ints
    value: Ints
    group_of: Ints
    step_group: Ints
    step_units: Ints
    step_cost: Ints
    groups: int = 0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            array = getattr(self, name)
            if name != "groups" and array.dtype != np.int64:
                raise NotWholeNumber(field=name, given=str(array.dtype))
        most = max(int(self.value.max(initial=0)), int(self.step_cost.max(initial=0)))
        units = sum(
            int(one.max(initial=0)) * len(one) for one in (self.demand, self.capacity, self.step_units)
        )
        if 4 * most * units >= POINTS_MAX:
            raise NotWholeNumber(field="value", given=str(most))
        next_task, next_slot = np.diff(self.task), np.diff(self.slot)
        assert ((next_task > 0) | ((next_task == 0) & (next_slot > 0))).all(), "pairs out of order"
        assert (np.diff(self.step_group) >= 0).all(), "steps out of order"
        assert int(self.value.min(initial=1)) >= 1, "a pair worth nothing is no pair"
        limited = np.isin(self.group_of, self.step_group) | (self.group_of < 0)
        assert not self.capacity[~limited].any(), "room in a group that has none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityAnswer:
    """Units per pair and the prices that prove them: of tasks, of slots (their group's not included), of groups."""

    units: Ints
    task_price: Ints
    slot_price: Ints
    group_price: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Points of the answer and points no answer exceeds; `None` for an answer or prices that are not allowed."""

    primal: int | None
    dual: int | None

    @property
    def optimal(self) -> bool:
        return self.primal is not None and self.primal == self.dual


def without_groups(*, demand: Ints, capacity: Ints, task: Ints, slot: Ints, value: Ints) -> CityProblem:
    """A problem in which every slot stands alone."""
    none = np.empty(0, np.int64)
    return CityProblem(
        demand=demand,
        capacity=capacity,
        task=task,
        slot=slot,
        value=value,
        group_of=np.full(len(capacity), -1, np.int64),
        step_group=none,
        step_units=none,
        step_cost=none,
    )


def certified(problem: CityProblem, answer: CityAnswer) -> Certified:
    """Both sides of the proof, recomputed in whole numbers."""
    return Certified(primal=_primal(problem, answer.units), dual=_dual(problem, answer))


def _primal(problem: CityProblem, units: Ints) -> int | None:
    served = _added(problem.task, units, len(problem.demand))
    used = _added(problem.slot, units, len(problem.capacity))
    grouped = problem.group_of >= 0
    used_by_group = _added(problem.group_of[grouped], used[grouped], problem.groups)
    left = used_by_group.copy()
    cost = 0
    for number, room, each in zip(problem.step_group, problem.step_units, problem.step_cost, strict=True):
        taken = min(int(left[number]), int(room))
        left[number] -= taken
        cost += taken * int(each)
    allowed = (
        bool((units >= 0).all() and (served <= problem.demand).all() and (used <= problem.capacity).all())
        and not left.any()
    )
    return int(problem.value @ units) - cost if allowed else None


def _dual(problem: CityProblem, answer: CityAnswer) -> int | None:
    prices = (answer.task_price, answer.slot_price, answer.group_price)
    if any(int(price.min(initial=0)) < 0 for price in prices):
        return None
    full = answer.slot_price + _of_group(problem, answer.group_price)
    if (answer.task_price[problem.task] + full[problem.slot] < problem.value).any():
        return None
    above = np.maximum(0, answer.group_price[problem.step_group] - problem.step_cost)
    return int(
        answer.task_price @ problem.demand + answer.slot_price @ problem.capacity + above @ problem.step_units
    )


def _of_group(problem: CityProblem, group_price: Ints) -> Ints:
    """Per slot the price of its group, 0 without one."""
    return np.append(group_price, 0)[problem.group_of]


def _added(number: Ints, units: Ints, size: int) -> Ints:
    """Units added up per number."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, number, units)
    return sums


def as_arrays(problem: Problem) -> CityProblem:
    """The transportation core of a problem as arrays."""
    counts = [len(edges) for edges in problem.edges]
    task = np.repeat(np.arange(len(counts)), counts)
    pairs = np.array([edge for edges in problem.edges for edge in edges], np.int64).reshape(-1, 2)
    order = np.lexsort((pairs[:, 1], task))
    steps = np.array(
        [(group, *step) for group, own in enumerate(problem.steps) for step in own], np.int64
    ).reshape(-1, 3)
    return CityProblem(
        demand=np.array(problem.demand, np.int64),
        capacity=np.array(problem.capacity, np.int64),
        task=task,
        slot=pairs[order, 1],
        value=pairs[order, 0],
        group_of=np.array(problem.group_of, np.int64),
        step_group=np.ascontiguousarray(steps[:, 0]),
        step_units=np.ascontiguousarray(steps[:, 1]),
        step_cost=np.ascontiguousarray(steps[:, 2]),
        groups=len(problem.steps),
    )


def as_problem(problem: CityProblem) -> Problem:
    """The same problem as tuples, for the engine without compiled parts."""
    starts = np.searchsorted(problem.task, np.arange(len(problem.demand) + 1)).tolist()
    pairs = list(zip(problem.value.tolist(), problem.slot.tolist(), strict=True))
    steps: list[Steps] = [()] * problem.groups
    for group, units, cost in zip(
        problem.step_group.tolist(), problem.step_units.tolist(), problem.step_cost.tolist(), strict=True
    ):
        steps[group] = (*steps[group], (units, cost))
    return Problem(
        demand=tuple(problem.demand.tolist()),
        edges=tuple(tuple(pairs[a:b]) for a, b in pairwise(starts)),
        capacity=tuple(problem.capacity.tolist()),
        group_of=tuple(problem.group_of.tolist()),
        steps=tuple(steps),
    )


def as_flows(problem: CityProblem, answer: CityAnswer) -> Flows:
    """The answer by (task, slot), as the planner reads it."""
    flowing = np.flatnonzero(answer.units)
    pairs = zip(problem.task[flowing].tolist(), problem.slot[flowing].tolist(), strict=True)
    return Flows(
        units=dict(zip(pairs, answer.units[flowing].tolist(), strict=True)),
        prices=Prices(
            task=tuple(answer.task_price.tolist()),
            slot=tuple(answer.slot_price.tolist()),
            group=tuple(answer.group_price.tolist()),
        ),
    )


def from_flows(problem: CityProblem, flows: Flows) -> CityAnswer:
    """An answer by (task, slot) in the order of the problem's pairs."""
    width = len(problem.capacity)
    places = np.array([task * width + slot for task, slot in flows.units], np.int64)
    units = np.zeros(len(problem.task), np.int64)
    found = np.searchsorted(problem.task * width + problem.slot, places)
    units[found] = np.fromiter(flows.units.values(), np.int64, len(places))
    prices = flows.prices
    return CityAnswer(
        units=units,
        task_price=np.array(prices.task, np.int64),
        slot_price=np.array(prices.slot, np.int64),
        group_price=np.array(prices.group, np.int64),
    )
