"""A service and the attendance of each person in it, as one pure state machine.

    signed_up → checked_in → checked_out → confirmed → posted
        └→ no_show, cancelled        └→ disputed → confirmed     └→ disputed, when the posted hours were reversed
                                            └→ checked_out, no_show, unknown: what the desk found out

A visit to one elder and a Tuesday red-vest shift go through the same steps; they differ in who may confirm. What is said
of a part are statements (`rules.parts.statements`); the part is what they leave, and the functions here refuse what cannot be
said of it now. Nothing reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from timebank.errors import (
    Ahead,
    AlreadyDone,
    AnotherHand,
    BadField,
    Clash,
    Full,
    GuardianNeeded,
    NotYet,
    OwnHours,
    TooLate,
    WrongMoment,
)
from timebank.policy import ServicePolicy
from timebank.rules.hours.words import amount

USUAL = ServicePolicy()
"""How a service runs where nothing else is said."""


class Kind(StrEnum):
    """One elder at home, or a team at a place."""

    VISIT = "visit"
    SHIFT = "shift"


class ServiceState(StrEnum):
    """Where a service is; attendance carries the detail."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


class State(StrEnum):
    """Where one person's part in a service is; confirmed is decided and rests until it is posted."""

    SIGNED_UP = "signed_up"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    CONFIRMED = "confirmed"
    POSTED = "posted"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Off(StrEnum):
    """Why a service does not take place; released is that of a promise taken back, whose need is looked after anew."""

    RELEASED = "released"
    DATE = "date"
    SERIES = "series"
    RAIN = "rain"
    MOVED = "moved"


class Evidence(StrEnum):
    """How we know somebody was there, strongest first."""

    CODE = "code"
    ELDER = "elder"
    ROLL_CALL = "roll_call"
    DESK = "desk"
    SELF = "self"
    SHEET = "sheet"


