"""A new organisation: one that a list names and nobody knew, or one that the office enters; in the caller's unit of work."""

from __future__ import annotations

import re

from timebank.context import Context
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, Organisation

_PREFIX = {TEAM: "T"}
# The office itself goes by these names on its own lists; it is no partner of itself.
_OFFICE = re.compile(
    r"^(?:.{0,6}社区|社区居委会|.{0,8}居委会|居委会|党群服务中心|服务台|community(?: office)?)$",
    re.IGNORECASE,
)


def is_office(name: str) -> bool:
    """Whether a list means the community's own office by this name."""
    return bool(_OFFICE.match(name))


async def found_organisation(
    ctx: Context,
    community: str,
    *,
    kind: str,
    name: str,
    subkind: str = "",
    area: str = "",
    above: Organisation | None = None,
) -> Organisation:
    """A new organisation of one community; at the community's own place and under no other one when nothing is said."""
    return await organisations.add_organisation(
        ctx.engine,
        Organisation(
            code=ctx.ids.uid(_PREFIX.get(kind, "U")),
            community=community,
            kind=kind,
            subkind=subkind[:40],
            name=name[:80],
            area=area or community,
            since_on=ctx.today(),
        ),
        above=above,
    )
