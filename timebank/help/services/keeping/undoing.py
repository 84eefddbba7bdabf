"""Taking back: the last press of one's own for some minutes; and a closed shift or visit opened again."""

from __future__ import annotations

from datetime import timedelta

from timebank.access import Actor, sees
from timebank.community.saying import promise_of, say
from timebank.context import Context
from timebank.errors import CannotUndo, NotFound, WrongMoment
from timebank.help.posting.paying import wind_up
from timebank.help.services.joining import desk_of, without
from timebank.help.services.keeping.off import back_on
from timebank.help.services.loading import facts_of, service_for
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.statements import Said, Statement, standing_ones, taken_back_by
from timebank.store.channels import news
from timebank.store.help import services, statements
from timebank.store.oversight import audit

DAYS_TO_REOPEN = 14
CLOSES = frozenset({Said.LEAVING, Said.ABSENT})
TOLD_AT_ONCE = frozenset({Said.CANNOT, Said.OFF, Said.NOT_CAME, Said.SWAPPED})


async def take_back(ctx: Context, actor: Actor, service_uid: str, statement_uid: str) -> Service:
    """The actor's own last press taken back, with everything that the same press did to others.

    Raises:
        NotFound; CannotUndo: too late, somebody has built on it, or it is in the book.
    """
    async with ctx.engine.atomic():
        service = await services.service(ctx.engine, service_uid, lock=True)
        if service is None:
            raise NotFound()
        parts = await services.attendances(ctx.engine, service.uid)
        owners = (service.recipient, *(one.member for one in parts))
        sees(actor, "TakeBackPress", facts_of(service, "TakeBackPress", owners=owners))
        said = await statements.of_service(ctx.engine, service.uid)
        meant = next((one for one in said if one.uid == statement_uid and one.by == actor.uid), None)
        if meant is None:
            raise CannotUndo()
        with_it = [one for one in said if one.closing == meant.closing] if meant.closing else [meant]
        for one in with_it:
            await _may_take_back(ctx, actor, service, one, said)

        if meant.what is Said.OFF:
            service = await back_on(ctx, actor, service, closing=meant.closing)
        else:
            for one in with_it:
                part = await services.attendance(ctx.engine, one.part, lock=True)
                assert part is not None
                part = await say(ctx, actor, part, service, Said.RETRACT, retracts=one.uid)
                await _told_otherwise(ctx, actor, service, part, one)
            service = await wind_up(ctx, service)

        await audit.note(ctx, actor, "take_back", object=meant.part or service.uid, reason=meant.what.value)
    return service


async def reopen(ctx: Context, actor: Actor, service_uid: str) -> Service:
    """A shift or visit that was closed, opened again: exactly what the last closing wrote is taken back.

    Who had left early stays left, and what is in the book stays there.

    Raises:
        NotFound; WrongMoment: nothing is closed, or too long ago.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "ReopenService", service_uid)
        if ctx.now() - service.ends_at > timedelta(days=DAYS_TO_REOPEN):
            raise WrongMoment(
                f"过了 {DAYS_TO_REOPEN} 天，不能再打开，请改正每个人的时间。",
                f"After {DAYS_TO_REOPEN} days it stays closed: put each person's time right.",
            )
        said = standing_ones(await statements.of_service(ctx.engine, service.uid))
        parts = {one.uid: one for one in await services.attendances(ctx.engine, service.uid, lock=True)}
        taken_back = [one for one in _of_last_closing(said) if parts[one.part].state is not State.POSTED]
        if not taken_back:
            raise WrongMoment("没有收工，或者都入账了。", "It is not closed, or everything is in the book.")

        for one in taken_back:
            part = await say(ctx, actor, parts[one.part], service, Said.RETRACT, retracts=one.uid)
            parts[one.part] = part
        service = await wind_up(ctx, service)

        await audit.note(ctx, actor, "reopen_service", object=service.uid)
        for told in sorted({parts[one.part].member for one in taken_back} - {actor.uid}):
            await news.put(
                ctx, community=service.community, member=told, kind="shift_reopened", service=service.uid,
                at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    return service


def _of_last_closing(said: list[Statement]) -> list[Statement]:
    """What the newest closing wrote; of a visit, which nobody closes, the newest leaving."""
    closings = [one for one in said if one.what in CLOSES and one.closing]
    if closings:
        return [one for one in closings if one.closing == closings[-1].closing]
    return [one for one in said if one.what is Said.LEAVING][-1:]


async def _may_take_back(
    ctx: Context, actor: Actor, service: Service, one: Statement, said: list[Statement]
) -> None:
    within = timedelta(minutes=promise_of(ctx, service).undo_minutes)
    of_part = [other for other in said if other.part == one.part]
    found = taken_back_by(of_part, actor.uid, now=ctx.now(), within=within)
    if found is None or found.uid != one.uid:
        raise CannotUndo()
    if one.what in {Said.CANNOT, Said.SWAPPED}:
        taken = await services.taken(ctx.engine, service.uid)
        if taken >= service.capacity:
            raise CannotUndo("已经有人顶上了，谢谢您。", "Somebody has taken it over meanwhile. Thank you.")


async def _told_otherwise(
    ctx: Context, actor: Actor, service: Service, part: Attendance, one: Statement
) -> None:
    """Who heard of a press at once hears that it is taken back."""
    if one.what not in TOLD_AT_ONCE:
        return
    desk = await desk_of(ctx, service)
    for told in without(actor, (service.recipient, service.lead, desk, part.member)):
        await news.put(
            ctx, community=service.community, member=told, kind="taken_back", service=service.uid,
            at=service.starts_at.isoformat(timespec="minutes"),
        )  # fmt: skip
