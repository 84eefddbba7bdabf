"""Sessions, one-time codes and throttles; tokens are stored as hashes only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from timebank.access import NOBODY, Actor
from timebank.catalogue import Catalogue
from timebank.store.actors import actor_of
from timebank.store.rows import or_null

DELAY_AFTER_TRIES = 3
DELAY_SECONDS_MAX = 900


def token_hash(token: str) -> str:
    return sha256(b"timebank/token/v1" + token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in force and the person behind it."""

    hash: str
    actor: Actor


async def open_session(
    ctx: Any,
    *,
    member: str,
    idle_minutes: int,
    lasts: timedelta,
    acting_for: str = "",
    level: str = "full",
) -> str:
    """A new session; its bearer token, which is never stored. Always a fresh id, so none can be fixed beforehand."""
    token: str = ctx.ids.token()
    now = ctx.now()
    await ctx.engine.execute(
        "INSERT INTO tb_session (hash, member, acting_for, level, created_at, seen_at, idle_minutes, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [token_hash(token), member, or_null(acting_for), level, now, now, idle_minutes, now + lasts],
    )
    return token


async def close_session(engine: Any, token: str) -> None:
    await engine.execute("DELETE FROM tb_session WHERE hash = ?", [token_hash(token)])


async def close_sessions_of(engine: Any, member: str) -> None:
    """Sign a member out everywhere."""
    await engine.execute("DELETE FROM tb_session WHERE member = ?", [member])


async def act_for(engine: Any, hash: str, elder: str) -> None:
    """Let the session act for `elder`; "" stops it."""
    await engine.execute("UPDATE tb_session SET acting_for = ? WHERE hash = ?", [or_null(elder), hash])


async def find_session(
    engine: Any, catalogue_of: Callable[[str], Catalogue], token: str, now: datetime
) -> OpenSession | None:
    """The session of a bearer token and its person with today's roles, or None.

    Roles, teams, units and mandates are read on every request: a change takes effect at once.
    """
    hashed = token_hash(token)
    rows = await engine.fetch("SELECT * FROM tb_session WHERE hash = ?", [hashed])
    if not rows:
        return None
    session = rows[0]
    idle_until = session["seen_at"] + timedelta(minutes=session["idle_minutes"])
    if now >= session["expires_at"] or now >= idle_until:
        return None
    actor = await actor_of(
        engine,
        catalogue_of,
        session["member"],
        now.date(),
        acting_for=session["acting_for"] or "",
        level=session["level"],
    )
    if actor is NOBODY:
        return None
    # One write a minute is enough to know that somebody is still there.
    if now - session["seen_at"] >= timedelta(minutes=1):
        await engine.execute("UPDATE tb_session SET seen_at = ? WHERE hash = ?", [now, hashed])
    return OpenSession(hashed, actor)


async def wait_seconds(engine: Any, keys: tuple[str, ...], now: datetime) -> int:
    """How long these keys (account, source) still have to wait; 0 when a try is allowed."""
    waits = [0]
    for key in keys:
        for row in await engine.fetch("SELECT tries, until_at FROM tb_throttle WHERE key = ?", [key]):
            waits.append(int((row["until_at"] - now).total_seconds()) + 1 if row["until_at"] > now else 0)
    return max(waits)


async def wrong_try(engine: Any, keys: tuple[str, ...], now: datetime) -> None:
    """Count a wrong try: after three, each doubles the wait, up to a quarter of an hour; nobody is locked out."""
    for key in keys:
        rows = await engine.fetch("SELECT tries FROM tb_throttle WHERE key = ?", [key])
        tries = (rows[0]["tries"] if rows else 0) + 1
        delay = (
            0 if tries < DELAY_AFTER_TRIES else min(DELAY_SECONDS_MAX, 2 ** (tries - DELAY_AFTER_TRIES) * 5)
        )
        until = now + timedelta(seconds=delay)
        if rows:
            await engine.execute(
                "UPDATE tb_throttle SET tries = ?, until_at = ? WHERE key = ?", [tries, until, key]
            )
        else:
            await engine.execute(
                "INSERT INTO tb_throttle (key, tries, until_at) VALUES (?, ?, ?)", [key, tries, until]
            )


async def forget_tries(engine: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        await engine.execute("DELETE FROM tb_throttle WHERE key = ?", [key])
