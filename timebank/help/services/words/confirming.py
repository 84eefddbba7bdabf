"""From "it was so" to hours that are decided: the word of somebody who may give it, never of the earner.

Who may say so: the person helped, their proxy, a worker of the community, or for a shift its team's leader or deputy. A
decided part rests for the minutes of the rules, in which the word can be taken back; then `posting` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ledger import LedgerRefusal
from timebank.access import Actor, Role, sees
from timebank.community.eligibility import day_of
from timebank.community.saying import promise_of, say
from timebank.context import Context
from timebank.errors import AppRefusal, LongerThanPlanned, NotFound, NotYet, OwnHours, TooLate
from timebank.help.posting.crediting import credit_now, kind_is_named
from timebank.help.posting.paying import (
    Confirmed,
    as_posted,
    free_hold,
    lock_earners,
    not_in_two_places,
    post_part,
    tell_posted,
    wind_up,
)
from timebank.help.services.loading import facts_of, is_earner, part_for, service_for
from timebank.rules.hours.words import amount
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.hands import Waits
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedService:
    """What confirming a whole service came to.

    Attributes:
        posted: parts whose hours were posted now, or rest until they are.
        second: parts that have the actor's word and wait for somebody else's.
        own: the actor's own part, left for somebody else.
        refused: parts that could not be posted, each with its reason.
    """

    service: Service
    posted: tuple[Confirmed, ...]
    second: tuple[Confirmed, ...]
    own: tuple[Attendance, ...]
    refused: tuple[tuple[Attendance, AppRefusal | LedgerRefusal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedMany:
    """What one word for several visits came to; `refused` by uid of the part, with the reason."""

    done: tuple[Confirmed, ...]
    refused: tuple[tuple[str, AppRefusal | LedgerRefusal], ...]


async def record_confirmation(
    ctx: Context, actor: Actor, attendance_uid: str, *, operation: str = "ConfirmHours"
) -> Confirmed:
    """Confirm one part and post its hours, together or not at all; the same answer again when it was done before.

    Raises:
        NotFound; OwnHours; NotYet: not checked out, or disputed and for the desk to decide; TooLate;
        Clash: the earner was somewhere else in the same minutes; LedgerRefusal: the book says no.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, operation, attendance_uid, earner=False)
        if is_earner(actor, part):
            raise OwnHours()
        if part.state in {State.POSTED, State.CONFIRMED}:
            return await as_posted(ctx, part, service)
        _may_say_so(ctx, actor, part, service)
        done = await give_word(ctx, actor, part, service)
        await note_hours(ctx, actor, [done])
    return done


async def approve_hours(ctx: Context, actor: Actor, attendance_uid: str) -> Confirmed:
    """The auditor has looked at what others said, where the rules ask for a third person; they never speak first.

    Raises:
        NotYet: no third person is asked for; what `record_confirmation` raises.
    """
    async with ctx.engine.atomic():
        part, _service = await part_for(
            ctx, actor, "ApproveHours", attendance_uid, earner=False, recipient=False
        )
        if part.waits in {"", Waits.NO_WORD, Waits.ONE_HAND}:
            raise NotYet("这一条现在不用监督员看。", "Nothing about this one needs the auditor now.")
        return await record_confirmation(ctx, actor, attendance_uid, operation="ApproveHours")


async def waiting_for_word(ctx: Context, actor: Actor) -> list[tuple[Attendance, Service]]:
    """Everything that waits for the actor's word: help they had themselves, and that of everybody they may confirm for."""
    asked = [actor.uid, *actor.mandates]
    found = []
    for part, service in await services.waiting_for_word_of(ctx.engine, asked):
        try:
            facts = facts_of(service, owners=(service.recipient,))
            sees(actor, "ConfirmMany", facts)
            # The list names who came: a proxy who may say so, but not read, says it on the service's own press.
            sees(actor, "ServiceCard", facts)
        except NotFound:
            continue
        if not is_earner(actor, part):
            found.append((part, service))
    return found


async def confirm_many(ctx: Context, actor: Actor, uids: Sequence[str]) -> ConfirmedMany:
    """One word for several visits: a nurse for a house, a daughter for her parents; each counts by itself.

    One that cannot be confirmed does not hold up the others.
    """
    done: list[Confirmed] = []
    refused: list[tuple[str, AppRefusal | LedgerRefusal]] = []
    for uid in dict.fromkeys(uids):
        try:
            done.append(await record_confirmation(ctx, actor, uid))
        except (AppRefusal, LedgerRefusal) as refusal:
            refused.append((uid, refusal))
    return ConfirmedMany(done=tuple(done), refused=tuple(refused))


