"""Single facts at the edges of the rules, each on a small sheet of its own: what long random runs meet too seldom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import (
    AccountKind,
    Adjust,
    Balance,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    ExpireHold,
    HoldState,
    Layer,
    Leg,
    OpenAccount,
    PlaceHold,
    Posted,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger import errors as no
from ledger.answers import Accepted, Rejected
from ledger.chain import uid_of
from ledger.check import check
from ledger.decide import accept, decide
from ledger.horizon import Horizon, Reach
from ledger.moving import move
from ledger.names import accounts_named, uids_named
from ledger.rows import microseconds
from ledger.sequence import made_by_the_book, sequence
from ledger.sheet import Changes
from tests.ledger.machine.small import AT, BOOK, ISSUER, LI, ZHANG, Small


def test_a_ceiling_holds_without_a_floor() -> None:
    small = Small(ceiling=100)
    assert small.give(ZHANG, 100) == "posted"
    assert type(small.give(ZHANG, 1)) is no.AboveCeiling


def test_an_account_above_its_ceiling_may_come_nearer_or_stay_but_not_go_further() -> None:
    small = Small(ceiling=100)
    legs = (Leg(ISSUER, 150), Leg(ZHANG, -150))
    assert small.ask(Adjust(key="a", legs=legs, actor="W1", approved_by="W2")) == "posted"
    assert small.stands(ZHANG).waived
    small.hold(ZHANG, LI, 5)  # what is set aside leaves the level that a ceiling looks at where it is
    assert small.ask(Transfer(key="nearer", legs=(Leg(ZHANG, 20), Leg(LI, -20)))) == "posted"
    assert type(small.give(ZHANG, 1)) is no.AboveCeiling
    assert small.stands(ZHANG).waived


def test_an_account_may_stand_exactly_at_its_bounds() -> None:
    small = Small(floor=0, ceiling=0)
    assert small.ask(ChangeLimits(key="wider", code=ZHANG, floor=0, ceiling=60)) == "posted"
    assert small.give(ZHANG, 60) == "posted"
    assert small.ask(ChangeLimits(key="tight", code=ZHANG, floor=60, ceiling=60)) == "posted"
    assert type(small.ask(ChangeLimits(key="above", code=ZHANG, floor=61, ceiling=61))) is no.BelowFloor
    assert type(small.ask(ChangeLimits(key="below", code=ZHANG, floor=59, ceiling=59))) is no.AboveCeiling


@pytest.mark.parametrize("end", ["settle", "void"])
def test_a_single_minute_can_be_held_paid_and_freed(end: str) -> None:
    small = Small()
    uid = small.hold(ZHANG, LI, 1)
    assert (small.stands(ZHANG).pending, small.stands(LI).pending_in) == (1, 1)
    ending = SettleHold(key="e", hold=uid, amount=1) if end == "settle" else VoidHold(key="e", hold=uid)
    assert small.ask(ending) == "posted"
    assert (small.stands(ZHANG).pending, small.stands(LI).pending_in) == (0, 0)
    assert small.stands(LI).balance == (end == "settle")


@pytest.mark.parametrize(("who", "counter"), [(ISSUER, "dr_posted"), (ZHANG, "cr_posted")])
def test_the_ledger_stops_before_a_counter_outgrows_the_database(who: str, counter: str) -> None:
    small = Small()
    place = (who, "MIN")
    small.sheet.accounts[place] = small.stands(who)._replace(**{counter: 2**63 - 61})
    assert small.give(ZHANG, 60) == "posted"
    with pytest.raises(AssertionError):
        small.give(ZHANG, 1)


@pytest.mark.parametrize("amounts", [(5, -4), (5, 5), (-5, -5)])
def test_the_ledger_stops_rather_than_write_an_entry_that_does_not_balance(amounts: Any) -> None:
    small = Small()
    legs = [(who, amount, "MIN", Layer.POSTED) for who, amount in zip((ISSUER, ZHANG), amounts, strict=True)]
    command = Transfer(key="odd", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)))
    with pytest.raises(AssertionError, match="do not sum to zero"):
        move(small.sheet, command, AT, "", legs)


def test_an_entry_tells_when_it_happened_when_it_was_recorded_and_its_legs_by_number() -> None:
    small = Small()
    small.give(ZHANG, 5, occurred_at=AT - timedelta(hours=3))
    small.give(ZHANG, 5)
    earlier, same = small.sheet.changes.entries[-2:]
    assert (earlier.occurred_at, earlier.recorded_at) == (AT - timedelta(hours=3), AT)
    assert (same.occurred_at, same.recorded_at) == (AT, AT)
    assert [posting.leg for posting in same.postings] == [0, 1]


def test_a_lapsed_hold_that_a_batch_is_asked_to_end_is_ended_by_the_batch() -> None:
    small = Small()
    uid = small.hold(ZHANG, LI, 5)
    batch = Batch(key="b", commands=(ExpireHold(key="mine", hold=uid),))
    assert small.ask(batch, AT + timedelta(days=2)) == "posted"
    assert [entry.key for entry in small.sheet.changes.entries if entry.hold] == ["mine"]
    assert small.sheet.holds[uid].state is HoldState.EXPIRED


def test_a_remembered_refusal_knows_its_moment() -> None:
    small = Small(floor=0)
    small.ask(Transfer(key="no", legs=(Leg(ZHANG, 5), Leg(LI, -5))), AT + timedelta(minutes=1))
    [kept] = small.sheet.remembered.values()
    assert (kept.key, kept.code) == ("no", "below_floor")
    assert kept.recorded_at_us == microseconds(AT + timedelta(minutes=1))


def test_only_the_end_of_a_lapsed_hold_under_the_books_own_key_is_made_by_the_book() -> None:
    uid = "a" * 24
    assert made_by_the_book(ExpireHold(key=f"expire {uid}", hold=uid))
    assert not made_by_the_book(ExpireHold(key="by-hand", hold=uid))
    assert not made_by_the_book(VoidHold(key=f"expire {uid}", hold=uid))


def test_a_reversal_by_itself_keeps_to_the_bounds_and_an_approved_one_need_not() -> None:
    small = Small(floor=0)
    small.give(ZHANG, 60)
    given = small.sheet.changes.entries[-1].uid
    small.ask(Transfer(key="spent", legs=(Leg(ZHANG, 60), Leg(LI, -60))))
    assert type(small.ask(ReverseTransfer(key="r1", transfer=given))) is no.BelowFloor
    assert small.ask(ReverseTransfer(key="r2", transfer=given, actor="W1", approved_by="W2")) == "posted"
    assert small.stands(ZHANG).waived


def test_a_hold_that_lapsed_cannot_be_settled_even_before_its_end_is_written() -> None:
    small = Small()
    uid = small.hold(ZHANG, LI, 5)
    late = decide(small.sheet, SettleHold(key="s", hold=uid, amount=5), at=AT + timedelta(days=1))
    assert isinstance(late, Rejected)
    assert (late.code, late.fields) == ("hold_ended", {"hold": uid, "state": "expired"})


@pytest.mark.parametrize("who", [ZHANG, LI])
def test_an_account_with_nothing_but_a_hold_cannot_close(who: str) -> None:
    small = Small()
    small.hold(ZHANG, LI, 5)
    refusal = small.ask(CloseAccount(key="c", code=who))
    assert (refusal.code, refusal.fields["balance"], refusal.fields["pending"]) == ("account_not_empty", 0, 5)


def test_a_month_is_over_on_the_first_day_after_it_where_the_book_is_kept() -> None:
    small = Small()
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)
    early = small.ask(ClosePeriod(key="early", month="2026-11"), midnight - timedelta(seconds=1))
    assert type(early) is no.PeriodNotOver
    assert small.ask(ClosePeriod(key="due", month="2026-11"), midnight) == "posted"
    assert small.sheet.head.closed_through == date(2026, 11, 30)


def test_an_account_keeps_the_name_it_was_opened_with() -> None:
    small = Small(label="张三")
    assert (small.stands(ZHANG).label, small.stands(LI).label) == ("张三", "")


def test_what_is_no_known_command_is_said_to_be_none() -> None:
    small = Small()
    for ask in (check, lambda command: accept(small.sheet, command, at=AT)):
        with pytest.raises(TypeError, match=r"not a command: Command\(key='wish'"):
            ask(Command(key="wish"))


def test_a_decision_looks_up_what_the_command_names() -> None:
    """A store loads no more than this, and no less will do."""
    small = Small()
    held = small.hold(ZHANG, LI, 5)
    small.give(ZHANG, 5)
    given, other = small.sheet.changes.entries[-1].uid, "a" * 24
    settle = SettleHold(key="s", hold=held, amount=5)
    reverse = ReverseTransfer(key="r", transfer=given)
    transfer = Transfer(key="t", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)))
    close = CloseAccount(key="c", code=LI)
    named = [
        (transfer, set(), {ISSUER, ZHANG}),
        (Adjust(key="a", legs=transfer.legs, approved_by="W2"), set(), {ISSUER, ZHANG}),
        (PlaceHold(key="p", payer=ZHANG, payee=LI, amount=5, expires_at=AT), set(), {ZHANG, LI}),
        (settle, {held}, {ZHANG, LI}),
        (replace(settle, payee=ISSUER), {held}, {ISSUER, ZHANG, LI}),
        (VoidHold(key="v", hold=held), {held}, {ZHANG, LI}),
        (ExpireHold(key="e", hold=other), {other}, set()),
        (reverse, {given}, {ISSUER, ZHANG}),
        (ReverseTransfer(key="r2", transfer=other), {other}, set()),
        (OpenAccount(key="o", code=LI, kind=AccountKind.LIABILITY, opened_on=AT.date()), set(), {LI}),
        (close, set(), {LI}),
        (ChangeLimits(key="l", code=LI, floor=0, ceiling=None), set(), {LI}),
        (ClosePeriod(key="m", month="2026-10"), set(), set()),
    ]
    for command, uids, accounts in named:
        assert uids_named(BOOK, command) == {uid_of(BOOK, command.key), *uids}, command
        assert accounts_named(small.sheet, command) == accounts, command
    batch = Batch(key="b", commands=(settle, reverse, close))
    keys = {uid_of(BOOK, key) for key in "bsrc"}
    assert uids_named(BOOK, batch) == {*keys, held, given}
    assert accounts_named(small.sheet, batch) == {ISSUER, ZHANG, LI}


def test_a_batch_can_open_an_account_and_reverse_what_stood_before_it_once() -> None:
    small = Small()
    small.give(ZHANG, 5)
    given = small.sheet.changes.entries[-1].uid
    new = OpenAccount(key="n", code="Liabilities:New", kind=AccountKind.LIABILITY, opened_on=AT.date())
    undo = ReverseTransfer(key="u", transfer=given)
    assert small.ask(Batch(key="b", commands=(new, undo))) == "posted"
    assert small.sheet.reversals == {given: uid_of(BOOK, "u")}
    again = small.ask(Batch(key="b2", commands=(replace(undo, key="u2"),)))
    assert again.fields["member_fields"] == {"transfer": given, "reversed_by": uid_of(BOOK, "u")}


def test_a_sheet_has_changes_when_it_has_entries_or_refusals_to_write() -> None:
    small = Small()
    assert small.sheet.changes
    small.sheet.changes = Changes()
    assert not small.sheet.changes
    refused = small.ask(VoidHold(key="v", hold="a" * 24))
    assert refused.code == "unknown_hold"
    assert small.sheet.changes
    assert [one.key for one in small.sheet.changes.remembered] == ["v"]


def test_a_sheet_takes_in_a_hold_that_has_ended_before() -> None:
    small, later = Small(), Small()
    uid = small.hold(ZHANG, LI, 5)
    small.ask(VoidHold(key="v", hold=uid))
    later.sheet.know(small.sheet.holds[uid])
    assert (list(later.sheet.holds), later.sheet.open) == ([uid], {})


@pytest.mark.parametrize("shelf", [False, True])
def test_a_balance_tells_how_the_account_stands_from_its_own_side(shelf: bool) -> None:
    small = Small(floor=-20, ceiling=90)
    if shelf:
        small.open("Assets:Shelf", kind=AccountKind.ASSET, floor=-20, ceiling=90)
    who, other = ("Assets:Shelf", ZHANG) if shelf else (ZHANG, LI)
    sign = -1 if shelf else 1
    small.ask(Transfer(key="t", legs=(Leg(ISSUER, sign * 60), Leg(who, sign * -60))))
    small.hold(*((other, who) if shelf else (who, other)), 7)
    small.hold(*((who, other) if shelf else (other, who)), 5)
    assert small.stands(who).as_balance() == Balance(
        account=who,
        commodity="MIN",
        kind=AccountKind.ASSET if shelf else AccountKind.LIABILITY,
        balance=60,
        pending=7,
        pending_in=5,
        floor=-20,
        ceiling=90,
        version=3,
    )


def test_a_key_that_was_refused_cannot_be_used_inside_a_batch() -> None:
    small = Small(floor=0)
    wish = Transfer(key="wish", legs=(Leg(ZHANG, 5), Leg(LI, -5)))
    assert type(small.ask(wish)) is no.BelowFloor
    small.give(ZHANG, 5)
    refusal = small.ask(Batch(key="b", commands=(wish,)))
    assert (refusal.fields["key"], refusal.fields["member_code"]) == ("wish", "key_conflict")


def test_a_decision_keeps_within_the_reach_it_is_given() -> None:
    small = Small()
    far = Transfer(
        key="far", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)), effective_on=(AT + timedelta(days=40)).date()
    )
    refused = decide(small.sheet, far, at=AT, reach=Reach(Horizon(), AT))
    assert isinstance(refused, Rejected)
    assert refused.code == "day_out_of_reach"
    assert isinstance(decide(small.sheet, far, at=AT), Accepted)


@pytest.mark.parametrize(("floor", "moved"), [(-30, 90), (None, 60), (0, 60), (20, 40)])
def test_a_balancing_transfer_moves_what_lies_above_the_floor(floor: int | None, moved: int) -> None:
    small = Small()
    small.give(ZHANG, 60)
    assert small.ask(ChangeLimits(key="bounds", code=ZHANG, floor=floor, ceiling=None)) == "posted"
    assert small.ask(BalancingTransfer(key="all", payer=ZHANG, payee=LI)) == "posted"
    assert (small.stands(ZHANG).balance, small.stands(LI).balance) == (60 - moved, moved)
    nothing = small.ask(BalancingTransfer(key="more", payer=ZHANG, payee=LI))
    assert (nothing.code, nothing.fields) == (
        "nothing_to_move",
        {"account": ZHANG, "available": 60 - moved, "floor": floor},
    )


def test_only_what_stands_on_the_account_itself_for_a_later_day_keeps_it_open() -> None:
    small = Small()
    later = (AT + timedelta(days=3)).date()
    small.give(ZHANG, 60, effective_on=later)
    slip = small.sheet.changes.entries[-1].uid
    small.give(ZHANG, 5)
    small.ask(Transfer(key="spent", legs=(Leg(ZHANG, 5), Leg(LI, -5))))
    small.give(LI, 7, effective_on=later)
    assert small.ask(ReverseTransfer(key="back", transfer=slip)) == "posted"
    assert small.stands(ZHANG).last_on == later
    assert small.ask(CloseAccount(key="close", code=ZHANG)) == "posted"


@pytest.mark.parametrize(("closed", "day"), [("", date(2026, 11, 20)), ("2027-02", date(2027, 3, 1))])
def test_a_reset_of_the_clock_counts_for_today_or_for_the_first_open_day(closed: str, day: date) -> None:
    small = Small()
    far = AT + timedelta(days=400)
    small.ask(Transfer(key="far", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5))), far)
    if closed:
        assert small.ask(ClosePeriod(key="month", month=closed), far) == "posted"
    assert small.ask(ResetClock(key="reset", actor="W1", approved_by="W2"), AT) == "posted"
    entry = small.sheet.changes.entries[-1]
    assert (entry.effective_on, entry.recorded_at) == (day, AT)


def test_who_reopens_an_account_too_early_is_told_when_it_was_closed() -> None:
    small = Small()
    assert small.ask(CloseAccount(key="c", code=ZHANG)) == "posted"
    early = small.ask(ReopenAccount(key="r", code=ZHANG, effective_on=date(2026, 11, 19)))
    assert (early.code, early.fields) == ("account_closed", {"account": ZHANG, "closed_on": "2026-11-20"})


def test_what_was_taken_back_and_given_again_stands_and_keeps_the_account_open() -> None:
    small = Small()
    later = (AT + timedelta(days=3)).date()
    small.ask(Transfer(key="p", legs=(Leg(ISSUER, 60), Leg(ZHANG, -60)), effective_on=later))
    for key, of in (("r1", "p"), ("r2", "r1")):
        assert small.ask(ReverseTransfer(key=key, transfer=uid_of(BOOK, of))) == "posted"
    small.ask(Transfer(key="spent", legs=(Leg(ZHANG, 60), Leg(LI, -60))))
    open_still = small.ask(CloseAccount(key="c1", code=ZHANG))
    assert (open_still.code, open_still.fields) == (
        "account_moved_later",
        {"account": ZHANG, "last_on": later.isoformat()},
    )
    assert small.ask(ReverseTransfer(key="r3", transfer=uid_of(BOOK, "r2"))) == "posted"
    small.give(ZHANG, 60)
    assert small.ask(CloseAccount(key="c2", code=ZHANG)) == "posted"


def test_an_open_account_is_not_opened_again_and_a_moment_ahead_is_named() -> None:
    small = Small()
    refused = small.ask(ReopenAccount(key="r", code=ZHANG))
    assert (refused.code, refused.fields) == ("account_not_closed", {"account": ZHANG})
    with pytest.raises(no.ClockAhead) as caught:
        Reach(Horizon(), AT).check_moment(small.sheet.head, AT + timedelta(days=1, microseconds=1))
    assert caught.value.fields == {
        "at": "2026-11-21T01:00:00.000001+00:00",
        "latest": "2026-11-21T01:00:00+00:00",
    }


def test_an_account_closed_for_a_later_day_opens_again_on_that_day() -> None:
    small = Small()
    later = (AT + timedelta(days=5)).date()
    assert small.ask(CloseAccount(key="c", code=ZHANG, effective_on=later)) == "posted"
    assert small.ask(ReopenAccount(key="r", code=ZHANG)) == "posted"
    assert small.sheet.changes.entries[-1].effective_on == later


def test_a_clock_a_day_ahead_can_be_set_back_and_one_less_far_ahead_cannot() -> None:
    small = Small()
    small.ask(Transfer(key="far", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5))), AT + timedelta(days=1))
    reset = ResetClock(key="reset", actor="W1", approved_by="W2")
    refused = small.ask(reset, AT + timedelta(microseconds=1))
    assert (refused.code, refused.fields) == ("clock_not_ahead", {"recorded_at": "2026-11-21T01:00:00+00:00"})
    assert small.ask(replace(reset, key="again"), AT) == "posted"


def test_of_an_opening_only_the_day_it_opens_on_must_be_within_reach() -> None:
    small, reach = Small(), Reach(Horizon(), AT)
    far = (AT + timedelta(days=40)).date()
    opening = OpenAccount(key="o", code="Liabilities:New", kind=AccountKind.LIABILITY, opened_on=AT.date())
    reach.check(small.sheet, replace(opening, effective_on=far), AT)
    with pytest.raises(no.DayOutOfReach) as caught:
        reach.check(small.sheet, replace(opening, opened_on=far), AT)
    assert (caught.value.fields["field"], caught.value.fields["given"]) == ("opened_on", far.isoformat())


def test_reach_is_counted_in_the_days_of_the_place_where_the_book_is_kept() -> None:
    late = datetime(2026, 11, 20, 17, tzinfo=UTC)  # the 21st in Shanghai
    small, reach = Small(), Reach(Horizon(days_back=365), late)
    gift = Transfer(key="g", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)))
    for day in (date(2025, 11, 21), date(2026, 12, 22)):
        reach.check(small.sheet, replace(gift, effective_on=day), late)
    with pytest.raises(no.DayOutOfReach) as caught:
        reach.check(small.sheet, replace(gift, effective_on=date(2026, 12, 23)), late)
    assert caught.value.fields == {
        "field": "effective_on",
        "given": "2026-12-23",
        "first": "2025-11-21",
        "last": "2026-12-22",
    }


def test_a_clock_far_ahead_does_not_carry_the_days_within_reach_along() -> None:
    """Reach is counted from the moment that was asked for, not from the book's own, later one."""
    small, reach = Small(), Reach(Horizon(), AT)
    gift = Transfer(key="far", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)))
    assert small.ask(gift, AT + timedelta(days=400)) == "posted"
    late = replace(gift, key="late", effective_on=(AT + timedelta(days=400)).date())
    [refused] = sequence(small.sheet, [(late, AT)], reach)
    assert isinstance(refused, no.DayOutOfReach)
    assert refused.fields["last"] == "2026-12-21"


