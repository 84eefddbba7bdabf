"""A server under load that is told to stop: within five seconds, in order, with nothing half done."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

import httpx
from httpx import AsyncClient

CLIENTS = 16
SECONDS_OF_LOAD = 6
SECONDS_TO_STOP = 5


async def test_sigterm_under_load_stops_the_server_in_order(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timebank.cli", "demo", "--port", "0", "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "log").open("w"),
        text=True,
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        answers: Counter[int | str] = Counter()
        clients = [asyncio.create_task(load(told, number, answers)) for number in range(CLIENTS)]
        await asyncio.sleep(SECONDS_OF_LOAD)
        began = monotonic()
        process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(process.wait, 30)
        seconds = monotonic() - began
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
    finally:
        process.kill()
    assert code == 0
    assert seconds <= SECONDS_TO_STOP
    assert answers[201] > CLIENTS, answers
    assert not any(isinstance(answer, int) and answer >= 500 for answer in answers), answers

    asked = subprocess.run(
        [sys.executable, "-c", COUNT, tmp_path / "timebank-demo.db"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(asked.stdout) >= answers[201]


async def load(told: dict[str, object], number: int, answers: Counter[int | str]) -> None:
    """One client that asks for help again and again until the server is gone."""
    async with AsyncClient(base_url=str(told["url"]), timeout=20) as client:
        await client.get(told["sign_in"]["elder"])  # type: ignore[index]
        token = (await client.get("/sign-in")).headers["x-csrftoken"]
        for turn in range(10_000):
            body = {"what": f"买菜 {number}-{turn}", "when": "随时"}
            try:
                answer = await client.post("/api/requests", json=body, headers={"x-csrftoken": token})
            except httpx.TransportError as gone:
                answers[type(gone).__name__] += 1
                return
            answers[answer.status_code] += 1


COUNT = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
    "assert c.execute('PRAGMA integrity_check').fetchone() == ('ok',); "
    "print(c.execute(\"SELECT COUNT(*) FROM mp_need WHERE said LIKE '%买菜 %-%'\").fetchone()[0])"
)
