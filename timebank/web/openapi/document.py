"""The whole document: Litestar's description of paths, parameters and JSON, and beside it what only we know."""

from __future__ import annotations

from typing import cast

import msgspec
from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin

from timebank.access import UseCase, use_case
from timebank.web.clean import NUMBER_MAX
from timebank.web.guard import operations
from timebank.web.openapi.answers import PROBLEM_DETAILS, is_page, refusals, responses
from timebank.web.openapi.bodies import request_body, schemas_of
from timebank.web.openapi.forms import FormRead, form_of, takes_files
from timebank.web.openapi.json import JsonObject, as_list, as_object
from timebank.web.openapi.ways_in import requirement, schemes

MEDIA_TYPE = "application/vnd.oai.openapi+json"


def document(app: Litestar) -> JsonObject:
    """What the app answers, as OpenAPI 3.1."""
    found = cast(JsonObject, msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema())))
    handlers = {operation: handler for operation, _route, handler in operations(app)}
    forms = {name: read for name, handler in handlers.items() if (read := _form_of(handler))}
    shapes, shared = schemas_of({one.model for one in forms.values() if one.model})
    for path in as_object(found["paths"]).values():
        for described in as_object(path).values():
            operation = as_object(described)
            name = str(operation["operationId"])
            read = forms.get(name)
            if read:
                operation["requestBody"] = request_body(read, shapes[read.model] if read.model else {})
            _complete(operation, use_case(name), handlers[name])
    components = as_object(found["components"])
    schemas = as_object(components["schemas"])
    components["schemas"] = dict(sorted({**schemas, **shared, "Problem": PROBLEM_DETAILS}.items()))
    components["responses"] = refusals()
    components["securitySchemes"] = schemes(app.state.ctx.settings)
    return found


class Described(JsonRenderPlugin):
    """Serves the document, made when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._made: bytes = b""

    def render(self, request: Request[object, object, State], openapi_schema: dict[str, object]) -> bytes:
        """The document as bytes."""
        self._made = self._made or msgspec.json.encode(document(request.app))
        return self._made


def _form_of(handler: HTTPRouteHandler) -> FormRead | None:
    """The form that an operation reads: none when it only shows something or takes JSON; programs send files as a form."""
    if "GET" in handler.http_methods or "data" in handler.parsed_fn_signature.parameters:
        return None
    if is_page(handler):
        return form_of(handler)
    return form_of(handler) if takes_files(handler) else None


def _complete(operation: JsonObject, case: UseCase, handler: HTTPRouteHandler) -> None:
    operation["responses"] = responses(case, handler, as_object(operation["responses"]))
    operation["security"] = requirement(case, handler)
    for parameter in as_list(operation.get("parameters", [])):
        _bounded(as_object(as_object(parameter)["schema"]))


def _bounded(schema: JsonObject) -> None:
    """A whole number in an address is one that a column holds."""
    for one in (schema, *[as_object(inner) for inner in as_list(schema.get("oneOf", []))]):
        if one.get("type") == "integer":
            one.setdefault("maximum", NUMBER_MAX)
            one.setdefault("minimum", -NUMBER_MAX)
