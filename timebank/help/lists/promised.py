"""What an accepted claim becomes: a service of its own, or one more helper in a service that stands; and the way back."""

from __future__ import annotations

from marketplace import store as lists
from marketplace.claims import Claim, Side
from marketplace.values import Need, Place, Quantity, Resource, When, Window
from timebank.access import Actor
from timebank.community.calling_off import call_off as call_service_off
from timebank.community.eligibility import refuse_ineligible
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import BadField, NotYet
from timebank.help import arranging
from timebank.help.lists import cards
from timebank.help.lists.parties import OwnedLine
from timebank.help.owners import body_of
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Kind, Off, Service, State, busy_in
from timebank.rules.parts.statements import Said
from timebank.store.help import services
from timebank.store.members import ages, people
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.places.calendars import calendar_of
from timebank.store.relations.organisations import TEAM
from timebank.store.relations.owners import OFFICE


async def fits_line(ctx: Context, community: str, line: Need | Resource, window: Window) -> None:
    """Refuse an hour that is over, or that the line does not have."""
    if window.ends_at <= ctx.now():
        raise BadField(
            "这个时间已经过去了，请另选一个。", "That hour is past. Please choose another.", field="window"
        )
    calendar = await calendar_of(ctx.engine, community, ctx.today())
    inside = any(
        one.starts_at <= window.starts_at and window.ends_at <= one.ends_at
        for one in cards.coming(line.when, ctx.today(), calendar=calendar, zone=ctx.zone)
    )
    if not inside:
        raise BadField(
            "这一行没有这个时间，请从列出的时间里选。",
            "This line has no such hour. Please choose one of those listed.",
            field="window",
        )


async def arranged(ctx: Context, actor: Actor, claim: Claim, line: OwnedLine) -> Service:
    """The service of an accepted claim; a volunteer joins one that stands for the same need and hour."""
    assert claim.window is not None
    if isinstance(line.line, Resource):
        need = await _need_for(ctx, actor, claim, line.line)
        return await arranging.arrange(
            ctx, actor, need=need, resource=line.line, window=claim.window, helpers=claim.quantity,
            source="claim",
        )  # fmt: skip
    need = line.line
    if await people.member(ctx.engine, claim.claimant):
        shared = await _shared(ctx, actor.community, need, claim.window)
        if shared is not None:
            return await _joined(ctx, actor, shared, claim.claimant)
        return await arranging.arrange(
            ctx, actor, need=need, resource=None, window=claim.window, helpers=_places(need),
            member=claim.claimant, source="claim",
        )  # fmt: skip
    body = await body_of(ctx, actor.community, claim.claimant)
    offer = Resource(
        line_key=claim.with_key or f"claim-{claim.uid}",
        title=need.title,
        owner=claim.claimant,
        owner_kind="team" if body and body.kind == TEAM else "unit",
    )
    return await arranging.arrange(
        ctx, actor, need=need, resource=offer, window=claim.window, helpers=claim.quantity, source="claim"
    )


def _places(need: Need) -> int:
    """How many helpers the need takes at once: 6人×3小时 takes six, a visit takes one."""
    return max(1, need.quantity.helpers)


async def _shared(ctx: Context, community: str, need: Need, window: Window) -> Service | None:
    """A service of several helpers that stands already for this need and hour."""
    if _places(need) == 1:
        return None
    live = await services.services(ctx.engine, community, need_key=need.line_key, states=arranging.LIVE)
    return next(
        (
            one
            for one in live
            if one.kind is Kind.SHIFT
            and not (one.team or one.unit)
            and one.starts_at < window.ends_at
            and window.starts_at < one.ends_at
        ),
        None,
    )


async def _joined(ctx: Context, actor: Actor, service: Service, member: str) -> Service:
    """One more helper in a service that stands."""
    await refuse_ineligible(ctx, service, member)
    held = await services.attendances_of(ctx.engine, member)
    busy = [
        busy_in(part, other) for part, other in held if part.state not in (State.CANCELLED, State.NO_SHOW)
    ]
    part = attendance.sign_up(
        service,
        uid=ctx.ids.uid("A"),
        member=member,
        at=ctx.now(),
        taken=await services.taken(ctx.engine, service.uid),
        busy=busy,
        minor_without_consent=await ages.minor_without_consent(
            ctx.engine, member, service.starts_at.astimezone(ctx.zone).date()
        ),
    )
    await services.add_attendance(ctx.engine, part)
    await audit.note(ctx, actor, "join_service", object=service.uid, reason=part.uid)
    return service


async def _need_for(ctx: Context, actor: Actor, claim: Claim, resource: Resource) -> Need:
    """The need that an accepted offer serves: the one named on the claim, else one made of the claim itself."""
    if claim.with_key:
        named = await lists.need_private(ctx.engine, actor.community, claim.with_key)
        if named is not None:
            return named
    assert claim.window is not None
    member = await people.member(ctx.engine, claim.claimant)
    grids = {row.code: row.name for row in await areas.areas(ctx.engine, actor.community)}
    unit = "" if member or claim.claimant == OFFICE else claim.claimant
    made = Need(
        line_key=f"c-{claim.uid}",
        title=resource.title,
        source="resident" if member else "unit" if unit else "community",
        owner=member.uid if member else unit,
        categories=resource.categories,
        place=Place(grid=grids.get(member.area, "") if member else ""),
        when=_at(claim.window, ctx),
        quantity=Quantity(amount=claim.quantity, unit=resource.quantity.unit),
        channel="claim",
        filed_on=ctx.today(),
    )
    await lists.save_needs(ctx.engine, actor.community, [made], at=ctx.now())
    return made


def _at(window: Window, ctx: Context) -> When:
    starts, ends = window.starts_at.astimezone(ctx.zone), window.ends_at.astimezone(ctx.zone)
    hours = f"{starts.hour}:{starts:%M}–{ends.hour}:{ends:%M}"
    return When(
        phrase=f"{starts.month}月{starts.day}日 {hours}",
        windows=(Window(starts, ends),),
        said_zh=f"{starts.month}月{starts.day}日 {hours}",
        said_en=f"{starts.day} {starts:%B} {hours}",
    )


async def call_off(ctx: Context, actor: Actor, claim: Claim, reason: str) -> None:
    """The claim's service called off; from one with several helpers only this one takes leave."""
    key = claim.line_key if claim.side is Side.NEED else claim.with_key or f"c-{claim.uid}"
    live = await services.services(ctx.engine, actor.community, need_key=key, states=arranging.LIVE)
    assert claim.window is not None
    starts_at, ends_at = claim.window.starts_at, claim.window.ends_at
    mine = [one for one in live if one.starts_at < ends_at and starts_at < one.ends_at]
    for service in mine:
        part = await services.attendance_of(ctx.engine, service.uid, claim.claimant)
        if part is not None and service.capacity > 1:
            attendance.refuse_cancelling(part)
            await say(ctx, actor, part, service, Said.CANNOT, note=reason)
            return
        if part is not None or not await people.member(ctx.engine, claim.claimant):
            await call_service_off(ctx, actor, service, reason=reason, off=Off.RELEASED)
            return
    raise NotYet("没有找到约好的服务。", "No arranged service was found for it.")
