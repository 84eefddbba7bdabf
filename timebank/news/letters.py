"""The weekly letter to families: what was done for somebody, what comes, and whom to ring.

Whoever may read a person's notices gets it, by the way they chose. It says no more than they may read: without the word
`read` only how often somebody came, without `hours` no minutes. A week in which nothing happened has no letter, or a
short one where the rules say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from timebank.catalogue import Scope
from timebank.catalogue.consents import FAMILY
from timebank.context import Context
from timebank.rules.parts.attendance import Attendance, Service, ServiceState, State
from timebank.rules.relationships import Relationship, Sort
from timebank.rules.relationships import State as Standing
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.members import consents, people
from timebank.store.places import communities
from timebank.store.relations import relationships
from timebank.web import filters, i18n
from timebank.web.i18n import speaking

_ = i18n.gettext
WEEK = timedelta(days=7)
# A server that was down writes the letter when it is back, but not when nobody waits for it any more.
LATE_AT_MOST = timedelta(days=3)
CAME = (State.CHECKED_OUT, State.CONFIRMED, State.POSTED, State.DISPUTED)
GONE = (State.CANCELLED, State.NO_SHOW)
KIND = "weekly_letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visit: when, and what and who where that may be read; minutes where hours may."""

    starts_at: datetime
    what: str = ""
    who: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One week of one person, as one reader may know it.

    Attributes:
        until_on: the day on which it was written; it looks back seven days and ahead as many.
        called, phone: of the community.
    """

    member: str
    name: str
    until_on: date
    done: tuple[Line, ...]
    coming: tuple[Line, ...]
    called: str
    phone: str

    @property
    def quiet(self) -> bool:
        return not self.done and not self.coming


async def write_letters(ctx: Context, community: str) -> int:
    """Leave this week's letters once their day and hour have come; how many are due, each written once for ever."""
    policy = ctx.policy_of(community).news
    at = _last_letter_at(ctx, policy.letter_weekday, policy.letter_hour)
    if at is None:
        return 0
    written = 0
    for one in await _readers(ctx, community):
        elder, reader = one.target.code, one.holder.code
        letter = await letter_of(ctx, elder, until_on=at.date(), scope=frozenset(one.scope))
        if letter is None or (letter.quiet and not policy.letter_when_quiet):
            continue
        async with ctx.engine.atomic():
            await news.put_for_reader(
                ctx, community=community, member=reader, matter_of=elder, kind=KIND, turn=f"{at.date()}",
                week=at.date().isoformat(), done=len(letter.done), coming=len(letter.coming),
            )  # fmt: skip
        written += 1
    return written


async def letter_of(
    ctx: Context, member: str, *, until_on: date, scope: frozenset[Scope], lang: str = "zh-CN"
) -> Letter | None:
    """The letter about somebody, as far as `scope` lets it be read; None for who is on no record."""
    row = await people.member(ctx.engine, member)
    home = await communities.community(ctx.engine, row.community) if row else None
    if row is None or home is None:
        return None
    middle = datetime.combine(until_on, time.max, tzinfo=ctx.zone)
    found = await services.services(
        ctx.engine, row.community, recipient=member, starts_from=middle - WEEK, starts_before=middle + WEEK
    )
    done, coming = [], []
    for service in found:
        parts = await services.attendances(ctx.engine, service.uid)
        came = [part for part in parts if part.state in CAME]
        if came and service.starts_at <= middle:
            done.append(await _line(ctx, service, came, scope))
        elif service.starts_at > middle and service.state is ServiceState.PLANNED:
            going = [part for part in parts if part.state not in GONE]
            coming.append(await _line(ctx, service, going, scope))
    return Letter(
        member=member, name=(await people.names(ctx.engine, [member])).get(member, ""), until_on=until_on,
        done=tuple(done), coming=tuple(coming), called=home.called(lang), phone=home.phone,
    )  # fmt: skip


async def scope_of(ctx: Context, reader: str, member: str) -> frozenset[Scope]:
    """What somebody may do and read for another today; empty for who may not read their notices."""
    found: set[Scope] = set()
    row = await people.member(ctx.engine, member)
    for one in await _readers(ctx, row.community if row else ""):
        if (one.holder.code, one.target.code) == (reader, member):
            found |= set(one.scope)
    return frozenset(found)


def in_words(letter: Letter, lang: str) -> str:
    """The letter as a mail says it."""
    with speaking(lang):
        lines = [
            _("%(name)s这一周", name=letter.name),
            "",
            _("来帮过的："),
            *([_said(one) for one in letter.done] or [_("这一周没有人来帮忙。")]),
            "",
            _("接下来一周："),
            *([_said(one) for one in letter.coming] or [_("还没有约好的。")]),
            "",
            _("有事请打%(called)s：%(phone)s", called=letter.called, phone=letter.phone)
            if letter.phone
            else _("有事请找%(called)s。", called=letter.called),
        ]
        return "\n".join(lines)


def _said(one: Line) -> str:
    words = [f"· {filters.day(one.starts_at)} {filters.clock(one.starts_at)}", one.what, one.who]
    if one.minutes:
        words.append(filters.hours(one.minutes))
    return " ".join(word for word in words if word)


async def _line(ctx: Context, service: Service, parts: list[Attendance], scope: frozenset[Scope]) -> Line:
    reads = Scope.READ in scope
    names = await people.names(ctx.engine, sorted({part.member for part in parts})) if reads else {}
    return Line(
        starts_at=service.starts_at.astimezone(ctx.zone),
        what=service.title if reads else "",
        who="、".join(dict.fromkeys(names.get(part.member, "") for part in parts)) if reads else "",
        minutes=sum(part.minutes_served for part in parts) if Scope.HOURS in scope else 0,
    )


async def _readers(ctx: Context, community: str) -> list[Relationship]:
    """Who may read whose notices today."""
    kinds = [
        one.code for one in ctx.catalogue_of(community).relationships.values() if Scope.NOTICES in one.scope
    ]
    today = ctx.today()
    found = [
        one
        for kind in sorted(kinds)
        for one in await relationships.of_kind(ctx.engine, community, kind, Standing.IN_FORCE)
        if one.holds_on(today)
        and Scope.NOTICES in one.scope
        and one.holder.sort is Sort.MEMBER
        and one.target.sort is Sort.MEMBER
    ]
    said_no = await consents.taken_back(ctx.engine, [one.target.code for one in found], FAMILY)
    return [one for one in found if one.target.code not in said_no]


def _last_letter_at(ctx: Context, weekday: int, hour: int) -> datetime | None:
    """When the letter was last due; None where there is none, or that is too long ago."""
    if not weekday:
        return None
    now = ctx.now().astimezone(ctx.zone)
    day = now.date() - timedelta(days=(now.isoweekday() - weekday) % 7)
    at = datetime.combine(day, time(hour), tzinfo=ctx.zone)
    if at > now:
        at -= WEEK
    return at if now - at < LATE_AT_MOST else None