def test_the_first_day_within_reach_stays_so_when_a_lapsed_hold_is_ended_on_the_way() -> None:
    small, confirmed = Small(), Reach(Horizon(days_back=30), None)
    small.hold(ISSUER, ZHANG, 5, expires_at=AT + timedelta(hours=1))
    new = OpenAccount(key="o", code="Liabilities:New", kind=AccountKind.LIABILITY, opened_on=AT.date())
    assert (
        small.ask(new, AT + timedelta(days=2)) == "posted"
    )  # the book's clock is ahead of the one that asks
    day = (AT - timedelta(days=30)).date()
    back = Transfer(key="back", legs=(Leg(ISSUER, 5), Leg(LI, -5)), effective_on=day)
    [posted] = sequence(small.sheet, [(back, AT)], confirmed)
    assert isinstance(posted, Posted)
    assert [entry.kind for entry in small.sheet.changes.entries[-2:]] == ["expire", "transfer"]


def test_a_hold_stands_open_from_its_own_entry_to_the_one_before_its_end() -> None:
    small = Small()
    hold = small.hold(ISSUER, ZHANG, 5)
    small.give(LI, 5)
    assert small.ask(VoidHold(key="v", hold=hold)) == "posted"
    ended = small.sheet.holds[hold]
    assert [ended.open_after(seq) for seq in range(3, 8)] == [False, True, True, False, False]
