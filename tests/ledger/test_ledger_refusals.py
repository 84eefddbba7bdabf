"""Every way of saying no: each bad input has its own refusal, nothing is written, and a person can read why."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from ledger import (
    AccountKind,
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Leg,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger import errors as no
from ledger.chain import uid_of
from ledger.decide import screen
from ledger.values import BATCH_MAX
from tests.ledger.conftest import Neighbourhood

DAY = date(2026, 11, 20)
ZHANG, LI = "Liabilities:Member:M00001", "Liabilities:Member:M00002"
NOBODY = "a" * 24


def transfer(amount: Any = 60, **more: Any) -> Transfer:
    negative = -amount if isinstance(amount, int | float | Decimal) else amount
    told: dict[str, Any] = {
        "key": "bad",
        "legs": (Leg(ZHANG, amount), Leg(LI, negative)),  # type: ignore[arg-type]
        "effective_on": DAY,
    }
    return Transfer(**{**told, **more})


def opening(**more: Any) -> OpenAccount:
    told: dict[str, Any] = {
        "key": "bad",
        "code": "Liabilities:Member:New",
        "kind": AccountKind.LIABILITY,
        "opened_on": DAY,
    }
    return OpenAccount(**{**told, **more})


def legs(*amounts: tuple[str, int, str]) -> Transfer:
    return transfer(legs=tuple(Leg(*one) for one in amounts))


def settle(amount: Any) -> SettleHold:
    return SettleHold(key="bad", hold=NOBODY, amount=amount)


def hold(amount: Any, **more: Any) -> PlaceHold:
    told: dict[str, Any] = {"key": "bad", "payer": ZHANG, "payee": LI, "amount": amount, "effective_on": DAY}
    return PlaceHold(**{**told, "expires_at": datetime(2026, 11, 27, tzinfo=UTC), **more})


def most(**more: Any) -> BalancingTransfer:
    return BalancingTransfer(**{"key": "bad", "payer": ZHANG, "payee": LI, "at_most": 60, **more})


MALFORMED = [
    (hold(0), no.AmountZero),
    (hold(-1), no.AmountNegative),
    (hold(2**63), no.AmountTooLarge),
    (hold(True), no.NotWholeNumber),
    (hold(1.0), no.NotWholeNumber),
    (hold(Decimal(1)), no.NotWholeNumber),
    (hold(math.nan), no.NotWholeNumber),
    (hold(5, payee=ZHANG), no.SameAccount),
    (hold(5, payee="x"), no.BadAccountCode),
    (hold(5, payer="x"), no.BadAccountCode),
    (hold(5, commodity="分钟"), no.BadCommodity),
    (hold(5, expires_at=datetime(2026, 11, 27)), no.BadTime),  # no zone
    (most(payer="x"), no.BadAccountCode),
    (most(payee="x"), no.BadAccountCode),
    (most(payee=ZHANG), no.SameAccount),
    (most(commodity="分钟"), no.BadCommodity),
    (most(at_most=0), no.AmountZero),
    (most(at_most=-1), no.AmountNegative),
    (most(at_most=10**9 + 1), no.AmountTooLarge),
    (most(at_most=True), no.NotWholeNumber),
    (settle(0), no.AmountZero),
    (settle(-1), no.AmountNegative),
    (settle(2**63), no.AmountTooLarge),
    (settle(10**9 + 1), no.AmountTooLarge),  # one beyond the bound
    (settle(True), no.NotWholeNumber),
    (settle(1.0), no.NotWholeNumber),
    (settle(Decimal(1)), no.NotWholeNumber),
    (settle(math.nan), no.NotWholeNumber),
    (settle(math.inf), no.NotWholeNumber),
    (settle("60"), no.NotWholeNumber),
    (settle(None), no.NotWholeNumber),
    (transfer(0), no.AmountZero),
    (transfer(2**63), no.AmountTooLarge),
    (transfer(True), no.NotWholeNumber),
    (transfer(1.0), no.NotWholeNumber),
    (transfer(Decimal(1)), no.NotWholeNumber),
    (transfer(math.nan), no.NotWholeNumber),
    (transfer(legs=(Leg(ZHANG, 1),)), no.TooFewLegs),
    (transfer(legs=()), no.TooFewLegs),
    (transfer(legs=[Leg(ZHANG, 1), Leg(LI, -1)]), no.TooFewLegs),  # a list could change after it was checked
    (transfer(legs=tuple(Leg(f"Liabilities:M{n}", 1) for n in range(65))), no.TooManyLegs),
    (legs((ZHANG, 1, "MIN"), (ZHANG, -1, "MIN")), no.DuplicateLeg),
    (legs((ZHANG, 2, "MIN"), (LI, -1, "MIN")), no.Unbalanced),
    (legs((ZHANG, 1, "MIN"), (LI, -1, "PTS")), no.Unbalanced),  # minutes never pay for points
    (transfer(legs=(Leg("liabilities:Member", 1), Leg(LI, -1))), no.BadAccountCode),
    (transfer(legs=(Leg("Liabilities:张三", 1), Leg(LI, -1))), no.BadAccountCode),
    (transfer(legs=(Leg("Liabilities", 1), Leg(LI, -1))), no.BadAccountCode),
    (transfer(legs=(Leg("Liabilities:Held:M1", 1), Leg(LI, -1))), no.BadAccountCode),  # a mirror account
    (transfer(legs=(Leg("Liabilities:M\n", 1), Leg(LI, -1))), no.BadAccountCode),
    (transfer(legs=(Leg(None, 1), Leg(LI, -1))), no.BadAccountCode),  # type: ignore[arg-type]
    (legs((ZHANG, 1, "分钟"), (LI, -1, "分钟")), no.BadCommodity),
    (legs((ZHANG, 1, "M"), (LI, -1, "M")), no.BadCommodity),
    (transfer(key=""), no.BadKey),
    (transfer(key="a b"), no.BadKey),
    (transfer(key="a\x00b"), no.BadKey),
    (transfer(key="\ud800"), no.BadKey),
    (transfer(key="长" * 86), no.BadKey),  # 258 bytes
    (transfer(key=7), no.BadKey),
    (transfer(memo="备" * 667), no.MemoTooLong),  # 2001 bytes
    (transfer(memo="a\x00b"), no.BadText),
    (transfer(memo="a\rb"), no.BadText),
    (transfer(memo="\udfff"), no.BadText),
    (transfer(memo=b"bytes"), no.BadText),
    (transfer(reason="帮忙"), no.BadText),
    (transfer(reason="x" * 121), no.BadText),
    (transfer(actor="Zhang San"), no.BadText),
    (transfer(meta={"Upper": "x"}), no.BadMeta),
    (transfer(meta={"ok": 1.5}), no.BadMeta),
    (transfer(meta={"ok": True}), no.BadMeta),
    (transfer(meta={"ok": 2**63}), no.BadMeta),
    (transfer(meta={"ok": "x" * 4001}), no.BadMeta),
    (transfer(meta={"ok": "\x07"}), no.BadMeta),
    (transfer(effective_on="2026-11-20"), no.BadDate),
    (transfer(effective_on=datetime(2026, 11, 20)), no.BadDate),
    (transfer(effective_on=date(1899, 12, 31)), no.BadDate),
    (transfer(occurred_at=datetime(2026, 11, 20)), no.BadTime),  # no zone
    (transfer(occurred_at=DAY), no.BadTime),
    (opening(floor=1.5), no.NotWholeNumber),
    (opening(floor=True), no.NotWholeNumber),
    (opening(ceiling=2**63), no.AmountTooLarge),
    (opening(floor=1, ceiling=0), no.BadLimits),
    (opening(kind=AccountKind.ASSET), no.BadAccountCode),  # its code says another kind
    (opening(kind="Liabilities"), no.BadAccountCode),
    (opening(label="a\x00"), no.BadText),
    (opening(opened_on=None), no.BadDate),
    (CloseAccount(key="bad", code="x"), no.BadAccountCode),
    (ChangeLimits(key="bad", code=ZHANG, floor=5, ceiling=4), no.BadLimits),
    (ReverseTransfer(key="bad", transfer="x"), no.BadText),
    (ReverseTransfer(key="bad", transfer=NOBODY, actor="W1", approved_by="W1"), no.NotApproved),
    (VoidHold(key="bad", hold="'; DROP TABLE"), no.BadText),
    (Adjust(key="bad", legs=transfer().legs, approved_by=""), no.NotApproved),
    (Adjust(key="bad", legs=transfer().legs, actor="W1", approved_by="W1"), no.NotApproved),
    (transfer(meta={"a" * 41: 1}), no.BadMeta),
    (transfer(meta={"ok": "x" * 3992}), no.BadMeta),  # 4001 bytes with its braces and quotes
    (transfer(effective_on=date(2200, 1, 1)), no.BadDate),
    (transfer(occurred_at=datetime(2200, 1, 1, tzinfo=UTC)), no.BadTime),
    (transfer(occurred_at=datetime(1899, 12, 31, tzinfo=UTC)), no.BadTime),
    (opening(floor=-(10**9) - 1), no.AmountTooLarge),
    (opening(ceiling=10**9 + 1), no.AmountTooLarge),
    (opening(label="x" * 121), no.BadText),
    (opening(label=None), no.BadText),
    (opening(commodity="A" * 13), no.BadCommodity),
    (opening(code="Liabilities:" + "A" * 109), no.BadAccountCode),  # 121 characters
    (SettleHold(key="bad", hold=NOBODY, amount=5, payee="x"), no.BadAccountCode),
    (SettleHold(key="bad", hold="x", amount=5), no.BadText),
    (CloseAccount(key="bad", code=ZHANG, commodity="x"), no.BadCommodity),
    (ChangeLimits(key="bad", code=ZHANG, floor=1.0, ceiling=None), no.NotWholeNumber),  # type: ignore[arg-type]
    (Adjust(key="bad", legs=(Leg(ZHANG, 1),), actor="W1", approved_by="W2"), no.TooFewLegs),
    (Adjust(key="bad", legs=transfer().legs, actor="W1", approved_by="W 2"), no.BadText),
    (ClosePeriod(key="bad", month="2026-13"), no.BadMonth),
    (ClosePeriod(key="bad", month=202610), no.BadMonth),  # type: ignore[arg-type]
    (ClosePeriod(key="bad", month="2026-1"), no.BadMonth),
    (Batch(key="bad", commands=()), no.BatchEmpty),
    (Batch(key="bad", commands=(transfer(),) * (BATCH_MAX + 1)), no.BatchTooLarge),
    (Batch(key="bad", commands=(Batch(key="in", commands=(transfer(),)),)), no.BatchNested),
    (Batch(key="bad", commands=(ClosePeriod(key="in", month="2026-10"),)), no.BatchNested),
    (Batch(key="bad", commands=(transfer(key="x"), transfer(key="x"))), no.BatchRepeatsKey),
    (Batch(key="bad", commands=(transfer(key="x", memo="a\x00"),)), no.BadText),
]


FIELDS = [
    (settle(0), {"field": "amount"}),
    (hold(0), {"field": "amount"}),
    (transfer(0), {"field": "amount"}),
    (transfer(10**9 + 1), {"field": "amount", "given": "1000000001", "limit": 10**9}),
    (
        transfer(-(10**9) - 1),
        {"field": "amount", "given": "1000000001", "limit": 10**9},
    ),  # whichever its side
    (most(payee=ZHANG), {"account": ZHANG}),
    (most(at_most=-1), {"field": "at_most", "given": "-1"}),
    (settle(-1), {"field": "amount", "given": "-1"}),
    (settle(10**9 + 1), {"field": "amount", "given": "1000000001", "limit": 10**9}),
    (settle(1.0), {"field": "amount", "given": "1.0"}),
    (settle("60"), {"field": "amount", "given": "60"}),
    (transfer(key=""), {"limit": 255}),
    (transfer(reason="帮忙"), {"field": "reason", "limit": 120}),
    (transfer(actor="Zhang San"), {"field": "actor", "limit": 120}),
    (transfer(memo="\0"), {"field": "memo", "limit": 2000}),
    (transfer(memo="备" * 667), {"bytes": 2001, "limit": 2000}),
    (transfer(meta={"Upper": "x"}), {"field": "Upper", "limit": 4000}),
    (transfer(meta={"ok": "x" * 3992}), {"field": "*", "limit": 4000}),
    (transfer(effective_on="x" * 99), {"field": "effective_on", "given": "x" * 57 + "..."}),
    (transfer(effective_on="x" * 60), {"field": "effective_on", "given": "x" * 60}),
    (transfer(effective_on="x" * 61), {"field": "effective_on", "given": "x" * 57 + "..."}),
    (transfer(occurred_at=DAY), {"field": "occurred_at", "given": "datetime.date(2026, 11, 20)"}),
    (hold(5, expires_at=DAY), {"field": "expires_at", "given": "datetime.date(2026, 11, 20)"}),
    (hold(5, payee=ZHANG), {"account": ZHANG}),
    (hold(5, commodity="x"), {"given": "x"}),
    (opening(opened_on=None), {"field": "opened_on", "given": "None"}),
    (opening(floor=1.5), {"field": "floor", "given": "1.5"}),
    (opening(ceiling=10**9 + 1), {"field": "ceiling", "given": "1000000001", "limit": 10**9}),
    (opening(floor=1, ceiling=0), {"floor": 1, "ceiling": 0}),
    (opening(kind=AccountKind.ASSET), {"given": "Liabilities:Member:New"}),
    (opening(label=None), {"field": "label", "limit": 120}),
    (CloseAccount(key="bad", code="x"), {"given": "x"}),
    (transfer(legs=(Leg(ZHANG, 1),)), {"given": 1}),
    (transfer(legs=[Leg(ZHANG, 1)]), {"given": 0}),
    (transfer(legs=(Leg(ZHANG, 1),) * 65), {"given": 65, "limit": 64}),
    (legs((ZHANG, 1, "MIN"), (ZHANG, -1, "MIN")), {"account": ZHANG, "commodity": "MIN"}),
    (legs((ZHANG, 2, "MIN"), (LI, -1, "MIN")), {"commodity": "MIN", "sum": 1}),
    (ReverseTransfer(key="bad", transfer="x"), {"field": "transfer", "limit": 24}),
    (SettleHold(key="bad", hold="x", amount=5), {"field": "hold", "limit": 24}),
    (VoidHold(key="bad", hold="x"), {"field": "hold", "limit": 24}),
    (Adjust(key="bad", legs=transfer().legs, actor="W1", approved_by="W1"), {"approved_by": "W1"}),
    (
        Adjust(key="bad", legs=transfer().legs, actor="W1", approved_by="W 2"),
        {"field": "approved_by", "limit": 120},
    ),
    (ClosePeriod(key="bad", month="2026-13"), {"given": "2026-13"}),
    (Batch(key="bad", commands=()), {}),
    (Batch(key="bad", commands=(transfer(),) * 8191), {"given": 8191, "limit": 8190}),
    (Batch(key="bad", commands=(transfer(key="x"), transfer(key="x"))), {"key": "x"}),
]


@pytest.mark.parametrize(("command", "fields"), FIELDS, ids=lambda case: type(case).__name__)
def test_a_refusal_names_the_field_what_was_given_and_the_limit(command: Any, fields: Any) -> None:
    refused = screen(command)
    assert refused is not None
    assert refused.fields == fields


AT = datetime(1900, 1, 1, tzinfo=UTC)
SIXTY_FOUR = (*(Leg(f"Liabilities:M{n}", 1) for n in range(63)), Leg(ZHANG, -63))

JUST_WITHIN = [
    most(at_most=None),
    most(at_most=1),
    most(at_most=10**9),
    settle(1),
    settle(10**9),
    hold(10**9),
    transfer(10**9),
    transfer(-1),
    transfer(legs=SIXTY_FOUR),
    transfer(key="k" * 255),
    transfer(key="长" * 85),
    transfer(memo="备" * 666 + "ab"),  # 2000 bytes
    transfer(memo="a\nb\tc 😀"),
    transfer(reason="", actor="~!" * 60),
    transfer(meta={"ok": 2**63 - 1, "no": -(2**63) + 1, "a" * 40: "张"}),
    transfer(meta={"ok": "x" * 3991}),
    transfer(effective_on=date(1900, 1, 1), occurred_at=AT),
    transfer(effective_on=date(2199, 12, 31), occurred_at=AT.replace(year=2199)),
    opening(floor=-(10**9), ceiling=10**9),
    opening(floor=5, ceiling=5),
    opening(floor=None, ceiling=None, label="x" * 120),
    *(opening(commodity=code) for code in ("PT", "A" * 12, "POINTS.CN", "X-1")),
    opening(code="Liabilities:" + "A" * 108),
    opening(code="Liabilities:Member:Held"),  # "Held" is taken in the second place only
    SettleHold(key="good", hold=NOBODY, amount=5, payee=LI),
    ReverseTransfer(key="good", transfer=NOBODY, actor="W1", approved_by="W2"),
    ReverseTransfer(key="good", transfer=NOBODY),
    Adjust(key="good", legs=transfer().legs, actor="W1", approved_by="W2"),
    ChangeLimits(key="good", code=ZHANG, floor=None, ceiling=None),
    CloseAccount(key="good", code=ZHANG),
    ClosePeriod(key="good", month="1900-01"),
    ClosePeriod(key="good", month="2199-12"),
    Batch(key="good", commands=tuple(transfer(key=f"m{n}") for n in range(BATCH_MAX))),
]


@pytest.mark.parametrize("command", JUST_WITHIN, ids=lambda command: type(command).__name__)
def test_what_is_just_within_its_bound_is_well_formed(command: Any) -> None:
    assert screen(command) is None


def _short(case: Any) -> str:
    return case.__name__ if isinstance(case, type) else type(case).__name__


@pytest.mark.parametrize(("command", "refusal"), MALFORMED, ids=_short)
async def test_a_malformed_command_has_its_own_refusal_and_is_not_even_remembered(
    town: Neighbourhood, command: Any, refusal: Any
) -> None:
    before = await town.book.snapshot()
    told = await town.refused(command)
    assert type(told) is refusal
    assert isinstance(told, no.Malformed)
    assert await town.book.snapshot() == before
    if isinstance(command.key, str) and refusal is not no.BadKey:
        # The key stays free: the same request, put right, goes through.
        assert not (await town.post(town.earn(town.zhang, 1, key=command.key))).replayed


async def test_the_malformed_list_holds_on_the_databases_too(stored_town: Neighbourhood) -> None:
    before = await stored_town.book.snapshot()
    answers = await stored_town.book.post_many([command for command, _ in MALFORMED], at=stored_town.at)
    assert [type(answer) for answer in answers] == [refusal for _, refusal in MALFORMED]
    assert await stored_town.book.snapshot() == before


async def unmet_cases(town: Neighbourhood) -> list[tuple[object, type[no.LedgerRefusal]]]:
    """Well-formed commands that this neighbourhood's state forbids."""
    earned = await town.post(town.earn(town.zhang, 300))
    hold = await town.post(town.hold(town.zhang, town.li, 60))
    ended = await town.post(town.hold(town.zhang, town.li, 60))
    await town.post(VoidHold(key="void", hold=ended.uid))
    await town.post(CloseAccount(key="close", code=town.wang))
    await town.post(opening(key="late", code="Liabilities:Member:Late"))
    reversed_once = await town.post(town.earn(town.zhang, 10))
    await town.post(ReverseTransfer(key="reverse", transfer=reversed_once.uid))
    await town.book.close_month("2026-09", at=town.at)
    issued_points = Leg(town.issuer, 5, "PTS"), Leg(town.zhang, -5, "PTS")
    return [
        (town.earn("Liabilities:Member:Nobody", 5), no.UnknownAccount),
        (Transfer(key="x1", legs=issued_points), no.ForeignCommodity),
        (opening(key="x2", commodity="EGG"), no.UnknownCommodity),
        (opening(key="x3", code=town.zhang), no.AccountExists),
        (town.earn(town.wang, 5), no.AccountClosed),
        (town.earn("Liabilities:Member:Late", 5, effective_on=DAY - timedelta(days=1)), no.AccountNotYetOpen),
        (CloseAccount(key="x4", code=town.zhang), no.AccountNotEmpty),
        (CloseAccount(key="x5", code=town.wang), no.AccountClosed),
        (town.pay(town.zhang, town.li, 241), no.BelowFloor),  # 300 less the 60 on hold
        (town.hold(town.zhang, town.li, 241), no.BelowFloor),
        (ChangeLimits(key="x6", code=town.zhang, floor=0, ceiling=299), no.AboveCeiling),
        (opening(key="x7", floor=1, ceiling=5), no.BelowFloor),  # an account starts at zero
        (SettleHold(key="x8", hold=NOBODY, amount=5), no.UnknownHold),
        (SettleHold(key="x9", hold=hold.uid, amount=61), no.OverSettlement),
        (SettleHold(key="x10", hold=ended.uid, amount=5), no.HoldEnded),
        (VoidHold(key="x11", hold=ended.uid), no.HoldEnded),
        (ReverseTransfer(key="x12", transfer=NOBODY), no.UnknownTransfer),
        (ReverseTransfer(key="x13", transfer=hold.uid), no.NotReversible),
        (ReverseTransfer(key="x14", transfer=reversed_once.uid), no.AlreadyReversed),
        (town.earn(town.zhang, 5, effective_on=date(2026, 9, 30)), no.PeriodClosed),
        (opening(key="x15", opened_on=date(2026, 9, 1)), no.PeriodClosed),
        (ClosePeriod(key="x16", month="2026-11"), no.PeriodNotOver),
        (ClosePeriod(key="x17", month="2026-08"), no.PeriodClosed),
        (Batch(key="x18", commands=(town.pay(town.zhang, town.li, 999),)), no.BatchRefused),
        (Batch(key="x19", commands=(town.earn(town.zhang, 300, key="k1"),)), no.BatchRefused),  # a used key
        (ReverseTransfer(key="x20", transfer=earned.uid), no.BelowFloor),
    ]


