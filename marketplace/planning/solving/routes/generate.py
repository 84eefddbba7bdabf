"""Rounds found until no further one would gain: the linear program and the pricing in turns."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.planning.solving.routes.master import Master
from marketplace.planning.solving.routes.pricer import ROUNDS_EACH, Offered, Pricer
from marketplace.planning.solving.routes.prices import Alternative, Tariff

# Turns taken at most; a neighbourhood needs three to nine.
TURNS_MAX = 60
_CLOSE_POINTS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The best prices found for an alternative, and whether a mixture was found at all.

    `bound` is the least bound known, `proven` what the prices themselves prove.
    """

    tariff: Tariff | None
    offered: Offered | None
    bound: int
    allowed: bool

    @property
    def proven(self) -> int | None:
        return None if self.offered is None else self.offered.bound


def generated(
    master: Master,
    pricer: Pricer,
    at: Alternative,
    *,
    bound: int,
    enough: int,
    close: float = 0.0,
    known: tuple[Tariff, Offered] | None = None,
    top: int = ROUNDS_EACH,
) -> Generated:
    """Prices as good as they get.

    Args:
        bound: what is known to hold for this alternative already.
        enough: points already reached by a plan; a bound no higher ends the turns.
        top: rounds taken from each stretch in a turn.
        close: share of the points by which bound and mixture may differ at the end.
        known: prices to begin with, and what they offer.
    """
    best_tariff: Tariff | None = None
    best_offered: Offered | None = None
    # What the prices themselves prove; `bound` may be known from elsewhere.
    own: int | None = None
    if known is not None:
        best_tariff, best_offered = known
        own = best_offered.bound
        bound = bound if own is None else min(bound, own)
    for _ in range(TURNS_MAX):
        if not master.solve():
            return Generated(tariff=best_tariff, offered=best_offered, bound=bound, allowed=False)
        if close and _near(own, master.points, close):
            break
        tariff = master.tariff(at)
        offered = pricer.offered(tariff, at, top=top)
        if offered.bound is not None and (own is None or offered.bound < own):
            best_tariff, best_offered, own = tariff, offered, offered.bound
            bound = min(bound, own)
        if bound <= enough:
            break
        if _near(own, master.points, close) or not master.add(offered.rounds):
            break
    return Generated(tariff=best_tariff, offered=best_offered, bound=bound, allowed=True)


def _near(own: int | None, points: float, close: float) -> bool:
    """Whether a bound is as good as reached."""
    return own is not None and own - points < max(_CLOSE_POINTS, close * abs(points))
