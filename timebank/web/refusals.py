"""Turns every refusal into one answer: a page for people, RFC 9457 problem details for programs."""

from __future__ import annotations

import logging
import traceback
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.response import Redirect, Template
from msgspec import ValidationError

from ledger.errors import LedgerRefusal
from ledger.store.engine import CommitUncertain, DiskFull, EngineError
from ledger.store.engine.troubles import fits_nowhere, is_away
from marketplace.errors import MarketplaceRefusal
from timebank.errors import (
    AppRefusal,
    Away,
    BadFields,
    NotSignedIn,
    PerhapsStored,
    StorageFull,
    Unreadable,
    WhichCommunity,
)
from timebank.store.channels.forms import AlreadySent
from timebank.web import i18n
from timebank.web.community import community_path
from timebank.web.request import Request
from timebank.web.session import as_stranger

log = logging.getLogger("timebank.errors")

PROBLEM_JSON = "application/problem+json"
CODES = {400: "bad_request", 404: "not_found", 405: "wrong_method", 413: "too_large"}
"""Of what the framework refuses before any of ours is asked."""
_MISSING_LEDGER = frozenset({"unknown_account", "unknown_hold", "unknown_transfer"})
NEXT_LENGTH_MAX = 200
_CONFLICTING_KEY = "key_conflict"


def status_of(refusal: Exception) -> int:
    """The HTTP status of a refusal from any of the three packages."""
    if isinstance(refusal, InternalServerException) and isinstance(refusal.__cause__, ValidationError):
        # A body whose unknown field is called like one of our dependencies: the sender's mistake, not ours.
        return 400
    if isinstance(refusal, HTTPException):
        return refusal.status_code
    return status_of_kind(type(refusal))


def status_of_kind(kind: type[Exception]) -> int:
    """The HTTP status of one class of refusals; 500 for an error that is none."""
    if issubclass(kind, AppRefusal):
        return kind.status
    if issubclass(kind, LedgerRefusal):
        if kind.code == _CONFLICTING_KEY:
            return 422
        return 404 if kind.code in _MISSING_LEDGER else 409
    return 409 if issubclass(kind, MarketplaceRefusal) else 500


def wants_page(request: Request) -> bool:
    """Browsers ask for HTML; programs do not."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def answer(request: Request, error: Exception) -> Response[Any] | Template | Redirect:
    """The one exception handler of the app."""
    if isinstance(error, AlreadySent):
        return Response(
            content=b"", status_code=409
        )  # `forms.sending` answers with what the first press came to
    cause, error = error, _said_as(error)
    status = status_of(error)
    if not hasattr(request.state, "actor"):
        as_stranger(request, request.app.state.ctx)
    lang = request.state.lang
    i18n.use(lang)
    zh, en = _sentences(error, status)
    if status >= 500:
        # The type and the place are enough to find it; the message may carry what a person typed.
        place = "".join(traceback.format_tb(cause.__traceback__))
        log.error("%s at %s\n%s", type(cause).__name__, request.scope.get("path_template"), place)
    wait = error.wait_seconds if isinstance(error, AppRefusal) else 0
    headers = {"retry-after": str(wait)} if wait else {}
    if wants_page(request):
        if isinstance(error, NotSignedIn):
            at = community_path(request)
            below = at if request.url.path.startswith(f"{at}/") else ""
            return Redirect(path=f"{below}/sign-in?{_back_to(request, below)}", status_code=303)
        if isinstance(error, WhichCommunity):
            return Redirect(path=f"/communities?{_back_to(request)}", status_code=303)
        return _page(request, status, en if lang == "en" else zh, headers)
    code = getattr(error, "code", "") or CODES.get(status, "error")
    body: dict[str, Any] = {
        "type": f"urn:timebank:refusal:{code}",
        "title": en if lang == "en" else zh,
        "status": status,
        "code": code,
        "zh": zh,
        "en": en,
    }
    if field := getattr(error, "field", ""):
        body["field"] = field
    if isinstance(error, AppRefusal) and error.uids:
        body["uids"] = list(error.uids)
    if isinstance(error, BadFields):
        body["errors"] = [{"field": bad.field, "zh": bad.zh, "en": bad.en} for bad in error.fields]
    elif isinstance(error, ValidationException):
        body["errors"] = [
            {"field": item.get("key", ""), "en": item.get("message", "")}
            for item in (error.extra or [])
            if isinstance(item, dict)
        ]
    return Response(content=body, status_code=status, media_type=PROBLEM_JSON, headers=headers)


def _said_as(error: Exception) -> Exception:
    """The refusal that an error of the database is to whoever asked; any other error as it is."""
    if fits_nowhere(error):
        return Unreadable()
    if isinstance(error, DiskFull):
        return StorageFull()
    if isinstance(error, CommitUncertain):
        return PerhapsStored()
    return Away() if is_away(error) else error


def _back_to(request: Request, below: str = "") -> str:
    """The page that was wanted, as the query of the page that has to come first; the front page when it is no address."""
    query = request.url.query
    wanted = request.url.path.removeprefix(below) + (f"?{query}" if query else "")
    return urlencode({"next": wanted if request.method == "GET" and len(wanted) <= NEXT_LENGTH_MAX else "/"})


def _sentences(error: Exception, status: int) -> tuple[str, str]:
    if isinstance(error, MarketplaceRefusal):
        return error.sentence("zh"), error.sentence("en")
    zh, en = getattr(error, "zh", ""), getattr(error, "en", "")
    # An error of the engine has sentences too, for whoever runs the machine and with what it said.
    if zh and en and not isinstance(error, EngineError):
        return zh, en
    if status == 404:
        return "没有找到。可能已经办完，或者不归您看。", "Not found. It may be finished, or not yours to see."
    if status < 500:
        return (
            "有些内容我们看不懂，请回到上一页再看一眼。",
            "Something could not be read. Go back and look once more.",
        )
    return (
        "我们这边出了点问题，您填的没有丢。",
        "Something went wrong on our side. What you entered is not lost.",
    )


def _page(request: Request, status: int, said: str, headers: dict[str, str]) -> Template:
    from timebank.web.pages import page

    choices = request.state.choices
    name = "errors/no_such_community.html" if choices else "errors/page.html"
    template = page(request, name, status=status, said=said, code=status, choices=choices)
    template.headers.update(headers)
    return template
