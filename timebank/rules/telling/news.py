"""What becomes of a piece of news until somebody has heard it: pure.

A notice is written with the change that it tells of. A carrier takes it by the ways the person chose, one after another;
what no carrier could bring stands on the desk's call sheet, the worst loss first; what nobody could bring says so.
Nothing here says "told" unless a voice, a press or an opened page said it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from timebank.catalogue.news import IfUnsure, NewsKind

TRIES_MAX = 5
BACKOFF_MIN = (1, 4, 16, 60, 240)
MISS_PAUSE = timedelta(minutes=30)
LEASE = timedelta(minutes=2)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
AWAKE = (QUIET_UNTIL, QUIET_FROM)
# A question without an end of its own is asked by telephone when nobody answered for so long.
ASK_AGAIN = timedelta(days=3)
# What does great harm by the next morning may ring a telephone a little earlier and later.
URGENT_HARM = 60
URGENT_FROM, URGENT_UNTIL = time(22), time(7)


class Way(StrEnum):
    """How news gets to a person.

    Attributes:
        SLIP: on paper, with whoever visits next. FAMILY: whoever may read their notices hears it in their place.
    """

    SMS = "sms"
    MAIL = "mail"
    CALL = "call"
    SLIP = "slip"
    FAMILY = "family"


class State(StrEnum):
    """Where a notice is.

    Attributes:
        SLIP: waits to be printed for whoever visits next. FILED: in the batch file; the office has not said that it went up.
        CARRIED: handed over; nobody has said that they heard it. TOLD: a voice, a press or the opened page said so.
        OWN_PAGE: does no harm when it is late, so it is read on one's own page and nobody rings for it.
        COULD_NOT: too late, or every way failed. OVERTAKEN: something newer about the same thing was written first.
    """

    DUE = "due"
    CARRYING = "carrying"
    SLIP = "slip"
    FILED = "filed"
    CARRIED = "carried"
    TOLD = "told"
    UNSURE = "unsure"
    CALL = "call"
    VISIT = "visit"
    OWN_PAGE = "own_page"
    COULD_NOT = "could_not"
    OVERTAKEN = "overtaken"


NOT_OUT = (State.DUE, State.CALL, State.VISIT, State.SLIP, State.OWN_PAGE)
"""Nothing of it has gone out: something newer about the same thing takes its place."""
ON_SHEET = (State.CALL, State.VISIT)
OF_CARD = CARD_ASKED, CARD_OFF = ("card_asked", "off_parked")
"""What a card asks her: only a yes or no ends it. To have read it does not, or it would be off every list without an answer."""


class Outcome(StrEnum):
    """What a carrier said.

    Attributes:
        TAKEN: gateway or mail server have it. FILED: it lies in a file that somebody has to upload.
        REFUSED: never by this way (no such number). FAILED: surely not taken; try again later.
        UNSURE: it may have been taken; no answer came.
    """

    TAKEN = "taken"
    FILED = "filed"
    REFUSED = "refused"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What may change of a notice.

    Attributes:
        ways: those still to be tried, the present one first; CALL is always the last.
        tries: by the present way. misses: rings that nobody answered.
        next_at: not before then. too_late_at: worth nothing from then on; None for never.
        ask_at: carried and not answered by then, somebody rings; None where no answer is waited for.
    """

    state: State
    ways: tuple[Way, ...]
    tries: int = 0
    misses: int = 0
    next_at: datetime
    too_late_at: datetime | None = None
    ask_at: datetime | None = None


def too_late(kind: NewsKind, *, made_at: datetime, starts_at: datetime | None) -> datetime | None:
    """From when on it is worth nothing; None for never."""
    if kind.late_at_start and starts_at is not None:
        return starts_at
    return made_at + timedelta(days=kind.late_days) if kind.late_days is not None else None


