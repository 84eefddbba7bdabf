"""The first version of the rules for communities that were founded before rules were kept with their data."""

from __future__ import annotations

from timebank.context import Context
from timebank.policy import reading
from timebank.policy.versions import founding
from timebank.rules.relationships import OPERATOR
from timebank.store.office import rules
from timebank.store.places import communities


async def keep_first_versions(ctx: Context) -> list[str]:
    """Codes of the communities that had none and now have the installation's rules as their version 1.

    From then on a changed `TIMEBANK_CITY` changes nobody's rules any more: that takes two people, as everywhere else.
    """
    kept = []
    async with ctx.engine.atomic():
        for community in await communities.communities(ctx.engine):
            if await rules.versions(ctx.engine, community.code):
                continue
            text = reading.written(ctx.policies.default)
            first = founding(community=community.code, text=text, on=ctx.today(), by=OPERATOR, at=ctx.now())
            await rules.add_version(ctx.engine, first)
            kept.append(community.code)
    return kept
