"""Rows of an office's table by the words of its header: for lists that have a few columns of their own.

    COLUMNS = {"name": ("姓名", "name"), "number": ("编号", "number")}
    rows = read_rows(filename, content, columns=COLUMNS, has=lambda found: "name" in found)

The cells are read as for any list (xlsx, xls, csv, ods, html); a hidden row and a row without words are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from marketplace.lists.cells import read_cells
from marketplace.names import name_key
from timebank.errors import BadField

Columns = Mapping[str, Sequence[str]]
"""Field -> what its column may be called; the first word is the one that a page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the list, as written; `number` counts as in the file, the header being 1 or later."""

    number: int
    cells: dict[str, str]


def read_rows(
    filename: str, content: bytes, *, columns: Columns, has: Callable[[Set[str]], bool], rows_max: int
) -> tuple[Row, ...] | None:
    """The rows of the first table with a header that will do; None when no table has one.

    Args:
        has: whether the fields that a header names are enough.

    Raises:
        FileUnreadable, FileTooLarge: as for any list. BadField: more rows than are read at once.
    """

    def field_of(text: str) -> str:
        key = name_key(text)
        return next((field for field, words in columns.items() if key in map(name_key, words)), "")

    def header_words(texts: Sequence[str]) -> int:
        return sum(bool(field_of(text)) for text in texts)

    for sheet in read_cells(content, filename, known=header_words):
        header: dict[int, str] = {}
        rows: list[Row] = []
        for number, cells in sorted(sheet.rows.items()):
            texts = {at: cell.text.strip() for at, cell in cells.items()}
            if not header:
                found = {at: field for at, text in texts.items() if (field := field_of(text))}
                if has(set(found.values())):
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
