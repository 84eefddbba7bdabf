"""Use cases of a service as it happens: sign up, arrive, leave, close a shift; each reads load → decide → save → note.

Confirmation and what it posts live in `confirming`, the weekly shifts in `shifts`; both are offered here as well, so
that a caller needs one name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from marketplace.values import Week
from timebank import attendance
from timebank.access import Actor, Facts, Role, sees
from timebank.arranging import one_at_a_time
from timebank.arrival import arrives_at, fits
from timebank.attendance import Attendance, Evidence, Kind, Service, ServiceState, State
from timebank.context import Context
from timebank.errors import BadField, Clash, NotFound, NotYet, TryLater, WrongCode, WrongMoment
from timebank.services.confirming import (
    Confirmed,
    ConfirmedService,
    confirm_service,
    free_hold,
    record_confirmation,
    resolve_dispute,
    wind_up,
)
from timebank.services.loading import GONE, is_earner, is_recipient, part_for, service_for
from timebank.services.people import who_came
from timebank.services.shifts import ensure_shifts
from timebank.store import audit, members, outbox, services, sessions

OPEN = (ServiceState.PLANNED, ServiceState.UNDER_WAY)


async def sign_up(ctx: Context, actor: Actor, service_uid: str) -> Attendance:
    """The actor's own place in an open shift.

    Raises:
        NotFound: no such shift, or a visit, which is arranged and not joined.
        Full, Clash, GuardianNeeded, WrongMoment: as named.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "SignUp", service_uid)
        if service.kind is not Kind.SHIFT:
            raise NotFound()
        part = await join(ctx, service, actor.uid)
        await audit.note(ctx, actor, "sign_up", object=part.uid)
    return part


async def join(ctx: Context, service: Service, member: str) -> Attendance:
    """A place in `service` for `member`, new or taken up again; in the caller's unit of work."""
    await one_at_a_time(ctx, f"helper:{member}")
    row = await members.member(ctx.engine, member)
    if row is None or row["community"] != service.community or row["status"] != "active":
        raise NotFound()
    mine = await services.attendances_of(
        ctx.engine, member, states=[state for state in State if state not in GONE]
    )
    before = await services.attendance_of(ctx.engine, service.uid, member)
    part = attendance.sign_up(
        service,
        uid=before.uid if before else ctx.ids.uid("A"),
        member=member,
        at=ctx.now(),
        taken=await services.taken(ctx.engine, service.uid),
        others=tuple(other for _part, other in mine if other.state is not ServiceState.CANCELLED),
        minor_without_consent=bool(row["minor"]) and not row["guardian_consent"],
    )
    if before is None:
        await services.add_attendance(ctx.engine, part)
        return part
    part = attendance.rejoin(before, at=ctx.now())
    await services.save_attendance(ctx.engine, part)
    return part


async def cancel_attendance(ctx: Context, actor: Actor, attendance_uid: str, *, note: str = "") -> Attendance:
    """The helper will not come. A visit stays planned, and the desk and the person helped are told.

    Raises:
        NotFound; WrongMoment: it has begun.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "CancelAttendance", attendance_uid, recipient=False)
        part = attendance.cancel(part, note=note)
        await services.save_attendance(ctx.engine, part)
        await audit.note(ctx, actor, "cancel_attendance", object=part.uid)
        for told in _without(actor, (service.recipient, service.lead, await _desk(ctx, service))):
            await outbox.put(
                ctx, community=service.community, member=told, kind="helper_cancelled", service=service.uid
            )
    return part


async def check_in(ctx: Context, actor: Actor, attendance_uid: str, *, code: str = "") -> Attendance:
    """Somebody has arrived: the helper says so, with or without the four digits, or the elder, or the desk.

    Raises:
        NotFound; WrongCode, TryLater: the digits do not fit; NotYet, TooLate: not at this hour;
        Clash: checked in somewhere else; AlreadyDone.
    """
    keys = (f"arrive:{attendance_uid}",)
    if code and (wait := await sessions.wait_seconds(ctx.engine, keys, ctx.now())):
        raise TryLater(wait)
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "CheckIn", attendance_uid)
        wrong = bool(code) and not fits(ctx.settings, service.uid, code)
        if wrong:
            # Kept although the step is refused, so that nobody tries all ten thousand.
            await sessions.wrong_try(ctx.engine, keys, ctx.now())
        else:
            part = await arrive(ctx, actor, part, service, at=ctx.now(), coded=bool(code))
    if wrong:
        raise WrongCode("四位码不对,请再看一眼。", "Those four digits do not fit. Please look once more.")
    return part


async def arrive(
    ctx: Context, actor: Actor, part: Attendance, service: Service, *, at: datetime, coded: bool = False
) -> Attendance:
    """Write down an arrival in the caller's unit of work."""
    now_elsewhere = await services.attendances_of(ctx.engine, part.member, states=(State.CHECKED_IN,))
    if any(other.uid != service.uid for _part, other in now_elsewhere):
        raise Clash("您在另一处还没有签退。", "Still checked in somewhere else.")
    evidence = _evidence(actor, part, service, coded=coded)
    part = attendance.check_in(part, at=arrives_at(service, at), by=actor.uid, evidence=evidence)
    await services.save_attendance(ctx.engine, part)
    await wind_up(ctx, service)
    await audit.note(ctx, actor, "check_in", object=part.uid, reason=evidence.value)
    return part


