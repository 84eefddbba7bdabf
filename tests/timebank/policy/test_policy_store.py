"""Versions in the database: what is written comes back, and memory follows it, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from timebank.community.policy.first import keep_first_versions
from timebank.policy import Policy
from timebank.policy.holder import Policies, Stamp
from timebank.policy.versions import VersionState, approved, drafted, in_force, withdrawn
from timebank.store.office import rules

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def a_draft(ctx: Any, community: str, on: date, text: str = "") -> Any:
    known = await rules.versions(ctx.engine, community)
    draft = drafted(
        known, community=community, text=text, preview='{"x":1}', starts_on=on, today=TODAY, by="W1", at=NOW
    )
    await rules.add_version(ctx.engine, draft)
    return draft


async def test_a_founded_community_has_its_first_version(town: Any) -> None:
    [first] = await rules.versions(town.ctx.engine, "dongqu")
    assert (first.number, first.state, first.starts_on) == (1, VersionState.APPROVED, TODAY)
    assert first.entered_by == first.approved_by == "operator"
    assert town.ctx.policies.rule("dongqu", TODAY).number == 1
    assert town.ctx.policy_of("dongqu") == town.ctx.policies.default


async def test_a_version_comes_back_as_it_was_written(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        draft = await a_draft(ctx, "dongqu", date(2026, 12, 15), text="[credit]\nminutes_per_day_max = 60\n")
        assert await rules.version(ctx.engine, "dongqu", 2) == draft
        known = await rules.versions(ctx.engine, "dongqu")
        done = approved(known, draft, seen=draft.fingerprint, today=TODAY, by="W2", at=NOW)
        await rules.save_version(ctx.engine, done)
    assert await rules.version(ctx.engine, "dongqu", 2) == done
    assert in_force(await rules.versions(ctx.engine, "dongqu"), date(2026, 12, 15)) == done
    assert await rules.version(ctx.engine, "nanqu", 2) is None
    assert await rules.version(ctx.engine, "dongqu", 2, subject="areas") is None


async def test_the_stamp_grows_with_every_step(town: Any) -> None:
    ctx, source = town.ctx, rules.StoredRules(town.ctx.engine)
    seen = [await source.stamp("dongqu")]
    async with ctx.engine.atomic():
        draft = await a_draft(ctx, "dongqu", date(2026, 12, 15))
        seen.append(await source.stamp("dongqu"))
        done = replace(draft, state=VersionState.APPROVED, approved_by="W2", approved_at=NOW)
        await rules.save_version(ctx.engine, done)
        seen.append(await source.stamp("dongqu"))
        await rules.save_version(ctx.engine, withdrawn(done, today=TODAY))
        seen.append(await source.stamp("dongqu"))
    assert seen == [Stamp(1, 1), Stamp(2, 1), Stamp(2, 2), Stamp(2, 3)]
    assert (await source.stamps()) == {"dongqu": Stamp(2, 3), "nanqu": Stamp(1, 1)}
    assert await source.stamp("nowhere") is None


async def test_another_process_sees_an_approval_when_it_looks(town: Any) -> None:
    ctx = town.ctx
    other = Policies(default=ctx.policies.default, source=rules.StoredRules(ctx.engine))
    await other.load()
    async with ctx.engine.atomic():
        draft = await a_draft(ctx, "dongqu", date(2026, 12, 15), text="[credit]\nminutes_per_day_max = 60\n")
        await rules.save_version(
            ctx.engine, replace(draft, state=VersionState.APPROVED, approved_by="W2", approved_at=NOW)
        )
    await other.fresh("dongqu")
    assert other.of("dongqu", date(2026, 12, 15)).credit.minutes_per_day_max == 60
    assert other.of("nanqu", date(2026, 12, 15)).credit.minutes_per_day_max == 480


async def test_a_community_founded_before_gets_its_first_version_once(town: Any) -> None:
    ctx = town.ctx
    async with ctx.engine.atomic():
        await ctx.engine.execute("DELETE FROM tb_rule WHERE community = ?", ["dongqu"])
    assert await keep_first_versions(ctx) == ["dongqu"]
    assert await keep_first_versions(ctx) == []
    [first] = await rules.versions(ctx.engine, "dongqu")
    assert (first.number, first.approved_by) == (1, "operator")
    later = Policies(default=Policy(), source=rules.StoredRules(ctx.engine))
    await later.load()
    assert later.of("dongqu", date(2020, 1, 1)).credit.minutes_per_day_max == 480
