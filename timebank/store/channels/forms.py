"""What was sent already, pages that answer a press, and forms kept while a sign-in had ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from piccolo.query import Delete
from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Context, Engine
from timebank.store.identity.sessions import token_hash
from timebank.store.rows import add, change, columns, typed_or_none
from timebank.store.tables import Draft, KeptForm, RequestKey

DRAFT_LASTS = timedelta(minutes=30)
KEPT_LASTS = timedelta(minutes=30)
DEVICE_LENGTH_MAX = 80
UNANSWERED, ANSWERED = 102, 303
Pairs = tuple[tuple[str, str], ...]
"""The fields of a form as a browser sends them, a name as often as it has values."""


class AlreadySent(Exception):
    """The same form is being done by another request at this very moment; nothing of this one happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form that was sent before: which request it was, and the page that answered it.

    Attributes:
        status: `ANSWERED`, or `UNANSWERED` while nobody knows what came of it.
        body: the address of the answer.
    """

    fingerprint: str
    status: int
    body: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page that answered a press; `once` for one that holds a secret and is gone when it was seen."""

    owner: str
    status: int
    html: str
    once: bool
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A form that came without a sign-in, and whose it is; "" for a stranger's.

    Attributes:
        path: where it is sent to. page: where it was filled in, "" when the browser did not say. body: its fields as JSON.
    """

    hash: str
    member: str
    acting_for: str
    path: str
    page: str
    body: str
    until_at: datetime

    @property
    def pairs(self) -> Pairs:
        return tuple((str(name), str(value)) for name, value in json.loads(self.body))


@prepared
def _sent(actor: str, key: str) -> First:
    wanted = (RequestKey.key == key) & (RequestKey.actor == actor)
    return RequestKey.select(*columns(Sent, RequestKey)).where(wanted).first()


@prepared
def _unsend(actor: str, key: str) -> Delete:
    return RequestKey.delete().where(RequestKey.key == key, RequestKey.actor == actor)


@prepared
def _draft(hash: str) -> First:
    return Draft.select(*columns(Shown, Draft)).where(Draft.hash == hash).first()


@prepared
def _drop_draft(hash: str) -> Delete:
    return Draft.delete().where(Draft.hash == hash)


@prepared
def _drop_drafts_of(owner: str) -> Delete:
    return Draft.delete().where(Draft.owner == owner)


@prepared
def _kept(hash: str) -> First:
    return KeptForm.select(*columns(Kept, KeptForm)).where(KeptForm.hash == hash).first()


@prepared
def _drop_kept(hash: str) -> Delete:
    return KeptForm.delete().where(KeptForm.hash == hash)


@prepared
def _old_drafts(now: datetime) -> Delete:
    return Draft.delete().where(Draft.until_at < now).returning(Draft.id)


@prepared
def _old_kept(now: datetime) -> Delete:
    return KeptForm.delete().where(KeptForm.until_at < now).returning(KeptForm.id)


async def sent(engine: Engine, *, actor: str, key: str) -> Sent | None:
    """What was sent with this key before; None for nothing."""
    return typed_or_none(Sent, await _sent.on(engine)(actor, key))


async def claim(ctx: Context, *, actor: str, key: str, fingerprint: str) -> bool:
    """Write down in the caller's unit of work that this form was sent; False when it was before."""
    values = {
        "key": key, "actor": actor, "fingerprint": fingerprint, "status": UNANSWERED, "body": "", "made_at": ctx.now(),
    }  # fmt: skip
    return await add(ctx.engine, RequestKey, values, once=("key", "actor"))


async def answered(engine: Engine, *, actor: str, key: str, location: str) -> None:
    """The address of the page that answered it."""
    await change(engine, RequestKey, {"status": ANSWERED, "body": location}, key=key, actor=actor)


async def unsend(engine: Engine, *, actor: str, key: str) -> None:
    """It was refused, so nothing was sent: the same form may come again."""
    await _unsend.on(engine)(actor, key)


async def put_draft(ctx: Context, *, owner: str, status: int, html: str, once: bool) -> str:
    """Keep a page for whoever it was made for; the name it has in its address."""
    name = ctx.ids.token()[:32]
    values = {
        "hash": token_hash(name), "owner": owner, "status": status, "html": html, "once": once,
        "until_at": ctx.now() + DRAFT_LASTS,
    }  # fmt: skip
    await add(ctx.engine, Draft, values)
    return name


async def draft(ctx: Context, name: str, owner: str) -> Shown | None:
    """The page of that name, for its owner; one with a secret is gone with this."""
    hashed = token_hash(name)
    found = typed_or_none(Shown, await _draft.on(ctx.engine)(hashed))
    if found is None or found.owner != owner or found.until_at < ctx.now():
        return None
    if found.once:
        await _drop_draft.on(ctx.engine)(hashed)
    return found


async def end_drafts(engine: Engine, owner: str) -> None:
    """The pages of a sign-in that ends."""
    await _drop_drafts_of.on(engine)(owner)


async def keep(
    ctx: Context, *, member: str, acting_for: str, path: str, page: str, pairs: Pairs, device: str
) -> str:
    """Keep a form for its member; the name it has in its address."""
    name = ctx.ids.token()[:32]
    values = {
        "hash": token_hash(name), "member": member, "acting_for": acting_for, "path": path, "page": page,
        "body": json.dumps(pairs, ensure_ascii=False), "device": device[:DEVICE_LENGTH_MAX],
        "until_at": ctx.now() + KEPT_LASTS,
    }  # fmt: skip
    await add(ctx.engine, KeptForm, values)
    return name


async def kept(ctx: Context, name: str, member: str) -> Kept | None:
    """The kept form of that name, for the member who typed it and nobody else."""
    found = typed_or_none(Kept, await _kept.on(ctx.engine)(token_hash(name)))
    return found if found and found.member == member and found.until_at >= ctx.now() else None


async def let_go(engine: Engine, kept: Kept) -> None:
    """It was sent, or is not wanted any more."""
    await _drop_kept.on(engine)(kept.hash)


async def erase_old(ctx: Context) -> int:
    """Drafts and kept forms whose time is over; how many those were."""
    now = ctx.now()
    return len(await _old_drafts.on(ctx.engine)(now)) + len(await _old_kept.on(ctx.engine)(now))
