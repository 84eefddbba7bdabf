"""An agreed match becomes a service: one place where the plan, a claim and a choice by hand end alike.

Lists know lines and windows, the book knows accounts; a service has people, an hour and a place. This is the step from
the one to the other, and it runs in the caller's unit of work, so that a match is never half arranged. The way back is in
`calling_off`.

The public place of a service is its grid. The street, the door and the note go on the private card.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ledger import PlaceHold
from marketplace import store as lists
from marketplace.categories import CategoryTree
from marketplace.planning.problem.context import MINUTES_WHEN_UNSTATED
from marketplace.public_words import kind_of_help, says_its_own
from marketplace.times import DAY_PARTS
from marketplace.values import SHANGHAI, Looseness, Need, Per, Resource, Unit, When, Window
from timebank.access import Actor
from timebank.community.eligibility import day_of, may_use_hours, refuse_ineligible
from timebank.community.telling import tell_duty
from timebank.context import Context, fund_account
from timebank.errors import AlreadyDone, NotFound, WrongMoment
from timebank.help.owners import body_of
from timebank.policy import Payer
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Busy, Kind, Service, ServiceState, State, busy_in
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.help.services import ReasonRow
from timebank.store.locks import one_at_a_time
from timebank.store.members import ages, people
from timebank.store.members.people import Member
from timebank.store.oversight import audit
from timebank.store.places.categories import tree_of
from timebank.store.relations import rosters
from timebank.store.relations.organisations import TEAM, Organisation

LIVE = (ServiceState.PLANNED, ServiceState.UNDER_WAY, ServiceState.DONE)


async def arrange(
    ctx: Context,
    actor: Actor,
    *,
    need: Need,
    resource: Resource | None,
    window: Window,
    helpers: int = 1,
    member: str = "",
    reasons: Sequence[ReasonRow] = (),
    source: str,
) -> Service:
    """The service that an agreed match becomes, with the helper signed up when it is known who comes.

    Args:
        resource: the line that serves the need; None when a worker sends `member` by hand.
        window: the agreed stretch; a longer one than the need takes is trimmed to the need's own minutes.
        helpers: places in the service.
        member: uid of who comes; a volunteer's own line names its owner, a team or a unit names somebody later.
        reasons: why this match, as the plan explained it, kept with the service.
        source: what led here, for the audit: `plan`, `claim`, `by_hand` and the like.

    Raises:
        AlreadyDone: somebody comes already; Clash, GuardianNeeded: the helper cannot; NotFound: no such helper here.
        WrongMoment: the helper is the person to be helped.
    """
    assert ctx.engine.in_unit(), "a match is arranged with the decision that led to it"
    community = actor.community
    await one_at_a_time(ctx.engine, f"need:{community}:{need.line_key}")
    filed = await lists.need_private(ctx.engine, community, need.line_key)
    need = filed or need
    live = await services.services(ctx.engine, community, need_key=need.line_key, states=LIVE)
    team, unit = await _bodies(ctx, community, resource)
    recipient = await _member_here(ctx, community, need.owner) if need.owner else None
    helper_uid = member or (resource.owner if resource and resource.owner_kind == "volunteer" else "")
    helper = await _helper(ctx, community, helper_uid, recipient)
    busy = await _busy(ctx, helper_uid)

    _still_wanted(need, window, live, team=_code(team), unit=_code(unit))
    agreed = fitted(
        window, minutes_of(need, window), busy=[Window(one.starts_at, one.ends_at) for one in busy]
    )
    tree = await tree_of(ctx.engine, community)
    service = _service_for(
        ctx, need, agreed, community=community, recipient=recipient, helpers=helpers, tree=tree
    )
    service = replace(
        service,
        team=_code(team),
        unit=_code(unit),
        lead=await rosters.lead_of(ctx.engine, team.code, ctx.today()) if team else "",
    )
    service = replace(service, free=resource is None or resource.free)
    if helper_uid:
        await refuse_ineligible(ctx, service, helper_uid)
    part = await _sign_up(ctx, service, helper, busy)
    service = await _with_payer(ctx, actor, service, recipient, helper, resource)

    await services.add_service(
        ctx,
        service,
        created_by=actor.uid,
        place_exact=await _exact_place(ctx, need, service.recipient),
        # What was said stays with the need; of one that stands on no list the card says it.
        note_private=need.private_note if filed else "。".join(filter(None, (need.title, need.private_note))),
        reasons=reasons,
    )
    if part is not None:
        await services.add_attendance(ctx.engine, part)
    await _mark_line(ctx, community, need, resource.owner if resource else helper_uid)

    await audit.note(ctx, actor, f"arrange_{source}", object=service.uid, reason=need.line_key)
    await _tell(ctx, actor, service, helper_uid)
    return service


def minutes_of(need: Need, window: Window) -> int:
    """How long the service takes: what the need says, else the hours it asks for, else the usual time of its unit.

    "Thursday 8:00-11:30" asks for those hours. "Thursday morning" only says when an hour would be welcome, unless many
    people come to it, as to a clinic or a choir.
    """
    quantity = need.quantity
    if quantity.minutes_each:
        return quantity.minutes_each
    if quantity.unit is Unit.MINUTE:
        return quantity.amount
    asks_for_hours = need.when.looseness is Looseness.FIXED and not _names_a_part_of_the_day(need.when)
    if asks_for_hours or quantity.unit in {Unit.PERSON, Unit.SEAT, Unit.HELPER, Unit.SESSION}:
        return window.minutes
    return MINUTES_WHEN_UNSTATED[quantity.unit]


def fitted(window: Window, minutes: int, *, busy: Iterable[Window] = ()) -> Window:
    """`minutes` of the window, at the first hour when the helper is free; at its start when they never are."""
    length = timedelta(minutes=min(minutes, window.minutes))
    starts_at = window.starts_at
    for taken in sorted(busy):
        if taken.starts_at < starts_at + length and starts_at < taken.ends_at:
            starts_at = taken.ends_at
    if starts_at + length > window.ends_at:
        starts_at = window.starts_at
    return Window(starts_at, starts_at + length)


def comes_once(need: Need) -> bool:
    """True when one helper on one day settles the need, so that a second match would send somebody for nothing."""
    quantity = need.quantity
    repeats = need.when.recurrences or need.when.demand or quantity.per is not Per.TOTAL
    one = quantity.amount == 1 or quantity.unit is Unit.MINUTE
    return one and quantity.helpers <= 1 and not repeats


def _service_for(
    ctx: Context,
    need: Need,
    window: Window,
    *,
    community: str,
    recipient: Member | None,
    helpers: int,
    tree: CategoryTree,
) -> Service:
    """The service as the need describes it to everybody; who comes and who pays is added by the caller.

    What the person said themselves stays with the need, and whoever may read the private card reads it there.
    """
    return Service(
        uid=ctx.ids.uid("S"),
        community=community,
        kind=Kind.VISIT if recipient else Kind.SHIFT,
        title=_title(need, tree)[:120],
        category=need.categories[0] if need.categories else "",
        need_key=need.line_key,
        recipient=recipient.uid if recipient else "",
        # Where a community or a unit asks, the place is public; where a resident does, only the grid is.
        place=need.place.grid if need.source == "resident" else (need.place.text or need.place.grid)[:120],
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        capacity=max(1, helpers),
    )


def _title(need: Need, tree: CategoryTree) -> str:
    """The kind of help; what a body asks for, in its own words."""
    if says_its_own(need):
        return need.title
    return kind_of_help(need.categories, tree=tree) or "帮忙"


async def _sign_up(
    ctx: Context, service: Service, helper: Member | None, busy: Sequence[Busy]
) -> attendance.Attendance | None:
    """The helper's part, through the same rules as any sign-up; None while nobody is named."""
    if helper is None:
        return None
    return attendance.sign_up(
        service,
        uid=ctx.ids.uid("A"),
        member=helper.uid,
        at=ctx.now(),
        taken=0,
        busy=busy,
        minor_without_consent=await ages.minor_without_consent(
            ctx.engine, helper.uid, service.starts_at.astimezone(ctx.zone).date()
        ),
    )


