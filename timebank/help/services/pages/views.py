"""What the pages of services show: each function loads, asks `sees` first, and gives back plain values to render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from marketplace import store as lists
from timebank.access import Actor, Facts, Role, Sees, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.promises.seen import Promise, offered, promises
from timebank.help.services.loading import GONE, assigned_to, facts_of, may_join
from timebank.help.services.rolls import AHEAD, COMING, JUST_OVER, Row, rows_of
from timebank.rules.parts.arrival import arrival_code
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.rules.parts.promises import Standing
from timebank.rules.people.readings import Why
from timebank.store.channels import news
from timebank.store.help import services, totals
from timebank.store.help.services import ReasonRow
from timebank.store.members import people, phones
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.relations import organisations, rosters

MAY_GO_SHOWN = 50
"""People to choose from in one list; anybody else is named."""

DAYS_TOLD = 31
SETTLED = frozenset({
    Standing.POSTED, Standing.CORRECTED, Standing.OFF_DATE, Standing.OFF_SERIES, Standing.OFF_RAIN, Standing.MOVED,
    Standing.DID_NOT,
})  # fmt: skip
OWN_ENDS = frozenset({Standing.CANNOT, Standing.SWAPPED, Standing.DECLINED})
WAITING = (State.CHECKED_OUT, State.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCard:
    """Whom to help, where exactly and what to know; for those that `sees` lets read it.

    Attributes:
        words: what was asked for, as the person said it; "" where the title of the service says it all.
    """

    name: str = ""
    called: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    health_note: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MayGo:
    """Somebody who may be sent: how they are called, vest number and skills."""

    uid: str
    says: str
    number: str
    skills: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A service with the part of it that concerns the reader; `more_to_name`: who may go beside those of `may_name`."""

    service: Service
    part: Attendance | None = None
    private: PrivateCard | None = None
    rows: tuple[Row, ...] = ()
    code: str = ""
    reasons: tuple[ReasonRow, ...] = ()
    sees: Sees = Sees.PUBLIC_CARD
    may_name: tuple[MayGo, ...] = ()
    more_to_name: int = 0
    team_name: str = ""
    promise: Promise | None = None
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerHome:
    """A volunteer's own page.

    Attributes:
        told: what is over and still wants a word, of the volunteer or of somebody else.
        asked: places that are free again and for which the volunteer was asked.
    """

    now_on: Card | None
    later: tuple[Card, ...]
    told: tuple[Promise, ...]
    asked: tuple[Promise, ...]
    waiting: tuple[tuple[Attendance, Service], ...]
    open_shifts: tuple[tuple[Service, int], ...]
    minutes_stored: int
    me: people.Card


async def volunteer_home(ctx: Context, actor: Actor, lang: str = "zh-CN") -> VolunteerHome:
    """The next service first; then what waits, what can be joined, and the hours in store."""
    sees(actor, "VolunteerHome", Facts(community=actor.community, owners=frozenset({actor.uid})))
    now = ctx.now()
    parts = await services.attendances_of(ctx.engine, actor.uid, states=(*COMING, *WAITING))
    coming = [
        (part, service)
        for part, service in parts
        if part.state in COMING
        and service.state is not ServiceState.CANCELLED
        and service.ends_at > now - JUST_OVER
    ]
    # Where somebody is checked in comes before everything else, and what is over after everything else: whoever forgot to
    # sign out in the morning still finds the afternoon first.
    over = now - timedelta(minutes=ctx.policy_of(actor.community).promise.overrun_minutes)
    coming.sort(
        key=lambda one: (
            one[0].state is not State.CHECKED_IN or one[1].ends_at <= over,
            one[1].ends_at <= now,
            one[1].starts_at,
        )
    )
    seen = await _own_promises(ctx, actor, lang)
    cards = [
        replace(await _own_card(ctx, actor, part, service), promise=seen.get(part.uid))
        for part, service in coming
    ]
    on_cards = {part.uid for part, _service in coming}
    shifts = await services.services(
        ctx.engine,
        actor.community,
        starts_from=now,
        starts_before=now + AHEAD,
        states=(ServiceState.PLANNED,),
    )
    mine = {service.uid for _part, service in coming}
    teams = await rosters.team_codes_of(ctx.engine, actor.uid, ctx.today())
    open_shifts = [one for one in shifts if may_join(one, teams) and one.uid not in mine]
    taken = await totals.taken_by_service(ctx.engine, [one.uid for one in open_shifts])
    free = [(one, one.capacity - taken.get(one.uid, 0)) for one in open_shifts]
    me = (await people.cards(ctx.engine, [actor.uid]))[actor.uid]
    balance = await ctx.book(actor.community).balance(me.account)
    return VolunteerHome(
        now_on=cards[0] if cards else None,
        later=tuple(cards[1:]),
        told=tuple(one for uid, one in seen.items() if uid not in on_cards and _still_told(one, ctx.now())),
        asked=await _asked(ctx, actor, lang),
        waiting=tuple((part, service) for part, service in parts if part.state in WAITING),
        open_shifts=_next_of_each(free),
        minutes_stored=balance.balance,
        me=me,
    )


