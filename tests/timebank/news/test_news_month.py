"""A simulated month of the demo town: two carrier processes, real servers that fail, kill -9; what was written arrives.

`make test` runs some days of it on each database, `make soak` the whole month: NEWS_DAYS, NEWS_KILLS and NEWS_VISITS say how much.
"""

from __future__ import annotations

import asyncio
import email
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from ledger.store.engine import open_engine
from tests.timebank.news.gateway import Gateway, gateway
from tests.timebank.news.month import FIRST, STEPS, Month
from tests.timebank.news.month_carrier import FileClock, carriers
from timebank.adapters.system import SeededIds
from timebank.catalogue.news import IfUnsure, news_kinds
from timebank.demo import seed as demo
from timebank.help.requests import flow as requests
from timebank.installation import make_context
from timebank.news.sheet import sheet
from timebank.rules.telling.news import State
from timebank.settings import Settings
from timebank.store.channels.news import News, news_from
from timebank.store.rows import add
from timebank.store.upgrade import upgrade

ROOT = Path(__file__).parents[3]
DAYS = int(os.environ.get("NEWS_DAYS", "2"))
KILLS = int(os.environ.get("NEWS_KILLS", "2"))
VISITS = int(os.environ.get("NEWS_VISITS", "5"))
OLD = 10_000
SHANGHAI = ZoneInfo("Asia/Shanghai")
ENDS = {
    State.CARRIED, State.TOLD, State.UNSURE, State.CALL, State.VISIT, State.SLIP, State.OWN_PAGE, State.COULD_NOT,
    State.OVERTAKEN,
}  # fmt: skip


class Inbox:
    """A mail server that keeps the Message-ID of everything it took, every time."""

    def __init__(self) -> None:
        self.took: Counter[str] = Counter()

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        letter: Message = email.message_from_bytes(envelope.original_content or b"")
        self.took[str(letter["Message-ID"]).strip("<>").partition("@")[0]] += 1
        return "250 kept"


@dataclass
class Carriers:
    """Two processes that carry, and those that take over when one is killed."""

    running: list[subprocess.Popen[str]]
    spare: list[subprocess.Popen[str]]
    killed: int = 0

    def kill_one(self) -> None:
        if self.spare:
            self.running.pop(0).send_signal(signal.SIGKILL)
            self.killed += 1
            another = self.spare.pop(0)
            _go(another)
            self.running.append(another)


