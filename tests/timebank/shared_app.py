"""One web app for all tests of a process."""

from __future__ import annotations

from dataclasses import replace

import httpx
from litestar import Litestar

from timebank.app import create_app
from timebank.context import Context
from timebank.settings import Settings

_apps: dict[Settings, Litestar] = {}


def app_over(ctx: Context) -> Litestar:
    """The web app over this installation. Registering its routes takes half a second, so a process does it once for all
    tests with the same settings; each test has its own context and its own database.
    """
    like = replace(ctx.settings, database="")
    if like not in _apps:
        _apps[like] = create_app(ctx.settings, context=ctx)
    _apps[like].state.ctx = ctx
    return _apps[like]


def transport_to(app: Litestar) -> httpx.ASGITransport:
    """The app as a client of httpx reaches it; what it fails with is an answer, as for a browser."""
    # httpx describes an app in looser words than Litestar: both mean ASGI.
    return httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
