"""A plan of rounds under change: put a task in, take one out, at what it gains; always an allowed plan.

Source: Solomon, Algorithms for the vehicle routing and scheduling problems with time window constraints (1987), for
putting a visit where the round ends soonest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marketplace.planning.solving.formulation import Round as Visits
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Option, Round, Table

_ANY_GAIN = -(1 << 60)


@dataclass(frozen=True, slots=True)
class Put:
    """One more visit: where, in which helper's round (of a stretch), and the round's order then."""

    gain: int
    slot: int
    helper: int
    order: tuple[int, ...]


class Schedule:
    """Who visits whom in which order; `value` are its points."""

    def __init__(self, laid: Laid) -> None:
        self.laid, self.problem = laid, laid.problem
        self.place_of = {
            slot: {task: i for i, task in enumerate(table.tasks)} for slot, table in laid.tables.items()
        }
        self.orders: dict[int, list[tuple[int, ...]]] = {
            slot: [()] * laid.people(slot) for slot in laid.tables
        }
        self.where: dict[
            int, tuple[tuple[int, int], ...]
        ] = {}  # task -> (slot, helper), -1 for a slot that counts
        self.chosen: dict[int, Option] = {}
        self.used: dict[int, int] = {}
        self.visits: dict[int, int] = {}
        self.minutes: dict[int, int] = {}
        self.taken: dict[tuple[int, int], int] = {}
        self.value = 0
        self.worth = {
            (task, slot): value for task, edges in enumerate(self.problem.edges) for value, slot in edges
        }
        self.slots_of: dict[int, list[int]] = {}
        for slot, table in laid.tables.items():
            for task in table.tasks:
                self.slots_of.setdefault(task, []).append(slot)
        for slot, tasks in laid.counted.items():
            for task, _ in tasks:
                self.slots_of.setdefault(task, []).append(slot)
        self.clashes_of = self.problem.clashes_of()

    # ---------------------------------------------------------------- reading

    def times(self, slot: int, order: Sequence[int]) -> list[int] | None:
        """The start of each visit of a round, as early as can be; None for an order that is not possible."""
        table, places = self.laid.tables[slot], self.place_of[slot]
        starts, end, before = list[int](), 0, -1
        for task in order:
            place = places[task]
            ready = table.first[place] if before < 0 else end + table.gap[before][place]
            start: int | None
            if table.joint[place] is None:
                start = table.earliest(place, ready)
            else:
                chosen = self.chosen[task][2]
                start = chosen if chosen >= ready and chosen in (table.joint[place] or ()) else None
            if start is None:
                return None
            starts.append(start)
            end, before = start + table.minutes[place], place
        return starts

    def tours(self) -> dict[int, tuple[Visits, ...]]:
        """Per stretch the rounds with the start of each visit."""
        found = {}
        for slot, orders in self.orders.items():
            timed = tuple(
                tuple(zip(order, self.times(slot, order) or (), strict=True)) for order in orders if order
            )
            if timed:
                found[slot] = timed
        return found

    def units(self) -> dict[tuple[int, int], int]:
        """Units per (task, slot)."""
        found: dict[tuple[int, int], int] = {}
        for task, places in self.where.items():
            for slot, _ in places:
                found[task, slot] = found.get((task, slot), 0) + 1
        return found

    def rounds(self) -> Iterator[Round]:
        """The plan as columns."""
        for slot, orders in self.orders.items():
            for order in orders:
                if order:
                    yield Round(
                        slot=slot,
                        visits=tuple(
                            (task, self.chosen[task][2] if task in self.chosen else ANY_TIME)
                            for task in order
                        ),
                        value=sum(self.worth[task, slot] for task in order),
                    )
        for task, places in self.where.items():
            for slot, helper in places:
                if helper < 0:
                    start = self.chosen[task][2] if task in self.chosen else ANY_TIME
                    yield Round(slot=slot, visits=((task, start),), value=self.worth[task, slot])

    def left(self, task: int) -> int:
        """Units of a task that are not met."""
        return self.problem.demand[task] - len(self.where.get(task, ()))

    # ---------------------------------------------------------------- what one more visit gains

    def _step(self, slot: int) -> int | None:
        """What one more visit of the slot's group costs; None when the group is full."""
        group = self.problem.group_of[slot]
        if group == NO_GROUP:
            return 0
        used = self.visits.get(group, 0)
        for units, cost in self.problem.steps[group]:
            if used < units:
                return cost
            used -= units
        return None

    def _has_room(self, slot: int, minutes: int) -> bool:
        group = self.problem.group_of[slot]
        routing = self.problem.routing
        assert routing is not None
        most = routing.minutes_max.get(group, 0) if group != NO_GROUP else 0
        return not most or self.minutes.get(group, 0) + minutes <= most

    def _clear(self, slot: int) -> bool:
        """Whether a further round, or unit, in the slot leaves its clashes content."""
        clashes = (self.problem.clashes[number] for number in self.clashes_of.get(slot, ()))
        return all(sum(self.used.get(one, 0) for one in clash.slots) < clash.most for clash in clashes)

    def put(self, task: int, slot: int, *, at_least: int = 0) -> Put | None:
        """The best way to put one unit of a task into a slot; None when there is none that gains more than `at_least`."""
        cost = self._step(slot)
        if cost is None:
            return None
        gain = self.worth[task, slot] - cost
        if gain <= at_least:
            return None
        table = self.laid.tables.get(slot)
        if table is None:
            if slot not in self.laid.counted:
                return None
            if self.used.get(slot, 0) >= self.problem.capacity[slot] or not self._clear(slot):
                return None
            return Put(gain, slot, -1, ())
        place = self.place_of[slot].get(task)
        if place is None or not self._has_room(slot, table.minutes[place]):
            return None
        return self._put_in_round(task, slot, table, gain)

    def _put_in_round(self, task: int, slot: int, table: Table, gain: int) -> Put | None:
        best: tuple[int, Put] | None = None
        tried_empty = False
        for helper, order in enumerate(self.orders[slot]):
            if task in order:
                continue
            if not order:
                if tried_empty or not self._clear(slot):
                    continue
                tried_empty = True
            for at in range(len(order) + 1):
                longer = (*order[:at], task, *order[at:])
                times = self.times(slot, longer)
                if times is None:
                    continue
                ends = times[-1] + table.minutes[self.place_of[slot][longer[-1]]]
                if best is None or ends < best[0]:
                    best = ends, Put(gain, slot, helper, longer)
        return None if best is None else best[1]

    # ---------------------------------------------------------------- changing

    def _commit(self, task: int, put: Put) -> None:
        slot, group = put.slot, self.problem.group_of[put.slot]
        if put.helper < 0:
            self.used[slot] = self.used.get(slot, 0) + 1
        else:
            if not self.orders[slot][put.helper]:
                self.used[slot] = self.used.get(slot, 0) + 1
            self.orders[slot] = [
                *self.orders[slot][: put.helper],
                put.order,
                *self.orders[slot][put.helper + 1 :],
            ]
        if group != NO_GROUP:
            self.visits[group] = self.visits.get(group, 0) + 1
            self.minutes[group] = self.minutes.get(group, 0) + self.laid.minutes_of(task, slot)
        self.where[task] = (*self.where.get(task, ()), (slot, put.helper))
        self.value += put.gain

    def drop(self, task: int) -> None:
        """Take all units of a task out."""
        for slot, helper in self.where.pop(task, ()):
            group = self.problem.group_of[slot]
            if helper < 0:
                self.used[slot] -= 1
            else:
                order = tuple(one for one in self.orders[slot][helper] if one != task)
                self.orders[slot] = [*self.orders[slot][:helper], order, *self.orders[slot][helper + 1 :]]
                if not order:
                    self.used[slot] -= 1
            if group != NO_GROUP:
                self.visits[group] -= 1
                self.minutes[group] -= self.laid.minutes_of(task, slot)
            self.value -= self.worth[task, slot] - (self._step(slot) or 0)
        option = self.chosen.pop(task, None)
        if option is not None:
            for one in self.laid.covered(option):
                self.taken[one] -= 1

    def gain(self, task: int, slot: int) -> int | None:
        """Points of one more visit at what its owner's next one costs now; None when that is nothing or not possible."""
        cost = self._step(slot)
        left = None if cost is None else self.worth[task, slot] - cost
        return left if left is not None and left > 0 else None

    def place_with(self, task: int, slot: int) -> bool:
        """Put one unit of a task into a slot, or all of a joint task with this slot among its helpers."""
        if task not in self.laid.joint:
            found = self.put(task, slot)
            if found is not None:
                self._commit(task, found)
            return found is not None
        for option, slots in self.laid.options[task].items():
            if task not in self.where and slot in slots:
                others = [one for one in slots if one != slot]
                if self._place_at(task, option, [slot], others) and any(
                    one == slot for one, _ in self.where[task]
                ):
                    return True
                self.drop(task)
        return False

    def place(self, task: int) -> bool:
        """Put as much of a task in as gains points; True when anything was put in."""
        if task in self.laid.joint:
            return self._place_joint(task)
        some = False
        while self.left(task) > 0:
            best: Put | None = None
            for slot in self.slots_of.get(task, ()):
                found = self.put(task, slot, at_least=best.gain if best else 0)
                if found is not None:
                    best = found
            if best is None:
                break
            self._commit(task, best)
            some = True
        return some

    def _place_joint(self, task: int) -> bool:
        if task in self.where:
            return False
        before = self.value
        best: tuple[int, Option] | None = None
        for option in self.laid.options[task]:
            if self._place_at(task, option) and (best is None or self.value - before > best[0]):
                best = self.value - before, option
            self.drop(task)
        return best is not None and self._place_at(task, best[1])

    def _place_at(
        self,
        task: int,
        option: Option,
        first: Iterable[int] | None = None,
        others: Iterable[int] = (),
    ) -> bool:
        """Meet a joint task at an option, by the helpers who gain most; leaves a part in when there are too few.

        `first` come before `others`; both left out, it is everybody who may serve the option.
        """
        if not self.open_at(task, option):
            return False
        candidates = [
            *self._best_first(task, self.laid.options[task][option] if first is None else first),
            *self._best_first(task, others),
        ]
        before = self.value
        for slot in candidates:
            while self.left(task) > 0 and (found := self.put(task, slot, at_least=_ANY_GAIN)) is not None:
                self._commit(task, found)
            if not self.left(task):
                break
        return not self.left(task) and self.value > before

    def _best_first(self, task: int, slots: Iterable[int]) -> list[int]:
        return sorted(slots, key=lambda slot: (-self.worth[task, slot], slot))

    def open_at(self, task: int, option: Option) -> bool:
        """Choose an option for a joint task that is not met yet; its helpers are still to be put in."""
        routing = self.problem.routing
        assert routing is not None
        covered = self.laid.covered(option)
        if any(self.taken.get(one, 0) >= routing.things[one[0]] for one in covered):
            return False
        self.chosen[task] = option
        for one in covered:
            self.taken[one] = self.taken.get(one, 0) + 1
        return True

    def put_in(self, task: int, slot: int) -> bool:
        """Put one unit of a task into a slot wherever it ends soonest; at a loss too where others are waited for."""
        found = self.put(task, slot, at_least=_ANY_GAIN if task in self.chosen else 0)
        if found is not None:
            self._commit(task, found)
        return found is not None

    def begin(self, slot: int, helper: int, order: Sequence[int]) -> bool:
        """Give a helper who has nothing to do this round, in this order; False where the order is not possible."""
        if self.times(slot, order) is None or not self._clear(slot):
            return False
        kept, table = list[int](), self.laid.tables[slot]
        for task in order:
            cost = self._step(slot)
            if cost is None or not self._has_room(slot, table.minutes[self.place_of[slot][task]]):
                continue
            gain = self.worth[task, slot] - cost
            if gain > 0 or task in self.chosen:
                kept.append(task)
                self._commit(task, Put(gain, slot, helper, tuple(kept)))
        return True

    def best_first(self, task: int) -> list[int]:
        """The slots that may serve a joint task at its chosen option, those worth most first."""
        return self._best_first(task, self.laid.options[task][self.chosen[task]])

    # ---------------------------------------------------------------- remembering

    def snapshot(self) -> tuple[object, ...]:
        """All that changes, to come back to."""
        return (
            dict(self.orders), dict(self.where), dict(self.chosen), dict(self.used),
            dict(self.visits), dict(self.minutes), dict(self.taken), self.value,
        )  # fmt: skip

    def restore(self, kept: tuple[object, ...]) -> None:
        """Come back to a snapshot; it may be used again."""
        fields = ("orders", "where", "chosen", "used", "visits", "minutes", "taken")
        for name, one in zip(fields, kept, strict=False):
            assert isinstance(one, Mapping)
            setattr(self, name, dict(one))
        assert isinstance(kept[-1], int)
        self.value = kept[-1]
