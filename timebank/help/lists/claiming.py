"""双向认领: either side claims the other's line, its owner answers, and a yes becomes a service in the same breath.

Who claims is written on a claim as a member's uid, as the code of a team or a unit, or as the office itself. The owner
of a line answers for it: the elder or a proxy, a unit's contact, a team's leader; the desk answers for the community
and wherever an owner has nobody at a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from marketplace import claims as rules
from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.claims import Claim, Side, Stage
from marketplace.values import Need, Resource, Window
from timebank.access import Actor, Facts, Role, sees
from timebank.community.eligibility import refuse_unadmitted
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import NotFound, WrongMoment
from timebank.help.lists.parties import (
    OwnedLine,
    answerers,
    answering,
    called,
    claimant_for,
    either_side,
    facts_of_claimant,
    is_mine,
    line_of,
    loaded,
    may,
    own_need,
)
from timebank.help.lists.promised import arranged, call_off, fits_line
from timebank.help.owners import people_of
from timebank.rules.parts.attendance import Service
from timebank.store.channels import news
from timebank.store.members import people
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One claim as the inbox shows it.

    Attributes:
        who: what the claimant is called, for the people who may answer.
        title: of the line claimed; mine: the reader is the claimant; answers: the reader may answer it.
    """

    claim: Claim
    title: str
    who: str
    mine: bool
    answers: bool


class BecomesPost(WrongMoment):
    """The line is a post: it is claimed where posts are, and lasts."""

    code = "becomes_post"
    zh, en = "这是一个岗位，请到“岗位”那一页认领。", "This is a post; claim it on the page of posts."


async def claim_line(
    ctx: Context,
    actor: Actor,
    *,
    side: str,
    key: str,
    as_whom: str = "",
    window: Window,
    quantity: int = 1,
    with_key: str = "",
) -> Claim:
    """A claim on somebody's line, waiting for the owner's answer.

    Args:
        as_whom: `me`, `office`, `team:<code>` or `unit:<code>`; the likeliest when left out.
        with_key: the need that a claimed resource is for; the claimant's own new need when left out.

    Raises:
        NotFound: no such line; NotAllowed: not for this person to claim.
        BadField: the hour is over, or not one of the line's; ClaimRefused: a subclass says why.
        NotAdmitted: the need asks something of its helper that the claimant cannot show.
    """
    async with ctx.engine.atomic():
        line = await line_of(ctx, actor.community, Side(side), key)
        sees(actor, "ClaimLine", line.facts)
        if isinstance(line.line, Need) and line.line.becomes:
            raise BecomesPost()
        claimant = await claimant_for(ctx, actor, side, as_whom)
        if side == Side.RESOURCE.value and with_key:
            await own_need(ctx, actor, with_key)

        now = ctx.now()
        await fits_line(ctx, actor.community, line.line, window)
        await _refuse_unadmitted(ctx, actor.community, line.line, claimant, window)
        days = ctx.policy_of(actor.community).lists.days_to_answer
        expires_at = min(now + timedelta(days=days), max(window.starts_at, now + timedelta(hours=1)))

        made = await lists.claim_line(
            ctx.engine, actor.community, Side(side), key, uid=ctx.ids.uid("C"), claimant=claimant,
            quantity=quantity, window=window, with_key=with_key, at=now, expires_at=expires_at, zone=ctx.zone,
        )  # fmt: skip

        await audit.note(ctx, actor, "claim_line", object=made.uid, reason=key)
        for uid in await answerers(ctx, line):
            await tell_duty(
                ctx, community=actor.community, member=uid, kind="line_claimed", by=actor.uid,
                claim=made.uid,
            )  # fmt: skip
    return made


