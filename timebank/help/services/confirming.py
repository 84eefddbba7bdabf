"""From "it was so" to hours in the book: one unit of work for the attendance and the posting, or neither.

Who may say so: the person helped, their proxy, a worker of the community, or for a shift its team's leader or deputy;
never the earner. The part's key in the book is made from its own id, so that twenty people pressing at once post once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger import LedgerRefusal, VoidHold
from ledger.rows import Hold, HoldState
from timebank.access import Actor, Role
from timebank.community.eligibility import day_of
from timebank.context import Context, fund_account, issuing_account
from timebank.errors import AppRefusal, Clash, NotYet, OwnHours, TooLate
from timebank.help.services.crediting import credit_now, kind_is_named
from timebank.help.services.loading import is_earner, part_for, service_for
from timebank.help.team_hours import open_team_account
from timebank.rules import attendance
from timebank.rules.attendance import Attendance, Service, ServiceState, State
from timebank.rules.credit import Credit, GoesTo
from timebank.rules.payment import Stamp, payment, posting_key
from timebank.store import audit, news, people, services
from timebank.store.locks import one_at_a_time

OVER = (ServiceState.DONE, ServiceState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """One part with its hours in the book; `replayed` when they already stood there."""

    part: Attendance
    service: Service
    credit: Credit
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedService:
    """What confirming a whole service came to.

    Attributes:
        posted: parts whose hours were posted now.
        own: the actor's own part, left for somebody else.
        refused: parts that could not be posted, each with its reason.
    """

    service: Service
    posted: tuple[Confirmed, ...]
    own: tuple[Attendance, ...]
    refused: tuple[tuple[Attendance, AppRefusal | LedgerRefusal], ...]


async def record_confirmation(ctx: Context, actor: Actor, attendance_uid: str) -> Confirmed:
    """Confirm one part and post its hours, together or not at all; the same answer again when it was done before.

    Raises:
        NotFound; OwnHours; NotYet: not checked out, or disputed and for the desk to decide; TooLate;
        Clash: the earner was somewhere else in the same minutes; LedgerRefusal: the book says no.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(ctx, actor, "ConfirmHours", attendance_uid, earner=False)
        if is_earner(actor, part):
            raise OwnHours()
        if part.state is State.POSTED:
            return await as_posted(ctx, part, service)
        _may_say_so(ctx, actor, part, service)
        done = await post_hours(ctx, actor, part, service)
        await note_hours(ctx, actor, [done])
    return done


