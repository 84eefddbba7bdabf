"""What a text message does, one function for each kind of deed; all in the caller's unit of work, through the flows that stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from marketplace import store as lists
from marketplace.values import Need
from timebank.access import Actor
from timebank.channels import parked
from timebank.context import Context
from timebank.errors import BadField, CannotUndo
from timebank.help.on_the_way import coming
from timebank.help.requests import flow as requests
from timebank.help.requests.asking import tile
from timebank.help.requests.intake import Asked, categories_for, heard_time
from timebank.help.services import flow as services
from timebank.rules.parts.attendance import Attendance, Service, State
from timebank.rules.parts.statements import Said as Word
from timebank.rules.parts.statements import standing_ones
from timebank.rules.telling.phone_words import Act, Said, Why
from timebank.rules.telling.time_words import once
from timebank.store.channels import news
from timebank.store.channels import texts as kept
from timebank.store.help import lines, statements
from timebank.store.help import services as stored
from timebank.store.places import calendars
from timebank.store.places.categories import tree_of

SHOWN_MAX = 120
NEAR, LOOK_BACK = timedelta(hours=36), timedelta(days=14)
CHOICES_MAX = 8
TITLE_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done.

    Attributes:
        about: the need or attendance that it was done to. zh, en: how it is answered, "" for no answer.
        answer: the kind of news that says so. choices: what a lettered question offers.
    """

    code: str
    about: str = ""
    zh: str = ""
    en: str = ""
    answer: str = "got_it"
    choices: tuple[str, ...] = ()


class Part(NamedTuple):
    """Somebody's part in a service."""

    part: Attendance
    service: Service


async def to_desk(ctx: Context, actor: Actor, words: str, *, kind: str = "text_in") -> Deed:
    """A person rings: the words stand on the call sheet."""
    await news.put(
        ctx,
        community=actor.community,
        member=actor.uid,
        kind=kind,
        zh=words[:SHOWN_MAX],
        en=words[:SHOWN_MAX],
    )
    return Deed(code="desk")


async def danger(ctx: Context, actor: Actor, words: str) -> Deed:
    """Somebody may be in danger: first on the call sheet, and told to ring 120."""
    await to_desk(ctx, actor, words, kind="text_danger")
    await news.put(ctx, community=actor.community, member=actor.uid, kind="sos")
    return Deed(code="danger")


async def told(ctx: Context, actor: Actor, act: Act) -> Deed:
    """What is never said by text message, and how it works."""
    kind = {Act.BALANCE: "no_balance_here", Act.CODE_SENT: "no_code_here", Act.START_HELP: "how_to_text"}[act]
    await news.put(ctx, community=actor.community, member=actor.uid, kind=kind)
    return Deed(code=act.value)


async def call_me(ctx: Context, actor: Actor, words: str, *, more: bool) -> Deed:
    """They want to be rung; what else they said stands beside it."""
    if more:
        return await to_desk(ctx, actor, words)
    await requests.ask_for_call(ctx, actor)
    return Deed(code="call_me", zh="社区会打给您", en="the office will ring you")


async def ask(ctx: Context, actor: Actor, said: Said, words: str, *, again: bool = False) -> Deed:
    """One request for each picture; what is on the list already is said so instead."""
    if said.why is Why.KIND_DIFFERS:
        return await to_desk(ctx, actor, words)
    asked = [await _asked(ctx, actor, kind, said) for kind in said.kinds]
    open_now = await lines.filed_by(ctx.engine, actor.community, actor.uid, open_only=True)
    titles = {one.need.title for one in open_now}
    if not again and any(one.title in titles for one in asked):
        title = next(one.title for one in asked if one.title in titles)
        return Deed(code="already", zh=title, en=title, answer="already_asked")
    needs = [await requests.open_request(ctx, actor, one, elder=actor.uid) for one in asked]
    zh = "、".join(one.title for one in needs)
    when = needs[0].when
    return Deed(
        code="asked", about=",".join(one.line_key for one in needs)[:60],
        zh=f"记下了：{zh}，{when.said_zh}", en=f"noted: {zh}, {when.said_en}",
    )  # fmt: skip


