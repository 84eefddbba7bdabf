"""A community's rules, in dated versions: entered by one, previewed, approved by another, and never changed once begun.

    values     the whole `Policy`; its parts are in `hours` and `running`, what they choose from in `choices`
    knobs      what a knob is: its words, its unit and its bounds
    reading    TOML in and out; BadPolicy names the key
    words      what a choice is called in Chinese and English
    versions   drafted → approved | withdrawn; `rule_of(versions, day)`; the fingerprint of text and preview
    holder     the versions of every community in memory: `policies.of(community, day)`

`timebank.rules.hours.preview` says what the last thirty days would have earned under another rule. A service counts by the
rule of its own day. Nothing here reads a clock, a database or a network.
"""

from timebank.policy.choices import (
    AfterDeath,
    FirstTo,
    GiftTo,
    Grade,
    Minors,
    OverTotal,
    Payer,
    Rounding,
    SecondHand,
    TeamHours,
)
from timebank.policy.errors import (
    AlreadyBegan,
    BadPolicy,
    DayTaken,
    NotADraft,
    PreviewChanged,
    SecondPerson,
    StartsTooSoon,
)
from timebank.policy.hands import HandsPolicy
from timebank.policy.hours import (
    CreditPolicy,
    EarningPolicy,
    ExpiryPolicy,
    GivingPolicy,
    GrantPolicy,
    RedeemingPolicy,
    ServedGroup,
    ServedPolicy,
    UnitPolicy,
    Weight,
)
from timebank.policy.radar import RadarPolicy
from timebank.policy.running import (
    IdentityPolicy,
    KeepingPolicy,
    ListPolicy,
    MatchingPolicy,
    NewsPolicy,
    PromisePolicy,
    PublicPolicy,
    RequestPolicy,
    ServicePolicy,
)
from timebank.policy.values import Policy

__all__ = [
    "AfterDeath",
    "AlreadyBegan",
    "BadPolicy",
    "CreditPolicy",
    "DayTaken",
    "EarningPolicy",
    "ExpiryPolicy",
    "FirstTo",
    "GiftTo",
    "GivingPolicy",
    "Grade",
    "GrantPolicy",
    "HandsPolicy",
    "IdentityPolicy",
    "KeepingPolicy",
    "ListPolicy",
    "MatchingPolicy",
    "Minors",
    "NewsPolicy",
    "NotADraft",
    "OverTotal",
    "Payer",
    "Policy",
    "PreviewChanged",
    "PromisePolicy",
    "PublicPolicy",
    "RadarPolicy",
    "RedeemingPolicy",
    "RequestPolicy",
    "Rounding",
    "SecondHand",
    "SecondPerson",
    "ServedGroup",
    "ServedPolicy",
    "ServicePolicy",
    "StartsTooSoon",
    "TeamHours",
    "UnitPolicy",
    "Weight",
]
