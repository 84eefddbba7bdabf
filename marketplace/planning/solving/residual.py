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
        self._excluded: dict[int, list[tuple[int, int]]] = {}
        for clash in problem.clashes:
            self._excluded.setdefault(clash.first, []).append((clash.second, clash.most))
            self._excluded.setdefault(clash.second, []).append((clash.first, clash.most))
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
        for other, most in self._excluded.get(slot, ()):
            room = min(room, most - self._used[other] - self._used[slot])
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
        return [other for other, _ in self._excluded.get(slot, ())]
