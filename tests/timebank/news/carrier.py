"""One carrier process on a clock that runs fast, from the moment it is told to go until it is killed.

python -m tests.timebank.news.carrier DATABASE GATEWAY STARTED SPEED
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx

from timebank.adapters.carriers import SmsGateway
from timebank.app import make_context
from timebank.news.carrying import carry
from timebank.rules.news import Way
from timebank.settings import Settings

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)
ANSWERS_WITHIN_S = 0.2


def fast_clock(started: float, speed: float) -> datetime:
    """Nine in the morning at `started`, `speed` times as fast as the wall; every process reads the same."""
    return NINE + timedelta(seconds=(time.time() - started) * speed)


async def main(database: str, gateway: str, started: float, speed: float) -> None:
    client = httpx.AsyncClient(timeout=ANSWERS_WITHIN_S)
    ctx = make_context(
        Settings(database=database, demo=True),
        clock=lambda: fast_clock(started, speed),
        carriers={Way.SMS: SmsGateway(gateway, "secret", client)},
    )
    await ctx.engine.start()
    await ctx.policies.load()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    deadline = time.time() + 90
    while time.time() < deadline:
        await carry(ctx)
        await asyncio.sleep(0.05)
    await ctx.engine.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
