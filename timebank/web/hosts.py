"""The addresses under which an installation is known: what is asked of any other host is refused, and links name ours.

A Host header is written by whoever asks. Believed, it would stand in the code on a printed card, in a calendar address and in
an origin check; so links come from `TIMEBANK_URL`, and only that host, further ones that were named, and the machine itself
are answered. Without `TIMEBANK_URL` only the machine itself is.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from timebank.errors import OtherHost
from timebank.settings import Settings
from timebank.web.request import Connection, Request

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def host_of(written: str) -> str:
    """The name in a Host header or an address, without its port; "" for what is no host."""
    try:
        return (urlsplit(f"//{written}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def known_hosts(settings: Settings) -> frozenset[str]:
    """Every name that is answered."""
    own = {urlsplit(settings.url).hostname or "", host_of(settings.host), *map(host_of, settings.hosts)}
    return LOCAL | {one for one in own if one}


def refuse_other_hosts(connection: Connection, settings: Settings) -> None:
    """Raises OtherHost for a name that is none of ours, and for none at all."""
    if host_of(connection.headers.get("host", "")) not in known_hosts(settings):
        raise OtherHost()


def address(request: Request) -> str:
    """What links to ourselves begin with, without a slash at the end: as configured, else as this was asked for."""
    configured: str = request.app.state.ctx.settings.url
    return (configured or str(request.base_url)).rstrip("/")
