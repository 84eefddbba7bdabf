"""One press of one person on one promise: refused with the sentence of now where the view does not offer it, else done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from timebank.access import Actor, sees
from timebank.context import Context
from timebank.errors import BadField, LongerWaits, NotFound, NotOffered, WaitsForSecond
from timebank.help.posting.reversing import HoursUsed
from timebank.help.promises.seen import Promise, promise
from timebank.help.services.arriving import check_in, check_out, tick, undo_check_in
from timebank.help.services.joining import cancel_attendance
from timebank.help.services.keeping.off import call_off_date, give_back, move, rain_off
from timebank.help.services.keeping.undoing import reopen
from timebank.help.services.loading import facts_of
from timebank.help.services.words import putting_right
from timebank.help.services.words.confirming import record_confirmation
from timebank.help.services.words.correcting import Lengthened, correct
from timebank.help.services.words.disputes import dispute, resolve_dispute
from timebank.help.services.words.speaking import find_out, said_came, said_not_came, speak
from timebank.help.services.writing_times import write_times
from timebank.rules.parts.attendance import State
from timebank.rules.parts.statements import Said
from timebank.store.channels import news
from timebank.store.help import services


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What was pressed, and what was typed with it.

    Attributes:
        part: uid of the part that is meant; "" for the one the promise goes by.
        arrived, left: clocks of the service's day. to: where a shift is moved.
        of_office: pressed as whoever leads or keeps the service, although they have a part in it.
        minutes: what the desk found; None for "it did not take place".
    """

    name: str
    part: str = ""
    note: str = ""
    arrived: time | None = None
    left: time | None = None
    minutes: int | None = None
    to: datetime | None = None
    of_office: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Everything a press works on."""

    ctx: Context
    actor: Actor
    promise: Promise
    pressed: Pressed

    @property
    def service(self) -> str:
        return self.promise.service.uid

    @property
    def part(self) -> str:
        if self.promise.part is None:
            raise NotFound()
        return self.promise.part.uid


async def press(ctx: Context, actor: Actor, service_uid: str, pressed: Pressed, *, lang: str) -> Promise:
    """Do what was pressed, and give back the promise as the same person sees it then.

    Raises:
        NotFound: it is none of theirs; NotOffered: the promise stands otherwise by now, with the sentence of now;
        whatever the step itself refuses.
    """
    service = await services.service(ctx.engine, service_uid)
    if service is None:
        raise NotFound()
    parts = await services.attendances(ctx.engine, service_uid)
    owners = (service.recipient, *(one.member for one in parts))
    sees(actor, "PressPromise", facts_of(service, "PressPromise", owners=owners))
    seen_zh = await promise(ctx, actor, service, lang="zh-CN", part=pressed.part, of_office=pressed.of_office)
    if pressed.name not in dict(seen_zh.presses) or pressed.name not in _DEEDS:
        seen_en = await promise(
            ctx, actor, service, lang="en", part=pressed.part, of_office=pressed.of_office
        )
        raise NotOffered(seen_zh.sentence, seen_en.sentence)

    await _DEEDS[pressed.name](_At(ctx=ctx, actor=actor, promise=seen_zh, pressed=pressed))

    return await _after(ctx, actor, service_uid, pressed.part, lang)


async def _after(ctx: Context, actor: Actor, service_uid: str, part: str, lang: str) -> Promise:
    after = await services.service(ctx.engine, service_uid)
    assert after is not None
    return await promise(ctx, actor, after, lang=lang, part=part)


def _speaks(what: Said) -> Callable[[_At], Awaitable[object]]:
    return lambda at: speak(at.ctx, at.actor, at.part, what, note=at.pressed.note)


def _finds(what: Said) -> Callable[[_At], Awaitable[object]]:
    return lambda at: find_out(at.ctx, at.actor, at.part, what, note=at.pressed.note)


async def _write(at: _At) -> None:
    await write_times(
        at.ctx, at.actor, at.part, arrived=at.pressed.arrived, left=at.pressed.left, note=at.pressed.note
    )


async def _wrong(at: _At) -> None:
    """It is not as it stands: what is not in the book yet is looked into, what is there is put right by the desk."""
    if len(at.pressed.note) < 2:
        raise BadField("请写一句哪里不对。", "Please write what is wrong.", field="note")
    await dispute(at.ctx, at.actor, at.part, note=at.pressed.note)


async def _hand_back(at: _At) -> None:
    """Who was to come cannot; a body that had promised and named nobody gives the whole date back."""
    if at.promise.part is not None and at.promise.part.state is State.SIGNED_UP:
        await cancel_attendance(at.ctx, at.actor, at.part, note=at.pressed.note)
        return
    await give_back(at.ctx, at.actor, at.service, note=at.pressed.note)


async def _leave(at: _At) -> None:
    await check_out(at.ctx, at.actor, at.part, at=at.pressed.left)


async def _call_me(at: _At) -> None:
    """A line on the call sheet; asking twice before the call keeps one line."""
    ctx, member = at.ctx, at.promise.service.recipient
    community = at.promise.service.community
    async with ctx.engine.atomic():
        if not await news.waits(ctx.engine, community, member, "call_me"):
            await news.put(ctx, community=community, member=member, kind="call_me", by=at.actor.uid)


async def _resolve(at: _At) -> None:
    if len(at.pressed.note) < 2:
        raise BadField("请写一句是怎么问清的。", "Please write how it was found out.", field="note")
    await resolve_dispute(at.ctx, at.actor, at.part, minutes_served=at.pressed.minutes, note=at.pressed.note)


async def _correct(at: _At) -> None:
    if at.pressed.minutes is None:
        raise BadField(
            "要写改成多少分钟，没来过写 0。", "Write the right minutes, 0 for none.", field="minutes"
        )
    try:
        await correct(at.ctx, at.actor, at.part, minutes_served=at.pressed.minutes, note=at.pressed.note)
    except (HoursUsed, Lengthened) as found:
        # What was given away, or is made longer, is put right by two: this is the first hand.
        await putting_right.enter(
            at.ctx, at.actor, at.part, minutes_served=at.pressed.minutes, note=at.pressed.note
        )
        raise (WaitsForSecond() if isinstance(found, HoursUsed) else LongerWaits()) from found


async def _move(at: _At) -> None:
    if at.pressed.to is None:
        raise BadField("改到什么时候？", "To when?", field="to")
    await move(at.ctx, at.actor, at.service, starts_at=at.pressed.to)


_DEEDS: Mapping[str, Callable[[_At], Awaitable[object]]] = {
    **dict.fromkeys(("arrive", "here"), lambda at: check_in(at.ctx, at.actor, at.part)),
    **dict.fromkeys(("sure", "sure_for"), _speaks(Said.SURE)),
    **dict.fromkeys(("cannot", "cannot_for"), _hand_back),
    **dict.fromkeys(("edit_own", "times", "went", "edit_time", "times_for", "went_for"), _write),
    **dict.fromkeys(("came", "word_came"), lambda at: said_came(at.ctx, at.actor, at.part)),
    **dict.fromkeys(("time_wrong", "wrong", "hold"), _wrong),
    **dict.fromkeys(("leave", "leave_for"), _leave),
    **dict.fromkeys(("no_show", "word_not"), _finds(Said.FOUND_NOT)),
    "swap": _speaks(Said.SWAP),
    "on_way": _speaks(Said.ON_WAY),
    "not_went": _speaks(Said.NOT_WENT),
    "word_unknown": _finds(Said.FOUND_UNKNOWN),
    "not_came": lambda at: said_not_came(at.ctx, at.actor, at.part, note=at.pressed.note),
    "tick": lambda at: tick(at.ctx, at.actor, at.part),
    "untick": lambda at: undo_check_in(at.ctx, at.actor, at.part),
    "confirm": lambda at: record_confirmation(at.ctx, at.actor, at.part),
    "off_date": lambda at: call_off_date(at.ctx, at.actor, at.service, note=at.pressed.note),
    "off_series": lambda at: call_off_date(
        at.ctx, at.actor, at.service, whole_series=True, note=at.pressed.note
    ),
    "call_me": _call_me,
    "rain": lambda at: rain_off(at.ctx, at.actor, at.service),
    "move": _move,
    "reopen": lambda at: reopen(at.ctx, at.actor, at.service),
    "resolve_minutes": _resolve,
    "correct": _correct,
}
"""What each press does; those that are links have no deed."""