async def _asked(ctx: Context, actor: Actor, kind: str, said: Said) -> Asked:
    chosen = tile(kind)
    calendar = await calendars.calendar_of(ctx.engine, actor.community, ctx.today())
    phrase, note = said.time, said.rest
    if not phrase and note and not said.why:
        # "1 tomorrow morning": no time of ours, yet the rest may be one.
        try:
            heard_time(note, filed_on=ctx.today(), zone=ctx.zone, confirmed=False, calendar=calendar)
            phrase, note = note, ""
        except BadField:
            phrase = ""
    when = heard_time(
        once(phrase, on=ctx.today()), filed_on=ctx.today(), zone=ctx.zone, confirmed=False, calendar=calendar
    )
    title = chosen.title or note[:TITLE_LENGTH_MAX] or "别的事,请社区问清楚"
    return Asked(
        title=title, when=when, note=note if chosen.title else "", channel="sms",
        categories=(chosen.category,) if chosen.category else categories_for("", note, tree=await tree_of(ctx.engine, actor.community)),
    )  # fmt: skip


async def off(ctx: Context, actor: Actor, said: Said, words: str) -> Deed:
    """Not needed any more: the one open thing that fits, never a whole series; several are asked back by letters."""
    found = await _open(ctx, actor)
    if said.kinds:
        found = [one for one in found if one.title == tile(said.kinds[0]).title]
    if said.time:
        day = _day(ctx, said.time)
        fitting = [one for one in found if day is not None and await _on_day(ctx, actor.community, one, day)]
        if day is None or not fitting:
            return await to_desk(ctx, actor, words)
        found = fitting
    if not found or any(one.when.recurrences for one in found):
        return await to_desk(ctx, actor, words)
    if len(found) > 1:
        return _which(found)
    return await _called_off(ctx, actor, found[0])


async def chosen(ctx: Context, actor: Actor, key: str) -> Deed:
    """The letter that somebody answered a question with."""
    return await _called_off(ctx, actor, next(one for one in await _open(ctx, actor) if one.line_key == key))


async def _called_off(ctx: Context, actor: Actor, need: Need) -> Deed:
    had_somebody = bool(await coming(ctx, actor.community, need.line_key))
    await requests.cancel_request(ctx, actor, need.line_key, reason="短信")
    return Deed(
        code="off" if not had_somebody else "off_visit", about=need.line_key,
        zh=f"{need.title}不用来了", en=f"{need.title} is called off",
    )  # fmt: skip


def _which(found: Sequence[Need]) -> Deed:
    some = found[:CHOICES_MAX]
    shown = "；".join(f"{chr(65 + at)} {one.title}" for at, one in enumerate(some))
    return Deed(
        code="which", zh=shown, en=shown, answer="which_one", choices=tuple(one.line_key for one in some)
    )


async def answer(ctx: Context, actor: Actor, said: Said, words: str, *, since: datetime) -> Deed:
    """A yes or no to the last thing that was asked; where nothing was asked, a person rings."""
    asked = next(
        (one for one in await news.lately_told(ctx.engine, actor.uid, since=since) if one.kind in _QUESTIONS),
        None,
    )
    if asked is None or asked.matter_of:
        return await to_desk(ctx, actor, words)
    if asked.kind in parked.PARKED:
        return await _of_card(ctx, actor, asked, said, words)
    if said.act is Act.NOT_ME or (asked.kind == "greeting" and said.act is not Act.YES):
        return await to_desk(ctx, actor, words)
    if asked.kind == "greeting":
        await news.read_by(ctx.engine, actor.uid, [asked.uid], now=ctx.now())
        return Deed(code="greeted")
    return await helped(ctx, actor, said, words)


_QUESTIONS = (*parked.PARKED, "please_confirm", "greeting")


