"""Relationships begun from files and at founding, where every yes is there already; in the caller's unit of work."""

from __future__ import annotations

from timebank.context import Context
from timebank.rules.relationships import OPERATOR, KnownBy, Party, Relationship, State, Yes
from timebank.rules.relationships.values import Sort
from timebank.store import relationships


async def begin(
    ctx: Context,
    community: str,
    kind: str,
    *,
    holder: Party,
    target: Party,
    by: str,
    known_by: KnownBy = KnownBy.LIST,
    approved_by: str = OPERATOR,
    note: str = "",
) -> bool:
    """In force from today; False when the very same is open already."""
    today = ctx.today()
    open_now = await relationships.held_by(ctx.engine, holder, kinds=(kind,))
    if any(one.target == target for one in open_now):
        return False
    definition = ctx.catalogue_of(community).relationships[kind]
    taken = {one.seat for one in await relationships.held_towards(ctx.engine, target, kinds=(kind,))}
    counted = isinstance(definition.per_target, int) and definition.per_target > 0
    seat = min({*range(1, len(taken) + 2)} - taken) if counted else 0
    yes = Yes(known_by=known_by, by=by, on=today)
    await relationships.add_relationship(
        ctx.engine,
        Relationship(
            uid=ctx.ids.uid("R"), community=community, kind=kind, holder=holder, target=target, since_on=today,
            state=State.IN_FORCE, seat=seat, scope=definition.scope, offered_by=by, holder_yes=yes, target_yes=yes,
            approved_by=approved_by if definition.second else "", note=note,
        ),
    )  # fmt: skip
    return True


def organisation(code: str) -> Party:
    """The end that is a team or a unit."""
    return Party(Sort.ORGANISATION, code)
