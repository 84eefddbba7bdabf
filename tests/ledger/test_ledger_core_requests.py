"""Every command with every field: it comes back from its entry, and under its key each field is compared."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

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
    Leg,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of
from ledger.replay import command_of, grouped, replay
from ledger.rows import Posted
from ledger.sequence import sequence
from tests.ledger.machine.small import AT, BOOK, ISSUER, LI, ZHANG, Small


def one_of_each() -> list[Command]:
    """Every kind of command with all its fields given; posted in this order they all pass."""
    told: dict[str, Any] = {"reason": "service", "actor": "W1", "memo": "帮忙", "meta": {"service": "S1"}}
    told |= {"occurred_at": AT - timedelta(hours=3), "effective_on": date(2026, 11, 19)}
    eggs: dict[str, Any] = {"commodity": "EGG", "kind": AccountKind.LIABILITY, "opened_on": date(2026, 1, 2)}
    placed: dict[str, Any] = {"payer": ISSUER, "payee": ZHANG, "expires_at": AT + timedelta(days=1), **told}
    moved = (Leg(ISSUER, 5), Leg(ZHANG, -5), Leg(ISSUER, 3, "EGG"), Leg(ZHANG, -3, "EGG"))
    return [
        OpenAccount(key="i", **told | eggs | {"code": ISSUER, "kind": AccountKind.EQUITY, "floor": -500}),
        OpenAccount(key="z", **told | eggs | {"code": ZHANG, "floor": None, "ceiling": 90}),
        OpenAccount(key="l", **told | eggs | {"code": LI}),
        Transfer(key="t", legs=moved, **told),
        Adjust(key="a", legs=moved, approved_by="W2", **told),
        PlaceHold(key="h1", amount=2, commodity="EGG", **placed),
        PlaceHold(key="h2", amount=2, **placed),
        SettleHold(key="s1", hold=uid_of(BOOK, "h1"), amount=1, **told),
        SettleHold(key="s2", hold=uid_of(BOOK, "h2"), amount=1, payee=LI, **told),
        ReverseTransfer(key="r1", transfer=uid_of(BOOK, "t"), **told),
        ReverseTransfer(key="r2", transfer=uid_of(BOOK, "a"), approved_by="W2", **told),
        ChangeLimits(key="c", code=ZHANG, commodity="EGG", floor=-7, ceiling=70, **told),
        CloseAccount(key="x", code=LI, commodity="EGG", **told),
        ReopenAccount(key="o", code=LI, commodity="EGG", **told),
        BalancingTransfer(key="n", payer=ZHANG, payee=LI, commodity="EGG", at_most=2, **told),
        PlaceHold(key="h4", amount=2, **placed | {"expires_at": AT}),
        ExpireHold(key="e", hold=uid_of(BOOK, "h4"), **told),
        PlaceHold(key="h3", amount=2, **placed),
        Batch(key="b", commands=(VoidHold(key="v", hold=uid_of(BOOK, "h3"), **told),), **told),
        ClosePeriod(key="m", month="2026-10", **told),
    ]


def test_every_command_comes_back_from_its_entry_as_it_was_asked() -> None:
    small, asked = Small(), one_of_each()
    assert [small.ask(command) for command in asked] == ["posted"] * len(asked)
    asked[:3] = [
        replace(command, effective_on=command.opened_on)
        for command in asked[:3]
        if isinstance(command, OpenAccount)
    ]
    journal = small.sheet.changes.entries
    assert [command_of(group) for group in grouped(journal)][3:] == asked
    again = Small()
    assert replay(again.sheet, journal[3:]) is None
    assert again.sheet.changes.entries == journal
    assert again.sheet.accounts == small.sheet.accounts


def test_a_reset_of_the_clock_comes_back_from_its_entry_and_its_fields_are_compared_too() -> None:
    told: dict[str, Any] = {
        "reason": "clock",
        "actor": "W1",
        "memo": "电脑时间错了",
        "meta": {"ticket": "T1"},
    }
    told |= {"occurred_at": AT - timedelta(hours=3), "effective_on": date(2026, 11, 19)}
    reset = ResetClock(key="w", approved_by="W2", **told)
    small = Small()
    earned = Transfer(key="t", legs=(Leg(ISSUER, 5), Leg(ZHANG, -5)), effective_on=date(2026, 11, 19))
    assert small.ask(earned, AT + timedelta(days=90)) == "posted"
    assert small.ask(reset) == "posted"
    journal = small.sheet.changes.entries
    assert command_of(journal[-1:]) == reset
    assert replay(Small().sheet, journal[3:]) is None
    for name in OTHERWISE.keys() & {one.name for one in fields(reset)}:
        refusal = small.ask(replace(reset, **{name: OTHERWISE[name]}))
        assert refusal.fields == {"key": "w", "differing": [CALLED.get(name, name)]}


def test_a_replay_notes_an_entry_that_joins_what_is_no_batch() -> None:
    small = Small()
    small.give(ZHANG, 5)
    small.give(ZHANG, 5)
    *_, one, other = small.sheet.changes.entries
    found = replay(Small().sheet, [one, other._replace(batch=one.uid)])
    assert found is not None
    assert (found.seq, found.detail) == (one.seq, "1 entries on replay, 2 stored")


OTHERWISE: dict[str, Any] = {
    "effective_on": date(2026, 11, 18),
    "occurred_at": AT,
    "reason": "gift",
    "actor": "W9",
    "memo": "别的",
    "meta": {"service": "S2"},
    "legs": (Leg(ISSUER, 6), Leg(ZHANG, -6)),
    "payer": LI,
    "payee": ISSUER,
    "amount": 7,
    "at_most": 7,
    "commodity": "PTS",
    "expires_at": AT + timedelta(days=2),
    "hold": "a" * 24,
    "transfer": "b" * 24,
    "approved_by": "W3",
    "code": "Equity:Other",
    "kind": AccountKind.INCOME,
    "floor": -1,
    "ceiling": 1,
    "opened_on": date(2026, 1, 3),
    "month": "2026-09",
}
CALLED = {
    "occurred_at": "occurred_at_us",
    "expires_at": "expires_at_us",
    "code": "account",
    "kind": "account_kind",
}


def test_every_field_of_a_request_is_compared_under_its_key() -> None:
    """The same again is known; one field otherwise is a conflict that names it, also inside a batch."""
    small, asked = Small(), one_of_each()
    for command in asked:
        small.ask(command)
    for command in asked:
        assert small.ask(command) == "posted"
        for name in OTHERWISE.keys() & {one.name for one in fields(command)}:
            refusal = small.ask(replace(command, **{name: OTHERWISE[name]}))
            if (type(command), name) == (OpenAccount, "effective_on"):
                assert refusal == "posted"  # it counts for `opened_on` whatever is asked
                continue
            assert refusal.fields == {"key": command.key, "differing": [CALLED.get(name, name)]}, name
        if isinstance(command, Batch):
            [member] = command.commands
            for name in OTHERWISE.keys() & {one.name for one in fields(member)}:
                changed = replace(command, commands=(replace(member, **{name: OTHERWISE[name]}),))
                differing = [f"commands[0].{CALLED.get(name, name)}"]
                assert small.ask(changed).fields["differing"] == differing
            other = replace(command, commands=(replace(member, key="other"),))
            assert small.ask(other).fields["differing"] == ["commands[0].key", "keys"]
    assert len(small.sheet.changes.entries) == 3 + len(asked) + 1


def test_an_answer_says_what_kind_of_entry_was_written_and_so_do_its_members() -> None:
    small, asked = Small(), one_of_each()
    for command in asked:
        [posted] = sequence(small.sheet, [(command, AT)])
        assert isinstance(posted, Posted)
        assert posted.kind is command.kind_of_entry
        members = command.commands if isinstance(command, Batch) else ()
        assert [one.kind for one in posted.members] == [one.kind_of_entry for one in members]
