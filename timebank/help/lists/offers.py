"""A partner unit's own part: what it offers, what it asks for, what it gave, and what it could do this month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.claims import Side, Stage
from marketplace.lists.reading import line_key
from marketplace.planning import PlanContext, Suggestion, suggest_for
from marketplace.quantities import HELPERS, Counting, Offered, counting, read_quantity
from marketplace.times import read_when, with_notice
from marketplace.values import Activity, Calendar, Need, Resource, Week
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import BadField, BadFields, NotFound, Stale
from timebank.help.lists import cards
from timebank.help.promises.seen import Promise, promises
from timebank.rules.parts.promises import WITHOUT_A_WORD
from timebank.store.help import services, totals
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.store.places import calendars
from timebank.store.relations import organisations
from timebank.store.relations.organisations import UNIT, Organisation

KINDS = ("people", "place", "equipment", "vehicle", "meals", "goods", "funds")
SUGGESTIONS = 3
DAYS_SHOWN = 14
_OFFERED = {"place": Offered.PLACE, "meals": Offered.MEALS, "vehicle": Offered.VEHICLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a unit writes about one thing it can give, in its own words."""

    title: str
    when: str = ""
    quantity: str = ""
    kind: str = "people"
    conditions: str = ""
    contact: str = ""
    reach: str = ""
    free: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHome:
    """Everything on a unit's page.

    Attributes:
        paused: keys of own resources that are off the list for now.
        minutes_given, people_helped: of this month, confirmed.
        could_do: the open needs this unit fits best, with reasons.
        turns: (activity, what the list says about the unit's turn).
        activities: the whole activities list, for the names of turns.
        agreed: what the unit has agreed to and is not long over, the next first.
    """

    unit: Organisation
    resources: tuple[Resource, ...]
    paused: frozenset[str]
    needs: tuple[Need, ...]
    minutes_given: int
    people_helped: int
    could_do: tuple[Suggestion, ...]
    turns: tuple[tuple[Activity, str], ...]
    activities: tuple[Activity, ...]
    agreed: tuple[Promise, ...] = ()


async def unit_of(ctx: Context, actor: Actor, operation: str, code: str = "") -> Organisation:
    """The unit the person speaks for: the one named, else their first.

    Raises:
        NotFound: no such unit, or they do not speak for it.
    """
    known = await organisations.organisations(ctx.engine, actor.community, UNIT)
    wanted = code or next((row.code for row in known if row.code in actor.units), "")
    unit = next((row for row in known if row.code == wanted), None)
    if unit is None:
        raise NotFound()
    sees(actor, operation, Facts(community=unit.community, unit=unit.code))
    return unit


async def unit_home(ctx: Context, actor: Actor, code: str = "", lang: str = "zh-CN") -> UnitHome:
    """The unit's page; NotFound when the person speaks for no such unit."""
    unit = await unit_of(ctx, actor, "UnitHome", code)
    community, code = actor.community, unit.code
    mine = await lists.resources(ctx.engine, community, open_only=False, owner=code)
    opened = await lists.resources(ctx.engine, community, owner=code)
    needs = await lists.needs(ctx.engine, community)
    activities = await lists.activities(ctx.engine, community)
    first = datetime.combine(ctx.today().replace(day=1), time.min, tzinfo=ctx.zone)
    minutes, people = await totals.helped_by_unit(
        ctx.engine, community, unit.code, starts_from=first, starts_before=first + timedelta(days=32)
    )
    open_keys = {one.line_key for one in opened}
    claimed = await lists.claims(ctx.engine, community, side=Side.NEED, claimant=code, stages=(Stage.OPEN,))
    asked_for = {one.line_key for one in claimed}
    return UnitHome(
        unit=unit,
        resources=mine,
        paused=frozenset(one.line_key for one in mine) - open_keys,
        needs=tuple(need for need in needs if need.source == "unit" and need.owner == code),
        minutes_given=minutes,
        people_helped=people,
        could_do=could_do(
            ctx,
            opened,
            [need for need in needs if need.owner != code and need.line_key not in asked_for],
            calendar=await calendars.calendar_of(ctx.engine, community, ctx.today()),
        ),
        turns=turns_of(await organisations.names_of(ctx.engine, code), activities),
        activities=activities,
        agreed=await _agreed(ctx, actor, unit, lang),
    )


async def _agreed(ctx: Context, actor: Actor, unit: Organisation, lang: str) -> tuple[Promise, ...]:
    """Services the unit has promised, from a fortnight back on; what is settled and over is left out."""
    found = await services.services(
        ctx.engine, unit.community, unit=unit.code, starts_from=ctx.now() - timedelta(days=DAYS_SHOWN)
    )
    seen = await promises(ctx, actor, found, lang=lang)
    return tuple(one for one in seen if one.service.ends_at > ctx.now() or one.standing in WITHOUT_A_WORD)


def could_do(
    ctx: Context, offered: Iterable[Resource], needs: Iterable[Need], *, calendar: Calendar
) -> tuple[Suggestion, ...]:
    """The open needs of the coming four weeks that these resources fit best, each with its reasons."""
    resources = list(offered)
    if not resources:
        return ()
    week = Week.of(ctx.today())
    weeks = [Week.of(week.monday_on + timedelta(weeks=ahead)) for ahead in range(cards.WEEKS_AHEAD + 1)]
    tree = default_tree()
    context = PlanContext(
        now=ctx.now().astimezone(ctx.zone),
        calendar=calendar,
        zone=ctx.zone,
        parents={one.code: one.parent for one in tree.categories.values() if one.parent},
    )
    return suggest_for(resources, list(needs), weeks=weeks, context=context, k=SUGGESTIONS)


