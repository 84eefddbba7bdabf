"""The lines of a batch: a passbook entered, corrected, left out again; a table of them read row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace.lists.dates import date_in
from marketplace.names import name_key
from marketplace.phones import read_phones
from marketplace.text import narrowed
from timebank.access import Actor
from timebank.community import finding, recognition, sheets
from timebank.community.recognition import Bench, Known
from timebank.community.sheets import Row
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, BadField, NotFound
from timebank.help.opening.flow import found
from timebank.rules.hours.passbooks import (
    AnotherPassbook,
    DayAhead,
    NameDiffers,
    NoHours,
    PassbookTaken,
    PersonUnclear,
    Said,
    minutes_of,
    open_key,
)
from timebank.rules.people.described import Described
from timebank.rules.relationships import Life
from timebank.store.members import finding as stored_people
from timebank.store.members import people
from timebank.store.members.finding import Sought
from timebank.store.members.people import Card
from timebank.store.office import opening
from timebank.store.office.opening import Line, Opening, OpeningKind
from timebank.store.oversight import audit

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "志愿者", "居民", "持折人", "name"),
    "number": ("编号", "马甲号", "红马甲编号", "会员号", "number"),
    "phone": ("手机", "电话", "联系电话", "手机号", "phone"),
    "amount": ("时长", "时间", "存时", "余额", "结余", "结存", "服务时长", "amount", "balance", "time"),
    "hours": ("小时", "小时数", "时数", "hours"),
    "minutes": ("分钟", "分钟数", "分", "minutes"),
    "book": ("存折号", "存折编号", "折号", "卡号", "passbook", "book"),
    "said_on": ("日期", "截止日期", "截至", "存折日期", "date"),
    "note": ("备注", "说明", "note"),
}
ROWS_MAX = 2_000
_AMOUNTS = frozenset({"amount", "hours", "minutes"})
_WHO = frozenset({"name", "number", "phone"})


class NoSuchTable(BadField):
    """The file has no columns that say who saved how much."""

    code = "no_passbook_table"
    zh, en = (
        "这张表要有“姓名”或“编号”，还有“时长”“小时”“分钟”中的一列。",
        "The table needs a column for the name or number, and one for the time, hours or minutes.",
    )


class DayUnreadable(BadField):
    """A cell that should be a day cannot be read as one."""

    code = "day_unreadable"
    zh, en = "日期看不懂，请写成2026-01-31这样。", "The day cannot be read; write it as 2026-01-31."


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A passbook as somebody types it; `another` says that it is really a second one of the same person."""

    amount: str
    book: str = ""
    said_on: str = ""
    note: str = ""
    another: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDone:
    """What became of one row of a table: the uid of its line, or why it was left out."""

    row: Row
    became: str = ""
    unclear: bool = False
    refusal: AppRefusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """What became of every row, in the order of the file."""

    rows: tuple[RowDone, ...]

    @property
    def made(self) -> int:
        return sum(bool(one.became) and not one.unclear for one in self.rows)

    @property
    def unclear(self) -> int:
        """Rows that stand in the batch and wait for somebody to say whose they are."""
        return sum(one.unclear for one in self.rows)

    @property
    def same(self) -> int:
        """Rows that say what is entered already."""
        return sum(one.refusal is not None and one.refusal.code == PassbookTaken.code for one in self.rows)

    @property
    def refused(self) -> tuple[RowDone, ...]:
        return tuple(
            one for one in self.rows if one.refusal is not None and one.refusal.code != PassbookTaken.code
        )


# --- one passbook


def said_of(typed: Typed, *, today: date) -> Said:
    """What was typed, as minutes and days.

    Raises:
        HoursUnreadable, UnitMissing, NoHours; DayUnreadable, DayAhead.
    """
    return Said(
        minutes=minutes_of(typed.amount), book=narrowed(typed.book).strip(), said_on=_day(typed.said_on, today),
        note=typed.note,
    )  # fmt: skip


def _day(text: str, today: date) -> date | None:
    found_on = date_in(text, filed_on=today) if text else None
    if text and found_on is None:
        raise DayUnreadable(field="said_on")
    if found_on is not None and found_on > today:
        raise DayAhead(field="said_on")
    return found_on


