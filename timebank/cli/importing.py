"""`timebank import`: the office's own files, judged row by row and saved once."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from timebank.cli.running import community_option, run, say, the_community
from timebank.context import Context
from timebank.help.imports import flow
from timebank.help.imports.report import FileReport, as_text
from timebank.help.imports.schemas import FileOut

# Shorter files are saved before anybody looks.
LONG_ROWS = 200


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@community_option
@click.option(
    "--filed-on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day the files count from where they name none; today when left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def import_command(files: tuple[Path, ...], community: str, filed_on: datetime | None, as_json: bool) -> None:
    """Import lists, volunteers and roll-calls from xlsx or csv / 导入清单、志愿者名单和签到表.

    Every row is accepted, merged, questioned or refused with its reason; the same file twice changes nothing.
    """
    day: date | None = filed_on.date() if filed_on else None
    read = [(path.name, path.read_bytes()) for path in files]

    async def work(ctx: Context) -> list[FileReport]:
        return await flow.import_files(
            ctx, None, await the_community(ctx, community), read, filed_on=day, on_progress=_shown
        )

    reports = run(work)
    if as_json:
        say(
            json.dumps(
                [FileOut.told(report).model_dump(mode="json") for report in reports],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        say(as_text(reports))


def _shown(name: str, saved: int, rows: int) -> None:
    """A line that moves on the terminal while a long file is saved; nothing for a pipe."""
    if sys.stderr.isatty() and rows >= LONG_ROWS and (saved % 20 == 0 or saved == rows):
        ended = "\n" if saved == rows else ""
        click.echo(f"\r{name}  {saved}/{rows}{ended}", err=True, nl=False)
