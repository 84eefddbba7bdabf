"""TigerBeetle's rules as its documentation and its state machine tell them, written down a second time and kept apart from ours.

No server is needed for this; a real one is the better witness (`python -m tests.ledger.oracle --server PATH`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.ledger.oracle.drawing import (
    ACCOUNTS,
    OVERDRAFT_REFUSED,
    SURPLUS_REFUSED,
    Chain,
    Step,
    Verb,
)

Counters = tuple[int, int, int, int]
"""Debits pending, debits posted, credits pending, credits posted."""

KEPT_FAILED = frozenset({"account_not_found", "pending_not_found", "exceeds_credits", "exceeds_debits"})
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

    def take(self, chain: Chain) -> bool:
        """Whether the chain passes, or has passed before."""
        before = {number: [*one] for number, one in self.accounts.items()}
        done: list[Step] = []
        for step in chain:
            status = self._one(step)
            if status not in ("created", "exists") or (status == "exists" and len(chain) > 1):
                self.accounts = before
                for undone in done:
                    del self.events[undone.id]
                    self.ended.pop(undone.pending, None)
                if status in KEPT_FAILED:
                    self.failed.add(step.id)
                return False
            if status == "created":
                done.append(step)
        return True

    def counters(self) -> dict[int, Counters]:
        return {number: (one[0], one[1], one[2], one[3]) for number, one in self.accounts.items()}

    def _one(self, step: Step) -> str:
        if step.id in self.events:
            return "exists" if self.events[step.id] == step else "exists_with_different"
        if step.id in self.failed:
            return "id_already_failed"
        status = self._end(step) if step.verb in (Verb.POST, Verb.VOID) else self._start(step)
        if status == "created":
            self.events[step.id] = step
        return status

    def _start(self, step: Step) -> str:
        if step.debit not in self.accounts or step.credit not in self.accounts:
            return "account_not_found"
        debit, credit = self.accounts[step.debit], self.accounts[step.credit]
        if step.debit in OVERDRAFT_REFUSED and debit[0] + debit[1] + step.amount > debit[3]:
            return "exceeds_credits"
        if step.credit in SURPLUS_REFUSED and credit[2] + credit[3] + step.amount > credit[1]:
            return "exceeds_debits"
        posted = step.verb is Verb.MOVE
        debit[1 if posted else 0] += step.amount
        credit[3 if posted else 2] += step.amount
        return "created"

    def _end(self, step: Step) -> str:
        pending = self.events.get(step.pending)
        if pending is None:
            return "pending_not_found"
        if pending.verb is not Verb.HOLD:
            return "pending_not_pending"
        if step.amount > pending.amount:
            return "exceeds_pending_amount"
        if step.verb is Verb.VOID and step.amount != pending.amount:
            return "pending_has_different_amount"
        if step.pending in self.ended:
            return "pending_" + self.ended[step.pending]
        debit, credit = self.accounts[pending.debit], self.accounts[pending.credit]
        debit[0] -= pending.amount
        credit[2] -= pending.amount
        if step.verb is Verb.POST:
            debit[1] += step.amount
            credit[3] += step.amount
        self.ended[step.pending] = step.verb.value
        return "created"
