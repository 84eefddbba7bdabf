"""Random steps that TigerBeetle and our book can both take, drawn from a seed.

Transfers, those that take what there is, pending ones and their ends, chains, and all of these again, as they were or changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random


class Verb(StrEnum):
    MOVE = "move"
    MOST = "most"
    """What the debit side can spend, `amount` at most."""
    HOLD = "hold"
    POST = "post"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event, in TigerBeetle's words.

    Attributes:
        pending: the event that a post or void ends; its accounts are that event's.
    """

    id: int
    verb: Verb
    debit: int = 0
    credit: int = 0
    amount: int = 0
    pending: int = 0


Chain = tuple[Step, ...]
"""All or none; a single step is a chain of one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a chain: whether it stands, now or from before, and each side's own word for it."""

    passed: bool
    word: str


ACCOUNTS = 12
"""1 to 4 are free, 5 to 9 may not be overdrawn (debits ≤ credits), 10 to 12 may not be overfilled (credits ≤ debits)."""

OVERDRAFT_REFUSED = range(5, 10)
SURPLUS_REFUSED = range(10, 13)


@dataclass
class Drawing:
    """Draws chains; it is told which of them passed, so that it can come back to them."""

    dice: Random
    last: int = 100
    passed: list[Chain] = field(default_factory=list)
    refused: list[Chain] = field(default_factory=list)
    holds: list[Step] = field(default_factory=list)

    def chains(self, steps: int) -> Iterator[Chain]:
        """Chains of `steps` events in all, at least."""
        drawn = 0
        while drawn < steps:
            chain = self._chain()
            drawn += len(chain)
            yield chain

    def told(self, chain: Chain, accepted: bool) -> None:
        """What became of the chain."""
        (self.passed if accepted else self.refused).append(chain)
        if accepted:
            self.holds += [step for step in chain if step.verb is Verb.HOLD]

    def _chain(self) -> Chain:
        roll = self.dice.random()
        if roll < 0.06 and self.passed:
            return self._again(self.dice.choice(self.passed[-200:]))
        if roll < 0.09 and self.refused:
            return self.dice.choice(self.refused[-200:])
        if roll < 0.16:
            return tuple(self._step(linked=True) for _ in range(self.dice.randrange(2, 5)))
        return (self._step(),)

    def _again(self, chain: Chain) -> Chain:
        # There a chain is left at its first step that exists, so only another first step is noticed; and a larger "at most"
        # is taken for the same.
        first = chain[0]
        if first.verb is Verb.MOST or self.dice.random() < 0.6:
            return chain
        return (replace(first, amount=first.amount + 1), *chain[1:])

    def _step(self, *, linked: bool = False) -> Step:
        self.last += 1
        dice, roll = self.dice, self.dice.random()
        if roll < 0.3 and self.holds:
            hold = dice.choice(self.holds[-30:])
            if roll < 0.1:
                return Step(id=self.last, verb=Verb.VOID, pending=hold.id, amount=hold.amount)
            most = hold.amount + 1 if dice.random() < 0.1 else hold.amount
            return Step(id=self.last, verb=Verb.POST, pending=hold.id, amount=dice.randrange(1, most + 1))
        if roll < 0.32:
            return Step(id=self.last, verb=Verb.POST, pending=10**9 + self.last, amount=1)
        debit, credit = dice.sample(range(1, ACCOUNTS + 1), 2)
        if dice.random() < 0.02:
            credit = 99
        verb = Verb.HOLD if roll < 0.55 else Verb.MOVE
        # When there is nothing to take, TigerBeetle makes an empty transfer and ours refuses: a chain would pass there only.
        if roll > 0.9 and not linked:
            verb = Verb.MOST
        return Step(id=self.last, verb=verb, debit=debit, credit=credit, amount=dice.randrange(1, 60))
