"""Cards for whoever has no telephone: who still needs one, a sheet of them to print, and one that is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timebank.access import Actor, Facts, sees
from timebank.community import cards
from timebank.community.identity.flow import new_card
from timebank.context import Context
from timebank.errors import BadField, NotFound, WrongMoment
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.identity import sessions
from timebank.store.members import cards as store
from timebank.store.members import people
from timebank.store.members.cards import WithoutPhone
from timebank.store.oversight import audit
from timebank.store.places import areas

CARDS_PER_SHEET = 8
"""Cards of one printing; four of them, each an A6, fit on a sheet of A4."""


class NoCard(WrongMoment):
    """There is no card to revoke."""

    code = "no_card"
    zh, en = "这一位没有卡。", "This person has no card."


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A card to print: whose, and the token that it carries, shown this once."""

    member: str
    name: str
    number: str
    secret: str

    @property
    def typed(self) -> str:
        """The token in fours, for a telephone that cannot read the square."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class CardList:
    """A page of people without a telephone, and how many there are in all.

    Attributes:
        uncovered: how many have neither card nor proxy. following: where the next page begins, "" on the last one.
        places: area -> its name. proxies: uid -> name.
    """

    people: tuple[WithoutPhone, ...]
    following: str
    everybody: int
    uncovered: int
    places: Mapping[str, str]
    proxies: Mapping[str, str]


async def issue_cards(ctx: Context, actor: Actor, members: Sequence[str]) -> list[Issued]:
    """A new card for each of these members, to be printed together and shown this once; earlier cards of theirs end.

    Raises:
        NotFound: one of them is not of the worker's community. BadField: nobody, or more than fit on a sheet.
    """
    wanted = list(dict.fromkeys(members))
    if not 1 <= len(wanted) <= CARDS_PER_SHEET:
        raise BadField(
            f"一次印1到{CARDS_PER_SHEET}张卡，请勾选。",
            f"Tick 1 to {CARDS_PER_SHEET} people: that many are printed at a time.",
            field="member",
        )
    made = []
    async with ctx.engine.atomic():
        for uid in wanted:
            row = await people.member(ctx.engine, uid)
            if row is None or row.life is not Life.ACTIVE:
                raise NotFound()
            sees(actor, "PrintCards", Facts(community=row.community, owners=frozenset({uid})))
            made.append((uid, await new_card(ctx, actor, uid)))
            await audit.note(ctx, actor, "issue_card", object=uid)
            await news.put(ctx, community=row.community, member=uid, kind="code_issued", pressed_by=actor.uid)
    named = await people.cards(ctx.engine, wanted)
    return [
        Issued(member=uid, name=named[uid].says, number=named[uid].number, secret=secret)
        for uid, secret in made
    ]


async def printed(ctx: Context, member: str, secret: str) -> Issued:
    """A card that was just made, for printing."""
    named = (await people.cards(ctx.engine, [member]))[member]
    return Issued(member=member, name=named.says, number=named.number, secret=secret)


async def revoke_card(ctx: Context, actor: Actor, member: str) -> None:
    """A lost card opens nothing from now on, nor does any sign-in that it made.

    Raises:
        NotFound: no such member in the worker's community. NoCard: they have none.
    """
    async with ctx.engine.atomic():
        row = await people.member(ctx.engine, member)
        if row is None:
            raise NotFound()
        sees(actor, "RevokeCard", Facts(community=row.community, owners=frozenset({member})))
        if not await sessions.end_card(ctx.engine, member):
            raise NoCard()
        await audit.note(ctx, actor, "revoke_card", object=member)


async def without_phone(ctx: Context, actor: Actor, *, after: str = "", missing: bool = False) -> CardList:
    """A page of everybody who asks and has no telephone of their own, by where they live."""
    sees(actor, "CardsHome", Facts(community=actor.community))
    at = cards.moment(ctx)
    everybody, uncovered = await store.counted(ctx.engine, actor.community, at)
    page, following = await store.without_phone(ctx.engine, actor.community, at, after=after, missing=missing)
    places = {area.code: area.name for area in await areas.areas(ctx.engine, actor.community)}
    return CardList(
        people=tuple(page), following=following, everybody=everybody, uncovered=uncovered,
        places={code: name for code, name in places.items() if code != actor.community},
        proxies=await people.names(ctx.engine, [one.proxy for one in page if one.proxy]),
    )  # fmt: skip
