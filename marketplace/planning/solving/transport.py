"""The exact engine: most points from tasks to slots, with prices that prove it, kept right through every change.

It is the transportation problem solved by successive shortest paths (the Hungarian method for quantities). Three
layers: a task asks for units, a slot offers units in one stretch of time, and a group ties the slots of one owner
under a common limit whose further units may cost points (fairness in convex steps).

The price of a task is what one more unit of help for it is worth; the price of a slot is what one more unit of it
would gain. After every call the prices satisfy, for each edge, `task + slot >= value`, with equality wherever help
flows; that is the certificate, and it is whole numbers throughout.

Adding or taking away a task or a slot moves only what must move: a new task looks for its best place along a shortest
path, and a place that falls free is filled along a shortest path found backwards. Edges are scanned best first and
only while they can still matter, which is what makes plain Python quick enough for a district.

Source: Ahuja, Magnanti, Orlin, Network Flows (1993), chapters 9.7 and 12.4.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from marketplace.planning.solving.network import GROUP, NO_GROUP, SLOT, TASK, Network
from marketplace.planning.solving.paths import FAR, cheapest_from, cheapest_to

__all__ = ["NO_GROUP", "Ground", "Transport"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Edges seen from both sides, each list best first: (value, slot) per task, (value, task) per slot."""

    edges: list[list[tuple[int, int]]]
    wanted_by: list[list[tuple[int, int]]]

    @classmethod
    def of(cls, all_edges: Sequence[Sequence[tuple[int, int]]], slots: int) -> Ground:
        """The ground of unsorted edges among so many slots."""
        wanted: list[list[tuple[int, int]]] = [[] for _ in range(slots)]
        for task, edges in enumerate(all_edges):
            for value, slot in edges:
                wanted[slot].append((value, task))
        return cls(
            [_sorted_best_first(edges) for edges in all_edges], [_sorted_best_first(one) for one in wanted]
        )


