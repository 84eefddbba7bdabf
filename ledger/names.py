"""What a command names: the entries, holds and accounts that a decision on it must be able to look at."""

from __future__ import annotations

from itertools import chain as chained_together

from ledger.chain import uid_of
from ledger.commands import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    Command,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.sheet import Sheet


def uids_named(book: str, command: Command) -> set[str]:
    """Entries and holds a decision on `command` must look up."""
    found = {uid_of(book, command.key)}
    match command:
        case SettleHold() | VoidHold() | ExpireHold():
            found.add(command.hold)
        case ReverseTransfer():
            found.add(command.transfer)
        case Batch():
            found.update(chained_together.from_iterable(uids_named(book, one) for one in command.commands))
    return found


def accounts_named(sheet: Sheet, command: Command) -> set[str]:
    """Codes of the accounts a decision on `command` must look at; holds and targets must be on the sheet already."""
    match command:
        case Transfer() | Adjust():
            return {leg[0] for leg in command.legs}
        case PlaceHold() | BalancingTransfer():
            return {command.payer, command.payee}
        case SettleHold() | VoidHold() | ExpireHold():
            hold = sheet.holds.get(command.hold)
            found = {hold.payer, hold.payee} if hold else set()
            return found | {command.payee} if isinstance(command, SettleHold) and command.payee else found
        case ReverseTransfer():
            target = sheet.entries.get(command.transfer)
            return {posting.account for posting in target.postings} if target else set()
        case OpenAccount() | CloseAccount() | ReopenAccount() | ChangeLimits():
            return {command.code}
        case Batch():
            return set(chained_together.from_iterable(accounts_named(sheet, one) for one in command.commands))
    return set()
