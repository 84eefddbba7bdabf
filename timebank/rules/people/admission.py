"""Who may take a task on: what its kind asks of the helper, held against what is on record about somebody. Pure.

What is not on record about an age is never guessed: only somebody certainly too young or too old is kept out. A proof is
a thing to show, so that one that is not on record is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.requirements import Requirement
from timebank.rules.hours.eligible import Person


class Lacking(StrEnum):
    """Why somebody is not admitted to a task."""

    PROOF_MISSING = "proof_missing"
    PROOF_ENDED = "proof_ended"
    PROOF_TO_COME = "proof_to_come"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofKind:
    """What a proof is called."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One proof that somebody holds or held.

    Attributes:
        kind: code of the kind of relationship; category: what it is for, "" for any help at all.
        until_on: its last day, None for no end.
    """

    kind: str
    category: str = ""
    since_on: date
    until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing, in words."""

    why: Lacking
    zh: str
    en: str


def lacks(
    rules: Iterable[Requirement],
    *,
    categories: Sequence[str],
    person: Person,
    proofs: Sequence[Proof],
    kinds: Collection[ProofKind],
    on: date,
) -> tuple[Lack, ...]:
    """What keeps somebody from a task on a day; empty for whoever is admitted.

    Args:
        rules: those that hold for the task.
        categories: the task's category and those above it, nearest first; empty when its kind is not known, and then any
            proof of the kind asked for counts.
        proofs: everything the person holds or held.
        kinds: what proofs are called.
    """
    named = {kind.code: kind for kind in kinds}
    found: list[Lack] = []
    for rule in rules:
        found += [
            lack
            for code in rule.proofs
            if (
                lack := _proof_lack(
                    named.get(code) or ProofKind(code=code, zh=code, en=code), categories, proofs, on
                )
            )
        ]
        found += _age_lacks(rule, person)
    return tuple(dict.fromkeys(found))


def covering(proofs: Iterable[Proof], kind: str, categories: Collection[str]) -> list[Proof]:
    """The proofs of a kind that speak for a task of these categories, whether or not they still hold."""
    return [
        one
        for one in proofs
        if one.kind == kind and (not one.category or not categories or one.category in categories)
    ]


def _proof_lack(kind: ProofKind, categories: Sequence[str], proofs: Sequence[Proof], on: date) -> Lack | None:
    held = covering(proofs, kind.code, categories)
    if any(one.holds_on(on) for one in held):
        return None
    over = [one.until_on for one in held if one.until_on is not None and one.until_on < on]
    if over:
        last = max(over)
        return Lack(
            why=Lacking.PROOF_ENDED,
            zh=f"“{kind.zh}”到{last.year}年{last.month}月{last.day}日为止",
            en=f"the {kind.en} ended on {last.day} {last:%B %Y}",
        )
    ahead = [one.since_on for one in held if one.since_on > on]
    if ahead:
        first = min(ahead)
        return Lack(
            why=Lacking.PROOF_TO_COME,
            zh=f"“{kind.zh}”从{first.year}年{first.month}月{first.day}日起才有",
            en=f"the {kind.en} begins on {first.day} {first:%B %Y}",
        )
    return Lack(why=Lacking.PROOF_MISSING, zh=f"没有登记“{kind.zh}”", en=f"no {kind.en} is on record")


def _age_lacks(rule: Requirement, person: Person) -> list[Lack]:
    found = []
    if rule.age_min and person.age.under(rule.age_min):
        found.append(
            Lack(why=Lacking.TOO_YOUNG, zh=f"要满{rule.age_min}岁", en=f"helpers are {rule.age_min} or older")
        )
    if rule.age_max and person.age.reached(rule.age_max + 1):
        found.append(
            Lack(
                why=Lacking.TOO_OLD, zh=f"到{rule.age_max}岁为止", en=f"helpers are {rule.age_max} or younger"
            )
        )
    return found