async def _of_card(ctx: Context, actor: Actor, asked: news.News, said: Said, words: str) -> Deed:
    """Her own telephone says whether it was her who used the card."""
    if asked.told_at is not None:
        return await to_desk(ctx, actor, words)
    hers = said.act is Act.YES
    await parked.settle(ctx, actor, asked, hers=hers)
    await news.read_by(ctx.engine, actor.uid, [asked.uid], now=ctx.now())
    if not hers:
        await to_desk(ctx, actor, words)
        return Deed(
            code="card_not_hers",
            about=asked.about,
            zh="那张卡作废了，社区会打给您",
            en="the card is void; we ring you",
            answer="noted",
        )
    if asked.kind == parked.OFF:
        found = await _open(ctx, actor)
        if len(found) == 1 and not found[0].when.recurrences:
            return await _called_off(ctx, actor, found[0])
        return _which(found) if len(found) > 1 else await to_desk(ctx, actor, words)
    return Deed(code="card_hers", about=asked.about, zh="开始找人", en="we look for somebody")


_SPOKEN = {
    Act.SURE: (Word.SURE, "那次您能去", "you can go"),
    Act.ON_WAY: (Word.ON_WAY, "那次您在路上", "you are on the way"),
    Act.NOT_WENT: (Word.NOT_WENT, "那次您没去", "you did not go"),
    Act.SWAP: (Word.SWAP, "那次给您找人换", "we look for somebody instead of you"),
}
"""What is only said, and how it is answered."""


async def helper(ctx: Context, actor: Actor, said: Said, words: str) -> Deed:
    """A helper's own part nearest in time: sure, on the way, cannot, somebody else please, arrived, left, did not go."""
    states = State.CHECKED_IN if said.act is Act.LEFT else State.SIGNED_UP
    near = [
        Part(*one)
        for one in await stored.attendances_of(ctx.engine, actor.uid, states=(states,))
        if abs(one[1].starts_at - ctx.now()) <= NEAR
    ]
    if said.time and said.act is Act.CANNOT and (day := _day(ctx, said.time)) is not None:
        near = [one for one in near if _local(ctx, one.service.starts_at) == day]
    if not near or (said.time and said.act is Act.LEFT):
        # An hour that somebody writes is not the hour of the message; the desk types it.
        return await to_desk(ctx, actor, words)
    part, service = min(near, key=lambda one: abs(one.service.starts_at - ctx.now()))
    when = f"{service.starts_at.astimezone(ctx.zone):%H:%M}"
    if (spoken := _SPOKEN.get(said.act)) is not None:
        what, zh, en = spoken
        await services.speak(ctx, actor, part.uid, what, note="短信")
        return Deed(code=said.act.value, about=part.uid, zh=f"{when}{zh}", en=f"{when}: {en}")
    match said.act:
        case Act.CANNOT:
            await services.cancel_attendance(ctx, actor, part.uid, note="短信")
            return Deed(
                code="cannot", about=part.uid, zh=f"{when}那次您不去了", en=f"you do not go at {when}"
            )
        case Act.ARRIVED:
            await services.check_in(ctx, actor, part.uid)
            return Deed(code="arrived", about=part.uid, zh=f"{when}那次您到了", en=f"you arrived for {when}")
        case _:
            await services.check_out(ctx, actor, part.uid)
            return Deed(code="left", about=part.uid, zh=f"{when}那次您走了", en=f"you left after {when}")


