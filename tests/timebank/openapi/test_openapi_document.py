"""The document by itself: valid, complete, and made from what the code enforces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
import schemathesis
from litestar import Litestar, post
from litestar.params import FromPath

from tests.timebank.access.access_catalogue import CATALOGUE
from timebank.access import Role, use_case
from timebank.app import create_app
from timebank.errors import Clash, TryLater
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.web.fields import Form, OpenForm
from timebank.web.guard import operations
from timebank.web.openapi.document import document
from timebank.web.openapi.document import form_read as read_by
from timebank.web.openapi.forms import UnknownForm, form_of
from timebank.web.openapi.naming import refusals_reached
from timebank.web.pages import read_form, typed_form
from timebank.web.request import Request

FORM, PARTS, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"


@cache
def app() -> Litestar:
    """The app without its database: nothing here asks it."""
    settings = Settings(database="sqlite:///nowhere.db", city="dongqu", demo=True)
    return create_app(settings, context=make_context(settings))


@cache
def described() -> dict[str, Any]:
    """The document as a program reads it."""
    found: dict[str, Any] = json.loads(json.dumps(document(app())))
    return found


def each() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(operation, method, path, what is said of it)."""
    for path, item in described()["paths"].items():
        for method, operation in item.items():
            yield operation["operationId"], method, path, operation


def one(name: str) -> dict[str, Any]:
    """What is said of one operation."""
    return next(operation for found, _method, _path, operation in each() if found == name)


def body_of(name: str) -> dict[str, Any]:
    """The schema of a form."""
    content = one(name)["requestBody"]["content"]
    found: dict[str, Any] = next(iter(content.values()))["schema"]
    return found


def test_it_is_valid_openapi_and_every_operation_is_in_it() -> None:
    schema = schemathesis.openapi.from_dict(described())
    schema.validate()
    assert {name for name, *_ in each()} == {operation for operation, _r, _h in operations(app())}


