"""The best rounds of all stretches under the same prices, asking again only where prices changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.planning.solving.formulation import Prices
from marketplace.planning.solving.routes.bound import swept
from marketplace.planning.solving.routes.prices import (
    PARTS,
    Alternative,
    Tariff,
    clash_prices,
    outside,
    worth_of,
)
from marketplace.planning.solving.routes.pricing import NOTHING, Priced, Worth, priced
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Round, Table

REQUIRED = 1 << 60
ROUNDS_EACH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What all stretches offer under some prices: the bound in points, rounds worth having, the best of each stretch."""

    bound: int | None
    rounds: tuple[Round, ...]
    best: Mapping[int, int]


class Pricer:
    """Remembers the answer of each stretch for the prices it was asked about last."""

    def __init__(self, laid: Laid) -> None:
        self.laid = laid
        self.labels = 0
        self._last: dict[int, tuple[Worth, int, Priced]] = {}

    def offered(self, tariff: Tariff, at: Alternative, *, top: int = ROUNDS_EACH) -> Offered:
        """The best rounds of every stretch, and the bound that these prices prove where all of them are exact."""
        laid = self.laid
        total, rounds, best = outside(laid, tariff, at), list[Round](), dict[int, int]()
        clashing = clash_prices(laid, tariff)
        for slot, table in laid.tables.items():
            worth = worth_of(laid, table, tariff, at, required=REQUIRED)
            found = self._priced(table, worth, top)
            if found is NOTHING and not at.must:
                continue
            required, entry = len(at.required(slot)) * REQUIRED, clashing.get(slot, 0)
            best[slot] = self._at_most(table, worth, found)
            left = best[slot] - entry - required
            if total is not None:
                total += left if required else laid.people(slot) * max(0, left)
            # Where one round must be made anyway, the best may be better than those known and still cost points.
            least = required - REQUIRED // 2 if required else entry
            rounds.extend(_round(table, path) for earns, path in found.rounds if earns > least)
        bound = None if total is None else max(0, total // PARTS)
        return Offered(bound=bound, rounds=tuple(rounds), best=best)

    def _at_most(self, table: Table, worth: Worth, found: Priced) -> int:
        """The best round, or where the search for it was cut short what no round exceeds."""
        if found.exact:
            return found.best
        relaxed = swept(table, worth, frozenset())
        assert relaxed is not None
        return relaxed[0]

    def _priced(self, table: Table, worth: Worth, top: int) -> Priced:
        known = self._last.get(table.slot)
        if known is not None and known[0] == worth and known[1] == top:
            return known[2]
        found = priced(table, worth, top=top)
        self.labels += found.labels
        self._last[table.slot] = worth, top, found
        return found


def _round(table: Table, path: tuple[tuple[int, int], ...]) -> Round:
    return Round(
        slot=table.slot,
        visits=tuple((table.tasks[place], start) for place, start in path),
        value=sum(table.value[place] for place, _ in path),
    )


def singles(laid: Laid, best: int = 0, prices: Prices | None = None) -> list[Round]:
    """Every visit by itself, or at so many of its best places: what the linear program begins with.

    With `prices` of a plan without ways the best places are those that gain most once they are paid.
    """
    found = []
    wanted = _best_places(laid, best, prices) if best else None
    for slot, table in laid.tables.items():
        for place, task in enumerate(table.tasks):
            if wanted is not None and task not in laid.joint and (task, slot) not in wanted:
                continue
            for start in (ANY_TIME,) if table.joint[place] is None else table.joint[place] or ():
                found.append(Round(slot=slot, visits=((task, start),), value=table.value[place]))
    for slot, tasks in laid.counted.items():
        for task, value in tasks:
            if task not in laid.joint:
                found.append(Round(slot=slot, visits=((task, ANY_TIME),), value=value))
                continue
            for option, slots in laid.options[task].items():
                if slot in slots:
                    found.append(Round(slot=slot, visits=((task, option[2]),), value=value))
    return found


def _best_places(laid: Laid, best: int, prices: Prices | None) -> set[tuple[int, int]]:
    problem = laid.problem
    cost = [0] * len(problem.capacity)
    if prices is not None:
        groups = (*prices.group, 0)
        cost = [price + groups[group] for price, group in zip(prices.slot, problem.group_of, strict=True)]
    return {
        (task, slot)
        for task, edges in enumerate(problem.edges)
        for _, slot in sorted(edges, key=lambda edge: (cost[edge[1]] - edge[0], edge[1]))[:best]
    }
