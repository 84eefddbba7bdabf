"""Who may ask, as security schemes: what the access registry grants, and what a request must bring to be somebody.

A route that is entered by something else than a sign-in says so: `@get("/k/ask", operation_id="CardHome", way_in=CARD)`.
"""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from timebank.access import Role, UseCase
from timebank.settings import Settings
from timebank.web.openapi.json import Json, JsonObject
from timebank.web.session import CARD_COOKIE, KIOSK_COOKIE, cookie_name
from timebank.web.tokens import HEADER, visitor_cookie_name

SESSION, HALF, VISITOR, FORM_TOKEN = "session", "half_session", "visitor", "form_token"
CARD, KIOSK, GATEWAY = "card", "kiosk", "gateway"


def schemes(settings: Settings) -> JsonObject:
    """Every way in, by the names that operations use."""
    sign_in = cookie_name(settings)
    return {
        SESSION: _cookie(sign_in, "A sign-in: the cookie that `/sign-in/code` sets, and for staff the second step."),
        HALF: _cookie(sign_in, "A right password a moment ago: the cookie that `/sign-in/password` sets."),
        VISITOR: _cookie(
            visitor_cookie_name(settings), "A stranger's browser: the cookie that a page with a form sets. It says nothing."
        ),
        CARD: _cookie(CARD_COOKIE, "An open card: the cookie that `/k` sets, for some minutes and below `/k` alone."),
        KIOSK: _cookie(KIOSK_COOKIE, "A device that the desk declared: the cookie that `/desk/kiosk` sets."),
        FORM_TOKEN: {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": (
                "Whatever is asked under a sign-in or with a visitor's cookie is answered with the token in this header. It"
                " goes back with everything that writes: in the header, or in the form's field `_csrf_token`."
            ),
        },
        GATEWAY: {
            "type": "http",
            "scheme": "bearer",
            "description": "The token agreed with a text-message gateway (`TIMEBANK_SMS_TOKEN`).",
        },
    }  # fmt: skip


def requirement(case: UseCase, handler: HTTPRouteHandler) -> list[Json]:
    """What a request to an operation must bring; several entries are alternatives, and an empty one is nothing at all."""
    if handler.opt.get("exclude_from_csrf"):
        return [{GATEWAY: []}]
    writes = "GET" not in handler.http_methods
    own = handler.opt.get("way_in", "")
    if own and writes:
        # The token of the form is that of the browser, whoever holds a card in front of it.
        holders = [VISITOR] if own == HALF else [VISITOR, SESSION]
        return [{own: [], holder: [], FORM_TOKEN: []} for holder in holders]
    if own:
        return [{own: []}]
    open_to_all = Role.PUBLIC in case.grants
    if writes:
        return [{holder: [], FORM_TOKEN: []} for holder in ([VISITOR, SESSION] if open_to_all else [SESSION])]
    return [{}, {SESSION: []}] if open_to_all else [{SESSION: []}]


def _cookie(name: str, description: str) -> JsonObject:
    return {"type": "apiKey", "in": "cookie", "name": name, "description": description}
