"""Rows of an office's table by the words of its header: for lists that have a few columns of their own.

    COLUMNS = {"name": ("姓名", "name"), "number": ("编号", "number")}
    rows = await rows_of(filename, content, columns=COLUMNS, needs=({"name"},), rows_max=2_000)

The cells are read as for any list (xlsx, xls, csv, ods, html), in a process of its own; a hidden row and a row without words
are left out.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from marketplace.lists.cells import read_cells
from marketplace.names import name_key
from timebank.errors import BadField
from timebank.reading import aside

Columns = dict[str, tuple[str, ...]]
"""Field -> what its column may be called; the first word is the one that a page shows."""

Line = tuple[int, tuple[str, ...]]
"""Its number in the sheet, and its cells from the first one on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the list, as written; `number` counts as in the file, the header being 1 or later."""

    number: int
    cells: dict[str, str]


async def rows_of(
    filename: str, content: bytes, *, columns: Columns, needs: Sequence[Set[str]], rows_max: int
) -> tuple[Row, ...] | None:
    """The rows of the first table with a header that will do; None when no table has one.

    Args:
        needs: groups of fields, of each of which a header names one at least.

    Raises:
        FileUnreadable, FileTooLarge, FileTooHeavy, ReadingBusy: as for any list. BadField: more rows than are read at once.
    """
    return await aside(read_rows, filename, content, columns, needs, rows_max)


async def lines_of(filename: str, content: bytes, words: Sequence[str]) -> tuple[Line, ...]:
    """The lines of the first sheet that has any; hidden and empty ones are left out.

    Args:
        words: what a header is made of, which settles how a text file is written.

    Raises:
        FileUnreadable, FileTooLarge, FileTooHeavy, ReadingBusy: as for any list.
    """
    return await aside(read_lines, filename, content, words)


def read_lines(filename: str, content: bytes, words: Sequence[str]) -> tuple[Line, ...]:
    """`lines_of`, here."""
    keys = frozenset(map(name_key, words))

    def header_words(texts: Sequence[str]) -> int:
        return sum(name_key(text) in keys for text in texts)

    for sheet in read_cells(content, filename, known=header_words):
        lines = []
        for number, cells in sorted(sheet.rows.items()):
            texts = tuple(
                cells[at].text.strip() if at in cells else "" for at in range(max(cells, default=-1) + 1)
            )
            if any(texts) and number not in sheet.hidden_rows:
                lines.append((number, texts))
        if lines:
            return tuple(lines)
    return ()


def read_rows(
    filename: str, content: bytes, columns: Columns, needs: Sequence[Set[str]], rows_max: int
) -> tuple[Row, ...] | None:
    """`rows_of`, here."""
    keys = {name_key(word): field for field, words in reversed(columns.items()) for word in words}

    def field_of(text: str) -> str:
        return keys.get(name_key(text), "")

    def header_words(texts: Sequence[str]) -> int:
        return sum(bool(field_of(text)) for text in texts)

    for sheet in read_cells(content, filename, known=header_words):
        header: dict[int, str] = {}
        rows: list[Row] = []
        for number, cells in sorted(sheet.rows.items()):
            texts = {at: cell.text.strip() for at, cell in cells.items()}
            if not header:
                found = {at: field for at, text in texts.items() if (field := field_of(text))}
                if all(group & set(found.values()) for group in needs):
                    header = found
                continue
            written = {field: texts[at] for at, field in header.items() if texts.get(at)}
            if written and number not in sheet.hidden_rows:
                rows.append(Row(number=number, cells=written))
        if header:
            if len(rows) > rows_max:
                raise BadField(
                    f"一次最多{rows_max}行，请分成几个文件。",
                    f"At most {rows_max:,} rows; please split the file.",
                    field="files",
                )
            return tuple(rows)
    return None
