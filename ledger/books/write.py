"""Books as text: the same rows always give the same bytes, whatever the machine's zone, locale or hash seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ledger.books.lifetimes import Lifetimes
from ledger.books.text import entry_text, first_day, held, month_of, next_month, quoted
from ledger.chain import genesis
from ledger.rows import Entry, Period
from ledger.sheet import Place
from ledger.values import Account, Layer

Sums = dict[tuple[str, str, Layer], int]
"""Net amount per account, commodity and layer, debit positive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookData:
    """All that a book is written from.

    Attributes:
        entries: the whole journal in order of seq.
        labels: names for people, by account code; leave empty to write none. They are not part of any hash.
    """

    book: str
    timezone: str
    accounts: Sequence[Account]
    entries: Sequence[Entry]
    periods: Sequence[Period] = ()
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Header:
    """What all files of one book share."""

    book: str
    timezone: str
    accounts: Sequence[Account]
    periods: Sequence[Period]
    labels: dict[str, str]
    lifetimes: Lifetimes = field(default_factory=Lifetimes)

    def accounts_at(self, ends_on: date) -> list[Account]:
        """The accounts with the closings that counted before that day."""
        return [self.lifetimes.account_at(account, ends_on) for account in self.accounts]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def genesis(self) -> bytes:
        return genesis(self.book, self.timezone)


def header_of(data: BookData) -> Header:
    header = Header(data.book, data.timezone, data.accounts, data.periods, data.labels)
    for entry in data.entries:
        header.lifetimes.take(entry)
    return header


def months_of(entries: Iterable[Entry]) -> list[str]:
    """The months that have a file: those in which something counts."""
    return sorted({month_of(entry.effective_on) for entry in entries})


def write_month(data: BookData, month: str) -> str:
    """The book of one month (`2026-10`) as beancount text."""
    header = header_of(data)
    opening: Sums = {}
    moved: Sums = {}
    body = []
    before = header.genesis
    linked = False
    for entry in data.entries:
        its_month = month_of(entry.effective_on)
        if its_month < month:
            add(opening, entry)
        if its_month == month:
            add(moved, entry)
            body.append(entry_text(entry, header.zone, None if linked else before))
        linked = its_month == month
        before = entry.hash
    return "".join(month_text(header, month, opening, moved, body))


def write_book(data: BookData) -> str:
    """The whole history as one beancount file, with balance assertions on the 1st after every month."""
    header = header_of(data)
    deltas: dict[str, Sums] = {}
    body = []
    for number, entry in enumerate(data.entries):
        add(deltas.setdefault(month_of(entry.effective_on), {}), entry)
        body.append(entry_text(entry, header.zone, None if number else header.genesis))
    return "".join(book_text(header, deltas, body))


def add(sums: Sums, entry: Entry) -> None:
    """Adds the entry's postings to the sums."""
    for posting in entry.postings:
        key = (posting.account, posting.commodity, posting.layer)
        sums[key] = sums.get(key, 0) + posting.amount


def merged(left: Sums, right: Sums) -> Sums:
    return {key: left.get(key, 0) + right.get(key, 0) for key in left.keys() | right.keys()}


def month_text(header: Header, month: str, opening: Sums, moved: Sums, body: Iterable[str]) -> Iterator[str]:
    """The pieces of one month's file, in order."""
    starts_on, ends_on = first_day(month), first_day(next_month(month))
    closing = merged(opening, moved)
    accounts = [
        account
        for account in header.accounts_at(ends_on)
        if account.opened_on < ends_on and (account.closed_on is None or account.closed_on >= starts_on)
    ]
    yield from _preamble(header, month, accounts, closing)
    yield from _opening(starts_on, opening)
    yield from body
    yield from _closes(accounts, closing, ends_on)
    yield from _assertions(accounts, closing, ends_on)
    yield from _seals(header, [month])


