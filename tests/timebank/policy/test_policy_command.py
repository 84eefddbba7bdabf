"""`timebank policy`: the operator is one hand like any other."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from timebank.access import Actor, Reach, Role
from timebank.cli import main
from timebank.community.founding.flow import found_community
from timebank.community.policy import flow
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.upgrade import upgrade

FAR = "2099-01-01"


@pytest.fixture
def town_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with two communities, as commands find it."""
    settings = Settings(database=f"sqlite:///{tmp_path}/town.db", city="plain", demo=True)
    monkeypatch.setenv("TIMEBANK_DATABASE", settings.database)
    monkeypatch.setenv("TIMEBANK_CITY", "plain")
    asyncio.run(within(settings, found))
    return settings


async def within(settings: Settings, work: Any) -> Any:
    ctx = make_context(settings)
    await ctx.engine.start()
    try:
        await upgrade(ctx.engine)
        return await work(ctx)
    finally:
        await ctx.engine.close()


async def found(ctx: Any) -> None:
    async with ctx.engine.atomic():
        await found_community(ctx, code="dongqu", name="东区社区")
        await found_community(ctx, code="nanqu", name="南区社区")


def command(*args: str) -> Result:
    return CliRunner().invoke(main, ["policy", *args], catch_exceptions=False)


def drafted(tmp_path: Path, text: str, community: str = "dongqu", starts_on: str = FAR) -> Result:
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    return command("draft", str(file), "--starts-on", starts_on, "--community", community)


def test_the_operator_enters_and_somebody_else_approves(town_at: Settings, tmp_path: Path) -> None:
    shown = drafted(tmp_path, "[credit]\nminutes_per_day_max = 60\n")
    assert shown.exit_code == 0
    assert "credit.minutes_per_day_max: 480 分钟 → 60 分钟" in shown.output
    [seen] = re.findall(r"--seen ([0-9a-f]{64})", shown.output)
    refused = command("approve", "2", "--seen", seen, "--community", "dongqu")
    assert refused.exit_code != 0
    assert "drafted" in command("show", "--community", "dongqu").output
    assert "2 " not in command("show", "--community", "nanqu").output


def test_the_operator_approves_what_the_only_worker_entered(town_at: Settings) -> None:
    async def enter(ctx: Any) -> str:
        await ctx.policies.load()
        worker = Actor(
            uid="W1", community="dongqu", roles=frozenset({Role.WORKER}),
            reach={Role.WORKER: (Reach(path="", community="dongqu"),)},
        )  # fmt: skip
        made = await flow.draft(ctx, worker, text="", starts_on=ctx.today().replace(year=2099))
        return str(made.fingerprint)

    seen = asyncio.run(within(town_at, enter))
    assert command("approve", "2", "--seen", "0" * 64, "--community", "dongqu").exit_code != 0
    done = command("approve", "2", "--seen", seen, "--community", "dongqu")
    assert done.exit_code == 0
    assert "approved  W1 + operator" in done.output


@pytest.mark.parametrize(
    ("text", "starts_on"), [("[credit]\nx = 1\n", FAR), ("", "2001-01-01"), ("", "tomorrow")]
)
def test_a_bad_draft_says_why_and_leaves_nothing(
    town_at: Settings, tmp_path: Path, text: str, starts_on: str
) -> None:
    refused = drafted(tmp_path, text, starts_on=starts_on)
    assert refused.exit_code != 0
    assert refused.output.strip()
    assert "drafted" not in command("show", "--community", "dongqu").output


def test_with_several_communities_one_has_to_be_named(town_at: Settings) -> None:
    assert command("show").exit_code != 0
    assert command("show", "--community", "nowhere").exit_code != 0
