"""The `timebank` command: look at it, run it, fill it, check it, keep it safe."""

from __future__ import annotations

from importlib import import_module

import click

from timebank import __version__

# Each command, in the order of the help, and the module it is read from when it is asked for: a timer that runs `tick` every few
# minutes does not read the web app.
COMMANDS = {
    "demo": "serving",
    "init": "founding",
    "serve": "serving",
    "upgrade": "keeping",
    "doctor": "checking",
    "check": "checking",
    "import": "importing:import_command",
    "plan": "planning",
    "policy": "policy",
    "opening": "opening",
    "staff": "staff",
    "tick": "ticking",
    "books": "audit",
    "openapi": "describing",
    "backup": "keeping",
    "restore": "keeping",
    "erase-again": "keeping:erase_again",
}


class _ReadWhenAsked(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute or cmd_name)
        return command


@click.group(cls=_ReadWhenAsked, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="timebank")
def main() -> None:
    """社区时间银行 · A volunteer time bank for one neighbourhood or many.

    Settings come from TIMEBANK_DATABASE, TIMEBANK_CITY, TIMEBANK_SECRET, TIMEBANK_HOST and TIMEBANK_PORT.
    """
