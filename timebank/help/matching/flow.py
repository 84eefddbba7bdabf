"""Use cases of matching: make a plan, say yes or no to a proposal, or decide by hand. A person always decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace import store as lists
from marketplace.claims import Side, accept
from marketplace.errors import MarketplaceRefusal
from marketplace.planning import Fixed, Override, Plan, Weighed, override, plan_json, weigh
from marketplace.planning.documents import PlanDocument
from marketplace.store import Proposal
from marketplace.values import Need, Resource, Unit, Week, Window
from timebank.access import NOBODY, Actor, Facts, sees
from timebank.context import Context
from timebank.errors import AppRefusal, BadField, NotFound
from timebank.help.arranging import arrange
from timebank.help.owners import facts_of_owner
from timebank.help.planning.gathering import gather
from timebank.rules.parts.attendance import Service
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A choice somebody made themselves: a line of the list, or a person, for a stretch of time, with the reason.

    `proposal` is the proposal that it takes the place of, "" for none.
    """

    window: Window
    reason: str
    resource_key: str = ""
    member: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """What several yeses at once came to: the services, and why a proposal could not be met, by its need's title."""

    made: tuple[Service, ...]
    refused: tuple[tuple[str, AppRefusal | MarketplaceRefusal], ...]


async def plan_as_json(ctx: Context, community: str, week: Week, lang: str) -> PlanDocument:
    """The whole week's plan as plain values, made anew and not kept: for the command line and for looking ahead.

    It is the plan as of the week's Monday, so that asking again on Thursday gives the same answer.
    """
    given = await gather(ctx, community, week, whole=True)
    return plan_json(given.plan(), _lang(lang))


async def plan_week(
    ctx: Context, actor: Actor | None, community: str, week: Week, *, operation: str = "MakePlan"
) -> tuple[Proposal, ...]:
    """A new plan of the week, kept with its certificate; its matches wait as proposals for somebody's yes.

    Args:
        actor: None when the installation itself plans, from the command line or while seeding.
    """
    if actor is not None:
        sees(actor, operation, Facts(community=community))
    given = await gather(ctx, community, week)
    plan = given.plan()
    async with ctx.engine.atomic():
        uid = ctx.ids.uid("W")
        proposals = await lists.save_plan(ctx.engine, community, plan, uid=uid, at=ctx.now())
        await audit.note(ctx, actor or NOBODY, "make_plan", object=uid, reason=str(week), community=community)
    return proposals


async def accept_proposal(
    ctx: Context, actor: Actor, uid: str, *, operation: str = "AcceptProposal"
) -> Service:
    """The service that a proposal becomes when its helper, their leader or unit, or the desk says yes.

    Raises:
        NotFound: unknown, or not this person's line. WrongStage: answered before, or a newer plan took its place.
        AlreadyDone, Clash: somebody comes already; the helper is elsewhere.
    """
    async with ctx.engine.atomic():
        one, resource = await _proposal_for(ctx, actor, uid, operation)
        need = await lists.need(ctx.engine, actor.community, one.need_key)
        if need is None:
            raise NotFound()
        await lists.answer_proposal(
            ctx.engine, actor.community, uid, stage="accepted", by=actor.uid, at=ctx.now()
        )
        return await arrange(
            ctx,
            actor,
            need=need,
            resource=resource,
            window=one.window,
            helpers=_helpers(need, one.quantity),
            reasons=one.document["reasons"],
            source="plan",
        )


async def accept_proposals(ctx: Context, actor: Actor, uids: Sequence[str]) -> Arranged:
    """A yes to each of these proposals; one that cannot be met any more keeps none of the others from it.

    Raises:
        NotFound: one is unknown, or not this person's line; those before it stay accepted.
    """
    made, refused = [], []
    for uid in dict.fromkeys(uids):
        try:
            made.append(await accept_proposal(ctx, actor, uid))
        except NotFound:
            raise
        except (AppRefusal, MarketplaceRefusal) as refusal:
            one, _resource = await _proposal_for(ctx, actor, uid, "AcceptProposal")
            refused.append((one.document["need"]["title"], refusal))
    return Arranged(made=tuple(made), refused=tuple(refused))


async def decline_proposal(
    ctx: Context, actor: Actor, uid: str, *, reason: str, operation: str = "DeclineProposal"
) -> Proposal:
    """A no; the same two are not proposed to each other again this week."""
    async with ctx.engine.atomic():
        await _proposal_for(ctx, actor, uid, operation)
        declined = await lists.answer_proposal(
            ctx.engine, actor.community, uid, stage="declined", by=actor.uid, at=ctx.now(), reason=reason
        )
        await audit.note(ctx, actor, "decline_proposal", object=uid)
    return declined


async def price_by_hand(
    ctx: Context, actor: Actor, key: str, choice: ByHand, *, operation: str = "DecideByHand"
) -> Weighed | None:
    """What a worker's own choice would cost against the week's plan, before it is made; None where nothing can be compared.

    Raises:
        NotFound: no such need, line or person here. BadField: nobody chosen, or an hour that is over.
    """
    sees(actor, operation, Facts(community=actor.community))
    need = await lists.need(ctx.engine, actor.community, key)
    if need is None:
        raise NotFound()
    if choice.window.ends_at <= ctx.now():
        raise BadField("这个时间已经过去了。", "That time is already past.", field="on")
    resource = await _chosen_line(ctx, actor.community, choice)
    compared = await _beside(ctx, actor, need, resource, choice)
    return None if compared is None else weigh(*compared)


