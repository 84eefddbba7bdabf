"""The answers of one run of a real server, kept as text, so that they can be compared with where there is no server.

A line for each chain, its steps and what the server said: `move 101 3 7 25 = + created`, `post 240 of 107 12 ; void … = - exists`;
after each block a line with all four counters of all accounts: `| 0,5,0,7 0,0,0,12 …`. The first line says who answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.ledger.oracle.drawing import Answer, Chain, Step, Verb

FILE = Path(__file__).parent / "recorded.txt"

Counters = dict[int, tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Chains handed over at once, what became of each, and how the accounts stood afterwards."""

    chains: Sequence[Chain]
    answers: Sequence[Answer]
    counters: Counters


def written(title: str, blocks: Sequence[Block]) -> str:
    """The text of these blocks."""
    lines = [f"# {title}"]
    for block in blocks:
        for chain, answer in zip(block.chains, block.answers, strict=True):
            steps = " ; ".join(map(_step_as_text, chain))
            lines.append(f"{steps} = {'+' if answer.passed else '-'} {answer.word}")
        stood = [",".join(map(str, block.counters[number])) for number in sorted(block.counters)]
        lines.append("| " + " ".join(stood))
    return "\n".join(lines) + "\n"


def read(text: str) -> Iterator[Block]:
    """The blocks of a text."""
    chains: list[Chain] = []
    answers: list[Answer] = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("|"):
            stood = [tuple(map(int, one.split(","))) for one in line.split()[1:]]
            counters = {number: (a, b, c, d) for number, (a, b, c, d) in enumerate(stood, start=1)}
            yield Block(chains=chains, answers=answers, counters=counters)
            chains, answers = [], []
            continue
        steps, _, told = line.rpartition(" = ")
        sign, word = told.split()
        chains.append(tuple(map(_step_from_text, steps.split(" ; "))))
        answers.append(Answer(sign == "+", word))


def _step_as_text(step: Step) -> str:
    if step.verb in (Verb.POST, Verb.VOID):
        return f"{step.verb} {step.id} of {step.pending} {step.amount}"
    return f"{step.verb} {step.id} {step.debit} {step.credit} {step.amount}"


def _step_from_text(text: str) -> Step:
    match text.split():
        case [verb, number, "of", pending, amount]:
            return Step(id=int(number), verb=Verb(verb), pending=int(pending), amount=int(amount))
        case [verb, number, debit, credit, amount]:
            return Step(
                id=int(number), verb=Verb(verb), debit=int(debit), credit=int(credit), amount=int(amount)
            )
    raise ValueError(f"no step: {text}")
