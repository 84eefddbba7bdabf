"""What raises somebody's account without help given takes two people: first hours, and an entry taken back in a member's favour.

One worker enters it, another approves; where a community has one worker, its auditor is the other. Hours of a service are
not among them: taken back they go to the desk, and come into the book again by two hands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ledger import Entry
from timebank.access import Actor, Facts, Role, sees
from timebank.community.hands import another_hand, count_for_pair
from timebank.community.seconding import staff_of
from timebank.context import Context
from timebank.errors import AlreadyDone, NotFound
from timebank.help.hours.giving import first_minutes, give_first_now, judge_first_hours
from timebank.help.hours.taking_back import take_back
from timebank.help.posting.reversing import not_ones_own, posted_together
from timebank.rules.people.by_two import approved, dropped
from timebank.rules.relationships.seconding import judge_first
from timebank.store.members import people, record_changes
from timebank.store.members.record_changes import ChangeKind, RecordChange
from timebank.store.oversight import audit

OF_HOURS = (ChangeKind.FIRST_HOURS, ChangeKind.REVERSAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingHours:
    """One that waits for a second person.

    Attributes:
        minutes: what the member's account is raised by.
        transfer: uid of the entry that goes back; "" for first hours.
        member, entered_by: how they are called; "" for an auditor, who reads no names.
        mine: the reader entered it, or it is about the reader.
    """

    change: RecordChange
    minutes: int
    transfer: str
    reason: str
    member: str
    entered_by: str
    mine: bool


async def enter_first_hours(ctx: Context, actor: Actor, member: str) -> RecordChange:
    """First hours for somebody the rules mean, waiting for a second person.

    Raises:
        what `judge_first_hours` raises; NotStaff; AlreadyDone: they wait already.
    """
    async with ctx.engine.atomic():
        receiver = await judge_first_hours(ctx, actor, member)
        return await _enter(ctx, actor, receiver.community, ChangeKind.FIRST_HOURS, member, {})


async def raised_by_reversal(ctx: Context, community: str, entries: Sequence[Entry]) -> str:
    """Uid of a member whose account would be raised, were these entries taken back; "" for nobody, and for a service's."""
    if any("attendance" in json.loads(entry.meta or "{}") for entry in entries):
        return ""
    moved: dict[str, int] = {}
    for entry in entries:
        for posting in entry.postings:
            moved[posting.account] = moved.get(posting.account, 0) + posting.amount
    # What was taken from somebody stands as a positive amount.
    raised = sorted(account for account, amount in moved.items() if amount > 0)
    return next(iter(await people.owners_of(ctx.engine, community, raised)), "")


async def enter_reversal(
    ctx: Context, actor: Actor, entries: Sequence[Entry], member: str, *, reason: str, note: str
) -> RecordChange:
    """Entries to be taken back in a member's favour, waiting for a second person; in the caller's unit of work.

    Raises:
        OwnHours; NotStaff; AlreadyDone: taken back before, or it waits already.
    """
    await not_ones_own(ctx, actor, entries)
    transfer = entries[0].uid
    if await ctx.book(actor.community).reversals([transfer]):
        raise AlreadyDone("这一笔已经更正过了。", "This entry was already taken back.")
    wanted = {"transfer": transfer, "reason": reason, "note": note[:200]}
    return await _enter(ctx, actor, actor.community, ChangeKind.REVERSAL, member, wanted)


async def _enter(
    ctx: Context, actor: Actor, community: str, kind: ChangeKind, member: str, wanted: dict[str, str]
) -> RecordChange:
    judge_first(actor.uid, staff=await staff_of(ctx, community))
    for one in await record_changes.changes_of(ctx.engine, member):
        if one.kind is kind and one.waits and _wanted(one).get("transfer") == wanted.get("transfer"):
            raise AlreadyDone("已经在等另一位同意了。", "It waits for another's approval already.")
    change = RecordChange(
        uid=ctx.ids.uid("C"), community=community, kind=kind, member=member, on_date=ctx.today(),
        kept=json.dumps(wanted, ensure_ascii=False), entered_by=actor.uid, entered_at=ctx.now(),
    )  # fmt: skip
    await record_changes.add_change(ctx.engine, change)
    await audit.note(ctx, actor, f"enter_{kind.value}", object=member)
    return change


