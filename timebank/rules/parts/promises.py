"""Where a promise stands: one truth, computed from what was said and from the clock, whoever asks and on whatever page.

    standing_of(service, part, now=now, policy=policy.promise)       # Standing.LATE
    stands(service, parts, now=now, policy=policy.promise)           # of the whole occasion, with the part it goes by
    view(Standing.LATE, Person.ELDER).presses                        # ("here", "not_came", "call_me", "off_date")

Nothing of this is stored: a page that looked at a column instead would tell another story than the next page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from timebank.catalogue.views import Line, views
from timebank.policy import PromisePolicy
from timebank.rules.parts.attendance import Attendance, Off, Service, State
from timebank.rules.parts.statements import STAYED_AWAY, Said


class Standing(StrEnum):
    """Where a promise stands, from the first word to the last."""

    ASKED = "asked"
    OVERDUE = "overdue"
    SEARCHING = "searching"
    UNFILLED = "unfilled"
    CLAIMED = "claimed"
    PROPOSED = "proposed"
    UNNAMED = "unnamed"
    ARRANGED = "arranged"
    REMINDED = "reminded"
    SURE = "sure"
    ON_WAY = "on_way"
    LATE = "late"
    SILENT = "silent"
    ARRIVED = "arrived"
    OVERRUN = "overrun"
    LEFT = "left"
    SAID_CAME = "said_came"
    SAID_NOT = "said_not"
    DISPUTED = "disputed"
    SECOND = "second"
    RESTING = "resting"
    POSTED = "posted"
    CORRECTED = "corrected"
    DID_NOT = "did_not"
    UNKNOWN = "unknown"
    OFF_DATE = "off_date"
    OFF_SERIES = "off_series"
    OFF_RAIN = "off_rain"
    MOVED = "moved"
    CANNOT = "cannot"
    SWAPPED = "swapped"
    DECLINED = "declined"


class Person(StrEnum):
    """As whom somebody reads a promise."""

    ELDER = "elder"
    PROXY = "proxy"
    VOLUNTEER = "volunteer"
    LEADER = "leader"
    UNIT = "unit"
    DESK = "desk"
    AUDITOR = "auditor"
    BOARD = "board"


OFF = {
    Off.RELEASED: Standing.SEARCHING,
    Off.DATE: Standing.OFF_DATE,
    Off.SERIES: Standing.OFF_SERIES,
    Off.RAIN: Standing.OFF_RAIN,
    Off.MOVED: Standing.MOVED,
}
OWN_END = {Said.CANNOT: Standing.CANNOT, Said.SWAPPED: Standing.SWAPPED}
WITHOUT_A_WORD = frozenset({
    Standing.LATE, Standing.SILENT, Standing.LEFT, Standing.OVERRUN, Standing.SAID_CAME, Standing.SAID_NOT,
    Standing.DISPUTED, Standing.SECOND, Standing.UNFILLED,
})  # fmt: skip
"""Standings after the hour that still wait for somebody to say or find out what was."""
PRESSING = frozenset({
    Standing.LATE, Standing.SILENT, Standing.SAID_NOT, Standing.SEARCHING, Standing.OVERDUE, Standing.UNNAMED,
    Standing.DISPUTED, Standing.OVERRUN,
})  # fmt: skip
"""What stands first on the desk and on the evening list; searching and unnamed only in the last day before."""


def standing_of(service: Service, part: Attendance, *, now: datetime, policy: PromisePolicy) -> Standing:
    """Where one person's part stands: the first line that fits."""
    if (ended := _own_end(service, part)) is not None:
        return ended
    if part.posted_at is not None:
        return Standing.POSTED if part.minutes_before is None else Standing.CORRECTED
    if part.state is State.DISPUTED:
        return Standing.DISPUTED
    if part.ended_as in STAYED_AWAY:
        return Standing.DID_NOT
    if part.state is State.UNKNOWN:
        return Standing.UNKNOWN
    if part.said_not_at is not None:
        return Standing.SAID_NOT
    if part.waits:
        return Standing.SECOND
    if part.confirmed_by:
        return Standing.RESTING if part.state is State.CONFIRMED else Standing.SAID_CAME
    if part.checked_out_at is not None:
        return Standing.LEFT
    if part.checked_in_at is not None:
        over = service.ends_at + timedelta(minutes=policy.overrun_minutes)
        return Standing.OVERRUN if now >= over else Standing.ARRIVED
    return _expected(service, part, now=now, policy=policy)


