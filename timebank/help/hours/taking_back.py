"""Entries taken back in the book, the hours of a service sent back to the desk, and everybody told whose account it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ledger import Entry, Posted
from timebank.access import Actor
from timebank.community.saying import say
from timebank.context import Context
from timebank.help.posting.reversing import take_back_entries
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.members import people
from timebank.store.oversight import audit


async def take_back(
    ctx: Context, actor: Actor, entries: Sequence[Entry], *, reason: str, note: str
) -> list[Posted]:
    """The entries undone by new ones, in the caller's unit of work; raises as `take_back_entries`."""
    part = await _locked_part(ctx, entries[0])
    reversals = await take_back_entries(ctx, actor, entries, reason=reason)
    if part is not None and part.state is State.POSTED:
        await _reopen(ctx, actor, part, note=note or reason)
    for one in reversals:
        await audit.note(ctx, actor, "reverse_hours", object=one.uid, reason=reason)
    await _tell_owners(ctx, actor, entries)
    return reversals


async def _locked_part(ctx: Context, entry: Entry) -> Attendance | None:
    uid = str(json.loads(entry.meta or "{}").get("attendance", ""))
    part = await services.attendance(ctx.engine, uid) if uid else None
    if part is None:
        return None
    await services.service(ctx.engine, part.service, lock=True)
    return await services.attendance(ctx.engine, uid, lock=True)


async def _reopen(ctx: Context, actor: Actor, part: Attendance, *, note: str) -> None:
    attendance.refuse_reversal(part)
    service = await services.service(ctx.engine, part.service)
    assert service is not None
    await say(ctx, actor, part, service, Said.REVERSED, note=note)
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
