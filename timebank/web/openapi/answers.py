"""Every status that an operation can give, with what comes with it: a page for people, problem details for programs."""

from __future__ import annotations

from collections.abc import Iterator

from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect, Template
from litestar.response.base import Response
from litestar.typing import FieldDefinition

from timebank.access import Role, UseCase
from timebank.web.openapi.json import JsonObject, as_object
from timebank.web.refusals import PROBLEM_JSON

HTML = "text/html"
PROBLEM: JsonObject = {"$ref": "#/components/schemas/Problem"}
PAGE: JsonObject = {"type": "string"}
RETRY_AFTER: JsonObject = {
    "retry-after": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds until it is worth trying again."}
}  # fmt: skip
LOCATION: JsonObject = {
    "location": {"required": True, "schema": {"type": "string"}, "description": "Where to go on."}
}
WAITS = (429, 503)
WORDS = {
    400: "Bytes, characters, numbers or fields that nobody of ours sends.",
    401: "Nobody is signed in.",
    403: "The role may never do this, or the form was not made for this sign-in.",
    404: "No such thing, or not for this person: the answer is the same.",
    409: "The step does not fit the present state.",
    413: "The body is larger than anything of ours.",
    421: "A host under which this installation is not known.",
    422: "A field cannot be used; `errors` or `field` says which.",
    429: "Too many tries.",
    503: "The database or its disk is in trouble, and nothing was done.",
}
PROBLEM_DETAILS: JsonObject = {
    "type": "object",
    "title": "Problem details (RFC 9457)",
    "required": ["type", "title", "status", "code", "zh", "en"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:timebank:refusal:"},
        "title": {"type": "string", "description": "The sentence in the asker's language."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable: what programs decide by."},
        "zh": {"type": "string"},
        "en": {"type": "string"},
        "field": {"type": "string", "description": "The one field that cannot be used."},
        "uids": {"type": "array", "items": {"type": "string"}, "description": "Records that are in the way."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "zh": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
    },
}


def is_page(handler: HTTPRouteHandler) -> bool:
    """Whether an operation is a page for people; what programs ask for answers with JSON."""
    return not str(handler.operation_id).startswith("Api")


def refusals() -> JsonObject:
    """Every refusal once, as a program and as a page is told, by the name under which operations refer to it."""
    found: JsonObject = {}
    for status, words in WORDS.items():
        for page in (False, True):
            content: JsonObject = {PROBLEM_JSON: {"schema": PROBLEM}}
            if page:
                content[HTML] = {"schema": PAGE}
            answer: JsonObject = {"description": words, "content": content}
            found[_name(status, page=page)] = (
                {**answer, "headers": RETRY_AFTER} if status in WAITS else answer
            )
    return found


def responses(case: UseCase, handler: HTTPRouteHandler, described: JsonObject) -> JsonObject:
    """Every answer of an operation.

    Args:
        described: the answers that Litestar describes; only what a success says in JSON is taken from them.
    """
    found: JsonObject = {str(status): answer for status, answer in _successes(case, handler, described)}
    for status in _refusals(case, handler):
        found[str(status)] = {"$ref": f"#/components/responses/{_name(status, page=is_page(handler))}"}
    return dict(sorted(found.items()))


def _name(status: int, *, page: bool) -> str:
    return f"{status}{'.page' if page else ''}"


def _successes(
    case: UseCase, handler: HTTPRouteHandler, described: JsonObject
) -> Iterator[tuple[int, JsonObject]]:
    kinds = list(_kinds(handler.parsed_fn_signature.return_type))
    if not is_page(handler) or not any(kind in (Template, Redirect) for kind in kinds):
        media = handler.opt.get("files")
        known = as_object(described[str(handler.status_code)])
        if isinstance(media, tuple):
            known = {
                "description": "The file.",
                "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in media},
            }
        yield handler.status_code, known
    elif Template in kinds:
        yield 200, {"description": "The page.", "content": {HTML: {"schema": PAGE}}}
    leads_on = Redirect in kinds or (is_page(handler) and "GET" not in handler.http_methods)
    if leads_on or (is_page(handler) and Role.PUBLIC not in case.grants):
        yield (
            303,
            {
                "description": "On to the next page; to the sign-in for a browser that is not signed in.",
                "headers": LOCATION,
            },
        )


def _kinds(answer: FieldDefinition) -> Iterator[type[object]]:
    """Template, Redirect, Response or a model: what a handler may return."""
    if answer.is_union:
        for one in answer.inner_types:
            yield from _kinds(one)
        return
    kind = answer.origin or answer.annotation
    yield next(
        (one for one in (Template, Redirect, Response) if isinstance(kind, type) and issubclass(kind, one)),
        object,
    )


def _refusals(case: UseCase, handler: HTTPRouteHandler) -> list[int]:
    found = {400, 404, 421, 503}
    writes = "GET" not in handler.http_methods
    if Role.PUBLIC not in case.grants:
        found |= {401, 403}
    if writes:
        found |= {403, 409, 413, 422}
    return sorted(found)
