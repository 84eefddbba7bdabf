"""What a command does to a relationship: `decide(kind, relationship, command, facts)`. Pure.

    –        offer            → offered, or in force at once when every yes is there and no approval is asked for
    offered  yes, approve     → in force once complete; every condition is judged again at that moment
    offered  no, end          → declined
    in force end              → over, today being its last day; a mistake: the day before its first, so no day counts
    in force renew            → a new offer that follows this one, in the last sixty days
    declined, over            → never changes again

The invariant: nothing is in force without each yes its kind asks for, nor without the second person where it asks for
one. Nobody says the other side's yes or writes down that it was said, and nobody writes down their own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from timebank.catalogue import Heard, RelationshipKind, Scope, Side, TargetIs
from timebank.rules.relationships import refusals as no
from timebank.rules.relationships.beginning import begun
from timebank.rules.relationships.commands import Approve, Command, End, Offer, Renew, SayNo, SayYes
from timebank.rules.relationships.conditions import free_seat, judge
from timebank.rules.relationships.effects import Decided, TakePlace, Tell, Told
from timebank.rules.relationships.ending import ended, ended_as_renewed
from timebank.rules.relationships.facts import Facts
from timebank.rules.relationships.seconding import judge_last_worker, judge_second
from timebank.rules.relationships.values import (
    REASONS_TO_CHOOSE,
    EndReason,
    KnownBy,
    Relationship,
    Sort,
    State,
    Yes,
    member,
)

RENEWED_WITHIN_DAYS = 60
YEARS = range(1900, 2201)
"""Days outside are slips of the pen; within them no date can run over."""


def decide(
    kind: RelationshipKind, relationship: Relationship | None, command: Command, facts: Facts
) -> Decided | no.RelationshipRefusal:
    """What `command` does, or why it does nothing.

    Args:
        kind: of the relationship, as the community's catalogue has it.
        relationship: as it stands; None for an offer.
        facts: both sides and what stands around them, today.
    """
    try:
        return _decided(kind, relationship, command, facts)
    except no.RelationshipRefusal as refusal:
        return refusal


def _decided(
    kind: RelationshipKind, relationship: Relationship | None, command: Command, facts: Facts
) -> Decided:
    if relationship is None:
        if isinstance(command, Offer):
            return _offer(kind, command, facts)
        raise no.NotOffered()
    assert relationship.kind == kind.code
    if relationship.state is State.DECLINED:
        raise no.AlreadyDeclined()
    if relationship.state is State.OVER or _lapsed(relationship, facts.today):
        raise no.AlreadyOver()
    match command:
        case Offer():
            raise no.AlreadySo()
        case SayYes():
            return _say_yes(kind, relationship, command, facts)
        case SayNo():
            return _say_no(kind, relationship, command, facts)
        case Approve():
            return _approve(kind, relationship, command, facts)
        case End():
            return _end(kind, relationship, command, facts)
        case Renew():
            return _renew(kind, relationship, command, facts)


def _lapsed(relationship: Relationship, today: date) -> bool:
    """In force on paper, with its last day behind it: over, although nobody has written it down yet."""
    last = relationship.until_on
    return relationship.state is State.IN_FORCE and last is not None and last < today


def _offer(kind: RelationshipKind, command: Offer, facts: Facts) -> Decided:
    _judge_may_offer(kind, command.by, facts)
    since_on = command.since_on or facts.today
    offered = Relationship(
        uid=command.uid,
        community=facts.community,
        kind=kind.code,
        holder=facts.holder.party,
        target=facts.target.party,
        since_on=since_on,
        until_on=_last_day(kind, since_on, command.until_on),
        scope=_scope(kind, command.scope),
        offered_by=command.by,
        note=command.note,
    )
    return _with_yeses(kind, offered, command, facts)


def _renew(kind: RelationshipKind, old: Relationship, command: Renew, facts: Facts) -> Decided:
    if old.state is not State.IN_FORCE:
        raise no.NotInForce()
    _judge_may_offer(kind, command.by, facts)
    if old.until_on is None:
        raise no.NoEndToRenew()
    if facts.today < old.until_on - timedelta(days=RENEWED_WITHIN_DAYS):
        raise no.TooEarly()
    since_on = old.until_on + timedelta(days=1)
    offered = replace(
        old,
        uid=command.uid,
        state=State.OFFERED,
        since_on=since_on,
        until_on=_last_day(kind, since_on, command.until_on),
        seat=0,
        offered_by=command.by,
        holder_yes=None,
        target_yes=None,
        approved_by="",
        follows=old.uid,
    )
    return _with_yeses(kind, offered, command, replace(facts, followed=old))


def _with_yeses(
    kind: RelationshipKind, offered: Relationship, command: Offer | Renew, facts: Facts
) -> Decided:
    """The offer with each yes that came with it, and with the offerer's own."""
    for side, heard in ((Side.HOLDER, command.holder_yes), (Side.TARGET, command.target_yes)):
        if heard is not None:
            offered = _agreed(kind, offered, SayYes(by=command.by, side=side, heard=heard), facts)
        elif side in kind.yes and Heard.PAGE in kind.heard and _speaks(command.by, side, facts):
            offered = _agreed(kind, offered, SayYes(by=command.by, side=side), facts)
    return _settled(kind, offered, facts)


