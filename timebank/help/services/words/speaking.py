"""Words about a part that move no minutes by themselves: sure, on the way, not there, somebody else please, found out."""

from __future__ import annotations

from timebank.access import Actor
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import AlreadyDone, Clash, NotFound, NotYet, OwnHours
from timebank.help.posting.paying import wind_up
from timebank.help.promises.standing_in import ask_stand_ins
from timebank.help.services.joining import desk_of, join, without
from timebank.help.services.loading import is_earner, may_join, part_for, service_for
from timebank.help.services.words.confirming import record_confirmation
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.oversight import audit
from timebank.store.relations import rosters


async def speak(ctx: Context, actor: Actor, attendance_uid: str, what: Said, *, note: str = "") -> Attendance:
    """One's own word before the hour, or that one did not go after all.

    Args:
        what: SURE, ON_WAY, SWAP or NOT_WENT.

    Raises:
        NotFound.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "SpeakForPart", attendance_uid, recipient=False)
        part = await say(ctx, actor, part, service, what, note=note)
        service = await wind_up(ctx, service)
        await audit.note(ctx, actor, "speak_for_part", object=part.uid, reason=what.value)
        if what is Said.ON_WAY and service.recipient:
            await news.put(
                ctx, community=service.community, member=service.recipient, kind="on_way", service=service.uid
            )
        if what is Said.SWAP:
            await ask_stand_ins(ctx, service, without=part.member)
        if what is Said.NOT_WENT:
            await nobody_came(ctx, actor, service, part)
    return part


async def said_came(ctx: Context, actor: Actor, attendance_uid: str) -> Attendance:
    """Somebody whose word counts says that it was so; where the times are not known yet, they are asked for.

    Raises:
        as `record_confirmation`.
    """
    found = await services.attendance(ctx.engine, attendance_uid)
    if found is not None and found.checked_out_at is not None:
        return (await record_confirmation(ctx, actor, attendance_uid)).part
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "ConfirmHours", attendance_uid, earner=False)
        if is_earner(actor, part):
            raise OwnHours()
        if service.starts_at > ctx.now():
            raise NotYet("还没到时间。", "It is not time yet.")
        part = await say(ctx, actor, part, service, Said.WORD)
        service = await wind_up(ctx, service)
        await audit.note(ctx, actor, "said_came", object=part.uid)
        if part.member != actor.uid:
            await news.put(
                ctx, community=service.community, member=part.member, kind="times_missing", service=service.uid,
                attendance=part.uid, at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    return part


async def said_not_came(ctx: Context, actor: Actor, attendance_uid: str, *, note: str = "") -> Attendance:
    """The person helped, or who speaks for them, says that nobody came: the desk asks, and looks for somebody.

    Raises:
        NotFound; NotYet: it has not begun; AlreadyDone: the hours are in the book.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "DisputeHours", attendance_uid, earner=False)
        if service.starts_at > ctx.now():
            raise NotYet("还没到时间。", "It is not time yet.")
        if part.state is State.POSTED:
            raise AlreadyDone("已经入账了，不对请说一声。", "It is in the book: say so if that is wrong.")
        part = await say(ctx, actor, part, service, Said.NOT_CAME, note=note)
        service = await wind_up(ctx, service)
        await audit.note(ctx, actor, "said_not_came", object=part.uid)
        await nobody_came(ctx, actor, service, part)
    return part


