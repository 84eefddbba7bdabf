"""What a week's plan is made from, gathered from the lists, the services and the people; and the plan itself.

Reads only. What people have agreed on is handed to the planner as fixed, what they declined as a pair that does not
meet again this week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from marketplace import store as lists
from marketplace.agreements import Agreement, pledges_of, promised_in_return, with_claims
from marketplace.categories import default_tree
from marketplace.claims import Side, Stage
from marketplace.planning import Fixed, LivePlan, Plan, PlanContext, Suggestion, Told, plan_week, suggest
from marketplace.values import Need, Resource, Week, Window
from timebank.catalogue.kinds import CATEGORY
from timebank.community.eligibility import person_of
from timebank.context import Context
from timebank.help.planning import admitting
from timebank.help.planning.travel import travel_times
from timebank.rules.hours.eligible import Answer, may_serve
from timebank.rules.parts.attendance import Service, ServiceState
from timebank.rules.parts.attendance import State as Part
from timebank.rules.relationships import State
from timebank.store.help import services
from timebank.store.members import ages, people
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of
from timebank.store.relations import absences, relationships

LOAD_DAYS = 90
"""Help given in the last three months counts as load; what lies further back has been rested from."""

STANDING = frozenset(Part) - {Part.CANCELLED, Part.NO_SHOW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Everything one planning run reads; the same values always give the same plan."""

    week: Week
    needs: tuple[Need, ...]
    resources: tuple[Resource, ...]
    fixed: tuple[Fixed, ...]
    context: PlanContext

    def plan(self) -> Plan:
        """The best plan of the week, with reasons and a certificate."""
        return plan_week(self.needs, self.resources, week=self.week, fixed=self.fixed, context=self.context)

    def live(self) -> LivePlan:
        """The same week under change: what is agreed never moves, what was proposed stays unless a change gains more than it costs."""
        return LivePlan(self.needs, self.resources, week=self.week, context=self.context, fixed=self.fixed)

    def suggest(self, need: Need, k: int) -> tuple[Suggestion, ...]:
        """The best resources for one need in this week."""
        return suggest(need, self.resources, week=self.week, context=self.context, fixed=self.fixed, k=k)


async def gather(ctx: Context, community: str, week: Week, *, whole: bool = False) -> Given:
    """The lists of a community as they stand now, with what is already agreed for the week.

    Args:
        whole: plan the week from its Monday on, also hours that are over; else only what can still happen.
    """
    now = min(ctx.now(), week_window(ctx, week).starts_at) if whole else ctx.now()
    # A post is taken by whoever will hold it, not planned by the week.
    needs = tuple(one for one in await lists.needs(ctx.engine, community) if not one.becomes)
    active = await people.active_uids(ctx.engine, community)
    away = await _away(ctx, community, week)
    resources = tuple(
        replace(one, away=(*one.away, *away.get(one.owner, ())))
        for one in await lists.resources(ctx.engine, community)
        if one.owner_kind != "volunteer" or one.owner in active
    )
    resources = await _allowed(ctx, community, week, resources)
    asked = await admitting.asked(ctx, community, week, needs, resources)
    needs, resources = asked.needs, asked.resources
    standing = await _standing(ctx, community, week)
    agreed = await _agreed(ctx, community)
    tree = await tree_of(ctx.engine, community)
    return Given(
        week=week,
        needs=needs,
        resources=resources,
        fixed=await _fixed(ctx, community, week, resources, standing),
        context=PlanContext(
            now=now.astimezone(ctx.zone),
            calendar=await calendars.calendar_of(ctx.engine, community, ctx.today()),
            zone=ctx.zone,
            parents={code: one.parent for code, one in tree.categories.items() if one.parent},
            conflicts=await _conflicts(ctx, community, week, resources),
            wishes=await _wishes(ctx, community, needs, resources),
            certificates_until={**await _certificates(ctx, community), **asked.until},
            certificate_names=asked.names,
            clients=await lists.client_groups(ctx.engine, community),
            received=_received(needs, standing),
            told=await _told(ctx, community, week),
            load_minutes=await _load(ctx, community, week),
            pledges=pledges_of(agreed),
            in_return=promised_in_return(agreed, on=week.monday_on),
            savers=await _savers(ctx, community, needs, week),
            served_days=await _served_days(ctx, community, week, resources, standing),
            travel_times=await travel_times(ctx, community, needs, resources),
        ),
    )