async def _mark_line(ctx: Context, community: str, need: Need, helper: str) -> None:
    """A need that one visit settles leaves the list; one that goes on remembers who came, for the next plan."""
    if comes_once(need):
        await lists.close_line(ctx.engine, community, "need", need.line_key, at=ctx.now())
    elif (
        helper and helper not in need.last_helpers and await lists.need(ctx.engine, community, need.line_key)
    ):
        known = replace(need, last_helpers=(helper, *need.last_helpers)[:3])
        await lists.edit_need(ctx.engine, community, known, at=ctx.now())


def _still_wanted(need: Need, window: Window, live: Sequence[Service], *, team: str, unit: str) -> None:
    """Refuse a second helper where one settles the need, and the same body twice in one stretch of a shared need."""
    if live and comes_once(need):
        raise AlreadyDone("这件事已经有人接了。", "Somebody has already taken this on.")
    alone = need.quantity.amount == 1 and need.quantity.helpers <= 1
    for service in live:
        overlaps = service.starts_at < window.ends_at and window.starts_at < service.ends_at
        same_body = bool(team or unit) and (service.team, service.unit) == (team, unit)
        if overlaps and (alone or same_body):
            raise AlreadyDone("这个时间已经约好了。", "That hour is already arranged.")


def _names_a_part_of_the_day(when: When) -> bool:
    stretches = {(rule.starts, rule.ends) for rule in when.recurrences}
    for window in when.windows:
        starts, ends = (at.astimezone(SHANGHAI).time() for at in (window.starts_at, window.ends_at))
        stretches.add((starts, ends))
    return stretches <= set(DAY_PARTS.values())


