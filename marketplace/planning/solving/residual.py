"""What is left of a problem's room while a plan is put together by hand."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.planning.solving.formulation import Problem
from marketplace.planning.solving.network import NO_GROUP


class Residual:
    """How much each slot can still take beside what has been put there."""

    def __init__(self, problem: Problem, units: Mapping[tuple[int, int], int] | None = None) -> None:
        self._problem = problem
        self._used = [0] * len(problem.capacity)
        self._group_used = [0] * len(problem.steps)
        self._clashes_of = problem.clashes_of()
        for (_, slot), amount in (units or {}).items():
            self.take(slot, amount)

    def take(self, slot: int, units: int) -> None:
        """Put units into a slot."""
        self._used[slot] += units
        if (group := self._problem.group_of[slot]) != NO_GROUP:
            self._group_used[group] += units

    def left(self, slot: int) -> int:
        """Units the slot can still take, by its own room, its group's and what excludes it."""
        room = self._problem.capacity[slot] - self._used[slot]
        if (group := self._problem.group_of[slot]) != NO_GROUP:
            room = min(room, sum(units for units, _ in self._problem.steps[group]) - self._group_used[group])
        for number in self._clashes_of.get(slot, ()):
            clash = self._problem.clashes[number]
            room = min(room, clash.most - sum(self._used[one] for one in clash.slots))
        return max(0, room)

    def at_present_cost(self, slot: int) -> tuple[int, int]:
        """(units that still go at the present cost of the slot's group, that cost)."""
        group = self._problem.group_of[slot]
        if group == NO_GROUP:
            return 1 << 60, 0
        used = self._group_used[group]
        for units, cost in self._problem.steps[group]:
            if used < units:
                return units - used, cost
            used -= units
        return 0, 0

    def excluding(self, slot: int) -> list[int]:
        """Slots that exclude this one."""
        clashes = (self._problem.clashes[number] for number in self._clashes_of.get(slot, ()))
        return [other for clash in clashes for other in clash.slots if other != slot]