async def test_every_unmet_command_is_refused_remembered_and_leaves_the_books_as_they_were(
    any_town: Neighbourhood,
) -> None:
    cases: list[tuple[Any, Any]] = await unmet_cases(any_town)
    before = await any_town.book.snapshot()
    for command, refusal in cases:
        told = await any_town.refused(command)
        assert type(told) is refusal, told
        again = await any_town.refused(command)
        assert type(again) is refusal
        assert again.fields == told.fields
    assert await any_town.book.snapshot() == before
    assert before["problems"] == []


async def test_an_unmet_refusal_names_the_facts(town: Neighbourhood) -> None:
    cases: list[tuple[Any, Any]] = await unmet_cases(town)
    zhang, wang, at = {"account": town.zhang}, {"account": town.wang}, {"commodity": "MIN"}
    ended, held = cases[14][0].hold, cases[13][0].hold
    short = {**zhang, **at, "available": 240, "floor": 0}
    undone = cases[18][0].transfer
    expected = [
        {"account": "Liabilities:Member:Nobody", **at},
        {"account": town.issuer, "commodity": "PTS"},
        {"commodity": "EGG"},
        {**zhang, **at},
        {**wang, "closed_on": "2026-11-20"},
        {"account": "Liabilities:Member:Late", "opened_on": "2026-11-20"},
        {**zhang, "balance": 300, "pending": 60},
        {**wang, "closed_on": "2026-11-20"},
        {**short, "needed": 241},
        {**short, "needed": 241},
        {**zhang, **at, "would_be": 300, "ceiling": 299},
        {"account": "Liabilities:Member:New", **at, "available": 0, "needed": 0, "floor": 1},
        {"hold": NOBODY},
        {"hold": held, "amount": 61, "held": 60},
        {"hold": ended, "state": "voided"},
        {"hold": ended, "state": "voided"},
        {"transfer": NOBODY},
        {"transfer": held, "kind": "hold"},
        {"transfer": undone, "reversed_by": uid_of(town.book.code, "reverse")},
        {"effective_on": "2026-09-30", "closed_through": "2026-09-30"},
        {"effective_on": "2026-09-01", "closed_through": "2026-09-30"},
        {"month": "2026-11"},
        {"effective_on": "2026-08-31", "closed_through": "2026-09-30"},
        {
            "position": 1,
            "key": cases[23][0].commands[0].key,
            "member_code": "below_floor",
            "member_fields": {**short, "needed": 999},
        },
        {
            "position": 1,
            "key": "k1",
            "member_code": "key_conflict",
            "member_fields": {"key": "k1", "differing": ["batch"]},
        },
        {**short, "needed": 300},
    ]
    assert [(await town.refused(command)).fields for command, _ in cases] == expected


