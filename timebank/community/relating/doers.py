"""Who changes a relationship when nobody who is signed in does."""

from __future__ import annotations

from timebank.access import Actor
from timebank.rules.relationships import OPERATOR, SYSTEM


def operator(community: str) -> Actor:
    """Whoever runs the machine, by a command."""
    return Actor(uid=OPERATOR, community=community)


def system(community: str) -> Actor:
    """What happens by itself, such as the end of a term."""
    return Actor(uid=SYSTEM, community=community)