def _own_end(service: Service, part: Attendance) -> Standing | None:
    """How the part ended before anybody went, None when it did not."""
    if part.state is not State.CANCELLED:
        return None
    if service.off is not None and part.ended_as == Said.OFF:
        return OFF[service.off]
    return OWN_END.get(Said(part.ended_as), Standing.OFF_DATE) if part.ended_as else Standing.CANNOT


def _expected(service: Service, part: Attendance, *, now: datetime, policy: PromisePolicy) -> Standing:
    """Somebody is to come and nobody has said that they did."""
    silent_at = min(service.ends_at, service.starts_at + timedelta(minutes=policy.silent_minutes))
    if now >= silent_at or part.own_said == Said.NOT_WENT:
        return Standing.SILENT
    if now >= service.starts_at + timedelta(minutes=policy.late_minutes):
        return Standing.LATE
    if part.on_way_at is not None:
        return Standing.ON_WAY
    if part.sure_at is not None:
        return Standing.SURE
    return Standing.REMINDED if part.reminded_at is not None else Standing.ARRANGED


def stands(
    service: Service, parts: Sequence[Attendance], *, now: datetime, policy: PromisePolicy
) -> tuple[Standing, Attendance | None]:
    """Where the occasion as a whole stands, and the part that it goes by; None when it goes by nobody's."""
    newest = sorted(parts, key=lambda one: (one.signed_up_at, one.uid))
    alive = [one for one in newest if one.state is not State.CANCELLED]
    if service.off is not None and not any(one.posted_at for one in alive):
        if service.off is Off.RELEASED and now >= service.ends_at:
            return Standing.UNFILLED, None
        return OFF[service.off], (newest[-1] if newest else None)
    if alive:
        open_ones = [one for one in alive if one.ended_as == ""]
        part = (open_ones or alive)[-1]
        return standing_of(service, part, now=now, policy=policy), part
    if now >= service.ends_at:
        return Standing.UNFILLED, None
    if newest:
        return Standing.SEARCHING, newest[-1]
    if not (service.team or service.unit):
        return Standing.SEARCHING, None
    # A body that has named nobody by its hour is late like anybody else.
    late_at = service.starts_at + timedelta(minutes=policy.late_minutes)
    return (Standing.LATE if now >= late_at else Standing.UNNAMED), None


def wanted(*, due_at: datetime, now: datetime, claimed: bool = False, proposed: bool = False) -> Standing:
    """Where a need stands for which nothing is arranged yet."""
    if claimed:
        return Standing.CLAIMED
    if proposed:
        return Standing.PROPOSED
    return Standing.OVERDUE if now > due_at else Standing.ASKED


def is_pressing(standing: Standing, service: Service, now: datetime) -> bool:
    """Whether it belongs at the top of the desk and on the evening list."""
    if standing in {Standing.SEARCHING, Standing.UNNAMED}:
        return service.starts_at - now < timedelta(hours=24)
    return standing in PRESSING


def seen_by(person: Person, occasion: Standing, own: Standing | None) -> Standing:
    """What a person reads: of a part of their own that has ended only that; else the occasion."""
    if person is Person.VOLUNTEER and own is not None:
        return own
    return occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one person reads of a promise, with what they may press; names in braces are filled in by the page."""

    standing: Standing
    person: Person
    says: str
    zh: str
    en: str
    presses: tuple[str, ...]


@cache
def view(standing: Standing, person: Person) -> View:
    """The sentence and the presses of a standing for a person.

    A proxy reads the elder's sentence in the elder's name, a unit the leader's.
    """
    said = views()[standing.value]
    row: Person = {Person.PROXY: Person.ELDER, Person.UNIT: Person.LEADER}.get(person, person)
    line: Line = said.lines.get(row.value) or said.lines[Person.VOLUNTEER.value]
    zh, en = line.zh, line.en
    if person is Person.PROXY:
        zh, en = "替{elder}：" + zh.replace("您", "{elder}"), "For {elder}: " + en
    return View(standing=standing, person=person, says=said.says, zh=zh, en=en, presses=line.presses)


def presses_now(
    found: View, service: Service, *, now: datetime, policy: PromisePolicy, early_minutes: int
) -> tuple[str, ...]:
    """The presses of a view that are offered at this moment: nobody arrives hours before the start."""
    opens: Mapping[str, int] = {
        "arrive": early_minutes, "tick": early_minutes, "here": early_minutes, "on_way": policy.on_way_minutes,
    }  # fmt: skip
    return tuple(
        one
        for one in found.presses
        if one not in opens or now >= service.starts_at - timedelta(minutes=opens[one])
    )
