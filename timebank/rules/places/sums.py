"""Sums below places for somebody who may read sums only: a street reads its communities, never a person.

A number behind which fewer than five people stand is not shown, and no subtraction of shown numbers gives one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from timebank.policy import PublicPolicy
from timebank.rules.places.areas import paths_above

PEOPLE_MIN = PublicPolicy().people_min
"""Fewest people behind a number that is shown to somebody who sees sums only; a community may ask for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What stands below one node.

    Attributes:
        amount: None where so few people stand behind it that it could be about one of them.
        people: different people, None together with the amount.
    """

    path: str
    amount: int | None
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An amount that one person stands behind, at a place."""

    path: str
    person: str
    amount: int


def roll_up(
    counted: Iterable[Counted], nodes: Iterable[str], *, people_min: int = PEOPLE_MIN
) -> tuple[Sum, ...]:
    """The sum below each node, with cells of fewer than `people_min` people left out.

    Leaving a small cell out is not enough: the sum above minus the cells beside it would give it away. So behind what
    is left out of a shown sum stand at least `people_min` people together; until they do, the smallest shown cell beside
    is left out, too, and everything below it.

    Args:
        counted: a person as often as needed.
        nodes: paths of the nodes asked for, in the order wanted; of those above a node the nearest is its parent here.

    Invariant: neither a shown sum nor a shown sum minus shown sums below it is about at least one and fewer than
    `people_min` people.
    """
    asked, counted = list(dict.fromkeys(nodes)), tuple(counted)
    amounts = dict.fromkeys(asked, 0)
    people: dict[str, set[str]] = {path: set() for path in asked}
    for one in counted:
        for path in paths_above(one.path):
            if path in amounts:
                amounts[path] += one.amount
                people[path].add(one.person)
    shown = _shown(people, counted, people_min)
    return tuple(
        Sum(path=path, amount=amounts[path], people=len(people[path]))
        if path in shown
        else Sum(path=path, amount=None, people=None)
        for path in asked
    )


def _shown(people: Mapping[str, set[str]], counted: Iterable[Counted], people_min: int) -> set[str]:
    """The nodes whose sums may be shown, judged from the top down."""
    children: dict[str, list[str]] = {path: [] for path in people}
    tops: list[str] = []
    for path in people:
        above = [one for one in paths_above(path)[:-1] if one in people]
        (children[above[-1]] if above else tops).append(path)
    at_node: dict[str, set[str]] = {path: set() for path in people}
    for one in counted:
        nearest = [path for path in paths_above(one.path) if path in people]
        if nearest:
            at_node[nearest[-1]].add(one.person)

    shown = {path for path in tops if not people[path] or len(people[path]) >= people_min}
    waiting = list(shown)
    while waiting:
        node = waiting.pop()
        fit = sorted(
            (path for path in children[node] if len(people[path]) >= people_min),
            key=lambda path: (-len(people[path]), path),
        )
        hidden = set(at_node[node]).union(*(people[path] for path in children[node] if path not in fit))
        while fit and 0 < len(hidden) < people_min:
            hidden |= people[fit.pop()]
        empty = [path for path in children[node] if not people[path]]
        shown.update(fit, empty)
        waiting.extend((*fit, *empty))
    return shown
