"""Use cases of asking for help: each reads load → decide → save → note. What pages show is loaded in `views`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marketplace import store as lists
from marketplace.values import Need, Urgency, When
from timebank.access import Actor, Facts, Role, sees
from timebank.community import recognition
from timebank.community.eligibility import refuse_unhelped
from timebank.community.place_names import resolved
from timebank.community.plan_stale import mark_plan_stale
from timebank.community.recognition import Known, Maybe
from timebank.community.registering import Newcomer, heard_phones, register
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, NotFound, Stale, WrongMoment
from timebank.help.on_the_way import coming, end_need, free_of_nobody, refuse_while_coming
from timebank.help.requests.intake import Asked
from timebank.rules.people.described import Described
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.help import lines
from timebank.store.locks import one_at_a_time
from timebank.store.members import people
from timebank.store.members.people import Member
from timebank.store.oversight import audit
from timebank.store.places import areas


@dataclass(frozen=True, slots=True, kw_only=True)
class NewElder:
    """Somebody who rings for the first time.

    Attributes:
        phone: as typed.
        another: the worker says that it is none of those on record.
    """

    name: str
    called: str = ""
    phone: str = ""
    area: str = ""
    address: str = ""
    another: bool = False

    @property
    def described(self) -> Described:
        """The caller as recognising compares them."""
        return Described(
            name=self.name,
            phones=heard_phones(self.phone),
            area=self.area,
            lineage="telephone",
            file="telephone",
        )


async def open_request(
    ctx: Context, actor: Actor, asked: Asked, *, elder: str, operation: str = "OpenRequest"
) -> Need:
    """A new need on the list, owned by the elder, whoever typed it.

    Raises:
        NotFound: no such elder for this person; NotEligible: the rules here name whom the time bank helps.
    """
    async with ctx.engine.atomic():
        row = await _elder(ctx, actor, elder, operation)
        if not actor.has(Role.WORKER):
            await refuse_unhelped(ctx, row)
        grid = await _grid(ctx, row)

        need = Need(
            line_key=ctx.ids.uid("R"),
            title=asked.title,
            source="resident",
            owner=elder,
            categories=asked.categories,
            place=asked.place(grid),
            when=asked.when,
            quantity=asked.quantity,
            urgency=asked.urgency,
            channel=asked.channel,
            filed_on=ctx.today(),
            private_note=asked.note,
        )
        await lists.save_needs(ctx.engine, row.community, [need], at=ctx.now())
        if need.urgency is Urgency.URGENT:
            await mark_plan_stale(ctx, row.community)

        await audit.note(ctx, actor, "open_request", object=need.line_key)
        await news.put(
            ctx, community=row.community, member=elder, kind="request_opened", pressed_by=actor.uid,
            need=need.line_key,
        )  # fmt: skip
    return need


async def asked_already(ctx: Context, actor: Actor, asked: Asked) -> str:
    """The key of an open request that says all of this since this morning; "" for none.

    A page without scripts that is shown again by Back has a key of its own: the same words for the same hours mean the same.
    """
    today = ctx.today()
    for one in await lines.filed_by(ctx.engine, actor.community, actor.subject, open_only=True):
        need = one.need
        said = (need.title, need.categories, need.when, need.private_note)
        if said == (asked.title, asked.categories, asked.when, asked.note) and need.filed_on == today:
            return need.line_key
    return ""


async def take_call(
    ctx: Context, actor: Actor, asked: Asked, *, member: str = "", new: NewElder | None = None
) -> Need:
    """A need taken down on the telephone, with the caller registered first when they are new: both or neither.

    Raises:
        BadField: nobody was chosen, or somebody of this name and phone is on record already.
    """
    async with ctx.engine.atomic():
        if not member:
            member = await _register(ctx, actor, new)
        return await open_request(ctx, actor, asked, elder=member, operation="TakeCall")


async def edit_request(
    ctx: Context, actor: Actor, key: str, asked: Asked, *, was: Need | None = None
) -> Need:
    """A need corrected by the desk; one with a helper on the way is called off first, not moved under their feet.

    Args:
        was: the need that the correction was made on, to be changed only while it is so; None for any.

    Raises:
        AlreadyDone: it is closed, or somebody comes already. Stale: it is not `was` any more.
    """
    async with ctx.engine.atomic():
        need = await _need_for(ctx, actor, key, "EditNeed")
        if was is not None and need != was:
            raise Stale()
        await refuse_while_coming(ctx, actor.community, key)
        changed = replace(
            need,
            title=asked.title,
            categories=asked.categories,
            place=replace(need.place, text=asked.where),
            when=asked.when,
            quantity=replace(need.quantity, minutes_each=asked.minutes),
            urgency=asked.urgency,
            private_note=asked.note,
        )
        await lists.edit_need(ctx.engine, actor.community, changed, at=ctx.now())
        await audit.note(ctx, actor, "edit_request", object=key)
    return changed


async def change_time(ctx: Context, actor: Actor, key: str, when: When) -> Need:
    """Another time for the same need, by whoever asked; it stands on the list again, and an answer is promised anew.

    A visit that is still without anybody is called off for it; one that somebody comes to is called off by itself first.

    Raises:
        NotFound; AlreadyDone: somebody comes at the old time.
    """
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"need:{actor.community}:{key}")
        found = await lines.filed(ctx.engine, actor.community, key)
        if found is None:
            raise NotFound()
        owners = frozenset({found.need.owner} - {""})
        sees(actor, "ChangeTime", Facts(community=actor.community, owners=owners))
        if found.need.when.recurrences or found.need.when.demand:
            raise WrongMoment(
                "这件事是定期的，要改时间请社区打给您。",
                "This comes again and again: ask the office to ring you for another time.",
            )
        await free_of_nobody(ctx, actor, actor.community, key)
        await refuse_while_coming(ctx, actor.community, key)
        need = await lists.need_private(ctx.engine, actor.community, key) or found.need
        changed = replace(need, when=when, filed_on=ctx.today())
        await lists.reopen_line(ctx.engine, actor.community, "need", key, at=ctx.now())
        await lists.edit_need(ctx.engine, actor.community, changed, at=ctx.now())
        await audit.note(ctx, actor, "change_time", object=key)
    return changed


async def set_owner(ctx: Context, actor: Actor, key: str, *, owner: str) -> Need:
    """A need from a list gets the resident it is for; whoever was on record as its owner is replaced.

    Raises:
        NotFound: no such need or member here. AlreadyDone: it is closed, or somebody comes already.
    """
    async with ctx.engine.atomic():
        need = await _need_for(ctx, actor, key, "SetNeedOwner")
        await refuse_while_coming(ctx, actor.community, key)
        row = await _elder(ctx, actor, owner, "SetNeedOwner")
        place = replace(need.place, grid=need.place.grid or await _grid(ctx, row))
        changed = replace(need, owner=owner, source="resident", place=place)
        await lists.edit_need(ctx.engine, actor.community, changed, at=ctx.now())
        profile = await people.profile(ctx.engine, owner)
        if not profile.asks:
            await people.save_profile(ctx.engine, replace(profile, asks=True))
        await audit.note(ctx, actor, "set_need_owner", object=key, reason=owner)
        await news.put(
            ctx, community=row.community, member=owner, kind="request_opened", pressed_by=actor.uid, need=key
        )
    return changed


async def cancel_request(
    ctx: Context, actor: Actor, key: str, *, reason: str, operation: str = "CancelRequest"
) -> None:
    """The need closed, whoever was to come told, held hours given back.

    Raises:
        NotFound: unknown, or not this person's. AlreadyDone: closed before. WrongMoment: somebody has already come.
    """
    async with ctx.engine.atomic():
        need = await _need_for(ctx, actor, key, operation)
        await end_need(ctx, actor, actor.community, key, owner=need.owner, reason=reason)
        await audit.note(ctx, actor, "cancel_request", object=key)


async def ask_for_call(
    ctx: Context, actor: Actor, *, member: str = "", operation: str = "AskForCall"
) -> None:
    """A line on the desk's call list; asking twice before the call keeps one line.

    Args:
        member: who wants to be rung; "" for whoever's affairs are handled.
    """
    async with ctx.engine.atomic():
        elder = await _elder(ctx, actor, member or actor.subject, operation)
        if await news.waits(ctx.engine, elder.community, elder.uid, "call_me"):
            return
        await news.put(ctx, community=elder.community, member=elder.uid, kind="call_me", by=actor.uid)
        await audit.note(ctx, actor, "ask_for_call", object=elder.uid)


async def _register(ctx: Context, actor: Actor, new: NewElder | None) -> str:
    if new is None or not new.name:
        raise BadField(
            "请先找到这位老人，或者写下姓名登记。",
            "Find the caller first, or write down a name.",
            field="name",
        )
    sees(actor, "TakeCall", Facts(community=actor.community))
    said = new.described
    bench = await recognition.load(ctx, actor.community, [said])
    found = bench.recognise(said)
    if isinstance(found, Maybe) and new.another:
        found = await recognition.answered(ctx, actor.community, bench, said, found, who="", by=actor.uid)
    if isinstance(found, Known):
        raise BadField(
            "这位已经登记过了，请在“查到的人”里选。",
            "This person is on record already; choose them above.",
            field="name",
        )
    if isinstance(found, Maybe):
        zh, en = recognition.why_said(found.why)
        raise BadField(f"{zh}请在“查到的人”里选。", f"{en} Choose above.", field="name")
    uid = await register(
        ctx,
        actor.community,
        Newcomer(
            name=new.name, called=new.called, area=await resolved(ctx, actor.community, new.area), phones=said.phones,
            address=new.address, asks=True, size="elder",
        ),
        recorded_by=actor.uid,
    )  # fmt: skip
    await recognition.keep(ctx, actor.community, said, found, uid, by=actor.uid)
    await audit.note(ctx, actor, "register_elder", object=uid)
    return uid


async def _elder(ctx: Context, actor: Actor, uid: str, operation: str) -> Member:
    row = await people.member(ctx.engine, uid)
    if row is None or row.life is not Life.ACTIVE:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
    return row


async def _need_for(ctx: Context, actor: Actor, key: str, operation: str) -> Need:
    """A need that this person may change and that is not over: on the list, or with somebody on the way."""
    await one_at_a_time(ctx.engine, f"need:{actor.community}:{key}")
    found = await lines.filed(ctx.engine, actor.community, key)
    if found is None:
        raise NotFound()
    sees(actor, operation, Facts(community=actor.community, owners=frozenset({found.need.owner} - {""})))
    if not found.is_open and not await coming(ctx, actor.community, key):
        raise AlreadyDone("这件事已经办完或取消了。", "This is already finished or cancelled.")
    return found.need


async def _grid(ctx: Context, member: Member) -> str:
    """The name of the grid the member lives in, for the public card."""
    if member.area == member.community:
        return ""
    place = await areas.area(ctx.engine, member.area)
    return place.name if place else ""
