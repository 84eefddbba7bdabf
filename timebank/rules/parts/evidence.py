"""What was said about a part as evidence: which arrival, leaving and words stand, and whether somebody made it longer. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from timebank.rules.parts.attendance import Attendance, Evidence, Kind, Service, minutes_between
from timebank.rules.parts.hands import OPERATOR, Case, Hand, Spoken
from timebank.rules.parts.statements import Said, Statement, standing_ones

LIVE = timedelta(minutes=30)
EARLY = timedelta(hours=1)
"""A moment is spoken of live from an hour before it, where arriving early counts from the start, until half an hour after."""
SHOWN_BY_PLACE = frozenset({Evidence.CODE, Evidence.ROLL_CALL, Evidence.ELDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    """What stands of everything said so far."""

    arrival: Statement | None = None
    leaving: Statement | None = None
    words: tuple[Statement, ...] = field(default=())
    raised: bool = False

    @property
    def minutes(self) -> int | None:
        """How long the stay is, as arrival and leaving say; None while one is missing."""
        if self.arrival is None or self.leaving is None:
            return None
        if self.leaving.what is Said.AMOUNT:
            return self.leaving.minutes
        if self.arrival.at is None or self.leaving.at is None:
            return None
        return minutes_between(self.arrival.at, self.leaving.at)


def case_of(
    part: Attendance,
    service: Service,
    said: Iterable[Statement],
    *,
    days_late: int,
    days_free: int,
    over_free: int,
) -> Case:
    """The part as it is to be decided.

    Args:
        part: with its times.
        said: every statement about it, in the order they were made.
        days_late: since it was left; more than `days_free` ask for an approver, as does a stay over the plan by more than
            `over_free` minutes.
    """
    stands = _Stands()
    for one in standing_ones(said):
        stands = _after(stands, one, covers=service.minutes_planned + over_free)
    entries = tuple(_spoken(one, part) for one in (stands.arrival, stands.leaving) if one is not None)
    return Case(
        earner=part.member, client=service.recipient, visit=service.kind is Kind.VISIT, entries=entries,
        words=tuple(_spoken(one, part) for one in stands.words), minutes=part.minutes_served, days_late=days_late,
        days_free=days_free, over_minutes=part.minutes_served - service.minutes_planned, over_free=over_free,
        raised=stands.raised,
    )  # fmt: skip


def _after(stands: _Stands, one: Statement, *, covers: int) -> _Stands:
    match one.what:
        case Said.JOINED:
            return _Stands()
        case Said.ARRIVAL:
            return _covered(replace(stands, arrival=one), one, covers)
        case Said.LEAVING:
            return _covered(replace(stands, leaving=one, raised=False), one, covers)
        case Said.AMOUNT:
            return _decided(stands, one, covers)
        case Said.WORD:
            return replace(stands, words=(*stands.words, one))
        case Said.NOT_CAME:
            return replace(stands, words=())
        case _:
            return stands


def _decided(stands: _Stands, one: Statement, covers: int) -> _Stands:
    """A decision that shortens brings nothing in, so it is no entry; one that lengthens is, and needs to be looked at."""
    before = stands.minutes
    assert one.minutes is not None
    if before is not None and one.minutes <= before:
        return stands
    return _covered(replace(stands, arrival=stands.arrival or one, leaving=one, raised=True), one, covers)


def _covered(stands: _Stands, one: Statement, covers: int) -> _Stands:
    """The words that cover what the stay is now, without those of whoever wrote it."""
    minutes = stands.minutes
    if minutes is None:
        return stands
    kept = tuple(
        word
        for word in stands.words
        if word.by != one.by and minutes <= (covers if word.minutes is None else word.minutes)
    )
    return replace(stands, words=kept)


def _spoken(one: Statement, part: Attendance) -> Spoken:
    placed = one.what is Said.ARRIVAL and one.evidence in SHOWN_BY_PLACE
    return Spoken(
        hand=Hand(by=one.by or OPERATOR, via=one.via),
        standing=one.standing,
        live=one.what is not Said.AMOUNT and one.at is not None and -EARLY <= one.said_at - one.at <= LIVE,
        placed=placed,
        own_place=placed and one.by == part.member,
    )
