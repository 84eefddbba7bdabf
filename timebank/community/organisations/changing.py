"""Organisations made, corrected, called by another name, and ended; each in one unit of work, each noted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from marketplace import store as lists
from marketplace.names import name_key
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Catalogue
from timebank.catalogue.kinds import TOP
from timebank.community import relating
from timebank.community.calling_off import call_off
from timebank.community.organisations.flow import loaded
from timebank.community.organisations.refusals import AlreadyEnded, HoursLeft, NameTaken
from timebank.community.organising import found_organisation
from timebank.community.promises import NO_MORE, end_lines
from timebank.context import Context, team_account
from timebank.errors import BadField
from timebank.rules.parts.attendance import Off, Service, ServiceState
from timebank.rules.places.areas import (
    AnotherCommunity,
    Node,
    ParentClosed,
    ParentSpan,
    UnknownNodeKind,
    WrongArea,
    WrongParent,
    close,
    ids_of,
    judge_organisation,
    move,
)
from timebank.rules.relationships import EndReason
from timebank.rules.relationships.moving import all_ended
from timebank.store.help import services
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.relations import organisations, relationships
from timebank.store.relations.organisations import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the office says of an organisation.

    Attributes:
        area: code of the place where it is at home; "" for the community's own.
        parent: code of the organisation above; "" for none.
    """

    name: str
    brand: str = ""
    subkind: str = ""
    parent: str = ""
    area: str = ""
    opens: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """What ends with an organisation, or stands in the way.

    Attributes:
        relationships: how many open ones have it at either end. shifts: its services still to come.
        below: organisations that stand under it; minutes: what is left on its account. Both stand in the way.
    """

    relationships: int
    shifts: tuple[Service, ...]
    below: tuple[Organisation, ...]
    minutes: int


async def create(ctx: Context, actor: Actor, kind: str, told: Told, *, sure: bool = False) -> Organisation:
    """A new organisation of the actor's community.

    Args:
        sure: another one of that kind goes by the name, and the office says that this is a second one.

    Raises:
        UnknownNodeKind, WrongParent, WrongArea: it cannot stand there; NameTaken: it may be on record already.
    """
    sees(actor, "CreateOrganisation", Facts(community=actor.community))
    async with ctx.engine.atomic():
        catalogue = ctx.catalogue_of(actor.community)
        above = await _parent(ctx, actor.community, told.parent)
        area = told.area or actor.community
        await _judge(ctx, catalogue, actor.community, kind=kind, above=above, area=area)
        if not sure:
            await _refuse_taken(ctx, actor.community, told.name, kind)
        made = await found_organisation(
            ctx, actor.community, kind=kind, name=told.name, subkind=told.subkind, area=area, above=above
        )
        made = replace(made, brand=told.brand, opens=told.opens, phone=told.phone, address=told.address)
        await organisations.save_organisation(ctx.engine, made)
        await audit.note(ctx, actor, "create_organisation", object=made.code, reason=kind)
    return made


async def change(ctx: Context, actor: Actor, code: str, told: Told, *, sure: bool = False) -> Organisation:
    """What the office says of it now; its lines stay its own, and the names it had stay known to the lists.

    Raises:
        AlreadyEnded; WrongParent, WrongArea, AnotherCommunity, ParentClosed: it cannot stand there; NameTaken.
    """
    async with ctx.engine.atomic():
        one = await _standing(ctx, actor, code, "ChangeOrganisation")
        catalogue = ctx.catalogue_of(one.community)
        above = await _parent(ctx, one.community, told.parent)
        area = told.area or one.community
        await _judge(ctx, catalogue, one.community, kind=one.kind, above=above, area=area)
        if not sure and name_key(told.name) != name_key(one.name):
            await _refuse_taken(ctx, one.community, told.name, one.kind, but=code)
        if told.parent != one.parent:
            _judge_move(ctx, catalogue, one, above)
            one = await organisations.move_organisation(ctx.engine, one, above)
        changed = replace(
            one, name=told.name, brand=told.brand, subkind=told.subkind, area=area, opens=told.opens,
            phone=told.phone, address=told.address,
        )  # fmt: skip
        await organisations.save_organisation(ctx.engine, changed)
        await audit.note(ctx, actor, "change_organisation", object=code)
    return changed


async def also_called(ctx: Context, actor: Actor, code: str, name: str) -> None:
    """One more name by which the lists call it; said twice it is the same.

    Raises:
        AlreadyEnded; NameTaken: another one of its kind goes by that name, and the lists could not tell them apart.
    """
    async with ctx.engine.atomic():
        one = await _standing(ctx, actor, code, "NameOrganisation")
        await _refuse_taken(ctx, one.community, name, one.kind, but=code)
        if await organisations.also_called(ctx.engine, code, name):
            await audit.note(ctx, actor, "name_organisation", object=code)


async def hanging(ctx: Context, actor: Actor, code: str) -> Hanging:
    """What would end with it today."""
    return await _hanging(ctx, await _standing(ctx, actor, code, "EndOrganisation"))


