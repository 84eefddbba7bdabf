"""The journal as commands again: replaying them through `decide` must give the same rows, byte for byte.

This proves a journal against the rules instead of against its own sums, and it rebuilds a book from rows alone, such as
those loaded from beancount files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger import errors as no
from ledger.answers import Accepted
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
from ledger.decide import accept
from ledger.rows import Entry, moment
from ledger.sheet import Sheet
from ledger.values import AccountKind, Layer, Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Where a replay first differs from the journal, and how."""

    seq: int
    detail: str


def replay(sheet: Sheet, entries: Iterable[Entry]) -> Divergence | None:
    """Decide the journal's commands again on `sheet`, which takes them in; None when every row comes out the same.

    Each entry's own recorded time, day and texts are the inputs. `sheet` starts where the entries start.
    """
    for group in grouped(entries):
        try:
            accepted = accept(sheet, command_of(group), at=group[0].recorded_at)
        except (no.LedgerRefusal, KeyError, ValueError) as error:
            return Divergence(seq=group[0].seq, detail=f"refused on replay: {error}")
        found = _first_difference(group, accepted)
        if found is not None:
            return found
        sheet.apply(accepted.entries, accepted.accounts, accepted.holds, accepted.head)
    return None


def _first_difference(group: Sequence[Entry], accepted: Accepted) -> Divergence | None:
    if len(group) != len(accepted.entries):
        return Divergence(
            seq=group[0].seq, detail=f"{len(accepted.entries)} entries on replay, {len(group)} stored"
        )
    for stored, again in zip(group, accepted.entries, strict=True):
        if stored.hash != again.hash:
            return Divergence(seq=stored.seq, detail="another hash on replay")
    return None


def grouped(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Each entry alone, and each batch header together with its members."""
    group: list[Entry] = []
    for entry in entries:
        if group and entry.batch == group[0].uid:
            group.append(entry)
            continue
        if group:
            yield group
        group = [entry]
    if group:
        yield group


def command_of(group: Sequence[Entry]) -> Command:
    """The command that an entry, or a batch with its members, came from."""
    entry = group[0]
    detail = json.loads(entry.detail) if entry.detail else {}
    posted = [posting for posting in entry.postings if posting.layer is Layer.POSTED]
    legs = tuple(Leg(posting.account, posting.amount, posting.commodity) for posting in posted)
    key, on, occurred_at = entry.key, entry.effective_on, entry.occurred_at
    meta = json.loads(entry.meta) if entry.meta else {}
    reason, actor, memo = entry.reason, entry.actor, entry.memo

    def make(made: type[Command], /, **own: Any) -> Command:
        return made(
            key=key,
            effective_on=on,
            occurred_at=occurred_at,
            reason=reason,
            actor=actor,
            memo=memo,
            meta=meta,
            **own,
        )

    match entry.kind:
        case EntryKind.TRANSFER if "at_most" in detail:
            paid, received = entry.postings
            return make(
                BalancingTransfer,
                payer=paid.account,
                payee=received.account,
                commodity=paid.commodity,
                at_most=detail["at_most"],
            )
        case EntryKind.TRANSFER:
            return make(Transfer, legs=legs)
        case EntryKind.ADJUST:
            return make(Adjust, legs=legs, approved_by=detail["approved_by"])
        case EntryKind.HOLD:
            payer, payee = entry.postings
            return make(
                PlaceHold,
                payer=payer.account,
                payee=payee.account,
                amount=payer.amount,
                commodity=payer.commodity,
                expires_at=moment(detail["expires_at_us"]),
            )
        case EntryKind.SETTLE:
            return make(SettleHold, hold=entry.hold, amount=posted[0].amount, payee=detail.get("payee"))
        case EntryKind.VOID:
            return make(VoidHold, hold=entry.hold)
        case EntryKind.EXPIRE:
            return make(ExpireHold, hold=entry.hold)
        case EntryKind.REVERSE:
            return make(ReverseTransfer, transfer=entry.reverses, approved_by=detail.get("approved_by", ""))
        case EntryKind.OPEN:
            return make(
                OpenAccount,
                code=detail["account"],
                kind=AccountKind(detail["account_kind"]),
                commodity=detail["commodity"],
                floor=detail["floor"],
                ceiling=detail["ceiling"],
                opened_on=date.fromisoformat(detail["opened_on"]),
            )
        case EntryKind.CLOSE:
            return make(CloseAccount, code=detail["account"], commodity=detail["commodity"])
        case EntryKind.REOPEN:
            return make(ReopenAccount, code=detail["account"], commodity=detail["commodity"])
        case EntryKind.CLOCK:
            return make(ResetClock, approved_by=detail["approved_by"])
        case EntryKind.LIMITS:
            return make(
                ChangeLimits,
                code=detail["account"],
                commodity=detail["commodity"],
                floor=detail["floor"],
                ceiling=detail["ceiling"],
            )
        case EntryKind.PERIOD:
            return make(ClosePeriod, month=detail["month"])
        case EntryKind.BATCH:
            return make(Batch, commands=tuple(command_of([member]) for member in group[1:]))
