"""Versions of rules for tests: in a list where no database is needed, or put straight into the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from timebank.context import Context
from timebank.policy.holder import Stamp
from timebank.policy.versions import Version, VersionState, founding
from timebank.store.office import rules

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
    """Let a community have these approved versions in place of its own, each from its day on."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    async with ctx.engine.atomic():
        await ctx.engine.execute("DELETE FROM tb_rule WHERE community = ?", [community])
        await ctx.policies.load()
        # The founding version was number 1.
        for number, (on, text) in enumerate(texts, start=2):
            one = founding(community=community, text=text, on=on, by="operator", at=at)
            await rules.add_version(ctx.engine, replace(one, number=number))
    await ctx.policies.load()
