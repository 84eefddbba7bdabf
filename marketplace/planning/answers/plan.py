"""The week's plan: who helps whom and why, who is left without and why, and the proof that no plan does better.

Every match carries its reasons; their points add up to its value, and the values of all matches add up to the plan's
points. A plan can be checked by anyone who has the same lists: `verify` builds the problem again and recomputes both
sides of the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled

from marketplace.planning.collecting import collector_resting
from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.model import Fixed, build
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.reasons import Reason
from marketplace.planning.solving.decide import proven_bound
from marketplace.planning.solving.formulation import Tours, primal
from marketplace.planning.solving.proof import Proof
from marketplace.planning.solving.routes.bound import RoundProof
from marketplace.values import Need, Resource, Unit, Week, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another resource or hour for the same need; `short_by` is the least that taking it instead would cost."""

    resource: Resource
    window: Window
    value: int
    short_by: int
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Help proposed, or already promised (`source` "fixed").

    Attributes:
        window: the common stretch; a visit takes `minutes` of it.
        quantity, unit: in the need's own count.
        value: points of this match; the points of `reasons` add up to it.
        notes: what the owner asks for and what costs money, to be read before saying yes.
    """

    need: Need
    resource: Resource
    window: Window
    minutes: int
    quantity: int
    unit: Unit
    value: int
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...] = ()
    notes: tuple[Reason, ...] = ()
    source: str = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """What of a need the week cannot meet.

    Attributes:
        window: the stretch asked for when there is only one.
        why: no_candidate (with the nearest miss), shortage (all fitting places are used up), never_together (helpers needed at once share no hour), or outranked.
        short_by: points by which the best place was missed; 0 when there is no place at all.
        gain: points that one more unit of fitting help would add.
        nearest: resources that nearly fit, each with the rule that stopped it.
    """

    need: Need
    window: Window | None
    quantity: int
    unit: Unit
    minutes: int
    why: Reason
    short_by: int
    gain: int
    nearest: tuple[tuple[Resource, Reason], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Which help to look for next: a category, a grid ("" for anywhere) and a part of the week, with what it would meet."""

    category: str
    grid: str
    window: Window | None
    quantity: int
    unit: Unit
    minutes: int
    gain: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Points reached and points that no plan can exceed; equal means optimal."""

    primal: int
    dual: int

    @property
    def gap(self) -> int:
        return self.dual - self.primal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A week's plan with all it was made from.

    `units`, `tours` and `proof` are the numbers behind the matches; `later` are needs that do not fall in this week.
    """

    week: Week
    objective: Objective
    matches: tuple[Match, ...]
    unserved: tuple[Unserved, ...]
    shortages: tuple[Shortage, ...]
    certificate: Certificate
    later: tuple[Need, ...]
    needs: tuple[Need, ...] = filled(repr=False)
    resources: tuple[Resource, ...] = filled(repr=False)
    fixed: tuple[Fixed, ...] = filled(repr=False)
    context: PlanContext = filled(repr=False)
    units: Mapping[tuple[int, int], int] = filled(repr=False)
    tours: Tours = filled(default_factory=dict, repr=False)
    proof: Proof | RoundProof = filled(repr=False)

    def verify(self) -> bool:
        """True when the lists, read again, confirm the plan's points, its bound, and every match's reasons."""
        with collector_resting():
            return self._confirmed()

    def _confirmed(self) -> bool:
        model = build(
            self.needs,
            self.resources,
            week=self.week,
            objective=self.objective,
            fixed=self.fixed,
            context=self.context,
        )
        if any(sum(reason.points for reason in match.reasons) != match.value for match in self.matches):
            return False
        points = primal(model.problem, self.units, self.tours)
        proven = proven_bound(model.problem, self.proof)
        return (
            points == self.certificate.primal == sum(match.value for match in self.matches)
            and proven is not None
            and max(proven, points) == self.certificate.dual
            and self.certificate.gap >= 0
        )
