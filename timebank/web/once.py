"""A request that moves minutes is answered once: the same Idempotency-Key gets the first answer again, for ever."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from piccolo.query.methods.select import First
from pydantic import AliasChoices, Field, TypeAdapter

from ledger.store.engine import prepared
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField, KeyReused
from timebank.store.rows import add, columns, typed_or_none
from timebank.store.tables import RequestKey
from timebank.web.fields import Out

KEY_LENGTH_MAX = 255
Answer = TypeVar("Answer")


def fingerprint(operation: str, body: object) -> str:
    """What makes two requests the same request."""
    text = json.dumps([operation, body], sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


class Made(Out):
    """What a page's submission made; answers kept before it had one name for it are read too."""

    uid: str = Field(validation_alias=AliasChoices("uid", "key", "service"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The first answer given to a key, as JSON, and to which request."""

    fingerprint: str
    body: str


@prepared
def _kept(key: str, actor: str) -> First:
    wanted = (RequestKey.key == key) & (RequestKey.actor == actor)
    return RequestKey.select(*columns(KeptAnswer, RequestKey)).where(wanted).first()


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Answer]) -> TypeAdapter[Answer]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


async def once(
    ctx: Context,
    actor: Actor,
    key: str,
    *,
    operation: str,
    body: object,
    kind: type[Answer],
    run: Callable[[], Awaitable[Answer]],
) -> Answer:
    """The answer of `run`, made once per actor and key and kept in the same transaction as its effects.

    Without a key `run` runs inside its own unit of work. A refusal is not kept: nothing happened, so the same key may
    be tried again when the reason is gone; the ledger keeps its own refusals by its own keys.

    Args:
        body: what was asked, apart from the key.
        kind: what `run` answers with: a dataclass or a schema; it is kept as JSON.

    Raises:
        KeyReused: the key came with another request before.
    """
    if len(key) > KEY_LENGTH_MAX:
        raise BadField("提交编号太长。", "The Idempotency-Key is too long.", field="Idempotency-Key")
    print_now = fingerprint(operation, body)
    async with ctx.engine.atomic():
        if not key:
            return await run()
        if ctx.engine.dialect == "postgres":
            # Two requests with one key wait for each other instead of racing to the unique index.
            await ctx.engine.fetch(
                "SELECT pg_advisory_xact_lock(hashtext(?))::text AS locked", [actor.uid + key]
            )
        kept = typed_or_none(KeptAnswer, await _kept.on(ctx.engine)(key, actor.uid))
        if kept is not None:
            if kept.fingerprint != print_now:
                raise KeyReused()
            return _adapter(kind).validate_json(kept.body)
        answer = await run()
        await add(
            ctx.engine,
            RequestKey,
            {
                "key": key, "actor": actor.uid, "fingerprint": print_now, "status": 200,
                "body": _adapter(kind).dump_json(answer, by_alias=True).decode(), "made_at": ctx.now(),
            },
        )  # fmt: skip
        return answer
