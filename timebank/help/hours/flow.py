"""Use cases of hours: read a passbook, give to the community fund, correct a mistake; the books' own are in `books`.

Names never stand in the ledger. The reason texts of a passbook are put together when it is read, from the services the
entries point at, so that erasing a person's services erases the words and leaves the minutes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger import Entry, LedgerRefusal, Line, ReverseTransfer
from ledger.chain import uid_of
from ledger.commands import EntryKind
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, NotFound, OwnHours, WrongMoment
from timebank.help.hours.books import (
    MonthClosed,
    close_month,
    export_books,
    month_text,
    quick_problems,
    seal_month,
    snapshot,
    verify,
    waiting_in,
)
from timebank.help.hours.passbook import Passbook, PassLine, lines_of
from timebank.rules import attendance
from timebank.rules.attendance import Attendance, State
from timebank.rules.credit import Credit
from timebank.rules.payment import rest_key
from timebank.store import audit, news, opening, people, services
from timebank.store.services import ServiceTitle

REASONS = ("wrong_minutes", "wrong_person", "not_served", "entered_twice")
PAGE_LINES = 40
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


class TwoPeople(WrongMoment):
    """Hours brought forward were approved by two people, and go back by two."""

    code = "takes_two"
    zh = "从纸质存折转来的时间，要在“纸质存折转入”里由两个人撤回。"
    en = "Hours from a paper passbook go back by two people, on the page where they were brought forward."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed:
    """The entries that were taken back, and those that did it."""

    reversed: tuple[str, ...]
    by: tuple[str, ...]


async def reverse(ctx: Context, actor: Actor, transfer: str, *, reason: str, note: str = "") -> Reversed:
    """Take back what an entry posted, by a new entry; the hours of an attendance go back to the desk to decide again.

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
        book = ctx.book(actor.community)
        entries = await _posted_together(ctx, actor.community, transfer)
        part = await _locked_part(ctx, entries[0])
        await _not_ones_own(ctx, actor, entries)

        reversals = []
        for entry in entries:
            command = ReverseTransfer(
                key=f"reverse:{entry.uid}",
                transfer=entry.uid,
                effective_on=ctx.today(),
                occurred_at=ctx.now(),
                reason=f"reverse_{reason}",
                actor=actor.uid,
                meta=json.loads(entry.meta or "{}"),
            )
            try:
                reversals.append(await book.post(command, at=ctx.now()))
            except LedgerRefusal as refusal:
                raise _said_better(refusal) from refusal
        if part is not None and part.state is State.POSTED:
            await _reopen(ctx, part, note=note or reason)

        for one in reversals:
            await audit.note(ctx, actor, "reverse_hours", object=one.uid, reason=reason)
        await _tell_owners(ctx, actor, entries)
    return Reversed(reversed=tuple(entry.uid for entry in entries), by=tuple(one.uid for one in reversals))


async def _posted_together(ctx: Context, community: str, transfer: str) -> list[Entry]:
    """The entry and the one that the same confirmation posted beside it, when there are two."""
    book = ctx.book(community)
    try:
        entry = await book.transfer(transfer)
    except LedgerRefusal as refusal:
        raise NotFound() from refusal
    if entry.kind not in _REVERSIBLE:
        raise WrongMoment("这一笔不能更正。", "This entry is not one that can be taken back.")
    if entry.key.startswith("opening:"):
        raise TwoPeople()
    if not entry.key.startswith("attendance:"):
        return [entry]
    first = entry.key.removesuffix(rest_key(""))
    found = []
    for key in (first, rest_key(first)):
        try:
            found.append(await book.transfer(uid_of(book.code, key)))
        except LedgerRefusal:
            continue
    return found


async def _locked_part(ctx: Context, entry: Entry) -> Attendance | None:
    uid = str(json.loads(entry.meta or "{}").get("attendance", ""))
    part = await services.attendance(ctx.engine, uid) if uid else None
    if part is None:
        return None
    await services.service(ctx.engine, part.service, lock=True)
    return await services.attendance(ctx.engine, uid, lock=True)


async def _not_ones_own(ctx: Context, actor: Actor, entries: Sequence[Entry]) -> None:
    for uid in {actor.uid, actor.subject}:
        row = await people.member(ctx.engine, uid)
        account = row.account if row else ""
        if any(posting.account == account for entry in entries for posting in entry.postings):
            raise OwnHours("自己的时间要请别的同事更正。", "A colleague has to correct your own hours.")


def _said_better(refusal: LedgerRefusal) -> Exception:
    # The reversal's key is made from the entry: somebody else's reversal is found under it, or by the book itself.
    if refusal.code in {"already_reversed", "key_conflict"}:
        return AlreadyDone("这一笔已经更正过了。", "This entry was already taken back.")
    if refusal.code == "below_floor":
        return WrongMoment(
            "这些时间已经用掉了，存折不够冲回。请先和本人商量。",
            "These hours were used already, so the passbook cannot give them back. Talk to the person first.",
        )
    return refusal


async def _reopen(ctx: Context, part: Attendance, *, note: str) -> None:
    reopened = attendance.reopen(part, note=note[:200])
    await services.save_attendance(ctx.engine, reopened)
    service = await services.service(ctx.engine, part.service)
    assert service is not None
    parts = await services.attendances(ctx.engine, part.service)
    await services.save_service(ctx.engine, attendance.after_all(service, parts))


async def _tell_owners(ctx: Context, actor: Actor, entries: Sequence[Entry]) -> None:
    accounts = {posting.account for entry in entries for posting in entry.postings}
    for uid in await people.owners_of(ctx.engine, actor.community, sorted(accounts)):
        await news.put(
            ctx,
            community=actor.community,
            member=uid,
            kind="hours_reversed",
            pressed_by=actor.uid,
            transfer=entries[0].uid,
        )


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
    "waiting_in",
]
