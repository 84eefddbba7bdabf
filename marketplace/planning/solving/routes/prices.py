"""Prices of everything that is scarce, what each visit earns under them, and alternatives that narrow what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as filled

from marketplace.planning.solving.formulation import Prices
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.pricing import Worth
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Option, Table

# Prices are whole numbers of this part of a point, so that rounding them loses next to nothing.
PARTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """What one branch of the search allows; the empty one allows everything.

    Attributes:
        met: tasks that must be met in full (True) or are left out (False).
        not_before, not_after: bounds on the start of joint tasks.
        only: tasks that are met in this slot or nowhere.
        never: (task, slot) that do not meet.
        must: (task, slot) that do, in stretches of one helper.
    """

    met: Mapping[int, bool] = filled(default_factory=dict)
    not_before: Mapping[int, int] = filled(default_factory=dict)
    not_after: Mapping[int, int] = filled(default_factory=dict)
    only: Mapping[int, int] = filled(default_factory=dict)
    never: frozenset[tuple[int, int]] = frozenset()
    must: frozenset[tuple[int, int]] = frozenset()

    def allows(self, task: int, slot: int, start: int) -> bool:
        """Whether a visit may be part of a plan here."""
        if self.met.get(task, True) is False or (task, slot) in self.never:
            return False
        if self.only.get(task, slot) != slot:
            return False
        return start == ANY_TIME or self.in_time(task, start)

    def in_time(self, task: int, start: int) -> bool:
        """Whether a joint task may start then."""
        return self.not_before.get(task, start) <= start <= self.not_after.get(task, start)

    def required(self, slot: int) -> list[int]:
        """Tasks that must be part of a stretch."""
        return [task for task, where in sorted(self.must) if where == slot]


EVERYTHING = Alternative()


# ---------------------------------------------------------------- how an alternative is cut in two


@dataclass(frozen=True, slots=True)
class MetOrNot:
    """Cut by whether a task is met: all of it, for one that counts as a whole."""

    task: int

    def parts(self, at: Alternative) -> tuple[Alternative, Alternative]:
        return tuple(replace(at, met={**at.met, self.task: answer}) for answer in (True, False))  # type: ignore[return-value]

    def allowed(self, laid: Laid) -> bool:
        return self.task in laid.joint or laid.problem.demand[self.task] == 1


@dataclass(frozen=True, slots=True)
class StartsBy:
    """Cut by whether a joint task starts at `start` at the latest, or later."""

    task: int
    start: int

    def parts(self, at: Alternative) -> tuple[Alternative, Alternative]:
        latest = min(self.start, at.not_after.get(self.task, self.start))
        earliest = max(self.start + 1, at.not_before.get(self.task, self.start + 1))
        return (
            replace(at, not_after={**at.not_after, self.task: latest}),
            replace(at, not_before={**at.not_before, self.task: earliest}),
        )

    def allowed(self, laid: Laid) -> bool:
        # An option without a start, in a slot that only counts, stays open in both parts.
        return self.task in laid.joint


@dataclass(frozen=True, slots=True)
class HereOrNot:
    """Cut by whether a task that one visit meets is met in a slot."""

    task: int
    slot: int

    def parts(self, at: Alternative) -> tuple[Alternative, Alternative]:
        return (
            replace(at, only={**at.only, self.task: self.slot}),
            replace(at, never=at.never | {(self.task, self.slot)}),
        )

    def allowed(self, laid: Laid) -> bool:
        return laid.problem.demand[self.task] == 1 or self.task in laid.problem.whole


@dataclass(frozen=True, slots=True)
class AmongOrNot:
    """Cut by whether the one helper of a stretch is among those who meet a task."""

    task: int
    slot: int

    def parts(self, at: Alternative) -> tuple[Alternative, Alternative]:
        pair = (self.task, self.slot)
        return replace(at, must=at.must | {pair}), replace(at, never=at.never | {pair})

    def allowed(self, laid: Laid) -> bool:
        return self.slot in laid.tables and laid.people(self.slot) == 1


Cut = MetOrNot | StartsBy | HereOrNot | AmongOrNot


# ---------------------------------------------------------------- prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices in parts of a point; what is absent costs nothing.

    Attributes:
        task: one more visit of a task that is not joint; below zero only where it must be met.
        option: one more helper at an option of a joint task, of either sign.
        room: one more unit of a slot that only counts.
        visit, minute: one more visit, one more minute of a group.
        clash: one more unit of a clash.
        moment: one more thing at a moment.
    """

    task: Mapping[int, int] = filled(default_factory=dict)
    option: Mapping[Option, int] = filled(default_factory=dict)
    room: Mapping[int, int] = filled(default_factory=dict)
    visit: Mapping[int, int] = filled(default_factory=dict)
    minute: Mapping[int, int] = filled(default_factory=dict)
    clash: Mapping[int, int] = filled(default_factory=dict)
    moment: Mapping[tuple[int, int], int] = filled(default_factory=dict)