async def test_a_remembered_refusal_stays_even_when_the_reason_is_gone(any_town: Neighbourhood) -> None:
    """A client that retries must not be told no and later yes for one key; a new try takes a new key."""
    wish = any_town.pay(any_town.zhang, any_town.li, 60)
    assert isinstance(await any_town.refused(wish), no.BelowFloor)
    await any_town.post(any_town.earn(any_town.zhang, 60))
    assert isinstance(await any_town.refused(wish), no.BelowFloor)
    await any_town.post(any_town.pay(any_town.zhang, any_town.li, 60))


async def test_the_same_key_with_another_body_is_a_conflict_that_names_the_fields(
    any_town: Neighbourhood,
) -> None:
    first = any_town.earn(any_town.zhang, 60, memo="S1")
    await any_town.post(first)
    before = await any_town.book.snapshot()
    other = any_town.earn(any_town.li, 60, key=first.key, memo="S2", reason="gift")
    told = await any_town.refused(other)
    assert isinstance(told, no.KeyConflict)
    assert told.fields["differing"] == ["legs", "memo", "reason"]
    assert await any_town.book.snapshot() == before
    assert (await any_town.post(first)).replayed


async def test_a_key_with_a_remembered_refusal_conflicts_with_another_body_too(
    any_town: Neighbourhood,
) -> None:
    wish = any_town.pay(any_town.zhang, any_town.li, 60)
    await any_town.refused(wish)
    told = await any_town.refused(any_town.pay(any_town.zhang, any_town.li, 61, key=wish.key))
    assert told.fields["differing"] == ["legs"]


