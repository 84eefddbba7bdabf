"""Being there and leaving: by oneself, with the four digits of the place, or as somebody else saw it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from timebank.access import Actor
from timebank.community import throttling
from timebank.community.eligibility import day_of
from timebank.community.saying import say
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.errors import Clash, NotFound, WrongCode, WrongMoment
from timebank.help.posting.paying import wind_up
from timebank.help.services.joining import join
from timebank.help.services.loading import GONE, is_earner, is_recipient, may_join, part_for, service_for
from timebank.rules.parts import attendance
from timebank.rules.parts.arrival import arrives_at, fits
from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, State
from timebank.rules.parts.statements import Said, standing_ones
from timebank.store.channels import news
from timebank.store.help import services, statements
from timebank.store.oversight import audit
from timebank.store.relations import rosters

LONG_BEFORE = timedelta(hours=6)
"""A clock so long before the start means the night after it."""


async def check_in(ctx: Context, actor: Actor, attendance_uid: str, *, code: str = "") -> Attendance:
    """Somebody has arrived: the helper says so, with or without the four digits, or the elder, or the desk.

    Raises:
        NotFound; WrongCode, TryLater: the digits do not fit; NotYet, TooLate: not at this hour;
        Clash: checked in somewhere else; AlreadyDone.
    """
    if code:
        _part, service = await part_for(ctx, actor, "CheckIn", attendance_uid)
        await _judge_digits(ctx, actor, service, code)
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "CheckIn", attendance_uid)
        return await arrive(ctx, actor, part, service, at=ctx.now(), coded=bool(code))


async def arrive_by_code(ctx: Context, actor: Actor, service_uid: str, *, code: str) -> Attendance:
    """From the QR code on the roster sheet: sign up when needed, and check in.

    Raises:
        WrongCode, TryLater: the digits do not fit; what `sign_up` and `check_in` raise.
    """
    service, _seen = await service_for(ctx, actor, "Arrive", service_uid)
    if service.kind is not Kind.SHIFT:
        raise NotFound()
    await _judge_digits(ctx, actor, service, code)
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "Arrive", service_uid)
        found = await services.attendance_of(ctx.engine, service.uid, actor.uid)
        if found is None or found.state in GONE:
            if not may_join(service, await rosters.team_codes_of(ctx.engine, actor.uid, ctx.today())):
                raise NotFound()
            found = await join(ctx, actor, service, actor.uid)
        return await arrive(ctx, actor, found, service, at=ctx.now(), coded=True)


async def _judge_digits(ctx: Context, actor: Actor, service: Service, code: str) -> None:
    """Whether these are the digits of the place; counted before they are looked at, so that nobody tries all ten thousand.

    Right digits at a wrong moment count as right.

    Raises:
        WrongCode, TryLater.
    """
    door = f"arrive:{service.uid}:{actor.uid}"
    tried = await throttling.count_try(ctx, door)
    if not fits(ctx.settings, service.uid, code):
        raise WrongCode("四位码不对，请再看一眼。", "Those four digits do not fit. Please look once more.")
    await throttling.let_off(ctx, tried, door)


async def arrive(
    ctx: Context, actor: Actor, part: Attendance, service: Service, *, at: datetime, coded: bool = False
) -> Attendance:
    """Write down an arrival in the caller's unit of work."""
    now_elsewhere = await services.attendances_of(ctx.engine, part.member, states=(State.CHECKED_IN,))
    # Who forgot to sign out of what is over is asked about it, and not kept from the next.
    if any(other.uid != service.uid and other.ends_at > ctx.now() for _part, other in now_elsewhere):
        raise Clash("您在另一处还没有签退。", "Still checked in somewhere else.")
    evidence = _evidence(actor, part, service, coded=coded)
    policy = ctx.policy_of(service.community, day_of(ctx, service)).services
    attendance.refuse_arrival(part)
    arrived_at = arrives_at(service, at, policy)
    part = await say(ctx, actor, part, service, Said.ARRIVAL, at=arrived_at, evidence=evidence)
    await wind_up(ctx, service)
    await audit.note(ctx, actor, "check_in", object=part.uid, reason=evidence.value)
    return part


