"""Cards for whoever asks and has no telephone: who still needs one, a sheet of them, one that is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.settling import mandate, settle
from timebank.community.cards import without
from timebank.community.identity import card_list, flow
from timebank.errors import BadField, NotFound, WrongCode
from timebank.store.identity import sessions


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def quiet(town: Any) -> Any:
    """Three who ask: one with a telephone of a daughter only, one with none, one in another community."""
    async with town.ctx.engine.atomic():
        for who, community in (("deaf", "dongqu"), ("alone", "dongqu")):
            town.uids[who] = await settle(town.ctx, community, f"{who}老人", asks=True, area="dongqu-2")
    return town


async def listed(town: Any, *, missing: bool = True) -> list[str]:
    found = await card_list.without_phone(town.ctx, await town.actor("worker"), missing=missing)
    names = {uid: who for who, uid in town.uids.items()}
    return sorted(names[one.uid] for one in found.people)


async def test_whoever_asks_and_has_no_telephone_needs_a_card_or_a_proxy(quiet: Any) -> None:
    assert await listed(quiet) == ["alone", "deaf"]
    assert await without(quiet.ctx, "dongqu")
    await card_list.issue_cards(quiet.ctx, await quiet.actor("worker"), [quiet.uids["alone"]])
    assert await listed(quiet) == ["deaf"]
    async with quiet.ctx.engine.atomic():
        await mandate(quiet.ctx, "dongqu", elder=quiet.uids["deaf"], proxy=quiet.uids["proxy"])
    assert await listed(quiet) == []
    assert await listed(quiet, missing=False) == ["alone", "deaf"]
    assert not await without(quiet.ctx, "dongqu")


async def test_a_card_that_ended_is_none(quiet: Any) -> None:
    wanted = [quiet.uids["alone"], quiet.uids["deaf"]]
    await card_list.issue_cards(quiet.ctx, await quiet.actor("worker"), wanted)
    assert not await without(quiet.ctx, "dongqu")
    quiet.ctx.clock.now += timedelta(days=366)
    assert await without(quiet.ctx, "dongqu")


async def test_where_nobody_asks_without_a_telephone_all_is_given(town: Any) -> None:
    assert not await without(town.ctx, "dongqu")
    assert await without(town.ctx, "nanqu"), "the stranger elder has no telephone"


async def test_a_revoked_card_opens_nothing_nor_does_what_it_opened(quiet: Any) -> None:
    desk = await quiet.actor("worker")
    [card] = await card_list.issue_cards(quiet.ctx, desk, [quiet.uids["alone"]])
    opened = await flow.open_card(quiet.ctx, token=card.secret)
    find = (quiet.ctx.engine, quiet.ctx.catalogue_of, opened.token, quiet.ctx.now())
    assert await sessions.find_session(*find, level=sessions.CARD) is not None
    await card_list.revoke_card(quiet.ctx, desk, quiet.uids["alone"])
    assert await sessions.find_session(*find, level=sessions.CARD) is None
    with pytest.raises(WrongCode):
        await flow.open_card(quiet.ctx, token=card.secret)
    with pytest.raises(card_list.NoCard):
        await card_list.revoke_card(quiet.ctx, desk, quiet.uids["alone"])


async def test_a_new_card_ends_the_one_before_and_its_sign_ins_but_no_other(quiet: Any) -> None:
    desk = await quiet.actor("worker")
    [old] = await card_list.issue_cards(quiet.ctx, desk, [quiet.uids["alone"]])
    by_card = await flow.open_card(quiet.ctx, token=old.secret)
    async with quiet.ctx.engine.atomic():
        own = await sessions.open_session(
            quiet.ctx, member=quiet.uids["alone"], idle_minutes=60, lasts=timedelta(days=1)
        )
    await flow.issue_code(quiet.ctx, desk, member=quiet.uids["alone"], kind="card")
    find = (quiet.ctx.engine, quiet.ctx.catalogue_of)
    assert await sessions.find_session(*find, by_card.token, quiet.ctx.now(), level=sessions.CARD) is None
    assert await sessions.find_session(*find, own, quiet.ctx.now()) is not None


async def test_a_sheet_holds_eight_and_only_people_of_the_community(quiet: Any) -> None:
    desk = await quiet.actor("worker")
    for wanted in ([], [f"M{number}" for number in range(9)]):
        with pytest.raises(BadField):
            await card_list.issue_cards(quiet.ctx, desk, wanted)
    with pytest.raises(NotFound):
        await card_list.issue_cards(quiet.ctx, desk, [quiet.uids["alone"], quiet.uids["stranger_elder"]])
    assert await listed(quiet) == ["alone", "deaf"], "nobody got one: all or none"


async def test_the_desk_prints_a_sheet_and_revokes(quiet: Any) -> None:
    desk = await quiet.client("worker")
    page = await desk.page("/desk/cards")
    assert page.text.count('name="member"') == 2
    sheet = await desk.submit("/desk/cards", {"member": [quiet.uids["alone"], quiet.uids["deaf"]]})
    assert sheet.text.count('class="card-code"') == 2
    assert "alone老人" in sheet.text
    none = await desk.submit("/desk/cards", {})
    assert none.status_code == 422
    page = await desk.submit(f"/desk/cards/{quiet.uids['alone']}/revoke")
    assert "作废了" in page.text
    assert await listed(quiet) == ["alone"]
    answer = await desk.post(f"/api/cards/{quiet.uids['alone']}/revoke", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_card")


async def test_programs_page_through_people_by_where_they_live(quiet: Any) -> None:
    async with quiet.ctx.engine.atomic():
        for number in range(60):
            await settle(quiet.ctx, "dongqu", f"老人{number}", asks=True, area=f"dongqu-{1 + number % 2}")
    desk = await quiet.client("worker")
    seen: list[str] = []
    after, pages = "", 0
    while True:
        answer = (await desk.get("/api/cards", params={"after": after})).json()
        seen += [one["uid"] for one in answer["people"]]
        after, pages = answer["following"], pages + 1
        if not after:
            break
    assert (len(seen), len(set(seen)), pages) == (62, 62, 2)
    made = await desk.post("/api/cards", json={"members": seen[:2]})
    assert made.status_code == 201
    assert all(re.search(r"/k#\S+$", one["link"]) for one in made.json())
    answer = (await desk.get("/api/cards", params={"missing": True})).json()
    assert (answer["everybody"], answer["uncovered"]) == (62, 60)


@pytest.mark.parametrize("spelt", ["{}", "{} {} {} {}", "{}-{}-{}-{}"])
async def test_what_stands_beside_the_square_opens_the_card_as_it_is_copied(quiet: Any, spelt: str) -> None:
    [card] = await card_list.issue_cards(quiet.ctx, await quiet.actor("worker"), [quiet.uids["alone"]])
    fours = card.typed.split(" ")
    assert [len(four) for four in fours] == [4, 4, 4, 4]
    typed = card.secret if spelt == "{}" else spelt.format(*fours)
    copied = typed.upper().replace("0", "O").replace("1", "l")
    assert (await flow.open_card(quiet.ctx, token=copied)).token
