"""Staff accounts: a login for whoever holds an office, a new password, an end; all by somebody else.

Who holds an office is a relationship with two people's word (`relating`); an account only lets its holder in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from timebank.access import Actor, Facts, sees
from timebank.community import hashing, passwords, relating, throttling
from timebank.context import Context
from timebank.errors import AppRefusal, NotAllowed, NotFound
from timebank.rules.relationships import OPERATOR, Party, Relationship, Sort, State, member
from timebank.store.identity import second_factors, sessions, ways
from timebank.store.identity.second_factors import SecondFactor
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.places import communities
from timebank.store.relations import relationships


class NoOffice(AppRefusal):
    """Only whoever works at the desk or checks the books has a staff account."""

    status, code = 409, "no_office"
    zh = "这位还没有批准的岗位，先登记岗位，由另一位同事批准。"
    en = "This person holds no approved office yet: enter it first, and let a colleague approve it."


class NotForOneself(NotAllowed):
    """Nobody opens, resets or ends their own account at the desk."""

    code = "not_for_oneself"
    zh = "自己的账号要请另一位同事办；改密码在“我的密码”。"
    en = "A colleague has to do that for you; you change your own password under “My password”."


class WrongPassword(AppRefusal):
    """The old password does not fit."""

    status, code = 422, "wrong_password"
    zh, en = "原来的密码不对。", "The old password does not fit."


class NoPassword(AppRefusal):
    """Whoever asks signs in by code or card, or acts for somebody else."""

    status, code = 409, "no_password"
    zh, en = "您不用密码登录，没有密码可改。", "You sign in without a password: there is none to change."


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody with an office: what they are called, their login ("" for none yet), the kinds they hold.

    Attributes:
        telephone: their second factor; None for none yet.
    """

    uid: str
    name: str
    login: str
    telephone: SecondFactor | None
    offices: tuple[Relationship, ...]

    @property
    def in_force(self) -> bool:
        return any(one.state is State.IN_FORCE for one in self.offices)


async def staff(ctx: Context, actor: Actor) -> tuple[StaffMember, ...]:
    """Everybody with an office of the community, offered or in force, by name."""
    sees(actor, "Staff", Facts(community=actor.community))
    offices = await _offices(ctx, actor.community)
    names = await people.names(ctx.engine, list(offices))
    telephones = await second_factors.second_factors(ctx.engine, offices)
    found = [
        StaffMember(
            uid=uid,
            name=names.get(uid, ""),
            login=await sessions.login_of(ctx.engine, uid),
            telephone=telephones.get(uid),
            offices=tuple(held),
        )
        for uid, held in offices.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.uid)))


async def open_account(ctx: Context, actor: Actor, *, member_uid: str, login: str) -> str:
    """A login for somebody with an office in force; the first password, shown this once.

    Raises:
        NotForOneself; NoOffice: nothing in force to sign in for; `passwords` refusals, LoginTaken among them.
    """
    await _may_change(ctx, actor, "OpenAccount", member_uid)
    password = _made_up(ctx)
    await give_password(
        ctx, actor, member_uid=member_uid, login=login.strip(), password=password, action="open_account"
    )
    return password


async def reset_account(ctx: Context, actor: Actor, *, member_uid: str) -> str:
    """A new password for a colleague, shown this once; every sign-in of theirs ends.

    Raises:
        NotForOneself; NotFound: they have no account.
    """
    await _may_change(ctx, actor, "ResetAccount", member_uid)
    login = await sessions.login_of(ctx.engine, member_uid)
    if not login:
        raise NotFound()
    password = _made_up(ctx)
    await give_password(
        ctx, actor, member_uid=member_uid, login=login, password=password, action="reset_account"
    )
    return password


async def end_account(ctx: Context, actor: Actor, *, member_uid: str) -> None:
    """A colleague's offices end today, and with them every way in.

    Raises:
        NotForOneself; LastWorker: nobody could sign in any more.
    """
    await _may_change(ctx, actor, "EndAccount", member_uid)
    async with ctx.engine.atomic():
        for office in (await _offices(ctx, actor.community)).get(member_uid, []):
            await relating.end(ctx, actor, office.uid, "no_longer_needed")
        await sessions.end_login(ctx.engine, member_uid)
        await audit.note(ctx, actor, "end_account", object=member_uid)


