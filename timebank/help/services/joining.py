"""Having a place in a service: signing up, being named, and saying that one cannot come."""

from __future__ import annotations

from collections.abc import Iterable

from timebank.access import Actor
from timebank.community.eligibility import refuse_ineligible
from timebank.community.saying import say
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import BadField, Clash, NotFound
from timebank.help.promises.standing_in import ask_stand_ins
from timebank.help.services.loading import GONE, may_join, part_for, service_for
from timebank.help.services.people import who_came
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State, busy_in
from timebank.rules.parts.statements import Said
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.locks import one_at_a_time
from timebank.store.members import ages, people
from timebank.store.oversight import audit
from timebank.store.relations import rosters


async def sign_up(ctx: Context, actor: Actor, service_uid: str) -> Attendance:
    """The actor's own place in an open shift.

    Raises:
        NotFound: no such shift, or one that is arranged and not joined.
        Full, Clash, GuardianNeeded, WrongMoment: as named.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "SignUp", service_uid)
        if not may_join(service, await rosters.team_codes_of(ctx.engine, actor.uid, ctx.today())):
            raise NotFound()
        part = await join(ctx, actor, service, actor.uid)
        await audit.note(ctx, actor, "sign_up", object=part.uid)
    return part


async def join(ctx: Context, actor: Actor, service: Service, member: str) -> Attendance:
    """A place in `service` for `member`, new or taken up again; in the caller's unit of work."""
    await one_at_a_time(ctx.engine, f"helper:{member}")
    row = await people.member(ctx.engine, member)
    if row is None or row.community != service.community or row.life is not Life.ACTIVE:
        raise NotFound()
    mine = await services.attendances_of(
        ctx.engine, member, states=[state for state in State if state not in GONE]
    )
    busy = [busy_in(part, other) for part, other in mine if other.state is not ServiceState.CANCELLED]
    await refuse_ineligible(ctx, service, member)
    before = await services.attendance_of(ctx.engine, service.uid, member)
    try:
        part = attendance.sign_up(
            service,
            uid=before.uid if before else ctx.ids.uid("A"),
            member=member,
            at=ctx.now(),
            taken=await services.taken(ctx.engine, service.uid),
            busy=busy,
            minor_without_consent=await ages.minor_without_consent(
                ctx.engine, member, service.starts_at.astimezone(ctx.zone).date()
            ),
        )
    except Clash as refusal:
        if member == actor.uid:
            raise
        says = (await people.cards(ctx.engine, [member]))[member].says
        raise Clash(
            f"{says}这个时间已经有别的安排。", f"{says} is already somewhere else at that time."
        ) from refusal
    if before is None:
        await services.add_attendance(ctx.engine, part)
        return part
    attendance.refuse_rejoining(before)
    return await say(ctx, actor, before, service, Said.JOINED)


async def cancel_attendance(ctx: Context, actor: Actor, attendance_uid: str, *, note: str = "") -> Attendance:
    """The helper will not come. A visit stays planned, and the desk and the person helped are told.

    Raises:
        NotFound; WrongMoment: it has begun.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "CancelAttendance", attendance_uid, recipient=False)
        attendance.refuse_cancelling(part)
        part = await say(ctx, actor, part, service, Said.CANNOT, note=note)
        await audit.note(ctx, actor, "cancel_attendance", object=part.uid)
        for told in without(actor, (service.recipient, service.lead, await desk_of(ctx, service))):
            known = {"community": service.community, "kind": "helper_cancelled", "service": service.uid}
            if told == service.recipient:
                await news.put(ctx, member=told, **known)
            else:
                await tell_duty(ctx, member=told, by=actor.uid, **known)
        await ask_stand_ins(ctx, service, without=part.member)
    return part


async def name_helper(
    ctx: Context, actor: Actor, service_uid: str, *, member: str = "", name: str = "", phone: str = ""
) -> Attendance:
    """Who goes for a team or a unit, or in place of a helper who cancelled.

    Raises:
        NotFound; BadField; Full: somebody is named already; Clash, GuardianNeeded.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "NameHelper", service_uid)
        uid = member or await who_came(
            ctx, service.community, name=name, phone=phone, team=service.team, file=service.uid, by=actor.uid
        )
        if uid == service.recipient:
            raise BadField("不能自己帮自己记时。", "Nobody helps themselves on the book.", field="name")
        part = await join(ctx, actor, service, uid)
        await audit.note(ctx, actor, "name_helper", object=part.uid)
        for told, kind in ((uid, "you_go"), (service.recipient, "help_comes")):
            if told and told != actor.uid:
                await news.put(
                    ctx, community=service.community, member=told, kind=kind, service=service.uid, helper=uid,
                    at=service.starts_at.isoformat(timespec="minutes"),
                )  # fmt: skip
    return part


def without(actor: Actor, uids: Iterable[str]) -> list[str]:
    return sorted(set(uids) - {"", actor.uid})


async def desk_of(ctx: Context, service: Service) -> str:
    """Who at the desk hears of it: whoever arranged the service, when a worker did."""
    arranged = await services.created_by(ctx.engine, service.uid)
    here = [card.uid for card in await rosters.workers_of(ctx.engine, service.community, ctx.today())]
    return arranged if arranged in here else (here[0] if here else "")
