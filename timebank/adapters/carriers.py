"""What carries news out of the house: a text-message gateway over HTTP, batch files for one without, a mail server.

Each says what came of a message in four words (`Outcome`). Unsure is only said where the other side may have taken it.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import httpx

from timebank.ports import CARRIER_TIMEOUT_S, Carrier, Letter
from timebank.rules.telling.news import Outcome, Way
from timebank.settings import Settings

# Statuses by which a gateway says "not now".
_LATER = (408, 425, 429, 503)


class BadCarrier(ValueError):
    """A carrier's address cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Posts `{"id", "to", "text"}` with a bearer token; the id is the same for every attempt."""

    url: str
    token: str
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(timeout=CARRIER_TIMEOUT_S, follow_redirects=False)
    )

    async def hand_over(self, letter: Letter) -> Outcome:
        body = {"id": letter.uid, "to": letter.to, "text": f"【{letter.signed}】{letter.text}"}
        try:
            answer = await self.client.post(
                self.url,
                json=body,
                headers={"authorization": f"Bearer {self.token}", "idempotency-key": letter.uid},
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Outcome.FAILED
        except httpx.HTTPError:
            return Outcome.UNSURE
        if answer.is_success:
            return Outcome.TAKEN
        if answer.status_code in _LATER:
            return Outcome.FAILED
        return Outcome.REFUSED if answer.is_client_error else Outcome.UNSURE


@dataclass(frozen=True, slots=True)
class SmsFile:
    """Leaves each message as a file of its own for whatever the office uploads from; whole or not there at all.

    It is handed over when the office says that it was uploaded, not before.
    """

    folder: Path

    async def hand_over(self, letter: Letter) -> Outcome:
        return await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> Outcome:
        body = {"id": letter.uid, "to": letter.to, "text": f"【{letter.signed}】{letter.text}"}
        made = self.folder / f".{letter.uid}.new"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with made.open("w", encoding="utf-8") as file:
                json.dump(body, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self.folder / f"{letter.uid}.json")
        except OSError:
            return Outcome.FAILED
        return Outcome.FILED


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Sends by SMTP; every attempt carries the same Message-ID."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False

    async def hand_over(self, letter: Letter) -> Outcome:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, letter.to
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.uid}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{letter.text}\n\n{letter.signed}\n")
        try:
            await aiosmtplib.send(
                message, hostname=self.host, port=self.port, username=self.user or None, password=self.password or None,
                use_tls=self.tls, start_tls=self._start_tls(), timeout=CARRIER_TIMEOUT_S,
            )  # fmt: skip
        except (
            aiosmtplib.SMTPConnectError,
            aiosmtplib.SMTPConnectTimeoutError,
            aiosmtplib.SMTPAuthenticationError,
        ):
            return Outcome.FAILED
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _by_code(max((one.code for one in refused.recipients), default=550))
        except aiosmtplib.SMTPResponseException as refused:
            return _by_code(refused.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            # The library has no class of its own for a server without STARTTLS, to which nothing was said yet.
            return Outcome.FAILED if "STARTTLS" in str(error) else Outcome.UNSURE
        return Outcome.TAKEN

    def _start_tls(self) -> bool | None:
        """A server elsewhere that offers no STARTTLS is not spoken to; on this machine nothing travels."""
        if self.tls:
            return False
        return None if self.host in {"localhost", "127.0.0.1", "::1"} else True


def _by_code(code: int) -> Outcome:
    """5xx: never; 4xx: not now."""
    return Outcome.REFUSED if code >= 500 else Outcome.FAILED


def carriers_of(settings: Settings) -> Mapping[Way, Carrier]:
    """The carriers that an installation names.

    Raises:
        BadCarrier: an address that is none.
    """
    found: dict[Way, Carrier] = {}
    if settings.sms:
        found[Way.SMS] = _sms(settings.sms, settings.sms_token)
    if settings.mail:
        found[Way.MAIL] = _mail(settings.mail)
    return found


def _sms(address: str, token: str) -> Carrier:
    parts = urlsplit(address)
    if parts.scheme == "file" and parts.path:
        return SmsFile(Path(unquote(parts.path)))
    if parts.scheme in ("http", "https") and parts.hostname:
        return SmsGateway(address, token)
    raise BadCarrier(f"TIMEBANK_SMS: https://… or file:///folder, not {address!r}")


def _mail(address: str) -> Carrier:
    parts = urlsplit(address)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
        raise BadCarrier("TIMEBANK_MAIL: smtp://user:password@host:587?from=name@host")
    tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname, port=parts.port or (465 if tls else 587), sender=sender,
        user=unquote(parts.username or ""), password=unquote(parts.password or ""), tls=tls,
    )  # fmt: skip
