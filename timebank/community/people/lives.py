"""Moved, left, back again: what one person at the desk says by themselves; days away are `relationships.away`."""

from __future__ import annotations

import json
from dataclasses import replace

from timebank.access import Actor, Facts, sees
from timebank.community import relating
from timebank.community.people import ending
from timebank.community.place_names import resolved
from timebank.community.seconding import staff_of
from timebank.context import Context
from timebank.errors import NotFound, WrongMoment
from timebank.rules.people.by_two import ChangeState
from timebank.rules.relationships import EndReason, Life, Relationship, Sort, member
from timebank.rules.relationships.ending import ended
from timebank.rules.relationships.moving import after_moving, all_ended
from timebank.store.identity import sessions
from timebank.store.members import people, record_changes
from timebank.store.members.people import Member
from timebank.store.members.record_changes import ChangeKind, RecordChange
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.relations import relationships


class StillHere(WrongMoment):
    """The step is for somebody who has left."""

    code = "still_here"
    zh, en = "这一位还在社区，不用办“回来”。", "This person is still with the community."


class NotHere(WrongMoment):
    """The step is for somebody who takes part."""

    code = "not_here"
    zh, en = "这一位已经离开或不在了。", "This person has left or is no longer with us."


async def record_of(ctx: Context, actor: Actor, uid: str, operation: str) -> Member:
    """The member row; NotFound for anybody whom this person may not do this for."""
    row = await people.member(ctx.engine, uid)
    if row is None or row.life is Life.ERASED:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
    return row


async def move(ctx: Context, actor: Actor, uid: str, *, area: str, address: str) -> list[Relationship]:
    """A new door inside the community; what remains to be asked: duties that no longer fit where they live.

    Raises:
        NotFound; NotHere. BadField: no such place in this community.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "MoveMember")
        if row.life is not Life.ACTIVE:
            raise NotHere()
        place = await areas.area(ctx.engine, await resolved(ctx, row.community, area) or row.community)
        assert place is not None, "the community's own place stands as long as it does"
        person = await people.person(ctx.engine, uid)
        await people.save_member(ctx.engine, replace(row, area=place.code))
        await people.save_person(ctx.engine, replace(person, address=address))
        change = RecordChange(
            uid=ctx.ids.uid("V"), community=row.community, kind=ChangeKind.MOVE, member=uid, on_date=ctx.today(),
            state=ChangeState.DONE, entered_by=actor.uid, entered_at=ctx.now(),
            kept=json.dumps({"from": row.area, "to": place.code}),
        )  # fmt: skip
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "move_member", object=uid)
    return await asked_after_moving(ctx, uid)


async def asked_after_moving(ctx: Context, uid: str) -> list[Relationship]:
    """Duties that want their holder to live somewhere else than they do now: each is ended or kept, at the desk."""
    row = await people.member(ctx.engine, uid)
    place = await areas.area(ctx.engine, row.area) if row else None
    if row is None or place is None:
        return []
    related = await ending.all_of(ctx, uid)
    helpers = {
        one.holder.code for one in related if one.target == member(uid) and one.holder.sort is Sort.MEMBER
    }
    for helper in sorted(helpers):
        related += await relationships.held_by(ctx.engine, member(helper))
    codes = {one.target.code for one in related if one.target.sort is Sort.AREA}
    paths = {code: found.path for code in sorted(codes) if (found := await areas.area(ctx.engine, code))}
    known = [one for one in related if one.target.sort is not Sort.AREA or one.target.code in paths]
    asked = after_moving(
        ctx.catalogue_of(row.community), dict.fromkeys(known), uid=uid, path=place.path, place_paths=paths
    )
    return [one.relationship for one in asked]


async def end_duty(ctx: Context, actor: Actor, uid: str, *, relationship: str) -> None:
    """A duty that no longer fits where somebody lives comes to its end; the other side is told.

    Raises:
        NotFound: it is none of those that are asked about.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "MoveMember")
        asked = {one.uid: one for one in await asked_after_moving(ctx, uid)}
        if relationship not in asked:
            raise NotFound()
        one = asked[relationship]
        kind = ctx.catalogue_of(row.community).relationships[one.kind]
        done = ended(kind, one, reason=EndReason.MOVED, by=actor.uid, on=ctx.today())
        await relating.carry_out(ctx, actor, [done], community=row.community, about=uid)
        await audit.note(ctx, actor, "end_duty", object=relationship)


async def leave(ctx: Context, actor: Actor, uid: str, *, moved: bool) -> None:
    """They go from the community: sign-ins and duties end, what was promised is looked for anew; hours stay in the book.

    Raises:
        NotFound; NotHere. LastWorker: nobody who can sign in would be left to run the community.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "MemberLeaves")
        if row.life is not Life.ACTIVE:
            raise NotHere()
        related = await ending.all_of(ctx, uid)
        staff = await sessions.with_password(ctx.engine, await staff_of(ctx, row.community))
        reason = EndReason.MOVED if moved else EndReason.RESIGNED
        done = all_ended(
            ctx.catalogue_of(row.community), related, party=member(uid), reason=reason, by=actor.uid,
            on=ctx.today(), staff=staff,
        )  # fmt: skip
        await ending.undo_promises(ctx, actor, row)
        await relating.carry_out(ctx, actor, done, community=row.community, about=uid)
        await ending.end_access(ctx, actor, uid)
        await people.save_member(
            ctx.engine, replace(row, life=Life.LEFT, life_since_on=ctx.today(), household="")
        )
        change = RecordChange(
            uid=ctx.ids.uid("V"), community=row.community, kind=ChangeKind.LEAVE, member=uid, on_date=ctx.today(),
            state=ChangeState.DONE, entered_by=actor.uid, entered_at=ctx.now(),
        )  # fmt: skip
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "member_leaves", object=uid, reason=reason.value)


async def take_back(ctx: Context, actor: Actor, uid: str) -> None:
    """Somebody who had left takes part again; duties and sign-ins are given anew.

    Raises:
        NotFound; StillHere: they have not left, or have died, which two people take back.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "MemberReturns")
        if row.life is not Life.LEFT:
            raise StillHere()
        await people.save_member(ctx.engine, replace(row, life=Life.ACTIVE, life_since_on=ctx.today()))
        await audit.note(ctx, actor, "member_returns", object=uid)
