"""A date that does not take place: called off by whoever is helped, rained off, or moved to another hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from marketplace import store as lists
from marketplace.values import Need
from timebank.access import Actor
from timebank.community.calling_off import call_off
from timebank.community.saying import say, say_of_all
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, WrongMoment
from timebank.help.arranging import LIVE, comes_once
from timebank.help.on_the_way import end_need
from timebank.help.promises.standing_in import ask_stand_ins
from timebank.help.services.joining import desk_of, without
from timebank.help.services.loading import service_for
from timebank.rules.parts.attendance import Attendance, Off, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import lines, services, statements
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit


async def call_off_date(
    ctx: Context, actor: Actor, service_uid: str, *, whole_series: bool = False, note: str = ""
) -> Service:
    """The person helped does not want this date, or none from now on; whoever was to come is told.

    A need that comes once is over with its only date; of one that comes again, the other dates stay.

    Raises:
        NotFound; AlreadyDone: it is over; WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "CallOffDate", service_uid)
        key = service.need_key
        if key:
            await one_at_a_time(ctx.engine, f"need:{service.community}:{key}")
        found = await lines.filed(ctx.engine, service.community, key) if key else None
        again = found is not None and bool(found.need.when.recurrences or found.need.when.demand)
        if found is not None and (whole_series or not again):
            await end_need(
                ctx, actor, service.community, key, owner=found.need.owner, reason=note,
                off=Off.SERIES if again else Off.DATE,
            )  # fmt: skip
        else:
            await call_off(ctx, actor, service, reason=note, off=Off.DATE)
            if found is not None:
                await _without_the_day(ctx, service, found.need)
        await audit.note(ctx, actor, "call_off_date", object=service.uid)
    after = await services.service(ctx.engine, service_uid)
    assert after is not None
    return after


async def _without_the_day(ctx: Context, service: Service, need: Need) -> None:
    """The day taken out of the need, so that nobody is asked for it again."""
    day = service.starts_at.astimezone(ctx.zone).date()
    when = replace(need.when, except_dates=tuple(sorted({*need.when.except_dates, day})))
    private = await lists.need_private(ctx.engine, service.community, need.line_key) or need
    await lists.edit_need(ctx.engine, service.community, replace(private, when=when), at=ctx.now())


async def give_back(ctx: Context, actor: Actor, service_uid: str, *, note: str = "") -> Service:
    """A team or unit that had promised a date, and named nobody, gives it back: the need is looked after anew.

    Raises:
        NotFound; AlreadyDone; WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "NameHelper", service_uid)
        off = await call_off(ctx, actor, service, reason=note, off=Off.RELEASED, told_as="helper_cancelled")
        for told in without(actor, (await desk_of(ctx, service),)):
            await tell_duty(
                ctx,
                community=service.community,
                member=told,
                kind="helper_cancelled",
                by=actor.uid,
                service=service.uid,
            )
        await ask_stand_ins(ctx, service, without="")
    return off


async def rain_off(ctx: Context, actor: Actor, service_uid: str) -> Service:
    """A shift that does not take place for the weather; everybody on it is told.

    Raises:
        NotFound; AlreadyDone; WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "MoveService", service_uid)
        return await call_off(ctx, actor, service, reason="", off=Off.RAIN, told_as="rained_off")


