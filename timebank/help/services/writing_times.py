"""Times written down afterwards: by whose they are, or by the leader or the desk; never live, and the old ones stay visible."""

from __future__ import annotations

from datetime import datetime, time

from timebank.access import Actor
from timebank.community.eligibility import day_of
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import AlreadyDone, NotYet, WrongMoment
from timebank.help.posting.paying import wind_up
from timebank.help.services.arriving import ask_to_confirm, moment_of, not_ahead
from timebank.help.services.loading import is_earner, part_for
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Evidence, Service, State
from timebank.rules.parts.statements import Said
from timebank.store.help import services
from timebank.store.oversight import audit


async def write_times(
    ctx: Context,
    actor: Actor,
    attendance_uid: str,
    *,
    arrived: datetime | time | None,
    left: datetime | time | None,
    note: str = "",
) -> Attendance:
    """When somebody came and left, as one person says who was there or heard it.

    A word that was given before stands where it covers the new times, and falls where they are longer or where the one
    who gave it writes them.

    Raises:
        NotFound; NotYet: a time is missing; AlreadyDone: the hours are in the book; WrongMoment: impossible times.
    """
    async with ctx.engine.atomic():
        case = "WriteTimes" if await _is_own(ctx, actor, attendance_uid) else "WriteTimesFor"
        part, service = await part_for(ctx, actor, case, attendance_uid, recipient=False)
        if part.state is State.POSTED:
            raise AlreadyDone(
                "已经入账了，要改请从存折里的“不对”说起。",
                "The hours are in the book: say so from the line in the passbook.",
            )
        if part.state is State.CANCELLED:
            raise WrongMoment("这一次已经取消了。", "This was called off.")
        arrived_at, left_at = _stay(ctx, service, part, arrived, left)
        policy = ctx.policy_of(service.community, day_of(ctx, service)).services
        until = left_at or not_ahead(arrived_at, ctx.now())
        attendance.refuse_stay(arrived_at, not_ahead(until, ctx.now()), policy=policy)

        if is_earner(actor, part):
            part = await say(ctx, actor, part, service, Said.WENT, note=note)
        if part.checked_in_at != arrived_at:
            evidence = part.evidence or (Evidence.SELF if is_earner(actor, part) else Evidence.DESK)
            part = await say(
                ctx, actor, part, service, Said.ARRIVAL, at=arrived_at, evidence=evidence, note=note
            )
        if left_at is not None and part.checked_out_at != left_at:
            part = await say(ctx, actor, part, service, Said.LEAVING, at=left_at, note=note)
        await wind_up(ctx, service)

        await audit.note(ctx, actor, "write_times", object=part.uid)
        if part.state is State.CHECKED_OUT:
            await ask_to_confirm(ctx, actor, service, part)
    return part


async def _is_own(ctx: Context, actor: Actor, uid: str) -> bool:
    found = await services.attendance(ctx.engine, uid)
    return found is not None and is_earner(actor, found)


def _stay(
    ctx: Context,
    service: Service,
    part: Attendance,
    arrived: datetime | time | None,
    left: datetime | time | None,
) -> tuple[datetime, datetime | None]:
    """(arrival, leaving), each as it stood where it is not written anew; None while nobody has said when they left."""
    arrived_at = moment_of(ctx, service, arrived) or part.checked_in_at
    left_at = moment_of(ctx, service, left) or part.checked_out_at
    if arrived_at is None:
        raise NotYet("几点到的也要写。", "The hour of coming is wanted, too.")
    return arrived_at, left_at
