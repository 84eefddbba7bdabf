"""The outbox: news leased to carriers, and what comes due for those that were handed over.

A carrier works in three steps, so that nothing is lost when it is killed: `lease` in a short unit of work, the handing
over outside of any, `settle` with what came of it. A lease that ends without a word counts as unsure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ledger.store.engine import DurableEngine
from timebank.catalogue.news import news_kinds
from timebank.rules.telling.news import LEASE, Progress, State, Way
from timebank.store.channels.news import News, add_try, columns_of, news_from
from timebank.store.rows import change, rows_of
from timebank.store.tables import News as Table

KEPT_DAYS = 90
ERASED = '{"erased": 1}'
# Two people who share a telephone and are told the same within this time get one message.
SAME_WITHIN = timedelta(minutes=10)
SWEPT_AT_ONCE = 500


async def lease(
    engine: DurableEngine, *, now: datetime, limit: int, only: Sequence[str] | None = None
) -> list[tuple[News, bool]]:
    """News to hand over now, the worst loss first; each to one caller only, of however many processes.

    Returns:
        The news with its try counted, and whether an earlier lease of it ended without a word.
    """
    locked = " FOR UPDATE SKIP LOCKED" if engine.dialect == "postgres" else ""
    harms = " ".join(f"WHEN '{kind.code}' THEN {kind.harm}" for kind in news_kinds().values())
    here = f" AND community IN ({', '.join('?' for _ in only)})" if only is not None else ""
    async with engine.atomic():
        # Piccolo has no SKIP LOCKED.
        rows = await engine.fetch(
            "SELECT * FROM tb_news WHERE ((state = 'due' AND next_at <= ?) OR (state = 'carrying' AND lease_until < ?))"
            f"{here} ORDER BY CASE kind {harms} ELSE 0 END DESC, next_at, id LIMIT ?{locked}",
            [now, now, *(only or ()), limit],
        )
        found = []
        for row in rows:
            one = news_from(row)
            cut = one.state is State.CARRYING
            leased = replace(one, state=State.CARRYING, tries=one.tries + 1)
            await change(
                engine,
                Table,
                {"state": State.CARRYING.value, "tries": leased.tries, "lease_until": now + LEASE},
                uid=one.uid,
            )
            await add_try(engine, one.uid, one.ways[0].value, "started", now)
            found.append((leased, cut))
    return found


async def settle(
    engine: DurableEngine, one: News, progress: Progress, *, outcome: str, now: datetime
) -> bool:
    """Write down what came of a lease; False when the lease was no longer ours."""
    async with engine.atomic():
        carried = {"carried_at": now} if progress.state is State.CARRIED else {}
        kept = await change(
            engine, Table, {**columns_of(progress), "lease_until": None, **carried},
            uid=one.uid, tries=one.tries, state=State.CARRYING.value,
        )  # fmt: skip
        if kept:
            await add_try(engine, one.uid, one.ways[0].value, outcome, now)
    return bool(kept)


async def too_late(engine: DurableEngine, *, now: datetime) -> int:
    """Give up what is worth nothing any more, visibly; how many those were."""
    rows = await engine.fetch(
        "UPDATE tb_news SET state = 'could_not' WHERE state IN ('due', 'call', 'visit', 'slip', 'filed')"
        " AND too_late_at <= ? RETURNING uid",
        [now],
    )
    return len(rows)


async def come_due(engine: DurableEngine, *, now: datetime) -> list[News]:
    """Questions that were handed over and nobody answered, and slips whose visit began before they were printed."""
    rows = await engine.fetch(
        "SELECT * FROM tb_news WHERE (state = 'carried' AND told_at IS NULL AND ask_at <= ?)"
        " OR (state = 'slip' AND next_at <= ?) ORDER BY id LIMIT ?",
        [now, now, SWEPT_AT_ONCE],
    )
    return [news_from(row) for row in rows]


async def move_on(
    engine: DurableEngine, one: News, progress: Progress, *, outcome: str, now: datetime
) -> bool:
    """The next way for what was handed over in vain; False when something else became of it meanwhile."""
    async with engine.atomic():
        # A question that was answered meanwhile has no moment to ask it again.
        asked = {"ask_at": one.ask_at} if one.ask_at else {}
        moved = await change(engine, Table, columns_of(progress), uid=one.uid, state=one.state.value, **asked)
        if moved:
            await add_try(engine, one.uid, one.ways[0].value if one.ways else "", outcome, now)
    return bool(moved)


async def same_for_others(engine: DurableEngine, one: News) -> list[News]:
    """The same piece of news for other people, written at the same time; the first one written at the front."""
    if not one.about:
        return []
    query = (
        Table.select()
        .where(
            Table.community == one.community, Table.kind == one.kind, Table.about == one.about,
            Table.made_at >= one.made_at - SAME_WITHIN, Table.made_at <= one.made_at + SAME_WITHIN,
        )
        .order_by(Table.id)
    )  # fmt: skip
    found = [news_from(row) for row in await rows_of(engine, query)]
    return [other for other in found if other.uid == one.uid or other.known == one.known]


async def received(engine: DurableEngine, uid: str, *, now: datetime) -> bool:
    """The gateway says that the telephone has it; False when that was no message of ours."""
    rows = await engine.fetch(
        "UPDATE tb_news SET received_at = COALESCE(received_at, ?) WHERE uid = ? AND carried_at IS NOT NULL RETURNING uid",
        [now, uid],
    )
    return bool(rows)


async def filed(engine: DurableEngine, community: str) -> list[News]:
    """Messages in batch files that nobody has said they uploaded, the oldest first."""
    query = (
        Table.select()
        .where(Table.community == community, Table.state == State.FILED.value)
        .order_by(Table.id)
    )
    return [news_from(row) for row in await rows_of(engine, query)]


async def slips(engine: DurableEngine, community: str) -> list[News]:
    """Slips that wait to be printed, and those that were printed and nobody said that they arrived."""
    rows = await engine.fetch(
        "SELECT * FROM tb_news WHERE community = ? AND (state = 'slip' OR (state = 'carried' AND ways LIKE 'slip%'"
        " AND told_at IS NULL)) ORDER BY next_at, id",
        [community],
    )
    return [news_from(row) for row in rows]


async def hand_over(
    engine: DurableEngine, one: News, progress: Progress, *, outcome: str, by: str, now: datetime, way: Way
) -> None:
    """A person says that it went: a slip was printed, a file uploaded; in the caller's unit of work."""
    moved = await change(
        engine, Table, {**columns_of(progress), "carried_at": now}, uid=one.uid, state=one.state.value
    )
    if moved:
        await add_try(engine, one.uid, way.value, outcome, now, by)


