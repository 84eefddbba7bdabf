"""Kinds of columns that several tables share."""

from __future__ import annotations

from piccolo.columns import Date, ForeignKey, LazyTableReference, OnDelete, OnUpdate, Timestamptz
from piccolo.table import Table

HERE = "timebank.store.tables"


def moment(*, null: bool = False, index: bool = False) -> Timestamptz:
    """A point in time that the caller must give: no column reads a clock of its own."""
    return Timestamptz(default=None, null=null, index=index)


def day(*, null: bool = False) -> Date:
    """A local date that the caller must give."""
    return Date(default=None, null=null)


def key_of(table: str, column: str, *, null: bool = False, index: bool = False) -> ForeignKey[Table]:
    """A row of `table` by its `code` or `uid`; nothing is deleted or renamed along with it."""
    return ForeignKey(
        references=LazyTableReference(table, module_path=HERE),
        target_column=column,
        default=None,
        null=null,
        index=index,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
    )
