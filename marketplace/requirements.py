"""What a kind of help, or one line of a list, asks of whoever helps: proofs they must hold, and how old they are.

Values only. What the proofs are, and who holds them, is the caller's to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.errors import BadAgeRange

AGE_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One rule.

    Attributes:
        subject: a category's code, for everything of that kind and narrower; or a line's key, for that line alone.
        proofs: codes of proofs, every one of which is asked for.
        age_min, age_max: in years on the day of the service, both included; 0 for no bound.
    """

    subject: str
    proofs: tuple[str, ...] = ()
    age_min: int = 0
    age_max: int = 0

    def __post_init__(self) -> None:
        ages = (self.age_min, self.age_max)
        if any(type(age) is not int or not 0 <= age <= AGE_MAX for age in ages):
            raise BadAgeRange(lowest=str(self.age_min), highest=str(self.age_max))
        if self.age_max and self.age_max < self.age_min:
            raise BadAgeRange(lowest=str(self.age_min), highest=str(self.age_max))

    @property
    def asks_nothing(self) -> bool:
        """Whether everybody passes."""
        return not (self.proofs or self.age_min or self.age_max)


def asked_of(
    rules: Mapping[str, Requirement], *, categories: Iterable[str], line_key: str = ""
) -> tuple[Requirement, ...]:
    """The rules that hold for a task, the narrowest first.

    Args:
        rules: by subject.
        categories: the task's own category and those above it, nearest first.
        line_key: the line that the task comes from, "" for none.
    """
    return tuple(rules[one] for one in dict.fromkeys((line_key, *categories)) if one and one in rules)
