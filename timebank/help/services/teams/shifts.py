"""The weekly shifts of the teams, made from the activities list: 每周二上午8:30 becomes this Tuesday's service.

A shift's id is made from its line and its hour, so that making a week twice, or from two places at once, gives the same
shifts and never a second one.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from zoneinfo import ZoneInfo

from marketplace import store as lists
from marketplace.text import compared
from marketplace.values import Activity, Calendar, Frequency, Resource, Week, Window
from timebank.access import Actor
from timebank.community.telling import tell_duty
from timebank.context import Context
from timebank.rules.parts.attendance import Kind, Service
from timebank.store.help import services
from timebank.store.oversight import audit
from timebank.store.places import calendars
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import TEAM, Organisation

# Rules whose days are turns of a team: the week's and the month's. What is open every day is nobody's shift.
_TURNS = frozenset({Frequency.WEEKLY, Frequency.NTH_WEEKDAY, Frequency.MONTH_DAY, Frequency.LUNAR_DAY})
_TEAM_WORDS = ("志愿服务队", "服务队", "志愿队", "队")


async def ensure_shifts(
    ctx: Context, community: str, week: Week, actor: Actor | None = None
) -> list[Service]:
    """The week's shifts of all teams; those that stood already are left as they are.

    An activity belongs to the team whose brand its title bears (周二“红马甲”在行动), else to the team that leads it;
    only repeating ones make shifts. Where the line gives no end, the team's own offer on the resources list does.

    Returns:
        The shifts made now, earliest first; none when the week was made before.
    """
    async with ctx.engine.atomic():
        calendar = await calendars.calendar_of(ctx.engine, community, ctx.today())
        activities = await lists.activities(ctx.engine, community)
        teams = await organisations.organisations(ctx.engine, community, TEAM)
        called = await organisations.names_by_code(ctx.engine, community)
        offers = [one for one in await lists.resources(ctx.engine, community) if one.owner_kind == "team"]

        leads = {team.code: await rosters.lead_of(ctx.engine, team.code, ctx.today()) for team in teams}
        places = ctx.policy_of(community, week.monday_on).services.helpers_when_unstated
        wanted = [
            _shift(community, activity, team, leads[team.code], window, places=places)
            for activity in activities
            if (team := team_of(activity, teams, called)) is not None
            for window in windows_of(activity, offers, team.code, week, calendar=calendar, zone=ctx.zone)
        ]

        made = [shift for shift in wanted if await _add(ctx, actor, shift)]
        for shift in made:
            if actor is not None:
                await audit.note(ctx, actor, "plan_shift", object=shift.uid)
            if shift.lead:
                await tell_duty(
                    ctx, community=community, member=shift.lead, kind="shift_planned", service=shift.uid
                )
    return sorted(made, key=lambda shift: shift.starts_at)


def team_of(
    activity: Activity, teams: Sequence[Organisation], called: Mapping[str, Sequence[str]]
) -> Organisation | None:
    """The team row whose shift this activity is, None when no team carries it.

    Args:
        called: code -> every name by which the lists call a team.
    """
    when = activity.when
    if when.demand is not None or not any(rule.frequency in _TURNS for rule in when.recurrences):
        # One of several days is nobody's shift until somebody says which.
        return None
    title = compared(activity.title)
    names = {team.code: called.get(team.code, (team.name,)) for team in teams}
    for team in teams:
        if any((brand := _brand(name)) and brand in title for name in names[team.code]):
            return team
    return next((team for team in teams if activity.lead in names[team.code]), None)


def windows_of(
    activity: Activity,
    offers: Iterable[Resource],
    team: str,
    week: Week,
    *,
    calendar: Calendar,
    zone: ZoneInfo,
) -> list[Window]:
    """When the activity takes place in the week; an assumed end gives way to the end that the team (a code) offers."""
    windows = list(activity.when.windows_in(week, calendar, zone=zone))
    if not any(note.code == "end_unstated" for note in activity.when.notes):
        return windows
    offered = [
        window
        for offer in offers
        if offer.owner == team
        for window in offer.when.windows_in(week, calendar, zone=zone)
    ]
    return [
        max((one for one in offered if one.starts_at == window.starts_at), key=_minutes, default=window)
        for window in windows
    ]


def shift_uid(community: str, line_key: str, window: Window) -> str:
    """The id of a line's shift at an hour: always the same for the same three."""
    said = f"timebank/shift/v1 {community} {line_key} {window.starts_at.isoformat()}"
    return "S" + b32encode(sha256(said.encode()).digest())[:8].decode()


def _shift(
    community: str, activity: Activity, team: Organisation, lead: str, window: Window, *, places: int
) -> Service:
    """The service; `places` hold where the line names none."""
    helpers = activity.helpers
    if helpers:
        places = helpers.helpers or helpers.amount
    return Service(
        uid=shift_uid(community, activity.line_key, window),
        community=community,
        kind=Kind.SHIFT,
        title=activity.title[:120],
        need_key=activity.line_key[:80],
        team=team.code,
        lead=lead,
        place=activity.place.text[:120],
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        capacity=places,
    )


async def _add(ctx: Context, actor: Actor | None, shift: Service) -> bool:
    if await services.service(ctx.engine, shift.uid) is not None:
        return False
    return await services.add_service_once(ctx, shift, created_by=actor.uid if actor else "")


def _brand(name: str) -> str:
    """What a team is known by: 周二红马甲 for 周二红马甲服务队."""
    for word in _TEAM_WORDS:
        if name.endswith(word) and len(name) > len(word):
            return compared(name.removesuffix(word))
    return compared(name)


def _minutes(window: Window) -> int:
    return window.minutes
