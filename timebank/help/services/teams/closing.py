"""A team's shift from its planning to its end: the week's shifts, those who just came, and closing time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from marketplace.values import Week
from timebank.access import Actor, Facts, sees
from timebank.community.eligibility import day_of
from timebank.community.saying import say
from timebank.context import Context
from timebank.errors import NotFound, NotYet, WrongMoment
from timebank.help.posting.paying import wind_up
from timebank.help.services.arriving import arrive, ask_to_confirm, moment_of, not_ahead
from timebank.help.services.joining import join
from timebank.help.services.loading import GONE, service_for
from timebank.help.services.people import who_came
from timebank.help.services.teams.shifts import ensure_shifts
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.rules.parts.statements import Said
from timebank.store.help import services
from timebank.store.oversight import audit
from timebank.store.relations import organisations

OPEN = (ServiceState.PLANNED, ServiceState.UNDER_WAY)


async def plan_shifts(ctx: Context, actor: Actor, team_code: str) -> list[Service]:
    """This week's and next week's shifts, made from the activities list; what was made now.

    Raises:
        NotFound: no such team, or not the actor's.
    """
    async with ctx.engine.atomic():
        team = await organisations.organisation(ctx.engine, team_code)
        if team is None:
            raise NotFound()
        sees(actor, "PlanShifts", Facts(community=team.community, team=team_code))
        made: list[Service] = []
        for week in (Week.of(ctx.today()), Week.of(ctx.today() + timedelta(days=7))):
            made += await ensure_shifts(ctx, team.community, week, actor)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed shift: who was checked out now and who did not come."""

    service: Service
    left: tuple[Attendance, ...]
    absent: tuple[Attendance, ...]


async def close_shift(
    ctx: Context,
    actor: Actor,
    service_uid: str,
    *,
    at: datetime | time | None = None,
    absent_known: bool = False,
) -> Closed:
    """End a shift (收工): everybody still there leaves at `at`, those never ticked did not come.

    Args:
        at: when they leave; a time of day is meant on the service's own day, None is its end or now.
        absent_known: somebody has looked at the list of those never ticked and said that they did not come.

    Raises:
        NotFound; NotYet: nobody has come, or some were never ticked and nobody was asked about them.
        WrongMoment: the hour lies ahead, or before somebody's arrival.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "CloseShift", service_uid)
        parts = await services.attendances(ctx.engine, service.uid, lock=True)
        there = [part for part in parts if part.state is State.CHECKED_IN]
        missing = [part for part in parts if part.state is State.SIGNED_UP]
        if service.state not in OPEN:
            raise WrongMoment("这次服务已经结束。", "This service is over.")
        if missing and not absent_known:
            raise NotYet(
                "还有人没点到，先看一眼是不是没来。", "Some were never ticked: look whether they really stayed away.",
                missing=len(missing),
            )  # fmt: skip
        if not there and not any(part.state is State.CHECKED_OUT for part in parts):
            raise NotYet(
                "还没有人点到，不能收工。", "Nobody has been ticked yet, so there is nothing to close."
            )
        leaves_at = moment_of(ctx, service, at) or min(ctx.now(), service.ends_at)
        leaves_at = not_ahead(leaves_at, ctx.now())
        policy = ctx.policy_of(service.community, day_of(ctx, service)).services
        for part in there:
            attendance.refuse_leaving(part, at=leaves_at, policy=policy)

        closing = ctx.ids.uid("Q")
        left = tuple(
            [
                await say(ctx, actor, one, service, Said.LEAVING, at=leaves_at, closing=closing)
                for one in there
            ]
        )
        absent = tuple([await say(ctx, actor, one, service, Said.ABSENT, closing=closing) for one in missing])
        service = await wind_up(ctx, service)

        await audit.note(ctx, actor, "close_shift", object=service.uid)
        for part in left:
            await ask_to_confirm(ctx, actor, service, part)
    return Closed(service=service, left=left, absent=absent)


async def add_walk_up(
    ctx: Context,
    actor: Actor,
    service_uid: str,
    *,
    member: str = "",
    name: str = "",
    phone: str = "",
    minor: bool = False,
    first_time: bool = False,
) -> Attendance:
    """Somebody who came without signing up: a known member, or a new one with just a name; checked in at once.

    A shift takes them even when its places are full: whoever stands there has come.

    Raises:
        BadField: no name, an unreadable phone, or several people of that name; GuardianNeeded, Clash.
    """
    async with ctx.engine.atomic():
        service, _seen = await service_for(ctx, actor, "AddWalkUp", service_uid)
        if service.kind is not Kind.SHIFT or service.state not in OPEN:
            raise WrongMoment("这次服务已经结束。", "This service is over.")
        uid = member or await who_came(
            ctx, service.community, name=name, phone=phone, minor=minor, first_time=first_time,
            team=service.team, file=service.uid, by=actor.uid,
        )  # fmt: skip
        found = await services.attendance_of(ctx.engine, service.uid, uid)
        if found is None or found.state in GONE:
            service = await with_room(ctx, service)
            found = await join(ctx, actor, service, uid)
        part = await arrive(ctx, actor, found, service, at=ctx.now())
        await audit.note(ctx, actor, "walk_up", object=part.uid)
    return part


async def with_room(ctx: Context, service: Service) -> Service:
    """The service with a place more where all are taken: whoever stood there has come."""
    taken = await services.taken(ctx.engine, service.uid)
    if taken < service.capacity:
        return service
    wider = replace(service, capacity=taken + 1)
    await services.save_service(ctx.engine, wider)
    return wider