async def find_out(
    ctx: Context, actor: Actor, attendance_uid: str, what: Said, *, note: str = ""
) -> Attendance:
    """What the desk, or for a shift its leader, found out by asking: nobody came, or nobody knows.

    Args:
        what: FOUND_NOT or FOUND_UNKNOWN.

    Raises:
        NotFound; OwnHours; AlreadyDone: the hours are in the book; NotYet: it has not begun.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "FindOut", attendance_uid, earner=False, recipient=False)
        if is_earner(actor, part):
            raise OwnHours()
        if part.state is State.POSTED:
            raise AlreadyDone("已经入账了，要改请改正。", "It is in the book: put it right there.")
        if service.starts_at > ctx.now():
            raise NotYet("还没到时间。", "It is not time yet.")
        part = await say(ctx, actor, part, service, what, note=note)
        service = await wind_up(ctx, service)
        await audit.note(ctx, actor, what.value, object=part.uid)
        kind = "did_not" if what is Said.FOUND_NOT else "unknown"
        for told in without(actor, (part.member, service.recipient)):
            kind_for = "hours_refused" if told == part.member and what is Said.FOUND_NOT else kind
            await news.put(
                ctx, community=service.community, member=told, kind=kind_for, service=service.uid,
                attendance=part.uid, at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    return part


async def step_in(ctx: Context, actor: Actor, service_uid: str) -> Attendance:
    """Somebody takes over a place that is free again, or that its holder wants to give away; the first yes wins.

    Raises:
        NotFound: not asked for it, and not of its team; Full; Clash, GuardianNeeded.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "StepIn", service_uid)
        await _may_step_in(ctx, actor, service)
        parts = await services.attendances(ctx.engine, service.uid, lock=True)
        leaves = next((one for one in parts if one.swap_at and one.state is State.SIGNED_UP), None)
        if leaves is not None and leaves.member == actor.uid:
            raise Clash("这是您自己的班。", "That is your own place.")
        if leaves is not None:
            leaves = await say(ctx, actor, leaves, service, Said.SWAPPED)
        part = await join(ctx, actor, service, actor.uid)
        await audit.note(ctx, actor, "step_in", object=part.uid)
        await _tell_new(ctx, actor, service, part, leaves)
    return part


async def _may_step_in(ctx: Context, actor: Actor, service: Service) -> None:
    """Whoever was asked, and anybody who may join the shift."""
    if service.state in {ServiceState.DONE, ServiceState.CANCELLED} or service.ends_at <= ctx.now():
        raise NotFound()
    if may_join(service, await rosters.team_codes_of(ctx.engine, actor.uid, ctx.today())):
        return
    if not await news.was_told(ctx.engine, actor.uid, service.uid, "stand_in_wanted"):
        raise NotFound()


async def _tell_new(
    ctx: Context, actor: Actor, service: Service, part: Attendance, leaves: Attendance | None
) -> None:
    at = service.starts_at.isoformat(timespec="minutes")
    known: dict[str, str | int] = {"service": service.uid, "helper": part.member, "at": at}
    if leaves is not None:
        await news.put(
            ctx,
            community=service.community,
            member=leaves.member,
            kind="swapped_out",
            pressed_by=actor.uid,
            **known,
        )
    for told in without(actor, (service.recipient, service.lead, await desk_of(ctx, service))):
        kind = "help_comes" if told == service.recipient else "stood_in"
        await news.put(
            ctx, community=service.community, member=told, kind=kind, pressed_by=actor.uid, **known
        )
    for told in await news.told_of(ctx.engine, service.uid, "stand_in_wanted"):
        if told != actor.uid:
            await news.put(
                ctx,
                community=service.community,
                member=told,
                kind="stand_in_gone",
                service=service.uid,
                at=at,
            )


async def nobody_came(ctx: Context, actor: Actor, service: Service, part: Attendance) -> None:
    """The desk hears at once, the other side is asked, and the elder that somebody looks for another."""
    known: dict[str, str | int] = {
        "service": service.uid, "attendance": part.uid, "at": service.starts_at.isoformat(timespec="minutes"),
    }  # fmt: skip
    community = service.community
    for told in without(actor, (await desk_of(ctx, service), service.lead)):
        await news.put(
            ctx, community=community, member=told, kind="nobody_came", pressed_by=actor.uid, **known
        )
    if part.member != actor.uid:
        await news.put(
            ctx, community=community, member=part.member, kind="they_say_not", pressed_by=actor.uid, **known
        )
    if service.recipient and service.recipient != actor.uid:
        await news.put(
            ctx,
            community=community,
            member=service.recipient,
            kind="sorry_not_came",
            pressed_by=actor.uid,
            **known,
        )