async def _refuse_unadmitted(
    ctx: Context, community: str, line: Need | Resource, claimant: str, window: Window
) -> None:
    """Refuse somebody who claims a need by themselves and lacks what it asks of its helper; a team names somebody later."""
    if isinstance(line, Need) and await people.member(ctx.engine, claimant):
        await refuse_unadmitted(
            ctx, community, claimant, category=line.categories[0] if line.categories else "",
            line_key=line.line_key, on=window.starts_at.astimezone(ctx.zone).date(),
        )  # fmt: skip


async def accept(ctx: Context, actor: Actor, uid: str) -> Service:
    """The owner's yes: the claim is accepted and becomes a service, together or not at all.

    Raises:
        NotFound: no such claim, or not this person's to answer.
        ClaimRefused, AppRefusal: the claim is closed already, or the helper cannot come.
    """
    async with ctx.engine.atomic():
        claim, line = await loaded(ctx, actor, uid)
        answering(actor, "AcceptClaim", claim, line)

        answered = await lists.answer_claim(
            ctx.engine,
            actor.community,
            uid,
            lambda one, owned: rules.accept(one, owned, by=owned.owner, at=ctx.now()),
        )
        service = await arranged(ctx, actor, answered, line)

        await audit.note(ctx, actor, "accept_claim", object=uid, reason=service.uid)
        await news.answered(ctx.engine, uid)
        # Whoever the service itself told when it is, has heard the better half of it.
        told = {one.member for one in await news.about(ctx.engine, service.uid)}
        for member in await people_of(ctx, actor.community, claim.claimant):
            if member not in told:
                await news.put(
                    ctx, community=actor.community, member=member, kind="claim_accepted",
                    pressed_by=actor.uid, claim=uid,
                )  # fmt: skip
    return service


async def decline(ctx: Context, actor: Actor, uid: str, *, reason: str) -> Claim:
    """The owner's no, with a reason for the claimant."""
    async with ctx.engine.atomic():
        claim, line = await loaded(ctx, actor, uid)
        answering(actor, "DeclineClaim", claim, line)
        answered = await lists.answer_claim(
            ctx.engine,
            actor.community,
            uid,
            lambda one, owned: rules.decline(one, owned, by=owned.owner, at=ctx.now(), reason=reason),
        )
        # What people write as a reason stays with the claim: the log is never erased, and people write names.
        await audit.note(ctx, actor, "decline_claim", object=uid)
        await news.answered(ctx.engine, uid)
        for member in await people_of(ctx, actor.community, claim.claimant):
            await news.put(
                ctx, community=actor.community, member=member, kind="claim_declined",
                pressed_by=actor.uid, claim=uid,
            )  # fmt: skip
    return answered


async def expire(ctx: Context, community: str) -> int:
    """Claims that nobody answered in time are over, and whoever made them is told; how many."""
    done, at = 0, ctx.now()
    for one in await lists.claims(ctx.engine, community, stages=(Stage.OPEN,)):
        if not rules.lapsed(one, at=at):
            continue
        async with ctx.engine.atomic():
            after = await lists.answer_claim(
                ctx.engine, community, one.uid, lambda claim, _line: rules.expire(claim, at=at)
            )
            if after.stage is not Stage.EXPIRED:
                continue  # Answered in this very moment.
            await news.answered(ctx.engine, one.uid)
            for member in await people_of(ctx, community, one.claimant):
                await news.put(
                    ctx,
                    community=community,
                    member=member,
                    kind="claim_expired",
                    pressed_by="",
                    claim=one.uid,
                )
            done += 1
    return done


async def withdraw(ctx: Context, actor: Actor, uid: str) -> Claim:
    """The claimant takes it back before an answer."""
    async with ctx.engine.atomic():
        claim, _line_of = await loaded(ctx, actor, uid)
        sees(actor, "WithdrawClaim", await facts_of_claimant(ctx, actor.community, claim))
        answered = await lists.answer_claim(
            ctx.engine,
            actor.community,
            uid,
            lambda one, _owned: rules.withdraw(one, by=one.claimant, at=ctx.now()),
        )
        await audit.note(ctx, actor, "withdraw_claim", object=uid)
        await news.answered(ctx.engine, uid)
    return answered


