"""Giving hours away: to the community fund, to somebody the rules allow, and what a team can only give on."""

from __future__ import annotations

from dataclasses import dataclass

from ledger import LedgerRefusal, Leg, Transfer
from ledger.chain import uid_of
from ledger.store import Book
from marketplace.names import name_key
from marketplace.phones import read_phone
from marketplace.text import narrowed
from timebank.access import Actor, Facts, sees
from timebank.community.eligibility import person_on, refuse
from timebank.context import Context, fund_account, issuing_account, team_account, unit_account
from timebank.errors import AlreadyDone, BadField, NotAllowed, NotEligible, NotFound, OwnHours
from timebank.help.team_hours import opened_account
from timebank.policy import FirstTo, GiftTo
from timebank.rules.hours.eligible import Answer, may_give
from timebank.rules.hours.payment import Stamp, first_hours
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.members import people, phones
from timebank.store.members.people import Member
from timebank.store.oversight import audit
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM, UNIT, Organisation

PERSONS = (
    GiftTo.SPOUSE,
    GiftTo.PARENT,
    GiftTo.CHILD,
    GiftTo.GRANDPARENT,
    GiftTo.RELATIVE,
    GiftTo.FRIEND,
    GiftTo.HARDSHIP_ELDER,
)
"""To whom a member may give, as the giver says who they are to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given, and what is left."""

    transfer: str
    minutes: int
    minutes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamHours:
    """What a team, or a unit, has to give on; `team` is its code, `name` as it is called."""

    team: str
    name: str
    minutes: int
    is_unit: bool = False


async def bodies(ctx: Context, community: str) -> list[Organisation]:
    """The non-profit bodies for elders to which hours may be given here today; none where the rules say nothing of them."""
    if may_give(ctx.policy_of(community).giving, GiftTo.NONPROFIT).answer is Answer.NO:
        return []
    return [one for one in await organisations.organisations(ctx.engine, community, UNIT) if one.is_nonprofit]


def choices(ctx: Context, community: str) -> tuple[GiftTo, ...]:
    """To whom hours may be given here today, beside the fund and non-profit bodies."""
    giving = ctx.policy_of(community).giving
    return tuple(to for to in PERSONS if may_give(giving, to).answer is not Answer.NO)


async def donate(ctx: Context, actor: Actor, *, minutes: int) -> Given:
    """Minutes given from the actor's own passbook to the community fund; for good.

    Raises:
        NotAllowed: while acting for somebody else; NotEligible: not by the rules here.
        BadField: nothing, or more than there is.
    """
    async with ctx.engine.atomic():
        giver = await _giver(ctx, actor, "DonateHours")
        refuse(may_give(ctx.policy_of(giver.community).giving, GiftTo.FUND))
        return await _move(
            ctx, actor, giver, fund_account(giver.community), minutes=minutes, reason="donate", audited="donate_hours"
        )  # fmt: skip


async def give(ctx: Context, actor: Actor, *, to: GiftTo, number: str, minutes: int) -> Given:
    """Minutes given to another member, named by the number on their passbook or of their telephone; for good.

    Args:
        to: who the receiver is to the giver, as the giver says.

    Raises:
        NotAllowed: while acting for somebody else; NotEligible: the rules here do not allow it.
        BadField: nobody has that number, it is one's own, the age has to be on record first, or the minutes do not fit.
    """
    async with ctx.engine.atomic():
        giver = await _giver(ctx, actor, "GiveHours")
        receiver = await _reached(ctx, giver, number)
        policy = ctx.policy_of(giver.community)
        ruling = may_give(policy.giving, to, age=(await person_on(ctx, receiver.uid, ctx.today())).age)
        refuse(ruling)
        if ruling.answer is Answer.ASK:
            raise BadField(
                f"{ruling.zh}，请先到社区登记年龄。", f"{ruling.en.capitalize()}; the desk has to note their age first.",
                field="number",
            )  # fmt: skip
        stored = (await ctx.book(giver.community).balance(receiver.account)).balance
        most = policy.credit.minutes_total_max
        if most and stored + minutes > most:
            raise BadField("对方存不下这么多了。", "That is more than they may store.", field="minutes")
        given = await _move(
            ctx, actor, giver, receiver.account, minutes=minutes, reason="gift", audited="give_hours"
        )
        await news.put(
            ctx, community=giver.community, member=receiver.uid, kind="hours_given", pressed_by=actor.uid,
            transfer=given.transfer, minutes=minutes,
        )  # fmt: skip
    return given


