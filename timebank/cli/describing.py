"""`timebank openapi`: what an installation answers, for whoever writes a program against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from timebank.app import create_app
from timebank.installation import make_context
from timebank.settings import SECRET_BYTES_MIN, Settings
from timebank.web.openapi.serving import written


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="a file; else it is printed")
def openapi(output: Path | None) -> None:
    """The OpenAPI document of this installation / 写给程序看的接口文档."""
    settings = Settings.from_env()
    # The database is not opened and nothing is signed: neither it nor the secret has to be there.
    settings = replace(settings, secret=settings.secret or "0" * SECRET_BYTES_MIN)
    document = written(create_app(settings, context=make_context(settings)))
    if output is None:
        click.echo(document)
    else:
        output.write_bytes(document)
        click.echo(f"{output}: {len(document):,} bytes")
