"""Beancount's spelling of our values: strings, mirror accounts, one entry as a directive. Text only, no beancount."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ledger.check import HELD
from ledger.commands import EntryKind
from ledger.rows import Entry
from ledger.values import Layer


def quoted(text: str) -> str:
    """`text` as a beancount string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def held(code: str) -> str:
    """The mirror account on which what is set aside of `code` stands."""
    root, rest = code.split(":", 1)
    return f"{root}:{HELD}:{rest}"


def unheld(code: str) -> tuple[str, Layer]:
    """The account and layer that a name in a book stands for."""
    root, first, *rest = code.split(":")
    if first == HELD and rest:
        return ":".join([root, *rest]), Layer.PENDING
    return code, Layer.POSTED


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def first_day(month: str) -> date:
    return date.fromisoformat(month + "-01")


def next_month(month: str) -> str:
    return month_of(first_day(month) + timedelta(days=31))


def entry_text(entry: Entry, zone: ZoneInfo, previous: bytes | None) -> str:
    """One entry as a transaction, or as `custom "entry"` when it moves nothing; ends with an empty line.

    `previous` is the hash before it, given where the entry ahead of it stands in another file.
    """
    if entry.postings:
        flag = "!" if entry.kind is EntryKind.HOLD else "*"
        link = entry.uid if entry.kind is EntryKind.HOLD else entry.hold
        lines = [
            f"{entry.effective_on} {flag} {quoted(entry.reason)} {quoted(entry.memo)}"
            + (f" ^{link}" if link else "")
        ]
    else:
        lines = [f'{entry.effective_on} custom "entry" {quoted(entry.kind.value)}']
    facts: list[tuple[str, str]] = [("tid", entry.uid)]
    lines.append(f"  seq: {entry.seq}")
    facts.append(("key", entry.key))
    facts.append(("kind", entry.kind.value))
    if not entry.postings:
        facts += [("reason", entry.reason), ("memo", entry.memo)]
    facts += [
        ("at", entry.occurred_at.astimezone(zone).isoformat()),
        ("recorded", entry.recorded_at.astimezone(zone).isoformat()),
        ("actor", entry.actor),
        ("hold", entry.hold),
        ("reverses", entry.reverses),
        ("batch", entry.batch),
        ("meta", entry.meta),
        ("detail", entry.detail),
        ("prev", previous.hex() if previous else ""),
        ("hash", entry.hash.hex()),
    ]
    lines += [f"  {name}: {quoted(value)}" for name, value in facts if value]
    for posting in entry.postings:
        account = posting.account if posting.layer is Layer.POSTED else held(posting.account)
        lines.append(f"  {account}  {posting.amount} {posting.commodity}")
    return "\n".join(lines) + "\n\n"
