"""A need with somebody on the way is not changed under their feet; who does not want it any more calls them off first."""

from __future__ import annotations

from marketplace import store as lists
from timebank.access import Actor
from timebank.community.calling_off import call_off
from timebank.context import Context
from timebank.errors import AlreadyDone
from timebank.help.owners import people_of
from timebank.rules.parts.attendance import ENDED, Off, Service, ServiceState
from timebank.store.channels import news
from timebank.store.help import services

_COMING = (ServiceState.PLANNED, ServiceState.UNDER_WAY)


async def coming(ctx: Context, community: str, need_key: str) -> list[Service]:
    """Services that are planned or under way for a need."""
    return await services.services(ctx.engine, community, need_key=need_key, states=_COMING)


async def free_of_nobody(ctx: Context, actor: Actor, community: str, need_key: str) -> None:
    """Visits to which nobody comes called off, so that the need may ask for another time; in the caller's unit of work."""
    for service in await coming(ctx, community, need_key):
        parts = await services.attendances(ctx.engine, service.uid)
        if service.unit or service.team or any(part.state not in ENDED for part in parts):
            continue
        if service.state is ServiceState.PLANNED:
            await call_off(ctx, actor, service, reason="", off=Off.RELEASED, told_as="")


async def refuse_while_coming(ctx: Context, community: str, need_key: str) -> None:
    """Refuse to change a need that somebody is coming for.

    Raises:
        AlreadyDone: somebody is; the visit is called off first.
    """
    if await coming(ctx, community, need_key):
        raise AlreadyDone(
            "已经约好人了，请先取消这次安排再改。",
            "Somebody is already coming. Call that off before changing it.",
        )


async def end_need(
    ctx: Context,
    actor: Actor,
    community: str,
    need_key: str,
    *,
    owner: str,
    reason: str,
    off: Off = Off.SERIES,
) -> None:
    """The need over: whoever was to come is told and set free, held hours are given back, and it leaves its list.

    In the caller's unit of work.

    Raises:
        WrongMoment: somebody has already come.
    """
    for service in await coming(ctx, community, need_key):
        await call_off(ctx, actor, service, reason=reason, off=off)
    await lists.end_line(ctx.engine, community, "need", need_key, on=ctx.today(), at=ctx.now())
    for uid in await people_of(ctx, community, owner):
        await news.put(
            ctx,
            community=community,
            member=uid,
            kind="request_cancelled",
            pressed_by=actor.uid,
            need=need_key,
        )
