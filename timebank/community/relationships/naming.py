"""Sides in words: what each is called, found by what a person types, and read back from a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from marketplace import store as lists
from marketplace.categories import default_tree
from marketplace.names import name_key
from marketplace.phones import read_phone
from timebank.catalogue.kinds import CATEGORY, HOUSEHOLD, LINE, MEMBER
from timebank.community import relating
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import Party, Sort, member
from timebank.store.places import areas
from timebank.store.relations import organisations, parties
from timebank.store.relations.parties import Named

FOUND_MAX = 20


def party_of(text: str) -> Party:
    """The side that a form names as `sort:code`; NotFound for anything else."""
    sort, _, code = text.partition(":")
    if sort not in set(Sort) or not code:
        raise NotFound()
    return Party(Sort(sort), code)


def text_of(party: Party) -> str:
    """How a form names a side."""
    return f"{party.sort}:{party.code}"


async def names_of(ctx: Context, community: str, sides: Iterable[Party], lang: str) -> Mapping[Party, str]:
    """What each side is called; personal data where it is a member."""
    by_sort = parties.by_sort(sides)
    found: dict[Party, str] = {}
    for sort, load in (
        (Sort.MEMBER, parties.names_of_members),
        (Sort.ORGANISATION, parties.names_of_organisations),
        (Sort.AREA, parties.names_of_areas),
    ):
        names = await load(ctx.engine, by_sort.get(sort, ()))
        found |= {Party(sort, code): name for code, name in names.items()}
    tree = default_tree()
    for code in by_sort.get(Sort.CATEGORY, ()):
        known = code in tree.categories
        found[Party(Sort.CATEGORY, code)] = (
            tree.label(code, "en" if lang == "en" else "zh") if known else code
        )
    for key in by_sort.get(Sort.LINE, ()):
        need = await lists.need(ctx.engine, community, key)
        found[Party(Sort.LINE, key)] = need.title if need else ""
    houses = by_sort.get(Sort.HOUSEHOLD, [])
    for one in await parties.members_of_households(ctx.engine, houses):
        party = Party(Sort.HOUSEHOLD, one.household)
        names = await parties.names_of_members(ctx.engine, [one.uid])
        found[party] = "、".join(filter(None, (found.get(party, ""), names.get(one.uid, ""))))
    return found


async def find(ctx: Context, community: str, kinds: Iterable[str], q: str, lang: str) -> list[Named]:
    """Sides of these kinds that go by `q`; the desk's own search, so names are shown."""
    wanted, key = set(kinds), name_key(q)
    if not q.strip():
        return []
    found: list[Named] = []
    if wanted & {MEMBER, HOUSEHOLD}:
        cards = await parties.find_members(ctx.engine, community, q, FOUND_MAX)
        ends = await parties.members(ctx.engine, [card.uid for card in cards])
        for card in cards:
            if MEMBER in wanted:
                note = " ".join(filter(None, (card.number, card.called if card.called != card.name else "")))
                found.append(Named(party=member(card.uid), name=card.name, note=note))
            if HOUSEHOLD in wanted and ends[card.uid].household:
                house = Party(Sort.HOUSEHOLD, ends[card.uid].household)
                found.append(Named(party=house, name=card.name, note=HOUSEHOLD))
    if wanted & set(ctx.catalogue_of(community).organisations):
        for body in await organisations.organisations(ctx.engine, community):
            if body.kind in wanted and key in name_key(body.name):
                found.append(
                    Named(party=Party(Sort.ORGANISATION, body.code), name=body.name, note=body.subkind)
                )
    if wanted & set(ctx.catalogue_of(community).areas):
        node = await parties.community_node(ctx.engine, community)
        inside = await areas.areas(ctx.engine, community)
        called = {one.code: one.name for one in inside}
        for place in [*inside, *await areas.areas_above(ctx.engine)]:
            above = not place.community and not (node and node.path.startswith(place.path))
            if place.kind in wanted and not above and key in name_key(place.name):
                kind = ctx.catalogue_of(community).areas[place.kind]
                found.append(
                    Named(
                        party=Party(Sort.AREA, place.code),
                        name=place.name,
                        # Every grid has a building 3: the place above tells them apart.
                        note=" ".join(
                            filter(None, (called.get(place.parent, ""), kind.en if lang == "en" else kind.zh))
                        ),
                    )
                )
    if LINE in wanted:
        for need in await lists.needs(ctx.engine, community):
            if need.becomes and key in name_key(need.title):
                found.append(Named(party=Party(Sort.LINE, need.line_key), name=need.title))
    if CATEGORY in wanted:
        tree = default_tree()
        for code in tree.categories:
            label = tree.label(code, "en" if lang == "en" else "zh")
            if key in name_key(label) or key in name_key(code):
                found.append(Named(party=Party(Sort.CATEGORY, code), name=label))
    return found[:FOUND_MAX]


async def person_called(ctx: Context, community: str, name: str, phone: str) -> Party:
    """The one member of this name with this phone or vest number: whoever asks must know both.

    Raises:
        HolderUnknown: nobody, or the number is another's; SeveralFit: two of one name on one number.
    """
    wanted, number = name_key(name), read_phone(phone).number
    cards = await parties.find_members(ctx.engine, community, phone, FOUND_MAX) if phone.strip() else []
    fitting = [
        card
        for card in cards
        if wanted
        and wanted in (name_key(card.name), name_key(card.called))
        and (number or card.number == phone.strip())
    ]
    if not fitting:
        raise relating.HolderUnknown()
    if len(fitting) > 1:
        raise relating.SeveralFit()
    return member(fitting[0].uid)
