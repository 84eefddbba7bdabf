"""Needs as the app asks for them: by the person they belong to, and with the word whether they are still on the list.

The lines themselves live in `marketplace.store`; here they are joined to what the app knows of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace import store as lists
from marketplace.values import Need
from timebank.context import Engine


@dataclass(frozen=True, slots=True)
class Filed:
    """A need with the word whether it is still on the list."""

    need: Need
    is_open: bool


async def filed(engine: Engine, community: str, key: str) -> Filed | None:
    """One need with its private parts, for the people named on its card; None when this community has no such line."""
    need = await lists.need_private(engine, community, key)
    if need is None:
        return None
    rows = await engine.fetch(
        "SELECT stage FROM mp_need WHERE community = ? AND line_key = ?", [community, key]
    )
    return Filed(need, rows[0]["stage"] == "open")


async def filed_by(engine: Engine, community: str, owner: str, *, open_only: bool = False) -> list[Filed]:
    """Needs of one owner as they said them, oldest first: for their own pages, their proxies' and their page at the desk."""
    found = await lists.needs_private(engine, community, owner, open_only=open_only)
    return [Filed(one.need, one.is_open) for one in found]
