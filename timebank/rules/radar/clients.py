"""Somebody who is helped again and again, and whom nobody but one helper and one hand at the keys has ever met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from timebank.policy import RadarPolicy
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen


def client(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each such person, with the helper and the hand that vouched."""
    visits: dict[str, list[Part]] = defaultdict(list)
    for one in seen.lately(policy.span_days):
        if one.client:
            visits[one.client].append(one)
    active = {one.by for part in seen.parts for one in part.presses} | {one.earner for one in seen.parts}
    for uid, parts in sorted(visits.items()):
        helpers, hands = {one.earner for one in parts}, _hands(parts)
        if len(parts) < policy.client_visits or len(helpers) > 1 or len(hands) > 1 or uid in active:
            continue
        if seen.met.get(uid, frozenset()) - helpers - hands or _has_a_home(seen, uid, helpers | hands):
            continue
        yield flag(
            Pattern.CLIENT, {uid, *helpers, *hands}, [one.uid for one in parts], visits=len(parts),
            minutes=sum(one.minutes for one in parts),
        )  # fmt: skip


def _hands(parts: Sequence[Part]) -> set[str]:
    """Everybody but the helper who said something of these visits."""
    return {one.by for part in parts for one in (*part.entries, *part.words)} - {one.earner for one in parts}


def _has_a_home(seen: Seen, uid: str, others: set[str]) -> bool:
    """Whether somebody else lives behind their door."""
    home = seen.people.home(uid)
    behind = {one for one, their in seen.people.homes.items() if their == home} | {home}
    return bool(behind - others - {uid})
