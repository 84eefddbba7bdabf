"""Finding somebody: the list of a community page by page, and the desk's search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.ages import Minority, minor
from marketplace.names import name_key
from marketplace.phones import read_phone
from marketplace.text import narrowed
from timebank.access import Actor, Facts, sees
from timebank.community.place_names import labels
from timebank.context import Context
from timebank.rules.relationships import Life
from timebank.store.members import ages, people
from timebank.store.members import finding as store
from timebank.store.members.finding import Sought
from timebank.store.members.people import Card

_TAIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of the desk's list of people."""

    uid: str
    number: str
    name: str
    called: str
    area: str
    minor: bool
    life: Life


async def everybody(
    ctx: Context, actor: Actor, operation: str, *, after: str = ""
) -> tuple[list[Found], str]:
    """(one page of the desk's community by number, where the next page begins or "")."""
    sees(actor, operation, Facts(community=actor.community))
    cards, following = await store.page_of(ctx.engine, actor.community, after=after)
    return await _shown(ctx, actor.community, cards), following


async def search(ctx: Context, actor: Actor, typed: str, operation: str) -> list[Found]:
    """Whoever a name, a part of it, its sound, a vest number, a phone or its last four digits may mean."""
    sees(actor, operation, Facts(community=actor.community))
    sought = read(typed)
    if sought == Sought():
        return []
    return await _shown(ctx, actor.community, await store.search(ctx.engine, actor.community, sought))


def read(typed: str) -> Sought:
    """What was typed, in every way it can be meant; widths, spaces and dots do not count."""
    word = narrowed(typed)
    digits = word.replace(" ", "").replace("-", "")
    key = name_key(word)
    if digits.removeprefix("+").isdecimal():
        return Sought(
            number=digits, phone=read_phone(word).number, tail=digits if len(digits) == _TAIL else ""
        )
    return Sought(key=key, latin=key if key.isascii() else "", number=word.upper())


async def _shown(ctx: Context, community: str, cards: Sequence[Card]) -> list[Found]:
    uids = [card.uid for card in cards]
    home = await people.areas_of(ctx.engine, uids)
    places = await labels(ctx, sorted(set(home.values())))
    facts = await ages.ages_of(ctx.engine, uids)
    return [
        Found(
            uid=card.uid,
            number=card.number,
            name=card.name or card.says,
            called=card.called,
            area=places.get(home[card.uid], "") if home[card.uid] != community else "",
            minor=minor(facts.get(card.uid, ()), ctx.today()) is Minority.YES,
            life=card.life,
        )
        for card in cards
    ]
