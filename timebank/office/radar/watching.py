"""One look of the radar at one community: load the span, look, write down what is news. The clock does it, once a day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from timebank.community.hands import people_behind
from timebank.community.homes import homes_of
from timebank.context import Context
from timebank.rules.parts.hands import DESK, OPERATOR, TEXTS, People
from timebank.rules.radar import KeptFlag, Part, Seen, look, sort_out
from timebank.store import settings
from timebank.store.oversight import flags, watched

SPAN = timedelta(days=90)
"""How far back a look goes: a late entry is about a service of up to ninety days ago."""


async def watch(ctx: Context, community: str) -> int:
    """Look at a community, once a local day; how many flags are new."""
    key, today = f"radar:{community}", ctx.today().isoformat()
    if await settings.setting(ctx.engine, key) == today:
        return 0
    policy = ctx.policy_of(community).radar
    found = look(await seen(ctx, community), policy)
    async with ctx.engine.atomic():
        news = sort_out(found, await flags.flags(ctx.engine, community), policy, now=ctx.now())
        for one in news.new:
            kept = KeptFlag(uid=ctx.ids.uid("F"), community=community, flag=one, seen_at=ctx.now())
            await flags.add_flag(ctx.engine, kept)
        for changed in news.changed:
            await flags.save_flag(ctx.engine, changed)
        await settings.set_setting(ctx.engine, key, today)
    return len(news.new)


async def seen(ctx: Context, community: str) -> Seen:
    """The last ninety days of a community with everybody in them."""
    parts = await watched.parts_since(ctx.engine, community, ctx.now() - SPAN)
    hands = {one.hand for part in parts for one in part.presses}
    behind = await people_behind(ctx, community, [], sorted(hands, key=lambda one: (one.by, one.via)))
    everybody = {uid for part in parts for uid in (part.earner, part.client)} | {one.by for one in hands}
    telephones = await watched.telephones_behind(ctx.engine, [one.via for one in hands if one.via != TEXTS])
    return Seen(
        now=ctx.now(), zone=ctx.zone, parts=parts,
        people=People(
            backing=behind.backing, desk=behind.desk,
            homes=await homes_of(ctx, sorted((everybody | behind.desk) - {"", DESK, OPERATOR})),
        ),
        since=await watched.on_record_since(ctx.engine, community),
        met=await watched.who_knows_whom(ctx.engine, community, ctx.today()),
        devices=_shared(parts, telephones),
    )  # fmt: skip


def _shared(parts: tuple[Part, ...], telephones: dict[str, str]) -> dict[str, str]:
    """The telephones behind ways in, of those on which more than one way was used."""
    used = {one.via for part in parts for one in part.presses} & telephones.keys()
    ways = Counter(telephones[via] for via in used)
    return {via: telephones[via] for via in sorted(used) if ways[telephones[via]] > 1}
