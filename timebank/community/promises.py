"""The lines of an owner who will not be there any more: off the lists, and nobody waits for an answer about them.

An owner is a member by uid, or an organisation by code. Nothing is deleted: a line is closed, a claim and a proposal are
answered, and whoever waited is told.
"""

from __future__ import annotations

from marketplace import claims as rules
from marketplace import store as lists
from marketplace.claims import Claim, Stage
from timebank.access import Actor
from timebank.context import Context
from timebank.store.channels import news
from timebank.store.help import lines
from timebank.store.members import people

NO_MORE = "不再需要"


async def end_lines(ctx: Context, actor: Actor, community: str, owner: str) -> None:
    """Open needs and offers closed, their proposals and the open claims of either side answered; in the caller's unit."""
    needs = [line.need.line_key for line in await lines.filed_by(ctx.engine, community, owner)]
    standing = [
        line.need.line_key for line in await lines.filed_by(ctx.engine, community, owner, open_only=True)
    ]
    offers = [one.line_key for one in await lists.resources(ctx.engine, community, owner=owner)]
    for key in standing:
        await _withdraw_proposals(ctx, actor, community, need_key=key)
        await lists.close_line(ctx.engine, community, "need", key, at=ctx.now())
    await _answer_claims(ctx, actor, community, owner, {*needs, *offers})
    for key in offers:
        await _withdraw_proposals(ctx, actor, community, resource_key=key)
        await lists.close_line(ctx.engine, community, "resource", key, at=ctx.now())


async def _answer_claims(ctx: Context, actor: Actor, community: str, owner: str, own: set[str]) -> None:
    """Open claims the owner made are withdrawn, those on the owner's lines declined."""
    at = ctx.now()

    def withdrawn(one: Claim, _line: object) -> Claim:
        return rules.withdraw(one, by=one.claimant, at=at, reason=NO_MORE)

    # A claim that nobody answered in time is over already, and cannot be answered any more.
    await lists.expire_claims(ctx.engine, community, at=at)
    for one in await lists.claims(ctx.engine, community, stages=(Stage.OPEN,)):
        if one.claimant == owner:
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
                    ctx, community=community, member=one.claimant, kind="claim_declined",
                    pressed_by=actor.uid, claim=one.uid,
                )  # fmt: skip


async def _withdraw_proposals(
    ctx: Context, actor: Actor, community: str, *, need_key: str = "", resource_key: str = ""
) -> None:
    for one in await lists.proposals(
        ctx.engine, community, stages=("proposed",), need_key=need_key, resource_key=resource_key
    ):
        await lists.answer_proposal(
            ctx.engine, community, one.uid, stage="declined", by=actor.uid, at=ctx.now(), reason=NO_MORE
        )
