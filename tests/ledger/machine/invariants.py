"""The fifteen promises of the ledger, each a check with its number and its name; all run after every step on every store.

A check looks at what one store has after the step (`Seen`) and at the book on paper (`Model`). Those that follow the
journal entry by entry keep their tally in `Seen`, so that a step costs only what it wrote.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from beancount.parser import parser

from ledger import Entry, EntryKind, HoldState, Layer, LedgerRefusal, merkle
from ledger.books import BookData, compare, load, row_of, write_book, write_month
from ledger.books.compare import Row
from ledger.books.load import rows_from
from ledger.books.write import months_of
from ledger.chain import chained, genesis, uid_of
from ledger.replay import replay
from ledger.rows import Period, Seal
from tests.ledger.machine.model import POSTED, Model
from tests.ledger.machine.seen import Seen

Check = Callable[[Seen, Model], None]
Sums = dict[tuple[str, str], int]
"""Net amounts by commodity and layer, or by account and commodity."""


@dataclass(frozen=True)
class Invariant:
    number: int
    name: str
    check: Check


INVARIANTS: list[Invariant] = []


def invariant(number: int, name: str) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        INVARIANTS.append(Invariant(number, name, check))
        return check

    return keep


def check_all(seen: Seen, model: Model) -> None:
    """Every invariant, in order; the error says which one is broken, and where."""
    for one in INVARIANTS:
        try:
            one.check(seen, model)
        except AssertionError as error:
            store = type(seen.book).__name__
            raise AssertionError(
                f"invariant {one.number} ({one.name}) is broken on {store}: {error}"
            ) from error


@invariant(1, "each transfer sums to zero per commodity")
def each_entry_sums_to_zero(seen: Seen, model: Model) -> None:
    for entry in seen.new:
        sums: Sums = defaultdict(int)
        for posting in entry.postings:
            sums[posting.commodity, posting.layer] += posting.amount
        assert not any(sums.values()), (entry.seq, sums)


@invariant(2, "all balances of a commodity sum to zero")
def all_balances_sum_to_zero(seen: Seen, model: Model) -> None:
    sums: Sums = defaultdict(int)
    for account in seen.accounts:
        sums[account.commodity, Layer.POSTED] += account.dr_posted - account.cr_posted
        sums[account.commodity, Layer.PENDING] += account.dr_pending - account.cr_pending
    assert not any(sums.values()), sums
    told = {(one.code, one.commodity): (one.balance, one.pending, one.pending_in) for one in seen.accounts}
    paper = {place: (pot.balance, pot.going, pot.coming) for place, pot in model.pots.items()}
    assert told == paper, {
        place: (told.get(place), paper.get(place))
        for place in told.keys() | paper.keys()
        if told.get(place) != paper.get(place)
    }


@invariant(3, "stored counters are the sums of the postings")
def counters_follow_from_the_postings(seen: Seen, model: Model) -> None:
    for account in seen.accounts:
        told = (account.dr_posted, account.cr_posted, account.dr_pending, account.cr_pending)
        assert told == seen.tally[account.code, account.commodity].counters, account.code


@invariant(4, "no account is beyond its bounds, open holds counted")
def no_account_is_beyond_its_bounds(seen: Seen, model: Model) -> None:
    """Entry by entry: nobody goes further beyond a bound unless somebody approved it; and as stored."""
    for moved in seen.moved:
        approved = '"approved_by"' in moved.entry.detail
        further = moved.after[0] > moved.before[0] or moved.after[1] > moved.before[1]
        assert approved or not further, moved
    for account in seen.accounts:
        low, high = seen.tally[account.code, account.commodity].beyond()
        assert account.waived == bool(low or high), account
        assert model.pots[account.code, account.commodity].beyond() == (low, high), account


@invariant(5, "seq and account versions have no gaps")
def numbers_have_no_gaps(seen: Seen, model: Model) -> None:
    assert [entry.seq for entry in seen.new] == list(
        range(len(seen.old) + 1, len(seen.old) + len(seen.new) + 1)
    )
    assert seen.head.seq == len(seen.old) + len(seen.new)
    for one in seen.followed:
        assert one.posting.version == one.version, one
    for account in seen.accounts:
        assert account.version == seen.tally[account.code, account.commodity].version


@invariant(6, "posted rows never change or vanish")
def written_rows_never_change(seen: Seen, model: Model) -> None:
    before = seen.again[0].seq - 1 if seen.again else 0
    assert seen.again == seen.entries[before : before + len(seen.again)]


@invariant(7, "one effect per key")
def one_effect_per_key(seen: Seen, model: Model) -> None:
    for entry in seen.new:
        assert entry.uid == uid_of(seen.book.code, entry.key)
        assert entry.uid not in seen.by_uid, f"{entry.key} was written twice"
        seen.by_uid[entry.uid] = entry
        # The book's own entries, the ends of lapsed holds, have a key that no caller can have.
        assert " " in entry.key or model.answers[entry.key][1] == POSTED, entry.key
        seen.own_count += " " in entry.key
    assert len(seen.by_uid) - seen.own_count == model.posted_keys


@invariant(8, "a hold ends once, and what was paid and freed is what was held")
def a_hold_ends_once(seen: Seen, model: Model) -> None:
    for entry in seen.new:
        if entry.hold:
            assert entry.hold not in seen.ends, f"hold {entry.hold} ended twice"
            seen.ends[entry.hold] = entry
            hold = seen.holds[entry.hold]
            freed = {leg.account: leg.amount for leg in entry.postings if leg.layer is Layer.PENDING}
            assert freed == {hold.payer: -hold.amount, hold.payee: hold.amount}
            paid = sum(leg.amount for leg in entry.postings if leg.layer is Layer.POSTED and leg.amount > 0)
            assert paid == hold.settled <= hold.amount
            assert (hold.state is HoldState.SETTLED) == (paid > 0)
    going: Sums = defaultdict(int)
    coming: Sums = defaultdict(int)
    for hold in seen.holds.values():
        is_open = hold.uid not in seen.ends
        assert (hold.state is HoldState.PENDING) == is_open == model.holds[hold.uid].open
        if is_open:
            going[hold.payer, hold.commodity] += hold.amount
            coming[hold.payee, hold.commodity] += hold.amount
    for account in seen.accounts:
        place = (account.code, account.commodity)
        assert (account.dr_pending, account.cr_pending) == (going[place], coming[place]), place


@invariant(9, "a transfer is reversed once, by its exact negation")
def a_transfer_is_reversed_once_and_exactly(seen: Seen, model: Model) -> None:
    for entry in seen.new:
        if entry.reverses:
            assert entry.reverses not in seen.reversals
            seen.reversals[entry.reverses] = entry
            target = [leg for leg in seen.by_uid[entry.reverses].postings if leg.layer is Layer.POSTED]
            negated = [(leg.account, leg.commodity, -leg.amount) for leg in target]
            assert [(leg.account, leg.commodity, leg.amount) for leg in entry.postings] == negated
    assert set(seen.reversals) == set(model.reversed)


@invariant(10, "nothing is dated into a closed month or onto an account that is not open")
def nothing_is_dated_where_it_may_not_be(seen: Seen, model: Model) -> None:
    for entry in seen.new:
        assert entry.effective_on > seen.closed_through, entry.seq
        for posting in entry.postings:
            tally = seen.tally[posting.account, posting.commodity]
            assert tally.opened_on <= entry.effective_on, (entry.seq, posting.account)
            # A close writes down the ends of lapsed holds first: those come before it in the same step.
            assert tally.closed_on is None or entry.seq <= tally.closed_seq, (entry.seq, posting.account)
        if entry.kind is EntryKind.PERIOD:
            next_month = date.fromisoformat(json.loads(entry.detail)["month"] + "-28") + timedelta(days=4)
            seen.closed_through = next_month.replace(day=1) - timedelta(days=1)
    assert seen.closed_through == model.closed_through == (seen.head.closed_through or date.min)


@invariant(11, "chain and seals verify from genesis, and one changed byte shows")
def the_chain_verifies(seen: Seen, model: Model) -> None:
    before = seen.old[-1].hash if seen.old else genesis(seen.book.code, seen.book.timezone)
    for entry in seen.new:
        assert chained(before, seen.book.code, entry) == entry.hash, entry.seq
        changed = entry._replace(memo=entry.memo + "x")
        assert chained(before, seen.book.code, changed) != entry.hash
        before = entry.hash
    assert seen.head.hash == before
    seals, periods = len(seen.seals_checked), len(seen.periods_checked)
    assert (seen.seals[:seals], seen.periods[:periods]) == (seen.seals_checked, seen.periods_checked)
    ends: list[tuple[Seal | Period, int]] = [(seal, seal.last_seq) for seal in seen.seals[seals:]]
    ends += [(period, period.seq) for period in seen.periods[periods:]]
    for seal, last_seq in ends:
        covered = [_there(seen.entry(seq)).hash for seq in range(seal.first_seq, last_seq + 1)]
        assert (seal.hash, seal.merkle_root) == (covered[-1], merkle.root(covered))
    seen.seals_checked, seen.periods_checked = list(seen.seals), list(seen.periods)


@invariant(12, "what was acknowledged is stored, and a batch is stored whole")
def acknowledged_is_stored(seen: Seen, model: Model) -> None:
    for answer in seen.acknowledged:
        if isinstance(answer, LedgerRefusal):
            continue
        for number, one in enumerate((answer, *answer.members)):
            entry = seen.entry(one.seq)
            assert entry is not None, f"entry {one.seq} was acknowledged and is not there"
            assert (entry.uid, entry.hash, entry.seq) == (one.uid, one.hash, answer.seq + number)
            assert entry.batch == (answer.uid if number else entry.batch)
    headers = [entry for entry in seen.new if entry.kind is EntryKind.BATCH]
    announced = [(header.uid, key) for header in headers for key in json.loads(header.detail)["keys"]]
    assert [(entry.batch, entry.key) for entry in seen.new if entry.batch] == announced


@invariant(13, "the balance written with a posting is what a replay gives, and as-of answers never change")
def balances_at_any_seq_stay(seen: Seen, model: Model) -> None:
    for one in seen.followed:
        posting = one.posting
        written = (posting.dr_posted, posting.cr_posted, posting.dr_pending, posting.cr_pending)
        assert written == one.counters, one
    for asked, told in seen.as_of_now.items():
        assert told == seen.as_of[asked], asked


@invariant(14, "the beancount book loads without errors and gives the same rows")
def the_book_gives_the_same_rows(seen: Seen, model: Model) -> None:
    """After each step beancount's parser reads the lines it wrote; at the end its loader reads the whole history."""
    if seen.is_memory and seen.new:
        rows = _rows_of(_months(seen, seen.new), _parsed)
        assert compare([row_of(entry) for entry in seen.new], rows) == []
        for row in rows:
            sums: Sums = defaultdict(int)
            for _, amount, commodity, layer in row.legs:
                sums[commodity, layer] += amount
            assert not any(sums.values()), f"beancount would not balance {row.seq}"


