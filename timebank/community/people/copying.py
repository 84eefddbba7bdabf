"""Everything that is kept about one person, as it stands, for themselves: rows, lines of the lists, entries of the book.

The archive is the same for reading; this is complete and for machines, so that it can be taken elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.statement import Line
from marketplace import store as lists
from marketplace.values import Need, Resource
from timebank.access import Actor
from timebank.community.people import lives
from timebank.context import Context
from timebank.rules.people.readings import Why
from timebank.store import personal
from timebank.store.help import lines
from timebank.store.members import people
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at

PAGE = 500
PAGES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the passbook, in minutes."""

    uid: str
    on: date
    reason: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What is kept about a member.

    Attributes:
        uids: theirs, and those of records that were joined into it.
        kept: table -> its rows, with the names of its columns.
        minutes: what the passbook holds.
    """

    uids: tuple[str, ...]
    made_at: datetime
    kept: dict[str, list[dict[str, object]]]
    needs: tuple[Need, ...]
    resources: tuple[Resource, ...]
    hours: tuple[Entry, ...]
    minutes: int


async def copy_of(ctx: Context, actor: Actor, uid: str) -> Copy:
    """The copy; that it was made is noted.

    Raises:
        NotFound: nobody whom this person may ask about.
    """
    row = await lives.record_of(ctx, actor, uid, "MemberCopy")
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "copy_member", object=uid)
        await looked_at(ctx, actor, [uid], Why.COPY)
    uids = (uid, *await personal.joined_into(ctx.engine, uid))
    kept: dict[str, list[dict[str, object]]] = {}
    needs: list[Need] = []
    offers: list[Resource] = []
    hours: list[Entry] = []
    for one in uids:
        for table, found in (await personal.kept_about(ctx.engine, one)).items():
            kept.setdefault(table, []).extend(found)
        needs += [filed.need for filed in await lines.filed_by(ctx.engine, row.community, one)]
        for offer in await lists.resources(ctx.engine, row.community, owner=one, open_only=False):
            offers.append(await lists.resource_private(ctx.engine, row.community, offer.line_key) or offer)
        hours += await _entries(ctx, row.community, one)
    balance = await ctx.book(row.community).balance(row.account)
    return Copy(
        uids=uids, made_at=ctx.now(), kept=kept, needs=tuple(needs), resources=tuple(offers), hours=tuple(hours),
        minutes=balance.balance,
    )  # fmt: skip


async def _entries(ctx: Context, community: str, uid: str) -> list[Entry]:
    """Every line of an account, the latest first."""
    row = await people.member(ctx.engine, uid)
    if row is None:
        return []
    book, before, found = ctx.book(community), None, list[Line]()
    for _page in range(PAGES_MAX):
        page = await book.statement(row.account, before_seq=before, limit=PAGE)
        found += page.lines
        if page.next_before_seq is None:
            break
        before = page.next_before_seq
    return [Entry(uid=one.uid, on=one.effective_on, reason=one.reason, minutes=one.amount) for one in found]