def written(
    kind: NewsKind,
    ways: Sequence[Way],
    *,
    now: datetime,
    late_at: datetime | None,
    zone: tzinfo,
    awake: tuple[time, time] = AWAKE,
    visit_at: datetime | None = None,
) -> Progress:
    """A new notice on its way; what is late already never goes out as if it were not.

    Args:
        ways: how this person is told, the first one first. awake: when their telephone may ring.
        visit_at: when somebody visits them next, who could bring a slip; None when nobody does.
    """
    if late_at is not None and late_at <= now:
        return Progress(state=State.COULD_NOT, ways=(), next_at=now, too_late_at=late_at)
    fresh = Progress(state=State.DUE, ways=tuple(ways), next_at=now, too_late_at=late_at)
    if ways and ways[0] is Way.FAMILY:
        return replace(fresh, state=State.OWN_PAGE, ways=())
    if ways and ways[0] is Way.SLIP:
        return on_slip(fresh, kind, visit_at=visit_at)
    return _by_way(fresh, kind, now=now, zone=zone, awake=awake)


def on_slip(one: Progress, kind: NewsKind, *, visit_at: datetime | None) -> Progress:
    """With whoever visits next, when that is early enough; else somebody goes there for it."""
    if visit_at is not None and (one.too_late_at is None or visit_at < one.too_late_at):
        return replace(one, state=State.SLIP, next_at=visit_at)
    if not kind.harm:
        return replace(one, state=State.OWN_PAGE, ways=())
    return replace(one, state=State.VISIT)


def after(
    outcome: Outcome,
    kind: NewsKind,
    one: Progress,
    *,
    now: datetime,
    zone: tzinfo,
    jitter: float,
    awake: tuple[time, time] = AWAKE,
) -> Progress:
    """What becomes of a notice that a carrier was given.

    Args:
        jitter: 0.8 to 1.2, so that many that failed together do not come back together.
    """
    if outcome is Outcome.TAKEN:
        return carried(one, kind, now=now)
    if outcome is Outcome.FILED:
        return replace(one, state=State.FILED, next_at=now)
    if outcome is Outcome.UNSURE and kind.if_unsure is IfUnsure.DROP:
        return replace(one, state=State.UNSURE)
    if outcome is Outcome.REFUSED or (outcome is Outcome.UNSURE and kind.if_unsure is IfUnsure.CALL):
        return next_way(one, kind, now=now, zone=zone, awake=awake)
    if one.tries >= TRIES_MAX:
        return next_way(one, kind, now=now, zone=zone, awake=awake)
    pause = timedelta(minutes=BACKOFF_MIN[min(one.tries, TRIES_MAX) - 1] * jitter)
    half = one.too_late_at and now + (one.too_late_at - now) / 2
    if half is not None and now + pause > half:
        # Half of the time that is left belongs to a person who rings.
        return next_way(one, kind, now=now, zone=zone, awake=awake)
    return _by_way(replace(one, state=State.DUE, next_at=now + pause), kind, now=now, zone=zone, awake=awake)


def carried(one: Progress, kind: NewsKind, *, now: datetime) -> Progress:
    """Handed over; a question that nobody answers is asked by telephone at half of the time that is left."""
    ask_at = None
    if kind.asks:
        ask_at = now + (one.too_late_at - now) / 2 if one.too_late_at is not None else now + ASK_AGAIN
    return replace(one, state=State.CARRIED, ask_at=ask_at)


class Call(StrEnum):
    """What the desk says after ringing."""

    REACHED = "reached"
    MISSED = "missed"
    VISIT = "visit"
    WRONG_NUMBER = "wrong_number"


def called(one: Progress, kind: NewsKind, said: Call, *, now: datetime) -> Progress:
    """A line of the call sheet after somebody rang, or went there."""
    if said is Call.REACHED:
        return replace(one, state=State.TOLD)
    if said in (Call.VISIT, Call.WRONG_NUMBER):
        return replace(one, state=State.VISIT, next_at=now)
    misses = one.misses + 1
    if misses >= 2 and kind.harm >= URGENT_HARM:
        return replace(one, state=State.VISIT, misses=misses, next_at=now)
    return replace(one, misses=misses, next_at=now + MISS_PAUSE)