def of_slots(laid: Laid, prices: Prices) -> Tariff:
    """Prices of a plan without ways as prices of rounds; they prove no more points than they proved there.

    What a stretch is worth is not charged but earned by its best round, and no round earns more than its visits at the
    price of their places.
    """
    task = {number: PARTS * price for number, price in enumerate(prices.task) if price}
    return Tariff(
        task={number: price for number, price in task.items() if number not in laid.joint},
        option={
            option: task[one] for one in sorted(laid.joint & task.keys()) for option in laid.options[one]
        },
        room={slot: PARTS * prices.slot[slot] for slot in laid.counted if prices.slot[slot]},
        visit={group: PARTS * price for group, price in enumerate(prices.group) if price},
    )


def worth_of(laid: Laid, table: Table, tariff: Tariff, at: Alternative, *, required: int = 0) -> Worth:
    """What each visit of a stretch earns once its prices are paid; `required` is added for tasks that must be there."""
    group = laid.problem.group_of[table.slot]
    per_visit, per_minute = (
        (0, 0) if group == NO_GROUP else (tariff.visit.get(group, 0), tariff.minute.get(group, 0))
    )
    must = set(at.required(table.slot)) if at.must else ()
    free = at is EVERYTHING
    plain: list[int | None] = []
    timed: list[Mapping[int, int] | None] = []
    whole = laid.problem.whole
    for place, task in enumerate(table.tasks):
        earns = PARTS * table.value[place] - per_visit - per_minute * table.minutes[place]
        if must and task in must:
            earns += required
        single = table.joint[place]
        if single is None:
            allowed = free or at.allows(task, table.slot, ANY_TIME)
            plain.append(earns - tariff.task.get(task, 0) if allowed else None)
            timed.append(None)
            continue
        own = table.slot if task in whole else -1
        plain.append(None)
        timed.append(
            {
                start: earns - tariff.option.get((task, own, start), 0)
                for start in single
                if free or at.allows(task, table.slot, start)
            }
        )
    return Worth(plain=tuple(plain), timed=tuple(timed))


def clash_prices(laid: Laid, tariff: Tariff) -> dict[int, int]:
    """What using a stretch at all costs, per slot that excludes another."""
    found: dict[int, int] = {}
    for number, price in tariff.clash.items():
        for slot in laid.problem.clashes[number].slots:
            found[slot] = found.get(slot, 0) + price
    return found


def outside(laid: Laid, tariff: Tariff, at: Alternative) -> int | None:
    """The part of the bound that lies outside the stretches, in parts of a point; None for prices that prove nothing."""
    problem = laid.problem
    total = 0
    for task, price in tariff.task.items():
        met = at.met.get(task)
        if price < 0 and met is not True:
            return None
        total += 0 if met is False else price * problem.demand[task]
    for prices in (tariff.room, tariff.visit, tariff.minute, tariff.clash, tariff.moment):
        if any(price < 0 for price in prices.values()):
            return None
    for task in sorted(laid.joint):
        total += _joint(laid, tariff, at, task)
    assert problem.routing is not None
    total += sum(price * problem.capacity[slot] for slot, price in tariff.room.items())
    for group, steps in enumerate(problem.steps):
        price = tariff.visit.get(group, 0)
        total += sum(units * max(0, price - PARTS * cost) for units, cost in steps)
    total += sum(price * problem.routing.minutes_max[group] for group, price in tariff.minute.items())
    total += sum(price * problem.clashes[number].most for number, price in tariff.clash.items())
    total += sum(price * problem.routing.things[thing] for (thing, _), price in tariff.moment.items())
    return total + sum(_counted(laid, tariff, at))


def _joint(laid: Laid, tariff: Tariff, at: Alternative, task: int) -> int:
    """What the best option of a joint task pays for its helpers, or nothing when it need not be met."""
    if at.met.get(task) is False:
        return 0
    demand = laid.problem.demand[task]
    paid = [
        demand * tariff.option.get(option, 0) - sum(tariff.moment.get(one, 0) for one in laid.covered(option))
        for option in laid.options[task]
        if at.in_time(task, option[2]) or option[2] == ANY_TIME
    ]
    if at.met.get(task) is not True:
        paid.append(0)
    return max(paid, default=0)


def _counted(laid: Laid, tariff: Tariff, at: Alternative) -> Iterator[int]:
    """What prices leave over at slots that only count."""
    problem = laid.problem
    for slot, tasks in laid.counted.items():
        group = problem.group_of[slot]
        base = tariff.room.get(slot, 0) + (0 if group == NO_GROUP else tariff.visit.get(group, 0))
        base += sum(price for number, price in tariff.clash.items() if slot in problem.clashes[number].slots)  # fmt: skip
        for task, value in tasks:
            if not at.allows(task, slot, ANY_TIME):
                continue
            if task not in laid.joint:
                left = PARTS * value - base - tariff.task.get(task, 0)
            else:
                left = max(
                    (
                        PARTS * value - base - tariff.option.get(option, 0)
                        for option, slots in laid.options[task].items()
                        if slot in slots
                    ),
                    default=0,
                )
            if left > 0:
                yield left * min(problem.demand[task], problem.capacity[slot])