def turns_of(names: Iterable[str], activities: Iterable[Activity]) -> tuple[tuple[Activity, str], ...]:
    """Activities that a unit of these names leads, or will lead as the list says (12月轮值:实验小学)."""
    called = tuple(names)
    led = [(one, any(name in one.rota for name in called)) for one in activities]
    return tuple(
        (activity, activity.rota if later else "")
        for activity, later in led
        if later or activity.lead in called
    )


async def read_offer(ctx: Context, unit: Organisation, offer: Offer) -> Resource:
    """The offer as a line of the resources list, its time and quantity read; questions stay on it."""
    tree = default_tree()
    calendar = await calendars.calendar_of(ctx.engine, unit.community, ctx.today())
    when = read_when(offer.when, filed_on=ctx.today(), calendar=calendar, zone=ctx.zone)
    notice = read_when(offer.conditions, filed_on=ctx.today()).notice_days if offer.conditions else 0
    return Resource(
        line_key=line_key("resources", [unit.name, offer.title]),
        title=offer.title,
        owner=unit.code,
        owner_kind="unit",
        owner_type=unit.subkind,
        kind=offer.kind,
        categories=tree.of_resource("", offer.title),
        when=with_notice(when, notice),
        quantity=read_quantity(offer.quantity, _counting(offer.kind)),
        reach=offer.reach,
        conditions=offer.conditions,
        contact=offer.contact,
        free=offer.free,
    )


async def save_offer(
    ctx: Context,
    actor: Actor,
    offer: Offer,
    *,
    unit: str = "",
    key: str = "",
    sure: bool = False,
    was: Resource | None = None,
) -> Resource:
    """The unit's offer on the list, new or changed.

    Args:
        key: the line that is changed; a new one when left out.
        sure: the unit has seen our reading of time and quantity and says that it is right.
        was: the line that the change was made on, to be changed only while it is so; None for any.

    Raises:
        NotFound: not a unit or line of this person's; BadFields: something is doubtful and nobody has said yes yet;
        Stale: the line is not `was` any more.
    """
    async with ctx.engine.atomic():
        body = await unit_of(ctx, actor, "SaveUnitResource", unit)
        line = await read_offer(ctx, body, offer)
        if doubts := doubts_of(line):
            if not sure:
                raise BadFields(doubts)
            line = replace(line, when=line.when.confirmed(), quantity=replace(line.quantity, question=None))
        if key:
            await one_at_a_time(ctx.engine, f"resource:{actor.community}:{key}")
            before = await own_offer(ctx, actor, key, unit=unit)
            if was is not None and before != was:
                raise Stale()
        line = replace(line, line_key=key or await _free_key(ctx, body, line))

        if key:
            await lists.edit_resource(ctx.engine, actor.community, line, at=ctx.now())
        else:
            await lists.save_resources(ctx.engine, actor.community, [line], at=ctx.now())
            await lists.reopen_line(ctx.engine, actor.community, "resource", line.line_key, at=ctx.now())
        await audit.note(ctx, actor, "save_offer", object=line.line_key)
    return line


def doubts_of(line: Resource) -> tuple[BadField, ...]:
    """What a person must look at before the line can be planned with."""
    asked = (("when", line.when.question), ("quantity", line.quantity.question))
    return tuple(BadField(one.zh, one.en, field=name) for name, one in asked if one is not None)


async def pause_offer(ctx: Context, actor: Actor, key: str, *, unit: str = "") -> bool:
    """Take an own line off the list, or put it back; True when it is on the list now."""
    async with ctx.engine.atomic():
        body = await unit_of(ctx, actor, "PauseUnitResource", unit)
        await _own_line(ctx, actor, body, key)
        paused = await lists.close_line(ctx.engine, actor.community, "resource", key, at=ctx.now())
        if not paused:
            await lists.reopen_line(ctx.engine, actor.community, "resource", key, at=ctx.now())
        await audit.note(ctx, actor, "pause_offer" if paused else "resume_offer", object=key)
    return not paused


async def own_offer(ctx: Context, actor: Actor, key: str, *, unit: str = "") -> Resource:
    """An own line with its contact, for editing."""
    body = await unit_of(ctx, actor, "EditUnitResource", unit)
    await _own_line(ctx, actor, body, key)
    found = await lists.resource_private(ctx.engine, actor.community, key)
    assert found is not None
    return found


async def _free_key(ctx: Context, unit: Organisation, line: Resource) -> str:
    """The key under which the unit's list would bring the line; one of its own where another unit of that name has it."""
    known = await lists.resource(ctx.engine, unit.community, line.line_key)
    if known is None or known.owner == unit.code:
        return line.line_key
    return line_key("resources", [unit.code, line.title])


async def _own_line(ctx: Context, actor: Actor, unit: Organisation, key: str) -> Resource:
    found = await lists.resource(ctx.engine, actor.community, key)
    if found is None or found.owner != unit.code:
        raise NotFound()
    return found


def _counting(kind: str) -> Counting:
    """What a number in the form of an offer counts: people who help, seats of a place, meals, things."""
    if kind == "people":
        return HELPERS
    return counting("resources", "quantity", _OFFERED.get(kind, Offered.GOODS))
