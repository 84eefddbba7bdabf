"""Slots that exclude each other: which pairs do, and the sets in which every pair does.

A set bounds a plan better than its pairs: of three lines of one volunteer at the same hour two pairs may each be half
used, and the prices of pairs do not see that this makes one and a half of her.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from marketplace.planning.problem.slots import Holds, Slot
from marketplace.planning.solving.formulation import Clash


def cliques(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Sets of numbers, rising, in which every pair is one of these, and which together hold all of these.

    Each pair that no set holds yet is made as large as it gets, the lowest numbers first; of hours that overlap these
    are all the largest sets.
    """
    beside: dict[int, set[int]] = defaultdict(set)
    ordered = sorted({(min(pair), max(pair)) for pair in pairs})
    for one, other in ordered:
        beside[one].add(other)
        beside[other].add(one)
    found: list[tuple[int, ...]] = []
    held: set[tuple[int, int]] = set()
    for one, other in ordered:
        if (one, other) in held:
            continue
        members = [one, other]
        common = beside[one] & beside[other]
        while common:
            member = min(common)
            members.append(member)
            common &= beside[member]
        members.sort()
        held.update((a, b) for place, a in enumerate(members) for b in members[place + 1 :])
        found.append(tuple(members))
    return found


def same_owner(slots: Sequence[Slot]) -> Iterator[Clash]:
    """Lines of one volunteer at the same hours: only one of them is used."""
    by_owner: dict[str, list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        if slot.holds is Holds.HELPERS and slot.capacity == 1 and slot.resource.owner_kind == "volunteer":
            by_owner[slot.resource.owner].append(number)
    for own in by_owner.values():
        if len({slots[number].resource.line_key for number in own}) > 1:
            for together in cliques(_overlapping(slots, own)):
                yield Clash(slots=together, most=1)


def _overlapping(slots: Sequence[Slot], own: Sequence[int]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(own):
        for other in own[place + 1 :]:
            different = slots[one].resource.line_key != slots[other].resource.line_key
            if different and slots[one].window.overlap(slots[other].window) is not None:
                yield one, other
