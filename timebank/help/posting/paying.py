"""The hours of a decided part written into the book, and what a service is worth to those who set hours aside for it.

The part's key in the book is made from its own id, so that twenty presses at once post once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ledger import VoidHold
from ledger.rows import Hold, HoldState
from marketplace import store as lists
from timebank.access import NOBODY
from timebank.community.eligibility import day_of
from timebank.community.plan_stale import mark_plan_stale
from timebank.community.saying import say
from timebank.context import Context, fund_account, issuing_account
from timebank.errors import Clash
from timebank.help.posting.crediting import credit_now
from timebank.help.team_hours import open_team_account
from timebank.rules.hours.credit import Credit, GoesTo
from timebank.rules.hours.payment import Stamp, payment, posting_key
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.locks import one_at_a_time
from timebank.store.members import people

OVER = (ServiceState.DONE, ServiceState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """One part with its hours in the book, or resting until they go there; `replayed` when that was so before."""

    part: Attendance
    service: Service
    credit: Credit
    replayed: bool = False


async def as_posted(ctx: Context, part: Attendance, service: Service) -> Confirmed:
    """The answer for a part whose hours stand already."""
    posted = part.state is State.POSTED
    credit = await services.credit_of(ctx.engine, part) if posted else await credit_now(ctx, part, service)
    return Confirmed(part=part, service=service, credit=credit, replayed=True)


async def post_part(ctx: Context, part: Attendance, service: Service) -> Confirmed:
    """Write the hours of a decided part into the book, by the facts and the rules as they are now.

    Raises:
        Clash: the earner was somewhere else in the same minutes; LedgerRefusal: the book says no.
    """
    await lock_earners(ctx, [part])
    await ctx.policies.fresh(service.community)
    rule = ctx.policies.rule(service.community, day_of(ctx, service))
    await not_in_two_places(ctx, part)
    credit = await credit_now(ctx, part, service)
    transfer = await _pay(ctx, part, service, credit)
    posted = await say(
        ctx, NOBODY, part, service, Said.POSTED, minutes=credit.minutes_credited, transfer_uid=transfer,
        policy_version=rule.label, credit=credit,
    )  # fmt: skip
    return Confirmed(part=posted, service=await wind_up(ctx, service), credit=credit)


async def _pay(ctx: Context, part: Attendance, service: Service, credit: Credit) -> str:
    """Tell the book; the uid of the entry that pays the earner, "" when nothing was credited."""
    earner = await people.member(ctx.engine, part.member)
    assert earner is not None
    assert part.checked_out_at is not None
    book = ctx.book(service.community)
    hold = await open_hold(ctx, service)
    commands = payment(
        key=posting_key(part.uid, part.reversed_uid),
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
            actor=part.confirmed_by,
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


async def not_in_two_places(ctx: Context, part: Attendance) -> None:
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


async def lock_earners(ctx: Context, parts: Iterable[Attendance]) -> None:
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
    if after.state is ServiceState.CANCELLED and service.state is not after.state and service.need_key:
        # Nobody came: the need is not settled, and nobody forgets it.
        await lists.reopen_line(ctx.engine, service.community, "need", service.need_key, at=ctx.now())
        await mark_plan_stale(ctx, service.community)
    if after != service:
        await services.save_service(ctx.engine, after)
    return after


async def tell_posted(ctx: Context, done: Confirmed) -> None:
    """Word to the earner, and to an elder for whom somebody else spoke."""
    community, part = done.service.community, done.part
    known: dict[str, str | int] = {
        "attendance": part.uid, "service": done.service.uid, "minutes": part.minutes_credited,
    }  # fmt: skip
    await news.put(
        ctx,
        community=community,
        member=part.member,
        kind="hours_posted",
        pressed_by=part.confirmed_by,
        **known,
    )
    if done.service.recipient and done.service.recipient != part.confirmed_by:
        kind = "hours_spent" if done.service.payer == "recipient" else "help_confirmed"
        await news.put(
            ctx,
            community=community,
            member=done.service.recipient,
            kind=kind,
            pressed_by=part.confirmed_by,
            **known,
        )