@asynccontextmanager
async def _carrying(words: list[str]) -> AsyncIterator[Carriers]:
    processes = [
        subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for _ in range(2 + KILLS)
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdout is not None
            assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
        _go(*processes[:2])
        yield Carriers(processes[:2], processes[2:])
    finally:
        for process in processes:
            process.kill()
            process.wait()
            for end in (process.stdin, process.stdout):
                if end is not None:
                    end.close()


def _go(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


async def _demo_town(database: str, clock: FileClock) -> Any:
    """The demo community as its seeding leaves it, on a clock that everybody shares."""
    # The whole seeding is one unit of work, and this machine may be busy.
    engine = open_engine(database, unit_limit_s=300)
    settings = Settings(database=database, city="dongqu", demo=True)
    ctx = make_context(settings, engine=engine, ids=SeededIds(5))
    await ctx.engine.start()
    await upgrade(ctx.engine)
    await demo.seed(ctx)
    clock.move(demo.TODAY)
    return replace(ctx, clock=clock)


async def _old_notices(ctx: Any) -> None:
    """Ten thousand that nobody ever rang about."""
    old = ctx.now() - timedelta(days=40)
    kinds = ("sheet_entered", "hours_disputed", "relationship_asked")
    await ctx.engine.execute_many(
        "INSERT INTO tb_news (uid, community, member, kind, key, state, ways, made_at, next_at)"
        " VALUES (?, 'dongqu', ?, ?, ?, 'call', 'call', ?, ?)",
        [[f"X{n}", f"X{n}", kinds[n % 3], f"old:{n}", old, old] for n in range(OLD)],
    )


async def _until_all_are_out(ctx: Any, *, killed: bool = False) -> None:
    """Wait until the carriers have nothing to do at this moment; the lease of one that was `killed` runs out later."""
    quiet = 0
    for _look in range(600):
        [row] = await ctx.engine.fetch(
            "SELECT (SELECT count(*) FROM tb_news WHERE state = 'due' AND next_at <= ?) AS due,"
            " (SELECT count(*) FROM tb_news WHERE state = 'carrying') AS out",
            [ctx.now()],
        )
        quiet = quiet + 1 if not row["due"] else 0
        # Whoever is alive has long heard from its gateway by then.
        if quiet and (not row["out"] or (killed and quiet > 40)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the carriers do not come to an end")


async def _run(ctx: Any, clock: FileClock, carrying: Carriers) -> None:
    """The month, step by step; a carrier is killed in the middle of handing over."""
    month, random = Month(ctx, visits_a_day=VISITS), Random(11)
    await month.begin()
    moments = [
        datetime.combine(FIRST + timedelta(days=day), at, tzinfo=SHANGHAI)
        for day in range(DAYS)
        for at in STEPS
    ]
    busy = [moment for moment in moments if moment.hour in (13, 15, 17)]
    deadly = set(random.sample(busy, min(KILLS, len(busy))))
    for moment in moments:
        clock.move(moment)
        await month.step(moment)
        if moment in deadly:
            await asyncio.sleep(random.random() * 0.15)
            carrying.kill_one()
        await _until_all_are_out(ctx, killed=moment in deadly)
        # What failed comes back after its pause; most of it between two steps.
        for pause in (3, 25):
            clock.move(moment + timedelta(minutes=pause))
            await _until_all_are_out(ctx)


async def _rest(ctx: Any, clock: FileClock) -> None:
    """Nothing new any more: everything comes to its end."""
    at = clock()
    for _hours in range(40):
        at += timedelta(hours=3)
        clock.move(at)
        await _until_all_are_out(ctx)
        if not await ctx.engine.fetch(
            "SELECT 1 AS n FROM tb_news WHERE state IN ('due', 'carrying') LIMIT 1"
        ):
            return
    raise AssertionError("some news never comes to an end")


@pytest.mark.timeout(0 if DAYS > 10 else 400)
async def test_a_month_of_the_town_loses_no_news_and_nothing_arrives_twice(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    async def noted(engine: Any, table: Any, values: Any, **known: Any) -> bool:
        if table.__name__ == "News":
            written.append(values["key"])
        return await add(engine, table, values, **known)

    monkeypatch.setattr("timebank.store.channels.news.add", noted)
    clock, inbox = FileClock(tmp_path / "clock"), Inbox()
    ctx = await _demo_town(database_url, clock)
    written.clear()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = Controller(inbox, hostname="127.0.0.1", port=port)
    post.start()
    try:
        with gateway(fails=0.2, seed=5, clock=clock) as sms:
            ctx = replace(ctx, carriers=carriers(sms.url, port))
            [row] = await ctx.engine.fetch("SELECT COALESCE(max(id), 0) AS n FROM tb_news")
            before = int(row["n"])
            words = [
                sys.executable, "-m", "tests.timebank.news.month_carrier", database_url, sms.url, str(port), str(clock.path),
            ]  # fmt: skip
            async with _carrying(words) as carrying:
                await _run(ctx, clock, carrying)
                await _rest(ctx, clock)
                killed = carrying.killed
            found = [
                news_from(row)
                for row in await ctx.engine.fetch("SELECT * FROM tb_news WHERE id > ? ORDER BY id", [before])
            ]
            keys = {str(row["key"]) for row in await ctx.engine.fetch("SELECT key FROM tb_news")}
            assert killed == min(KILLS, DAYS * 3)
            assert set(written) <= keys, "what was written is there"
            assert len(found) > DAYS * VISITS * 2
            await _held(ctx, found, sms, inbox)
        await _one_call_among_ten_thousand(ctx)
    finally:
        post.stop()
        await ctx.engine.close()


async def _held(ctx: Any, found: list[News], sms: Gateway, inbox: Inbox) -> None:
    """What is promised of it."""
    ways = {
        str(row["news"]): str(row["way"])
        for row in await ctx.engine.fetch(
            "SELECT news, way FROM tb_news_try WHERE outcome IN ('taken', 'joined') ORDER BY id"
        )
    }
    lost = [one.uid for one in found if one.state not in ENDS]
    assert lost == [], "each came to an end that somebody can see"
    by_sms = [one for one in found if ways.get(one.uid) == "sms"]
    by_mail = [one for one in found if ways.get(one.uid) == "mail"]
    assert {one.uid for one in by_sms} <= sms.rang.keys(), "what is called handed over was handed over"
    assert {one.uid for one in by_mail} <= inbox.took.keys()
    assert by_sms
    assert by_mail
    assert len({one.uid for one in found}) == len(found)
    assert sum(sms.asked.values()) > len(sms.rang), "the gateway did fail, and was asked again"
    known = {one.uid: one for one in found}
    careful = [uid for uid in sms.took if news_kinds()[known[uid].kind].if_unsure is IfUnsure.CALL]
    assert all(sms.took[uid] == 1 for uid in careful), "where a double does harm, nothing is sent again"
    hours = {at.astimezone(SHANGHAI).hour for at in sms.rang_at.values()}
    assert hours <= set(range(7, 22)), "no telephone rings at night"
    late = [one for one in found if one.state is State.COULD_NOT and one.too_late_at is None]
    assert late == []
    twice = sum(times > 1 for times in sms.took.values())
    print(
        f"{ctx.engine.dialect}: {len(found)} news, {len(sms.rang)} texts, {sum(sms.asked.values())} asked, "
        f"{twice} would have rung twice at a gateway that forgets, {sum(n > 1 for n in inbox.took.values())} mails twice "
        f"of {len(inbox.took)}; {dict(Counter(one.state.value for one in found))}"
    )


async def _one_call_among_ten_thousand(ctx: Any) -> None:
    await _old_notices(ctx)
    month = Month(ctx)
    await month.begin()
    elder = month.uids["wang"]
    await requests.ask_for_call(ctx, await month.actor("wang"))
    found = await sheet(ctx, demo.CODE, "zh-CN")
    assert found.waiting > OLD
    assert elder in [row.member for row in found.rows], "ten thousand old notices hide no call"
    assert next(row for row in found.rows if row.member == elder).asked
