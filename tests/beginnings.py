"""What a test's database begins with: made once in a process, and copied for every test that wants it.

A migrated database takes a second to make and a hundredth to copy; a town with people in it longer still.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A way to fill an empty database.

    Attributes:
        name: letters and underscores; one way has one name.
        make: fills the database at an address and leaves nothing open; returns what tests need to know of it.
    """

    name: str
    make: Callable[[str], Awaitable[object]]


def administer(server: str, sql: str) -> None:
    """Run one statement on a PostgreSQL server."""

    async def run() -> None:
        connection = await asyncpg.connect(server)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        runner.run(run())


class Beginnings:
    """The databases made so far, by kind and name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, str], object] = {}

    def copied_file(self, beginning: Beginning, to: Path) -> object:
        """Copy the SQLite database that begins so to a new file; what is to be known of it."""
        source = self._folder / f"{beginning.name}.db"
        known = self._made("sqlite", beginning, f"sqlite:///{source}")
        assert not source.with_name(f"{source.name}-wal").exists(), "whoever made it left it open"
        assert not to.exists()
        shutil.copyfile(source, to)
        return known

    def copied_database(self, beginning: Beginning | None, name: str, server: str) -> object:
        """Create a PostgreSQL database that begins so, an empty one for None; what is to be known of it."""
        if beginning is None:
            administer(server, f"CREATE DATABASE {name}")
            return None
        template = f"beginning_{beginning.name}"
        if ("postgres", beginning.name) not in self._known:
            administer(server, f"CREATE DATABASE {template}")
        known = self._made("postgres", beginning, at(server, template))
        administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        return known

    def _made(self, kind: str, beginning: Beginning, url: str) -> object:
        """What is known of a database, which is filled when it is first asked for."""
        key = kind, beginning.name
        if key not in self._known:
            with asyncio.Runner() as runner:
                self._known[key] = runner.run(_awaited(beginning.make(url)))
        return self._known[key]

    def known(self, kind: str, beginning: Beginning) -> object:
        """What is to be known of a database that was made before."""
        return self._known[kind, beginning.name]


def at(server: str, name: str) -> str:
    """The address of one database of a server."""
    return server.replace("/postgres?", f"/{name}?", 1)


async def _awaited(making: Awaitable[object]) -> object:
    return await making
