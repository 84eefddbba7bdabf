"""The auditor: reads a journal from its first entry and says what does not hold, with the first bad seq.

It recomputes everything from the postings and shares nothing with `ledger.decide` but the byte form and the row types:
sums, counters, bounds, lifetimes, holds, reversals, closed months, the chain, and the projections kept beside it.

    unreadable · unbalanced · gap · chain · witness · uid · counters · floor · ceiling · lifetime · hold · reversal
    closed_period · seal · batch · clock · account · head · stray · guard (by the store)
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ledger import merkle
from ledger.chain import chained, genesis, uid_of
from ledger.commands import EntryKind
from ledger.rows import Entry, Head, Hold, HoldState, Period, Seal
from ledger.values import Account, AccountKind, Counters, Layer, counted

REVERSIBLE = (EntryKind.TRANSFER, EntryKind.ADJUST, EntryKind.SETTLE, EntryKind.REVERSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the stored rows that cannot be right."""

    code: str
    seq: int
    detail: str


@dataclass(slots=True)
class Place:
    """What the journal says of one account in one commodity."""

    kind: AccountKind
    floor: int | None
    ceiling: int | None
    opened_on: date
    closed_on: date | None = None
    last_on: date | None = None
    waived: bool = False
    counters: Counters = (0, 0, 0, 0, 0)
    grows_by_credit: bool = field(init=False)

    def __post_init__(self) -> None:
        self.grows_by_credit = self.kind.grows_by_credit

    def levels(self) -> tuple[int, int]:
        """(available, prospective) from the account's own side."""
        dr, cr, dr_pending, cr_pending, _ = self.counters
        if self.kind.grows_by_credit:
            return cr - dr - dr_pending, cr - dr + cr_pending
        return dr - cr - cr_pending, dr - cr + dr_pending


