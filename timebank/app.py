"""The composition root: one function that puts the slices, the libraries and the settings together."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.plugins.pydantic import PydanticPlugin
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from ledger.errors import LedgerRefusal
from marketplace.errors import MarketplaceRefusal
from marketplace.names import sound
from timebank.access import Actor
from timebank.adapters.system import SystemClock
from timebank.catalogue import founding_steps
from timebank.channels import routes as channels
from timebank.community.founding import routes as founding
from timebank.community.guide.checks import require_checks
from timebank.community.identity import routes as identity
from timebank.community.knowing import routes as knowing
from timebank.community.organisations import routes as organisations
from timebank.community.people import routes as people
from timebank.community.places import routes as places
from timebank.community.policy import routes as policy
from timebank.community.policy.first import keep_first_versions
from timebank.community.relationships import routes as relationships
from timebank.community.staff import routes as staff
from timebank.context import Context
from timebank.daily import carry_on, do_what_is_due, every_hour
from timebank.errors import AppRefusal
from timebank.help.hours import routes as hours
from timebank.help.imports import routes as imports
from timebank.help.lists import routes as lists
from timebank.help.matching import routes as matching
from timebank.help.opening import routes as opening
from timebank.help.requests import routes as requests
from timebank.help.services.pages import queued_routes as queue
from timebank.help.services.pages import routes as services
from timebank.installation import make_context, shifted_clock
from timebank.news.feeds import routes as feeds
from timebank.news.telling import routes as telling
from timebank.office.admission import routes as admission
from timebank.office.agreements import routes as agreements
from timebank.office.auditing import routes as auditing
from timebank.office.board import routes as board
from timebank.office.calendar import routes as calendar
from timebank.office.categories import routes as categories
from timebank.office.funnel import routes as funnel
from timebank.office.radar import routes as radar
from timebank.settings import SECRET_BYTES_MIN, Settings
from timebank.store.upgrade import waiting
from timebank.web import filters
from timebank.web.clean import CleanMiddleware
from timebank.web.community import COMMUNITY_PATH, the_community
from timebank.web.compression import Compression
from timebank.web.forms import routes as kept_forms
from timebank.web.forms.sending import FormsMiddleware
from timebank.web.guard import require_declared, role_guard
from timebank.web.headers import headers_on_every_answer
from timebank.web.openapi.serving import openapi_config
from timebank.web.origin import same_origin_guard
from timebank.web.refusals import answer
from timebank.web.request import Request
from timebank.web.session import SessionMiddleware

HERE = Path(__file__).parent
SLICES = (
    founding, identity, knowing, people, places, organisations, policy, relationships, staff, requests, matching, services, hours,
    opening, lists, imports, telling, feeds, channels, admission, agreements, board, calendar, categories, funnel, radar, auditing, kept_forms,
    queue,
)  # fmt: skip
# Slices with pages below a community's own path: what strangers see, and what a printed code leads to.
PUBLIC_SLICES = (identity, people, services, lists, board)


class UnsafeSettings(Exception):
    """The installation would be unsafe to open; the message says what to set."""


def create_app(settings: Settings, *, context: Context | None = None) -> Litestar:
    """The web app over a migrated database.

    Args:
        context: a running context to use instead of opening one; its engine must be started and is not closed.

    Raises:
        UnsafeSettings: no secret outside the demo.
        UndeclaredRoute: a route without an entry in the access registry, or the other way round.
        CheckMissing: a step of the first-day guide names a check that nobody wrote.
    """
    if not settings.demo and len(settings.secret) < SECRET_BYTES_MIN:
        raise UnsafeSettings(f"TIMEBANK_SECRET must have at least {SECRET_BYTES_MIN} characters")
    ctx = context or make_context(settings)
    app = Litestar(
        route_handlers=[
            *(handler for part in SLICES for handler in part.handlers),
            # The public pages once more, each below its community's own path; the schema names them by their short address.
            Router(
                path=COMMUNITY_PATH,
                route_handlers=[handler for part in PUBLIC_SLICES for handler in part.of_community],
                include_in_schema=False,
            ),
            create_static_files_router(
                path="/static", directories=[HERE / "static"], include_in_schema=False
            ),
        ],
        dependencies={
            "ctx": Provide(_context, sync_to_thread=False),
            "actor": Provide(_actor, sync_to_thread=False),
            "office": Provide(the_community, sync_to_thread=False),
        },
        guards=[same_origin_guard, role_guard],
        middleware=[Compression(), CleanMiddleware(), SessionMiddleware(), FormsMiddleware()],
        before_send=[headers_on_every_answer(hsts=settings.secure_cookies)],
        exception_handlers={
            AppRefusal: answer,
            LedgerRefusal: answer,
            MarketplaceRefusal: answer,
            HTTPException: answer,
            Exception: answer,
        },
        plugins=[PydanticPlugin(prefer_alias=True)],
        template_config=TemplateConfig(instance=_templates()),
        openapi_config=openapi_config(),
        lifespan=[] if context is not None else [partial(_running, ctx)],
        debug=False,
        logging_config=None,  # our own two loggers say what may be said; whoever runs the app sets them up
        request_max_body_size=6_000_000,
    )
    app.state.ctx = ctx
    require_declared(app)
    require_checks(founding_steps())
    return app


@asynccontextmanager
async def _running(ctx: Context, _: Litestar) -> AsyncIterator[None]:
    await ctx.engine.start()
    try:
        if ctx.settings.demo and isinstance(ctx.clock, SystemClock):
            # The offset was written when the demo community was seeded into this very database.
            object.__setattr__(ctx, "clock", await shifted_clock(ctx.engine))
        if not await waiting(ctx.engine):
            await keep_first_versions(ctx)
            await ctx.policies.load()
            await do_what_is_due(ctx)
        sound("一")  # How letters sound is read from its tables now, not when the first name is typed.
        # What start-up made lives as long as the process; the garbage collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        rounds = [asyncio.create_task(work) for work in (every_hour(ctx), carry_on(ctx))]
        try:
            yield
        finally:
            for one in rounds:
                one.cancel()
            await asyncio.gather(*rounds, return_exceptions=True)
    finally:
        await ctx.engine.close()


def _context(request: Request) -> Context:
    return request.state.ctx


def _actor(request: Request) -> Actor:
    return request.state.actor


@cache
def _templates() -> JinjaTemplateEngine:
    """Templates are compiled once per process, however many apps it makes."""
    engine = JinjaTemplateEngine(directory=HERE / "templates")
    filters.install(engine.engine)
    return engine
