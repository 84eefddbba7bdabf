"""An audit of a directory of books without any database: beancount's errors, our plugin's, and the witness's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.books.load import BookDoesNotLoad, loaded
from ledger.books.plugin import faults, is_whole, told_by, witnessed
from ledger.books.rebuild import month_files
from ledger.witness import Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit saw.

    Attributes:
        whole: whether the months are the whole history; only then can bounds, lifetimes and reversals be told.
        problems: one sentence each, empty when nothing is wrong.
    """

    months: int
    entries: int
    whole: bool
    problems: tuple[str, ...]


def audit_directory(directory: str | Path, *, witness: Witness | None = None) -> Audit:
    """What the monthly books of a directory say when they are taken together."""
    found: list[str] = []
    books = []
    for path in month_files(directory):
        directives, errors = loaded(path)
        found += errors
        books.append(directives)
    try:
        told = told_by(*books)
    except BookDoesNotLoad as refusal:
        return Audit(months=len(books), entries=0, whole=False, problems=(*found, *refusal.errors))
    faulty = faults(told)
    if witness is not None:
        faulty += witnessed(told, witness)
    found += [f"seq {one.seq}: {one.message}" for one in faulty]
    return Audit(months=len(books), entries=len(told.rows), whole=is_whole(told), problems=tuple(found))
