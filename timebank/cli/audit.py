"""`timebank books`: audit and export of the hour books, for anyone who may read them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ledger.witness import WitnessUnreadable
from timebank.cli.running import community_option, run, say, the_community
from timebank.context import Context
from timebank.help.hours import flow, publishing
from timebank.help.hours.publishing import read_kept


@click.group()
def books() -> None:
    """Audit, export and close the hour books / 账本的核对、导出与结账."""


@books.command()
@community_option
@click.option(
    "--witness", "witness_path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A witness file that somebody else has kept: nothing of it may be gone or other.",
)  # fmt: skip
def verify(community: str, witness_path: Path | None) -> None:
    """Check every rule the stored rows can show; exit code 1 when one is broken."""
    try:
        kept = read_kept(witness_path) if witness_path else None
    except WitnessUnreadable as error:
        raise click.ClickException(str(error)) from error

    async def work(ctx: Context) -> list[str]:
        return await flow.verify(ctx, await the_community(ctx, community), kept)

    problems = run(work)
    for problem in problems:
        say(f"✗ {problem}")
    if problems:
        raise SystemExit(1)
    say("✓ 账本完整 / the book is whole")


@books.command()
@community_option
def snapshot(community: str) -> None:
    """The whole book as one JSON document: accounts, transfers, head, problems."""

    async def work(ctx: Context) -> dict[str, object]:
        return await flow.snapshot(ctx, await the_community(ctx, community))

    say(json.dumps(run(work), ensure_ascii=False, indent=1))


@books.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@community_option
def witness(file: Path, community: str) -> None:
    """Write to FILE where book, log and attendance stand: for a partner unit's drawer / 给共建单位留存."""

    async def work(ctx: Context) -> dict[str, object]:
        return await publishing.witness(ctx, await the_community(ctx, community))

    file.write_text(json.dumps(run(work), indent=1) + "\n", "utf-8")
    say(str(file))


@books.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@community_option
def export(directory: Path, community: str) -> None:
    """Write one beancount file per month, and the witness, into DIRECTORY; compare them with the database row for row."""

    async def work(ctx: Context) -> list[Path]:
        return await flow.export_books(ctx, await the_community(ctx, community), directory)

    for path in run(work):
        say(str(path))


@books.command()
@click.argument("month")
@community_option
def close(month: str, community: str) -> None:
    """Close MONTH (YYYY-MM): nothing can be dated into it afterwards."""

    async def work(ctx: Context) -> str:
        return await flow.close_month(ctx, None, await the_community(ctx, community), month)

    say(run(work))
