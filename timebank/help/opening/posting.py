"""What was decided of paper passbooks, moved in the book: all of a batch or none of it, in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledger import LedgerRefusal, Leg, ReverseTransfer, Transfer
from timebank.access import Actor
from timebank.context import Context, issuing_account
from timebank.rules.hours.passbooks import HoursUsed, NothingEntered, PeopleUnclear, ReserveTooSmall
from timebank.rules.relationships import Life
from timebank.store.channels import news
from timebank.store.office import opening
from timebank.store.office.opening import Line, Opening, Owner


async def judge_batch(ctx: Context, one: Opening, lines: Sequence[Line], owners: Mapping[str, Owner]) -> None:
    """Nothing when all of a batch can be posted.

    Raises:
        NothingEntered. PeopleUnclear: whose a passbook is, or somebody who left. ReserveTooSmall.
    """
    if not lines:
        raise NothingEntered()
    if any(not line.member or owners[line.member].life is not Life.ACTIVE for line in lines):
        raise PeopleUnclear()
    held = await ctx.book(one.community).balance(issuing_account(one.community))
    total = sum(line.minutes for line in lines)
    if held.floor is not None and total > held.available - held.floor:
        raise ReserveTooSmall(minutes=total, room=held.available - held.floor)


async def post_batch(
    ctx: Context, actor: Actor, one: Opening, lines: Sequence[Line], owners: Mapping[str, Owner]
) -> None:
    """One entry per passbook, from the issuing account, under the line's own key: a second time is the same entry."""
    book, issuer = ctx.book(one.community), issuing_account(one.community)
    for line in lines:
        posted = await book.post(
            Transfer(
                key=f"opening:{line.uid}",
                legs=(Leg(issuer, line.minutes), Leg(owners[line.member].account, -line.minutes)),
                effective_on=ctx.today(), occurred_at=ctx.now(), reason="opening", memo=one.uid, actor=actor.uid,
                meta={"member": line.member, "passbook": line.uid},
            ),
            at=ctx.now(),
        )  # fmt: skip
        await opening.save_line(ctx.engine, replace(line, transfer=posted.uid))
        await news.put(
            ctx, community=one.community, member=line.member, kind="opening_posted", pressed_by=actor.uid, transfer=posted.uid,
            minutes=line.minutes,
        )  # fmt: skip


async def reverse_lines(ctx: Context, actor: Actor, one: Opening, lines: Sequence[Line]) -> None:
    """Posted passbooks taken back by entries of their own; raises HoursUsed."""
    book = ctx.book(one.community)
    for line in lines:
        command = ReverseTransfer(
            key=f"reverse:{line.transfer}", transfer=line.transfer, effective_on=ctx.today(), occurred_at=ctx.now(),
            reason="reverse_mistake", memo=one.uid, actor=actor.uid,
            meta={"member": line.member, "passbook": line.uid},
        )  # fmt: skip
        try:
            posted = await book.post(command, at=ctx.now())
        except LedgerRefusal as refusal:
            raise HoursUsed() if refusal.code == "below_floor" else refusal from refusal
        await opening.save_line(ctx.engine, replace(line, open_key=""))
        await news.put(
            ctx,
            community=one.community,
            member=line.member,
            kind="hours_reversed",
            pressed_by=actor.uid,
            transfer=posted.uid,
        )