async def test_a_batch_that_differs_in_one_member_names_that_member(any_town: Neighbourhood) -> None:
    one, two = any_town.earn(any_town.zhang, 60), any_town.earn(any_town.li, 60)
    await any_town.post(Batch(key="b", commands=(one, two)))
    changed = any_town.earn(any_town.li, 61, key=two.key)
    told = await any_town.refused(Batch(key="b", commands=(one, changed)))
    assert told.fields["differing"] == ["commands[1].legs"]
    both = Batch(key="b", commands=(any_town.earn(any_town.zhang, 59, key=one.key), changed))
    named = (await any_town.refused(both)).fields["differing"]
    assert named == ["commands[0].legs", "commands[1].legs"]
    shorter = await any_town.refused(Batch(key="b", commands=(one,)))
    assert shorter.fields["differing"] == ["commands", "keys"]


async def test_a_replay_under_another_day_or_hour_is_a_conflict(any_town: Neighbourhood) -> None:
    """Left out they are not compared; given, they are."""
    first = any_town.earn(any_town.zhang, 60, occurred_at=any_town.at)
    await any_town.post(first)
    later = replace(first, occurred_at=any_town.at + timedelta(hours=1))
    assert (await any_town.refused(later)).fields["differing"] == ["occurred_at_us"]
    day_before = replace(first, effective_on=DAY - timedelta(days=1))
    assert (await any_town.refused(day_before)).fields["differing"] == ["effective_on"]
    assert (await any_town.post(replace(first, effective_on=None, occurred_at=None))).replayed


