"""Whether a relationship could stand today: judged when it is offered, and again at the moment it would begin."""

from __future__ import annotations

from marketplace.ages import Minority
from timebank.catalogue import RelationshipKind, TargetIs, Towards
from timebank.catalogue.kinds import LINE
from timebank.rules.relationships import refusals as no
from timebank.rules.relationships.facts import Facts, Life, SideFacts
from timebank.rules.relationships.values import Sort

HOLDER_GONE: dict[Life, type[no.CannotStand]] = {
    Life.LEFT: no.HolderLeft,
    Life.DIED: no.HolderDied,
    Life.JOINED: no.HolderGone,
    Life.ERASED: no.HolderGone,
    Life.CLOSED: no.HolderClosed,
}
TARGET_GONE: dict[Life, type[no.CannotStand]] = {
    Life.LEFT: no.TargetLeft,
    Life.DIED: no.TargetDied,
    Life.JOINED: no.TargetGone,
    Life.ERASED: no.TargetGone,
    Life.CLOSED: no.TargetClosed,
}


def judge(kind: RelationshipKind, facts: Facts, *, uid: str, follows: str) -> None:
    """Nothing when the two may stand so to each other; else the first refusal there is.

    Args:
        uid, follows: the relationship in question and the one it goes on from; neither stands in its own way.

    Raises:
        CannotStand: one of its classes.
    """
    own = frozenset({uid, follows})
    _judge_sorts(kind, facts)
    _judge_lives(kind, facts)
    _judge_ages(kind, facts)
    _judge_places(kind, facts)
    _judge_held(kind, facts, own)
    if facts.twins - own:
        raise no.AlreadySo()
    free_seat(kind, facts, own)


def free_seat(kind: RelationshipKind, facts: Facts, own: frozenset[str]) -> int:
    """The lowest number that is free among the target's places; 0 where places are not counted.

    Raises:
        PlaceTaken: as many as there may be are in force, whether or not each has a number.
    """
    places = places_of(kind, facts.target)
    if places is None:
        return 0
    taken = [seat for uid, seat in facts.seats if uid not in own]
    if len(taken) >= places:
        raise no.PlaceTaken()
    return next(number for number in range(1, places + 1) if number not in taken)


def places_of(kind: RelationshipKind, target: SideFacts) -> int | None:
    """How many may be in force towards this target at a time; None for any number."""
    if kind.per_target is None:
        return target.places if target.kind == LINE else None
    return kind.per_target or None


def _judge_sorts(kind: RelationshipKind, facts: Facts) -> None:
    if facts.holder.party.sort not in kind.holder:
        raise no.HolderKind()
    if facts.target.kind not in kind.to:
        raise no.TargetKind()
    if facts.holder.party == facts.target.party:
        raise no.Oneself()
    if not (_belongs(facts.holder, facts) and _belongs(facts.target, facts)):
        raise no.OtherCommunity()


def _belongs(side: SideFacts, facts: Facts) -> bool:
    """Of this community, or standing above it."""
    if side.community:
        return side.community == facts.community
    return facts.community_path.startswith(side.path)


def _judge_lives(kind: RelationshipKind, facts: Facts) -> None:
    gone = HOLDER_GONE.get(facts.holder.life)
    if gone is not None:
        raise gone()
    if kind.target_is is TargetIs.DIED:
        if facts.target.life is Life.ACTIVE:
            raise no.TargetLives()
        if facts.target.life is Life.DIED:
            return
    gone = TARGET_GONE.get(facts.target.life)
    if gone is not None:
        raise gone()


def _judge_ages(kind: RelationshipKind, facts: Facts) -> None:
    if kind.adult and facts.holder.party.sort is Sort.MEMBER:
        match facts.holder.minor(facts.today):
            case Minority.YES:
                raise no.UnderAge()
            case Minority.UNKNOWN:
                raise no.AgeUnknown()
    if kind.target_is is TargetIs.MINOR:
        match facts.target.minor(facts.today):
            case Minority.NO:
                raise no.TargetAdult()
            case Minority.UNKNOWN:
                raise no.AgeUnknown()


def _judge_places(kind: RelationshipKind, facts: Facts) -> None:
    if kind.lives_in and not (facts.target.path and facts.holder.path.startswith(facts.target.path)):
        raise no.LivesElsewhere()
    household = facts.holder.household
    if kind.household_bar and household and household == facts.target.household:
        raise no.OneHousehold()


def _judge_held(kind: RelationshipKind, facts: Facts, own: frozenset[str]) -> None:
    held = [one for one in facts.held if one.uid not in own]
    if kind.per_holder and sum(one.kind == kind.code for one in held) >= kind.per_holder:
        raise no.HolderHasEnough()
    if kind.needs is None:
        return
    for one in held:
        if one.kind not in kind.needs.kinds:
            continue
        if kind.needs.towards is Towards.SAME and one.target == facts.target.party:
            return
        if kind.needs.towards is Towards.ABOVE and one.path and facts.target.path.startswith(one.path):
            return
    raise no.NeedsKind()
