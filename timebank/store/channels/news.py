"""News: written with the change that it tells of, and what became of it.

    await news.put(ctx, community=…, member=…, kind="help_comes", pressed_by=actor.uid, service=service.uid, at=…)

What carries it is in `store.channels.outbox`; how people can be reached in `store.members.reach`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, Row, prepared
from timebank.catalogue import Scope
from timebank.catalogue.news import NewsKind, news_kinds
from timebank.context import Context
from timebank.rules.relationships import Life
from timebank.rules.relationships import member as party
from timebank.rules.telling import news as rules
from timebank.rules.telling.news import NOT_OUT, ON_SHEET, Progress, State, Way
from timebank.store.members import people, reach
from timebank.store.relations import relationships
from timebank.store.rows import add, change, columns, rows_of, typed, typed_or_none, values_of
from timebank.store.tables import News as Table
from timebank.store.tables import NewsTry

Known = Mapping[str, str | int]
"""Ids, times and numbers that the sentence is filled with; never a name."""
ABOUT = ("service", "need", "claim", "relationship", "attendance")
"""What news may be about, the nearest first; of two about the same thing only the newer is still told."""
PAGE = 30
_ON_SHEET = f"({', '.join(repr(one.value) for one in sorted(ON_SHEET))})"
# Said in full because the databases differ: without a moment comes first in SQLite, and last in PostgreSQL.
_NEAREST = "too_late_at NULLS LAST, made_at, id"


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
    carried_at: datetime | None = None
    received_at: datetime | None = None
    ask_at: datetime | None = None
    looked_by: str = ""
    looked_at: datetime | None = None

    @property
    def progress(self) -> Progress:
        """What may change of it."""
        return Progress(
            state=self.state, ways=self.ways, tries=self.tries, misses=self.misses, next_at=self.next_at,
            too_late_at=self.too_late_at, ask_at=self.ask_at,
        )  # fmt: skip


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
    carried_at: datetime | None
    received_at: datetime | None
    ask_at: datetime | None
    looked_by: str
    looked_at: datetime | None


async def put(
    ctx: Context, *, community: str, member: str, kind: str, pressed_by: str | int = "", **known: str | int
) -> None:
    """Leave news for `member` in the caller's unit of work; what it overtakes is not told any more.

    Args:
        kind: a code of `catalogue/news.toml`. known: ids, times and numbers for its sentence.
        pressed_by: uid of who did what is told; they know it, and hear nothing.
    """
    await _put(ctx, community, member, kind, known, turn=ctx.ids.uid("T"), pressed_by=str(pressed_by))


async def put_once(
    ctx: Context, *, community: str, member: str, kind: str, turn: str, **known: str | int
) -> None:
    """The same, once for each `turn`, in however many processes: the reminder of one day."""
    await _put(ctx, community, member, kind, known, turn=turn, pressed_by="")


async def put_for_reader(
    ctx: Context, *, community: str, member: str, matter_of: str, kind: str, turn: str, **known: str | int
) -> None:
    """News about somebody for one who may read their notices, once for each `turn`: the letter of one week."""
    assert ctx.engine.in_unit(), "news belongs to the change it tells of"
    await _write(ctx, community, member, kind, known, turn=turn, matter_of=matter_of)


async def _put(
    ctx: Context, community: str, member: str, kind: str, known: Known, *, turn: str, pressed_by: str
) -> None:
    assert ctx.engine.in_unit(), "news belongs to the change it tells of"
    copied = news_kinds()[kind].copied
    readers = await _readers(ctx, community, member) if copied else []
    # News of a number that nobody gave is nobody's, and the desk's to ring.
    if not pressed_by or member != pressed_by:
        await _write(ctx, community, member, kind, known, turn=turn, family=bool(readers))
    for reader in readers:
        if reader != pressed_by:
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
    ctx: Context,
    community: str,
    member: str,
    kind: str,
    known: Known,
    *,
    turn: str,
    matter_of: str = "",
    family: bool = False,
) -> None:
    """Write it for one person, on the way by which they are told.

    Args:
        family: somebody else hears it too, and may hear it in their place.
    """
    if await _is_gone(ctx.engine, member):
        return
    said, now = news_kinds()[kind], ctx.now()
    about = next((str(known[name]) for name in ABOUT if known.get(name)), "")
    starts_at = datetime.fromisoformat(str(known["at"])) if known.get("at") else None
    late_at = rules.too_late(said, made_at=now, starts_at=starts_at)
    progress = await _on_its_way(ctx, member, said, now, late_at, family=family)
    values = {
        "uid": ctx.ids.uid("N"), "community": community, "member": member, "matter_of": matter_of, "kind": kind,
        "about": about, "key": f"{kind}:{about}:{turn}:{member}:{matter_of}", "made_at": now,
        "known": json.dumps(known, ensure_ascii=False), **columns_of(progress),
    }  # fmt: skip
    if await add(ctx.engine, Table, values, once=("key",)) and about:
        await _overtake(ctx.engine, member, matter_of, about, by=str(values["uid"]))


async def _is_gone(engine: DurableEngine, member: str) -> bool:
    """The dead are told nothing, nor is a record that is no more."""
    row = await people.member(engine, member)
    return row is not None and row.life in (Life.DIED, Life.ERASED, Life.JOINED)


async def _on_its_way(
    ctx: Context, member: str, kind: NewsKind, now: datetime, late_at: datetime | None, *, family: bool
) -> Progress:
    wants = await reach.reach_of(ctx.engine, member)
    ways = await reach.ways_to(ctx, wants)
    # Who asked to be rung is rung, by whom they asked: no slip of paper answers that.
    if kind.for_desk or kind.code == "call_me" or (family and wants.chosen[:1] == (Way.FAMILY,)):
        ways = (Way.CALL,) if kind.for_desk or kind.code == "call_me" else (Way.FAMILY,)
    visit_at = await reach.next_visit_at(ctx.engine, member, now=now) if ways[:1] == (Way.SLIP,) else None
    return rules.written(
        kind, ways, now=now, late_at=late_at, zone=ctx.zone, awake=wants.awake, visit_at=visit_at
    )


async def _overtake(engine: DurableEngine, member: str, matter_of: str, about: str, *, by: str) -> None:
    marks = ", ".join("?" for _ in NOT_OUT)
    # Piccolo's update takes no list of values in its condition.
    await engine.execute(
        "UPDATE tb_news SET state = ? WHERE member = ? AND matter_of = ? AND about = ? AND uid <> ?"
        f" AND told_at IS NULL AND state IN ({marks})",
        [State.OVERTAKEN.value, member, matter_of, about, by, *(one.value for one in NOT_OUT)],
    )
    await engine.execute(
        "UPDATE tb_news SET ask_at = NULL WHERE member = ? AND matter_of = ? AND about = ? AND uid <> ?"
        " AND ask_at IS NOT NULL",
        [member, matter_of, about, by],
    )


async def answered(engine: DurableEngine, about: str) -> None:
    """Somebody answered what was asked about this, by whatever way: nobody is asked any more."""
    asking = sorted(kind.code for kind in news_kinds().values() if kind.asks)
    marks = ", ".join("?" for _ in asking)
    waiting = ", ".join("?" for _ in NOT_OUT)
    await engine.execute(
        f"UPDATE tb_news SET state = ? WHERE about = ? AND kind IN ({marks}) AND told_at IS NULL AND state IN ({waiting})",
        [State.OVERTAKEN.value, about, *asking, *(one.value for one in NOT_OUT)],
    )
    await engine.execute("UPDATE tb_news SET ask_at = NULL WHERE about = ? AND ask_at IS NOT NULL", [about])


async def ring_instead(engine: DurableEngine, kinds: Sequence[str], *, before: datetime) -> int:
    """Questions that were handed over before then and not answered go onto the call sheet; how many."""
    marks = ", ".join("?" for _ in kinds)
    rows = await engine.fetch(
        f"UPDATE tb_news SET state = 'call', ways = 'call' WHERE state = 'carried' AND kind IN ({marks})"
        " AND made_at < ? RETURNING uid",
        [*kinds, before],
    )
    return len(rows)


async def lately_told(engine: DurableEngine, member: str, *, since: datetime) -> list[News]:
    """What a person was told or is to be told since then, the newest first: what an answer may be about."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(Table.member == member, Table.made_at >= since, Table.state != State.OVERTAKEN.value)
        .order_by(Table.made_at, Table.id, ascending=False)
        .limit(PAGE)
    )
    return [news_from(row) for row in await rows_of(engine, query)]


