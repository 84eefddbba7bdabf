"""A plan that follows the lists: add, withdraw, promise, call off; only what must move moves.

The engine keeps its prices between changes, so each change costs a few short paths instead of a new plan, the result is
certified just the same, and whoever is not touched keeps the helper already proposed. What
differs from before, and only that, is handed to the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from marketplace.errors import LineTwice, UnknownLine
from marketplace.planning.answers.plan import Match, Plan
from marketplace.planning.answers.planner import settled, told
from marketplace.planning.problem.context import PlanContext, Told
from marketplace.planning.problem.model import Fixed, Model, build
from marketplace.planning.problem.objective import Objective
from marketplace.planning.solving.decide import decided
from marketplace.planning.solving.formulation import Flows, Prices, Problem, Solver, Steps
from marketplace.planning.solving.search import ShortestPaths
from marketplace.planning.solving.transport import NO_GROUP, Transport
from marketplace.values import Need, Resource, Week

Line = TypeVar("Line", Need, Resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resumed:
    """Answers the whole problem with what the engine already knows, and any narrower one by solving it."""

    problem: Problem
    flows: Flows

    def solve(self, problem: Problem) -> Flows:
        same = (problem.demand, problem.edges, problem.capacity, problem.steps) == (
            self.problem.demand,
            self.problem.edges,
            self.problem.capacity,
            self.problem.steps,
        )
        return self.flows if same else ShortestPaths().solve(problem)


class LivePlan:
    """One week's plan under change.

    live = LivePlan(needs, resources, week=week, context=context)
    live.add_need(need)                 # replanned in place
    live.tell(live.plan().matches)      # both sides know of it: it stays unless a change gains more than it costs
    live.promise(fixed)                 # a person said yes: never moved again
    live.plan()                         # the whole plan with reasons and certificate
    """

    def __init__(
        self,
        needs: Iterable[Need] = (),
        resources: Iterable[Resource] = (),
        *,
        week: Week,
        context: PlanContext,
        objective: Objective | None = None,
        fixed: Iterable[Fixed] = (),
    ) -> None:
        self.week = week
        self.context = context
        self.objective = objective or Objective()
        self._needs = _keyed(needs)
        self._resources = _keyed(resources)
        self._fixed = list(fixed)
        self._engine = Transport()
        self._task_number: dict[str, int] = {}
        self._edges: dict[str, dict[str, int]] = {}
        self._slot_number: dict[str, int] = {}
        self._slots_of: dict[str, set[str]] = {}
        self._group: dict[str, tuple[int, Steps]] = {}
        self._model = self._follow()

    # ------------------------------------------------------------------ changes

    def add_need(self, need: Need) -> None:
        """Put a need on the list, or put a changed one in place of the old."""
        self._needs[need.line_key] = need
        self._model = self._follow()

    def withdraw_need(self, line_key: str) -> None:
        """Take a need off the list; its places go to whom they serve best."""
        if self._needs.pop(line_key, None) is None:
            raise UnknownLine(line_key=line_key)
        self._model = self._follow()

    def add_resource(self, resource: Resource) -> None:
        """Put a resource on the list, or put a changed one in place of the old."""
        self._resources[resource.line_key] = resource
        self._model = self._follow()

    def withdraw_resource(self, line_key: str) -> None:
        """Take a resource off the list, as when a helper is ill today; who it served is placed anew."""
        if self._resources.pop(line_key, None) is None:
            raise UnknownLine(line_key=line_key)
        self._model = self._follow()

    def promise(self, fixed: Fixed) -> None:
        """Fix help that a person agreed to."""
        self._fixed.append(fixed)
        self._model = self._follow()

    def call_off(self, fixed: Fixed) -> None:
        """Undo a promise, also on the day itself; need and place are free again."""
        if fixed not in self._fixed:
            raise UnknownLine(line_key=fixed.need_key)
        self._fixed.remove(fixed)
        self._model = self._follow()

    def tell(self, matches: Iterable[Match]) -> None:
        """Both sides of these visits were told: they stay as they are unless a change gains more than it costs."""
        told_now: dict[str, list[Told]] = {}
        for match in matches:
            if match.source == "plan":
                visit = Told(resource_key=match.resource.line_key, window=match.window)
                told_now.setdefault(match.need.line_key, []).append(visit)
        self.context = replace(self.context, told={key: tuple(visits) for key, visits in told_now.items()})
        self._model = self._follow()

    # ------------------------------------------------------------------ reading

    @property
    def points(self) -> int:
        """Points of the engine's present answer: the plan's own, or its bound where rooms and whole tasks constrain."""
        return self._engine.primal()

    def plan(self) -> Plan:
        """The present plan with reasons, gaps and certificate."""
        return settled(self._planned, self.context)

    def _planned(self, context: PlanContext) -> Plan:
        if context is self.context:
            model = self._model
            solver: Solver = _Resumed(problem=model.problem, flows=self._flows(model))
        else:
            model, solver = self._built(context), ShortestPaths()
        answer = decided(model.problem, solver)
        return told(
            model,
            answer,
            needs=tuple(self._needs.values()),
            resources=tuple(self._resources.values()),
            week=self.week,
            objective=self.objective,
            fixed=self._promises(),
            context=context,
        )

    def _flows(self, model: Model) -> Flows:
        engine = self._engine
        tasks = [self._task_number[task.key] for task in model.tasks]
        slots = [self._slot_number[slot.key] for slot in model.slots]
        at_slot = {number: place for place, number in enumerate(slots)}
        units = {
            (task, at_slot[slot]): amount
            for task, number in enumerate(tasks)
            for slot, amount in engine.flow[number].items()
        }
        groups: list[int] = [0] * len(model.problem.steps)
        for place, group in enumerate(model.problem.group_of):
            if group != NO_GROUP:
                groups[group] = engine.group_of[slots[place]]
        prices = Prices(
            task=tuple(engine.task_price[number] for number in tasks),
            slot=tuple(engine.scarcity(number) for number in slots),
            group=tuple(engine.group_price[number] for number in groups),
        )
        return Flows(units=units, prices=prices)

    # ------------------------------------------------------------------ following the lists

    def _promises(self) -> tuple[Fixed, ...]:
        return tuple(
            sorted(self._fixed, key=lambda one: (one.window, one.need_key, one.resource_key, one.quantity))
        )

    def _follow(self) -> Model:
        """Hand to the engine what the lists now say otherwise than before."""
        model = self._built(self.context)
        wanted = {
            task.key: {model.slots[slot].key: value for value, slot in edges}
            for task, edges in zip(model.tasks, model.problem.edges, strict=True)
        }
        self._drop_tasks(model, wanted)
        self._follow_slots(model)
        self._open_new_slots(model, wanted)
        self._follow_tasks(model, wanted)
        return model

    def _built(self, context: PlanContext) -> Model:
        return build(
            list(self._needs.values()),
            list(self._resources.values()),
            week=self.week,
            objective=self.objective,
            fixed=self._promises(),
            context=context,
        )

    def _drop_tasks(self, model: Model, wanted: dict[str, dict[str, int]]) -> None:
        """Tasks that are gone, or whose worth changed at a place that was there before and still is."""
        staying = self._slot_number.keys() & {slot.key for slot in model.slots}
        for key in list(self._task_number):
            before, now = self._edges[key], wanted.get(key)
            if now is None or any(
                before.get(slot) != now.get(slot) for slot in staying & (before.keys() | now.keys())
            ):
                self._engine.remove_task(self._task_number.pop(key))
                del self._edges[key]

    def _follow_slots(self, model: Model) -> None:
        """Close what is gone; a resource whose weekly limit changed gives up its slots and gets new ones."""
        present: dict[str, set[str]] = {}
        steps: dict[str, Steps] = {}
        for slot, group in zip(model.slots, model.problem.group_of, strict=True):
            present.setdefault(slot.resource.line_key, set()).add(slot.key)
            steps[slot.resource.line_key] = model.problem.steps[group] if group != NO_GROUP else ()
        for line_key in list(self._slots_of):
            _, before = self._group[line_key]
            keep = present.get(line_key, set()) if steps.get(line_key) == before else set()
            for key in sorted(self._slots_of[line_key] - keep):
                self._engine.change_capacity(self._slot_number.pop(key), 0)
                self._slots_of[line_key].discard(key)
            if not self._slots_of[line_key]:
                del self._slots_of[line_key], self._group[line_key]
        for place, slot in enumerate(model.slots):
            if slot.key in self._slot_number:
                self._engine.change_capacity(self._slot_number[slot.key], model.problem.capacity[place])

    def _open_new_slots(self, model: Model, wanted: dict[str, dict[str, int]]) -> None:
        wanted_by: dict[str, list[tuple[int, int]]] = {}
        for key, number in self._task_number.items():
            for slot_key, value in wanted[key].items():
                if slot_key not in self._slot_number:
                    wanted_by.setdefault(slot_key, []).append((value, number))
        for place, slot in enumerate(model.slots):
            if slot.key in self._slot_number:
                continue
            line_key, group = slot.resource.line_key, model.problem.group_of[place]
            if line_key not in self._group:
                steps = model.problem.steps[group] if group != NO_GROUP else ()
                number = self._engine.add_group(steps or ((1, 0),)) if group != NO_GROUP else NO_GROUP
                self._group[line_key] = (number, steps)
            self._slot_number[slot.key] = self._engine.add_slot(
                model.problem.capacity[place], self._group[line_key][0], wanted_by.get(slot.key, ())
            )
            self._slots_of.setdefault(line_key, set()).add(slot.key)

    def _follow_tasks(self, model: Model, wanted: dict[str, dict[str, int]]) -> None:
        for place, task in enumerate(model.tasks):
            demand = model.problem.demand[place]
            if task.key in self._task_number:
                number = self._task_number[task.key]
                if self._engine.demand[number] != demand:
                    self._engine.change_demand(number, demand)
            else:
                edges = [(value, self._slot_number[slot]) for slot, value in wanted[task.key].items()]
                self._task_number[task.key] = self._engine.add_task(demand, edges)
            self._edges[task.key] = wanted[task.key]


def _keyed(lines: Iterable[Line]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for line in lines:
        if line.line_key in found:
            raise LineTwice(line_key=line.line_key)
        found[line.line_key] = line
    return found