async def test_a_replay_with_times_left_to_the_book_is_the_same_request(any_town: Neighbourhood) -> None:
    command = any_town.earn(any_town.zhang, 60, effective_on=None)
    first = await any_town.post(command)
    again = await any_town.post(command, at=any_town.at + timedelta(days=40))
    assert again.replayed
    assert again.recorded_at == first.recorded_at


async def test_a_stand_in_who_is_the_payer_is_refused(town: Neighbourhood) -> None:
    await town.post(town.earn(town.zhang, 60))
    hold = await town.post(town.hold(town.zhang, town.li, 60))
    told = await town.refused(SettleHold(key="s", hold=hold.uid, amount=5, payee=town.zhang))
    assert isinstance(told, no.SameAccount)


async def test_posting_without_an_aware_moment_is_refused(town: Neighbourhood) -> None:
    for moment in (datetime(2026, 11, 20), None, "now"):
        with pytest.raises(no.BadTime):
            await town.book.post(town.earn(town.zhang, 60), at=moment)  # type: ignore[arg-type]


async def test_an_account_cannot_close_before_the_day_it_last_moved(town: Neighbourhood) -> None:
    await town.post(town.earn(town.li, 60, effective_on=DAY))
    await town.post(town.pay(town.li, town.zhang, 60, effective_on=DAY))
    told = await town.refused(CloseAccount(key="c", code=town.li, effective_on=DAY - timedelta(days=1)))
    assert isinstance(told, no.AccountMovedLater)
    assert told.fields == {"account": town.li, "last_on": "2026-11-20"}
    await town.post(CloseAccount(key="c2", code=town.li, effective_on=DAY))


