"""A request that moves minutes is answered once: the same Idempotency-Key gets the first answer again, for ever."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

from timebank.access import Actor
from timebank.context import Context
from timebank.errors import BadField, KeyReused

KEY_LENGTH_MAX = 255


def fingerprint(operation: str, body: object) -> str:
    """What makes two requests the same request."""
    text = json.dumps([operation, body], sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


async def once(
    ctx: Context,
    actor: Actor,
    key: str,
    *,
    operation: str,
    body: object,
    run: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """The answer of `run`, made once per actor and key and kept in the same transaction as its effects.

    Without a key `run` runs inside its own unit of work. A refusal is not kept: nothing happened, so the same key may
    be tried again when the reason is gone; the ledger keeps its own refusals by its own keys.

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
        kept = await ctx.engine.fetch(
            "SELECT fingerprint, body FROM tb_request_key WHERE key = ? AND actor = ?", [key, actor.uid]
        )
        if kept:
            if kept[0]["fingerprint"] != print_now:
                raise KeyReused()
            first: dict[str, Any] = json.loads(kept[0]["body"])
            return first
        answer = await run()
        await ctx.engine.execute(
            "INSERT INTO tb_request_key (key, actor, fingerprint, status, body, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            [key, actor.uid, print_now, 200, json.dumps(answer, ensure_ascii=False, default=str), ctx.now()],
        )
        return answer
