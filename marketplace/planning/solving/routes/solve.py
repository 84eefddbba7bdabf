"""From a problem with rounds to its plan and proof, in order: prices, a dive, local search, alternatives, certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from marketplace.planning.solving.formulation import Prices, Tours
from marketplace.planning.solving.routes.bound import Closed, Recomputed, RoundProof, closed_at, closing
from marketplace.planning.solving.routes.generate import generated
from marketplace.planning.solving.routes.improve import filled_up, improved
from marketplace.planning.solving.routes.loading import loaded
from marketplace.planning.solving.routes.master import Master
from marketplace.planning.solving.routes.pricer import ROUNDS_EACH, Pricer, singles
from marketplace.planning.solving.routes.prices import EVERYTHING, PARTS, Tariff, of_slots
from marketplace.planning.solving.routes.schedule import Schedule
from marketplace.planning.solving.routes.subgradient import priced_by_steps
from marketplace.planning.solving.routes.tables import Laid, Option, Round
from marketplace.planning.solving.routes.tree import Node, Tree

# From so many visits on, single changes and alternatives cost more than they bring; prices and a dive come close enough.
LARGE = 300
TRIES = 300
# What the alternatives left open is searched once more.
TRIES_AFTER = 300
WHOLE_NODES_MAX = 100
NODES_MAX = 800
# Of a large problem the linear program begins with the best places of each task; pricing brings the others it needs.
PLACES_FIRST, PLACES_PRICED = 5, 3
# A large plan is good enough when it may lack so small a share of the points.
LARGE_CLOSE = 1e-4
# Of what is more than half decided all is held at once; what is left after so many steps is put in as it fits.
_SURE = 0.5 + 1e-6
DIVE_STEPS_MAX, DIVE_STEPS_LARGE = 30, 10
_WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """A plan of rounds in numbers: units per (task, slot), starts per stretch, points, bound, proof.

    `tariff` are prices of the whole problem and `tariff_bound` what they alone prove, which may be more than `dual`.
    """

    units: Mapping[tuple[int, int], int]
    tours: Tours
    primal: int
    dual: int
    proof: RoundProof
    tariff: Tariff
    tariff_bound: int


def installed() -> bool:
    """True when the linear program's solver is there."""
    return find_spec("highspy") is not None


def solved(
    laid: Laid,
    *,
    begun: Schedule | None = None,
    ceiling: int | None = None,
    prices: Prices | None = None,
    nodes_max: int = NODES_MAX,
    compiled: bool | None = None,
) -> Rounds:
    """The best plan of rounds, proven or with its gap.

    Args:
        begun: a plan to begin with.
        ceiling: points that are known not to be exceeded; a plan that reaches them ends the search.
        prices: of the plan without ways; of a large problem, or without the linear program, prices to begin with.
        nodes_max: alternatives looked at; counted, so that the same problem always gives the same plan.
        compiled: False to do without the linear program; left out, it is used where it is installed.
    """
    start = begun or Schedule(laid)
    filled_up(start)
    if not laid.tables and not laid.counted:
        return _told(start, Closed(tariff=Tariff()), 0, Tariff(), 0)
    if installed() if compiled is None else compiled:
        return _by_program(laid, start, ceiling, prices, nodes_max)
    return _by_steps(laid, start, ceiling, prices)


def _by_program(
    laid: Laid, start: Schedule, ceiling: int | None, prices: Prices | None, nodes_max: int
) -> Rounds:
    small = len(laid.problem.demand) <= LARGE
    master, pricer = Master(laid), Pricer(laid)
    known = None
    if small or prices is None:
        master.add(singles(laid, 0 if small else PLACES_FIRST))
    else:
        tariff = of_slots(laid, prices)
        known = tariff, pricer.offered(tariff, EVERYTHING, top=1)
        master.add(singles(laid, PLACES_PRICED, prices))
        master.add(known[1].rounds)
    master.add(start.rounds())
    root = generated(
        master,
        pricer,
        EVERYTHING,
        bound=_most(laid) if ceiling is None else ceiling,
        enough=start.value,
        close=0.0 if small else LARGE_CLOSE,
        known=known,
        top=ROUNDS_EACH if small else 1,
    )
    tariff = root.tariff or Tariff()
    proven = pricer.offered(tariff, EVERYTHING).bound if root.proven is None else root.proven
    assert proven is not None
    best = _best_of(laid, master, start, root.bound, small=small)
    node = Node(at=EVERYTHING, bound=root.bound, tariff=tariff, best=root.offered.best if root.offered else {}, priced_at=EVERYTHING)  # fmt: skip
    tree = Tree(laid=laid, master=master, pricer=pricer, root=node, best=best)
    # Prices are rounded; a gap no larger than what that may add up to is not looked for among alternatives.
    if small and best.value + len(master.rows) // (2 * PARTS) < root.bound:
        tree.search(nodes_max)
        if tree.best.value < tree.bound:
            tree.best = mixed(laid, master, tree.best)
            improved(tree.best, tries=TRIES_AFTER, seed=1, enough=tree.bound)
    proof, bound = tree.proof()
    return _told(tree.best, proof, bound, tariff, proven)