async def give_body(ctx: Context, actor: Actor, *, body: str, minutes: int) -> Given:
    """Minutes given to a non-profit body for elders, by its code or name; it can only give them on.

    Raises:
        NotAllowed: while acting for somebody else; NotEligible: the rules here do not allow it.
        BadField: no such body here, or the minutes do not fit.
    """
    async with ctx.engine.atomic():
        giver = await _giver(ctx, actor, "GiveHours")
        refuse(may_give(ctx.policy_of(giver.community).giving, GiftTo.NONPROFIT))
        meant = [
            one for one in await bodies(ctx, giver.community)
            if body == one.code or name_key(body) == name_key(one.name)
        ]  # fmt: skip
        if len(meant) != 1:
            raise BadField("没有这个公益为老机构。", "There is no such non-profit body here.", field="number")
        account = await opened_account(ctx, giver.community, unit_account(meant[0].code), on=ctx.today())
        return await _move(
            ctx, actor, giver, account, minutes=minutes, reason="gift_body", audited="give_hours"
        )


def first_minutes(ctx: Context, community: str) -> int:
    """Hours that the desk may give somebody to begin with, by today's rules; 0 where everybody has them anyway."""
    grant = ctx.policy_of(community).grant
    return 0 if grant.first_to is FirstTo.EVERYBODY else grant.first_minutes


async def judge_first_hours(ctx: Context, actor: Actor, member: str) -> Member:
    """Whether the desk may give somebody first hours; whose they would be.

    Raises:
        NotFound; OwnHours: nobody gives them to themselves; AlreadyDone: they have had theirs.
        NotEligible: the rules here give none, or give them to everybody on joining.
    """
    receiver = await people.member(ctx.engine, member)
    if receiver is None or receiver.life is not Life.ACTIVE:
        raise NotFound()
    sees(actor, "GiveFirstHours", Facts(community=receiver.community, owners=frozenset({member})))
    if member in (actor.uid, actor.acting_for):
        raise OwnHours()
    await _first_transfer(ctx, receiver, by=actor.uid)
    return receiver


async def give_first_now(ctx: Context, member: str, *, entered_by: str) -> Given:
    """First hours for somebody the rules mean: who came to an orientation, or an elder most in need; once in their life.

    In the caller's unit of work, once a second person has approved it.

    Raises:
        NotFound; AlreadyDone: they have had theirs; NotEligible: the rules give none any more.
    """
    receiver = await people.member(ctx.engine, member)
    if receiver is None or receiver.life is not Life.ACTIVE:
        raise NotFound()
    book = ctx.book(receiver.community)
    posted = await book.post(await _first_transfer(ctx, receiver, by=entered_by), at=ctx.now())
    left = await book.balance(receiver.account)
    minutes = first_minutes(ctx, receiver.community)
    return Given(transfer=posted.uid, minutes=minutes, minutes_left=left.balance)


async def _first_transfer(ctx: Context, receiver: Member, *, by: str) -> Transfer:
    """The entry that would give them; raises NotEligible, AlreadyDone."""
    stamp = Stamp(effective_on=ctx.today(), occurred_at=ctx.now(), actor=by, meta={"member": receiver.uid})
    command = first_hours(
        ctx.policy_of(receiver.community), member=receiver.uid, account=receiver.account,
        issuer=issuing_account(receiver.community), stamp=stamp,
    )  # fmt: skip
    if command is None or not first_minutes(ctx, receiver.community):
        raise NotEligible()
    book = ctx.book(receiver.community)
    try:
        await book.transfer(uid_of(book.code, command.key))
    except LedgerRefusal:
        return command
    raise AlreadyDone("初始时间已经给过了。", "They have had their first hours.")