async def say(
    engine: DurableEngine,
    one: News,
    progress: Progress,
    *,
    outcome: str,
    by: str,
    now: datetime,
    way: Way = Way.CALL,
) -> None:
    """What the desk found out, in the caller's unit of work."""
    told = {"told_at": now if progress.state is State.TOLD else None}
    await change(engine, Table, {**columns_of(progress), **told}, uid=one.uid)
    await add_try(engine, one.uid, way.value, outcome, now, by)


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
        Table.state.is_in([one.value for one in (*NOT_OUT, State.CARRYING, State.FILED)]),
    )
    await rows_of(engine, query)


@prepared
def _one(uid: str) -> First:
    return Table.select(*columns(_Stored, Table)).where(Table.uid == uid).first()


async def news(engine: DurableEngine, uid: str) -> News | None:
    row = await _one.on(engine)(uid)
    return None if row is None else news_from(row)


async def unanswered(engine: DurableEngine, member: str, kinds: Sequence[str]) -> list[News]:
    """Questions to a person that nobody has answered, the oldest first."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(
            Table.member == member, Table.kind.is_in(list(kinds)), Table.matter_of == "", Table.told_at.is_null(),
            Table.state != State.OVERTAKEN.value,
        )
        .order_by(Table.made_at, Table.id)
        .limit(PAGE)
    )  # fmt: skip
    return [news_from(row) for row in await rows_of(engine, query)]


async def news_of(engine: DurableEngine, member: str, *, page: int = 0) -> list[News]:
    """A person's own news, the newest first; one more than a page holds when there are more."""
    query = (
        Table.select(*columns(_Stored, Table))
        .where(Table.member == member, Table.state != State.OVERTAKEN.value, Table.kind != "call_me")
        .order_by(Table.made_at, Table.id, ascending=False)
        .limit(PAGE + 1)
        .offset(page * PAGE)
    )
    return [news_from(row) for row in await rows_of(engine, query)]


