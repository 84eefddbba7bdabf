"""`timebank init`: a real community with its first worker."""

from __future__ import annotations

import asyncio
import sys
from getpass import getpass

import click

from timebank.cli.running import open_context, say
from timebank.cli.safety import sqlite_path
from timebank.community.founding.flow import Founded, Founding, found
from timebank.errors import AppRefusal
from timebank.settings import Settings
from timebank.store import upgrade as schema


@click.command()
@click.option(
    "--code", prompt="社区代号 code (a-z, 0-9)", help="Lower-case letters and digits; never changes."
)
@click.option("--name", prompt="社区名称 name", help="As on the door.")
@click.option("--name-en", default="", help="English name.")
@click.option("--phone", prompt="对外电话 phone", default="", help="Shown to everybody.")
@click.option("--address", default="", help="Where the office is.")
@click.option("--opens", default="", help="When the office is open, in words.")
@click.option("--grid", "grids", multiple=True, help="A grid's name; repeat for each.")
@click.option("--worker", prompt="第一位社区工作者 first worker's name", help="Gets the first login.")
@click.option("--login", prompt="登录名 login", help="The worker's login name.")
def init(
    code: str,
    name: str,
    name_en: str,
    phone: str,
    address: str,
    opens: str,
    grids: tuple[str, ...],
    worker: str,
    login: str,
) -> None:
    """Found a real community with its first worker; asks for the password / 建立社区."""
    password = getpass("密码 password (10+): ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    settings = Settings.from_env()
    if path := sqlite_path(settings.database):
        path.parent.mkdir(parents=True, exist_ok=True)

    wanted = Founding(
        code=code, name=name, name_en=name_en, phone=phone, address=address, opens=opens, grids=grids, worker=worker,
        login=login,
    )  # fmt: skip

    async def work() -> Founded:
        async with open_context(settings, migrated=False) as ctx:
            await schema.upgrade(ctx.engine)
            return await found(ctx, wanted, password=password)

    try:
        done = asyncio.run(work())
    except AppRefusal as refusal:
        click.echo(f"✗ {refusal.code}: {refusal.zh} / {refusal.en}", err=True)
        raise SystemExit(2) from refusal
    said = {
        Founded.NEW: f"✓ {name} ({code}); timebank serve",
        Founded.WORKER_ADDED: f"✓ {name} ({code}): 多了一位能登录的工作人员 / one more worker who can sign in",
        Founded.ALREADY_SO: f"✓ {name} ({code}): 已经是这样了 / already so, nothing changed",
    }
    say(said[done])