def taken_back(one: Progress, *, now: datetime) -> Progress:
    """The last word of the desk withdrawn: it waits for the telephone again."""
    return replace(one, state=State.CALL, misses=max(one.misses - 1, 0), next_at=now)


def weight(
    kind: NewsKind,
    *,
    made_at: datetime,
    too_late_at: datetime | None,
    misses: int,
    others_told: bool,
    now: datetime,
) -> float:
    """How soon somebody should ring: what is lost, the nearer the more, and what has waited longest; 0 for never."""
    if not kind.harm:
        return 0.0
    hours_waited = min((now - made_at).total_seconds() / 3600, 24)
    return kind.harm * _nearness(too_late_at, now) + hours_waited - 20 * others_told - 5 * misses


def _nearness(too_late_at: datetime | None, now: datetime) -> float:
    if too_late_at is None:
        return 1.0
    hours = (too_late_at - now).total_seconds() / 3600
    if hours <= 0:
        return 1.1
    return 2.0 if hours <= 1 else 1.5 if hours <= 4 else 1.2 if hours <= 24 else 1.0


def next_way(
    one: Progress, kind: NewsKind, *, now: datetime, zone: tzinfo, awake: tuple[time, time] = AWAKE
) -> Progress:
    """The present way is at its end: the next one, in the end a voice, or somebody who goes there."""
    if one.ways[:1] == (Way.SLIP,):
        return on_slip(replace(one, next_at=now, ask_at=None), kind, visit_at=None)
    rest = one.ways[1:] or ((Way.CALL,) if kind.harm else ())
    if not rest:
        return replace(one, state=State.OWN_PAGE, ways=(), ask_at=None)
    fresh = replace(one, state=State.DUE, ways=rest, tries=0, next_at=now, ask_at=None)
    return _by_way(fresh, kind, now=now, zone=zone, awake=awake)


def _by_way(
    one: Progress, kind: NewsKind, *, now: datetime, zone: tzinfo, awake: tuple[time, time]
) -> Progress:
    """On the call sheet when a person has to ring; else not before the quiet hours are over."""
    if not one.ways or one.ways[0] in (Way.CALL, Way.SLIP):
        return _by_voice(one, kind)
    urgent = _urgent(kind, one.too_late_at, now, zone)
    at = wakes_at(one.next_at, zone, urgent=urgent, awake=awake)
    if one.too_late_at is not None and at >= one.too_late_at:
        return _by_voice(one, kind)
    return replace(one, next_at=at)


def _by_voice(one: Progress, kind: NewsKind) -> Progress:
    if Way.SLIP in one.ways:  # nobody can ring whoever has no telephone
        return on_slip(one, kind, visit_at=None)
    return replace(
        one, state=State.CALL if kind.harm else State.OWN_PAGE, ways=(Way.CALL,) if kind.harm else ()
    )


def _urgent(kind: NewsKind, too_late_at: datetime | None, now: datetime, zone: tzinfo) -> bool:
    return kind.harm >= URGENT_HARM and too_late_at is not None and too_late_at <= _next_morning(now, zone)


def _next_morning(now: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(10), tzinfo=zone)


def wakes_at(
    at: datetime, zone: tzinfo, *, urgent: bool = False, awake: tuple[time, time] = AWAKE
) -> datetime:
    """The first moment from `at` on at which a telephone may ring: not between 21:00 and 8:00, what is urgent 22:00 and 7:00.

    Args:
        awake: somebody's own hours; only narrower ones count, and what is urgent does not wait for them.
    """
    ends, starts = max(awake[0], QUIET_UNTIL), min(awake[1], QUIET_FROM)
    if urgent or ends >= starts:
        ends, starts = (URGENT_UNTIL, URGENT_FROM) if urgent else AWAKE
    local = at.astimezone(zone)
    if ends <= local.time() < starts:
        return at
    day = local.date() + timedelta(days=1) if local.time() >= starts else local.date()
    return datetime.combine(day, ends, tzinfo=zone).astimezone(UTC)
