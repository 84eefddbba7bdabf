"""The books as auditors use them: verify, one JSON snapshot, beancount files, and closing a month."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ledger.books import BookData, compare, export, load, row_of, write_book, write_month
from ledger.books.load import BookDoesNotLoad
from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound, StillResting
from timebank.help.hours.agreeing import disagreements
from timebank.help.posting.resting import post_due
from timebank.store import audit, audit_checks, services

OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed:
    """A closed month: its seal, and how many services of it still wait for a word."""

    month: str
    hash: str
    waiting: int
    replayed: bool


async def verify(ctx: Context, community: str) -> list[str]:
    """What is wrong with a community's book or the audit log, one sentence each; [] when all of it holds.

    Four looks: the rules that stored rows can show, the audit log's chain and guards, beancount, which loads the written book
    with its own loader and must come to the same rows, and what lists say of the hours that the book has.
    """
    book = ctx.book(community)
    problems = [f"{one.code} at {one.seq}: {one.detail}" for one in await book.verify()]
    problems += [f"audit log: {one}" for one in await audit_checks.problems(ctx.engine)]
    data = await book_data(ctx, community)
    problems += await _beancount_differs(data)
    return problems + await disagreements(ctx, community, data.entries)


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
    """One beancount file per month, the whole book and its audit file; without anybody's name."""
    return await export(ctx.book(community), directory, labels=False)


async def month_text(ctx: Context, community: str, month: str) -> str:
    """One month's book as beancount text.

    Raises:
        NotFound: not a month the book has anything for.
    """
    data = await book_data(ctx, community)
    if month not in {f"{entry.effective_on:%Y-%m}" for entry in data.entries}:
        raise NotFound()
    return await asyncio.to_thread(write_month, data, month)


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
