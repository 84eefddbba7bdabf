"""The demo community, opened without a server: its people sign in by a session of their own, its clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from litestar import Litestar

from timebank.adapters.system import SeededIds, SetClock
from timebank.app import create_app
from timebank.context import Context
from timebank.demo.seed import CODE, TODAY, seed
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.identity import sessions
from timebank.store.members import phones
from timebank.store.upgrade import upgrade
from timebank.web.session import CARD_COOKIE, cookie_name
from tools.pages.walking import Walker

# One person of each kind, by the number they are known by.
PEOPLE = {
    "elder": "19900000101", "volunteer": "19900000004", "leader": "19900000301", "unit": "19900000204",
    "worker": "19900000201", "auditor": "19900000203", "proxy": "19900000206",
}  # fmt: skip


@asynccontextmanager
async def demo_town(folder: Path) -> AsyncIterator[tuple[Context, Litestar]]:
    """A freshly seeded demo community in `folder`, on its own Tuesday at 8:40, and the app over it."""
    settings = Settings(database=f"sqlite:///{folder}/demo.db", city="dongqu", demo=True)
    ctx = make_context(settings, clock=SetClock(TODAY), ids=SeededIds(8))
    await ctx.engine.start()
    try:
        await upgrade(ctx.engine)
        await seed(ctx)
        await ctx.policies.load()
        yield ctx, create_app(settings, context=ctx)
    finally:
        await ctx.engine.close()


async def uid_of(ctx: Context, phone: str) -> str:
    """Whose number this is."""
    (card,) = await phones.cards_by_number(ctx.engine, CODE, phone)
    return card.uid


async def signed_in(
    ctx: Context, name: str, uid: str, *, acting_for: str = "", level: str = "full", size: str = ""
) -> Walker:
    """Somebody with a session that does not end."""
    async with ctx.engine.atomic():
        token = await sessions.open_session(
            ctx, member=uid, idle_minutes=10_000_000, lasts=timedelta(days=3650), acting_for=acting_for, level=level
        )  # fmt: skip
    cookies = {cookie_name(ctx.settings): token, **({"size": size} if size else {})}
    return Walker(name=name, cookies=cookies)


async def townspeople(ctx: Context) -> dict[str, Walker]:
    """A stranger, one person of each role, the daughter while she acts for her mother, and a printed card."""
    uids = {who: await uid_of(ctx, phone) for who, phone in PEOPLE.items()}
    people = {"": Walker(name="", cookies={})}
    for who, uid in uids.items():
        people[who] = await signed_in(ctx, who, uid)
    people["proxy acting"] = await signed_in(ctx, "proxy acting", uids["proxy"], acting_for=uids["elder"])
    card = await signed_in(ctx, "card", uids["elder"], level="card")
    # The card's own pages read its session from a cookie of their own.
    cookies = {**card.cookies, CARD_COOKIE: card.cookies[cookie_name(ctx.settings)]}
    people["card"] = replace(card, cookies=cookies, begins=("/", "/k/ask"))
    return people
