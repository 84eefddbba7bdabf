"""When somebody says that it was not so: nothing is posted until the desk has found out."""

from __future__ import annotations

from timebank.access import Actor
from timebank.community.eligibility import day_of
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import OwnHours
from timebank.help.posting.paying import wind_up
from timebank.help.services.joining import desk_of, without
from timebank.help.services.loading import is_earner, part_for
from timebank.help.services.words.confirming import give_word, note_hours
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.oversight import audit


async def dispute(ctx: Context, actor: Actor, attendance_uid: str, *, note: str) -> Attendance:
    """Somebody says it was not so; the desk will look at it, and nothing is posted meanwhile.

    Raises:
        NotFound; WrongMoment: it does not wait for confirmation.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "DisputeHours", attendance_uid)
        attendance.refuse_dispute(part)
        part = await say(ctx, actor, part, service, Said.WRONG, note=note)
        await wind_up(ctx, service)
        await audit.note(ctx, actor, "dispute", object=part.uid)
        for told in without(actor, (part.member, await desk_of(ctx, service))):
            await news.put(
                ctx, community=service.community, member=told, kind="hours_disputed", service=service.uid,
                attendance=part.uid,
            )  # fmt: skip
    return part


async def resolve_dispute(
    ctx: Context, actor: Actor, attendance_uid: str, *, minutes_served: int | None, note: str
) -> Attendance:
    """The desk decides a disputed part: so many minutes, which are posted, or None for "it did not take place".

    Raises:
        NotFound; OwnHours; WrongMoment: nothing is disputed; what posting raises.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "ResolveDispute", attendance_uid, earner=False)
        if is_earner(actor, part):
            raise OwnHours()
        policy = ctx.policy_of(service.community, day_of(ctx, service)).services
        attendance.refuse_finding(part, minutes_served=minutes_served, policy=policy)
        if minutes_served is None:
            part = await say(ctx, actor, part, service, Said.FOUND_NOT, note=note)
            await wind_up(ctx, service)
            await audit.note(ctx, actor, "dispute_rejected", object=part.uid)
            await news.put(
                ctx,
                community=service.community,
                member=part.member,
                kind="hours_refused",
                attendance=part.uid,
            )
            return part
        part = await say(
            ctx, actor, part, service, Said.AMOUNT, at=service.starts_at, minutes=minutes_served, note=note
        )
        done = await give_word(ctx, actor, part, service)
        await audit.note(ctx, actor, "dispute_resolved", object=part.uid)
        await note_hours(ctx, actor, [done])
    return done.part
