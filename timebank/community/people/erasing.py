"""Somebody's name and words taken out of everything, for good; the books keep minutes under an opaque id.

Asked for by the person on their own page or told to the desk, entered by one and approved by another. Hours that are left go
to the community's fund by one entry; what is not decided yet has to be decided first. Nothing brings it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace import store as lists
from timebank.access import NOBODY, Actor
from timebank.community import relating
from timebank.community.people import ending
from timebank.community.seconding import staff_of
from timebank.context import Context
from timebank.errors import AlreadyDone, WrongMoment
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.people.by_two import dropped
from timebank.rules.relationships import EndReason, Life, member
from timebank.rules.relationships.moving import all_ended
from timebank.store import personal
from timebank.store.channels import news
from timebank.store.help import services
from timebank.store.members import people, phones, record_changes
from timebank.store.members.people import Member
from timebank.store.members.record_changes import ChangeKind
from timebank.store.places import areas, communities
from timebank.store.places.categories import tree_of

UNDECIDED = (State.CHECKED_IN, State.CHECKED_OUT, State.CONFIRMED, State.DISPUTED)


class NotDecidedYet(WrongMoment):
    """Hours of theirs wait for a word: it would be asked of nobody."""

    code = "not_decided_yet"
    zh, en = (
        "还有服务没有确认完，先把它们问清，再删除。",
        "Some visits still wait for a word; settle them first, then erase.",
    )


class AlreadyErased(AlreadyDone):
    """Nothing is left to erase."""

    code = "already_erased"
    zh, en = "这一位的信息已经删除了。", "This person's details are erased already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure came to: the entry that took the hours to the fund, rows of the app and lines of the lists it touched."""

    hours: str = ""
    rows: int
    lines: int


async def judge(ctx: Context, row: Member) -> None:
    """Refuse what cannot be erased, or not yet.

    Raises:
        AlreadyErased. NotDecidedYet: a visit by or for them waits for a word.
    """
    if row.life is Life.ERASED:
        raise AlreadyErased()
    if await _undecided(ctx, row):
        raise NotDecidedYet()


async def erase(ctx: Context, actor: Actor, row: Member) -> Erased:
    """Everything, in the caller's unit of work.

    Raises:
        NotDecidedYet, AlreadyErased; LastWorker: nobody who can sign in would be left.
    """
    await judge(ctx, row)
    ended = all_ended(
        ctx.catalogue_of(row.community), await ending.all_of(ctx, row.uid), party=member(row.uid),
        reason=EndReason.ERASED, by=actor.uid, on=ctx.today(), staff=await staff_of(ctx, row.community),
    )  # fmt: skip
    await ending.undo_promises(ctx, actor, row)
    await relating.carry_out(ctx, actor, ended, community=row.community, about=row.uid)
    await ending.end_access(ctx, actor, row.uid)
    hours = await ending.hours_to_fund(ctx, actor, row, key=f"erased:{row.uid}", reason="erased")
    await news.drop_waiting(ctx.engine, row.uid)
    await _drop_changes(ctx, actor, row.uid)
    rows, lines = 0, 0
    # A record that was joined into this one is the same person.
    for uid in (row.uid, *await personal.joined_into(ctx.engine, row.uid)):
        found = await _words_of(ctx, row.community, uid)
        rows, lines = rows + found.rows, lines + found.lines
    return Erased(hours=hours, rows=rows, lines=lines)


async def _drop_changes(ctx: Context, actor: Actor, uid: str) -> None:
    """Whatever else waits to be changed in their record: there is nothing left to change."""
    for one in await record_changes.changes_of(ctx.engine, uid):
        if one.waits and one.kind is not ChangeKind.ERASE:
            await record_changes.save_change(ctx.engine, dropped(one, by=actor.uid, at=ctx.now()))


async def erase_again(ctx: Context, uids: Sequence[str]) -> int:
    """After an older copy was put in place: everybody who had been erased since is erased again; how many."""
    done = 0
    for uid in uids:
        row = await people.member(ctx.engine, uid)
        if row is None or row.life is Life.ERASED:
            continue
        async with ctx.engine.atomic():
            if row.life is Life.JOINED:
                await _words_of(ctx, row.community, uid)
            else:
                await _settled(ctx, row)
                await erase(ctx, NOBODY, row)
        done += 1
    return done


async def _settled(ctx: Context, row: Member) -> None:
    """What waited for a word when the copy was made is given up: whoever would have said it has asked to be erased."""
    for part in await _undecided(ctx, row):
        await services.save_attendance(ctx.engine, replace(part, state=State.CANCELLED))


async def _undecided(ctx: Context, row: Member) -> list[Attendance]:
    """Parts by or for somebody that are begun and not in the book."""
    own = [
        part for part, _service in await services.attendances_of(ctx.engine, row.uid, states=list(UNDECIDED))
    ]
    for service in await services.services(ctx.engine, row.community, recipient=row.uid, states=ending.LIVE):
        own += [one for one in await services.attendances(ctx.engine, service.uid) if one.state in UNDECIDED]
    return [one for one in own if one.posted_at is None]


async def _words_of(ctx: Context, community: str, uid: str) -> Erased:
    row = await people.member(ctx.engine, uid)
    assert row is not None
    naming = await _naming(ctx, uid)
    tree = await tree_of(ctx.engine, community)

    def title_of(categories: Sequence[str]) -> str:
        return tree.label(categories[0], "zh") if categories and categories[0] in tree.categories else "帮忙"

    forgotten = await lists.forget_owner(ctx.engine, community, uid, title_of=title_of, at=ctx.now())
    await lists.forget_rows(ctx.engine, community, naming=naming)
    rows = await personal.forget(
        ctx.engine, uid, naming=naming, title_of=lambda code: title_of((code,) if code else ())
    )
    office = await communities.community(ctx.engine, community)
    assert office is not None
    place = await areas.area(ctx.engine, office.area)
    assert place is not None
    bare = replace(
        row, life=Life.ERASED, life_since_on=ctx.today(), number="", area=place.code, household="", lang="", size="",
    )  # fmt: skip
    await people.save_member(ctx.engine, bare)
    return Erased(rows=rows, lines=forgotten.lines)


async def _naming(ctx: Context, uid: str) -> tuple[str, ...]:
    """Words that say who it is wherever they stand: the whole name, and numbers of their own."""
    person = await people.person(ctx.engine, uid)
    named = (
        [person.name]
        if person.member == uid and len(person.name) > 1 and person.name != people.ERASED
        else []
    )
    for one in await phones.phones(ctx.engine, uid):
        named += [word for word in (one.value.number, one.value.written) if len(word) >= 7]
    return tuple(dict.fromkeys(named))