async def arrive_by_code(ctx: Context, actor: Actor, service_uid: str, *, code: str) -> Attendance:
    """From the QR code on the roster sheet: sign up when needed, and check in.

    Raises:
        WrongCode, TryLater: the digits do not fit; what `sign_up` and `check_in` raise.
    """
    keys = (f"arrive:{service_uid}:{actor.uid}",)
    if wait := await sessions.wait_seconds(ctx.engine, keys, ctx.now()):
        raise TryLater(wait)
    part = None
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "Arrive", service_uid)
        if service.kind is not Kind.SHIFT:
            raise NotFound()
        if fits(ctx.settings, service.uid, code):
            found = await services.attendance_of(ctx.engine, service.uid, actor.uid)
            if found is None or found.state in GONE:
                found = await join(ctx, service, actor.uid)
            part = await arrive(ctx, actor, found, service, at=ctx.now(), coded=True)
        else:
            await sessions.wrong_try(ctx.engine, keys, ctx.now())
    if part is None:
        raise WrongCode("四位码不对,请再看一眼。", "Those four digits do not fit. Please look once more.")
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
        part = attendance.undo_check_in(part)
        await services.save_attendance(ctx.engine, part)
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
        leaves_at = ctx.now() if is_earner(actor, part) else _moment(ctx, service, at) or ctx.now()
        part = attendance.check_out(part, at=_not_ahead(leaves_at, ctx.now()))
        await services.save_attendance(ctx.engine, part)
        await audit.note(ctx, actor, "check_out", object=part.uid)
        await _ask_to_confirm(ctx, actor, service, part)
    return part


async def plan_shifts(ctx: Context, actor: Actor, team_code: str) -> list[Service]:
    """This week's and next week's shifts, made from the activities list; what was made now.

    Raises:
        NotFound: no such team, or not the actor's.
    """
    async with ctx.engine.atomic():
        team = await members.team(ctx.engine, team_code)
        if team is None:
            raise NotFound()
        sees(actor, "PlanShifts", Facts(community=team["community"], team=team_code))
        made: list[Service] = []
        for week in (Week.of(ctx.today()), Week.of(ctx.today() + timedelta(days=7))):
            made += await ensure_shifts(ctx, team["community"], week, actor)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed shift: who was checked out now and who did not come."""

    service: Service
    left: tuple[Attendance, ...]
    absent: tuple[Attendance, ...]


async def close_shift(
    ctx: Context,
    actor: Actor,
    service_uid: str,
    *,
    at: datetime | time | None = None,
    absent_known: bool = False,
) -> Closed:
    """End a shift (收工): everybody still there leaves at `at`, those never ticked did not come.

    Args:
        at: when they leave; a time of day is meant on the service's own day, None is its end or now.
        absent_known: somebody has looked at the list of those never ticked and said that they did not come.

    Raises:
        NotFound; NotYet: nobody has come, or some were never ticked and nobody was asked about them.
        WrongMoment: the hour lies ahead, or before somebody's arrival.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "CloseShift", service_uid)
        parts = await services.attendances(ctx.engine, service.uid, lock=True)
        there = [part for part in parts if part.state is State.CHECKED_IN]
        missing = [part for part in parts if part.state is State.SIGNED_UP]
        if service.state not in OPEN:
            raise WrongMoment("这次服务已经结束。", "This service is over.")
        if missing and not absent_known:
            raise NotYet(
                "还有人没点到,先看一眼是不是没来。", "Some were never ticked: look whether they really stayed away.",
                missing=len(missing),
            )  # fmt: skip
        if not there and not any(part.state is State.CHECKED_OUT for part in parts):
            raise NotYet(
                "还没有人点到,不能收工。", "Nobody has been ticked yet, so there is nothing to close."
            )
        leaves_at = _moment(ctx, service, at) or min(ctx.now(), service.ends_at)
        leaves_at = _not_ahead(leaves_at, ctx.now())
        left = tuple(attendance.check_out(part, at=leaves_at) for part in there)
        absent = tuple(attendance.mark_no_show(part) for part in missing)

        for part in (*left, *absent):
            await services.save_attendance(ctx.engine, part)
        service = await wind_up(ctx, service)

        await audit.note(ctx, actor, "close_shift", object=service.uid)
        for part in left:
            await _ask_to_confirm(ctx, actor, service, part)
    return Closed(service=service, left=left, absent=absent)


