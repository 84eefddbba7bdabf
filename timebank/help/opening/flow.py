"""Opening balances from paper passbooks: one enters a batch, another approves the whole of it, and only then hours move.

    batch = await begin(ctx, actor)                        # then lines, by `entering` or from a table
    shown = await show(ctx, other, batch.uid)
    await approve(ctx, other, batch.uid, seen=shown.seen)  # one entry per passbook, under a key of its own

A balance on paper is a debt that the community owes already, so no cap of the rules cuts it. The reserve still holds: where
it is too small for the batch nothing is posted, and two people raise it by the policy first. A batch larger than the same two may
bring in is approved by a third as well. What was approved by mistake goes
back by reversals, by two people again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from timebank.access import Actor, Facts, sees
from timebank.community.hands import a_third_hand, another_hand, count_for_pair
from timebank.community.seconding import staff_of
from timebank.context import Context, issuing_account
from timebank.errors import AlreadyDone, AppRefusal, NotFound, PairFull, WrongMoment
from timebank.help.opening.posting import judge_batch, post_batch, reverse_lines
from timebank.rules.hours.passbooks import (
    ListChanged,
    OwnPassbook,
    fingerprint,
)
from timebank.rules.people.by_two import ChangeState, approved, dropped
from timebank.rules.relationships.refusals import SecondPerson
from timebank.rules.relationships.seconding import judge_first, judge_second
from timebank.store.help import hand_uses
from timebank.store.locks import one_at_a_time
from timebank.store.members import people
from timebank.store.members.people import Card
from timebank.store.office import opening
from timebank.store.office.opening import Line, Opening, OpeningKind, Owner, Totals
from timebank.store.oversight import audit


class PassbooksExist(WrongMoment):
    """Two people cannot sign that there are no passbooks while some were brought forward."""

    code = "passbooks_exist"
    zh, en = "已经有存折录进来了，不能再写“没有”。", "Some passbooks are entered already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One batch in the list of them; `second` by name, "" while it waits."""

    opening: Opening
    totals: Totals
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What waits for a second person, what was done, and whether old balances are settled.

    Attributes:
        before: ask with this for older ones; "" on the last page.
    """

    waiting: tuple[Listed, ...]
    done: tuple[Listed, ...]
    settled: bool
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One batch with a page of its lines.

    Attributes:
        lines: those that do not say whose they are first. page, pages: counted from 1.
        unclear: how many do not say it. cards: of the people on this page.
        books: how many passbooks each of these people has, in every batch.
        room: minutes that the community may still issue; None without a bound.
        seen: the fingerprint that the second person approves.
        refused: why this actor may not be the second person; None when they may.
        back_of: uid of the batch that lines are taken back from, "" for none.
    """

    opening: Opening
    totals: Totals
    lines: tuple[Line, ...]
    cards: dict[str, Card]
    page: int
    pages: int
    unclear: int
    room: int | None
    seen: str
    books: dict[str, int]
    names: dict[str, str]
    refused: AppRefusal | None
    back_of: str = ""

    @property
    def wants_third(self) -> bool:
        """Whether a second person agreed to this very list, and a third is asked for."""
        return self.opening.agreed_to(self.seen)

    @property
    def short(self) -> int:
        """Minutes by which the reserve is too small for this batch."""
        waits = self.opening.waits and self.opening.kind is OpeningKind.BATCH
        return max(0, self.totals.minutes - self.room) if waits and self.room is not None else 0


# --- looking


async def home(ctx: Context, actor: Actor, *, before: str = "") -> Home:
    """Batches of the desk's community; a page of those that were decided."""
    sees(actor, "OpeningHome", Facts(community=actor.community))
    waiting = await opening.openings(ctx.engine, actor.community, states=(ChangeState.WAITS,))
    size = opening.PAGE
    done = await opening.openings(
        ctx.engine, actor.community, states=(ChangeState.DONE,), before=before, size=size + 1
    )
    following = done[size - 1].uid if len(done) > size else ""
    return Home(
        waiting=await _listed(ctx, waiting), done=await _listed(ctx, done[:size]),
        settled=await opening.opened(ctx.engine, actor.community), before=following,
    )  # fmt: skip


