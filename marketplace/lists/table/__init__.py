"""A table of a file: its columns in the fields of a list, its rows, what must be asked first, and what was said before."""

from marketplace.lists.table.parts import LEAVE_OUT, MASKED, Passed, SourceRow, TableAnswers, Tick
from marketplace.lists.table.remembering import with_remembered
from marketplace.lists.table.table import Table, read_again

__all__ = [
    "LEAVE_OUT", "MASKED", "Passed", "SourceRow", "Table", "TableAnswers", "Tick", "read_again", "with_remembered",
]  # fmt: skip
