"""What was said of an earlier file of the same shape, used for the next one as far as its cells allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from marketplace.errors import UnknownColumn
from marketplace.lists.columns import every_list
from marketplace.lists.headers.fitting import folded_column
from marketplace.lists.headers.shapes import shares
from marketplace.lists.headers.words import vocabulary
from marketplace.lists.table.parts import LEAVE_OUT, TableAnswers
from marketplace.lists.table.table import Table, cells_by_column

# Of a table's columns so many must stand in the one that was answered.
_SHAPE_SHARE = 0.6


def with_remembered(table: Table, remembered: Sequence[TableAnswers]) -> Table:
    """The table with what was said of an earlier file of its shape; also where columns moved or came on top.

    A remembered answer is held against the cells each time: a column that cannot be what it was is asked about again.
    """
    mine = set(table.shape)
    fitting = [
        one
        for one in remembered
        if one.shape and set(one.shape) <= mine and len(one.shape) >= _SHAPE_SHARE * len(mine)
    ]
    if not fitting:
        return table
    best = max(fitting, key=lambda one: (one.shape == table.shape, len(one.shape)))
    cells = cells_by_column(table)
    by_fold = {folded_column(name): name for name in table.columns}
    columns = {
        by_fold[folded]: to
        for name, to in best.columns.items()
        if (folded := folded_column(name)) in by_fold and _still_fits(best.kind, to, cells[by_fold[folded]])
    }
    try:
        return table.answered(replace(best.kept(), columns=columns))
    except UnknownColumn:
        # The list no longer has the field somebody once pointed at.
        return table


def _still_fits(kind: str, to: str, cells: Sequence[str]) -> bool:
    known = every_list().get(kind)
    if known is None or to == LEAVE_OUT or to not in known.fits:
        return True
    allowed = vocabulary().shapes.get(known.fits[to][0])
    found = shares(cells)
    if allowed is None or sum(map(bool, cells)) < 3:
        return True
    return max(found.get(shape, 0.0) for shape in allowed) >= 0.3
