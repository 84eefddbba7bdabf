"""What a table is made of: its rows as the file has them, columns of ticks, rows passed over, and what a person said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from marketplace.lists.regions import RowState

# Stands where the number of an identity card stood.
MASKED = "（证件号略）"
LEAVE_OUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row below the header: its number in the sheet and its cells by column name.

    `filled` names the columns left blank in the file and filled from the row above.
    """

    number: int
    cells: Mapping[str, str]
    state: RowState = RowState.LINE
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAnswers:
    """What a person said about a table.

    Attributes:
        kind: the list it is, "none" to leave the table out, "" where nobody had to say.
        columns: column -> field, or "-" to leave the column out.
        unit_minutes: 60 or 1: what a number without a unit counts; 0 where nobody had to say.
        rows: row state (hidden, struck, …) -> "take" or "leave"; never kept for another file.
        shape: the folded names of the columns it was said of.
    """

    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    unit_minutes: int = 0
    rows: Mapping[str, str] = field(default_factory=dict)
    shape: tuple[str, ...] = ()

    def kept(self) -> TableAnswers:
        """What may be used for the next file of this shape."""
        return replace(self, rows={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A column in which a tick says something of a field: under 周二 of `when`, free on Tuesdays."""

    field: str
    column: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A row that is no line: a total, a note, an example, a header again; counted, and named with its reason."""

    number: int
    why: RowState
    text: str
