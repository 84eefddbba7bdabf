"""The search over alternatives: met or not, then when, then by whom, until the best plan is proven or the budget is spent.

Each alternative keeps the prices that bound it best; one that its own prices bound worse than its parent's keeps those.
The most promising alternative comes first, and every so often the rounds of the mixture are made into a plan.

Source: Barnhart and others, Branch-and-price: Column generation for solving huge integer programs (1998).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from marketplace.planning.solving.routes.bound import (
    NOTHING_TRACKED,
    Closed,
    Divided,
    Recomputed,
    RoundProof,
    Tracked,
    closed_at,
    closing,
)
from marketplace.planning.solving.routes.generate import generated
from marketplace.planning.solving.routes.improve import filled_up
from marketplace.planning.solving.routes.loading import loaded
from marketplace.planning.solving.routes.master import Master
from marketplace.planning.solving.routes.pricer import Pricer
from marketplace.planning.solving.routes.prices import (
    EVERYTHING,
    Alternative,
    AmongOrNot,
    Cut,
    HereOrNot,
    MetOrNot,
    StartsBy,
    Tariff,
)
from marketplace.planning.solving.routes.schedule import Schedule
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Option, Round

DEPTH_MAX = 60
# Work is counted, not timed, so that the same problem always gives the same plan: about a second of pricing.
LABELS_MAX = 180_000
# The linear program of an alternative takes about as long as the square of its rounds.
ROUNDS_SQUARED_MAX = 300_000_000
_SURE = 1e-5


@dataclass(slots=True, kw_only=True)
class Node:
    """An alternative under search: what bounds it, and its two parts once it is cut."""

    at: Alternative
    bound: int
    tariff: Tariff
    best: Mapping[int, int]
    # Where the prices were found; a node without own prices is closed by those of one above it.
    priced_at: Alternative
    depth: int = 0
    cut: Cut | None = None
    parts: tuple[Node, ...] = ()


@dataclass(slots=True, kw_only=True)
class Tree:
    """The search of one problem; `best` is the plan it holds."""

    laid: Laid
    master: Master
    pricer: Pricer
    root: Node
    best: Schedule
    nodes: int = 0
    _heap: list[tuple[int, int, Node]] = field(default_factory=list)

    def search(self, nodes_max: int) -> None:
        """Cut alternatives until the plan is proven best, or so many were looked at."""
        heap, opened, work = self._heap, 1, 0
        heappush(heap, (-self.root.bound, 0, self.root))
        while (
            heap and self.nodes < nodes_max and self.pricer.labels < LABELS_MAX and work < ROUNDS_SQUARED_MAX
        ):
            _, _, node = heappop(heap)
            if node.bound <= self.best.value or node.depth >= DEPTH_MAX:
                continue
            self.nodes += 1
            work += len(self.master.rounds) ** 2
            cut = self._looked_at(node)
            if cut is None:
                continue
            node.cut = cut
            node.parts = tuple(
                Node(at=part, bound=node.bound, tariff=node.tariff, best=node.best, priced_at=node.priced_at, depth=node.depth + 1)
                for part in cut.parts(node.at)
            )  # fmt: skip
            for part in node.parts:
                heappush(heap, (-part.bound, opened, part))
                opened += 1
        self.master.narrow(EVERYTHING)

    def _looked_at(self, node: Node) -> Cut | None:
        """Solve an alternative; the cut of its mixture, or None when it needs none."""
        self.master.narrow(node.at)
        found = generated(self.master, self.pricer, node.at, bound=node.bound, enough=self.best.value)
        if found.tariff is not None and found.offered is not None and found.bound <= node.bound:
            node.tariff, node.best, node.priced_at = found.tariff, found.offered.best, node.at
            node.bound = found.bound
        if not found.allowed or node.bound <= self.best.value:
            return None
        rounds, options = self.master.shares()
        cut = cut_of(self.laid, rounds, options, node.at)
        if cut is None or self.nodes & (self.nodes - 1) == 0 or self.nodes % 8 == 0:
            self._try(rounds)
        return cut

    def _try(self, rounds: list[tuple[Round, float]]) -> None:
        """Make the rounds of a mixture into a plan, the surest first."""
        schedule = loaded(
            self.laid,
            [one for one, _ in sorted(rounds, key=lambda one: (-one[1], one[0].slot, one[0].visits))],
        )
        filled_up(schedule)
        if schedule.value > self.best.value:
            self.best = schedule

    @property
    def bound(self) -> int:
        """The points no plan exceeds, as far as the search came."""
        return _open_bound(self.root)

    def proof(self) -> tuple[RoundProof, int]:
        """The proof of the whole search, and the bound it proves."""
        return self._proof(self.root, Recomputed(), NOTHING_TRACKED)

    def _proof(self, node: Node, again: Recomputed, tracked: Mapping[int, Tracked]) -> tuple[RoundProof, int]:
        if node.parts and node.cut is not None:
            one, first = self._proof(node.parts[0], again, tracked)
            if isinstance(one, Closed):
                tracked = one.tracked
            other, second = self._proof(node.parts[1], again, tracked)
            return Divided(cut=node.cut, parts=(one, other)), max(first, second)
        exact = node.best if node.priced_at is node.at else {}
        own = closing(self.laid, node.tariff, node.at, exact, again, tracked)
        bound = closed_at(self.laid, own, node.at, again)
        assert bound is not None
        return own, bound


def _open_bound(node: Node) -> int:
    return max(map(_open_bound, node.parts)) if node.parts else node.bound


def cut_of(
    laid: Laid, rounds: list[tuple[Round, float]], options: list[tuple[Option, float]], at: Alternative
) -> Cut | None:
    """Where a mixture is undecided: whether a task is met, else when, else by whom; None when it is a plan."""
    demand = laid.problem.demand
    met: dict[int, float] = {}
    here: dict[tuple[int, int], float] = {}
    for one, share in rounds:
        for task, _ in one.visits:
            met[task] = met.get(task, 0) + share / demand[task]
            here[task, one.slot] = here.get((task, one.slot), 0) + share
    worth = {task: max(value for value, _ in laid.problem.edges[task]) * demand[task] for task in met}
    undecided = [
        (min(share, 1 - share) * worth[task], task)
        for task, share in sorted(met.items())
        if _open(share) and task not in at.met and (demand[task] == 1 or task in laid.joint)
    ]
    if undecided:
        return MetOrNot(max(undecided)[1])
    starts: dict[int, set[int]] = {}
    for option, share in options:
        if option[2] != ANY_TIME and share > _SURE:
            starts.setdefault(option[0], set()).add(option[2])
    timed = [(worth.get(task, 0), task) for task, found in sorted(starts.items()) if len(found) > 1]
    if timed:
        task = max(timed)[1]
        found = sorted(starts[task])
        return StartsBy(task, found[(len(found) - 1) // 2])
    return _by_whom(laid, here, at)


def _by_whom(laid: Laid, here: Mapping[tuple[int, int], float], at: Alternative) -> Cut | None:
    demand, whole = laid.problem.demand, laid.problem.whole
    single: list[tuple[float, int, int]] = []
    several: list[tuple[float, int, int]] = []
    for (task, slot), amount in sorted(here.items()):
        alone = demand[task] == 1 or task in whole
        share = amount / demand[task] if alone else amount
        undecided = (min(share, 1 - share), task, slot)
        if not _open(share):
            continue
        if alone:
            single.append(undecided)
        elif (task, slot) not in at.must and _one_helper(laid, slot):
            several.append(undecided)
    if single:
        _, task, slot = max(single)
        return HereOrNot(task, slot)
    if several:
        _, task, slot = max(several)
        return AmongOrNot(task, slot)
    return None


def _one_helper(laid: Laid, slot: int) -> bool:
    return slot in laid.tables and laid.people(slot) == 1


def _open(share: float) -> bool:
    return _SURE < share < 1 - _SURE


__all__ = ["Closed", "Node", "Tree", "cut_of"]
