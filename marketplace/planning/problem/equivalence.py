"""Equivalence classes: what each named rule and each term looks at, so that it is asked once for all pairs of one class.

A rule on languages sees the language that a need asks for and those that a helper speaks, and nothing else. So the
thousands of pairs of a week come down to a few pairs of classes, and the rule itself, the one that also has the words, is
asked about one pair of each. A class of None is nothing to the rule: it is content, the term is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marketplace.planning.problem import rules, scores
from marketplace.planning.problem.context import PlanContext
from marketplace.planning.problem.objective import Objective
from marketplace.planning.problem.slots import Holds, Slot, holds_of
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.city.arrays import Ints
from marketplace.values import Need, Resource, Unit

Classes = Sequence[Hashable | None]
# Up to so many possible pairs of classes per pair a table of them all is quicker than sorting.
_TABLE_PER_PAIR = 8


def line_classes(
    needs: Sequence[Need], resources: Sequence[Resource], context: PlanContext
) -> Iterator[tuple[rules.LineRule, Classes, Classes]]:
    """(rule, classes of the needs, classes of the resources) for each of `rules.LINE_RULES`."""
    at = [context.travel_times.of_need(need) for need in needs]
    home = [context.travel_times.of_resource(one) for one in resources]
    yield rules.category, [need.categories for need in needs], [one.categories for one in resources]
    yield rules.services, [need.categories for need in needs], [one.declines or None for one in resources]
    groups = [context.clients.get(need.line_key) or None for need in needs]
    yield rules.clients, groups, [one.serves or None for one in resources]
    yield rules.own_line, *_owners_of_both(needs, resources)
    yield rules.conflict, *_named(needs, resources, context.conflicts)
    yield (
        rules.unit,
        [(need.quantity.unit, need.quantity.amount == 1) for need in needs],
        [_count(one) for one in resources],
    )
    yield (
        rules.seats,
        [need.quantity.amount if need.quantity.unit is Unit.SEAT else 1 for need in needs],
        [one.quantity.amount if holds_of(one) is Holds.ROOM else None for one in resources],
    )
    yield rules.reach, [need.place.grid or None for need in needs], [one.reach_grids or None for one in resources]  # fmt: skip
    yield rules.same_building, at, [spot if one.same_building else None for one, spot in zip(resources, home, strict=True)]  # fmt: skip
    yield rules.radius, at, [(one.radius_m, spot) if one.radius_m else None for one, spot in zip(resources, home, strict=True)]  # fmt: skip
    yield rules.walk, at, [(one.walk_minutes_max, spot) if one.walk_minutes_max else None for one, spot in zip(resources, home, strict=True)]  # fmt: skip
    yield rules.certificate, [need.requires or None for need in needs], [one.certificates for one in resources]  # fmt: skip
    yield rules.language, [need.language or None for need in needs], [one.languages for one in resources]
    yield rules.gender, [need.gender or None for need in needs], [one.gender for one in resources]
    yield (
        rules.minor,
        [need.source == "resident" or None for need in needs],
        [one.minor or None for one in resources],
    )
    yield (
        rules.heavy_work,
        [need.heavy or None for need in needs],
        [one.light_work_only or one.minor or None for one in resources],
    )
    yield (
        rules.own_limits,
        [need.quantity.minutes_each or None for need in needs],
        [one.minutes_per_week_max or None for one in resources],
    )


def term_classes(
    needs: Sequence[Need], resources: Sequence[Resource], context: PlanContext, objective: Objective
) -> Iterator[tuple[scores.LineTerm, Classes, Classes]]:
    """(term, classes of the needs, classes of the resources) for each of `scores.LINE_TERMS`."""
    yield scores.skill, [need.categories for need in needs], [one.categories for one in resources]
    known = {owner for need in needs for owner in need.last_helpers}
    yield (
        scores.continuity,
        [need.last_helpers or None for need in needs],
        [one.owner if one.owner in known else None for one in resources],
    )
    yield scores.wished, *_named(needs, resources, context.wishes)
    yield scores.avoid, *_named(needs, resources, context.avoid)
    spots: Classes = [context.travel_times.of_need(need) if context.travel_times else None for need in needs]
    yield scores.way, spots, [context.travel_times.of_resource(one) for one in resources]
    yield scores.near, [need.place.grid or None for need in needs], [one.reach_grids or None for one in resources]  # fmt: skip
    yield scores.free, [True] * len(needs), [one.free or None for one in resources]
    lately = context.load_minutes
    yield (
        scores.load,
        [True] * len(needs),
        [
            (one.load_minutes, lately.get(one.owner, 0)) if one.load_minutes or one.owner in lately else None
            for one in resources
        ],
    )


def slot_classes(
    tasks: Sequence[Task],
    hours_of_task: Sequence[int],
    slots: Sequence[Slot],
    days: Sequence[date],
    context: PlanContext,
) -> Iterator[tuple[rules.SlotRule, Classes, Classes]]:
    """(rule, classes of the tasks, classes of the slots) for each of `rules.SLOT_RULES`.

    `hours_of_task` numbers tasks that ask for the same hours alike; `days` are the slots' days.
    """
    paired = list(zip(slots, days, strict=True))
    every = [True] * len(tasks)
    yield rules.blackout, every, [(slot.resource.away, on) if slot.resource.away else None for slot, on in paired]  # fmt: skip
    pledged = context.pledges
    yield rules.pledge, every, [(slot.resource.line_key, on) if slot.resource.line_key in pledged else None for slot, on in paired]  # fmt: skip
    known_on = [min(task.need.filed_on, context.today_on) for task in tasks]
    yield rules.notice, known_on, [(slot.resource.when.notice_days, on) for slot, on in paired]
    dated = {owner for owner, _ in context.certificates_until}
    yield (
        rules.certificate_valid,
        [task.need.requires or None for task in tasks],
        [(slot.resource.owner, on) if slot.resource.owner in dated else None for slot, on in paired],
    )
    together = [task.need.quantity.helpers if task.whole else None for task in tasks]
    yield rules.team, together, [(slot.holds, slot.capacity) for slot in slots]
    asked = [task.demand if task.whole else None for task in tasks]
    yield rules.capacity, asked, [(slot.holds, slot.capacity) for slot in slots]
    busy = [(slot.resource.owner, slot.window) if rules.promises(slot, context) else None for slot in slots]
    yield rules.promised, hours_of_task, busy
    yield (
        rules.rest,
        hours_of_task,
        [
            own and (own, slot.resource.rest_days, slot.resource.rest_minutes)
            for own, slot in zip(busy, slots, strict=True)
        ],
    )
    spots = [context.travel_times.of_need(task.need) if context.travel_times else None for task in tasks]
    yield (
        rules.travel,
        [None if spot is None else (hours, spot) for hours, spot in zip(hours_of_task, spots, strict=True)],
        busy,
    )


def numbered_classes(classes: Classes) -> tuple[Ints, list[int]]:
    """(number of each one, 0 for None; where each further number stands first)."""
    numbers: dict[Hashable, int] = {}
    first: list[int] = []
    codes = np.zeros(len(classes), np.int64)
    for place, one in enumerate(classes):
        if one is None:
            continue
        number = numbers.get(one)
        if number is None:
            first.append(place)
            number = numbers[one] = len(first)
        codes[place] = number
    return codes, first


def answers(
    left: Classes, right: Classes, of_left: Ints, of_right: Ints, ask: Callable[[int, int], int]
) -> Ints:
    """The answer for every pair (of_left[i], of_right[i]), asked once per pair of classes; 0 where one one is None."""
    if not len(of_left) or _nothing(left) or _nothing(right):
        return np.zeros(len(of_left), np.int64)
    left_codes, left_first = numbered_classes(left)
    right_codes, right_first = numbered_classes(right)
    width = len(right_first) + 1
    left_of, right_of = left_codes[of_left], right_codes[of_right]
    seen, back = distinct(np.where((left_of > 0) & (right_of > 0), left_of * width + right_of, 0))
    found = [
        ask(left_first[both // width - 1], right_first[both % width - 1]) if both else 0
        for both in seen.tolist()
    ]
    return np.array(found, np.int64)[back]


def bites(
    left: Classes, right: Classes, of_left: Ints, of_right: Ints, ask: Callable[[int, int], bool]
) -> NDArray[np.bool_]:
    """Which pairs a rule refuses, `ask` telling so of one pair of classes."""
    return answers(left, right, of_left, of_right, ask) > 0


def distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """(the different numbers, rising; for each its place among them), numbers not below 0."""
    size = int(numbers.max(initial=0)) + 1
    if size > _TABLE_PER_PAIR * len(numbers) + 1024:
        seen, back = np.unique(numbers, return_inverse=True)
        return seen, back.astype(np.int64)
    places = np.zeros(size, np.int64)
    places[numbers] = 1
    seen = np.flatnonzero(places)
    places[seen] = np.arange(len(seen))
    return seen, places[numbers]


def _nothing(classes: Classes) -> bool:
    return classes.count(None) == len(classes)


def day_of(slot: Slot) -> date:
    """The day on which a slot begins."""
    return slot.window.day


def _count(resource: Resource) -> Hashable:
    quantity = resource.quantity
    return resource.kind, quantity.unit, quantity.per, quantity.helpers > 0


def _owners_of_both(needs: Sequence[Need], resources: Sequence[Resource]) -> tuple[Classes, Classes]:
    both = {need.owner for need in needs} & {one.owner for one in resources} - {""}
    return (
        [need.owner if need.owner in both else None for need in needs],
        [one.owner if one.owner in both else None for one in resources],
    )


def _named(
    needs: Sequence[Need], resources: Sequence[Resource], pairs: frozenset[tuple[str, str]]
) -> tuple[Classes, Classes]:
    """Classes for a list of (need owner or need key, resource owner)."""
    asking, offering = {one for one, _ in pairs}, {other for _, other in pairs}
    return (
        [
            (need.line_key, need.owner) if need.line_key in asking or need.owner in asking else None
            for need in needs
        ],
        [one.owner if one.owner in offering else None for one in resources],
    )
