"""What each slot has to offer, laid out for pricing: its tasks, their starts, the ways between them, its limits.

A task is *joint* when it counts only as a whole or needs all of its helpers, or a thing, at one time: its starts are then
chosen once for all, among quarters of an hour and the first moments of its windows. All other tasks start as early as
the round allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.planning.solving.formulation import NOWHERE, Problem, Routing, Stretch
from marketplace.planning.solving.network import NO_GROUP

# Joint visits start on the quarter, or as soon as somebody can.
GRID_MINUTES = 15
ANY_TIME = -1
# (task, slot or ANY_SLOT, start): one way in which all units of a joint task may be met.
Option = tuple[int, int, int]
ANY_SLOT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One stretch; lists run over its tasks in rising order.

    Attributes:
        starts: allowed starts as (first, last), already within the stretch with the way home.
        joint: allowed single starts of joint tasks, None for others.
        first: the earliest a round may begin at each task; gap: least minutes from one task's end to another's start.
        minutes_max, visits_max: what one round may hold, 0 for as much as fits.
        twin_of: number of the class of tasks that differ in nothing but their worth.
    """

    slot: int
    tasks: tuple[int, ...]
    minutes: tuple[int, ...]
    value: tuple[int, ...]
    starts: tuple[tuple[tuple[int, int], ...], ...]
    joint: tuple[tuple[int, ...] | None, ...]
    first: tuple[int, ...]
    gap: tuple[tuple[int, ...], ...]
    minutes_max: int
    visits_max: int
    twin_of: tuple[int, ...]

    def earliest(self, place: int, ready: int) -> int | None:
        """The first allowed start of a task that is not joint, not before `ready`."""
        for first, last in self.starts[place]:
            if ready <= last:
                return max(ready, first)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A problem laid out.

    Attributes:
        tables: per stretch, by slot.
        counted: per slot without rounds, (task, value of one unit).
        joint: joint tasks; options: per joint task its options, and which slots serve each.
        moments: per thing the starts at which it may be taken, rising; minutes: how long each task takes at most.
        limit: per group the units of all its steps.
    """

    problem: Problem
    tables: Mapping[int, Table]
    counted: Mapping[int, tuple[tuple[int, int], ...]]
    joint: frozenset[int]
    options: Mapping[int, Mapping[Option, tuple[int, ...]]]
    moments: Mapping[int, tuple[int, ...]]
    minutes: Mapping[int, int]
    limit: tuple[int, ...]

    def option(self, task: int, slot: int, start: int) -> Option:
        """The option to which a visit of a joint task belongs."""
        return (task, slot if task in self.problem.whole else ANY_SLOT, start)

    def covered(self, option: Option) -> list[tuple[int, int]]:
        """(thing, moment) that a joint task takes with this option."""
        task, _, start = option
        routing = self.problem.routing
        thing = None if routing is None else routing.shares.get(task)
        if thing is None:
            return []
        until = start + self.minutes[task]
        return [(thing, moment) for moment in self.moments[thing] if start <= moment < until]

    def minutes_of(self, task: int, slot: int) -> int:
        """How long a visit takes in a slot; nothing in one that only counts."""
        routing = self.problem.routing
        stretch = None if routing is None else routing.stretches.get(slot)
        return 0 if stretch is None else stretch.visits[task].minutes

    def people(self, slot: int) -> int:
        """How many rounds a stretch holds side by side."""
        assert self.problem.routing is not None
        return self.problem.routing.stretches[slot].helpers


@dataclass(frozen=True, slots=True)
class Round:
    """A column: the visits of one helper in one stretch in order, or one unit in a slot that only counts."""

    slot: int
    visits: tuple[tuple[int, int], ...]
    value: int


def laid_out(problem: Problem) -> Laid:
    """Everything that does not change with prices."""
    routing = problem.routing
    assert routing is not None
    at_slot: dict[int, list[tuple[int, int]]] = {}
    for task, edges in enumerate(problem.edges):
        if problem.demand[task]:
            for value, slot in edges:
                at_slot.setdefault(slot, []).append((task, value))
    joint = frozenset(
        task
        for task, demand in enumerate(problem.demand)
        if demand
        and (task in problem.synchronised or task in routing.shares or (task in problem.whole and demand > 1))
    )
    limit = tuple(sum(units for units, _ in steps) for steps in problem.steps)
    minutes = {
        task: max((stretch.visits[task].minutes for stretch in _stretches_of(problem, task)), default=0)
        for task in joint
    }
    starts = {task: _joint_starts(problem, task) for task in sorted(joint)}
    tables, counted = {}, {}
    for slot in sorted(at_slot):
        if not problem.capacity[slot]:
            continue
        if slot in routing.stretches:
            table = _table(problem, slot, at_slot[slot], joint, starts, limit)
            if table.tasks:
                tables[slot] = table
        else:
            counted[slot] = tuple(at_slot[slot])
    options = {task: _options(problem, task, tables, counted) for task in sorted(joint)}
    tables = {slot: _with_options(table, problem, options) for slot, table in tables.items()}
    moments: dict[int, set[int]] = {}
    for task, thing in routing.shares.items():
        moments.setdefault(thing, set()).update(start for _, _, start in options.get(task, {}))
    return Laid(
        problem=problem,
        tables=tables,
        counted=counted,
        joint=joint,
        options=options,
        moments={thing: tuple(sorted(found)) for thing, found in moments.items()},
        minutes=minutes,
        limit=limit,
    )


def _stretches_of(problem: Problem, task: int) -> list[Stretch]:
    assert problem.routing is not None
    stretches = problem.routing.stretches
    return [
        stretches[slot]
        for _, slot in problem.edges[task]
        if slot in stretches and task in stretches[slot].visits
    ]


def _joint_starts(problem: Problem, task: int) -> frozenset[int]:
    """Starts that come up at all: quarters of an hour, and wherever somebody's time begins."""
    found: set[int] = set()
    for stretch in _stretches_of(problem, task):
        for first, last in stretch.visits[task].starts:
            found.add(first)
            found.update(range(-(-first // GRID_MINUTES) * GRID_MINUTES, last + 1, GRID_MINUTES))
    return frozenset(found)


def _table(
    problem: Problem,
    slot: int,
    at_slot: Sequence[tuple[int, int]],
    joint: frozenset[int],
    joint_starts: Mapping[int, frozenset[int]],
    limit: Sequence[int],
) -> Table:
    routing = problem.routing
    assert routing is not None
    stretch, group = routing.stretches[slot], problem.group_of[slot]
    minutes_max = 0 if group == NO_GROUP else routing.minutes_max.get(group, 0)
    rows = []
    leaves, returns = stretch.leaves_from != NOWHERE, stretch.returns_to != NOWHERE
    for task, value in at_slot:
        visit = stretch.visits.get(task)
        if visit is None or (minutes_max and visit.minutes > minutes_max):
            continue
        place = routing.place[task]
        there = routing.way(stretch.leaves_from, place) if leaves else 0
        back = routing.way(place, stretch.returns_to) if returns else 0
        opens = stretch.opens + max(stretch.pause_before, there)
        closes = stretch.closes - max(stretch.pause_after, back) - visit.minutes
        starts = visit.starts
        if starts and (starts[0][0] < opens or closes < starts[-1][1]):
            starts = tuple((max(one, opens), min(other, closes)) for one, other in starts if max(one, opens) <= min(other, closes))  # fmt: skip
        single = None
        if task in joint:
            single = tuple(
                sorted(start for start in joint_starts[task] if any(a <= start <= b for a, b in starts))
            )
        if starts and single != ():
            rows.append((task, visit.minutes, value, starts, single, opens, place))
    spare = stretch.closes - stretch.opens
    visits_max = 0 if group == NO_GROUP or limit[group] >= len(rows) else limit[group]
    classes: dict[tuple[object, ...], int] = {}
    return Table(
        slot=slot,
        tasks=tuple(row[0] for row in rows),
        minutes=tuple(row[1] for row in rows),
        value=tuple(row[2] for row in rows),
        starts=tuple(row[3] for row in rows),
        joint=tuple(row[4] for row in rows),
        first=tuple(row[5] for row in rows),
        gap=_gaps(routing, stretch.pause, [row[6] for row in rows]),
        minutes_max=minutes_max if minutes_max and minutes_max < spare else 0,
        visits_max=visits_max,
        twin_of=tuple(
            classes.setdefault((row[1], row[3], row[6], row[4] is None or row[0]), len(classes))
            for row in rows
        ),
    )


def _gaps(routing: Routing, pause: int, places: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Least minutes from the end of each visit to the start of each."""
    if not routing.travel:
        return ((pause,) * len(places),) * len(places)
    if len(set(places)) == 1:
        # Nobody goes anywhere between visits at one spot.
        return ((max(pause, routing.way(places[0], places[0])),) * len(places),) * len(places)
    return tuple(tuple(max(pause, routing.way(one, other)) for other in places) for one in places)


def _with_options(
    table: Table, problem: Problem, options: Mapping[int, Mapping[Option, tuple[int, ...]]]
) -> Table:
    """The table without starts at which too few can come together."""
    if all(single is None for single in table.joint):
        return table
    joint = tuple(
        None if single is None
        else tuple(start for start in single if (task, table.slot if task in problem.whole else ANY_SLOT, start) in options[task])
        for task, single in zip(table.tasks, table.joint, strict=True)
    )  # fmt: skip
    return replace(table, joint=joint)


def _options(
    problem: Problem,
    task: int,
    tables: Mapping[int, Table],
    counted: Mapping[int, tuple[tuple[int, int], ...]],
) -> dict[Option, tuple[int, ...]]:
    """How all units of a joint task may be met, where enough can come together."""
    demand, several = problem.demand[task], problem.synchronised.get(task)
    serving: dict[Option, list[int]] = {}
    whole = task in problem.whole
    places = sorted(slot for _, slot in problem.edges[task])
    for slot in places:
        if slot in tables and task in tables[slot].tasks:
            for start in tables[slot].joint[tables[slot].tasks.index(task)] or ():
                serving.setdefault((task, slot if whole else ANY_SLOT, start), []).append(slot)
        elif slot in counted and whole:
            serving[task, slot, ANY_TIME] = [slot]
    if several is not None:
        for slot in places:
            if slot in counted:
                opens, closes = several.hours[slot]
                for option, slots in serving.items():
                    if opens <= option[2] and option[2] + several.minutes <= closes:
                        slots.append(slot)
    routing = problem.routing
    assert routing is not None
    room = {
        slot: routing.stretches[slot].helpers if slot in tables else problem.capacity[slot] for slot in places
    }
    return {
        option: tuple(sorted(slots))
        for option, slots in sorted(serving.items())
        if sum(min(demand, room[slot]) for slot in slots) >= demand
    }
