"""Days with rounds as a model in CP-SAT, which shares nothing with ours but the problem: oracle of the tests, peer of the figures.

Every helper of a stretch is a person with visits of their own; all who meet a task at once share its start, which is
looked for at whole quarters of an hour and at the beginning of each window, as ours is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from marketplace.planning.solving.formulation import Problem, Routing, Stretch

GRID = 15
"""Minutes between two starts that are tried for a task whose helpers must come at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """The most points found, and the points that no plan exceeds on the same grid of starts."""

    points: int
    bound: int


def best(problem: Problem, *, seconds: float = 0, threads: int = 1) -> Found:
    """The best plan; with `seconds` the best found within them."""
    day = _Day(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    if seconds:
        solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(day.model)
    assert status == cp_model.OPTIMAL or (seconds and status == cp_model.FEASIBLE)
    return Found(round(solver.objective_value), round(solver.best_objective_bound))


@dataclass(slots=True)
class _Day:
    """The model of one problem.

    Attributes:
        common: starts that are tried, per task whose helpers share one.
        units: per (task, slot) how many visits; here: per (task, slot, helper) whether there is one, and its start.
        busy: per slot for each helper whether they go out at all.
    """

    problem: Problem
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    common: dict[int, set[int]] = field(default_factory=dict)
    start_of: dict[int, cp_model.IntVar] = field(default_factory=dict)
    units: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    here: dict[tuple[int, int, int], tuple[cp_model.IntVar, cp_model.IntVar]] = field(default_factory=dict)
    busy: dict[int, list[cp_model.IntVar]] = field(default_factory=dict)
    points: list[cp_model.LinearExprT] = field(default_factory=list)

    def __post_init__(self) -> None:
        routing = self.problem.routing
        assert routing is not None
        self._share_starts(routing)
        for task, edges in enumerate(self.problem.edges):
            for value, slot in edges:
                self._may_meet(task, slot, routing)
                self.points.append(value * self.units[task, slot])
        for task, demand in enumerate(self.problem.demand):
            if self.problem.edges[task]:
                self._as_many_as_asked(task, demand)
        for slot, stretch in routing.stretches.items():
            for helper in range(stretch.helpers):
                self._one_after_the_other(slot, stretch, helper, routing)
        for slot, room in enumerate(self.problem.capacity):
            if slot not in routing.stretches:
                self.model.add(self._in_slot(slot) <= room)
        for clash in self.problem.clashes:
            self.model.add(sum(one for slot in clash.slots for one in self.busy[slot]) <= clash.most)
        self._groups(routing)
        self._things(routing)
        self.model.maximize(sum(self.points))

    def _share_starts(self, routing: Routing) -> None:
        problem = self.problem
        for task, demand in enumerate(problem.demand):
            several = task in problem.synchronised or (task in problem.whole and demand > 1)
            if several or task in routing.shares:
                windows = [
                    window
                    for one in routing.stretches.values()
                    if task in one.visits
                    for window in one.visits[task].starts
                ]
                found = {
                    start
                    for first, last in windows
                    for start in (first, *range(-(-first // GRID) * GRID, last + 1, GRID))
                }
                self.common[task] = found
                self.start_of[task] = self._one_of(found)

    def _one_of(self, numbers: set[int]) -> cp_model.IntVar:
        return self.model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(numbers) or [0]), "")

    def _may_meet(self, task: int, slot: int, routing: Routing) -> None:
        model = self.model
        stretch = routing.stretches.get(slot)
        if stretch is None:
            most = min(self.problem.demand[task], self.problem.capacity[slot])
            self.units[task, slot] = model.new_int_var(0, most, "")
            return
        present = []
        for helper in range(stretch.helpers):
            starts = {
                start for first, last in stretch.visits[task].starts for start in range(first, last + 1)
            }
            if task in self.common:
                starts &= self.common[task]
            is_here, start = model.new_bool_var(""), self._one_of(starts)
            if not starts:
                model.add(is_here == 0)
            if task in self.common:
                model.add(start == self.start_of[task]).only_enforce_if(is_here)
            self.here[task, slot, helper] = is_here, start
            present.append(is_here)
        self.units[task, slot] = model.new_int_var(0, stretch.helpers, "")
        model.add(self.units[task, slot] == sum(present))

    def _as_many_as_asked(self, task: int, demand: int) -> None:
        model, whole = self.model, task in self.problem.whole
        total = sum(self.units[task, slot] for _, slot in self.problem.edges[task])
        if not whole and task not in self.problem.synchronised:
            model.add(total <= demand)
            return
        model.add(total == demand * model.new_bool_var(""))
        if whole:
            for _, slot in self.problem.edges[task]:
                model.add(self.units[task, slot] == demand * model.new_bool_var(""))

    def _one_after_the_other(self, slot: int, stretch: Stretch, helper: int, routing: Routing) -> None:
        model = self.model
        inside = [
            (task, *self.here[task, slot, helper])
            for task in stretch.visits
            if (task, slot, helper) in self.here
        ]
        busy = model.new_bool_var("")
        self.busy.setdefault(slot, []).append(busy)
        for task, is_here, start in inside:
            place, ends = routing.place[task], start + stretch.visits[task].minutes
            model.add_implication(is_here, busy)
            model.add(start >= stretch.opens + routing.way(stretch.leaves_from, place)).only_enforce_if(
                is_here
            )
            model.add(ends <= stretch.closes - routing.way(place, stretch.returns_to)).only_enforce_if(
                is_here
            )
        for number, (one, is_here, start) in enumerate(inside):
            for other, is_there, begins in inside[number + 1 :]:
                first = model.new_bool_var("")
                there = max(stretch.pause, routing.way(routing.place[one], routing.place[other]))
                back = max(stretch.pause, routing.way(routing.place[other], routing.place[one]))
                after_one = start + stretch.visits[one].minutes + there
                after_other = begins + stretch.visits[other].minutes + back
                model.add(begins >= after_one).only_enforce_if([is_here, is_there, first])
                model.add(start >= after_other).only_enforce_if([is_here, is_there, first.negated()])

    def _in_slot(self, slot: int) -> cp_model.LinearExprT:
        return sum(amount for (_, at), amount in self.units.items() if at == slot)

    def _groups(self, routing: Routing) -> None:
        model = self.model
        for group, steps in enumerate(self.problem.steps):
            inside = [
                (amount, slot, task)
                for (task, slot), amount in self.units.items()
                if self.problem.group_of[slot] == group
            ]
            taken = [model.new_int_var(0, most, "") for most, _ in steps]
            model.add(sum(amount for amount, _, _ in inside) == sum(taken))
            self.points.extend(-cost * amount for amount, (_, cost) in zip(taken, steps, strict=True))
            if group in routing.minutes_max:
                minutes = sum(
                    amount * routing.stretches[slot].visits[task].minutes for amount, slot, task in inside
                )
                model.add(minutes <= routing.minutes_max[group])

    def _things(self, routing: Routing) -> None:
        """No moment at which more of a thing is in use than there is."""
        for thing, most in enumerate(routing.things):
            intervals = []
            for task, own in routing.shares.items():
                if own != thing or not self.problem.edges[task]:
                    continue
                minutes = next(
                    one.visits[task].minutes for one in routing.stretches.values() if task in one.visits
                )
                met = self.model.new_bool_var("")
                served = sum(self.units[task, slot] for _, slot in self.problem.edges[task])
                self.model.add(served == self.problem.demand[task] * met)
                intervals.append(
                    self.model.new_optional_fixed_size_interval_var(self.start_of[task], minutes, met, "")
                )
            self.model.add_cumulative(intervals, [1] * len(intervals), most)
