"""The whole book as one JSON-ready value, for audits, comparisons and people who like to look."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ledger.audit import Problem
from ledger.rows import Entry, Head, Hold
from ledger.values import Account


def snapshot_of(
    *,
    book: str,
    timezone: str,
    accounts: Iterable[Account],
    entries: Sequence[Entry],
    holds: Iterable[Hold],
    head: Head,
    problems: Iterable[Problem],
) -> dict[str, object]:
    """Plain lists and dictionaries; the same rows always give the same value."""
    return {
        "book": book,
        "timezone": timezone,
        "accounts": [account_view(account) for account in accounts],
        "transfers": [entry_view(entry) for entry in entries],
        "holds": [hold_view(hold) for hold in holds],
        "head": {
            "seq": head.seq,
            "hash": head.hash.hex(),
            "closed_through": head.closed_through.isoformat() if head.closed_through else None,
        },
        "problems": [{"code": one.code, "seq": one.seq, "detail": one.detail} for one in problems],
    }


def account_view(account: Account) -> dict[str, object]:
    return {
        "code": account.code,
        "commodity": account.commodity,
        "kind": account.kind.value,
        "balance": account.balance,
        "pending": account.pending,
        "pending_in": account.pending_in,
        "available": account.available,
        "floor": account.floor,
        "ceiling": account.ceiling,
        "opened_on": account.opened_on.isoformat(),
        "closed_on": account.closed_on.isoformat() if account.closed_on else None,
        "waived": account.waived,
        "version": account.version,
    }


def entry_view(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "uid": entry.uid,
        "key": entry.key,
        "kind": entry.kind.value,
        "reason": entry.reason,
        "hold": entry.hold,
        "reverses": entry.reverses,
        "batch": entry.batch,
        "effective_on": entry.effective_on.isoformat(),
        "occurred_at": entry.occurred_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "actor": entry.actor,
        "memo": entry.memo,
        "meta": json.loads(entry.meta) if entry.meta else {},
        "detail": json.loads(entry.detail) if entry.detail else {},
        "postings": [
            {
                "account": posting.account,
                "commodity": posting.commodity,
                "amount": posting.amount,
                "layer": posting.layer.value,
                "version": posting.version,
            }
            for posting in entry.postings
        ],
        "hash": entry.hash.hex(),
    }


def hold_view(hold: Hold) -> dict[str, object]:
    return {
        "uid": hold.uid,
        "payer": hold.payer,
        "payee": hold.payee,
        "commodity": hold.commodity,
        "amount": hold.amount,
        "settled": hold.settled,
        "state": hold.state.value,
        "expires_at": hold.expires_at.isoformat(),
    }
