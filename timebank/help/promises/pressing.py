"""The promises of a community that need somebody now, the worst first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from timebank.access import Actor
from timebank.context import Context
from timebank.help.promises.seen import Promise, promise, promises
from timebank.rules.parts.attendance import Off, Service, ServiceState
from timebank.rules.parts.promises import Standing
from timebank.store.help import services
from timebank.store.members import record_changes
from timebank.store.members.record_changes import ChangeKind

DAYS_BACK = 14
HOURS_AHEAD = 24
ORDER = (
    Standing.SAID_NOT, Standing.LATE, Standing.SILENT, Standing.SEARCHING, Standing.UNNAMED, Standing.DISPUTED,
    Standing.OVERRUN,
)  # fmt: skip
"""Whoever may stand at the window right now comes first."""


async def pressing_promises(ctx: Context, actor: Actor, lang: str) -> list[Promise]:
    """Everything between a fortnight back and tomorrow that stands without the word it needs; last, what is said to be wrong."""
    now = ctx.now()
    found = await services.services(
        ctx.engine, actor.community, starts_from=now - timedelta(days=DAYS_BACK),
        starts_before=now + timedelta(hours=HOURS_AHEAD), limit=2_000,
        states=(ServiceState.PLANNED, ServiceState.UNDER_WAY, ServiceState.CANCELLED),
    )  # fmt: skip
    seen = await promises(ctx, actor, _still_wanted(found), lang=lang)
    pressing = [one for one in seen if one.pressing and one.standing in ORDER]
    entered = await _put_right_already(ctx, actor.community)
    said_wrong = [
        await promise(ctx, actor, service, lang=lang, part=part.uid, of_office=True)
        for part, service in await services.contested(ctx.engine, actor.community)
        if part.uid not in entered
    ]
    first = sorted(
        pressing, key=lambda one: (ORDER.index(one.standing), one.service.starts_at, one.service.uid)
    )
    return [*first, *said_wrong]


async def _put_right_already(ctx: Context, community: str) -> frozenset[str]:
    """Parts for which one colleague has written what is right: these wait for another's approval, on a list of their own."""
    waiting = await record_changes.waiting(ctx.engine, community, number=500, kinds=(ChangeKind.PUT_RIGHT,))
    return frozenset(str(json.loads(one.kept)["attendance"]) for one in waiting)


def _still_wanted(found: Sequence[Service]) -> list[Service]:
    """What is not called off; and what was given back, unless its need is arranged anew for that day."""
    alive = [one for one in found if one.state is not ServiceState.CANCELLED]
    arranged = {(one.need_key, one.starts_at.date()) for one in alive}
    given_back = [
        one
        for one in found
        if one.off is Off.RELEASED and one.need_key and (one.need_key, one.starts_at.date()) not in arranged
    ]
    return [*alive, *given_back]
