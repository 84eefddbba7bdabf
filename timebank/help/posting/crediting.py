"""What a part earns: the stay, the person and the work as the community's rules of each day see them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from timebank.community.eligibility import day_of, person_on, work_of
from timebank.context import Context
from timebank.errors import NotYet
from timebank.rules.hours.credit import Credit, Stay, credited, spread
from timebank.rules.hours.days import days_of
from timebank.rules.hours.eligible import ADULT, Answer, earns
from timebank.rules.parts.attendance import Attendance, Service
from timebank.store.help import services
from timebank.store.members import people


async def credit_now(ctx: Context, part: Attendance, service: Service) -> Credit:
    """What a part would earn if it were confirmed now."""
    assert part.checked_in_at is not None
    earner = await people.member(ctx.engine, part.member)
    assert earner is not None
    balance = await ctx.book(service.community).balance(earner.account)
    stay = Stay(
        starts_at=part.checked_in_at,
        minutes=part.minutes_served,
        work=work_of(service),
        person=await person_on(ctx, part.member, day_of(ctx, service)),
    )
    return credited(
        stay,
        rule_of=lambda on: ctx.policy_of(service.community, on),
        zone=ctx.zone,
        used=await _counted_around(ctx, part),
        minutes_stored=balance.balance,
    )


def kind_is_named(ctx: Context, service: Service) -> None:
    """Refuse to count a service whose kind is not written down where only some kinds count.

    Raises:
        NotYet: name the kind first; the hours are not lost.
    """
    work = work_of(service)
    policy = ctx.policy_of(service.community, day_of(ctx, service))
    ruling = earns(policy.earning, work, ADULT)
    if ruling.answer is Answer.ASK and ruling.rule == "category_unknown":
        raise NotYet(f"{ruling.zh}。", f"{ruling.en[:1].upper()}{ruling.en[1:]}.", rule=ruling.rule)


async def _counted_around(ctx: Context, part: Attendance) -> dict[date, int]:
    """Minutes counted for the same person in the weeks that this part touches, by local day; without the part itself."""
    assert part.checked_in_at is not None
    ends_at = part.checked_in_at + timedelta(minutes=part.minutes_served)
    split = days_of(part.checked_in_at, ends_at, ctx.zone)
    monday = split[0].on - timedelta(days=split[0].on.weekday())
    sunday = split[-1].on + timedelta(days=6 - split[-1].on.weekday())
    found: dict[date, int] = defaultdict(int)
    for other, credit in await services.posted_around(
        ctx.engine, part.member, from_at=_midnight(ctx, monday), before_at=_midnight(ctx, sunday + timedelta(days=1))
    ):  # fmt: skip
        if other.uid == part.uid or other.checked_in_at is None:
            continue
        for on, minutes in credit.days or spread(credit, other.checked_in_at, ctx.zone):
            found[on] += minutes
    return dict(found)


def _midnight(ctx: Context, on: date) -> datetime:
    return datetime.combine(on, time(0), tzinfo=ctx.zone)
