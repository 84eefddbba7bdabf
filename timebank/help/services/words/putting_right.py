"""Hours that are made longer, or were given away before they were found wrong: one worker enters what is right, another approves.

What is still there goes back by plain reversals. Where it was given away nobody is left owing: what the member still has goes
back, the community's fund gives the rest, and where the fund is short the institution stands for it. Whoever was given the
hours keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ledger import Entry, Leg, Transfer
from timebank.access import Actor, Facts, sees
from timebank.community.eligibility import day_of
from timebank.community.hands import another_hand, count_for_pair
from timebank.community.saying import say
from timebank.community.seconding import staff_of
from timebank.context import Context, fund_account, issuing_account
from timebank.errors import AlreadyDone, NotFound
from timebank.help.posting.paying import post_part, wind_up
from timebank.help.posting.reversing import WRONG_MINUTES, HoursUsed, posted_together, take_back_entries
from timebank.help.services.joining import without
from timebank.help.services.loading import part_for
from timebank.rules.parts import attendance
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.statements import Said
from timebank.rules.people.by_two import approved, dropped
from timebank.rules.relationships.seconding import judge_first
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.members import people, record_changes
from timebank.store.members.record_changes import ChangeKind, RecordChange
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the first person found out."""

    attendance: str
    minutes_served: int
    note: str

    def as_text(self) -> str:
        return json.dumps(
            {"attendance": self.attendance, "minutes": self.minutes_served, "note": self.note},
            ensure_ascii=False,
        )

    @classmethod
    def read(cls, text: str) -> Wanted:
        known = json.loads(text)
        return cls(attendance=known["attendance"], minutes_served=known["minutes"], note=known["note"])


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRight:
    """One that waits for a second person, with whose hours, of which service, and who entered it."""

    change: RecordChange
    wanted: Wanted
    part: Attendance
    service: Service
    member: str
    entered_by: str
    mine: bool


async def enter(
    ctx: Context, actor: Actor, attendance_uid: str, *, minutes_served: int, note: str
) -> RecordChange:
    """What is right, waiting for a second worker; nothing moves before.

    Raises:
        NotFound; NotStaff; AlreadyDone: it waits already; BadField: minutes that cannot be.
    """
    async with ctx.engine.atomic():
        part, service = await part_for(
            ctx, actor, "CorrectHours", attendance_uid, earner=False, recipient=False
        )
        judge_first(actor.uid, staff=await staff_of(ctx, service.community))
        attendance.refuse_minutes(
            minutes_served, policy=ctx.policy_of(service.community, day_of(ctx, service)).services
        )
        for one in await record_changes.changes_of(ctx.engine, part.member):
            if (
                one.kind is ChangeKind.PUT_RIGHT
                and one.waits
                and Wanted.read(one.kept).attendance == part.uid
            ):
                raise AlreadyDone(
                    "已经在等另一位同事同意了。", "It waits for a colleague's approval already."
                )
        wanted = Wanted(attendance=part.uid, minutes_served=minutes_served, note=note[:200])
        change = RecordChange(
            uid=ctx.ids.uid("C"), community=service.community, kind=ChangeKind.PUT_RIGHT, member=part.member,
            on_date=ctx.today(), kept=wanted.as_text(), entered_by=actor.uid, entered_at=ctx.now(),
        )  # fmt: skip
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "enter_put_right", object=part.uid)
    return change


async def approve(ctx: Context, actor: Actor, change_uid: str) -> Attendance:
    """A second worker says that it is right: the wrong hours go back, and what is right is posted.

    Raises:
        NotFound; NotStaff, SecondPerson: not a second person; AlreadyDone; LedgerRefusal.
        PairFull: the two have brought in as much as two may.
    """
    async with ctx.engine.atomic():
        change, wanted = await _change(ctx, actor, change_uid)
        part, service = await part_for(
            ctx, actor, "CorrectHours", wanted.attendance, earner=False, recipient=False
        )
        done = approved(
            change, by=actor.uid, at=ctx.now(), staff=await staff_of(ctx, service.community),
            concerned={change.entered_by, part.member, service.recipient},
        )  # fmt: skip
        await another_hand(ctx, actor, {change.entered_by, part.member, service.recipient})
        if part.state is not State.POSTED or not part.transfer_uid:
            raise AlreadyDone()
        if (more := wanted.minutes_served - part.minutes_served) > 0:
            await count_for_pair(ctx, service.community, change.uid, change.entered_by, actor, minutes=more)
        entries = await posted_together(ctx, service.community, part.transfer_uid)
        await _take_back(ctx, actor, change, part, entries)

        part = await say(ctx, actor, part, service, Said.REVERSED, note=wanted.note)
        if wanted.minutes_served:
            first = Actor(uid=change.entered_by, community=change.community)
            part = await say(
                ctx, first, part, service, Said.AMOUNT, at=service.starts_at, minutes=wanted.minutes_served,
                note=wanted.note,
            )  # fmt: skip
            part = await say(ctx, actor, part, service, Said.WORD, minutes=wanted.minutes_served)
            part = (await post_part(ctx, part, service)).part
        else:
            part = await say(ctx, actor, part, service, Said.FOUND_NOT, note=wanted.note)
            await wind_up(ctx, service)
        await record_changes.save_change(ctx.engine, done)

        await audit.note(ctx, actor, "approve_put_right", object=part.uid, reason=change.entered_by)
        for told in without(actor, (part.member, service.recipient)):
            await news.put(
                ctx, community=service.community, member=told, kind="hours_corrected", service=service.uid,
                attendance=part.uid, minutes=part.minutes_credited,
                at=service.starts_at.isoformat(timespec="minutes"),
            )  # fmt: skip
    return part


