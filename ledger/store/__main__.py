"""What an operator does with a ledger's database: `python -m ledger.store …`.

verify URL BOOK [--witness FILE] [--since-last-seal] [--processes N]
                                     recompute everything, or what came after the file's last sealed day
export URL BOOK DIRECTORY            monthly books, the whole history, and the witness for a partner unit
grant URL ROLE                       PostgreSQL: let a role keep books through the functions alone
rebuild DIRECTORY URL                write a ledger into a database again from its monthly books alone

A URL is `sqlite:///hours.db` or `postgresql://…`. The exit status is 0 when all is well, 1 when something is wrong, 2
when a file or a database cannot be read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ledger.books import BookDoesNotLoad, export, read_books, rebuild
from ledger.books.plugin import witness_file
from ledger.errors import LedgerRefusal
from ledger.store import Book, book_timezone, migrate_ledger
from ledger.store.engine import EngineError, open_engine
from ledger.store.functions import grant
from ledger.witness import WitnessUnreadable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        problems = asyncio.run(options.command(options))
    except (BookDoesNotLoad, EngineError, LedgerRefusal, OSError, WitnessUnreadable) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ledger.store",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="recompute everything in a book")
    verify.add_argument("url")
    verify.add_argument("book")
    verify.add_argument("--witness", type=Path, help="the file a partner unit keeps")
    verify.add_argument(
        "--since-last-seal", action="store_true", help="start at the last day that file has sealed"
    )
    verify.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many share the work")
    verify.set_defaults(command=_verify)
    books = commands.add_parser("export", help="write a book's months and its witness")
    books.add_argument("url")
    books.add_argument("book")
    books.add_argument("directory", type=Path)
    books.add_argument("--labels", action="store_true", help="with people's names")
    books.set_defaults(command=_export)
    role = commands.add_parser("grant", help="PostgreSQL: a role that may only execute")
    role.add_argument("url")
    role.add_argument("role")
    role.set_defaults(command=_grant)
    again = commands.add_parser("rebuild", help="a database from monthly books alone")
    again.add_argument("directory", type=Path)
    again.add_argument("url")
    again.set_defaults(command=_rebuild)
    return parser


async def _verify(options: argparse.Namespace) -> Sequence[str]:
    witness = witness_file(options.witness) if options.witness else None
    since = witness.seals[-1].last_seq if options.since_last_seal and witness and witness.seals else 0
    async with open_engine(options.url) as engine:
        book = Book(engine, code=options.book, timezone=await book_timezone(engine, options.book))
        problems = await book.verify(
            witnessed=witness.heads if witness else None, since=since, processes=options.processes
        )
        print(f"{(await book.head()).seq} entries; problems: {len(problems)}")
    return [f"seq {one.seq}: {one.code}: {one.detail}" for one in problems]


async def _grant(options: argparse.Namespace) -> Sequence[str]:
    async with open_engine(options.url) as engine:
        try:
            await grant(engine, options.role)
        except ValueError as error:
            return [str(error)]
    print(f"{options.role} may read the ledger's tables and call its functions")
    return ()


async def _export(options: argparse.Namespace) -> Sequence[str]:
    async with open_engine(options.url) as engine:
        book = Book(engine, code=options.book, timezone=await book_timezone(engine, options.book))
        written = await export(book, options.directory, labels=options.labels)
        witness = await book.witness()
    (options.directory / "witness.json").write_text(json.dumps(witness, indent=1) + "\n", "utf-8")
    print(*(path.name for path in written), "witness.json", sep="\n")
    return ()


async def _rebuild(options: argparse.Namespace) -> Sequence[str]:
    recovered = read_books(options.directory)
    async with open_engine(options.url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code=recovered.book, timezone=recovered.timezone)
        await rebuild(book, recovered)
        problems, head = await book.verify(), await book.head()
    print(f"{recovered.book}: {head.seq} entries from {recovered.months} months, head {head.hash.hex()}")
    return [f"seq {one.seq}: {one.code}: {one.detail}" for one in problems]


if __name__ == "__main__":
    raise SystemExit(main())
