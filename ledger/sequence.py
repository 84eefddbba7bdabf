"""Commands one after another on one sheet: lapsed holds first, then the decision, then the refusal remembered.

This is the whole rule of posting that stores share; a store only loads the sheet and writes its changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ledger import errors as no
from ledger.answers import Accepted, Rejected, Replayed
from ledger.bodies import body_of_command
from ledger.chain import canonical_json, uid_of
from ledger.commands import Batch, Command, ExpireHold, ResetClock
from ledger.decide import accept, judge
from ledger.horizon import Reach
from ledger.names import accounts_named
from ledger.rows import Head, Posted, Remembered, microseconds, moment
from ledger.sheet import Sheet

Answer = Posted | no.LedgerRefusal

Request = tuple[Command, datetime]
"""A command and the moment of recording it."""

BY_THE_BOOK = "expire "
"""Start of the keys under which the book itself ends lapsed holds; no caller's key may have a space in it."""


def sequence(sheet: Sheet, requests: Iterable[Request], reach: Reach | None = None) -> list[Answer]:
    """What each request came to, in order; `sheet` has taken everything in and its `changes` are to be written.

    The commands have passed `ledger.decide.screen`. `reach` bounds the moments and days of new ones.
    """
    return [_one(sheet, command, at, reach) for command, at in requests]


def _one(sheet: Sheet, command: Command, at: datetime, reach: Reach | None) -> Answer:
    asked_at = at
    if not isinstance(command, ResetClock):
        at = book_time(sheet.head, at)
    decision = judge(sheet, command, at=at, reach=reach, asked_at=asked_at)
    if isinstance(decision, Replayed):
        return decision.posted
    if _is_new(decision) and _release_lapsed(sheet, command, at):
        decision = judge(sheet, command, at=at, reach=reach, asked_at=asked_at)
    if isinstance(decision, Accepted):
        sheet.apply(decision.entries, decision.accounts, decision.holds, decision.head)
        return decision.posted
    assert isinstance(decision, Rejected)
    if decision.remember:
        _remember(sheet, command, decision.refusal, at)
    return decision.refusal


def book_time(head: Head, at: datetime) -> datetime:
    """`at`, or the time of the last entry when the clock has run backwards."""
    return at if microseconds(at) >= head.recorded_at_us else moment(head.recorded_at_us)


def _is_new(decision: Accepted | Rejected) -> bool:
    """Whether the command is about to change the book or be remembered; replays and malformed ones are not."""
    return isinstance(decision, Accepted) or decision.remember


def _release_lapsed(sheet: Sheet, command: Command, at: datetime) -> bool:
    """Writes down the end of every lapsed hold on the accounts involved; whether there was any.

    So a hold whose time is over never stands in the way of a post, however long ago the last sweep was.
    """
    if not sheet.open:
        return False
    asked = _holds_asked_to_expire(command)
    found = False
    for hold in sheet.lapsed(accounts_named(sheet, command), at):
        if hold.uid not in asked:
            expire(sheet, hold.uid, at)
            found = True
    return found


def made_by_the_book(command: Command) -> bool:
    """Whether no caller asked for it: the end of a lapsed hold, written on the way."""
    return isinstance(command, ExpireHold) and command.key == BY_THE_BOOK + command.hold


def expire(sheet: Sheet, hold: str, at: datetime) -> Posted:
    """The entry by which the book itself ends a lapsed hold; it counts for today, or for the day both accounts are open."""
    at = book_time(sheet.head, at)
    lapsed = sheet.holds[hold]
    opened_on = [sheet.accounts[code, lapsed.commodity].opened_on for code in (lapsed.payer, lapsed.payee)]
    on = max(sheet.local_day(at), *opened_on)
    accepted = accept(sheet, ExpireHold(key=BY_THE_BOOK + hold, hold=hold, effective_on=on), at=at)
    sheet.apply(accepted.entries, accepted.accounts, accepted.holds, accepted.head)
    return accepted.posted


def _holds_asked_to_expire(command: Command) -> set[str]:
    commands = command.commands if isinstance(command, Batch) else (command,)
    return {one.hold for one in commands if isinstance(one, ExpireHold)}


def _remember(sheet: Sheet, command: Command, refusal: no.LedgerRefusal, at: datetime) -> None:
    sheet.remember(
        Remembered(
            uid=uid_of(sheet.book, command.key),
            key=command.key,
            body=canonical_json(body_of_command(command)),
            code=refusal.code,
            fields=canonical_json(refusal.fields),
            recorded_at_us=microseconds(at),
        )
    )