def _say_yes(kind: RelationshipKind, offered: Relationship, command: SayYes, facts: Facts) -> Decided:
    if offered.state is State.IN_FORCE:
        raise no.AlreadySo()
    return _settled(kind, _agreed(kind, offered, command, facts), facts)


def _agreed(kind: RelationshipKind, offered: Relationship, command: SayYes, facts: Facts) -> Relationship:
    if command.side not in kind.yes:
        raise no.NotTheirsToSay()
    if offered.yes_of(command.side) is not None:
        raise no.AlreadySo()
    if command.heard not in kind.heard:
        raise no.YesNotThisWay()
    _judge_who_says(command.by, command.side, command.heard, facts)
    yes = Yes(known_by=KnownBy(command.heard), by=command.by, on=facts.today)
    if command.side is Side.HOLDER:
        return replace(offered, holder_yes=yes)
    return replace(offered, target_yes=yes)


def _judge_who_says(by: str, side: Side, heard: Heard, facts: Facts) -> None:
    if heard is Heard.PAGE:
        if not _speaks(by, side, facts):
            raise no.NotTheirsToSay()
        return
    if not facts.is_staff(by):
        raise no.NotStaff()
    if heard is Heard.LIST:
        return
    if by in facts.side(side).speakers:
        raise no.OwnYesByPage()
    # Who stands at the other end does not write down that this one agreed.
    if facts.side(_other(side)).party == member(by):
        raise no.NotTheirsToSay()


def _speaks(by: str, side: Side, facts: Facts) -> bool:
    """Whether a word by page counts for that side: of two people, neither speaks for the other."""
    own, other = facts.side(side), facts.side(_other(side))
    both_people = own.party.sort is Sort.MEMBER and other.party.sort is Sort.MEMBER
    return by in own.speakers and not (both_people and by == other.party.code)


def _other(side: Side) -> Side:
    return Side.TARGET if side is Side.HOLDER else Side.HOLDER


def _approve(kind: RelationshipKind, offered: Relationship, command: Approve, facts: Facts) -> Decided:
    if offered.state is not State.OFFERED:
        raise no.NotOffered()
    if not kind.second:
        raise no.NoSecondNeeded()
    if offered.approved_by:
        raise no.AlreadySo()
    concerned = {offered.offered_by, offered.holder.code, *facts.holder.speakers}
    judge_second(command.by, staff=facts.staff, concerned=concerned)
    return _settled(kind, replace(offered, approved_by=command.by), facts)


def _say_no(kind: RelationshipKind, offered: Relationship, command: SayNo, facts: Facts) -> Decided:
    if offered.state is not State.OFFERED:
        raise no.NotOffered()
    if command.heard is Heard.PAGE:
        if not _has_a_say(kind, command.side) or command.by not in facts.side(command.side).speakers:
            raise no.NotTheirsToSay()
    elif not facts.is_staff(command.by):
        raise no.NotStaff()
    return ended(kind, offered, reason=EndReason.DECLINED, by=command.by, on=facts.today)