async def _own_promises(ctx: Context, actor: Actor, lang: str) -> dict[str, Promise]:
    """The volunteer's own parts of the last month and of what comes, by uid of the part, the latest first."""
    since = ctx.now() - timedelta(days=DAYS_TOLD)
    parts = await services.attendances_of(ctx.engine, actor.uid)
    found = [service for _part, service in parts if service.ends_at >= since]
    seen = await promises(ctx, actor, found, lang=lang, of=actor.uid)
    return {one.part.uid: one for one in reversed(seen) if one.part is not None}


def _still_told(one: Promise, now: datetime) -> bool:
    """Whether it stays on the volunteer's page: what is settled a day long, what is open as long as it is."""
    if one.standing in SETTLED:
        return now - one.service.ends_at < timedelta(days=1) or bool(one.undo)
    if one.standing is Standing.SWAPPED and one.service.starts_at > now:
        # Until its hour they can look up that they need not go.
        return True
    return one.standing not in OWN_ENDS or bool(one.undo)


async def _asked(ctx: Context, actor: Actor, lang: str) -> tuple[Promise, ...]:
    """Places that are still free among those for which the volunteer was asked to step in."""
    found = []
    for uid in await news.asked_of(ctx.engine, actor.uid, "stand_in_wanted"):
        service = await services.service(ctx.engine, uid)
        if service is None or service.ends_at <= ctx.now() or service.state is ServiceState.CANCELLED:
            continue
        parts = await services.attendances(ctx.engine, uid)
        free = sum(part.state not in GONE for part in parts) < service.capacity
        if (free or any(part.swap_at for part in parts)) and all(part.member != actor.uid for part in parts):
            found.append(await offered(ctx, service, lang=lang))
    return tuple(found)


def _next_of_each(free: list[tuple[Service, int]]) -> tuple[tuple[Service, int], ...]:
    """The next shift of each kind that has places, so that a daily one does not fill the page."""
    seen: dict[str, tuple[Service, int]] = {}
    for service, left in free:
        if left > 0:
            seen.setdefault(service.title, (service, left))
    return tuple(seen.values())


async def _own_card(ctx: Context, actor: Actor, part: Attendance, service: Service) -> Card:
    seen = sees(actor, "ServiceCard", facts_of(service, assigned=assigned_to(ctx, service, [part])))
    team = await organisations.organisation(ctx.engine, service.team) if service.team else None
    private = await _private(ctx, service) if seen in {Sees.PRIVATE_CARD, Sees.OWN} else None
    if private is not None:
        await looked_at(ctx, actor, [service.recipient], Why.VISIT)
    return Card(
        service=service,
        part=part,
        private=private,
        sees=seen,
        team_name=team.name if team else "",
    )


