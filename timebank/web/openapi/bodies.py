"""Form models as request bodies: every field with its type and limits, and the two hidden fields of every form."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from timebank.web.forms.editing import SEEN_FIELD
from timebank.web.once import KEY_LENGTH_MAX
from timebank.web.openapi.forms import FormRead
from timebank.web.openapi.json import JsonObject, as_object, without
from timebank.web.tokens import KEY_FIELD, TOKEN_FIELD

URL_ENCODED, MULTI_PART = "application/x-www-form-urlencoded", "multipart/form-data"
SCHEMAS, PREFIX = "#/components/schemas/", "Form."
HIDDEN: JsonObject = {
    TOKEN_FIELD: {
        "type": "string",
        "maxLength": 300,
        "description": "The token of the form, where it does not come in the header `x-csrftoken`.",
    },
    KEY_FIELD: {
        "type": "string",
        "maxLength": KEY_LENGTH_MAX,
        "description": "Names this one press: a browser that sends it twice gets the first answer again.",
    },
}
SEEN: JsonObject = {
    "type": "string",
    "description": "What the form showed at first, as JSON: what others changed meanwhile is merged, not overwritten.",
}


def schemas_of(models: Collection[type[BaseModel]]) -> tuple[dict[type[BaseModel], JsonObject], JsonObject]:
    """(the schema of each form, the schemas by name that those refer to)."""
    ordered = sorted(models, key=lambda one: (one.__module__, one.__qualname__))
    references, found = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=SCHEMAS + PREFIX + "{model}"
    )
    known: JsonObject = {PREFIX + name: schema for name, schema in found.get("$defs", {}).items()}
    names = {model: str(references[model, "validation"]["$ref"]).removeprefix(SCHEMAS) for model in ordered}
    return {model: as_object(known[name]) for model, name in names.items()}, without(known, *names.values())


def request_body(read: FormRead, schema: JsonObject) -> JsonObject:
    """The body of an operation that reads a form, `schema` being its model's."""
    file = read.model.model_fields.get("files") if read.model else None
    media = (
        [MULTI_PART] if file and file.is_required() else [URL_ENCODED, MULTI_PART] if file else [URL_ENCODED]
    )
    content: JsonObject = {one: {"schema": _whole(read, schema)} for one in media}
    return {"required": bool(schema.get("required")), "content": content}


def _whole(read: FormRead, schema: JsonObject) -> JsonObject:
    fields = as_object(schema.get("properties", {}))
    more: JsonObject = {SEEN_FIELD: SEEN} if read.merges else {}
    return {"type": "object", **schema, "properties": {**fields, **more, **HIDDEN}}
