"""News: written with the change that it tells of, leased to carriers, and what became of it.

    await news.put(ctx, community=…, member=…, kind="help_comes", service=service.uid, at=…)

A carrier works in three steps, so that nothing is lost when it is killed: `lease` in a short unit of work, the handing
over outside of any, `settle` with what came of it. A lease that ends without a word counts as unsure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, Row, prepared
from timebank.catalogue import Scope
from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.rules import news as rules
from timebank.rules.news import LEASE, NOT_OUT, ON_SHEET, Progress, State, Way
from timebank.rules.relationships import member as party
from timebank.store import relationships
from timebank.store.rows import add, change, columns, rows_of, typed, typed_or_none, values_of
from timebank.store.tables import News as Table
from timebank.store.tables import NewsTry, Reach

Known = Mapping[str, str | int]
"""Ids, times and numbers that the sentence is filled with; never a name."""
ABOUT = ("service", "need", "claim", "relationship", "attendance")
"""What news may be about, the nearest first; of two about the same thing only the newer is still told."""
PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of news for one person.

    Attributes:
        matter_of: whose affair it is where that is somebody else (a copy for a daughter); "" for the member's own.
        about: the service, need or relationship; "" where it is about nothing else.
    """

    uid: str
    community: str
    member: str
    matter_of: str = ""
    kind: str
    about: str = ""
    known: Known
    state: State
    ways: tuple[Way, ...]
    tries: int
    misses: int
    made_at: datetime
    next_at: datetime
    too_late_at: datetime | None
    told_at: datetime | None = None

    @property
    def progress(self) -> Progress:
        """What may change of it."""
        return Progress(
            state=self.state, ways=self.ways, tries=self.tries, misses=self.misses, next_at=self.next_at,
            too_late_at=self.too_late_at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachOf:
    """How somebody wants to be told: the ways in their order, "" for what the office does by itself."""

    member: str
    ways: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody of the desk said about a piece of news, and when."""

    outcome: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    uid: str
    community: str
    member: str
    matter_of: str
    kind: str
    about: str
    known: str
    state: State
    ways: str
    tries: int
    misses: int
    made_at: datetime
    next_at: datetime
    too_late_at: datetime | None
    told_at: datetime | None


async def put(ctx: Context, *, community: str, member: str, kind: str, **known: str | int) -> None:
    """Leave news for `member` in the caller's unit of work; what it overtakes is not told any more.

    Args:
        kind: a code of `catalogue/news.toml`. known: ids, times and numbers for its sentence.
    """
    await _put(ctx, community, member, kind, known, turn=ctx.ids.uid("T"))


async def put_once(
    ctx: Context, *, community: str, member: str, kind: str, turn: str, **known: str | int
) -> None:
    """The same, once for each `turn`, in however many processes: the reminder of one day."""
    await _put(ctx, community, member, kind, known, turn=turn)


async def _put(ctx: Context, community: str, member: str, kind: str, known: Known, *, turn: str) -> None:
    assert ctx.engine.in_unit(), "news belongs to the change it tells of"
    await _write(ctx, community, member, kind, known, turn=turn)
    if news_kinds()[kind].copied:
        for reader in await _readers(ctx, community, member):
            await _write(ctx, community, reader, kind, known, turn=turn, matter_of=member)


async def _readers(ctx: Context, community: str, member: str) -> list[str]:
    """Who may read somebody's notices today: a daughter, whom she asked to."""
    kinds = [
        one.code for one in ctx.catalogue_of(community).relationships.values() if Scope.NOTICES in one.scope
    ]
    held = await relationships.held_towards(ctx.engine, party(member), kinds=sorted(kinds))
    return sorted(
        {one.holder.code for one in held if one.holds_on(ctx.today()) and Scope.NOTICES in one.scope}
    )


async def _write(
    ctx: Context, community: str, member: str, kind: str, known: Known, *, turn: str, matter_of: str = ""
) -> None:
    said, now = news_kinds()[kind], ctx.now()
    about = next((str(known[name]) for name in ABOUT if known.get(name)), "")
    starts_at = datetime.fromisoformat(str(known["at"])) if known.get("at") else None
    late_at = rules.too_late(said, made_at=now, starts_at=starts_at)
    ways = (Way.CALL,) if said.for_desk else ctx.ways
    progress = rules.written(said, ways, now=now, late_at=late_at, zone=ctx.zone)
    values = {
        "uid": ctx.ids.uid("N"), "community": community, "member": member, "matter_of": matter_of, "kind": kind,
        "about": about, "key": f"{kind}:{about}:{turn}:{member}:{matter_of}", "made_at": now,
        "known": json.dumps(known, ensure_ascii=False), **_columns(progress),
    }  # fmt: skip
    if await add(ctx.engine, Table, values, once=("key",)) and about:
        await _overtake(ctx.engine, member, matter_of, about, by=str(values["uid"]))


async def _overtake(engine: DurableEngine, member: str, matter_of: str, about: str, *, by: str) -> None:
    marks = ", ".join("?" for _ in NOT_OUT)
    # Piccolo's update takes no list of values in its condition.
    await engine.execute(
        "UPDATE tb_news SET state = ? WHERE member = ? AND matter_of = ? AND about = ? AND uid <> ?"
        f" AND told_at IS NULL AND state IN ({marks})",
        [State.OVERTAKEN.value, member, matter_of, about, by, *(one.value for one in NOT_OUT)],
    )


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
            one = _news(row)
            cut = one.state is State.CARRYING
            leased = replace(one, state=State.CARRYING, tries=one.tries + 1)
            await change(
                engine,
                Table,
                {"state": State.CARRYING.value, "tries": leased.tries, "lease_until": now + LEASE},
                uid=one.uid,
            )
            await _try(engine, one.uid, one.ways[0].value, "started", now)
            found.append((leased, cut))
    return found


async def settle(
    engine: DurableEngine, one: News, progress: Progress, *, outcome: str, now: datetime
) -> bool:
    """Write down what came of a lease; False when the lease was no longer ours."""
    async with engine.atomic():
        kept = await change(
            engine, Table, {**_columns(progress), "lease_until": None},
            uid=one.uid, tries=one.tries, state=State.CARRYING.value,
        )  # fmt: skip
        if kept:
            await _try(engine, one.uid, one.ways[0].value, outcome, now)
    return bool(kept)


async def too_late(engine: DurableEngine, *, now: datetime) -> int:
    """Give up what is worth nothing any more, visibly; how many those were."""
    rows = await engine.fetch(
        "UPDATE tb_news SET state = 'could_not' WHERE state IN ('due', 'call', 'visit') AND too_late_at <= ? RETURNING uid",
        [now],
    )
    return len(rows)


async def ring_instead(engine: DurableEngine, kinds: Sequence[str], *, before: datetime) -> int:
    """Questions that were handed over before then and not answered go onto the call sheet; how many."""
    marks = ", ".join("?" for _ in kinds)
    rows = await engine.fetch(
        f"UPDATE tb_news SET state = 'call', ways = 'call' WHERE state = 'carried' AND kind IN ({marks})"
        " AND made_at < ? RETURNING uid",
        [*kinds, before],
    )
    return len(rows)


async def asked_of(engine: DurableEngine, member: str, *, since: datetime) -> list[News]:
    """What a person was told or is to be told since then, the newest first: what an answer may be about."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(Table.member == member, Table.made_at >= since, Table.state != State.OVERTAKEN.value)
        .order_by(Table.made_at, Table.id, ascending=False)
        .limit(PAGE)
    )
    return [_news(row) for row in await rows_of(engine, query)]


async def say(
    engine: DurableEngine, one: News, progress: Progress, *, outcome: str, by: str, now: datetime
) -> None:
    """What the desk found out, in the caller's unit of work."""
    told = {"told_at": now if progress.state is State.TOLD else None}
    await change(engine, Table, {**_columns(progress), **told}, uid=one.uid)
    await _try(engine, one.uid, Way.CALL.value, outcome, now, by)


async def read_by(engine: DurableEngine, member: str, uids: Sequence[str], *, now: datetime) -> None:
    """The person opened these themselves."""
    if uids:
        query = Table.update({Table.state: State.TOLD.value, Table.told_at: now}).where(
            Table.member == member, Table.uid.is_in(list(uids)), Table.told_at.is_null()
        )
        await rows_of(engine, query)


async def drop_waiting(engine: DurableEngine, member: str) -> None:
    """What was never told to somebody is not told any more."""
    query = Table.update({Table.state: State.OVERTAKEN.value}).where(
        (Table.member == member) | (Table.matter_of == member),
        Table.state.is_in([one.value for one in (*NOT_OUT, State.CARRYING)]),
    )
    await rows_of(engine, query)


@prepared
def _one(uid: str) -> First:
    return Table.select(*columns(_Stored, Table)).where(Table.uid == uid).first()


async def news(engine: DurableEngine, uid: str) -> News | None:
    row = await _one.on(engine)(uid)
    return None if row is None else _news(row)


async def news_of(engine: DurableEngine, member: str, *, page: int = 0) -> list[News]:
    """A person's own news, the newest first; one more than a page holds when there are more."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(Table.member == member, Table.state != State.OVERTAKEN.value, Table.kind != "call_me")
        .order_by(Table.made_at, Table.id, ascending=False)
        .limit(PAGE + 1)
        .offset(page * PAGE)
    )
    return [_news(row) for row in await rows_of(engine, query)]


async def on_sheet(engine: DurableEngine, community: str, *, kinds: Sequence[str], limit: int) -> list[News]:
    """What somebody has to ring about, of these kinds; the nearest to be worthless first."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(
            Table.community == community,
            Table.state.is_in([one.value for one in ON_SHEET]),
            Table.kind.is_in(list(kinds)),
        )
        .order_by(Table.too_late_at, Table.made_at, Table.id)
        .limit(limit)
    )
    return [_news(row) for row in await rows_of(engine, query)]


