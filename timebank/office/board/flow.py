"""What the notice board says: the week, the four lists in numbers, the hours given, and the seal of the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.values import Activity, Calendar, Looseness, Week, Window
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.office.board.cells import Cell, public_cells
from timebank.rules.oversight.publishing import Published
from timebank.rules.parts.attendance import Kind, Service, ServiceState
from timebank.store.help import services, totals
from timebank.store.oversight import publications
from timebank.store.places import calendars
from timebank.store.places.communities import Community
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the board: a shift that people may join, or a line of the activities list.

    Attributes:
        places: how many people it takes, 0 when nobody counts; free: how many of them are still wanted.
    """

    title: str
    window: Window
    place: str = ""
    lead: str = ""
    places: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the week and what is on."""

    on: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Hours given in one month, in cells that may be published; all empty when too few people gave."""

    first_on: date
    minutes: int
    by_category: tuple[Cell, ...]
    by_team: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the notice, all of it public.

    Attributes:
        undated: activities of the list that have no hour in this week, title and time as written.
        on_lists: lines on each of the four lists; open_needs: needs that nobody has taken on yet.
        names: label of every category and name of every team and unit that `months` speaks of.
        seq, head_hash: entries in the hour book and the fingerprint of the last one.
        published: where log, book and attendance stood when last month was published; None before that.
    """

    community: Community
    week: Week
    days: tuple[Day, ...]
    undated: tuple[tuple[str, str], ...]
    on_lists: dict[str, int]
    this_month: Month
    last_month: Month
    names: dict[str, str]
    seq: int
    head_hash: str
    published: Published | None


async def board(ctx: Context, actor: Actor, community: Community, *, lang: str = "zh-CN") -> Board:
    """The board of a community as everybody may read it."""
    code = community.code
    sees(actor, "PublicNotice", Facts(community=code))

    week = Week.of(ctx.today())
    days, undated = await week_of(ctx, code, week)
    on_lists = await lists_in_numbers(ctx, code)
    first_on = ctx.today().replace(day=1)
    this_month = await _month(ctx, code, first_on)
    last_month = await _month(ctx, code, (first_on - timedelta(days=1)).replace(day=1))
    head = await ctx.book(code).head()
    bodies = [one for one in await organisations.organisations(ctx.engine, code) if one.kind in (TEAM, UNIT)]

    tree = default_tree()
    used = {cell.key for month in (this_month, last_month) for cell in month.by_category}
    labels = {one: tree.label(one, lang) for one in used if one in tree.categories}
    return Board(
        community=community,
        week=week,
        days=days,
        undated=undated,
        on_lists=on_lists,
        this_month=this_month,
        last_month=last_month,
        names={body.code: body.name for body in bodies} | labels,
        seq=head.seq,
        head_hash=head.hash.hex(),
        published=await publications.published_of(ctx.engine, code, f"{last_month.first_on:%Y-%m}"),
    )


async def week_of(ctx: Context, code: str, week: Week) -> tuple[tuple[Day, ...], tuple[tuple[str, str], ...]]:
    """The week's days with something on, and the activities without an hour in it, each with its time as written."""
    shifts = await _shifts(ctx, code, week)
    activities = await lists.activities(ctx.engine, code)
    calendar = await calendars.calendar_of(ctx.engine, code, ctx.today())
    return arranged(week, shifts, activities, calendar=calendar, zone=ctx.zone)


async def lists_in_numbers(ctx: Context, code: str) -> dict[str, int]:
    """How many lines stand on each of the four lists."""
    return {
        "needs": len(await lists.listed_needs(ctx.engine, code)),
        "resources": await lists.count_resources(ctx.engine, code, but_of="volunteer"),
        "activities": len(await lists.activities(ctx.engine, code)),
        "projects": len(await lists.projects(ctx.engine, code)),
    }