async def approve(ctx: Context, actor: Actor, uid: str) -> RecordChange:
    """A second person says that it is right, and it is posted.

    Raises:
        NotFound; NotStaff, SecondPerson: not a second person; AlreadyDone; what the rules say of first hours now, and what
        the book says of a reversal. PairFull: first hours of more people than the same two may bring in.
    """
    async with ctx.engine.atomic():
        change = await _change(ctx, actor, uid)
        staff = await staff_of(ctx, change.community)
        if actor.has(Role.AUDITOR):
            staff |= {actor.uid}
        concerned = {change.entered_by, change.member}
        done = approved(change, by=actor.uid, at=ctx.now(), staff=staff, concerned=concerned)
        await another_hand(ctx, actor, concerned)
        wanted = _wanted(change)
        if change.kind is ChangeKind.FIRST_HOURS:
            given = await give_first_now(ctx, change.member, entered_by=change.entered_by)
            await count_for_pair(
                ctx, change.community, change.uid, change.entered_by, actor, minutes=given.minutes
            )
        else:
            entries = await posted_together(ctx, change.community, wanted["transfer"])
            await take_back(ctx, actor, entries, reason=wanted["reason"], note=wanted["note"])
        await record_changes.save_change(ctx.engine, done)
        await audit.note(
            ctx, actor, f"approve_{change.kind.value}", object=change.member, reason=change.entered_by
        )
    return done


async def drop(ctx: Context, actor: Actor, uid: str) -> RecordChange:
    """Given up before anything happened.

    Raises:
        NotFound; AlreadyDone.
    """
    async with ctx.engine.atomic():
        change = await _change(ctx, actor, uid)
        over = dropped(change, by=actor.uid, at=ctx.now())
        await record_changes.save_change(ctx.engine, over)
        await audit.note(ctx, actor, f"drop_{change.kind.value}", object=change.member)
    return over


async def waiting(ctx: Context, actor: Actor) -> tuple[WaitingHours, ...]:
    """What waits for a second person here, the oldest first."""
    sees(actor, "HoursByTwo", Facts(community=actor.community))
    changes = await record_changes.waiting(ctx.engine, actor.community, kinds=OF_HOURS)
    told = [uid for one in changes for uid in (one.member, one.entered_by)]
    names = await people.names(ctx.engine, told) if actor.has(Role.WORKER) else {}
    found = []
    for one in changes:
        wanted = _wanted(one)
        found.append(
            WaitingHours(
                change=one, transfer=wanted.get("transfer", ""), reason=wanted.get("reason", ""),
                minutes=await _minutes(ctx, one), member=names.get(one.member, ""),
                entered_by=names.get(one.entered_by, ""), mine=actor.uid in {one.entered_by, one.member},
            )
        )  # fmt: skip
    return tuple(found)


async def _minutes(ctx: Context, change: RecordChange) -> int:
    if change.kind is ChangeKind.FIRST_HOURS:
        return first_minutes(ctx, change.community)
    row = await people.member(ctx.engine, change.member)
    entries = await posted_together(ctx, change.community, _wanted(change)["transfer"])
    return sum(
        posting.amount
        for entry in entries
        for posting in entry.postings
        if row is not None and posting.account == row.account
    )


def _wanted(change: RecordChange) -> dict[str, str]:
    return {str(key): str(value) for key, value in json.loads(change.kept or "{}").items()}


async def _change(ctx: Context, actor: Actor, uid: str) -> RecordChange:
    change = await record_changes.record_change(ctx.engine, uid)
    if change is None or change.kind not in OF_HOURS:
        raise NotFound()
    sees(actor, "HoursByTwo", Facts(community=change.community))
    return change
