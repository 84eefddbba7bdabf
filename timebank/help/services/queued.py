"""Presses that a phone made without a network: each is taken once, at the time it really happened, in the order of pressing.

A press that cannot be taken keeps nobody else's from being taken: what stands in its way is written down beside it, in words
for whoever pressed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ledger.errors import LedgerRefusal
from timebank.access import Actor
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, NotFound
from timebank.help.services import flow
from timebank.rules.parts.attendance import Service, State
from timebank.rules.parts.late_clock import Doubt, Reading, TrueTime, comes_by_itself, true_time
from timebank.store.channels import queue
from timebank.store.channels.queue import Outcome, Press
from timebank.store.help import services
from timebank.store.locks import one_at_a_time
from timebank.store.oversight import audit
from timebank.web.fields import clock_time
from timebank.web.receipts import receipt_word


class Op(StrEnum):
    """What can be pressed without a network."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    TICK = "tick"
    UNTICK = "untick"
    LEAVE_FOR = "leave_for"
    WALK_UP = "walk_up"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One press as the phone sends it.

    Attributes:
        id: made on the phone. part: uid of a part, or the id of the press that made one; service: for `walk_up` and `close`.
        pressed, sent: the phone's clocks. skew: our clock minus the phone's at the last contact before the press.
        issued_at: when the page was made.
        at: an hour somebody wrote, 11:30. known, name, phone, minor, first_time: who walked up.
        absent_known: somebody looked at those never ticked.
    """

    id: str
    op: Op
    part: str = ""
    service: str = ""
    pressed: Reading
    sent: Reading
    skew: timedelta | None
    issued_at: datetime
    at: str = ""
    known: str = ""
    name: str = ""
    phone: str = ""
    minor: bool = False
    first_time: bool = False
    absent_known: bool = False


_ASKED = (
    "手机上的时间对不上，没有直接记。请告诉队长或社区是几点。",
    "The phone's clock does not fit, so nothing was noted by itself. Please tell the leader or the desk the hour.",
)
_CLOSED = (
    "收工时记了没来。请补写几点到、几点走。",
    "The shift was closed and says absent. Please write down when they came and left.",
)
_TOO_LATE = (
    "过去太久了，请队长或社区照纸上的补记。",
    "That is too long ago: ask the leader or the desk to write it down from the paper.",
)


async def take(ctx: Context, actor: Actor, queued: Queued) -> Press:
    """What came of a press; the first answer again when it was sent before.

    Raises:
        NotFound: its id belongs to somebody else's press.
    """
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"press:{queued.id}")
        before = await queue.press(ctx.engine, queued.id)
        if before is not None:
            if before.member != actor.uid:
                raise NotFound()
            return before
        queued = await _with_real_part(ctx, actor, queued)
        service = await _service(ctx, queued)
        happened = _when(ctx, queued, service)
        one = _as_pressed(ctx, actor, queued, service, happened)
        if service is None:
            one = _refused(one, NotFound())
        elif not comes_by_itself(ends_at=service.ends_at, received_at=ctx.now()):
            one = replace(one, state=Outcome.REFUSED, zh=_TOO_LATE[0], en=_TOO_LATE[1])
        elif not happened.live:
            one = replace(one, state=Outcome.ASKED, zh=_ASKED[0], en=_ASKED[1])
        else:
            one = await _done(ctx, actor, queued, one)
        await queue.keep(ctx.engine, one)
        await audit.note(
            ctx, actor, "queued_press", object=one.part or one.service, reason=f"{one.op} {one.state}"
        )
    return one


async def _done(ctx: Context, actor: Actor, queued: Queued, one: Press) -> Press:
    # The flows read the time from their clock, and what happened happened then.
    then = replace(ctx, clock=lambda: one.happened_at)
    try:
        # Its own savepoint: what a refused step had begun is undone, and that it was refused is kept.
        async with ctx.engine.atomic():
            return replace(one, part=await _step(then, actor, queued))
    except AlreadyDone as refusal:
        part = await services.attendance(ctx.engine, queued.part) if queued.part else None
        there = part is not None and part.checked_in_at is not None
        # Whoever was ticked by somebody else meanwhile, or whose first answer got lost on its way, is there.
        if queued.op in (Op.ARRIVE, Op.TICK) and there:
            return one
        if queued.op in (Op.ARRIVE, Op.TICK) and part is not None and part.state is State.NO_SHOW:
            return replace(one, state=Outcome.REFUSED, zh=_CLOSED[0], en=_CLOSED[1])
        return _refused(one, refusal)
    except (AppRefusal, LedgerRefusal) as refusal:
        return _refused(one, refusal)


async def _step(ctx: Context, actor: Actor, queued: Queued) -> str:
    """Do what was pressed; the part it was about."""
    match queued.op:
        case Op.ARRIVE:
            return (await flow.check_in(ctx, actor, queued.part)).uid
        case Op.TICK:
            return (await flow.tick(ctx, actor, queued.part)).uid
        case Op.UNTICK:
            return (await flow.undo_check_in(ctx, actor, queued.part)).uid
        case Op.LEAVE | Op.LEAVE_FOR:
            return (await flow.check_out(ctx, actor, queued.part, at=clock_time(queued.at))).uid
        case Op.WALK_UP:
            part = await flow.add_walk_up(
                ctx, actor, queued.service, member=queued.known, name=queued.name, phone=queued.phone,
                minor=queued.minor, first_time=queued.first_time,
            )  # fmt: skip
            return part.uid
        case Op.CLOSE:
            await flow.close_shift(
                ctx, actor, queued.service, at=clock_time(queued.at), absent_known=queued.absent_known
            )
            return ""


async def _with_real_part(ctx: Context, actor: Actor, queued: Queued) -> Queued:
    """A part that was made by an earlier press is called by that press's id until the phone knows better."""
    made = await queue.press(ctx.engine, queued.part) if queued.part else None
    return replace(queued, part=made.part) if made is not None and made.member == actor.uid else queued


async def _service(ctx: Context, queued: Queued) -> Service | None:
    uid = queued.service
    if queued.part:
        part = await services.attendance(ctx.engine, queued.part)
        uid = part.service if part is not None else ""
    return await services.service(ctx.engine, uid) if uid else None


def _when(ctx: Context, queued: Queued, service: Service | None) -> TrueTime:
    if service is None:
        return TrueTime(at=ctx.now(), doubt=Doubt.NONE)
    return true_time(
        queued.pressed, queued.sent, skew=queued.skew, received_at=ctx.now(), issued_at=queued.issued_at,
        starts_at=service.starts_at, ends_at=service.ends_at,
    )  # fmt: skip


def _as_pressed(
    ctx: Context, actor: Actor, queued: Queued, service: Service | None, happened: TrueTime
) -> Press:
    said = {"at": queued.at, "known": queued.known, "name": queued.name, "phone": queued.phone}
    return Press(
        press=queued.id, member=actor.uid, op=queued.op, service=service.uid if service else queued.service,
        part=queued.part, body=json.dumps({name: text for name, text in said.items() if text}, ensure_ascii=False),
        said_ms=int(queued.pressed.wall.timestamp() * 1000), happened_at=happened.at, doubt=happened.doubt,
        receipt=receipt_word(queued.id), state=Outcome.DONE, zh="", en="", received_at=ctx.now(),
    )  # fmt: skip


def _refused(one: Press, refusal: AppRefusal | LedgerRefusal) -> Press:
    return replace(one, state=Outcome.REFUSED, zh=refusal.zh, en=refusal.en)
