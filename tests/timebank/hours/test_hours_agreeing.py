"""Lists, book and log say the same of every hour, and whoever changes one of them alone is found out."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ledger.store.engine import SQLiteEngine
from timebank.demo.seed import seed
from timebank.help.hours import flow
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.oversight import audit_checks
from timebank.store.upgrade import upgrade


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo community, with hours of a month in its book."""
    path = tmp_path_factory.mktemp("agreeing") / "demo.db"

    async def make() -> None:
        ctx = make_context(Settings(database=f"sqlite:///{path}", city="dongqu", demo=True))
        async with ctx.engine:
            await upgrade(ctx.engine)
            await seed(ctx)

    asyncio.run(make())
    return path


ONE = "(SELECT MIN(id) FROM tb_attendance WHERE state = 'posted' AND minutes_credited > 0)"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE tb_attendance SET minutes_credited = 9999 WHERE id = {ONE}", "9999 minutes, "),
        (f"UPDATE tb_attendance SET minutes_credited = 0 WHERE id = {ONE}", ": 0 minutes, "),
        (f"UPDATE tb_attendance SET transfer_uid = '' WHERE id = {ONE}", "no entry in the book"),
        (f"UPDATE tb_attendance SET transfer_uid = 'nothing' WHERE id = {ONE}", "not its own"),
        (
            "UPDATE tb_attendance SET transfer_uid = (SELECT transfer_uid FROM tb_attendance WHERE state = 'posted'"
            f" ORDER BY id DESC LIMIT 1) WHERE id = {ONE}",
            "not its own",
        ),
        (f"DELETE FROM tb_attendance WHERE id = {ONE}", "is not there"),
        ("DROP TRIGGER tb_audit_no_delete", "the guard tb_audit_no_delete is gone"),
    ],
)
async def test_what_was_changed_beside_the_book_is_named(
    demo: Path, tmp_path: Path, statement: str, said: str
) -> None:
    async with SQLiteEngine(demo) as engine:
        await engine.backup(tmp_path / "copy.db")
    ctx = make_context(Settings(database=f"sqlite:///{tmp_path}/copy.db", city="dongqu", demo=True))
    async with ctx.engine:
        assert await flow.verify(ctx, "dongqu") == []
        await ctx.engine.execute(statement)
        found = await flow.verify(ctx, "dongqu")
    assert found
    assert said in "\n".join(found)


async def test_a_guard_that_lets_everything_pass_is_named(demo: Path, tmp_path: Path) -> None:
    async with SQLiteEngine(demo) as engine:
        await engine.backup(tmp_path / "copy.db")
    async with SQLiteEngine(tmp_path / "copy.db") as engine:
        await engine.execute("DROP TRIGGER tb_audit_no_update")
        await engine.execute(
            "CREATE TRIGGER tb_audit_no_update BEFORE UPDATE ON tb_audit WHEN 0 BEGIN SELECT 1; END"
        )
        assert await audit_checks.problems(engine) == ["the guard tb_audit_no_update is gone or was changed"]
