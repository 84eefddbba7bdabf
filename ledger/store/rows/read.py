"""Rows of either database as the ledger's values; and SQL texts that more than one reader needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ledger.commands import EntryKind
from ledger.rows import Entry, Head, Hold, HoldState, Period, Posting, Remembered, Seal
from ledger.store.engine.interface import Row
from ledger.values import Account, AccountKind, Layer

POSTINGS_NAMED = (
    "SELECT p.seq, p.leg, a.code, a.commodity, p.amount, p.layer, p.dr_posted, p.cr_posted, p.dr_pending, "
    "p.cr_pending, p.version FROM ledger_posting p "
    "JOIN ledger_account a ON a.book_id = p.book_id AND a.number = p.account "
)
"""In the order of the fields of a `Posting`, after the seq."""

POSTINGS = (
    "SELECT seq, leg, account, amount, layer, dr_posted, cr_posted, dr_pending, cr_pending, version "
    "FROM ledger_posting "
)
"""The same with the account's number in place of its names, which come many times over in a long journal."""

ENTRIES = (
    "SELECT seq, uid, key, kind, reason, effective_on, occurred_at_us, recorded_at_us, actor, memo, meta, detail, "
    "COALESCE(hold_uid, ''), COALESCE(reverses_uid, ''), COALESCE(batch_uid, ''), hash FROM ledger_transfer "
)
"""In the order of the fields of an `Entry`, without its postings."""

COUNTERS_ADDED = (
    "SELECT a.code, a.commodity, "
    "CAST(SUM(CASE WHEN p.layer = 'posted' AND p.amount > 0 THEN p.amount ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN p.layer = 'posted' AND p.amount < 0 THEN -p.amount ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN p.layer = 'pending' AND (p.amount > 0) = (t.kind = 'hold') THEN p.amount ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN p.layer = 'pending' AND (p.amount > 0) <> (t.kind = 'hold') THEN -p.amount ELSE 0 END) "
    "AS BIGINT), COUNT(*) FROM ledger_posting p "
    "JOIN ledger_transfer t ON t.book_id = p.book_id AND t.seq = p.seq "
    "JOIN ledger_account a ON a.book_id = p.book_id AND a.number = p.account "
)
"""Code, commodity and the four counters and the version that the chosen postings add up to."""

ACCOUNTS = (
    "SELECT number, code, commodity, kind, floor, ceiling, opened_on, closed_on, label, waived, last_on, "
    "dr_posted, cr_posted, dr_pending, cr_pending, version FROM ledger_account"
)
"""The account's number, then the fields of an `Account` in order."""


def rare(dialect: str) -> str:
    """What follows `FROM ledger_transfer` in a question for entries of rare kinds: by their own index, of which SQLite must be told."""
    by = "INDEXED BY ledger_transfer_rare " if dialect == "sqlite" else ""
    kinds = "kind <> 'transfer' AND kind IN ('open', 'close', 'reopen', 'limits', 'clock')"
    return f"{by}WHERE book_id = ? AND {kinds}"


KINDS = {kind.value: kind for kind in EntryKind}
LAYERS = {layer.value: layer for layer in Layer}

Tuple = Sequence[Any]
"""A row without the names of its columns."""


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def digest(value: object) -> bytes:
    """A hash as stored. `bytes(number)` would make that many zeros of what somebody put in its place."""
    if not isinstance(value, bytes):
        raise TypeError(f"not a hash: {value!r}")
    return value


def head(row: Row) -> Head:
    return Head(
        seq=row["seq"],
        hash=digest(row["hash"]),
        recorded_at_us=row["recorded_at_us"],
        closed_through=day(row["closed_through"]),
    )


def account(row: Row) -> Account:
    return Account(
        code=row["code"],
        commodity=row["commodity"],
        kind=AccountKind(row["kind"]),
        floor=row["floor"],
        ceiling=row["ceiling"],
        opened_on=date.fromisoformat(row["opened_on"]),
        closed_on=day(row["closed_on"]),
        label=row["label"],
        waived=bool(row["waived"]),
        dr_posted=row["dr_posted"],
        cr_posted=row["cr_posted"],
        dr_pending=row["dr_pending"],
        cr_pending=row["cr_pending"],
        version=row["version"],
        last_on=day(row["last_on"]),
    )


def account_of(row: Tuple) -> Account:
    """A row of ACCOUNTS."""
    _, code, commodity, kind, floor, ceiling, opened_on, closed_on, label, waived, last_on, *counters = row
    return Account(
        code,
        commodity,
        AccountKind(kind),
        floor,
        ceiling,
        date.fromisoformat(opened_on),
        day(closed_on),
        label,
        bool(waived),
        day(last_on),
        *counters,
    )


def posting(row: Tuple) -> Posting:
    """A row of POSTINGS_NAMED."""
    _, leg, code, commodity, amount, layer, *counters = row
    return Posting(leg, code, commodity, amount, LAYERS[layer], *counters)


def entries(
    rows: Iterable[Tuple], postings: Iterable[Tuple], places: Mapping[int, tuple[str, str]]
) -> list[Entry]:
    """Entries with their postings, from rows of ENTRIES and POSTINGS in the order of their seqs.

    Args:
        places: code and commodity of each account by its number.
    """
    legs: defaultdict[int, list[Posting]] = defaultdict(list)
    # Spelled out, because a starred name costs a list for each of very many rows.
    for seq, leg, number, amount, layer, dr, cr, dr_pending, cr_pending, version in postings:
        code, commodity = places[number]
        legs[seq].append(
            Posting(leg, code, commodity, amount, LAYERS[layer], dr, cr, dr_pending, cr_pending, version)
        )
    return [_entry(row, tuple(legs.get(row[0], ()))) for row in rows]


def _entry(row: Tuple, postings: tuple[Posting, ...]) -> Entry:
    seq, uid, key, kind, reason, on, occurred, recorded, actor, memo, meta, detail, *ends = row
    hold, reverses, batch, hash = ends
    return Entry(
        seq,
        uid,
        key,
        KINDS[kind],
        reason,
        date.fromisoformat(on),
        occurred,
        recorded,
        actor,
        memo,
        meta,
        detail,
        postings,
        hold,
        reverses,
        batch,
        digest(hash),
    )


def hold(row: Row) -> Hold:
    return Hold(
        uid=row["uid"],
        payer=row["payer"],
        payee=row["payee"],
        commodity=row["commodity"],
        amount=row["amount"],
        settled=row["settled"],
        state=HoldState(row["state"]),
        expires_at_us=row["expires_at_us"],
        opened_seq=row["opened_seq"],
        ended_seq=row["ended_seq"],
    )


def remembered(row: Row) -> Remembered:
    return Remembered(
        uid=row["uid"],
        key=row["key"],
        body=row["body"],
        code=row["code"],
        fields=row["fields"],
        recorded_at_us=row["recorded_at_us"],
    )


def period(row: Row) -> Period:
    return Period(
        month=row["month"],
        first_seq=row["first_seq"],
        seq=row["seq"],
        hash=digest(row["hash"]),
        merkle_root=digest(row["merkle_root"]),
        recorded_at_us=row["recorded_at_us"],
    )


def seal(row: Row) -> Seal:
    return Seal(
        sealed_on=date.fromisoformat(row["sealed_on"]),
        first_seq=row["first_seq"],
        last_seq=row["last_seq"],
        hash=digest(row["hash"]),
        merkle_root=digest(row["merkle_root"]),
    )
