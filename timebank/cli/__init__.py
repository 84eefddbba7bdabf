"""The `timebank` command: look at it, run it, fill it, check it, keep it safe."""

from __future__ import annotations

import click

from timebank import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="timebank")
def main() -> None:
    """社区时间银行 · A volunteer time bank for one neighbourhood or many.

    Settings come from TIMEBANK_DATABASE, TIMEBANK_CITY, TIMEBANK_SECRET, TIMEBANK_HOST and TIMEBANK_PORT.
    """


def _add_commands() -> None:
    from timebank.cli.audit import books
    from timebank.cli.importing import import_command
    from timebank.cli.keeping import backup, restore, upgrade
    from timebank.cli.opening import opening
    from timebank.cli.planning import plan
    from timebank.cli.policy import policy
    from timebank.cli.serving import check, demo, doctor, init, serve
    from timebank.cli.staff import staff
    from timebank.cli.ticking import tick

    for command in (
        demo,
        init,
        serve,
        upgrade,
        doctor,
        check,
        import_command,
        plan,
        policy,
        opening,
        staff,
        tick,
        books,
        backup,
        restore,
    ):
        main.add_command(command)


_add_commands()