async def told_about(engine: DurableEngine, abouts: Sequence[str]) -> frozenset[tuple[str, str]]:
    """(about, kind) of what somebody has heard already."""
    some = sorted(set(abouts) - {""})
    if not some:
        return frozenset()
    query = Table.select(Table.about, Table.kind).where(Table.about.is_in(some), Table.told_at.is_not_null())
    return frozenset((str(row["about"]), str(row["kind"])) for row in await rows_of(engine, query))


@prepared
def _last_word(uid: str) -> First:
    return (
        NewsTry.select(*columns(Word, NewsTry))
        .where(NewsTry.news == uid, NewsTry.by != "")
        .order_by(NewsTry.id, ascending=False)
        .first()
    )


async def last_word(engine: DurableEngine, uid: str) -> Word | None:
    """The last thing that somebody of the desk said about it."""
    return typed_or_none(Word, await _last_word.on(engine)(uid))


async def waits(engine: DurableEngine, community: str, member: str, kind: str) -> bool:
    """Whether such a piece of news waits for the telephone already."""
    query = Table.select(Table.uid).where(
        Table.community == community, Table.member == member, Table.kind == kind,
        Table.state.is_in([one.value for one in ON_SHEET]),
    ).limit(1)  # fmt: skip
    return bool(await rows_of(engine, query))


