"""Points for and against each list a table could be."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.lists.columns import ListColumns
from marketplace.lists.headers.claiming import ColumnClaim
from marketplace.lists.headers.cutting import simplified_folded
from marketplace.lists.headers.stay_columns import is_day

# What a word in the title, the sheet's name and the file's name is worth.
_HINT_POINTS = (3.0, 2.5, 2.0)
# What a list that needs such a word loses without one.
_UNHINTED_LESS = 2.5


def points_of(
    name: str, known: ListColumns, claims: Sequence[ColumnClaim], context: tuple[str, str, str]
) -> float:
    """How much speaks for a list: its needs, the columns with a place in it, less those against it, and the words around."""
    wanted = {concept for concepts in known.fits.values() for concept in concepts}
    points = 3.0 * len(known.needs)
    for claim in claims:
        weight = 1.0 if claim.trusted else 0.5
        if set(claim.concepts) & wanted:
            points += weight
        elif claim.concepts and not claim.class_of and claim.filled:
            points -= 0.7 * weight
        if claim.concepts and set(claim.concepts) <= known.against:
            points -= 3.0 * weight
    hinted = _hinted(known, context)
    points += hinted - (_UNHINTED_LESS if known.by_hint and not hinted else 0.0)
    days = [claim for claim in claims if claim.weekday is not None or claim.day]
    if len(days) >= 3:
        points += _points_of_days(name, days)
    return points


def is_doubtful(known: ListColumns, claims: Sequence[ColumnClaim], context: tuple[str, str, str]) -> bool:
    """Whether nothing in the table, and no title, belongs to this list alone.

    Two filled columns that nobody understands make a sign-in sheet doubtful: who signs in at a door is no volunteer. A day and a
    name are a rota only where a title says so, or names stand under days.
    """
    if _hinted(known, context):
        return False
    days = [claim for claim in claims if is_day(claim)]
    if known.by_hint:
        return len(days) < 3
    strange = sum(1 for claim in claims if claim.filled and not claim.concepts and not is_day(claim))
    if known.strange_max is not None and strange > known.strange_max:
        return True
    if not known.signs:
        return False
    return not days and not any(known.signs & set(claim.concepts) for claim in claims if claim.trusted)


def _hinted(known: ListColumns, context: tuple[str, str, str]) -> float:
    for text, points in zip(context, _HINT_POINTS, strict=True):
        if any(hint in simplified_folded(text) for hint in known.hints):
            return points
    return 0.0


def _points_of_days(name: str, days: Sequence[ColumnClaim]) -> float:
    """A row of days holds hours or clocks in a sign-in sheet, names in a rota, ticks in a list of people free then."""
    shapes = {shape for claim in days for shape, share in claim.shares.items() if share >= 0.5}
    if not shapes & {"name"} and shapes & {"number", "clock", "range", "length"}:
        return 3.0 if name == "attendance" else -3.0
    if "name" in shapes and "tick" not in shapes:
        return 3.0 if name == "rota" else -3.0
    if "tick" in shapes:
        weekdays = all(claim.weekday is not None for claim in days)
        return 2.0 if name == ("volunteers" if weekdays else "attendance") else -2.0
    return 0.0
