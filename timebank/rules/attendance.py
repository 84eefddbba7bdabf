"""A service and the attendance of each person in it, as one pure state machine.

    signed_up → checked_in → checked_out → confirmed → posted
        └→ no_show, cancelled        └→ disputed → confirmed     └→ disputed, when the posted hours were reversed
                                            └→ checked_out, no_show: what the desk found out

A visit to one elder and a Tuesday red-vest shift go through the same steps; they differ in who may confirm. Nothing
here reads a clock or a database: the caller passes the moment and saves what comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from timebank.errors import (
    AlreadyDone,
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
from timebank.rules.words import amount

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
    """Where one person's part in a service is."""

    SIGNED_UP = "signed_up"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    CONFIRMED = "confirmed"
    POSTED = "posted"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


class Evidence(StrEnum):
    """How we know somebody was there, strongest first."""

    CODE = "code"
    ELDER = "elder"
    ROLL_CALL = "roll_call"
    DESK = "desk"
    SELF = "self"
    SHEET = "sheet"


ENDED = frozenset({State.POSTED, State.NO_SHOW, State.CANCELLED})


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

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError("a service ends after it starts")
        if self.capacity < 1:
            raise ValueError("a service has at least one place")

    @property
    def minutes_planned(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One person's part in a service."""

    uid: str
    service: str
    member: str
    state: State = State.SIGNED_UP
    signed_up_at: datetime
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    evidence: Evidence | None = None
    checked_in_by: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    minutes_served: int = 0
    minutes_credited: int = 0
    policy_version: str = ""
    transfer_uid: str = ""
    note: str = ""


def sign_up(
    service: Service,
    *,
    uid: str,
    member: str,
    at: datetime,
    taken: int,
    others: tuple[Service, ...] = (),
    minor_without_consent: bool = False,
) -> Attendance:
    """A new attendance for `member`.

    Args:
        taken: places already taken.
        others: the member's other services; an overlap in time is a clash.

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
    for other in others:
        if (
            other.uid != service.uid
            and other.starts_at < service.ends_at
            and service.starts_at < other.ends_at
        ):
            raise Clash(other=other.uid)
    return Attendance(uid=uid, service=service.uid, member=member, signed_up_at=at)


def check_in(attendance: Attendance, *, at: datetime, by: str, evidence: Evidence) -> Attendance:
    """The person has arrived; `by` is who says so."""
    if attendance.state is not State.SIGNED_UP:
        raise AlreadyDone("已经签过到了。", "Already checked in.")
    return replace(attendance, state=State.CHECKED_IN, checked_in_at=at, checked_in_by=by, evidence=evidence)


def undo_check_in(attendance: Attendance) -> Attendance:
    """Take back a slip of the finger in a roll-call, before the person has left."""
    if attendance.state is not State.CHECKED_IN:
        raise WrongMoment("只有刚点到的才能取消。", "Only a fresh tick can be taken back.")
    return replace(attendance, state=State.SIGNED_UP, checked_in_at=None, checked_in_by="", evidence=None)


def check_out(attendance: Attendance, *, at: datetime, policy: ServicePolicy = USUAL) -> Attendance:
    """The person has left; served minutes are whole minutes between the two moments.

    Raises:
        NotYet: never checked in.
        AlreadyDone: checked out before.
        WrongMoment: the times are reversed, or further apart than the longest stay that counts without a second look.
    """
    if attendance.state is State.SIGNED_UP or attendance.checked_in_at is None:
        raise NotYet("还没有签到。", "Not checked in yet.")
    if attendance.state is not State.CHECKED_IN:
        raise AlreadyDone("已经签退了。", "Already checked out.")
    minutes = int((at - attendance.checked_in_at).total_seconds()) // 60
    if minutes < 0:
        raise WrongMoment("签退时间早于签到，请核对。", "Check-out is before check-in; please look again.")
    if minutes > policy.longest_minutes:
        raise _too_long(policy)
    return replace(attendance, state=State.CHECKED_OUT, checked_out_at=at, minutes_served=minutes)


def confirm(attendance: Attendance, *, by: str, at: datetime, days_back_max: int) -> Attendance:
    """Somebody other than the earner says it is true.

    Raises:
        OwnHours: `by` is the earner.
        NotYet: the person has not checked out.
        AlreadyDone: confirmed before; TooLate: served more than `days_back_max` days ago.
    """
    if by == attendance.member:
        raise OwnHours()
    if attendance.state in {State.CONFIRMED, State.POSTED}:
        raise AlreadyDone("已经确认过了。", "Already confirmed.")
    if attendance.state not in {State.CHECKED_OUT, State.DISPUTED} or attendance.checked_out_at is None:
        raise NotYet("还没有签退。", "Not checked out yet.")
    if at - attendance.checked_out_at > timedelta(days=days_back_max):
        raise TooLate()
    return replace(attendance, state=State.CONFIRMED, confirmed_by=by, confirmed_at=at)


def post(
    attendance: Attendance, *, minutes_credited: int, transfer_uid: str, policy_version: str
) -> Attendance:
    """The hours stand in the book; `transfer_uid` is "" when the rules credited nothing."""
    if attendance.state is not State.CONFIRMED:
        raise NotYet("还没有人确认。", "Nobody has confirmed it yet.")
    return replace(
        attendance,
        state=State.POSTED,
        minutes_credited=minutes_credited,
        transfer_uid=transfer_uid,
        policy_version=policy_version,
    )


def dispute(attendance: Attendance, *, note: str) -> Attendance:
    """Somebody says it was not so; the desk decides."""
    if attendance.state is not State.CHECKED_OUT:
        raise WrongMoment(
            "只有等待确认的才能提出异议。", "Only hours waiting for confirmation can be disputed."
        )
    return replace(attendance, state=State.DISPUTED, note=note)


def resolve(
    attendance: Attendance, *, minutes_served: int, note: str, policy: ServicePolicy = USUAL
) -> Attendance:
    """The desk found out how long it really was; it waits for confirmation again with these minutes.

    Raises:
        WrongMoment: nothing is disputed; BadField: longer than a stay may be.
    """
    if attendance.state is not State.DISPUTED or attendance.checked_in_at is None:
        raise WrongMoment("这一条没有异议要处理。", "Nothing about this is disputed.")
    if not 0 <= minutes_served <= policy.longest_minutes:
        too_long = _too_long(policy)
        raise BadField(too_long.zh, too_long.en, field="minutes")
    return replace(
        attendance,
        state=State.CHECKED_OUT,
        checked_out_at=attendance.checked_in_at + timedelta(minutes=minutes_served),
        minutes_served=minutes_served,
        note=note,
    )


def _too_long(policy: ServicePolicy) -> WrongMoment:
    zh, en = amount(policy.longest_minutes)
    return WrongMoment(f"超过 {zh}，请社区核对后补记。", f"Over {en}: the desk must look at it first.")


def reject(attendance: Attendance, *, note: str) -> Attendance:
    """The desk found out that it did not take place."""
    if attendance.state is not State.DISPUTED:
        raise WrongMoment("这一条没有异议要处理。", "Nothing about this is disputed.")
    return replace(attendance, state=State.NO_SHOW, note=note)


def reopen(attendance: Attendance, *, note: str) -> Attendance:
    """The posted hours were reversed in the book; the desk decides again. `transfer_uid` names what was reversed."""
    if attendance.state is not State.POSTED:
        raise NotYet("还没有入账，不用冲正。", "Nothing is posted yet, so nothing can be taken back.")
    return replace(
        attendance, state=State.DISPUTED, minutes_credited=0, confirmed_by="", confirmed_at=None, note=note
    )


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

    A service to which nobody came in the end counts as cancelled, so that the need behind it is open again.
    """
    counted = [part for part in parts if part.state is not State.CANCELLED]
    if service.state is ServiceState.CANCELLED or not counted:
        return service
    if all(part.state in ENDED for part in counted):
        came = any(part.state is State.POSTED for part in counted)
        return replace(service, state=ServiceState.DONE if came else ServiceState.CANCELLED)
    if all(part.state is State.SIGNED_UP for part in counted):
        return replace(service, state=ServiceState.PLANNED)
    return replace(service, state=ServiceState.UNDER_WAY)


def mark_no_show(attendance: Attendance) -> Attendance:
    """The person did not come."""
    if attendance.state is not State.SIGNED_UP:
        raise WrongMoment("已经到了的人不能记缺席。", "Somebody who came cannot be a no-show.")
    return replace(attendance, state=State.NO_SHOW)


def rejoin(attendance: Attendance, *, at: datetime) -> Attendance:
    """Somebody who had cancelled comes after all; the places and clashes were looked at by `sign_up`."""
    if attendance.state is not State.CANCELLED:
        raise AlreadyDone("已经报过名了。", "Already signed up.")
    return replace(attendance, state=State.SIGNED_UP, signed_up_at=at, note="")


def cancel(attendance: Attendance, *, note: str = "") -> Attendance:
    """The person will not come, and says so before."""
    if attendance.state is not State.SIGNED_UP:
        raise WrongMoment("已经开始的不能取消。", "It has begun and cannot be cancelled.")
    return replace(attendance, state=State.CANCELLED, note=note)