async def confirm_service(ctx: Context, actor: Actor, service_uid: str) -> ConfirmedService:
    """Confirm every waiting part of a service in one unit of work; the actor's own part is left.

    A part that cannot be posted (two places at once, too old) does not hold up the others: it is named with its reason.

    Raises:
        NotFound.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "ConfirmService", service_uid)
        parts = await services.attendances(ctx.engine, service.uid, lock=True)
        waiting = [
            part
            for part in parts
            if part.state is State.CHECKED_OUT and not (part.waits and part.confirmed_by == actor.uid)
        ]
        own = tuple(part for part in waiting if is_earner(actor, part))
        posted: list[Confirmed] = []
        refused: list[tuple[Attendance, AppRefusal | LedgerRefusal]] = []
        # All earners are locked before the first post: the book's head is the last lock anybody takes.
        await lock_earners(ctx, waiting)
        for part in waiting:
            if part in own:
                continue
            try:
                async with ctx.engine.atomic():
                    _may_say_so(ctx, actor, part, service)
                    _not_overrun(ctx, part, service)
                    posted.append(await give_word(ctx, actor, part, service))
            except (AppRefusal, LedgerRefusal) as refusal:
                refused.append((part, refusal))
        await note_hours(ctx, actor, posted)
    # Each post looked at the parts as they were then; the last look counts for all.
    service = posted[-1].service if posted else service
    return ConfirmedService(
        service=service, posted=tuple(one for one in posted if not one.part.waits),
        second=tuple(one for one in posted if one.part.waits), own=own, refused=tuple(refused),
    )  # fmt: skip


def _may_say_so(ctx: Context, actor: Actor, part: Attendance, service: Service) -> None:
    """A disputed part is decided by the desk, and so is one that lies further back than the free days."""
    if actor.has(Role.WORKER):
        return
    if part.state is not State.DISPUTED and actor.has(Role.LEADER, Role.OFFICER, Role.UNIT, Role.AUDITOR):
        # Late hours take a third person, and that may be any of these.
        return
    if part.state is State.DISPUTED:
        raise NotYet("这一条社区正在核实。", "The desk is looking into this one.")
    days = ctx.policy_of(actor.community, day_of(ctx, service)).earning.backdate_days_free
    if part.checked_out_at is not None and ctx.now() - part.checked_out_at > timedelta(days=days):
        raise TooLate(f"超过{days}天的要由社区确认。", f"After {days} days the desk has to confirm.")


def _not_overrun(ctx: Context, part: Attendance, service: Service) -> None:
    """A stay much longer than planned is looked at by itself: mostly somebody forgot to sign out."""
    over = part.minutes_served - service.minutes_planned
    if over > promise_of(ctx, service).over_plan_minutes:
        raise LongerThanPlanned(*amount(over))


async def give_word(ctx: Context, actor: Actor, part: Attendance, service: Service) -> Confirmed:
    """Somebody's word for one part, in the caller's unit of work: it rests for the minutes of the rules, then it is posted.

    Raises:
        as `record_confirmation`.
    """
    await lock_earners(ctx, [part])
    await ctx.policies.fresh(service.community)
    policy = ctx.policy_of(service.community, day_of(ctx, service))
    attendance.refuse_word(part, by=actor.uid, at=ctx.now(), days_back_max=policy.earning.backdate_days_max)
    await not_in_two_places(ctx, part)
    kind_is_named(ctx, service)
    part = await say(ctx, actor, part, service, Said.WORD, minutes=part.minutes_served)
    if part.state is State.CONFIRMED and not policy.promise.undo_minutes:
        return await post_part(ctx, part, service)
    credit = await credit_now(ctx, part, service)
    return Confirmed(part=part, service=await wind_up(ctx, service), credit=credit)


async def note_hours(ctx: Context, actor: Actor, done: list[Confirmed]) -> None:
    """The audit lines; those told whose hours are in the book by now."""
    for one in done:
        await audit.note(ctx, actor, "confirm_hours", object=one.part.uid)
        if one.service.recipient:
            await news.answered(ctx.engine, one.service.uid)
        if one.part.state is State.POSTED:
            await tell_posted(ctx, one)


__all__ = [
    "Confirmed",
    "ConfirmedService",
    "as_posted",
    "confirm_service",
    "free_hold",
    "give_word",
    "note_hours",
    "record_confirmation",
    "wind_up",
]