async def helped(ctx: Context, actor: Actor, said: Said, words: str) -> Deed:
    """Her word about a visit of the last fourteen days that waits for one: came, nobody came, the time is wrong."""
    since = ctx.now() - LOOK_BACK
    found = []
    for service in await stored.services(ctx.engine, actor.community, recipient=actor.uid, starts_from=since):
        parts = await stored.attendances(ctx.engine, service.uid)
        begun = service.starts_at <= ctx.now()
        found += [
            Part(part, service)
            for part in parts
            if part.state is State.CHECKED_OUT
            or (
                begun
                and part.state in {State.SIGNED_UP, State.CHECKED_IN, State.UNKNOWN}
                and not part.said_not_at
            )
        ]
    if len(found) != 1:
        return await to_desk(ctx, actor, words, kind="text_in" if said.act is Act.CAME else "text_not_came")
    part, service = found[0]
    if said.act in (Act.CAME, Act.YES):
        await services.said_came(ctx, actor, part.uid)
        return Deed(code="came", about=part.uid, zh=f"{service.title}帮好了", en=f"{service.title} is done")
    if said.act is Act.NOT_CAME:
        await services.said_not_came(ctx, actor, part.uid, note=words[:SHOWN_MAX])
    else:
        await services.dispute(ctx, actor, part.uid, note=words[:SHOWN_MAX])
    await to_desk(ctx, actor, words, kind="text_not_came")
    return Deed(
        code="disputed",
        about=part.uid,
        zh="社区去问，问清了告诉您",
        en="the office will ask and tell you",
        answer="noted",
    )


async def take_back(ctx: Context, actor: Actor, last: kept.Text, words: str) -> Deed:
    """What the last message did, taken back within ten minutes; where no way leads back, a person rings."""
    match last.deed:
        case "asked":
            for key in last.about.split(","):
                await requests.cancel_request(ctx, actor, key, reason="短信改回")
        case "off":
            await lists.reopen_line(ctx.engine, actor.community, "need", last.about, at=ctx.now())
        case "arrived" | "left" | "cannot" | "came" | "disputed" | "sure" | "on_way" | "not_went" | "swap":
            if not await _unsaid(ctx, actor, last.about):
                return await to_desk(ctx, actor, f"“{last.words}” → “{words}”")
        case _:
            return await to_desk(ctx, actor, f"“{last.words}” → “{words}”")
    await kept.undone(ctx.engine, last.uid, at=ctx.now())
    return Deed(
        code="taken_back", about=last.about, zh="刚才那条改回来了", en="that is taken back", answer="noted"
    )


async def _unsaid(ctx: Context, actor: Actor, uid: str) -> bool:
    """Their last word about a part taken back; False where it can no longer be."""
    part = await stored.attendance(ctx.engine, uid)
    said = standing_ones(await statements.of_part(ctx.engine, uid)) if part else []
    mine = next((one for one in reversed(said) if one.by == actor.uid), None)
    if part is None or mine is None:
        return False
    try:
        async with ctx.engine.atomic():
            await services.take_back(ctx, actor, part.service, mine.uid)
    except CannotUndo:
        return False
    return True


async def _open(ctx: Context, actor: Actor) -> list[Need]:
    """What they asked for and is not over: on the list, or with somebody on the way."""
    found = []
    for one in await lines.filed_by(ctx.engine, actor.community, actor.uid):
        if one.is_open or await coming(ctx, actor.community, one.need.line_key):
            found.append(one.need)
    return found


def _day(ctx: Context, words: str) -> date | None:
    """The one day that words mean; None for none or several."""
    try:
        when = heard_time(once(words, on=ctx.today()), filed_on=ctx.today(), zone=ctx.zone, confirmed=False)
    except BadField:
        return None
    days = {_local(ctx, one.starts_at) for one in when.windows}
    if not days and when.first_on is not None and when.first_on == when.last_on:
        days = {when.first_on}
    return days.pop() if len(days) == 1 else None


async def _on_day(ctx: Context, community: str, need: Need, day: date) -> bool:
    for service in await coming(ctx, community, need.line_key):
        return _local(ctx, service.starts_at) == day
    midnight = datetime.combine(day, time(0), tzinfo=ctx.zone)
    if need.when.windows:
        return any(
            one.starts_at < midnight + timedelta(days=1) and one.ends_at > midnight
            for one in need.when.windows
        )
    first, last = need.when.first_on, need.when.last_on
    return (first is None or first <= day) and (last is None or day <= last)


def _local(ctx: Context, at: datetime) -> date:
    return at.astimezone(ctx.zone).date()
