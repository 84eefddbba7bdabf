"""A person's private card and who may act for them, as the desk sees it; every card that is read leaves a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from timebank.access import Actor, Facts, Role, sees
from timebank.community import recognition
from timebank.community.place_names import labels
from timebank.community.recognition import Known, Maybe, New
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.parts.attendance import Service
from timebank.rules.people.described import Described
from timebank.rules.people.readings import why_of
from timebank.rules.people.recognising import NoteCode, Recognised
from timebank.rules.relationships import Party, Sort
from timebank.store.help import services
from timebank.store.members import people, phones
from timebank.store.members.cards import Moment, counted
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at
from timebank.store.relations import relationships

HELPS_SHOWN = 3
MEANT_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A person's private card; `helps` are the latest services for them, newest first."""

    uid: str
    name: str
    called: str
    phone: str
    address: str
    area: str
    number: str
    health_note: str
    helps: tuple[Service, ...] = ()
    proxies: tuple[str, ...] = ()


async def card(ctx: Context, actor: Actor, uid: str, operation: str, *, log: bool = True) -> Card:
    """The private card of one person of the desk's community; NotFound for anybody else."""
    row = await people.member(ctx.engine, uid)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
    if log:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=uid, reason=operation)
    await looked_at(ctx, actor, [uid], why_of(operation))
    person = await people.person(ctx.engine, uid)
    places = await labels(ctx, [row.area])
    rung = await phones.first_phones(ctx.engine, [uid])
    helps = await services.services(ctx.engine, row.community, recipient=uid)
    standing = [one for one in await mandates(ctx, uid) if one.in_force]
    return Card(
        uid=uid,
        name=person.name,
        called=person.says,
        phone=rung.get(uid, ""),
        address=person.address,
        area=places.get(row.area, "") if row.area != row.community else "",
        number=row.number,
        health_note=person.health_note,
        helps=tuple(reversed(helps))[:HELPS_SHOWN],
        proxies=tuple(one.name for one in standing),
    )


async def meant(ctx: Context, actor: Actor, said: Described, operation: str) -> tuple[Recognised, list[Card]]:
    """Who is described, and the cards of everybody it may be or whose number it is."""
    sees(actor, operation, Facts(community=actor.community))
    found = await recognition.who(ctx, actor.community, said)
    match found:
        case Known():
            uids = [found.uid]
        case Maybe():
            uids = list(found.uids)
        case New():
            # A family shares a phone: whoever else has it is worth a look before somebody is registered.
            shared = [note.uids for note in found.notes if note.code is NoteCode.PHONE_SHARED]
            uids = [uid for some in shared for uid in some]
    return found, [await card(ctx, actor, uid, operation) for uid in uids[:MEANT_MAX]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Who may act for an elder, as the desk sees it."""

    uid: str
    proxy: str
    name: str
    relation: str
    until_on: date | None
    in_force: bool


async def mandates(ctx: Context, elder: str) -> list[Mandate]:
    """Everybody who may or might act for an elder, the newest first."""
    party = Party(Sort.MEMBER, elder)
    found = await relationships.held_towards(ctx.engine, party, kinds=proxy_kinds(ctx), closed=True)
    names = await people.names(ctx.engine, [one.holder.code for one in found])
    return [
        Mandate(
            uid=one.uid,
            proxy=one.holder.code,
            name=names.get(one.holder.code, ""),
            relation=one.note,
            until_on=one.until_on,
            in_force=one.holds_on(ctx.today()),
        )
        for one in reversed(found)
    ]


def proxy_kinds(ctx: Context) -> tuple[str, ...]:
    """Kinds of relationship that let somebody act for a member."""
    return tuple(
        kind.code
        for kind in ctx.catalogue_of("").relationships.values()
        if any(grant.role == Role.PROXY for grant in kind.grants)
    )


def moment(ctx: Context) -> Moment:
    """Now, for asking who has a card or a proxy."""
    return Moment(now=ctx.now(), today=ctx.today(), proxy_kinds=proxy_kinds(ctx))


async def without(ctx: Context, community: str) -> int:
    """How many ask, have no telephone of their own, and have neither a card nor a named proxy."""
    _all, missing = await counted(ctx.engine, community, moment(ctx))
    return missing