def _the_whole_book_gives_the_same_rows(seen: Seen) -> None:
    """Of histories of even length the file of each month is loaded, of others the one file with all."""
    write = _whole if len(seen.entries) % 2 else _months
    texts = write(seen, seen.entries)
    assert texts == write(seen, seen.entries), "the same rows gave other bytes"
    assert compare([row_of(entry) for entry in seen.entries], _rows_of(texts, load)) == []


def _months(seen: Seen, entries: list[Entry]) -> list[str]:
    return [write_month(_data(seen, entries), month) for month in months_of(entries)]


def _whole(seen: Seen, entries: list[Entry]) -> list[str]:
    return [write_book(_data(seen, entries))]


def _data(seen: Seen, entries: list[Entry]) -> BookData:
    return BookData(book=seen.book.code, timezone=seen.book.timezone, accounts=seen.accounts, entries=entries)


def _rows_of(texts: list[str], read: Callable[[str], list[Row]]) -> list[Row]:
    return sorted((row for text in texts for row in read(text)), key=lambda row: row.seq)


def _parsed(text: str) -> list[Row]:
    directives, errors, _ = parser.parse_string(text)
    assert not errors, errors
    return rows_from(directives)


@invariant(15, "replaying the journal through the rules gives the same rows")
def a_replay_gives_the_same_rows(seen: Seen, model: Model) -> None:
    assert seen.replayed is not None
    written = len(seen.replayed.changes.entries)
    assert replay(seen.replayed, seen.new) is None
    assert seen.replayed.changes.entries[written:] == seen.new
    unnamed = [one._replace(label="") if one.label else one for one in seen.accounts]
    assert unnamed == list(seen.replayed.accounts.values())
    assert seen.holds == seen.replayed.holds


def check_at_the_end(seen: Seen, model: Model) -> None:
    """What is too slow for every step: all rows of the journal again, and the whole history through beancount."""
    assert seen.again == seen.entries, "invariant 6: posted rows never change or vanish"
    if seen.is_memory and seen.entries:
        _the_whole_book_gives_the_same_rows(seen)


def _there(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry
