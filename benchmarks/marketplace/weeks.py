"""Invented communities whose helpers make rounds: the instances on which the planner of rounds is measured.

Starts are minutes from Monday's midnight. Half of the communities have tiers close to each other, half have tiers that
outweigh a hundred of the next. About one visit in eight needs two helpers at once, one in eight a room that is one of two.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from marketplace.planning.solving.formulation import Problem, Routing, Stretch, Synchronised, Visit
from marketplace.planning.solving.network import NO_GROUP

DAY = 1440
QUARTER = 15
AREAS = 8
TIERS_CLOSE, TIERS_APART = (3_000, 2_000, 1_000), (100_000_000, 1_000_000, 10_000)
_MANY = 1_000


def community(seed: int, *, visits: int = 0, helpers: int = 0, days: int = 0, joint: float = 0.12) -> Problem:
    """A community with 20 to 80 visits and 5 to 25 helpers unless said otherwise."""
    draw = random.Random(seed)
    tiers = TIERS_CLOSE if seed % 2 == 0 else TIERS_APART
    visits, helpers = visits or draw.randint(20, 80), helpers or draw.randint(5, 25)
    days = days or draw.randint(1, 5)
    spots = [(draw.random(), draw.random()) for _ in range(AREAS)]
    farthest = max(math.dist(one, other) for one in spots for other in spots)
    travel = tuple(tuple(5 * math.ceil(4 * math.dist(a, b) / farthest - 1e-9) for b in spots) for a in spots)
    homes, stretches, caps = [], list[tuple[int, int, int]](), list[int]()
    for helper in range(helpers):
        homes.append(draw.randrange(AREAS))
        parts = [(day, part) for day in range(days) for part in (0, 1)]
        draw.shuffle(parts)
        own = 0
        for day, part in parts[: draw.choice([1, 2, 2])]:
            length = draw.randint(8, 16) * QUARTER
            opens = (8 if part == 0 else 13) * 60 + draw.randrange(0, (240 - length) // QUARTER + 1) * QUARTER
            stretches.append((helper, day * DAY + opens, day * DAY + opens + length))
            own += length
        caps.append(
            max(30, int(own * draw.uniform(0.3, 0.8)) // QUARTER * QUARTER) if draw.random() < 1 / 3 else 0
        )
    asked = [_visit(draw, days, joint) for _ in range(visits)]
    share = draw.uniform(0.25, 0.8)
    points = [
        {task: draw.randrange(0, 400) for task in range(visits) if draw.random() < share}
        for _ in range(helpers)
    ]
    return _problem(asked, stretches, homes, caps, points, travel, tiers)


def dense(seed: int) -> Problem:
    """60 to 80 visits for 8 to 15 helpers within two days."""
    return community(seed, visits=60 + seed % 21, helpers=8 + seed % 8, days=1 + seed % 2)


def at_once(seed: int, tasks: int = 12, helpers: int = 24) -> Problem:
    """Visits that all need two or three helpers at one hour, among helpers with one stretch each."""
    draw = random.Random(seed)
    asked = []
    for _ in range(tasks):
        length = draw.choice([60, 120, 180])
        opens = draw.randrange(8 * 60, 18 * 60 - length + 1, 30)
        asked.append((60, [(opens, opens + length)], 0, draw.choice([2, 2, 3]), None, 2))
    stretches, points = [], []
    for helper in range(helpers):
        length = draw.choice([60, 120, 180])
        opens = draw.randrange(8 * 60, 18 * 60 - length + 1, 30)
        stretches.append((helper, opens, opens + length))
        points.append({task: draw.randrange(100, 200) for task in range(tasks) if draw.random() < 0.4})
    return _problem(
        asked, stretches, [0] * helpers, [0] * helpers, points, ((0,) * AREAS,) * AREAS, (0, 0, 0)
    )


def rooms(seed: int, groups: int = 30) -> Problem:
    """Groups that want rooms at overlapping hours; a room is a stretch that takes one after the other."""
    draw = random.Random(seed)
    asked, stretches, points = [], [], []
    for _ in range(groups):
        length = draw.choice([60, 90, 120, 180])
        opens = draw.randrange(8 * 60, 20 * 60 - length + 1, 30)
        asked.append((length, [(opens, opens + length)], 0, 1, None, 2))
    for room in range(4):
        stretches.append((room, 8 * 60, 20 * 60))
        points.append({task: draw.randrange(100, 1000) for task in range(groups) if draw.random() < 0.25})
    return _problem(asked, stretches, [0] * 4, [0] * 4, points, ((0,) * AREAS,) * AREAS, (0, 0, 0))


_Asked = tuple[int, list[tuple[int, int]], int, int, int | None, int]


def _visit(draw: random.Random, days: int, joint: float) -> _Asked:
    """(minutes, windows, area, helpers at once, room, tier)."""
    minutes = draw.choice([15, 30, 30, 45, 60, 60, 90, 120])
    windows = []
    for _ in range(draw.choice([1, 1, 2])):
        day, slack = draw.randrange(days), draw.choice([0, 15, 30, 60, 120, 240])
        opens = draw.randrange(8 * 60, 18 * 60 - minutes + 1, QUARTER)
        windows.append((day * DAY + opens, day * DAY + min(18 * 60, opens + minutes + slack)))
    windows.sort()
    if len(windows) == 2 and windows[0][1] >= windows[1][0]:
        windows = [(windows[0][0], max(windows[0][1], windows[1][1]))]
    at_once = 2 if draw.random() < joint else 1
    room = draw.randrange(2) if draw.random() < joint else None
    return minutes, windows, draw.randrange(AREAS), at_once, room, draw.choices((0, 1, 2), (1, 4, 3))[0]


def _problem(
    asked: Sequence[_Asked],
    stretches: Sequence[tuple[int, int, int]],
    homes: Sequence[int],
    caps: Sequence[int],
    points: Sequence[dict[int, int]],
    travel: tuple[tuple[int, ...], ...],
    tiers: tuple[int, ...],
) -> Problem:
    edges: list[list[tuple[int, int]]] = [[] for _ in asked]
    routed, several = {}, {}
    for task, (minutes, _, _, at_once, _, _) in enumerate(asked):
        if at_once > 1:
            several[task] = Synchronised(minutes=minutes, hours={})
    for slot, (helper, opens, closes) in enumerate(stretches):
        found = {}
        for task, (minutes, windows, area, at_once, _, tier) in enumerate(asked):
            way = travel[homes[helper]][area]
            starts = tuple(
                (max(a, opens + way), min(b, closes - way) - minutes)
                for a, b in windows
                if max(a, opens + way) <= min(b, closes - way) - minutes
            )
            if task in points[helper] and starts:
                found[task] = Visit(minutes=minutes, starts=starts)
                value = tiers[tier] * (minutes // QUARTER) // at_once + points[helper][task]
                edges[task].append((max(1, value), slot))
        routed[slot] = Stretch(opens=opens, closes=closes, visits=found, leaves_from=homes[helper], returns_to=homes[helper])  # fmt: skip
    limited = [helper for helper, cap in enumerate(caps) if cap]
    groups = {helper: number for number, helper in enumerate(limited)}
    return Problem(
        demand=tuple(one[3] for one in asked),
        edges=tuple(tuple(one) for one in edges),
        capacity=tuple(max(1, len(one.visits)) for one in routed.values()),
        group_of=tuple(groups.get(helper, NO_GROUP) for helper, _, _ in stretches),
        steps=tuple(((_MANY, 0),) for _ in limited),
        synchronised=several,
        routing=Routing(
            stretches=routed,
            place=tuple(one[2] for one in asked),
            travel=travel,
            minutes_max={groups[helper]: caps[helper] for helper in limited},
            shares={task: one[4] for task, one in enumerate(asked) if one[4] is not None},
            things=(1, 1),
        ),
    )
