"""Where somebody is signed in, as they see it themselves, and ending one of those sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.store.channels import forms
from timebank.store.identity import sessions
from timebank.store.identity.sessions import OwnSession
from timebank.store.oversight import audit

SHOWN_MAX = 20


class Device(StrEnum):
    """What a sign-in was opened on, as far as a browser tells it; no more of it is kept."""

    PHONE = "phone"
    COMPUTER = "computer"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One place where somebody is signed in.

    Attributes:
        name: by which it is ended; it opens nothing.
        here: whether it is the one that asks.
        lasts_until: when it ends by itself at the latest.
    """

    name: str
    device: Device
    here: bool
    began_at: datetime
    seen_at: datetime
    lasts_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSignIns:
    """The places used last, this one first, and how many more there are; `password`: whether one comes in again by it."""

    shown: tuple[SignIn, ...]
    more: int
    password: bool


def device_of(user_agent: str) -> Device:
    """Telephone or not, by what a browser says of itself; a tablet says the same as a computer, often word for word."""
    if not user_agent.startswith("Mozilla/"):
        return Device.UNKNOWN
    return Device.PHONE if "Mobile" in user_agent and "iPad" not in user_agent else Device.COMPUTER


def name_of(session_hash: str) -> str:
    """By which its owner names a sign-in; made from what is kept, so that nothing that opens one stands on a page."""
    return sha256(b"timebank/sign-in/v1" + session_hash.encode()).hexdigest()[:20]


async def opened_on(ctx: Context, token: str, user_agent: str) -> None:
    """Keep on which kind of device a sign-in was opened."""
    if device := device_of(user_agent):
        await sessions.name_device(ctx.engine, token, device)


async def own_sign_ins(ctx: Context, actor: Actor, session_hash: str) -> OwnSignIns:
    """Where the actor is signed in."""
    sees(actor, "OwnSignIns", _own(actor))
    found = [_told(one, session_hash) for one in await _open(ctx, actor)]
    found.sort(key=lambda one: not one.here)
    return OwnSignIns(
        shown=tuple(found[:SHOWN_MAX]),
        more=max(0, len(found) - SHOWN_MAX),
        password=bool(await sessions.login_of(ctx.engine, actor.uid)),
    )


async def end_sign_in(ctx: Context, actor: Actor, session_hash: str, *, name: str) -> SignIn:
    """One of the actor's own sign-ins ends, with the pages that were open in it; which one it was.

    Raises:
        NotFound: none of theirs is called so, or it has ended meanwhile.
    """
    sees(actor, "EndSignIn", _own(actor))
    async with ctx.engine.atomic():
        found = next((one for one in await _open(ctx, actor) if name_of(one.hash) == name), None)
        if found is None:
            raise NotFound()
        await sessions.close_by_hash(ctx.engine, found.hash)
        await forms.end_drafts(ctx.engine, found.hash)
        await audit.note(ctx, actor, "end_sign_in", object=actor.uid)
    return _told(found, session_hash)


def _own(actor: Actor) -> Facts:
    return Facts(community=actor.community, owners=frozenset({actor.uid}))


async def _open(ctx: Context, actor: Actor) -> list[OwnSession]:
    return await sessions.open_sessions_of(ctx.engine, actor.uid, ctx.now())


def _told(one: OwnSession, session_hash: str) -> SignIn:
    return SignIn(
        name=name_of(one.hash), device=Device(one.device), here=one.hash == session_hash, began_at=one.created_at,
        seen_at=one.seen_at, lasts_until=one.expires_at,
    )  # fmt: skip
