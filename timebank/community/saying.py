"""One statement about a part, and the part as it stands after it: the one way in which an attendance changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from timebank.access import Actor
from timebank.community.eligibility import day_of
from timebank.community.hands import judge, standing_of
from timebank.context import Context
from timebank.policy import Grade, PromisePolicy
from timebank.rules.hours.credit import Credit
from timebank.rules.parts.attendance import Attendance, Evidence, Service, State
from timebank.rules.parts.statements import Said, Statement, fold
from timebank.store.help import hand_uses, services, statements


def promise_of(ctx: Context, service: Service) -> PromisePolicy:
    """The rules of promises on the day of a service."""
    return ctx.policy_of(service.community, day_of(ctx, service)).promise


async def say(
    ctx: Context,
    actor: Actor,
    part: Attendance,
    service: Service,
    what: Said,
    *,
    at: datetime | None = None,
    minutes: int | None = None,
    evidence: Evidence | None = None,
    note: str = "",
    closing: str = "",
    retracts: str = "",
    transfer_uid: str = "",
    policy_version: str = "",
    credit: Credit | None = None,
) -> Attendance:
    """Write down what was said and give back the part as it stands now, in the caller's unit of work.

    Args:
        actor: whose hand it is; nobody for the clock.
        credit: why the minutes are what they are, when they are posted with this.
    """
    await statements.add_statement(
        ctx.engine,
        Statement(
            uid=ctx.ids.uid("Q"), part=part.uid, service=service.uid, what=what, by=actor.uid, via=actor.via,
            standing=standing_of(actor, part, service), acting_for=actor.acting_for, said_at=ctx.now(), at=at, minutes=minutes, evidence=evidence, note=note[:200], closing=closing,
            retracts=retracts, transfer_uid=transfer_uid, policy_version=policy_version,
        ),
    )  # fmt: skip
    return await refold(ctx, part, service, credit)


async def say_of_all(
    ctx: Context,
    actor: Actor,
    service: Service,
    what: Said,
    *,
    note: str = "",
    closing: str = "",
    retracts: str = "",
) -> None:
    """Write down what was said of a service on which nobody is named yet; it speaks of no part."""
    await statements.add_statement(
        ctx.engine,
        Statement(
            uid=ctx.ids.uid("Q"), part="", service=service.uid, what=what, by=actor.uid, via=actor.via,
            acting_for=actor.acting_for, said_at=ctx.now(), note=note[:200], closing=closing, retracts=retracts,
        ),
    )  # fmt: skip


async def refold(
    ctx: Context, part: Attendance, service: Service, credit: Credit | None = None
) -> Attendance:
    """The part as its statements leave it, written to its row."""
    policy = promise_of(ctx, service)
    said = await statements.of_part(ctx.engine, part.uid)
    found = fold(
        part, said, rests=timedelta(minutes=policy.undo_minutes), minutes_planned=service.minutes_planned,
        minutes_over=policy.over_plan_minutes,
    )  # fmt: skip
    found = await _judged(ctx, part, found, service, said)
    await services.save_attendance(ctx.engine, found, credit)
    return found


async def _judged(
    ctx: Context, before: Attendance, found: Attendance, service: Service, said: Sequence[Statement]
) -> Attendance:
    """The part as two different hands leave it: what one alone could have said waits for another."""
    if found.state is State.CONFIRMED:
        ruling = await judge(ctx, found, service, said)
        if ruling.waits is not None:
            return replace(found, state=State.CHECKED_OUT, rests_until=None, waits=ruling.waits.value)
        return replace(found, grade=ruling.grade.value)
    if found.posted_at is not None:
        # What two people put right in the book was never live.
        return replace(found, grade=before.grade or Grade.D.value)
    if before.state is State.CONFIRMED:
        await hand_uses.drop_uses(ctx.engine, before.uid)
    return found


async def say_unwritten(ctx: Context, part: Attendance, service: Service, *said: Statement) -> Attendance:
    """Several statements of a sheet at once about a part that nobody has spoken of yet."""
    policy = promise_of(ctx, service)
    found = fold(
        part, said, rests=timedelta(minutes=policy.undo_minutes), minutes_planned=service.minutes_planned,
        minutes_over=policy.over_plan_minutes,
    )  # fmt: skip
    await statements.add_statements(ctx.engine, said)
    await services.save_attendance(ctx.engine, found)
    return found
