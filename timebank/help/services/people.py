"""Who is meant by a name and a phone called across a square: a known member, or a new one with just a name."""

from __future__ import annotations

from marketplace.phones import read_phone, read_phones
from marketplace.text import narrowed
from timebank.community.registering import Newcomer, register
from timebank.context import Context
from timebank.errors import BadField, GuardianNeeded
from timebank.store import people, phones, rosters
from timebank.store.people import Card


async def who_came(
    ctx: Context, community: str, *, name: str, phone: str = "", minor: bool = False, team: str = ""
) -> str:
    """The uid of the member meant, made on the spot when nobody fits; in the caller's unit of work.

    A phone decides first, since it is rarely shared; then a name, with the team's own people before others. A name
    that several volunteers bear is asked about, never guessed.

    Raises:
        BadField: nothing to go by, an unreadable phone, or several people of that name.
        GuardianNeeded: a new person under 18.
    """
    name = narrowed(name)
    number = read_phone(phone)
    if number.doubt:
        raise BadField(
            "电话好像少了一位或多了一位。", "The phone number seems too short or too long.", field="phone"
        )
    if not name and not number.number:
        raise BadField("写个名字或电话就行。", "A name or a phone is enough.", field="name")
    if found := await _known(ctx, community, name=name, phone=number.number, team=team):
        return found
    if not name:
        raise BadField(
            "这个电话没登记过，请写上名字。",
            "That phone is not on record; please add the name.",
            field="name",
        )
    if minor:
        raise GuardianNeeded()
    newcomer = Newcomer(name=name, phones=read_phones(phone), gives=True)
    return await register(ctx, community, newcomer, recorded_by="")


async def _known(ctx: Context, community: str, *, name: str, phone: str, team: str) -> str:
    if phone:
        rows = await phones.cards_by_number(ctx.engine, community, phone)
        if not name:
            # A number alone finds helpers only: it must not tell a leader or a unit whose number it is.
            rows = await _volunteers(ctx, rows)
        fitting = [row for row in rows if not name or name in (row.name, row.called)]
        if len(fitting) > 1:
            raise BadField(
                "这个电话登记了几位，请写上名字。", "Several people share that phone; please add the name.",
                field="name",
            )  # fmt: skip
        # A family shares a phone: another name under it is another person.
        return fitting[0].uid if fitting else ""
    fitting = await _volunteers(ctx, await people.cards_named(ctx.engine, community, name))
    own = {row.uid for row in await rosters.team_members(ctx.engine, team, ctx.today())} if team else set()
    nearest = [row for row in fitting if row.uid in own] or fitting
    if len(nearest) > 1:
        raise BadField(
            "有几位同名的，请补上电话。", "Several people bear that name; please add a phone.", field="phone"
        )
    return nearest[0].uid if nearest else ""


async def _volunteers(ctx: Context, rows: list[Card]) -> list[Card]:
    """Those of them who serve: a name called at a shift is never taken for an elder's."""
    giving = await people.giving(ctx.engine, [row.uid for row in rows])
    return [row for row in rows if row.uid in giving]