async def show(ctx: Context, actor: Actor, uid: str, *, page: int = 1) -> Shown:
    """One batch; the reading is logged, for it names people and what they saved.

    Raises:
        NotFound: no such batch in the reader's community.
    """
    async with ctx.engine.atomic():
        one = await found(ctx, actor, uid, "ShowOpening")
        await audit.note(ctx, actor, "read_opening", object=uid)
    lines = await opening.lines(ctx.engine, uid)
    owners = await opening.owners(ctx.engine, uid)
    in_order = sorted(lines, key=lambda line: bool(line.member))
    pages = max(1, -(-len(lines) // opening.PAGE))
    page = min(max(page, 1), pages)
    shown = in_order[(page - 1) * opening.PAGE : page * opening.PAGE]
    balance = await ctx.book(one.community).balance(issuing_account(one.community))
    refused: AppRefusal | None = None
    try:
        _judge_hand(actor, await _hands(ctx, one, lines, owners))
    except AppRefusal as refusal:
        refused = refusal
    return Shown(
        opening=one, totals=await opening.sum_of(ctx.engine, uid), lines=tuple(shown),
        cards=await people.cards(ctx.engine, [line.member for line in shown if line.member]), page=page, pages=pages,
        unclear=sum(not line.member for line in lines),
        room=None if balance.floor is None else balance.available - balance.floor, seen=_seen(lines),
        books=await opening.books_of(ctx.engine, [line.member for line in shown]),
        names=await people.names(ctx.engine, [one.entered_by, one.second_by, one.third_by]), refused=refused,
        back_of=lines[0].opening if one.kind is OpeningKind.BACK and lines else "",
    )  # fmt: skip


# --- entering


async def begin(ctx: Context, actor: Actor, *, note: str = "") -> Opening:
    """An empty batch, for the lines to come."""
    async with ctx.engine.atomic():
        one = await _entered(ctx, actor, OpeningKind.BATCH, "BeginOpening", note)
        await audit.note(ctx, actor, "begin_opening", object=one.uid)
    return one


async def say_none(ctx: Context, actor: Actor, *, note: str = "") -> Opening:
    """The word that nobody holds a paper passbook; a second worker signs it, too.

    Raises:
        PassbooksExist: some are entered. AlreadyDone: it is said, or waits to be signed.
    """
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"opening:{actor.community}")
        one = await _entered(ctx, actor, OpeningKind.NONE, "BeginOpening", note)
        known = await opening.openings(
            ctx.engine, one.community, states=(ChangeState.WAITS, ChangeState.DONE), size=200
        )
        if any(other.kind is OpeningKind.NONE and other.uid != one.uid for other in known):
            raise AlreadyDone(
                "已经写过了，等另一位同事签字，或者已经签好。", "It is said already, or waits to be signed."
            )
        if await opening.opened(ctx.engine, one.community):
            raise PassbooksExist()
        await audit.note(ctx, actor, "say_no_passbooks", object=one.uid)
    return one


async def take_back(
    ctx: Context, actor: Actor, uid: str, *, lines: Sequence[str] = (), note: str = ""
) -> Opening:
    """Posted passbooks of a batch are to be reversed, all of them when none is named; waits for a second worker.

    Raises:
        NotFound. AlreadyDone: one of them is taken back, or waits to be.
    """
    async with ctx.engine.atomic():
        batch = await found(ctx, actor, uid, "TakeBackOpening")
        await one_at_a_time(ctx.engine, f"opening:{batch.community}")
        known = {line.uid: line for line in await opening.lines(ctx.engine, uid) if line.transfer}
        if batch.kind is not OpeningKind.BATCH or not known or set(lines) - known.keys():
            raise NotFound()
        chosen = [known[one] for one in lines] or [one for one in known.values() if not one.back]
        if not chosen or any(one.back for one in chosen):
            raise AlreadyDone(
                "已经撤回了，或者在等另一位同事。", "It is taken back, or waits for a colleague."
            )
        back = await _entered(ctx, actor, OpeningKind.BACK, "TakeBackOpening", note)
        for one in chosen:
            await opening.save_line(ctx.engine, replace(one, back=back.uid))
        await audit.note(ctx, actor, "take_back_opening", object=back.uid, reason=uid)
    return back


# --- approving


async def approve(ctx: Context, actor: Actor, uid: str, *, seen: str) -> Opening:
    """A second person says that it is so; the hours move in this very unit of work, all or none.

    A batch larger than two may bring in together stays waiting until a third person says the same of the same list.

    Args:
        seen: the fingerprint of the list that they looked at.

    Raises:
        NotFound. SecondPerson: who entered any of it; OwnPassbook: their own hours, or those of their household.
        AlreadyDone: approved or dropped before. ListChanged, NothingEntered, PeopleUnclear. ReserveTooSmall.
        HoursUsed: what is to be taken back was used. PassbooksExist: there are passbooks after all.
    """
    async with ctx.engine.atomic():
        one = await found(ctx, actor, uid, "ApproveOpening")
        await one_at_a_time(ctx.engine, f"opening:{one.community}")
        one = await found(ctx, actor, uid, "ApproveOpening")
        lines = await opening.lines(ctx.engine, uid)
        owners = await opening.owners(ctx.engine, uid)
        hands = await _hands(ctx, one, lines, owners)
        _judge_hand(actor, hands)
        done = approved(one, by=actor.uid, at=ctx.now(), staff=hands.staff, concerned=hands.concerned)
        await another_hand(ctx, actor, {*hands.entered, *owners})
        if seen != _seen(lines):
            raise ListChanged()
        match one.kind:
            case OpeningKind.BATCH:
                await judge_batch(ctx, one, lines, owners)
                if one.agreed_to(seen):
                    for first in sorted({line.entered_by for line in lines}):
                        await a_third_hand(ctx, actor, first, one.second_by)
                    done = replace(
                        done,
                        second_by=one.second_by,
                        second_at=one.second_at,
                        third_by=actor.uid,
                        third_at=ctx.now(),
                    )
                elif not await _may_together(ctx, actor, one, lines):
                    return await _agreed(ctx, actor, one, seen)
                await post_batch(ctx, actor, one, lines, owners)
            case OpeningKind.BACK:
                await reverse_lines(ctx, actor, one, lines)
            case OpeningKind.NONE:
                if await opening.opened(ctx.engine, one.community):
                    raise PassbooksExist()
        await opening.save_opening(ctx.engine, done)
        await audit.note(ctx, actor, f"approve_opening_{one.kind.value}", object=uid)
    return done


async def _may_together(ctx: Context, actor: Actor, one: Opening, lines: Sequence[Line]) -> bool:
    """Whether this person and each who entered some of it may bring in so much; it counts for them where they may."""
    entered: Counter[str] = Counter()
    for line in lines:
        entered[line.entered_by] += line.minutes
    try:
        for first, minutes in sorted(entered.items()):
            await count_for_pair(ctx, one.community, one.uid, first, actor, minutes=minutes)
    except PairFull:
        await hand_uses.drop_uses(ctx.engine, one.uid)
        return False
    return True


async def _agreed(ctx: Context, actor: Actor, one: Opening, seen: str) -> Opening:
    """The second person's yes to a batch that is too large for two: it waits for a third."""
    agreed = replace(one, second_by=actor.uid, second_at=ctx.now(), second_seen=seen)
    await opening.save_opening(ctx.engine, agreed)
    await audit.note(ctx, actor, "agree_opening", object=one.uid)
    return agreed


async def drop(ctx: Context, actor: Actor, uid: str) -> Opening:
    """What waits is given up; nothing has happened, and its passbooks may be entered again. Anybody at the desk may."""
    async with ctx.engine.atomic():
        one = await found(ctx, actor, uid, "DropOpening")
        await one_at_a_time(ctx.engine, f"opening:{one.community}")
        one = await found(ctx, actor, uid, "DropOpening")
        done = dropped(one, by=actor.uid, at=ctx.now())
        if one.kind is OpeningKind.BACK:
            await opening.let_go(ctx.engine, uid)
        else:
            await opening.close_keys(ctx.engine, uid)
        await opening.save_opening(ctx.engine, done)
        await audit.note(ctx, actor, "drop_opening", object=uid)
    return done


# --- shared


async def found(ctx: Context, actor: Actor, uid: str, operation: str) -> Opening:
    """The batch; NotFound for anybody whom it is not for."""
    one = await opening.opening(ctx.engine, uid)
    if one is None:
        raise NotFound()
    sees(actor, operation, Facts(community=one.community))
    return one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hands:
    """Who may not be the next: whoever entered any of it or agreed to it, and staff with hours of their household in it."""

    staff: frozenset[str]
    entered: frozenset[str]
    own: frozenset[str]

    @property
    def concerned(self) -> frozenset[str]:
        return self.entered | self.own


async def _hands(ctx: Context, one: Opening, lines: Sequence[Line], owners: dict[str, Owner]) -> _Hands:
    staff = await staff_of(ctx, one.community)
    homes = {owner.household for owner in owners.values()} - {""}
    own = set()
    for uid in staff:
        worker = await people.member(ctx.engine, uid)
        if uid in owners or (worker is not None and worker.household in homes):
            own.add(uid)
    entered = {one.entered_by}
    if one.kind is OpeningKind.BATCH:
        entered |= {line.entered_by for line in lines}
        if one.agreed_to(_seen(lines)):
            entered.add(one.second_by)
    return _Hands(staff=staff, entered=frozenset(entered), own=frozenset(own))


def _judge_hand(actor: Actor, hands: _Hands) -> None:
    if actor.uid in hands.entered:
        raise SecondPerson()
    if actor.uid in hands.own:
        raise OwnPassbook()
    judge_second(actor.uid, staff=hands.staff, concerned=hands.concerned)


async def _entered(ctx: Context, actor: Actor, kind: OpeningKind, operation: str, note: str) -> Opening:
    sees(actor, operation, Facts(community=actor.community))
    judge_first(actor.uid, staff=await staff_of(ctx, actor.community))
    one = Opening(
        uid=ctx.ids.uid("O"), community=actor.community, kind=kind, note=note, entered_by=actor.uid,
        entered_at=ctx.now(),
    )  # fmt: skip
    await opening.add_opening(ctx.engine, one)
    return one


def _seen(lines: Sequence[Line]) -> str:
    return fingerprint(
        (line.uid, line.member, str(line.minutes), line.book, str(line.said_on or ""), line.note)
        for line in lines
    )


async def _listed(ctx: Context, batches: Sequence[Opening]) -> tuple[Listed, ...]:
    uids = [uid for one in batches for uid in (one.entered_by, one.second_by)]
    names = await people.names(ctx.engine, uids)
    return tuple(
        [
            Listed(
                opening=one,
                totals=await opening.sum_of(ctx.engine, one.uid),
                first=names.get(one.entered_by, one.entered_by),
                second=names.get(one.second_by, one.second_by),
            )
            for one in batches
        ]
    )
