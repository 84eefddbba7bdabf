"""Everything that can be asked of a book, in any order, on three stores at once, against a small independent model.

After every step the invariants of the reference design are checked, each by its number and name. `LEDGER_EXAMPLES` and
`LEDGER_STEPS` in the environment make the run longer.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger import (
    AccountKind,
    Adjust,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    Entry,
    EntryKind,
    ExpireHold,
    Layer,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    ReverseTransfer,
    SettleHold,
    Sheet,
    Transfer,
    VoidHold,
)
from ledger.books import BookData, compare, load, row_of, write_month
from ledger.books.write import months_of
from ledger.chain import chained, genesis, uid_of
from ledger.replay import replay
from ledger.rows import Head
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "25"))
STEPS = int(os.environ.get("LEDGER_STEPS", "30"))

ISSUER = "Equity:Community:DQ:Issued"
PEOPLE = [f"Liabilities:Member:M{n}" for n in range(4)]
START = datetime(2026, 9, 28, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
BOOKS = itertools.count(1)

people = st.sampled_from(PEOPLE)
anyone = st.sampled_from([ISSUER, *PEOPLE])
minutes = st.integers(1, 90)
picks = st.integers(0, 10**6)


@dataclass
class ModelAccount:
    """An account as anyone would keep it on paper."""

    floor: int | None
    ceiling: int | None
    balance: int = 0
    going: int = 0
    coming: int = 0
    closed: bool = False
    opened_on: date = date.min
    last_on: date = date.min


@dataclass
class Model:
    """Sixty lines of rules, written without looking at the ledger's own: what must happen, and where all stands then."""

    accounts: dict[str, ModelAccount] = field(default_factory=dict)
    holds: dict[str, list[Any]] = field(default_factory=dict)  # uid: [payer, payee, amount, expires_at, open]
    moves: dict[str, dict[str, int]] = field(default_factory=dict)  # uid: account → what it gained
    reversed: set[str] = field(default_factory=set)
    closed_through: date = date.min

    def move(self, gains: dict[str, int], on: date, *, waive: bool = False) -> str:
        """ "posted", or the code of the first refusal; changes nothing when refused."""
        for who in gains:
            code = self.usable(who, on)
            if code:
                return code
        for who, gain in gains.items():
            account = self.accounts[who]
            left, coming = account.balance + gain - account.going, account.balance + gain + account.coming
            if not waive and gain < 0 and account.floor is not None and left < account.floor:
                return "below_floor"
            if not waive and gain > 0 and account.ceiling is not None and coming > account.ceiling:
                return "above_ceiling"
        if on <= self.closed_through:
            return "period_closed"
        for who, gain in gains.items():
            self.accounts[who].balance += gain
            self.touch(who, on)
        return "posted"

    def usable(self, who: str, on: date) -> str:
        account = self.accounts.get(who)
        if account is None:
            return "unknown_account"
        return (
            "account_closed" if account.closed else "account_not_yet_open" if on < account.opened_on else ""
        )

    def touch(self, who: str, on: date) -> None:
        self.accounts[who].last_on = max(self.accounts[who].last_on, on)

    def set_aside(self, payer: str, payee: str, amount: int, on: date) -> str:
        code = self.usable(payer, on) or self.usable(payee, on)
        if code:
            return code
        giver, taker = self.accounts[payer], self.accounts[payee]
        if giver.floor is not None and giver.balance - giver.going - amount < giver.floor:
            return "below_floor"
        if taker.ceiling is not None and taker.balance + taker.coming + amount > taker.ceiling:
            return "above_ceiling"
        if on <= self.closed_through:
            return "period_closed"
        giver.going += amount
        taker.coming += amount
        self.touch(payer, on)
        self.touch(payee, on)
        return "posted"

    def release(self, uid: str, on: date) -> None:
        payer, payee, amount, _, _ = self.holds[uid]
        self.accounts[payer].going -= amount
        self.accounts[payee].coming -= amount
        self.touch(payer, on)
        self.touch(payee, on)
        self.holds[uid][4] = False

    def lapse(self, names: set[str], at: datetime, on: date, spare: str = "") -> None:
        """What every post does first: lapsed holds on the accounts involved are over."""
        for uid, (payer, payee, _, expires_at, is_open) in list(self.holds.items()):
            if is_open and expires_at <= at and uid != spare and names & {payer, payee}:
                self.release(uid, on)


