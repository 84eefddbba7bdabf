"""What takes two people: two records joined, a death, a death taken back, and somebody's details erased.

One enters, another approves; nothing happens before. A mistake is undone by new rows, never by changing old ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import assert_never

from ledger import ReverseTransfer, Transfer
from ledger.values import Leg
from timebank.access import Actor
from timebank.catalogue.consents import HEALTH
from timebank.community import relating
from timebank.community.hands import another_hand
from timebank.community.people import ending, erasing
from timebank.community.people.lives import record_of
from timebank.community.seconding import staff_of
from timebank.context import Context
from timebank.errors import AlreadyDone, NotFound
from timebank.rules.people.by_two import ChangeState, approved, dropped
from timebank.rules.relationships import OPERATOR, Life, Party, Relationship, Sort, State, member, refusals
from timebank.rules.relationships.dying import DeathReport, confirm_death, report_death, take_back_death
from timebank.rules.relationships.joining import Joined, Record, join
from timebank.rules.relationships.seconding import judge_first, judge_second
from timebank.store.channels import news
from timebank.store.members import ages, consents, people, phones, recognition, record_changes, source_keys
from timebank.store.members.people import Member
from timebank.store.members.record_changes import OF_A_RECORD, ChangeKind, RecordChange
from timebank.store.office import opening
from timebank.store.oversight import audit
from timebank.store.relations import organisations
from timebank.store.relations import relationships as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What undoing a death needs.

    Attributes:
        until: the last day each relationship had before, by its uid; "" for none.
        hours: uid of the entry that moved the hours; "" when there were none.
        second_by, second_at: who approved it and when, as ISO text, while a return waits; "" else.
    """

    until: dict[str, str]
    hours: str = ""
    second_by: str = ""
    second_at: str = ""

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Kept:
        known = json.loads(text)
        return cls(
            until=known.get("until", {}), hours=known.get("hours", ""), second_by=known.get("second_by", ""),
            second_at=known.get("second_at", ""),
        )  # fmt: skip

    @property
    def days(self) -> dict[str, date | None]:
        return {uid: date.fromisoformat(day) if day else None for uid, day in self.until.items()}


# ---- entering


async def enter_joining(ctx: Context, actor: Actor, *, kept: str, gone: str) -> RecordChange:
    """Two records of one person are to become one; waits for a second worker.

    Raises:
        NotFound: one of them is not of this community. Oneself, OtherCommunity, AlreadyJoined, …: they cannot be joined.
        AlreadyDone: it waits already.
    """
    async with ctx.engine.atomic():
        stays = await record_of(ctx, actor, kept, "JoinRecords")
        goes = await people.member(ctx.engine, gone)
        if goes is None:
            raise NotFound()
        staff = await staff_of(ctx, stays.community)
        judge_first(actor.uid, staff=staff)
        # Judged once now, by the rule itself, so that what can never be is refused before anybody approves it.
        await _joined(ctx, stays, goes, by=actor.uid, second=_anybody_else(staff, actor.uid), staff=staff)
        change = _waiting(ctx, actor, stays.community, ChangeKind.JOIN, kept, other=gone)
        await _once(ctx, change)
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "enter_joining", object=change.uid)
    return change


