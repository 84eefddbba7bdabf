"""`timebank upgrade`, `backup`, `restore`: what an operator does so that nothing is ever lost."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import click

from ledger.store.engine import DatabaseInUse, EngineError, SQLiteEngine, open_engine
from ledger.store.engine.sqlite.restoring import alone_with, restore_into
from timebank.adapters import erased, sealing
from timebank.cli.running import answered, open_context, say
from timebank.cli.safety import sqlite_path
from timebank.community.people import erasing
from timebank.help.hours import flow
from timebank.settings import Settings
from timebank.store import upgrade as schema


@click.command()
@click.option(
    "--no-backup", is_flag=True, help="Do not write a copy first (PostgreSQL: use pg_dump yourself)."
)
def upgrade(no_backup: bool) -> None:
    """Bring the database to this version's schema, after an automatic backup / 升级数据库."""
    settings = Settings.from_env()
    path = sqlite_path(settings.database)

    async def work() -> tuple[list[str], Path | None]:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        existed = path is not None and path.exists() and path.stat().st_size > 0
        async with open_context(settings, migrated=False) as ctx:
            missing = await schema.waiting(ctx.engine)
            copy: Path | None = None
            if missing and existed and path is not None and not no_backup:
                stamp = ctx.now().strftime("%Y%m%dT%H%M%S")
                copy = path.with_name(f"{path.name}.before-upgrade-{stamp}")
                await ctx.engine.backup(copy)
                sealing.seal(copy, settings.secret)
            return await schema.upgrade(ctx.engine), copy

    applied, copy = answered(work)
    if copy is not None:
        say(f"备份 / backup: {copy}")
    for name in applied:
        say(f"✓ {name}")
    say("数据库已是最新 / the database is current")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent, verified copy to FILE while the office goes on / 在线备份."""
    settings = Settings.from_env()
    if file.exists():
        raise click.ClickException(f"{file} exists already / 文件已存在")

    async def work() -> None:
        async with open_context(settings) as ctx:
            await ctx.engine.backup(file)
        sealing.seal(file, settings.secret)

    answered(work)
    problems = answered(lambda: verified(file))
    if problems:
        raise click.ClickException("; ".join(problems))
    say(f"✓ {file} ({file.stat().st_size} bytes), 已核对 / verified")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", "replace_it", is_flag=True, help="Put it in place of an existing database, which is kept."
)
@click.option(
    "--unsealed", is_flag=True, help="Although its seal is missing, broken or of another TIMEBANK_SECRET."
)
def restore(file: Path, replace_it: bool, unsealed: bool) -> None:
    """Put the copy FILE in place as this installation's database; stop the server first / 恢复备份."""
    target = sqlite_path(Settings.from_env().database)
    if target is None:
        others = asyncio.run(_others(Settings.from_env().database))
        raise click.ClickException(
            "PostgreSQL is restored with pg_restore / PostgreSQL 请用 pg_restore"
            + (
                f"; {others} still connected: stop the servers first / 还有 {others} 个连接，请先停止服务器"
                if others
                else ""
            )
        )
    # The seal first: what was changed may keep anything else from being read.
    if problems := ([] if unsealed else _seal_broken(file)) or answered(lambda: verified(file)):
        raise click.ClickException(f"{file}: {'; '.join(problems)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        if not replace_it:
            raise click.ClickException(
                f"{target} exists; add --replace (the old one is kept) / 已有数据库，请加 --replace"
            )
        kept = _first_free(target)
        _keep(target, kept)
        say(f"原数据库保存在 / the old database is kept at {kept}")
    try:
        restore_into(file, target)
        sealing.unseal(target)
    except EngineError as error:
        raise click.ClickException(f"{error.sentence('zh')} / {error.sentence('en')}") from error
    if problems := answered(lambda: verified(target)):
        raise click.ClickException("; ".join(problems))
    say(f"✓ {target} 已恢复并核对 / restored and verified")
    if again := answered(lambda: _erased_again(erased.read(erased.list_of(Settings.from_env())))):
        say(f"重新删除了 {again} 位的个人信息 / {again} people erased again")


@click.command("erase-again")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def erase_again(file: Path) -> None:
    """Erase everybody again whose ids stand in FILE, after an older copy was put in place / 恢复旧备份后再删一次。

    `restore` does it by itself for SQLite; after pg_restore it is done by hand.
    """
    again = answered(lambda: _erased_again(erased.read(file)))
    say(f"重新删除了 {again} 位的个人信息 / {again} people erased again")


async def _erased_again(uids: list[str]) -> int:
    if not uids:
        return 0
    async with open_context(Settings.from_env()) as ctx:
        again = await erasing.erase_again(ctx, uids)
        if again:
            await ctx.engine.compact()
        return again


async def verified(path: Path) -> list[str]:
    """What is wrong with a database file: SQLite's own check, then every book and the audit log."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return [f"not a database: {error}"]
    if said != "ok":
        return [f"damaged: {said}"]
    settings = Settings(database=f"sqlite:///{path}", city=Settings.from_env().city)
    async with open_context(settings) as ctx:
        return await flow.verify_all(ctx)


def _keep(target: Path, kept: Path) -> None:
    """The old database at `kept`: a copy, or the very files where they are too damaged for one."""
    try:
        with alone_with(target):
            pass
        # It may still hold writes in its -wal file: copy it through SQLite, never as bare files.
        asyncio.run(_copy(target, kept))
        sealing.seal(kept, Settings.from_env().secret)
    except DatabaseInUse as error:
        raise click.ClickException(f"{error.sentence('zh')} / {error.sentence('en')}") from error
    except (EngineError, sqlite3.DatabaseError):
        for suffix in ("", "-wal", "-shm"):
            if (part := target.with_name(target.name + suffix)).exists():
                part.rename(kept.with_name(kept.name + suffix))


def _seal_broken(file: Path) -> list[str]:
    """What of a copy is not as it was when it was made; of a copy of an earlier version nobody can say."""
    try:
        if not sealing.bears_seals(file):
            return []
        return sealing.differences(file, Settings.from_env().secret)
    except sqlite3.DatabaseError:
        return []  # too damaged to ask, which `verified` has said


async def _others(url: str) -> int:
    """How many others are connected to a PostgreSQL database; 0 where it does not answer, and nothing runs on it."""
    try:
        async with open_engine(url) as engine:
            rows = await engine.fetch(
                "SELECT COUNT(*) AS others FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    except EngineError:
        return 0
    return int(rows[0]["others"])


async def _copy(source: Path, target: Path) -> None:
    engine = open_engine(f"sqlite:///{source}")
    assert isinstance(engine, SQLiteEngine)
    async with engine:
        await engine.backup(target)


def _first_free(path: Path) -> Path:
    candidates = (path.with_name(f"{path.name}.replaced-{number}") for number in range(1, 10_000))
    return next(candidate for candidate in candidates if not candidate.exists())
