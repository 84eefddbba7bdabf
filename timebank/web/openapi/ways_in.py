"""Who may ask, as security schemes: what the access registry grants, and what a request must bring to be somebody."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from timebank.access import Role, UseCase
from timebank.settings import Settings
from timebank.web.openapi.json import Json, JsonObject
from timebank.web.session import cookie_name
from timebank.web.tokens import HEADER, visitor_cookie_name

SESSION, VISITOR, FORM_TOKEN, CARD, KIOSK, GATEWAY = (
    "session",
    "visitor",
    "form_token",
    "card",
    "kiosk",
    "gateway",
)


def schemes(settings: Settings) -> JsonObject:
    """Every way in, by the names that operations use."""
    return {
        SESSION: _cookie(cookie_name(settings), "A sign-in: the cookie that `/sign-in/code` or the second step sets."),
        VISITOR: _cookie(
            visitor_cookie_name(settings), "A stranger's browser: the cookie that any page with a form sets. It says nothing."
        ),
        CARD: _cookie("k", "An open card: the cookie that `/k` sets, for five minutes and for `/k` alone."),
        KIOSK: _cookie("kiosk", "A device that the desk declared: the cookie that `/desk/kiosk` sets."),
        FORM_TOKEN: {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": (
                "Every answer to the same sign-in carries the token in this header. It goes back with everything that writes:"
                " in the header, or in the form's field `_csrf_token`."
            ),
        },
        GATEWAY: {
            "type": "http",
            "scheme": "bearer",
            "description": "The token agreed with a text-message gateway (TIMEBANK_SMS_TOKEN).",
        },
    }  # fmt: skip


def requirement(case: UseCase, handler: HTTPRouteHandler) -> list[Json]:
    """What a request to an operation must bring; several entries are alternatives."""
    if handler.opt.get("exclude_from_csrf"):
        return [{GATEWAY: []}]
    own = handler.opt.get("way_in", "")
    writes = "GET" not in handler.http_methods
    ways = [own] if own else [SESSION, *([VISITOR] if Role.PUBLIC in case.grants else [])]
    if own and writes:
        return [{own: [], other: [], FORM_TOKEN: []} for other in (SESSION, VISITOR)]
    if writes:
        return [{way: [], FORM_TOKEN: []} for way in ways]
    return [{}, {SESSION: []}] if Role.PUBLIC in case.grants and not own else [{way: []} for way in ways]


def _cookie(name: str, description: str) -> JsonObject:
    return {"type": "apiKey", "in": "cookie", "name": name, "description": description}
