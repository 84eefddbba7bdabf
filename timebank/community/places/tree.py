"""The tree of a community's places as its desk keeps it: add, rename, move, end, and who is in charge of what.

Whether a place may stand, move or end is judged by `timebank.rules.places.areas`; here it is loaded, written and noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace.names import name_key
from timebank.access import Actor, Facts, sees
from timebank.catalogue.kinds import AreaKind
from timebank.context import Context
from timebank.errors import BadField, NotFound
from timebank.rules.places.areas import (
    DayAhead,
    NameTaken,
    Node,
    OwnNode,
    ParentSpan,
    close,
    ids_of,
    judge_area,
    move,
    paths_above,
    places_in_charge,
)
from timebank.rules.relationships import Sort
from timebank.store import locks
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.places.areas import Area
from timebank.store.relations import relationships

PAGE = 50
WAYS_SHOWN = 60
PARENTS_SHOWN = 300
NAME_LENGTH_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who stands to a place: the kind, how they are called, and whether it makes them in charge."""

    relationship: str
    kind: str
    name: str
    in_charge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place with what stands below it and who stands to it; `vacant`: it needs somebody and has nobody."""

    area: Area
    below: int = 0
    holders: tuple[Holder, ...] = ()
    vacant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WayShown:
    """Minutes on foot to another place."""

    other: Area
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeShown:
    """A place as the desk keeps it.

    Attributes:
        above: from the community's own node down to its parent.
        rows: one page of what stands right below; `more`: there is another page.
        kinds_below: kinds that may stand under it. parents: other places that it may move to.
        offers: kinds of relationships that somebody can be asked to hold towards it.
        own: it is the community's own node.
    """

    place: PlaceRow
    above: tuple[Area, ...]
    rows: tuple[PlaceRow, ...]
    more: bool
    kinds_below: tuple[AreaKind, ...]
    parents: tuple[Area, ...]
    offers: tuple[str, ...]
    ways: tuple[WayShown, ...]
    own: bool


async def show(
    ctx: Context, actor: Actor, code: str, *, page: int = 0, operation: str = "DeskAreas"
) -> TreeShown:
    """A place of the actor's community with one page of what stands below; the community's own node for "".

    Raises:
        NotFound: no such place in use, or not below the desk's own.
    """
    area = await _place(ctx, actor, code or actor.community, operation)
    found = await areas.children(ctx.engine, area.code, limit=PAGE + 1, offset=page * PAGE)
    place, *rows = await _rows(ctx, actor.community, [area, *found[:PAGE]])
    catalogue = ctx.catalogue_of(actor.community)
    allowed = catalogue.areas[area.kind].parents if area.code != actor.community else ()
    others = await areas.areas_of_kinds(ctx.engine, actor.community, allowed, limit=PARENTS_SHOWN)
    return TreeShown(
        place=place,
        above=await _above(ctx, actor, area),
        rows=tuple(rows),
        more=len(found) > PAGE,
        kinds_below=tuple(kind for kind in catalogue.areas.values() if area.kind in kind.parents),
        parents=tuple(one for one in others if one.code != area.parent),
        offers=tuple(
            kind.code
            for kind in catalogue.relationships.values()
            if area.kind in kind.to and not kind.founding and kind.group == "place"
        ),
        ways=await _ways(ctx, area),
        own=area.code == actor.community,
    )


async def add(
    ctx: Context, actor: Actor, *, parent: str, kind: str, name: str, operation: str = "AddArea"
) -> Area:
    """A new place under another one.

    Raises:
        NotFound: no such parent here. UnknownNodeKind, WrongParent: the kinds do not fit. NameTaken: it stands there.
        BadField: no name, or too long a one.
    """
    name = _named(name)
    async with ctx.engine.atomic():
        above = await _place(ctx, actor, parent or actor.community, operation)
        await _one_at_a_time(ctx, actor)
        judge_area(ctx.catalogue_of(actor.community).areas, kind=kind, parent=above.kind)
        await _not_there_yet(ctx, above.code, kind, name)
        made = await areas.add_area(
            ctx.engine, code=ctx.ids.uid("A"), kind=kind, name=name, parent=above,
            community=actor.community, since_on=ctx.today(),
        )  # fmt: skip
        await audit.note(ctx, actor, "add_area", object=made.code)
    return made


async def rename(ctx: Context, actor: Actor, code: str, *, name: str, operation: str = "RenameArea") -> Area:
    """The place under another name.

    Raises:
        NotFound. OwnNode: the community's own name stays. NameTaken, BadField: as for a new place.
    """
    name = _named(name)
    async with ctx.engine.atomic():
        area = await _place(ctx, actor, code, operation)
        _not_own(actor, area)
        await _one_at_a_time(ctx, actor)
        await _not_there_yet(ctx, area.parent, area.kind, name, but=area.code)
        await areas.rename_area(ctx.engine, area.code, name)
        await audit.note(ctx, actor, "rename_area", object=area.code)
    return replace(area, name=name)


async def move_to(
    ctx: Context, actor: Actor, code: str, *, parent: str, on: date, operation: str = "MoveArea"
) -> Area:
    """The place, with all below it, under another parent from a day on; figures of earlier days keep the earlier parent.

    Raises:
        NotFound. OwnNode; DayAhead: a day after today. WrongParent, SameParent, BeforeLastMove, …: `rules.places.areas.move`.
        NameTaken: one of that name stands there.
    """
    async with ctx.engine.atomic():
        area = await _place(ctx, actor, code, operation)
        above = await _place(ctx, actor, parent, operation)
        _not_own(actor, area)
        await _one_at_a_time(ctx, actor)
        if on > ctx.today():
            raise DayAhead(field="on")
        since_on = await areas.stands_since(ctx.engine, area)
        span = ParentSpan(node=_id(area), parent=ids_of(area.path)[-2], since_on=since_on)
        kinds = ctx.catalogue_of(actor.community).areas
        move(_node(area), _node(above), subtree=(), span=span, kinds=kinds, on=on)
        await _not_there_yet(ctx, above.code, area.kind, area.name, but=area.code)
        await areas.move_area(ctx.engine, area, above, since_on=on)
        await audit.note(ctx, actor, "move_area", object=area.code, reason=on.isoformat())
    moved = await areas.area(ctx.engine, area.code)
    assert moved is not None, "it was just moved"
    return moved


async def end(ctx: Context, actor: Actor, code: str, *, on: date, operation: str = "EndArea") -> Area:
    """The place is no longer in use after a day; its figures stay. Gives its parent, where to go on.

    Raises:
        NotFound. OwnNode, DayAhead, BeforeLastMove. StillInUse: something stands or somebody lives there.
    """
    async with ctx.engine.atomic():
        area = await _place(ctx, actor, code, operation)
        _not_own(actor, area)
        await _one_at_a_time(ctx, actor)
        if on > ctx.today():
            raise DayAhead(field="on")
        close(_node(area), on=on, in_use=await areas.in_use(ctx.engine, area))
        await areas.end_area(ctx.engine, area.code, on)
        await audit.note(ctx, actor, "end_area", object=area.code, reason=on.isoformat())
    above = await areas.area(ctx.engine, area.parent)
    assert above is not None, "a place below the community has a parent"
    return above


async def care_about(
    ctx: Context, actor: Actor, code: str, *, uncared: bool, operation: str = "UncareArea"
) -> Area:
    """Nobody is in charge of the place, on purpose; or that is taken back.

    Raises:
        NotFound: no such place, or of a kind of which nobody is ever in charge.
    """
    async with ctx.engine.atomic():
        area = await _place(ctx, actor, code, operation)
        if area.kind not in places_in_charge(ctx.catalogue_of(actor.community).relationships):
            raise NotFound()
        on = ctx.today() if uncared else None
        await areas.care_about(ctx.engine, area.code, uncared_on=on, by=actor.uid)
        await audit.note(ctx, actor, "uncare_area" if uncared else "care_area", object=area.code)
    return area


# ---- loading


async def _place(ctx: Context, actor: Actor, code: str, operation: str) -> Area:
    found = await areas.area(ctx.engine, code)
    if found is None or found.until_on is not None:
        raise NotFound()
    sees(actor, operation, Facts(community=found.community, path=found.path))
    if found.community != actor.community:
        raise NotFound()
    return found


async def _above(ctx: Context, actor: Actor, area: Area) -> tuple[Area, ...]:
    found = [await areas.area_at(ctx.engine, path) for path in paths_above(area.path)[:-1]]
    return tuple(one for one in found if one is not None and one.community == actor.community)


async def _rows(ctx: Context, community: str, some: Sequence[Area]) -> list[PlaceRow]:
    """The places with counts and holders: a fixed number of queries however many there are."""
    codes = [one.code for one in some]
    below = await areas.count_children(ctx.engine, codes)
    catalogue = ctx.catalogue_of(community)
    charge = places_in_charge(catalogue.relationships)
    kinds = [kind.code for kind in catalogue.relationships.values() if kind.group == "place"]
    held = await relationships.held_towards_any(ctx.engine, Sort.AREA, codes, kinds=kinds)
    standing = [one for one in held if one.holds_on(ctx.today()) and one.holder.sort is Sort.MEMBER]
    names = await people.names(ctx.engine, [one.holder.code for one in standing])
    by_place: Mapping[str, list[Holder]] = {code: [] for code in codes}
    for one in standing:
        by_place[one.target.code].append(
            Holder(
                relationship=one.uid,
                kind=one.kind,
                name=names.get(one.holder.code, ""),
                in_charge=any(one.kind in some_kinds for some_kinds in charge.values()),
            )
        )
    return [
        PlaceRow(
            area=one,
            below=below.get(one.code, 0),
            holders=tuple(sorted(by_place[one.code], key=lambda holder: not holder.in_charge)),
            vacant=one.kind in charge
            and one.uncared_on is None
            and not any(holder.in_charge for holder in by_place[one.code]),
        )
        for one in some
    ]


async def _ways(ctx: Context, area: Area) -> tuple[WayShown, ...]:
    known = await areas.ways_of(ctx.engine, area.code, limit=WAYS_SHOWN)
    others = {one.area_b if one.area_a == area.code else one.area_a: one.minutes for one in known}
    by_code = await areas.areas_by_code(ctx.engine, list(others))
    return tuple(
        WayShown(other=by_code[code], minutes=minutes)
        for code, minutes in others.items()
        if code in by_code and by_code[code].until_on is None
    )


# ---- judging


def _named(name: str) -> str:
    name = name.strip()
    if not name_key(name):
        raise BadField("请写名称。", "Please give a name.", field="name")
    if len(name) > NAME_LENGTH_MAX:
        raise BadField("名称最多80个字。", "A name has at most 80 letters.", field="name")
    return name


async def _not_there_yet(ctx: Context, parent: str, kind: str, name: str, *, but: str = "") -> None:
    for one in await areas.areas_named(ctx.engine, parent, kind):
        if one.code != but and name_key(one.name) == name_key(name):
            raise NameTaken(field="name")


def _not_own(actor: Actor, area: Area) -> None:
    if area.code == actor.community:
        raise OwnNode()


async def _one_at_a_time(ctx: Context, actor: Actor) -> None:
    await locks.one_at_a_time(ctx.engine, f"areas:{actor.community}")


def _id(area: Area) -> int:
    return ids_of(area.path)[-1]


def _node(area: Area) -> Node:
    above = ids_of(area.path)
    return Node(
        id=above[-1], code=area.code, kind=area.kind, parent=above[-2] if len(above) > 1 else 0, path=area.path,
        community=area.community, since_on=area.since_on or date.min, until_on=area.until_on,
    )  # fmt: skip
