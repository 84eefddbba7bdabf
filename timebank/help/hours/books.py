"""The books as auditors use them: verify, one JSON snapshot, beancount files, and closing a month."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ledger.books import BookData, compare, export, load, row_of, write_book, write_month
from ledger.books.load import BookDoesNotLoad
from ledger.errors import LedgerRefusal
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound, StillResting
from timebank.help.hours.agreeing import disagreements
from timebank.help.hours.publishing import (
    Kept,
    against,
    against_published,
    month_directive,
    publish,
    witness,
)
from timebank.help.posting.resting import post_due
from timebank.store.help import services
from timebank.store.oversight import audit, audit_checks
from timebank.store.oversight.audit_checks import UNREADABLE
from timebank.store.oversight.publications import publications
from timebank.store.places import communities

OPERATOR = "operator"
COMMODITIES = {"MIN", "PTS"}
"""What a community's book counts (`community/founding`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed:
    """A closed month: its seal, and how many services of it still wait for a word."""

    month: str
    hash: str
    waiting: int
    replayed: bool


async def verify(ctx: Context, community: str, kept: Kept | None = None) -> list[str]:
    """What is wrong with a community's book or the audit log, one sentence each; [] when all of it holds.

    Six looks: the rules that stored rows can show; the audit log's chains, guards and the rows that it holds; beancount, which loads
    the written book with its own loader and must come to the same rows; what lists say of the hours that the book has; what
    was published of earlier months; and what somebody else has kept.

    Args:
        kept: a witness file of this community, which may be older than what stands here.
    """
    return [*await _book_problems(ctx, community, kept), *await _log_problems(ctx, [community], kept)]


async def verify_all(ctx: Context) -> list[str]:
    """The same for every community of the installation, whose rows and logs are looked at once for all of them."""
    codes = [one.code for one in await communities.communities(ctx.engine)]
    problems = [one for code in codes for one in await _book_problems(ctx, code, None)]
    return problems + await _log_problems(ctx, codes, None)


async def _book_problems(ctx: Context, community: str, kept: Kept | None) -> list[str]:
    """Everything but the log."""
    problems: list[str] = []
    try:
        found = await ctx.book(community).verify(witnessed=kept.book.heads if kept else None)
        problems += [f"{one.code} at {one.seq}: {one.detail}" for one in found]
        problems += await _strange_books(ctx, community)
        data = await book_data(ctx, community)
        problems += await _beancount_differs(data)
        problems += await disagreements(ctx, community, data.entries)
        problems += await against_published(ctx, community, data.entries)
        if kept is not None:
            problems += await against(ctx, community, kept, data.entries)
    except LedgerRefusal as refusal:  # there is no such book any more
        problems.append(f"book: {refusal}")
    except UNREADABLE as error:  # of a row that somebody has made into something else
        problems.append(f"unreadable: {type(error).__name__}: {error}")
    return problems


async def _strange_books(ctx: Context, community: str) -> list[str]:
    """Books that no community has, and what a community's book counts besides hours and points."""
    rows = await ctx.engine.fetch(
        "SELECT b.code AS book, c.code AS commodity FROM ledger_book b LEFT JOIN ledger_commodity c ON c.book_id = b.id"
        " ORDER BY b.code, c.code"
    )
    known = {one.code for one in await communities.communities(ctx.engine)}
    found = [f"book {one}: of no community" for one in sorted({str(row["book"]) for row in rows} - known)]
    counted = {str(row["commodity"]) for row in rows if row["book"] == community}
    if counted and counted != COMMODITIES:
        found.append(f"book {community}: counts in {', '.join(sorted(counted))}")
    return found


async def _log_problems(ctx: Context, codes: Sequence[str], kept: Kept | None) -> list[str]:
    """What is wrong with the log; what was published of it has to be there."""
    published = [*kept.logs] if kept else []
    found = []
    for code in codes:
        try:
            published += [head for one in await publications(ctx.engine, code) for head in one.logs]
        except UNREADABLE as error:
            found.append(f"what was published: {error}")
    found += await audit_checks.problems(ctx.engine, published=published)
    return [f"audit log: {one}" for one in found]


async def quick_problems(ctx: Context, community: str) -> tuple[list[str], list[str]]:
    """(of the book's rows, of the audit log), without beancount: for a page that is looked at often."""
    book = [f"{one.code} at {one.seq}: {one.detail}" for one in await ctx.book(community).verify()]
    return book, await audit_checks.problems(ctx.engine, rows=False)


async def _beancount_differs(data: BookData) -> list[str]:
    def look() -> list[str]:
        try:
            rows = load(write_book(data))
        except BookDoesNotLoad as refusal:
            return [f"beancount: {error}" for error in refusal.errors]
        return [f"beancount: {one}" for one in compare(map(row_of, data.entries), rows)]

    return await asyncio.to_thread(look)


