"""From a form or a program's body to what is wanted: sides by code, or people by name and number."""

from __future__ import annotations

from collections.abc import Mapping

from timebank.access import Actor
from timebank.catalogue import Side
from timebank.community.relating import Wanted
from timebank.community.relationships.naming import party_of, person_called
from timebank.community.relationships.schemas import OfferIn
from timebank.context import Context
from timebank.errors import BadField
from timebank.rules.relationships import Party


async def people_named(ctx: Context, actor: Actor, said: OfferIn) -> Mapping[Side, Party]:
    """Who was named with a number, by side.

    Raises:
        HolderUnknown, SeveralFit: nobody, or more than one, of that name has that number.
    """
    found: dict[Side, Party] = {}
    for side, name, phone in (
        (Side.HOLDER, said.holder_name, said.holder_phone),
        (Side.TARGET, said.target_name, said.target_phone),
    ):
        if name:
            found[side] = await person_called(ctx, actor.community, name, phone)
    return found


def wanted(said: OfferIn, named: Mapping[Side, Party]) -> Wanted:
    """The same in the words of the rules."""
    return Wanted(
        kind=said.kind,
        holder=named.get(Side.HOLDER) or _side(said.holder, "holder_name"),
        target=named.get(Side.TARGET) or _side(said.target, "target_name"),
        since_on=said.since_on,
        until_on=said.until_on,
        scope=said.scopes,
        holder_yes=said.heard(Side.HOLDER),
        target_yes=said.heard(Side.TARGET),
        note=said.note,
    )


def _side(text: str, field: str) -> Party:
    if not text:
        raise BadField("请写是谁。", "Please say who.", field=field)
    return party_of(text)
