"""What the pages of matching show: the plan in words, with people's names where the reader may see them. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from datetime import date, datetime, timedelta

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.planning import Weighed, suggestion_json
from marketplace.planning.documents import (
    MatchDocument,
    PlanDocument,
    ReasonDocument,
    ResourceDocument,
    ShortageDocument,
    SuggestionDocument,
    UnservedDocument,
    WindowDocument,
)
from marketplace.planning.problem.wording import amount
from marketplace.store import Proposal
from marketplace.values import Calendar, Need, Resource, Unit, Week, Window
from timebank.access import Actor, Facts, sees
from timebank.community.plan_stale import plan_stale_since
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.planning.gathering import gather, week_window
from timebank.help.promises.standing_by import InCase, in_case
from timebank.rules.parts.attendance import Service, ServiceState
from timebank.store.help import services
from timebank.store.members import people
from timebank.store.members.people import Card
from timebank.store.places import calendars
from timebank.store.relations import owners as owners_of
from timebank.store.relations import parties

SUGGESTIONS = 5
PEOPLE_SHOWN = 50
"""Volunteers to choose from on one page; anybody else is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason in the reader's language, with its points."""

    text: str
    points: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Who could have come instead, when, and why they did not."""

    who: str
    text: str
    when: Window
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A need that nobody meets, and why; `short_by` in points, None when no line does this kind of thing."""

    key: str
    title: str
    urgent: bool
    quantity: str
    when: Window | None
    why: str
    short_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is missing, in words and in minutes."""

    label: str
    when: Window | None
    amount: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proposal or a suggestion as a slip: what, who, when, why."""

    uid: str
    need_key: str
    title: str
    grid: str
    urgent: bool
    resource_key: str
    who: str
    line: str
    window: Window
    quantity: str
    value: int
    reasons: tuple[Why, ...]
    alternatives: tuple[Other, ...] = ()
    notes: tuple[Why, ...] = ()

    @property
    def starts_at(self) -> datetime:
        return self.window.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.window.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHandSlip:
    """A choice against the plan: what, who, when, why, and what it cost in words."""

    need_key: str
    title: str
    who: str
    window: Window
    reason: str
    said: str

    @property
    def starts_at(self) -> datetime:
        return self.window.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.window.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """One week on one screen; `plan` is the newest plan's document, None before the first.

    `in_case`: of urgent visits that are arranged, uid -> who keeps the hour free.
    """

    week: Week
    offers: tuple[Offer, ...]
    arranged: tuple[Service, ...]
    plan: PlanDocument | None
    unserved: tuple[Unserved, ...]
    shortage: tuple[Gap, ...]
    by_hand: tuple[ByHandSlip, ...]
    waiting_since: int
    changed_since: bool = False
    in_case: Mapping[str, InCase] = filled(default_factory=dict)

    @property
    def before(self) -> str:
        return str(Week.of(self.week.monday_on - timedelta(days=7)))

    @property
    def after(self) -> str:
        return str(Week.of(self.week.monday_on + timedelta(days=7)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """Who could meet one need: the best lines of this week and the next, and everybody else to choose from.

    Attributes:
        near: lines that do this kind of thing, but at other hours: (who, line, their hours in words).
        wished: the next stretch the need itself asks for, None when it names none.
        people: volunteers to choose from, or whoever was looked for; `more`: volunteers beside them.
        picked: the volunteer's line that was chosen on the board, (key, name); None for none.
    """

    need: Need
    offers: tuple[Offer, ...]
    near: tuple[tuple[str, str, str], ...]
    wished: Window | None
    lines: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    more: int = 0
    picked: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a choice by hand costs, in words: the sentence, the rules against it, and who was planned instead."""

    said: str
    against: tuple[str, ...]
    instead_of: tuple[str, ...]


async def price_of(ctx: Context, actor: Actor, weighed: Weighed | None, lang: str) -> Price:
    """A choice beside the plan, as the desk reads it."""
    if weighed is None:
        return Price(
            said="no plan to compare with: they have no line on the list"
            if lang == "en"
            else "没有可比的计划：这一位没有登记能帮的事",
            against=(),
            instead_of=(),
        )
    names = await _volunteers(ctx, actor.community) | await _bodies(ctx, actor.community)
    lines = {one.line_key: one for one in await lists.resources(ctx.engine, actor.community, open_only=False)}
    return Price(
        said=weighed.sentence(lang),
        against=tuple(one.en if lang == "en" else one.zh for one in weighed.broken),
        instead_of=tuple(
            names.get(lines[key].owner, lines[key].title) for key in weighed.instead_of if key in lines
        ),
    )


async def plan_page(ctx: Context, actor: Actor, week: Week, lang: str, operation: str) -> PlanPage:
    """The plan of a week with what is to be answered, what nobody meets, and what is missing."""
    sees(actor, operation, Facts(community=actor.community))
    open_keys = {need.line_key for need in await lists.needs(ctx.engine, actor.community) if not need.becomes}
    stale = await plan_stale_since(ctx, actor.community)
    plan = await lists.latest_plan(ctx.engine, actor.community, week)
    proposed = await lists.proposals(ctx.engine, actor.community, week, stages=("proposed",))
    names = await _volunteers(ctx, actor.community) | await _bodies(ctx, actor.community)
    whole = week_window(ctx, week)
    running = await services.services(
        ctx.engine, actor.community, starts_from=whole.starts_at, starts_before=whole.ends_at
    )
    unserved = tuple(_unserved(one, names, lang) for one in plan["unserved"]) if plan else ()
    arranged = tuple(one for one in running if one.need_key and one.state is not ServiceState.CANCELLED)
    return PlanPage(
        week=week,
        offers=tuple(offer_of(one, names, lang) for one in _still_ahead(ctx, proposed, open_keys)),
        arranged=arranged,
        in_case=await in_case(ctx, actor.community, week, arranged),
        plan=plan,
        unserved=unserved,
        shortage=tuple(_shortage(one, lang) for one in plan["shortage"]) if plan else (),
        by_hand=await _by_hand(ctx, actor.community, week, names, lang),
        waiting_since=len(open_keys - _planned(plan)) if plan else len(open_keys),
        changed_since=bool(plan and stale > str(plan["made_at"])),
    )


async def _by_hand(
    ctx: Context, community: str, week: Week, names: Mapping[str, str], lang: str
) -> tuple[ByHandSlip, ...]:
    needs = {one.line_key: one for one in await lists.needs(ctx.engine, community, open_only=False)}
    lines = {one.line_key: one for one in await lists.resources(ctx.engine, community, open_only=False)}
    return tuple(
        ByHandSlip(
            need_key=one.need_key,
            title=needs[one.need_key].title,
            who=names.get(lines[one.resource_key].owner, lines[one.resource_key].owner),
            window=one.window,
            reason=one.reason,
            said=one.sentence(lang),
        )
        for one in await lists.overrides(ctx.engine, community, week)
        if one.need_key in needs and one.resource_key in lines
    )


async def choose_page(
    ctx: Context,
    actor: Actor,
    key: str,
    lang: str,
    operation: str,
    *,
    look: str = "",
    who: str = "",
    on: date | None = None,
) -> ChoosePage:
    """The best helpers for one need, this week and the next, and whoever could be asked otherwise.

    Args:
        look: a name, a vest number, a phone or its last four digits of somebody to choose.
        who: who is chosen so far, as the form says it; on: the day that is chosen so far, whose week is then looked at.
    """
    need = await lists.need(ctx.engine, actor.community, key)
    if need is None:
        raise NotFound()
    sees(actor, operation, Facts(community=actor.community))
    volunteers = await _volunteers(ctx, actor.community)
    names = volunteers | await _bodies(ctx, actor.community)
    this_week = Week.of(ctx.today())
    offers: list[Offer] = []
    following = Week.of(this_week.sunday_on + timedelta(days=1))
    for week in (Week.of(on),) if on else (this_week, following):
        given = await gather(ctx, actor.community, week)
        suggested = (suggestion_json(one, lang) for one in given.suggest(need, SUGGESTIONS))
        offers.extend(_offer(one, names, lang, uid="", window=_window(one["window"])) for one in suggested)
    found = await parties.find_members(ctx.engine, actor.community, look, PEOPLE_SHOWN) if look else []
    people_there = {card.uid: _called(card) for card in found} if look else volunteers
    to_choose = [(uid, name) for uid, name in people_there.items() if uid != need.owner]
    resources = await lists.resources(ctx.engine, actor.community)
    fitting = {one.resource_key for one in offers}
    return ChoosePage(
        need=need,
        offers=tuple(sorted(offers, key=lambda one: (-one.value, one.window))[:SUGGESTIONS]),
        near=tuple(
            (names.get(one.owner, one.owner), one.title, _hours(one, lang))
            for one in resources
            if one.line_key not in fitting and one.owner != need.owner and _same_kind(need, one)
        )[:SUGGESTIONS],
        wished=_wished(
            ctx, need, this_week, await calendars.calendar_of(ctx.engine, actor.community, ctx.today())
        ),
        lines=tuple(
            (one.line_key, f"{names.get(one.owner, one.owner)} · {one.title}")
            for one in resources
            if one.owner_kind != "volunteer"
        ),
        people=tuple(to_choose[:PEOPLE_SHOWN]),
        picked=next(
            (
                (one.line_key, f"{names.get(one.owner, one.owner)} · {one.title}")
                for one in resources
                if one.owner_kind == "volunteer" and who == f"line:{one.line_key}"
            ),
            None,
        ),
        more=0 if look else max(0, len(to_choose) - PEOPLE_SHOWN),
    )


def _same_kind(need: Need, resource: Resource) -> bool:
    tree = default_tree()
    known = [code for code in need.categories if code in tree.categories]
    return any(
        tree.covers(offered, wanted)
        for wanted in known
        for offered in resource.categories
        if offered in tree.categories
    )


def _hours(resource: Resource, lang: str) -> str:
    return (resource.when.said_en if lang == "en" else resource.when.said_zh) or resource.when.phrase


def _wished(ctx: Context, need: Need, week: Week, calendar: Calendar) -> Window | None:
    """The first stretch still ahead that the need asks for, this week or the next."""
    following = Week.of(week.sunday_on + timedelta(days=1))
    windows = [
        window for one in (week, following) for window in need.when.windows_in(one, calendar, zone=ctx.zone)
    ]
    return next((window for window in windows if window.starts_at > ctx.now()), None)


async def own_offers(ctx: Context, actor: Actor, lang: str) -> tuple[Offer, ...]:
    """Proposals on the lines that are this person's, their team's or their unit's: public cards of the needs."""
    owners = {actor.uid} | actor.units | actor.teams
    own = {
        one.line_key
        for owner in sorted(owners)
        for one in await lists.resources(ctx.engine, actor.community, owner=owner)
    }
    proposed = await lists.proposals(ctx.engine, actor.community, stages=("proposed",))
    open_keys = {need.line_key for need in await lists.needs(ctx.engine, actor.community)}
    return tuple(
        offer_of(one, {}, lang) for one in _still_ahead(ctx, proposed, open_keys) if one.resource_key in own
    )


def _still_ahead(ctx: Context, proposed: Iterable[Proposal], open_keys: set[str]) -> list[Proposal]:
    """Proposals that can still be said yes to: the hour is not over and nobody else has settled the need."""
    return [one for one in proposed if one.need_key in open_keys and one.window.ends_at > ctx.now()]


def offer_of(one: Proposal, names: Mapping[str, str], lang: str) -> Offer:
    """A proposal as a slip, in the reader's language."""
    kept = one.document
    others = tuple(
        Other(
            who=_who(other["resource"], names),
            text=_in(other["reason"], lang),
            when=_window(other["window"]),
            value=other["value"],
        )
        for other in kept.get("alternatives", [])[:1]
    )
    return _offer(
        kept,
        names,
        lang,
        uid=one.uid,
        window=one.window,
        alternatives=others,
        notes=_said(kept.get("notes", []), lang),
    )


def _offer(
    document: MatchDocument | SuggestionDocument,
    names: Mapping[str, str],
    lang: str,
    *,
    uid: str,
    window: Window,
    alternatives: tuple[Other, ...] = (),
    notes: tuple[Why, ...] = (),
) -> Offer:
    need, resource = document["need"], document["resource"]
    return Offer(
        uid=uid,
        need_key=need["key"],
        title=need["title"],
        grid=need.get("grid", ""),
        urgent=need.get("urgency") == "urgent",
        resource_key=resource["key"],
        who=_who(resource, names),
        line=resource["title"],
        window=window,
        quantity=_quantity(document, lang),
        value=document["value"],
        reasons=_said(document["reasons"], lang),
        alternatives=alternatives,
        notes=notes,
    )


def _window(document: WindowDocument) -> Window:
    return Window(datetime.fromisoformat(document["starts_at"]), datetime.fromisoformat(document["ends_at"]))


def _quantity(document: SuggestionDocument | UnservedDocument, lang: str) -> str:
    """How much, in words; nothing for a single visit, which goes without saying."""
    if document["quantity"] == 1:
        return ""
    return amount(document["quantity"], Unit(document["unit"]), lang)


def _said(reasons: Iterable[ReasonDocument], lang: str) -> tuple[Why, ...]:
    return tuple(Why(text=_in(one, lang), points=one["points"], code=one["code"]) for one in reasons)


def _in(reason: ReasonDocument, lang: str) -> str:
    return reason["en"] if lang == "en" else reason["zh"]


def _who(resource: ResourceDocument, names: Mapping[str, str]) -> str:
    """The owner's name; a line carries an opaque code, which the desk reads as a name."""
    return names.get(resource["owner"], resource["owner"])


def _unserved(one: UnservedDocument, names: Mapping[str, str], lang: str) -> Unserved:
    why = _in(one["reason"], lang)
    for owner, name in names.items():
        if owner:  # the office's own lines have none
            why = why.replace(owner, name)
    return Unserved(
        key=one["need"]["key"],
        title=" · ".join(filter(None, (one["need"]["title"], one["need"].get("grid", "")))),
        urgent=one["need"]["urgency"] == "urgent",
        quantity=_quantity(one, lang),
        when=_window(one["window"]) if one["window"] else None,
        why=why,
        short_by=one["short_by"],
    )


def _shortage(one: ShortageDocument, lang: str) -> Gap:
    tree = default_tree()
    return Gap(
        label=tree.label(one["category"], lang) if one["category"] in tree.categories else "",
        when=_window(one["window"]) if one["window"] else None,
        amount=amount(one["quantity"], Unit(one["unit"]), lang),
        minutes=one["minutes"],
    )


def _planned(plan: PlanDocument) -> set[str]:
    """Keys of the needs that the plan already looked at."""
    return {one["need"]["key"] for one in (*plan["matches"], *plan["unserved"])} | {
        one["key"] for one in plan["later"]
    }


async def _bodies(ctx: Context, community: str) -> dict[str, str]:
    """What every owner that is no person is called."""
    offered = await lists.resources(ctx.engine, community, open_only=False)
    bodies = {one.owner for one in offered if one.owner_kind != "volunteer"}
    return await owners_of.names_of_bodies(ctx.engine, community, bodies)


async def _volunteers(ctx: Context, community: str) -> dict[str, str]:
    found = await people.roster(ctx.engine, community, gives=True)
    return {card.uid: _called(card) for card in found}


def _called(card: Card) -> str:
    return " ".join(part for part in (card.says, card.number) if part)
