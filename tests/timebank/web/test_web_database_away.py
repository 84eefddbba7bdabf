"""A database in trouble is said with 503 and when to come back, never with its own words; both databases, pages and programs."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from ledger.store.engine import CannotOpen, CommitUncertain, DiskFull, UnitLost, WriterBusy
from tests.timebank.conftest import Town
from timebank.adapters.system import SetClock


def _sqlite(code: int, words: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


RAW = "内部原话 raw words"
TROUBLES: dict[str, tuple[Exception, str]] = {
    "disk full": (DiskFull(reason=RAW), "storage_full"),
    "commit uncertain": (CommitUncertain(reason=RAW), "perhaps_stored"),
    "server gone": (UnitLost(reason=RAW), "away"),
    "cannot open": (CannotOpen(database="x", reason=RAW), "away"),
    "busy": (WriterBusy(waited_s=30), "away"),
    "refused": (ConnectionRefusedError(RAW), "away"),
    "starting": (asyncpg.CannotConnectNowError(RAW), "away"),
    "broken line": (asyncpg.ConnectionDoesNotExistError(RAW), "away"),
    "too many": (asyncpg.TooManyConnectionsError(RAW), "away"),
    "pool closing": (asyncpg.InterfaceError(RAW), "away"),
    "no file": (_sqlite(sqlite3.SQLITE_CANTOPEN, RAW), "away"),
    "disk fails": (_sqlite(sqlite3.SQLITE_IOERR, RAW), "away"),
}


@asynccontextmanager
async def _in_trouble(town: Town, error: Exception, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """While the block runs, the database answers nothing but this."""

    async def fails(*_: Any, **__: Any) -> Any:
        raise error

    with monkeypatch.context() as patch:
        for name in ("fetch", "native_fetch", "execute", "open_session"):
            patch.setattr(town.ctx.engine, name, fails)
        yield


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_trouble_is_503_with_when_to_come_back_and_no_raw_word(
    town: Town, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, code = TROUBLES[trouble]
    browser = await town.client("worker")
    async with _in_trouble(town, error, monkeypatch):
        for path in ("/healthz", "/desk", "/api/hours"):
            told = await browser.get(path, headers={"accept": "application/json"})
            assert (told.status_code, told.json()["code"]) == (503, code), path
            assert int(told.headers["retry-after"]) >= 5
        for lang in ("zh-CN", "en"):
            page = await browser.get(f"/desk?lang={lang}", headers={"accept": "text/html"})
            assert (page.status_code, page.headers["retry-after"]) == (503, told.headers["retry-after"])
            for raw in (RAW, "raw words", "{reason}", "reason", type(error).__name__):
                assert raw not in page.text
                assert raw not in told.text
    assert (await browser.get("/healthz")).status_code == 200


async def test_a_fault_of_ours_stays_a_fault(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await town.stranger()
    for error in (
        KeyError("x"),
        asyncpg.UndefinedColumnError("x"),
        sqlite3.OperationalError("no such column"),
    ):
        async with _in_trouble(town, error, monkeypatch):
            assert (await browser.get("/healthz")).status_code == 500


async def test_whoever_reads_is_served_while_nothing_can_be_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment of being seen is written once a minute; on a full disk it is not, and the page is shown."""
    browser, clock = await town.client("worker"), town.ctx.clock
    assert isinstance(clock, SetClock)
    clock.now += timedelta(minutes=2)

    async def full(*_: Any) -> Any:
        raise DiskFull(reason=RAW)

    with monkeypatch.context() as patch:
        patch.setattr(town.ctx.engine, "open_session", full)
        assert (await browser.page("/lists")).status_code == 200


class TestOnPostgreSQL:
    """Where the driver, and not the edge, meets what fits no column."""

    @pytest.fixture
    def app_database_url(self, postgres_url: str) -> str:
        return postgres_url

    async def test_what_fits_no_column_is_the_senders_mistake_there_too(self, town: Town) -> None:
        browser = await town.stranger()
        browser.cookies.set("community", "%00", domain="127.0.0.1")
        for path in ("/notice", "/sign-in", "/lists"):
            assert (await browser.get(path)).status_code < 500
        for path in (
            "/notice?community=%00",
            "/sign-in?next=%00",
            "/api/requests?q=%00",
            "/desk/members/%00",
        ):
            assert (await browser.get(path)).status_code == 400
        worker = await town.client("worker")
        assert (await worker.get(f"/api/hours?before={2**63}")).status_code == 400
        assert (await worker.get(f"/api/hours?before={2**63 - 1}")).status_code < 500
