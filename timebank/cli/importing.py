"""`timebank import`: the office's own files, judged row by row and saved once."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from timebank.cli.running import run, say, the_community
from timebank.context import Context
from timebank.help.imports import flow
from timebank.help.imports.report import FileReport, as_text
from timebank.help.imports.schemas import FileOut


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--community", default="", help="Code of the community; needed only when there are several.")
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
        return await flow.import_files(ctx, None, await the_community(ctx, community), read, filed_on=day)

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
