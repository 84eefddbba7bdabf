"""Households: who lives behind one door."""

from __future__ import annotations

from ledger.store.engine import DurableEngine
from timebank.store.members.people import CARD, Card
from timebank.store.rows import add, typed_all
from timebank.store.tables import Household as HouseholdTable


async def add_household(engine: DurableEngine, uid: str, *, community: str, area: str) -> None:
    await add(engine, HouseholdTable, {"uid": uid, "community": community, "area": area})


async def household_of(engine: DurableEngine, household: str) -> list[Card]:
    """Everybody active of one household."""
    if not household:
        return []
    return typed_all(
        Card,
        await engine.fetch(f"{CARD} WHERE m.household = ? AND m.life = 'active' ORDER BY m.uid", [household]),
    )
