"""Where the log, the book and the attendance of a community stand, published together: by the clock, and when a month is closed.

await publish_what_is_due(ctx, "dongqu")     # the month that is over, once; again when it was closed since
told = await witness(ctx, "dongqu")          # the file for a partner unit's drawer
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ledger.rows import Entry
from ledger.witness import Witness, WitnessUnreadable, against_hashes, read_witness
from timebank.community.relating.doers import system
from timebank.context import Context
from timebank.rules.oversight.publishing import (
    Head,
    Published,
    Sums,
    directive,
    read_logs,
    read_sums,
    sums_at,
    sums_of,
    witnessed,
)
from timebank.store.oversight import audit, publications


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a community stands at one moment.

    Attributes:
        book: the witness of its book. logs: the heads of its own log and of the installation's.
    """

    book: Witness
    logs: tuple[Head, ...]
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A witness file: the book's days, and the logs and sums that stood with them; files of earlier versions lack these."""

    book: Witness
    logs: tuple[Head, ...]
    sums: Sums | None


async def standing(ctx: Context, community: str) -> Standing:
    """Log, book and attendance in one view of the database."""
    book = ctx.book(community)
    async with book.view():
        entries = [entry async for page in book.journal() for entry in page]
        head = await book.head()
        known = (community, audit.INSTALLATION)
        return Standing(
            book=Witness(book=book.code, timezone=book.timezone, head=head, seals=tuple(await book.seals())),
            logs=tuple(one for one in await audit.heads(ctx.engine) if one.chain in known),
            sums=sums_of(await publications.posted_words(ctx.engine, community), entries, upto=head.seq),
        )


async def publish(ctx: Context, community: str, month: str) -> Published:
    """Publish where everything stands now as what belongs to a month."""
    now = await standing(ctx, community)
    one = Published(
        community=community, month=month, at=ctx.now(), logs=now.logs, seq=now.book.head.seq,
        book_hash=now.book.head.hash.hex(), sums=now.sums,
    )  # fmt: skip
    async with ctx.engine.atomic():
        await publications.add_publication(ctx.engine, one)
        await audit.note(ctx, system(community), "publish", object=month, community=community)
    return one


async def publish_what_is_due(ctx: Context, community: str) -> int:
    """Publish the month that is over, and each one that was closed since; how many."""
    known = {one.month: one for one in await publications.publications(ctx.engine, community)}
    book = ctx.book(community)
    closed = {period.month: period.seq for period in await book.periods()}
    due = [month for month, seq in closed.items() if month in known and known[month].seq < seq]
    last = f"{ctx.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    if last not in known:
        if (await book.head()).seq:
            due.append(last)
    # A month that was closed in the very unit of work that began the log was published without a line of it.
    elif known[last].log is None and community in {one.chain for one in await audit.heads(ctx.engine)}:
        due.append(last)
    for month in sorted(set(due)):
        await publish(ctx, community, month)
    return len(set(due))


async def month_directive(ctx: Context, community: str, month: str) -> str:
    """What was published of a month, as the end of its beancount book; "" where nothing was."""
    found = await publications.published_of(ctx.engine, community, month)
    return directive(found) if found else ""


async def witness(ctx: Context, community: str) -> dict[str, object]:
    """What a partner unit keeps, JSON-ready: the book's own file, and where log and attendance stood with it."""
    now = await standing(ctx, community)
    return {**now.book.as_dict(), **witnessed(now.logs, now.sums)}


async def against(ctx: Context, community: str, kept: Kept, entries: Sequence[Entry]) -> list[str]:
    """What the book and the attendance of a community say otherwise than a witness file; the log is looked at with its own rules."""
    if kept.book.book != community:
        return [f"the witness is of {kept.book.book}"]
    hashes = {one.seq: one.hash for one in entries}
    found = [f"book: {one}" for one in against_hashes(kept.book, hashes, whole=True)]
    if kept.sums is not None:
        words = await publications.posted_words(ctx.engine, community)
        found += _sums_differ(kept.sums, sums_of(words, entries, upto=kept.book.head.seq), "the witness")
    return found


async def against_published(ctx: Context, community: str, entries: Sequence[Entry]) -> list[str]:
    """What book and attendance say otherwise than the months that this community published."""
    words = await publications.posted_words(ctx.engine, community)
    hashes = {one.seq: one.hash.hex() for one in entries}
    published = await publications.publications(ctx.engine, community)
    sums = sums_at(words, entries, [one.seq for one in published])
    found = []
    for one in published:
        if one.seq and hashes.get(one.seq) != one.book_hash:
            found.append(f"book: entry {one.seq} was published with {one.month} and is another or gone")
        found += _sums_differ(one.sums, sums[one.seq], one.month)
    return found


def _sums_differ(published: Sums, now: Sums, where: str) -> list[str]:
    if published == now:
        return []
    return [
        f"attendance: {where} says {published.parts} parts and {published.minutes} minutes,"
        f" {now.parts} and {now.minutes} stand here"
    ]


def read_kept(path: Path) -> Kept:
    """The witness in a file.

    Raises:
        WitnessUnreadable, OSError: it is something else, or not there.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        if not isinstance(told, dict):
            raise WitnessUnreadable(f"{path} is no witness")
        return Kept(book=read_witness(told), logs=read_logs(told), sums=read_sums(told))
    except WitnessUnreadable:
        raise
    except ValueError as error:
        raise WitnessUnreadable(f"{path} is no witness: {error}") from error