ENDED = frozenset({State.POSTED, State.NO_SHOW, State.CANCELLED, State.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One piece of help at a time and place.

    Attributes:
        recipient: uid of the elder who is helped; "" for a shift without one.
        team: code of the team that leads a shift; "" for a visit.
        lead: uid of the team's leader for this service.
        capacity: places, at least one.
        free: 无偿; minutes of low-fee and paid work earn nothing.
        payer: `institution` or `recipient`; decided when the help is agreed.
        hold_uid: the ledger hold while the recipient pays; "" otherwise.
        place: public words such as a grid; the exact address is on the private card.
        off: why it does not take place, None while it does.
        moved_to: uid of the service that takes place instead; "" for none.
    """

    uid: str
    community: str
    kind: Kind
    title: str
    category: str = ""
    need_key: str = ""
    recipient: str = ""
    team: str = ""
    unit: str = ""
    lead: str = ""
    place: str = ""
    starts_at: datetime
    ends_at: datetime
    capacity: int = 1
    free: bool = True
    payer: str = "institution"
    hold_uid: str = ""
    state: ServiceState = ServiceState.PLANNED
    off: Off | None = None
    moved_to: str = ""

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError("a service ends after it starts")
        if self.capacity < 1:
            raise ValueError("a service has at least one place")

    @property
    def minutes_planned(self) -> int:
        return minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One person's part in a service, as the statements about it leave it.

    Attributes:
        state: where it is, for lists and queries; what people read of it is `rules.parts.promises.standing`.
        reminded_at, sure_at, on_way_at: what was said before the hour.
        swap_at: since when a colleague is looked for who takes it over.
        confirmed_by, confirmed_at: whose word counts, and since when.
        minutes_confirmed: the minutes that word was given for; None when the times were not known then.
        decided_at: since when times and word stand together; rests_until: when it is posted.
        said_not_at: when the person helped said that nobody came.
        own_said: `went` or `not_went`, as the person whose part it is says; "" for no word.
        wrong_at: since when somebody says that it was not so, and nobody has found out yet.
        ended_as: the statement that ended it without hours; "" for none.
        reversed_uid: the last entry of it that was taken back in the book; "" for none.
        minutes_before: what stood in the book before it was put right; None when nothing was.
        waits: why it is not decided although somebody said that it was so (`rules.parts.hands.Waits`); "" for nothing.
        grade: how well it is vouched for (`rules.parts.hands.Grade`), once it is decided.
    """

    uid: str
    service: str
    member: str
    state: State = State.SIGNED_UP
    signed_up_at: datetime
    reminded_at: datetime | None = None
    sure_at: datetime | None = None
    on_way_at: datetime | None = None
    swap_at: datetime | None = None
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    evidence: Evidence | None = None
    checked_in_by: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    minutes_confirmed: int | None = None
    decided_at: datetime | None = None
    rests_until: datetime | None = None
    said_not_at: datetime | None = None
    own_said: str = ""
    wrong_at: datetime | None = None
    ended_as: str = ""
    minutes_served: int = 0
    minutes_credited: int = 0
    minutes_before: int | None = None
    posted_at: datetime | None = None
    policy_version: str = ""
    transfer_uid: str = ""
    reversed_uid: str = ""
    note: str = ""
    waits: str = ""
    grade: str = ""


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes that pass between two moments, also when the clocks change between them."""
    # Two moments of one zone would be subtracted as the clocks on the wall show them.
    return int((ends_at.astimezone(UTC) - starts_at.astimezone(UTC)).total_seconds()) // 60


def sign_up(
    service: Service,
    *,
    uid: str,
    member: str,
    at: datetime,
    taken: int,
    busy: Iterable[Busy] = (),
    minor_without_consent: bool = False,
) -> Attendance:
    """A new attendance for `member`.

    Args:
        taken: places already taken.
        busy: when the member is somewhere else; an overlap in time is a clash.

    Raises:
        WrongMoment: the service is over or cancelled.
        Full, Clash, GuardianNeeded: as named.
    """
    if service.state in {ServiceState.DONE, ServiceState.CANCELLED}:
        raise WrongMoment("这次服务已经结束。", "This service is over.")
    if taken >= service.capacity:
        raise Full()
    if minor_without_consent:
        raise GuardianNeeded()
    for other in busy:
        if (
            other.service != service.uid
            and other.starts_at < service.ends_at
            and service.starts_at < other.ends_at
        ):
            raise Clash(other=other.service)
    return Attendance(uid=uid, service=service.uid, member=member, signed_up_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A stretch of time in which somebody is at a service."""

    service: str
    starts_at: datetime
    ends_at: datetime


def busy_in(part: Attendance, service: Service) -> Busy:
    """When a part keeps its person: as planned until they have come, as it was once they have left."""
    return Busy(
        service=service.uid,
        starts_at=part.checked_in_at or service.starts_at,
        ends_at=max(part.checked_out_at or service.ends_at, part.checked_in_at or service.starts_at),
    )


def refuse_arrival(part: Attendance) -> None:
    """Refuse an arrival where there was one, or where the part is over.

    Raises:
        AlreadyDone, WrongMoment.
    """
    if part.state is State.CANCELLED:
        raise WrongMoment("这一次已经取消了。", "This was called off.")
    if part.state is not State.SIGNED_UP:
        raise AlreadyDone("已经签过到了。", "Already checked in.")


def refuse_taking_back_arrival(part: Attendance) -> None:
    """Refuse to take back anything but a fresh tick.

    Raises:
        WrongMoment: the person has left, or never came.
    """
    if part.state is not State.CHECKED_IN:
        raise WrongMoment("只有刚点到的才能取消。", "Only a fresh tick can be taken back.")


def refuse_leaving(part: Attendance, *, at: datetime, policy: ServicePolicy = USUAL) -> None:
    """Refuse a leaving that cannot be.

    Raises:
        NotYet: never checked in.
        AlreadyDone: checked out before.
        WrongMoment: the times are reversed, or further apart than the longest stay that counts without a second look.
    """
    if part.state is State.SIGNED_UP or part.checked_in_at is None:
        raise NotYet("还没有签到。", "Not checked in yet.")
    if part.state is not State.CHECKED_IN:
        raise AlreadyDone("已经签退了。", "Already checked out.")
    refuse_stay(part.checked_in_at, at, policy=policy)


def refuse_stay(arrived_at: datetime, left_at: datetime, *, policy: ServicePolicy = USUAL) -> None:
    """Refuse times that are reversed, or further apart than a stay may be.

    Raises:
        WrongMoment.
    """
    minutes = minutes_between(arrived_at, left_at)
    if minutes < 0:
        raise WrongMoment("签退时间早于签到，请核对。", "Check-out is before check-in; please look again.")
    if minutes > policy.longest_minutes:
        raise _too_long(policy)


def refuse_word(part: Attendance, *, by: str, at: datetime, days_back_max: int) -> None:
    """Refuse a word that cannot count.

    Raises:
        OwnHours: `by` is the earner.
        NotYet: the person has not checked out.
        AlreadyDone: confirmed before; Ahead: it lies in the future; AnotherHand: `by` has said so already; TooLate: served more than `days_back_max` days ago.
    """
    if by == part.member:
        raise OwnHours()
    if part.state in {State.CONFIRMED, State.POSTED}:
        raise AlreadyDone("已经确认过了。", "Already confirmed.")
    if part.state not in {State.CHECKED_OUT, State.DISPUTED} or part.checked_out_at is None:
        raise NotYet("还没有签退。", "Not checked out yet.")
    if part.checked_out_at > at:
        raise Ahead()
    if part.waits and part.confirmed_by == by:
        raise AnotherHand()
    if at - part.checked_out_at > timedelta(days=days_back_max):
        raise TooLate()


def refuse_dispute(part: Attendance) -> None:
    """Refuse to call wrong what nobody has claimed, or what the desk is looking into already.

    Raises:
        WrongMoment.
    """
    if part.state not in {State.CHECKED_OUT, State.CONFIRMED, State.POSTED, State.NO_SHOW} or part.wrong_at:
        raise WrongMoment(
            "只有等待确认的才能提出异议。", "Only hours waiting for confirmation can be disputed."
        )


def refuse_finding(part: Attendance, *, minutes_served: int | None, policy: ServicePolicy = USUAL) -> None:
    """Refuse what the desk found out where nothing is disputed, or a stay longer than one may be.

    Raises:
        WrongMoment; BadField.
    """
    if part.state is not State.DISPUTED:
        raise WrongMoment("这一条没有异议要处理。", "Nothing about this is disputed.")
    if minutes_served is not None:
        refuse_minutes(minutes_served, policy=policy)


def refuse_minutes(minutes_served: int, *, policy: ServicePolicy = USUAL) -> None:
    """Refuse an amount that no stay has.

    Raises:
        BadField.
    """
    if not 0 <= minutes_served <= policy.longest_minutes:
        too_long = _too_long(policy)
        raise BadField(too_long.zh, too_long.en, field="minutes")


def refuse_reversal(part: Attendance) -> None:
    """Refuse to take back what does not stand in the book.

    Raises:
        NotYet.
    """
    if part.state is not State.POSTED:
        raise NotYet("还没有入账，不用冲正。", "Nothing is posted yet, so nothing can be taken back.")


def refuse_rejoining(part: Attendance) -> None:
    """Refuse a second place to somebody who has one.

    Raises:
        AlreadyDone.
    """
    if part.state is not State.CANCELLED:
        raise AlreadyDone("已经报过名了。", "Already signed up.")


def refuse_cancelling(part: Attendance) -> None:
    """Refuse to say beforehand what can only be recorded now.

    Raises:
        WrongMoment.
    """
    if part.state is not State.SIGNED_UP:
        raise WrongMoment("已经开始的不能取消。", "It has begun and cannot be cancelled.")


def _too_long(policy: ServicePolicy) -> WrongMoment:
    zh, en = amount(policy.longest_minutes)
    return WrongMoment(f"超过 {zh}，请社区核对后补记。", f"Over {en}: the desk must look at it first.")


def two_places(attendance: Attendance, others: Iterable[Attendance]) -> Attendance | None:
    """The first of the person's other parts that they were at during the same minutes, or None."""
    starts_at, ends_at = attendance.checked_in_at, attendance.checked_out_at
    if starts_at is None or ends_at is None:
        return None
    for other in others:
        if other.uid == attendance.uid or other.checked_in_at is None or other.checked_out_at is None:
            continue
        if other.checked_in_at < ends_at and starts_at < other.checked_out_at:
            return other
    return None


def after_all(service: Service, parts: Iterable[Attendance]) -> Service:
    """The service as its parts leave it: done when everybody's part has ended, under way from the first arrival on.

    A service to which nobody came in the end counts as cancelled, so that the need behind it is open again; what was
    called off stays so.
    """
    counted = [part for part in parts if part.state is not State.CANCELLED]
    if service.off is not None or not counted:
        return service
    if all(part.state in ENDED for part in counted):
        came = any(part.state is State.POSTED for part in counted)
        return replace(service, state=ServiceState.DONE if came else ServiceState.CANCELLED)
    if all(part.state is State.SIGNED_UP for part in counted):
        return replace(service, state=ServiceState.PLANNED)
    return replace(service, state=ServiceState.UNDER_WAY)
