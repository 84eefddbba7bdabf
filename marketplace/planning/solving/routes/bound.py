"""What prices prove, recomputed by a plainer routine than the search's: the certificate of a plan with rounds.

Any prices prove a bound: what is scarce sells for its price, each stretch earns at most its best round under these
prices, so no plan earns more than all of it together. The best round is bounded here by a table over time in which a
task may come up again unless it is tracked; tracking those that did makes the bound exact. Nothing of the search is
trusted: alternatives are cut as they say, each closed by its own prices, and the largest bound is the plan's.

Source: Righini and Salani, New dynamic programming algorithms for the resource constrained elementary shortest path
problem (2008), for tracking only what repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled

from marketplace.planning.solving.formulation import Problem
from marketplace.planning.solving.routes.prices import (
    EVERYTHING,
    PARTS,
    Alternative,
    Cut,
    Tariff,
    clash_prices,
    outside,
    worth_of,
)
from marketplace.planning.solving.routes.pricing import Worth
from marketplace.planning.solving.routes.tables import Laid, Table, laid_out

# How often what is tracked grows, and after how many turns everything is tried.
TURNS_MAX = 30
_PATIENCE = 2
# Beyond so many states a table that tracks something is given up.
STATES_MAX = 30_000
_REQUIRED = 1 << 60

Tracked = frozenset[int]
NOTHING_TRACKED: Mapping[int, Tracked] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """An alternative closed by prices; `tracked` has, per slot, the kinds of task that may not come up again."""

    tariff: Tariff
    tracked: Mapping[int, Tracked] = filled(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """An alternative cut in two."""

    cut: Cut
    parts: tuple[Closed | Divided, Closed | Divided]


RoundProof = Closed | Divided


def proven(problem: Problem, proof: RoundProof) -> int | None:
    """The points no plan exceeds, recomputed from the problem; None when the proof does not hold."""
    return _proven(laid_out(problem), proof, EVERYTHING, Recomputed())


def _proven(laid: Laid, proof: RoundProof, at: Alternative, again: Recomputed) -> int | None:
    if isinstance(proof, Closed):
        return closed_at(laid, proof, at, again)
    if not proof.cut.allowed(laid):
        return None
    found = [
        _proven(laid, part, narrowed, again)
        for part, narrowed in zip(proof.parts, proof.cut.parts(at), strict=True)
    ]
    return None if None in found else max(one for one in found if one is not None)


class Recomputed:
    """The best rounds under prices, recomputed; what was asked last about each stretch need not be asked again."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[Worth, Tracked, tuple[int, Tracked] | None]] = {}

    def best(self, table: Table, worth: Worth, tracked: Tracked) -> tuple[int, Tracked] | None:
        """(the most a round earns, kinds it met more than once) when only tracked kinds run out; None when that is too much."""
        last = self._last.get(table.slot)
        if last is not None and last[0] == worth and last[1] == tracked:
            return last[2]
        found = swept(table, worth, tracked)
        self._last[table.slot] = worth, tracked, found
        return found


