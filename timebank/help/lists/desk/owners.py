"""Whose a line is, as the desk names it on a form: the community, an organisation by its code, or a resident by uid."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.names import name_key
from marketplace.values import Need, Resource
from timebank.context import Context
from timebank.errors import BadField
from timebank.rules.relationships import Life
from timebank.store.members import finding, people
from timebank.store.members.finding import Sought
from timebank.store.places import areas
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT, Organisation
from timebank.store.relations.owners import names_of_owners

ORGANISATION, MEMBER = "org", "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a line is.

    Attributes:
        word: how the line itself names its owner; "" for the community.
        kind: unit, team, volunteer or "" for the community.
        name: for the page; subkind: what sort of unit; grid: where a resident lives.
    """

    word: str = ""
    kind: str = ""
    name: str = ""
    subkind: str = ""
    grid: str = ""


def of_organisation(one: Organisation) -> Owner:
    """A unit or a team as the owner of a line."""
    return Owner(word=one.code, kind=one.kind, name=one.name, subkind=one.subkind)


async def chosen(ctx: Context, community: str, typed: str) -> Owner:
    """The owner that a form names as `org:<code>` or `member:<uid>`; the community for "".

    Raises:
        BadField: nobody of the kind is known here.
    """
    sort, _mark, code = typed.partition(":")
    if not typed:
        return Owner()
    if sort == ORGANISATION:
        found = await organisations.organisation(ctx.engine, code)
        if found is not None and found.community in (community, "") and found.kind in (TEAM, UNIT):
            return of_organisation(found)
    if sort == MEMBER:
        member = await people.member(ctx.engine, code)
        if member is not None and member.community == community and member.life is Life.ACTIVE:
            named = await people.names(ctx.engine, [code])
            home = None if member.area == community else await areas.area(ctx.engine, member.area)
            grid = home.name if home else ""
            return Owner(word=code, kind="volunteer", name=named.get(code, ""), grid=grid)
    raise BadField(
        "没有登记过这个单位、服务队或居民。",
        "No unit, team or resident like this is on record.",
        field="whose",
    )


async def is_known(ctx: Context, community: str, typed: str) -> bool:
    """Whether a form names somebody who can own a line here."""
    try:
        await chosen(ctx, community, typed)
    except BadField:
        return False
    return True


async def may_own(ctx: Context, community: str) -> list[tuple[str, str]]:
    """Units and teams for the form to choose from: (`org:<code>`, name), units first."""
    known = [
        *await organisations.organisations(ctx.engine, community, UNIT),
        *await organisations.organisations(ctx.engine, community, TEAM),
    ]
    return [(f"{ORGANISATION}:{one.code}", one.name) for one in known]


async def typed_owner(ctx: Context, community: str, line: Need | Resource) -> str:
    """What the form would have to send to name this line's owner; "" for the community or an unknown body."""
    if not line.owner:
        return ""
    if await people.member(ctx.engine, line.owner):
        return f"{MEMBER}:{line.owner}"
    found = await organisations.organisation(ctx.engine, line.owner)
    return f"{ORGANISATION}:{found.code}" if found else ""


async def names_of(ctx: Context, community: str, words: set[str]) -> dict[str, str]:
    """How owners of lines are called on the desk's pages; whoever is on no record, as the line says."""
    return {word: word for word in words} | await names_of_owners(ctx.engine, community, words)


async def words_meaning(ctx: Context, community: str, typed: str) -> dict[str, tuple[str, ...]]:
    """Each word of a search with the owners whose name it may be: residents by name, bodies by a part of any of theirs."""
    called = await organisations.every_name(ctx.engine, community)
    found: dict[str, tuple[str, ...]] = {}
    for word in typed.split():
        key = name_key(word)
        if not key:
            continue
        cards = await finding.search(ctx.engine, community, Sought(key=key), gone=False)
        named = [one.code for one in called if key in one.name_key]
        found[word] = tuple(dict.fromkeys([*(card.uid for card in cards), *named]))
    return found


async def body_known(ctx: Context, community: str, name: str) -> bool:
    """Whether some unit or team goes by this name."""
    return bool(await organisations.organisations_named(ctx.engine, community, name))
