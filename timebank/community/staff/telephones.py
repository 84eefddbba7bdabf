"""A colleague's telephone as second factor: another one, a new paper, and a lost one that ends by two people's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from timebank.access import Actor, Facts, sees
from timebank.community import second_factor
from timebank.community.hands import another_hand
from timebank.community.second_factor import Enrolment, Owed
from timebank.community.seconding import staff_of
from timebank.community.staff.flow import NoPassword, NotForOneself, own_login
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, NotFound
from timebank.rules.relationships import OPERATOR
from timebank.rules.relationships.seconding import judge_second
from timebank.store.identity import second_factors, sessions
from timebank.store.members import people
from timebank.store.oversight import audit


class NoTelephone(AppRefusal):
    """There is no second factor to renew or to end."""

    status, code = 409, "no_telephone"
    zh = "还没有认过手机。"
    en = "No telephone is set up."


class NotAskedYet(AppRefusal):
    """Nobody has asked for its end."""

    status, code = 409, "not_asked_yet"
    zh = "还没有人提出换手机。"
    en = "Nobody has asked for a new start yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSecond:
    """One's own second factor: since when, and how many codes of the paper are left; None for no telephone yet.

    Attributes:
        login: "" for whoever signs in without a password and so has no use for one.
        owed: the community's rule asks for it.
    """

    login: str
    since: datetime | None
    codes_left: int
    owed: bool


async def own(ctx: Context, actor: Actor) -> OwnSecond:
    """What the page about oneself shows."""
    login = "" if actor.acting_for else await sessions.login_of(ctx.engine, actor.uid)
    factor = await second_factors.second_factor(ctx.engine, actor.uid)
    return OwnSecond(
        login=login,
        since=factor.made_at if factor else None,
        codes_left=await second_factors.codes_left(ctx.engine, actor.uid),
        owed=await second_factor.owed(ctx, actor.uid) is not Owed.NOTHING,
    )


async def renew_codes(ctx: Context, actor: Actor, *, password: str) -> tuple[str, ...]:
    """Ten new codes for the paper, told this once; the earlier paper ends.

    Raises:
        NoPassword, WrongPassword, TryLater, NoTelephone.
    """
    await own_login(ctx, actor, password=password, field="password")
    async with ctx.engine.atomic():
        if await second_factors.second_factor(ctx.engine, actor.uid, lock=True) is None:
            raise NoTelephone()
        codes = await second_factor.new_codes(ctx, actor.uid)
        await audit.note(ctx, actor, "renew_recovery_codes", object=actor.uid)
    return codes


async def begin(
    ctx: Context, actor: Actor, session_hash: str, *, password: str, digits: str, source: str
) -> None:
    """Another telephone is set up in this session, once the password and the present telephone or the paper say so.

    Raises:
        NoPassword, WrongPassword. WrongCode, TryLater: of the present one.
    """
    await own_login(ctx, actor, password=password, field="password")
    if await second_factors.second_factor(ctx.engine, actor.uid) is not None:
        await second_factor.accept(ctx, actor.uid, digits, source=source)
    async with ctx.engine.atomic():
        await second_factor.begin(ctx, session_hash)


async def beginning(ctx: Context, actor: Actor, session_hash: str) -> Enrolment | None:
    """What the page of setting up another telephone shows; None where nobody asked for it in this session."""
    kept = await sessions.kept_session(ctx.engine, session_hash)
    if kept is None or not kept.enrolling or actor.acting_for:
        return None
    return await second_factor.enrolment_of(ctx, actor, kept.enrolling)


async def confirm(ctx: Context, actor: Actor, session_hash: str, *, digits: str) -> tuple[str, ...]:
    """The other telephone counts from now on; every other sign-in of its owner ends, and the codes are told this once.

    Raises:
        NoPassword: acting for somebody. WrongCode: other digits, or none is being set up.
    """
    if actor.acting_for:
        raise NoPassword()
    async with ctx.engine.atomic():
        kept = await sessions.kept_session(ctx.engine, session_hash)
        codes = await second_factor.confirm(ctx, actor, nonce=kept.enrolling if kept else "", typed=digits)
        await sessions.begin_enrolling(ctx.engine, session_hash, "")
        await sessions.close_other_sessions(ctx.engine, actor.uid, session_hash)
    return codes


# ---- a lost telephone


async def ask(ctx: Context, actor: Actor, *, member_uid: str) -> None:
    """A colleague lost telephone and paper; nothing happens before another agrees.

    Raises:
        NotForOneself; NotFound; NoTelephone. AlreadyDone: somebody asked before.
    """
    async with ctx.engine.atomic():
        await _may_ask(ctx, actor, "AskNewTelephone", member_uid)
        factor = await second_factors.second_factor(ctx.engine, member_uid, lock=True)
        if factor is None:
            raise NoTelephone()
        if factor.asked_by:
            raise AlreadyDone()
        await second_factors.save_asked(ctx.engine, member_uid, by=actor.uid, via=actor.via)
        await audit.note(ctx, actor, "ask_new_telephone", object=member_uid)


async def approve(ctx: Context, actor: Actor, *, member_uid: str) -> None:
    """A second colleague agrees: the lost telephone and its paper end, with every open sign-in; the next one sets up anew.

    Raises:
        NotForOneself; NotFound; NoTelephone; NotAskedYet. SecondPerson: who asked, or whom one of them could be.
    """
    async with ctx.engine.atomic():
        community = await _may_ask(ctx, actor, "ApproveNewTelephone", member_uid)
        factor = await second_factors.second_factor(ctx.engine, member_uid, lock=True)
        if factor is None:
            raise NoTelephone()
        if not factor.asked_by:
            raise NotAskedYet()
        concerned = frozenset({factor.asked_by, member_uid})
        judge_second(actor.uid, staff=await staff_of(ctx, community), concerned=concerned)
        await another_hand(ctx, actor, concerned)
        await _end(ctx, actor, member_uid)


async def drop(ctx: Context, actor: Actor, *, member_uid: str) -> None:
    """It turned up: nothing has happened. Anybody at the desk may say so.

    Raises:
        NotFound; NotAskedYet.
    """
    async with ctx.engine.atomic():
        row = await people.member(ctx.engine, member_uid)
        if row is None:
            raise NotFound()
        sees(actor, "AskNewTelephone", Facts(community=row.community))
        factor = await second_factors.second_factor(ctx.engine, member_uid, lock=True)
        if factor is None or not factor.asked_by:
            raise NotAskedYet()
        await second_factors.save_asked(ctx.engine, member_uid, by="", via="")
        await audit.note(ctx, actor, "drop_new_telephone", object=member_uid)


async def end_by_operator(ctx: Context, operator: Actor, *, member_uid: str) -> None:
    """The machine's operator ends a lost telephone where no two colleagues can.

    Raises:
        NoTelephone.
    """
    assert operator.uid == OPERATOR
    async with ctx.engine.atomic():
        if await second_factors.second_factor(ctx.engine, member_uid, lock=True) is None:
            raise NoTelephone()
        await _end(ctx, operator, member_uid)


async def _end(ctx: Context, actor: Actor, member_uid: str) -> None:
    await second_factors.end_second_factor(ctx.engine, member_uid)
    await sessions.close_sessions_of(ctx.engine, member_uid)
    await audit.note(ctx, actor, "end_second_factor", object=member_uid)


async def _may_ask(ctx: Context, actor: Actor, operation: str, member_uid: str) -> str:
    """The community of whoever it is about."""
    row = await people.member(ctx.engine, member_uid)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community))
    if member_uid in (actor.uid, actor.subject):
        raise NotForOneself()
    return row.community
