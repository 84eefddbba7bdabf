"""Whoever asks for help and has no telephone of their own: has each a card for the door, or somebody who acts for them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger.store.engine import DurableEngine
from timebank.store.rows import rows_of, typed_all
from timebank.store.tables import SignInCode

PAGE = 50
"""People on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutPhone:
    """One of them.

    Attributes:
        area: code of where they live. proxy: uid of somebody who may act for them today, "" for nobody.
        card_until: the last moment of the card they hold; None for no card.
    """

    uid: str
    number: str = ""
    name: str = ""
    called: str = ""
    area: str
    has_card: bool
    proxy: str = ""
    card_until: datetime | None = None

    @property
    def covered(self) -> bool:
        """Whether they can be reached and can say yes without a telephone."""
        return self.has_card or bool(self.proxy)

    @property
    def place(self) -> str:
        """Where the next page begins when this is the last one of a page."""
        return f"{self.area}:{self.uid}"


# By hand: Piccolo has no words for EXISTS.
_PROXY = (
    " FROM tb_relationship r WHERE r.to_member = m.uid AND r.kind IN ({kinds}) AND r.state = 'in_force'"
    " AND r.since_on <= ? AND (r.until_on IS NULL OR r.until_on >= ?)"
)
_CARD = (
    "EXISTS (SELECT 1 FROM tb_sign_in_code c WHERE c.member = m.uid AND c.kind = 'card' AND c.uses_left > 0"
    " AND c.expires_at > ?)"
)
_WHO = (
    " FROM tb_member m JOIN tb_profile f ON f.member = m.uid LEFT JOIN tb_person p ON p.member = m.uid"
    " WHERE m.community = ? AND m.life = 'active' AND f.asks = ?"
    " AND NOT EXISTS (SELECT 1 FROM tb_phone t WHERE t.member = m.uid AND t.whose = '')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When it is asked, and which kinds of relationship let somebody act for a member."""

    now: datetime
    today: date
    proxy_kinds: tuple[str, ...]

    @property
    def _proxy(self) -> tuple[str, list[object]]:
        sql = _PROXY.format(kinds=", ".join("?" for _ in self.proxy_kinds))
        return sql, [*self.proxy_kinds, self.today, self.today]


async def without_phone(
    engine: DurableEngine,
    community: str,
    at: Moment,
    *,
    after: str = "",
    missing: bool = False,
    size: int = PAGE,
) -> tuple[list[WithoutPhone], str]:
    """(a page of them by where they live, where the next page begins or "").

    Args:
        missing: only those with neither card nor proxy. after: as the page before gave it.
    """
    proxy, proxy_args = at._proxy
    area, _mark, uid = after.rpartition(":")
    sql = f"SELECT m.uid, m.number, p.name, p.called, m.area, {_CARD} AS has_card, (SELECT MIN(r.holder_member){proxy}) AS proxy"
    sql += _WHO
    args: list[object] = [at.now, *proxy_args, community, True]
    if missing:
        sql += f" AND NOT {_CARD} AND NOT EXISTS (SELECT 1{proxy})"
        args += [at.now, *proxy_args]
    if after:
        sql += " AND (m.area > ? OR (m.area = ? AND m.uid > ?))"
        args += [area, area, uid]
    rows = await engine.fetch(f"{sql} ORDER BY m.area, m.uid LIMIT ?", [*args, size + 1])
    found = typed_all(WithoutPhone, rows)
    shown = found[:size]
    until = await _until(engine, [one.uid for one in shown if one.has_card], at.now)
    following = shown[-1].place if len(found) > size else ""
    return [replace(one, card_until=until.get(one.uid)) for one in shown], following


async def counted(engine: DurableEngine, community: str, at: Moment) -> tuple[int, int]:
    """(how many ask and have no telephone of their own, how many of them have neither card nor proxy)."""
    proxy, proxy_args = at._proxy
    everybody = await engine.fetch(f"SELECT COUNT(*) AS n{_WHO}", [community, True])
    without = await engine.fetch(
        f"SELECT COUNT(*) AS n{_WHO} AND NOT {_CARD} AND NOT EXISTS (SELECT 1{proxy})",
        [community, True, at.now, *proxy_args],
    )
    return int(everybody[0]["n"]), int(without[0]["n"])


async def _until(engine: DurableEngine, members: Sequence[str], now: datetime) -> dict[str, datetime]:
    """uid -> the last moment of their card."""
    if not members:
        return {}
    query = SignInCode.select(SignInCode.member, SignInCode.expires_at).where(
        SignInCode.member.is_in(list(members)), SignInCode.kind == "card", SignInCode.expires_at > now
    )
    return {str(row["member"]): row["expires_at"] for row in await rows_of(engine, query)}
