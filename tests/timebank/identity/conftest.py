"""A town whose workers sign in by password, and a count of the passwords that reached the hash."""

from __future__ import annotations

import pytest

from tests.timebank.conftest import Town
from timebank.community import passwords
from timebank.store.identity import sessions

RIGHT = "a good long one"


@pytest.fixture
async def staffed(town: Town) -> Town:
    """Two workers who sign in by password."""
    async with town.ctx.engine.atomic():
        for who, login in (("worker", "chen"), ("worker2", "lin")):
            hashed = passwords.hashed(RIGHT)
            await sessions.set_login(town.ctx.engine, member=town.uids[who], login=login, hashed=hashed)
    return town


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords that reached the hash; each is compared at once, so that the figures do not wait for argon2."""
    seen: list[str] = []

    def fits(kept: str, password: str) -> bool:
        seen.append(password)
        return bool(kept) and password == RIGHT

    monkeypatch.setattr(passwords, "fits", fits)
    return seen
