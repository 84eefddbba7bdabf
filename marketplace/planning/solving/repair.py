"""Making an allowed plan with whole tasks better, until no small change helps.

A whole task goes to one place or to none. Starting from any allowed plan, one of these changes is made as long as it
gains points: a task moves to a better place; a task that is left out, or one that would do better elsewhere, takes the
place of one or two others, which then look for another place; two tasks swap places. Help that may be split stays where
it is. How far the result may still be from the best is told by the bound of the search, not guessed here.

Source: Yagiura, Ibaraki and Glover, An Ejection Chain Approach for the Generalized Assignment Problem (2004).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from marketplace.planning.solving.formulation import Problem, cost_of
from marketplace.planning.solving.network import NO_GROUP

Units = dict[tuple[int, int], int]
_NOWHERE = -1
# Beyond this many whole tasks in one place only single tasks give way to another.
_PAIRS_IN_PLACE_MAX = 40


def improved(problem: Problem, units: Mapping[tuple[int, int], int]) -> Units:
    """The same plan or a better one; never one that is not allowed."""
    plan = _Plan(problem, units)
    gained = True
    while gained:
        # Every task is looked at in each round, whether or not an earlier one gained.
        gained = sum(plan.place_better(task) or plan.swap_better(task) for task in plan.tasks) > 0
    return plan.units()


class _Plan:
    """Where each whole task is, and what room that leaves."""

    def __init__(self, problem: Problem, units: Mapping[tuple[int, int], int]) -> None:
        self.problem = problem
        self.worth = {
            task: {slot: value * problem.demand[task] for value, slot in problem.edges[task]}
            for task in sorted(problem.whole)
        }
        self.tasks = [task for task in self.worth if self.worth[task] and problem.demand[task]]
        self.at = dict.fromkeys(self.tasks, _NOWHERE)
        self.inside: list[set[int]] = [set() for _ in problem.capacity]
        self.used = [0] * len(problem.capacity)
        self.group_used = [0] * len(problem.steps)
        self.clashes_of = problem.clashes_of()
        self.split = {pair: amount for pair, amount in units.items() if pair[0] not in self.at}
        for (_, slot), amount in self.split.items():
            self._count(slot, amount)
        for task, slot in units:
            if task in self.at:
                self._put(task, slot)

    def units(self) -> Units:
        placed = {
            (task, slot): self.problem.demand[task] for task, slot in self.at.items() if slot != _NOWHERE
        }
        return {**self.split, **placed}

    def _count(self, slot: int, amount: int) -> None:
        self.used[slot] += amount
        if (group := self.problem.group_of[slot]) != NO_GROUP:
            self.group_used[group] += amount

    def _put(self, task: int, slot: int) -> int:
        """Points gained by putting a task that is nowhere into a slot (or leaving it out)."""
        self.at[task] = slot
        if slot == _NOWHERE:
            return 0
        before = self._cost(slot)
        self._count(slot, self.problem.demand[task])
        self.inside[slot].add(task)
        return self.worth[task][slot] - self._cost(slot) + before

    def _take(self, task: int) -> int:
        """Points lost by taking a task out of where it is."""
        slot = self.at[task]
        self.at[task] = _NOWHERE
        if slot == _NOWHERE:
            return 0
        before = self._cost(slot)
        self._count(slot, -self.problem.demand[task])
        self.inside[slot].discard(task)
        return self.worth[task][slot] - before + self._cost(slot)

    def _cost(self, slot: int) -> int:
        group = self.problem.group_of[slot]
        return 0 if group == NO_GROUP else cost_of(self.problem.steps[group], self.group_used[group])

    def _room(self, slot: int) -> int:
        room = self.problem.capacity[slot] - self.used[slot]
        for number in self.clashes_of.get(slot, ()):
            clash = self.problem.clashes[number]
            room = min(room, clash.most - sum(self.used[one] for one in clash.slots))
        if (group := self.problem.group_of[slot]) != NO_GROUP:
            limit = sum(units for units, _ in self.problem.steps[group])
            room = min(room, limit - self.group_used[group])
        return room

    def _best_free(self, task: int) -> int:
        """The place with room that gains most, or nowhere."""
        best, gained = _NOWHERE, 0
        for slot in self.worth[task]:
            if self._room(slot) >= self.problem.demand[task]:
                gain = self._put(task, slot)
                self._take(task)
                if gain > gained:
                    best, gained = slot, gain
        return best

    def place_better(self, task: int) -> bool:
        """Move a task, others giving way where that pays; True when points were gained."""
        here = self.at[task]
        lost = self._take(task)
        for slot in self.worth[task]:
            if slot == here:
                continue
            for leaving in self._giving_way(slot, self.problem.demand[task]):
                were = dict.fromkeys(leaving, slot)
                change = -lost - sum(self._take(one) for one in leaving)
                change += self._put(task, slot)
                for one in leaving:
                    change += self._put(one, self._best_free(one))
                if change > 0:
                    return True
                for one in leaving:
                    self._take(one)
                self._take(task)
                for one, where in were.items():
                    self._put(one, where)
        self._put(task, here)
        return False

    def _giving_way(self, slot: int, needed: int) -> Iterator[tuple[int, ...]]:
        """Sets of tasks, fewest first, without which there would be room."""
        missing = needed - self._room(slot)
        if missing <= 0:
            yield ()
            return
        if self.problem.capacity[slot] < needed:
            return
        demand, inside = self.problem.demand, sorted(self.inside[slot])
        for one in inside:
            if demand[one] >= missing:
                yield (one,)
        if len(inside) <= _PAIRS_IN_PLACE_MAX:
            for pair in combinations(inside, 2):
                if max(demand[one] for one in pair) < missing <= sum(demand[one] for one in pair):
                    yield pair

    def swap_better(self, task: int) -> bool:
        """Let two tasks in different places change places; True when points were gained."""
        here = self.at[task]
        if here == _NOWHERE:
            return False
        others = [
            (there, other) for there in self.worth[task] if there != here for other in self.inside[there]
        ]
        for there, other in sorted(others):
            if here not in self.worth[other]:
                continue
            change = -self._take(task) - self._take(other)
            if self._room(there) >= self.problem.demand[task]:
                change += self._put(task, there)
                if self._room(here) >= self.problem.demand[other]:
                    change += self._put(other, here)
                    if change > 0:
                        return True
                    self._take(other)
                self._take(task)
            self._put(task, here)
            self._put(other, there)
        return False
