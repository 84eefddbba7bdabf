"""Whoever has to know which rows a unit of work changed, and has the last word before it is stored.

    class Journal:
        def watched(self, sql): return Watched(sql=sql + " RETURNING *", table="visit", gone=False)
        async def before_commit(self, seen): await engine.execute("INSERT INTO journal …")

    engine.observer = Journal()

Every statement of every unit is shown to the observer, whoever wrote it and by whichever way it came: no caller has to think of
it, and none can forget it. What a unit saw is dropped with the unit, or with the savepoint in which it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A statement that changes rows somebody wants to know of.

    Attributes:
        sql: the statement as it has to be run instead, in the driver's own spelling: it returns the rows that it changes, every
            column of them.
        gone: whether the rows are taken out.
    """

    sql: str
    table: str
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What one watched statement did: the rows as they are now, or as they were before they went."""

    table: str
    gone: bool
    rows: Sequence[Mapping[str, Any]]


class Observer(Protocol):
    """Sees what units change."""

    def watched(self, sql: str) -> Watched | None:
        """What to run instead of a statement; None for one that does not matter. Asked for each, so quick."""

    async def before_commit(self, seen: Sequence[object]) -> None:
        """The last thing of a top-level unit, inside it; not called when nothing was seen. When it raises, the unit is undone.

        Args:
            seen: `Changed`, and what was given to `engine.remember`, in the order in which it happened.
        """