async def move(ctx: Context, actor: Actor, service_uid: str, *, starts_at: datetime) -> Service:
    """The same at another hour: a new service with the same people, who say there whether they can; the old one says where to.

    Raises:
        NotFound; BadField: the hour is past; AlreadyDone; WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "MoveService", service_uid)
        if starts_at <= ctx.now():
            raise BadField("这个时间已经过去了。", "That hour is past.", field="to")
        if starts_at == service.starts_at:
            raise BadField("时间没有变。", "That is the same hour.", field="to")
        parts = [
            one
            for one in await services.attendances(ctx.engine, service.uid, lock=True)
            if one.state is State.SIGNED_UP
        ]
        moved = replace(
            service, uid=ctx.ids.uid("S"), starts_at=starts_at, ends_at=starts_at + (service.ends_at - service.starts_at),
            hold_uid="", payer="institution", state=ServiceState.PLANNED,
        )  # fmt: skip
        private = await services.service_private(ctx.engine, service.uid)
        await call_off(ctx, actor, service, reason="", off=Off.MOVED, told_as="")
        await services.add_service(
            ctx,
            moved,
            created_by=actor.uid,
            place_exact=private.place_exact,
            note_private=private.note_private,
        )
        for part in parts:
            await services.add_attendance(
                ctx.engine,
                Attendance(
                    uid=ctx.ids.uid("A"), service=moved.uid, member=part.member, signed_up_at=ctx.now()
                ),
            )
        old = await services.service(ctx.engine, service.uid)
        assert old is not None
        await services.save_service(ctx.engine, replace(old, moved_to=moved.uid))
        await audit.note(ctx, actor, "move_service", object=service.uid, reason=moved.uid)
        await _tell_moved(ctx, actor, moved, {part.member for part in parts})
    return moved


async def _tell_moved(ctx: Context, actor: Actor, moved: Service, people: set[str]) -> None:
    known = {"service": moved.uid, "at": moved.starts_at.isoformat(timespec="minutes")}
    for uid in sorted((people | {moved.recipient}) - {"", actor.uid}):
        await news.put(ctx, community=moved.community, member=uid, kind="moved", **known)
    if moved.lead and moved.lead not in people | {actor.uid}:
        await tell_duty(
            ctx, community=moved.community, member=moved.lead, kind="moved", by=actor.uid, **known
        )


async def back_on(ctx: Context, actor: Actor, service: Service, *, closing: str) -> Service:
    """A date that was called off by mistake takes place after all; everybody who had been told is told again.

    Raises:
        WrongMoment: its hour has come, or it was moved; AlreadyDone: it was arranged anew meanwhile.
    """
    assert ctx.engine.in_unit(), "taking back belongs to the press that does it"
    if service.starts_at <= ctx.now() or service.moved_to:
        raise WrongMoment("已经改不回去了，请重新约。", "It is too late for that: arrange it anew.")
    if await _arranged_anew(ctx, service):
        raise AlreadyDone("这一次已经另约好了。", "It has been arranged anew meanwhile.")
    again = replace(service, state=ServiceState.PLANNED, off=None)
    await services.save_service(ctx.engine, again)
    for part in await services.attendances(ctx.engine, service.uid, lock=True):
        await _took_back(ctx, actor, part, again, closing)
    for one in await statements.of_service(ctx.engine, service.uid):
        if not one.part and one.closing == closing and one.what is Said.OFF:
            await say_of_all(ctx, actor, again, Said.RETRACT, retracts=one.uid)
    if service.need_key:
        await _wanted_again(ctx, again)
    return again


async def _arranged_anew(ctx: Context, service: Service) -> bool:
    """Whether somebody comes that day already for the same need."""
    if not service.need_key:
        return False
    live = await services.services(ctx.engine, service.community, need_key=service.need_key, states=LIVE)
    day = service.starts_at.astimezone(ctx.zone).date()
    return any(one.starts_at.astimezone(ctx.zone).date() == day for one in live)


async def _wanted_again(ctx: Context, service: Service) -> None:
    """The day stands in the need again; one that comes once is settled by its date."""
    need = await lists.need_private(ctx.engine, service.community, service.need_key)
    if need is None:
        return
    day = service.starts_at.astimezone(ctx.zone).date()
    if day in need.when.except_dates:
        left = tuple(one for one in need.when.except_dates if one != day)
        changed = replace(need, when=replace(need.when, except_dates=left))
        await lists.edit_need(ctx.engine, service.community, changed, at=ctx.now())
    elif comes_once(need):
        await lists.close_line(ctx.engine, service.community, "need", service.need_key, at=ctx.now())


async def _took_back(ctx: Context, actor: Actor, part: Attendance, service: Service, closing: str) -> None:
    for one in await statements.of_part(ctx.engine, part.uid):
        if one.closing == closing and one.what is Said.OFF:
            await say(ctx, actor, part, service, Said.RETRACT, retracts=one.uid)
            await news.put(
                ctx, community=service.community, member=part.member, kind="you_go", service=service.uid,
                helper=part.member, at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
