"""The best offers for one need out of a whole city, found in a fraction of a millisecond."""

from __future__ import annotations

import numpy as np

from marketplace.planning.solving.city.arrays import Ints
from marketplace.planning.solving.city.columns import TRAVEL_METRES_PER_POINT, NeedColumns, OfferColumns


class OfferIndex:
    """Offers kept by category and place."""

    def __init__(self, offers: OfferColumns) -> None:
        self._offers = offers
        self._cell_m = max(1, int(offers.radius_m.max(initial=1)))
        column, row = offers.x_m // self._cell_m, offers.y_m // self._cell_m
        self._left, self._low = int(column.min(initial=0)) - 1, int(row.min(initial=0)) - 1
        self._high = int(row.max(initial=0)) - self._low + 3
        key = (column - self._left) * self._high + row - self._low
        order = np.lexsort((offers.skill_offer, key[offers.skill_offer], offers.skill))
        skill, ends = np.unique(offers.skill[order], return_index=True)
        self._by_skill = {
            int(one): (offers.skill_offer[part], key[offers.skill_offer[part]])
            for one, part in zip(skill, np.split(order, ends[1:]), strict=True)
        }

    def best(self, needs: NeedColumns, number: int, k: int = 10, discount: Ints | None = None) -> Ints:
        """Up to k offers for one need, best first; `discount` takes points off offers that are much asked for."""
        offers = self._offers
        found = self._near(needs, number)
        fits = (offers.hours[found] & needs.hours[number]) != 0
        fits &= (needs.certificates[number] & ~offers.certificates[found]) == 0
        found = found[fits]
        away = (offers.x_m[found] - needs.x_m[number]) ** 2 + (offers.y_m[found] - needs.y_m[number]) ** 2
        near = away <= offers.radius_m[found] ** 2
        found = found[near]
        worth = offers.standing[found] - np.sqrt(away[near]).astype(np.int64) // TRAVEL_METRES_PER_POINT
        if discount is not None:
            worth = worth - discount[found]
        best: Ints = found[np.lexsort((found, -worth))[:k]]
        return best

    def _near(self, needs: NeedColumns, number: int) -> Ints:
        if int(needs.category[number]) not in self._by_skill:
            return np.empty(0, np.int64)
        offer, key = self._by_skill[int(needs.category[number])]
        column = int(needs.x_m[number]) // self._cell_m - self._left
        row = int(needs.y_m[number]) // self._cell_m - self._low
        if not 0 <= row < self._high:
            return np.empty(0, np.int64)
        parts = []
        for side in (-1, 0, 1):
            middle = (column + side) * self._high + row
            first, last = key.searchsorted((middle - 1, middle + 2))
            parts.append(offer[first:last])
        return np.concatenate(parts)
