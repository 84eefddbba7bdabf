"""双向认领: either side claims the other's line, and the owner of the line answers.

    open ── accepted ── done
      │         └────── released      called off, also on the day; the line is free again
      ├── declined
      ├── withdrawn
      └── expired

A claim holds its quantity from the moment it is opened, so that two people are never promised the last place; an
answer that does not come in time frees it. Everything here is pure: the store loads a line with its claims, one of
these functions decides, and the store saves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from marketplace.errors import (
    CertificateExpired,
    CertificateMissing,
    ClaimedTwice,
    LineClosed,
    NotTheClaimant,
    NotTheOwner,
    NotWholeNumber,
    OverRemaining,
    OwnLine,
    WrongStage,
)
from marketplace.values import SHANGHAI, Need, Resource, Window


class Side(StrEnum):
    """Which list the claimed line stands on."""

    NEED = "need"
    RESOURCE = "resource"


class Stage(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DONE = "done"
    RELEASED = "released"


STAGES_ZH = {
    Stage.OPEN: "等待答复",
    Stage.ACCEPTED: "已接受",
    Stage.DECLINED: "已谢绝",
    Stage.WITHDRAWN: "已撤回",
    Stage.EXPIRED: "已过期",
    Stage.DONE: "已完成",
    Stage.RELEASED: "已取消",
}
HOLDING = frozenset({Stage.OPEN, Stage.ACCEPTED, Stage.DONE})

# Every step there is; whatever is not in the table is refused.
STEPS: Mapping[Stage, frozenset[Stage]] = {
    Stage.OPEN: frozenset({Stage.ACCEPTED, Stage.DECLINED, Stage.WITHDRAWN, Stage.EXPIRED}),
    Stage.ACCEPTED: frozenset({Stage.DONE, Stage.RELEASED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a claim must know of the line it claims.

    Attributes:
        owner: who answers; "" for lines the community office itself answers for.
        amount: units there are in all, or at each time when `repeats`.
        repeats: True when the amount is there anew at every stretch (six places each Tuesday).
        requires: certificates a claimant must hold on the day.
    """

    side: Side
    key: str
    owner: str
    is_open: bool
    amount: int
    repeats: bool = False
    requires: frozenset[str] = frozenset()

    @classmethod
    def of_need(cls, need: Need, *, is_open: bool = True) -> Line:
        """The line of a need; helpers asked for at once count as its units."""
        return cls(
            side=Side.NEED,
            key=need.line_key,
            owner=need.owner,
            is_open=is_open,
            amount=need.quantity.helpers or need.quantity.amount,
            repeats=bool(need.when.recurrences),
            requires=need.requires,
        )

    @classmethod
    def of_resource(cls, resource: Resource, *, is_open: bool = True) -> Line:
        """The line of a resource."""
        return cls(
            side=Side.RESOURCE,
            key=resource.line_key,
            owner=resource.owner,
            is_open=is_open,
            amount=resource.quantity.helpers or resource.quantity.amount,
            repeats=bool(resource.when.recurrences),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One side's wish to serve, or to be served by, the other's line.

    Attributes:
        claimant: opaque id or name of who claims.
        with_key: the claimant's own line that meets it, "" when none is named.
        window: the stretch it is for, None when it is open.
        origin: order (点单: the resident picked), dispatch (派单: the office proposed) or plan; counted apart.
        answered_by, answered_at, reason: of the last step.
    """

    uid: str
    side: Side
    line_key: str
    claimant: str
    with_key: str = ""
    window: Window | None = None
    quantity: int = 1
    stage: Stage = Stage.OPEN
    origin: str = "order"
    opened_at: datetime
    expires_at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if type(self.quantity) is not int or self.quantity < 1:
            raise NotWholeNumber(field="quantity", given=repr(self.quantity))

    def called_off_on_the_day(self, zone: tzinfo = SHANGHAI) -> bool:
        """True when an accepted claim was released on the day it was for, or later: somebody must step in at once."""
        if self.stage is not Stage.RELEASED or self.window is None or self.answered_at is None:
            return False
        return _day(self.answered_at, zone) >= _day(self.window.starts_at, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of the claims that were accepted for one party; `percent` rounds down, None before the first.

    `called_off` counts what this party released itself, `on_the_day` those of them that came too late to plan anew.
    """

    done: int
    called_off: int
    on_the_day: int

    @property
    def percent(self) -> int | None:
        over = self.done + self.called_off
        return self.done * 100 // over if over else None


def kept_by(claims: Iterable[Claim], party: str, *, zone: tzinfo = SHANGHAI) -> Kept:
    """How a unit or team kept what it claimed; for the two-way assessment of bodies, not for ranking persons."""
    own = [claim for claim in claims if claim.claimant == party]
    off = [claim for claim in own if claim.stage is Stage.RELEASED and claim.answered_by == party]
    return Kept(
        done=sum(claim.stage is Stage.DONE for claim in own),
        called_off=len(off),
        on_the_day=sum(claim.called_off_on_the_day(zone) for claim in off),
    )


def taken(line: Line, claims: Iterable[Claim], *, window: Window | None, at: datetime) -> int:
    """Units of the line that claims hold at `at`, in this stretch when the line repeats."""
    return sum(
        claim.quantity
        for claim in claims
        if claim.stage in HOLDING
        and not lapsed(claim, at=at)
        and (not line.repeats or window is None or claim.window is None or claim.window.overlap(window))
    )


def open_claim(
    line: Line,
    claims: Iterable[Claim],
    *,
    uid: str,
    claimant: str,
    quantity: int = 1,
    window: Window | None = None,
    with_key: str = "",
    origin: str = "order",
    certificates: Mapping[str, date | None] | None = None,
    at: datetime,
    expires_at: datetime,
    zone: tzinfo = SHANGHAI,
) -> Claim:
    """A new claim on a line whose present claims are `claims`.

    Args:
        certificates: what the claimant holds -> last valid day, None for no end; left out when nobody has looked.
        zone: the place's own, whose days the certificates are valid by.

    Raises:
        LineClosed, OwnLine, CertificateMissing, CertificateExpired, ClaimedTwice, OverRemaining, NotWholeNumber.
    """
    claims = tuple(claims)
    claim = Claim(
        uid=uid,
        side=line.side,
        line_key=line.key,
        claimant=claimant,
        with_key=with_key,
        window=window,
        quantity=quantity,
        origin=origin,
        opened_at=at,
        expires_at=expires_at,
    )
    if not line.is_open:
        raise LineClosed()
    if line.owner and claimant == line.owner:
        raise OwnLine()
    if certificates is not None:
        _certified(line, certificates, on=_day(window.starts_at if window else at, zone))
    mine = (one for one in claims if one.claimant == claimant and one.stage in (Stage.OPEN, Stage.ACCEPTED))
    if any(not lapsed(one, at=at) and _same_stretch(one.window, window) for one in mine):
        raise ClaimedTwice()
    remaining = max(0, line.amount - taken(line, claims, window=window, at=at))
    if quantity > remaining:
        raise OverRemaining(remaining=remaining, asked=quantity)
    return claim


def accept(claim: Claim, line: Line, *, by: str, at: datetime) -> Claim:
    """The claim accepted by the line's owner; `by` is the party answered for, a proxy acts in its name.

    Raises:
        NotTheOwner, WrongStage; LineClosed: the line was taken off its list meanwhile.
    """
    accepted = _answered(claim, line, Stage.ACCEPTED, by=by, at=at)
    if not line.is_open:
        raise LineClosed()
    return accepted


def decline(claim: Claim, line: Line, *, by: str, at: datetime, reason: str = "") -> Claim:
    """The claim turned down by the line's owner."""
    return _answered(claim, line, Stage.DECLINED, by=by, at=at, reason=reason)


def withdraw(claim: Claim, *, by: str, at: datetime, reason: str = "") -> Claim:
    """The claim taken back by the claimant before an answer."""
    if by != claim.claimant:
        raise NotTheClaimant()
    return replace(claim, stage=_to(claim, Stage.WITHDRAWN), answered_at=at, answered_by=by, reason=reason)


def expire(claim: Claim, *, at: datetime) -> Claim:
    """The claim closed because nobody answered in time; unchanged while there is still time."""
    if not lapsed(claim, at=at):
        return claim
    return replace(claim, stage=_to(claim, Stage.EXPIRED), answered_at=claim.expires_at)


def complete(claim: Claim, *, by: str, at: datetime) -> Claim:
    """The claim after what it promised was done."""
    return replace(claim, stage=_to(claim, Stage.DONE), answered_at=at, answered_by=by)


def release(claim: Claim, *, by: str, at: datetime, reason: str) -> Claim:
    """An accepted claim called off by either side, up to the day itself; its units are free again."""
    return replace(claim, stage=_to(claim, Stage.RELEASED), answered_at=at, answered_by=by, reason=reason)


def lapsed(claim: Claim, *, at: datetime) -> bool:
    """True for an open claim whose time for an answer is over."""
    return claim.stage is Stage.OPEN and claim.expires_at <= at


def _answered(claim: Claim, line: Line, to: Stage, *, by: str, at: datetime, reason: str = "") -> Claim:
    if by != line.owner:
        raise NotTheOwner()
    return replace(claim, stage=_to(expire(claim, at=at), to), answered_at=at, answered_by=by, reason=reason)


def _certified(line: Line, held: Mapping[str, date | None], *, on: date) -> None:
    for one in sorted(line.requires):
        if one not in held:
            raise CertificateMissing(certificate=one)
        until = held[one]
        if until is not None and until < on:
            raise CertificateExpired(certificate=one, until=until.isoformat())


def _to(claim: Claim, stage: Stage) -> Stage:
    if stage not in STEPS.get(claim.stage, frozenset()):
        raise WrongStage(
            stage=claim.stage.value,
            stage_zh=STAGES_ZH[claim.stage],
            step=stage.value,
            step_zh=STAGES_ZH[stage].removeprefix("已"),
        )
    return stage


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _same_stretch(first: Window | None, second: Window | None) -> bool:
    return first is None or second is None or first.overlap(second) is not None
