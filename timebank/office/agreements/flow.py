"""Use cases of co-building agreements: drafted by the desk, signed by each side, turned into lines, ended, renewed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from marketplace import agreements as rules
from marketplace import store as lists
from marketplace.agreements import COMMUNITY, Agreement, Direction, PledgedItem, Standing
from marketplace.claims import Stage
from marketplace.errors import NothingAgreed, UnknownItem
from marketplace.store.lines import Which
from marketplace.values import Resource
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import BadField, BadFields, NotAllowed, NotFound
from timebank.office.agreements import items
from timebank.office.agreements.items import Pledge
from timebank.store.channels import news
from timebank.store.oversight import audit
from timebank.store.relations import organisations, rosters
from timebank.store.relations.organisations import Organisation

REASON_LENGTH_MAX = 120


async def draft(
    ctx: Context, actor: Actor, *, title: str, units: Sequence[str], first_on: date, last_on: date
) -> Agreement:
    """A new draft without items; nobody has signed it.

    Raises:
        BadFields: a unit that is not on record here or may not sign, or a term that ends before it begins.
    """
    async with ctx.engine.atomic():
        sees(actor, "DraftAgreement", Facts(community=actor.community))
        chosen = list(dict.fromkeys(units))
        wrong = _wrong_term(first_on, last_on)
        known = {one.code for one in await may_sign(ctx, actor.community)}
        if not chosen or not set(chosen) <= known:
            wrong.append(
                BadField("请选登记过的单位。", "Please choose units that are on record.", field="units")
            )
        if wrong:
            raise BadFields(tuple(wrong))
        made = Agreement(
            uid=ctx.ids.uid("G"), title=title, units=tuple(chosen), first_on=first_on, last_on=last_on
        )
        await lists.save_agreement(ctx.engine, actor.community, made, at=ctx.now())
        await audit.note(ctx, actor, "draft_agreement", object=made.uid)
    return made


async def revise(
    ctx: Context, actor: Actor, uid: str, *, title: str, first_on: date, last_on: date
) -> Agreement:
    """A draft with another name or term; whoever had signed has to sign again.

    Raises:
        NotFound; AlreadyAgreed, AgreementDropped; BadFields: a term that ends before it begins, or before an item is due.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "ReviseAgreement")
        wrong = _wrong_term(first_on, last_on)
        if any(not first_on <= item.due_on <= last_on for item in before.items):
            wrong.append(
                BadField(
                    "有的事项不在这个期限以内，请先改事项。",
                    "An item would be due outside this term; change the item first.",
                    field="last_on",
                )
            )
        if wrong:
            raise BadFields(tuple(wrong))
        return await _changed(
            ctx,
            actor,
            uid,
            "revise_agreement",
            rules.revise(before, title=title, first_on=first_on, last_on=last_on),
        )


async def add_item(ctx: Context, actor: Actor, uid: str, pledge: Pledge) -> Agreement:
    """A draft with one more item; whoever had signed has to sign again. The same item typed twice stands there once.

    Raises:
        NotFound; AlreadyAgreed, AgreementDropped; BadFields: something was not understood.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "ReviseAgreement")
        body = await organisations.organisation(ctx.engine, pledge.unit)
        item, wrong = await items.read(ctx, before, pledge, body)
        if item is None:
            raise BadFields(wrong)
        if any(replace(one, key=item.key) == item for one in before.items):
            return before
        return await _changed(
            ctx, actor, uid, "add_agreement_item", rules.revise(before, items=(*before.items, item))
        )


async def drop_item(ctx: Context, actor: Actor, uid: str, key: str) -> Agreement:
    """A draft without an item; whoever had signed has to sign again.

    Raises:
        NotFound; UnknownItem; AlreadyAgreed, AgreementDropped.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "ReviseAgreement")
        left = tuple(item for item in before.items if item.key != key)
        if len(left) == len(before.items):
            raise UnknownItem(key=key)
        return await _changed(ctx, actor, uid, "drop_agreement_item", rules.revise(before, items=left))


