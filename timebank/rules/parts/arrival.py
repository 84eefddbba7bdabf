"""The four digits that prove somebody is there: shown at the place, typed by whoever arrives.

They hang at the desk of a shift (also as a QR code on the roster sheet) or stand on the elder's own page. They are made
from the installation's secret and the service, so nothing is stored and a restart changes nothing.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from marketplace.text import compared
from timebank.errors import NotYet, TooLate
from timebank.policy import ServicePolicy
from timebank.rules.hours.words import amount
from timebank.rules.parts.attendance import USUAL, Kind, Service
from timebank.settings import Settings

LATEST = timedelta(hours=12)
CODE_DIGITS = 4


def arrival_code(settings: Settings, service: str) -> str:
    """The four digits of this service."""
    key = b"timebank/arrival/v1" + (settings.secret or "demo").encode()
    digest = hmac.new(key, service.encode(), sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def fits(settings: Settings, service: str, typed: str) -> bool:
    """Whether `typed` is the code of this service, with whatever blanks, dashes and wide digits it was written or read out."""
    return hmac.compare_digest(arrival_code(settings, service).encode(), compared(typed).encode())


def arrives_at(service: Service, at: datetime, policy: ServicePolicy = USUAL) -> datetime:
    """The moment from which the minutes count: a shift counts from its beginning, a visit from the arrival.

    Raises:
        NotYet: earlier before it begins than the rules allow; TooLate: more than twelve hours after its end.
    """
    if at < service.starts_at - timedelta(minutes=policy.early_minutes):
        zh, en = amount(policy.early_minutes)
        raise NotYet(
            f"还没到时间，开始前 {zh} 起可以签到。", f"Too early: check-in opens {en} before the start."
        )
    if at > service.ends_at + LATEST:
        raise TooLate("已经过去太久，请社区补记。", "That was too long ago: ask the desk to record it.")
    return max(at, service.starts_at) if service.kind is Kind.SHIFT else at
