"""Presses that were queued on a phone, by their own ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.parts.late_clock import Doubt
from timebank.store.rows import add, columns, typed_or_none, values_of
from timebank.store.tables import QueuedPress


class Outcome(StrEnum):
    """What came of a press: it counts, it was refused, or somebody has to say when it was."""

    DONE = "done"
    REFUSED = "refused"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press as it was taken.

    Attributes:
        press: its id, made on the phone. op: arrive, leave, tick, untick, leave_for, walk_up or close.
        part: the part it was about or made; "" for a whole service.
        said_ms: what the phone's clock said. happened_at: by our clock. receipt: the word the phone showed.
        zh, en: why it was not taken.
    """

    press: str
    member: str
    op: str
    service: str
    part: str
    body: str
    said_ms: int
    happened_at: datetime
    doubt: Doubt
    receipt: str
    state: Outcome
    zh: str
    en: str
    received_at: datetime


@prepared
def _press(press: str) -> First:
    return QueuedPress.select(*columns(Press, QueuedPress)).where(QueuedPress.press == press).first()


async def press(engine: Engine, id: str) -> Press | None:
    """The press of that id, if it came before."""
    return typed_or_none(Press, await _press.on(engine)(id))


async def keep(engine: Engine, one: Press) -> None:
    """Write a press down with what came of it, in the caller's unit of work."""
    await add(engine, QueuedPress, values_of(one))
