"""Hours in the book put right: what stood there is taken back and the right minutes are posted, in one unit of work."""

from __future__ import annotations

from timebank.access import Actor
from timebank.community.eligibility import day_of
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import BadField, NotYet, OwnHours, WrongMoment
from timebank.help.posting.paying import post_part, wind_up
from timebank.help.posting.reversing import WRONG_MINUTES, posted_together, take_back_entries
from timebank.help.services.joining import without
from timebank.help.services.loading import is_earner, part_for
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.oversight import audit


class Lengthened(WrongMoment):
    """More hours than stand in the book are put right by two people."""

    code = "lengthened"
    zh = "改长的时间要由两位同事改正：一位写，另一位同意。"
    en = "Longer hours are put right by two: one writes them, another agrees."


async def correct(
    ctx: Context, actor: Actor, attendance_uid: str, *, minutes_served: int, note: str
) -> Attendance:
    """The desk found out how long it really was: the old hours go back and these are posted; 0 where nobody came.

    What counted nothing by the rules, or ended without hours, is decided again without a reversal.

    Raises:
        NotFound; OwnHours; BadField: no reason, or minutes that cannot be; NotYet: nothing to put right;
        HoursUsed: the hours were given away, so that two colleagues put it right through the fund;
        Lengthened: more than stands in the book takes two colleagues as well.
    """
    if len(note) < 2:
        raise BadField("请写一句为什么改。", "Please write why it is put right.", field="note")
    async with ctx.engine.atomic():
        part, service = await part_for(
            ctx, actor, "CorrectHours", attendance_uid, earner=False, recipient=False
        )
        if is_earner(actor, part):
            raise OwnHours()
        if part.state not in {State.POSTED, State.NO_SHOW, State.UNKNOWN}:
            raise NotYet("还没有结果，先问清楚。", "There is no result yet: find out first.")
        policy = ctx.policy_of(service.community, day_of(ctx, service)).services
        attendance.refuse_minutes(minutes_served, policy=policy)

        if part.state is State.POSTED and part.transfer_uid and minutes_served > part.minutes_served:
            raise Lengthened()

        if part.state is State.POSTED and minutes_served == part.minutes_served:
            # Somebody said that it was wrong, and the desk has found that it stands.
            part = await say(ctx, actor, part, service, Said.LOOKED, note=note)
            await audit.note(ctx, actor, "looked_again", object=part.uid)
            return part

        before = part
        if part.state is State.POSTED and part.transfer_uid:
            entries = await posted_together(ctx, service.community, part.transfer_uid)
            await take_back_entries(ctx, actor, entries, reason=WRONG_MINUTES)
        if part.state is State.POSTED:
            part = await say(ctx, actor, part, service, Said.REVERSED, note=note)
        if minutes_served:
            part = await say(
                ctx,
                actor,
                part,
                service,
                Said.AMOUNT,
                at=service.starts_at,
                minutes=minutes_served,
                note=note,
            )
            part = await say(ctx, actor, part, service, Said.WORD, minutes=minutes_served)
            if part.state is State.CONFIRMED:
                part = (await post_part(ctx, part, service)).part
        else:
            part = await say(ctx, actor, part, service, Said.FOUND_NOT, note=note)
            await wind_up(ctx, service)

        await audit.note(ctx, actor, "correct_hours", object=part.uid, reason=before.transfer_uid)
        for told in without(actor, (part.member, service.recipient)):
            await news.put(
                ctx, community=service.community, member=told, kind="hours_corrected", service=service.uid,
                attendance=part.uid, minutes=part.minutes_credited,
                at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    return part
