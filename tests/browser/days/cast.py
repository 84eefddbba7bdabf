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
from timebank.rules.relationships import KnownBy, Party, Relationship, Sort, State, Yes, member
from timebank.store import settings
from timebank.store.help import lines
from timebank.store.identity import actors
from timebank.store.members import phones
from timebank.store.relations import relationships

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
    Arranged(helper="luo", elder="wang", title="剪剪头发", category="haircut", starts_at=_at(24, 16)),
)  # fmt: skip
OVERDUE = (("ma", "想请人教用手机视频", "phone_lessons"), ("wang", "想学用手机挂号", "phone_lessons"))
CARD, HELD_BY = "card", "wang"
"""The card on the fridge: its token stands among the links."""
GREETED = ("wang", "ma")
WANTED_TODAY = ("zhou", "想请人念一封信", "companionship")
NEAR = ("ma", "头发太长了，想剪短", "haircut")
MAY_SPEAK_FOR = ("zhao", "liu")
"""Two elders for whom the contact of the school may say that somebody came."""
WANTED = ("sun", "想请人陪着说说话", "companionship")


async def prepare(ctx: Context) -> dict[str, str]:
    """Arrange everything once, and give a sign-in link to everybody; role or key of a person -> token."""
    if not await settings.setting(ctx.engine, "days_prepared"):
        clock = SetClock(_at(18, 11))
        then = replace(ctx, clock=clock)
        for late in OVERDUE:
            await _ask(then, *late, when="2026年11月20日上午", urgency=Urgency.URGENT)
        for elder in GREETED:
            await _greet(then, elder)
        clock.now = _at(23, 16)
        await _ask(then, *WANTED, when="2026年11月26日下午", urgency=Urgency.NORMAL)
        await _ask(then, *WANTED_TODAY, when="2026年11月24日 15:00-16:00", urgency=Urgency.NORMAL)
        await _ask(then, *NEAR, when="2026年11月24日下午", urgency=Urgency.NORMAL)
        for one in VISITS:
            await _arrange(then, one)
        async with ctx.engine.atomic():
            for elder in MAY_SPEAK_FOR:
                await _speaks_for(then, "teacher", elder)
            await settings.set_setting(ctx.engine, "days_prepared", "yes")
    return await _links(ctx)


async def _ask(ctx: Context, elder: str, title: str, category: str, *, when: str, urgency: Urgency) -> str:
    read = read_when(when, filed_on=ctx.today())
    asked = Asked(title=title, when=read, categories=(category,), urgency=urgency, channel="phone")
    need = await requests.open_request(ctx, await _worker(ctx), asked, elder=await _uid(ctx, elder))
    return need.line_key


async def _greet(ctx: Context, elder: str) -> None:
    """She asked to be greeted every morning, at the counter."""
    uid = await _uid(ctx, elder)
    asked = Relationship(
        uid=ctx.ids.uid("G"), community=CODE, kind="daily_greeting", holder=Party(Sort.MEMBER, uid),
        target=Party(Sort.AREA, CODE), since_on=ctx.today(), state=State.IN_FORCE, offered_by=uid,
        holder_yes=Yes(known_by=KnownBy.TOLD, by=uid, on=ctx.today()),
    )  # fmt: skip
    async with ctx.engine.atomic():
        await relationships.add_relationship(ctx.engine, asked)


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
        for key in PHONES:
            tokens[key] = ctx.ids.token()
            await identity.add_code(
                ctx, member=await _uid(ctx, key), secret=tokens[key], kind="link", uses=10_000,
                lasts=timedelta(days=3650),
            )  # fmt: skip
        tokens[CARD] = await identity.new_card(ctx, await _worker(ctx), await _uid(ctx, HELD_BY))
    return tokens


async def _worker(ctx: Context) -> Actor:
    return await actors.actor_of(ctx.engine, ctx.catalogue_of, await _uid(ctx, "worker"), ctx.today())


async def _uid(ctx: Context, key: str) -> str:
    (card,) = await phones.cards_by_number(ctx.engine, CODE, PHONES[key])
    return card.uid


PHONES = {
    **{one.key: one.newcomer.phones[0].number for one in (*STAFF, *ELDERS, *VESTS)},
    **FROM_THE_FILE,
}

CALLED = {
    **{one.newcomer.called: one.key for one in (*STAFF, *ELDERS, *VESTS)},
    **{called: name for name, (_number, called) in NUMBERS.items() if name in FROM_THE_FILE},
}
"""How somebody is called -> their key."""
