"""`timebank opening`: the operator is the second hand only where no worker is left to be it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.timebank.settling import settle
from timebank.cli import main
from timebank.community.founding.flow import found_community
from timebank.help.opening import entering, flow
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.identity.actors import actor_of
from timebank.store.members import people
from timebank.store.office import opening
from timebank.store.upgrade import upgrade


@pytest.fixture
def town_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = Settings(database=f"sqlite:///{tmp_path}/town.db", city="plain", demo=True)
    monkeypatch.setenv("TIMEBANK_DATABASE", settings.database)
    monkeypatch.setenv("TIMEBANK_CITY", "plain")
    return settings


async def entered(settings: Settings, *, workers: int) -> tuple[str, str, int]:
    """(batch, its owner, their balance now) of a community with so many workers; the batch is made the first time."""
    ctx = make_context(settings)
    await ctx.engine.start()
    try:
        await upgrade(ctx.engine)
        if not await ctx.engine.fetch("SELECT 1 FROM tb_community"):
            async with ctx.engine.atomic():
                await found_community(ctx, code="dongqu", name="东区社区")
                staff = [await settle(ctx, "dongqu", f"社工{one}", "worker") for one in range(workers)]
                owner = await settle(ctx, "dongqu", "李四")
            clerk = await actor_of(ctx.engine, ctx.catalogue_of, staff[0], ctx.today())
            batch = (await flow.begin(ctx, clerk)).uid
            await entering.enter(
                ctx, clerk, batch, member=owner, typed=entering.Typed(amount="930分", book="A-1")
            )
        rows = await ctx.engine.fetch("SELECT uid FROM tb_opening")
        [line] = await opening.lines(ctx.engine, rows[0]["uid"])
        row = await people.member(ctx.engine, line.member)
        assert row is not None
        held = (await ctx.book("dongqu").balance(row.account)).balance
        return rows[0]["uid"], line.member, held
    finally:
        await ctx.engine.close()


def command(*args: str) -> Result:
    return CliRunner().invoke(main, ["opening", *args], catch_exceptions=False)


def seen_of(batch: str) -> str:
    found = re.search(r"--seen (\w+)", command("show", batch).output)
    assert found
    return found[1]


def test_the_operator_approves_what_the_only_worker_entered(town_at: Settings) -> None:
    batch, owner, _held = asyncio.run(entered(town_at, workers=1))
    assert batch in command("show").output
    shown = command("show", batch).output
    assert f"{owner}: 930 min  A-1" in shown
    assert "李四" not in shown, "whoever runs the machine sees opaque ids"
    said = command("approve", batch, "--seen", seen_of(batch))
    assert said.exit_code == 0, said.output
    assert asyncio.run(entered(town_at, workers=1))[2] == 930
    again = command("approve", batch, "--seen", seen_of(batch))
    assert again.exit_code == 1


def test_where_a_colleague_could_approve_the_operator_does_not(town_at: Settings) -> None:
    batch, _owner, _held = asyncio.run(entered(town_at, workers=2))
    said = command("approve", batch, "--seen", seen_of(batch))
    assert said.exit_code == 1
    assert "另一位" in said.output
    assert asyncio.run(entered(town_at, workers=2))[2] == 0


def test_an_unknown_batch_or_fingerprint_is_one_clear_line(town_at: Settings) -> None:
    batch, _owner, _held = asyncio.run(entered(town_at, workers=1))
    for args in (("show", "OXXXXXXXX"), ("approve", batch, "--seen", "0" * 64)):
        said: Any = command(*args)
        assert said.exit_code == 1
        assert "Traceback" not in said.output
