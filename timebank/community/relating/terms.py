"""Terms that end by themselves: written down, told, and posts opened again."""

from __future__ import annotations

from collections.abc import Collection

from marketplace.ages import Minority, minor
from timebank.catalogue import TargetIs
from timebank.community.relating.changing import carry_out, one_change_at_a_time
from timebank.community.relating.doers import system
from timebank.context import Context
from timebank.rules.relationships import SYSTEM, Decided, EndReason, Relationship, Sort, ended, lapsed
from timebank.store import settings
from timebank.store.members import ages
from timebank.store.places import communities
from timebank.store.relations import relationships

WRITTEN_ON = "terms_written_on"
"""Key of the day on which terms were last written down."""


async def lapse_relationships(ctx: Context, only: Collection[str] | None = None) -> int:
    """Write down every term that has passed, and every guardian whose ward is of age; how many ended.

    Rights stopped by the date already: this may run late or twice. Each community is a unit of work of its own.

    Args:
        only: codes of the communities that are meant; None for all.
    """
    due: dict[str, list[Decided]] = {}
    for one in [*await relationships.overdue(ctx.engine, ctx.today()), *await _grown_up(ctx)]:
        if only is not None and one.community not in only:
            continue
        kind = ctx.catalogue_of(one.community).relationships[one.kind]
        over = lapsed(kind, one, today=ctx.today()) or ended(
            kind, one, reason=EndReason.GROWN_UP, by=SYSTEM, on=ctx.today()
        )
        due.setdefault(one.community, []).append(over)
    for community, decided in due.items():
        async with ctx.engine.atomic():
            await one_change_at_a_time(ctx, community)
            await carry_out(ctx, system(community), await _still_open(ctx, decided))
    return sum(len(decided) for decided in due.values())


async def lapse_once_a_day(ctx: Context) -> int:
    """The same for a page that is opened often: a date passes at midnight, so once a day is enough."""
    today = ctx.today().isoformat()
    if await settings.setting(ctx.engine, WRITTEN_ON) == today:
        return 0
    ended_now = await lapse_relationships(ctx)
    async with ctx.engine.atomic():
        await settings.set_setting(ctx.engine, WRITTEN_ON, today)
    return ended_now


async def _still_open(ctx: Context, decided: list[Decided]) -> list[Decided]:
    """Without what somebody else ended since it was read."""
    found = []
    for one in decided:
        now = await relationships.relationship(ctx.engine, one.relationship.uid)
        if now is not None and now.is_open:
            found.append(one)
    return found


async def _grown_up(ctx: Context) -> list[Relationship]:
    """Open relationships towards minors who are known to be of age by now, and whose term says nothing of it."""
    found: list[Relationship] = []
    for community in await communities.communities(ctx.engine):
        for kind in ctx.catalogue_of(community.code).relationships.values():
            if kind.target_is is not TargetIs.MINOR:
                continue
            standing = [
                one
                for one in await relationships.of_kind(ctx.engine, community.code, kind.code)
                if one.target.sort is Sort.MEMBER and (one.until_on is None or one.until_on >= ctx.today())
            ]
            known = await ages.ages_of(ctx.engine, [one.target.code for one in standing])
            found += [
                one for one in standing if minor(known.get(one.target.code, ()), ctx.today()) is Minority.NO
            ]
    return found
