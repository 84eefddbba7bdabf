"""Use cases of calendar addresses: make one, end one, and what a calendar program is given that asks by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from marketplace import store as lists
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Scope
from timebank.context import Context
from timebank.errors import AppRefusal, NotFound, TryLater
from timebank.news.feeds.writing import Words, written
from timebank.rules.parts.attendance import ServiceState, State
from timebank.rules.relationships import Life
from timebank.rules.relationships import member as party
from timebank.rules.telling.feeds import AHEAD, BACK, Purpose, Shown, Status, follow
from timebank.store import settings
from timebank.store.channels import feeds
from timebank.store.channels.feeds import Feed
from timebank.store.help import services
from timebank.store.identity import sessions
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.places import communities
from timebank.store.relations import organisations, relationships, rosters

ADDRESSES_MAX = 12
ASKED_MAX, ASKED_WITHIN = 30, timedelta(hours=1)
SHOWN_MAX = 1_000
INSTALLATION = "calendar_installation"
GONE = (State.CANCELLED, State.NO_SHOW)


class TooManyAddresses(AppRefusal):
    """More calendar addresses than anybody needs."""

    status, code = 409, "too_many_addresses"
    zh = "日历地址已经够多了，先作废一个再开新的。"
    en = "There are enough calendar addresses; end one before making another."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody may have an address for: their own services, somebody's visits, a team's shifts."""

    purpose: Purpose
    of: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address as its owner sees it; its secret is shown once, when it is made."""

    feed: Feed
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Somebody's addresses, and what they may have one for."""

    standing: tuple[Address, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A calendar file and the mark that stays the same while it does."""

    content: bytes
    etag: str


async def addresses(ctx: Context, actor: Actor) -> Addresses:
    """One's own addresses, and what one may have one for."""
    choices = await _choices(ctx, actor)
    names = {(one.purpose, one.of): one.name for one in choices}
    standing = [
        Address(feed=feed, name=names.get((feed.kind, feed.of), ""))
        for feed in await feeds.feeds_of(ctx.engine, actor.uid)
        if (feed.kind, feed.of) in names
    ]
    return Addresses(standing=tuple(standing), choices=choices)


async def make(ctx: Context, actor: Actor, *, purpose: Purpose, of: str) -> str:
    """The secret of a new address, which is never stored.

    Raises:
        NotFound: nothing this person may read. TooManyAddresses.
    """
    if (purpose, of or actor.uid) not in {(one.purpose, one.of) for one in await _choices(ctx, actor)}:
        raise NotFound()
    async with ctx.engine.atomic():
        if len(await feeds.feeds_of(ctx.engine, actor.uid)) >= ADDRESSES_MAX:
            raise TooManyAddresses()
        secret = ctx.ids.token()
        one = Feed(
            uid=ctx.ids.uid("F"), hash=sessions.token_hash(secret), community=actor.community, member=actor.uid,
            kind=purpose, of=of or actor.uid, made_at=ctx.now(),
        )  # fmt: skip
        await feeds.add_feed(ctx.engine, one)
        await audit.note(ctx, actor, "make_calendar_address", object=one.uid)
    return secret


async def end(ctx: Context, actor: Actor, uid: str) -> None:
    """One of one's own addresses shows nothing from now on.

    Raises:
        NotFound: not one's own.
    """
    async with ctx.engine.atomic():
        one = await feeds.feed(ctx.engine, uid)
        if one is None:
            raise NotFound()
        sees(actor, "EndFeed", Facts(community=one.community, owners=frozenset({one.member})))
        await feeds.end_feed(ctx.engine, uid, now=ctx.now())
        await audit.note(ctx, actor, "end_calendar_address", object=uid)


async def calendar(ctx: Context, secret: str, *, base: str) -> File:
    """What a calendar program is given.

    Args:
        base: what the links begin with.

    Raises:
        NotFound: no such address, ended, or the relationship behind it is over. TryLater: asked too often.
    """
    feed = await feeds.feed_by_hash(ctx.engine, sessions.token_hash(secret))
    if feed is None or feed.ended_at is not None:
        raise NotFound()
    await _count(ctx, feed)
    if not await _holds(ctx, feed):
        async with ctx.engine.atomic():
            await feeds.end_feed(ctx.engine, feed.uid, now=ctx.now())
        raise NotFound()
    subject = f"{feed.kind.value}:{feed.of}"
    async with ctx.engine.atomic():
        followed = follow(await feeds.entries(ctx.engine, subject), await _live(ctx, feed), now=ctx.now())
        await feeds.save_entries(ctx.engine, subject, followed.changed)
        installation = await _installation(ctx)
    content = written(
        followed.entries, words=await _words(ctx, feed, base), installation=installation, zone=ctx.zone,
        year=ctx.today().year,
    )  # fmt: skip
    return File(content=content, etag=f'"{sha256(content).hexdigest()[:32]}"')


async def _choices(ctx: Context, actor: Actor) -> tuple[Choice, ...]:
    elders = sorted(uid for uid, scope in actor.mandates.items() if Scope.READ.value in scope)
    teams = sorted(actor.teams | await rosters.team_codes_of(ctx.engine, actor.uid, ctx.today()))
    names = await people.names(ctx.engine, elders)
    bodies = await organisations.organisations_by_code(ctx.engine, teams)
    return (
        Choice(purpose=Purpose.OWN, of=actor.uid, name=""),
        *(Choice(purpose=Purpose.ELDER, of=uid, name=names.get(uid, "")) for uid in elders),
        *(Choice(purpose=Purpose.TEAM, of=code, name=bodies[code].name) for code in teams if code in bodies),
    )


async def _holds(ctx: Context, feed: Feed) -> bool:
    """Whether its owner may still read what it shows."""
    row = await people.member(ctx.engine, feed.member)
    if row is None or row.life is not Life.ACTIVE:
        return False
    today = ctx.today()
    if feed.kind is Purpose.OWN:
        return True
    if feed.kind is Purpose.TEAM:
        theirs = await rosters.team_codes_of(ctx.engine, feed.member, today)
        return feed.of in theirs or feed.member in await rosters.leaders_of(ctx.engine, feed.of, today)
    held = await relationships.held_towards(ctx.engine, party(feed.of))
    return any(
        one.holder == party(feed.member) and one.holds_on(today) and Scope.READ in one.scope for one in held
    )


async def _live(ctx: Context, feed: Feed) -> list[Shown]:
    """Everything that stands between thirty days back and ninety ahead."""
    now = ctx.now()
    if feed.kind is Purpose.OWN:
        parts = await services.attendances_of(ctx.engine, feed.of, limit=SHOWN_MAX)
        own = [
            Shown(uid=part.uid, starts_at=one.starts_at, ends_at=one.ends_at, place=one.place)
            for part, one in parts
            if part.state not in GONE and one.state is not ServiceState.CANCELLED
        ]
        return [*(one for one in own if _within(one, now)), *await _proposed(ctx, feed)]
    found = await services.services(
        ctx.engine, feed.community, team=feed.of if feed.kind is Purpose.TEAM else "",
        recipient=feed.of if feed.kind is Purpose.ELDER else "", starts_from=now - BACK, starts_before=now + AHEAD,
        limit=SHOWN_MAX,
    )  # fmt: skip
    return [
        Shown(uid=one.uid, starts_at=one.starts_at, ends_at=one.ends_at, place=one.place)
        for one in found
        if one.state is not ServiceState.CANCELLED
    ]


async def _proposed(ctx: Context, feed: Feed) -> list[Shown]:
    """What the plan asks of them and they have not answered."""
    own = {one.line_key for one in await lists.resources(ctx.engine, feed.community, owner=feed.of)}
    if not own:
        return []
    return [
        Shown(
            uid=one.uid, starts_at=one.window.starts_at, ends_at=one.window.ends_at, status=Status.TENTATIVE
        )
        for one in await lists.proposals(ctx.engine, feed.community, stages=("proposed",))
        if one.resource_key in own and one.window.ends_at > ctx.now()
    ]


def _within(one: Shown, now: datetime) -> bool:
    return now - BACK <= one.starts_at <= now + AHEAD


async def _words(ctx: Context, feed: Feed, base: str) -> Words:
    row = await people.member(ctx.engine, feed.member)
    english = row is not None and row.lang == "en"
    home = await communities.community(ctx.engine, feed.community)
    called = home.called("en" if english else "zh-CN") if home else ""
    title = "Volunteering" if english else "志愿服务"
    page = {
        Purpose.OWN: "/volunteer",
        Purpose.ELDER: "/services/{uid}",
        Purpose.TEAM: f"/teams/{feed.of}/shifts/{{uid}}",
    }[feed.kind]
    return Words(name=f"{called} · {title}", title=title, link=base.rstrip("/") + page)


async def _count(ctx: Context, feed: Feed) -> None:
    """A program asks every hour; one that asks every minute has to wait."""
    now = ctx.now()
    since = feed.asked_at
    fresh = since is None or now - since >= ASKED_WITHIN
    asked = 1 if fresh else feed.asked + 1
    if since is not None and asked > ASKED_MAX:
        raise TryLater(int((since + ASKED_WITHIN - now).total_seconds()) + 1)
    async with ctx.engine.atomic():
        await feeds.count_asked(
            ctx.engine, feed.uid, since=now if fresh or since is None else since, asked=asked
        )


async def _installation(ctx: Context) -> str:
    known = await settings.setting(ctx.engine, INSTALLATION)
    if not known:
        known = f"{ctx.ids.uid('I').lower()}.timebank"
        await settings.set_setting(ctx.engine, INSTALLATION, known)
    return known
