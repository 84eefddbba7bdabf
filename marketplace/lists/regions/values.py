"""What stands on a sheet: tables with their titles, columns and rows, and what each row is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.lists.cells import Cell

Row = Mapping[int, Cell]


class RowState(StrEnum):
    """What a row below a header is; the first is a line, the next five are asked about, the rest are passed over."""

    LINE = "line"
    HIDDEN = "hidden"
    STRUCK = "struck"
    PARTLY_STRUCK = "partly_struck"
    ERROR = "error"
    LONE = "lone"
    TOTAL = "total"
    NOTE = "note"
    EXAMPLE = "example"
    INSTRUCTION = "instruction"
    NUMBERED_BLANK = "numbered_blank"
    HEADER_AGAIN = "header_again"
    GROUP = "group"


ASKED = frozenset({RowState.HIDDEN, RowState.STRUCK, RowState.PARTLY_STRUCK, RowState.ERROR, RowState.LONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """One filled row below a header: column -> what the office sees there."""

    number: int
    cells: Mapping[int, str]
    state: RowState


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One table of a sheet.

    Attributes:
        columns: place in the sheet -> name of the column; names are unique, the header's path joined with " | ".
        hidden: names of columns hidden in the file.
        form: the labels stood beside the values.
    """

    titles: tuple[str, ...]
    columns: Mapping[int, str]
    rows: tuple[BodyRow, ...]
    hidden: frozenset[str] = frozenset()
    form: bool = False


def texts_of(row: Row) -> list[str]:
    return list(dict.fromkeys(cell.text for _, cell in sorted(row.items()) if cell.text))
