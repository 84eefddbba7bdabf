"""Who may do what, and what they see of it; `registry` is the page an auditor reads from top to bottom.

The guard (`web.guard`) refuses a role that has no grant; the flow that loads the object calls
`sees(actor, use_case, facts)` and gets the field set, or `NotFound`, the same answer as for an object that is not
there.
"""

from timebank.access.deciding import DeclaredTwice, allowed_roles, indexed, sees, use_case
from timebank.access.registry import REGISTRY, UseCase, grants
from timebank.access.words import NOBODY, OFFICES, Actor, Facts, Grant, Reach, Relation, Role, Sees

__all__ = [
    "NOBODY",
    "OFFICES",
    "REGISTRY",
    "Actor",
    "DeclaredTwice",
    "Facts",
    "Grant",
    "Reach",
    "Relation",
    "Role",
    "Sees",
    "UseCase",
    "allowed_roles",
    "grants",
    "indexed",
    "sees",
    "use_case",
]