def book_text(header: Header, deltas: dict[str, Sums], body: Iterable[str]) -> Iterator[str]:
    """The pieces of the whole history's file, in order."""
    total: Sums = {}
    for moved in deltas.values():
        total = merged(total, moved)
    accounts = header.accounts_at(date.max)
    yield from _preamble(header, "", accounts, total)
    yield from body
    yield from _closes(accounts, total, date.max)
    sums: Sums = {}
    for month in sorted(deltas):
        sums = merged(sums, deltas[month])
        ends_on = first_day(next_month(month))
        living = [account for account in accounts if account.opened_on < ends_on]
        yield from _assertions(living, sums, ends_on)
    yield from _seals(header, sorted(deltas))


def _preamble(header: Header, month: str, accounts: Sequence[Account], sums: Sums) -> Iterator[str]:
    commodities = sorted({account.commodity for account in header.accounts})
    yield f'option "title" {quoted(" ".join(part for part in (header.book, month) if part))}\n'
    yield "".join(f'option "operating_currency" "{commodity}"\n' for commodity in commodities)
    yield f'1900-01-01 custom "book" {quoted(header.book)} {quoted(header.timezone)}'
    yield f" {quoted(month)}\n\n" if month else "\n\n"
    yield "".join(f"1900-01-01 commodity {commodity}\n" for commodity in commodities) + "\n"
    for code, group in _by_code(accounts).items():
        opened_on = min(account.opened_on for account in group)
        names = ",".join(sorted(account.commodity for account in group))
        yield f"{opened_on} open {code} {names}\n"
        if header.labels.get(code):
            yield f"  label: {quoted(header.labels[code])}\n"
        used = sorted(
            account.commodity for account in group if (code, account.commodity, Layer.PENDING) in sums
        )
        if used:
            yield f"{opened_on} open {held(code)} {','.join(used)}\n"
    yield "\n"


def _opening(starts_on: date, opening: Sums) -> Iterator[str]:
    legs = [f"  {_name(key)}  {amount} {key[1]}\n" for key, amount in sorted(opening.items()) if amount]
    if legs:
        yield f'{starts_on - timedelta(days=1)} * "opening" "balances carried forward"\n  opening: TRUE\n'
        yield "".join(legs) + "\n"


def _closes(accounts: Sequence[Account], sums: Sums, ends_on: date) -> Iterator[str]:
    for code, group in _by_code(accounts).items():
        days = [account.closed_on for account in group if account.closed_on is not None]
        if len(days) == len(group) and max(days) < ends_on:
            yield f"{max(days)} close {code}\n"
            if any((code, account.commodity, Layer.PENDING) in sums for account in group):
                yield f"{max(days)} close {held(code)}\n"
    yield "\n"


def _assertions(accounts: Sequence[Account], sums: Sums, on: date) -> Iterator[str]:
    """A balance for every account and commodity that beancount still knows on that day; it speaks of its start."""
    for group in _by_code(accounts).values():
        if all(account.closed_on is not None and account.closed_on < on for account in group):
            continue
        for place in sorted((account.code, account.commodity) for account in group):
            yield _balance(on, sums, place, Layer.POSTED)
            if (*place, Layer.PENDING) in sums:
                yield _balance(on, sums, place, Layer.PENDING)
    yield "\n"


def _balance(on: date, sums: Sums, place: Place, layer: Layer) -> str:
    key = (*place, layer)
    return f"{on} balance {_name(key)}  {sums.get(key, 0)} {place[1]}\n"


def _seals(header: Header, months: Sequence[str]) -> Iterator[str]:
    for period in header.periods:
        if period.month in months:
            on = first_day(next_month(period.month))
            yield f'{on} custom "seal" "{period.month}"\n'
            yield f"  first: {period.first_seq}\n  last: {period.seq}\n"
            yield f'  head: "{period.hash.hex()}"\n  merkle: "{period.merkle_root.hex()}"\n'


def _name(key: tuple[str, str, Layer]) -> str:
    return key[0] if key[2] is Layer.POSTED else held(key[0])


def _by_code(accounts: Sequence[Account]) -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = {}
    for account in sorted(accounts, key=lambda one: (one.code, one.commodity)):
        found.setdefault(account.code, []).append(account)
    return found