async def test_a_book_that_was_never_created_or_is_kept_elsewhere_says_so(stored_town: Neighbourhood) -> None:
    from ledger.store import Book

    with pytest.raises(no.BookMissing):
        await Book(stored_town.engine, code="xiqu").head()
    with pytest.raises(no.BookDiffers):
        await Book(stored_town.engine, code=stored_town.book.code, timezone="Europe/Berlin").create()


async def test_something_that_is_no_command_is_an_error_of_the_caller(town: Neighbourhood) -> None:
    with pytest.raises(AttributeError):
        await town.book.post(cast(Transfer, "give Zhang an hour"), at=town.at)


@pytest.mark.parametrize("refusal", [no.BY_CODE[code] for code in sorted(no.BY_CODE)], ids=sorted(no.BY_CODE))
def test_every_refusal_has_a_sentence_in_both_languages_and_a_place_in_the_tree(refusal: Any) -> None:
    if refusal.__subclasses__():
        return
    assert refusal.zh_template != no.LedgerRefusal.zh_template
    assert refusal.en_template != no.LedgerRefusal.en_template
    assert any("\u4e00" <= ch <= "\u9fff" for ch in refusal.zh_template)
    assert refusal.__name__ in no.__doc__


def test_every_refusal_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    leaves = [code for code, refusal in no.BY_CODE.items() if not refusal.__subclasses__()]
    assert [code for code in leaves if f"`{code}`" not in text] == []
