"""The pure core by itself, without any store or event loop: quick enough to be run for every mutant of its code."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger import EntryKind, Head, LedgerRefusal, Sheet, decide
from ledger.answers import Rejected
from ledger.chain import genesis, uid_of
from ledger.decide import screen
from ledger.replay import command_of, replay
from ledger.rows import Posted
from ledger.sequence import sequence
from tests.ledger.machine.model import Model
from tests.ledger.machine.ten_thousand import BOOK, COMMODITIES, ZONE, blocks, digest
from tests.ledger.test_ledger_refusals import FIELDS, JUST_WITHIN, MALFORMED

FIRST_BLOCKS = 16
FIRST_HEAD = (
    "538 8dc479effbc240ff8bbe14b5e556b571814c8a4045ff8bcd456914cd808c5cf5 "
    "7f5186ff8d45aa4187e7c6c62cf9e0aaa794de768e6193d456cb9a9db074bda0"
)
"""What the first 800 of the ten thousand commands come to."""


def empty_sheet() -> Sheet:
    head = Head(seq=0, hash=genesis(BOOK, ZONE))
    return Sheet(book=BOOK, zone=ZoneInfo(ZONE), head=head, commodities=frozenset(COMMODITIES))


@pytest.fixture(scope="module")
def decided() -> Any:
    """The first blocks, each posted as one group: the sheet after them, and (command, moment, answer)."""
    sheet = empty_sheet()
    told: list[Any] = []
    for number, (at, commands) in enumerate(blocks()):
        if number == FIRST_BLOCKS:
            break
        sound = [command for command in commands if screen(command) is None]
        told += zip(
            sound, [at] * len(sound), sequence(sheet, [(command, at) for command in sound]), strict=True
        )
    return sheet, told


def test_the_first_eight_hundred_commands_come_to_the_head_that_is_written_down(decided: Any) -> None:
    sheet, told = decided
    assert digest(sheet.head, [answer for _, _, answer in told]) == FIRST_HEAD


def test_the_book_on_paper_says_the_same_of_each_of_them(decided: Any) -> None:
    sheet, told = decided
    model = Model(book=BOOK, zone=ZoneInfo(ZONE), commodities=set(COMMODITIES))
    for command, at, answer in told:
        code = answer.code if isinstance(answer, LedgerRefusal) else "posted"
        if code != "same_account":  # looked at before anything else is, and not remembered
            assert model.judge(command, at) == code, command
    for place, account in sheet.accounts.items():
        pot = model.pots[place]
        assert (account.balance, account.pending, account.pending_in) == (pot.balance, pot.going, pot.coming)
        assert (account.available, account.prospective) == (pot.balance - pot.going, pot.balance + pot.coming)
        assert account.levels == (account.available, account.prospective)
        assert account.last_on == (pot.last_on if account.version else None)


def test_a_replay_of_the_journal_gives_the_same_rows(decided: Any) -> None:
    sheet, _ = decided
    again = empty_sheet()
    assert replay(again, sheet.changes.entries) is None
    assert again.changes.entries == sheet.changes.entries
    assert again.accounts == sheet.accounts
    assert again.holds == sheet.holds


@pytest.mark.parametrize("group", [1, 7])
def test_how_the_commands_are_grouped_makes_no_difference(decided: Any, group: int) -> None:
    sheet, told = decided
    again, answers = empty_sheet(), []
    requests = [(command, at) for command, at, _ in told]
    for start in range(0, len(requests), group):
        answers += sequence(again, requests[start : start + group])
    assert [_said(one) for one in answers] == [_said(answer) for _, _, answer in told]
    assert again.changes.entries == sheet.changes.entries


def _said(answer: Any) -> Any:
    """Refusals are exceptions, equal only to themselves; compare what they say."""
    return (answer.code, answer.fields) if isinstance(answer, LedgerRefusal) else answer


def test_every_malformed_command_is_decided_without_a_look_at_the_sheet() -> None:
    sheet = empty_sheet()
    at = next(iter(blocks()))[0]
    for command, refusal in MALFORMED:
        decision = decide(sheet, command, at=at)
        assert isinstance(decision, Rejected), command
        assert (type(decision.refusal), decision.code) == (refusal, refusal.code), command
        assert not decision.remember
        assert decision.refusal.zh
        # The sentences use every field and know every word they use.
        named = {name for _, name, _, _ in Formatter().parse(refusal.en_template) if name}
        assert named <= decision.fields.keys(), command
        assert None not in decision.fields.values(), command
    assert not sheet.changes


def test_everything_asked_again_is_answered_alike_and_nothing_is_written(decided: Any) -> None:
    sheet, told = decided
    count = len(sheet.changes.entries)
    for command, at, answer in told:
        [again] = sequence(sheet, [(command, at)])
        if not isinstance(answer, LedgerRefusal):
            assert isinstance(again, Posted)
            assert again._replace(replayed=answer.replayed) == answer
            assert again.recorded_at == sheet.entries[answer.uid].recorded_at
        elif answer.code not in ("same_account", "key_conflict"):
            assert _said(again) == _said(answer)
    assert len(sheet.changes.entries) == count


def test_a_hold_knows_the_entry_that_ended_it(decided: Any) -> None:
    sheet, _ = decided
    ends = {entry.hold: entry.seq for entry in sheet.changes.entries if entry.hold}
    assert {hold.uid: hold.ended_seq for hold in sheet.holds.values() if hold.ended_seq} == ends


def test_a_refusal_names_what_is_wrong() -> None:
    for command, fields in FIELDS:
        refused = screen(command)
        assert refused is not None
        assert refused.fields == fields, command


def test_two_keys_that_met_under_one_uid_are_a_conflict_about_the_key(decided: Any) -> None:
    sheet, _ = decided
    entry = next(entry for entry in sheet.changes.entries if entry.kind is EntryKind.TRANSFER)
    again = empty_sheet()
    again.entries[uid_of(BOOK, "other")] = entry
    decision = decide(again, replace(command_of([entry]), key="other"), at=entry.recorded_at)
    assert isinstance(decision, Rejected)
    assert decision.fields == {"key": "other", "differing": ["key"]}


def test_what_is_just_within_its_bound_is_not_malformed() -> None:
    for command in JUST_WITHIN:
        assert screen(command) is None, command


def test_a_replay_says_where_a_journal_leaves_the_rules(decided: Any) -> None:
    """A changed amount, a lost member and a key used twice: each is named by the seq of its group."""
    sheet, _ = decided
    journal = sheet.changes.entries
    transfer = next(entry for entry in journal if entry.kind is EntryKind.TRANSFER and not entry.batch)
    header = next(entry for entry in journal if entry.kind is EntryKind.BATCH)
    hold = next(entry for entry in journal if entry.kind is EntryKind.HOLD)
    heavier = tuple(leg._replace(amount=leg.amount * 2) for leg in transfer.postings)
    changed = [entry._replace(postings=heavier) if entry is transfer else entry for entry in journal]
    found = replay(empty_sheet(), changed)
    assert found is not None
    assert (found.seq, found.detail) == (transfer.seq, "another hash on replay")
    lost = [entry for entry in journal if entry.seq != header.seq + 1]
    found = replay(empty_sheet(), lost)
    assert found is not None
    assert found.seq == header.seq
    unheard_of = [entry._replace(detail="") if entry is hold else entry for entry in journal]
    found = replay(empty_sheet(), unheard_of)
    assert found is not None
    assert found.seq == hold.seq
    assert found.detail.startswith("refused on replay")


def test_a_decision_leaves_the_sheet_as_it_is(decided: Any) -> None:
    sheet, told = decided
    again = empty_sheet()
    for command, at, _ in told[:300]:
        before = (
            again.head,
            dict(again.accounts),
            dict(again.entries),
            dict(again.holds),
            dict(again.reversals),
        )
        decide(again, command, at=at)
        assert before == (again.head, again.accounts, again.entries, again.holds, again.reversals)
        sequence(again, [(command, at)])
    assert again.entries == {uid_of(BOOK, entry.key): entry for entry in again.changes.entries}
    assert again.entries.keys() <= sheet.entries.keys()
