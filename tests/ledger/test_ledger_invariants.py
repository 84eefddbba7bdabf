"""Each of the fifteen invariants can fail: rows in which it does not hold, and its check says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger import (
    AccountKind,
    Batch,
    ClosePeriod,
    Command,
    Entry,
    HoldState,
    Leg,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Transfer,
)
from ledger.books.load import BookDoesNotLoad
from ledger.chain import uid_of
from ledger.rows import Posting
from ledger.store import MemoryBook
from tests.ledger.conftest import MORNING
from tests.ledger.machine.invariants import INVARIANTS, check_all
from tests.ledger.machine.model import Model
from tests.ledger.machine.seen import Moved, Seen

CODE, ISSUER, ZHANG, LI = "dongqu", "Equity:Issued", "Liabilities:Member:M1", "Liabilities:Member:M2"


def give(key: str, who: str, minutes: int) -> Transfer:
    return Transfer(key=key, legs=(Leg(ISSUER, minutes), Leg(who, -minutes)))


def a_little_of_everything() -> list[Command]:
    opened: dict[str, Any] = {"opened_on": date(2026, 1, 1), "floor": 0, "kind": AccountKind.LIABILITY}
    hold: dict[str, Any] = {"payer": ZHANG, "payee": LI, "expires_at": MORNING + timedelta(days=3)}
    return [
        OpenAccount(key="o1", **{**opened, "code": ISSUER, "kind": AccountKind.EQUITY, "floor": None}),
        OpenAccount(key="o2", code=ZHANG, **opened),
        OpenAccount(key="o3", code=LI, **opened),
        ClosePeriod(key="m", month="2026-10"),
        give("t1", ZHANG, 120),
        PlaceHold(key="h1", amount=30, **hold),
        SettleHold(key="s1", hold=uid_of(CODE, "h1"), amount=20),
        PlaceHold(key="h2", amount=10, **hold),
        give("t2", LI, 7),
        ReverseTransfer(key="r2", transfer=uid_of(CODE, "t2")),
        Batch(key="b", commands=(give("b1", ZHANG, 1), give("b2", LI, 1))),
    ]


@pytest.fixture
async def told() -> tuple[Seen, Model]:
    """A sound book as seen after its last step; the step before it saw all but the last command."""
    book = MemoryBook(code=CODE)
    await book.create(("MIN",))
    seen, model = Seen(book), Model(book=CODE, zone=ZoneInfo(book.timezone), commodities={"MIN"})
    *commands, last = a_little_of_everything()
    for step in (commands, [last]):
        answers = await book.post_many(step, at=MORNING)
        assert [model.judge(command, MORNING) for command in step] == ["posted"] * len(step)
        await seen.look(answers)
        if step is commands:
            check_all(seen, model)
    return seen, model


def spoil_last(seen: Seen, **changes: Any) -> None:
    seen.new[-1] = seen.new[-1]._replace(**changes)


def heavier(entry: Entry) -> tuple[Posting, ...]:
    return (entry.postings[0]._replace(amount=entry.postings[0].amount + 1), *entry.postings[1:])


def an_entry_of_uneven_legs(seen: Any, model: Any) -> None:
    spoil_last(seen, postings=heavier(seen.new[-1]))


def an_hour_out_of_nowhere(seen: Any, model: Any) -> None:
    seen.accounts[0] = seen.accounts[0]._replace(dr_posted=seen.accounts[0].dr_posted + 60)


def an_account_further_below_its_floor(seen: Any, model: Any) -> None:
    seen.moved.append(Moved(seen.new[-1], (ZHANG, "MIN"), before=(0, 0), after=(5, 0)))


def a_gap(seen: Any, model: Any) -> None:
    spoil_last(seen, seq=seen.new[-1].seq + 1)


def a_memo_rewritten(seen: Any, model: Any) -> None:
    seen.again[4] = seen.again[4]._replace(memo="other")


def a_key_refused_and_written(seen: Any, model: Any) -> None:
    model.answers["b2"] = (model.answers["b2"][0], "below_floor")


def a_hold_revived(seen: Any, model: Any) -> None:
    uid = uid_of(CODE, "h1")
    seen.holds[uid] = replace(seen.holds[uid], state=HoldState.PENDING)


def a_reversal_nobody_asked_for(seen: Any, model: Any) -> None:
    model.reversed.clear()


def an_entry_in_a_closed_month(seen: Any, model: Any) -> None:
    spoil_last(seen, effective_on=date(2026, 10, 31))


def a_byte_under_the_hash(seen: Any, model: Any) -> None:
    spoil_last(seen, actor="W9")


def an_acknowledgement_of_something_else(seen: Any, model: Any) -> None:
    seen.acknowledged = [seen.acknowledged[0]._replace(hash=b"other")]


def half_a_batch(seen: Any, model: Any) -> None:
    del seen.new[-1]


def another_balance_of_long_ago(seen: Any, model: Any) -> None:
    asked = next(iter(seen.as_of_now))
    seen.as_of_now[asked] = replace(seen.as_of_now[asked], balance=1)


def a_book_that_does_not_balance(seen: Any, model: Any) -> None:
    spoil_last(seen, postings=heavier(seen.new[-1]))


def rows_the_rules_would_not_write(seen: Any, model: Any) -> None:
    spoil_last(seen, hash=bytes(32))


@pytest.mark.parametrize(
    ("number", "spoil"),
    [
        (1, an_entry_of_uneven_legs),
        (2, an_hour_out_of_nowhere),
        (3, an_hour_out_of_nowhere),
        (4, an_account_further_below_its_floor),
        (5, a_gap),
        (6, a_memo_rewritten),
        (7, a_key_refused_and_written),
        (8, a_hold_revived),
        (9, a_reversal_nobody_asked_for),
        (10, an_entry_in_a_closed_month),
        (11, a_byte_under_the_hash),
        (12, an_acknowledgement_of_something_else),
        (12, half_a_batch),
        (13, another_balance_of_long_ago),
        (14, a_book_that_does_not_balance),
        (15, rows_the_rules_would_not_write),
    ],
)
async def test_a_broken_promise_is_named_by_its_number(told: Any, number: int, spoil: Any) -> None:
    seen, model = told
    for earlier in INVARIANTS[: number - 1]:
        earlier.check(seen, model)
    spoil(seen, model)
    with pytest.raises((AssertionError, BookDoesNotLoad)):
        INVARIANTS[number - 1].check(seen, model)


async def test_a_sound_book_keeps_them_all(told: Any) -> None:
    check_all(*told)