def _end(kind: RelationshipKind, relationship: Relationship, command: End, facts: Facts) -> Decided:
    if not _may_end(kind, relationship, command.by, facts):
        raise no.NotTheirsToSay()
    if command.reason not in REASONS_TO_CHOOSE:
        raise no.ReasonUnknown()
    if relationship.state is State.IN_FORCE:
        judge_last_worker(kind, relationship, staff=facts.staff)
    return ended(kind, relationship, reason=EndReason(command.reason), by=command.by, on=facts.today)


def _may_end(kind: RelationshipKind, relationship: Relationship, by: str, facts: Facts) -> bool:
    """The desk, the holder, and the target where it has a say: a deputy does not end the leader, nor a child its guardian."""
    if facts.is_staff(by) or by in facts.holder.speakers:
        return True
    if relationship.state is State.OFFERED and by == relationship.offered_by:
        return True
    return _has_a_say(kind, Side.TARGET) and by in facts.target.speakers


def _has_a_say(kind: RelationshipKind, side: Side) -> bool:
    """Whether a side may refuse or end it: the holder always, the target where it is asked or may propose."""
    return side is Side.HOLDER or side in kind.yes or side in kind.offer


def _judge_may_offer(kind: RelationshipKind, by: str, facts: Facts) -> None:
    if facts.is_staff(by):
        return
    if not any(by in facts.side(side).speakers for side in kind.offer):
        raise no.MayNotOffer()


def _scope(kind: RelationshipKind, words: tuple[Scope | str, ...]) -> tuple[Scope, ...]:
    if not set(words) <= set(kind.scope):
        raise no.ScopeUnknown()
    if kind.scope and not words:
        raise no.ScopeMissing()
    return tuple(word for word in kind.scope if word in words)


def _last_day(kind: RelationshipKind, since_on: date, until_on: date | None) -> date | None:
    """The last day asked for, else that of the kind's term, else of the longest term, else none."""
    if since_on.year not in YEARS or (until_on is not None and until_on.year not in YEARS):
        raise no.DayOutOfRange()
    days = kind.term_days or kind.term_max_days
    if until_on is None:
        return since_on + timedelta(days=days - 1) if days else None
    if kind.term_max_days and until_on >= since_on + timedelta(days=kind.term_max_days):
        raise no.TermTooLong()
    return until_on


def _settled(kind: RelationshipKind, offered: Relationship, facts: Facts) -> Decided:
    """In force when nothing is missing, else still on offer; either way it must be able to stand today.

    A renewal takes over from what it renews, today, and its place with it.
    """
    judge(kind, facts, uid=offered.uid, follows=offered.follows)
    offered = _dated(kind, offered, facts)
    if not offered.complete(kind):
        effects = tuple(Tell(uid=offered.uid, side=side, what=Told.ASKED) for side in offered.missing(kind))
        return Decided(relationship=offered, effects=effects)

    seat = free_seat(kind, facts, frozenset({offered.uid, offered.follows}))
    in_force = replace(offered, state=State.IN_FORCE, seat=seat)
    old = facts.followed
    if old is None or old.state is not State.IN_FORCE:
        return Decided(relationship=in_force, effects=begun(kind, in_force))
    assert old.uid == offered.follows
    in_force = replace(in_force, since_on=facts.today)
    kept_place = tuple(one for one in begun(kind, in_force) if not isinstance(one, TakePlace))
    renewed = ended_as_renewed(old, on=facts.today, by=offered.offered_by)
    return Decided(relationship=in_force, effects=kept_place, first=(renewed,))


def _dated(kind: RelationshipKind, offered: Relationship, facts: Facts) -> Relationship:
    """With the days it would really have: rights have no past, and a guardian's end with the childhood."""
    since_on = max(offered.since_on, facts.today) if kind.grants else offered.since_on
    until_on = offered.until_on
    grown_on = facts.target.may_be_of_age_on if kind.target_is is TargetIs.MINOR else None
    if grown_on is not None:
        until_on = min(until_on or date.max, grown_on - timedelta(days=1))
    if until_on is not None and (until_on < since_on or (kind.yes and until_on < facts.today)):
        raise no.EndsBeforeItBegins()
    if (since_on, until_on) == (offered.since_on, offered.until_on):
        return offered
    return replace(offered, since_on=since_on, until_on=until_on)
