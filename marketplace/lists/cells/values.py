"""Cells as they stand in a file, sparse: only cells with content exist, whatever the format they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What the file says a cell holds; DAY and CLOCK are text already in ISO form (2026-11-24, 08:30)."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CLOCK = "clock"
    BOOLEAN = "boolean"
    ERROR = "error"


class Cell(NamedTuple):
    """One cell with content. A tuple, for a workbook has a million of them.

    Attributes:
        text: what the office sees, ends trimmed; "" only beside a formula whose result the file does not hold.
        formula: as written in the file, without "="; it is never run.
        struck: the whole cell is struck out; `partly_struck`: some of its letters.
    """

    text: str
    kind: CellKind = CellKind.TEXT
    formula: str = ""
    struck: bool = False
    partly_struck: bool = False


class Rectangle(NamedTuple):
    """A merged area, ends included; rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: row number (from 1, as the office's program counts) -> column (from 0) -> cell.

    Attributes:
        hidden: the whole sheet is hidden from who opens the file.
        cut: how many cells were longer than allowed and were cut.
    """

    name: str
    rows: Mapping[int, Mapping[int, Cell]]
    hidden: bool = False
    merges: tuple[Rectangle, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    cut: int = field(default=0)
