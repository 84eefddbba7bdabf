"""What a community's rules ask about a person and a service, loaded once, and their answer as a refusal in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from marketplace.ages import AgeFact, births_of
from marketplace.categories import default_tree
from marketplace.clients import all_groups, groups_of
from marketplace.errors import UnknownCategory
from timebank.community import admission
from timebank.context import Context
from timebank.errors import NotEligible
from timebank.rules.hours.eligible import (
    Age,
    Answer,
    Person,
    Ruling,
    Work,
    counted_before_first,
    may_be_helped,
    may_redeem,
    may_serve,
)
from timebank.rules.parts.attendance import Kind, Service
from timebank.store.help import services
from timebank.store.members import ages, people
from timebank.store.members.people import Member


def day_of(ctx: Context, service: Service) -> date:
    """The local day on which a service begins, whose rule it counts by."""
    return service.starts_at.astimezone(ctx.zone).date()


async def person_on(ctx: Context, member: str, on: date) -> Person:
    """What rules may know about somebody on a day; an age that is not on record stays unknown."""
    return person_of(await ages.ages(ctx.engine, member), on)


def person_of(facts: Sequence[AgeFact], on: date) -> Person:
    """What these facts tell about somebody on a day."""
    births = births_of(facts)
    if births is None:
        return Person()
    return Person(age=Age.on(on, born_from=births.earliest, born_to=births.latest))


def kinds_of(category: str) -> tuple[str, ...]:
    """The code of a kind of service and those above it, nearest first; () for none, the code alone when unknown."""
    if not category:
        return ()
    try:
        return (category, *default_tree().ancestors(category))
    except UnknownCategory:
        return (category,)


def work_of(service: Service) -> Work:
    """What was done in a service, as far as it decides whether it earns."""
    in_team = service.kind is Kind.SHIFT and bool(service.team)
    return Work(free=service.free, categories=kinds_of(service.category), team=in_team)


async def refuse_ineligible(ctx: Context, service: Service, member: str) -> None:
    """Refuse a helper whom the rules of the service's day keep out; a guardian's consent is asked for elsewhere.

    Raises:
        NotEligible: too young, too old, or under 18 where the rules want a team.
        NotAdmitted: the task asks for a proof or an age that the helper does not have.
    """
    on = day_of(ctx, service)
    policy = ctx.policy_of(service.community, on).earning
    person = await person_on(ctx, member, on)
    refuse(may_serve(policy, person, in_team=bool(service.team), guardian_agrees=True))
    await refuse_unadmitted(
        ctx, service.community, member, category=service.category, line_key=service.need_key, on=on
    )


async def refuse_unadmitted(
    ctx: Context, community: str, member: str, *, category: str, line_key: str, on: date
) -> None:
    """Refuse a helper who does not have what a task of this kind, or this very line, asks for on its day.

    Raises:
        NotAdmitted: says what is missing.
    """
    missing = await admission.lacking(
        ctx,
        community,
        member,
        person=await person_on(ctx, member, on),
        categories=kinds_of(category),
        line_key=line_key,
        on=on,
    )
    if missing:
        raise admission.NotAdmitted(missing)


async def may_use_hours(ctx: Context, service: Service, member: str) -> Ruling:
    """Whether somebody may use saved hours on this service, by the rules of its day."""
    on = day_of(ctx, service)
    policy = ctx.policy_of(service.community, on)
    asks = policy.redeeming.minutes_before_first
    person = await person_on(ctx, member, on)
    if policy.redeeming.age_min_hardship:
        person = replace(person, hardship=await _in_hardship(ctx, member))
    return may_redeem(
        policy.redeeming,
        person,
        minutes_given=counted_before_first(
            policy.redeeming, await services.minutes_given(ctx.engine, member) if asks else {}
        ),
        categories=kinds_of(service.category),
        unit=policy.unit,
    )


async def _in_hardship(ctx: Context, member: str) -> bool | None:
    """What the desk's note on somebody says of it; None while there is no note."""
    note = (await people.person(ctx.engine, member)).health_note
    return "low_income" in groups_of(note) if note else None


async def refuse_unhelped(ctx: Context, member: Member) -> None:
    """Refuse help on the time bank to somebody who is certainly none of those the rules name; the desk may still ask.

    Raises:
        NotEligible: as the rule says.
    """
    policy = ctx.policy_of(member.community).served
    if not policy.groups:
        return
    note = (await people.person(ctx.engine, member.uid)).health_note
    named = groups_of(note) if note else ()
    balance = await ctx.book(member.community).balance(member.account)
    refuse(
        may_be_helped(
            policy,
            await person_on(ctx, member.uid, ctx.today()),
            groups={*named, *(all_groups()[code].parent for code in named if all_groups()[code].parent)}
            if note
            else None,
            minutes_saved=balance.balance,
        )
    )


def refuse(ruling: Ruling) -> None:
    """Raise what the rules say no to; an answer that is still to be asked for is no refusal."""
    if ruling.answer is Answer.NO:
        raise NotEligible(f"{ruling.zh}。", f"{ruling.en[:1].upper()}{ruling.en[1:]}.", rule=ruling.rule)
