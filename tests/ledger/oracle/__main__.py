"""The same random commands to TigerBeetle's published rules, to a real server when one is named, and to our book.

    python -m tests.ledger.oracle [--server PATH] [--commands 100000] [--seed 1] [--store memory|sqlite] [--record FILE]

Compared after every block: which chains were accepted, and all four counters of all accounts; and of the published rules and the
server, the reason too. The exit status is 1 when anything differs. How our reasons differ from TigerBeetle's is counted and told.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine
from tests.ledger.oracle import ours
from tests.ledger.oracle.drawing import Answer, Chain, Drawing
from tests.ledger.oracle.published import Published
from tests.ledger.oracle.recorded import Block, written
from tests.ledger.oracle.server import Server
from tests.ledger.oracle.words import AGAIN, OTHERWISE, same

BLOCK = 200
"""Events handed over at once, at least."""


class Differs(Exception):
    """The two sides do not say the same."""


@dataclass(slots=True)
class Found:
    """What was compared.

    Attributes:
        reasons: of chains that were refused, or passed with nothing in them: how often which pair of words (TigerBeetle's and
            ours) stood for another cause, except for those asked again.
        again: how often a chain that was refused before was refused for another cause.
    """

    events: int = 0
    chains: int = 0
    accepted: int = 0
    again: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    blocks: list[Block] = field(default_factory=list)


def compare(chains: Sequence[Chain], one: Sequence[Answer], name: str, other: Sequence[Answer]) -> None:
    """Nothing when both accepted and refused alike.

    Raises:
        Differs: at the first chain that one side took and the other did not.
    """
    for chain, mine, theirs in zip(chains, one, other, strict=True):
        if mine.passed != theirs.passed:
            raise Differs(f"{chain}: ours {mine}, {name} {theirs}")


async def compared(
    book: Book, *, seed: int, commands: int, server: Server | None = None, keep: bool = False
) -> Found:
    """The random commands of this seed, to everybody.

    Raises:
        Differs: an answer or a counter is not the same.
    """
    drawing, published, found = Drawing(Random(seed)), Published(), Found()
    refused: set[Chain] = set()
    await ours.opened(book)
    while found.events < commands:
        # The dice look at what became of the block before, so a block is drawn as a whole.
        chains = list(drawing.chains(min(BLOCK, commands - found.events)))
        mine, stood = await ours.taken(book, chains), await ours.counters(book)
        theirs, there = [published.take(one) for one in chains], published.counters()
        compare(chains, mine, "published rules", theirs)
        if stood != there:
            raise Differs(f"counters: ours {stood}, published rules {there}")
        if server is not None:
            answers, there = server.taken(chains), server.counters()
            compare(chains, mine, "TigerBeetle", answers)
            if stood != there:
                raise Differs(f"counters: ours {stood}, TigerBeetle {there}")
            for chain, told, rule in zip(chains, answers, theirs, strict=True):
                if told != rule:
                    raise Differs(f"{chain}: published rules {rule}, TigerBeetle {told}")
        for chain, answer, told in zip(chains, mine, theirs, strict=True):
            drawing.told(chain, answer.passed)
            if not same(told.word, answer.word):
                if chain in refused:
                    found.again += 1
                else:
                    found.reasons[told.word, answer.word] += 1
            if not answer.passed:
                refused.add(chain)
        found.events += sum(map(len, chains))
        found.chains += len(chains)
        found.accepted += sum(answer.passed for answer in mine)
        if keep:
            found.blocks.append(Block(chains=chains, answers=theirs, counters=there))
    return found


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
        server = stack.enter_context(Server(options.server, folder)) if options.server else None
        async with book_in(options.store, folder) as book:
            try:
                found = await compared(
                    book,
                    seed=options.seed,
                    commands=options.commands,
                    server=server,
                    keep=options.record is not None,
                )
            except Differs as difference:
                print(difference)
                return 1
            problems = await book.verify()
        whom = f"TigerBeetle {server.version()} and its" if server else "TigerBeetle's"
        if options.record:
            title = f"{whom} published rules, seed {options.seed}"
            options.record.write_text(written(title, found.blocks), "utf-8")
    print(
        f"{found.events} events in {found.chains} chains, {found.accepted} accepted, compared with {whom} published rules: "
        f"0 differences; verify: {len(problems)} problems"
    )
    print(f"another reason {found.again} times: {AGAIN}")
    for pair, count in found.reasons.most_common():
        print(
            f"another reason {count} times: there {pair[0]}, ours {pair[1]}: {OTHERWISE.get(pair, 'not explained')}"
        )
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ledger.oracle", description=__doc__)
    parser.add_argument("--server", help="the server's binary")
    parser.add_argument("--commands", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("memory", "sqlite"), default="sqlite")
    parser.add_argument("--record", type=Path, help="write the answers there")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
