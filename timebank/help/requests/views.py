"""What the pages of asking for help show: loaded after `access.sees` said so, and shaped for the template. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from marketplace import store as lists
from marketplace.public_words import public_need
from marketplace.values import Need, Urgency, Week
from timebank.access import Actor, Facts, Role, sees
from timebank.community.relating import lapse_once_a_day
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.promises.needs import NeedPromise, need_promise
from timebank.help.promises.pressing import pressing_promises
from timebank.help.promises.seen import Promise, promises
from timebank.help.requests.asking import due_on, step_of
from timebank.news.sheet import Sheet, sheet
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State
from timebank.rules.parts.promises import WITHOUT_A_WORD, Standing
from timebank.rules.people.readings import Why, why_of
from timebank.rules.telling.news import OF_CARD
from timebank.store.channels import news
from timebank.store.help import lines, services
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.places import calendars
from timebank.store.relations import organisations
from timebank.store.relations.owners import names_of_owners

LIVE = (ServiceState.PLANNED, ServiceState.UNDER_WAY)
GREETING, NOON = "greeting", time(12)
WEEKS_TO_A_TURN = 6
"""Within so many weeks even a monthly need comes again."""
DUE_SHOWN = 4
CALLS_SHOWN = 4
DAYS_OPEN = 31
"""So far back a promise without a word stands on the elder's first page."""
TOLD_FOR_A_DAY = frozenset({
    Standing.POSTED, Standing.CORRECTED, Standing.OFF_DATE, Standing.OFF_SERIES, Standing.OFF_RAIN, Standing.MOVED,
    Standing.DID_NOT, Standing.UNFILLED,
})  # fmt: skip
NOT_TOLD = frozenset({Standing.CANNOT, Standing.SWAPPED, Standing.DECLINED})
_TIERS = {Urgency.URGENT: 0, Urgency.NORMAL: 1, Urgency.LOW: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One piece of help as the person helped sees it: who comes, and what is to be done now."""

    service: Service
    helper: str = ""
    number: str = ""
    team: str = ""
    attendance: str = ""
    state: State | None = None

    @property
    def starts_at(self) -> datetime:
        return self.service.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.service.ends_at

    @property
    def waits_for_word(self) -> bool:
        """True while the hours wait for somebody to say that it was so."""
        return self.state is State.CHECKED_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One need with where it is now."""

    need: Need
    is_open: bool
    step: int
    due_on: date
    visit: Visit | None = None
    owner: str = ""

    @property
    def urgent(self) -> bool:
        return self.need.urgency is Urgency.URGENT

    @property
    def may_be_cancelled(self) -> bool:
        """True until somebody has come."""
        return self.step < 3 and (self.is_open or self.visit is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuestion:
    """Something that the card on the fridge said, and that only she can say was hers; `what` is "" for a calling off."""

    uid: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElderHome:
    """The elder's first page.

    Attributes:
        of_card: what her card said and she has not answered; greeted: today's greeting is answered by this very page.
    """

    elder: str
    called: str
    minutes: int | None = None
    promises: tuple[Promise, ...] = ()
    wanted: tuple[NeedPromise, ...] = ()
    of_card: tuple[CardQuestion, ...] = ()
    greeted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Requests whose answer is due at the same remove: late, today, week, later; or taken, when somebody is going."""

    when: str
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The worker's day. `due` leaves out what is taken or later; a group shows its first few; `silent` has no word."""

    due: tuple[Group, ...]
    shown: int
    pressing: int
    waiting: int
    arranged_this_week: int
    without: int
    covered_permille: int | None
    calls: Sheet
    today: tuple[Visit, ...]
    confirm: int
    silent: tuple[Promise, ...] = ()


async def elder_home(ctx: Context, actor: Actor, lang: str) -> ElderHome:
    """Every promise that is not settled, open requests and hours of the elder whose affairs are handled.

    Raises:
        NotFound: nobody to show, or not for this person.
    """
    row = await subject_row(ctx, actor, "ElderHome")
    person = await people.person(ctx.engine, row.uid)
    if not may(actor, "ListRequests", row):
        # Whoever may ask for somebody, and not read, gets the tiles and nothing of what was asked before.
        return ElderHome(elder=row.uid, called=person.says)
    await looked_at(ctx, actor, [row.uid], Why.ASK)
    now = ctx.now()
    found = await services.services(
        ctx.engine, row.community, recipient=row.uid, starts_from=now - timedelta(days=DAYS_OPEN), limit=200
    )
    seen = await promises(ctx, actor, found, lang=lang)
    settled = {one.service.need_key for one in seen if one.service.state in LIVE}
    had = {one.need_key for one in found}
    return ElderHome(
        elder=row.uid,
        called=person.says,
        minutes=await minutes_left(ctx, row) if may(actor, "Passbook", row) else None,
        promises=tuple(sorted((one for one in seen if _still_told(one, now)), key=_urgent_first)),
        wanted=tuple(
            [
                await need_promise(
                    ctx, actor, line.need, await _due_next(ctx, row.community, line.need, had), lang=lang
                )
                for line in await lines.filed_by(ctx.engine, row.community, row.uid)
                if line.is_open and line.need.line_key not in settled
            ]
        ),
        of_card=await _of_card(ctx, row.uid, lang) if actor.uid == row.uid else (),
        greeted=actor.uid == row.uid and await _greeted(ctx, row.uid),
    )


async def _of_card(ctx: Context, member: str, lang: str) -> tuple[CardQuestion, ...]:
    """What the card asked in her name, to be answered on her own page."""
    return tuple(
        CardQuestion(uid=one.uid, what=str(one.known.get("en" if lang == "en" else "zh", "")))
        for one in await news.unanswered(ctx.engine, member, OF_CARD)
    )


async def _greeted(ctx: Context, member: str) -> bool:
    """Whether she was greeted this morning."""
    now = ctx.now().astimezone(ctx.zone)
    if now.time() >= NOON:
        return False
    since = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return any(one.kind == GREETING for one in await news.lately_told(ctx.engine, member, since=since))


def _still_told(one: Promise, now: datetime) -> bool:
    """Whether the elder's first page still tells of it: what is settled and over is in the passbook."""
    if one.standing in TOLD_FOR_A_DAY:
        return now - one.service.ends_at < timedelta(days=1)
    return one.standing not in NOT_TOLD


def _urgent_first(one: Promise) -> tuple[int, datetime]:
    """What wants a word from her comes first, then what is to come, then what was."""
    rank = 0 if one.standing in WITHOUT_A_WORD else 2 if one.standing in TOLD_FOR_A_DAY else 1
    return rank, one.service.starts_at


def _due(ctx: Context, community: str, need: Need) -> date:
    return due_on(need, promise=ctx.policy_of(community, need.filed_on).requests, zone=ctx.zone)


async def _due_next(ctx: Context, community: str, need: Need, had: Collection[str]) -> date:
    """By when the person helped hears more: of what comes again and was answered before, a day ahead of its next turn."""
    today = ctx.today()
    if need.when.recurrences and need.line_key in had:
        calendar = await calendars.calendar_of(ctx.engine, community, today)
        for weeks in range(WEEKS_TO_A_TURN):
            week = Week.of(today + timedelta(weeks=weeks))
            for window in need.when.windows_in(week, calendar=calendar, zone=ctx.zone):
                if window.starts_at > ctx.now():
                    return max(today, window.starts_at.astimezone(ctx.zone).date() - timedelta(days=1))
    return _due(ctx, community, need)


async def request_for(ctx: Context, actor: Actor, key: str, operation: str) -> Request:
    """One need with its private card, for its elder, their proxy or the desk; who reads for somebody else is written down.

    Whoever may ask or call off for the elder, and not read, gets the public card.
    """
    found = await lines.filed(ctx.engine, actor.community, key)
    if found is None:
        raise NotFound()
    owners = frozenset({found.need.owner} - {""})
    facts = Facts(community=actor.community, owners=owners)
    sees(actor, operation, facts)
    if not _reads(actor, facts):
        found = replace(found, need=public_need(found.need))
    if actor.uid not in owners and not owners & actor.mandates.keys():
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=key, reason=operation)
    await looked_at(ctx, actor, owners, why_of(operation))
    standing = await services.services(ctx.engine, actor.community, need_key=key)
    visits = await visits_of(ctx, [s for s in standing if s.state is not ServiceState.CANCELLED])
    names = await people.names(ctx.engine, sorted(owners))
    return _request(
        ctx, actor.community, found, visits[-1] if visits else None, owner=names.get(found.need.owner, "")
    )


def _reads(actor: Actor, facts: Facts) -> bool:
    try:
        sees(actor, "ShowRequest", facts)
    except NotFound:
        return False
    return True


async def promises_for(ctx: Context, actor: Actor, key: str, lang: str) -> tuple[Promise, ...]:
    """Everything that was arranged for one need and is not long over, the newest last."""
    found = await services.services(
        ctx.engine, actor.community, need_key=key, starts_from=ctx.now() - timedelta(days=DAYS_OPEN)
    )
    return tuple(
        one
        for one in await promises(ctx, actor, [one for one in found if one.recipient], lang=lang)
        if one.standing not in NOT_TOLD
    )


async def need_of(ctx: Context, actor: Actor, found: Request, lang: str) -> NeedPromise:
    """Where an open need stands for whoever asked."""
    return await need_promise(ctx, actor, found.need, found.due_on, lang=lang)


async def own_requests(ctx: Context, actor: Actor, operation: str) -> list[Request]:
    """Needs of the elder whose affairs are handled, or the open ones of the community for the desk."""
    if actor.has(Role.WORKER) and not actor.acting_for:
        return await open_requests(ctx, actor, operation)
    row = await subject_row(ctx, actor, operation)
    await looked_at(ctx, actor, [row.uid], Why.ASK)
    return await requests_of(ctx, row)


async def requests_of(ctx: Context, member: people.Member) -> list[Request]:
    """Every need a member ever filed, newest first, with the visit that came of it."""
    standing = await services.services(ctx.engine, member.community, recipient=member.uid)
    visits = await visits_of(ctx, [s for s in standing if s.state is not ServiceState.CANCELLED])
    by_need = {visit.service.need_key: visit for visit in visits}
    found = await lines.filed_by(ctx.engine, member.community, member.uid)
    return [
        _request(ctx, member.community, line, by_need.get(line.need.line_key)) for line in reversed(found)
    ]


async def open_requests(ctx: Context, actor: Actor, operation: str) -> list[Request]:
    """All needs of the desk's community that are not over, the most pressing first; public cards and who asks."""
    sees(actor, operation, Facts(community=actor.community))
    standing = await services.services(ctx.engine, actor.community, states=LIVE, starts_from=_midnight(ctx))
    visits = await visits_of(ctx, [service for service in standing if service.need_key])
    by_need: dict[str, Visit] = {}
    for visit in visits:
        by_need.setdefault(visit.service.need_key, visit)
    found = [
        lines.Filed(need, True) for need in await lists.needs(ctx.engine, actor.community) if not need.becomes
    ]
    listed = {line.need.line_key for line in found}
    for key in by_need:
        if key not in listed and (need := await lists.need(ctx.engine, actor.community, key)) is not None:
            found.append(lines.Filed(need, False))
    asking = {line.need.owner for line in found} - {""}
    names = await names_of_owners(ctx.engine, actor.community, asking)
    requests = [
        _request(
            ctx, actor.community, line, by_need.get(line.need.line_key), owner=names.get(line.need.owner, "")
        )
        for line in found
    ]
    return sorted(requests, key=lambda one: (_TIERS[one.need.urgency], one.due_on, one.need.line_key))


def grouped(requests: Iterable[Request], today: date) -> tuple[Group, ...]:
    """Requests by when their answer is due, in the order they come in; a group with nothing in it is left out."""
    groups: dict[str, list[Request]] = {when: [] for when in ("late", "today", "week", "later", "taken")}
    for one in requests:
        groups[_when_due(one, today)].append(one)
    return tuple(Group(when=when, requests=tuple(found)) for when, found in groups.items() if found)


def _when_due(one: Request, today: date) -> str:
    if one.visit is not None:
        return "taken"
    if one.due_on < today:
        return "late"
    # What is urgent is somebody's work of today, whatever day was promised.
    if one.urgent or one.due_on == today:
        return "today"
    return "week" if one.due_on <= Week.of(today).sunday_on else "later"


async def desk(ctx: Context, actor: Actor, lang: str) -> Desk:
    """What is due, who waits for a call, and what happens today."""
    await lapse_once_a_day(ctx)
    requests = await open_requests(ctx, actor, "Desk")
    today = ctx.today()
    due = tuple(group for group in grouped(requests, today) if group.when in ("late", "today", "week"))
    midnight = _midnight(ctx)
    running = await services.services(
        ctx.engine, actor.community, starts_from=midnight, starts_before=midnight + timedelta(days=1)
    )
    calls = await sheet(ctx, actor.community, lang, shown=CALLS_SHOWN)
    monday = _start_of(ctx, Week.of(today).monday_on)
    week = await services.services(
        ctx.engine, actor.community, starts_from=monday, starts_before=monday + timedelta(days=7)
    )
    plan = await lists.latest_plan(ctx.engine, actor.community, Week.of(today))
    coverage = (await ctx.book(actor.community).coverage()).get("MIN")
    if calls.rows:
        # The list gives numbers to ring, so reading it is reading private cards.
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_call_list")
            await looked_at(ctx, actor, [row.member for row in calls.rows], Why.LIST)
    return Desk(
        due=due,
        shown=DUE_SHOWN,
        pressing=sum(len(group.requests) for group in due if group.when != "week"),
        waiting=len(requests),
        arranged_this_week=len(
            {s.need_key for s in week if s.need_key and s.state is not ServiceState.CANCELLED}
        ),
        without=len(plan["unserved"]) if plan else 0,
        covered_permille=coverage.permille if coverage else None,
        calls=calls,
        today=tuple(await visits_of(ctx, [s for s in running if s.state is not ServiceState.CANCELLED])),
        confirm=len(await services.waiting_for_confirmation(ctx.engine, actor.community)),
        silent=tuple(await pressing_promises(ctx, actor, lang)),
    )


async def visits_of(ctx: Context, standing: Iterable[Service]) -> list[Visit]:
    """Services with who comes, earliest first; a visit to one elder once for each person who comes."""
    found: list[Visit] = []
    bodies: dict[str, str] | None = None
    for service in sorted(standing, key=lambda one: (one.starts_at, one.uid)):
        if bodies is None:
            bodies = await _bodies(ctx, service.community)
        body = bodies.get(service.team or service.unit, "")
        parts = await services.attendances(ctx.engine, service.uid) if service.recipient else []
        going = [part for part in parts if part.state not in (State.CANCELLED, State.NO_SHOW)]
        found.extend([await _visit(ctx, service, part, body) for part in going])
        if not going:
            found.append(Visit(service=service, team=body))
    return found


async def _bodies(ctx: Context, community: str) -> dict[str, str]:
    """Names of teams and units by code."""
    rows = await organisations.organisations(ctx.engine, community)
    return {row.code: row.name for row in rows}


async def minutes_left(ctx: Context, member: people.Member) -> int:
    """Hours the member may still use, in minutes, holds taken off."""
    balance = await ctx.book(member.community).balance(member.account)
    return balance.available


def may(actor: Actor, operation: str, member: people.Member) -> bool:
    """Whether this person may do it for a member; for what a page shows only to some."""
    try:
        sees(actor, operation, Facts(community=member.community, owners=frozenset({member.uid})))
    except NotFound:
        return False
    return True


async def door_of(ctx: Context, actor: Actor) -> str:
    """The address of whoever's affairs are handled; "" for somebody who may ask for them and not read."""
    row = await people.member(ctx.engine, actor.subject)
    if row is None or not may(actor, "ShowRequest", row):
        return ""
    await looked_at(ctx, actor, [row.uid], Why.ASK)
    return (await people.person(ctx.engine, row.uid)).address


async def subject_row(ctx: Context, actor: Actor, operation: str) -> people.Member:
    """The member row of the elder whose affairs are handled; NotFound when there is none for this person."""
    row = await people.member(ctx.engine, actor.subject)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({row.uid})))
    return row


async def _visit(ctx: Context, service: Service, part: Attendance, body: str) -> Visit:
    card = (await people.cards(ctx.engine, [part.member])).get(part.member)
    return Visit(
        service=service,
        helper=card.says if card else "",
        number=card.number if card else "",
        team=body,
        attendance=part.uid,
        state=part.state,
    )


def _request(
    ctx: Context, community: str, line: lines.Filed, visit: Visit | None, owner: str = ""
) -> Request:
    return Request(
        need=line.need,
        is_open=line.is_open,
        step=step_of(visit.service, visit.state) if visit else 1,
        due_on=_due(ctx, community, line.need),
        visit=visit,
        owner=owner,
    )


def _midnight(ctx: Context) -> datetime:
    return _start_of(ctx, ctx.today())


def _start_of(ctx: Context, on: date) -> datetime:
    return datetime.combine(on, time(0), tzinfo=ctx.zone)
