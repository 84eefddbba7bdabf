"""The funnel of a community: one function gives the figures of page, programs and workbook, one condition their lists.

registered  on record as ready to help, and neither left, died nor joined to another record
docked      of those: tied to a team, a unit, a post or a pair today, or with a claim that stands, or placed
placed      of those: with a post or a pair in force, or a part in a service that was not called off; people, not posts
active      of those: who served at least once in the last `ACTIVE_DAYS` days

Source: 「注册8723人，已对接6542人，安排岗位3271人」, a development zone's report of June 2022, counts people at every stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from marketplace.names import name_key
from marketplace.phones import read_phone
from marketplace.text import narrowed
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Catalogue
from timebank.context import Context
from timebank.errors import NotFound
from timebank.store.office import funnel
from timebank.store.office.funnel import Measure, Person, Source, Stage
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.places.areas import Area
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT, Organisation

ACTIVE_DAYS = 90
"""A quarter: points are settled and units report by the quarter, so who served within one is seen in its report."""
PEOPLE_ON_PAGE = 50
DOCKING = frozenset({"team", "unit", "post", "pair"})
PLACING = frozenset({"post", "pair"})
"""Groups of the catalogue's kinds that dock and that place somebody."""
_TAIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Of whom the figures speak: code of a place, of an organisation, and a list; "" for all."""

    area: str = ""
    team: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many people stand at a stage.

    Attributes:
        per_mille: of those registered, rounded half up; 0 when nobody is.
    """

    stage: Stage
    people: int
    per_mille: int

    @property
    def percent(self) -> str:
        """With one decimal, as page, programs and workbook say it."""
        return f"{self.per_mille // 10}.{self.per_mille % 10}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """The four figures, and what they can be narrowed to."""

    narrowed: Narrowing
    figures: tuple[Figure, ...]
    areas: tuple[Area, ...]
    bodies: tuple[Organisation, ...]
    sources: tuple[Source, ...]

    def people(self, stage: Stage) -> int:
        return next(one.people for one in self.figures if one.stage is stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a stage's people.

    Attributes:
        figure: the number that was opened. following: where the next page begins, "" for nowhere.
    """

    funnel: Funnel
    figure: Figure
    people: tuple[Person, ...]
    following: str = ""


async def show_funnel(ctx: Context, actor: Actor, narrowing: Narrowing) -> Funnel:
    """The funnel of the desk's community.

    Raises:
        NotFound: no such place, organisation or list here.
    """
    sees(actor, "ShowFunnel", Facts(community=actor.community))
    return await _funnel(ctx, actor.community, narrowing)


async def stage_people(
    ctx: Context, actor: Actor, stage: str, narrowing: Narrowing, *, after: str = "", typed: str = ""
) -> Listed:
    """Who stands behind a figure, page by page or found by name, number, phone or its last four digits.

    Raises:
        NotFound: no such stage, place, organisation or list here.
    """
    sees(actor, "FunnelPeople", Facts(community=actor.community))
    if stage not in {one.value for one in Stage}:
        raise NotFound()
    shown = await _funnel(ctx, actor.community, narrowing)
    figure = next(one for one in shown.figures if one.stage == stage)
    measure = await _measure(ctx, actor.community, narrowing)
    if typed.strip():
        measure = _looking_for(measure, typed)
    found = await funnel.people(
        ctx.engine, figure.stage, measure, after=_place(after), limit=PEOPLE_ON_PAGE + 1
    )
    page = tuple(found[:PEOPLE_ON_PAGE])
    more = len(found) > PEOPLE_ON_PAGE
    return Listed(
        funnel=shown,
        figure=figure,
        people=page,
        following=f"{page[-1].number or '~'}:{page[-1].uid}" if more else "",
    )


async def download(
    ctx: Context, actor: Actor, narrowing: Narrowing
) -> tuple[Funnel, dict[Stage, list[Person]]]:
    """The figures with everybody behind each; that they were taken is noted."""
    sees(actor, "DownloadFunnel", Facts(community=actor.community))
    shown = await _funnel(ctx, actor.community, narrowing)
    measure = await _measure(ctx, actor.community, narrowing)
    lists = {stage: await funnel.people(ctx.engine, stage, measure) for stage in Stage}
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "download_funnel", object=actor.community)
    return shown, lists


