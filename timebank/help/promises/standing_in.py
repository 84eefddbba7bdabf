"""Who could go in somebody's place, and which other times would do: the planner's answer for one need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from marketplace import store as lists
from marketplace.planning import stand_ins as look
from marketplace.planning import suggest
from marketplace.values import Looseness, Need, Week, Window
from timebank.context import Context
from timebank.help.arranging import minutes_of
from timebank.help.planning.gathering import Given, gather
from timebank.rules.attendance import Kind, Service, State
from timebank.store import news, people, phones, rosters, services

ASKED_AT_ONCE = 3
SHOWN = 3
SOON = timedelta(hours=2)
ON_FOOT = timedelta(minutes=30)
"""Whoever is sent at once needs so long to be there."""
WEEKS_AHEAD = 2
SUGGESTIONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Somebody who could go instead: how they are called, the number to ring, and why them."""

    member: str
    says: str
    phone: str
    why_zh: str
    why_en: str


async def stand_ins(
    ctx: Context, service: Service, *, without: str = "", given: Given | None = None, shown: int = SHOWN
) -> tuple[StandIn, ...]:
    """The next best helpers for a service whose place is free, best first; for a team's shift its people not on it.

    What a team or unit has given back is anybody's again.

    Args:
        without: uid of who cannot.
        given: the week's lists where they are gathered already.
    """
    if service.kind is Kind.SHIFT and service.team and service.off is None:
        return await _of_team(ctx, service, without=without, shown=shown)
    need = await lists.need(ctx.engine, service.community, service.need_key) if service.need_key else None
    if need is None:
        return ()
    given = given or await gather(
        ctx, service.community, Week.of(service.starts_at.astimezone(ctx.zone).date())
    )
    # After the hour whoever is sent gets an hour of their own, as long as the one that was promised.
    starts_at = service.starts_at if service.starts_at > ctx.now() else ctx.now() + ON_FOOT
    found = look(
        need, given.resources, window=Window(starts_at, starts_at + (service.ends_at - service.starts_at)),
        without=without, context=given.context, fixed=given.fixed, k=shown,
    )  # fmt: skip
    chosen = [one for one in found.suggestions if one.resource.owner_kind == "volunteer"]
    cards = await people.cards(ctx.engine, [one.resource.owner for one in chosen])
    rung = await phones.first_phones(ctx.engine, list(cards))
    return tuple(
        StandIn(
            member=one.resource.owner, says=cards[one.resource.owner].says, phone=rung.get(one.resource.owner, ""),
            why_zh="，".join(reason.zh for reason in one.reasons[:2]),
            why_en="; ".join(reason.en for reason in one.reasons[:2]),
        )
        for one in chosen
        if one.resource.owner in cards
    )  # fmt: skip


async def _of_team(ctx: Context, service: Service, *, without: str, shown: int) -> tuple[StandIn, ...]:
    on_it = {
        part.member
        for part in await services.attendances(ctx.engine, service.uid)
        if part.state not in {State.CANCELLED, State.NO_SHOW}
    }
    rows = [
        row
        for row in await rosters.team_members(ctx.engine, service.team, ctx.today())
        if row.uid not in on_it and row.uid != without
    ][:shown]
    rung = await phones.first_phones(ctx.engine, [row.uid for row in rows])
    return tuple(
        StandIn(
            member=row.uid,
            says=row.says,
            phone=rung.get(row.uid, ""),
            why_zh="本队队员",
            why_en="of the team",
        )
        for row in rows
    )


async def ask_stand_ins(ctx: Context, service: Service, *, without: str) -> int:
    """Leave word with those who could go instead, in the caller's unit of work; how many were asked.

    Three at a time, and once each; when it is soon, as many as there are.
    """
    many = SHOWN * 4 if service.starts_at - ctx.now() <= SOON else ASKED_AT_ONCE
    found = await stand_ins(ctx, service, without=without, shown=many)
    for one in found:
        await news.put_once(
            ctx, community=service.community, member=one.member, kind="stand_in_wanted", turn=without,
            service=service.uid, at=service.starts_at.isoformat(timespec="minutes"),
        )  # fmt: skip
    return len(found)


async def other_times(ctx: Context, community: str, need: Need, *, shown: int = 2) -> tuple[Window, ...]:
    """The first hours in the coming weeks at which somebody could serve the need, on different days; () when nobody could.

    Each is as long as the need takes: whoever is free all day is not asked to come for the whole of it.
    """
    this = Week.of(ctx.today())
    loose = replace(
        need, when=replace(
            need.when, looseness=Looseness.ANY, recurrences=(), windows=(), demand=None, first_on=ctx.today(), last_on=None,
        ),
    )  # fmt: skip
    found: dict[date, Window] = {}
    for ahead in range(WEEKS_AHEAD):
        week = Week.of(this.monday_on + timedelta(weeks=ahead))
        given = await gather(ctx, community, week)
        for one in suggest(
            loose, given.resources, week=week, context=given.context, fixed=given.fixed, k=SUGGESTIONS
        ):
            if one.window.starts_at > ctx.now():
                takes = timedelta(minutes=minutes_of(need, one.window))
                ends_at = min(one.window.ends_at, one.window.starts_at + takes)
                day = one.window.starts_at.astimezone(ctx.zone).date()
                found.setdefault(day, Window(one.window.starts_at, ends_at))
    return tuple(sorted(found.values(), key=lambda one: one.starts_at)[:shown])
