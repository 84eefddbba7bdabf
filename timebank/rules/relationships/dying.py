"""A death, entered by one and confirmed by another: calls stop, what is planned is called off, hours are settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from timebank.catalogue import Catalogue
from timebank.rules.relationships import refusals as no
from timebank.rules.relationships.beginning import begun
from timebank.rules.relationships.effects import Decided
from timebank.rules.relationships.facts import Life
from timebank.rules.relationships.moving import all_ended
from timebank.rules.relationships.seconding import judge_first, judge_second
from timebank.rules.relationships.values import EndReason, Party, Relationship, State, member


class Consequence(StrEnum):
    """What a flow does for one member in the same unit of work, in the order given."""

    CLOSE_NEEDS = "close_needs"
    WITHDRAW_CLAIMS = "withdraw_claims"
    WITHDRAW_PROPOSALS = "withdraw_proposals"
    CANCEL_PARTS = "cancel_parts"
    VOID_HOLDS = "void_holds"
    DROP_NEWS = "drop_news"
    END_ACCESS = "end_access"
    SETTLE_HOURS = "settle_hours"


AFTER_DEATH = tuple(Consequence)
"""Cancelled parts look for somebody else; access is every code, card, password and sign-in; hours go as the policy says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathReport:
    """One person says that a member has died; nothing happens before another confirms it."""

    member: str
    died_on: date
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What a confirmed death writes: the member's life is `died`, their relationships end, the consequences follow."""

    report: DeathReport
    confirmed_by: str
    ended: tuple[Decided, ...]
    consequences: tuple[Consequence, ...] = AFTER_DEATH


def report_death(
    *, uid: str, life: Life, died_on: date, by: str, staff: Set[str], today: date
) -> DeathReport:
    """The report, to be confirmed.

    Raises:
        NotStaff: `by` is no worker of the community.
        AlreadyDead, TargetGone: recorded before; the record was joined with another, or erased.
        DayNotYet: a day that is still to come.
    """
    judge_first(by, staff=staff)
    if life is Life.DIED:
        raise no.AlreadyDead()
    if life in {Life.JOINED, Life.ERASED}:
        raise no.TargetGone()
    if died_on > today:
        raise no.DayNotYet()
    return DeathReport(member=uid, died_on=died_on, entered_by=by)


def confirm_death(
    report: DeathReport,
    *,
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    life: Life,
    by: str,
    staff: Set[str],
    today: date,
) -> Passing:
    """What the death writes, once a second person says so.

    Raises:
        NotStaff, SecondPerson: not another worker than who entered it.
        AlreadyDead: confirmed before.
        LastWorker: the community would be left without anybody who can sign in.
    """
    judge_second(by, staff=staff, concerned={report.entered_by, report.member})
    if life is Life.DIED:
        raise no.AlreadyDead()
    ended = all_ended(
        catalogue,
        relationships,
        party=member(report.member),
        reason=EndReason.DIED,
        by=by,
        on=today,
        staff=staff,
    )
    return Passing(report=report, confirmed_by=by, ended=ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A death taken back: the relationships that begin again, and those that could not.

    Attributes:
        again: new rows in force, each following the one that ended, with what follows from it.
        lost: rows as they ended, taken by others since, run out, or with the other side gone; each can be offered anew.
    """

    again: tuple[Decided, ...]
    lost: tuple[Relationship, ...]

    @property
    def begun(self) -> tuple[Relationship, ...]:
        """The new rows alone."""
        return tuple(one.relationship for one in self.again)


def take_back_death(
    *,
    uid: str,
    life: Life,
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    until: Mapping[str, date | None],
    keys_in_use: Set[str],
    gone: Set[Party],
    by: str,
    second: str,
    staff: Set[str],
    today: date,
    new_uid: Callable[[], str],
) -> Return:
    """What is in force again after a death that was recorded by mistake; needs, parts and news are asked for anew.

    Args:
        relationships: the member's, ended ones included.
        until: for each relationship the last day it had before the death, as the record of the death keeps it; one that
            is not among them is lost, so that nobody gets a right for longer than it was given.
        keys_in_use: every open key and seat key that stands today at the other sides.
        gone: other sides that have left, died, been joined, erased or closed since.
        by, second: two workers.

    Raises:
        NotStaff, SecondPerson: not two workers. NotDead: no death is recorded.
    """
    judge_first(by, staff=staff)
    judge_second(second, staff=staff, concerned={by, uid})
    if life is not Life.DIED:
        raise no.NotDead()
    again_in_force: list[Decided] = []
    lost: list[Relationship] = []
    for one in relationships:
        if one.state is not State.OVER or one.end_reason is not EndReason.DIED:
            continue
        if member(uid) not in (one.holder, one.target):
            continue
        last_on = until.get(one.uid)
        again = replace(
            one,
            uid=new_uid(),
            state=State.IN_FORCE,
            since_on=max(one.since_on, today),
            until_on=last_on,
            end_reason=None,
            ended_on=None,
            ended_by="",
            follows=one.uid,
        )
        other = one.target if one.holder == member(uid) else one.holder
        run_out = one.uid not in until or (last_on is not None and last_on < today)
        taken = {again.open_key, again.seat_key} & keys_in_use
        if run_out or taken or other in gone:
            lost.append(one)
        else:
            follows = begun(catalogue.relationships[again.kind], again)
            again_in_force.append(Decided(relationship=again, effects=follows))
    return Return(again=tuple(again_in_force), lost=tuple(lost))
