"""The life of a relationship, pure: offered, in force, over, and what each lets its holder do.

`decide` answers every command; `lapsed` writes down the end of a term; `rights` says what somebody may do today. `moving`,
`dying` and `joining` say what a change in somebody's life does to all their relationships at once. The kinds come from
`timebank.catalogue`; no kind is named here.
"""

from timebank.rules.relationships.commands import Approve, Command, End, Offer, Renew, SayNo, SayYes
from timebank.rules.relationships.deciding import decide
from timebank.rules.relationships.dying import (
    AFTER_DEATH,
    Consequence,
    DeathReport,
    Passing,
    Return,
    confirm_death,
    report_death,
    take_back_death,
)
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
from timebank.rules.relationships.ending import ended, lapsed
from timebank.rules.relationships.facts import Facts, Held, Life, SideFacts
from timebank.rules.relationships.joining import Joined, Joining, Record, join
from timebank.rules.relationships.moving import EndOrKeep, after_moving, all_ended
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
    "AFTER_DEATH",
    "OPERATOR",
    "REASONS_TO_CHOOSE",
    "SYSTEM",
    "Absence",
    "Approve",
    "Command",
    "Consequence",
    "DeathReport",
    "Decided",
    "DropRenewals",
    "Effect",
    "End",
    "EndOrKeep",
    "EndReason",
    "EndSignIns",
    "Facts",
    "FreePlace",
    "Held",
    "Joined",
    "Joining",
    "KnownBy",
    "Life",
    "Offer",
    "Party",
    "Passing",
    "PlanStale",
    "Record",
    "Relationship",
    "RelationshipRefusal",
    "Renew",
    "Return",
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
    "after_moving",
    "all_ended",
    "away_on",
    "confirm_death",
    "decide",
    "ended",
    "join",
    "lapsed",
    "member",
    "report_death",
    "rights",
    "speakers",
    "take_back_death",
    "told_for",
]
