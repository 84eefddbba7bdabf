"""The desk's one press when somebody did not come: send another, at once."""

from __future__ import annotations

from dataclasses import replace

from timebank.access import Actor
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField
from timebank.help.posting.paying import wind_up
from timebank.help.promises.standing_in import starts_instead
from timebank.help.services.joining import join, name_helper
from timebank.help.services.loading import service_for
from timebank.rules.parts.attendance import Attendance, Off, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.oversight import audit

MAY_BE_REPLACED = frozenset({State.SIGNED_UP, State.NO_SHOW})


async def send_instead(
    ctx: Context, actor: Actor, service_uid: str, *, member: str, part: str = ""
) -> Attendance:
    """Somebody else goes: to the hour that was arranged while it lies ahead, else in half an hour.

    After the hour the old part ends as "did not come", and the new one gets an hour of its own, so that each counts what
    it was. An hour that a team or unit has given back is arranged anew, without them.

    Raises:
        NotFound; AlreadyDone: somebody is there; BadField, Clash, GuardianNeeded: the helper cannot.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "SendInstead", service_uid)
        ahead = service.starts_at > ctx.now()
        given_back = service.off is Off.RELEASED
        if ahead and not given_back:
            return await name_helper(ctx, actor, service_uid, member=member)
        if member == service.recipient:
            raise BadField("不能自己帮自己记时。", "Nobody helps themselves on the book.", field="member")
        if not given_back:
            await _ends_without(ctx, actor, service, part)
        starts_at = starts_instead(service, ctx.now())
        again = replace(
            service, uid=ctx.ids.uid("S"), starts_at=starts_at, ends_at=starts_at + (service.ends_at - service.starts_at),
            payer="institution", hold_uid="", state=ServiceState.PLANNED, off=None, moved_to="", capacity=1,
        )  # fmt: skip
        if given_back:
            again = replace(again, team="", unit="", lead="")
        private = await services.service_private(ctx.engine, service.uid)
        await services.add_service(
            ctx,
            again,
            created_by=actor.uid,
            place_exact=private.place_exact,
            note_private=private.note_private,
        )
        goes = await join(ctx, actor, again, member)
        await audit.note(ctx, actor, "send_instead", object=goes.uid, reason=service.uid)
        await _tell(ctx, actor, again, member)
    return goes


async def _ends_without(ctx: Context, actor: Actor, service: Service, uid: str) -> None:
    """Whoever was expected did not come; somebody who is there is not replaced."""
    parts = await services.attendances(ctx.engine, service.uid, lock=True)
    meant = [one for one in parts if one.uid == uid or (not uid and one.state is State.SIGNED_UP)]
    if any(one.state not in MAY_BE_REPLACED for one in meant):
        raise AlreadyDone("那边已经有人到了。", "Somebody is there already.")
    for one in meant:
        if one.state is State.SIGNED_UP:
            await say(ctx, actor, one, service, Said.FOUND_NOT)
    await wind_up(ctx, service)


async def _tell(ctx: Context, actor: Actor, service: Service, member: str) -> None:
    known = {"service": service.uid, "helper": member, "at": service.starts_at.isoformat(timespec="minutes")}
    for told, kind in ((member, "you_go"), (service.recipient, "help_comes")):
        if told and told != actor.uid:
            await news.put(ctx, community=service.community, member=told, kind=kind, **known)