async def tick(ctx: Context, actor: Actor, attendance_uid: str) -> Attendance:
    """The leader or the desk sees somebody standing there."""
    async with ctx.engine.atomic():
        part, service = await part_for(
            ctx, actor, "TickPresent", attendance_uid, earner=False, recipient=False
        )
        return await arrive(ctx, actor, part, service, at=ctx.now())


async def undo_check_in(ctx: Context, actor: Actor, attendance_uid: str) -> Attendance:
    """Take back a slip of the finger."""
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "UndoCheckIn", attendance_uid, recipient=False)
        attendance.refuse_taking_back_arrival(part)
        said = standing_ones(await statements.of_part(ctx.engine, part.uid))
        arrival = next(one for one in reversed(said) if one.what is Said.ARRIVAL)
        part = await say(ctx, actor, part, service, Said.RETRACT, retracts=arrival.uid)
        await wind_up(ctx, service)
        await audit.note(ctx, actor, "undo_check_in", object=part.uid)
    return part


async def check_out(
    ctx: Context, actor: Actor, attendance_uid: str, *, at: datetime | time | None = None
) -> Attendance:
    """Somebody has left: now, or when the leader or the desk says (a time of day is meant on the service's own day).

    Raises:
        NotFound; NotYet: never checked in; AlreadyDone; WrongMoment: times reversed, in the future, or too long.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "CheckOut", attendance_uid)
        leaves_at = ctx.now() if is_earner(actor, part) else moment_of(ctx, service, at) or ctx.now()
        policy = ctx.policy_of(service.community, day_of(ctx, service)).services
        attendance.refuse_leaving(part, at=not_ahead(leaves_at, ctx.now()), policy=policy)
        part = await say(ctx, actor, part, service, Said.LEAVING, at=leaves_at)
        await audit.note(ctx, actor, "check_out", object=part.uid)
        await ask_to_confirm(ctx, actor, service, part)
    return part


def _evidence(actor: Actor, part: Attendance, service: Service, *, coded: bool) -> Evidence:
    if coded:
        return Evidence.CODE
    if actor.uid == part.member:
        return Evidence.SELF
    if is_recipient(actor, service):
        return Evidence.ELDER
    return Evidence.ROLL_CALL if service.team in actor.teams else Evidence.DESK


def moment_of(ctx: Context, service: Service, at: datetime | time | None) -> datetime | None:
    """The moment meant by a clock: on the service's own day, or after midnight where that lies hours before the start."""
    if not isinstance(at, time):
        return at
    on = service.starts_at.astimezone(ctx.zone).date()
    moment = datetime.combine(on, at, tzinfo=ctx.zone)
    if moment < service.starts_at - LONG_BEFORE:
        moment = datetime.combine(on + timedelta(days=1), at, tzinfo=ctx.zone)
    return moment


def not_ahead(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise WrongMoment("这个时间还没到，请核对。", "That hour is still ahead; please look again.")
    return at


async def ask_to_confirm(ctx: Context, actor: Actor, service: Service, part: Attendance) -> None:
    """Tell the one person who can say best that it was so; the desk's list shows it in any case."""
    known: dict[str, str | int] = {
        "service": service.uid, "attendance": part.uid, "minutes": part.minutes_served,
    }  # fmt: skip
    community = service.community
    if service.recipient and service.recipient != actor.uid:
        await news.put(
            ctx,
            community=community,
            member=service.recipient,
            kind="please_confirm",
            pressed_by=actor.uid,
            **known,
        )
    elif service.lead and not service.recipient and service.lead not in (actor.uid, part.member):
        await tell_duty(
            ctx, community=community, member=service.lead, kind="please_confirm", by=actor.uid, **known
        )