async def drop(ctx: Context, actor: Actor, change_uid: str) -> RecordChange:
    """Given up before anything happened, by any worker.

    Raises:
        NotFound; AlreadyDone.
    """
    async with ctx.engine.atomic():
        change, wanted = await _change(ctx, actor, change_uid)
        over = dropped(change, by=actor.uid, at=ctx.now())
        await record_changes.save_change(ctx.engine, over)
        await audit.note(ctx, actor, "drop_put_right", object=wanted.attendance)
    return over


async def waiting(ctx: Context, actor: Actor) -> tuple[WaitingRight, ...]:
    """What waits for a second person here, the oldest first."""
    sees(actor, "PutRight", Facts(community=actor.community))
    found = []
    for change in await record_changes.waiting(ctx.engine, actor.community, kinds=(ChangeKind.PUT_RIGHT,)):
        wanted = Wanted.read(change.kept)
        part = await services.attendance(ctx.engine, wanted.attendance)
        assert part is not None
        service = await services.service(ctx.engine, part.service)
        assert service is not None
        cards = await people.cards(ctx.engine, [part.member, change.entered_by])
        found.append(
            WaitingRight(
                change=change, wanted=wanted, part=part, service=service, member=cards[part.member].says,
                entered_by=cards[change.entered_by].says, mine=actor.uid in {change.entered_by, part.member},
            )
        )  # fmt: skip
    return tuple(found)


async def _change(ctx: Context, actor: Actor, uid: str) -> tuple[RecordChange, Wanted]:
    change = await record_changes.record_change(ctx.engine, uid)
    if change is None or change.kind is not ChangeKind.PUT_RIGHT:
        raise NotFound()
    sees(actor, "PutRight", Facts(community=change.community))
    return change, Wanted.read(change.kept)


async def _take_back(
    ctx: Context, actor: Actor, change: RecordChange, part: Attendance, entries: Sequence[Entry]
) -> None:
    """The wrong hours go back by plain reversals; through the fund only where they were given away since."""
    try:
        async with ctx.engine.atomic():
            await take_back_entries(ctx, actor, entries, reason=WRONG_MINUTES)
    except HoursUsed:
        await _put_right(ctx, change, part, entries)


async def _put_right(ctx: Context, change: RecordChange, part: Attendance, entries: Sequence[Entry]) -> None:
    """One entry: what the member has, and the fund for the rest, back to whoever paid."""
    community, book = change.community, ctx.book(change.community)
    member = await people.member(ctx.engine, part.member)
    assert member is not None
    moved: dict[str, int] = {}
    for entry in entries:
        for posting in entry.postings:
            moved[posting.account] = moved.get(posting.account, 0) + posting.amount
    fund, issuer = fund_account(community), issuing_account(community)
    wrong = -moved.pop(member.account, 0)
    has = max(0, (await book.balance(member.account)).available)
    from_member = min(wrong, has)
    in_fund = max(0, (await book.balance(fund)).available)
    from_fund = min(wrong - from_member, in_fund)
    legs = {member.account: from_member, fund: from_fund, issuer: wrong - from_member - from_fund}
    for account, amount in moved.items():
        legs[account] = legs.get(account, 0) - amount
    kept = tuple(Leg(account, amount) for account, amount in legs.items() if amount)
    if not kept:
        return
    await book.post(
        Transfer(
            key=f"put-right:{entries[0].uid}", legs=kept, effective_on=ctx.today(), occurred_at=ctx.now(),
            reason="put_right", actor=change.entered_by,
            meta={"attendance": part.uid, "service": part.service},
        ),
        at=ctx.now(),
    )  # fmt: skip
