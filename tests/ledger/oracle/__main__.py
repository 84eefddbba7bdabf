"""The same random commands to TigerBeetle's published rules, to a real server when one is named, and to our book.

    python -m tests.ledger.oracle [--server PATH] [--commands 100000] [--seed 1] [--store memory|sqlite]

Compared after every block: which chains were accepted, and all four counters of all accounts. The exit status is 1 when
anything differs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from random import Random

from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.oracle import ours
from tests.ledger.oracle.drawing import Chain, Drawing
from tests.ledger.oracle.published import Published
from tests.ledger.oracle.server import Server

BLOCK = 200
"""Chains handed over at once."""

PORT = 3901


class Differs(Exception):
    """The two sides do not say the same."""


async def compared(book: Book, *, seed: int, commands: int, server: Server | None = None) -> dict[str, int]:
    """How many events and chains were compared, and how many were accepted.

    Raises:
        Differs: an answer or a counter is not the same.
    """
    drawing, published = Drawing(Random(seed)), Published()
    await ours.opened(book)
    events = accepted = chains = 0
    block: list[Chain] = []

    async def compare(asked: Sequence[Chain]) -> list[bool]:
        told = {
            "ours": await ours.taken(book, asked),
            "published rules": [published.take(one) for one in asked],
        }
        stood = {"ours": await ours.counters(book), "published rules": published.counters()}
        if server is not None:
            told["TigerBeetle"], stood["TigerBeetle"] = server.taken(asked), server.counters()
        for name in told:
            for chain, one, other in zip(asked, told["ours"], told[name], strict=True):
                if one != other:
                    raise Differs(f"{chain}: ours {one}, {name} {other}")
            if stood[name] != stood["ours"]:
                raise Differs(f"counters: ours {stood['ours']}, {name} {stood[name]}")
        return told["ours"]

    while events < commands:
        # The dice look at what became of the block before, so a block is drawn as a whole.
        block = list(drawing.chains(min(BLOCK, commands - events)))
        answers = await compare(block)
        for chain, passed in zip(block, answers, strict=True):
            drawing.told(chain, passed)
        events += sum(map(len, block))
        chains += len(block)
        accepted += sum(answers)
    return {"events": events, "chains": chains, "accepted": accepted}


@asynccontextmanager
async def book_in(store: str, folder: Path) -> AsyncIterator[Book]:
    if store == "memory":
        yield MemoryBook(code="oracle")
        return
    async with open_engine(f"sqlite:///{folder}/oracle.db") as engine:
        await migrate_ledger(engine)
        yield Book(engine, code="oracle")


async def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(Server(options.server, folder, PORT)) if options.server else None
        async with book_in(options.store, folder) as book:
            try:
                found = await compared(book, seed=options.seed, commands=options.commands, server=server)
            except Differs as difference:
                print(difference)
                return 1
            problems = await book.verify()
    with_whom = "the published rules" + (" and a TigerBeetle server" if options.server else "")
    print(f"{found} compared with {with_whom}: 0 differences; verify: {len(problems)} problems")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ledger.oracle", description=__doc__)
    parser.add_argument("--server", help="the server's binary")
    parser.add_argument("--commands", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("memory", "sqlite"), default="sqlite")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
