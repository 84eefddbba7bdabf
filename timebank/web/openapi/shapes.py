"""The models of forms, JSON bodies and JSON answers as schemas: what Pydantic itself refuses and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import Response
from pydantic import TypeAdapter

from timebank.web.openapi.forms import FormRead
from timebank.web.openapi.json import Json, JsonObject, as_object

SCHEMAS = "#/components/schemas/"
Part = Literal["body", "answer", "form"]
_MODE: dict[Part, Literal["validation", "serialization"]] = {
    "body": "validation", "form": "validation", "answer": "serialization",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shapes:
    """The schemas of all operations.

    Attributes:
        of: (operation, part) -> schema, mostly a reference to one of `named`.
        named: every schema that has a name.
    """

    of: Mapping[tuple[str, Part], JsonObject]
    named: JsonObject = field(default_factory=dict)

    def whole(self, operation: str, part: Part) -> JsonObject:
        """A schema itself, not a reference to it."""
        schema = self.of[operation, part]
        name = str(schema.get("$ref", "")).removeprefix(SCHEMAS)
        return as_object(self.named[name]) if name else schema


def shapes_of(handlers: Mapping[str, HTTPRouteHandler], forms: Mapping[str, FormRead]) -> Shapes:
    """Every model that the operations read and write, named once."""
    wanted: list[tuple[tuple[str, Part], type[object]]] = []
    for operation, handler in handlers.items():
        wanted += [((operation, part), kind) for part, kind in _of_json(handler)]
    wanted += [((operation, "form"), read.model) for operation, read in forms.items() if read.model]
    inputs = [(key, _MODE[key[1]], TypeAdapter[Any](kind)) for key, kind in wanted]
    found, named = TypeAdapter.json_schemas(inputs, ref_template=SCHEMAS + "{model}")
    of = {key: cast(JsonObject, schema) for (key, _mode), schema in found.items()}
    return Shapes(of, cast(JsonObject, named.get("$defs", {})))


def _of_json(handler: HTTPRouteHandler) -> Iterator[tuple[Part, type[object]]]:
    """What a handler takes and gives as JSON."""
    signature = handler.parsed_fn_signature
    if data := signature.parameters.get("data"):
        yield "body", data.annotation
    if answers_json(handler):
        yield "answer", signature.return_type.annotation


def answers_json(handler: HTTPRouteHandler) -> bool:
    """Whether what a handler returns is written as JSON: it is no page, no redirect and no file."""
    kinds = handler.parsed_fn_signature.return_type
    return not any(
        isinstance(kind := one.origin or one.annotation, type) and issubclass(kind, Response)
        for one in (kinds.inner_types if kinds.is_union else (kinds,))
    )


def used(document: JsonObject) -> JsonObject:
    """The document without schemas that nothing refers to."""
    components = as_object(document["components"])
    schemas = as_object(components["schemas"])
    kept: set[str] = set()
    waiting: list[Json] = [
        document["paths"],
        {name: one for name, one in components.items() if name != "schemas"},
    ]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in kept:
                kept.add(name)
                waiting.append(schemas[name])
    components["schemas"] = {name: schemas[name] for name in sorted(kept)}
    return document


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and target.startswith(SCHEMAS):
            yield target.removeprefix(SCHEMAS)
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)