async def sign(ctx: Context, actor: Actor, uid: str, *, party: str) -> Agreement:
    """The actor's own signature for their side: a worker's for the community, a contact's for their unit.

    Signing again changes nothing. With the last signature every item becomes a line of its list.

    Raises:
        NotFound; NotAllowed: it is the other side's to sign.
        NothingAgreed, TermOver, SameHand, AgreementDropped: as named.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "SignAgreement")
        _own_side(actor, party)
        if any(one.party == party and one.by == actor.uid for one in before.signatures):
            return before
        return await _signed(ctx, actor, before, party=party, by=actor.uid, on=ctx.today())


async def record_signature(ctx: Context, actor: Actor, uid: str, *, unit: str, on: date) -> Agreement:
    """A unit's signature on paper, written down by the desk with its day; nobody signs for the other side.

    Raises:
        NotFound; BadFields: a day that is still to come.
        UnknownUnit, SignedTwice, NothingAgreed, TermOver, AgreementDropped: as named.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "RecordSignature")
        if unit == COMMUNITY:
            raise NotAllowed(
                "社区这一方由工作人员自己在页面上签。", "A worker signs for the community on the page."
            )
        if on > ctx.today():
            raise BadFields((BadField("这一天还没有到。", "This day is still to come.", field="signed_on"),))
        same = [one for one in before.signatures if one.party == unit and one.on_paper and one.on == on]
        if same:
            return before
        return await _signed(ctx, actor, before, party=unit, by="", on=on, recorded_by=actor.uid)


async def end(ctx: Context, actor: Actor, uid: str, *, reason: str) -> Agreement:
    """An agreement ended from today on, or a draft dropped; what was kept until then stays. Ended twice is ended once.

    The lines that were made for it are over with it; one that stood on its list before goes on without the agreement.

    Raises:
        NotFound; EndedWithoutReason; NotInForce: its term is over already.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "EndAgreement")
        if before.ended_on is not None:
            return before
        if before.signed_on is None:
            return await _changed(
                ctx, actor, uid, "drop_agreement", rules.drop(before, on=ctx.today(), reason=reason)
            )
        after = await _changed(
            ctx, actor, uid, "end_agreement", rules.end(before, on=ctx.today(), reason=reason.strip())
        )
        await _end_lines(ctx, actor, after)
        await _tell(ctx, after, "agreement_ended", but=actor.uid)
    return after


async def renew(ctx: Context, actor: Actor, uid: str, *, first_on: date, last_on: date) -> Agreement:
    """A new draft of the same items for another term; asked for twice, it is the same draft.

    Raises:
        NotFound; NotInForce: never agreed on; BadFields: a term that ends before it begins.
    """
    async with ctx.engine.atomic():
        before = await loaded(ctx, actor, uid, "RenewAgreement")
        for one in await lists.agreements(ctx.engine, actor.community):
            if one.follows == uid and one.standing(ctx.today()) is not Standing.DROPPED:
                return one
        if wrong := _wrong_term(first_on, last_on):
            raise BadFields(tuple(wrong))
        made = rules.renewed(before, uid=ctx.ids.uid("G"), first_on=first_on, last_on=last_on)
        await lists.save_agreement(ctx.engine, actor.community, made, at=ctx.now())
        await audit.note(ctx, actor, "renew_agreement", object=made.uid, reason=uid)
    return made


async def loaded(ctx: Context, actor: Actor, uid: str, operation: str) -> Agreement:
    """An agreement with what was kept of it so far; NotFound when there is none here, or it is not theirs."""
    found = await lists.agreement(ctx.engine, actor.community, uid) if actor.community else None
    if found is None:
        raise NotFound()
    sees(actor, operation, facts_of(actor, found))
    done = await lists.claims(ctx.engine, actor.community, stages=(Stage.DONE,))
    return rules.with_claims(found, done, zone=ctx.zone)


def facts_of(actor: Actor, agreement: Agreement) -> Facts:
    """Whose it is: of the reader's own unit where that is a party, else of the first."""
    mine = [unit for unit in agreement.units if unit in actor.units]
    return Facts(community=actor.community, unit=(mine or list(agreement.units))[0])


async def may_sign(ctx: Context, community: str) -> list[Organisation]:
    """Units, teams and others here that may sign agreements in their own name, by kind and name."""
    kinds = ctx.catalogue_of(community).organisations
    found = await organisations.organisations(ctx.engine, community)
    return sorted(
        (one for one in found if one.kind in kinds and kinds[one.kind].signs),
        key=lambda one: (one.kind, one.name),
    )


