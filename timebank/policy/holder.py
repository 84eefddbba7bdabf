"""The policies of every community in memory: which rule held there on a day, without a query.

A version begins tomorrow at the earliest and never changes once it has begun, so what stands in memory is right for
every day up to the one it was loaded on. Whoever is about to move minutes calls `fresh` first, inside the unit of work:
one indexed look at the community's stamp, and a reload only when it differs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from timebank.policy.values import Policy
from timebank.policy.versions import Version, VersionState

REFRESH_S = 30.0


class Stamp(NamedTuple):
    """Differs whenever a community's versions do: the highest number, and how many steps they have taken.

    A version only ever goes forward, so `steps` (1 for each approved, 2 for each withdrawn one) only ever grows.
    """

    number: int
    steps: int


class Versions(Protocol):
    """Where versions are kept; the store's queries on `tb_rule`, or a list in a test."""

    async def stamps(self) -> dict[str, Stamp]:
        """The stamp of every community that has a policy of its own."""
        ...

    async def stamp(self, community: str) -> Stamp | None:
        """The stamp of one community, None when it has no policy of its own."""
        ...

    async def versions(self, community: str) -> Sequence[Version]:
        """Every version of the community's policy, drafts and withdrawn ones too, in any order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A policy with where it comes from.

    Attributes:
        number: of the version; 0 for the policy of the installation, where a community has none of its own.
        starts_on: None for the installation's.
    """

    policy: Policy
    number: int = 0
    starts_on: date | None = None

    @property
    def label(self) -> str:
        """What a part is stamped with, at most 30 characters: `plain/1` first, `plain/1#3` for the third version."""
        later = f"#{self.number}" if self.number > 1 else ""
        return f"{self.policy.name}/{self.policy.version}"[: 30 - len(later)] + later


@dataclass(slots=True)
class _Held:
    stamp: Stamp
    days: list[date]
    rules: list[Rule]


@dataclass(slots=True)
class Policies:
    """Which policy holds in a community on a day.

    Attributes:
        default: for communities without one of their own, from the installation's settings.
    """

    default: Policy
    source: Versions | None = None
    _held: dict[str, _Held] = field(default_factory=dict)
    _looked_s: float | None = None

    async def refresh(self, now_s: float) -> None:
        """`load` when the last look was long ago; another process may have approved something meanwhile.

        Args:
            now_s: of a clock that only goes forward, in seconds.
        """
        if self._looked_s is None or now_s - self._looked_s >= REFRESH_S:
            self._looked_s = now_s
            await self.load()

    async def load(self) -> None:
        """Read what is not in memory, or not as it is kept; at start-up, and now and then."""
        if self.source is None:
            return
        stamps = await self.source.stamps()
        for community in self._held.keys() - stamps.keys():
            del self._held[community]
        for community, stamp in stamps.items():
            await self._reload(community, stamp)

    async def fresh(self, community: str) -> None:
        """Make sure that memory holds what is kept for this community, as the caller's unit of work sees it."""
        if self.source is None:
            return
        stamp = await self.source.stamp(community)
        if stamp is None:
            self._held.pop(community, None)
        else:
            await self._reload(community, stamp)

    def rule(self, community: str, on: date) -> Rule:
        """The rule of that day: the last approved version that starts on or before it; before the first, the first."""
        held = self._held.get(community)
        if held is None or not held.rules:
            return Rule(policy=self.default)
        return held.rules[max(0, bisect_right(held.days, on) - 1)]

    def of(self, community: str, on: date) -> Policy:
        """The policy of that day."""
        return self.rule(community, on).policy

    async def _reload(self, community: str, stamp: Stamp) -> None:
        held = self._held.get(community)
        if held is not None and held.stamp == stamp:
            return
        assert self.source is not None
        approved = sorted(
            (one for one in await self.source.versions(community) if one.state is VersionState.APPROVED),
            key=lambda one: (one.starts_on, one.number),
        )
        rules = [
            Rule(policy=Policy.read(one.text), number=one.number, starts_on=one.starts_on) for one in approved
        ]
        self._held[community] = _Held(stamp=stamp, days=[one.starts_on for one in approved], rules=rules)
