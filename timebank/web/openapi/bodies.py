"""Request bodies: JSON as it is, and forms with the two hidden fields of every form."""

from __future__ import annotations

from timebank.web.forms.editing import SEEN_FIELD
from timebank.web.openapi.forms import FormRead
from timebank.web.openapi.json import JsonObject, as_list, as_object, without
from timebank.web.tokens import KEY_FIELD, TOKEN_FIELD

JSON, URL_ENCODED, MULTI_PART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
HIDDEN: JsonObject = {
    TOKEN_FIELD: {
        "type": "string",
        "description": "The token of the form, where it does not come in the header `x-csrftoken`.",
    },
    KEY_FIELD: {
        "type": "string",
        "description": "Names this one press: a browser that sends it twice gets the first answer again.",
    },
}
SEEN: JsonObject = {
    "type": "string",
    "description": "What the form showed at first, as JSON: what others changed meanwhile is merged, not overwritten.",
}


def json_body(schema: JsonObject) -> JsonObject:
    """The body of an operation for programs."""
    return {"required": True, "content": {JSON: {"schema": schema}}}


def form_body(read: FormRead, schema: JsonObject) -> JsonObject:
    """The body of an operation that reads a form, `schema` being its model's; a press without a model needs none."""
    file = read.model.model_fields.get("files") if read.model else None
    plain = [URL_ENCODED] if file is None or not file.is_required() else []
    media = [*plain, *([MULTI_PART] if file else [])]
    return {
        "required": bool(schema.get("required")),
        "content": {one: {"schema": _whole(read, schema)} for one in media},
    }


def _whole(read: FormRead, schema: JsonObject) -> JsonObject:
    must = as_list(schema.get("required", []))
    fields = {
        name: _sent(as_object(one), needed=name in must)
        for name, one in as_object(schema.get("properties", {})).items()
    }
    more: JsonObject = {SEEN_FIELD: SEEN} if read.merges else {}
    return {"type": "object", **schema, "properties": {**fields, **more, **HIDDEN}}


def _sent(field: JsonObject, *, needed: bool) -> JsonObject:
    """A field as a form can send it: it knows no null, and what is empty was not filled in."""
    kinds = [as_object(one) for one in as_list(field.get("anyOf", []))]
    some = [one for one in kinds if one.get("type") != "null"]
    if len(some) == 1 != len(kinds):
        field = {**without(field, "anyOf", "default"), **some[0]}
    if needed and field.get("type") == "string" and "pattern" not in field and "format" not in field:
        field = {"minLength": 1, **field}
    return field