@dataclass(slots=True)
class Auditor:
    """Feed it every entry in order, then `finish` with the stored projections; `problems` collects what is wrong.

    Attributes:
        running: whether postings carry their account's counters; rows from a beancount book do not.
        seals: the stored daily seals, oldest first.
        witnessed: hashes that were published, by seq; a chain recomputed from scratch differs from them.
    """

    book: str
    timezone: str
    running: bool = True
    witnessed: Mapping[int, bytes] = field(default_factory=dict)
    seals: Sequence[Seal] = ()
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    kinds: dict[str, EntryKind] = field(default_factory=dict)
    moved: dict[str, tuple[tuple[str, str, int], ...]] = field(default_factory=dict)
    reversed_by: dict[str, str] = field(default_factory=dict)
    seq: int = 0
    hash: bytes = b""
    recorded_at_us: int = 0
    closed_through: date | None = None
    batch: tuple[str, list[str]] = ("", [])
    posting_count: int = 0
    unsealed: list[bytes] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    since_seal: list[bytes] = field(default_factory=list)
    seals_met: int = 0

    def __post_init__(self) -> None:
        self.hash = genesis(self.book, self.timezone)

    def feed(self, entries: Iterable[Entry]) -> None:
        """Check the next entries of the journal."""
        for entry in entries:
            self._chain(entry)
            self.rules(entry)
            self.kinds[entry.uid] = entry.kind
            self.posting_count += len(entry.postings)

    def rules(self, entry: Entry) -> None:
        """Check all but the chain of the entry that was noted last."""
        try:
            self._balanced(entry)
            self._dated(entry)
            self._grouped(entry)
            self._meaning(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._say("unreadable", f"what it says cannot be read: {error!r}")

    def note(self, seq: int, hash: bytes) -> None:
        """Go on to the next entry: its number, its hash, and what seals and closed months are made of."""
        self.seq, self.hash = seq, hash
        self.unsealed.append(hash)
        if self.seals_met < len(self.seals):
            self._sealed(seq, hash)

    def finish(
        self, head: Head, accounts: Iterable[Account], holds: Iterable[Hold], periods: Iterable[Period] = ()
    ) -> list[Problem]:
        """Compare with what is stored beside the journal; every problem found, first seq first."""
        for seq in sorted(seq for seq in self.witnessed if seq > self.seq):
            self._say("witness", f"entry {seq} was published and is gone", seq=self.seq + 1)
        if (head.seq, head.hash) != (self.seq, self.hash):
            told = f"the head says {head.seq}, the journal ends at {self.seq}"
            # Whatever else does not fit is compared with a journal that is cut off: its first missing entry is the bad one.
            self.seq = max(self.seq, min(head.seq, self.seq) + 1)
            self._say("head", told, seq=min(head.seq + 1, self.seq))
        if head.closed_through != self.closed_through:
            self._say("closed_period", f"stored {head.closed_through}, journal {self.closed_through}")
        if self.seals_met != len(self.seals):
            self._say("seal", f"{len(self.seals) - self.seals_met} seals cover entries that are not there")
        if list(periods) != self.periods:
            self._say("seal", "the closed months are stored otherwise than the journal tells")
        if self.batch[1]:
            self._say("batch", f"the last batch misses {len(self.batch[1])} members")
        stored = {(account.code, account.commodity): account for account in accounts}
        for place in sorted(stored.keys() | self.places.keys()):
            self._same_account(place, stored.get(place))
        kept = {hold.uid: hold for hold in holds}
        for uid in sorted(kept.keys() | self.holds.keys()):
            if kept.get(uid) != self.holds.get(uid):
                self._say("hold", f"hold {uid} is stored otherwise than the journal tells")
        return self.found()

    def found(self) -> list[Problem]:
        """The problems so far, first seq first."""
        return sorted(self.problems, key=lambda problem: (problem.seq, problem.code, problem.detail))

    def unreadable(self, detail: str) -> None:
        """Note that the row after the last one fed is no entry at all."""
        self._say("unreadable", detail, seq=self.seq + 1)

    def _say(self, code: str, detail: str, seq: int | None = None) -> None:
        self.problems.append(Problem(code=code, seq=self.seq if seq is None else seq, detail=detail))

    def _chain(self, entry: Entry) -> None:
        if entry.seq != self.seq + 1:
            self._say("gap", f"after {self.seq} comes {entry.seq}", seq=self.seq + 1)
        stored, expected = entry.hash, chained(self.hash, self.book, entry)
        # Going on from what is stored keeps one changed row from being reported for every later one.
        self.note(entry.seq, stored)
        if stored != expected:
            self._say("chain", f"hash is {stored.hex()[:16]}, should be {expected.hex()[:16]}")
        if self.witnessed and self.witnessed.get(entry.seq, stored) != stored:
            self._say("witness", "another hash was published for it")
        if entry.uid != uid_of(self.book, entry.key):
            self._say("uid", f"uid {entry.uid} does not belong to key {entry.key}")
        if entry.uid in self.kinds:
            self._say("uid", f"uid {entry.uid} was used before")

    def _sealed(self, seq: int, hash: bytes) -> None:
        """Each seal covers exactly the entries since the one before it."""
        self.since_seal.append(hash)
        seal = self.seals[self.seals_met]
        if seq == seal.last_seq:
            first_seq = seq - len(self.since_seal) + 1
            told = (seal.first_seq, seal.hash, seal.merkle_root)
            if told != (first_seq, hash, merkle.root(self.since_seal)):
                self._say("seal", f"the seal of {seal.sealed_on} does not cover {first_seq} to {seq}")
            self.since_seal = []
            self.seals_met += 1

    def _balanced(self, entry: Entry) -> None:
        sums: dict[tuple[str, Layer], int] = {}
        for number, (leg, _, commodity, amount, layer, _, _, _, _, _) in enumerate(entry.postings):
            if leg != number:
                self._say("gap", f"leg {leg} stands where {number} belongs")
            place = (commodity, layer)
            sums[place] = sums.get(place, 0) + amount
        for (commodity, layer), total in sums.items():
            if total:
                self._say("unbalanced", f"{commodity} {layer.value} sums to {total}")

    def _dated(self, entry: Entry) -> None:
        if entry.kind is EntryKind.CLOCK:
            if entry.recorded_at_us >= self.recorded_at_us or not json.loads(entry.detail)["approved_by"]:
                self._say("clock", "the clock was set, but not back, or nobody approved it")
            self.recorded_at_us = entry.recorded_at_us
        if entry.recorded_at_us < self.recorded_at_us:
            self._say("clock", "recorded before the entry ahead of it")
        self.recorded_at_us = max(self.recorded_at_us, entry.recorded_at_us)
        if self.closed_through is not None and entry.effective_on <= self.closed_through:
            self._say("closed_period", f"dated {entry.effective_on}, closed through {self.closed_through}")

    def _grouped(self, entry: Entry) -> None:
        uid, waiting = self.batch
        if waiting:
            if entry.batch != uid or entry.key != waiting[0]:
                self._say("batch", f"expected {waiting[0]} of batch {uid}")
            self.batch = (uid, waiting[1:])
        elif entry.batch:
            self._say("batch", f"batch {entry.batch} does not announce it")
        if entry.kind is EntryKind.BATCH:
            self.batch = (entry.uid, list(json.loads(entry.detail)["keys"]))

    def _meaning(self, entry: Entry) -> None:
        detail = json.loads(entry.detail) if entry.detail else {}
        match entry.kind:
            case EntryKind.TRANSFER | EntryKind.ADJUST:  # first, because most entries are transfers
                self._move(entry, waive=entry.kind is EntryKind.ADJUST)
                self._balanced_off(entry, detail)
            case EntryKind.OPEN:
                self._opened(detail)
            case EntryKind.CLOSE | EntryKind.LIMITS | EntryKind.REOPEN:
                self._changed(entry, detail)
            case EntryKind.PERIOD:
                self._closed(entry, str(detail["month"]))
            case EntryKind.HOLD:
                self._move(entry)
                self._held(entry, detail)
            case EntryKind.SETTLE | EntryKind.VOID | EntryKind.EXPIRE:
                self._move(entry)
                self._ended(entry)
            case EntryKind.REVERSE:
                self._reversed(entry)
                self._move(entry, waive=bool(detail.get("approved_by")))
        self.take_back(entry)

    def take_back(self, entry: Entry) -> None:
        """Keep what an entry moved, should a later one reverse it."""
        if entry.kind in REVERSIBLE:
            self.moved[entry.uid] = _posted(entry)

    def _closed(self, entry: Entry, named: str) -> None:
        self.close_through(named)
        first_seq = self.periods[-1].seq + 1 if self.periods else 1
        self.periods.append(
            Period(
                month=named,
                first_seq=first_seq,
                seq=entry.seq,
                hash=entry.hash,
                merkle_root=merkle.root(self.unsealed),
                recorded_at_us=entry.recorded_at_us,
            )
        )
        self.unsealed = []

    def close_through(self, named: str) -> None:
        """Nothing may be dated into that month or before from here on."""
        year, month = (int(part) for part in named.split("-"))
        self.closed_through = date(year, month, calendar.monthrange(year, month)[1])

    def _opened(self, detail: dict[str, object]) -> None:
        place = (str(detail["account"]), str(detail["commodity"]))
        if place in self.places:
            self._say("lifetime", f"{place[0]} was opened twice in {place[1]}")
        floor, ceiling = detail["floor"], detail["ceiling"]
        self.places[place] = Place(
            kind=AccountKind(str(detail["account_kind"])),
            floor=floor if isinstance(floor, int) else None,
            ceiling=ceiling if isinstance(ceiling, int) else None,
            opened_on=date.fromisoformat(str(detail["opened_on"])),
        )

    def _changed(self, entry: Entry, detail: dict[str, object]) -> None:
        place = self.places.get((str(detail["account"]), str(detail["commodity"])))
        if place is None:
            self._say("lifetime", f"{detail['account']} was never opened")
            return
        if entry.kind is EntryKind.CLOSE:
            if any(place.levels()) or any(place.counters[2:4]):
                self._say("lifetime", f"{detail['account']} was closed with hours on it")
            place.closed_on = entry.effective_on
            return
        if entry.kind is EntryKind.REOPEN:
            if place.closed_on is None or entry.effective_on < place.closed_on:
                self._say("lifetime", f"{detail['account']} was not closed when it was opened again")
            place.closed_on = None
            return
        floor, ceiling = detail["floor"], detail["ceiling"]
        place.floor = floor if isinstance(floor, int) else None
        place.ceiling = ceiling if isinstance(ceiling, int) else None
        place.waived = False
        self._bounds(str(detail["account"]), place, place.levels(), waive=False)

    def _balanced_off(self, entry: Entry, detail: dict[str, object]) -> None:
        at_most = detail.get("at_most")
        if isinstance(at_most, int) and abs(entry.postings[0].amount) > at_most:
            self._say("counters", f"moved {abs(entry.postings[0].amount)}, {at_most} at most was asked for")

    def _move(self, entry: Entry, *, waive: bool = False) -> None:
        """Apply the postings, compare the counters written with them, then look at every account's bounds."""
        opening, day = entry.kind is EntryKind.HOLD, entry.effective_on
        before: dict[tuple[str, str], tuple[Place, tuple[int, int]]] = {}
        for posting in entry.postings:
            _, code, commodity, amount, layer, _, _, _, _, _ = posting
            place = self.places.get((code, commodity))
            if place is None:
                self._say("lifetime", f"{code} was never opened in {commodity}")
                continue
            if (place.floor is not None or place.ceiling is not None) and (code, commodity) not in before:
                before[code, commodity] = (place, place.levels())
            if place.closed_on is not None:
                self._say("lifetime", f"{code} was closed on {place.closed_on}")
            if day < place.opened_on:
                self._say("lifetime", f"{code} opens on {place.opened_on}")
            if place.last_on is None or place.last_on < day:
                place.last_on = day
            counters = place.counters = counted(place.counters, amount, layer, opening=opening)
            if (self.running and counters != posting[5:]) or counters[2] < 0 or counters[3] < 0:
                self._say("counters", f"{code} has {posting[5:]}, should have {counters}")
        for (code, commodity), (place, levels) in before.items():
            self._bounds(f"{code} {commodity}", place, levels, waive=waive)

    def _bounds(self, name: str, place: Place, before: tuple[int, int], *, waive: bool) -> None:
        available, prospective = place.levels()
        too_low = place.floor is not None and available < place.floor
        too_high = place.ceiling is not None and prospective > place.ceiling
        if too_low and not waive and (available < before[0] or not place.waived):
            self._say("floor", f"{name} has {available}, floor {place.floor}")
        if too_high and not waive and (prospective > before[1] or not place.waived):
            self._say("ceiling", f"{name} has {prospective}, ceiling {place.ceiling}")
        place.waived = too_low or too_high

    def _held(self, entry: Entry, detail: dict[str, object]) -> None:
        payer, payee = entry.postings
        self.holds[entry.uid] = Hold(
            uid=entry.uid,
            payer=payer.account,
            payee=payee.account,
            commodity=payer.commodity,
            amount=payer.amount,
            expires_at_us=int(str(detail["expires_at_us"])),
            opened_seq=entry.seq,
        )

    def _ended(self, entry: Entry) -> None:
        hold = self.holds.get(entry.hold)
        if hold is None or hold.state is not HoldState.PENDING:
            self._say("hold", f"hold {entry.hold} is not open")
            return
        freed = [(leg.account, leg.amount) for leg in entry.postings if leg.layer is Layer.PENDING]
        paid = [
            leg.amount for leg in entry.postings if leg.layer is Layer.POSTED and leg.account == hold.payer
        ]
        settled = paid[0] if paid else 0
        if (
            freed != [(hold.payer, -hold.amount), (hold.payee, hold.amount)]
            or not 0 <= settled <= hold.amount
        ):
            self._say(
                "hold", f"hold {entry.hold} of {hold.amount} ended with {freed} freed and {settled} paid"
            )
        if entry.kind is EntryKind.EXPIRE and entry.recorded_at_us < hold.expires_at_us:
            self._say("hold", f"hold {entry.hold} expired before its time")
        state = {EntryKind.SETTLE: HoldState.SETTLED, EntryKind.VOID: HoldState.VOIDED}
        self.holds[hold.uid] = replace(
            hold, state=state.get(entry.kind, HoldState.EXPIRED), settled=settled, ended_seq=entry.seq
        )

    def _reversed(self, entry: Entry) -> None:
        target = self.moved.get(entry.reverses)
        if target is None or entry.reverses in self.reversed_by:
            self._say("reversal", f"{entry.reverses} cannot be reversed, or was before")
        elif _posted(entry) != tuple((account, commodity, -amount) for account, commodity, amount in target):
            self._say("reversal", f"not the exact negation of {entry.reverses}")
        self.reversed_by[entry.reverses] = entry.uid

    def _same_account(self, where: tuple[str, str], stored: Account | None) -> None:
        told = self.places.get(where)
        if stored is None or told is None:
            self._say(
                "account",
                f"{where[0]} in {where[1]} is {'missing' if stored is None else 'not in the journal'}",
            )
            return
        if (stored.counters, stored.last_on) != (told.counters, told.last_on):
            self._say("counters", f"{where[0]} stores {stored.counters}, the postings give {told.counters}")
        kept = (stored.kind, stored.floor, stored.ceiling, stored.opened_on, stored.closed_on, stored.waived)
        if kept != (told.kind, told.floor, told.ceiling, told.opened_on, told.closed_on, told.waived):
            self._say("account", f"{where[0]} in {where[1]} is stored otherwise than the journal tells")


def _posted(entry: Entry) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        [
            (code, commodity, amount)
            for _, code, commodity, amount, layer, _, _, _, _, _ in entry.postings
            if layer is Layer.POSTED
        ]
    )
