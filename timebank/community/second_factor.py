"""The second factor of whoever signs in with a password: the digits of their own telephone, by RFC 6238, or a code from their paper.

The secret is never kept: it is made from the installation's own secret and a random nonce, so that neither a copy of the
database nor its backup can make digits. Digits count once, at most half a minute early or late. Whose installation changes
its secret sets up every telephone anew.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import pyotp

from marketplace.text import compared
from timebank.access import Actor
from timebank.community import throttling
from timebank.context import Context
from timebank.errors import WrongCode
from timebank.settings import Settings
from timebank.store.identity import second_factors, sessions
from timebank.store.identity.second_factors import SecondFactor
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.places import communities

STEP_S, STEPS_OFF, DIGITS = 30, 1, 6
CODES, CODE_LENGTH = 10, 12
MISREAD = str.maketrans("oil", "011")
"""Letters that no code on paper has, as somebody may copy them from a digit."""


class Owed(StrEnum):
    """What a right password still lacks."""

    NOTHING = "nothing"
    DIGITS = "digits"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A telephone to set up: the secret to type, and the address that its camera reads."""

    login: str
    secret: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A second factor that fitted.

    Attributes:
        codes_left: how many codes of the paper are left, where one of them was used; None for digits.
    """

    codes_left: int | None = None


def secret_of(settings: Settings, member: str, nonce: str) -> str:
    """What the telephone is told, in the letters of base32: 160 bits."""
    return b32encode(_mac(settings, "secret", member, nonce)[:20]).decode()


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute whose digits these are, the present one or one beside it; None for no such digits."""
    clock = pyotp.TOTP(secret, interval=STEP_S, digits=DIGITS)
    now = int(at.timestamp()) // STEP_S
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if hmac.compare_digest(clock.generate_otp(step).encode(), typed.encode()):
            return step
    return None


async def owed(ctx: Context, member: str) -> Owed:
    """What somebody with a right password still owes: the rule of their community, and whatever they set up themselves."""
    if await second_factors.second_factor(ctx.engine, member) is not None:
        return Owed.DIGITS
    row = await people.member(ctx.engine, member)
    # The demo's people are made up, and its clock is not that of anybody's telephone.
    asks = row is not None and not ctx.settings.demo and ctx.policy_of(row.community).identity.second_factor
    return Owed.ENROLMENT if asks else Owed.NOTHING


async def accept(ctx: Context, member: str, typed: str, *, source: str) -> Accepted:
    """Judge digits or a code from the paper, and use them up, in a unit of work of its own.

    Raises:
        WrongCode: neither, or digits that counted before. TryLater: too many wrong ones.
    """
    door = f"second:{member}"
    tried = await throttling.count_try(ctx, door, source=source)
    said = compared(typed).replace(" ", "").replace("-", "").lower().translate(MISREAD)
    found: Accepted | None = None
    async with ctx.engine.atomic():
        factor = await second_factors.second_factor(ctx.engine, member, lock=True)
        if factor is not None:
            found = await _fitting(ctx, factor, said)
        if found is not None:
            await throttling.was_right(ctx, tried, door)
    if found is None:
        raise WrongCode("数字不对，或者已经用过。", "Those digits do not fit, or were used before.")
    return found


async def begin(ctx: Context, session_hash: str) -> str:
    """Set up a telephone in this session, in the caller's unit of work: a fresh nonce, which counts only once confirmed."""
    nonce = ctx.ids.token()[:43]
    await sessions.begin_enrolling(ctx.engine, session_hash, nonce)
    return nonce


async def enrolment_of(ctx: Context, actor: Actor, nonce: str) -> Enrolment:
    """The secret that a nonce makes for somebody, with the names under which their telephone keeps it."""
    login = await sessions.login_of(ctx.engine, actor.uid)
    community = await communities.community(ctx.engine, actor.community)
    secret = secret_of(ctx.settings, actor.uid, nonce)
    address = pyotp.TOTP(secret, interval=STEP_S, digits=DIGITS).provisioning_uri(
        name=login, issuer_name=community.name if community else actor.community
    )
    return Enrolment(login=login, secret=secret, address=address)


async def confirm(ctx: Context, actor: Actor, *, nonce: str, typed: str) -> tuple[str, ...]:
    """The telephone shows the right digits: from now on it is the second factor; the codes for a new paper, told this once.

    Runs in the caller's unit of work.

    Raises:
        WrongCode: other digits, or no telephone is being set up. Nobody guesses here: the page shows the secret itself.
    """
    secret = secret_of(ctx.settings, actor.uid, nonce)
    step = step_of(secret, compared(typed).replace(" ", ""), ctx.now()) if nonce else None
    if step is None:
        raise WrongCode(
            "数字不对，请看手机上现在的六个。",
            "Those digits do not fit. Type the six shown now.",
            field="code",
        )
    factor = SecondFactor(member=actor.uid, nonce=nonce, last_step=step, made_at=ctx.now())
    await second_factors.set_second_factor(ctx.engine, factor)
    codes = await new_codes(ctx, actor.uid)
    await audit.note(ctx, actor, "set_second_factor", object=actor.uid)
    return codes


async def new_codes(ctx: Context, member: str) -> tuple[str, ...]:
    """Ten codes for a member's paper, told this once, in the caller's unit of work; those of an earlier paper end."""
    made = [(ctx.ids.uid("") + ctx.ids.uid("")).lower()[:CODE_LENGTH] for _ in range(CODES)]
    hashes = [_hash_of(ctx.settings, member, one) for one in made]
    await second_factors.set_codes(ctx.engine, member, hashes)
    return tuple("-".join(one[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for one in made)


async def _fitting(ctx: Context, factor: SecondFactor, said: str) -> Accepted | None:
    """What fits, used up."""
    step = step_of(secret_of(ctx.settings, factor.member, factor.nonce), said, ctx.now())
    if step is not None and step > factor.last_step:
        await second_factors.used(ctx.engine, factor.member, step)
        return Accepted()
    hashed = _hash_of(ctx.settings, factor.member, said)
    if await second_factors.use_code(ctx.engine, factor.member, hashed):
        return Accepted(codes_left=await second_factors.codes_left(ctx.engine, factor.member))
    return None


def _hash_of(settings: Settings, member: str, code: str) -> str:
    return _mac(settings, "paper", member, code).hex()


def _mac(settings: Settings, *parts: str) -> bytes:
    # The demo has no secret of its own: its people are made up and live on one machine.
    key = b"timebank/second/v1" + (settings.secret or "demo").encode()
    return hmac.new(key, "\0".join(parts).encode(), sha256).digest()
