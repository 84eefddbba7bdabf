"""The whole document: Litestar's description of paths, parameters and JSON, and beside it what only we know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from timebank.access import use_case
from timebank.web.clean import NUMBER_MAX
from timebank.web.guard import operations
from timebank.web.openapi.answers import PROBLEM_DETAILS, codes_of, is_page, refusals, responses
from timebank.web.openapi.bodies import form_body, json_body
from timebank.web.openapi.forms import FormRead, form_of, handler_function, takes_files
from timebank.web.openapi.json import JsonObject, as_list, as_object
from timebank.web.openapi.shapes import Shapes, shapes_of, used
from timebank.web.openapi.ways_in import requirement, schemes

GROUPS = frozenset({"community", "help", "news", "office"})
"""Folders of slices."""


def document(app: Litestar) -> JsonObject:
    """What the app answers, as OpenAPI 3.1."""
    found = cast(JsonObject, msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema())))
    handlers = {operation: handler for operation, _route, handler in operations(app)}
    forms = {name: read for name, handler in handlers.items() if (read := form_read(handler))}
    shapes = shapes_of(handlers, forms)
    for path in as_object(found["paths"]).values():
        for described in as_object(path).values():
            operation = as_object(described)
            _complete(operation, handlers[str(operation["operationId"])], forms, shapes)
    components = as_object(found["components"])
    litestars = as_object(components["schemas"])
    components["schemas"] = {**litestars, **shapes.named, "Problem": PROBLEM_DETAILS}
    components["responses"] = refusals()
    components["securitySchemes"] = schemes(app.state.ctx.settings)
    return used(found)


def form_read(handler: HTTPRouteHandler) -> FormRead | None:
    """The form that an operation reads: none when it only shows something or takes JSON; programs send files as a form."""
    if "GET" in handler.http_methods or "data" in handler.parsed_fn_signature.parameters:
        return None
    if is_page(handler):
        return form_of(handler)
    return form_of(handler) if takes_files(handler) else None


def _complete(
    operation: JsonObject, handler: HTTPRouteHandler, forms: Mapping[str, FormRead], shapes: Shapes
) -> None:
    """Say of an operation what Litestar does not know."""
    name = str(operation["operationId"])
    operation["summary"] = str(operation["description"]).splitlines()[0]
    operation["tags"] = [_room_of(handler)]
    case, read = use_case(name), forms.get(name)
    if read:
        operation["requestBody"] = form_body(read, shapes.whole(name, "form") if read.model else {})
    elif (name, "body") in shapes.of:
        operation["requestBody"] = json_body(shapes.of[name, "body"])
    refused = codes_of(case, handler, read)
    operation["responses"] = responses(case, handler, shapes.of.get((name, "answer"), {}), refused)
    operation["x-refusals"] = {str(status): [*codes] for status, codes in refused.items()}
    operation["security"] = requirement(case, handler)
    operation["x-roles"] = [role.value for role in sorted(case.grants)]
    for parameter in as_list(operation.get("parameters", [])):
        _bounded(as_object(as_object(parameter)["schema"]))


def _room_of(handler: HTTPRouteHandler) -> str:
    """The slice of the app that an operation belongs to: `requests` for `timebank.help.requests.api`."""
    _timebank, group, *rest = handler_function(handler).__module__.split(".")
    return rest[0] if group in GROUPS else group


def _bounded(schema: JsonObject) -> None:
    """A whole number in an address is one that a column holds."""
    for one in (schema, *[as_object(inner) for inner in as_list(schema.get("oneOf", []))]):
        if one.get("type") == "integer":
            one.setdefault("maximum", NUMBER_MAX)
            one.setdefault("minimum", -NUMBER_MAX)
