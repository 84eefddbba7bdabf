"""Every route as every role, with one's own things, somebody else's, and another community's.

What the registry grants is answered; everything else is refused before anything is shown or written, and a thing that
is not yours reads exactly like a thing that is not there.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE, DONE, Ask
from tests.timebank.access.access_people import WALKERS, verdict
from timebank.access import REGISTRY
from timebank.store.identity.actors import actor_of
from timebank.web.guard import operations

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_operation_can_be_asked_for(street: Any) -> None:
    served = {operation for operation, _route, _handler in operations(street.app)}
    assert sorted(served - CATALOGUE.keys()) == []
    assert sorted(CATALOGUE.keys() - served) == []


async def test_every_role_of_the_registry_walks(street: Any) -> None:
    walking = set().union(*(walker.roles for walker in WALKERS.values()))
    assert {role for case in REGISTRY for role in case.grants} <= walking | {"public"}


async def test_every_kind_of_relationship_that_grants_something_is_walked(street: Any) -> None:
    catalogue = street.ctx.catalogue_of("dongqu")
    rows = await street.ctx.engine.fetch(
        "SELECT DISTINCT kind FROM tb_relationship WHERE state = 'in_force' AND holder_member IN"
        f" ({', '.join('?' for _ in WALKERS)})",
        [street.world.uids.get(walker.who, "") for walker in WALKERS.values()],
    )
    walked = {str(row["kind"]) for row in rows}
    assert catalogue.granting | catalogue.standing_in <= walked


async def test_every_walker_holds_the_roles_that_the_matrix_gives_them(street: Any) -> None:
    """Were a relationship of the world not in force, its walker's refusals would prove nothing."""
    for name, walker in WALKERS.items():
        if not walker.who:
            continue
        ctx, uid = street.ctx, street.world.uids[walker.who]
        actor = await actor_of(ctx.engine, ctx.catalogue_of, uid, ctx.today())
        assert set(actor.roles) - {"public"} == walker.roles, name


@pytest.mark.parametrize("operation", CATALOGUE)
async def test_the_answer_to_everybody_is_what_the_registry_promises(street: Any, operation: str) -> None:
    wrong = []
    for name in WALKERS:
        for ask in CATALOGUE[operation]:
            async with street.taken_back():
                wrong += [f"to {name}: {what}" for what in await _walk(street, operation, name, ask)]
    assert wrong == []


WITH_A_SECRET = frozenset(
    {
        "OpenCard", "ApiTakeText", "TakePress", "KnowPhone", "ApiKnowPhone", "SecondStepPage", "SecondStep", "EnrolPage",
        "Enrol", "ConfirmTelephone",
    }
)  # fmt: skip
"""Open to whoever brings a secret that no walker has: a card, the gateway's token, a page that was
signed for them, the digits that another telephone shows, half a sign-in."""


@pytest.mark.parametrize("operation", CATALOGUE)
async def test_the_request_is_one_that_works_for_somebody(street: Any, operation: str) -> None:
    """A catalogue of requests that are refused for their form alone would prove nothing."""
    for ask in CATALOGUE[operation]:
        if (
            ask.belongs.community == "nowhere"
            or operation.startswith("SignInBy")
            or operation in WITH_A_SECRET
        ):
            continue
        if operation == "ApiTextReceipt":  # for the gateway alone, by a token that nobody here has
            continue
        answers: set[int] = set()
        for name, walker in WALKERS.items():
            if answers & DONE:
                break
            if verdict(walker, operation, ask.belongs).granted and name not in ask.instead:
                async with street.taken_back():
                    answers.add((await street.ask(name, ask.request(street.world.ids))).status_code)
        assert answers & DONE, f"{ask.method} {ask.path}: {sorted(answers)}"


async def _walk(street: Any, operation: str, name: str, ask: Ask) -> list[str]:
    """What is wrong with the answer to one request, in words."""
    promised = verdict(WALKERS[name], operation, ask.belongs)
    before = await street.writes()
    answer = await street.ask(name, ask.request(street.world.ids))
    said = f"{ask.method} {ask.path}: {answer.status_code}"
    wrong = [f"{said} shows {leak}" for leak in street.leaks(name, answer.content)]
    if promised.granted:
        expected = {ask.instead[name]} if name in ask.instead else ask.answers
        return wrong if answer.status_code in expected else [*wrong, f"{said}, granted {sorted(expected)}"]
    expected_status = ask.instead.get(name, promised.status) if promised.status == 404 else promised.status
    if answer.status_code != expected_status:
        return [*wrong, f"{said}, promised {expected_status}"]
    if await street.writes() != before:
        wrong.append(f"{said} wrote something")
    if answer.status_code == 404 and ask.target:
        nothing = await street.ask(name, ask.request(street.world.ids, unknown=True))
        if (nothing.status_code, nothing.json()) != (404, answer.json()):
            wrong.append(f"{said} differs from what is not there: {nothing.status_code}")
    return wrong
