"""People, teams and units for tests, written straight to the stores: what a test needs, without the office's steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from marketplace.ages import AgeFact, AgeSort
from marketplace.phones import read_phones
from timebank.catalogue import Scope
from timebank.community.organising import found_organisation
from timebank.community.registering import Newcomer, register
from timebank.community.relating import organisation
from timebank.context import Context
from timebank.rules.relationships import OPERATOR, KnownBy, Party, Relationship, Sort, State, Yes, member
from timebank.store import rows
from timebank.store.members import ages
from timebank.store.relations import organisations, relationships
from timebank.store.relations.organisations import Organisation
from timebank.store.tables import Password


async def settle(
    ctx: Context,
    community: str,
    name: str,
    *kinds: str,
    phone: str = "",
    minor: bool = False,
    asks: bool = False,
    gives: bool = False,
    **known: Any,
) -> str:
    """Somebody on record who holds these kinds (worker, auditor) towards the community; the uid."""
    said = AgeFact(sort=AgeSort.MINOR_SAID, said_on=ctx.today(), source="test")
    newcomer = Newcomer(
        name=name, phones=read_phones(phone), ages=(said,) if minor else (), asks=asks, gives=gives, **known
    )
    uid = await register(ctx, community, newcomer, recorded_by=OPERATOR)
    if "worker" in kinds:
        # Staff counts who can sign in; nobody needs to know this password.
        password = {"member": uid, "login": f"login-{uid}", "hash": "none"}
        await rows.add(ctx.engine, Password, password)
    for kind in kinds:
        await hold(ctx, community, kind, uid, Party(Sort.AREA, community))
    return uid


async def hold(
    ctx: Context,
    community: str,
    kind: str,
    holder: str,
    target: Party,
    *,
    note: str = "",
    scope: str = "",
    **known: Any,
) -> str:
    """A relationship in force from today, whoever might have had to agree to it; its uid.

    Args:
        scope: words of the kind, with commas between; all of them when left out.
        known: fields of the relationship that are otherwise.
    """
    definition = ctx.catalogue_of(community).relationships[kind]
    same = [
        one
        for one in await relationships.held_by(ctx.engine, member(holder), kinds=(kind,))
        if one.target == target
    ]
    if same:
        return same[0].uid
    taken = {one.seat for one in await relationships.held_towards(ctx.engine, target, kinds=(kind,))}
    yes = Yes(known_by=KnownBy.PAPER, by=OPERATOR, on=ctx.today())
    standing = Relationship(
        uid=ctx.ids.uid("R"), community=community, kind=kind, holder=member(holder), target=target,
        since_on=ctx.today(), state=State.IN_FORCE,
        seat=min({*range(1, len(taken) + 2)} - taken) if definition.per_target else 0,
        scope=tuple(Scope(word) for word in scope.split(",")) if scope else definition.scope,
        offered_by=OPERATOR, holder_yes=yes, target_yes=yes,
        approved_by=OPERATOR if definition.second else "", note=note,
    )  # fmt: skip
    await relationships.add_relationship(ctx.engine, replace(standing, **known))
    return standing.uid


async def of_age(ctx: Context, *uids: str) -> None:
    """They are known to be 18 or older."""
    for uid in uids:
        fact = AgeFact(sort=AgeSort.OF_AGE, said_on=ctx.today(), source="test")
        await ages.add_age(ctx.engine, uid, fact, recorded_by=OPERATOR)


async def team(
    ctx: Context,
    community: str,
    code: str,
    name: str,
    *,
    leader: str = "",
    deputy: str = "",
    people: Iterable[str] = (),
    subkind: str = "",
) -> str:
    """A team with its leader and members; its code."""
    await _body(ctx, community, "team", code, name, subkind)
    for kind, uids in (("leader", [leader]), ("deputy", [deputy]), ("team_member", people)):
        for uid in filter(None, uids):
            await hold(ctx, community, kind, uid, organisation(code))
    return code


async def unit(
    ctx: Context, community: str, code: str, name: str, *, contacts: Iterable[str] = (), subkind: str = ""
) -> str:
    """A partner unit with those who speak for it; its code."""
    await _body(ctx, community, "unit", code, name, subkind)
    for uid in contacts:
        await hold(ctx, community, "unit_contact", uid, organisation(code))
    return code


async def mandate(ctx: Context, community: str, *, elder: str, proxy: str, scope: str = "") -> str:
    """A proxy in force; its uid."""
    return await hold(ctx, community, "proxy", proxy, member(elder), note="女儿", scope=scope)


async def _body(ctx: Context, community: str, kind: str, code: str, name: str, subkind: str) -> None:
    await organisations.add_organisation(
        ctx.engine,
        Organisation(
            code=code, community=community, kind=kind, name=name, subkind=subkind, area=community, since_on=ctx.today()
        ),
    )  # fmt: skip


__all__ = ["found_organisation", "hold", "mandate", "of_age", "settle", "team", "unit"]
