"""Use cases of the radar: read what was seen, and write down what one has found out about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from timebank.access import Actor, Facts, Role, sees
from timebank.community.flagged import shown_to
from timebank.community.hands import another_hand
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, NotFound
from timebank.rules.radar import KeptFlag, Look
from timebank.store.members import people
from timebank.store.oversight import audit, flags, watched
from timebank.store.oversight.watched import PartSeen

SHORTEST = 4
"""Signs of a sentence: fewer say nothing."""
PARTS_SHOWN, LOOKED_SHOWN = 8, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlag:
    """One flag for whoever may look at it.

    Attributes:
        people: uid -> how they are called; "" for an auditor, who reads no names.
        parts: the first of those that it was seen by; all of them: `parts_all`.
        looked_by: who looked at it, as they are called or by uid; "" while it is open.
    """

    kept: KeptFlag
    people: Mapping[str, str]
    parts: tuple[PartSeen, ...]
    parts_all: int
    looked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarPage:
    """What waits, the newest first, and what was looked at lately."""

    open: tuple[ShownFlag, ...]
    looked: tuple[ShownFlag, ...]


async def shown(ctx: Context, actor: Actor) -> RadarPage:
    """Every flag of the community that does not concern the person who reads."""
    sees(actor, "Radar", Facts(community=actor.community))
    kept = await shown_to(ctx, actor, await flags.flags(ctx.engine, actor.community))
    waiting = [one for one in kept if one.state is Look.OPEN]
    looked = sorted((one for one in kept if one.looked_at is not None), key=_looked_at, reverse=True)
    looked = looked[:LOOKED_SHOWN]
    told = {uid for one in (*waiting, *looked) for uid in (*one.flag.people, one.looked_by)} - {""}
    names = await people.names(ctx.engine, sorted(told)) if actor.has(Role.WORKER) else {}
    return RadarPage(
        open=tuple([await _shown(ctx, one, names) for one in waiting]),
        looked=tuple([await _shown(ctx, one, names) for one in looked]),
    )


async def look_at(ctx: Context, actor: Actor, uid: str, *, found: Look, says: str) -> KeptFlag:
    """Write down that somebody has looked at a flag, and what they found.

    Raises:
        NotFound: no such flag, or one that names the person or somebody who lives with them; AlreadyDone; BadField: no
        sentence, or no finding; SecondPerson: one of those it names could be at the keys.
    """
    async with ctx.engine.atomic():
        kept = await flags.flag(ctx.engine, uid)
        if kept is None:
            raise NotFound()
        sees(actor, "Radar", Facts(community=kept.community))
        if not await shown_to(ctx, actor, [kept]):
            raise NotFound()
        if kept.state is not Look.OPEN:
            raise AlreadyDone("这一条已经有人看过了。", "Somebody has looked at this one already.")
        if found is Look.OPEN:
            raise BadField("请选看下来怎么样。", "Please choose what you found.", field="found")
        if len(says.strip()) < SHORTEST:
            raise BadField(
                "请写一句您问到了什么。", "Please write a sentence on what you found out.", field="says"
            )
        await another_hand(ctx, actor, kept.flag.people)
        done = replace(kept, state=found, looked_by=actor.uid, looked_at=ctx.now(), says=says.strip())
        await flags.save_flag(ctx.engine, done)
        await audit.note(ctx, actor, f"radar_{found.value}", object=uid, reason=kept.flag.rule.value)
    return done


async def _shown(ctx: Context, kept: KeptFlag, names: Mapping[str, str]) -> ShownFlag:
    parts = await watched.parts_seen(ctx.engine, kept.flag.parts)
    return ShownFlag(
        kept=kept, people={uid: names.get(uid, "") for uid in kept.flag.people}, parts=tuple(parts[:PARTS_SHOWN]),
        parts_all=len(kept.flag.parts), looked_by=names.get(kept.looked_by, kept.looked_by),
    )  # fmt: skip


def _looked_at(kept: KeptFlag) -> float:
    return kept.looked_at.timestamp() if kept.looked_at else 0.0
