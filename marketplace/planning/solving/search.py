"""From the transportation problem to the plan with whole tasks, helpers at once and clashes: exact, or bounded.

The relaxation (ignoring all three) bounds what any plan can reach. Where its answer cuts a whole task, sends one helper
where two must come together, or double-books two overlapping slots, the problem is cut there into alternatives
(`proof`), most promising first. A neighbourhood's plan closes
after a handful; when the budget runs out, the best plan found stands with its gap told. Each alternative starts from its
parent's answer. Allowed plans are found on the way, at the first alternative and then ever more rarely, by diving:
narrowing where the answer is not allowed until it is, then making it better by small changes (`repair`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from marketplace.planning.solving.formulation import (
    Clash,
    Flows,
    Prices,
    Problem,
    Solver,
    primal,
    slots_serving,
)
from marketplace.planning.solving.proof import (
    AllOrNoneCut,
    ClashCut,
    Cut,
    HoursCut,
    Leaf,
    Narrowed,
    Proof,
    Split,
    WholeCut,
    restrict,
)
from marketplace.planning.solving.repair import improved
from marketplace.planning.solving.residual import Residual
from marketplace.planning.solving.synchronised import gathered
from marketplace.planning.solving.transport import NO_GROUP, Ground, Transport

# How many edges all alternatives together may look at; a community's plan needs a small part of it.
EDGES_MAX = 400_000
# How many splits deep an alternative may lie; deeper ones stay open with their bound.
DEPTH_MAX = 100

Units = dict[tuple[int, int], int]


class ShortestPaths:
    """Our own engine as a solver: no compiled part, exact, quick for a community."""

    def solve(self, problem: Problem) -> Flows:
        return flows_of(built(problem))


def built(problem: Problem) -> Transport:
    """The engine solved for a problem; task and slot numbers stay as they are.

    The scarcer side is entered one by one, most valuable first, because each entry then finds its place at once.
    """
    if sum(problem.demand) > sum(problem.capacity):
        return _opened_slot_by_slot(problem)
    transport = _laid_out(problem, problem.capacity)
    order = sorted(
        range(len(problem.demand)), key=lambda task: (-max(problem.edges[task], default=(0, 0))[0], task)
    )
    for task in order:
        transport.change_demand(task, problem.demand[task])
    return transport


def _opened_slot_by_slot(problem: Problem) -> Transport:
    transport = _laid_out(problem, (0,) * len(problem.capacity))
    worth = [0] * len(problem.capacity)
    for edges in problem.edges:
        for value, slot in edges:
            worth[slot] = max(worth[slot], value)
    # With every slot closed, everyone waits for nothing and a place is worth what its keenest taker would gain.
    transport.load(problem.demand, {}, [0] * len(problem.demand), worth, [0] * len(problem.steps))
    for slot in sorted(range(len(worth)), key=lambda slot: (-worth[slot], slot)):
        transport.change_capacity(slot, problem.capacity[slot])
    return transport


def resumed(problem: Problem, flows: Flows, ground: Ground | None = None) -> Transport:
    """The engine holding an answer that some solver found, to ask it further questions.

    With the `ground` of the very same edges it need not sort them again, and must not be given other tasks or slots.
    """
    transport = _laid_out(problem, problem.capacity, ground)
    prices = flows.prices
    full = [
        price + (prices.group[group] if (group := problem.group_of[slot]) != NO_GROUP else 0)
        for slot, price in enumerate(prices.slot)
    ]
    transport.load(problem.demand, flows.units, prices.task, full, prices.group)
    return transport


def _laid_out(problem: Problem, capacity: Sequence[int], ground: Ground | None = None) -> Transport:
    return Transport.laid_out(
        ground or Ground.of(problem.edges, len(problem.capacity)),
        capacity=capacity,
        group_of=problem.group_of,
        steps=problem.steps,
    )


class Grounds:
    """The ground of each problem that differs in its edges; most alternatives have the edges of the whole problem."""

    def __init__(self, problem: Problem) -> None:
        self._edges, self._slots = problem.edges, len(problem.capacity)
        self._ground: Ground | None = None

    def of(self, problem: Problem) -> Ground | None:
        if problem.edges is not self._edges:
            return None
        if self._ground is None:
            self._ground = Ground.of(self._edges, self._slots)
        return self._ground


def flows_of(transport: Transport) -> Flows:
    """The engine's present answer as plain values."""
    prices = Prices(
        task=tuple(transport.task_price),
        slot=tuple(transport.scarcity(slot) for slot in range(len(transport.capacity))),
        group=tuple(transport.group_price),
    )
    return Flows(units={(task, slot): units for task, slot, units in transport.matches()}, prices=prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A plan in numbers: units per (task, slot), its points, the proven bound and the proof; no routes are in it.

    `within` and `flows` are the alternative in which the plan was found, for questions about single matches; there a
    unit of a task in `lifted` counts for that many points more.
    """

    units: Mapping[tuple[int, int], int]
    primal: int
    dual: int
    proof: Proof
    within: Problem
    flows: Flows
    lifted: Mapping[int, int]
    grounds: Grounds

    def engine(self) -> Transport:
        """The engine holding the alternative's answer, to ask it about single tasks."""
        return resumed(self.within, self.flows, self.grounds.of(self.within))


@dataclass(slots=True, kw_only=True)
class _Node:
    """An alternative under search; `parts` is filled once it is split."""

    at: Narrowed
    flows: Flows | None
    bound: int
    depth: int = 0
    cut: Cut | None = None
    parts: tuple[_Node, ...] = ()


def best_plan(problem: Problem, solver: Solver, *, alternatives_max: int | None = None) -> Answer:
    """The best plan with its proof; exact unless the budget of alternatives runs out, then with its gap."""
    if alternatives_max is None:
        alternatives_max = EDGES_MAX // (1 + sum(map(len, problem.edges)))
    grounds = Grounds(problem)
    root = _opened(problem, Narrowed(), solver, grounds)
    assert root.flows is not None
    best_units: Units = {}
    best, found_in = 0, root
    # Larger bounds first; the counter keeps the order of equals fixed.
    heap, opened, looked = [(-root.bound, 0, root)], 1, 0
    while heap:
        _, _, node = heappop(heap)
        if node.flows is None or node.bound <= best:
            continue
        units = _with_given(problem, node)
        cut = _first_fault(problem, units, node.at)
        if cut is None:
            best, best_units, found_in = node.bound, units, node
            continue
        if looked & (looked - 1) == 0 and (near := _allowed_near(problem, node, grounds))[0] > best:
            best, best_units = near
        looked += 1
        if opened >= alternatives_max or node.depth >= DEPTH_MAX:
            continue
        node.cut = cut
        node.parts = tuple(
            _opened(problem, part, solver, grounds, parent=node) for part in cut.parts(problem, node.at)
        )
        for part in node.parts:
            heappush(heap, (-part.bound, opened, part))
            opened += 1
    left = restrict(problem, found_in.at)
    assert left is not None
    assert found_in.flows is not None
    return Answer(
        units=best_units,
        primal=best,
        dual=max(best, _bound(root)),
        proof=_proof(problem, root),
        within=left.problem,
        flows=found_in.flows,
        lifted=left.lifted,
        grounds=grounds,
    )


def _opened(
    problem: Problem, at: Narrowed, solver: Solver, grounds: Grounds, *, parent: _Node | None = None
) -> _Node:
    left = restrict(problem, at)
    depth = parent.depth + 1 if parent else 0
    if left is None:
        return _Node(at=at, flows=None, bound=0, depth=depth)
    free = left.problem.transport()
    flows = None if parent is None else _from_parent(problem, parent, at, free, grounds)
    flows = flows or solver.solve(free)
    points = primal(free, flows.units)
    assert points is not None
    return _Node(at=at, flows=flows, bound=points + left.earned, depth=depth)


def _from_parent(
    problem: Problem, parent: _Node, at: Narrowed, free: Problem, grounds: Grounds
) -> Flows | None:
    """The answer of an alternative, moved on from its parent's; None when more than room and demand changed."""
    before = restrict(problem, parent.at)
    assert before is not None
    if parent.flows is None or before.problem.steps != free.steps:
        return None
    if (at.met, at.barred) != (parent.at.met, parent.at.barred):
        return None
    engine = resumed(before.problem, parent.flows, grounds.of(before.problem))
    for task, demand in enumerate(free.demand):
        if engine.demand[task] != demand:
            engine.change_demand(task, demand)
    for slot, room in enumerate(free.capacity):
        if engine.capacity[slot] != room:
            engine.change_capacity(slot, room)
    return flows_of(engine)


def _allowed_near(problem: Problem, node: _Node, grounds: Grounds) -> tuple[int, Units]:
    """(points, units) of a good allowed plan near an alternative's answer: dived to, then made better; or of none."""
    left = restrict(problem, node.at)
    assert left is not None
    assert node.flows is not None
    given = {(task, slot): problem.demand[task] for task, slot in node.at.given.items()}
    near = {**dived(left.problem, node.flows, grounds.of(left.problem)), **given}
    if primal(problem, near) is None:
        # What the alternative gives away may clash with what was dived to without it.
        near = given if primal(problem, given) is not None else {}
    units = improved(problem, near)
    points = primal(problem, units)
    assert points is not None
    return points, units


def dived(problem: Problem, flows: Flows, ground: Ground | None = None) -> Units:
    """An allowed plan near an answer that is not: broken whole tasks give way, clashes keep their fuller side."""
    engine = resumed(problem, flows, ground)
    dropped = []
    while True:
        units = {(task, slot): amount for task, slot, amount in engine.matches()}
        broken = _first_fault(replace(problem, clashes=()), units, Narrowed())
        if broken is not None:
            assert not isinstance(broken, ClashCut)
            engine.change_demand(broken.task, 0)
            dropped.append(broken.task)
            continue
        over = [one for one in problem.clashes if sum(engine.used[slot] for slot in one.slots) > one.most]
        if not over:
            break
        for clash in over:
            _keep_fullest(engine, clash)
    return _with_dropped(problem, units, dropped)


def _keep_fullest(engine: Transport, clash: Clash) -> None:
    """Narrow the slots of a clash, the fullest last, until they have no more than it allows."""
    left = clash.most
    for slot in sorted(clash.slots, key=lambda slot: (-engine.used[slot], slot)):
        # Narrowing one clash may have mended another already.
        if sum(engine.used[one] for one in clash.slots) <= clash.most:
            return
        engine.change_capacity(slot, min(engine.capacity[slot], left))
        left = max(0, left - engine.used[slot])


def _with_dropped(problem: Problem, units: Units, dropped: Sequence[int]) -> Units:
    """Tasks that gave way, put back one by one wherever there is still room for all of one."""
    for task in dropped:
        if task in problem.synchronised:
            found = gathered(problem, task, Residual(problem, units))
            ways = [found] if found else []
        else:
            best_first = sorted(problem.edges[task], key=lambda edge: (-edge[0], edge[1]))
            ways = [{slot: problem.demand[task]} for _, slot in best_first]
        for way in ways:
            tried = {**units, **{(task, slot): amount for slot, amount in way.items()}}
            if (primal(problem, tried) or 0) > (primal(problem, units) or 0):
                units = tried
                break
    return units


def _with_given(problem: Problem, node: _Node) -> Units:
    assert node.flows is not None
    units = dict(node.flows.units)
    for task, slot in node.at.given.items():
        units[task, slot] = problem.demand[task]
    return units


def _first_fault(problem: Problem, units: Units, at: Narrowed) -> Cut | None:
    """Where to cut at what the answer breaks first; None when it is an allowed plan."""
    for (task, _), amount in sorted(units.items()):
        if task in problem.whole and amount != problem.demand[task]:
            return WholeCut(task)
    for task, slots in sorted(slots_serving(units, problem.synchronised).items()):
        if sum(units[task, slot] for slot in slots) != problem.demand[task]:
            return AllOrNoneCut(task)
        if (pair := problem.synchronised[task].apart(slots)) is not None:
            return HoursCut(task, *pair)
    used = [0] * len(problem.capacity)
    for (_, slot), amount in units.items():
        used[slot] += amount
    for number, clash in enumerate(problem.clashes):
        if sum(used[slot] for slot in clash.slots) > clash.most:
            unsettled = (slot for slot in clash.slots if (number, slot) not in at.settled)
            return ClashCut(number, max(unsettled, key=lambda slot: (used[slot], -slot)))
    return None


def _bound(node: _Node) -> int:
    return max(map(_bound, node.parts)) if node.parts else node.bound


def _proof(problem: Problem, node: _Node) -> Proof:
    if node.parts:
        parts = tuple(_proof(problem, part) for part in node.parts)
        assert node.cut is not None
        return Split(cut=node.cut, parts=parts)
    if node.flows is None:
        zeros = Prices(
            task=(0,) * len(problem.demand),
            slot=(0,) * len(problem.capacity),
            group=(0,) * len(problem.steps),
        )
        return Leaf(prices=zeros)
    return Leaf(prices=node.flows.prices)