async def decide_by_hand(
    ctx: Context, actor: Actor, key: str, choice: ByHand, *, operation: str = "DecideByHand"
) -> Service:
    """The service that a worker's own choice becomes; the reason stays with it, the cost against the plan in the log.

    Raises:
        NotFound: no such need, line or person here. BadField: no reason, nobody chosen, or an hour that is over.
    """
    need = await lists.need(ctx.engine, actor.community, key)
    if need is None:
        raise NotFound()
    sees(actor, operation, Facts(community=actor.community))
    if not choice.reason:
        raise BadField("请写一句为什么这样选。", "Please say in a few words why.", field="reason")
    if choice.window.ends_at <= ctx.now():
        raise BadField("这个时间已经过去了。", "That time is already past.", field="on")
    resource = await _chosen_line(ctx, actor.community, choice)
    weighed = await _weighed(ctx, actor, need, resource, choice)
    units = await _units(ctx, actor.community, need, choice)
    async with ctx.engine.atomic():
        helper = choice.member or (resource.owner if resource else "")
        await _dispatch(ctx, actor, need, helper, resource, choice.window)
        service = await arrange(
            ctx,
            actor,
            need=need,
            resource=resource,
            window=choice.window,
            helpers=_helpers(need, units),
            member=choice.member,
            reasons=[{"code": "by_hand", "points": 0, "zh": choice.reason, "en": choice.reason}],
            source="by_hand",
        )
        await _replace(ctx, actor, key, choice)
        if weighed is not None:
            await lists.record_override(ctx.engine, actor.community, weighed)
        known = "" if weighed is None else f"cost {weighed.cost}"
        await audit.note(ctx, actor, "decide_by_hand", object=service.uid, reason=known)
    return service


async def _proposal_for(
    ctx: Context, actor: Actor, uid: str, operation: str
) -> tuple[Proposal, Resource | None]:
    one = await lists.proposal(ctx.engine, actor.community, uid)
    if one is None:
        raise NotFound()
    resource = await lists.resource(ctx.engine, actor.community, one.resource_key)
    facts = await facts_of_owner(ctx, actor.community, resource.owner if resource else "")
    sees(actor, operation, facts)
    return one, resource


async def _chosen_line(ctx: Context, community: str, choice: ByHand) -> Resource | None:
    """The line that was chosen; a chosen volunteer's own line when they have one."""
    if choice.resource_key:
        resource = await lists.resource(ctx.engine, community, choice.resource_key)
        if resource is None:
            raise NotFound()
        return resource
    if not choice.member:
        raise BadField("请选一位或一个单位。", "Please choose somebody.", field="who")
    own: Sequence[Resource] = await lists.resources(ctx.engine, community, owner=choice.member)
    return own[0] if own else None


async def _weighed(
    ctx: Context, actor: Actor, need: Need, resource: Resource | None, choice: ByHand
) -> Override | None:
    """The choice beside the week's plan, with what it costs; None for somebody or something off the lists."""
    compared = await _beside(ctx, actor, need, resource, choice)
    if compared is None:
        return None
    return override(*compared, uid=ctx.ids.uid("O"), by=actor.uid, at=ctx.now(), reason=choice.reason)


async def _beside(
    ctx: Context, actor: Actor, need: Need, resource: Resource | None, choice: ByHand
) -> tuple[Plan, Fixed] | None:
    """The week's plan, and the choice as a promise in it."""
    if resource is None:
        return None
    given = await gather(ctx, actor.community, Week.of(choice.window.starts_at.astimezone(ctx.zone).date()))
    if need not in given.needs or resource not in given.resources:
        return None
    fixed = Fixed(
        need_key=need.line_key,
        resource_key=resource.line_key,
        window=choice.window,
        quantity=await _units(ctx, actor.community, need, choice),
    )
    return given.plan(), fixed


async def _units(ctx: Context, community: str, need: Need, choice: ByHand) -> int:
    """Units that the choice meets: as many as the proposal in whose place it stands, else all helpers who are asked for."""
    one = await lists.proposal(ctx.engine, community, choice.proposal) if choice.proposal else None
    if one is not None and one.need_key == need.line_key:
        return one.quantity
    return _helpers(need, need.quantity.helpers or 1)


async def _replace(ctx: Context, actor: Actor, key: str, choice: ByHand) -> None:
    """The proposal in whose place the choice stands waits for nobody's answer any more."""
    if not choice.proposal:
        return
    one = await lists.proposal(ctx.engine, actor.community, choice.proposal)
    if one is not None and one.stage == "proposed" and one.need_key == key:
        await lists.answer_proposal(
            ctx.engine,
            actor.community,
            one.uid,
            stage="superseded",
            by=actor.uid,
            at=ctx.now(),
            reason=choice.reason,
        )


async def _dispatch(
    ctx: Context, actor: Actor, need: Need, helper: str, resource: Resource | None, window: Window
) -> None:
    """An accepted claim in the helper's name, so that plans know of the promise as of any other."""
    claim = await lists.claim_line(
        ctx.engine,
        actor.community,
        Side.NEED,
        need.line_key,
        uid=ctx.ids.uid("C"),
        claimant=helper,
        with_key=resource.line_key if resource else "",
        window=window,
        origin="dispatch",
        at=ctx.now(),
        expires_at=window.ends_at,
        zone=ctx.zone,
    )
    await lists.answer_claim(
        ctx.engine,
        actor.community,
        claim.uid,
        lambda c, line: accept(c, line, by=line.owner, at=ctx.now()),
    )


def _helpers(need: Need, quantity: int) -> int:
    """Places in the service: as many as people are asked for at once, else one."""
    return quantity if need.quantity.helpers or need.quantity.unit is Unit.HELPER else 1


def _lang(lang: str) -> str:
    return "en" if lang == "en" else "zh"
