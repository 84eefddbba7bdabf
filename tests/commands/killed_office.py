"""`python -m tests.commands.killed_office`: an office that can be killed again and again without waiting for its imports.

Everything is imported once. Each line on standard input forks a server as `timebank serve` runs it, its carrier at work
twenty times a second; the pid is printed, and when it has died the next line is read.
"""

from __future__ import annotations

import os
import sys
from functools import partial

import uvicorn

import timebank.app
from timebank.cli.serving import config_of
from timebank.daily import carry_on
from timebank.settings import Settings

CARRY_EVERY_S = 0.05


def main() -> None:
    """Fork a server for each line."""
    settings = Settings(
        database=os.environ["TIMEBANK_DATABASE"],
        city=os.environ["TIMEBANK_CITY"],
        port=int(os.environ["TIMEBANK_PORT"]),
        sms=os.environ["TIMEBANK_SMS"],
        sms_token="secret",
        demo=True,
    )
    timebank.app.carry_on = partial(carry_on, every_s=CARRY_EVERY_S)  # type: ignore[attr-defined]
    app = timebank.app.create_app(settings)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            uvicorn.Server(config_of(app, settings)).run()
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
