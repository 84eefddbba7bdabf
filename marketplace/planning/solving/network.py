"""The three layers of the transportation problem and everything that can be read from them.

A task asks for units, a slot offers units in one stretch of time, and a group ties the slots of one owner under a common
limit whose further units may cost points (fairness in convex steps). The price of a task is what one more unit of help
for it is worth; the price of a slot is what one more unit of it would gain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

NO_GROUP = -1

# Nodes of the three layers share one numbering: 3i for tasks, 3i+1 for slots, 3i+2 for groups.
TASK, SLOT, GROUP = 0, 1, 2


class Network:
    """Who asks for how much, what flows where, and the prices; `Transport` keeps it optimal.

    Prices of slots include their group's. `used` counts what flows through a slot, `group_used` through a group.
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
        self.wanted_by: list[list[tuple[int, int]]] = []  # per slot: (value, task), best first

        self.steps: list[tuple[tuple[int, int], ...]] = []  # per group: (units, points each) in rising order
        self.room: list[int] = []
        self.group_used: list[int] = []
        self.group_price: list[int] = []
        self.members: list[list[int]] = []

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

    def matches(self) -> Iterator[tuple[int, int, int]]:
        """(task, slot, units) of everything that flows, in order of the numbers."""
        for task, flow in enumerate(self.flow):
            for slot in sorted(flow):
                yield task, slot, flow[slot]

    # ------------------------------------------------------------------ the steps of a group

    def next_cost(self, group: int) -> int:
        used = self.group_used[group]
        for units, cost in self.steps[group]:
            if used < units:
                return cost
            used -= units
        raise AssertionError("asked for the cost of a full group")

    def last_cost(self, group: int) -> int:
        self.group_used[group] -= 1
        cost = self.next_cost(group)
        self.group_used[group] += 1
        return cost

    def left_in_step(self, group: int) -> int:
        used = self.group_used[group]
        for units, _ in self.steps[group]:
            if used < units:
                return units - used
            used -= units
        raise AssertionError("asked for room in a full group")

    def used_in_step(self, group: int) -> int:
        used = self.group_used[group]
        for units, _ in self.steps[group]:
            if used <= units:
                return used
            used -= units
        raise AssertionError("more used than the group holds")


def _step_cost(steps: Sequence[tuple[int, int]], used: int) -> int:
    cost = 0
    for units, each in steps:
        taken = min(units, used)
        cost += taken * each
        used -= taken
    return cost
