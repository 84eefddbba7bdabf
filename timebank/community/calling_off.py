"""The way back from `arranging`: a service called off, and everything that was promised for it set free."""

from __future__ import annotations

from dataclasses import replace

from ledger import VoidHold
from marketplace import store as lists
from marketplace.claims import Stage, release
from marketplace.values import Window
from timebank.access import Actor
from timebank.community.plan_stale import mark_plan_stale
from timebank.community.saying import say, say_of_all
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import AlreadyDone, WrongMoment
from timebank.rules.parts.attendance import Off, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.oversight import audit


async def call_off(
    ctx: Context, actor: Actor, service: Service, *, reason: str, off: Off, told_as: str = "called_off"
) -> Service:
    """The service cancelled, its helpers told and set free, held hours given back, the need on the list again.

    Runs in the caller's unit of work; who does not want the need any more closes it afterwards. `reason` is kept beside
    the attendance, not in the audit log, because people write names.

    Args:
        told_as: the kind of news it is told as; "" where the caller tells something better.

    Raises:
        AlreadyDone: it is over. WrongMoment: somebody has already come; what was done is recorded, not cancelled.
    """
    parts = await services.attendances(ctx.engine, service.uid, lock=True)
    if service.state in {ServiceState.DONE, ServiceState.CANCELLED}:
        raise AlreadyDone("这次服务已经结束或取消了。", "This service is already over or called off.")
    if any(part.state not in {State.SIGNED_UP, State.NO_SHOW, State.CANCELLED} for part in parts):
        raise WrongMoment(
            "已经有人到了，不能取消；请照实记录。", "Somebody has already come: record it as it was."
        )
    going = [part for part in parts if part.state is State.SIGNED_UP]
    called_off = replace(service, state=ServiceState.CANCELLED, off=off, hold_uid="", payer="institution")

    closing = ctx.ids.uid("Q")
    for part in going:
        await say(ctx, actor, part, service, Said.OFF, note=reason, closing=closing)
    if not going:
        # Where nobody is named yet it can be taken back all the same.
        await say_of_all(ctx, actor, service, Said.OFF, note=reason, closing=closing)
    if service.hold_uid:
        await ctx.book(service.community).post(
            VoidHold(key=f"call-off:{service.hold_uid}", hold=service.hold_uid, actor=actor.uid), at=ctx.now()
        )
    await services.save_service(ctx.engine, called_off)
    if off not in {Off.RAIN, Off.MOVED}:
        await _take_back(ctx, actor, service, reason)

    await audit.note(ctx, actor, "call_off", object=service.uid)
    await _tell(ctx, actor, service, {part.member for part in going} | {service.recipient}, told_as)
    return called_off


async def _tell(ctx: Context, actor: Actor, service: Service, people: set[str], kind: str) -> None:
    if not kind:
        return
    known = {
        "community": service.community, "kind": kind, "service": service.uid,
        "at": service.starts_at.isoformat(timespec="minutes"),
    }  # fmt: skip
    for uid in sorted(people - {""}):
        await news.put(ctx, member=uid, pressed_by=actor.uid, **known)
    if service.lead not in people | {"", actor.uid}:
        await tell_duty(ctx, member=service.lead, by=actor.uid, **known)


async def _take_back(ctx: Context, actor: Actor, service: Service, reason: str) -> None:
    """What was promised for the service is free again: the need's line, the proposal and the claim behind it."""
    if not service.need_key:
        return
    engine, community, at = ctx.engine, service.community, ctx.now()
    stretch = Window(service.starts_at, service.ends_at)
    await lists.reopen_line(engine, community, "need", service.need_key, at=at)
    await mark_plan_stale(ctx, community)
    for one in await lists.proposals(engine, community, need_key=service.need_key, stages=("accepted",)):
        if one.window.overlap(stretch):
            await lists.answer_proposal(
                engine, community, one.uid, stage="released", by=actor.uid, at=at, reason=reason
            )
    for claim in await lists.claims(engine, community, stages=(Stage.ACCEPTED,)):
        if service.need_key not in (claim.line_key, claim.with_key):
            continue
        if claim.window is None or claim.window.overlap(stretch):
            await lists.answer_claim(
                engine, community, claim.uid, lambda c, _line: release(c, by=actor.uid, at=at, reason=reason)
            )
