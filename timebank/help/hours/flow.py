"""Use cases of hours: read a passbook, give to the community fund, correct a mistake; the books' own are in `books`.

Names never stand in the ledger. The reason texts of a passbook are put together when it is read, from the services the
entries point at, so that erasing a person's services erases the words and leaves the minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger import Line
from ledger.commands import EntryKind
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import BadField, NotFound
from timebank.help.hours import by_two
from timebank.help.hours.books import (
    MonthClosed,
    close_month,
    export_books,
    month_text,
    quick_problems,
    seal_month,
    snapshot,
    verify,
    verify_all,
    waiting_in,
)
from timebank.help.hours.passbook import Passbook, PassLine, lines_of
from timebank.help.hours.taking_back import take_back
from timebank.help.posting.reversing import TwoPeople, posted_together
from timebank.help.promises.seen import Promise, promises
from timebank.rules.hours.credit import Credit
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.people.readings import Why
from timebank.store.help import services
from timebank.store.help.services import ServiceTitle
from timebank.store.members import people
from timebank.store.office import opening
from timebank.store.oversight import audit
from timebank.store.oversight.readings import looked_at

REASONS = ("wrong_minutes", "wrong_person", "not_served", "entered_twice")
PAGE_LINES = 40
NOT_YET = (State.CHECKED_OUT, State.CONFIRMED, State.DISPUTED)
"""Served, and not in the book."""
_REVERSIBLE = frozenset({EntryKind.TRANSFER, EntryKind.SETTLE, EntryKind.ADJUST})


# --- the passbook


async def statement(
    ctx: Context,
    actor: Actor,
    member: str = "",
    *,
    operation: str = "Passbook",
    before_seq: int | None = None,
) -> Passbook:
    """A page of a member's passbook, the newest lines of it in order of time.

    Args:
        member: whose; the actor's own, or of whom the actor acts for, when left out.

    Raises:
        NotFound: no such member, or not for this person. A worker's reading is noted in the audit log.
    """
    uid = member or actor.subject
    async with ctx.engine.atomic():
        row = await people.member(ctx.engine, uid)
        if row is None:
            raise NotFound()
        sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
        if uid != actor.uid and actor.has(Role.WORKER):
            await audit.note(ctx, actor, "read_hours", object=uid)
            await looked_at(ctx, actor, [uid], Why.HOURS)
    book = ctx.book(row.community)
    page = await book.statement(row.account, before_seq=before_seq, limit=PAGE_LINES)
    parts = await _parts_named(ctx, [line.meta for line in page.lines])
    card = (await people.cards(ctx.engine, [uid]))[uid]
    balance = await book.balance(row.account, lapsed_by=ctx.now())
    return Passbook(
        member=uid,
        owner=card.says,
        number=row.number,
        lines=lines_of(
            page.lines, parts, await _titles(ctx, parts, page.lines), await _paper(ctx, page.lines)
        ),
        minutes_left=balance.balance,
        minutes_held=balance.pending,
        before_seq=page.next_before_seq,
    )


async def not_yet(ctx: Context, actor: Actor, lang: str) -> tuple[Promise, ...]:
    """The actor's own hours that are not in the book yet, each with what it waits for; in the order they were served."""
    parts = await services.attendances_of(ctx.engine, actor.uid, states=NOT_YET)
    seen = await promises(ctx, actor, [service for _part, service in parts], lang=lang, of=actor.uid)
    return tuple(one for one in seen if one.part is not None and one.part.minutes_served)


async def _parts_named(
    ctx: Context, metas: Sequence[Mapping[str, str | int]]
) -> dict[str, tuple[Attendance, Credit]]:
    """The attendances that entries point at, each with why its minutes are what they are."""
    found: dict[str, tuple[Attendance, Credit]] = {}
    for uid in sorted({str(meta["attendance"]) for meta in metas if "attendance" in meta}):
        part = await services.attendance(ctx.engine, uid)
        if part is not None:
            found[uid] = part, await services.credit_of(ctx.engine, part)
    return found


async def _titles(
    ctx: Context, parts: Mapping[str, tuple[Attendance, Credit]], lines: Sequence[Line]
) -> dict[str, ServiceTitle]:
    named = {part.service for part, _credit in parts.values()}
    named |= {str(line.meta["service"]) for line in lines if "service" in line.meta}
    # A hold names its service in the memo, because it is placed before anybody attends.
    named |= {line.memo for line in lines if line.memo}
    return await services.titles(ctx.engine, sorted(named))


async def _paper(ctx: Context, lines: Sequence[Line]) -> dict[str, str]:
    """The numbers of the paper passbooks from which hours were brought forward, by the line that says so."""
    named = [str(line.meta["passbook"]) for line in lines if "passbook" in line.meta]
    return {uid: one.book for uid, one in (await opening.lines_named(ctx.engine, named)).items()}


# --- giving and correcting


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed:
    """The entries that were taken back, and those that did it; `waits` is what a second person approves before it is done."""

    reversed: tuple[str, ...]
    by: tuple[str, ...]
    waits: str = ""


async def reverse(ctx: Context, actor: Actor, transfer: str, *, reason: str, note: str = "") -> Reversed:
    """Take back what an entry posted, by a new entry; the hours of an attendance go back to the desk to decide again.

    What raises a member's account otherwise, such as a gift taken back, waits for a second person.

    Args:
        transfer: uid of the entry. What the same confirmation posted beside it goes with it.
        reason: one of `REASONS`; it stands in the book. note: for the desk only, and erasable.

    Raises:
        NotFound; OwnHours: the actor's own hours; AlreadyDone: reversed before; WrongMoment: the hours were used.
        TwoPeople: they came from a paper passbook.
    """
    if reason not in REASONS:
        raise BadField("请选一个更正的原因。", "Please choose why this is corrected.", field="reason")
    async with ctx.engine.atomic():
        sees(actor, "ReverseHours", Facts(community=actor.community))
        entries = await posted_together(ctx, actor.community, transfer)
        if raised := await by_two.raised_by_reversal(ctx, actor.community, entries):
            change = await by_two.enter_reversal(ctx, actor, entries, raised, reason=reason, note=note)
            return Reversed(reversed=(), by=(), waits=change.uid)
        reversals = await take_back(ctx, actor, entries, reason=reason, note=note)
    return Reversed(reversed=tuple(entry.uid for entry in entries), by=tuple(one.uid for one in reversals))


__all__ = [
    "REASONS",
    "MonthClosed",
    "PassLine",
    "Passbook",
    "TwoPeople",
    "close_month",
    "export_books",
    "month_text",
    "quick_problems",
    "reverse",
    "seal_month",
    "snapshot",
    "statement",
    "verify",
    "verify_all",
    "waiting_in",
]
