"""Entries taken back in the book: by new entries that undo them, whatever the same confirmation posted beside them too."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ledger import Entry, LedgerRefusal, Posted, ReverseTransfer
from ledger.chain import uid_of
from ledger.commands import EntryKind
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AlreadyDone, NotFound, OwnHours, WrongMoment
from timebank.rules.hours.payment import rest_key
from timebank.store.members import people

WRONG_MINUTES = "wrong_minutes"
"""Why hours go back whose length was not so."""

_REVERSIBLE = frozenset({EntryKind.TRANSFER, EntryKind.SETTLE, EntryKind.ADJUST})


class TwoPeople(WrongMoment):
    """Hours brought forward were approved by two people, and go back by two."""

    code = "takes_two"
    zh = "从纸质存折转来的时间，要在“纸质存折转入”里由两个人撤回。"
    en = "Hours from a paper passbook go back by two people, on the page where they were brought forward."


class HoursUsed(WrongMoment):
    """The hours were given away or used already, so that the account cannot give them back by itself."""

    code = "hours_used"
    zh = "这些时间已经用掉了，存折不够冲回：请由两位同事从公益基金补正。"
    en = "These hours were used already: two colleagues put it right through the community fund."


async def take_back_entries(
    ctx: Context, actor: Actor, entries: Sequence[Entry], *, reason: str
) -> list[Posted]:
    """The entries undone by new ones, in the caller's unit of work.

    Raises:
        OwnHours: the actor's own hours; AlreadyDone: reversed before; HoursUsed; LedgerRefusal.
    """
    await not_ones_own(ctx, actor, entries)
    book, reversals = ctx.book(actor.community), []
    for entry in entries:
        command = ReverseTransfer(
            key=f"reverse:{entry.uid}", transfer=entry.uid, effective_on=ctx.today(), occurred_at=ctx.now(),
            reason=f"reverse_{reason}", actor=actor.uid, meta=json.loads(entry.meta or "{}"),
        )  # fmt: skip
        try:
            reversals.append(await book.post(command, at=ctx.now()))
        except LedgerRefusal as refusal:
            raise _said_better(refusal) from refusal
    return reversals


async def posted_together(ctx: Context, community: str, transfer: str) -> list[Entry]:
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


async def not_ones_own(ctx: Context, actor: Actor, entries: Sequence[Entry]) -> None:
    """Refuse entries of the actor's own account, or of whom the actor acts for; raises OwnHours."""
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
        return HoursUsed()
    return refusal