async def release(ctx: Context, actor: Actor, uid: str, *, reason: str) -> Claim:
    """An accepted claim called off by either side, up to the day itself; the service is called off with it.

    Raises:
        NotYet: nothing was arranged for it; WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        claim, line = await loaded(ctx, actor, uid)
        facts = await facts_of_claimant(ctx, actor.community, claim)
        either_side(actor, claim, line, facts)
        # Which side called off counts for how a unit keeps its word; who pressed the button stands in the log.
        own = is_mine(actor, claim, facts)
        answered = await lists.answer_claim(
            ctx.engine,
            actor.community,
            uid,
            lambda one, owned: rules.release(
                one, by=one.claimant if own else owned.owner, at=ctx.now(), reason=reason
            ),
        )
        await call_off(ctx, actor, claim, reason)
        await audit.note(ctx, actor, "release_claim", object=uid)
    return answered


def _reads(actor: Actor, facts: Facts) -> bool:
    """Whoever answers by a mandate alone must also be allowed to read what the person asked for."""
    acted_for = facts.owners & actor.mandates.keys()
    if not acted_for or actor.uid in facts.owners or actor.has(Role.WORKER):
        return True
    return all("read" in actor.mandates[owner] for owner in acted_for)


async def inbox(ctx: Context, actor: Actor, lang: str = "zh-CN") -> tuple[list[Claimed], list[Claimed]]:
    """(claims this person may answer, claims they made), the oldest waiting first and the answered ones last."""
    sees(actor, "ClaimsInbox", Facts(community=actor.community, owners=frozenset({actor.uid, actor.subject})))
    known = await lists.claims(ctx.engine, actor.community)
    lines: dict[tuple[Side, str], OwnedLine] = {}
    answer: list[Claimed] = []
    mine: list[Claimed] = []
    for claim in known:
        at = (claim.side, claim.line_key)
        if at not in lines:
            try:
                lines[at] = await line_of(ctx, actor.community, *at)
            except NotFound:
                continue
        closed = rules.lapsed(claim, at=ctx.now())
        shown = replace(claim, stage=Stage.EXPIRED) if closed else claim
        own = is_mine(actor, claim, await facts_of_claimant(ctx, actor.community, claim))
        answers = may(actor, "AcceptClaim", lines[at].facts) and _reads(actor, lines[at].facts) and not own
        if not own and not answers:
            continue
        who = await called(ctx, actor.community, claim.claimant)
        one = Claimed(claim=shown, title=lines[at].title(lang), who=who, mine=own, answers=answers)
        (mine if own else answer).append(one)
    waiting_first = {Stage.OPEN: 0, Stage.ACCEPTED: 1}
    for found in (answer, mine):
        found.sort(key=lambda one: (waiting_first.get(one.claim.stage, 2), one.claim.opened_at))
    return answer, mine


def moment(text: str) -> datetime | None:
    """An aware moment written as ISO 8601; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def window_of(text: str) -> Window | None:
    """The stretch `start/end` that a form or a program names; None when it is none."""
    starts, _mark, ends = text.partition("/")
    starts_at, ends_at = moment(starts), moment(ends)
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    return Window(starts_at, ends_at)


async def needs_to_serve(ctx: Context, actor: Actor, line: object) -> list[Need]:
    """Open needs that the reader may ask this resource for: the desk's choice, or a unit's own."""
    if not isinstance(line, Resource) or not actor.has(Role.WORKER, Role.UNIT):
        return []
    open_needs = await lists.needs(ctx.engine, actor.community)
    tree = default_tree()
    return [
        need
        for need in open_needs
        if (actor.has(Role.WORKER) or need.owner in actor.units)
        and any(tree.covers(offered, wanted) for offered in line.categories for wanted in need.categories)
    ]
