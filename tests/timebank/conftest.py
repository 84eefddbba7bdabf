"""A small town for the app's tests: one community, one person for each role, and a stranger community beside it.

`ctx` runs on a migrated database of its own with a clock that stands at Tuesday 2026-11-24 08:40 in Shanghai and ids
that come in the same order every time. `town.client(role)` is a signed-in browser, `town.actor(role)` the same person
for flows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from litestar import Litestar

from tests.beginnings import Beginning, Beginnings
from tests.timebank.settling import mandate, settle, team, unit
from tests.timebank.shared_app import app_over, transport_to
from timebank.access import Actor
from timebank.adapters.system import SeededIds, SetClock
from timebank.community.founding.flow import found_community
from timebank.context import Context
from timebank.installation import make_context
from timebank.policy import Policy
from timebank.settings import Settings
from timebank.store.identity import sessions
from timebank.store.identity.actors import actor_of
from timebank.store.upgrade import upgrade

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 8, 40, tzinfo=SHANGHAI)


class Browser(httpx.AsyncClient):
    """A client that keeps cookies and sends the token of its sign-in with every write, as our pages do."""

    token = ""

    async def request(self, method: str, url: Any, **kwargs: Any) -> httpx.Response:
        writes = method.upper() not in {"GET", "HEAD", "OPTIONS"}
        if writes:
            if not self.token:
                await self.request("GET", "/sign-in")
            kwargs["headers"] = {"x-csrftoken": self.token, **(kwargs.get("headers") or {})}
        answer = await super().request(method, url, **kwargs)
        # A press may sign in or out, or act for somebody: the page after it has another token.
        self.token = "" if writes else answer.headers.get("x-csrftoken", "")
        return answer

    async def page(self, url: str, **kwargs: Any) -> httpx.Response:
        """GET as a browser does: HTML wanted, redirects followed."""
        headers = {"accept": "text/html", **kwargs.pop("headers", {})}
        return await self.get(url, headers=headers, follow_redirects=True, **kwargs)

    async def submit(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> httpx.Response:
        """POST a form as a browser does, following the redirect to the next page."""
        headers = {"accept": "text/html", **kwargs.pop("headers", {})}
        return await self.post(url, data=data or {}, headers=headers, follow_redirects=True, **kwargs)


@dataclass
class Town:
    """The community `dongqu`: who lives there, by role; and `nanqu` next door, whose people are strangers.

    Attributes:
        uids: role or name to member uid: elder (王秀英, called 王奶奶), proxy (her daughter, mandate in force),
            volunteer (李四), volunteer2 (钱二), minor (吴六, 17, no consent), leader (郑队长, team red-vests),
            unit (区第二人民医院's contact), worker (陈社工), worker2, auditor; stranger_worker, stranger_elder and
            stranger_volunteer in `nanqu`.
    """

    ctx: Context
    uids: dict[str, str] = field(default_factory=dict)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _app: Litestar | None = None

    @property
    def app(self) -> Litestar:
        """The web app over this town, made when a test first asks for it."""
        if self._app is None:
            self._app = app_over(self.ctx)
        return self._app

    async def actor(self, who: str, *, acting_for: str = "") -> Actor:
        return await actor_of(
            self.ctx.engine,
            self.ctx.catalogue_of,
            self.uids[who],
            self.ctx.today(),
            acting_for=self.uids.get(acting_for, ""),
        )

    async def stranger(self, community: str = "dongqu") -> Browser:
        """A browser nobody is signed in with, whose reader chose this community before; "" for a first visit."""
        client = Browser(
            transport=transport_to(self.app),
            base_url="http://127.0.0.1:8000",
        )
        if community:
            client.cookies.set("community", community, domain="127.0.0.1")
        return await self._open.enter_async_context(client)

    async def client(self, who: str, *, acting_for: str = "") -> Browser:
        """A browser with a session of its own for this person."""
        client = await self.stranger()
        async with self.ctx.engine.atomic():
            token = await sessions.open_session(
                self.ctx,
                member=self.uids[who],
                idle_minutes=600,
                lasts=timedelta(days=400),
                acting_for=self.uids.get(acting_for, ""),
            )
        client.cookies.set("sid", token, domain="127.0.0.1")
        return client

    async def close(self) -> None:
        await self._open.aclose()


@pytest.fixture
def app_database_url(tmp_path: Path) -> str:
    """SQLite for most tests; a test that must hold on both overrides this with `database_url`."""
    return f"sqlite:///{tmp_path}/town.db"


def rests(ctx: Context, minutes: int) -> None:
    """Set for how many minutes a press can be taken back, and decided hours rest, in the whole installation."""
    policies = ctx.policies
    policies.default = _resting(policies.default, minutes)
    for held in policies._held.values():
        held.rules = [replace(one, policy=_resting(one.policy, minutes)) for one in held.rules]


def _resting(policy: Policy, minutes: int) -> Policy:
    return replace(policy, promise=replace(policy.promise, undo_minutes=minutes))


def _installation(url: str) -> Context:
    """An installation whose clock stands still; hours are posted at once in it: what rests has tests of its own."""
    settings = Settings(database=url, city="dongqu", demo=True)
    context = make_context(settings, clock=SetClock(TUESDAY), ids=SeededIds(7))
    rests(context, 0)
    return context


async def _migrated(url: str) -> None:
    context = _installation(url)
    async with context.engine:
        await upgrade(context.engine)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Who lives in the town, and the ids that come next."""

    uids: dict[str, str]
    ids: SeededIds


async def _with_people(url: str) -> _Settled:
    await _migrated(url)
    context = _installation(url)
    async with context.engine:
        async with context.engine.atomic():
            uids = await _settle(context)
        assert isinstance(context.ids, SeededIds)
        return _Settled(uids, context.ids)


_MIGRATED = Beginning(name="migrated", make=_migrated)
_TOWN = Beginning(name="town", make=_with_people)


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Beginning | None:
    """The town with its people for whoever asks for it, and the tables for whoever asks for an installation."""
    if "ctx" not in request.fixturenames:
        return None
    return _TOWN if "town" in request.fixturenames else _MIGRATED


@pytest.fixture
def begun(app_database_url: str, beginnings: Beginnings, begins_with: Beginning) -> object:
    """The test's database is there; what is to be known of it."""
    kind, _, path = app_database_url.partition(":///")
    if kind == "sqlite":
        return beginnings.copied_file(begins_with, Path(path))
    return beginnings.known("postgres", begins_with)


@pytest.fixture
async def ctx(app_database_url: str, begun: object) -> AsyncIterator[Context]:
    """A migrated installation with a clock that stands still; empty, unless the test asks for the town."""
    context = _installation(app_database_url)
    if isinstance(begun, _Settled):
        context = replace(context, ids=deepcopy(begun.ids))
    await context.engine.start()
    try:
        await context.policies.load()
        yield context
    finally:
        await context.engine.close()


@pytest.fixture
async def town(ctx: Context, begun: object) -> AsyncIterator[Town]:
    """Two communities with people in them; see `Town`."""
    assert isinstance(begun, _Settled)
    town = Town(ctx=ctx, uids=dict(begun.uids))
    try:
        yield town
    finally:
        await town.close()


async def _settle(ctx: Context) -> dict[str, str]:
    await found_community(ctx, code="dongqu", name="东区社区", name_en="Dongqu", grids=("一网格", "二网格"))
    await found_community(ctx, code="nanqu", name="南区社区", name_en="Nanqu", grids=("一网格",))

    uids = {
        "elder": await settle(
            ctx, "dongqu", "王秀英", called="王奶奶", phone="19900000101", address="一网格3号楼502",
            health_note="膝盖不好", area="dongqu-1", asks=True,
        ),
        "proxy": await settle(ctx, "dongqu", "王小红", phone="19900000102"),
        "volunteer": await settle(
            ctx, "dongqu", "李四", called="李师傅", phone="19900000004", number="021", skills="理发", gives=True
        ),
        "volunteer2": await settle(
            ctx, "dongqu", "钱二", phone="19900000002", number="022", skills="电工", gives=True
        ),
        "minor": await settle(
            ctx, "dongqu", "吴六", phone="19900000006", number="023", minor=True, gives=True
        ),
        "leader": await settle(
            ctx, "dongqu", "郑建国", called="郑队长", phone="19900000103", number="001", gives=True
        ),
        "unit": await settle(ctx, "dongqu", "孙护士", phone="19900000104"),
        "worker": await settle(ctx, "dongqu", "陈晓", "worker", called="陈社工", phone="19900000105"),
        "worker2": await settle(ctx, "dongqu", "林静", "worker", called="林社工", phone="19900000107"),
        "auditor": await settle(ctx, "dongqu", "何审计", "auditor", phone="19900000106"),
        "stranger_worker": await settle(ctx, "nanqu", "外社工", "worker"),
        "stranger_elder": await settle(ctx, "nanqu", "外老人", address="南区1号楼", asks=True),
        "stranger_volunteer": await settle(ctx, "nanqu", "外志愿者", gives=True),
    }  # fmt: skip
    await team(
        ctx, "dongqu", "red-vests", "周二红马甲服务队", subkind="志愿队", leader=uids["leader"],
        people=[uids[who] for who in ("leader", "volunteer", "volunteer2", "minor")],
    )  # fmt: skip
    await unit(ctx, "dongqu", "hospital", "区第二人民医院", subkind="医疗机构", contacts=(uids["unit"],))
    await mandate(ctx, "dongqu", elder=uids["elder"], proxy=uids["proxy"])
    return uids