async def sign_out_everywhere(ctx: Context, actor: Actor, *, member_uid: str) -> None:
    """Every open sign-in of somebody ends, one's own or, at the desk, of whoever lost a telephone.

    Codes that were read out and not used end too, and no telephone is known any more. A card stays: it has a press of its own.
    """
    row = await people.member(ctx.engine, member_uid)
    if row is None:
        raise NotFound()
    sees(actor, "SignOutEverywhere", Facts(community=row.community, owners=frozenset({member_uid})))
    async with ctx.engine.atomic():
        await sessions.close_sessions_of(ctx.engine, member_uid)
        await sessions.end_codes(ctx.engine, member_uid)
        await ways.forget_telephones(ctx.engine, member_uid)
        await audit.note(ctx, actor, "sign_out_everywhere", object=member_uid)


async def change_own(ctx: Context, actor: Actor, *, old: str, new: str) -> None:
    """One's own password; every open sign-in ends, this one too.

    Raises:
        NoPassword; WrongPassword: the old one does not fit; `passwords` refusals.
    """
    sees(actor, "OwnPassword", Facts(community=actor.community, owners=frozenset({actor.uid})))
    login = await own_login(ctx, actor, password=old, field="old")
    await give_password(ctx, actor, member_uid=actor.uid, login=login, password=new, action="change_password")


async def own_login(ctx: Context, actor: Actor, *, password: str, field: str) -> str:
    """The login of whoever types their own password once more.

    Args:
        field: of the form, where a wrong one is said.

    Raises:
        NoPassword: none is theirs, or they act for somebody. WrongPassword. TryLater: too many wrong ones. HashingBusy.
    """
    login = await sessions.login_of(ctx.engine, actor.uid)
    if not login or actor.acting_for:
        raise NoPassword()
    door = f"own_password:{actor.uid}"
    tried = await throttling.count_try(ctx, door)
    kept = await sessions.password_of(ctx.engine, login)
    if not await hashing.aside(passwords.fits, kept.hash, password):
        raise WrongPassword(field=field)
    await throttling.let_off(ctx, tried, door)
    return login


async def _may_change(ctx: Context, actor: Actor, operation: str, member_uid: str) -> None:
    row = await people.member(ctx.engine, member_uid)
    if row is None:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community))
    if member_uid in (actor.uid, actor.subject):
        raise NotForOneself()
    held = (await _offices(ctx, row.community)).get(member_uid, [])
    if not any(one.holds_on(ctx.today()) for one in held):
        raise NoOffice()


async def _offices(ctx: Context, community: str) -> dict[str, list[Relationship]]:
    """uid -> offices towards the community's own node, offered or in force."""
    found = await communities.community(ctx.engine, community)
    if found is None:
        return {}
    kinds = [kind.code for kind in ctx.catalogue_of(community).relationships.values() if kind.founding]
    held = await relationships.held_towards(ctx.engine, Party(Sort.AREA, found.area), kinds=kinds)
    by_uid: dict[str, list[Relationship]] = {}
    for one in held:
        if one.holder == member(one.holder.code):
            by_uid.setdefault(one.holder.code, []).append(one)
    return by_uid


async def give_password(
    ctx: Context, by: Actor, *, member_uid: str, login: str, password: str, action: str
) -> None:
    """A login and its password for a member, whoever chose it; every sign-in of theirs ends. Another's choice is good for some days.

    Raises:
        a `passwords` refusal: the login or the password cannot be used.
    """
    passwords.judge(login=login, password=password)
    hashed = await hashing.aside(passwords.hashed, password)
    async with ctx.engine.atomic():
        if await sessions.owner_of_login(ctx.engine, login) not in (None, member_uid):
            raise passwords.LoginTaken(field="login")
        way = await _way(ctx, by, member_uid)
        own = by.uid == member_uid
        await sessions.set_login(
            ctx.engine, member=member_uid, login=login, hashed=hashed, way=way,
            given_until=None if own else ctx.now() + timedelta(days=passwords.GIVEN_DAYS),
        )  # fmt: skip
        await sessions.close_sessions_of(ctx.engine, member_uid)
        await audit.note(ctx, by, action, object=member_uid)


async def _way(ctx: Context, by: Actor, member_uid: str) -> str:
    """The way in that a new password is: somebody's own stays what it was, the operator's is nobody else's."""
    if by.uid == member_uid:
        return await sessions.way_of_login(ctx.engine, member_uid)
    row = await people.member(ctx.engine, member_uid)
    if by.uid == OPERATOR or row is None:
        return ""
    made = ways.WayIn(
        uid=ctx.ids.uid("I"), member=member_uid, community=row.community, made_by=by.uid, made_via=by.via,
        made_at=ctx.now(),
    )  # fmt: skip
    await ways.add_way(ctx.engine, made)
    return made.uid


def _made_up(ctx: Context) -> str:
    """Twelve letters and digits that can be read out, in fours."""
    signs = (ctx.ids.uid("") + ctx.ids.uid("")).lower()
    return "-".join(signs[at : at + 4] for at in (0, 4, 8))
