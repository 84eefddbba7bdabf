"""How much of a file is read: a list of a whole city fits, a file made to hurt does not.

Every limit is counted while the file streams in, by what is filled; empty cells, however many, cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from marketplace.errors import FileTooLarge

BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 300 * 1024 * 1024
# Workbooks unpack to some 5 to 20 times their size, wordy OpenDocument tables full of ticks to 200 times; a file of a few
# thousand bytes may not unpack to a day's work.
UNPACKED_FREE, UNPACKED_TIMES_MAX, UNPACKED_TIMES_ODS = 4 * 1024 * 1024, 100, 250
PARTS_MAX = 5_000
CELLS_MAX = 2_000_000
ROWS_MAX = 100_000
COLUMNS_MAX = 300
MERGES_MAX = 20_000
LETTERS_MAX = 4_000
# A filled cell or row that an ods file repeats is written out at most so often.
REPEATS_MAX = 50
REPEATED_CELLS_FREE, REPEATED_CELLS_PER_BYTE = 50_000, 2
TABLES_MAX = 500


@dataclass(slots=True, kw_only=True)
class Meter:
    """Counts what one file holds and refuses it once that is more than a list ever is."""

    filename: str
    packed: int = 0
    times: int = UNPACKED_TIMES_MAX
    cells: int = 0
    repeated: int = 0
    rows: int = 0
    merges: int = 0
    unpacked: int = 0
    cut: int = 0
    _row: tuple[int, int] = field(default=(0, 0))

    def cell(self, sheet: int, row: int, column: int) -> None:
        """One more filled cell.

        Raises:
            FileTooLarge: more cells, rows or columns than a list has.
        """
        self.cells += 1
        if (sheet, row) != self._row:
            self._row = (sheet, row)
            self.rows += 1
            if self.rows > ROWS_MAX:
                raise self.too_large(f"{ROWS_MAX} 行/rows")
        if column >= COLUMNS_MAX:
            raise self.too_large(f"{COLUMNS_MAX} 列/columns")
        if self.cells > CELLS_MAX:
            raise self.too_large(f"{CELLS_MAX} 格/cells")

    def merge(self) -> None:
        self.merges += 1
        if self.merges > MERGES_MAX:
            raise self.too_large(f"{MERGES_MAX} 处合并/merged areas")

    def bytes(self, count: int) -> None:
        """So many more bytes out of an archive."""
        self.unpacked += count
        most = min(UNPACKED_BYTES_MAX, UNPACKED_FREE + self.times * self.packed)
        if self.unpacked > most:
            raise self.too_large(f"解开后 {most // 1024 // 1024} MB/unpacked")

    def repeats(self, count: int) -> None:
        """So many cells written out because the file says that one comes again."""
        self.repeated += count
        most = REPEATED_CELLS_FREE + REPEATED_CELLS_PER_BYTE * self.packed
        if self.repeated > most:
            raise self.too_large(f"{most} 个重复格/repeated cells")

    def kept(self, text: str) -> str:
        """The text without its ends of white space, cut to what a cell may hold."""
        text = text.strip(" \u3000\n\r\t\xa0")
        if len(text) > LETTERS_MAX:
            self.cut += 1
            return text[:LETTERS_MAX]
        return text

    def too_large(self, most: str) -> FileTooLarge:
        return FileTooLarge(filename=self.filename, most=most)
