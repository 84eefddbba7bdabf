"""Everything that can be asked of a book, in any order, on three stores at once, against the book on paper.

The fifteen invariants (`tests/ledger/machine/invariants.py`) are checked after every step on every store. Of 200 examples
of 50 steps, 160 run in memory, 30 in memory and on SQLite, 10 on all three stores; `LEDGER_EXAMPLES` and `LEDGER_STEPS` make
the run longer, in the same proportions, and `-s` or `-rP` shows how much was tried. With `LEDGER_TALLY` naming a file a long run
writes down what it has done, and when it was cut short the next one goes on from there.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger import (
    AccountKind,
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    ExpireHold,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    ReopenAccount,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import EngineError, open_engine
from tests.ledger.machine.invariants import INVARIANTS, check_all, check_at_the_end
from tests.ledger.machine.model import Model
from tests.ledger.machine.seen import Seen
from tests.ledger.machine.tally import Tally

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "200"))
STEPS = int(os.environ.get("LEDGER_STEPS", "50"))
TALLY = Tally(os.environ.get("LEDGER_TALLY"))
BLOCK = 100
"""Examples that Hypothesis draws in one go; what it remembers of them is forgotten in between."""

ISSUER, SHELF = "Equity:Community:DQ:Issued", "Assets:Shop:Shelf"
PEOPLE = [f"Liabilities:Member:M{n}" for n in range(4)]
KIND = {ISSUER: AccountKind.EQUITY, SHELF: AccountKind.ASSET, **dict.fromkeys(PEOPLE, AccountKind.LIABILITY)}
START = datetime(2026, 9, 28, 1, tzinfo=UTC)
BOOKS = itertools.count(1)

people = st.sampled_from(PEOPLE)
anyone = st.sampled_from([ISSUER, *PEOPLE[:3], *PEOPLE, SHELF])
commodities = st.sampled_from(["MIN", "MIN", "MIN", "MIN", "EGG"])
minutes = st.integers(1, 70)
picks = st.integers(0, 10**6)
approvals = st.sampled_from(["", "W2"])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=5)


class LedgerMachine(RuleBasedStateMachine):
    """Posts the same commands to memory and to the databases, and the paper says what must come of them."""

    loop: asyncio.AbstractEventLoop
    engines: tuple[Any, ...] = ()
    tried: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        # A database keeps all books of a run; in memory the same code makes a failing run fail again.
        self.code = f"machine{next(BOOKS) if self.engines else ''}"
        self.books: list[Book] = [MemoryBook(code=self.code)]
        self.books += [Book(engine, code=self.code) for engine in self.engines]
        dialects = ["", *(engine.dialect for engine in self.engines)]
        self.seen = [
            Seen(book, in_one_view=dialect == "postgres")
            for book, dialect in zip(self.books, dialects, strict=True)
        ]
        self.model = Model(book=self.code, zone=ZoneInfo("Asia/Shanghai"), commodities={"MIN", "EGG"})
        self.at = START
        self.count = 0
        self.acknowledged: list[list[Any]] = [[] for _ in self.books]

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    @property
    def today(self) -> date:
        return self.at.astimezone(self.model.zone).date()

    # -- how a step is taken

    def everywhere(self, ask: Callable[[Book], Awaitable[Any]]) -> list[Any]:
        """The same question to every book; what each answered."""
        return self.on_every_store([partial(ask, book) for book in self.books])

    def on_every_store(self, asked: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
        """One question per store; memory never waits, so the loop turns for the databases only, and once."""

        async def on_databases() -> list[Any]:
            return await asyncio.gather(*(ask() for ask in asked[1:]))

        in_memory = at_once(asked[0]())
        return [in_memory, *(self.loop.run_until_complete(on_databases()) if asked[1:] else [])]

    def post(self, *commands: Command) -> None:
        """Post everywhere; all stores answer alike, and as the paper says."""
        self.tried["commands"] += len(commands)
        expected = [self.model.judge(command, self.at) for command in commands]
        answers = self.everywhere(lambda book: book.post_many(commands, at=self.at))
        told = [[_told(answer) for answer in of_book] for of_book in answers]
        assert all(one == told[0] for one in told), f"the stores disagree: {told}"
        codes = [answer.code if isinstance(answer, LedgerRefusal) else "posted" for answer in answers[0]]
        assert codes == expected, commands
        for kept, of_book in zip(self.acknowledged, answers, strict=True):
            kept += of_book

    def _legs(self, payer: str, payee: str, amount: int, commodity: str) -> tuple[Leg, ...]:
        return (Leg(payer, amount, commodity), Leg(payee, -amount, commodity))

    def _hold(self, pick: int) -> str:
        """A known hold, or now and then one that was never placed."""
        if not pick % 3 and not any(hold.open for hold in self.model.holds.values()):
            self.place_hold(ISSUER, PEOPLE[0], 10 + pick % 50, "MIN", days=5)
        uids = sorted(uid for uid, hold in self.model.holds.items() if hold.open or pick % 5 == 0)
        return uids[pick % len(uids)] if uids and pick % 17 else uid_of(self.code, f"nothing{pick}")

    def _transfer(self, pick: int) -> str:
        if not pick % 3 and len(self.model.moves) == len(self.model.reversed):
            self.transfer(ISSUER, PEOPLE[0], 10 + pick % 50, "MIN", days=0)
        uids = sorted(self.model.others if pick % 7 == 0 else self.model.moves)
        return uids[pick % len(uids)] if uids and pick % 17 else uid_of(self.code, f"nothing{pick}")

    # -- rules

    @initialize()
    def open_the_book(self) -> None:
        self.everywhere(lambda book: book.create(("MIN", "EGG")))
        self._open(ISSUER, floor=-400)
        self._open(ISSUER, floor=None, commodity="EGG")
        self._open(SHELF, commodity="EGG", ceiling=150)
        for who in PEOPLE[:3]:
            self._open(who)
        self._open(PEOPLE[0], commodity="EGG")
        for who in PEOPLE[:2]:
            self.post(Transfer(key=self.key(), legs=self._legs(ISSUER, who, 60, "MIN")))
        self.post(Transfer(key=self.key(), legs=self._legs(SHELF, ISSUER, 60, "EGG")))

    def _open(self, code: str, **more: Any) -> None:
        told: dict[str, Any] = {
            "key": self.key(),
            "kind": KIND[code],
            "opened_on": self.today - timedelta(days=60),
        }
        self.post(OpenAccount(code=code, **{**told, **more}))

    @rule(
        code=anyone,
        commodity=st.sampled_from(["MIN", "EGG", "EGG", "PTS"]),
        days=st.sampled_from([-40, -5, -5, 0, 3]),
        floor=st.none() | st.integers(-50, 1),
        ceiling=st.none() | st.integers(-1, 120),
    )
    def open_an_account(
        self, code: str, commodity: str, days: int, floor: int | None, ceiling: int | None
    ) -> None:
        if floor is not None and ceiling is not None and floor > ceiling:
            return
        on = self.today + timedelta(days=days)
        self._open(code, commodity=commodity, opened_on=on, floor=floor, ceiling=ceiling)

    @rule(
        payer=anyone,
        payee=anyone,
        amount=minutes,
        commodity=commodities,
        days=st.sampled_from([-80, -30, -1, 0, 0, 2, 20]),
    )
    def transfer(self, payer: str, payee: str, amount: int, commodity: str, days: int) -> None:
        if payer != payee:
            on = self.today + timedelta(days=days)
            legs = self._legs(payer, payee, amount, commodity)
            self.post(Transfer(key=self.key(), legs=legs, effective_on=on, memo="帮忙"))

    @rule(
        amounts=st.lists(st.integers(-60, 60).filter(bool), min_size=3, max_size=3), eggs=st.integers(0, 20)
    )
    def transfer_among_all(self, amounts: list[int], eggs: int) -> None:
        """Many legs, and two commodities that each sum to zero."""
        if not sum(amounts):
            return
        debits = zip([ISSUER, *PEOPLE[:3]], [*amounts, -sum(amounts)], strict=True)
        legs = tuple(Leg(who, debit) for who, debit in debits)
        if eggs:
            legs += self._legs(ISSUER, PEOPLE[0], eggs, "EGG")
        self.post(Transfer(key=self.key(), legs=legs, meta={"service": "S1"}))

    @rule(payer=anyone, payee=anyone, amount=minutes, commodity=commodities)
    def adjust(self, payer: str, payee: str, amount: int, commodity: str) -> None:
        if payer != payee:
            legs = self._legs(payer, payee, amount, commodity)
            self.post(Adjust(key=self.key(), legs=legs, actor="W1", approved_by="W2"))

    @rule(payer=anyone, payee=anyone, amount=minutes, commodity=commodities, days=st.integers(-1, 20))
    def place_hold(self, payer: str, payee: str, amount: int, commodity: str, days: int) -> None:
        if payer != payee:
            told: dict[str, Any] = {"payer": payer, "payee": payee, "amount": amount, "commodity": commodity}
            self.post(PlaceHold(key=self.key(), expires_at=self.at + timedelta(days=days), **told))

    @rule(payee=people, amount=st.integers(1, 5), days=st.integers(1, 3))
    def place_hold_for_a_later_day(self, payee: str, amount: int, days: int) -> None:
        """It may lapse before the day it counts for, even before its payee's account opens."""
        told: dict[str, Any] = {"payer": ISSUER, "payee": payee, "amount": amount}
        on = self.today + timedelta(days=days)
        self.post(PlaceHold(key=self.key(), expires_at=self.at, effective_on=on, **told))

    @rule(pick=picks, amount=minutes, stand_in=st.none() | people)
    def settle(self, pick: int, amount: int, stand_in: str | None) -> None:
        uid = self._hold(pick)
        hold = self.model.holds.get(uid)
        if hold is None or (stand_in or hold.payee) != hold.payer:
            self.post(SettleHold(key=self.key(), hold=uid, amount=amount, payee=stand_in))

    @rule(pick=picks)
    def void(self, pick: int) -> None:
        self.post(VoidHold(key=self.key(), hold=self._hold(pick)))

    @rule(pick=picks)
    def expire(self, pick: int) -> None:
        self.post(ExpireHold(key=self.key(), hold=self._hold(pick)))

    @rule()
    def sweep(self) -> None:
        """Write down the end of every lapsed hold."""
        before, self.model.now = self.model.now, max(self.model.now, self.at)
        count = self.model.lapse()
        if not count:
            self.model.now = before
        swept = self.everywhere(lambda book: book.expire_lapsed(at=self.at))
        assert all(one == swept[0] for one in swept)
        assert len(swept[0]) == count

    @rule(pick=picks, approved_by=approvals)
    def reverse(self, pick: int, approved_by: str) -> None:
        told: dict[str, Any] = {"actor": "W1", "approved_by": approved_by}
        self.post(ReverseTransfer(key=self.key(), transfer=self._transfer(pick), **told))

    @rule(
        who=anyone,
        commodity=commodities,
        floor=st.none() | st.integers(-60, 20),
        ceiling=st.none() | st.integers(20, 200),
    )
    def change_limits(self, who: str, commodity: str, floor: int | None, ceiling: int | None) -> None:
        told: dict[str, Any] = {"code": who, "commodity": commodity, "floor": floor, "ceiling": ceiling}
        self.post(ChangeLimits(key=self.key(), **told))

    @rule(payer=anyone, payee=anyone, at_most=st.none() | minutes, commodity=commodities)
    def balance_off(self, payer: str, payee: str, at_most: int | None, commodity: str) -> None:
        if payer != payee:
            told: dict[str, Any] = {
                "payer": payer,
                "payee": payee,
                "at_most": at_most,
                "commodity": commodity,
            }
            self.post(BalancingTransfer(key=self.key(), **told))

    @rule(who=people, commodity=commodities, days=st.sampled_from([None, None, -3, 0]))
    def reopen_account(self, who: str, commodity: str, days: int | None) -> None:
        on = None if days is None else self.today + timedelta(days=days)
        self.post(ReopenAccount(key=self.key(), code=who, commodity=commodity, effective_on=on))

    @rule(who=people, commodity=commodities, days=st.integers(-2, 0))
    def close_account(self, who: str, commodity: str, days: int) -> None:
        on = self.today + timedelta(days=days)
        self.post(CloseAccount(key=self.key(), code=who, commodity=commodity, effective_on=on))

    @rule(amounts=st.lists(st.integers(1, 120), min_size=1, max_size=3))
    def batch_of_payments(self, amounts: list[int]) -> None:
        """A chain of payments: all of them, or none."""
        chain = [ISSUER, *PEOPLE]
        members = [
            Transfer(key=self.key(), legs=self._legs(chain[n], chain[n + 1], amount, "MIN"))
            for n, amount in enumerate(amounts)
        ]
        self.post(Batch(key=self.key(), commands=tuple(members)))

    @rule(
        who=people, held=minutes, paid=minutes, pick=picks, end=st.sampled_from(["settle", "void", "expire"])
    )
    def batch_of_everything(self, who: str, held: int, paid: int, pick: int, end: str) -> None:
        """Place a hold, end it or another, reverse something, and sometimes reuse a key."""
        told: dict[str, Any] = {
            "payer": ISSUER,
            "payee": who,
            "amount": held,
            "expires_at": self.at + timedelta(days=2),
        }
        place = PlaceHold(key=self.key(), **told)
        hold = uid_of(self.code, place.key) if pick % 2 else self._hold(pick)
        old = self.model.holds.get(hold)
        ending = {
            "settle": SettleHold(key=self.key(), hold=hold, amount=paid),
            "void": VoidHold(key=self.key(), hold=hold),
            "expire": ExpireHold(key=self.key(), hold=hold),
        }[end]
        known = self.key() if pick % 5 else next(iter(self.model.answers))
        undo = ReverseTransfer(key=known, transfer=self._transfer(pick), approved_by="W2")
        members = (place, ending, undo) if pick % 3 else (place, ending)
        if old is None or old.payer != old.payee:
            self.post(Batch(key=self.key(), commands=members))

    @rule(amounts=st.lists(minutes, min_size=2, max_size=4), payee=people)
    def several_at_once(self, amounts: list[int], payee: str) -> None:
        """One group of posts, each answered for itself; the last repeats the first."""
        group = [
            Transfer(key=self.key(), legs=self._legs(ISSUER, payee, amount, "MIN")) for amount in amounts
        ]
        self.post(*group, group[0])

    @rule(hours=st.sampled_from([-2, 1, 8, 30, 200, 500]))
    def time_passes(self, hours: int) -> None:
        """Now and then the machine's clock is set back; the book's never is."""
        self.at += timedelta(hours=hours)

    @rule(months=st.integers(0, 2))
    def close_a_month(self, months: int) -> None:
        day = self.today.replace(day=1)
        for _ in range(months):
            day = (day - timedelta(days=1)).replace(day=1)
        self.post(ClosePeriod(key=self.key(), month=f"{day:%Y-%m}"))

    @rule(days=st.integers(1, 3))
    def seal_a_day(self, days: int) -> None:
        day = self.today - timedelta(days=days)
        seals = self.everywhere(lambda book: book.seal_day(day, at=self.at))
        assert all(seal == seals[0] for seal in seals)

    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        """The same key and body give the same answer and write nothing, also when it was no."""
        known = [command for command, _ in self.model.answers.values()]
        before = self.seen[0].head
        self.post(known[pick % len(known)])
        assert all(head == before for head in self.everywhere(Book.head))

    @rule(pick=picks, memo=texts)
    def ask_something_else_under_the_same_key(self, pick: int, memo: str) -> None:
        known = [command for command, _ in self.model.answers.values()]
        before = self.seen[0].head
        command = known[pick % len(known)]
        self.post(replace(command, memo=command.memo + memo))
        assert all(head == before for head in self.everywhere(Book.head))

    # -- after every step

    @invariant()
    def the_fifteen_invariants_hold_on_every_store(self) -> None:
        self.tried["steps"] += 1
        self.look()
        for seen in self.seen:
            check_all(seen, self.model)

    def look(self, *, at_everything: bool = False) -> None:
        both = zip(self.seen, self.acknowledged, strict=True)
        self.on_every_store([partial(seen.look, told, at_everything=at_everything) for seen, told in both])
        self.acknowledged = [[] for _ in self.books]

    @invariant()
    def the_stores_hold_equal_rows(self) -> None:
        for seen in self.seen[1:]:
            assert (seen.new, seen.accounts, seen.holds) == (
                self.seen[0].new,
                self.seen[0].accounts,
                self.seen[0].holds,
            )
            assert (seen.periods, seen.seals) == (self.seen[0].periods, self.seen[0].seals)

    def teardown(self) -> None:
        # After a failure or an interruption what was seen may be half of a step; there is nothing more to check.
        if not self.count or isinstance(sys.exception(), AssertionError | EngineError | KeyboardInterrupt):
            return
        self.tried["examples"] += 1
        self.look(at_everything=True)
        for seen in self.seen:
            check_at_the_end(seen, self.model)
        assert not any(self.loop.run_until_complete(book.verify()) for book in self.books)


