"""Beancount's spelling of our values: strings, mirror accounts, one entry as a directive. Text only, no beancount."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ledger.check import HELD
from ledger.commands import EntryKind
from ledger.rows import Entry, moment
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


@lru_cache(maxsize=1024)
def local_time(us: int, zone: ZoneInfo) -> str:
    """A moment as the book's own clock shows it, with its offset from UTC."""
    return moment(us).astimezone(zone).isoformat()


def entry_text(entry: Entry, zone: ZoneInfo, previous: bytes | None) -> str:
    """One entry as a transaction, or as `custom "entry"` when it moves nothing; ends with an empty line.

    `previous` is the hash before it, given where the entry ahead of it stands in another file.
    """
    told = _TOLD[entry.kind]
    lines = [
        _first_line(entry),
        f'  seq: {entry.seq}\n  tid: "{entry.uid}"\n  key: {quoted(entry.key)}\n  {told}',
    ]
    if not entry.postings:
        lines += [f"  {name}: {quoted(value)}" for name, value in _words(entry) if value]
    lines.append(f'  at: "{local_time(entry.occurred_at_us, zone)}"')
    lines.append(f'  recorded: "{local_time(entry.recorded_at_us, zone)}"')
    lines += [f"  {name}: {quoted(value)}" for name, value in _facts(entry) if value]
    if previous is not None:
        lines.append(f'  prev: "{previous.hex()}"')
    lines.append(f'  hash: "{entry.hash.hex()}"')
    for posting in entry.postings:
        account = posting.account if posting.layer is Layer.POSTED else held(posting.account)
        lines.append(f"  {account}  {posting.amount} {posting.commodity}")
    return "\n".join(lines) + "\n\n"


_TOLD = {kind: f'kind: "{kind.value}"' for kind in EntryKind}


def _first_line(entry: Entry) -> str:
    if not entry.postings:
        return f'{entry.effective_on} custom "entry" "{entry.kind.value}"'
    opens = entry.kind is EntryKind.HOLD
    hold = entry.uid if opens else entry.hold
    told = f"{entry.effective_on} {'!' if opens else '*'} {quoted(entry.reason)} {quoted(entry.memo)}"
    return f"{told} ^{hold}" if hold else told


def _words(entry: Entry) -> tuple[tuple[str, str], ...]:
    return ("reason", entry.reason), ("memo", entry.memo)


def _facts(entry: Entry) -> tuple[tuple[str, str], ...]:
    return (
        ("actor", entry.actor),
        ("hold", entry.hold),
        ("reverses", entry.reverses),
        ("batch", entry.batch),
        ("meta", entry.meta),
        ("detail", entry.detail),
    )