def _best_of(laid: Laid, master: Master, start: Schedule, bound: int, *, small: bool) -> Schedule:
    """The best plan that the mixture leads to, before any alternative is looked at."""
    if bound <= start.value:
        return start
    if not small:
        rounded = _made_of(laid, master.shares()[0])
        start = max((start, rounded), key=lambda one: one.value)
        if start.value >= bound - LARGE_CLOSE * bound:
            return start
    best = max((start, dived(laid, master)), key=lambda one: one.value)
    if small and best.value < bound:
        improved(best, tries=TRIES, enough=bound)
        if best.value < bound:
            best = mixed(laid, master, best)
    return best


def _most(laid: Laid) -> int:
    """More than which no plan can reach: everybody at their best place."""
    problem = laid.problem
    return sum(
        max((value for value, _ in edges), default=0) * demand
        for edges, demand in zip(problem.edges, problem.demand, strict=True)
    )


def _by_steps(laid: Laid, start: Schedule, ceiling: int | None, prices: Prices | None) -> Rounds:
    improved(start, tries=TRIES * 3 if len(laid.problem.demand) <= LARGE else 0, enough=ceiling)
    begin = None if prices is None else of_slots(laid, prices)
    tariff, best = priced_by_steps(laid, start.value, begin)
    again = Recomputed()
    closed = closing(laid, tariff, EVERYTHING, best, again)
    bound = closed_at(laid, closed, EVERYTHING, again)
    assert bound is not None
    return _told(start, closed, bound, tariff, bound)


def _told(schedule: Schedule, proof: RoundProof, bound: int, tariff: Tariff, tariff_bound: int) -> Rounds:
    return Rounds(
        units=schedule.units(),
        tours=schedule.tours(),
        primal=schedule.value,
        dual=max(schedule.value, bound),
        proof=proof,
        tariff=tariff,
        tariff_bound=tariff_bound,
    )


def mixed(laid: Laid, master: Master, best: Schedule) -> Schedule:
    """The better of a plan and of what the rounds known so far make together."""
    master.add(best.rounds())
    schedule = loaded(laid, master.whole(WHOLE_NODES_MAX))
    filled_up(schedule)
    return max((best, schedule), key=lambda one: one.value)


def dived(laid: Laid, master: Master) -> Schedule:
    """A plan near the best mixture: its surest parts are held, starts of joint tasks first, until nothing is undecided."""
    held_rounds: list[Round] = []
    held_options: list[Option] = []
    rounds, options = master.shares()
    small = len(laid.problem.demand) <= LARGE
    for _ in range(DIVE_STEPS_MAX if small else DIVE_STEPS_LARGE):
        open_options = [(share, option) for option, share in options if share < _WHOLE]
        open_rounds = [(share, one) for one, share in rounds if share < _WHOLE]
        if open_options:
            sure = [option for share, option in open_options if share > _SURE]
            take_options = sure or [max(open_options, key=lambda one: (one[0], [-n for n in one[1]]))[1]]
            take_rounds = []
        elif open_rounds:
            sure_rounds = [one for share, one in open_rounds if share > _SURE]
            take_rounds = sure_rounds or [
                max(open_rounds, key=lambda one: (one[0], one[1].value, -one[1].slot, one[1].visits))[1]
            ]
            take_options = []
        else:
            break
        master.fix(take_rounds, take_options)
        if not master.solve():
            master.drop(take_rounds, take_options)
            if not master.solve():
                break
        else:
            held_rounds.extend(take_rounds)
            held_options.extend(take_options)
        rounds, options = master.shares()
    master.narrow(EVERYTHING)
    return _made_of(laid, rounds)


def _made_of(laid: Laid, rounds: Iterable[tuple[Round, float]]) -> Schedule:
    """The plan that these shares of rounds lead to, the surest first, and whatever still fits."""
    surest_first = sorted(rounds, key=lambda one: (-one[1], one[0].slot, one[0].visits))
    schedule = loaded(laid, [one for one, _ in surest_first])
    filled_up(schedule)
    return schedule
