"""Who lives through the days, and what is arranged before they begin: the demo community and some visits more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from marketplace.times import read_when
from marketplace.values import Urgency, Window
from timebank.access import Actor
from timebank.adapters.system import SetClock
from timebank.catalogue import Heard, Scope
from timebank.community import relating
from timebank.community.identity import flow as identity
from timebank.context import Context
from timebank.demo.people import ELDERS, NUMBERS, STAFF, VESTS
from timebank.demo.seed import CODE
from timebank.help.matching import flow as matching
from timebank.help.matching.flow import ByHand
from timebank.help.requests import flow as requests
from timebank.help.requests.intake import Asked
from timebank.rules.relationships import member
from timebank.store import actors, lines, phones, settings

ZONE = ZoneInfo("Asia/Shanghai")
FROM_THE_FILE = {"李四": "19900000004", "钱二": "19900000002", "赵一": "19900000001"}
"""Who came with the volunteers' file, by telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """One visit that the desk has arranged on Monday; of a need on the list where `title` is that of one."""

    helper: str
    elder: str
    title: str
    category: str
    starts_at: datetime
    minutes: int = 60


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


VISITS = (
    Arranged(helper="xu", elder="zhao", title="想请人上门理个发", category="haircut", starts_at=_at(24, 13)),
    Arranged(helper="xu", elder="liu", title="理发，坐不住半小时", category="haircut", starts_at=_at(24, 15)),
    Arranged(helper="luo", elder="wang", title="搬一下煤气罐", category="errand", starts_at=_at(24, 16)),
)  # fmt: skip
MAY_SPEAK_FOR = ("zhao", "liu")
"""Two elders for whom the contact of the school may say that somebody came."""
OVERDUE = ("ma", "想请人教用手机视频", "phone_lessons")
WANTED = ("sun", "想请人陪着说说话", "companionship")


async def prepare(ctx: Context) -> dict[str, str]:
    """Arrange everything once, and give a sign-in link to everybody; role or key of a person -> token."""
    if not await settings.setting(ctx.engine, "days_prepared"):
        clock = SetClock(_at(18, 11))
        then = replace(ctx, clock=clock)
        async with ctx.engine.atomic():
            await _ask(then, *OVERDUE, when="2026年11月20日上午", urgency=Urgency.URGENT)
            clock.now = _at(23, 16)
            await _ask(then, *WANTED, when="2026年11月26日下午", urgency=Urgency.NORMAL)
            for one in VISITS:
                await _arrange(then, one)
            for elder in MAY_SPEAK_FOR:
                await _speaks_for(then, "teacher", elder)
            await settings.set_setting(ctx.engine, "days_prepared", "yes")
    return await _links(ctx)


async def _ask(ctx: Context, elder: str, title: str, category: str, *, when: str, urgency: Urgency) -> str:
    read = read_when(when, filed_on=ctx.today())
    asked = Asked(title=title, when=read, categories=(category,), urgency=urgency, channel="phone")
    need = await requests.open_request(ctx, await _worker(ctx), asked, elder=await _uid(ctx, elder))
    return need.line_key


async def _speaks_for(ctx: Context, key: str, elder: str) -> None:
    wanted = relating.Wanted(
        kind="proxy", holder=member(await _uid(ctx, key)), target=member(await _uid(ctx, elder)), note="邻居",
        holder_yes=Heard.PAPER, target_yes=Heard.PAPER, scope=(Scope.CONFIRM, Scope.READ),
    )  # fmt: skip
    await relating.offer(ctx, await _worker(ctx), wanted)


async def _arrange(ctx: Context, one: Arranged) -> None:
    elder = await _uid(ctx, one.elder)
    listed = await lines.filed_by(ctx.engine, CODE, elder, open_only=True)
    found = [filed.need for filed in listed if filed.need.title == one.title]
    day = f"{one.starts_at:%Y年%-m月%-d日}"
    key = found[0].line_key if found else await _ask(
        ctx, one.elder, one.title, one.category, when=f"{day} {one.starts_at:%-H:%M}", urgency=Urgency.NORMAL
    )  # fmt: skip
    window = Window(one.starts_at, one.starts_at + timedelta(minutes=one.minutes))
    chosen = ByHand(window=window, reason="问过，能去", member=await _uid(ctx, one.helper))
    await matching.decide_by_hand(ctx, await _worker(ctx), key, chosen)


async def _links(ctx: Context) -> dict[str, str]:
    tokens: dict[str, str] = {}
    async with ctx.engine.atomic():
        await identity.end_links(ctx)
        for key in _PHONES:
            tokens[key] = ctx.ids.token()
            await identity.add_code(
                ctx, member=await _uid(ctx, key), secret=tokens[key], kind="link", uses=10_000,
                lasts=timedelta(days=3650),
            )  # fmt: skip
    return tokens


async def _worker(ctx: Context) -> Actor:
    return await actors.actor_of(ctx.engine, ctx.catalogue_of, await _uid(ctx, "worker"), ctx.today())


async def _uid(ctx: Context, key: str) -> str:
    (card,) = await phones.cards_by_number(ctx.engine, CODE, _PHONES[key])
    return card.uid


_PHONES = {
    **{one.key: one.newcomer.phones[0].number for one in (*STAFF, *ELDERS, *VESTS)},
    **FROM_THE_FILE,
}

CALLED = {
    **{one.newcomer.called: one.key for one in (*STAFF, *ELDERS, *VESTS)},
    **{called: name for name, (_number, called) in NUMBERS.items() if name in FROM_THE_FILE},
}
"""How somebody is called -> their key."""