async def snapshot(ctx: Context, community: str) -> dict[str, object]:
    """The whole book as one JSON document: accounts, transfers, head, problems; opaque ids only."""
    return await ctx.book(community).snapshot()


async def export_books(ctx: Context, community: str, directory: str | Path) -> list[Path]:
    """One beancount file per month, the whole book, its audit file and a partner unit's witness; without anybody's name."""
    told = await witness(ctx, community)
    written = await export(ctx.book(community), directory, labels=False)
    for one in await publications(ctx.engine, community):
        latest = await month_directive(ctx, community, one.month)
        path = Path(directory) / f"{one.month}.beancount"
        if path in written and latest not in (text := path.read_text("utf-8")):
            path.write_text(text + latest, "utf-8")
    kept = Path(directory) / "witness.json"
    kept.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return [*written, kept]


async def month_text(ctx: Context, community: str, month: str) -> str:
    """One month's book as beancount text.

    Raises:
        NotFound: not a month the book has anything for.
    """
    data = await book_data(ctx, community)
    if month not in {f"{entry.effective_on:%Y-%m}" for entry in data.entries}:
        raise NotFound()
    text = await asyncio.to_thread(write_month, data, month)
    return text + await month_directive(ctx, community, month)


async def close_month(ctx: Context, actor: Actor | None, community: str, month: str) -> str:
    """Close a month and say so in both languages; nothing can be dated into it afterwards."""
    closed = await seal_month(ctx, actor, community, month)
    zh = f"{month} 已结账，封存号 {closed.hash[:16]}。"
    en = f"{month} is closed, seal {closed.hash[:16]}."
    if closed.waiting:
        zh += f"还有 {closed.waiting} 份在等确认，确认后记在确认当天。"
        en += f" {closed.waiting} parts still wait for confirmation; they will count on the day they are confirmed."
    return f"{zh} / {en}"


async def seal_month(ctx: Context, actor: Actor | None, community: str, month: str) -> MonthClosed:
    """Close a month; doing it twice gives the first seal again.

    Args:
        actor: the worker who closes it, None for the operator at the command line.

    Raises:
        NotFound: another community's book; LedgerRefusal: not over yet, or a later month is closed.
    """
    who = actor or Actor(uid=OPERATOR, community=community)
    await post_due(ctx, community=community)
    async with ctx.engine.atomic():
        if actor is not None:
            sees(actor, "CloseMonth", Facts(community=community))
        book = ctx.book(community)
        waiting = await waiting_in(ctx, community, month)
        await _nothing_rests(ctx, community, month)
        for period in await book.periods():
            if period.month == month:
                return MonthClosed(month=month, hash=period.hash.hex(), waiting=waiting, replayed=True)
        posted = await book.close_month(month, at=ctx.now(), actor=who.uid)
        await audit.note(ctx, who, "close_month", object=month, community=community)
    await publish(ctx, community, month)
    return MonthClosed(month=month, hash=posted.hash.hex(), waiting=waiting, replayed=False)


async def waiting_in(ctx: Context, community: str, month: str) -> int:
    """How many parts of services that began in `month` wait for confirmation; 0 for something that is no month."""
    stretch = _stretch(ctx, month)
    if stretch is None:
        return 0
    begins, after = stretch
    return await services.count_waiting(ctx.engine, community, starts_from=begins, starts_before=after)


async def _nothing_rests(ctx: Context, community: str, month: str) -> None:
    """Refuse to close a month of which hours were confirmed a moment ago: at most the minutes that they rest."""
    stretch = _stretch(ctx, month)
    if stretch is None:
        return
    begins, after = stretch
    resting, until = await services.count_resting(
        ctx.engine, community, starts_from=begins, starts_before=after
    )
    if resting:
        raise StillResting(resting, f"{until.astimezone(ctx.zone):%H:%M}" if until else "")


def _stretch(ctx: Context, month: str) -> tuple[datetime, datetime] | None:
    """A month's first midnight and that of the next; None for something that is no month."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    after = (first + timedelta(days=32)).replace(day=1)
    begins, ends = (datetime.combine(day, time(0), tzinfo=ctx.zone) for day in (first, after))
    return begins, ends


async def book_data(ctx: Context, community: str) -> BookData:
    """One consistent reading of a community's whole book, as the beancount writer takes it."""
    book = ctx.book(community)
    async with book.view():
        entries = [entry async for page in book.journal() for entry in page]
        return BookData(
            book=book.code,
            timezone=book.timezone,
            accounts=[account._replace(label="") for account in await book.accounts()],
            entries=entries,
            periods=await book.periods(),
        )
