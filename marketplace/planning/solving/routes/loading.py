"""Rounds made into a plan: each whole and in its order where that is possible, else visit by visit wherever they fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marketplace.planning.solving.routes.schedule import Schedule
from marketplace.planning.solving.routes.tables import Laid, Option, Round


def loaded(laid: Laid, rounds: Iterable[Round]) -> Schedule:
    """The plan that these rounds make."""
    schedule = Schedule(laid)
    load(schedule, rounds)
    return schedule


def load(schedule: Schedule, rounds: Iterable[Round]) -> None:
    """Put these rounds in, the first ones first; a joint task that stays short of helpers is taken out again."""
    planned = list(rounds)
    opened = [task for task, option in _options_named(schedule, planned) if schedule.open_at(task, option)]
    for one in planned:
        visits = _left_of(schedule, one)
        if visits and not (one.slot in schedule.orders and _as_a_whole(schedule, one.slot, visits)):
            for task in visits:
                schedule.put_in(task, one.slot)
    for task in opened:
        for slot in schedule.best_first(task):
            while schedule.left(task) > 0 and schedule.put_in(task, slot):
                pass
        if schedule.left(task) > 0:
            schedule.drop(task)


def _options_named(schedule: Schedule, planned: Sequence[Round]) -> list[tuple[int, Option]]:
    """Per joint task that is not met yet the option most helpers are named for, the first named of equals."""
    named: dict[int, dict[Option, int]] = {}
    for one in planned:
        for task, start in one.visits:
            if task in schedule.laid.joint and task not in schedule.where:
                option = schedule.laid.option(task, one.slot, start)
                if option in schedule.laid.options[task]:
                    counts = named.setdefault(task, {})
                    counts[option] = counts.get(option, 0) + 1
    return [(task, max(counts, key=lambda one: counts[one])) for task, counts in sorted(named.items())]


def _left_of(schedule: Schedule, one: Round) -> list[int]:
    """The visits of a round that are still wanted and possible, in its order."""
    here = schedule.place_of.get(one.slot)
    return [
        task
        for task, start in one.visits
        if schedule.left(task) > 0
        and (here is None or task in here)
        and (
            task not in schedule.laid.joint
            or schedule.chosen.get(task) == schedule.laid.option(task, one.slot, start)
        )
    ]


def _as_a_whole(schedule: Schedule, slot: int, visits: Sequence[int]) -> bool:
    """Give the visits to a helper who has nothing to do yet; False where nobody is left or the order is not possible."""
    return any(
        not order and schedule.begin(slot, helper, visits)
        for helper, order in enumerate(schedule.orders[slot])
    )