async def on_sheet(engine: DurableEngine, community: str, *, kinds: Sequence[str], limit: int) -> list[News]:
    """What somebody has to ring about, of these kinds; the nearest to be worthless first."""
    rows = await engine.fetch(
        f"SELECT * FROM tb_news WHERE community = ? AND state IN {_ON_SHEET} AND kind IN ({', '.join('?' for _ in kinds)})"
        f" ORDER BY {_NEAREST} LIMIT ?",
        [community, *kinds, limit],
    )
    return [news_from(row) for row in rows]


async def on_sheet_for(engine: DurableEngine, community: str, member: str, *, limit: int) -> list[News]:
    """What one person has to be told by voice, the worst loss first, and of equal loss what is worthless the soonest."""
    harms = " ".join(f"WHEN '{kind.code}' THEN {kind.harm}" for kind in news_kinds().values())
    rows = await engine.fetch(
        f"SELECT * FROM tb_news WHERE community = ? AND member = ? AND state IN {_ON_SHEET}"
        f" ORDER BY CASE kind {harms} ELSE 0 END DESC, {_NEAREST} LIMIT ?",
        [community, member, limit],
    )
    return [news_from(row) for row in rows]


async def sheet_counts(engine: DurableEngine, community: str, members: Sequence[str]) -> dict[str, int]:
    """uid -> how many news wait for a voice, of some people."""
    if not members:
        return {}
    rows = await engine.fetch(
        f"SELECT member, count(*) AS n FROM tb_news WHERE community = ? AND state IN {_ON_SHEET}"
        f" AND member IN ({', '.join('?' for _ in members)}) GROUP BY member",
        [community, *members],
    )
    return {str(row["member"]): int(row["n"]) for row in rows}