def at_once(asked: Awaitable[Any]) -> Any:
    """The answer to a question that waits for nothing, as a book in memory answers."""
    try:
        asked.__await__().send(None)
    except StopIteration as told:
        return told.value
    raise AssertionError("a book in memory waited for something")


def _told(answer: Posted | LedgerRefusal) -> Any:
    return (answer.code, answer.fields) if isinstance(answer, LedgerRefusal) else answer


def run_machine(urls: list[str], *, share: int) -> None:
    """`share` percent of all examples in memory and on these databases; at the end it prints how much was tried."""
    loop = asyncio.new_event_loop()
    # A process that is held up for long, with the lid of its computer shut, is no fault of the book.
    engines = tuple(open_engine(url, unit_limit_s=3600.0) for url in urls)
    for engine in engines:
        loop.run_until_complete(engine.start())
        loop.run_until_complete(migrate_ledger(engine))
    LedgerMachine.loop, LedgerMachine.engines = loop, engines
    stores = f"memory and {len(urls)} databases"
    examples = max(1, EXAMPLES * share // 100)
    try:
        while (left := examples - TALLY.done(stores)) > 0:
            LedgerMachine.tried = Counter()
            try:
                run_block(min(BLOCK, left))
            finally:
                TALLY.add(stores, LedgerMachine.tried)
            assert LedgerMachine.tried["examples"], "a block without an example would never come to an end"
    finally:
        print(f"{stores}: {TALLY.sums(stores)}")
        for engine in engines:
            loop.run_until_complete(engine.close())
        loop.close()


def run_block(examples: int) -> None:
    # Hypothesis keeps a tree of all it has tried, in which looking for garbage costs a fifth of the time and finds none.
    gc.disable()
    try:
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        gc.enable()
        gc.collect()


def test_there_are_fifteen_invariants_each_with_a_number_and_a_name() -> None:
    assert [one.number for one in INVARIANTS] == list(range(1, 16))
    assert len({one.name for one in INVARIANTS}) == 15


def test_anything_in_any_order_keeps_the_invariants_in_memory() -> None:
    run_machine([], share=80)


def test_anything_in_any_order_keeps_the_invariants_on_sqlite(tmp_path: Path) -> None:
    run_machine([f"sqlite:///{tmp_path}/machine.db"], share=15)


def test_anything_in_any_order_keeps_the_invariants_on_all_three_stores(
    tmp_path: Path, shared_postgres_url: str
) -> None:
    run_machine([f"sqlite:///{tmp_path}/machine.db", shared_postgres_url], share=5)


def test_a_run_that_was_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    path = str(tmp_path / "soak.jsonl")
    assert Tally(path).done("memory") == 0
    Tally(path).add("memory", Counter(examples=100, steps=17_800))
    Tally(path).add("memory", Counter(examples=7, steps=1_200))
    Tally(path).add("memory and 1 databases", Counter(examples=3))
    assert Tally(path).sums("memory") == {"examples": 107, "steps": 19_000}
    assert Tally(path).done("memory and 1 databases") == 3
    assert Tally().done("memory") == 0
