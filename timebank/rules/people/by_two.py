"""What takes two people: entered by one, approved by another or dropped; pure, for every record that is changed so.

    done = approved(change, by="M2", at=now, staff=staff, concerned={change.entered_by, change.member})

Nothing happens before the second person; a mistake is undone by new rows, never by changing old ones.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from timebank.errors import AlreadyDone
from timebank.rules.relationships.seconding import judge_second


class ChangeState(StrEnum):
    """Where it stands; `undone` is said of a death that was recorded by mistake and taken back by two people."""

    WAITS = "waits"
    DONE = "done"
    DROPPED = "dropped"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByTwo:
    """The two hands of a change.

    Attributes:
        entered_by, second_by: uids; "" while nobody is the second.
    """

    state: ChangeState = ChangeState.WAITS
    entered_by: str
    entered_at: datetime
    second_by: str = ""
    second_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.state is ChangeState.WAITS


Change = TypeVar("Change", bound=ByTwo)


def approved(change: Change, *, by: str, at: datetime, staff: Set[str], concerned: Set[str]) -> Change:
    """The change as done by its second person.

    Args:
        staff: workers of the community; concerned: who entered it and whom it is about.

    Raises:
        NotStaff, SecondPerson: not a second person. AlreadyDone: done or dropped before.
    """
    judge_second(by, staff=staff, concerned=concerned)
    return _stepped(change, ChangeState.DONE, by=by, at=at)


def dropped(change: Change, *, by: str, at: datetime) -> Change:
    """The change as given up before anything happened; raises AlreadyDone."""
    return _stepped(change, ChangeState.DROPPED, by=by, at=at)


def _stepped(change: Change, state: ChangeState, *, by: str, at: datetime) -> Change:
    if not change.waits:
        raise AlreadyDone()
    return replace(change, state=state, second_by=by, second_at=at)
