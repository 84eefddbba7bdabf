"""What places will cost, estimated for a whole city in a few sweeps over all possible pairs.

Sinkhorn's scaling with a falling temperature: demand spreads over a task's pairs the more evenly the warmer it is, and
a place that draws more than its room becomes dearer. Floats are fine here: an estimate only says where to look first,
the exact solver decides and whole numbers prove.

Source: Cuturi, Sinkhorn Distances (2013).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.solving.city.arrays import Ints

# Temperature of each sweep, as a share of how far the pairs of one task usually lie apart: first over all pairs, then
# over the best ones of each task.
_WARM = (1.0,) * 4 + (0.3,) * 4
_COLD = (0.1,) * 12 + (0.03,) * 20
_COLD_PAIRS = 10
_EXPONENT_MAX = np.float32(60)


def estimated_slot_prices(demand: Ints, capacity: Ints, task: Ints, slot: Ints, value: Ints) -> Ints:
    """(m,) price of one unit of each slot, about; pairs by rising task, demand and capacity above zero."""
    worth = value.astype(np.float32)
    usual = _usual_difference(worth, np.unique(task, return_index=True)[1])
    price = np.zeros(len(capacity), np.float32)
    price = _swept(price, demand, capacity, task, slot, worth, [usual * share for share in _WARM])
    left = np.rint(worth - price[slot]).astype(np.int64)
    near = np.flatnonzero(best_of_each(task, left, _COLD_PAIRS))
    colder = [usual * share for share in _COLD]
    price = _swept(price, demand, capacity, task[near], slot[near], worth[near], colder)
    return np.rint(price).astype(np.int64)


def _swept(
    price: NDArray[np.float32],
    demand: Ints,
    capacity: Ints,
    task: Ints,
    slot: Ints,
    worth: NDArray[np.float32],
    heats: Sequence[float],
) -> NDArray[np.float32]:
    """Prices after one sweep over the pairs at each of these temperatures."""
    has, starts = np.unique(task, return_index=True)
    asked = demand[has].astype(np.float32)
    row = np.repeat(np.arange(len(has)), np.diff(np.append(starts, len(task))))
    for points in heats:
        heat = np.float32(max(1.0, points))
        left = worth - price[slot]
        best = np.maximum.reduceat(left, starts)
        spread = np.add.reduceat(np.exp((left - best[row]) / heat), starts)
        task_price = np.maximum(0, best + heat * np.log(spread / asked))
        drawn = np.exp(np.minimum((left - task_price[row]) / heat, _EXPONENT_MAX))
        load = np.bincount(slot, drawn, minlength=len(capacity)) / capacity
        with np.errstate(divide="ignore"):
            price = np.maximum(0, price + heat * np.log(load)).astype(np.float32)
    return price


def _usual_difference(worth: NDArray[np.float32], starts: Ints) -> float:
    """How far the pairs of one task usually lie apart, in points."""
    sizes = np.diff(np.append(starts, len(worth)))
    mean = np.add.reduceat(worth.astype(np.float64), starts) / sizes
    return float(np.abs(worth - np.repeat(mean, sizes)).mean()) / 2


def best_of_each(task: Ints, worth: Ints, most: int) -> NDArray[np.bool_]:
    """(e,) True for up to `most` pairs of each task that are worth most; the first of equals."""
    starts = np.unique(task, return_index=True)[1]
    row = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(task))))
    place = np.arange(len(task))
    left, kept = worth.copy(), np.zeros(len(task), np.bool_)
    for _ in range(most):
        best = np.maximum.reduceat(left, starts)
        tied = np.where(left == best[row], place, len(task))
        first = np.minimum.reduceat(tied, starts)
        kept[first] = True
        left[first] = np.iinfo(np.int64).min
    return kept