async def counted(engine: DurableEngine, community: str) -> dict[State, int]:
    """How many there are in each state."""
    rows = await engine.fetch(
        "SELECT state, count(*) AS n FROM tb_news WHERE community = ? GROUP BY state", [community]
    )
    return {State(row["state"]): int(row["n"]) for row in rows}


@prepared
def _reach(member: str) -> First:
    return Reach.select(*columns(ReachOf, Reach)).where(Reach.member == member).first()


async def reach_of(engine: DurableEngine, member: str) -> ReachOf:
    """How somebody wants to be told; empty when they never said."""
    return typed_or_none(ReachOf, await _reach.on(engine)(member)) or ReachOf(member=member)


async def save_reach(engine: DurableEngine, reach: ReachOf, *, by: str, now: datetime) -> None:
    values = values_of(reach) | {"said_by": by, "said_at": now}
    if not await change(
        engine, Reach, {k: v for k, v in values.items() if k != "member"}, member=reach.member
    ):
        await add(engine, Reach, values)


async def _try(engine: DurableEngine, uid: str, way: str, outcome: str, at: datetime, by: str = "") -> None:
    await add(engine, NewsTry, {"news": uid, "way": way, "outcome": outcome, "at": at, "by": by})


def _columns(progress: Progress) -> dict[str, object]:
    return {
        "state": progress.state.value, "ways": ",".join(way.value for way in progress.ways), "tries": progress.tries,
        "misses": progress.misses, "next_at": progress.next_at, "too_late_at": progress.too_late_at,
    }  # fmt: skip


def _news(row: Row) -> News:
    stored = typed(_Stored, row)
    values = values_of(stored) | {
        "known": json.loads(stored.known),
        "ways": tuple(Way(word) for word in stored.ways.split(",") if word),
    }
    return News(**values)  # type: ignore[arg-type]  # the same fields, two of them read
