"""People as the desk sees them: cards, search, mandates. Every private card that is read leaves a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marketplace.text import read_phone
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.store import audit, members, services

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


async def card(ctx: Context, actor: Actor, uid: str, operation: str, *, log: bool = True) -> Card:
    """The private card of one person of the desk's community; NotFound for anybody else."""
    row = await members.member(ctx.engine, uid)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row["community"], owners=frozenset({uid})))
    if log:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_private_card", object=uid, reason=operation)
    person = await members.person(ctx.engine, uid)
    areas = {area["code"]: area["name"] for area in await members.areas(ctx.engine, row["community"])}
    helps = await services.services(ctx.engine, row["community"], recipient=uid)
    standing = [one for one in await mandates(ctx, uid) if one["in_force"]]
    return Card(
        uid=uid,
        name=person["name"],
        called=person["called"] or person["name"],
        phone=person["phone"],
        address=person["address"],
        area=areas.get(row["area"], ""),
        number=row["number"],
        health_note=person.get("health_note", ""),
        helps=tuple(reversed(helps))[:HELPS_SHOWN],
        proxies=tuple(one["name"] for one in standing),
    )


async def by_phone(ctx: Context, actor: Actor, phone: str, operation: str) -> list[Card]:
    """Everybody of the community who gave this phone, in its normal form."""
    sees(actor, operation, Facts(community=actor.community))
    rows = await members.by_phone(ctx.engine, actor.community, phone)
    return [await card(ctx, actor, row["uid"], operation) for row in rows]


async def everybody(ctx: Context, actor: Actor, operation: str) -> list[dict[str, Any]]:
    """Members of the desk's community by number and name: uid, number, name, called, area."""
    sees(actor, operation, Facts(community=actor.community))
    areas = {area["code"]: area["name"] for area in await members.areas(ctx.engine, actor.community)}
    rows = await members.people(ctx.engine, actor.community)
    shown = ("uid", "number", "name", "called", "minor")
    return [
        {**{name: row[name] for name in shown}, "area": areas.get(row["area"], "")}
        for row in rows
        if row["name"]
    ]


async def search(ctx: Context, actor: Actor, q: str, operation: str) -> list[dict[str, Any]]:
    """Members whose number, whole phone, or a part of whose name is `q`; all of them for nothing."""
    rows = await everybody(ctx, actor, operation)
    wanted = q.strip()
    if not wanted:
        return rows
    phone = read_phone(wanted).normal
    with_phone = (
        {row["uid"] for row in await members.by_phone(ctx.engine, actor.community, phone)} if phone else set()
    )
    return [
        row
        for row in rows
        if row["uid"] in with_phone
        or wanted in (row["number"], row["uid"])
        or wanted in row["name"]
        or wanted in (row["called"] or "")
    ][:FOUND_MAX]


async def mandates(ctx: Context, elder: str) -> list[dict[str, Any]]:
    """Who may act for an elder: uid, proxy, name, relation, until_on, in_force; newest first."""
    rows = await members.mandates_for(ctx.engine, elder)
    names = await members.names(ctx.engine, [row["proxy"] for row in rows])
    today = ctx.today()
    return [
        {
            **row,
            "name": names.get(row["proxy"], ""),
            "in_force": row["revoked_at"] is None and (row["until_on"] is None or row["until_on"] >= today),
        }
        for row in rows
    ]
