"""Kinds as data: which places, organisations and relationships there are, what each asks for and what it grants.

The shipped files are `areas.toml`, `organisations.toml` and `relationships.toml`; `founding.toml` lists what a new
community does first. `load` reads and judges the three together; `own_version` judges a community's own version against
the shipped one. A new kind is a line in a file. What a kind can *mean* (the seven grants, the conditions, the scopes) is
code: a file chooses among them and cannot add one.
"""

from timebank.catalogue.faults import BadCatalogue
from timebank.catalogue.founding import FoundingStep, Skip, founding_steps
from timebank.catalogue.kinds import (
    MEMBER,
    AreaKind,
    Catalogue,
    GrantedRole,
    Group,
    Heard,
    Needs,
    OrganisationKind,
    Private,
    RelationshipKind,
    Scope,
    Side,
    StandIn,
    TargetIs,
    Titles,
    Towards,
)
from timebank.catalogue.loading import Texts, load, shipped, shipped_texts
from timebank.catalogue.versions import InUse, own_version

__all__ = [
    "MEMBER",
    "AreaKind",
    "BadCatalogue",
    "Catalogue",
    "FoundingStep",
    "GrantedRole",
    "Group",
    "Heard",
    "InUse",
    "Needs",
    "OrganisationKind",
    "Private",
    "RelationshipKind",
    "Scope",
    "Side",
    "Skip",
    "StandIn",
    "TargetIs",
    "Texts",
    "Titles",
    "Towards",
    "founding_steps",
    "load",
    "own_version",
    "shipped",
    "shipped_texts",
]
