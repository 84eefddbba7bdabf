"""What goes with somebody who leaves or has died: relationships, needs, promises, sign-ins, and, of the dead, hours and news.

Nothing is deleted that others rest on: a need is closed, a part cancelled and looked for anew, hours move by a new entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ledger import Transfer
from ledger.values import Leg
from marketplace import claims as rules
from marketplace import store as lists
from marketplace.claims import Claim, Stage
from timebank.access import Actor
from timebank.community.calling_off import call_off
from timebank.context import Context, fund_account
from timebank.errors import WrongMoment
from timebank.policy import AfterDeath
from timebank.rules import attendance
from timebank.rules.attendance import Kind, ServiceState, State
from timebank.rules.relationships import (
    SYSTEM,
    Decided,
    DropRenewals,
    Effect,
    EndReason,
    EndSignIns,
    FreePlace,
    PlanStale,
    Relationship,
    TakePlace,
    Tell,
    member,
)
from timebank.rules.relationships import State as RelationshipState
from timebank.rules.relationships.values import Sort
from timebank.store import audit, lines, news, people, relationships, services, sessions
from timebank.store.people import Member

NO_MORE = "不再需要"
LIVE = (ServiceState.PLANNED, ServiceState.UNDER_WAY)


async def all_of(ctx: Context, uid: str, *, closed: bool = False) -> list[Relationship]:
    """Every relationship with the member at either end."""
    held = await relationships.held_by(ctx.engine, member(uid), closed=closed)
    return [*held, *await relationships.held_towards(ctx.engine, member(uid), closed=closed)]


async def write_ended(ctx: Context, ended: Iterable[Decided], *, about: str) -> None:
    """Ended relationships as they are now, and what follows; `about` is whom it happened to, who is told nothing."""
    for one in ended:
        for before in one.first:
            await relationships.save_relationship(ctx.engine, before)
        await relationships.save_relationship(ctx.engine, one.relationship)
        await carry_out(ctx, one.effects, {one.relationship.uid: one.relationship}, about=about)


async def carry_out(
    ctx: Context, effects: Iterable[Effect], related: dict[str, Relationship], *, about: str
) -> None:
    """What follows from a decision, in the same unit of work; the planner reads relationships anew by itself."""
    for effect in effects:
        match effect:
            case Tell():
                one = related[effect.uid]
                party = one.party(effect.side)
                if party.sort is Sort.MEMBER and party.code != about:
                    await news.put(
                        ctx,
                        community=one.community,
                        member=party.code,
                        kind="relationship_over",
                        relationship=one.uid,
                    )
            case EndSignIns():
                await sessions.close_sessions_of(ctx.engine, effect.member)
            case FreePlace():
                community = next(one.community for one in related.values())
                await lists.reopen_line(ctx.engine, community, "need", effect.line, at=ctx.now())
            case DropRenewals():
                for one in await relationships.offered_after(ctx.engine, effect.follows):
                    dropped = replace(
                        one, state=RelationshipState.DECLINED, end_reason=EndReason.CLOSED, ended_on=ctx.today(),
                        ended_by=SYSTEM,
                    )  # fmt: skip
                    await relationships.save_relationship(ctx.engine, dropped)
            case PlanStale() | TakePlace():
                pass


async def undo_promises(ctx: Context, actor: Actor, gone: Member) -> None:
    """Needs, claims, proposals and parts of somebody who will not be there any more, each with a search for others."""
    await _help_for(ctx, actor, gone)
    await _parts_of(ctx, actor, gone)
    await _claims_of(ctx, actor, gone)
    for offer in await lists.resources(ctx.engine, gone.community, owner=gone.uid):
        await _withdraw_proposals(ctx, actor, gone.community, resource_key=offer.line_key)
        await lists.close_line(ctx.engine, gone.community, "resource", offer.line_key, at=ctx.now())


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
    book = ctx.book(gone.community)
    balance = await book.balance(gone.account, lapsed_by=ctx.now())
    if balance.available <= 0:
        return ""
    posted = await book.post(
        Transfer(
            key=f"after-death:{gone.uid}:{ctx.ids.uid('D')}",
            legs=(
                Leg(gone.account, balance.available),
                Leg(fund_account(gone.community), -balance.available),
            ),
            effective_on=ctx.today(),
            occurred_at=ctx.now(),
            reason="after_death",
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
        need = await lists.need_private(ctx.engine, community, line.need.line_key) or line.need
        await lists.edit_need(ctx.engine, community, replace(need, owner=stays.uid), at=at)
    for offer in await lists.resources(ctx.engine, community, owner=goes.uid):
        await lists.edit_resource(ctx.engine, community, replace(offer, owner=stays.uid), at=at)
    for service in await services.services(ctx.engine, community, recipient=goes.uid, states=LIVE):
        await services.hand_over_service(ctx.engine, service.uid, recipient=stays.uid)
    for part, service in await services.attendances_of(ctx.engine, goes.uid, states=[State.SIGNED_UP]):
        if await services.attendance_of(ctx.engine, service.uid, stays.uid) is not None:
            await services.save_attendance(ctx.engine, attendance.cancel(part, note=NO_MORE))
        else:
            await services.hand_over_part(ctx.engine, part.uid, member=stays.uid)


async def _help_for(ctx: Context, actor: Actor, gone: Member) -> None:
    """Help that was to come: called off, holds given back; needs off the list."""
    for service in await services.services(ctx.engine, gone.community, recipient=gone.uid, states=LIVE):
        try:
            await call_off(ctx, actor, service, reason=NO_MORE)
        except WrongMoment:
            continue  # Somebody has come: what was done is recorded as it was.
    for line in await lines.filed_by(ctx.engine, gone.community, gone.uid, open_only=True):
        key = line.need.line_key
        await _withdraw_proposals(ctx, actor, gone.community, need_key=key)
        await lists.close_line(ctx.engine, gone.community, "need", key, at=ctx.now())


async def _parts_of(ctx: Context, actor: Actor, gone: Member) -> None:
    """Their own parts in what is to come: a visit goes back on the list, from a shift only they are missing."""
    for part, service in await services.attendances_of(ctx.engine, gone.uid, states=[State.SIGNED_UP]):
        if service.state not in LIVE or service.ends_at <= ctx.now():
            continue
        if service.kind is Kind.VISIT and service.capacity == 1:
            await call_off(ctx, actor, service, reason=NO_MORE)
            continue
        await services.save_attendance(ctx.engine, attendance.cancel(part, note=NO_MORE))
        for told in sorted({service.lead, service.recipient} - {"", gone.uid}):
            await news.put(
                ctx, community=service.community, member=told, kind="helper_cancelled", service=service.uid
            )


async def _claims_of(ctx: Context, actor: Actor, gone: Member) -> None:
    """Open claims they made are withdrawn, those on their lines declined, so that nobody waits for an answer."""
    community, at = gone.community, ctx.now()
    own = {
        *(line.need.line_key for line in await lines.filed_by(ctx.engine, community, gone.uid)),
        *(one.line_key for one in await lists.resources(ctx.engine, community, owner=gone.uid)),
    }

    def withdrawn(one: Claim, _line: object) -> Claim:
        return rules.withdraw(one, by=one.claimant, at=at, reason=NO_MORE)

    for one in await lists.claims(ctx.engine, community, stages=(Stage.OPEN,)):
        if one.claimant == gone.uid:
            await lists.answer_claim(ctx.engine, community, one.uid, withdrawn)
        elif one.line_key in own:
            await lists.answer_claim(
                ctx.engine,
                community,
                one.uid,
                lambda claim, line: rules.decline(claim, line, by=line.owner, at=at, reason=NO_MORE),
            )
            if await people.member(ctx.engine, one.claimant) is not None:
                await news.put(
                    ctx, community=community, member=one.claimant, kind="claim_declined", claim=one.uid
                )


async def _withdraw_proposals(
    ctx: Context, actor: Actor, community: str, *, need_key: str = "", resource_key: str = ""
) -> None:
    for one in await lists.proposals(
        ctx.engine, community, stages=("proposed",), need_key=need_key, resource_key=resource_key
    ):
        await lists.answer_proposal(
            ctx.engine, community, one.uid, stage="declined", by=actor.uid, at=ctx.now(), reason=NO_MORE
        )
