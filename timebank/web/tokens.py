"""The two hidden fields of every form: for which sign-in it was made, and which press it is.

A token is `member.acting_for.origin.sign_in`. Both parts are HMACs: `origin` says that we made the form for this member,
whenever that was; `sign_in` fits only the sign-in, and the person acted for, that the form was made under. So a token needs
no cookie, dies with its sign-in, and still tells whose form came too late. Strangers have a cookie in place of a sign-in.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from markupsafe import Markup

from timebank.settings import Settings
from timebank.web.request import Connection

TOKEN_FIELD = "_csrf_token"  # noqa: S105 the name of a field  # nosec B105
KEY_FIELD = "idempotency_key"
HEADER = "x-csrftoken"
DAY_S = 86_400
_MAC_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """For whom a form was made; both "" for a stranger."""

    member: str
    acting_for: str


def visitor_cookie_name(settings: Settings) -> str:
    """The cookie that stands for a stranger's sign-in; it holds nothing but a random value."""
    return "__Host-visit" if settings.secure_cookies else "visit"


def owner_of(connection: Connection) -> str:
    """What a form or a page belongs to: the sign-in, else the stranger's browser; "" for a browser without a cookie."""
    state = connection.state
    return state.session_hash or (_hashed("visitor", state.visitor) if state.visitor else "")


def token_of(connection: Connection) -> str:
    """The token of a form on this page."""
    state = connection.state
    return _token(
        state.ctx.settings, Opened(state.actor.uid, state.actor.acting_for or ""), owner_of(connection)
    )


def is_genuine(connection: Connection, token: str) -> bool:
    """Whether a form comes from a page made for this very sign-in, acting for the same person."""
    return bool(owner_of(connection)) and hmac.compare_digest(
        token.encode(errors="replace"), token_of(connection).encode()
    )


def opened(settings: Settings, token: str) -> Opened | None:
    """For whom a form was made, whatever became of that sign-in; None when we never made it."""
    member, _, rest = token.partition(".")
    acting_for, _, macs = rest.partition(".")
    origin = macs.partition(".")[0]
    made_for = Opened(member, acting_for)
    ours = _mac(settings, "origin", member, acting_for)
    return made_for if hmac.compare_digest(origin.encode(errors="replace"), ours.encode()) else None


def issued(settings: Settings, member: str, at: datetime) -> str:
    """Says on a page for whom it was made and when, so that what is pressed there without a network can be judged later."""
    millis = str(int(at.timestamp() * 1000))
    return f"{member}.{millis}.{_mac(settings, 'page', member, millis)}"


def read_issued(settings: Settings, text: str) -> tuple[str, datetime] | None:
    """(for whom, when) a page was made; None when we never made it."""
    member, _, rest = text.partition(".")
    millis, _, mac = rest.partition(".")
    if not hmac.compare_digest(mac.encode(errors="replace"), _mac(settings, "page", member, millis).encode()):
        return None
    return member, datetime.fromtimestamp(int(millis) / 1000, UTC)


class FormFields:
    """What `{{ csrf_input }}` stands for: the token of the page, and a new key each time it is written, or the one given."""

    def __init__(self, connection: Connection, *, key: str = "") -> None:
        self._connection = connection
        self._key = key

    def __html__(self) -> str:
        state = self._connection.state
        if not owner_of(self._connection):
            state.visitor = state.ctx.ids.token()[:43]
            state.new_visitor = True
        key = self._key or state.ctx.ids.token()[:22]
        return Markup(
            '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">'
        ).format(TOKEN_FIELD, token_of(self._connection), KEY_FIELD, key)

    def __str__(self) -> str:
        return str(self.__html__())


def _token(settings: Settings, made_for: Opened, owner: str) -> str:
    who = (made_for.member, made_for.acting_for)
    return ".".join(
        (*who, _mac(settings, "origin", *who), _mac(settings, "sign-in", made_for.acting_for, owner))
    )


def _mac(settings: Settings, *parts: str) -> str:
    # The demo has no secret of its own: its community is made up and lives on one machine.
    secret = b"timebank/forms/v1" + (settings.secret or "demo").encode()
    return hmac.new(secret, "\0".join(parts).encode(), sha256).hexdigest()[:_MAC_LENGTH]


def _hashed(kind: str, value: str) -> str:
    return sha256(f"timebank/{kind}/v1{value}".encode()).hexdigest()