async def for_outside(
    ctx: Context, actor: Actor, narrowing: Narrowing
) -> tuple[Funnel, frozenset[Stage], int]:
    """(the figures, those that are shown to nobody outside, how many people must stand behind one); noted as taken."""
    sees(actor, "DownloadFunnel", Facts(community=actor.community))
    shown = await _funnel(ctx, actor.community, narrowing)
    least = ctx.policy_of(actor.community).public.people_min
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "download_funnel", object=actor.community, reason="outside")
    return shown, too_few(shown.figures, people_min=least), least


def too_few(figures: Sequence[Figure], *, people_min: int) -> frozenset[Stage]:
    """Stages whose figure would tell of fewer than `people_min` people, by itself or by what it leaves of the one before.

    Whoever is placed is docked too: forty of forty-two says of two people that they are not.
    """
    hidden: set[Stage] = set()
    before = 0
    for one in figures:
        if 0 < one.people < people_min or 0 < before - one.people < people_min:
            hidden.add(one.stage)
        else:
            before = one.people
    return frozenset(hidden)


async def _funnel(ctx: Context, community: str, narrowing: Narrowing) -> Funnel:
    measure = await _measure(ctx, community, narrowing)
    counted = {stage: await funnel.count(ctx.engine, stage, measure) for stage in Stage}
    registered = counted[Stage.REGISTERED]
    bodies = [
        one for one in await organisations.organisations(ctx.engine, community) if one.kind in (TEAM, UNIT)
    ]
    places = [one for one in await areas.areas(ctx.engine, community) if one.code != community]
    grids = [one for one in places if one.kind != "building"]
    return Funnel(
        narrowed=narrowing,
        figures=tuple(
            Figure(stage=stage, people=people, per_mille=share(people, registered))
            for stage, people in counted.items()
        ),
        areas=tuple(grids),
        bodies=tuple(bodies),
        sources=tuple(await funnel.sources(ctx.engine, community)),
    )


def share(people: int, registered: int) -> int:
    """Per mille, rounded half up; 0 of nobody."""
    return (2000 * people + registered) // (2 * registered) if registered else 0


async def _measure(ctx: Context, community: str, narrowing: Narrowing) -> Measure:
    catalogue = ctx.catalogue_of(community)
    begins_on = ctx.today() - timedelta(days=ACTIVE_DAYS)
    measure = Measure(
        community=community,
        docking=_kinds(catalogue, DOCKING),
        placing=_kinds(catalogue, PLACING),
        on=ctx.today(),
        active_from=datetime.combine(begins_on, time.min, tzinfo=ctx.zone),
        team=narrowing.team,
        source=narrowing.source,
    )
    if narrowing.area:
        place = await areas.area(ctx.engine, narrowing.area)
        if place is None or place.community != community:
            raise NotFound()
        measure = replace(measure, area=place.path)
    if narrowing.team:
        bodies = await organisations.organisations(ctx.engine, community)
        if narrowing.team not in {one.code for one in bodies}:
            raise NotFound()
    if narrowing.source:
        known = await funnel.sources(ctx.engine, community)
        if narrowing.source not in {one.source for one in known}:
            raise NotFound()
    return measure


def _kinds(catalogue: Catalogue, groups: frozenset[str]) -> list[str]:
    return sorted(kind.code for kind in catalogue.relationships.values() if kind.group in groups)


def _looking_for(measure: Measure, typed: str) -> Measure:
    """What was typed in every way it can be meant; widths, spaces and dots do not count."""
    word = narrowed(typed)
    digits = word.replace(" ", "").replace("-", "")
    if digits.removeprefix("+").isdecimal():
        number = read_phone(word).number or digits
        return replace(measure, number=number, tail=digits if len(digits) == _TAIL else "")
    # Signs alone find nobody: no key of a name holds any.
    return replace(measure, key=name_key(word) or "-")


def _place(after: str) -> tuple[str, str] | None:
    number, _mark, uid = after.rpartition(":")
    return (number, uid) if number and uid else None
