"""People as the desk sees them: cards, search, mandates. Every private card that is read leaves a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.ages import Minority, minor
from marketplace.phones import read_phone
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.relationships import Party, Sort
from timebank.store import ages, areas, audit, people, phones, relationships, services

HELPS_SHOWN = 3
FOUND_MAX = 60


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
    helps: tuple[Any, ...] = ()
    proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line of the desk's list of people."""

    uid: str
    number: str
    name: str
    called: str
    area: str
    minor: bool


async def card(ctx: Context, actor: Actor, uid: str, operation: str, *, log: bool = True) -> Card:
    """The private card of one person of the desk's community; NotFound for anybody else."""
    row = await people.member(ctx.engine, uid)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
    if log:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=uid, reason=operation)
    person = await people.person(ctx.engine, uid)
    places = {area.code: area.name for area in await areas.areas(ctx.engine, row.community)}
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


async def by_phone(ctx: Context, actor: Actor, phone: str, operation: str) -> list[Card]:
    """Everybody of the community who gave this phone, in its normal form."""
    sees(actor, operation, Facts(community=actor.community))
    rows = await phones.cards_by_number(ctx.engine, actor.community, phone)
    return [await card(ctx, actor, row.uid, operation) for row in rows]


async def everybody(ctx: Context, actor: Actor, operation: str) -> list[Found]:
    """Members of the desk's community by number and name."""
    sees(actor, operation, Facts(community=actor.community))
    places = {area.code: area.name for area in await areas.areas(ctx.engine, actor.community)}
    cards = [card for card in await people.roster(ctx.engine, actor.community) if card.name]
    home = await people.areas_of(ctx.engine, [card.uid for card in cards])
    facts = await ages.ages_of(ctx.engine, [card.uid for card in cards])
    return [
        Found(
            uid=card.uid,
            number=card.number,
            name=card.name,
            called=card.called,
            area=places.get(home[card.uid], "") if home[card.uid] != actor.community else "",
            minor=minor(facts.get(card.uid, ()), ctx.today()) is Minority.YES,
        )
        for card in cards
    ]


async def search(ctx: Context, actor: Actor, q: str, operation: str) -> list[Found]:
    """Members whose number, whole phone, or a part of whose name is `q`; all of them for nothing."""
    rows = await everybody(ctx, actor, operation)
    wanted = q.strip()
    if not wanted:
        return rows
    phone = read_phone(wanted).number
    with_phone = {card.uid for card in await phones.cards_by_number(ctx.engine, actor.community, phone)}
    return [
        row
        for row in rows
        if row.uid in with_phone
        or wanted in (row.number, row.uid)
        or wanted in row.name
        or wanted in row.called
    ][:FOUND_MAX]


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
    kinds = tuple(
        kind.code
        for kind in ctx.catalogue_of("").relationships.values()
        if any(grant.role == Role.PROXY for grant in kind.grants)
    )
    found = await relationships.held_towards(ctx.engine, Party(Sort.MEMBER, elder), kinds=kinds, closed=True)
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
