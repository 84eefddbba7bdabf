"""A community's rules, in dated versions: entered by one, previewed, approved by another, and never changed once begun.

    values     the knobs, as one typed `Policy`; what each means, its unit and its bounds
    reading    TOML in and out; BadPolicy names the key
    words      what a choice is called in Chinese and English
    versions   drafted → approved | withdrawn; `rule_of(versions, day)`; the fingerprint of text and preview
    holder     the versions of every community in memory: `policies.of(community, day)`

`timebank.rules.preview` says what the last thirty days would have earned under another rule. A service counts by the
rule of its own day. Nothing here reads a clock, a database or a network.
"""

from timebank.policy.errors import (
    AlreadyBegan,
    BadPolicy,
    DayTaken,
    NotADraft,
    PreviewChanged,
    SecondPerson,
    StartsTooSoon,
)
from timebank.policy.values import (
    AfterDeath,
    CreditPolicy,
    EarningPolicy,
    ExpiryPolicy,
    FirstTo,
    GiftTo,
    GivingPolicy,
    GrantPolicy,
    IdentityPolicy,
    ListPolicy,
    MatchingPolicy,
    Minors,
    OverTotal,
    Payer,
    Policy,
    PublicPolicy,
    RedeemingPolicy,
    RequestPolicy,
    Rounding,
    ServedGroup,
    ServedPolicy,
    ServicePolicy,
    TeamHours,
    UnitPolicy,
    Weight,
)

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
    "GrantPolicy",
    "IdentityPolicy",
    "ListPolicy",
    "MatchingPolicy",
    "Minors",
    "NotADraft",
    "OverTotal",
    "Payer",
    "Policy",
    "PreviewChanged",
    "PublicPolicy",
    "RedeemingPolicy",
    "RequestPolicy",
    "Rounding",
    "SecondPerson",
    "ServedGroup",
    "ServedPolicy",
    "ServicePolicy",
    "StartsTooSoon",
    "TeamHours",
    "UnitPolicy",
    "Weight",
]
