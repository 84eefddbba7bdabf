"""Who could go in somebody's place, and which other times would do: the planner's answer for one need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from marketplace import store as lists
from marketplace.planning import Reason, Suggestion, suggest
from marketplace.planning import stand_ins as look
from marketplace.values import Looseness, Need, Week, Window
from timebank.community.plan_stale import mark_plan_stale
from timebank.context import Context
from timebank.help.arranging import minutes_of
from timebank.help.planning.gathering import Given, gather
from timebank.rules.parts.attendance import Kind, Service, State
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.members import people, phones
from timebank.store.relations import parties, rosters

ASKED_AT_ONCE = 3
SHOWN = 3
SOON = timedelta(hours=2)
ON_FOOT = timedelta(minutes=30)
"""Whoever is sent at once needs so long to be there."""
STEP = timedelta(minutes=5)
"""An hour that is told to people is a multiple of this."""
WEEKS_AHEAD = 2
SUGGESTIONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """Who could go instead: how they are called, the number to ring, and why them.

    Attributes:
        member: uid of a person; "" for a unit, which names itself who goes.
        line: key of the unit's line on the resource list; "" for a person.
    """

    member: str = ""
    line: str = ""
    says: str
    phone: str
    why_zh: str
    why_en: str


def starts_instead(service: Service, now: datetime) -> datetime:
    """When whoever is sent instead begins: at the hour that was promised; once it has passed, as soon as they can be there."""
    if service.starts_at > now:
        return service.starts_at
    there = now + ON_FOOT
    return there + (datetime.min.replace(tzinfo=there.tzinfo) - there) % STEP


async def stand_ins(
    ctx: Context, service: Service, *, without: str = "", given: Given | None = None, shown: int = SHOWN
) -> tuple[StandIn, ...]:
    """The next best helpers for a service whose place is free, best first; for a team's shift its people not on it.

    What a team or unit has given back is anybody's again: people stand before units.

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
    starts_at = starts_instead(service, ctx.now())
    found = look(
        need, given.resources, window=Window(starts_at, starts_at + (service.ends_at - service.starts_at)),
        without=without, context=given.context, fixed=given.fixed, k=shown,
    )  # fmt: skip
    people_free = [one for one in found.suggestions if one.resource.owner_kind == "volunteer"]
    # A unit is not sent after an hour that has passed: it is asked for one that was given back in time.
    ahead = service.off is not None and service.starts_at > ctx.now()
    units_free = [one for one in found.suggestions if one.resource.owner_kind == "unit" and ahead]
    return (*await _people(ctx, people_free), *await _units(ctx, units_free))


async def _people(ctx: Context, chosen: Sequence[Suggestion]) -> tuple[StandIn, ...]:
    cards = await people.cards(ctx.engine, [one.resource.owner for one in chosen])
    rung = await phones.first_phones(ctx.engine, list(cards))
    return tuple(
        _stand_in(one, cards[one.resource.owner].says, rung, member=one.resource.owner)
        for one in chosen
        if one.resource.owner in cards
    )


async def _units(ctx: Context, chosen: Sequence[Suggestion]) -> tuple[StandIn, ...]:
    """Units, each with whoever speaks for it to ring."""
    names = await parties.names_of_organisations(ctx.engine, {one.resource.owner for one in chosen})
    contacts = {
        code: found[0].uid for code in names if (found := await rosters.contacts_of(ctx.engine, code, ctx.today()))
    }  # fmt: skip
    rung = await phones.first_phones(ctx.engine, list(contacts.values()))
    by_unit = {code: rung.get(uid, "") for code, uid in contacts.items()}
    return tuple(
        _stand_in(one, names[one.resource.owner], by_unit, line=one.resource.line_key)
        for one in chosen
        if one.resource.owner in names
    )


def _stand_in(
    one: Suggestion, says: str, rung: Mapping[str, str], *, member: str = "", line: str = ""
) -> StandIn:
    return StandIn(
        member=member, line=line, says=says, phone=rung.get(one.resource.owner, ""),
        why_zh="，".join(reason.zh for reason in _of_them(one)[:2]),
        why_en="; ".join(reason.en for reason in _of_them(one)[:2]),
    )  # fmt: skip


def _of_them(one: Suggestion) -> list[Reason]:
    """Why them; how urgent the need is says nothing about who goes."""
    return [reason for reason in one.reasons if reason.code != "urgency"]


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
    found = [one for one in await stand_ins(ctx, service, without=without, shown=many) if one.member]
    for one in found:
        await news.put_once(
            ctx, community=service.community, member=one.member, kind="stand_in_wanted", turn=without,
            service=service.uid, at=service.starts_at.isoformat(timespec="minutes"),
        )  # fmt: skip
    await mark_plan_stale(ctx, service.community)
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
