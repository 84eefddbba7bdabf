"""A clustered city as columns, with skills that follow a power law, in five regimes; the same for the same seed.

Regimes: slack (supply one and a half times demand), scarce (half of it), ties (values in hundreds), unit (one by one),
hub (a few offers with thousands of hours). Sixty kinds of help; offers do one to four of them; 42 parts of two hours in
the week, of which a third of the needs suits Tuesday only; three certificates; offers reach 0.8, 1.5 or 3 km.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marketplace.planning.solving.city.arrays import CityProblem, Ints
from marketplace.planning.solving.city.columns import Bits, NeedColumns, OfferColumns, candidates, valued

REGIMES = ("slack", "scarce", "ties", "unit", "hub")
CATEGORIES = 60
_TUESDAY = np.uint64(0b111111 << 6)


def lists(size: int, regime: str = "slack", *, seed: int = 1) -> tuple[NeedColumns, OfferColumns]:
    """So many needs and as many offers; about 20 pairs per need in a thousand, 34 to 39 in a larger city."""
    draw = np.random.default_rng([seed, size])
    weights = 1 / np.arange(1, CATEGORIES + 1) ** 0.8
    weights /= weights.sum()
    side_m = np.sqrt(size) * (67 + 21 * np.log10(size))
    centres = draw.uniform(0, side_m, (max(3, size // 300), 2))

    def places() -> tuple[Ints, Ints]:
        at = centres[draw.integers(0, len(centres), size)] + draw.normal(0, 1500, (size, 2))
        return at[:, 0].astype(np.int64), at[:, 1].astype(np.int64)

    x_m, y_m = places()
    needs = NeedColumns(
        category=draw.choice(CATEGORIES, size, p=weights),
        x_m=x_m,
        y_m=y_m,
        hours=np.where(
            draw.random(size) < 0.35, _hours(draw, size) & _TUESDAY | np.uint64(128), _hours(draw, size)
        ),
        certificates=_certificates(draw, size, 0.07),
        units=draw.integers(1, 7, size),
        urgency=200 * draw.integers(0, 4, size),
        waiting=200 * draw.integers(0, 3, size),
    )
    skills = draw.integers(1, 5, size)
    pairs = np.unique(
        np.stack([np.repeat(np.arange(size), skills), draw.choice(CATEGORIES, int(skills.sum()), p=weights)]),
        axis=1,
    )
    x_m, y_m = places()
    hours = _hours(draw, size)
    offers = OfferColumns(
        x_m=x_m,
        y_m=y_m,
        radius_m=draw.choice([800, 1500, 3000], size),
        hours=np.where(draw.random(size) < 0.5, hours | _TUESDAY, hours & ~_TUESDAY),
        certificates=_certificates(draw, size, 0.5),
        units=np.maximum(1, draw.integers(2, 13, size) * 4 // 5),
        standing=320 + draw.integers(0, 200, size),
        skill_offer=pairs[0],
        skill=pairs[1],
    )
    return _in_regime(needs, offers, regime, draw)


def _in_regime(
    needs: NeedColumns, offers: OfferColumns, regime: str, draw: np.random.Generator
) -> tuple[NeedColumns, OfferColumns]:
    if regime == "scarce":
        offers = replace(offers, units=np.maximum(1, offers.units * 2 // 5))
    if regime == "unit":
        needs = replace(needs, units=np.ones_like(needs.units))
        offers = replace(offers, units=np.ones_like(offers.units))
    if regime == "hub":
        units = offers.units.copy()
        units[draw.choice(len(units), max(1, len(units) // 200), replace=False)] = 2000
        offers = replace(offers, units=units)
    return needs, offers


def instance(size: int, regime: str, *, seed: int = 1) -> CityProblem:
    """The problem in numbers; every pair has its own small preference, in coarse ties only hundreds count."""
    needs, offers = lists(size, regime, seed=seed)
    problem, _ = valued(needs, offers, candidates(needs, offers))
    taste = np.random.default_rng([seed, size, 7]).integers(0, 100, len(problem.value))
    value = problem.value + taste
    return replace(problem, value=np.maximum(100, value // 100 * 100) if regime == "ties" else value)


def _hours(draw: np.random.Generator, size: int) -> Bits:
    """A quarter of the week's parts."""
    once, again = (draw.integers(0, 1 << 42, size, dtype=np.uint64) for _ in range(2))
    return once & again


def _certificates(draw: np.random.Generator, size: int, share: float) -> Bits:
    has = draw.random((size, 3)) < share
    codes: Bits = (has @ np.array([1, 2, 4])).astype(np.uint64)
    return codes
