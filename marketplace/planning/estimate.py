"""What places will cost, estimated for a whole city in a few sweeps over all possible pairs.

Sinkhorn's scaling with a falling temperature: demand spreads over a task's pairs the more evenly the warmer it is, and
a place that draws more than its room becomes dearer. Floats are fine here: an estimate only says where to look first,
the exact solver decides and whole numbers prove.

Source: Cuturi, Sinkhorn Distances (2013).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.arrays import Ints

_SWEEPS = (1.0,) * 4 + (0.3,) * 4 + (0.1,) * 4 + (0.03,) * 4
_EXPONENT_MAX = np.float32(60)


def estimated_slot_prices(demand: Ints, capacity: Ints, task: Ints, slot: Ints, value: Ints) -> Ints:
    """(m,) price of one unit of each slot, about; pairs by rising task, demand and capacity above zero."""
    has, starts = np.unique(task, return_index=True)
    worth = value.astype(np.float32)
    warm = _usual_difference(worth, starts)
    asked = demand[has].astype(np.float32)
    row = np.repeat(np.arange(len(has)), np.diff(np.append(starts, len(task))))
    price = np.zeros(len(capacity), np.float32)
    for share in _SWEEPS:
        heat = np.float32(max(1.0, share * warm))
        left = worth - price[slot]
        best = np.maximum.reduceat(left, starts)
        spread = np.add.reduceat(np.exp((left - best[row]) / heat), starts)
        task_price = np.maximum(0, best + heat * np.log(spread / asked))
        drawn = np.exp(np.minimum((left - task_price[row]) / heat, _EXPONENT_MAX))
        load = np.bincount(slot, drawn, minlength=len(capacity)) / capacity
        with np.errstate(divide="ignore"):
            price = np.maximum(0, price + heat * np.log(load)).astype(np.float32)
    return np.rint(price).astype(np.int64)


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
