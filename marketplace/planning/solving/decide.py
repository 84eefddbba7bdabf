"""The best plan of any problem: by prices alone where they are the whole truth, by rounds where visits follow each other.

The transportation problem that forgets ways and hours bounds every plan. Where its answer can be walked as it is, it is
the best plan, proven by its own prices; else the rounds are solved, beginning with whatever of it can be walked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled

from marketplace.planning.solving.city.compiled import installed
from marketplace.planning.solving.formulation import Flows, Problem, Solver, Tours, dual, primal
from marketplace.planning.solving.proof import Leaf, Proof, bound
from marketplace.planning.solving.routes.bound import Closed, Divided, RoundProof, proven
from marketplace.planning.solving.routes.lacking import Lacking
from marketplace.planning.solving.routes.loading import load
from marketplace.planning.solving.routes.schedule import Schedule
from marketplace.planning.solving.routes.solve import solved
from marketplace.planning.solving.routes.tables import ANY_TIME, Laid, Round, laid_out
from marketplace.planning.solving.search import Answer, Grounds, best_plan

# Beyond so many pairs a plan without ways is tried first only by the compiled solver: ours takes as long as the rounds.
TRIED_PAIRS_MAX = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A plan in numbers.

    Attributes:
        units, primal, dual, proof: units per (task, slot), points, bound and what proves it.
        tours: per stretch its rounds, with the start of each visit.
        answer: of a plan decided by prices of slots; lacking: of one decided by prices of rounds; one of them is there.
    """

    units: Mapping[tuple[int, int], int]
    primal: int
    dual: int
    proof: Proof | RoundProof
    tours: Tours = filled(default_factory=dict)
    answer: Answer | None = None
    lacking: Lacking | None = None


def decided(problem: Problem, solver: Solver) -> Decided:
    """The best plan."""
    if problem.routing is None:
        return by_answer(best_plan(problem, solver))
    laid = laid_out(problem)
    schedule, prices, ceiling = None, None, None
    if sum(map(len, problem.edges)) <= TRIED_PAIRS_MAX or installed():
        free = problem.transport()
        flows = solver.solve(free)
        schedule = _walked(laid, flows)
        prices, ceiling = flows.prices, dual(free, flows.prices)
        if schedule.value == ceiling:
            return _by_prices(problem, flows, schedule)
    rounds = solved(laid, begun=schedule, ceiling=ceiling, prices=prices)
    proof: Proof | RoundProof = rounds.proof
    bound_of_all = rounds.dual
    if prices is not None and ceiling is not None and ceiling < bound_of_all:
        proof, bound_of_all = Leaf(prices=prices), ceiling
    return Decided(
        units=rounds.units,
        primal=rounds.primal,
        dual=bound_of_all,
        proof=proof,
        tours=rounds.tours,
        lacking=Lacking(laid, rounds.tariff, slack=rounds.tariff_bound - rounds.primal),
    )


def by_answer(answer: Answer) -> Decided:
    """A plan without routes."""
    return Decided(
        units=answer.units, primal=answer.primal, dual=answer.dual, proof=answer.proof, answer=answer
    )


def _walked(laid: Laid, flows: Flows) -> Schedule:
    """As much of an answer as can be walked."""
    schedule, problem = Schedule(laid), laid.problem
    value = {(task, slot): worth for task, edges in enumerate(problem.edges) for worth, slot in edges}
    together = problem.synchronised.keys() | problem.whole
    for (task, slot), amount in sorted(flows.units.items()):
        if task not in together:
            one = Round(slot=slot, visits=((task, ANY_TIME),), value=value[task, slot])
            for _ in range(amount):
                load(schedule, [one])
    for task in sorted({task for task, _ in flows.units if task in together}):
        schedule.place(task)
    return schedule


def _by_prices(problem: Problem, flows: Flows, schedule: Schedule) -> Decided:
    units, tours = schedule.units(), schedule.tours()
    points = primal(problem, units, tours)
    assert points == schedule.value
    proof = Leaf(prices=flows.prices)
    answer = Answer(
        units=units,
        primal=points,
        dual=points,
        proof=proof,
        within=problem.transport(),
        flows=flows,
        lifted={},
        grounds=Grounds(problem),
    )
    return Decided(units=units, primal=points, dual=points, proof=proof, tours=tours, answer=answer)


def proven_bound(problem: Problem, proof: Proof | RoundProof) -> int | None:
    """The points no plan exceeds, recomputed from the problem alone; None when the proof does not hold."""
    if isinstance(proof, (Closed, Divided)):
        return None if problem.routing is None else proven(problem, proof)
    return bound(problem, proof)
