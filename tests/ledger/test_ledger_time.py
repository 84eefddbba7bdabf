"""Moments and days: what is too far away is refused, a clock that was poisoned is healed, and the past can be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import (
    AccountKind,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    Horizon,
    Leg,
    OpenAccount,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
)
from ledger import errors as no
from ledger.store import Book, MemoryBook
from tests.ledger.conftest import DAY, MORNING, Neighbourhood

FAR = datetime(2199, 6, 1, tzinfo=UTC)
RESET = ResetClock(key="heal", actor="W1", approved_by="W2")


@pytest.fixture
def punctual(any_town: Neighbourhood) -> Neighbourhood:
    """The neighbourhood with a clock on the wall that shows the morning of the story."""
    any_town.book._clock = lambda: MORNING
    return any_town


async def poisoned(town: Neighbourhood) -> Neighbourhood:
    """As an older version left it: one entry recorded in 2199."""
    await town.book.post(town.earn(town.zhang, 60, effective_on=None), at=FAR, clock_confirmed=True)
    return town


# -- the moment of recording


async def test_a_moment_far_ahead_is_refused_and_its_key_stays_free(punctual: Neighbourhood) -> None:
    command = punctual.earn(punctual.zhang, 60)
    refusal = await punctual.refused(command, at=FAR)
    assert (refusal.code, refusal.fields["latest"]) == ("clock_ahead", "2026-11-21T01:30:00+00:00")
    assert not (await punctual.post(command)).replayed
    assert (await punctual.book.head()).recorded_at_us < FAR.timestamp() * 1e6


async def test_a_day_ahead_passes_and_a_microsecond_more_does_not(punctual: Neighbourhood) -> None:
    edge = MORNING + timedelta(days=1)
    assert (
        await punctual.refused(punctual.earn(punctual.zhang, 1), at=edge + timedelta(microseconds=1))
    ).code == "clock_ahead"
    await punctual.post(punctual.earn(punctual.zhang, 1), at=edge)
    await punctual.post(punctual.earn(punctual.zhang, 1), at=edge + timedelta(days=1))


async def test_a_moment_long_ago_does_not_turn_the_clock_back(punctual: Neighbourhood) -> None:
    posted = await punctual.post(punctual.earn(punctual.zhang, 60), at=datetime(1970, 1, 2, tzinfo=UTC))
    assert posted.recorded_at == MORNING


async def test_one_poisoned_member_of_a_group_harms_no_other(punctual: Neighbourhood) -> None:
    good = [punctual.earn(punctual.zhang, 60) for _ in range(3)]
    late = punctual.earn(punctual.zhang, 60, effective_on=date(2199, 1, 1))
    answers = await punctual.book.post_many([good[0], late, *good[1:]], at=MORNING)
    assert [getattr(one, "code", "posted") for one in answers] == [
        "posted",
        "day_out_of_reach",
        "posted",
        "posted",
    ]
    assert await punctual.available(punctual.zhang) == 180


async def test_a_known_key_is_answered_whatever_the_clock_says(punctual: Neighbourhood) -> None:
    command = punctual.earn(punctual.zhang, 60)
    first = await punctual.post(command)
    assert (await punctual.post(command, at=FAR)) == first._replace(replayed=True)


async def test_neither_a_sweep_nor_a_seal_can_poison_the_book(punctual: Neighbourhood) -> None:
    await punctual.post(punctual.earn(punctual.zhang, 60))
    await punctual.post(punctual.hold(punctual.zhang, punctual.li, 60))
    for asked in (punctual.book.expire_lapsed(at=FAR), punctual.book.seal_day(date(2199, 1, 1), at=FAR)):
        with pytest.raises(no.ClockAhead):
            await asked
    assert await punctual.book.seals() == []


# -- the days


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"effective_on": date(2199, 12, 31)}, "effective_on"),
        ({"effective_on": DAY + timedelta(days=32)}, "effective_on"),  # one more than a month ahead
        ({"effective_on": date(1970, 1, 1)}, "effective_on"),
        ({"occurred_at": FAR}, "occurred_at"),
        ({"occurred_at": datetime(1970, 1, 1, tzinfo=UTC)}, "occurred_at"),
    ],
)
async def test_days_out_of_reach_are_refused_alone_and_in_a_batch(
    punctual: Neighbourhood, told: Any, field: str
) -> None:
    command = punctual.earn(punctual.zhang, 60, **told)
    refusal = await punctual.refused(command)
    assert (refusal.code, refusal.fields["field"]) == ("day_out_of_reach", field)
    assert (await punctual.refused(Batch(key="b", commands=(command,)))).code == "day_out_of_reach"
    await punctual.post(replace(command, effective_on=DAY, occurred_at=None))


async def test_an_account_opens_within_reach_and_a_book_may_reach_further(punctual: Neighbourhood) -> None:
    command = OpenAccount(key="o", code="Assets:Shelf", kind=AccountKind.ASSET, opened_on=date(2199, 1, 1))
    assert (await punctual.refused(command)).code == "day_out_of_reach"
    await punctual.post(replace(command, opened_on=date(1949, 10, 1)))
    punctual.book._horizon = Horizon(days_ahead=100_000)
    await punctual.post(punctual.earn(punctual.zhang, 60, effective_on=date(2199, 1, 1)))


async def test_a_reversed_slip_of_the_pen_does_not_keep_an_account_open(punctual: Neighbourhood) -> None:
    town = punctual
    slip = await town.post(town.earn(town.zhang, 60, effective_on=DAY + timedelta(days=30)))
    back = await town.post(ReverseTransfer(key="back", transfer=slip.uid))
    assert (await town.book.transfer(back.uid)).effective_on == DAY + timedelta(days=30)
    again = await town.post(ReverseTransfer(key="again", transfer=back.uid))
    close = CloseAccount(key="close", code=town.zhang, effective_on=DAY)
    assert (await town.refused(close)).code == "account_not_empty"
    await town.post(ReverseTransfer(key="for-good", transfer=again.uid))
    await town.post(replace(close, key="close2"))
    assert await town.book.verify() == []


async def test_what_still_counts_for_a_later_day_does_keep_it_open(punctual: Neighbourhood) -> None:
    town = punctual
    later = DAY + timedelta(days=30)
    await town.post(town.earn(town.zhang, 60, effective_on=later))
    await town.post(town.pay(town.zhang, town.li, 60, effective_on=later))
    refusal = await town.refused(CloseAccount(key="close", code=town.zhang, effective_on=DAY))
    assert refusal.code == "account_moved_later"


# -- a poisoned clock


async def test_a_poisoned_clock_is_set_back_by_an_approved_entry(punctual: Neighbourhood) -> None:
    town = await poisoned(punctual)
    assert (await town.post(town.earn(town.li, 5))).recorded_at == FAR
    await town.post(RESET)
    posted = await town.post(town.earn(town.li, 5))
    assert posted.recorded_at == MORNING
    held = await town.post(town.hold(town.li, town.zhang, 10))
    await town.post(SettleHold(key="settle", hold=held.uid, amount=10))
    assert await town.book.verify() == []
    assert (await town.post(RESET)).replayed


async def test_a_clock_that_is_right_is_not_set_back(punctual: Neighbourhood) -> None:
    assert (await punctual.refused(RESET)).code == "clock_not_ahead"
    assert (await punctual.refused(replace(RESET, key="h2", approved_by="W1"))).code == "not_approved"


async def test_a_reset_itself_may_not_jump_ahead(punctual: Neighbourhood) -> None:
    await poisoned(punctual)
    assert (await punctual.refused(RESET, at=FAR - timedelta(days=9))).code == "clock_ahead"
    assert (await punctual.refused(Batch(key="b", commands=(RESET,)))).code == "batch_nested"


async def test_a_healed_book_is_restored_entry_by_entry(punctual: Neighbourhood) -> None:
    town = await poisoned(punctual)
    await town.post(RESET)
    await town.post(town.earn(town.li, 5))
    again = MemoryBook(code=town.book.code)
    await again.create(("MIN", "PTS"))
    await again.restore(await town.book.transfers())
    assert await again.head() == await town.book.head()


async def test_a_clock_set_back_without_approval_is_found(punctual: Neighbourhood) -> None:
    town = await poisoned(punctual)
    await town.post(RESET)
    entries = await town.book.transfers()
    spoiled = [one._replace(detail='{"approved_by":""}') if one.kind == "clock" else one for one in entries]
    from ledger import Auditor

    auditor = Auditor(book=town.book.code, timezone=town.book.timezone)
    auditor.feed(spoiled)
    assert {problem.code for problem in auditor.problems} == {"clock", "chain"}


# -- how it stood


async def test_the_balance_at_a_moment_is_what_the_book_said_then(punctual: Neighbourhood) -> None:
    town = punctual
    for hour, minutes in ((0, 10), (1, 20), (2, 50)):
        await town.post(town.earn(town.zhang, minutes), at=MORNING + timedelta(hours=hour))
    quarter_past = MORNING + timedelta(minutes=15)
    assert (await town.book.balance(town.zhang, as_of=quarter_past)).balance == 10
    assert (await town.book.balance(town.zhang, as_of=MORNING - timedelta(days=9))).balance == 0
    assert (await town.book.balance(town.zhang, as_of=MORNING + timedelta(hours=1))).balance == 30
    assert (await town.book.balance(town.zhang)).balance == 80
    trial = await town.book.trial_balance(as_of=quarter_past)
    assert trial.off_by == {"MIN": 0}
    assert {row.account: row.balance for row in trial.rows}[town.zhang] == 10
    told = await town.book.statement(town.zhang, as_of=quarter_past)
    assert ([line.amount for line in told.lines], told.balance.balance) == ([10], 10)


async def test_the_balance_on_a_day_is_what_counts_for_it(punctual: Neighbourhood) -> None:
    town = punctual
    for days, minutes in ((-20, 10), (5, 20), (-10, 30), (0, 40)):
        await town.post(town.earn(town.zhang, minutes, effective_on=DAY + timedelta(days=days)))
    for days, expected in ((-21, 0), (-20, 10), (-11, 10), (-10, 40), (0, 80), (4, 80), (5, 100)):
        on = DAY + timedelta(days=days)
        assert (await town.book.balance(town.zhang, on=on)).balance == expected
        trial = await town.book.trial_balance(on=on)
        assert {row.account: row.balance for row in trial.rows}[town.zhang] == expected
        assert not any(trial.off_by.values())
        assert (await town.book.coverage(on=on))["MIN"].owed == expected
    told = await town.book.statement(town.zhang, on=DAY, limit=2)
    assert [(line.amount, line.balance_after) for line in told.lines] == [(40, 80), (30, 40)]
    older = await town.book.statement(town.zhang, on=DAY, limit=2, before_seq=told.next_before_seq)
    assert [(line.amount, line.balance_after) for line in older.lines] == [(10, 10)]


async def test_holds_count_as_they_stood(punctual: Neighbourhood) -> None:
    town = punctual
    await town.post(town.earn(town.zhang, 60))
    hour = timedelta(hours=1)
    held = await town.post(
        town.hold(town.zhang, town.li, 25, expires_at=MORNING + 5 * hour), at=MORNING + hour
    )
    await town.post(SettleHold(key="s", hold=held.uid, amount=20, effective_on=DAY), at=MORNING + 3 * hour)
    available = [
        (await town.book.balance(town.zhang, as_of=MORNING + hours * hour)).available
        for hours in (0, 1, 2, 3)
    ]
    assert available == [60, 35, 35, 40]
    other = await town.post(
        town.hold(town.zhang, town.li, 25, expires_at=MORNING + 5 * hour), at=MORNING + 4 * hour
    )
    assert (await town.book.balance(town.zhang, as_of=MORNING + 4 * hour)).available == 15
    assert (await town.book.balance(town.zhang, as_of=MORNING + 6 * hour)).available == 40
    assert (await town.book.balance(town.zhang)).available == 15
    assert (await town.book.balance(town.zhang, lapsed_by=MORNING + 6 * hour)).available == 40
    assert (await town.book.balance(town.zhang, on=DAY)).available == 15
    due = await town.book.holds_due(MORNING + 9 * hour)
    assert [hold.uid for hold in due] == [other.uid]
    assert await town.book.holds_due(MORNING) == []
    assert await town.book.holds_due(MORNING + 9 * hour, codes=[town.wang]) == []


async def test_bounds_and_lifetimes_are_those_of_then(punctual: Neighbourhood) -> None:
    town = punctual
    await town.post(
        ChangeLimits(key="l", code=town.issuer, floor=-9000, ceiling=None), at=MORNING + timedelta(hours=1)
    )
    await town.post(CloseAccount(key="c", code=town.wang), at=MORNING + timedelta(hours=2))
    late = OpenAccount(key="n", code="Liabilities:Member:M9", kind=AccountKind.LIABILITY, opened_on=DAY)
    await town.post(late, at=MORNING + timedelta(hours=3))
    before = {one.code: one for one in await town.book.accounts_then(as_of=MORNING)}
    assert (before[town.issuer].floor, before[town.wang].closed_on, late.code in before) == (
        -6000,
        None,
        False,
    )
    assert (await town.book.coverage(as_of=MORNING))["MIN"].reserve == 6000
    after = {one.code: one for one in await town.book.accounts_then(as_of=MORNING + timedelta(hours=3))}
    assert (after[town.issuer].floor, after[town.wang].closed_on, late.code in after) == (-9000, DAY, True)
    assert {one.code for one in await town.book.accounts_then(on=DAY - timedelta(days=1))} == before.keys()


async def test_a_moment_is_found_on_both_sides_of_a_reset(punctual: Neighbourhood) -> None:
    town = punctual
    await town.post(town.earn(town.zhang, 10))
    await poisoned(town)
    await town.post(RESET, at=MORNING + timedelta(hours=1))
    await town.post(town.earn(town.zhang, 30), at=MORNING + timedelta(hours=2))
    found = [
        (await town.book.balance(town.zhang, as_of=MORNING + timedelta(hours=h))).balance for h in (0, 1, 2)
    ]
    assert found == [10, 70, 100]


@pytest.mark.parametrize(
    "more", [{"as_of": MORNING, "on": DAY}, {"as_of_seq": 1, "on": DAY}, {"on": MORNING}]
)
async def test_one_point_in_time_is_asked_for(punctual: Neighbourhood, more: Any) -> None:
    with pytest.raises(ValueError, match="as_of"):
        await punctual.book.balance(punctual.zhang, **more)


# -- reopened, balanced off, taken back twice


async def test_a_closed_account_opens_again_with_its_line_and_bounds(punctual: Neighbourhood) -> None:
    town = punctual
    await town.post(CloseAccount(key="c", code=town.zhang, effective_on=DAY))
    reopen = ReopenAccount(key="r", code=town.zhang)
    early = replace(reopen, key="r0", effective_on=DAY - timedelta(days=1))
    assert (await town.refused(early)).code == "account_closed"
    await town.post(reopen)
    await town.post(town.earn(town.zhang, 5))
    assert (await town.post(reopen)).replayed
    assert (await town.refused(replace(reopen, key="r2"))).code == "account_not_closed"
    assert (await town.refused(replace(reopen, key="r3", code="Assets:No"))).code == "unknown_account"
    assert (await town.refused(town.pay(town.zhang, town.li, 6))).code == "below_floor"
    assert await town.book.verify() == []


async def test_two_processes_reopening_one_account_do_it_once(stored_town: Neighbourhood) -> None:
    town = stored_town
    await town.post(CloseAccount(key="c", code=town.zhang, effective_on=DAY))
    other = Book(town.engine, code=town.book.code)
    await town.post(ReopenAccount(key="mine", code=town.zhang))
    with pytest.raises(no.AccountNotClosed):
        await other.post(ReopenAccount(key="theirs", code=town.zhang), at=MORNING)
    assert await town.book.verify() == []


@pytest.mark.parametrize(("at_most", "moved"), [(None, 35), (100, 35), (20, 20)])
async def test_a_balancing_transfer_moves_what_is_there(
    punctual: Neighbourhood, at_most: int | None, moved: int
) -> None:
    town = punctual
    await town.post(town.earn(town.zhang, 60))
    await town.post(town.hold(town.zhang, town.li, 25))
    command = BalancingTransfer(key="all", payer=town.zhang, payee=town.wang, at_most=at_most)
    await town.post(command)
    assert await town.available(town.wang) == moved
    assert (await town.post(command)).replayed
    assert (await town.refused(replace(command, at_most=7))).code == "key_conflict"
    assert (await town.refused(replace(command, key="x", payer=town.li))).code == "nothing_to_move"
    again = MemoryBook(code=town.book.code)
    await again.create(("MIN", "PTS"))
    await again.restore(await town.book.transfers())
    assert await again.head() == await town.book.head()


async def test_an_asset_is_balanced_off_by_a_credit(punctual: Neighbourhood) -> None:
    town = punctual
    shelf = OpenAccount(key="o", code="Assets:Shelf", kind=AccountKind.ASSET, opened_on=DAY)
    await town.post(shelf)
    legs = (Leg("Assets:Shelf", 30), Leg(town.issuer, -30))
    await town.post(Transfer(key="in", legs=legs, effective_on=DAY))
    await town.post(BalancingTransfer(key="out", payer="Assets:Shelf", payee=town.issuer))
    assert (await town.book.balance("Assets:Shelf")).balance == 0


async def test_taking_back_a_reversal_lets_the_first_entry_stand(punctual: Neighbourhood) -> None:
    town = punctual
    first = await town.post(town.earn(town.zhang, 60))
    back = await town.post(ReverseTransfer(key="back", transfer=first.uid))
    assert (await town.book.statement(town.zhang)).lines[1].reversed_by == back.uid
    again = await town.post(ReverseTransfer(key="again", transfer=back.uid))
    lines = {line.uid: line for line in (await town.book.statement(town.zhang)).lines}
    assert (lines[first.uid].reversed_by, lines[back.uid].reversed_by) == ("", again.uid)
    assert lines[again.uid].reverses == back.uid
    assert await town.available(town.zhang) == 60
    assert (await town.refused(ReverseTransfer(key="b2", transfer=first.uid))).code == "already_reversed"
    assert await town.book.verify() == []


async def test_sums_over_a_subtree_of_accounts(punctual: Neighbourhood) -> None:
    town = punctual
    await town.post(town.earn(town.zhang, 60))
    await town.post(town.earn(town.li, 15, effective_on=DAY - timedelta(days=3)))
    await town.post(town.hold(town.zhang, town.li, 10))
    sums = (await town.book.subtree("Liabilities:Member"))["MIN"]
    assert (sums.accounts, sums.balance, sums.pending, sums.credit) == (3, 75, 10, 75)
    assert (await town.book.subtree("Liabilities", on=DAY - timedelta(days=1)))["MIN"].balance == 15
    assert await town.book.subtree("Liabilities:Mem") == {}
    assert (await town.book.subtree(town.zhang))["MIN"].balance == 60
