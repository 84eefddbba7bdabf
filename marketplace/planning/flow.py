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

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise

NO_GROUP = -1
_FAR = 1 << 200

# Nodes of the three layers share one numbering: 3i for tasks, 3i+1 for slots, 3i+2 for groups.
_TASK, _SLOT, _GROUP = 0, 1, 2


class Transport:
    """A plan under change; always optimal for what has been added so far.

    Read `flow`, `unmet`, `task_price`, `slot_price`, `group_price`; change through the methods only.
    """

    def __init__(self) -> None:
        self.edges: list[list[tuple[int, int]]] = []  # per task: (value, slot), best first
        self.demand: list[int] = []
        self.unmet: list[int] = []
        self.flow: list[dict[int, int]] = []  # per task: slot -> units
        self.task_price: list[int] = []

        self.capacity: list[int] = []
        self.used: list[int] = []
        self.holders: list[dict[int, int]] = []  # per slot: task -> units, the same facts as `flow`
        self.slot_price: list[int] = []
        self.group_of: list[int] = []
        self._wanted_by: list[list[tuple[int, int]]] = []  # per slot: (value, task), best first

        self.steps: list[tuple[tuple[int, int], ...]] = []  # per group: (units, points each) in rising order
        self.room: list[int] = []
        self.group_used: list[int] = []
        self.group_price: list[int] = []
        self.members: list[list[int]] = []

    # ------------------------------------------------------------------ building and changing

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
        self._wanted_by.append(sorted(wanted_by, key=_best_first))
        # A slot without room is a dead end, so any price that keeps its edges true will do.
        self.slot_price.append(max([0, *(value - self.task_price[task] for value, task in wanted_by)]))
        if group != NO_GROUP:
            self.members[group].append(slot)
        for value, task in wanted_by:
            self.edges[task].append((value, slot))
            self.edges[task].sort(key=_best_first)
        self.change_capacity(slot, capacity)
        return slot

    def add_task(self, demand: int, edges: Sequence[tuple[int, int]]) -> int:
        """The new task's number; `edges` are (value, slot), each value at least 1. Re-plans in place."""
        task = len(self.edges)
        self.edges.append(sorted(edges, key=_best_first))
        self.demand.append(demand)
        self.unmet.append(0)
        self.flow.append({})
        self.task_price.append(max([0, *(value - self.slot_price[slot] for value, slot in edges)]))
        for value, slot in edges:
            _insert(self._wanted_by[slot], (value, task))
        self._send_on(3 * task + _TASK, demand)
        return task

    def add_idle_tasks(self, all_edges: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Many tasks at once, as yet without demand; quicker than one by one."""
        for edges in all_edges:
            task = len(self.edges)
            self.edges.append(sorted(edges, key=_best_first))
            self.flow.append({})
            self.task_price.append(max([0, *(value - self.slot_price[slot] for value, slot in edges)]))
            for value, slot in edges:
                self._wanted_by[slot].append((value, task))
        self.demand.extend([0] * len(all_edges))
        self.unmet.extend([0] * len(all_edges))
        for wanted in self._wanted_by:
            wanted.sort(key=_best_first)

    def remove_task(self, task: int) -> None:
        """Take a task away and give its places to whom they serve best."""
        freed = list(self.flow[task].items())
        for slot, _ in freed:
            del self.holders[slot][task]
        for value, slot in self.edges[task]:
            self._wanted_by[slot].remove((value, task))
        self.flow[task], self.edges[task] = {}, []
        self.demand[task] = self.unmet[task] = self.task_price[task] = 0
        for slot, units in freed:
            self._fill(3 * slot + _SLOT, units)

    def change_demand(self, task: int, demand: int) -> None:
        """Ask for more or less of the same task."""
        more = demand - self.demand[task]
        self.demand[task] = demand
        if more > 0:
            if self.unmet[task]:
                self.unmet[task] += more
            else:
                self._send_on(3 * task + _TASK, more)
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
            self._fill(3 * slot + _SLOT, units)
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
                self._send_on(3 * group + _GROUP, more)
            self._fill(3 * slot + _SLOT, more)
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
            self._fill(3 * group + _GROUP, taken)
        for task, units in moved:
            self._send_on(3 * task + _TASK, units)

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

    # ------------------------------------------------------------------ reading

    def primal(self) -> int:
        """Points of the plan: values of what flows, less the cost of the steps used."""
        value = 0
        for task, edges in enumerate(self.edges):
            flow = self.flow[task]
            value += sum(v * flow[slot] for v, slot in edges if slot in flow)
        return value - sum(_step_cost(s, used) for s, used in zip(self.steps, self.group_used, strict=True))

    def dual(self) -> int:
        """The bound the prices prove; equal to `primal` when nothing better exists."""
        bound = sum(p * q for p, q in zip(self.task_price, self.demand, strict=True))
        for slot, capacity in enumerate(self.capacity):
            bound += capacity * self.scarcity(slot)
        for group, steps in enumerate(self.steps):
            price = self.group_price[group]
            bound += sum(units * max(0, price - cost) for units, cost in steps)
        return bound

    def scarcity(self, slot: int) -> int:
        """What one more place in this slot alone would gain, in points."""
        group = self.group_of[slot]
        return max(0, self.slot_price[slot] - (self.group_price[group] if group != NO_GROUP else 0))

    def short_by(self, task: int) -> int | None:
        """Points that one more unit of a task lacks to be placed; None when no place could ever take it."""
        best, *_ = self._cheapest_from(3 * task + _TASK, stay=False)
        return best if best < _FAR else None

    def matches(self) -> Iterator[tuple[int, int, int]]:
        """(task, slot, units) of everything that flows, in order of the numbers."""
        for task, flow in enumerate(self.flow):
            for slot in sorted(flow):
                yield task, slot, flow[slot]

    # ------------------------------------------------------------------ a surplus finds its place

    def _send_on(self, source: int, units: int) -> None:
        """Find places for units that stand at a task, or at a group that took more than it passed on."""
        while units:
            best, end, came_from, distance = self._cheapest_from(source)
            assert best < _FAR
            for node, d in distance.items():
                if d < best:
                    self._reprice(node, best - d)
            units -= self._push_to(source, end, came_from, units)

    def _cheapest_from(
        self, source: int, stay: bool = True
    ) -> tuple[int, int, dict[int, int], dict[int, int]]:
        """The cheapest way out: (cost, last node, predecessors, distances); a task as last node stays unserved.

        With `stay` False the source itself must find a place.
        """
        best, end = _FAR, source
        distance, came_from, heap = {source: 0}, {}, [(0, source)]
        edges, task_price, slot_price = self.edges, self.task_price, self.slot_price
        capacity, used, group_of, holders = self.capacity, self.used, self.group_of, self.holders
        while heap:
            d, node = heappop(heap)
            if d >= best:
                break
            if d > distance[node]:
                continue
            index, layer = divmod(node, 3)
            steps: list[tuple[int, int]] = []
            tasks: list[int] = []
            if layer == _TASK:
                tasks = [node]
            elif layer == _SLOT:
                if used[index] < capacity[index]:
                    group = group_of[index]
                    if group == NO_GROUP:
                        best, end = d, node
                        break
                    steps = [(d + self.group_price[group] - slot_price[index], 3 * group + _GROUP)]
                # Giving a place back costs nothing more, so its holders stand at this very distance.
                for holder in holders[index]:
                    other = 3 * holder + _TASK
                    if d < distance.get(other, _FAR):
                        distance[other], came_from[other] = d, node
                        tasks.append(other)
            else:
                price = self.group_price[index]
                if self.group_used[index] < self.room[index]:
                    reach = d + self._next_cost(index) - price
                    if reach < best:
                        best, end = reach, node
                steps = [(d + slot_price[s] - price, 3 * s + _SLOT) for s in self.members[index] if used[s]]
            for reach, other in steps:
                if reach < best and reach < distance.get(other, _FAR):
                    distance[other], came_from[other] = reach, node
                    heappush(heap, (reach, other))
            for here in tasks:
                task = here // 3
                base = d + task_price[task]
                if base < best and (stay or here != source):
                    best, end = base, here
                floor = base - best
                for value, slot in edges[task]:
                    if value <= floor:
                        break
                    reach = base + slot_price[slot] - value
                    if reach >= best:
                        continue
                    other = 3 * slot + _SLOT
                    if reach < distance.get(other, _FAR):
                        distance[other], came_from[other] = reach, here
                        if group_of[slot] == NO_GROUP and used[slot] < capacity[slot]:
                            best, end, floor = reach, other, base - reach
                        else:
                            heappush(heap, (reach, other))
        return best, end, came_from, distance

    def _push_to(self, source: int, end: int, came_from: dict[int, int], units: int) -> int:
        path = [end]
        while path[-1] != source:
            path.append(came_from[path[-1]])
        path.reverse()
        index, layer = divmod(end, 3)
        if layer == _SLOT:
            units = min(units, self.capacity[index] - self.used[index])
        elif layer == _GROUP:
            units = min(units, self._left_in_step(index))
        units = self._bottleneck(path, units)
        self._move(path, units)
        if layer == _SLOT:
            self.used[index] += units
        elif layer == _GROUP:
            self.group_used[index] += units
        else:
            self.unmet[index] += units
        return units

    # ------------------------------------------------------------------ a free place finds who needs it

    def _fill(self, target: int, units: int) -> None:
        """Give units that a slot or a group holds for nobody to the best taker, or let them rest."""
        while units:
            best, start, leads_to, distance = self._cheapest_to(target)
            for node, d in distance.items():
                if d < best:
                    self._reprice(node, d - best)
            units -= self._push_from(start, target, leads_to, units)

    def _cheapest_to(self, target: int) -> tuple[int, int, dict[int, int], dict[int, int]]:
        """The cheapest way in: (cost, first node, successors, distances); a slot or group as first node rests."""
        best, start = _FAR, target
        distance, leads_to, heap = {target: 0}, {}, [(0, target)]
        flow, unmet, task_price, slot_price = self.flow, self.unmet, self.task_price, self.slot_price
        used, group_of, wanted_by = self.used, self.group_of, self._wanted_by
        while heap:
            d, node = heappop(heap)
            if d >= best:
                break
            if d > distance[node]:
                continue
            index, layer = divmod(node, 3)
            slots: list[int] = []
            if layer == _SLOT:
                slots = [node]
            elif layer == _TASK:
                if unmet[index]:
                    best, start = d, node
                    break
                # Taking a unit away from where it is costs nothing more, so those places stand at this very distance.
                for slot in flow[index]:
                    other = 3 * slot + _SLOT
                    if d < distance.get(other, _FAR):
                        distance[other], leads_to[other] = d, node
                        slots.append(other)
            else:
                price = self.group_price[index]
                if self.group_used[index]:
                    reach = d + price - self._last_cost(index)
                    if reach < best:
                        best, start = reach, node
                for slot in self.members[index]:
                    other = 3 * slot + _SLOT
                    reach = d + price - slot_price[slot]
                    if (
                        used[slot] < self.capacity[slot]
                        and reach < best
                        and reach < distance.get(other, _FAR)
                    ):
                        distance[other], leads_to[other] = reach, node
                        heappush(heap, (reach, other))
            for here in slots:
                slot = here // 3
                base, group = d + slot_price[slot], group_of[slot]
                if used[slot]:
                    if group == NO_GROUP:
                        if base < best:
                            best, start = base, here
                    else:
                        other, reach = 3 * group + _GROUP, base - self.group_price[group]
                        if reach < best and reach < distance.get(other, _FAR):
                            distance[other], leads_to[other] = reach, here
                            heappush(heap, (reach, other))
                floor = base - best
                for value, task in wanted_by[slot]:
                    # A task's price is never below zero, so from here on no edge can help any more.
                    if value <= floor:
                        break
                    reach = base + task_price[task] - value
                    if reach >= best:
                        continue
                    other = 3 * task + _TASK
                    if reach < distance.get(other, _FAR):
                        distance[other], leads_to[other] = reach, here
                        if unmet[task]:
                            best, start, floor = reach, other, base - reach
                        else:
                            heappush(heap, (reach, other))
        assert best < _FAR
        return best, start, leads_to, distance

    def _push_from(self, start: int, target: int, leads_to: dict[int, int], units: int) -> int:
        path = [start]
        while path[-1] != target:
            path.append(leads_to[path[-1]])
        index, layer = divmod(start, 3)
        if layer == _TASK:
            units = min(units, self.unmet[index])
        elif layer == _GROUP:
            units = min(units, self._used_in_step(index))
        else:
            units = min(units, self.used[index])
        units = self._bottleneck(path, units)
        self._move(path, units)
        if layer == _TASK:
            self.unmet[index] -= units
        elif layer == _GROUP:
            self.group_used[index] -= units
        else:
            self.used[index] -= units
        return units

    # ------------------------------------------------------------------ shared small steps

    def _bottleneck(self, path: Sequence[int], units: int) -> int:
        for a, b in pairwise(path):
            if a % 3 == _SLOT and b % 3 == _TASK:
                units = min(units, self.flow[b // 3][a // 3])
            elif a % 3 == _SLOT:
                units = min(units, self.capacity[a // 3] - self.used[a // 3])
            elif a % 3 == _GROUP:
                units = min(units, self.used[b // 3])
        return units

    def _move(self, path: Sequence[int], units: int) -> None:
        for a, b in pairwise(path):
            if a % 3 == _TASK:
                self._shift(a // 3, b // 3, units)
            elif b % 3 == _TASK:
                self._shift(b // 3, a // 3, -units)
            elif a % 3 == _SLOT:
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
        if layer == _TASK:
            self.task_price[index] -= by
        elif layer == _SLOT:
            self.slot_price[index] += by
        else:
            self.group_price[index] += by

    def _next_cost(self, group: int) -> int:
        used = self.group_used[group]
        for units, cost in self.steps[group]:
            if used < units:
                return cost
            used -= units
        raise AssertionError("asked for the cost of a full group")

    def _last_cost(self, group: int) -> int:
        self.group_used[group] -= 1
        cost = self._next_cost(group)
        self.group_used[group] += 1
        return cost

    def _left_in_step(self, group: int) -> int:
        used = self.group_used[group]
        for units, _ in self.steps[group]:
            if used < units:
                return units - used
            used -= units
        raise AssertionError("asked for room in a full group")

    def _used_in_step(self, group: int) -> int:
        used = self.group_used[group]
        for units, _ in self.steps[group]:
            if used <= units:
                return used
            used -= units
        raise AssertionError("more used than the group holds")


def _best_first(edge: tuple[int, int]) -> tuple[int, int]:
    return (-edge[0], edge[1])


def _insert(edges: list[tuple[int, int]], edge: tuple[int, int]) -> None:
    """Keep a short list best first; `insort` with a key would build the key for each probe just as well."""
    low, high, key = 0, len(edges), _best_first(edge)
    while low < high:
        middle = (low + high) // 2
        if _best_first(edges[middle]) < key:
            low = middle + 1
        else:
            high = middle
    edges.insert(low, edge)


def _step_cost(steps: Sequence[tuple[int, int]], used: int) -> int:
    cost = 0
    for units, each in steps:
        taken = min(units, used)
        cost += taken * each
        used -= taken
    return cost
