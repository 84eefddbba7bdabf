"""Who spoke for a part, and whether it is decided by two different hands: the facts for `rules.parts.hands`, read as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from timebank.access import Actor, Role
from timebank.community.eligibility import day_of
from timebank.community.homes import everybody_at, homes_of
from timebank.context import Context
from timebank.errors import PairFull
from timebank.policy import SecondHand
from timebank.rules.parts import hands
from timebank.rules.parts.attendance import Attendance, Service
from timebank.rules.parts.evidence import case_of
from timebank.rules.parts.hands import DESK, OPERATOR, Hand, People, Ruling, Strength
from timebank.rules.parts.statements import Statement
from timebank.rules.relationships.refusals import SameHand
from timebank.store.help import hand_uses
from timebank.store.identity import sessions, ways
from timebank.store.locks import one_at_a_time
from timebank.store.relations import rosters


def standing_of(actor: Actor, part: Attendance, service: Service) -> SecondHand | None:
    """Who somebody is to a part as they speak of it; None for whose part it is and for whoever has no say."""
    if not actor.uid or actor.uid == part.member:
        return None
    if actor.uid == service.recipient:
        return SecondHand.CLIENT
    if actor.has(Role.WORKER):
        # Also while acting for the person helped: it is the worker's own hand.
        return SecondHand.WORKER
    if service.recipient and service.recipient in actor.mandates:
        return SecondHand.PROXY
    if service.team and service.team in actor.teams:
        return SecondHand.LEADER
    if service.unit and service.unit in actor.units:
        return SecondHand.UNIT
    for role, standing in ((Role.OFFICER, SecondHand.OFFICER), (Role.AUDITOR, SecondHand.AUDITOR)):
        if actor.has(role):
            return standing
    return SecondHand.LEADER if actor.teams else None


async def judge(ctx: Context, part: Attendance, service: Service, said: Iterable[Statement]) -> Ruling:
    """Whether a part with its times and somebody's word is decided, in the caller's unit of work.

    What it counted for before is dropped; what it counts for now is written, once it is decided.
    """
    policy = ctx.policy_of(service.community, day_of(ctx, service))
    assert part.checked_out_at is not None
    left_on = part.checked_out_at.astimezone(ctx.zone).date()
    case = case_of(
        part, service, said, days_late=(ctx.today() - left_on).days, days_free=policy.earning.backdate_days_free,
        over_free=policy.promise.over_plan_minutes,
    )  # fmt: skip
    known = await people_behind(
        ctx, service.community, [part.member, service.recipient],
        [one.hand for one in (*case.entries, *case.words)],
    )  # fmt: skip
    await hand_uses.drop_uses(ctx.engine, part.uid)
    ruling = hands.decide(case, policy.hands, known, used={})
    if ruling.waits is not None:
        return ruling
    await one_at_a_time(ctx.engine, f"hands:{service.community}")
    used = await _used(ctx, service.community, ruling.strength.pairs, case.client)
    ruling = hands.decide(case, policy.hands, known, used=used)
    if ruling.waits is None:
        await hand_uses.add_uses(
            ctx.engine, part.uid, service.community, hands.uses_of(case, ruling.strength), on=ctx.today(),
            minutes=case.minutes,
        )  # fmt: skip
    return ruling


async def _used(ctx: Context, community: str, pairs: frozenset[str], client: str) -> dict[str, int]:
    """What counts against each bound already, today and this month; for a pair, whatever their two households brought in."""
    today, first = ctx.today(), ctx.today().replace(day=1)

    async def since(key: str, from_on: date) -> int:
        return await hand_uses.used(ctx.engine, community, key, from_on=from_on, to_on=today)

    found = {hands.DAY: await since(hands.DAY, today)}
    if client:
        found[hands.client_key(client)] = await since(hands.client_key(client), today)
    homes = await everybody_at(ctx, community, {uid for pair in pairs for uid in pair.split("+")})
    for pair in pairs:
        one, _, other = pair.partition("+")
        keys = hands.pair_keys(homes[one], homes[other or one])
        for name, from_on in ((hands.pair_key(pair), today), (hands.month_key(pair), first)):
            found[name] = await hand_uses.used_under(
                ctx.engine, community, keys, from_on=from_on, to_on=today
            )
    return found


async def people_behind(
    ctx: Context, community: str, members: Sequence[str], spoken: Sequence[Hand]
) -> People:
    """Who could have pressed what these hands pressed, and who of them share a door or a number."""
    backing = await ways.backing_of(ctx.engine, [one.via for one in spoken])
    every = {*spoken, *(hand for of_one in backing.values() for hand in of_one)}
    desk = frozenset(one.uid for one in await rosters.workers_of(ctx.engine, community, ctx.today()))
    known = People(backing=backing, desk=desk)
    asked = {*members, *(one.by for one in every), *(desk if _of_desk(known, every) else ())}
    return replace(known, homes=await homes_of(ctx, sorted(asked - {"", DESK, OPERATOR})))


def _of_desk(known: People, spoken: Iterable[Hand]) -> bool:
    return any(hand.by == DESK for one in spoken for hand in known.backs(one.via))


async def another_hand(ctx: Context, actor: Actor, concerned: Iterable[str]) -> None:
    """Refuse a second person where somebody alone could be both: of one household, by a password that one gave the other, or a third both.

    Raises:
        SameHand.
    """
    if actor.uid == OPERATOR:
        return
    others = sorted(set(concerned) - {"", OPERATOR, actor.uid})
    firsts = [Hand(by=uid, via=await sessions.way_of_login(ctx.engine, uid)) for uid in others]
    mine = Hand(by=actor.uid, via=actor.via)
    known = await people_behind(ctx, actor.community, [], [mine, *firsts])
    if any(hands.strength([first], [mine], known).level == 1 for first in firsts):
        raise SameHand()


async def count_for_pair(
    ctx: Context, community: str, object_: str, first: str, actor: Actor, *, minutes: int
) -> None:
    """Count minutes that two people bring in together outside the words of a part, in the caller's unit of work.

    They count for every two who could have pressed as both of them: also for the two who share the sign-in of a third.

    Args:
        object_: uid of what they bring in, under which it counts. first: uid of who entered it; `actor` is the second.

    Raises:
        PairFull: more than the same two may bring in today, or this month.
    """
    policy = ctx.policy_of(community).hands
    await one_at_a_time(ctx.engine, f"hands:{community}")
    found = await _strength(ctx, community, [first], actor)
    used = await _used(ctx, community, found.pairs, "")
    for pair in sorted(found.pairs):
        day, month = used[hands.pair_key(pair)], used[hands.month_key(pair)]
        for bound, minutes_used in ((policy.pair_day_minutes, day), (policy.pair_month_minutes, month)):
            if bound and minutes_used + minutes > bound:
                raise PairFull()
    keys = map(hands.pair_key, sorted(found.pairs))
    await hand_uses.add_uses(ctx.engine, object_, community, keys, on=ctx.today(), minutes=minutes)


async def a_third_hand(ctx: Context, actor: Actor, first: str, second: str) -> None:
    """Refuse a third person whom the first and the second could be together.

    Raises:
        SameHand.
    """
    if (await _strength(ctx, actor.community, [first, second], actor)).level < hands.ENOUGH:
        raise SameHand()


async def _strength(ctx: Context, community: str, before: Sequence[str], actor: Actor) -> Strength:
    """How many people it took to press as all of these and then as the actor; the first of them entered."""
    first, *others = [Hand(by=uid, via=await sessions.way_of_login(ctx.engine, uid)) for uid in before]
    mine = Hand(by=actor.uid, via=actor.via)
    known = await people_behind(ctx, community, [], [first, *others, mine])
    return hands.strength([first], [*others, mine], known)
