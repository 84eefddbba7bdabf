"""Who lives behind the same door: of one household, with one number or at one address; such people count as one person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from timebank.context import Context
from timebank.store.members import people, phones


async def homes_of(ctx: Context, uids: Sequence[str]) -> dict[str, str]:
    """uid -> who stands for everybody of these behind the same door; whoever is alone there is left out."""
    marks = await _marks_of(ctx, uids)
    return {uid: min(home) for home in _joined(marks) for uid in home if uid != min(home)}


async def everybody_at(ctx: Context, community: str, uids: Collection[str]) -> dict[str, frozenset[str]]:
    """uid -> everybody of the community behind the same door, themselves among them."""
    known = await _marks_of(ctx, sorted(uids))
    asked: set[tuple[str, str]] = set()
    # A mark leads to people, and their other marks to more of them; each is asked for once.
    while new := {mark for marks in known.values() for mark in marks} - asked:
        asked |= new
        found = await _sharing(ctx, community, new)
        known |= await _marks_of(ctx, sorted(found - known.keys()))
    homes = {uid: frozenset(home) for home in _joined(known) for uid in home}
    return {uid: homes[uid] for uid in uids}


def _joined(marks: Mapping[str, Collection[tuple[str, str]]]) -> list[set[str]]:
    """The people sorted into homes: those with a mark in common, and whoever shares one with any of them."""
    sharing: dict[tuple[str, str], list[str]] = {}
    for uid, mine in marks.items():
        for mark in mine:
            sharing.setdefault(mark, []).append(uid)
    homes: list[set[str]] = []
    seen: set[str] = set()
    for uid in sorted(marks):
        if uid in seen:
            continue
        home, todo = {uid}, [uid]
        while todo:
            # Each mark leads to all that share it once.
            more = {other for mark in marks[todo.pop()] for other in sharing.pop(mark, ())} - home
            home |= more
            todo += more
        seen |= home
        homes.append(home)
    return homes


async def _marks_of(ctx: Context, uids: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
    """uid -> (kind, value) of whatever says where they live and how they are reached."""
    marks: dict[str, set[tuple[str, str]]] = {uid: set() for uid in uids}
    for uid, household in (await people.households_of(ctx.engine, uids)).items():
        marks[uid].add(("household", household))
    for uid, kept in (await phones.phones_of(ctx.engine, uids)).items():
        marks[uid] |= {("phone", one.number) for one in kept if one.number and not one.whose}
    for uid, door in (await people.doors_of(ctx.engine, uids)).items():
        marks[uid].add(("door", door))
    return marks


async def _sharing(ctx: Context, community: str, marks: Collection[tuple[str, str]]) -> set[str]:
    """Everybody of the community who bears one of these marks."""
    values: dict[str, set[str]] = {"household": set(), "phone": set(), "door": set()}
    for kind, value in marks:
        values[kind].add(value)
    return {
        *await people.living_in(ctx.engine, values["household"]),
        *await phones.owners_of(ctx.engine, community, values["phone"]),
        *await people.behind_doors(ctx.engine, community, values["door"]),
    }
