"""What kinds of help and single lines ask of a helper, in the database; the rules are in `marketplace.requirements`."""

from __future__ import annotations

from datetime import datetime

from marketplace.requirements import Requirement
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, moment


async def save_requirement(engine: Engine, community: str, rule: Requirement, *, at: datetime) -> None:
    """Save a rule, new or changed; one that asks for nothing is dropped."""
    async with engine.atomic():
        if rule.asks_nothing:
            await engine.execute(
                "DELETE FROM mp_requirement WHERE community = ? AND subject = ?", [community, rule.subject]
            )
            return
        await engine.execute(
            "INSERT INTO mp_requirement (community, subject, document, changed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (community, subject) DO UPDATE SET document = excluded.document, "
            "changed_at = excluded.changed_at",
            [community, rule.subject, dumps(rule), moment(at)],
        )


async def requirements(engine: Engine, community: str) -> dict[str, Requirement]:
    """Every rule of a community by its subject."""
    rows = await engine.fetch(
        "SELECT document FROM mp_requirement WHERE community = ? ORDER BY subject", [community]
    )
    return {one.subject: one for one in (loads(Requirement, row["document"]) for row in rows)}
