"""Who keeps an hour free in case: for what must not fail, from what everybody did so far.

The estimate is `marketplace.planning.Willing`: counts of the last half year, shown with the words, no more. Asked and said yes
are one's own answers to proposals; promised and came are one's parts in services that are over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from marketplace import store as lists
from marketplace.planning import Asks, History, Willing, stand_bys
from marketplace.planning import stand_ins as look
from marketplace.values import Urgency, Week, Window
from timebank.context import Context
from timebank.help.planning.gathering import gather
from timebank.rules.parts.attendance import Service, ServiceState, State
from timebank.store.help import services
from timebank.store.members import people

BACK = timedelta(days=180)
PERCENT_WANTED = 95
"""How likely somebody should come to what must not fail."""
CANDIDATES = 8
SHOWN = 10
SOON = timedelta(hours=36)
CAME = frozenset({State.CHECKED_IN, State.CHECKED_OUT, State.CONFIRMED, State.POSTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class InCase:
    """One urgent visit: who keeps the hour free, as they are called, and how likely somebody comes without and with them.

    Attributes:
        percent_alone, percent: 0 to 100; enough: whether that is as likely as wanted.
    """

    names: tuple[str, ...]
    percent_alone: int
    percent: int
    enough: bool


async def willing_of(ctx: Context, community: str) -> Willing:
    """What everybody did in the last half year, by uid."""
    since = ctx.now() - BACK
    asked: Counter[str] = Counter()
    yes: Counter[str] = Counter()
    owners = {
        one.line_key: one.owner for one in await lists.resources(ctx.engine, community, open_only=False)
    }
    for one in await lists.proposals(ctx.engine, community, stages=("accepted", "declined", "released")):
        owner = owners.get(one.resource_key, "")
        if one.answered_by == owner and one.answered_at is not None and one.answered_at >= since:
            asked[owner] += 1
            yes[owner] += one.stage != "declined"
    ended = await services.ended_parts(ctx.engine, community, starts_from=since, starts_before=ctx.now())
    return Willing(
        histories={
            uid: History(
                asked=asked[uid], yes=yes[uid], promised=_kept(ended, uid)[1], came=_kept(ended, uid)[0]
            )
            for uid in sorted({*asked, *ended})
        }
    )


def _kept(ended: Mapping[str, Mapping[State, int]], uid: str) -> tuple[int, int]:
    """(came, promised) of one person."""
    came = sum(many for state, many in ended.get(uid, {}).items() if state in CAME)
    return came, came + ended.get(uid, {}).get(State.NO_SHOW, 0)


async def soon_in_case(ctx: Context, community: str) -> tuple[tuple[Service, InCase], ...]:
    """The urgent visits of the coming day and a half, each with who keeps its hour free."""
    now = ctx.now()
    coming = await services.services(ctx.engine, community, starts_from=now, starts_before=now + SOON)
    by_week: dict[Week, list[Service]] = {}
    for one in coming:
        by_week.setdefault(Week.of(one.starts_at.astimezone(ctx.zone).date()), []).append(one)
    found: dict[str, InCase] = {}
    for week, there in by_week.items():
        found |= await in_case(ctx, community, week, there)
    return tuple((one, found[one.uid]) for one in coming if one.uid in found)


async def in_case(ctx: Context, community: str, week: Week, coming: Sequence[Service]) -> dict[str, InCase]:
    """uid of a service -> who keeps its hour free: of the next ones that are urgent, still ahead, and have somebody who goes.

    Nobody stands by for two visits whose hours meet, and nobody whose budget of asks is spent.

    Args:
        week: in which they are.
    """
    needs = {one.line_key: one for one in await lists.needs(ctx.engine, community, open_only=False)}
    urgent = [
        one
        for one in sorted(coming, key=lambda one: (one.starts_at, one.uid))
        if one.state is ServiceState.PLANNED
        and one.starts_at > ctx.now()
        and one.need_key in needs
        and needs[one.need_key].urgency is Urgency.URGENT
    ]
    if not urgent:
        return {}
    given = await gather(ctx, community, week)
    willing = await willing_of(ctx, community)
    asks = Asks(at=await lists.asked_lately(ctx.engine, community, now=ctx.now()))
    found: dict[str, InCase] = {}
    taken: list[tuple[str, Window]] = []
    for service in urgent[:SHOWN]:
        parts = await services.attendances(ctx.engine, service.uid)
        going = [one.member for one in parts if one.state is State.SIGNED_UP]
        if not going:
            continue
        window = Window(service.starts_at, service.ends_at)
        others = look(
            needs[service.need_key], given.resources, window=window, without=going[0], context=given.context,
            fixed=given.fixed, asks=asks, k=CANDIDATES,
        ).suggestions  # fmt: skip
        busy = {owner for owner, other in taken if other.overlap(window) is not None} | set(going)
        free = [
            one for one in others if one.resource.owner_kind == "volunteer" and one.resource.owner not in busy
        ]
        chosen = stand_bys(
            going, free, willing=willing, percent_wanted=PERCENT_WANTED, now=ctx.now(), asks=asks
        )
        taken.extend((one.resource.owner, window) for one in chosen.helpers)
        cards = await people.cards(ctx.engine, [one.resource.owner for one in chosen.helpers])
        found[service.uid] = InCase(
            names=tuple(
                cards[one.resource.owner].says for one in chosen.helpers if one.resource.owner in cards
            ),
            percent_alone=chosen.percent_alone,
            percent=chosen.percent,
            enough=chosen.enough,
        )
    return found