async def service_card(ctx: Context, actor: Actor, uid: str, lang: str = "zh-CN") -> Card:
    """One service for somebody it concerns; a worker who reads a private card leaves a line in the audit log.

    Raises:
        NotFound: unknown, or none of the reader's business.
    """
    async with ctx.engine.atomic():
        service = await services.service(ctx.engine, uid)
        if service is None:
            raise NotFound()
        parts = await services.attendances(ctx.engine, uid)
        assigned = assigned_to(ctx, service, parts)
        seen = sees(actor, "ServiceCard", facts_of(service, owners=(service.recipient,), assigned=assigned))
        private = await _private(ctx, service) if seen in {Sees.PRIVATE_CARD, Sees.OWN} else None
        if private is not None and actor.has(Role.WORKER) and actor.uid not in assigned:
            await audit.note(ctx, actor, "read_card", object=uid)
    if private is not None:
        why = Why.NEED if actor.has(Role.WORKER) and actor.uid not in assigned else Why.VISIT
        await looked_at(ctx, actor, [service.recipient], why)
    mine = next((part for part in parts if part.member == actor.uid), None)
    team = await organisations.organisation(ctx.engine, service.team) if service.team else None
    # The digits prove that helper and helped met: the helper gets them at the door, not from a page.
    of_shift = seen is Sees.ROSTER and service.kind is Kind.SHIFT
    knows_code = seen is Sees.OWN or of_shift or (actor.has(Role.WORKER) and mine is None)
    may_go = await _may_name(ctx, actor, service, parts)
    return Card(
        service=service,
        part=mine,
        private=private,
        rows=await rows_of(ctx, actor, [part for part in parts if part.state is not State.CANCELLED]),
        code=arrival_code(ctx.settings, uid) if knows_code else "",
        reasons=_reasons(actor, await services.service_reasons(ctx.engine, uid)),
        sees=seen,
        may_name=may_go[:MAY_GO_SHOWN],
        more_to_name=max(0, len(may_go) - MAY_GO_SHOWN),
        team_name=team.name if team else "",
        promises=tuple(await _seen_on_card(ctx, actor, service, mine, lang)),
    )


def _reasons(actor: Actor, kept: Sequence[ReasonRow]) -> tuple[ReasonRow, ...]:
    """Why it was arranged so; what the office wrote about a choice by hand is between those at the desk."""
    if actor.has(Role.WORKER):
        return tuple(kept)
    return tuple(_CHOSEN_BY_HAND if one["code"] == "by_hand" else one for one in kept)


_CHOSEN_BY_HAND = ReasonRow(
    code="by_hand", points=0, zh="社区工作者定的", en="chosen by the community office"
)


async def _seen_on_card(
    ctx: Context, actor: Actor, service: Service, mine: Attendance | None, lang: str
) -> list[Promise]:
    """The service as the reader meets it: by their own part alone where they have one."""
    of = actor.uid if mine is not None and not actor.acting_for else ""
    try:
        return await promises(ctx, actor, [service], lang=lang, of=of)
    except NotFound:
        return []


async def shift_to_join(ctx: Context, actor: Actor, uid: str) -> Service:
    """The shift behind a QR code, for a volunteer of the same community.

    Raises:
        NotFound: no such shift, or a visit.
    """
    service = await services.service(ctx.engine, uid)
    if service is None or service.kind is not Kind.SHIFT:
        raise NotFound()
    sees(actor, "ArrivePage", facts_of(service))
    return service


async def _private(ctx: Context, service: Service) -> PrivateCard:
    exact = await services.service_private(ctx.engine, service.uid)
    person = await people.person(ctx.engine, service.recipient) if service.recipient else None
    rung = await phones.first_phones(ctx.engine, [service.recipient])
    return PrivateCard(
        name=person.name if person else "",
        called=person.says if person else "",
        phone=rung.get(service.recipient, ""),
        address=exact.place_exact or (person.address if person else ""),
        note=exact.note_private,
        health_note=person.health_note if person else "",
        words=await _words(ctx, service),
    )


async def _words(ctx: Context, service: Service) -> str:
    """The need behind it in the words of whoever asked, where its title does not say them already."""
    if not service.need_key:
        return ""
    need = await lists.need_private(ctx.engine, service.community, service.need_key)
    return need.title if need is not None and need.title != service.title else ""


async def _may_name(
    ctx: Context, actor: Actor, service: Service, parts: Sequence[Attendance]
) -> tuple[MayGo, ...]:
    """Whom the reader may send: shown while a place is free and it is the reader's to fill."""
    over = service.state in {ServiceState.DONE, ServiceState.CANCELLED}
    full = sum(part.state not in GONE for part in parts) >= service.capacity
    if over or full:
        return ()
    try:
        sees(actor, "NameHelper", facts_of(service))
    except NotFound:
        return ()
    if service.team:
        rows = await rosters.team_members(ctx.engine, service.team, ctx.today())
    elif service.unit:
        rows = await rosters.contacts_of(ctx.engine, service.unit, ctx.today())
    else:
        rows = await people.roster(ctx.engine, service.community, gives=True)
    here = {part.member for part in parts if part.state not in GONE}
    return tuple(
        MayGo(uid=row.uid, says=row.says, number=row.number, skills=row.skills)
        for row in rows
        if row.uid not in here and row.uid != service.recipient
    )
