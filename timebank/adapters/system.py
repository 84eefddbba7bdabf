"""The machine's own clock and randomness."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

# No I, L, O, U: ids are read out on the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_UID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, moved by `offset` so that a demo community lives in its own week."""

    offset: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until told otherwise; for seeding and tests."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class SystemIds:
    """Ids and secrets from the operating system's random source."""

    def uid(self, prefix: str) -> str:
        return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_UID_LENGTH))

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def code(self) -> str:
        return f"{secrets.randbelow(10**6):06d}"


class SeededIds:
    """The same ids in the same order from one seed; for the demo community and tests, never for real people."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 replayable on purpose  # nosec B311

    def uid(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices(_ALPHABET, k=_UID_LENGTH))

    def token(self) -> str:
        return f"{self._random.getrandbits(256):064x}"

    def code(self) -> str:
        return f"{self._random.randrange(10**6):06d}"