async def team_hours(ctx: Context, actor: Actor, code: str) -> TeamHours:
    """What a team, or a body that was given hours, has to give on: for its leader, its contact and the desk."""
    found, account = await _holder(ctx, actor, code, "TeamHours")
    book = ctx.book(found.community)
    held = await book.has_account(account)
    minutes = (await book.balance(account, lapsed_by=ctx.now())).available if held else 0
    return TeamHours(team=code, name=found.name, minutes=minutes, is_unit=found.kind == UNIT)


async def give_on(ctx: Context, actor: Actor, code: str, *, minutes: int) -> Given:
    """Hours of a team or body given to the community fund, from which anybody in need is helped; for good.

    Raises:
        NotFound; BadField: nothing, or more than there is.
    """
    async with ctx.engine.atomic():
        found, account = await _holder(ctx, actor, code, "GiveTeamHours")
        here = await team_hours(ctx, actor, code)
        _check(minutes, here.minutes)
        given = await _transfer(
            ctx, actor, ctx.book(found.community), account, fund_account(found.community), minutes, "donate"
        )
        await audit.note(ctx, actor, "give_team_hours", object=given)
    return Given(transfer=given, minutes=minutes, minutes_left=here.minutes - minutes)


async def _holder(ctx: Context, actor: Actor, code: str, use_case: str) -> tuple[Organisation, str]:
    """The team or body of that code, and its account; NotFound for anybody whom it is not for."""
    found = await organisations.organisation(ctx.engine, code)
    if found is None or found.kind not in (TEAM, UNIT):
        raise NotFound()
    team, unit = (code, "") if found.kind == TEAM else ("", code)
    sees(actor, use_case, Facts(community=found.community, team=team, unit=unit))
    return found, team_account(code) if team else unit_account(code)


async def _giver(ctx: Context, actor: Actor, use_case: str) -> Member:
    if actor.acting_for:
        raise NotAllowed("时间只能由本人送出。", "Only the owner can give hours away.")
    giver = await people.member(ctx.engine, actor.uid)
    if giver is None:
        raise NotFound()
    sees(actor, use_case, Facts(community=giver.community, owners=frozenset({actor.uid})))
    return giver


async def _reached(ctx: Context, giver: Member, said: str) -> Member:
    """The member whose number this is, on vest and passbook or of the telephone; one that several share names nobody."""
    uid = await people.uid_numbered(ctx.engine, giver.community, narrowed(said).strip())
    if not uid:
        dialled = read_phone(said).number
        fitting = await phones.cards_by_number(ctx.engine, giver.community, dialled, own=True)
        uid = fitting[0].uid if len(fitting) == 1 else ""
    found = await people.member(ctx.engine, uid) if uid else None
    if found is None or found.life is not Life.ACTIVE:
        raise BadField("没有这个编号，请核对。", "Nobody here has that number.", field="number")
    if found.uid == giver.uid:
        raise BadField("不能转给自己。", "You cannot give hours to yourself.", field="number")
    return found


async def _move(
    ctx: Context, actor: Actor, giver: Member, account: str, *, minutes: int, reason: str, audited: str
) -> Given:
    book = ctx.book(giver.community)
    balance = await book.balance(giver.account, lapsed_by=ctx.now())
    _check(minutes, balance.available)
    transfer = await _transfer(ctx, actor, book, giver.account, account, minutes, reason)
    await audit.note(ctx, actor, audited, object=transfer)
    return Given(transfer=transfer, minutes=minutes, minutes_left=balance.balance - minutes)


def _check(minutes: int, available: int) -> None:
    """An overdraft is for help one needs, not for gifts: only what is there can be given."""
    if minutes < 1:
        raise BadField("请填要送的分钟数。", "Please say how many minutes to give.", field="minutes")
    if minutes > available:
        raise BadField(
            f"存折里能送的有 {available} 分钟。",
            f"There are {available} minutes you can give.",
            field="minutes",
        )


async def _transfer(
    ctx: Context, actor: Actor, book: Book, payer: str, payee: str, minutes: int, reason: str
) -> str:
    posted = await book.post(
        Transfer(
            key=f"{reason}:{ctx.ids.uid('D')}", legs=(Leg(payer, minutes), Leg(payee, -minutes)),
            effective_on=ctx.today(), occurred_at=ctx.now(), reason=reason, actor=actor.uid,
        ),
        at=ctx.now(),
    )  # fmt: skip
    return posted.uid
