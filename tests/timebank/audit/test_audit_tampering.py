"""Whoever changes the living database beside the app, in any table that bears on hours, rights or the log, is named."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.timebank.audit.tampering import KINDS, LEDGER, tampered
from timebank.adapters.system import SetClock
from timebank.daily import do_what_is_due
from timebank.demo.seed import seed
from timebank.help.hours import flow, publishing
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.upgrade import upgrade

TAMPERINGS = int(os.environ.get("TAMPERINGS", "18"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demo community's database after a round of the clock, and the witness that a partner unit has in its drawer."""
    path = tmp_path_factory.mktemp("tampering") / "demo.db"
    drawer = path.with_name("witness.json")

    async def make() -> None:
        settings = Settings(database=f"sqlite:///{path}", city="dongqu", demo=True)
        ctx = make_context(settings, clock=SetClock(datetime(2026, 12, 2, 1, tzinfo=UTC)))
        async with ctx.engine:
            await upgrade(ctx.engine)
            await seed(ctx)
            assert (await do_what_is_due(ctx)).months_published == 1
            drawer.write_text(json.dumps(await publishing.witness(ctx, "dongqu")))

    asyncio.run(make())
    return path, drawer


async def problems(path: Path, drawer: Path) -> list[str]:
    """What `timebank books verify --witness` says."""
    ctx = make_context(Settings(database=f"sqlite:///{path}", city="dongqu", demo=True))
    async with ctx.engine:
        return await flow.verify(ctx, "dongqu", publishing.read_kept(drawer))


async def test_every_tampering_is_named(demo: tuple[Path, Path], tmp_path: Path) -> None:
    path, drawer = demo
    assert await problems(path, drawer) == []
    chance = Random(20261130)
    done: Counter[str] = Counter()
    unseen = []
    copy = tmp_path / "copy.db"
    while done.total() < TAMPERINGS:
        # Each kind as often as the others.
        kind = min(sorted(KINDS), key=lambda name: done[name])
        shutil.copy(path, copy)
        one = tampered(copy, kind, chance)
        if one is None:
            continue
        done[one.kind] += 1
        said = await problems(copy, drawer)
        if not any(
            one.named in text or _of_the_book(one.named) or _of_the_log(one.named, text) for text in said
        ):
            unseen.append((one, said))
    print(*(f"{count:5} {kind}" for kind, count in sorted(done.items())), sep="\n", file=sys.stderr)
    assert done.keys() == KINDS.keys()
    assert unseen == [], "\n".join(map(str, unseen))


def _of_the_book(named: str) -> bool:
    """Entries are named by their numbers, not by their table."""
    return named in LEDGER


def _of_the_log(named: str, text: str) -> bool:
    return named in ("tb_audit", "tb_audit_head") and ("line " in text or "the head of" in text)
