"""What a post does, on all three stores alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import (
    Account,
    AccountKind,
    Adjust,
    Batch,
    ChangeLimits,
    CloseAccount,
    ExpireHold,
    HoldState,
    Leg,
    OpenAccount,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger import errors as no
from tests.ledger.conftest import Neighbourhood

DAY = date(2026, 11, 20)


async def test_an_hour_given_stands_on_the_givers_account_and_is_issued_by_the_community(
    any_town: Neighbourhood,
) -> None:
    posted = await any_town.post(any_town.earn(any_town.zhang, 60))
    assert (await any_town.book.balance(any_town.zhang)).balance == 60
    assert (await any_town.book.balance(any_town.issuer)).balance == -60
    assert posted.seq == 5
    assert not posted.replayed
    assert await any_town.book.verify() == []


async def test_a_hold_is_set_aside_at_once_settled_in_part_and_the_rest_is_freed(
    any_town: Neighbourhood,
) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 300))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 120))
    assert await any_town.available(any_town.zhang) == 180
    assert (await any_town.book.balance(any_town.li)).pending_in == 120

    await any_town.post(SettleHold(key="settle", hold=hold.uid, amount=90))

    assert (await any_town.book.balance(any_town.zhang)).balance == 210
    assert await any_town.available(any_town.zhang) == 210
    assert (await any_town.book.balance(any_town.li)).balance == 90
    kept = await any_town.book.hold(hold.uid)
    assert (kept.state, kept.settled) == (HoldState.SETTLED, 90)
    assert await any_town.book.verify() == []


async def test_a_stand_in_is_paid_instead_of_the_helper_the_hold_named(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 60))
    await any_town.post(SettleHold(key="settle", hold=hold.uid, amount=60, payee=any_town.wang))
    assert (await any_town.book.balance(any_town.wang)).balance == 60
    assert (await any_town.book.balance(any_town.li)).pending_in == 0
    assert await any_town.book.verify() == []


async def test_a_voided_hold_gives_everything_back(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 60))
    await any_town.post(VoidHold(key="void", hold=hold.uid))
    assert await any_town.available(any_town.zhang) == 60
    assert (await any_town.book.hold(hold.uid)).state is HoldState.VOIDED


async def test_a_lapsed_hold_never_stands_in_the_way_even_before_anyone_swept_it(
    any_town: Neighbourhood,
) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 60))
    later = any_town.at + timedelta(days=8)
    assert await any_town.available(any_town.zhang) == 0
    assert (await any_town.book.balance(any_town.zhang, lapsed_by=later)).available == 60

    await any_town.post(any_town.pay(any_town.zhang, any_town.wang, 60), at=later)

    assert (await any_town.book.hold(hold.uid)).state is HoldState.EXPIRED
    refusal = await any_town.refused(SettleHold(key="late", hold=hold.uid, amount=60), at=later)
    assert refusal.fields["state"] == "expired"
    assert await any_town.book.verify() == []


async def test_the_sweep_ends_lapsed_holds_oldest_first_and_only_those(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    soon, sooner, never = [
        await any_town.post(
            any_town.hold(any_town.zhang, any_town.li, 10, expires_at=any_town.at + timedelta(days=days))
        )
        for days in (3, 2, 99)
    ]
    swept = await any_town.book.expire_lapsed(at=any_town.at + timedelta(days=5))
    entries = [await any_town.book.transfer(one.uid) for one in swept]
    assert [entry.hold for entry in entries] == [sooner.uid, soon.uid]
    assert (await any_town.book.hold(never.uid)).state is HoldState.PENDING
    assert await any_town.book.expire_lapsed(at=any_town.at + timedelta(days=5)) == []
    assert await any_town.book.verify() == []


async def test_a_hold_can_be_expired_by_hand_once_its_time_is_over(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 60))
    early = await any_town.refused(ExpireHold(key="early", hold=hold.uid))
    assert isinstance(early, no.HoldNotLapsed)
    await any_town.post(ExpireHold(key="due", hold=hold.uid), at=any_town.at + timedelta(days=7))
    assert (await any_town.book.hold(hold.uid)).state is HoldState.EXPIRED


async def test_a_reversal_is_the_exact_negation_and_happens_once(any_town: Neighbourhood) -> None:
    earned = await any_town.post(any_town.earn(any_town.zhang, 60))
    reversal = await any_town.post(ReverseTransfer(key="oops", transfer=earned.uid, actor="W1"))
    assert (await any_town.book.balance(any_town.zhang)).balance == 0
    entry = await any_town.book.transfer(reversal.uid)
    assert [posting.amount for posting in entry.postings] == [-60, 60]
    twice = await any_town.refused(ReverseTransfer(key="oops-again", transfer=earned.uid))
    assert isinstance(twice, no.AlreadyReversed)
    assert twice.fields["reversed_by"] == reversal.uid


async def test_reversing_hours_already_spent_needs_an_approval_and_flags_the_account(
    any_town: Neighbourhood,
) -> None:
    earned = await any_town.post(any_town.earn(any_town.zhang, 60))
    await any_town.post(any_town.pay(any_town.zhang, any_town.li, 50))
    assert isinstance(await any_town.refused(ReverseTransfer(key="r1", transfer=earned.uid)), no.BelowFloor)
    await any_town.post(ReverseTransfer(key="r2", transfer=earned.uid, actor="W1", approved_by="W2"))
    flagged = await _account(any_town, any_town.zhang)
    assert (flagged.balance, flagged.waived) == (-50, True)
    # What brings the account nearer to its bound is welcome; what takes it further away is not.
    assert isinstance(await any_town.refused(any_town.pay(any_town.zhang, any_town.li, 1)), no.BelowFloor)
    await any_town.post(any_town.earn(any_town.zhang, 50))
    assert not (await _account(any_town, any_town.zhang)).waived
    assert await any_town.book.verify() == []


async def test_an_adjustment_passes_bounds_because_someone_else_approved_it(any_town: Neighbourhood) -> None:
    legs = (Leg(any_town.zhang, 30), Leg(any_town.li, -30))
    await any_town.post(Adjust(key="a", legs=legs, actor="W1", approved_by="W2"))
    assert (await any_town.book.balance(any_town.zhang)).balance == -30
    assert (await _account(any_town, any_town.zhang)).waived
    await any_town.post(ChangeLimits(key="c", code=any_town.zhang, floor=-30, ceiling=None))
    assert not (await _account(any_town, any_town.zhang)).waived
    assert await any_town.book.verify() == []


async def test_several_commodities_move_in_one_transfer_each_summing_to_zero(any_town: Neighbourhood) -> None:
    for code, kind, floor in [
        (any_town.zhang, AccountKind.LIABILITY, 0),
        (any_town.issuer, AccountKind.EQUITY, None),
    ]:
        command = OpenAccount(
            key=f"pts/{code}", code=code, kind=kind, commodity="PTS", floor=floor, opened_on=DAY
        )
        await any_town.post(command)
    legs = (Leg(any_town.issuer, 60), Leg(any_town.zhang, -60))
    points = (Leg(any_town.issuer, 5, "PTS"), Leg(any_town.zhang, -5, "PTS"))
    await any_town.post(Transfer(key="both", legs=legs + points, effective_on=DAY))
    assert (await any_town.book.balance(any_town.zhang)).balance == 60
    assert (await any_town.book.balance(any_town.zhang, "PTS")).balance == 5
    assert (await any_town.book.trial_balance()).off_by == {"MIN": 0, "PTS": 0}


async def test_a_batch_is_written_whole_and_a_replay_names_every_member(any_town: Neighbourhood) -> None:
    members = tuple(any_town.earn(who, 60) for who in (any_town.zhang, any_town.li, any_town.wang))
    batch = Batch(key="tuesday", commands=members)
    first = await any_town.post(batch)
    again = await any_town.post(batch)
    assert [one.seq for one in first.members] == [first.seq + 1, first.seq + 2, first.seq + 3]
    assert again.replayed
    assert [one.hash for one in again.members] == [one.hash for one in first.members]
    assert (await any_town.post(members[1])).replayed
    assert await any_town.book.verify() == []


async def test_a_batch_with_one_bad_member_writes_none(any_town: Neighbourhood) -> None:
    good = any_town.earn(any_town.zhang, 60)
    bad = any_town.pay(any_town.zhang, any_town.li, 61)
    before = await any_town.book.head()
    refusal = await any_town.refused(Batch(key="b", commands=(good, bad)))
    assert isinstance(refusal, no.BatchRefused)
    assert isinstance(refusal.refusal, no.BelowFloor)
    assert refusal.fields["position"] == 2
    assert (await any_town.book.head()) == before
    assert (await any_town.book.balance(any_town.zhang)).balance == 0


async def test_a_batch_can_place_a_hold_and_settle_what_it_placed(any_town: Neighbourhood) -> None:
    hold = any_town.hold(any_town.zhang, any_town.li, 60)
    from ledger.chain import uid_of

    settle = SettleHold(key="s", hold=uid_of(any_town.book.code, hold.key), amount=45, effective_on=DAY)
    await any_town.post(Batch(key="b", commands=(any_town.earn(any_town.zhang, 60), hold, settle)))
    assert (await any_town.book.balance(any_town.li)).balance == 45
    assert await any_town.book.verify() == []


async def test_many_commands_are_answered_each_for_itself_in_order(any_town: Neighbourhood) -> None:
    commands = [any_town.earn(any_town.zhang, 10), any_town.pay(any_town.zhang, any_town.li, 999)]
    commands += [any_town.pay(any_town.zhang, any_town.li, 10), replace(commands[0])]
    answers = await any_town.book.post_many(commands, at=any_town.at)
    assert [getattr(answer, "code", "posted") for answer in answers] == [
        "posted",
        "below_floor",
        "posted",
        "posted",
    ]
    assert answers[3].replayed  # type: ignore[union-attr]
    assert await any_town.book.verify() == []


async def test_a_closed_account_takes_nothing_more(any_town: Neighbourhood) -> None:
    await any_town.post(CloseAccount(key="bye", code=any_town.wang, effective_on=DAY))
    refusal = await any_town.refused(any_town.earn(any_town.wang, 60))
    assert isinstance(refusal, no.AccountClosed)
    assert refusal.fields["closed_on"] == "2026-11-20"
    assert await any_town.book.verify() == []


async def test_new_bounds_hold_from_the_next_entry_on(any_town: Neighbourhood) -> None:
    await any_town.post(ChangeLimits(key="l", code=any_town.zhang, floor=-30, ceiling=100))
    await any_town.post(any_town.pay(any_town.zhang, any_town.li, 30))
    assert isinstance(await any_town.refused(any_town.pay(any_town.zhang, any_town.li, 1)), no.BelowFloor)
    await any_town.post(any_town.earn(any_town.zhang, 130))
    assert isinstance(await any_town.refused(any_town.earn(any_town.zhang, 1)), no.AboveCeiling)
    tighter = ChangeLimits(key="t", code=any_town.zhang, floor=0, ceiling=99)
    assert isinstance(await any_town.refused(tighter), no.AboveCeiling)
    assert await any_town.book.verify() == []


async def test_the_ceiling_counts_what_open_holds_will_bring(any_town: Neighbourhood) -> None:
    await any_town.post(ChangeLimits(key="l", code=any_town.li, floor=0, ceiling=100))
    await any_town.post(any_town.earn(any_town.zhang, 200))
    await any_town.post(any_town.hold(any_town.zhang, any_town.li, 80))
    assert isinstance(await any_town.refused(any_town.earn(any_town.li, 21)), no.AboveCeiling)
    await any_town.post(any_town.earn(any_town.li, 20))


async def test_a_closed_month_takes_nothing_more_and_closing_it_twice_is_harmless(
    any_town: Neighbourhood,
) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60, effective_on=date(2026, 10, 31)))
    closed = await any_town.book.close_month("2026-10", at=any_town.at)
    assert await any_town.book.is_closed(date(2026, 10, 31))
    assert not await any_town.book.is_closed(date(2026, 11, 1))
    late = await any_town.refused(any_town.earn(any_town.zhang, 60, effective_on=date(2026, 10, 1)))
    assert isinstance(late, no.PeriodClosed)
    assert (await any_town.book.close_month("2026-10", at=any_town.at)).replayed
    [period] = await any_town.book.periods()
    assert (period.month, period.first_seq, period.seq, period.hash) == (
        "2026-10",
        1,
        closed.seq,
        closed.hash,
    )
    earlier = await _refused_close(any_town, "2026-09")
    assert isinstance(earlier, no.PeriodClosed)
    assert isinstance(await _refused_close(any_town, "2026-11"), no.PeriodNotOver)
    assert await any_town.book.verify() == []


async def test_the_books_clock_never_runs_backwards(any_town: Neighbourhood) -> None:
    first = await any_town.post(any_town.earn(any_town.zhang, 60))
    second = await any_town.post(any_town.earn(any_town.zhang, 60), at=any_town.at - timedelta(hours=1))
    assert second.recorded_at == first.recorded_at
    assert await any_town.book.verify() == []


async def test_the_day_left_to_the_book_is_the_local_day_where_it_is_kept(any_town: Neighbourhood) -> None:
    midnight_in_shanghai = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    posted = await any_town.post(
        any_town.earn(any_town.zhang, 60, effective_on=None), at=midnight_in_shanghai
    )
    assert (await any_town.book.transfer(posted.uid)).effective_on == date(2026, 11, 21)


async def test_balances_as_of_an_earlier_entry_do_not_change_later(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 25))
    await any_town.post(SettleHold(key="s", hold=hold.uid, amount=25))
    told = [await any_town.book.balance(any_town.zhang, as_of_seq=seq) for seq in (4, 5, 6, 7)]
    assert [(one.balance, one.available) for one in told] == [(0, 0), (60, 60), (60, 35), (35, 35)]


async def test_a_statement_is_told_from_the_owners_side_newest_first_and_in_pages(
    any_town: Neighbourhood,
) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 60, memo="S1", meta={"service": "S1"}))
    paid = await any_town.post(any_town.pay(any_town.zhang, any_town.li, 20))
    hold = await any_town.post(any_town.hold(any_town.zhang, any_town.li, 30))
    await any_town.post(SettleHold(key="s", hold=hold.uid, amount=10))
    await any_town.post(ReverseTransfer(key="r", transfer=paid.uid))

    whole = await any_town.book.statement(any_town.zhang)

    told = [
        (line.kind, line.layer, line.amount, line.balance_after, line.available_after) for line in whole.lines
    ]
    assert told == [
        ("reverse", "posted", 20, 50, 50),
        ("settle", "posted", -10, 30, 30),
        ("settle", "pending", 30, 40, 40),
        ("hold", "pending", -30, 40, 10),
        ("transfer", "posted", -20, 40, 40),
        ("transfer", "posted", 60, 60, 60),
    ]
    assert whole.lines[3].hold_state is HoldState.SETTLED
    assert whole.lines[4].reversed_by == whole.lines[0].uid
    assert whole.lines[5].meta == {"service": "S1"}
    assert whole.lines[5].counterparties == (any_town.issuer,)
    pages: list[Any] = []
    before_seq: int | None = None
    while True:
        page = await any_town.book.statement(any_town.zhang, before_seq=before_seq, limit=2)
        pages += page.lines
        before_seq = page.next_before_seq
        if before_seq is None:
            break
    assert tuple(pages) == whole.lines


async def test_coverage_says_what_is_owed_and_what_the_reserve_still_allows(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 600))
    covered = (await any_town.book.coverage())["MIN"]
    assert (covered.owed, covered.issued, covered.reserve, covered.left) == (600, 600, 6000, 5400)
    assert covered.permille == 9000


async def test_the_reserve_of_the_community_is_a_limit_that_holds(any_town: Neighbourhood) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 6000))
    assert isinstance(await any_town.refused(any_town.earn(any_town.li, 1)), no.BelowFloor)


async def test_a_label_can_be_set_and_forgotten_without_touching_the_chain(any_town: Neighbourhood) -> None:
    before = await any_town.book.head()
    await any_town.book.set_label(any_town.zhang, "张三")
    assert (await _account(any_town, any_town.zhang)).label == "张三"
    await any_town.book.set_label(any_town.zhang, "")
    assert (await any_town.book.head()) == before
    with pytest.raises(no.UnknownAccount):
        await any_town.book.set_label("Liabilities:Member:Nobody", "x")


async def test_reading_what_is_not_there_is_refused_by_name(any_town: Neighbourhood) -> None:
    for reading in (
        any_town.book.balance("Liabilities:Member:Nobody"),
        any_town.book.statement("Liabilities:Member:Nobody"),
        any_town.book.transfer("a" * 24),
        any_town.book.hold("a" * 24),
    ):
        with pytest.raises((no.UnknownAccount, no.UnknownTransfer, no.UnknownHold)):
            await reading


async def _account(town: Neighbourhood, code: str) -> Account:
    return next(account for account in await town.book.accounts() if account.code == code)


async def _refused_close(town: Neighbourhood, month: str) -> Any:
    with pytest.raises(no.LedgerRefusal) as caught:
        await town.book.close_month(month, at=town.at)
    return caught.value


async def test_a_hold_that_lapses_before_its_account_opens_stands_in_nobodys_way(
    any_town: Neighbourhood,
) -> None:
    """Its end then counts for the day the account opens, and the sweep and every post go on."""
    late, opens_on = "Liabilities:Member:M00009", date(2026, 12, 1)
    await any_town.post(OpenAccount(key="late", code=late, kind=AccountKind.LIABILITY, opened_on=opens_on))
    wish = any_town.hold(any_town.issuer, late, 5, expires_at=any_town.at, effective_on=opens_on)
    hold = await any_town.post(wish)
    await any_town.post(any_town.earn(late, 10, effective_on=opens_on))
    assert (await any_town.book.hold(hold.uid)).state is HoldState.EXPIRED
    again = await any_town.post(
        any_town.hold(any_town.issuer, late, 5, expires_at=any_town.at, effective_on=opens_on)
    )
    [swept] = await any_town.book.expire_lapsed(at=any_town.at)
    entry = await any_town.book.transfer(swept.uid)
    assert (entry.hold, entry.effective_on) == (again.uid, opens_on)
    assert await any_town.book.verify() == []


async def test_the_sweep_goes_by_the_books_clock_when_the_machines_was_set_back(
    any_town: Neighbourhood,
) -> None:
    hold = await any_town.post(
        any_town.hold(any_town.issuer, any_town.li, 5, expires_at=any_town.at - timedelta(minutes=1))
    )
    [swept] = await any_town.book.expire_lapsed(at=any_town.at - timedelta(hours=2))
    assert swept.recorded_at == any_town.at
    assert (await any_town.book.hold(hold.uid)).state is HoldState.EXPIRED
    assert await any_town.book.verify() == []