def _own_side(actor: Actor, party: str) -> None:
    """Refuse a signature for the other side."""
    own = actor.has(Role.WORKER) if party == COMMUNITY else party in actor.units
    if not own or actor.acting_for:
        raise NotAllowed("各方自己签自己的字。", "Each side signs for itself.")


async def _signed(
    ctx: Context, actor: Actor, before: Agreement, *, party: str, by: str, on: date, recorded_by: str = ""
) -> Agreement:
    if not before.items:
        raise NothingAgreed()
    after = await lists.change_agreement(
        ctx.engine,
        actor.community,
        before.uid,
        lambda one: rules.sign(one, party=party, by=by, on=on, recorded_by=recorded_by),
        at=ctx.now(),
    )
    await audit.note(
        ctx, actor, "sign_agreement" if by else "record_signature", object=after.uid, reason=party
    )
    if after.signed_on is None:
        await _tell(ctx, after, "agreement_to_sign", but=actor.uid, only=_missing(after))
        return after
    after = await _with_lines(ctx, actor, after)
    await _tell(ctx, after, "agreement_in_force", but=actor.uid)
    return after


async def _with_lines(ctx: Context, actor: Actor, agreement: Agreement) -> Agreement:
    """The agreement with a line of a list for each item; what stands on a list already is that line, as it is."""
    engine, community, at = ctx.engine, actor.community, ctx.now()
    bodies = await organisations.organisations_by_code(engine, agreement.units)
    made = []
    for item in agreement.items:
        line, _doubts, _firm = await items.line_of(ctx, agreement, item, bodies[item.unit])
        key = item.line_key or (line.line_key if line else "")
        if await lists.kept_line(engine, community, _which(item), key):
            await lists.reopen_line(engine, community, _which(item), key, at=at)
        elif line is not None:
            if isinstance(line, Resource):
                await lists.save_resources(engine, community, [line], at=at)
            else:
                await lists.save_needs(engine, community, [line], at=at)
            await audit.note(ctx, actor, "list_add", object=key)
        made.append(replace(item, line_key=key))
    after = replace(agreement, items=tuple(made))
    await lists.save_agreement(engine, community, after, at=at)
    return after


async def _end_lines(ctx: Context, actor: Actor, agreement: Agreement) -> None:
    """The lines that were made for an agreement are over."""
    engine, community = ctx.engine, actor.community
    for item in agreement.items:
        found = await lists.kept_line(engine, community, _which(item), item.line_key)
        if found is not None and items.made_for(agreement, found.line):
            await lists.end_line(engine, community, _which(item), item.line_key, on=ctx.today(), at=ctx.now())
            await audit.note(ctx, actor, "list_end", object=item.line_key)


def _which(item: PledgedItem) -> Which:
    return "resource" if item.direction is Direction.GIVES else "need"


async def _changed(ctx: Context, actor: Actor, uid: str, action: str, after: Agreement) -> Agreement:
    await lists.save_agreement(ctx.engine, actor.community, after, at=ctx.now())
    await audit.note(ctx, actor, action, object=uid)
    return after


async def _tell(
    ctx: Context, agreement: Agreement, kind: str, *, but: str, only: Iterable[str] | None = None
) -> None:
    """The contacts of its units are told, whoever did it left out."""
    told: set[str] = set()
    bodies = await organisations.organisations_by_code(ctx.engine, agreement.units)
    for unit in agreement.units if only is None else only:
        if unit in bodies:
            cards = await rosters.contacts_of(ctx.engine, unit, ctx.today())
            told |= {card.uid for card in cards}
    community = next(iter(bodies.values())).community
    for uid in sorted(told):
        await news.put(
            ctx, community=community, member=uid, kind=kind, pressed_by=but, agreement=agreement.uid
        )


def _missing(agreement: Agreement) -> list[str]:
    signed = {one.party for one in agreement.signatures}
    return [unit for unit in agreement.units if unit not in signed]


def _wrong_term(first_on: date, last_on: date) -> list[BadField]:
    if last_on >= first_on:
        return []
    return [
        BadField("最后一天要在第一天之后。", "The last day must not lie before the first.", field="last_on")
    ]
