"""Whose a line of the lists is, who claims it and whose turn it is: what an owner's word stands for, and its name.

The marketplace keeps an owner as an opaque word. In the app it is a member's uid or an organisation's code; "" says that
the line is the office's own, and the office claims as `OFFICE`. Names are looked up when a page is made: a unit that is
renamed keeps its lines, and two of one name never share them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.store.engine import DurableEngine
from timebank.store.members import people
from timebank.store.places import communities
from timebank.store.relations import parties

OFFICE = "office"
"""The community's own desk, where it claims something for others."""


async def names_of_bodies(engine: DurableEngine, community: str, owners: Iterable[str]) -> dict[str, str]:
    """owner -> name, of organisations and of the office; people are left out, so a public page may show it."""
    wanted = set(owners)
    found = await parties.names_of_organisations(engine, wanted)
    if wanted & {"", OFFICE}:
        desk = await communities.community(engine, community)
        found |= dict.fromkeys(wanted & {"", OFFICE}, desk.name if desk else "")
    return found


async def names_of_owners(engine: DurableEngine, community: str, owners: Iterable[str]) -> dict[str, str]:
    """owner -> name, people among them: for the desk, and for whoever answers a claim."""
    wanted = sorted(set(owners))
    return {**await people.names(engine, wanted), **await names_of_bodies(engine, community, wanted)}