def _code(body: Organisation | None) -> str:
    return body.code if body else ""


async def _member_here(ctx: Context, community: str, uid: str) -> Member | None:
    """The member row when `uid` is somebody of this community; needs of units and offices have other owners."""
    row = await people.member(ctx.engine, uid)
    return row if row is not None and row.community == community else None


async def _bodies(
    ctx: Context, community: str, resource: Resource | None
) -> tuple[Organisation | None, Organisation | None]:
    """The (team, unit) behind a resource line."""
    if resource is None or resource.owner_kind == "volunteer":
        return None, None
    body = await body_of(ctx, community, resource.owner)
    return (body, None) if body and body.kind == TEAM else (None, body)


async def _helper(ctx: Context, community: str, uid: str, recipient: Member | None) -> Member | None:
    if not uid:
        return None
    helper = await _member_here(ctx, community, uid)
    if helper is None or helper.life is not Life.ACTIVE:
        raise NotFound()
    if recipient is not None and recipient.uid == uid:
        raise WrongMoment("不能自己帮自己记时。", "Nobody helps themselves on the book.")
    await one_at_a_time(ctx.engine, f"helper:{uid}")
    return helper


async def _busy(ctx: Context, helper: str) -> tuple[Busy, ...]:
    """When the helper is somewhere else: as planned, and as it was where they have left already."""
    if not helper:
        return ()
    standing = [state for state in State if state not in {State.CANCELLED, State.NO_SHOW}]
    parts = await services.attendances_of(ctx.engine, helper, states=standing)
    return tuple(
        busy_in(part, service) for part, service in parts if service.state is not ServiceState.CANCELLED
    )


async def _with_payer(
    ctx: Context,
    actor: Actor,
    service: Service,
    recipient: Member | None,
    helper: Member | None,
    resource: Resource | None,
) -> Service:
    """The service with who pays: the recipient's held hours when the policy says so and they suffice.

    Only one helper's time is held, and only where a person gives it: a room or a meal earns nobody hours, and with
    several helpers the community pays, so that nobody's balance is emptied at one go.
    """
    earns = resource is None or resource.kind == "people"
    if recipient is None or not earns or service.capacity != 1:
        return service
    policy = ctx.policy_of(service.community, day_of(ctx, service))
    if policy.credit.payer is not Payer.RECIPIENT_FIRST or not service.free:
        return service
    if not (await may_use_hours(ctx, service, recipient.uid)).yes:
        return service
    book = ctx.book(service.community)
    balance = await book.balance(recipient.account)
    if balance.available - (balance.floor or 0) < service.minutes_planned:
        return service
    held = await book.post(
        PlaceHold(
            key=f"arrange:{service.uid}",
            payer=recipient.account,
            payee=helper.account if helper else fund_account(service.community),
            amount=service.minutes_planned,
            # The hold outlives the last day on which the visit may still be confirmed.
            expires_at=service.ends_at + timedelta(days=policy.earning.backdate_days_max + 1),
            actor=actor.uid,
            memo=service.uid,
        ),
        at=ctx.now(),
    )
    return replace(service, payer="recipient", hold_uid=held.uid)


async def _exact_place(ctx: Context, need: Need, recipient: str) -> str:
    """Where to go, for the private card: the address on record, else the place as it was said."""
    address = (await people.person(ctx.engine, recipient)).address if recipient else ""
    said = " ".join(dict.fromkeys(part for part in (need.place.text, need.place.building) if part))
    return (address or said)[:160]


async def _tell(ctx: Context, actor: Actor, service: Service, helper: str) -> None:
    """Notices by ids alone: the person helped learns who comes, whoever must come or name somebody learns when."""
    known: dict[str, str | int] = {
        "service": service.uid, "helper": helper, "at": _stamp(service.starts_at),
    }  # fmt: skip
    told: list[tuple[str, str]] = []
    if service.recipient:
        told.append((service.recipient, "help_comes" if helper else "help_promised"))
    if helper:
        told.append((helper, "you_go"))
    elif service.lead:
        told.append((service.lead, "name_helper"))
    elif service.unit:
        contacts = await rosters.contacts_of(ctx.engine, service.unit, ctx.today())
        told.extend((card.uid, "name_helper") for card in contacts)
    for uid, kind in told:
        if kind == "name_helper":
            await tell_duty(ctx, community=service.community, member=uid, kind=kind, by=actor.uid, **known)
        else:
            await news.put(
                ctx, community=service.community, member=uid, kind=kind, pressed_by=actor.uid, **known
            )


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


__all__ = ["LIVE", "arrange", "comes_once", "fitted", "minutes_of"]
