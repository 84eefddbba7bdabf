"""The life of a relationship, pure: offered, in force, over, and what each lets its holder do.

`decide` answers every command; `lapsed` writes down the end of a term; `rights` says what somebody may do today. `moving`,
`dying` and `joining` say what a change in somebody's life does to all their relationships at once. The kinds come from
`timebank.catalogue`; no kind is named here.
"""

from timebank.rules.relationships.commands import Approve, Command, End, Offer, Renew, SayNo, SayYes
from timebank.rules.relationships.deciding import decide
from timebank.rules.relationships.effects import (
    Decided,
    DropRenewals,
    Effect,
    EndSignIns,
    FreePlace,
    PlanStale,
    TakePlace,
    Tell,
    Told,
)
from timebank.rules.relationships.ending import lapsed
from timebank.rules.relationships.facts import Answer, Facts, Held, Life, SideFacts
from timebank.rules.relationships.refusals import RelationshipRefusal
from timebank.rules.relationships.rights import Absence, Right, away_on, rights, speakers, told_for
from timebank.rules.relationships.values import (
    OPERATOR,
    REASONS_TO_CHOOSE,
    SYSTEM,
    EndReason,
    KnownBy,
    Party,
    Relationship,
    Sort,
    State,
    Yes,
    member,
)

__all__ = [
    "OPERATOR",
    "REASONS_TO_CHOOSE",
    "SYSTEM",
    "Absence",
    "Answer",
    "Approve",
    "Command",
    "Decided",
    "DropRenewals",
    "Effect",
    "End",
    "EndReason",
    "EndSignIns",
    "Facts",
    "FreePlace",
    "Held",
    "KnownBy",
    "Life",
    "Offer",
    "Party",
    "PlanStale",
    "Relationship",
    "RelationshipRefusal",
    "Renew",
    "Right",
    "SayNo",
    "SayYes",
    "SideFacts",
    "Sort",
    "State",
    "TakePlace",
    "Tell",
    "Told",
    "Yes",
    "away_on",
    "decide",
    "lapsed",
    "member",
    "rights",
    "speakers",
    "told_for",
]
