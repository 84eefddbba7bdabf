"""Rows of many months, each month set aside on disk in its order, and read back as one journal: one month in memory at a time."""

from __future__ import annotations

import heapq
import pickle  # for rows of our own, see `_month`  # nosec B403
import shutil
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

from ledger.books.compare import Row


class SpooledRows:
    """The rows of all months in order of seq; may be gone through as often as one likes.

    An entry that counts for an earlier month stands in that month's book whenever it was recorded, so months overlap in seq.
    """

    def __init__(self) -> None:
        self._folder = Path(mkdtemp(prefix="ledger-rows-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._months = 0
        self._count = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Set one month aside."""
        with (self._folder / f"{self._months}").open("wb") as file:
            for row in sorted(rows, key=lambda row: row.seq):
                pickle.dump(row, file, protocol=pickle.HIGHEST_PROTOCOL)
        self._months += 1
        self._count += len(rows)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        months = (self._month(number) for number in range(self._months))
        return heapq.merge(*months, key=lambda row: row.seq)

    def _month(self, number: int) -> Iterator[Row]:
        # What is unpickled was pickled here a moment ago, in a folder that only this process can write.
        with (self._folder / f"{number}").open("rb") as file:
            while True:
                try:
                    row: Row = pickle.load(file)  # noqa: S301 see above  # nosec B301
                except EOFError:
                    return
                yield row