async def end(ctx: Context, actor: Actor, code: str) -> Organisation:
    """It ends today: everything towards it is over, its lines leave the lists, its turns are free, its shifts called off.

    Raises:
        AlreadyEnded; StillInUse: another organisation stands below it; HoursLeft: its account still holds hours;
        WrongMoment: somebody has already come to one of its shifts; LastWorker.
    """
    async with ctx.engine.atomic():
        one = await _standing(ctx, actor, code, "EndOrganisation")
        hangs = await _hanging(ctx, one)
        over = close(_node(one), on=ctx.today(), in_use=bool(hangs.below))
        if hangs.minutes:
            raise HoursLeft()
        for service in hangs.shifts:
            await call_off(ctx, actor, service, reason=NO_MORE, off=Off.RELEASED)
        await _end_relationships(ctx, actor, one)
        await end_lines(ctx, actor, one.community, code)
        await lists.drop_turns(ctx.engine, one.community, code)
        assert over.until_on is not None, "a closed node has its last day"
        await organisations.end_organisation(ctx.engine, code, over.until_on)
        await audit.note(ctx, actor, "end_organisation", object=code)
    return replace(one, until_on=over.until_on)


async def _end_relationships(ctx: Context, actor: Actor, one: Organisation) -> None:
    party = relating.organisation(one.code)
    found = await relating.around(ctx, one.community, [party])
    open_ones = [
        *await relationships.held_by(ctx.engine, party),
        *await relationships.held_towards(ctx.engine, party),
    ]
    ended = all_ended(
        found.catalogue, open_ones, party=party, reason=EndReason.CLOSED, by=actor.uid, on=ctx.today(),
        staff=found.staff,
    )  # fmt: skip
    await relating.carry_out(ctx, actor, ended, community=one.community)


async def _hanging(ctx: Context, one: Organisation) -> Hanging:
    party = relating.organisation(one.code)
    held = await relationships.held_by(ctx.engine, party)
    towards = await relationships.held_towards(ctx.engine, party)
    ahead = await services.services(
        ctx.engine, one.community, team=one.code, starts_from=ctx.now(), states=(ServiceState.PLANNED,)
    )
    account, book = team_account(one.code), ctx.book(one.community)
    kept = (await book.balance(account)).available if await book.has_account(account) else 0
    return Hanging(
        relationships=len(held) + len(towards),
        shifts=tuple(ahead),
        below=tuple(await organisations.organisations_below(ctx.engine, one.path)),
        minutes=kept,
    )


async def _standing(ctx: Context, actor: Actor, code: str, operation: str) -> Organisation:
    one = await loaded(ctx, actor, code, operation)
    if one.until_on is not None:
        raise AlreadyEnded()
    return one


async def _parent(ctx: Context, community: str, code: str) -> Organisation | None:
    """The organisation above; one of another community is as good as a wrong one."""
    if not code:
        return None
    above = await organisations.organisation(ctx.engine, code)
    if above is None:
        raise WrongParent(field="parent")
    if above.community not in ("", community):
        raise AnotherCommunity(field="parent")
    return above


async def _judge(
    ctx: Context, catalogue: Catalogue, community: str, *, kind: str, above: Organisation | None, area: str
) -> None:
    place = await areas.area(ctx.engine, area)
    if place is None or place.community != community or place.until_on is not None:
        raise WrongArea(field="area")
    try:
        judge_organisation(
            catalogue.organisations, kind=kind, parent=above.kind if above else TOP, area=place.kind,
            community=community,
        )  # fmt: skip
    except (UnknownNodeKind, WrongParent, WrongArea) as refusal:
        # The form shows the sentence beside the field it is about.
        fields = {UnknownNodeKind: "kind", WrongParent: "parent", WrongArea: "area"}
        raise type(refusal)(field=fields[type(refusal)]) from None
    if above and above.until_on is not None:
        raise ParentClosed(field="parent")


def _judge_move(ctx: Context, catalogue: Catalogue, one: Organisation, above: Organisation | None) -> None:
    """The rules of moving hold for organisations as for places; nothing tells where one stood in earlier years."""
    node = _node(one)
    if above and above.path.startswith(one.path):
        raise WrongParent(field="parent")
    span = ParentSpan(node=node.id, parent=node.parent, since_on=node.since_on)
    move(
        node, _node(above) if above else None, subtree=(), span=span, kinds=catalogue.organisations, on=ctx.today()
    )  # fmt: skip


def _node(one: Organisation) -> Node:
    ids = ids_of(one.path)
    return Node(
        id=ids[-1], code=one.code, kind=one.kind, parent=ids[-2] if len(ids) > 1 else 0, path=one.path,
        community=one.community, since_on=one.since_on or date.min, until_on=one.until_on,
    )  # fmt: skip


async def _refuse_taken(ctx: Context, community: str, name: str, kind: str, *, but: str = "") -> None:
    known = await organisations.organisations_named(ctx.engine, community, name, kind)
    if not name_key(name):
        raise BadField("名字里要有字。", "A name needs letters.", field="name")
    if any(one.code != but for one in known):
        raise NameTaken(field="name")
