"""The second half of a colleague's sign-in: the digits of their telephone, or setting one up the first time."""

from __future__ import annotations

from dataclasses import dataclass

from timebank.access import Actor
from timebank.community import second_factor
from timebank.community.identity.flow import SignedIn, staff_session
from timebank.community.second_factor import Enrolment, Owed
from timebank.context import Context
from timebank.errors import NotSignedIn
from timebank.store.identity import actors, sessions
from timebank.store.identity.sessions import KeptSession


class PasswordFirst(NotSignedIn):
    """Nobody gave a right password in this browser a moment ago."""

    code = "password_first"
    zh, en = "请先输密码。", "Please type your password first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Signed in, and the codes for the paper, told this once."""

    signed_in: SignedIn
    actor: Actor
    codes: tuple[str, ...]


async def owes(ctx: Context, token: str) -> Owed:
    """What the half sign-in of this browser still owes.

    Raises:
        PasswordFirst: there is none.
    """
    return await second_factor.owed(ctx, (await _half(ctx, token)).member)


async def enrolment(ctx: Context, token: str) -> Enrolment:
    """What the page of setting up a telephone shows.

    Raises:
        PasswordFirst: no half sign-in in which one is to be set up.
    """
    half = await _half(ctx, token)
    if not half.enrolling or await second_factor.owed(ctx, half.member) is Owed.DIGITS:
        raise PasswordFirst()
    actor = await actors.actor_of(ctx.engine, ctx.catalogue_of, half.member, ctx.today())
    return await second_factor.enrolment_of(ctx, actor, half.enrolling)


async def sign_in_by_digits(
    ctx: Context, token: str, *, typed: str, source: str
) -> tuple[SignedIn, int | None]:
    """The whole session in place of the half one, and how many codes are left when one of the paper was used.

    Raises:
        PasswordFirst. WrongCode: digits that do not fit or were used before. TryLater: too many of them.
    """
    half = await _half(ctx, token)
    accepted = await second_factor.accept(ctx, half.member, typed, source=source)
    async with ctx.engine.atomic():
        return await _whole(ctx, token, half), accepted.codes_left


async def enrol(ctx: Context, token: str, *, typed: str) -> Enrolled:
    """The telephone shows the right digits: it counts from now on, and its owner is signed in.

    Raises:
        PasswordFirst: no half sign-in, or somebody set one up meanwhile. WrongCode: other digits.
    """
    async with ctx.engine.atomic():
        half = await _half(ctx, token)
        if await second_factor.owed(ctx, half.member) is Owed.DIGITS:
            raise PasswordFirst()
        actor = await actors.actor_of(ctx.engine, ctx.catalogue_of, half.member, ctx.today())
        codes = await second_factor.confirm(ctx, actor, nonce=half.enrolling, typed=typed)
        return Enrolled(signed_in=await _whole(ctx, token, half), actor=actor, codes=codes)


async def _half(ctx: Context, token: str) -> KeptSession:
    found = await sessions.half_open(ctx.engine, token, ctx.now()) if token else None
    if found is None:
        raise PasswordFirst()
    return found


async def _whole(ctx: Context, token: str, half: KeptSession) -> SignedIn:
    await sessions.close_session(ctx.engine, token)
    return await staff_session(ctx, half.member, way=half.way)
