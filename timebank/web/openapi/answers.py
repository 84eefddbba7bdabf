"""Every answer that an operation can give: what a success says, and each refusal as a page or as problem details.

Which refusals those are follows from who may ask (the access registry), from what stands before every handler (the middleware
that refuses bytes, hosts, sizes and foreign forms) and from what the handler's own code names (`naming`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect, Template

from ledger.errors import LedgerRefusal
from marketplace.errors import CategoryTreeBroken, MarketplaceRefusal
from timebank.access import Role, UseCase
from timebank.catalogue.faults import BadCatalogue
from timebank.errors import (
    AppRefusal,
    Away,
    BadFields,
    NoSuchCommunity,
    NotAllowed,
    NotSignedIn,
    NotWhileActing,
    OtherHost,
    PageTooOld,
    PerhapsStored,
    StorageFull,
    Unreadable,
    WhichCommunity,
)
from timebank.web.downloads import Files
from timebank.web.openapi.forms import FormRead, handler_function, with_helpers
from timebank.web.openapi.json import JsonObject
from timebank.web.openapi.naming import Refusal, numbers_in, refusals_reached
from timebank.web.refusals import CODES, PROBLEM_JSON, status_of_kind

HTML, JSON = "text/html", "application/json"
PROBLEM: JsonObject = {"$ref": "#/components/schemas/Problem"}
PAGE: JsonObject = {"type": "string"}
FILE: JsonObject = {"type": "string", "format": "binary"}
RETRY_AFTER: JsonObject = {
    "retry-after": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds until it is worth trying again."}
}  # fmt: skip
LOCATION: JsonObject = {
    "location": {"required": True, "schema": {"type": "string"}, "description": "Where to go on."}
}
WAITS = (429, 503)
WORDS = {
    400: "Bytes, characters, numbers or fields that nobody of ours sends.",
    401: "Nobody is signed in, or not far enough.",
    403: "The role may never do this, or the form was not made for this sign-in.",
    404: "No such thing, or not for this person: the answer is the same.",
    409: "The step does not fit the present state.",
    413: "The body is larger than anything of ours.",
    421: "A host under which this installation is not known.",
    422: "A field cannot be used; `errors` or `field` says which.",
    429: "Too many tries.",
    503: "The database or its disk is in trouble; nothing was done, or nobody knows (`perhaps_stored`).",
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
                "required": ["field"],
                "properties": {
                    "field": {"type": "string"},
                    "zh": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
    },
}
# Before any handler runs: a request that nobody of ours sends, another host, a database in trouble.
_ROOTS: frozenset[Refusal] = frozenset(
    {AppRefusal, LedgerRefusal, MarketplaceRefusal}
)  # caught by these, never raised
EVERYWHERE: frozenset[Refusal] = frozenset({Unreadable, OtherHost, Away, StorageFull, PerhapsStored})


def is_page(handler: HTTPRouteHandler) -> bool:
    """Whether a browser that asks an operation gets pages: all but those below /api/, which know programs only."""
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


def responses(
    case: UseCase, handler: HTTPRouteHandler, answer: JsonObject, refused: Mapping[int, list[str]]
) -> JsonObject:
    """Every answer of an operation.

    Args:
        answer: the schema of its JSON; empty when it has none. refused: as `codes_of` says.
    """
    found: JsonObject = {str(status): one for status, one in _successes(case, handler, answer)}
    files = handler.opt.get("answers")
    again = isinstance(files, Files) and files.again
    for status in WORDS if again else refused:
        if isinstance(files, Files) and files.refused:
            kinds: JsonObject = {one: {"schema": PAGE} for one in (files.refused, HTML)}
            content: JsonObject = {**kinds, PROBLEM_JSON: {"schema": PROBLEM}}
            found[str(status)] = {"description": WORDS[status], "content": content}
        else:
            name = _name(status, page=is_page(handler))
            found[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(found.items()))


def codes_of(case: UseCase, handler: HTTPRouteHandler, read: FormRead | None) -> Mapping[int, list[str]]:
    """The codes of problem details that an operation can answer with, by status."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for kind in {*EVERYWHERE, *_before(case, handler), *_own(handler, read)} - _ROOTS:
        found[status_of_kind(kind)].add(kind.code)
    found[400].add(CODES[400])
    if _writes(handler):
        found[413].add(CODES[413])
    for status in _said_again(handler):
        found[status] |= set()
    return {status: sorted(codes) for status, codes in sorted(found.items())}


def _said_again(handler: HTTPRouteHandler) -> frozenset[int]:
    """Statuses of a page that is shown again with what was refused on it: `page(request, …, status=422)`."""
    if not is_page(handler):
        return frozenset()
    # Whoever only looks shares the page with whoever presses, and was not refused.
    functions = with_helpers(handler) if _writes(handler) else [handler_function(handler)]
    return frozenset(WORDS) & frozenset[int]().union(*map(numbers_in, functions))


def _before(case: UseCase, handler: HTTPRouteHandler) -> Iterator[Refusal]:
    """What guards and middleware refuse before the handler runs."""
    if Role.PUBLIC in case.grants:
        yield NoSuchCommunity
    else:
        yield NotSignedIn
        yield NotAllowed
    if case.alone:
        yield NotWhileActing
    if _writes(handler):
        yield NotAllowed
        yield PageTooOld
    if "office" in handler.parsed_fn_signature.parameters and Role.PUBLIC in case.grants:
        yield WhichCommunity


def _own(handler: HTTPRouteHandler, read: FormRead | None) -> Iterator[Refusal]:
    """What the handler's own code comes to."""
    writes = _writes(handler)
    for kind in refusals_reached(handler_function(handler), making=writes):
        if writes or not issubclass(kind, BadCatalogue | CategoryTreeBroken):
            yield kind
    if read and read.model:
        yield BadFields


def _writes(handler: HTTPRouteHandler) -> bool:
    return "GET" not in handler.http_methods


def _successes(
    case: UseCase, handler: HTTPRouteHandler, answer: JsonObject
) -> Iterator[tuple[int, JsonObject]]:
    files = handler.opt.get("answers")
    content: JsonObject = {}
    for one in files.kinds if isinstance(files, Files) else ():
        content[one] = {"schema": {} if one == JSON else FILE}
    if answer:
        content[JSON] = {"schema": answer}
    kinds = handler.parsed_fn_signature.return_type
    returned = [one.annotation for one in (kinds.inner_types if kinds.is_union else (kinds,))]
    if Template in returned:
        content[HTML] = {"schema": PAGE}
    if content:
        status = handler.status_code if answer else 200
        yield status, {"description": HTTPStatus(status).description, "content": content}
    if isinstance(files, Files) and files.unchanged:
        yield 304, {"description": "Whoever asks has the newest."}
    if is_page(handler) and (Redirect in returned or _writes(handler) or _led_on(case, handler)):
        yield (
            303,
            {
                "description": "On to the next page; for a browser that is not signed in, to the sign-in.",
                "headers": LOCATION,
            },
        )


def _led_on(case: UseCase, handler: HTTPRouteHandler) -> bool:
    """Whether a browser may be sent to the sign-in, or to choose a community, in place of a refusal."""
    refusals = {*_before(case, handler), *_own(handler, None)}
    return any(issubclass(one, NotSignedIn | WhichCommunity) for one in refusals)


def _name(status: int, *, page: bool) -> str:
    return f"{status}{'.page' if page else ''}"
