"""The call sheet: whom somebody has to ring, the worst loss first, with the number and the sentences to read.

One person is one call, however many sentences wait for them. It counts what waits, not what it shows: ten thousand old
notices never hide one neighbour who asked to be rung.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from timebank.catalogue.news import news_kinds
from timebank.context import Context
from timebank.news.wording import alike, said
from timebank.rules.telling.news import State, weight
from timebank.store.channels import news, outbox
from timebank.store.channels.news import News
from timebank.store.members import people, phones

CALL_ME = "call_me"
SHOWN = 30
LINES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence to read out.

    Attributes:
        also: other days of the same series, told by the same sentence; `news` is the first of them.
        others_told: somebody else heard the same already.
    """

    news: News
    also: tuple[News, ...]
    sentence: str
    others_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person to ring.

    Attributes:
        name, numbers: who, and what to dial, the first number first, as they were written.
        lines: what to tell, the worst loss first; more: how many wait for them beside these.
        visit: ringing was given up; somebody has to go there.
    """

    member: str
    name: str
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    weight: float
    visit: bool

    @property
    def news(self) -> News:
        """What weighs most."""
        return self.lines[0].news

    @property
    def asked(self) -> bool:
        """They asked to be rung themselves."""
        return any(line.news.kind == CALL_ME for line in self.lines)

    @property
    def uids(self) -> tuple[str, ...]:
        return tuple(one.uid for line in self.lines for one in (line.news, *line.also))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet: the first rows of it, how many people are to be rung altogether, and how many news nobody could be told in time."""

    rows: tuple[Row, ...]
    waiting: int
    could_not: int


@dataclass(frozen=True, slots=True)
class _Weighed:
    """News in the order in which they are told: what was rung in vain comes back when its half hour is over."""

    news: News
    later: bool
    weight: float
    others_told: bool

    @property
    def order(self) -> tuple[bool, float, datetime, datetime, str]:
        """Of equal weight what is too late the soonest, as the sentences of one series are read out day after day."""
        too_late_at = self.news.too_late_at or datetime.max.replace(tzinfo=UTC)
        return self.later, -self.weight, too_late_at, self.news.made_at, self.news.uid

    @property
    def alike(self) -> object:
        """What two of a series have in common."""
        return alike(self.news), self.later, self.others_told, self.news.misses


async def sheet(ctx: Context, community: str, lang: str, *, shown: int = SHOWN) -> Sheet:
    """The people to ring first."""
    found = await _weighed(ctx, await _candidates(ctx, community, shown))
    members = list(dict.fromkeys(one.news.member for one in found))[:shown]
    theirs = [
        one
        for member in members
        for one in await news.on_sheet_for(ctx.engine, community, member, limit=LINES_SHOWN)
    ]
    lines = await _weighed(ctx, theirs)
    counts = await news.sheet_counts(ctx.engine, community, members)
    return Sheet(
        rows=await _rows(ctx, members, lines, counts, lang),
        waiting=await news.count_on_sheet(ctx.engine, community),
        could_not=await outbox.count_missed(ctx.engine, community),
    )


async def _candidates(ctx: Context, community: str, shown: int) -> list[News]:
    """Enough of every degree of harm: within one, what is nearest to being worthless weighs most."""
    by_harm = sorted((kind.harm, code) for code, kind in news_kinds().items() if kind.harm)
    found: list[News] = []
    for _harm, codes in groupby(by_harm, key=lambda pair: pair[0]):
        found += await news.on_sheet(ctx.engine, community, kinds=[code for _, code in codes], limit=shown)
    return found


async def _weighed(ctx: Context, some: Sequence[News]) -> list[_Weighed]:
    told = await news.told_about(ctx.engine, [one.about for one in some])
    now = ctx.now()
    weighed = [
        _Weighed(
            one,
            one.next_at > now,
            weight(
                news_kinds()[one.kind], made_at=one.made_at, too_late_at=one.too_late_at, misses=one.misses,
                others_told=(one.about, one.kind) in told, now=now,
            ),
            (one.about, one.kind) in told,
        )
        for one in some
    ]  # fmt: skip
    return sorted(weighed, key=lambda one: one.order)


async def _rows(
    ctx: Context, members: Sequence[str], lines: Sequence[_Weighed], counts: dict[str, int], lang: str
) -> tuple[Row, ...]:
    names = await people.names(
        ctx.engine, sorted({uid for one in lines for uid in (one.news.member, one.news.matter_of) if uid})
    )
    numbers = await phones.numbers_of(ctx.engine, members)
    rows = []
    for member in members:
        own = [one for one in lines if one.news.member == member]
        if not own:  # told meanwhile
            continue
        rows.append(
            Row(
                member=member, name=names.get(member, ""), numbers=numbers.get(member, ()),
                lines=tuple(_line(ctx, some, names, lang) for some in _series(own)),
                more=max(counts.get(member, 0) - len(own), 0), weight=own[0].weight,
                visit=any(one.news.state is State.VISIT for one in own),
            )
        )  # fmt: skip
    return tuple(rows)


def _series(own: Sequence[_Weighed]) -> list[list[_Weighed]]:
    """What differs by its time alone together, in the order in which each series comes up first."""
    found: list[list[_Weighed]] = []
    for one in own:
        series = next((some for some in found if _goes_with(one, some)), None)
        if series is None:
            found.append([one])
        else:
            series.append(one)
    return found


def _goes_with(one: _Weighed, series: Sequence[_Weighed]) -> bool:
    """What has no time, and two things of one time, are told apart: one sentence would hide that they are two."""
    at = one.news.known.get("at")
    return (
        bool(at) and one.alike == series[0].alike and at not in {other.news.known["at"] for other in series}
    )


def _line(ctx: Context, some: Sequence[_Weighed], names: dict[str, str], lang: str) -> Line:
    first, *also = [one.news for one in sorted(some, key=lambda one: str(one.news.known.get("at", "")))]
    whose = names.get(first.matter_of, "")
    return Line(
        news=first, also=tuple(also), others_told=some[0].others_told,
        sentence=said(first, lang, ctx.zone, matter_of=whose, also=also),
    )  # fmt: skip