async def enter_death(ctx: Context, actor: Actor, *, uid: str, died_on: date) -> RecordChange:
    """Somebody has died; nothing happens before a second worker confirms it.

    Raises:
        NotFound. AlreadyDead, DayNotYet, …: it cannot be so. AlreadyDone: it waits already.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "ReportDeath")
        staff = await staff_of(ctx, row.community)
        report_death(uid=uid, life=row.life, died_on=died_on, by=actor.uid, staff=staff, today=ctx.today())
        change = replace(_waiting(ctx, actor, row.community, ChangeKind.DEATH, uid), on_date=died_on)
        await _once(ctx, change)
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "report_death", object=uid)
    return change


async def enter_erasure(ctx: Context, actor: Actor, *, uid: str) -> RecordChange:
    """Somebody's name and words are to go for good, at their own wish; nothing happens before a worker confirms it.

    Raises:
        NotFound. NotDecidedYet: a visit by or for them waits for a word. AlreadyDone: it waits already.
    """
    async with ctx.engine.atomic():
        row = await record_of(ctx, actor, uid, "EraseMember")
        await erasing.judge(ctx, row)
        change = _waiting(ctx, actor, row.community, ChangeKind.ERASE, uid)
        await _once(ctx, change)
        await record_changes.add_change(ctx.engine, change)
        await audit.note(ctx, actor, "enter_erasure", object=uid)
    return change


async def enter_return(ctx: Context, actor: Actor, change_uid: str) -> RecordChange:
    """A death was recorded by mistake; taking it back waits for a second worker.

    Raises:
        NotFound: no such death here. NotDead: it is not in force.
    """
    async with ctx.engine.atomic():
        change = await _change(ctx, actor, change_uid, "UndoDeath")
        row = await record_of(ctx, actor, change.member, "UndoDeath")
        if (
            change.kind is not ChangeKind.DEATH
            or change.state is not ChangeState.DONE
            or row.life is not Life.DIED
        ):
            raise refusals.NotDead()
        assert change.second_at is not None
        approved_by = replace(
            Kept.read(change.kept), second_by=change.second_by, second_at=change.second_at.isoformat()
        )
        undoing = replace(
            change, state=ChangeState.UNDOING, second_by=actor.uid, second_at=ctx.now(), kept=approved_by.as_text()
        )  # fmt: skip
        await record_changes.save_change(ctx.engine, undoing)
        await audit.note(ctx, actor, "enter_return", object=change.member)
    return undoing


# ---- approving


async def approve(ctx: Context, actor: Actor, change_uid: str) -> RecordChange:
    """A second worker says that it is so, and it is done in this very unit of work.

    Raises:
        NotFound. SecondPerson: who entered it, or whom it is about. AlreadyDone: done or dropped before.
        LastWorker, …: it cannot be done any more.
    """
    async with ctx.engine.atomic():
        change = await _change(ctx, actor, change_uid, "ApproveChange")
        undoing = change.state is ChangeState.UNDOING
        first = change.second_by if undoing else change.entered_by
        staff = await staff_of(ctx, change.community)
        concerned = {first, change.member, change.other} - {""}
        if undoing:
            judge_second(actor.uid, staff=staff, concerned=concerned)
            await another_hand(ctx, actor, concerned)
            await _return(ctx, actor, change, staff)
            done = replace(change, state=ChangeState.UNDONE)
        else:
            done = approved(change, by=actor.uid, at=ctx.now(), staff=staff, concerned=concerned)
            await another_hand(ctx, actor, concerned)
            kept = await _carry_out(ctx, actor, change, staff)
            done = replace(done, kept=kept or change.kept)
        await record_changes.save_change(ctx.engine, done)
        await audit.note(ctx, actor, f"approve_{change.kind.value}", object=change.uid)
    return done


async def drop(ctx: Context, actor: Actor, change_uid: str) -> RecordChange:
    """It was a mistake: what waits is dropped, nothing has happened. Anybody at the desk may say so."""
    async with ctx.engine.atomic():
        change = await _change(ctx, actor, change_uid, "DropChange")
        if change.state is ChangeState.UNDOING:
            given_up = _dead_as_before(change)
        else:
            given_up = dropped(change, by=actor.uid, at=ctx.now())
        await record_changes.save_change(ctx.engine, given_up)
        await audit.note(ctx, actor, f"drop_{change.kind.value}", object=change.uid)
    return given_up


def _dead_as_before(change: RecordChange) -> RecordChange:
    """The death as its two people left it, once nobody wants to take it back any more."""
    kept = Kept.read(change.kept)
    before = replace(kept, second_by="", second_at="").as_text()
    # A return that was entered by a release before this one kept nobody.
    by = kept.second_by or change.second_by
    at = datetime.fromisoformat(kept.second_at) if kept.second_at else change.second_at
    return replace(change, state=ChangeState.DONE, second_by=by, second_at=at, kept=before)


async def _carry_out(ctx: Context, actor: Actor, change: RecordChange, staff: frozenset[str]) -> str:
    """What undoing will need, as text."""
    row = await people.member(ctx.engine, change.member)
    assert row is not None
    match change.kind:
        case ChangeKind.DEATH:
            return await _die(ctx, actor, change, row, staff)
        case ChangeKind.JOIN:
            other = await people.member(ctx.engine, change.other)
            assert other is not None
            await _join(ctx, actor, change, row, other, staff)
            return ""
        case ChangeKind.ERASE:
            await erasing.erase(ctx, actor, row)
            return ""
        case ChangeKind.MOVE | ChangeKind.LEAVE:
            raise AlreadyDone()
        case ChangeKind.PUT_RIGHT | ChangeKind.FIRST_HOURS | ChangeKind.REVERSAL:
            raise NotFound()
        case _:
            assert_never(change.kind)


# ---- a death


async def _die(ctx: Context, actor: Actor, change: RecordChange, row: Member, staff: frozenset[str]) -> str:
    report = DeathReport(member=row.uid, died_on=change.on_date, entered_by=change.entered_by)
    related = await ending.all_of(ctx, row.uid)
    passing = confirm_death(
        report, catalogue=ctx.catalogue_of(row.community), relationships=related, life=row.life, by=actor.uid,
        staff=staff, today=ctx.today(),
    )  # fmt: skip
    await ending.undo_promises(ctx, actor, row)
    await relating.carry_out(ctx, actor, passing.ended, community=row.community, about=row.uid)
    await ending.end_access(ctx, actor, row.uid)
    hours = await ending.give_to_fund(ctx, actor, row)
    await news.drop_waiting(ctx.engine, row.uid)
    await people.save_member(
        ctx.engine, replace(row, life=Life.DIED, life_since_on=change.on_date, household="")
    )
    before = {one.uid: one.until_on.isoformat() if one.until_on else "" for one in related}
    return Kept(until=before, hours=hours).as_text()


async def _return(ctx: Context, actor: Actor, change: RecordChange, staff: frozenset[str]) -> None:
    """Alive: what stood begins anew where its place is free; hours come back by a new entry; the rest is asked anew."""
    row = await people.member(ctx.engine, change.member)
    assert row is not None
    related = await ending.all_of(ctx, row.uid, closed=True)
    others = [one.target if one.holder == member(row.uid) else one.holder for one in related]
    returned = take_back_death(
        uid=row.uid, life=row.life, catalogue=ctx.catalogue_of(row.community), relationships=related,
        until=Kept.read(change.kept).days, keys_in_use=await rows.keys_in_use(ctx.engine, _keys(related)),
        gone=await _gone(ctx, others), by=change.second_by, second=actor.uid, staff=staff, today=ctx.today(),
        new_uid=lambda: ctx.ids.uid("R"),
    )  # fmt: skip
    await people.save_member(ctx.engine, replace(row, life=Life.ACTIVE, life_since_on=ctx.today()))
    await relating.carry_out(ctx, actor, returned.again, community=row.community, about=row.uid)
    await _hours_back(ctx, actor, row, Kept.read(change.kept).hours)


def _keys(related: Iterable[Relationship]) -> frozenset[str]:
    """The keys that these would have if they were in force."""
    again = [replace(one, state=State.IN_FORCE) for one in related]
    return frozenset(key for one in again for key in (one.open_key, one.seat_key) if key)


async def _hours_back(ctx: Context, actor: Actor, row: Member, entry: str) -> None:
    """What went to the fund comes back, by reversing that entry."""
    if entry:
        await ctx.book(row.community).post(
            ReverseTransfer(
                key=f"alive:{entry}", transfer=entry, effective_on=ctx.today(), occurred_at=ctx.now(),
                reason="reverse_mistake", actor=actor.uid,
            ),
            at=ctx.now(),
        )  # fmt: skip


async def _gone(ctx: Context, parties: Iterable[Party]) -> frozenset[Party]:
    """Those that are not there any more: members who left, died or were joined, organisations that were closed."""
    found: set[Party] = set()
    for party in set(parties):
        if party.sort is Sort.MEMBER:
            row = await people.member(ctx.engine, party.code)
            over = row is None or row.life is not Life.ACTIVE
        elif party.sort is Sort.ORGANISATION:
            body = await organisations.organisation(ctx.engine, party.code)
            over = body is None or body.until_on is not None
        else:
            over = False
        if over:
            found.add(party)
    return frozenset(found)


# ---- two records of one person


async def _joined(
    ctx: Context, stays: Member, goes: Member, *, by: str, second: str, staff: frozenset[str]
) -> Joined:
    related = {one.uid: one for uid in (stays.uid, goes.uid) for one in await ending.all_of(ctx, uid)}
    return join(
        kept=_record(stays), gone=_record(goes), catalogue=ctx.catalogue_of(stays.community),
        relationships=related.values(), by=by, second=second, staff=staff, today=ctx.today(),
        new_uid=lambda: ctx.ids.uid("R"),
    )  # fmt: skip


async def _join(
    ctx: Context, actor: Actor, change: RecordChange, stays: Member, goes: Member, staff: frozenset[str]
) -> None:
    """One person from now on: what stands begins anew for the record that is kept, hours follow by one new entry."""
    done = await _joined(ctx, stays, goes, by=change.entered_by, second=actor.uid, staff=staff)
    await relating.carry_out(ctx, actor, done.decided, community=stays.community, about=goes.uid)
    await _hours_follow(ctx, actor, stays, goes)
    await recognition.point_answers(ctx.engine, goes.uid, stays.uid)
    await source_keys.point_sources(ctx.engine, goes.uid, stays.uid)
    await opening.point_lines(ctx.engine, goes.uid, stays.uid)
    await ending.hand_over(ctx, goes, stays)
    await ending.end_access(ctx, actor, goes.uid)
    await _one_record(ctx, actor, stays, goes)


async def _hours_follow(ctx: Context, actor: Actor, stays: Member, goes: Member) -> None:
    book = ctx.book(stays.community)
    balance = await book.balance(goes.account, lapsed_by=ctx.now())
    if balance.available > 0:
        await book.post(
            Transfer(
                key=f"joined:{goes.uid}",
                legs=(Leg(goes.account, balance.available), Leg(stays.account, -balance.available)),
                effective_on=ctx.today(),
                occurred_at=ctx.now(),
                reason="joined",
                actor=actor.uid,
            ),
            at=ctx.now(),
        )


async def _one_record(ctx: Context, actor: Actor, stays: Member, goes: Member) -> None:
    """Numbers, ages, wishes and the vest number of both; the record that goes keeps its name, by which lists still find it."""
    other = await people.person(ctx.engine, goes.uid)
    person = await people.person(ctx.engine, stays.uid)
    no_health = await consents.taken_back(ctx.engine, [stays.uid, goes.uid], HEALTH)
    await people.save_person(
        ctx.engine,
        replace(
            person,
            called=person.called or other.called,
            address=person.address or other.address,
            occupation=person.occupation or other.occupation,
            health_note=""
            if no_health
            else "\n".join(dict.fromkeys(filter(None, (person.health_note, other.health_note)))),
        ),
    )
    mine, theirs = await people.profile(ctx.engine, stays.uid), await people.profile(ctx.engine, goes.uid)
    await people.save_profile(
        ctx.engine,
        replace(
            mine,
            asks=mine.asks or theirs.asks,
            gives=mine.gives or theirs.gives,
            skills="、".join(
                dict.fromkeys(filter(None, (*mine.skills.split("、"), *theirs.skills.split("、"))))
            ),
            serves=mine.serves or theirs.serves,
            times=mine.times or theirs.times,
            languages=mine.languages or theirs.languages,
            limits=mine.limits or theirs.limits,
            wishes=mine.wishes or theirs.wishes,
        ),
    )
    own = [one.value for one in await phones.phones(ctx.engine, goes.uid) if not one.whose]
    await phones.add_phones(ctx.engine, community=stays.community, member=stays.uid, numbers=own)
    for fact in await ages.ages(ctx.engine, goes.uid):
        await ages.add_age(ctx.engine, stays.uid, fact, recorded_by=actor.uid)
    joined = replace(
        goes, life=Life.JOINED, life_since_on=ctx.today(), joined_to=stays.uid, number="", household=""
    )
    await people.save_member(ctx.engine, joined)
    await people.point_joined(ctx.engine, goes.uid, stays.uid)
    await people.save_member(
        ctx.engine,
        replace(
            stays, number=stays.number or goes.number, household=stays.household or goes.household,
            area=stays.area if stays.area != stays.community else goes.area,
        ),
    )  # fmt: skip


def _record(row: Member) -> Record:
    return Record(uid=row.uid, community=row.community, life=row.life, joined_to=row.joined_to)


# ---- shared


def _waiting(
    ctx: Context, actor: Actor, community: str, kind: ChangeKind, uid: str, *, other: str = ""
) -> RecordChange:
    return RecordChange(
        uid=ctx.ids.uid("V"), community=community, kind=kind, member=uid, other=other, on_date=ctx.today(),
        entered_by=actor.uid, entered_at=ctx.now(),
    )  # fmt: skip


async def _once(ctx: Context, change: RecordChange) -> None:
    """Refuse what waits for a second person already."""
    for one in await record_changes.changes_of(ctx.engine, change.member):
        if one.state is ChangeState.WAITS and (one.kind, one.other) == (change.kind, change.other):
            raise AlreadyDone(
                "已经录入了，等第二个人确认。", "It is entered already and waits for a second person."
            )


async def _change(ctx: Context, actor: Actor, uid: str, operation: str) -> RecordChange:
    change = await record_changes.record_change(ctx.engine, uid)
    if change is None or change.kind not in OF_A_RECORD:
        raise NotFound()
    await record_of(ctx, actor, change.member, operation)
    return change


def _anybody_else(staff: frozenset[str], by: str) -> str:
    """Some other worker, for judging what a second person would be told; the operator where there is none."""
    return min(staff - {by}, default=OPERATOR)
