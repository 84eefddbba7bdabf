"""What an auditor, a partner unit or a member does with nothing but files: `python -m ledger.books …`.

audit DIRECTORY [--witness FILE]     load every monthly book with beancount, check chain, bounds, holds and months
witness OLDER NEWER                  whether the newer file continues the older one
receipt TEXT --witness FILE          whether a receipt (QR text, or a JSON file) is under a published root
code CODE DIRECTORY                  whether a short code is that of the entry in the books

The exit status is 0 when all is well, 1 when something is wrong, 2 when a file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ledger.books.audit import audit_directory
from ledger.books.load import BookDoesNotLoad
from ledger.books.plugin import witness_file
from ledger.books.rebuild import read_books
from ledger.receipt import (
    QR_PREFIX,
    ReceiptUnreadable,
    code_holds,
    code_of_receipt,
    read_receipt_text,
    receipt_holds,
)
from ledger.witness import WitnessUnreadable, against_newer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        problems = options.command(options)
    except (BookDoesNotLoad, WitnessUnreadable, ReceiptUnreadable, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ledger.books",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    audit = commands.add_parser("audit", help="check a directory of monthly books")
    audit.add_argument("directory", type=Path)
    audit.add_argument("--witness", type=Path, help="the file a partner unit keeps")
    audit.set_defaults(command=_audit)
    witness = commands.add_parser("witness", help="check that a newer witness continues an older one")
    witness.add_argument("older", type=Path)
    witness.add_argument("newer", type=Path)
    witness.set_defaults(command=_witness)
    receipt = commands.add_parser("receipt", help="check a member's receipt")
    receipt.add_argument("receipt", help="what the QR code says, or the path of a JSON file")
    receipt.add_argument("--witness", type=Path, required=True)
    receipt.set_defaults(command=_receipt)
    code = commands.add_parser("code", help="check a short code")
    code.add_argument("code")
    code.add_argument("directory", type=Path)
    code.set_defaults(command=_code)
    return parser


def _audit(options: argparse.Namespace) -> Sequence[str]:
    witness = witness_file(options.witness) if options.witness else None
    told = audit_directory(options.directory, witness=witness)
    extent = "the whole history" if told.whole else "a part of the history: bounds cannot be checked"
    print(f"{told.entries} entries in {told.months} months, {extent}; problems: {len(told.problems)}")
    return told.problems


def _witness(options: argparse.Namespace) -> Sequence[str]:
    older, newer = witness_file(options.older), witness_file(options.newer)
    problems = against_newer(older, newer)
    print(f"{len(older.seals)} sealed days, then {len(newer.seals)}; problems: {len(problems)}")
    return problems


def _receipt(options: argparse.Namespace) -> Sequence[str]:
    receipt = _receipt_given(options.receipt)
    for seal in witness_file(options.witness).seals:
        if seal.sealed_on.isoformat() == receipt["sealed_on"] and receipt_holds(
            receipt, seal.merkle_root.hex()
        ):
            print(f"{code_of_receipt(receipt)} stands under the root published for {seal.sealed_on}")
            return ()
    return (f"no published root proves this receipt of {receipt.get('sealed_on')}",)


def _receipt_given(given: str) -> dict[str, object]:
    if given.startswith(QR_PREFIX):
        return read_receipt_text(given)
    try:
        told = json.loads(Path(given).read_text("utf-8"))
    except ValueError as error:
        raise ReceiptUnreadable(f"{given} is no JSON") from error
    if not isinstance(told, dict) or "sealed_on" not in told:
        raise ReceiptUnreadable(f"{given} is no receipt")
    return told


def _code(options: argparse.Namespace) -> Sequence[str]:
    hashes = {row.seq: bytes.fromhex(row.hash) for row in read_books(options.directory).rows}
    if not code_holds(options.code, hashes):
        return (f"{options.code} is not the code of any entry in these books",)
    print(f"{options.code} is in the books, unchanged")
    return ()


if __name__ == "__main__":
    raise SystemExit(main())
