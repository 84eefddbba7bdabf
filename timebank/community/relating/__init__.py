"""The one way in which relationships change: load → decide → save → carry out what follows, in the caller's unit of work.

    made = await relating.offer(ctx, actor, "leader", holder=member(uid), target=organisation(team), holder_yes=Heard.TOLD)
    await relating.say_yes(ctx, actor, made.uid, Side.HOLDER)
    await relating.end(ctx, actor, made.uid, "resigned")

Whether somebody may is decided by `timebank.rules.relationships` from the facts; what is refused is raised, typed, and
nothing is written. `offer_all` takes hundreds of rows of a list and gives a refusal for each that cannot stand;
`carry_out` writes what other flows of `rules.relationships` decided (dying, moving, joining records).
"""

from timebank.community.relating.changing import (
    Wanted,
    approve,
    carry_out,
    end,
    offer,
    offer_all,
    renew,
    say_no,
    say_yes,
)
from timebank.community.relating.doers import operator, system
from timebank.community.relating.refusals import (
    HolderUnknown,
    KindUnknown,
    LineUnknown,
    SeveralFit,
    TargetUnknown,
)
from timebank.community.relating.surroundings import Surroundings, around
from timebank.community.relating.terms import lapse_once_a_day, lapse_relationships
from timebank.rules.relationships import Party, Sort

__all__ = [
    "HolderUnknown",
    "KindUnknown",
    "LineUnknown",
    "SeveralFit",
    "Surroundings",
    "TargetUnknown",
    "Wanted",
    "approve",
    "area",
    "around",
    "carry_out",
    "end",
    "lapse_once_a_day",
    "lapse_relationships",
    "offer",
    "offer_all",
    "operator",
    "organisation",
    "renew",
    "say_no",
    "say_yes",
    "system",
]


def organisation(code: str) -> Party:
    """The end that is a team, a unit or another organisation."""
    return Party(Sort.ORGANISATION, code)


def area(code: str) -> Party:
    """The end that is a place."""
    return Party(Sort.AREA, code)
