"""What was said about one person's part in a service, and the part as all of it together leaves it.

    said = [arrival at 8:31 by the leader, leaving at 11:30, word by the deputy]
    fold(part, said, rests=timedelta(minutes=10), minutes_planned=180).state        # confirmed: it rests until posted

Every press is a statement; nothing is ever rewritten. A press that is taken back is a statement too, and what remains is
folded anew, so that a reminder sent in between stays. The columns of an attendance are this fold, kept for lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from timebank.policy import SecondHand
from timebank.rules.parts.attendance import Attendance, Evidence, State, minutes_between


class Said(StrEnum):
    """What a statement says of a part."""

    JOINED = "joined"
    REMINDED = "reminded"
    SURE = "sure"
    ON_WAY = "on_way"
    SWAP = "swap"
    CANNOT = "cannot"
    SWAPPED = "swapped"
    OFF = "off"
    ARRIVAL = "arrival"
    LEAVING = "leaving"
    AMOUNT = "amount"
    WORD = "word"
    NOT_CAME = "not_came"
    WRONG = "wrong"
    LOOKED = "looked"
    WENT = "went"
    NOT_WENT = "not_went"
    ABSENT = "absent"
    FOUND_NOT = "found_not"
    FOUND_UNKNOWN = "found_unknown"
    POSTED = "posted"
    REVERSED = "reversed"
    RETRACT = "retract"


CALLED_OFF = frozenset({Said.CANNOT, Said.SWAPPED, Said.OFF})
"""Ends of a part before anybody went."""
STAYED_AWAY = frozenset({Said.ABSENT, Said.FOUND_NOT})
FOR_GOOD = frozenset({Said.POSTED, Said.REVERSED, Said.RETRACT})
"""What no press takes back: the book's own steps, and taking back itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing said about a part.

    Attributes:
        by: uid of the hand at the keys; "" for the system.
        via: uid of the way by which they had come in; "" for one of their own.
        standing: who the hand was to the part; None for whose part it is, and for nobody.
        acting_for: uid of the member for whom the hand spoke.
        at: the moment it speaks of, for an arrival or a leaving.
        minutes: a decided amount, what the word was given for, or what was posted; None where it says none.
        closing: the closing of a shift that it came with, so that reopening takes back exactly this.
        retracts: uid of the statement that is taken back.
    """

    uid: str
    part: str
    service: str
    what: Said
    by: str
    via: str = ""
    standing: SecondHand | None = None
    acting_for: str = ""
    said_at: datetime
    at: datetime | None = None
    minutes: int | None = None
    evidence: Evidence | None = None
    note: str = ""
    closing: str = ""
    retracts: str = ""
    transfer_uid: str = ""
    policy_version: str = ""


def standing_ones(said: Iterable[Statement]) -> list[Statement]:
    """The statements that nobody took back, in the order they were made."""
    said = list(said)
    taken_back = {one.retracts for one in said if one.what is Said.RETRACT}
    return [one for one in said if one.what is not Said.RETRACT and one.uid not in taken_back]


def fold(
    part: Attendance,
    said: Iterable[Statement],
    *,
    rests: timedelta = timedelta(0),
    minutes_planned: int = 0,
    minutes_over: int = 0,
) -> Attendance:
    """The part as the statements leave it.

    Args:
        part: whose part it is; what was folded before is not looked at.
        said: every statement about it, in the order they were made.
        rests: how long a decided part rests before it is posted.
        minutes_planned, minutes_over: how long a stay a word covers that was given before the times were known.
    """
    covers = minutes_planned + minutes_over
    found = Attendance(uid=part.uid, service=part.service, member=part.member, signed_up_at=part.signed_up_at)
    for one in standing_ones(said):
        found = _APPLIED[one.what](found, one)
        if one.what in (Said.ARRIVAL, Said.LEAVING, Said.AMOUNT):
            found = _timed(found, one, covers)
    found = replace(found, state=_state(found))
    if found.state is State.CONFIRMED and found.decided_at is not None:
        found = replace(found, rests_until=found.decided_at + rests)
    return found


def _timed(part: Attendance, one: Statement, covers: int) -> Attendance:
    """The stay in minutes; a word that was given before stands only where it covers them, and not for its own giver."""
    if part.checked_in_at is None or part.checked_out_at is None:
        return part
    minutes = max(0, minutes_between(part.checked_in_at, part.checked_out_at))
    part = replace(part, minutes_served=minutes)
    if not part.confirmed_by:
        return part
    covered = covers if part.minutes_confirmed is None else part.minutes_confirmed
    if minutes > covered or one.by == part.confirmed_by:
        return replace(part, confirmed_by="", confirmed_at=None, minutes_confirmed=None, decided_at=None)
    return replace(part, decided_at=one.said_at)


def _state(part: Attendance) -> State:
    """Where the part is; the first line that fits."""
    ended = Said(part.ended_as) if part.ended_as else None
    if ended in CALLED_OFF:
        return State.CANCELLED
    if part.posted_at is not None:
        return State.POSTED
    if part.wrong_at is not None:
        return State.DISPUTED
    if ended in STAYED_AWAY:
        return State.NO_SHOW
    if ended is Said.FOUND_UNKNOWN:
        return State.UNKNOWN
    went = part.checked_in_at is not None or part.own_said == Said.WENT.value
    if (part.said_not_at is not None and went) or (
        part.confirmed_by and part.own_said == Said.NOT_WENT.value
    ):
        return State.DISPUTED
    return _step(part)


def _step(part: Attendance) -> State:
    if part.checked_in_at is None:
        return State.SIGNED_UP
    if part.checked_out_at is None:
        return State.CHECKED_IN
    return State.CONFIRMED if part.confirmed_by else State.CHECKED_OUT


_Apply = Callable[[Attendance, Statement], Attendance]


def _joined(part: Attendance, one: Statement) -> Attendance:
    return Attendance(uid=part.uid, service=part.service, member=part.member, signed_up_at=one.said_at)


def _ended(part: Attendance, one: Statement) -> Attendance:
    return replace(part, ended_as=one.what.value, wrong_at=None, swap_at=None, note=one.note)


def _arrival(part: Attendance, one: Statement) -> Attendance:
    # Who was written down as absent, or as never found out, and has come after all, has come.
    return replace(
        part, checked_in_at=one.at, checked_in_by=one.by, evidence=one.evidence, ended_as="", swap_at=None
    )


def _leaving(part: Attendance, one: Statement) -> Attendance:
    return replace(part, checked_out_at=one.at, note=one.note or part.note)


def _amount(part: Attendance, one: Statement) -> Attendance:
    """What the desk found: the stay begins where it began, or where the service did, and lasts so long."""
    begun = part.checked_in_at or one.at
    assert begun is not None
    assert one.minutes is not None
    return replace(
        part, checked_in_at=begun, checked_out_at=begun + timedelta(minutes=one.minutes), minutes_served=one.minutes,
        checked_in_by=part.checked_in_by or one.by, evidence=part.evidence or Evidence.DESK,
        wrong_at=None, said_not_at=None, own_said="", ended_as="", note=one.note,
    )  # fmt: skip


def _word(part: Attendance, one: Statement) -> Attendance:
    again = "" if part.ended_as == Said.FOUND_UNKNOWN.value else part.ended_as
    return replace(
        part, confirmed_by=one.by, confirmed_at=one.said_at, minutes_confirmed=one.minutes, decided_at=one.said_at,
        said_not_at=None, ended_as=again,
    )  # fmt: skip


def _not_came(part: Attendance, one: Statement) -> Attendance:
    again = "" if part.ended_as == Said.FOUND_UNKNOWN.value else part.ended_as
    return replace(
        part, said_not_at=one.said_at, ended_as=again, note=one.note or part.note,
        confirmed_by="", confirmed_at=None, minutes_confirmed=None, decided_at=None,
    )  # fmt: skip


def _own_word(part: Attendance, one: Statement) -> Attendance:
    again = "" if part.ended_as == Said.FOUND_UNKNOWN.value else part.ended_as
    return replace(part, own_said=one.what.value, ended_as=again)


def _wrong(part: Attendance, one: Statement) -> Attendance:
    return replace(part, wrong_at=one.said_at, note=one.note or part.note)


def _posted(part: Attendance, one: Statement) -> Attendance:
    return replace(
        part, posted_at=one.said_at, minutes_credited=one.minutes or 0, transfer_uid=one.transfer_uid,
        policy_version=one.policy_version, wrong_at=None,
    )  # fmt: skip


def _reversed(part: Attendance, one: Statement) -> Attendance:
    return replace(
        part, posted_at=None, minutes_before=part.minutes_credited, minutes_credited=0, wrong_at=one.said_at,
        transfer_uid="", reversed_uid=part.transfer_uid or part.reversed_uid,
        confirmed_by="", confirmed_at=None, minutes_confirmed=None, decided_at=None, note=one.note,
    )  # fmt: skip


_APPLIED: Mapping[Said, _Apply] = {
    Said.JOINED: _joined,
    Said.REMINDED: lambda part, one: replace(part, reminded_at=one.said_at),
    Said.SURE: lambda part, one: replace(part, sure_at=one.said_at, swap_at=None),
    Said.ON_WAY: lambda part, one: replace(part, on_way_at=one.said_at),
    Said.SWAP: lambda part, one: replace(part, swap_at=one.said_at, note=one.note),
    Said.CANNOT: _ended,
    Said.SWAPPED: _ended,
    Said.OFF: _ended,
    Said.ABSENT: _ended,
    Said.FOUND_NOT: _ended,
    Said.FOUND_UNKNOWN: _ended,
    Said.ARRIVAL: _arrival,
    Said.LEAVING: _leaving,
    Said.AMOUNT: _amount,
    Said.WORD: _word,
    Said.NOT_CAME: _not_came,
    Said.WRONG: _wrong,
    Said.LOOKED: lambda part, one: replace(part, wrong_at=None, note=one.note),
    Said.WENT: _own_word,
    Said.NOT_WENT: _own_word,
    Said.POSTED: _posted,
    Said.REVERSED: _reversed,
}


def taken_back_by(
    said: Iterable[Statement], hand: str, *, now: datetime, within: timedelta
) -> Statement | None:
    """The statement that this hand may still take back: its own last one, lately said, with nothing built on it.

    A reminder is nothing built; what the book did is never taken back.
    """
    standing = [one for one in standing_ones(said) if one.what is not Said.REMINDED]
    if not standing or standing[-1].by != hand or standing[-1].what in FOR_GOOD:
        return None
    return standing[-1] if now - standing[-1].said_at <= within else None
