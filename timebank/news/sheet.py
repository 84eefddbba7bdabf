"""The call sheet: what somebody has to ring about, the worst loss first, with the number and the sentence to read.

It counts what waits, not what it shows: ten thousand old notices never hide one neighbour who asked to be rung.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.news.wording import said
from timebank.rules.news import State, weight
from timebank.store import news, people, phones
from timebank.store.news import News

CALL_ME = "call_me"
SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person to ring.

    Attributes:
        name, numbers: who, and what to dial, the first number first, as they were written.
        sentence: to read out. others_told: somebody else heard the same already.
        visit: ringing was given up; somebody has to go there.
    """

    news: News
    name: str
    numbers: tuple[str, ...]
    sentence: str
    weight: float
    others_told: bool
    visit: bool

    @property
    def asked(self) -> bool:
        """They asked to be rung themselves."""
        return self.news.kind == CALL_ME


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet: the first rows of it, how many wait altogether, and what nobody could be told in time."""

    rows: tuple[Row, ...]
    waiting: int
    could_not: int


async def sheet(ctx: Context, community: str, lang: str, *, shown: int = SHOWN) -> Sheet:
    """The rows to ring first."""
    waiting = await _candidates(ctx, community, shown)
    told = await news.told_about(ctx.engine, [one.about for one in waiting])
    now = ctx.now()
    weights = {
        one.uid: weight(
            news_kinds()[one.kind], made_at=one.made_at, too_late_at=one.too_late_at, misses=one.misses,
            others_told=(one.about, one.kind) in told, now=now,
        )
        for one in waiting
    }  # fmt: skip
    # A call that nobody answered comes back when its half hour is over.
    due = [one for one in waiting if one.next_at <= now] + [one for one in waiting if one.next_at > now]
    first = sorted(due, key=lambda one: (one.next_at > now, -weights[one.uid], one.made_at, one.uid))[:shown]
    counts = await news.counted(ctx.engine, community)
    return Sheet(
        rows=await _rows(ctx, first, lang, weights, told),
        waiting=counts.get(State.CALL, 0) + counts.get(State.VISIT, 0),
        could_not=counts.get(State.COULD_NOT, 0),
    )


async def _candidates(ctx: Context, community: str, shown: int) -> list[News]:
    """Enough of every degree of harm: within one, what is nearest to being worthless weighs most."""
    by_harm = sorted((kind.harm, code) for code, kind in news_kinds().items() if kind.harm)
    found: list[News] = []
    for _harm, codes in groupby(by_harm, key=lambda pair: pair[0]):
        found += await news.on_sheet(ctx.engine, community, kinds=[code for _, code in codes], limit=shown)
    return found


async def _rows(
    ctx: Context, some: Sequence[News], lang: str, weights: dict[str, float], told: frozenset[tuple[str, str]]
) -> tuple[Row, ...]:
    names = await people.names(
        ctx.engine, sorted({uid for one in some for uid in (one.member, one.matter_of) if uid})
    )
    numbers = await phones.numbers_of(ctx.engine, [one.member for one in some])
    return tuple(
        Row(
            news=one,
            name=names.get(one.member, ""),
            numbers=numbers.get(one.member, ()),
            sentence=said(one, lang, ctx.zone, matter_of=names.get(one.matter_of, "")),
            weight=weights[one.uid],
            others_told=(one.about, one.kind) in told,
            visit=one.state is State.VISIT,
        )
        for one in some
    )