async def missed(engine: DurableEngine, community: str, *, looked: bool, limit: int) -> list[News]:
    """What nobody could be told, that the desk has not looked at yet, or has; the newest first."""
    query = Table.select().where(
        Table.community == community, Table.state == State.COULD_NOT.value, Table.kind.is_in(_harmful())
    )
    query = query.where(Table.looked_at.is_not_null() if looked else Table.looked_at.is_null())
    order = Table.looked_at if looked else Table.too_late_at
    rows = await rows_of(engine, query.order_by(order, Table.id, ascending=False).limit(limit))
    return [news_from(row) for row in rows]


async def count_missed(engine: DurableEngine, community: str) -> int:
    """How many of them the desk has not looked at."""
    harmful = _harmful()
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_news WHERE community = ? AND state = 'could_not' AND looked_at IS NULL"
        f" AND kind IN ({', '.join('?' for _ in harmful)})",
        [community, *harmful],
    )
    return int(rows[0]["n"])


async def look_at(
    engine: DurableEngine, community: str, uids: Sequence[str], *, by: str, now: datetime
) -> int:
    """Somebody of the desk has seen that these could not be told; how many were new to them."""
    done = 0
    for uid in uids:
        rows = await engine.fetch(
            "UPDATE tb_news SET looked_by = ?, looked_at = ? WHERE uid = ? AND community = ? AND state = 'could_not'"
            " AND looked_at IS NULL RETURNING uid",
            [by, now, uid, community],
        )
        done += len(rows)
    return done


async def forget(engine: DurableEngine, *, now: datetime) -> int:
    """Erase what the sentences of old news were filled with; that there was news, and what became of it, stays."""
    rows = await engine.fetch(
        "UPDATE tb_news SET known = ? WHERE state NOT IN ('due', 'carrying', 'call', 'visit', 'slip', 'filed')"
        " AND COALESCE(told_at, carried_at, made_at) < ? AND known <> ? RETURNING uid",
        [ERASED, now - timedelta(days=KEPT_DAYS), ERASED],
    )
    return len(rows)


def _harmful() -> list[str]:
    return sorted(kind.code for kind in news_kinds().values() if kind.harm)
