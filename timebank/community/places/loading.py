"""Places and walking minutes by the hundred, from a file or pasted; every row judged by itself.

    名称,种类,上级                从,到,分钟
    3号楼,楼栋,一网格             一网格,二网格,8
    4号楼,楼栋,一网格             一网格3号楼,二网格1号楼,5

A row of headings may stand first, in any order of columns; without one the columns stand as above. What stands already
is said to be there and changes nothing, so the same list twice is one list.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.names import name_key
from timebank.access import Actor, Facts, sees
from timebank.community import sheets
from timebank.community.place_names import Names
from timebank.community.places.tree import NAME_LENGTH_MAX
from timebank.context import Context
from timebank.errors import AppRefusal, BadField
from timebank.rules.places.areas import (
    MinutesUnreadable,
    PlaceUnclear,
    PlaceUnknown,
    SamePlaceTwice,
    UnknownNodeKind,
    below,
    judge_area,
)
from timebank.store import locks
from timebank.store.oversight import audit
from timebank.store.places import areas
from timebank.store.places.areas import Area

ROWS_MAX = 20_000
MINUTES_MAX = 240
_BETWEEN_CELLS = re.compile(r"\s*[\t,，、;；|]\s*|\s+")
_MINUTES = re.compile(r"([0-9]{1,3})\s*(?:分钟|分|minutes?|min)?")


class What(StrEnum):
    """What a list is about."""

    PLACES = "places"
    WAYS = "ways"


COLUMNS: Mapping[What, Mapping[str, tuple[str, ...]]] = {
    What.PLACES: {
        "name": ("名称", "地方", "名字", "楼栋", "网格", "name", "place"),
        "kind": ("种类", "类型", "kind", "type"),
        "parent": ("上级", "所在", "所属", "所属网格", "parent", "under"),
    },
    What.WAYS: {
        "one": ("从", "起点", "from"),
        "other": ("到", "终点", "to"),
        "minutes": ("分钟", "步行分钟", "minutes"),
    },
}
"""What each column may be called, in the order in which columns stand without headings."""


class Became(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as written; `number` counts as in the file or the box, from 1 on."""

    number: int
    cells: Mapping[str, str]

    @property
    def text(self) -> str:
        return " · ".join(text for text in self.cells.values() if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDone:
    """What became of one row, or why nothing did."""

    row: Row
    became: Became | None = None
    refusal: AppRefusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What became of every row, in order."""

    what: What
    rows: tuple[RowDone, ...]

    @property
    def made(self) -> int:
        return sum(one.became in (Became.NEW, Became.CHANGED) for one in self.rows)

    @property
    def same(self) -> int:
        return sum(one.became is Became.SAME for one in self.rows)

    @property
    def refused(self) -> tuple[RowDone, ...]:
        return tuple(one for one in self.rows if one.refusal is not None)


async def load(
    ctx: Context,
    actor: Actor,
    what: What,
    *,
    text: str = "",
    filename: str = "",
    content: bytes = b"",
    operation: str = "LoadAreas",
) -> LoadReport:
    """Every row of a file, or else of the pasted text, judged by itself and, where it can stand, written.

    Raises:
        BadField: nothing to read, or too many rows. FileUnreadable, FileTooLarge: as for any list.
    """
    sees(actor, operation, Facts(community=actor.community))
    rows = await rows_of_file(what, filename, content) if content else rows_of_text(what, text)
    if not rows:
        raise BadField("请粘贴几行，或选一个文件。", "Paste some lines, or choose a file.", field="text")
    if len(rows) > ROWS_MAX:
        raise BadField("一次最多2万行，请分成几次。", "At most 20,000 rows; please split them.", field="text")
    judged: Callable[[Row], Awaitable[Became]]
    async with ctx.engine.atomic():
        await locks.one_at_a_time(ctx.engine, f"areas:{actor.community}")
        names = await Names.of(ctx, actor.community)
        judged = (
            _Places(ctx, actor, names).row if what is What.PLACES else (await _Ways.of(ctx, actor, names)).row
        )
        done = []
        for row in rows:
            try:
                done.append(RowDone(row=row, became=await judged(row)))
            except AppRefusal as refusal:
                done.append(RowDone(row=row, refusal=refusal))
        report = LoadReport(what=what, rows=tuple(done))
        if report.made:
            await audit.note(ctx, actor, f"load_{what}", object=actor.community, reason=f"{report.made} rows")
    return report


async def save_way(
    ctx: Context, actor: Actor, *, one: str, other: str, minutes: str, operation: str = "SaveWay"
) -> None:
    """Minutes on foot between two places, by code or by name; 0 takes them back.

    Raises:
        PlaceUnknown, PlaceUnclear, SamePlaceTwice, MinutesUnreadable: as for a row of a list.
    """
    sees(actor, operation, Facts(community=actor.community))
    async with ctx.engine.atomic():
        names = await Names.of(ctx, actor.community)
        here, there = _two(names, one, other)
        if minutes.strip() == "0":
            await areas.forget_way(ctx.engine, here.code, there.code)
        else:
            await areas.save_way(ctx.engine, here.code, there.code, _minutes(minutes))
        await audit.note(ctx, actor, "save_way", object=here.code, reason=there.code)


# ---- rows


def rows_of_text(what: What, text: str) -> tuple[Row, ...]:
    """Pasted lines; cells stand apart by tabs, commas or spaces."""
    lines = [
        (number, _BETWEEN_CELLS.split(line.strip()))
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    return _rows(what, lines)


async def rows_of_file(what: What, filename: str, content: bytes) -> tuple[Row, ...]:
    """The rows of the first sheet that has any; hidden and empty rows are left out."""
    words = [word for column in COLUMNS[what].values() for word in column]
    return _rows(what, await sheets.lines_of(filename, content, words))


def _rows(what: What, lines: Sequence[tuple[int, Sequence[str]]]) -> tuple[Row, ...]:
    order: dict[int, str] = dict(enumerate(COLUMNS[what]))
    if lines:
        named = {at: column for at, text in enumerate(lines[0][1]) if (column := _column(what, text))}
        # 一网格 is no heading and 网格 is one: a row of headings names each column at most once, and two at least.
        if len(named) >= 2 and len(set(named.values())) == len(named):
            order, lines = named, lines[1:]
    return tuple(
        Row(number=number, cells={column: texts[at] for at, column in order.items() if at < len(texts)})
        for number, texts in lines
    )


def _column(what: What, text: str) -> str:
    key = name_key(text)
    return next((column for column, words in COLUMNS[what].items() if key in map(name_key, words)), "")


# ---- judging


class _Places:
    """Adds places row by row; a row may stand under one that an earlier row added."""

    def __init__(self, ctx: Context, actor: Actor, names: Names) -> None:
        self._ctx, self._actor, self._names = ctx, actor, names
        self._kinds = ctx.catalogue_of(actor.community).areas

    async def row(self, row: Row) -> Became:
        name, parent = row.cells.get("name", ""), row.cells.get("parent", "")
        if not name_key(name) or len(name) > NAME_LENGTH_MAX:
            raise BadField(
                "请写名称，最多80个字。", "Please give a name of at most 80 letters.", field="name"
            )
        kind = self._kind(row.cells.get("kind", ""))
        own = await areas.area(self._ctx.engine, self._actor.community) if not parent else None
        above = own or _one(self._names, parent)
        judge_area(self._kinds, kind=kind, parent=above.kind)
        if self._names.below(above, kind, name):
            return Became.SAME
        made = await areas.add_area(
            self._ctx.engine, code=self._ctx.ids.uid("A"), kind=kind, name=name, parent=above,
            community=self._actor.community, since_on=self._ctx.today(),
        )  # fmt: skip
        self._names.add(made)
        return Became.NEW

    def _kind(self, text: str) -> str:
        # 小区（院落） is called by what stands before the bracket, too.
        key = name_key(text)
        for kind in self._kinds.values():
            short = re.split(r"[（(]", kind.zh)[0]
            if key and key in map(name_key, (kind.code, kind.zh, kind.en, short)):
                return kind.code
        raise UnknownNodeKind(field="kind")


class _Ways:
    """Keeps minutes row by row; the later row of one pair counts."""

    def __init__(self, ctx: Context, names: Names, known: dict[tuple[str, str], int]) -> None:
        self._ctx, self._names, self._known = ctx, names, known

    @classmethod
    async def of(cls, ctx: Context, actor: Actor, names: Names) -> _Ways:
        own = await areas.area(ctx.engine, actor.community)
        known = await areas.ways(ctx.engine, own.path) if own else []
        return cls(ctx, names, {(one.area_a, one.area_b): one.minutes for one in known})

    async def row(self, row: Row) -> Became:
        here, there = _two(self._names, row.cells.get("one", ""), row.cells.get("other", ""))
        minutes = _minutes(row.cells.get("minutes", ""))
        pair = (min(here.code, there.code), max(here.code, there.code))
        before = self._known.get(pair)
        if before == minutes:
            return Became.SAME
        await areas.save_way(self._ctx.engine, *pair, minutes)
        self._known[pair] = minutes
        return Became.NEW if before is None else Became.CHANGED


def _one(names: Names, text: str) -> Area:
    found = names.called(text)
    if not found:
        raise PlaceUnknown(field="parent")
    if len(found) > 1:
        raise PlaceUnclear(field="parent")
    return found[0]


def _two(names: Names, one: str, other: str) -> tuple[Area, Area]:
    here, there = _one(names, one), _one(names, other)
    if below(here.path, there.path) or below(there.path, here.path):
        raise SamePlaceTwice(field="other")
    return here, there


def _minutes(text: str) -> int:
    read = _MINUTES.fullmatch(text.strip().casefold())
    if read is None or not 1 <= int(read.group(1)) <= MINUTES_MAX:
        raise MinutesUnreadable(field="minutes")
    return int(read.group(1))