async def count_on_sheet(engine: DurableEngine, community: str) -> int:
    """How many people have to be rung or visited."""
    rows = await engine.fetch(
        f"SELECT count(DISTINCT member) AS n FROM tb_news WHERE community = ? AND state IN {_ON_SHEET}",
        [community],
    )
    return int(rows[0]["n"])


async def about(engine: DurableEngine, thing: str, *, since: datetime | None = None) -> list[News]:
    """What was written about a service, need, claim or relationship, the oldest first."""
    query = Table.select(*columns(_Stored, Table)).where(
        Table.about == thing, Table.state != State.OVERTAKEN.value
    )
    if since is not None:
        query = query.where(Table.made_at >= since)
    return [news_from(row) for row in await rows_of(engine, query.order_by(Table.id))]


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


async def said_at(engine: DurableEngine, member: str, by: str, at: datetime) -> list[News]:
    """The news of one person about which somebody said a word in one moment: one call."""
    rows = await engine.fetch(
        "SELECT n.* FROM tb_news n WHERE n.member = ? AND EXISTS (SELECT 1 FROM tb_news_try t"
        " WHERE t.news = n.uid AND t.by = ? AND t.at = ?) ORDER BY n.id",
        [member, by, at],
    )
    return [news_from(row) for row in rows]


async def waits(engine: DurableEngine, community: str, member: str, kind: str) -> bool:
    """Whether such a piece of news waits for the telephone already."""
    query = Table.select(Table.uid).where(
        Table.community == community, Table.member == member, Table.kind == kind,
        Table.state.is_in([one.value for one in ON_SHEET]),
    ).limit(1)  # fmt: skip
    return bool(await rows_of(engine, query))


async def was_told(engine: DurableEngine, member: str, about: str, kind: str) -> bool:
    """Whether this piece of news about this thing was written for the member, told or not yet."""
    query = Table.select(Table.uid).where(
        Table.member == member, Table.about == about, Table.kind == kind, Table.matter_of == ""
    )
    return bool(await rows_of(engine, query.limit(1)))


async def asked_of(engine: DurableEngine, member: str, kind: str) -> list[str]:
    """What this kind of news to the member was about, the newest first."""
    query = (
        Table.select(Table.about)
        .where(Table.member == member, Table.kind == kind, Table.state != State.OVERTAKEN.value)
        .order_by(Table.made_at, ascending=False)
        .limit(20)
    )
    return list(dict.fromkeys(str(row["about"]) for row in await rows_of(engine, query)))


async def told_of(engine: DurableEngine, about: str, kind: str) -> list[str]:
    """Everybody for whom this piece of news about this thing was written, by uid."""
    query = Table.select(Table.member).where(Table.about == about, Table.kind == kind, Table.matter_of == "")
    return sorted({str(row["member"]) for row in await rows_of(engine, query)})


async def add_try(
    engine: DurableEngine, uid: str, way: str, outcome: str, at: datetime, by: str = ""
) -> None:
    await add(engine, NewsTry, {"news": uid, "way": way, "outcome": outcome, "at": at, "by": by})


def columns_of(progress: Progress) -> dict[str, object]:
    return {
        "state": progress.state.value, "ways": ",".join(way.value for way in progress.ways), "tries": progress.tries,
        "misses": progress.misses, "next_at": progress.next_at, "too_late_at": progress.too_late_at,
        "ask_at": progress.ask_at,
    }  # fmt: skip


def news_from(row: Row) -> News:
    stored = typed(_Stored, row)
    values = values_of(stored) | {
        "known": json.loads(stored.known),
        "ways": tuple(Way(word) for word in stored.ways.split(",") if word),
    }
    return News(**values)  # type: ignore[arg-type]  # the same fields, two of them read
