"""TigerBeetle's rules as its documentation and its state machine tell them, written down a second time and kept apart from ours.

No server is needed for this; a real one is the better witness (`python -m tests.ledger.oracle --server PATH`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.ledger.oracle.drawing import (
    ACCOUNTS,
    OVERDRAFT_REFUSED,
    SURPLUS_REFUSED,
    Answer,
    Chain,
    Step,
    Verb,
)

Counters = tuple[int, int, int, int]
"""Debits pending, debits posted, credits pending, credits posted."""

KEPT_FAILED = frozenset(
    {
        "debit_account_not_found",
        "credit_account_not_found",
        "pending_transfer_not_found",
        "exceeds_credits",
        "exceeds_debits",
    }
)
"""Failures after which an id stays failed."""


@dataclass
class Published:
    """A state machine over plain dictionaries."""

    accounts: dict[int, list[int]] = field(
        default_factory=lambda: {number: [0, 0, 0, 0] for number in range(1, ACCOUNTS + 1)}
    )
    events: dict[int, Step] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)

    def take(self, chain: Chain) -> Answer:
        """Whether the chain passes, or has passed before."""
        before = {number: [*one] for number, one in self.accounts.items()}
        done: list[Step] = []
        for step in chain:
            status = self._one(step)
            if status == "created":
                done.append(step)
                continue
            self.accounts = before
            for undone in done:
                del self.events[undone.id]
                self.ended.pop(undone.pending, None)
            if status in KEPT_FAILED:
                self.failed.add(step.id)
            # A chain is left at its first step that is there already: it passed before as a whole.
            return Answer(status == "exists" and not done and step.id not in self.empty, status)
        return Answer(not (self.empty & {step.id for step in chain}), "created")

    def counters(self) -> dict[int, Counters]:
        return {number: (one[0], one[1], one[2], one[3]) for number, one in self.accounts.items()}

    def _one(self, step: Step) -> str:
        if step.id in self.events:
            return "exists" if self.events[step.id] == step else "exists_with_different_amount"
        if step.id in self.failed:
            return "id_already_failed"
        status = self._end(step) if step.verb in (Verb.POST, Verb.VOID) else self._start(step)
        if status == "created":
            self.events[step.id] = step
        return status

    def _start(self, step: Step) -> str:
        if step.debit not in self.accounts:
            return "debit_account_not_found"
        if step.credit not in self.accounts:
            return "credit_account_not_found"
        debit, credit = self.accounts[step.debit], self.accounts[step.credit]
        amount = step.amount
        if step.verb is Verb.MOST:
            amount = min(amount, max(0, debit[3] - debit[0] - debit[1]))
        if step.debit in OVERDRAFT_REFUSED and debit[0] + debit[1] + amount > debit[3]:
            return "exceeds_credits"
        if step.credit in SURPLUS_REFUSED and credit[2] + credit[3] + amount > credit[1]:
            return "exceeds_debits"
        if amount == 0:
            self.empty.add(step.id)
        pending = step.verb is Verb.HOLD
        debit[0 if pending else 1] += amount
        credit[2 if pending else 3] += amount
        return "created"

    def _end(self, step: Step) -> str:
        pending = self.events.get(step.pending)
        if pending is None:
            return "pending_transfer_not_found"
        if pending.verb is not Verb.HOLD:
            return "pending_transfer_not_pending"
        if step.amount > pending.amount:
            return "exceeds_pending_transfer_amount"
        if step.verb is Verb.VOID and step.amount != pending.amount:
            return "pending_transfer_has_different_amount"
        if step.pending in self.ended:
            return "pending_transfer_already_" + self.ended[step.pending]
        debit, credit = self.accounts[pending.debit], self.accounts[pending.credit]
        debit[0] -= pending.amount
        credit[2] -= pending.amount
        if step.verb is Verb.POST:
            debit[1] += step.amount
            credit[3] += step.amount
        self.ended[step.pending] = "posted" if step.verb is Verb.POST else "voided"
        return "created"
