"""What a visit lacks to be part of the best plan, read off the prices: its reduced cost."""

from __future__ import annotations

from marketplace.planning.solving.formulation import Problem
from marketplace.planning.solving.network import NO_GROUP
from marketplace.planning.solving.routes.bound import swept
from marketplace.planning.solving.routes.prices import EVERYTHING, PARTS, Tariff, worth_of
from marketplace.planning.solving.routes.pricing import Worth, priced
from marketplace.planning.solving.routes.tables import Laid, laid_out

_REQUIRED = 1 << 60
_LABELS_MAX = 2_000


class Lacking:
    """Asked about single visits; what is known of a stretch is kept.

    `slack` is how far the plan lies below what these prices prove: so much of what a visit lacks may be the prices' fault.
    """

    def __init__(self, laid: Laid, tariff: Tariff, *, slack: int = 0) -> None:
        self.laid = laid
        self._tariff, self._slack = tariff, slack
        self._best: dict[int, tuple[Worth, int]] = {}

    @classmethod
    def of(cls, problem: Problem) -> Lacking:
        """Without prices: only what is possible at all can be asked."""
        return cls(laid_out(problem), Tariff())

    def points(self, task: int, slot: int) -> int | None:
        """The least that any plan with this visit lacks to the plan; None when it is not possible at all."""
        found = self._to_bound(task, slot)
        return None if found is None else max(0, found - self._slack)

    def _to_bound(self, task: int, slot: int) -> int | None:
        table = self.laid.tables.get(slot)
        if table is None:
            return self._counted(task, slot)
        if task not in table.tasks:
            return None
        if slot not in self._best:
            worth = worth_of(self.laid, table, self._tariff, EVERYTHING)
            self._best[slot] = worth, priced(table, worth, labels_max=_LABELS_MAX).best
        worth, best = self._best[slot]
        place = table.tasks.index(task)
        plain, timed = list(worth.plain), list(worth.timed)
        own = timed[place]
        if own is not None:
            timed[place] = {start: earned + _REQUIRED for start, earned in own.items()}
        else:
            plain[place] = (plain[place] or 0) + _REQUIRED
        # What no round with the visit exceeds; so what it lacks is never told larger than it is.
        found = swept(table, Worth(plain=tuple(plain), timed=tuple(timed)), frozenset({table.twin_of[place]}))
        if found is None:
            return 0
        return None if found[0] < _REQUIRED // 2 else max(0, best - (found[0] - _REQUIRED)) // PARTS

    def least(self, task: int) -> int | None:
        """The least it lacks at any of its places."""
        found = [self.points(task, slot) for _, slot in self.laid.problem.edges[task]]
        return min((one for one in found if one is not None), default=None)

    def _counted(self, task: int, slot: int) -> int | None:
        value = next((value for one, value in self.laid.counted.get(slot, ()) if one == task), None)
        if value is None:
            return None
        group = self.laid.problem.group_of[slot]
        price = self._tariff.task.get(task, 0) + self._tariff.room.get(slot, 0)
        price += 0 if group == NO_GROUP else self._tariff.visit.get(group, 0)
        return max(0, price - PARTS * value) // PARTS
