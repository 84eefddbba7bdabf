"""One carrier process by the clock of a simulated month, from the moment it is told to go until it is killed.

python -m tests.timebank.news.month_carrier DATABASE GATEWAY MAIL_PORT CLOCK_FILE
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from timebank.adapters.carriers import MailServer, SmsGateway
from timebank.installation import make_context
from timebank.news.carrying import carry
from timebank.rules.telling.news import Way
from timebank.settings import Settings

ANSWERS_WITHIN_S = 0.2
LIVES_S = 1_800


class FileClock:
    """The moment that stands in a file; whoever leads the month moves it for every process at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(float(self.path.read_text()), UTC)

    def move(self, at: datetime) -> None:
        made = self.path.with_suffix(".new")
        made.write_text(str(at.timestamp()))
        made.replace(self.path)


def carriers(gateway: str, mail_port: int) -> dict[Way, SmsGateway | MailServer]:
    """The same two for every process: a gateway that is given little time, and a mail server."""
    client = httpx.AsyncClient(timeout=ANSWERS_WITHIN_S)
    return {
        Way.SMS: SmsGateway(gateway, "secret", client),
        Way.MAIL: MailServer(host="127.0.0.1", port=mail_port, sender="office@dongqu.example"),
    }


async def main(database: str, gateway: str, mail_port: int, clock: Path) -> None:
    ctx = make_context(
        Settings(database=database, city="dongqu", demo=True),
        clock=FileClock(clock),
        carriers=carriers(gateway, mail_port),
    )
    await ctx.engine.start()
    await ctx.policies.load()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    parent, deadline = os.getppid(), time.monotonic() + LIVES_S
    while time.monotonic() < deadline and os.getppid() == parent:
        await carry(ctx)
        await asyncio.sleep(0.03)
    await ctx.engine.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))
