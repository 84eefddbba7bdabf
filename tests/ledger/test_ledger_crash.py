"""kill -9 in a loop under eight clients: whatever was acknowledged is there, once and whole.

After each kill the clients send again what they had not heard about, as people with a poor telephone do: every such key
must come to exactly one effect. `LEDGER_CRASHES` in the environment makes the loop longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CRASHES = int(os.environ.get("LEDGER_CRASHES", "20"))

# One process imports everything once and forks a fresh office for every cycle. The office writes each key to a pipe before it
# posts, and again only after `post` has returned; batches show that nothing is ever half there.
SCRIPT = r"""
import asyncio, os, random, signal, sys, time
from datetime import UTC, date, datetime
from ledger import AccountKind, Batch, Leg, OpenAccount, Transfer
from ledger.chain import uid_of
from ledger.store import Book, migrate_ledger
from ledger.store.engine import open_engine

path, cycles = sys.argv[1], int(sys.argv[2])
url, at = f"sqlite:///{path}", datetime(2026, 11, 20, 1, tzinfo=UTC)
issuer, members = "Equity:DQ", [f"Liabilities:M{n}" for n in range(8)]

def give(key, who, minutes):
    return Transfer(key=key, legs=(Leg(issuer, minutes), Leg(who, -minutes)))

async def prepare():
    async with open_engine(url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="dongqu")
        await book.create()
        for code in [issuer, *members]:
            kind = AccountKind.EQUITY if code == issuer else AccountKind.LIABILITY
            floor = None if code == issuer else 0
            await book.post(OpenAccount(key=code, code=code, kind=kind, floor=floor, opened_on=date(2026, 1, 1)), at=at)

def command_for(key):
    _, number, _ = key.split("/")
    if number == "0":
        return Batch(key=key, commands=tuple(give(f"{key}/{n}", members[n], 1) for n in range(1, 4)))
    return give(key, members[int(number)], 1)

async def office(cycle, pipe, unheard):
    async with open_engine(url) as engine:
        book = Book(engine, code="dongqu")

        async def send(key):
            os.write(pipe, f"sent {key}\n".encode())
            await book.post(command_for(key), at=at)
            os.write(pipe, f"told {key}\n".encode())

        async def client(number):
            for key in unheard[number::8]:
                await send(key)
            for step in range(100_000):
                await send(f"c{cycle}/{number}/{step}")

        await asyncio.gather(*(client(number) for number in range(8)))

async def audit(acknowledged, sent):
    async with open_engine(url) as engine:
        book = Book(engine, code="dongqu")
        problems = await book.verify()
        entries = [entry async for page in book.journal() for entry in page]
        keys = [entry.key for entry in entries]
        lost = set(acknowledged) - set(keys)
        doubled = len(keys) - len(set(keys))
        nobody_sent = {key for key in keys if key.count("/") == 2} - sent
        assert not nobody_sent, sorted(nobody_sent)[:3]
        balances = await book.balances()
        given = sum(posting.amount for entry in entries for posting in entry.postings if posting.account == issuer)
        held = sum(balance.balance for (code, _), balance in balances.items() if code != issuer)
        assert given == held == -balances[issuer, "MIN"].balance
        return problems, lost, doubled

asyncio.run(prepare())
dice, acknowledged, sent, resent = random.Random(11), set(), set(), 0
for cycle in range(cycles):
    reading, writing = os.pipe()
    child = os.fork()
    unheard = sorted(sent - acknowledged)
    if child == 0:
        os.close(reading)
        asyncio.run(office(cycle, writing, unheard + sorted(acknowledged)[-4:]))
        os._exit(0)
    os.close(writing)
    time.sleep(dice.uniform(0.05, 0.25))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        # The last line may be cut short by the kill: then it was not acknowledged in full.
        lines = [line.split() for line in told if line.endswith("\n")]
    sent.update(key for word, key in lines if word == "sent")
    acknowledged.update(key for word, key in lines if word == "told")
    resent += len(acknowledged & set(unheard))
    if cycle % 5 == 4 or cycle == cycles - 1:
        problems, lost, doubled = asyncio.run(audit(acknowledged, sent))
        assert (problems, lost, doubled) == ([], set(), 0), (cycle, problems[:3], sorted(lost)[:3], doubled)
print(cycles, len(acknowledged), resent)
"""


def test_what_was_acknowledged_survives_kill_nine_once_and_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "crash.db"), str(CRASHES)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60 + 5 * CRASHES,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    cycles, acknowledged, resent = map(int, done.stdout.split())
    print(f"{cycles} kills, {acknowledged} posts acknowledged, {resent} of them only when sent again")
    assert cycles == CRASHES
    assert resent > 0, "some of what the dead office had not answered was sent again"
    assert acknowledged > CRASHES, "the office must have been at work when it was killed"