async def confirm_service(ctx: Context, actor: Actor, service_uid: str) -> ConfirmedService:
    """Confirm every waiting part of a service in one unit of work; the actor's own part is left.

    A part that cannot be posted (two places at once, too old) does not hold up the others: it is named with its reason.

    Raises:
        NotFound.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "ConfirmService", service_uid)
        parts = await services.attendances(ctx.engine, service.uid, lock=True)
        waiting = [part for part in parts if part.state is State.CHECKED_OUT]
        own = tuple(part for part in waiting if is_earner(actor, part))
        posted: list[Confirmed] = []
        refused: list[tuple[Attendance, AppRefusal | LedgerRefusal]] = []
        # All earners are locked before the first post: the book's head is the last lock anybody takes.
        await _lock_earners(ctx, waiting)
        for part in waiting:
            if part in own:
                continue
            try:
                async with ctx.engine.atomic():
                    _may_say_so(ctx, actor, part, service)
                    posted.append(await post_hours(ctx, actor, part, service))
            except (AppRefusal, LedgerRefusal) as refusal:
                refused.append((part, refusal))
        await note_hours(ctx, actor, posted)
    # Each post looked at the parts as they were then; the last look counts for all.
    service = posted[-1].service if posted else service
    return ConfirmedService(service=service, posted=tuple(posted), own=own, refused=tuple(refused))


async def as_posted(ctx: Context, part: Attendance, service: Service) -> Confirmed:
    """The answer for a part whose hours stand already."""
    credit = await services.credit_of(ctx.engine, part)
    return Confirmed(part=part, service=service, credit=credit, replayed=True)


def _may_say_so(ctx: Context, actor: Actor, part: Attendance, service: Service) -> None:
    """A disputed part is decided by the desk, and so is one that lies further back than the free days."""
    if actor.has(Role.WORKER):
        return
    if part.state is State.DISPUTED:
        raise NotYet("这一条社区正在核实。", "The desk is looking into this one.")
    days = ctx.policy_of(actor.community, day_of(ctx, service)).earning.backdate_days_free
    if part.checked_out_at is not None and ctx.now() - part.checked_out_at > timedelta(days=days):
        raise TooLate(f"超过{days}天的要由社区确认。", f"After {days} days the desk has to confirm.")


async def post_hours(ctx: Context, actor: Actor, part: Attendance, service: Service) -> Confirmed:
    """Decide and write one part's confirmation with its posting, in the caller's unit of work."""
    await _lock_earners(ctx, [part])
    await ctx.policies.fresh(service.community)
    rule = ctx.policies.rule(service.community, day_of(ctx, service))
    confirmed = attendance.confirm(
        part, by=actor.uid, at=ctx.now(), days_back_max=rule.policy.earning.backdate_days_max
    )
    await _not_in_two_places(ctx, confirmed)
    kind_is_named(ctx, service)
    credit = await credit_now(ctx, confirmed, service)
    transfer = await _pay(ctx, actor, confirmed, service, credit)
    posted = attendance.post(
        confirmed,
        minutes_credited=credit.minutes_credited,
        transfer_uid=transfer,
        policy_version=rule.label,
    )

    await services.save_attendance(ctx.engine, posted, credit)
    return Confirmed(part=posted, service=await wind_up(ctx, service), credit=credit)


async def _pay(ctx: Context, actor: Actor, part: Attendance, service: Service, credit: Credit) -> str:
    """Tell the book; the uid of the entry that pays the earner, "" when nothing was credited."""
    earner = await people.member(ctx.engine, part.member)
    assert earner is not None
    assert part.checked_out_at is not None
    book = ctx.book(service.community)
    hold = await open_hold(ctx, service)
    commands = payment(
        key=posting_key(part.uid, part.transfer_uid),
        credit=credit,
        earner=earner.account,
        issuer=issuing_account(service.community),
        fund=fund_account(service.community),
        team=await open_team_account(ctx, service) if credit.given_on(GoesTo.TEAM) else "",
        hold=hold.uid if hold else "",
        minutes_held=hold.amount if hold else 0,
        stamp=Stamp(
            effective_on=await _counts_on(ctx, service, part.checked_out_at, joined_at=earner.created_at),
            occurred_at=part.checked_out_at,
            actor=actor.uid,
            meta={"attendance": part.uid, "service": service.uid},
        ),
    )
    paid = [await book.post(command, at=ctx.now()) for command in commands]
    entries = [
        one.uid for one, command in zip(paid, commands, strict=True) if not isinstance(command, VoidHold)
    ]
    return entries[0] if entries and (credit.minutes_credited or credit.given_on(GoesTo.TEAM)) else ""


async def _counts_on(ctx: Context, service: Service, left_at: datetime, *, joined_at: datetime) -> date:
    """The local day the hours count for: that of the service, unless the account is younger or the month is closed."""
    day = max(left_at.astimezone(ctx.zone).date(), joined_at.astimezone(ctx.zone).date())
    return ctx.today() if await ctx.book(service.community).is_closed(day) else day


async def _not_in_two_places(ctx: Context, part: Attendance) -> None:
    assert part.checked_in_at is not None
    assert part.checked_out_at is not None
    others = await services.attended(
        ctx.engine, part.member, from_at=part.checked_in_at, before_at=part.checked_out_at
    )
    if other := attendance.two_places(part, others):
        raise Clash(
            "同一时间在另一处也有记录，请社区核对。", "The same minutes are on record somewhere else; ask the desk.",
            other=other.service,
        )  # fmt: skip


async def _lock_earners(ctx: Context, parts: Iterable[Attendance]) -> None:
    """One confirmation at a time for each person, so that the day's cap counts every one of them."""
    for uid in sorted({part.member for part in parts}):
        await one_at_a_time(ctx.engine, f"helper:{uid}")


async def open_hold(ctx: Context, service: Service) -> Hold | None:
    """The hours the person helped has set aside for this service, None when they are paid, freed or lapsed."""
    if not service.hold_uid:
        return None
    hold = await ctx.book(service.community).hold(service.hold_uid)
    return hold if hold.state is HoldState.PENDING and not hold.lapsed(ctx.now()) else None


async def free_hold(ctx: Context, service: Service) -> None:
    """Give back what was set aside for a service that is over; nothing happens when it was paid."""
    hold = await open_hold(ctx, service)
    if hold is not None:
        await ctx.book(service.community).post(
            VoidHold(key=f"free:{service.uid}:{hold.uid}", hold=hold.uid, meta={"service": service.uid}),
            at=ctx.now(),
        )


async def wind_up(ctx: Context, service: Service) -> Service:
    """The service as its parts leave it now; when it is over, hours still set aside go back."""
    parts = await services.attendances(ctx.engine, service.uid)
    after = attendance.after_all(service, parts)
    if after.state in OVER and service.state not in OVER:
        await free_hold(ctx, service)
    if after != service:
        await services.save_service(ctx.engine, after)
    return after


async def note_hours(ctx: Context, actor: Actor, done: list[Confirmed]) -> None:
    """The audit lines, and word to the earner and to an elder for whom somebody else spoke."""
    for one in done:
        await audit.note(ctx, actor, "confirm_hours", object=one.part.uid)
        if one.service.recipient:
            await news.answered(ctx.engine, one.service.uid)
        known: dict[str, str | int] = {
            "attendance": one.part.uid,
            "service": one.service.uid,
            "minutes": one.part.minutes_credited,
        }
        await news.put(
            ctx,
            community=one.service.community,
            member=one.part.member,
            kind="hours_posted",
            pressed_by=actor.uid,
            **known,
        )
        if one.service.recipient and one.service.recipient != actor.uid:
            kind = "hours_spent" if one.service.payer == "recipient" else "help_confirmed"
            await news.put(
                ctx,
                community=one.service.community,
                member=one.service.recipient,
                kind=kind,
                pressed_by=actor.uid,
                **known,
            )


__all__ = [
    "Confirmed",
    "ConfirmedService",
    "as_posted",
    "confirm_service",
    "free_hold",
    "note_hours",
    "open_hold",
    "post_hours",
    "record_confirmation",
    "wind_up",
]