def test_every_reference_leads_somewhere_and_nothing_is_said_for_nobody() -> None:
    text = json.dumps(described())
    for kind in ("schemas", "responses"):
        for name in described()["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name
    used = {way for _n, _m, _p, operation in each() for entry in operation["security"] for way in entry}
    assert used == set(described()["components"]["securitySchemes"])


def test_every_operation_says_in_a_sentence_what_it_does_and_where_it_belongs() -> None:
    assert (one("IssueCode")["summary"], one("IssueCode")["tags"]) == (
        "A code to read out or a card to print, shown this once.", ["identity"],
    )  # fmt: skip
    for name, _method, _path, operation in each():
        assert operation["summary"].endswith((".", "?")), name
        assert len(operation["tags"]) == 1, name


def test_everything_that_is_posted_has_a_body_and_only_programs_send_json() -> None:
    for name, method, path, operation in each():
        content = operation.get("requestBody", {}).get("content", {})
        if method == "get":
            assert not content, name
        elif not path.startswith("/api/") and name != "TakePress":
            assert set(content) in ({FORM}, {PARTS}, {FORM, PARTS}), name
        else:
            assert set(content) in (set(), {JSON}, {PARTS}), name


def test_the_fields_of_every_request_that_works_are_fields_of_its_form() -> None:
    for name, asks in CATALOGUE.items():
        for ask in asks:
            if ask.form is None or name.startswith("Api"):
                continue
            schema = body_of(name)
            unknown = set(ask.form) - set(schema["properties"])
            assert not unknown or "patternProperties" in schema, (name, unknown)
            assert set(schema.get("required", ())) <= {*ask.form, *(["files"] if ask.files else [])}, name


def test_a_form_says_its_limits_its_hidden_fields_and_that_nothing_else_is_taken() -> None:
    form = body_of("SignInByPassword")
    assert form["properties"]["password"] == {
        "maxLength": 200, "minLength": 1, "title": "Password", "type": "string",
    }  # fmt: skip
    assert {"_csrf_token", "idempotency_key"} <= set(form["properties"])
    assert (form["required"], form["additionalProperties"]) == (["login", "password"], False)
    assert body_of("PrintCards")["properties"]["member"]["maxItems"] == 60
    assert body_of("AnswerRow")["patternProperties"].keys() == {"^cell:.{1,80}$"}
    assert body_of("CorrectMember")["properties"]["seen"]["type"] == "string"
    assert body_of("ImportFiles")["properties"]["files"]["items"] == {"type": "string", "format": "binary"}


LIMITS = {
    "ge": ("minimum",), "le": ("maximum",), "min_length": ("minLength", "minItems"), "max_length": ("maxLength", "maxItems"),
}  # fmt: skip


def test_no_limit_of_a_field_is_left_out() -> None:
    """A limit around a union, or behind a reader of what was typed, is enforced and yet not written by Pydantic."""
    models = {
        form.model for _o, _r, handler in operations(app()) if (form := read_by(handler)) and form.model
    }
    models |= {
        data.annotation
        for _o, _r, handler in operations(app())
        if (data := handler.parsed_fn_signature.parameters.get("data"))
    }
    left_out = []
    for model in models:
        fields = model.model_json_schema()["properties"]
        for name, field in model.model_fields.items():
            written = json.dumps(fields[field.alias or name])
            left_out += [
                f"{model.__module__}.{model.__qualname__}.{name}: {limit}"
                for limit in field.metadata
                for kind, words in LIMITS.items()
                if (value := getattr(limit, kind, None)) is not None
                and not any(f'"{word}": {value}' in written for word in words)
            ]
    assert sorted(left_out) == []


def test_who_may_ask_is_what_the_registry_grants() -> None:
    for name, method, _path, operation in each():
        grants = use_case(name).grants
        assert operation["x-roles"] == sorted(role.value for role in grants), name
        open_to_all = any({"session", "half_session"}.isdisjoint(entry) for entry in operation["security"])
        assert open_to_all is (Role.PUBLIC in grants) or name in {
            "SecondStepPage",
            "SecondStep",
            "EnrolPage",
            "Enrol",
        }, name
        if method == "post" and "gateway" not in operation["security"][0]:
            assert all("form_token" in entry for entry in operation["security"]), name


@pytest.mark.parametrize(
    "name", ["SignInByPassword", "SecondStep", "ApiKnowPhone", "OwnPassword", "AskToJoin", "ApiTakeText"]
)
def test_what_counts_tries_says_when_to_come_back(name: str) -> None:
    assert one(name)["x-refusals"]["429"] == ["try_later"]
    shared = one(name)["responses"]["429"]["$ref"].rpartition("/")[2]
    assert "retry-after" in described()["components"]["responses"][shared]["headers"]


@pytest.mark.parametrize("name", ["Help", "ApiOwnNews", "ApiOpenRequest", "SaveNewLine"])
def test_what_counts_none_says_nothing_of_it(name: str) -> None:
    assert "429" not in one(name)["responses"]


def test_programs_are_refused_in_problem_details_and_people_on_a_page() -> None:
    shared = described()["components"]["responses"]
    for name, _method, path, operation in each():
        for status, answer in operation["responses"].items():
            if status in ("200", "201", "303", "304") or name in ("CalendarFeed", "ShowDraft"):
                continue
            kinds = set(shared[answer["$ref"].rpartition("/")[2]]["content"])
            page = set() if path.startswith("/api/") else {"text/html"}
            assert kinds == {"application/problem+json"} | page, (name, status)


def test_whole_numbers_in_addresses_are_numbers_that_a_column_holds() -> None:
    numbers = [
        schema
        for _name, _method, _path, operation in each()
        for parameter in operation.get("parameters", [])
        for schema in (parameter["schema"], *parameter["schema"].get("oneOf", []))
        if schema.get("type") == "integer"
    ]
    assert len(numbers) > 30
    assert all(-(2**63) < one["minimum"] <= one["maximum"] < 2**63 for one in numbers)


# --- how it is found out


class AskForm(Form):
    """One field."""

    what: str


class OtherForm(Form):
    """Another."""


class RowForm(OpenForm):
    """A cell for every column."""

    further = "cell:.+"


async def _read(request: Request) -> None:
    await read_form(request, AskForm)


@post("/one/{uid:str}", operation_id="One")
async def one_form(request: Request, uid: FromPath[str]) -> None:
    await _read(request)


@post("/two", operation_id="Two")
async def two_forms(request: Request) -> None:
    await read_form(request, AskForm if request.url.path else OtherForm)


@post("/hand", operation_id="ByHand")
async def by_hand(request: Request) -> None:
    await typed_form(request)


@post("/press", operation_id="Press")
async def press(request: Request) -> None:
    assert request


def test_the_form_of_a_page_is_the_one_that_its_code_names_itself_or_through_a_helper() -> None:
    assert form_of(one_form).model is AskForm
    assert form_of(press).model is None


@pytest.mark.parametrize("handler", [two_forms, by_hand])
def test_a_form_that_cannot_be_told_stops_the_document(handler: Any) -> None:
    with pytest.raises(UnknownForm):
        form_of(handler)


def test_fields_of_an_open_form_are_those_that_its_page_makes_and_no_others() -> None:
    assert RowForm.model_validate({"cell:a": "x", "cell:b": ["y", "z"]}).others == {
        "cell:a": ["x"],
        "cell:b": ["y", "z"],
    }
    with pytest.raises(ValueError, match="没有这一项"):
        RowForm.model_validate({"cells:a": "x"})


class _Judged:
    def __post_init__(self) -> None:
        raise Clash()


def _deep() -> None:
    raise TryLater(1)


def _shallow() -> None:
    def inner() -> None:
        _deep()

    inner()
    _Judged()


def test_refusals_are_followed_into_helpers_and_into_values_that_judge_themselves(monkeypatch: Any) -> None:
    monkeypatch.setattr("timebank.web.openapi.naming.OURS", ("timebank", "tests"))
    assert isinstance(_shallow, FunctionType)
    assert refusals_reached(_shallow) == {TryLater, Clash}
    assert refusals_reached(_shallow, making=False) == {TryLater}


# --- the command


def test_the_command_writes_the_same_document_without_a_database_or_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from timebank.cli import main

    monkeypatch.chdir(tmp_path)
    environ = {
        "TIMEBANK_DATABASE": f"sqlite:///{tmp_path}/none.db",
        "TIMEBANK_SECRET": None,
        "TIMEBANK_CITY": "dongqu",
    }
    done = CliRunner().invoke(main, ["openapi", "--output", "api.json"], env=environ)
    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "api.json").read_text())
    assert written["paths"] == described()["paths"]
    assert written["components"]["securitySchemes"]["session"]["name"] == "__Host-sid"
    assert [one.name for one in tmp_path.iterdir()] == ["api.json"]
