"""The body of a command, told from the command or from the entry it became, so that the two can be compared.

This is how a key is recognised: not by a stored digest but by comparing every field with the row itself, which can name
the fields that differ. Fields the caller left to the book (`effective_on`, `occurred_at` as None) are not compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ledger.chain import canonical_json
from ledger.commands import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    EntryKind,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.rows import Entry, microseconds
from ledger.values import Layer

Body = dict[str, object]

LEFT_TO_THE_BOOK = frozenset({"effective_on", "occurred_at_us"})


def body_of_command(command: Command) -> Body:
    """Everything a command asks for, JSON-ready."""
    body: Body = {
        "kind": command.kind_of_entry.value,
        "effective_on": _asked_day(command),
        "occurred_at_us": microseconds(command.occurred_at) if command.occurred_at else None,
        "reason": command.reason,
        "actor": command.actor,
        "memo": command.memo,
        "meta": canonical_json(command.meta),
    }
    match command:
        case Transfer():
            body["legs"] = [list(leg) for leg in command.legs]
        case Batch():
            body["commands"] = [{"key": one.key, **body_of_command(one)} for one in command.commands]
        case PlaceHold():
            body |= {"payer": command.payer, "payee": command.payee}
            body |= {"amount": command.amount, "commodity": command.commodity}
        case SettleHold():
            body |= {"hold": command.hold, "amount": command.amount}
        case VoidHold() | ExpireHold():
            body["hold"] = command.hold
        case ReverseTransfer():
            body["transfer"] = command.transfer
        case BalancingTransfer():
            body |= {"payer": command.payer, "payee": command.payee, "commodity": command.commodity}
        case Adjust():
            body["legs"] = [list(leg) for leg in command.legs]
    return body | detail_of(command)


def _asked_day(command: Command) -> str | None:
    # An account's opening counts for the day it opens, whatever day was asked for; that day is compared as `opened_on`.
    if command.effective_on is None or isinstance(command, OpenAccount):
        return None
    return command.effective_on.isoformat()


def detail_of(command: Command) -> Body:
    """The part of the body that no other column of the entry holds; it is stored in `Entry.detail`."""
    match command:
        case PlaceHold():
            return {"expires_at_us": microseconds(command.expires_at)}
        case SettleHold():
            return {"payee": command.payee} if command.payee else {}
        case BalancingTransfer():
            return {"at_most": command.at_most}
        case Adjust() | ResetClock():
            return {"approved_by": command.approved_by}
        case ReverseTransfer():
            return {"approved_by": command.approved_by} if command.approved_by else {}
        case OpenAccount():
            return {
                "account": command.code,
                "commodity": command.commodity,
                "account_kind": command.kind.value,
                "floor": command.floor,
                "ceiling": command.ceiling,
                "opened_on": command.opened_on.isoformat(),
            }
        case CloseAccount() | ReopenAccount():
            return {"account": command.code, "commodity": command.commodity}
        case ChangeLimits():
            return {
                "account": command.code,
                "commodity": command.commodity,
                "floor": command.floor,
                "ceiling": command.ceiling,
            }
        case ClosePeriod():
            return {"month": command.month}
        case Batch():
            return {"keys": [one.key for one in command.commands]}
    return {}


def body_of_entry(entry: Entry, members: Callable[[str], Entry]) -> Body:
    """What the command that made `entry` asked for; `members` finds a batch's member by its key."""
    body: Body = {
        "kind": entry.kind.value,
        "effective_on": entry.effective_on.isoformat(),
        "occurred_at_us": entry.occurred_at_us,
        "reason": entry.reason,
        "actor": entry.actor,
        "memo": entry.memo,
        "meta": entry.meta,
    }
    detail = json.loads(entry.detail) if entry.detail else {}
    posted = [posting for posting in entry.postings if posting.layer is Layer.POSTED]
    match entry.kind:
        case EntryKind.TRANSFER if "at_most" in detail:
            payer, payee = entry.postings
            body |= {"payer": payer.account, "payee": payee.account, "commodity": payer.commodity}
        case EntryKind.TRANSFER | EntryKind.ADJUST:
            body["legs"] = [[posting.account, posting.amount, posting.commodity] for posting in posted]
        case EntryKind.HOLD:
            payer, payee = entry.postings
            body |= {"payer": payer.account, "payee": payee.account}
            body |= {"amount": payer.amount, "commodity": payer.commodity}
        case EntryKind.SETTLE:
            body |= {"hold": entry.hold, "amount": posted[0].amount}
        case EntryKind.VOID | EntryKind.EXPIRE:
            body["hold"] = entry.hold
        case EntryKind.REVERSE:
            body["transfer"] = entry.reverses
        case EntryKind.BATCH:
            keys = detail.pop("keys")
            body["commands"] = [{"key": key, **body_of_entry(members(key), members)} for key in keys]
            detail["keys"] = keys
    return body | detail


def differing(stored: Body, given: Body, path: str = "") -> list[str]:
    """Names of the fields in which a request differs from what was stored under its key; [] for the same request."""
    names: list[str] = []
    for field in sorted(stored.keys() | given.keys()):
        before, now = stored.get(field), given.get(field)
        if field in LEFT_TO_THE_BOOK and now is None:
            continue
        if (
            field == "commands"
            and isinstance(before, list)
            and isinstance(now, list)
            and len(before) == len(now)
        ):
            for number, (one, other) in enumerate(zip(before, now, strict=True)):
                names += differing(one, other, f"commands[{number}].")
        elif before != now:
            names.append(path + field)
    return names