async def candidates(ctx: Context, actor: Actor, uid: str, typed: str) -> tuple[str, list[Card]]:
    """(uid of the one person who bears that very name, number or telephone, else ""; everybody who may be meant)."""
    batch = await found(ctx, actor, uid, "EnterPassbook")
    sought = finding.read(typed)
    if sought == Sought():
        return "", []
    cards = await stored_people.search(ctx.engine, batch.community, sought, gone=False)
    key, number = name_key(typed), narrowed(typed).strip().upper()
    whole = [
        one for one in cards
        if one.number == number or (key and key in (name_key(one.name), name_key(one.called)))
        or (sought.phone and not sought.tail)
    ]  # fmt: skip
    by_number = [one for one in cards if number and one.number == number]
    sure = by_number or whole
    return (sure[0].uid if len(sure) == 1 and (by_number or len(cards) == 1) else ""), cards


async def enter(ctx: Context, actor: Actor, uid: str, *, member: str, typed: Typed) -> Line:
    """One passbook more in a batch that waits.

    Raises:
        NotFound: no such batch or person here. AlreadyDone: it waits no longer. PassbookTaken, AnotherPassbook.
        What `said_of` refuses.
    """
    said = said_of(typed, today=ctx.today())
    async with ctx.engine.atomic():
        batch = await _open(ctx, actor, uid)
        line = await _entered(ctx, actor, batch, member, said, another=typed.another)
        await audit.note(ctx, actor, "enter_passbook", object=member, reason=uid)
    return line


async def correct(ctx: Context, actor: Actor, uid: str, line: str, *, member: str, typed: Typed) -> Line:
    """Another person, amount, number, day or remark; whoever corrects a line has entered it.

    Raises:
        As for `enter`; NotFound: no such line in the batch.
    """
    said = said_of(typed, today=ctx.today())
    async with ctx.engine.atomic():
        batch = await _open(ctx, actor, uid)
        before = await _line(ctx, batch, line)
        owner = member or before.member
        if not owner:
            raise PersonUnclear(field="member")
        key = await _judged(ctx, batch, owner, said, another=typed.another, but=line)
        after = replace(
            before, member=owner, minutes=said.minutes, book=said.book, said_on=said.said_on,
            note=said.note, entered_by=actor.uid, open_key=key,
        )  # fmt: skip
        await opening.save_line(ctx.engine, after)
        await audit.note(ctx, actor, "correct_passbook", object=owner, reason=uid)
    return after


async def remove(ctx: Context, actor: Actor, uid: str, line: str) -> None:
    """The line is left out of a batch that waits; its passbook may be entered again."""
    async with ctx.engine.atomic():
        batch = await _open(ctx, actor, uid)
        gone = await _line(ctx, batch, line)
        await opening.remove_line(ctx.engine, line)
        await audit.note(ctx, actor, "remove_passbook", object=gone.member, reason=uid)


async def line_of(ctx: Context, actor: Actor, uid: str, line: str) -> Line:
    """A line of a batch, for correcting it."""
    batch = await found(ctx, actor, uid, "EnterPassbook")
    return await _line(ctx, batch, line)


async def owner_of(ctx: Context, line: Line) -> Card | None:
    """Whose the line is, None while nobody said."""
    return (await people.cards(ctx.engine, [line.member])).get(line.member) if line.member else None


# --- a table of them


async def load(ctx: Context, actor: Actor, uid: str, *, filename: str, content: bytes) -> TableRead:
    """Every row of a file judged by itself; what can be read stands in the batch, in one unit of work.

    A row whose owner is not certain stands there, too, and waits for somebody to say whose it is.

    Raises:
        NotFound, AlreadyDone. NoSuchTable; FileUnreadable, FileTooLarge: as for any list.
    """
    await found(ctx, actor, uid, "EnterPassbook")
    rows = await _rows_of(filename, content)
    async with ctx.engine.atomic():
        batch = await _open(ctx, actor, uid)
        described = [_described(row) for row in rows]
        known = await recognition.load(ctx, batch.community, described)
        waiting = {(one.written, one.minutes, one.book) for one in await opening.lines(ctx.engine, uid)}
        done = []
        for row, who in zip(rows, described, strict=True):
            try:
                done.append(await _row(ctx, actor, batch, row, who, known, waiting))
            except AppRefusal as refusal:
                done.append(RowDone(row=row, refusal=refusal))
        await audit.note(ctx, actor, "load_passbooks", object=uid)
    return TableRead(rows=tuple(done))


async def _rows_of(filename: str, content: bytes) -> tuple[Row, ...]:
    """The rows of the first table that says who saved how much."""
    rows = await sheets.rows_of(filename, content, columns=COLUMNS, needs=(_AMOUNTS, _WHO), rows_max=ROWS_MAX)
    if rows is None:
        raise NoSuchTable(field="files")
    return rows


