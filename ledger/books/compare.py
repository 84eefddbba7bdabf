"""Row against row: what the database says and what the books say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256

from ledger.chain import pack
from ledger.commands import EntryKind
from ledger.rows import Entry, Posting
from ledger.values import Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as both sides know it. Running balances are left out: beancount works them out for itself.

    Attributes:
        legs: (account, amount, commodity, layer), in order.
    """

    seq: int
    uid: str
    key: str
    kind: str
    reason: str
    hold: str
    reverses: str
    batch: str
    effective_on: date
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    memo: str
    meta: str
    detail: str
    hash: str
    legs: tuple[tuple[str, int, str, str], ...]


def row_of(entry: Entry) -> Row:
    """The comparable part of an entry."""
    return Row(
        seq=entry.seq,
        uid=entry.uid,
        key=entry.key,
        kind=entry.kind.value,
        reason=entry.reason,
        hold=entry.hold,
        reverses=entry.reverses,
        batch=entry.batch,
        effective_on=entry.effective_on,
        occurred_at_us=entry.occurred_at_us,
        recorded_at_us=entry.recorded_at_us,
        actor=entry.actor,
        memo=entry.memo,
        meta=entry.meta,
        detail=entry.detail,
        hash=entry.hash.hex(),
        legs=tuple(
            (posting.account, posting.amount, posting.commodity, posting.layer.value)
            for posting in entry.postings
        ),
    )


def entry_of(row: Row) -> Entry:
    """The entry a row stands for; its running counters are 0, for no book carries them."""
    return Entry(
        seq=row.seq,
        uid=row.uid,
        key=row.key,
        kind=EntryKind(row.kind),
        reason=row.reason,
        hold=row.hold,
        reverses=row.reverses,
        batch=row.batch,
        effective_on=row.effective_on,
        occurred_at_us=row.occurred_at_us,
        recorded_at_us=row.recorded_at_us,
        actor=row.actor,
        memo=row.memo,
        meta=row.meta,
        detail=row.detail,
        hash=bytes.fromhex(row.hash),
        postings=tuple(
            Posting(
                leg=number,
                account=account,
                commodity=commodity,
                amount=amount,
                layer=Layer(layer),
                dr_posted=0,
                cr_posted=0,
                dr_pending=0,
                cr_pending=0,
                version=0,
            )
            for number, (account, amount, commodity, layer) in enumerate(row.legs)
        ),
    )


def row_hash(previous: bytes, book: str, row: Row) -> bytes:
    """The hash of the entry a row stands for, on top of the previous one; as `ledger.chain.chained` without making the entry."""
    fields = [book, str(row.seq), row.uid, row.key, row.kind, row.reason, row.hold, row.reverses, row.batch]
    fields += (row.effective_on.isoformat(), str(row.occurred_at_us), str(row.recorded_at_us))
    fields += (row.actor, row.memo, row.meta, row.detail)
    for account, amount, commodity, layer in row.legs:
        fields += (account, commodity, str(amount), layer)
    return sha256(previous + pack(fields)).digest()


def compare(rows_db: Iterable[Row], rows_book: Iterable[Row]) -> list[str]:
    """One sentence per difference, in order of seq; [] when both sides hold the same rows."""
    ours = _by_seq(rows_db)
    theirs = _by_seq(rows_book)
    found = []
    for seq in sorted(ours.keys() | theirs.keys()):
        left, right = ours.get(seq, []), theirs.get(seq, [])
        if len(left) != 1 or len(right) != 1:
            found.append(f"seq {seq}: {len(left)} in the database, {len(right)} in the books")
            continue
        if left == right:
            continue
        for name in _COMPARED:
            if getattr(left[0], name) != getattr(right[0], name):
                found.append(
                    f"seq {seq}: {name} is {getattr(left[0], name)!r}, the books say {getattr(right[0], name)!r}"
                )
    return found


_COMPARED = tuple(one.name for one in fields(Row))


def _by_seq(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.seq, []).append(row)
    return found
