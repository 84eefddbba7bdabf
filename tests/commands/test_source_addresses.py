"""Where a request comes from: what the proxy on this machine says, and never what the sender says."""

from __future__ import annotations

from typing import Any

import pytest

from timebank.cli.serving import config_of
from timebank.settings import Settings


async def _seen(client: str, forwarded: str) -> str:
    """The address that the app sees of a request."""
    found: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["client"][0])

    config = config_of(app, Settings(secret="x" * 40))
    config.load()
    scope = {
        "type": "http", "client": (client, 5000), "scheme": "http", "headers": [(b"x-forwarded-for", forwarded.encode())],
    }  # fmt: skip
    await config.loaded_app(scope, None, None)
    return found[0]


@pytest.mark.parametrize(
    ("client", "forwarded", "seen"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),  # the sender wrote the first one
        ("::1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # nobody's proxy
    ],
)
async def test_a_sender_cannot_say_where_they_are(
    monkeypatch: pytest.MonkeyPatch, client: str, forwarded: str, seen: str
) -> None:
    monkeypatch.setenv(
        "FORWARDED_ALLOW_IPS", "*"
    )  # whoever runs the machine cannot open this by accident either
    assert await _seen(client, forwarded) == seen
