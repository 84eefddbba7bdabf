"""Versions of rules in a list, for tests that need no database of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from timebank.context import Context
from timebank.policy.holder import Stamp
from timebank.policy.versions import Version, VersionState, founding

STEPS = {VersionState.DRAFTED: 0, VersionState.APPROVED: 1, VersionState.WITHDRAWN: 2}


class Kept:
    """Versions in a list, and how often they were read."""

    def __init__(self) -> None:
        self.all: dict[str, list[Version]] = {}
        self.reads = 0

    def put(self, version: Version) -> None:
        kept = self.all.setdefault(version.community, [])
        kept[:] = [one for one in kept if one.number != version.number] + [version]

    async def stamps(self) -> dict[str, Stamp]:
        return {community: self._stamp(community) for community in self.all}

    async def stamp(self, community: str) -> Stamp | None:
        return self._stamp(community) if community in self.all else None

    async def versions(self, community: str) -> Sequence[Version]:
        self.reads += 1
        return list(self.all[community])

    def _stamp(self, community: str) -> Stamp:
        kept = self.all[community]
        return Stamp(max(one.number for one in kept), sum(STEPS[one.state] for one in kept))


async def give_rules(ctx: Context, community: str, *texts: tuple[date, str]) -> None:
    """Let a community have these approved versions, each from its day on."""
    kept = ctx.policies.source if isinstance(ctx.policies.source, Kept) else Kept()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    kept.all[community] = []
    for number, (on, text) in enumerate(texts, start=1):
        one = founding(community=community, text=text, on=on, by="operator", at=at)
        kept.all[community].append(replace(one, number=number))
    ctx.policies.source = kept
    await ctx.policies.load()
