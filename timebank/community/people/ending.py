"""What goes with somebody who leaves or has died: relationships, needs, promises, sign-ins, and, of the dead, hours and news.

Nothing is deleted that others rest on: a need is closed, a part cancelled and looked for anew, hours move by a new entry.
"""

from __future__ import annotations

from dataclasses import replace

from ledger import Transfer
from ledger.values import Leg
from marketplace import store as lists
from timebank.access import NOBODY, Actor
from timebank.community.calling_off import call_off
from timebank.community.promises import NO_MORE, end_lines
from timebank.community.saying import say
from timebank.community.telling import tell_duty
from timebank.context import Context, fund_account
from timebank.errors import WrongMoment
from timebank.policy import AfterDeath
from timebank.rules.parts.attendance import Kind, Off, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.rules.relationships import Relationship, member
from timebank.store.channels import news
from timebank.store.help import lines, services
from timebank.store.identity import sessions
from timebank.store.members.people import Member
from timebank.store.oversight import audit
from timebank.store.relations import relationships

LIVE = (ServiceState.PLANNED, ServiceState.UNDER_WAY)


async def all_of(ctx: Context, uid: str, *, closed: bool = False) -> list[Relationship]:
    """Every relationship with the member at either end."""
    held = await relationships.held_by(ctx.engine, member(uid), closed=closed)
    return [*held, *await relationships.held_towards(ctx.engine, member(uid), closed=closed)]


async def undo_promises(ctx: Context, actor: Actor, gone: Member) -> None:
    """Needs, claims, proposals and parts of somebody who will not be there any more, each with a search for others."""
    await _help_for(ctx, actor, gone)
    await give_back_parts(ctx, actor, gone)
    await end_lines(ctx, actor, gone.community, gone.uid)


async def end_access(ctx: Context, actor: Actor, uid: str) -> None:
    """Every sign-in, code, card and password ends now."""
    await sessions.end_access(ctx.engine, uid)
    await audit.note(ctx, actor, "end_access", object=uid)


async def give_to_fund(ctx: Context, actor: Actor, gone: Member) -> str:
    """What stood in the passbook goes to the community's fund by one entry; its uid, "" when there was nothing.

    Where the rules keep the hours of the dead on their account, nothing moves.
    """
    if ctx.policy_of(gone.community).giving.after_death is not AfterDeath.FUND:
        return ""
    return await hours_to_fund(
        ctx, actor, gone, key=f"after-death:{gone.uid}:{ctx.ids.uid('D')}", reason="after_death"
    )


async def hours_to_fund(ctx: Context, actor: Actor, gone: Member, *, key: str, reason: str) -> str:
    """What may be spent of an account goes to the community's fund by one entry; its uid, "" when there was nothing."""
    book = ctx.book(gone.community)
    balance = await book.balance(gone.account, lapsed_by=ctx.now())
    if balance.available <= 0:
        return ""
    posted = await book.post(
        Transfer(
            key=key,
            legs=(
                Leg(gone.account, balance.available),
                Leg(fund_account(gone.community), -balance.available),
            ),
            effective_on=ctx.today(),
            occurred_at=ctx.now(),
            reason=reason,
            actor=actor.uid,
        ),
        at=ctx.now(),
    )
    return posted.uid


async def hand_over(ctx: Context, goes: Member, stays: Member) -> None:
    """What is still to come of a record that was joined belongs to the one that stays: needs, offers, help, parts.

    What is past keeps the old uid and is read through it.
    """
    community, at = goes.community, ctx.now()
    for line in await lines.filed_by(ctx.engine, community, goes.uid, open_only=True):
        await lists.edit_need(ctx.engine, community, replace(line.need, owner=stays.uid), at=at)
    for listed in await lists.resources(ctx.engine, community, owner=goes.uid):
        offer = await lists.resource_private(ctx.engine, community, listed.line_key) or listed
        await lists.edit_resource(ctx.engine, community, replace(offer, owner=stays.uid), at=at)
    for service in await services.services(ctx.engine, community, recipient=goes.uid, states=LIVE):
        await services.hand_over_service(ctx.engine, service.uid, recipient=stays.uid)
    for part, service in await services.attendances_of(ctx.engine, goes.uid, states=[State.SIGNED_UP]):
        if await services.attendance_of(ctx.engine, service.uid, stays.uid) is not None:
            await say(ctx, NOBODY, part, service, Said.CANNOT, note=NO_MORE)
        else:
            await services.hand_over_part(ctx.engine, part.uid, member=stays.uid)


async def _help_for(ctx: Context, actor: Actor, gone: Member) -> None:
    """Help that was to come: called off, holds given back."""
    for service in await services.services(ctx.engine, gone.community, recipient=gone.uid, states=LIVE):
        try:
            await call_off(ctx, actor, service, reason=NO_MORE, off=Off.SERIES)
        except WrongMoment:
            continue  # Somebody has come: what was done is recorded as it was.


async def give_back_parts(ctx: Context, actor: Actor, gone: Member) -> None:
    """Their own parts in what is to come: a visit goes back on the list, from a shift only they are missing."""
    for part, service in await services.attendances_of(ctx.engine, gone.uid, states=[State.SIGNED_UP]):
        if service.state not in LIVE or service.ends_at <= ctx.now():
            continue
        if service.kind is Kind.VISIT and service.capacity == 1:
            await call_off(ctx, actor, service, reason=NO_MORE, off=Off.RELEASED)
            continue
        await say(ctx, actor, part, service, Said.CANNOT, note=NO_MORE)
        for told in sorted({service.lead, service.recipient} - {"", gone.uid}):
            known = {"community": service.community, "kind": "helper_cancelled", "service": service.uid}
            if told == service.recipient:
                await news.put(ctx, member=told, pressed_by=actor.uid, **known)
            else:
                await tell_duty(ctx, member=told, by=actor.uid, **known)
