"""From slots to stretches in numbers: when each visit may start, and how long the ways between them are.

Minutes count from Monday midnight of the week. What a helper or a room is promised to is taken out of the starts, with the
way to it and the pause asked for on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from marketplace.planning.problem.context import PlanContext, Promise
from marketplace.planning.problem.rules import meetings, promises
from marketplace.planning.problem.slots import Holds, Slot
from marketplace.planning.problem.tasks import Task
from marketplace.planning.solving.formulation import NOWHERE, Stretch, Visit
from marketplace.values import Week, Window

Intervals = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Minutes of a week and the hours they stand for."""

    midnight: datetime

    @classmethod
    def of(cls, week: Week, zone: tzinfo) -> Clock:
        """Monday midnight is minute 0."""
        return cls(midnight=datetime.combine(week.monday_on, time(0), tzinfo=zone))

    def minute(self, at: datetime) -> int:
        """The whole minute that has begun."""
        return (at - self.midnight) // timedelta(minutes=1)

    def minute_up(self, at: datetime) -> int:
        """The first whole minute not before."""
        return -((self.midnight - at) // timedelta(minutes=1))

    def window(self, start: int, minutes: int) -> Window:
        """The hours of a visit."""
        starts_at = self.midnight + timedelta(minutes=start)
        return Window(starts_at, starts_at + timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The spots of a week's tasks, numbered, with the minutes between them; nothing when no travel times are known."""

    of_task: tuple[int, ...]
    travel: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of(cls, tasks: Sequence[Task], context: PlanContext) -> Places:
        """Where the tasks are."""
        times = context.travel_times
        if not times:
            return cls(of_task=(NOWHERE,) * len(tasks))
        spots = [times.of_need(task.need) for task in tasks]
        numbers = {spot: number for number, spot in enumerate(sorted(set(spots)))}
        return cls(of_task=tuple(numbers[spot] for spot in spots), travel=times.between(tuple(numbers)))


class Starts:
    """When tasks may start in slots where nothing is promised: asked once for all that ask for and offer the same hours."""

    def __init__(self, tasks: Sequence[Task], clock: Clock) -> None:
        self._tasks, self._clock = tasks, clock
        alike: dict[tuple[object, ...], int] = {}
        self._kind = [
            alike.setdefault((task.windows, task.minutes, _asks_for_all(task)), len(alike)) for task in tasks
        ]
        self._hours: dict[tuple[object, ...], dict[int, Visit | None]] = {}

    def of(self, slot: Slot) -> Callable[[int], Visit | None]:
        """Number of a task -> its visit in the slot."""
        known = self._hours.setdefault((slot.windows, slot.holds), {})

        def visit(number: int) -> Visit | None:
            kind = self._kind[number]
            if kind not in known:
                known[kind] = _visit(slot, self._tasks[number], (), (), self._clock)
            return known[kind]

        return visit


def stretch_of(
    slot: Slot,
    tasks: Iterable[tuple[int, Task]],
    *,
    helpers: int,
    taken: Sequence[Window],
    agreed: Mapping[int, tuple[Window, ...]],
    context: PlanContext,
    clock: Clock,
    starts: Starts,
) -> Stretch:
    """A slot as a stretch; tasks without any start left are not in it.

    Args:
        helpers: how many are there, less those promised elsewhere.
        taken: hours of a room that are promised.
        agreed: per task the hours agreed with others who must be there at the same time.
        starts: when tasks may start where nothing is promised.
    """
    visits = {}
    busy = [*promises(slot, context), *(Promise(window=one) for one in taken)]
    free = starts.of(slot)
    for number, task in tasks:
        if busy or number in agreed:
            clear = [(one.window, _clear(slot, task, one, context)) for one in busy]
            visit = _visit(slot, task, clear, agreed.get(number, ()), clock)
        else:
            visit = free(number)
        if visit is not None:
            visits[number] = visit
    return Stretch(
        opens=clock.minute_up(slot.window.starts_at),
        closes=clock.minute(slot.window.ends_at),
        visits=visits,
        helpers=helpers,
        pause=slot.resource.rest_minutes if slot.holds is Holds.HELPERS and slot.capacity == 1 else 0,
    )


def _visit(
    slot: Slot,
    task: Task,
    busy: Sequence[tuple[Window, int]],
    agreed: Sequence[Window],
    clock: Clock,
) -> Visit | None:
    """A task's visit in a slot; `busy` are promised hours, each with the minutes that must lie between."""
    commons = meetings(task, slot)
    for other in agreed:
        commons = [both for one in commons if (both := one.overlap(other)) is not None]
    minutes = task.minutes
    if slot.holds is Holds.ROOM and _asks_for_all(task):
        minutes = max((one.minutes for one in commons), default=0)
    starts = sorted(
        (first, last)
        for one in commons
        if (first := clock.minute_up(one.starts_at)) <= (last := clock.minute(one.ends_at) - minutes)
    )
    for window, clear in busy:
        before = clock.minute(window.starts_at) - clear - minutes
        after = clock.minute_up(window.ends_at) + clear
        starts = _without(starts, before, after)
    return Visit(minutes=minutes, starts=_merged(starts)) if starts else None


def _asks_for_all(task: Task) -> bool:
    """A room is wanted for all of the stretch that was asked for."""
    return task.timed and not task.need.quantity.minutes_each


def _clear(slot: Slot, task: Task, promise: Promise, context: PlanContext) -> int:
    """Minutes that must lie between a promise and a visit."""
    if slot.holds is not Holds.HELPERS:
        return 0
    times = context.travel_times
    way = (times.minutes_between(promise.spot, times.of_need(task.need)) or 0) if times else 0
    return max(way, slot.resource.rest_minutes)


def _without(starts: Sequence[tuple[int, int]], before: int, after: int) -> list[tuple[int, int]]:
    """Starts no later than `before` or no sooner than `after`."""
    kept = []
    for first, last in starts:
        if first <= before:
            kept.append((first, min(last, before)))
        if last >= after:
            kept.append((max(first, after), last))
    return kept


def _merged(starts: Iterable[tuple[int, int]]) -> Intervals:
    """Rising intervals that do not touch."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(starts):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def most_visits(stretch: Stretch, windows: Sequence[Window]) -> int:
    """How many visits a stretch holds at most, ways left out: the shortest ones, one after the other."""
    left = sum(window.minutes for window in windows) + stretch.pause
    count = 0
    for minutes in sorted(visit.minutes for visit in stretch.visits.values()):
        left -= minutes + stretch.pause
        if left < 0:
            break
        count += 1
    return count * stretch.helpers
