"""A city's lists as columns: which pairs are possible, and what each is worth.

`plan_week` reads lines as people keep them. Here a city that already keeps its lists in a database hands over a
hundred thousand lines at once: categories are numbers, the hours of the week are bits (one per part of the day),
certificates are bits, places are metres. Everything stays whole numbers, and the terms of a pair add up to its value.
`plan` plans them, `nearby` finds the best offers for one need.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.solving.city.arrays import CityProblem, Ints, without_groups

Bits = NDArray[np.uint64]

# Pairs looked at in one go while candidates are sought; keeps the memory for it below a hundred megabytes.
_CHUNK = 2_000_000
TRAVEL_METRES_PER_POINT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedColumns:
    """n needs: each array has n entries.

    Attributes:
        category: the kind of help asked for.
        x_m, y_m: where, in metres on any flat grid.
        hours: bits of the parts of the week that would do.
        certificates: bits of the certificates that are asked for.
        units: how many units, of which each may go to another offer.
        urgency, waiting: points that one unit earns wherever it is met.
    """

    category: Ints
    x_m: Ints
    y_m: Ints
    hours: Bits
    certificates: Bits
    units: Ints
    urgency: Ints
    waiting: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferColumns:
    """m offers; `skill_offer` and `skill` say who can do what, one entry per offer and category.

    Attributes:
        x_m, y_m, radius_m: where, and how far they go.
        hours, certificates: as in `NeedColumns`.
        units: how many units in the week.
        standing: points that a unit from here earns: for being free of charge, or for having given little lately.
    """

    x_m: Ints
    y_m: Ints
    radius_m: Ints
    hours: Bits
    certificates: Bits
    units: Ints
    standing: Ints
    skill_offer: Ints
    skill: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Possible pairs by rising need, then offer, with the distance between the two."""

    need: Ints
    offer: Ints
    distance_m: Ints


def candidates(needs: NeedColumns, offers: OfferColumns) -> Candidates:
    """All pairs whose category, hours and certificates fit, and that lie within the offer's radius."""
    found: list[tuple[Ints, Ints, Ints]] = [(np.empty(0, np.int64),) * 3]
    radius = offers.radius_m[offers.skill_offer]
    # Offers with about the same radius share one grid of cells as wide as the largest of them.
    band = np.ceil(np.log2(np.maximum(radius, 1))).astype(np.int64)
    for one in np.unique(band):
        within = np.flatnonzero(band == one)
        found.extend(_in_band(needs, offers, within, int(radius[within].max()) + 1))
    need, offer, distance = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((offer, need))
    return Candidates(need=need[order], offer=offer[order], distance_m=distance[order])


def _in_band(
    needs: NeedColumns, offers: OfferColumns, within: Ints, cell_m: int
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """(need, offer, distance) for these skills of offers, on a grid of square cells."""
    column, row = needs.x_m // cell_m, needs.y_m // cell_m
    left, low = int(column.min()) - 2, int(row.min()) - 2
    wide, high = int(column.max()) - left + 3, int(row.max()) - low + 3
    key = (needs.category * wide + column - left) * high + row - low
    by_cell = np.argsort(key, kind="stable")
    keys = key[by_cell]
    offer = offers.skill_offer[within]
    at_column = np.clip(offers.x_m[offer] // cell_m - left, 1, wide - 2)
    at_row = np.clip(offers.y_m[offer] // cell_m - low, 1, high - 2)
    for side in (-1, 0, 1):
        # Three cells of one column stand side by side in the order of the keys.
        middle = (offers.skill[within] * wide + at_column + side) * high + at_row
        first = np.searchsorted(keys, middle - 1, side="left")
        counts = np.searchsorted(keys, middle + 1, side="right") - first
        for part in _chunks(counts):
            yield _fitting(needs, offers, offer[part], by_cell, first[part], counts[part])


def _fitting(
    needs: NeedColumns, offers: OfferColumns, offer: Ints, by_cell: Ints, first: Ints, counts: Ints
) -> tuple[Ints, Ints, Ints]:
    whose = np.repeat(np.arange(len(offer)), counts)
    within = np.arange(len(whose)) - np.repeat(np.cumsum(counts) - counts, counts)
    j, i = offer[whose], by_cell[first[whose] + within]
    fits = (needs.hours[i] & offers.hours[j]) != 0
    fits &= (needs.certificates[i] & ~offers.certificates[j]) == 0
    i, j = i[fits], j[fits]
    away = (needs.x_m[i] - offers.x_m[j]) ** 2 + (needs.y_m[i] - offers.y_m[j]) ** 2
    near = away <= offers.radius_m[j] ** 2
    # Distances below a million metres have exact square roots' whole parts in floats.
    return i[near], j[near], np.sqrt(away[near]).astype(np.int64)


def _chunks(counts: Ints) -> Iterator[slice]:
    """Runs of entries whose counts add up to about a chunk."""
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + _CHUNK)))
        yield slice(start, end)
        start = end


def valued(needs: NeedColumns, offers: OfferColumns, pairs: Candidates) -> tuple[CityProblem, Candidates]:
    """The problem of all pairs worth at least one point, and those pairs."""
    value = terms_of(needs, offers, pairs).sum(axis=0)
    worth = np.flatnonzero(value > 0)
    kept = Candidates(need=pairs.need[worth], offer=pairs.offer[worth], distance_m=pairs.distance_m[worth])
    problem = without_groups(
        demand=needs.units, capacity=offers.units, task=kept.need, slot=kept.offer, value=value[worth]
    )
    return problem, kept


def terms_of(needs: NeedColumns, offers: OfferColumns, pairs: Candidates) -> Ints:
    """(4, e): points of urgency, waiting, standing and travel of one unit of each pair; they add up to its value."""
    return np.stack(
        [
            needs.urgency[pairs.need],
            needs.waiting[pairs.need],
            offers.standing[pairs.offer],
            -(pairs.distance_m // TRAVEL_METRES_PER_POINT),
        ]
    )
