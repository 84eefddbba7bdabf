"""Fields that only the app sets, sent with every write: a program is refused, a form is refused or not listened to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.timebank.access.access_catalogue import CATALOGUE, Ask
from tests.timebank.access.access_people import WALKERS, verdict
from timebank.store.tables import TABLES
from timebank.web.guard import operations

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMUGGLED = "SMUGGLED1"
# Every column of every table, and what people usually try.
FIELDS = sorted(
    {column._meta.name for table in TABLES for column in table._meta.columns}
    | {"uid", "owner", "claimant", "stage", "line_key", "balance", "amount", "roles", "is_staff", "with_key"}
)
# What our handlers call the things they are given: a field of that name must confuse nobody.
DEPENDENCIES = ("actor", "ctx", "request")
WRITES = [
    (operation, at, ask)
    for operation, asks in CATALOGUE.items()
    for at, ask in enumerate(asks)
    if ask.method == "POST" and ask.belongs.community != "nowhere" and ask.files is None
]


def granted_to(operation: str, ask: Ask) -> str:
    """Somebody for whom the plain request works."""
    order = (
        "worker",
        "desk_2",
        "elder",
        "helper",
        "volunteer",
        "former",
        "leader",
        "unit",
        "proxy_acting",
        "proxy",
        "auditor",
        "public",
    )
    fitting = (
        name
        for name in order
        if verdict(WALKERS[name], operation, ask.belongs).granted and name not in ask.instead
    )
    return next(fitting)


async def kept(street: Any) -> list[str]:
    """Every column of the database that holds the smuggled word."""
    found = []
    for row in await street.ctx.engine.fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ):
        for line in await street.ctx.engine.fetch(f'SELECT * FROM "{row["name"]}"'):
            found += [f"{row['name']}.{column}" for column, value in line.items() if SMUGGLED in str(value)]
    return found


@pytest.mark.parametrize(
    ("operation", "at", "ask"),
    [pytest.param(*one, id=f"{one[0]}-{one[1]}") for one in WRITES if one[2].json is not None],
)
async def test_a_program_that_sends_a_field_of_ours_is_refused(
    street: Any, operation: str, at: int, ask: Ask
) -> None:
    name = granted_to(operation, ask)
    request = ask.request(street.world.ids)
    foreign = [field for field in FIELDS if field not in _accepted(street, operation) | set(DEPENDENCIES)]
    async with street.taken_back():
        before = await street.writes()
        at_once = await street.ask(
            name, {**request, "json": {**request["json"], **dict.fromkeys(foreign, SMUGGLED)}}
        )
        alone = [
            await street.ask(name, {**request, "json": {**request["json"], field: SMUGGLED}})
            for field in DEPENDENCIES
        ]
        wrote = await street.writes() - before
        stored = await kept(street)
    assert at_once.status_code in {400, 422}
    assert sorted({one["field"] for one in at_once.json()["errors"]} & set(foreign)) == foreign
    assert {answer.status_code for answer in alone} <= {400, 422}
    assert wrote == 0
    assert stored == []


@pytest.mark.parametrize(
    ("operation", "at", "ask"),
    [pytest.param(*one, id=f"{one[0]}-{one[1]}") for one in WRITES if one[2].json is None],
)
async def test_a_form_that_sends_fields_of_ours_changes_nothing_by_them(
    street: Any, operation: str, at: int, ask: Ask
) -> None:
    """A form that knows none of them is refused whole; a step that reads no form at all goes as it would without."""
    form = ask.form or {}
    name = granted_to(operation, ask)
    smuggled = dict.fromkeys((field for field in FIELDS if field not in set(form) | FORM_FIELDS), SMUGGLED)
    loaded = replace(ask, form={**form, **smuggled}).request(street.world.ids)
    async with street.taken_back():
        before = await street.writes()
        answer = await street.ask(name, loaded)
        wrote = await street.writes() > before
        stored = await kept(street)
    assert answer.status_code < 500
    assert stored == []
    assert not wrote or operation in PRESSED or (operation in SHOWN_AGAIN and answer.status_code == 422)


# A press of a button: nothing, or one word, is read of what comes with it.
PRESSED = frozenset(
    {
        "SignOut", "ApproveRelationship", "ApiApproveRelationship", "StopActingFor", "CancelRequest", "AskForCall", "CancelNeed",
        "WithdrawClaim", "AnswerRow", "ApiAcceptProposal", "ApiSignUp", "ApiConfirmService", "ApiTickPresent",
        "ApiUndoCheckIn", "ApiConfirmHours", "ApiApproveHours", "ApiVouchForHours", "ApiAcceptClaim", "ApiWithdrawClaim", "AnswerTable", "UndoImport",
        "EndOrganisation", "ApiEndOrganisation", "ResetAccount", "EndAccount", "SignOutEverywhere", "EndSignIn", "ApiEndSignIn", "AskNewTelephone", "LiveApart", "MemberReturns", "DropChange", "ApiWithdrawTask",
        "ApiLiveApart", "ApiMemberReturns", "ApiDropChange", "ApiApproveChange",
        "ApiUndoDeath",
        "TakeBackSkip", "ApiTakeBackSkip", "CardCall", "CardOff", "CardArrive", "EndKiosk", "EndFeed",
        "ApiStepIn", "ApiApprovePutRight", "ApiApproveHoursByTwo", "EraseMember", "ApiEraseMember", "WithdrawConsent", "ApiWithdrawConsent",
    }
)  # fmt: skip
# Refused, and shown again with a private card: that reading is what was written down.
SHOWN_AGAIN = frozenset(
    {
        "TakeCall",
        "NameHelper",
        "CorrectMember",
        "SaveProfile",
        "MoveMember",
        "MemberLeaves",
        "ReportDeath",
        "EnterPassbook",
        "EditNeed",
    }
)


# Names that some form of ours really has: they are what a person may say.
FORM_FIELDS = frozenset(
    {
        "address", "area", "called", "elder", "hours", "key", "kind", "lang", "login", "member", "minor", "minutes",
        "name", "note", "phone", "proxy", "relation", "size", "title", "until_on", "week", "with_key", "quantity",
        "category", "contact", "reason", "unit", "text", "conditions", "reach",
    }
)  # fmt: skip


# What a provider of text messages reports is its own word, not a state of ours.
OF_A_PROVIDER = frozenset({"ReceiptBody.status"})


def _accepted(street: Any, operation: str) -> set[str]:
    """Fields that the operation's body declares: what a program may say."""
    handler: HTTPRouteHandler = next(one for name, _route, one in operations(street.app) if name == operation)
    data = handler.parsed_fn_signature.parameters.get("data")
    if data is None:
        return set(FIELDS)
    return set(data.annotation.model_fields)


async def test_minutes_roles_and_names_of_confirmers_are_no_fields_of_any_body(street: Any) -> None:
    """The same from the other side: no body declares a field that only the app may set."""
    ours = {
        "uid", "community", "state", "stage", "status", "role", "roles", "minutes_credited", "minutes_served",
        "confirmed_by", "confirmed_at", "checked_in_by", "checked_in_at", "evidence", "transfer_uid", "hold_uid", "payer",
        "owner", "claimant", "account", "balance", "created_by", "level", "acting_for", "guardian_consent", "policy_version",
    }  # fmt: skip
    document = json.loads((await street.ask("public", {"method": "GET", "url": "/schema/openapi.json"})).text)
    declared = {
        f"{name}.{field}"
        for path in document["paths"].values()
        for one in path.values()
        for content in one.get("requestBody", {}).get("content", {}).values()
        for name in [content["schema"].get("$ref", "").rpartition("/")[2]]
        if name
        for field in document["components"]["schemas"][name].get("properties", {})
        if field in ours and f"{name}.{field}" not in OF_A_PROVIDER
    }
    assert declared == set()