def said_in(cells: Mapping[str, str], *, today: date) -> Said:
    """What a row says: a time in words, or hours and minutes in columns of their own."""
    if cells.get("amount"):
        minutes = minutes_of(cells["amount"])
    else:
        parts = [
            (cells[name], unit)
            for name, unit in (("hours", 60), ("minutes", 1))
            if cells.get(name, "0") != "0"
        ]
        if not parts:
            raise NoHours(field="amount")
        minutes = sum(minutes_of(text, unit_minutes=unit) for text, unit in parts)
    return Said(
        minutes=minutes, book=narrowed(cells.get("book", "")).strip()[:40], note=cells.get("note", "")[:200],
        said_on=_day(cells.get("said_on", ""), today),
    )  # fmt: skip


async def _row(
    ctx: Context,
    actor: Actor,
    batch: Opening,
    row: Row,
    who: Described,
    known: Bench,
    waiting: set[tuple[str, int, str]],
) -> RowDone:
    said = said_in(row.cells, today=ctx.today())
    member = await _owner(ctx, batch, row, who, known)
    if member:
        line = await _entered(ctx, actor, batch, member, said, another=bool(said.book))
        return RowDone(row=row, became=line.uid)
    if not who.name:
        raise PersonUnclear(field="name")
    if (who.name, said.minutes, said.book) in waiting:
        raise PassbookTaken(field="book")
    waiting.add((who.name, said.minutes, said.book))
    key = open_key(batch.community, member="", book=said.book) if said.book else ""
    line = replace(_new(ctx, actor, batch, said), written=who.name[:60], open_key=key)
    if not await opening.add_line(ctx.engine, line):
        raise PassbookTaken(field="book")
    return RowDone(row=row, became=line.uid, unclear=True)


async def _owner(ctx: Context, batch: Opening, row: Row, who: Described, known: Bench) -> str:
    """Whose passbook a row is: by the number on the vest with the name beside it, else as for any list; "" to be asked."""
    number = narrowed(row.cells.get("number", "")).strip().upper()
    uid = await people.uid_numbered(ctx.engine, batch.community, number) if number else ""
    if uid:
        card = (await people.cards(ctx.engine, [uid]))[uid]
        if who.name and name_key(who.name) not in (name_key(card.name), name_key(card.called)):
            raise NameDiffers(field="number")
        return uid if card.is_active else ""
    found_ = known.recognise(who)
    return found_.uid if isinstance(found_, Known) else ""


def _described(row: Row) -> Described:
    return Described(name=row.cells.get("name", ""), phones=read_phones(row.cells.get("phone", "")))


# --- shared


async def _open(ctx: Context, actor: Actor, uid: str) -> Opening:
    """A batch that still takes lines."""
    batch = await found(ctx, actor, uid, "EnterPassbook")
    if batch.kind is not OpeningKind.BATCH:
        raise NotFound()
    if not batch.waits:
        raise AlreadyDone("这一批已经办完了，请另开一批。", "This batch is closed; please begin another.")
    return batch


async def _line(ctx: Context, batch: Opening, uid: str) -> Line:
    line = await opening.line(ctx.engine, uid)
    if line is None or line.opening != batch.uid:
        raise NotFound()
    return line


async def _entered(
    ctx: Context, actor: Actor, batch: Opening, member: str, said: Said, *, another: bool
) -> Line:
    key = await _judged(ctx, batch, member, said, another=another)
    line = replace(_new(ctx, actor, batch, said), member=member, open_key=key)
    if not await opening.add_line(ctx.engine, line):
        raise PassbookTaken(field="book")
    return line


async def _judged(
    ctx: Context, batch: Opening, member: str, said: Said, *, another: bool, but: str = ""
) -> str:
    """The key under which this passbook counts from now on."""
    row = await people.member(ctx.engine, member)
    if row is None or row.community != batch.community or row.life is not Life.ACTIVE:
        raise NotFound()
    key = open_key(batch.community, member=member, book=said.book)
    same = await opening.line_by_key(ctx.engine, key)
    if same is not None and same.uid != but:
        raise PassbookTaken(field="book")
    others: Sequence[Line] = [
        one for one in await opening.lines_of_member(ctx.engine, member) if one.uid != but
    ]
    if others and not (another and said.book):
        raise AnotherPassbook(field="another")
    return key


def _new(ctx: Context, actor: Actor, batch: Opening, said: Said) -> Line:
    return Line(
        uid=ctx.ids.uid("K"), opening=batch.uid, minutes=said.minutes, book=said.book, said_on=said.said_on,
        note=said.note, entered_by=actor.uid, entered_at=ctx.now(),
    )  # fmt: skip