def arranged(
    week: Week,
    shifts: Iterable[Entry],
    activities: Iterable[Activity],
    *,
    calendar: Calendar,
    zone: ZoneInfo,
) -> tuple[tuple[Day, ...], tuple[tuple[str, str], ...]]:
    """The week's days with something on, and the activities without an hour in this week.

    An activity that a shift of the same day and nearly the same title carries out is shown once, as the shift.
    """
    by_day: dict[date, list[Entry]] = {}
    undated: list[tuple[str, str]] = []
    for shift in shifts:
        by_day.setdefault(shift.window.starts_at.date(), []).append(shift)
    for activity in activities:
        # Twice a week, whenever it suits, is no hour that anybody could come at.
        fixed = activity.when.looseness is Looseness.FIXED and activity.when.question is None
        windows = activity.when.windows_in(week, calendar, zone=zone) if fixed else ()
        if not fixed:
            undated.append((activity.title, activity.when.phrase))
        for window in windows:
            there = by_day.setdefault(window.starts_at.date(), [])
            if not any(window.overlap(shift.window) and shift.title == activity.title for shift in there):
                there.append(_entry(activity, window))
    days = tuple(
        Day(on=on, entries=tuple(sorted(entries, key=lambda entry: (entry.window, entry.title))))
        for on, entries in sorted(by_day.items())
    )
    return days, tuple(undated)


def _entry(activity: Activity, window: Window) -> Entry:
    places = activity.helpers.amount if activity.helpers else 0
    return Entry(
        title=activity.title,
        window=window,
        place=activity.place.text,
        lead=activity.lead,
        places=places,
        free=places,
    )


async def _shifts(ctx: Context, code: str, week: Week) -> list[Entry]:
    """This week's shifts with their free places; help for a resident never stands on a board, whoever filed it."""
    starts_from, starts_before = _moments(ctx, week.monday_on, week.sunday_on + timedelta(days=1))
    needs = await lists.needs(ctx.engine, code, open_only=False)
    of_residents = {need.line_key for need in needs if need.source not in ("community", "unit")}
    found = [
        service
        for service in await services.services(
            ctx.engine, code, starts_from=starts_from, starts_before=starts_before
        )
        if service.kind is Kind.SHIFT
        and not service.recipient
        and service.state is not ServiceState.CANCELLED
        and service.need_key not in of_residents
    ]
    taken = await totals.taken_by_service(ctx.engine, [service.uid for service in found])
    teams = {team.code: team.name for team in await organisations.organisations(ctx.engine, code, TEAM)}
    return [_shift(ctx, service, taken.get(service.uid, 0), teams) for service in found]


def _shift(ctx: Context, service: Service, taken: int, teams: dict[str, str]) -> Entry:
    over = service.state is ServiceState.DONE or service.ends_at <= ctx.now()
    return Entry(
        title=service.title,
        window=Window(service.starts_at.astimezone(ctx.zone), service.ends_at.astimezone(ctx.zone)),
        place=service.place,
        lead=teams.get(service.team, ""),
        places=service.capacity,
        free=0 if over else max(0, service.capacity - taken),
    )


async def _month(ctx: Context, code: str, first_on: date) -> Month:
    next_on = (first_on + timedelta(days=32)).replace(day=1)
    starts_from, starts_before = _moments(ctx, first_on, next_on)
    given = await totals.given(ctx.engine, code, starts_from=starts_from, starts_before=starts_before)
    least = ctx.policy_of(code).public.people_min
    by_category = public_cells(((one.category, one.member, one.minutes) for one in given), people_min=least)
    return Month(
        first_on=first_on,
        minutes=sum(cell.minutes for cell in by_category),
        by_category=by_category,
        by_team=public_cells(
            ((one.team or one.unit, one.member, one.minutes) for one in given), people_min=least
        ),
    )


def _moments(ctx: Context, first_on: date, before_on: date) -> tuple[datetime, datetime]:
    """The moments at which a stretch of local days begins and ends."""
    return (
        datetime.combine(first_on, time.min, tzinfo=ctx.zone),
        datetime.combine(before_on, time.min, tzinfo=ctx.zone),
    )
