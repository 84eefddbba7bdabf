"""Who lives together: a household has no name and no description, it is only the people in it."""

from __future__ import annotations

from dataclasses import replace

from timebank.access import Actor
from timebank.community.people.lives import NotHere, record_of
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, BadField
from timebank.rules.relationships import Life
from timebank.store.members import households as rows
from timebank.store.members import people
from timebank.store.oversight import audit


class TwoHouseholds(AppRefusal):
    """Both live with others already: one of them leaves their household first."""

    status, code = 409, "two_households"
    zh = "两个人已经各在一户里，请先把其中一位移出来。"
    en = "Both are in a household already. Take one of them out first."


async def live_together(ctx: Context, actor: Actor, uid: str, *, other: str) -> None:
    """Both in one household from now on: nobody confirms the hours of somebody they live with.

    Raises:
        NotFound: one of them is not of this community. BadField: one person alone. AlreadyDone. TwoHouseholds. NotHere.
    """
    if uid == other:
        raise BadField("请选另一个人。", "Please choose somebody else.", field="other")
    async with ctx.engine.atomic():
        one = await record_of(ctx, actor, uid, "LiveTogether")
        two = await record_of(ctx, actor, other, "LiveTogether")
        if Life.ACTIVE not in {one.life} & {two.life}:
            raise NotHere()
        if one.household and one.household == two.household:
            raise AlreadyDone()
        if one.household and two.household:
            raise TwoHouseholds()
        home = one.household or two.household
        if not home:
            home = ctx.ids.uid("H")
            await rows.add_household(ctx.engine, home, community=one.community, area=one.area)
        for row in (one, two):
            if row.household != home:
                await people.save_member(ctx.engine, replace(row, household=home))
        await audit.note(ctx, actor, "live_together", object=uid, reason=other)


async def live_apart(ctx: Context, actor: Actor, uid: str) -> None:
    """They live with nobody on record any more."""
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "LiveApart")
        if not row.household:
            raise AlreadyDone()
        await people.save_member(ctx.engine, replace(row, household=""))
        await audit.note(ctx, actor, "live_apart", object=uid)
