"""Versions of a community's rules as rows of `tb_rule`; what their texts mean is for whoever reads the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.policy.holder import Stamp
from timebank.policy.versions import POLICY, Version
from timebank.store.rows import add, change, columns, typed_all, typed_or_none, values_of
from timebank.store.tables import Rule

_VERSION = columns(Version, Rule)

# A version only goes forward, so this sum grows with every step any of them takes.
_STAMP = (
    "SELECT MAX(number) AS number,"
    " SUM(CASE state WHEN 'approved' THEN 1 WHEN 'withdrawn' THEN 2 ELSE 0 END) AS steps FROM tb_rule"
    " WHERE community = ? AND subject = ?"
)
_STAMPS = (
    "SELECT community, MAX(number) AS number,"
    " SUM(CASE state WHEN 'approved' THEN 1 WHEN 'withdrawn' THEN 2 ELSE 0 END) AS steps FROM tb_rule"
    " WHERE subject = ? GROUP BY community"
)


@prepared
def _versions(community: str, subject: str) -> Select[Rule]:
    return (
        Rule.select(*_VERSION)
        .where((Rule.community == community) & (Rule.subject == subject))
        .order_by(Rule.number)
    )


@prepared
def _version(community: str, subject: str, number: int) -> First:
    this = (Rule.community == community) & (Rule.subject == subject) & (Rule.number == number)
    return Rule.select(*_VERSION).where(this).first()


async def versions(engine: DurableEngine, community: str, subject: str = POLICY) -> list[Version]:
    """Every version, the first one first."""
    return typed_all(Version, await _versions.on(engine)(community, subject))


async def version(
    engine: DurableEngine, community: str, number: int, subject: str = POLICY
) -> Version | None:
    return typed_or_none(Version, await _version.on(engine)(community, subject, number))


async def add_version(engine: DurableEngine, version: Version) -> None:
    await add(engine, Rule, values_of(version))


async def save_version(engine: DurableEngine, version: Version) -> None:
    """Write what a step may change."""
    values = values_of(version)
    key = {name: values.pop(name) for name in ("community", "subject", "number")}
    await change(engine, Rule, values, **key)


@dataclass(frozen=True, slots=True)
class StoredRules:
    """Where `Policies` reads a community's policy from."""

    engine: DurableEngine
    subject: str = POLICY

    async def stamps(self) -> dict[str, Stamp]:
        rows = await self.engine.fetch(_STAMPS, [self.subject])
        return {str(row["community"]): Stamp(int(row["number"]), int(row["steps"])) for row in rows}

    async def stamp(self, community: str) -> Stamp | None:
        # Piccolo cannot say CASE.
        [row] = await self.engine.fetch(_STAMP, [community, self.subject])
        return None if row["number"] is None else Stamp(int(row["number"]), int(row["steps"]))

    async def versions(self, community: str) -> Sequence[Version]:
        return await versions(self.engine, community, self.subject)
