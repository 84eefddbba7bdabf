"""What lies below a place: needs for its officers by kind and time, sums for whoever may read sums only.

A person's words, names and doors are on no page of this slice. A sum behind which fewer than five people stand is
left out, and so is what would give it away by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.values import Need, When
from timebank.access import Actor, Facts, Reach, Role, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.places.areas import below, paths_above
from timebank.rules.places.sums import PEOPLE_MIN, Counted, Sum, roll_up
from timebank.store.help import totals
from timebank.store.members import people
from timebank.store.places import areas
from timebank.store.places.areas import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedBelow:
    """An open need as an officer of its place reads it: of what kind, where and when."""

    category: str
    place: str
    when: When
    urgent: bool
    filed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SumBelow:
    """What stands below one place; None where so few people stand behind it that it could be about one of them."""

    code: str
    name: str
    kind: str
    depth: int
    people: int | None
    asking: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown:
    """One place on the page; `needs` is None for whoever reads sums only."""

    area: Area
    above: tuple[Area, ...]
    month_on: date
    sums: tuple[SumBelow, ...]
    needs: tuple[NeedBelow, ...] | None


def looked_after(actor: Actor) -> tuple[Reach, ...]:
    """The places that this person looks after, without the desk's and the auditor's own."""
    found = [place for role in (Role.OFFICER, Role.OVERSEER) for place in actor.reach.get(role, ())]
    return tuple(dict.fromkeys(found))


async def own_places(ctx: Context, actor: Actor) -> tuple[Area, ...]:
    """The places this person looks after or works at, from the top."""
    paths = sorted({place.path for role in actor.reach for place in actor.reach[role]})
    found = [await areas.area_at(ctx.engine, path) for path in paths]
    return tuple(one for one in found if one is not None)


async def place(ctx: Context, actor: Actor, code: str, *, lang: str) -> PlaceShown:
    """A place with the sums of everything below it, and its open needs for whoever may read them.

    Raises:
        NotFound: no such place, or not below one that this person looks after.
    """
    node = await areas.area(ctx.engine, code)
    if node is None:
        raise NotFound()
    facts = Facts(community=node.community, path=node.path)
    sees(actor, "PlaceSums", facts)
    nodes = await areas.areas_below(ctx.engine, node.path)
    codes = sorted({one.community for one in nodes if one.community})
    month_on = ctx.today().replace(day=1)
    shown = [one for one in nodes if one.path.count("/") <= node.path.count("/") + 2]
    return PlaceShown(
        area=node,
        above=await _above(ctx, actor, node),
        month_on=month_on,
        sums=await _sums(ctx, node, shown, codes, month_on),
        needs=await _needs(ctx, nodes, codes, lang) if _may_read_needs(actor, facts) else None,
    )


def _may_read_needs(actor: Actor, facts: Facts) -> bool:
    try:
        sees(actor, "PlaceNeeds", facts)
    except NotFound:
        return False
    return True


async def _above(ctx: Context, actor: Actor, node: Area) -> tuple[Area, ...]:
    """The places between this one and the highest that the reader looks after, the highest first."""
    tops = [place.path for places in actor.reach.values() for place in places]
    paths = [path for path in paths_above(node.path)[:-1] if any(below(path, top) for top in tops)]
    found = [await areas.area_at(ctx.engine, path) for path in paths]
    return tuple(one for one in found if one is not None)


async def _sums(
    ctx: Context, node: Area, shown: Sequence[Area], codes: Sequence[str], month_on: date
) -> tuple[SumBelow, ...]:
    paths = [one.path for one in shown]
    # Where several communities lie below, the one that asks for most people decides.
    least = max((ctx.policy_of(code).public.people_min for code in codes), default=PEOPLE_MIN)
    members, asking, minutes = await _counted(ctx, node, codes, month_on)
    people_below = roll_up(members, paths, people_min=least)
    asking_below = roll_up(asking, paths, people_min=least)
    minutes_below = roll_up(minutes, paths, people_min=least)
    return tuple(
        _row(one, node, at, people_below, asking_below, minutes_below) for at, one in enumerate(shown)
    )


def _row(
    one: Area, node: Area, at: int, people_below: Sequence[Sum], asking: Sequence[Sum], minutes: Sequence[Sum]
) -> SumBelow:
    return SumBelow(
        code=one.code,
        name=one.name,
        kind=one.kind,
        depth=one.path.count("/") - node.path.count("/"),
        people=people_below[at].people,
        asking=asking[at].amount,
        minutes=minutes[at].amount,
    )


async def _counted(
    ctx: Context, node: Area, codes: Iterable[str], month_on: date
) -> tuple[list[Counted], list[Counted], list[Counted]]:
    """(everybody on record, everybody who asks with how many open needs, everybody who gave this month) by place."""
    path_of = await people.paths_below(ctx.engine, node.path)
    members = [Counted(path=path, person=uid, amount=1) for uid, path in path_of.items()]
    asking: list[Counted] = []
    minutes: list[Counted] = []
    starts, before = _month(ctx, month_on)
    for code in codes:
        owned: dict[str, int] = {}
        for need in await lists.needs(ctx.engine, code):
            owned[need.owner] = owned.get(need.owner, 0) + 1
        asking += [
            Counted(path=path_of[uid], person=uid, amount=count)
            for uid, count in owned.items()
            if uid in path_of
        ]
        given = await totals.given(ctx.engine, code, starts_from=starts, starts_before=before)
        minutes += [
            Counted(path=path_of[one.member], person=one.member, amount=one.minutes)
            for one in given
            if one.member in path_of
        ]
    return members, asking, minutes


def _month(ctx: Context, month_on: date) -> tuple[datetime, datetime]:
    following = (month_on + timedelta(days=32)).replace(day=1)
    return (
        datetime.combine(month_on, time.min, tzinfo=ctx.zone),
        datetime.combine(following, time.min, tzinfo=ctx.zone),
    )


async def _needs(
    ctx: Context, nodes: Sequence[Area], codes: Iterable[str], lang: str
) -> tuple[NeedBelow, ...]:
    """Open needs whose place or whose asker's home is one of the nodes, the oldest first."""
    by_code = {one.code: one for one in nodes}
    by_name = {(one.community, one.name): one for one in nodes}
    found: list[tuple[Need, Area]] = []
    for code in codes:
        needs = await lists.needs(ctx.engine, code)
        homes = await people.areas_of(ctx.engine, [need.owner for need in needs])
        for need in needs:
            home = by_code.get(homes.get(need.owner, "")) or by_name.get((code, need.place.grid))
            if home is None and code in by_code:
                home = by_code[code]
            if home is not None:
                found.append((need, home))
    tree = default_tree()
    return tuple(
        NeedBelow(
            category=tree.label(need.categories[0], "en" if lang == "en" else "zh")
            if need.categories and need.categories[0] in tree.categories
            else "",
            place=home.name,
            when=need.when,
            urgent=need.urgency.value == "urgent",
            filed_on=need.filed_on,
        )
        for need, home in found
    )