class Transport(Network):
    """A plan under change; always optimal for what has been added so far.

    Read `flow`, `unmet`, `task_price`, `slot_price`, `group_price`; change through the methods only.
    """

    # ------------------------------------------------------------------ building and changing

    @classmethod
    def laid_out(
        cls,
        ground: Ground,
        *,
        capacity: Sequence[int],
        group_of: Sequence[int],
        steps: Sequence[Sequence[tuple[int, int]]],
    ) -> Transport:
        """Everything at once, as yet without demand; quicker than one by one.

        The edges of `ground` are shared with whoever else stands on it, so no task or slot may be added or removed.
        """
        engine = cls()
        groups, slots, tasks = len(steps), len(capacity), len(ground.edges)
        # A group with nothing left has only closed slots; it stays as a number.
        engine.steps = [tuple(own) or ((1, 0),) for own in steps]
        engine.room = [sum(units for units, _ in own) for own in engine.steps]
        engine.group_used, engine.group_price = [0] * groups, [0] * groups
        engine.members = [[] for _ in range(groups)]
        engine.capacity, engine.group_of = list(capacity), list(group_of)
        engine.used, engine.slot_price = [0] * slots, [0] * slots
        engine.holders = [{} for _ in range(slots)]
        engine.wanted_by, engine.edges = list(ground.wanted_by), list(ground.edges)
        for slot, group in enumerate(group_of):
            if group != NO_GROUP:
                engine.members[group].append(slot)
        engine.demand, engine.unmet = [0] * tasks, [0] * tasks
        engine.flow = [{} for _ in range(tasks)]
        engine.task_price = [edges[0][0] if edges else 0 for edges in ground.edges]
        return engine

    def add_group(self, steps: Sequence[tuple[int, int]]) -> int:
        """The new group's number; `steps` are (units, points each unit costs), costs never falling."""
        assert steps
        assert all(units > 0 and cost >= 0 for units, cost in steps)
        assert all(a[1] <= b[1] for a, b in pairwise(steps))
        self.steps.append(tuple(steps))
        self.room.append(sum(units for units, _ in steps))
        self.group_used.append(0)
        self.group_price.append(0)
        self.members.append([])
        return len(self.steps) - 1

    def add_slot(
        self, capacity: int, group: int = NO_GROUP, wanted_by: Sequence[tuple[int, int]] = ()
    ) -> int:
        """The new slot's number; `wanted_by` are (value, task) of tasks already here that could use it."""
        slot = len(self.capacity)
        self.capacity.append(0)
        self.used.append(0)
        self.holders.append({})
        self.group_of.append(group)
        self.wanted_by.append(_sorted_best_first(wanted_by))
        # A slot without room is a dead end, so any price that keeps its edges true will do.
        self.slot_price.append(max([0, *(value - self.task_price[task] for value, task in wanted_by)]))
        if group != NO_GROUP:
            self.members[group].append(slot)
        for value, task in wanted_by:
            _insert(self.edges[task], (value, slot))
        self.change_capacity(slot, capacity)
        return slot

    def add_task(self, demand: int, edges: Sequence[tuple[int, int]]) -> int:
        """The new task's number; `edges` are (value, slot), each value at least 1. Re-plans in place."""
        task = len(self.edges)
        self.edges.append(_sorted_best_first(edges))
        self.demand.append(demand)
        self.unmet.append(0)
        self.flow.append({})
        self.task_price.append(max([0, *(value - self.slot_price[slot] for value, slot in edges)]))
        for value, slot in edges:
            _insert(self.wanted_by[slot], (value, task))
        self._send_on(3 * task + TASK, demand)
        return task

    def remove_task(self, task: int) -> None:
        """Take a task away and give its places to whom they serve best."""
        freed = list(self.flow[task].items())
        for slot, _ in freed:
            del self.holders[slot][task]
        for value, slot in self.edges[task]:
            _remove(self.wanted_by[slot], (value, task))
        self.flow[task], self.edges[task] = {}, []
        self.demand[task] = self.unmet[task] = self.task_price[task] = 0
        for slot, units in freed:
            self._fill(3 * slot + SLOT, units)

    def change_demand(self, task: int, demand: int) -> None:
        """Ask for more or less of the same task."""
        more = demand - self.demand[task]
        self.demand[task] = demand
        if more > 0:
            if self.unmet[task]:
                self.unmet[task] += more
            else:
                self._send_on(3 * task + TASK, more)
            return
        fewer = -more
        spare = min(fewer, self.unmet[task])
        self.unmet[task] -= spare
        fewer -= spare
        while fewer:
            # Any unit may go: filling its place afterwards lets the task itself move into it if that is better.
            slot = max(self.flow[task])
            units = min(fewer, self.flow[task][slot])
            self._shift(task, slot, -units)
            self._fill(3 * slot + SLOT, units)
            fewer -= units

    def change_capacity(self, slot: int, capacity: int) -> None:
        """Open or close places of a slot; 0 takes the slot out of the plan."""
        group = self.group_of[slot]
        while (more := capacity - self.capacity[slot]) > 0:
            floor = self.group_price[group] if group != NO_GROUP else 0
            if self.slot_price[slot] <= floor:
                self.capacity[slot] = capacity
                return
            # New places are worth more than their price: take them all, then hand them out backwards. A group
            # cannot take more at once than it has room for.
            more = more if group == NO_GROUP else min(more, self.room[group])
            self.capacity[slot] += more
            self.used[slot] += more
            if group != NO_GROUP:
                self._send_on(3 * group + GROUP, more)
            self._fill(3 * slot + SLOT, more)
        self.capacity[slot] = capacity
        over = max(0, self.used[slot] - capacity)
        self.used[slot] -= over
        moved = []
        for task in sorted(self.holders[slot], reverse=True):
            units = min(over, self.holders[slot][task])
            if units:
                self._shift(task, slot, -units)
                moved.append((task, units))
                over -= units
        taken = sum(units for _, units in moved)
        if group != NO_GROUP and taken:
            self._fill(3 * group + GROUP, taken)
        for task, units in moved:
            self._send_on(3 * task + TASK, units)

    def load(
        self,
        demand: Sequence[int],
        units: Mapping[tuple[int, int], int],
        task_price: Sequence[int],
        slot_price: Sequence[int],
        group_price: Sequence[int],
    ) -> None:
        """Take over an answer found elsewhere, with full prices of slots (their group's included).

        The engine must have been laid out with tasks of no demand.
        """
        assert not any(self.demand)
        self.demand = list(demand)
        self.unmet = list(demand)
        for (number, place), amount in units.items():
            self._shift(number, place, amount)
            self.unmet[number] -= amount
            self.used[place] += amount
            if self.group_of[place] != NO_GROUP:
                self.group_used[self.group_of[place]] += amount
        self.task_price, self.slot_price, self.group_price = (
            list(task_price),
            list(slot_price),
            list(group_price),
        )

    def short_by(self, task: int) -> int | None:
        """Points that one more unit of a task lacks to be placed; None when no place could ever take it."""
        best, *_ = cheapest_from(self, 3 * task + TASK, stay=False)
        return best if best < FAR else None

    # ------------------------------------------------------------------ a surplus finds its place

    def _send_on(self, source: int, units: int) -> None:
        """Find places for units that stand at a task, or at a group that took more than it passed on."""
        while units:
            best, end, came_from, distance = cheapest_from(self, source)
            assert best < FAR
            for node, d in distance.items():
                if d < best:
                    self._reprice(node, best - d)
            units -= self._push_to(source, end, came_from, units)

    def _push_to(self, source: int, end: int, came_from: dict[int, int], units: int) -> int:
        path = [end]
        while path[-1] != source:
            path.append(came_from[path[-1]])
        path.reverse()
        index, layer = divmod(end, 3)
        if layer == SLOT:
            units = min(units, self.capacity[index] - self.used[index])
        elif layer == GROUP:
            units = min(units, self.left_in_step(index))
        units = self._bottleneck(path, units)
        self._move(path, units)
        if layer == SLOT:
            self.used[index] += units
        elif layer == GROUP:
            self.group_used[index] += units
        else:
            self.unmet[index] += units
        return units

    # ------------------------------------------------------------------ a free place finds who needs it

    def _fill(self, target: int, units: int) -> None:
        """Give units that a slot or a group holds for nobody to the best taker, or let them rest."""
        while units:
            best, start, leads_to, distance = cheapest_to(self, target)
            for node, d in distance.items():
                if d < best:
                    self._reprice(node, d - best)
            units -= self._push_from(start, target, leads_to, units)

    def _push_from(self, start: int, target: int, leads_to: dict[int, int], units: int) -> int:
        path = [start]
        while path[-1] != target:
            path.append(leads_to[path[-1]])
        index, layer = divmod(start, 3)
        if layer == TASK:
            units = min(units, self.unmet[index])
        elif layer == GROUP:
            units = min(units, self.used_in_step(index))
        else:
            units = min(units, self.used[index])
        units = self._bottleneck(path, units)
        self._move(path, units)
        if layer == TASK:
            self.unmet[index] -= units
        elif layer == GROUP:
            self.group_used[index] -= units
        else:
            self.used[index] -= units
        return units

    # ------------------------------------------------------------------ shared small steps

    def _bottleneck(self, path: Sequence[int], units: int) -> int:
        for a, b in pairwise(path):
            if a % 3 == SLOT and b % 3 == TASK:
                units = min(units, self.flow[b // 3][a // 3])
            elif a % 3 == SLOT:
                units = min(units, self.capacity[a // 3] - self.used[a // 3])
            elif a % 3 == GROUP:
                units = min(units, self.used[b // 3])
        return units

    def _move(self, path: Sequence[int], units: int) -> None:
        for a, b in pairwise(path):
            if a % 3 == TASK:
                self._shift(a // 3, b // 3, units)
            elif b % 3 == TASK:
                self._shift(b // 3, a // 3, -units)
            elif a % 3 == SLOT:
                self.used[a // 3] += units
            else:
                self.used[b // 3] -= units

    def _shift(self, task: int, slot: int, units: int) -> None:
        left = self.flow[task].get(slot, 0) + units
        if left:
            self.flow[task][slot] = self.holders[slot][task] = left
        else:
            self.flow[task].pop(slot, None)
            self.holders[slot].pop(task, None)

    def _reprice(self, node: int, by: int) -> None:
        """Raise the worth of a place, and lower that of help, by the same points (or the reverse)."""
        index, layer = divmod(node, 3)
        if layer == TASK:
            self.task_price[index] -= by
        elif layer == SLOT:
            self.slot_price[index] += by
        else:
            self.group_price[index] += by


def _best_first(edge: tuple[int, int]) -> tuple[int, int]:
    return (-edge[0], edge[1])


_VALUE, _NUMBER = itemgetter(0), itemgetter(1)


def _sorted_best_first(edges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """By falling value, then rising number; two plain sorts are quicker than one with a made-up key."""
    return sorted(sorted(edges, key=_NUMBER), key=_VALUE, reverse=True)


def _insert(edges: list[tuple[int, int]], edge: tuple[int, int]) -> None:
    """Keep a list best first."""
    edges.insert(_place(edges, edge), edge)


def _remove(edges: list[tuple[int, int]], edge: tuple[int, int]) -> None:
    """Take an edge out of a list that is best first."""
    place = _place(edges, edge)
    assert edges[place] == edge
    del edges[place]


def _place(edges: Sequence[tuple[int, int]], edge: tuple[int, int]) -> int:
    """Where an edge stands, or would, in a list that is best first."""
    return bisect_left(edges, _best_first(edge), key=_best_first)
