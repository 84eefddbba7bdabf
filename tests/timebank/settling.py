"""People, teams and units for tests, written straight to the stores: what a test needs, without the office's steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marketplace.ages import AgeFact, AgeSort
from marketplace.phones import read_phones
from timebank.community.organising import found_organisation
from timebank.community.registering import Newcomer, register
from timebank.community.relating import begin, organisation
from timebank.context import Context
from timebank.rules.relationships import OPERATOR, KnownBy, Party, Sort, member
from timebank.store import organisations
from timebank.store.organisations import Organisation


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
    for kind in kinds:
        await hold(ctx, community, kind, uid, Party(Sort.AREA, community))
    return uid


async def hold(ctx: Context, community: str, kind: str, holder: str, target: Party) -> None:
    """A relationship in force from today."""
    await begin(
        ctx,
        community,
        kind,
        holder=member(holder),
        target=target,
        by=OPERATOR,
        known_by=KnownBy.PAPER,
    )


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


async def mandate(ctx: Context, community: str, *, elder: str, proxy: str) -> None:
    """A proxy in force."""
    await begin(
        ctx, community, "proxy", holder=member(proxy), target=member(elder), by=OPERATOR, known_by=KnownBy.PAPER,
        note="女儿",
    )  # fmt: skip


async def _body(ctx: Context, community: str, kind: str, code: str, name: str, subkind: str) -> None:
    await organisations.add_organisation(
        ctx.engine,
        Organisation(
            code=code, community=community, kind=kind, name=name, subkind=subkind, area=community, since_on=ctx.today()
        ),
    )  # fmt: skip


__all__ = ["found_organisation", "hold", "mandate", "settle", "team", "unit"]