async def add_walk_up(
    ctx: Context,
    actor: Actor,
    service_uid: str,
    *,
    member: str = "",
    name: str = "",
    phone: str = "",
    minor: bool = False,
) -> Attendance:
    """Somebody who came without signing up: a known member, or a new one with just a name; checked in at once.

    A shift takes them even when its places are full: whoever stands there has come.

    Raises:
        BadField: no name, an unreadable phone, or several people of that name; GuardianNeeded, Clash.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "AddWalkUp", service_uid)
        if service.kind is not Kind.SHIFT or service.state not in OPEN:
            raise WrongMoment("这次服务已经结束。", "This service is over.")
        uid = member or await who_came(
            ctx, service.community, name=name, phone=phone, minor=minor, team=service.team
        )
        found = await services.attendance_of(ctx.engine, service.uid, uid)
        if found is None or found.state in GONE:
            service = await _with_room(ctx, service)
            found = await join(ctx, service, uid)
        part = await arrive(ctx, actor, found, service, at=ctx.now())
        await audit.note(ctx, actor, "walk_up", object=part.uid)
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
        uid = member or await who_came(ctx, service.community, name=name, phone=phone, team=service.team)
        if uid == service.recipient:
            raise BadField("不能自己帮自己记时。", "Nobody helps themselves on the book.", field="name")
        part = await join(ctx, service, uid)
        await audit.note(ctx, actor, "name_helper", object=part.uid)
        for told, kind in ((uid, "you_go"), (service.recipient, "help_comes")):
            if told and told != actor.uid:
                await outbox.put(
                    ctx, community=service.community, member=told, kind=kind, service=service.uid, helper=uid,
                    at=service.starts_at.isoformat(timespec="minutes"),
                )  # fmt: skip
    return part


async def dispute(ctx: Context, actor: Actor, attendance_uid: str, *, note: str) -> Attendance:
    """Somebody says it was not so; the desk will look at it, and nothing is posted meanwhile.

    Raises:
        NotFound; WrongMoment: it does not wait for confirmation.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "DisputeHours", attendance_uid)
        part = attendance.dispute(part, note=note)
        await services.save_attendance(ctx.engine, part)
        await audit.note(ctx, actor, "dispute", object=part.uid)
        for told in _without(actor, (part.member, await _desk(ctx, service))):
            await outbox.put(
                ctx, community=service.community, member=told, kind="hours_disputed", service=service.uid,
                attendance=part.uid,
            )  # fmt: skip
    return part


def _evidence(actor: Actor, part: Attendance, service: Service, *, coded: bool) -> Evidence:
    if coded:
        return Evidence.CODE
    if actor.uid == part.member:
        return Evidence.SELF
    if is_recipient(actor, service):
        return Evidence.ELDER
    return Evidence.ROLL_CALL if service.team in actor.teams else Evidence.DESK


def _moment(ctx: Context, service: Service, at: datetime | time | None) -> datetime | None:
    if isinstance(at, time):
        return datetime.combine(service.starts_at.astimezone(ctx.zone).date(), at, tzinfo=ctx.zone)
    return at


def _not_ahead(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise WrongMoment("这个时间还没到,请核对。", "That hour is still ahead; please look again.")
    return at


def _without(actor: Actor, uids: Iterable[str]) -> list[str]:
    return sorted(set(uids) - {"", actor.uid})


async def _desk(ctx: Context, service: Service) -> str:
    """Who at the desk hears of it: whoever arranged the service, when a worker did."""
    rows = await ctx.engine.fetch("SELECT created_by FROM tb_service WHERE uid = ?", [service.uid])
    workers = await members.people(ctx.engine, service.community, Role.WORKER)
    here = [row["uid"] for row in workers]
    arranged = rows[0]["created_by"] if rows else ""
    return arranged if arranged in here else (here[0] if here else "")


async def _with_room(ctx: Context, service: Service) -> Service:
    taken = await services.taken(ctx.engine, service.uid)
    if taken < service.capacity:
        return service
    wider = replace(service, capacity=taken + 1)
    await services.save_service(ctx.engine, wider)
    return wider


async def _ask_to_confirm(ctx: Context, actor: Actor, service: Service, part: Attendance) -> None:
    """Tell the one person who can say best that it was so; the desk's list shows it in any case."""
    told = service.recipient or (service.lead if service.lead != part.member else "")
    if told and told != actor.uid:
        await outbox.put(
            ctx, community=service.community, member=told, kind="please_confirm", service=service.uid,
            attendance=part.uid, minutes=part.minutes_served,
        )  # fmt: skip


__all__ = [
    "Closed",
    "Confirmed",
    "ConfirmedService",
    "add_walk_up",
    "arrive_by_code",
    "cancel_attendance",
    "check_in",
    "check_out",
    "close_shift",
    "confirm_service",
    "dispute",
    "ensure_shifts",
    "free_hold",
    "join",
    "name_helper",
    "plan_shifts",
    "record_confirmation",
    "resolve_dispute",
    "sign_up",
    "tick",
    "undo_check_in",
]