class LedgerMachine(RuleBasedStateMachine):
    """Posts the same commands to memory and to the databases, and the model says what must come of them."""

    runner: asyncio.Runner
    engines: tuple[Any, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.code = f"machine{next(BOOKS)}"
        self.memory = MemoryBook(code=self.code)
        self.stored = [Book(engine, code=self.code) for engine in self.engines]
        self.books: list[Book] = [self.memory, *self.stored]
        self.model = Model()
        self.at = START
        self.count = 0
        self.done: list[tuple[Command, str]] = []
        self.seen: list[Entry] = []
        self.sealed: dict[int, Any] = {}

    # -- how a step is taken

    def run(self, awaitable: Any) -> Any:
        return self.runner.run(awaitable)

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    def post(self, command: Command, expected: str) -> Posted | None:
        """Post everywhere; all stores answer alike, and as the model expects."""
        answers = [self.run(book.post_many([command], at=self.at))[0] for book in self.books]
        told = [answer.code if isinstance(answer, LedgerRefusal) else answer for answer in answers]
        assert all(one == told[0] for one in told), f"the stores disagree: {told}"
        outcome = told[0] if isinstance(told[0], str) else "posted"
        assert outcome == expected, f"{command} came to {outcome}, the model says {expected}"
        self.done.append((command, outcome))
        return told[0] if isinstance(told[0], Posted) else None

    # -- rules

    @initialize()
    def open_the_book(self) -> None:
        for book in self.books:
            self.run(book.create(("MIN",)))
        self._open(ISSUER, AccountKind.EQUITY, -400)
        for who in PEOPLE[:3]:
            self._open(who, AccountKind.LIABILITY, 0)

    def _open(self, code: str, kind: AccountKind, floor: int | None) -> None:
        self.model.accounts[code] = ModelAccount(floor=floor, ceiling=None, opened_on=self.today)
        self.post(
            OpenAccount(key=self.key(), code=code, kind=kind, floor=floor, opened_on=self.today), "posted"
        )

    @rule()
    def open_the_last_account(self) -> None:
        on, last = self.today, PEOPLE[3]
        command = OpenAccount(
            key=self.key(), code=last, kind=AccountKind.LIABILITY, ceiling=120, opened_on=on
        )
        self.model.lapse({last}, self.at, on)
        if last in self.model.accounts:
            self.post(command, "account_exists")
        else:
            self.model.accounts[last] = ModelAccount(floor=0, ceiling=120, opened_on=on)
            self.post(command, "posted")

    @rule(payer=anyone, payee=anyone, amount=minutes, days_ago=st.integers(0, 40))
    def transfer(self, payer: str, payee: str, amount: int, days_ago: int) -> None:
        if payer == payee:
            return
        on = self.today - timedelta(days=days_ago)
        command = Transfer(key=self.key(), legs=(Leg(payer, amount), Leg(payee, -amount)), effective_on=on)
        self.model.lapse({payer, payee}, self.at, self.today)
        expected = self.model.move({payer: -amount, payee: amount}, on)
        posted = self.post(command, expected)
        if posted:
            self.model.moves[posted.uid] = {payer: -amount, payee: amount}

    @rule(amounts=st.lists(st.integers(-60, 60).filter(bool), min_size=4, max_size=4))
    def transfer_among_all(self, amounts: list[int]) -> None:
        gains = dict(zip([ISSUER, *PEOPLE[:3]], [*amounts[:3], -sum(amounts[:3])], strict=True))
        if 0 in gains.values():
            return
        legs = tuple(Leg(who, -gain) for who, gain in gains.items())
        self.model.lapse(set(gains), self.at, self.today)
        expected = self.model.move(gains, self.today)
        posted = self.post(Transfer(key=self.key(), legs=legs), expected)
        if posted:
            self.model.moves[posted.uid] = gains

    @rule(payer=people, payee=people, amount=minutes, approver=st.sampled_from(["W2", "W3"]))
    def adjust(self, payer: str, payee: str, amount: int, approver: str) -> None:
        if payer == payee:
            return
        legs = (Leg(payer, amount), Leg(payee, -amount))
        gains = {payer: -amount, payee: amount}
        self.model.lapse({payer, payee}, self.at, self.today)
        expected = self.model.move(gains, self.today, waive=True)
        posted = self.post(Adjust(key=self.key(), legs=legs, actor="W1", approved_by=approver), expected)
        if posted:
            self.model.moves[posted.uid] = gains

    @rule(payer=anyone, payee=anyone, amount=minutes, days=st.integers(-1, 20))
    def place_hold(self, payer: str, payee: str, amount: int, days: int) -> None:
        if payer == payee:
            return
        expires_at = self.at + timedelta(days=days)
        command = PlaceHold(key=self.key(), payer=payer, payee=payee, amount=amount, expires_at=expires_at)
        self.model.lapse({payer, payee}, self.at, self.today)
        posted = self.post(command, self.model.set_aside(payer, payee, amount, self.today))
        if posted:
            self.model.holds[posted.uid] = [payer, payee, amount, expires_at, True]

    def _a_hold(self, pick: int) -> tuple[str, list[Any]] | None:
        uids = sorted(self.model.holds)
        return None if not uids else (uids[pick % len(uids)], self.model.holds[uids[pick % len(uids)]])

    @rule(pick=picks, amount=minutes, stand_in=st.none() | people)
    def settle(self, pick: int, amount: int, stand_in: str | None) -> None:
        found = self._a_hold(pick)
        if not found:
            return
        uid, (payer, payee, held, _, _) = found
        to = stand_in or payee
        if to == payer:
            return
        self.model.lapse({payer, payee, to}, self.at, self.today)
        expected = self._settled(uid, payer, to, amount, held)
        posted = self.post(SettleHold(key=self.key(), hold=uid, amount=amount, payee=stand_in), expected)
        if posted:
            self.model.moves[posted.uid] = {payer: -amount, to: amount}

    def _settled(self, uid: str, payer: str, to: str, amount: int, held: int) -> str:
        if not self.model.holds[uid][4]:
            return "hold_ended"
        if amount > held:
            return "over_settlement"
        payee = self.model.holds[uid][1]
        code = self.model.usable(to, self.today)
        if code:
            return code
        taker = self.model.accounts[to]
        would_be = taker.balance + taker.coming + amount - (held if to == payee else 0)
        if to != payee and taker.ceiling is not None and would_be > taker.ceiling:
            return "above_ceiling"
        self.model.release(uid, self.today)
        self.model.accounts[payer].balance -= amount
        self.model.accounts[to].balance += amount
        self.model.touch(to, self.today)
        return "posted"

    @rule(pick=picks)
    def void(self, pick: int) -> None:
        found = self._a_hold(pick)
        if not found:
            return
        uid, (payer, payee, _, _, _) = found
        self.model.lapse({payer, payee}, self.at, self.today)
        is_open = self.model.holds[uid][4]
        if is_open:
            self.model.release(uid, self.today)
        self.post(VoidHold(key=self.key(), hold=uid), "posted" if is_open else "hold_ended")

    @rule(pick=picks)
    def expire(self, pick: int) -> None:
        found = self._a_hold(pick)
        if not found:
            return
        uid, (payer, payee, _, expires_at, is_open) = found
        self.model.lapse({payer, payee}, self.at, self.today, spare=uid)
        expected = "hold_ended" if not is_open else "posted" if expires_at <= self.at else "hold_not_lapsed"
        if expected == "posted":
            self.model.release(uid, self.today)
        self.post(ExpireHold(key=self.key(), hold=uid), expected)

    @rule(pick=picks, approved=st.booleans())
    def reverse(self, pick: int, approved: bool) -> None:
        uids = sorted(self.model.moves)
        if not uids:
            return
        uid = uids[pick % len(uids)]
        gains = {who: -gain for who, gain in self.model.moves[uid].items()}
        self.model.lapse(set(gains), self.at, self.today)
        if uid in self.model.reversed:
            expected = "already_reversed"
        else:
            expected = self.model.move(gains, self.today, waive=approved)
        told = {"actor": "W1", "approved_by": "W2"} if approved else {}
        if self.post(ReverseTransfer(key=self.key(), transfer=uid, **told), expected):
            self.model.reversed.add(uid)

    @rule(who=people, floor=st.none() | st.integers(-60, 20), ceiling=st.none() | st.integers(20, 200))
    def change_limits(self, who: str, floor: int | None, ceiling: int | None) -> None:
        self.model.lapse({who}, self.at, self.today)
        expected = self.model.usable(who, self.today)
        account = self.model.accounts.get(who)
        if account and not expected:
            if floor is not None and account.balance - account.going < floor:
                expected = "below_floor"
            elif ceiling is not None and account.balance + account.coming > ceiling:
                expected = "above_ceiling"
            else:
                expected = "posted"
                account.floor, account.ceiling = floor, ceiling
        self.post(ChangeLimits(key=self.key(), code=who, floor=floor, ceiling=ceiling), expected)

    @rule(who=people)
    def close_account(self, who: str) -> None:
        self.model.lapse({who}, self.at, self.today)
        expected = self.model.usable(who, self.today)
        account = self.model.accounts.get(who)
        if account and not expected:
            if account.balance or account.going or account.coming:
                expected = "account_not_empty"
            elif account.last_on > self.today:
                expected = "account_moved_later"
            else:
                expected, account.closed = "posted", True
        self.post(CloseAccount(key=self.key(), code=who), expected)

    @rule(amounts=st.lists(st.integers(1, 120), min_size=1, max_size=4))
    def batch(self, amounts: list[int]) -> None:
        """A chain of payments: all of them, or none."""
        chain = [ISSUER, *PEOPLE]
        members = tuple(
            Transfer(key=self.key(), legs=(Leg(chain[n], amount), Leg(chain[n + 1], -amount)))
            for n, amount in enumerate(amounts)
        )
        self.model.lapse(set(chain[: len(amounts) + 1]), self.at, self.today)
        before = {who: replace(account) for who, account in self.model.accounts.items()}
        expected = "posted"
        for n, amount in enumerate(amounts):
            if self.model.move({chain[n]: -amount, chain[n + 1]: amount}, self.today) != "posted":
                self.model.accounts, expected = before, "batch_refused"
                break
        posted = self.post(Batch(key=self.key(), commands=members), expected)
        if posted:
            for n, (member, amount) in enumerate(zip(posted.members, amounts, strict=True)):
                self.model.moves[member.uid] = {chain[n]: -amount, chain[n + 1]: amount}

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def close_the_last_month(self) -> None:
        last_day = self.today.replace(day=1) - timedelta(days=1)
        expected = "period_closed" if last_day <= self.model.closed_through else "posted"
        self.model.closed_through = max(self.model.closed_through, last_day)
        self.post(ClosePeriod(key=self.key(), month=f"{last_day:%Y-%m}"), expected)

    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        """Invariant 7: the same key and body give the same answer and write nothing, also when it was no."""
        if not self.done:
            return
        command, outcome = self.done[pick % len(self.done)]
        before = self.run(self.memory.head())
        self.post(command, outcome)
        self.done.pop()
        assert self.run(self.memory.head()) == before

    @rule(
        pick=picks,
        memo=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=5),
    )
    def ask_something_else_under_the_same_key(self, pick: int, memo: str) -> None:
        known = [command for command, _ in self.done]
        if not known:
            return
        before = self.run(self.memory.head())
        self.post(replace(known[pick % len(known)], memo=memo), "key_conflict")
        self.done.pop()
        assert self.run(self.memory.head()) == before

    # -- the invariants, after every step

    @invariant()
    def the_book_and_the_model_agree(self) -> None:
        balances = self.run(self.memory.balances())
        assert {code for code, _ in balances} == set(self.model.accounts)
        for (code, _), told in balances.items():
            account = self.model.accounts[code]
            assert (told.balance, told.pending, told.pending_in) == (
                account.balance,
                account.going,
                account.coming,
            ), code
        for book in self.stored:
            assert self.run(book.balances()) == balances
            assert self.run(book.head()) == self.run(self.memory.head())

    @invariant()
    def the_numbered_invariants_hold(self) -> None:
        entries: list[Entry] = self.run(self.memory.transfers(limit=10**6))
        self._6_what_was_written_never_changes(entries)
        self._1_and_2_every_sum_is_zero(entries)
        self._3_5_and_13_counters_follow_from_the_postings(entries)
        self._4_no_account_stands_beyond_its_bounds()
        self._7_one_effect_per_key(entries)
        self._8_a_hold_ends_once(entries)
        self._9_a_transfer_is_reversed_once_and_exactly(entries)
        self._11_the_chain_verifies(entries)
        self.seen = entries

    def _6_what_was_written_never_changes(self, entries: list[Entry]) -> None:
        assert entries[: len(self.seen)] == self.seen

    def _1_and_2_every_sum_is_zero(self, entries: list[Entry]) -> None:
        total: Counter[tuple[str, Layer]] = Counter()
        for entry in entries:
            sums: Counter[tuple[str, Layer]] = Counter()
            for posting in entry.postings:
                sums[posting.commodity, posting.layer] += posting.amount
            assert not any(sums.values())
            total += sums
        assert not any(total.values())

    def _3_5_and_13_counters_follow_from_the_postings(self, entries: list[Entry]) -> None:
        posted: Counter[str] = Counter()
        held: Counter[str] = Counter()
        versions: Counter[str] = Counter()
        for number, entry in enumerate(entries, start=1):
            assert entry.seq == number
            for posting in entry.postings:
                (posted if posting.layer is Layer.POSTED else held)[posting.account] += posting.amount
                versions[posting.account] += 1
                assert posting.version == versions[posting.account]
                assert posting.dr_posted - posting.cr_posted == posted[posting.account]
                assert posting.dr_pending - posting.cr_pending == held[posting.account]
        for account in self.run(self.memory.accounts()):
            assert account.dr_posted - account.cr_posted == posted[account.code]
            assert account.version == versions[account.code]

    def _4_no_account_stands_beyond_its_bounds(self) -> None:
        for account in self.run(self.memory.accounts()):
            too_low = account.floor is not None and account.available < account.floor
            too_high = account.ceiling is not None and account.prospective > account.ceiling
            assert account.waived == (too_low or too_high)

    def _7_one_effect_per_key(self, entries: list[Entry]) -> None:
        keys = [entry.key for entry in entries]
        assert len(set(keys)) == len(keys)
        assert all(entry.uid == uid_of(self.code, entry.key) for entry in entries)

    def _8_a_hold_ends_once(self, entries: list[Entry]) -> None:
        ends = [entry.hold for entry in entries if entry.hold]
        assert len(set(ends)) == len(ends)
        open_now = {uid for uid, hold in self.model.holds.items() if hold[4]}
        assert open_now == set(self.model.holds) - set(ends)

    def _9_a_transfer_is_reversed_once_and_exactly(self, entries: list[Entry]) -> None:
        of = {entry.uid: entry for entry in entries}
        targets = [entry.reverses for entry in entries if entry.reverses]
        assert len(set(targets)) == len(targets)
        for entry in entries:
            if entry.reverses:
                taken = [
                    (leg.account, -leg.amount)
                    for leg in of[entry.reverses].postings
                    if leg.layer is Layer.POSTED
                ]
                assert [(leg.account, leg.amount) for leg in entry.postings] == taken

    def _11_the_chain_verifies(self, entries: list[Entry]) -> None:
        before = self.seen[-1].hash if self.seen else genesis(self.code, "Asia/Shanghai")
        for entry in entries[len(self.seen) :]:
            before = chained(before, self.code, entry)
            assert entry.hash == before

    def teardown(self) -> None:
        if not self.count:
            return
        entries = self.run(self.memory.transfers(limit=10**6))
        snapshot = self.run(self.memory.snapshot())
        assert snapshot["problems"] == []
        self._10_nothing_is_dated_into_a_closed_month(entries)
        for book in self.stored:  # 12: what was acknowledged is stored, and equal everywhere
            assert self.run(book.snapshot()) == snapshot
            assert self.run(book.transfers(limit=10**6)) == entries
        self._14_the_books_give_the_same_rows(entries)
        self._15_a_replay_gives_the_same_rows(entries)

    def _10_nothing_is_dated_into_a_closed_month(self, entries: list[Entry]) -> None:
        closed = date.min
        for entry in entries:
            assert entry.effective_on > closed
            if entry.kind is EntryKind.PERIOD:
                month = date.fromisoformat(entry.detail[10:17] + "-28") + timedelta(days=4)
                closed = month.replace(day=1) - timedelta(days=1)

    def _14_the_books_give_the_same_rows(self, entries: list[Entry]) -> None:
        accounts = self.run(self.memory.accounts())
        data = BookData(book=self.code, timezone="Asia/Shanghai", accounts=accounts, entries=entries)
        rows = [row for month in months_of(entries) for row in load(write_month(data, month))]
        assert compare([row_of(entry) for entry in entries], rows) == []

    def _15_a_replay_gives_the_same_rows(self, entries: list[Entry]) -> None:
        start = Head(seq=0, hash=genesis(self.code, "Asia/Shanghai"))
        sheet = Sheet(book=self.code, zone=ZONE, head=start, commodities=frozenset({"MIN"}))
        assert replay(sheet, entries) is None
        assert sheet.changes.entries == entries


def run_machine(urls: list[str], *, examples: int, steps: int) -> None:
    with asyncio.Runner() as runner:
        engines = tuple(open_engine(url) for url in urls)
        for engine in engines:
            runner.run(engine.start())
            runner.run(migrate_ledger(engine))
        LedgerMachine.runner, LedgerMachine.engines = runner, engines
        try:
            run_state_machine_as_test(
                LedgerMachine,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            for engine in engines:
                runner.run(engine.close())


def test_anything_in_any_order_keeps_the_invariants_in_memory():
    run_machine([], examples=EXAMPLES, steps=STEPS)


def test_anything_in_any_order_gives_the_same_rows_on_all_three_stores(tmp_path, shared_postgres_url):
    urls = [f"sqlite:///{tmp_path}/machine.db", shared_postgres_url]
    run_machine(urls, examples=max(1, EXAMPLES // 4), steps=STEPS)
