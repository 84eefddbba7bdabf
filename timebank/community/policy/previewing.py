"""What a preview looks at, loaded: the posted parts of the last thirty days, who saved how much, what is owed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from timebank.community.eligibility import day_of, person_of, work_of
from timebank.context import Context, issuing_account
from timebank.policy import Policy
from timebank.rules.hours.credit import Stay
from timebank.rules.hours.eligible import Person
from timebank.rules.hours.preview import PastPart, Preview, Saver, preview, stretch
from timebank.rules.parts.attendance import Attendance, Service
from timebank.store.help import services
from timebank.store.members import ages, people


async def preview_now(ctx: Context, community: str, after: Policy) -> Preview:
    """What the last thirty days would have earned under `after`, beside the rules of their own days."""
    first_on, last_on = stretch(ctx.today())
    posted = await services.posted_between(
        ctx.engine,
        community,
        starts_from=_midnight(ctx, first_on),
        starts_before=_midnight(ctx, last_on + timedelta(days=1)),
    )
    balances = await _balances(ctx, community)
    facts = await ages.ages_of(
        ctx.engine, sorted({part.member for part, _service in posted} | balances.keys())
    )
    given = await services.minutes_given_by_all(ctx.engine, community)

    parts = [
        PastPart(
            member=part.member,
            stay=_stay(part, service, person_of(facts.get(part.member, ()), day_of(ctx, service))),
        )
        for part, service in posted
        if part.checked_in_at is not None
    ]
    earned_since: dict[str, int] = {}
    for part, _service in posted:
        earned_since[part.member] = earned_since.get(part.member, 0) + part.minutes_credited
    savers = [
        Saver(
            member=uid, minutes_saved=minutes, given=given.get(uid, {}),
            person=person_of(facts.get(uid, ()), ctx.today()),
        )
        for uid, minutes in balances.items()
        if minutes > 0
    ]  # fmt: skip
    issued = await ctx.book(community).balance(issuing_account(community))
    return preview(
        parts,
        before=lambda on: ctx.policy_of(community, on),
        after=after,
        current=ctx.policy_of(community),
        zone=ctx.zone,
        first_on=first_on,
        last_on=last_on,
        stored={uid: max(0, minutes - earned_since.get(uid, 0)) for uid, minutes in balances.items()},
        savers=savers,
        owed=max(0, -issued.balance),
    )


async def _balances(ctx: Context, community: str) -> dict[str, int]:
    """uid -> minutes in store, of everybody with an account."""
    held = await ctx.book(community).balances()
    owners = await people.accounts_of(ctx.engine, community)
    return {uid: held[account, "MIN"].balance for uid, account in owners.items() if (account, "MIN") in held}


def _stay(part: Attendance, service: Service, person: Person) -> Stay:
    assert part.checked_in_at is not None
    return Stay(
        starts_at=part.checked_in_at, minutes=part.minutes_served, work=work_of(service), person=person
    )


def _midnight(ctx: Context, on: date) -> datetime:
    return datetime.combine(on, time(0), tzinfo=ctx.zone)
