"""Prices without any solver: raised where more is wanted than there is, lowered where less, in ever smaller steps.

Source: Held, Wolfe and Crowder, Validation of subgradient optimization (1974).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.pricer import Pricer
from marketplace.planning.solving.routes.prices import EVERYTHING, PARTS, Tariff
from marketplace.planning.solving.routes.tables import Laid, Round

STEPS = 120
_PATIENCE = 6
_KINDS = ("task", "option", "room", "visit", "minute", "clash", "moment")
# One more minute moves a cap as much as a visit would; caps are many minutes, so their prices move less.
_MINUTE_PACE = 0.01


@dataclass(slots=True)
class _Best:
    bound: int
    prices: dict[tuple[str, object], int]
    rounds: Mapping[int, int]


def priced_by_steps(
    laid: Laid, reached: int, begin: Tariff | None = None, steps: int = STEPS
) -> tuple[Tariff, Mapping[int, int]]:
    """Good prices, and the best round of each stretch under them.

    Args:
        reached: points of a plan.
        begin: prices to begin with; left out, every task costs half of what it is worth.
    """
    pricer = Pricer(laid)
    prices = _beginning(laid) if begin is None else _rows(begin)
    best: _Best | None = None
    pace, waited = 1.0, 0
    for _ in range(steps):
        tariff = _tariff(prices)
        offered = pricer.offered(tariff, EVERYTHING, top=1)
        if offered.bound is not None and (best is None or offered.bound < best.bound):
            waited = 0
            best = _Best(offered.bound, dict(prices), offered.best)
        else:
            waited += 1
        if best is None or best.bound <= reached:
            break
        if waited >= _PATIENCE:
            pace, waited, prices = pace * 0.6, 0, dict(best.prices)
            tariff = _tariff(prices)
            offered = pricer.offered(tariff, EVERYTHING, top=1)
        surplus = _surplus(laid, tariff, {one.slot: one for one in offered.rounds})
        surplus = {row: left for row, left in surplus.items() if left and not (row[0] != "option" and prices.get(row, 0) <= 0 and left > 0)}  # fmt: skip
        length = sum(
            left * left * (_MINUTE_PACE if row[0] == "minute" else 1.0) for row, left in surplus.items()
        )
        if not length:
            break
        step = pace * PARTS * max(1, (offered.bound or best.bound) - reached) / length
        for row, left in surplus.items():
            moved = prices.get(row, 0) - round(step * left * (_MINUTE_PACE if row[0] == "minute" else 1.0))
            prices[row] = moved if row[0] == "option" else max(0, moved)
    if best is None:
        return _tariff(prices), {}
    return _tariff(best.prices), best.rounds


def _tariff(prices: Mapping[tuple[str, object], int]) -> Tariff:
    found: dict[str, dict[object, int]] = {kind: {} for kind in _KINDS}
    for (kind, key), price in prices.items():
        if price:
            found[kind][key] = price
    return Tariff(**found)  # type: ignore[arg-type]


def _rows(tariff: Tariff) -> dict[tuple[str, object], int]:
    """The prices of a tariff by their kind and what they are of."""
    return {(kind, key): price for kind in _KINDS for key, price in getattr(tariff, kind).items()}


def _beginning(laid: Laid) -> dict[tuple[str, object], int]:
    """Every task at half of what it is worth, everything else free."""
    prices: dict[tuple[str, object], int] = {}
    for task, edges in enumerate(laid.problem.edges):
        if task not in laid.joint and edges and laid.problem.demand[task]:
            prices["task", task] = PARTS * max(value for value, _ in edges) // 2
    return prices


def _surplus(laid: Laid, tariff: Tariff, rounds: Mapping[int, Round]) -> dict[tuple[str, object], int]:
    """Per price how much more there is than the best answer to these prices would use."""

    problem = laid.problem
    routing = problem.routing
    assert routing is not None
    left: dict[tuple[str, object], int] = {}
    for task, demand in enumerate(problem.demand):
        if task not in laid.joint and demand and problem.edges[task]:
            left["task", task] = demand
    for slot in laid.counted:
        left["room", slot] = problem.capacity[slot]
    for group, minutes in routing.minutes_max.items():
        left["minute", group] = minutes
    for group, steps in enumerate(problem.steps):
        price = tariff.visit.get(group, 0)
        left["visit", group] = sum(units for units, cost in steps if price > PARTS * cost)
    clashes_of = problem.clashes_of()
    for number, clash in enumerate(problem.clashes):
        left["clash", number] = clash.most
    for thing, moments in laid.moments.items():
        for moment in moments:
            left["moment", (thing, moment)] = routing.things[thing]

    def take(row: tuple[str, object], amount: int) -> None:
        left[row] = left.get(row, 0) - amount

    for task in sorted(laid.joint):
        paid = {
            option: problem.demand[task] * tariff.option.get(option, 0)
            - sum(tariff.moment.get(one, 0) for one in laid.covered(option))
            for option in laid.options[task]
        }
        best = max(paid, key=lambda option: (paid[option], [-n for n in option]), default=None)
        if best is not None and paid[best] > 0:
            left["option", best] = left.get(("option", best), 0) + problem.demand[task]
            for one in laid.covered(best):
                take(("moment", one), 1)
    for slot, found in rounds.items():
        people, group = laid.people(slot), problem.group_of[slot]
        for task, start in found.visits:
            take(("option", laid.option(task, slot, start)) if task in laid.joint else ("task", task), people)
            if group != NO_GROUP:
                take(("visit", group), people)
                if group in routing.minutes_max:
                    take(("minute", group), people * laid.minutes_of(task, slot))
        for number in clashes_of.get(slot, ()):
            take(("clash", number), people)
    for slot, tasks in laid.counted.items():
        group = problem.group_of[slot]
        base = tariff.room.get(slot, 0) + (0 if group == NO_GROUP else tariff.visit.get(group, 0))
        for task, value in tasks:
            if task not in laid.joint and PARTS * value - base - tariff.task.get(task, 0) > 0:
                amount = min(problem.demand[task], problem.capacity[slot])
                take(("task", task), amount)
                take(("room", slot), amount)
                if group != NO_GROUP:
                    take(("visit", group), amount)
    return left
