"""Making a plan of rounds better: a few visits out, then everything that is left back in, keeping what gains.

The number of tries is counted, not timed, and all chance comes from one seed, so the same problem gives the same plan.

Source: Schrimpf and others, Record breaking optimization results using the ruin and recreate principle (2000).
"""

from __future__ import annotations

from math import exp
from random import Random

from marketplace.planning.solving.routes.schedule import Schedule

_OUT_MAX = 2
# The search begins so warm that losing this share of a usual task is taken as often as not.
_WARMTH = 0.1


def filled_up(schedule: Schedule) -> None:
    """Put in whatever still fits, what is worth most per minute first."""
    for task in _by_worth(schedule):
        if schedule.left(task) > 0:
            schedule.place(task)


def improved(schedule: Schedule, *, tries: int, seed: int = 0, enough: int | None = None) -> None:
    """Search around a plan; it ends as the best plan seen, at once when that reaches `enough` points."""
    draw = Random(seed)  # noqa: S311 chance, not secrecy  # nosec B311
    filled_up(schedule)
    tasks = [task for task in range(len(schedule.problem.demand)) if schedule.slots_of.get(task)]
    if not tasks:
        return
    density = _density(schedule)
    best, current = schedule.snapshot(), schedule.value
    best_value = current
    warmth = max(1.0, _usual_worth(schedule) * _WARMTH)
    for number in range(tries):
        if enough is not None and best_value >= enough:
            break
        before = schedule.snapshot()
        out, wanted = _ruined(schedule, draw, tasks)
        for task in out:
            schedule.drop(task)
        if wanted is not None:
            schedule.place(wanted)
        waiting = [task for task in tasks if schedule.left(task) > 0]
        for task in sorted(waiting, key=lambda task: -density[task] * draw.uniform(0.7, 1.3)):
            schedule.place(task)
        heat = warmth * max(1e-3, 1 - number / tries)
        if schedule.value >= current or draw.random() < exp((schedule.value - current) / heat):
            current = schedule.value
        else:
            schedule.restore(before)
        if schedule.value > best_value:
            best, best_value = schedule.snapshot(), schedule.value
    schedule.restore(best)


def _ruined(schedule: Schedule, draw: Random, tasks: list[int]) -> tuple[list[int], int | None]:
    """Tasks to take out, and one that shall have their place."""
    waiting = [task for task in tasks if schedule.left(task) > 0]
    wanted = None
    if waiting and draw.random() < 0.7:
        wanted = draw.choice(waiting)
        slot = draw.choice(schedule.slots_of[wanted])
        out = _in_slot(schedule, draw, slot, _OUT_MAX)
    else:
        served = sorted(schedule.where)
        if not served:
            return [], None
        slot = draw.choice(schedule.where[draw.choice(served)])[0]
        out = _in_slot(schedule, draw, slot, 99)
    if draw.random() < 0.3:
        other = draw.choice(sorted(schedule.laid.tables or schedule.laid.counted))
        out.extend(task for task in _in_slot(schedule, draw, other, 99) if task not in out)
    return out, wanted


def _in_slot(schedule: Schedule, draw: Random, slot: int, most: int) -> list[int]:
    if slot in schedule.orders:
        orders = [order for order in schedule.orders[slot] if order]
        found = list(draw.choice(orders)) if orders else []
    else:
        found = [
            task for task, places in sorted(schedule.where.items()) if any(one == slot for one, _ in places)
        ]
        most = min(most, _OUT_MAX)
    return found if len(found) <= most else draw.sample(found, most)


def _density(schedule: Schedule) -> list[float]:
    """Points per minute of each task at its best place."""
    found = []
    for task, edges in enumerate(schedule.problem.edges):
        best = max((value for value, _ in edges), default=0)
        minutes = min(
            (schedule.laid.minutes_of(task, slot) for slot in schedule.slots_of.get(task, ())), default=0
        )
        found.append(best / max(1, minutes))
    return found


def _by_worth(schedule: Schedule) -> list[int]:
    density = _density(schedule)
    return sorted(range(len(density)), key=lambda task: (-density[task], task))


def _usual_worth(schedule: Schedule) -> float:
    """The points of the task in the middle."""
    worth = sorted(max(value for value, _ in edges) for edges in schedule.problem.edges if edges)
    return worth[len(worth) // 2] if worth else 1