def week_window(ctx: Context, week: Week) -> Window:
    """Monday midnight to Monday midnight, in the community's zone."""
    first = datetime.combine(week.monday_on, time(0), tzinfo=ctx.zone)
    return Window(first, first + timedelta(days=7))


async def _standing(ctx: Context, community: str, week: Week) -> list[Service]:
    """Services from some weeks back to the end of this one, without those called off; earliest first."""
    whole = week_window(ctx, week)
    back = ctx.policy_of(community).matching.look_back_days
    found = await services.services(
        ctx.engine,
        community,
        starts_from=whole.starts_at - timedelta(days=back),
        starts_before=whole.ends_at,
        limit=50_000,
    )
    return [service for service in found if service.state is not ServiceState.CANCELLED]


async def _told(ctx: Context, community: str, week: Week) -> dict[str, tuple[Told, ...]]:
    """Per need the visits proposed for the week that wait for somebody's yes: planning again leaves them as they are."""
    found: dict[str, list[Told]] = {}
    for one in await lists.proposals(ctx.engine, community, week, stages=("proposed",)):
        found.setdefault(one.need_key, []).append(Told(resource_key=one.resource_key, window=one.window))
    return {key: tuple(visits) for key, visits in found.items()}


async def _load(ctx: Context, community: str, week: Week) -> dict[str, int]:
    """uid -> minutes of help given in the months before the week."""
    first = week_window(ctx, week).starts_at
    return await services.minutes_given_between(
        ctx.engine, community, starts_from=first - timedelta(days=LOAD_DAYS), starts_before=first
    )


