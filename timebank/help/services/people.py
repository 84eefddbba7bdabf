"""Who is meant by a name and a phone called across a square: a known member, or a new one with just a name."""

from __future__ import annotations

from marketplace.text import narrowed
from timebank.community import recognition
from timebank.community.recognition import Known, Maybe, Why
from timebank.community.registering import Newcomer, heard_phones, register
from timebank.context import Context
from timebank.errors import BadField, GuardianNeeded
from timebank.rules.people.described import Described
from timebank.store.members import people

FEW = 4


class WhichOne(BadField):
    """Several people may be meant; whoever calls a roll is told vest numbers and forms of address only."""

    code = "which_one"


async def who_came(
    ctx: Context,
    community: str,
    *,
    name: str,
    phone: str = "",
    minor: bool = False,
    first_time: bool = False,
    team: str = "",
    file: str = "",
    by: str = "",
) -> str:
    """The uid of the member meant, made on the spot when nobody fits; in the caller's unit of work.

    Args:
        name: what they were called by, or the number on their vest.
        first_time: whoever calls the roll says that none of those on record is meant.
        team: whose roll is called: a bare name means the team's own.
        file: the roll itself, for which alone a bare name that was told apart holds.

    Raises:
        BadField: nothing to go by, or a phone without a name.
        BadField: a phone of digits alone, too few or too many.
        WhichOne: somebody on record may be meant, or several.
        GuardianNeeded: a new person under 18.
    """
    name = narrowed(name)
    if worn := await people.member_by_number(ctx.engine, community, name) if name else None:
        return worn.uid
    said = Described(
        name=name,
        phones=heard_phones(phone),
        teams=frozenset({team} - {""}),
        sheet=True,
        lineage="roll",
        file=file,
    )
    if not name and not said.numbers:
        raise BadField("写个名字或电话就行。", "A name or a phone is enough.", field="name")
    bench = await recognition.load(ctx, community, [said])
    found = bench.recognise(said)
    if isinstance(found, Maybe) and first_time and name:
        found = await recognition.answered(ctx, community, bench, said, found, who="", by=by)
    if isinstance(found, Maybe):
        raise await _asked(ctx, found)
    if isinstance(found, Known):
        uid = found.uid
    elif minor:
        raise GuardianNeeded()
    else:
        newcomer = Newcomer(name=name, phones=said.phones, gives=True)
        uid = await register(ctx, community, newcomer, recorded_by=by)
    await recognition.keep(ctx, community, said, found, uid, by=by)
    return uid


async def _asked(ctx: Context, found: Maybe) -> BadField:
    """What to say to whoever calls the roll. A number alone tells them nobody's name."""
    if found.why is Why.NUMBER_ONLY:
        return BadField("请写上名字。", "Please add the name.", field="name")
    zh, en = recognition.why_said(found.why)
    cards = await people.cards(ctx.engine, found.uids[:FEW])
    shown = "、".join(" ".join(filter(None, (one.number, one.called))) or "—" for one in cards.values())
    where = "phone" if found.why in (Why.SEVERAL_FIT, Why.SAME_NAME_NO_NUMBER) else "name"
    return WhichOne(
        f"{zh}（{shown}）请写马甲编号，或者补上电话；都不是就勾“第一次来”。",
        f"{en} ({shown}) Give the vest number, or add a phone; tick “first time here” if it is none of them.",
        field=where,
    )
