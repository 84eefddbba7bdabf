"""Accounts of whoever works at the desk: opened and reset by a colleague, never by oneself, and ended at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.timebank.conftest import Town
from timebank.adapters.system import SetClock
from timebank.community.staff import flow
from timebank.store.identity import sessions

FIRST, OWN = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}"), "nine-cranes-1984"


async def _opened(town: Town) -> str:
    """A first password for the auditor, read off the slip."""
    worker = await town.client("worker")
    slip = await worker.submit(f"/desk/staff/{town.uids['auditor']}/account", {"login": "books"})
    assert slip.status_code == 200
    found = FIRST.search(slip.text)
    assert found is not None
    return found.group()


async def test_a_colleague_opens_an_account_and_its_slip_lets_its_holder_in(town: Town) -> None:
    first = await _opened(town)
    auditor = await town.stranger()
    await auditor.submit("/sign-in/password", {"login": "books", "password": first})
    assert (await auditor.page("/books")).status_code == 200

    changed = await auditor.submit("/password", {"old": first, "new": OWN})
    assert changed.status_code == 200
    assert (await auditor.get("/books")).status_code in (303, 401)

    again = await auditor.submit("/sign-in/password", {"login": "books", "password": first})
    assert again.status_code == 422
    assert (await auditor.submit("/sign-in/password", {"login": "books", "password": OWN})).status_code == 200


async def test_a_password_made_up_by_somebody_else_ends_after_seven_days_and_ones_own_never(
    town: Town,
) -> None:
    first = await _opened(town)
    clock = town.ctx.clock
    assert isinstance(clock, SetClock)
    given_at = clock.now
    clock.now = given_at + timedelta(days=7)
    auditor = await town.stranger()
    await auditor.submit("/sign-in/password", {"login": "books", "password": first})
    assert (await auditor.page("/books")).status_code == 200

    clock.now = given_at + timedelta(days=7, minutes=1)
    late = await (await town.stranger()).submit("/sign-in/password", {"login": "books", "password": first})
    assert late.status_code == 422
    assert "7天里没换成自己的" in late.text
    guessed = await (await town.stranger()).submit(
        "/sign-in/password", {"login": "books", "password": "guessed-it-1984"}
    )
    assert "7天里没换成自己的" not in guessed.text, "nobody learns it without the right one"

    worker = await town.client("worker")
    again = await worker.submit(f"/desk/staff/{town.uids['auditor']}/reset")
    found = FIRST.search(again.text)
    assert found is not None
    auditor = await town.stranger()
    await auditor.submit("/sign-in/password", {"login": "books", "password": found.group()})
    await auditor.submit("/password", {"old": found.group(), "new": OWN})
    clock.now += timedelta(days=400)
    auditor = await town.stranger()
    await auditor.submit("/sign-in/password", {"login": "books", "password": OWN})
    assert (await auditor.page("/books")).status_code == 200


async def test_a_wrong_old_password_changes_nothing_and_says_so(town: Town) -> None:
    first = await _opened(town)
    auditor = await town.stranger()
    await auditor.submit("/sign-in/password", {"login": "books", "password": first})
    said = await auditor.submit("/password", {"old": "guessed-it-1984", "new": OWN})
    assert said.status_code == 422
    assert "原来的密码不对" in said.text
    short = await auditor.submit("/password", {"old": first, "new": "short"})
    assert short.status_code == 422
    assert (await auditor.get("/books")).status_code == 200


@pytest.mark.parametrize("what", ["account", "reset", "end"])
async def test_nobody_does_it_for_oneself(town: Town, what: str) -> None:
    worker = await town.client("worker")
    answer = await worker.post(f"/desk/staff/{town.uids['worker']}/{what}", data={"login": "me-again"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_oneself")


async def test_only_whoever_holds_an_office_gets_an_account(town: Town) -> None:
    actor = await town.actor("worker")
    with pytest.raises(flow.NoOffice):
        await flow.open_account(town.ctx, actor, member_uid=town.uids["elder"], login="grandma")
    assert await sessions.login_of(town.ctx.engine, town.uids["elder"]) == ""


async def test_a_taken_login_is_named_on_the_page_and_what_was_typed_stays(town: Town) -> None:
    await _opened(town)
    worker = await town.client("worker")
    said = await worker.submit(f"/desk/staff/{town.uids['worker2']}/account", {"login": "books"})
    assert said.status_code == 422
    assert "这个登录名已经有人用了" in said.text


async def test_who_leaves_the_desk_is_out_at_once(town: Town) -> None:
    colleague = await town.client("worker2")
    assert (await colleague.get("/desk")).status_code == 200
    worker = await town.client("worker")
    assert (await worker.submit(f"/desk/staff/{town.uids['worker2']}/end")).status_code == 200
    assert (await colleague.get("/desk")).status_code in (303, 401, 403)
    assert await sessions.login_of(town.ctx.engine, town.uids["worker2"]) == ""
