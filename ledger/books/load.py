"""Books read back with beancount's own loader: its errors as sentences, its directives as rows.

Beancount's pickle cache is switched off before it is imported: it would write hidden files beside a book, and a cache
found beside a book somebody handed us must never be loaded.
"""

from __future__ import annotations

import os

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from beancount import loader
from beancount.core.data import Custom, Transaction

from ledger.books.compare import Row
from ledger.books.text import unheld
from ledger.rows import microseconds


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
    directives, errors = _loaded(source)
    if errors:
        raise BookDoesNotLoad(errors)
    return rows_from(directives)


def check(path: str | Path) -> list[str]:
    """What stock `bean-check` says about a file: one sentence per error, [] when it is clean."""
    return _loaded(Path(path))[1]


def rows_from(directives: Iterable[object]) -> list[Row]:
    """The rows among loaded directives: transactions with a `tid`, and `custom "entry"`."""
    rows = []
    for directive in directives:
        if isinstance(directive, Transaction) and "tid" in directive.meta:
            legs = tuple(_leg(posting) for posting in directive.postings)
            reason, memo = directive.payee or "", directive.narration or ""
            rows.append(_row(directive.date, directive.meta, reason, memo, legs))
        elif isinstance(directive, Custom) and directive.type == "entry":
            meta = directive.meta
            rows.append(
                _row(directive.date, meta, str(meta.get("reason", "")), str(meta.get("memo", "")), ())
            )
    return sorted(rows, key=lambda row: row.seq)


def _loaded(source: str | Path) -> tuple[Sequence[object], list[str]]:
    if isinstance(source, Path):
        directives, errors, _ = loader.load_file(str(source))
    else:
        directives, errors, _ = loader.load_string(source)
    return directives, [_sentence(error) for error in errors]


def _sentence(error: object) -> str:
    source = getattr(error, "source", None) or {}
    where = f"{os.path.basename(str(source.get('filename', '')))}:{source.get('lineno', 0)}"
    return f"{where}: {getattr(error, 'message', error)}"


def _leg(posting: object) -> tuple[str, int, str, str]:
    units = posting.units  # type: ignore[attr-defined]
    account, layer = unheld(posting.account)  # type: ignore[attr-defined]
    return account, int(units.number), str(units.currency), layer.value


def _row(
    on: date, meta: Mapping[str, object], reason: str, memo: str, legs: tuple[tuple[str, int, str, str], ...]
) -> Row:
    def text(name: str) -> str:
        return str(meta.get(name, ""))

    return Row(
        seq=int(text("seq")),
        uid=text("tid"),
        key=text("key"),
        kind=text("kind"),
        reason=reason,
        hold=text("hold"),
        reverses=text("reverses"),
        batch=text("batch"),
        effective_on=on,
        occurred_at_us=microseconds(datetime.fromisoformat(text("at"))),
        recorded_at_us=microseconds(datetime.fromisoformat(text("recorded"))),
        actor=text("actor"),
        memo=memo,
        meta=text("meta"),
        detail=text("detail"),
        hash=text("hash"),
        legs=legs,
    )
