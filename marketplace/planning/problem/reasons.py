"""The smallest piece of an explanation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One term of a score, or one refusal: a code for programs, points, a sentence in each language."""

    code: str
    zh: str
    en: str
    points: int = 0
