"""Books read back with beancount's own loader: its errors as sentences, its directives as rows.

Importing this switches beancount's pickle cache off in the whole process, whoever imported beancount first: it would write
hidden files beside a book, and a cache found beside a book somebody handed us must never be loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from beancount import loader
from beancount.core.data import Custom, Transaction

from ledger.books.compare import Row
from ledger.books.text import unheld
from ledger.rows import microseconds
from ledger.uncollected import uncollected

loader.initialize(use_cache=False)


class BookDoesNotLoad(Exception):
    """Beancount found errors; `errors` has them as sentences with file and line."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        super().__init__("; ".join(errors[:3]))


def load(source: str | Path) -> list[Row]:
    """The rows of a book, in order of seq; `source` is its text or its path.

    Raises:
        BookDoesNotLoad: beancount reports any error.
    """
    return rows_from(sound(source))


def sound(source: str | Path) -> Sequence[object]:
    """The directives of a book without errors.

    Raises:
        BookDoesNotLoad: beancount reports any error.
    """
    directives, errors = loaded(source)
    if errors:
        raise BookDoesNotLoad(errors)
    return directives


def check(path: str | Path) -> list[str]:
    """What stock `bean-check` says about a file: one sentence per error, [] when it is clean."""
    return loaded(Path(path))[1]


def rows_from(directives: Iterable[object]) -> list[Row]:
    """The rows among loaded directives: transactions with a `tid`, and `custom "entry"`.

    Raises:
        BookDoesNotLoad: one of them lacks what every entry has, or has it in another form.
    """
    rows = []
    for directive in directives:
        try:
            if isinstance(directive, Transaction) and "tid" in directive.meta:
                legs = tuple(_leg(posting) for posting in directive.postings)
                reason, memo = directive.payee or "", directive.narration or ""
                rows.append(_row(directive.date, directive.meta, reason, memo, legs))
            elif isinstance(directive, Custom) and directive.type == "entry":
                meta = directive.meta
                rows.append(
                    _row(directive.date, meta, str(meta.get("reason", "")), str(meta.get("memo", "")), ())
                )
        except (ValueError, KeyError, TypeError) as error:
            meta = getattr(directive, "meta", {})
            raise BookDoesNotLoad([f"{_place(meta)}: cannot be read: {error!r}"]) from error
    return sorted(rows, key=lambda row: row.seq)


def loaded(source: str | Path) -> tuple[Sequence[object], list[str]]:
    """Beancount's directives and its errors as sentences; `source` is a book's text or its path."""
    with uncollected():
        if isinstance(source, Path):
            directives, errors, _ = loader.load_file(str(source))
        else:
            directives, errors, _ = loader.load_string(source)
    return directives, [_sentence(error) for error in errors]


def _sentence(error: object) -> str:
    return f"{_place(getattr(error, 'source', None) or {})}: {getattr(error, 'message', error)}"


def _place(meta: Mapping[str, object]) -> str:
    return f"{os.path.basename(str(meta.get('filename', '')))}:{meta.get('lineno', 0)}"


def _leg(posting: object) -> tuple[str, int, str, str]:
    units = posting.units  # type: ignore[attr-defined]
    account, layer = unheld(posting.account)  # type: ignore[attr-defined]
    return account, int(units.number), str(units.currency), layer.value


def _row(
    on: date, meta: Mapping[str, object], reason: str, memo: str, legs: tuple[tuple[str, int, str, str], ...]
) -> Row:
    told = meta.get
    return Row(
        seq=int(str(meta["seq"])),
        uid=str(meta["tid"]),
        key=str(meta["key"]),
        kind=str(meta["kind"]),
        reason=reason,
        hold=str(told("hold", "")),
        reverses=str(told("reverses", "")),
        batch=str(told("batch", "")),
        effective_on=on,
        occurred_at_us=_us(str(meta["at"])),
        recorded_at_us=_us(str(meta["recorded"])),
        actor=str(told("actor", "")),
        memo=memo,
        meta=str(told("meta", "")),
        detail=str(told("detail", "")),
        hash=str(meta["hash"]),
        legs=legs,
    )


@lru_cache(maxsize=1024)
def _us(text: str) -> int:
    return microseconds(datetime.fromisoformat(text))
