"""How far the week's needs and helpers are from each other, from the tree of places and the minutes its office wrote down.

Where somebody lives is private: the planner gets codes of places, and no sentence of a plan repeats them. Minutes that are
known between two grids count for every two doors in them, unless more is known of the doors; two doors of which nothing
tells them apart are no walk apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from marketplace.names import name_key
from marketplace.planning import TravelTimes
from marketplace.values import Need, Resource
from timebank.context import Context
from timebank.rules.places.areas import below, paths_above
from timebank.store.members import people
from timebank.store.places import areas
from timebank.store.places.areas import Area, WayOnFoot
from timebank.store.relations import organisations

BUILDING = "building"
"""The kind of place that the planner's rule on one's own building means."""

Minutes = Mapping[tuple[str, str], int]


async def travel_times(
    ctx: Context, community: str, needs: Sequence[Need], resources: Sequence[Resource]
) -> TravelTimes:
    """Spots of these needs and helpers, and the minutes between them as far as the office knows any."""
    node = await areas.area(ctx.engine, community)
    if node is None:
        return TravelTimes()
    ways = await areas.ways(ctx.engine, node.path)
    places = {one.code: one for one in await areas.areas(ctx.engine, community)}
    at_path = {one.path: one for one in places.values()}
    owners = [*(one.owner for one in needs), *(one.owner for one in resources)]
    homes = {
        uid: door(place, at_path)
        for uid, code in (await people.areas_of(ctx.engine, owners)).items()
        if (place := places.get(code)) is not None and code != community
    }
    bodies = await _bodies(ctx, community, resources, places)
    named = by_name(places.values())
    need_spots = {
        need.line_key: found
        for need in needs
        if (found := need_at(need, homes.get(need.owner), named)) is not None
    }
    resource_spots = {
        resource.owner: found
        for resource in resources
        if (found := homes.get(resource.owner) or bodies.get(resource.owner)) is not None
        and not (resource.same_building and found.kind != BUILDING)
    }
    return TravelTimes(
        spots={key: place.code for key, place in (need_spots | resource_spots).items()},
        minutes=minutes_between(need_spots.values(), resource_spots.values(), ways, at_path) if ways else {},
    )


async def _bodies(
    ctx: Context, community: str, resources: Sequence[Resource], places: Mapping[str, Area]
) -> dict[str, Area]:
    """Owner -> the place of the team or unit that owns a line; one at the community's own place is anywhere."""
    known = await organisations.organisations_by_code(ctx.engine, [one.owner for one in resources])
    return {
        code: places[body.area]
        for code, body in known.items()
        if body.area in places and body.area != community
    }


def door(place: Area, at_path: Mapping[str, Area]) -> Area:
    """The building of an entrance, else the place itself: nobody walks within a building."""
    above = (at_path.get(path) for path in paths_above(place.path))
    return next((one for one in above if one is not None and one.kind == BUILDING), place)


def by_name(places: Iterable[Area]) -> dict[str, list[Area]]:
    """Places by what they are called; several may go by one name."""
    found: dict[str, list[Area]] = {}
    for place in places:
        found.setdefault(name_key(place.name), []).append(place)
    return found


def need_at(need: Need, home: Area | None, places: Mapping[str, Sequence[Area]]) -> Area | None:
    """Where the visit is: the grid that the line names, more exactly the asker's home when it lies there.

    None when neither says more than the whole community.

    Args:
        places: as `by_name` gives them.
    """
    named = places.get(name_key(need.place.grid), ()) if need.place.grid else ()
    if len(named) != 1:
        return home
    return home if home and below(home.path, named[0].path) else named[0]


def minutes_between(
    needs: Iterable[Area], resources: Iterable[Area], ways: Sequence[WayOnFoot], at_path: Mapping[str, Area]
) -> dict[tuple[str, str], int]:
    """Minutes from each need's place to every other one, and from each helper's to each need's, as far as known.

    Places that the same known places lie above are one case, so that hundreds of doors cost a few look-ups.
    """
    known: dict[tuple[str, str], int] = {}
    for way in ways:
        known[way.area_a, way.area_b] = known[way.area_b, way.area_a] = way.minutes
    told_of = {code for pair in known for code in pair}

    def line(place: Area) -> tuple[str, ...]:
        above = (at_path.get(path) for path in reversed(paths_above(place.path)))
        return tuple(one.code for one in above if one is not None and one.code in told_of)

    there: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    here: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for place in needs:
        there[line(place)].add(place.code)
        here[line(place)].add(place.code)
    for place in resources:
        here[line(place)].add(place.code)
    found: dict[tuple[str, str], int] = {}
    for one, ones in here.items():
        for other, others in there.items():
            minutes = _nearest(one, other, known)
            if minutes is not None:
                found |= {(a, b): minutes for a in ones for b in others if a != b and (b, a) not in found}
    return found


def _nearest(one: Sequence[str], other: Sequence[str], known: Minutes) -> int | None:
    """Minutes of the most exact pair that is known, places themselves before what stands above them; None for none.

    Where the nearest they have is the same place above both, nothing tells them apart.
    """
    pairs = sorted(
        ((i + j, here, there) for i, here in enumerate(one) for j, there in enumerate(other)),
        key=lambda pair: pair[0],
    )
    return next(
        (known.get((here, there), 0) for _n, here, there in pairs if here == there or (here, there) in known),
        None,
    )
