"""Two records of one person become one: everything standing is begun anew for the record that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from timebank.catalogue import Catalogue
from timebank.rules.relationships import refusals as no
from timebank.rules.relationships.conditions import HOLDER_GONE
from timebank.rules.relationships.effects import Decided, Effect, EndSignIns, FreePlace, PlanStale
from timebank.rules.relationships.ending import ended
from timebank.rules.relationships.facts import Life
from timebank.rules.relationships.seconding import judge_first, judge_last_worker, judge_second
from timebank.rules.relationships.values import EndReason, Party, Relationship, State, member, open_ones


class Joining(StrEnum):
    """What a flow does in the same unit of work, in the order given."""

    MOVE_BALANCE = "move_balance"
    POINT_SOURCES = "point_sources"
    POINT_ANSWERS = "point_answers"
    END_ACCESS = "end_access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One member's record, as far as joining it matters; `joined_to` is "" for a record that stands by itself."""

    uid: str
    community: str
    life: Life = Life.ACTIVE
    joined_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What joining writes; past services, entries and ended relationships keep the old uid and are read through it.

    Attributes:
        kept, gone: uids; the record that goes gets the life `joined` and points to the one that is kept.
        ended: written first. begun: written next; one in force follows what it goes on from.
        effects: places that are free again, sign-ins that end; nobody is told that something ended that goes on.
        consequences: the balance moves by one transfer, the lists' keys and identity answers point to the record kept,
            and the access of the other ends.
    """

    kept: str
    gone: str
    ended: tuple[Relationship, ...]
    begun: tuple[Relationship, ...]
    effects: tuple[Effect, ...]
    consequences: tuple[Joining, ...] = tuple(Joining)

    @property
    def decided(self) -> tuple[Decided, ...]:
        """The rows in the order in which they are written; what follows stands with the last, when all are there."""
        rows = [Decided(relationship=one) for one in (*self.ended, *self.begun)]
        return (*rows[:-1], replace(rows[-1], effects=self.effects)) if rows else ()


def join(
    *,
    kept: Record,
    gone: Record,
    catalogue: Catalogue,
    relationships: Iterable[Relationship],
    by: str,
    second: str,
    staff: Set[str],
    today: date,
    new_uid: Callable[[], str],
) -> Joined:
    """Everything that joining two records writes.

    What stands between the two ends. Where both have the same, one stays: what is in force before what is on offer.

    Args:
        relationships: those of both records.
        by, second: two workers, neither of them the person.

    Raises:
        NotStaff, SecondPerson: not two workers.
        Oneself, OtherCommunity, AlreadyJoined: a record with itself, across communities, in a chain.
        HolderLeft, HolderDied, HolderGone: the record to be kept is not active.
        TargetDied, TargetGone: the other has died, or was erased.
        LastWorker: the only worker who can sign in would lose the sign-in.
    """
    judge_first(by, staff=staff)
    judge_second(second, staff=staff, concerned={by, kept.uid, gone.uid})
    if by in {kept.uid, gone.uid}:
        raise no.SecondPerson()
    _judge_records(kept, gone)

    related = tuple(relationships)
    theirs = open_ones(related, member(gone.uid))
    standing = {one.open_key: one for one in open_ones(related, member(kept.uid))}
    ends: list[Relationship] = []
    begun: list[Relationship] = []
    effects: list[Effect] = []
    instead: dict[str, str] = {}

    def end(one: Relationship, *, goes_on: bool) -> None:
        done = ended(catalogue.relationships[one.kind], one, reason=EndReason.JOINED, by=second, on=today)
        ends.append(done.relationship)
        kept_effects = (PlanStale, EndSignIns) if goes_on else (PlanStale, EndSignIns, FreePlace)
        effects.extend(effect for effect in done.effects if isinstance(effect, kept_effects))

    # What is in force comes first, so that an offer of the same never stands in its way.
    for one in sorted(theirs, key=lambda one: one.state is not State.IN_FORCE):
        if one.state is State.IN_FORCE and one.holder.code == gone.uid:
            judge_last_worker(catalogue.relationships[one.kind], one, staff=staff)
        again = _anew(one, kept=kept.uid, gone=gone.uid, today=today)
        follows = one.uid if one.state is State.IN_FORCE else instead.get(one.follows, "")
        again = replace(again, uid=new_uid(), follows=follows)
        same = standing.get(again.open_key)
        outdone = same is not None and same.state is State.OFFERED and one.state is State.IN_FORCE
        goes_on = again.holder != again.target and (same is None or outdone)
        end(one, goes_on=goes_on)
        if same is not None:
            instead[one.uid] = same.uid
        if not goes_on:
            continue
        if same is not None:
            end(same, goes_on=True)
        instead[one.uid] = again.uid
        standing[again.open_key] = again
        begun.append(again)
    return Joined(
        kept=kept.uid,
        gone=gone.uid,
        ended=tuple(ends),
        begun=tuple(begun),
        effects=tuple(dict.fromkeys(effects)),
    )


def _judge_records(kept: Record, gone: Record) -> None:
    if kept.uid == gone.uid:
        raise no.Oneself()
    if kept.community != gone.community:
        raise no.OtherCommunity()
    if kept.joined_to or gone.joined_to or Life.JOINED in {kept.life, gone.life}:
        raise no.AlreadyJoined()
    not_active = HOLDER_GONE.get(kept.life)
    if not_active is not None:
        raise not_active()
    if gone.life is Life.DIED:
        raise no.TargetDied()
    if gone.life is Life.ERASED:
        raise no.TargetGone()


def _anew(one: Relationship, *, kept: str, gone: str, today: date) -> Relationship:
    """The same for the record that is kept, from today on; consents and seat go with it."""

    def moved(party: Party) -> Party:
        return member(kept) if party == member(gone) else party

    return replace(one, holder=moved(one.holder), target=moved(one.target), since_on=max(one.since_on, today))