def closed_at(laid: Laid, closed: Closed, at: Alternative, again: Recomputed) -> int | None:
    """The bound of one alternative in whole points, rounded down; never below nothing."""
    total = outside(laid, closed.tariff, at)
    if total is None:
        return None
    clashing = clash_prices(laid, closed.tariff)
    for slot, table in laid.tables.items():
        required = len(at.required(slot)) * _REQUIRED
        worth = worth_of(laid, table, closed.tariff, at, required=_REQUIRED)
        found = again.best(table, worth, closed.tracked.get(slot, frozenset()))
        if found is None:
            return None
        left = found[0] - clashing.get(slot, 0) - required
        total += left if required else laid.people(slot) * max(0, left)
    return max(0, total // PARTS)


def closing(
    laid: Laid,
    tariff: Tariff,
    at: Alternative,
    exact: Mapping[int, int],
    again: Recomputed,
    begin: Mapping[int, Tracked] = NOTHING_TRACKED,
) -> Closed:
    """The proof by these prices, tracking what it takes to come down to the exact best round of each stretch.

    `begin` is what a similar alternative tracked.
    """
    tracked: dict[int, Tracked] = {}
    for slot, table in laid.tables.items():
        worth = worth_of(laid, table, tariff, at, required=_REQUIRED)
        own = _enough_tracked(table, worth, exact.get(slot, 0), begin.get(slot, frozenset()), again)
        if own:
            tracked[slot] = own
    return Closed(tariff=tariff, tracked=tracked)


def _enough_tracked(table: Table, worth: Worth, exact: int, own: Tracked, again: Recomputed) -> Tracked:
    """Kinds to track so that the table comes down to the exact best round, or as near as its size allows."""
    found = again.best(table, worth, own)
    if found is None:
        own, found = frozenset(), again.best(table, worth, frozenset())
    for turn in range(TURNS_MAX):
        assert found is not None
        best, repeated = found
        if best <= exact or not repeated - own:
            break
        # What keeps coming back is tracked; where that does not end soon, everything is, if the table can hold it.
        more = frozenset(table.twin_of) if turn == _PATIENCE else own | repeated
        found = again.best(table, worth, more)
        if found is None and turn == _PATIENCE:
            more = own | repeated
            found = again.best(table, worth, more)
        if found is None:
            break
        own = more
    return own


@dataclass(slots=True)
class _Kind:
    """Tasks that differ only in worth, worthiest first; a joint task is a kind of its own."""

    number: int
    place: int
    minutes: int
    earns: list[int]
    windows: tuple[tuple[int, int], ...]
    starts: list[tuple[int, int]]  # of a joint task: (start, what it earns then)
    latest: int
    weight: int = 0  # of its digit in a state's number; 0 while it is not tracked

    def choices(self, ready: int, rank: int) -> list[tuple[int, int]]:
        """(start, what it earns) of the next visit of this kind."""
        if self.starts:
            return [one for one in self.starts if one[0] >= ready]
        for first, last in self.windows:
            if ready <= last:
                return [(ready if ready > first else first, self.earns[rank])]
        return []


def _kinds(table: Table, worth: Worth, tracked: Tracked) -> list[_Kind]:
    """The kinds that earn anything, those that may start latest first."""
    kinds: dict[int, _Kind] = {}
    for place, number in enumerate(table.twin_of):
        timed, plain = worth.timed[place], worth.plain[place]
        if timed is not None:
            starts = sorted((start, profit) for start, profit in timed.items() if profit > 0)
            if starts:
                kinds[number] = _Kind(number, place, table.minutes[place], [0], (), starts, starts[-1][0])
        elif plain is not None and plain > 0:
            if number not in kinds:
                windows = table.starts[place]
                kinds[number] = _Kind(number, place, table.minutes[place], [], windows, [], windows[-1][1])
            kinds[number].earns.append(plain)
    weight = 1
    for number in sorted(kinds):
        kinds[number].earns.sort(reverse=True)
        if number in tracked:
            kinds[number].weight = weight
            weight *= len(kinds[number].earns) + 1
    return sorted(kinds.values(), key=lambda kind: (-kind.latest, kind.number))


# Last kind, number of the tracked ones used, minutes, visits.
_State = tuple[int, int, int, int]


def swept(table: Table, worth: Worth, tracked: Tracked) -> tuple[int, Tracked] | None:
    """The table over time; None when it grows too large and something is tracked."""
    kinds = _kinds(table, worth, tracked)
    if not kinds:
        return 0, frozenset()
    capped, counted = table.minutes_max, table.visits_max
    levels: dict[int, dict[_State, tuple[int, object]]] = {}
    settled: dict[_State, int] = {}
    best: tuple[int, object] = (0, None)
    states = 0

    def follow(end: int, gaps: tuple[int, ...], state: _State, so_far: tuple[int, object]) -> None:
        _, code, spent, done = state
        for at, kind in enumerate(kinds):
            ready = end + gaps[kind.place]
            if ready > kind.latest:
                if end > kind.latest:
                    break
                continue
            rank = code // kind.weight % (len(kind.earns) + 1) if kind.weight else 0
            if rank == len(kind.earns) or (at == state[0] and len(kind.earns) == 1):
                continue
            minutes, visits = (spent + kind.minutes if capped else 0), (done + 1 if counted else 0)
            if minutes > capped or visits > counted:
                continue
            key = at, code + kind.weight, minutes, visits
            least = settled.get(key, -1)
            for start, earned in kind.choices(ready, rank):
                profit = so_far[0] + earned
                if profit <= least:
                    continue
                level = levels.setdefault(start + kind.minutes, {})
                known = level.get(key)
                if known is None or known[0] < profit:
                    level[key] = (profit, (kind.number, so_far[1]))

    follow(-1, tuple(one + 1 for one in table.first), (-1, 0, 0, 0), (0, None))
    while levels:
        end = min(levels)
        for key, state in levels.pop(end).items():
            if state[0] <= settled.get(key, -1):
                continue
            settled[key] = state[0]
            states += 1
            if states > STATES_MAX and tracked:
                return None
            if state[0] > best[0]:
                best = state
            follow(end, table.gap[kinds[key[0]].place], key, state)
    return best[0], _repeated(best[1])


def _repeated(path: object) -> Tracked:
    counts: dict[int, int] = {}
    while isinstance(path, tuple):
        number, path = path
        counts[number] = counts.get(number, 0) + 1
    # A kind of several tasks earns its best again and again unless tracked, so two visits of it are already too many.
    return frozenset(number for number, count in counts.items() if count > 1)
