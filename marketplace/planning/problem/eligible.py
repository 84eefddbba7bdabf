"""Which resources come up for a need at all: by kind of help, and by the grid they reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from marketplace.planning.problem.context import PlanContext
from marketplace.planning.solving.city.arrays import Ints
from marketplace.values import Need, Resource


def near(needs: Sequence[Need], resources: Sequence[Resource], context: PlanContext) -> tuple[Ints, Ints]:
    """(need, resource) of one kind of help and one grid, by rising need, then resource."""
    offers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for code, found in by_category(resources, context).items():
        for one in found:
            for grid in set(resources[one].reach_grids) or {""}:
                offers[code, grid].append(one)
    everywhere: dict[str, list[int]] = defaultdict(list)
    for (code, _), found in offers.items():
        everywhere[code].extend(found)
    known: dict[tuple[tuple[str, ...], str], Ints] = {}
    pairs = []
    for need in needs:
        grid = need.place.grid
        alike = need.categories, grid
        if alike not in known:
            lists = (
                [*offers.get((code, grid), ()), *offers.get((code, ""), ())] if grid else everywhere.get(code, [])
                for code in need.categories
            )  # fmt: skip
            known[alike] = np.array(sorted({one for found in lists for one in found}), np.int64)
        pairs.append(known[alike])
    if not pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.repeat(np.arange(len(pairs)), [len(one) for one in pairs]), np.concatenate(pairs)


def by_category(resources: Sequence[Resource], context: PlanContext) -> dict[str, list[int]]:
    """Numbers of the resources under every category they serve, wider and narrower ones included."""
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in context.parents.items():
        children[parent].append(child)
    around: dict[str, set[str]] = {}
    found: dict[str, list[int]] = defaultdict(list)
    for number, resource in enumerate(resources):
        codes: set[str] = set()
        for code in resource.categories:
            if code not in around:
                around[code] = _upwards(code, context.parents) | _downwards(code, children)
            codes |= around[code]
        for code in codes:
            found[code].append(number)
    return found


def _upwards(code: str, parents: Mapping[str, str]) -> set[str]:
    seen = {code}
    while (parent := parents.get(code)) and parent not in seen:
        seen.add(parent)
        code = parent
    return seen


def _downwards(code: str, children: Mapping[str, Sequence[str]]) -> set[str]:
    seen, open_codes = {code}, [code]
    while open_codes:
        for child in children.get(open_codes.pop(), ()):
            if child not in seen:
                seen.add(child)
                open_codes.append(child)
    return seen
