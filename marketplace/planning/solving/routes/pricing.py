"""The best rounds of one stretch under prices, exactly: labels by the time they end, the worse ones dropped.

A label is a round so far: what it earned, where it ended, which tasks are behind it or out of reach. One label makes
another superfluous when it ends at the same task no later, earned no less, used no more minutes and has no task behind it
that the other could still meet. Of tasks alike in all but worth the worthier come first, so two dozen short visits of one
kind are two dozen labels and not all their subsets.

Source: Feillet, Dejax, Gendreau and Gueguen, An exact algorithm for the elementary shortest path problem with resource
constraints (2004).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from marketplace.planning.solving.routes.tables import ANY_TIME, Table

# Beyond so many labels a stretch is left with the rounds found so far; its bound is then told by a relaxation.
LABELS_MAX = 10_000


class Label(NamedTuple):
    """A round that ends at task number `at` of its table."""

    profit: int
    at: int
    mask: int
    minutes: int
    start: int
    before: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What each task of a table would earn: one number, or one per start for a joint task; None for nothing."""

    plain: tuple[int | None, ...]
    timed: tuple[Mapping[int, int] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Rounds as (profit, ((task number, start or ANY_TIME), …)), best first; `exact` when the first is the best there is.

    `labels` says how many were taken up, as a measure of the work.
    """

    rounds: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    exact: bool = True
    labels: int = 0

    @property
    def best(self) -> int:
        return self.rounds[0][0] if self.rounds else 0


NOTHING = Priced(rounds=())


def priced(table: Table, worth: Worth, *, top: int = 1, labels_max: int = LABELS_MAX) -> Priced:
    """Up to `top` rounds that earn more than nothing, at most one per last task."""
    plain, timed = worth.plain, worth.timed
    live = [
        place
        for place in range(len(table.tasks))
        if (plain[place] or 0) > 0 or any(one > 0 for one in (timed[place] or {}).values())
    ]
    if not live:
        return NOTHING
    if len(live) == 1 and timed[live[0]] is None:
        only = live[0]
        return Priced(rounds=((plain[only] or 0, ((only, ANY_TIME),)),))
    search = _Search(table, worth, live)
    exact = search.run(labels_max)
    found = sorted(search.best.values(), key=lambda label: (-label.profit, label.at))[:top]
    return Priced(
        rounds=tuple((label.profit, _path(label)) for label in found), exact=exact, labels=search.taken
    )


def _path(label: Label | None) -> tuple[tuple[int, int], ...]:
    path = []
    while label is not None:
        path.append((label.at, label.start))
        label = label.before
    return tuple(reversed(path))


class _Search:
    """Labels of one stretch, taken up in the order of their ends."""

    def __init__(self, table: Table, worth: Worth, live: Sequence[int]) -> None:
        self.table, self.live = table, live
        self.plain = worth.plain
        self.starts = {
            place: sorted((start, profit) for start, profit in one.items() if profit > 0)
            for place in live
            if (one := worth.timed[place]) is not None
        }
        self.twin_before = _twin_before(table, worth, live)
        self.best: dict[int, Label] = {}
        self.buckets: dict[int, list[Label]] = {}
        self.ends: list[int] = []
        self.taken = 0

    def run(self, labels_max: int) -> bool:
        """True when every label that matters was taken up."""
        for place in self.live:
            if place not in self.twin_before:
                self._reach(place, self.table.first[place], None)
        heapify(self.ends)
        kept: dict[int, list[tuple[int, int, int, int]]] = {place: [] for place in self.live}
        while self.ends:
            end = heappop(self.ends)
            for label in sorted(self.buckets.pop(end), key=lambda one: -one.profit):
                self.taken += 1
                if self.taken > labels_max:
                    return False
                reach, shut = self._reach_of(label, end)
                own = kept[label.at]
                if self._superfluous(label, label.mask | shut, own):
                    continue
                own.append((label.profit, label.mask, label.minutes, label.mask.bit_count()))
                if label.at not in self.best or label.profit > self.best[label.at].profit:
                    self.best[label.at] = label
                for place, ready in reach:
                    self._reach(place, ready, label)
        return True

    def _superfluous(self, label: Label, behind: int, kept: list[tuple[int, int, int, int]]) -> bool:
        capped, counted = self.table.minutes_max, self.table.visits_max
        profit, minutes, visits = label.profit, label.minutes, label.mask.bit_count()
        return any(
            other >= profit
            and mask | behind == behind
            and (not capped or spent <= minutes)
            and (not counted or done <= visits)
            for other, mask, spent, done in kept
        )

    def _reach_of(self, label: Label, end: int) -> tuple[list[tuple[int, int]], int]:
        """(task, ready) that can follow, and a mask of those that never can."""
        table, mask = self.table, label.mask
        gap, reach, shut = table.gap[label.at], [], 0
        full = table.visits_max and mask.bit_count() >= table.visits_max
        for place in self.live:
            if mask >> place & 1:
                continue
            ready = end + gap[place]
            late = ready > table.starts[place][-1][1]
            if (
                late
                or full
                or (table.minutes_max and label.minutes + table.minutes[place] > table.minutes_max)
            ):
                shut |= 1 << place
            elif (twin := self.twin_before.get(place)) is None or mask >> twin & 1:
                reach.append((place, ready))
        return reach, shut

    def _reach(self, place: int, ready: int, before: Label | None) -> None:
        table = self.table
        took = table.minutes[place]
        profit, mask, minutes = (0, 0, 0) if before is None else (before.profit, before.mask, before.minutes)
        if place in self.starts:
            for start, earned in self.starts[place]:
                if start >= ready:
                    self._add(start + took, Label(profit + earned, place, mask | 1 << place, minutes + took, start, before))  # fmt: skip
            return
        earliest = table.earliest(place, ready)
        if earliest is not None:
            earned = self.plain[place] or 0
            self._add(earliest + took, Label(profit + earned, place, mask | 1 << place, minutes + took, ANY_TIME, before))  # fmt: skip

    def _add(self, end: int, label: Label) -> None:
        bucket = self.buckets.get(end)
        if bucket is None:
            self.buckets[end] = [label]
            heappush(self.ends, end)
        else:
            bucket.append(label)


def _twin_before(table: Table, worth: Worth, live: Sequence[int]) -> dict[int, int]:
    """Per task the worthier one of its kind that must come before it."""
    kinds: dict[int, list[int]] = {}
    for place in live:
        if worth.timed[place] is None:
            kinds.setdefault(table.twin_of[place], []).append(place)
    before: dict[int, int] = {}
    for alike in kinds.values():
        alike.sort(key=lambda place: (-(worth.plain[place] or 0), place))
        before.update(zip(alike[1:], alike, strict=False))
    return before