async def _served_days(
    ctx: Context, community: str, week: Week, resources: Sequence[Resource], standing: Sequence[Service]
) -> dict[str, tuple[date, ...]]:
    """Per need and per resource the days of its visits before the week, as far back as its rhythm reaches."""
    first = week_window(ctx, week).starts_at
    found: dict[str, list[date]] = {}
    for service in standing:
        if service.need_key and service.starts_at < first:
            found.setdefault(service.need_key, []).append(service.starts_at.astimezone(ctx.zone).date())
    longest = max(
        (one.when.demand.period_days for one in resources if one.when.demand is not None), default=0
    )
    for back in range(1, -(-longest // 7) + 1):
        earlier = Week.of(week.monday_on - timedelta(weeks=back))
        for one in await lists.promised(ctx.engine, community, earlier):
            found.setdefault(one.resource_key, []).append(one.window.starts_at.astimezone(ctx.zone).date())
    return {key: tuple(days) for key, days in found.items()}


async def _fixed(
    ctx: Context,
    community: str,
    week: Week,
    resources: Sequence[Resource],
    standing: Sequence[Service],
) -> tuple[Fixed, ...]:
    """Promises of the week, and the hours that volunteers with a line of their own have given away otherwise."""
    promised = await lists.promised(ctx.engine, community, week)
    known = {(one.need_key, one.resource_key) for one in promised}
    own = {
        one.owner: one.line_key for one in resources if one.owner_kind == "volunteer" and one.kind == "people"
    }
    whole, fixed = week_window(ctx, week), list(promised)
    for service in standing:
        stretch = Window(service.starts_at, service.ends_at)
        if not own or stretch.overlap(whole) is None:
            continue
        for part in await services.attendances(ctx.engine, service.uid):
            key = own.get(part.member, "")
            if key and part.state in STANDING and (service.need_key, key) not in known:
                fixed.append(Fixed(need_key=service.need_key, resource_key=key, window=stretch))
    return tuple(fixed)


async def _agreed(ctx: Context, community: str) -> list[Agreement]:
    """The community's agreements with what was kept of them so far."""
    signed = await lists.agreements(ctx.engine, community)
    if not signed:
        return []
    done = await lists.claims(ctx.engine, community, stages=(Stage.DONE,))
    return [with_claims(one, done, zone=ctx.zone) for one in signed]


async def _wishes(
    ctx: Context, community: str, needs: Sequence[Need], resources: Sequence[Resource]
) -> frozenset[tuple[str, str]]:
    """Pairs of whom one claims the other's line and waits for an answer: a wish, not yet a promise."""
    owner_of = {one.line_key: one.owner for one in resources}
    asked = {one.line_key for one in needs}
    pairs = set()
    for claim in await lists.claims(ctx.engine, community, stages=(Stage.OPEN,)):
        if claim.expires_at <= ctx.now():
            continue
        if claim.side is Side.NEED:
            pairs.add((claim.line_key, owner_of.get(claim.with_key, claim.claimant)))
        elif claim.with_key in asked and claim.line_key in owner_of:
            pairs.add((claim.with_key, owner_of[claim.line_key]))
    return frozenset(pairs)


async def _allowed(
    ctx: Context, community: str, week: Week, resources: Sequence[Resource]
) -> tuple[Resource, ...]:
    """The lines without those of volunteers whom the week's rules keep out by their age; nobody else is asked for it."""
    policy = ctx.policy_of(community, week.monday_on).earning
    owners = {one.owner for one in resources if one.owner_kind == "volunteer"}
    facts = await ages.ages_of(ctx.engine, sorted(owners))
    out = {
        uid
        for uid, said in facts.items()
        if may_serve(policy, person_of(said, week.monday_on), guardian_agrees=True).answer is Answer.NO
    }
    return tuple(one for one in resources if one.owner_kind != "volunteer" or one.owner not in out)


async def _savers(ctx: Context, community: str, needs: Sequence[Need], week: Week) -> frozenset[str]:
    """Residents with saved hours among those who ask, where the rules of the week serve them first."""
    if not ctx.policy_of(community, week.monday_on).redeeming.priority:
        return frozenset()
    asking = {one.owner for one in needs if one.source == "resident" and one.owner}
    held = await ctx.book(community).balances()
    owners = await people.accounts_of(ctx.engine, community)
    saved = {uid: held.get((account, "MIN")) for uid, account in owners.items() if uid in asking}
    return frozenset(uid for uid, balance in saved.items() if balance is not None and balance.available > 0)


async def _away(ctx: Context, community: str, week: Week) -> dict[str, list[tuple[date, date]]]:
    """uid -> first and last days in this week on which a member is away; a pause lasts past the week."""
    found: dict[str, list[tuple[date, date]]] = {}
    for one in await absences.absences_between(ctx.engine, community, week.monday_on, week.sunday_on):
        last_on = min(one.to_on or week.sunday_on, week.sunday_on)
        found.setdefault(one.member, []).append((max(one.from_on, week.monday_on), last_on))
    return found


async def _certificates(ctx: Context, community: str) -> dict[tuple[str, str], date]:
    """(uid, certificate) -> last day, of every proof that ends; the latest counts where there are several.

    A proof that is over stays known by its last day: who had it and has it no more is not simply unknown.
    """
    kinds = ctx.catalogue_of(community).relationships.values()
    tree = default_tree()
    found: dict[tuple[str, str], date] = {}
    endless: set[tuple[str, str]] = set()
    for kind in kinds:
        if not (kind.planner and CATEGORY in kind.to):
            continue
        for state in (State.IN_FORCE, State.OVER):
            for one in await relationships.of_kind(ctx.engine, community, kind.code, state):
                label = tree.label(one.target.code) if one.target.code in tree.categories else one.target.code
                for word in {one.target.code, label}:
                    pair = (one.holder.code, word)
                    if one.until_on is None:
                        endless.add(pair)
                    else:
                        found[pair] = max(found.get(pair, one.until_on), one.until_on)
    return {pair: day for pair, day in found.items() if pair not in endless}


def _received(needs: Sequence[Need], standing: Sequence[Service]) -> dict[str, int]:
    """Minutes of help each resident who asks for some had, or has been promised, in these weeks."""
    minutes = dict.fromkeys((one.owner for one in needs if one.source == "resident" and one.owner), 0)
    for service in standing:
        if service.recipient in minutes:
            minutes[service.recipient] += Window(service.starts_at, service.ends_at).minutes
    return minutes


async def _conflicts(
    ctx: Context, community: str, week: Week, resources: Sequence[Resource]
) -> frozenset[tuple[str, str]]:
    """A proposal declined this week is not made again: the need and whoever offered the line."""
    by_key = {one.line_key: one.owner for one in resources}
    declined = await lists.proposals(ctx.engine, community, week, stages=("declined",))
    return frozenset(
        (one.need_key, by_key[one.resource_key]) for one in declined if one.resource_key in by_key
    )
