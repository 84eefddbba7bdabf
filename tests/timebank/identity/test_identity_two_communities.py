"""One telephone may belong to a member here and to a member next door: each signs in at their own door, and no answer tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import segno

from tests.timebank.conftest import Town
from tests.timebank.settling import settle
from timebank.adapters.system import SetClock
from timebank.community import passwords
from timebank.community.identity import flow
from timebank.errors import TryLater, WrongCode
from timebank.store.identity import sessions

SHARED = "19900000777"


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """Both databases."""
    return database_url


@pytest.fixture
async def shared(town: Town) -> Town:
    """A daughter who is a member in both communities, with one telephone and the same number on her vest."""
    async with town.ctx.engine.atomic():
        for who, community, name in (("here", "dongqu", "东家女儿"), ("there", "nanqu", "南家女儿")):
            town.uids[who] = await settle(
                town.ctx, community, name, phone=SHARED, number="077", asks=True, gives=True
            )
    return town


async def code_of(town: Town, who: str) -> str:
    """A code that the desk of the member's own community gave."""
    desk = "worker" if who == "here" else "stranger_worker"
    return await flow.issue_code(town.ctx, await town.actor(desk), member=town.uids[who], kind="code")


@pytest.mark.parametrize("typed", [SHARED, "077", "{uid}"])
@pytest.mark.parametrize(("who", "door"), [("here", "dongqu"), ("there", "nanqu")])
async def test_a_code_signs_in_where_it_was_given_and_nowhere_else(
    shared: Town, typed: str, who: str, door: str
) -> None:
    other = "nanqu" if door == "dongqu" else "dongqu"
    said = {"who": typed.format(uid=shared.uids[who]), "code": await code_of(shared, who)}
    wrong = await (await shared.stranger("")).submit(f"/c/{other}/sign-in/code", said)
    assert wrong.status_code == 422
    browser = await shared.stranger(other)
    right = await browser.submit(f"/c/{door}/sign-in/code", said)
    assert right.status_code == 200
    assert right.url.path in {"/elder", "/volunteer"}
    assert browser.cookies["community"] == door
    name = {"here": "东区社区", "there": "南区社区"}[who]
    assert name in (await browser.page("/notice")).text


async def test_a_code_typed_next_door_is_not_used_up_there(shared: Town) -> None:
    """Wrong guesses at the other door count against nobody at this one."""
    code = await code_of(shared, "here")
    for guess in range(12):
        with pytest.raises((WrongCode, TryLater)):
            await flow.sign_in_by_code(
                shared.ctx, community="nanqu", who=SHARED, code=code, source=f"10.0.0.{guess}"
            )
    signed_in = await flow.sign_in_by_code(
        shared.ctx, community="dongqu", who=SHARED, code=code, source="home"
    )
    assert signed_in.community == "dongqu"


async def test_both_codes_stand_at_once(shared: Town) -> None:
    codes = {who: await code_of(shared, who) for who in ("here", "there")}
    for who, door in (("there", "nanqu"), ("here", "dongqu")):
        signed_in = await flow.sign_in_by_code(
            shared.ctx, community=door, who=SHARED, code=codes[who], source=who
        )
        found = await sessions.find_session(
            shared.ctx.engine, shared.ctx.catalogue_of, signed_in.token, shared.ctx.now()
        )
        assert found is not None
        assert (found.actor.uid, found.actor.community) == (shared.uids[who], door)


async def tries(town: Town, number: str, *, before: int) -> list[tuple[int, str]]:
    """What the door of `nanqu` answers to guesses at a number, after some guesses at the door of `dongqu`."""
    clock = town.ctx.clock
    assert isinstance(clock, SetClock)
    for guess in range(before):
        with pytest.raises((WrongCode, TryLater)):
            await flow.sign_in_by_code(
                town.ctx, community="dongqu", who=number, code="000000", source=f"{number} a{guess}"
            )
    answers: list[tuple[int, str]] = []
    for guess in range(6):
        try:
            await flow.sign_in_by_code(
                town.ctx, community="nanqu", who=number, code="000000", source=f"{number} b{guess}"
            )
        except (WrongCode, TryLater) as refusal:
            answers.append((int(refusal.known.get("wait_seconds", 0)), refusal.zh))
        clock.now += timedelta(seconds=1)
    return answers


@pytest.mark.parametrize("before", [0, 5])
async def test_no_door_tells_whether_a_number_is_known_at_another(town: Town, before: int) -> None:
    """A number known here only, there only, in both or nowhere: the same answers and the same waits."""
    async with town.ctx.engine.atomic():
        for name, number, doors in (
            ("甲", "19900000771", ("dongqu",)),
            ("乙", "19900000772", ("nanqu",)),
            ("丙", "19900000773", ("dongqu", "nanqu")),
        ):
            for door in doors:
                await settle(town.ctx, door, name, phone=number, asks=True)
    answers = [await tries(town, f"1990000077{last}", before=before) for last in (1, 2, 3, 4)]
    assert answers[0] == answers[1] == answers[2] == answers[3]
    assert {zh for _wait, zh in answers[0]} == {WrongCode.zh, TryLater.zh}


async def test_staff_sign_in_at_any_door_and_land_at_their_own_desk(town: Town) -> None:
    async with town.ctx.engine.atomic():
        await sessions.set_login(
            town.ctx.engine,
            member=town.uids["worker"],
            login="chen",
            hashed=passwords.hashed("a good long one"),
        )
    for path in ("/sign-in/password", "/c/nanqu/sign-in/password", "/c/dongqu/sign-in/password"):
        browser = await town.stranger("")
        desk = await browser.submit(path, {"login": "chen", "password": "a good long one"})
        assert (desk.status_code, desk.url.path) == (200, "/desk")
        assert "东区社区" in desk.text
        assert browser.cookies["community"] == "dongqu"


async def test_without_a_chosen_community_the_page_asks_for_it_before_the_digits(shared: Town) -> None:
    browser = await shared.stranger("")
    page = await browser.page("/sign-in?next=/hours")
    assert page.status_code == 200
    assert 'action="/sign-in/code"' not in page.text
    assert 'action="/sign-in/password"' in page.text
    assert 'href="/communities?next=/sign-in%3Fnext%3D/hours"' in page.text
    answer = await browser.submit("/sign-in/code", {"who": SHARED, "code": await code_of(shared, "here")})
    assert answer.status_code == 409
    assert "请先选一个" in answer.text


async def test_a_page_that_needs_a_sign_in_comes_back_to_itself(shared: Town) -> None:
    browser = await shared.stranger("")
    asked = await browser.page("/hours")
    assert (asked.url.path, asked.url.params["next"]) == ("/sign-in", "/hours")
    said = {"who": SHARED, "code": await code_of(shared, "there"), "next": "/hours"}
    assert (await browser.submit("/c/nanqu/sign-in/code", said)).url.path == "/hours"


async def test_printed_codes_lead_by_way_of_the_community(shared: Town) -> None:
    """The slip carries the path, the card finds its own; a roster's code asks whoever is not signed in at that community's door."""
    desk = await shared.client("stranger_worker")
    slip = await desk.submit("/desk/codes", {"member": shared.uids["there"]})
    assert "http://127.0.0.1:8000/c/nanqu/sign-in" in slip.text
    card = await flow.issue_code(
        shared.ctx, await shared.actor("stranger_worker"), member=shared.uids["there"], kind="card"
    )
    browser = await shared.stranger("dongqu")
    opened = await browser.submit("/k", {"token": card})
    assert "南区" in opened.text.split("<main")[0], (
        "the card's own community, wherever the telephone was before"
    )
    assert (await (await shared.stranger("dongqu")).page(f"/sign-in/link/{card}")).url.path == "/k"
    walk_up = await (await shared.stranger("")).page("/c/dongqu/services/S1/arrive?code=1234")
    assert (walk_up.url.path, walk_up.url.params["next"]) == (
        "/c/dongqu/sign-in",
        "/services/S1/arrive?code=1234",
    )


async def test_what_the_printed_card_says_stands_behind_the_sign_that_no_browser_sends(
    shared: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    draw = segno.make

    def drawn(link: str, **known: Any) -> Any:
        seen.append(link)
        return draw(link, **known)

    monkeypatch.setattr(segno, "make", drawn)
    desk = await shared.client("stranger_worker")
    await desk.submit("/desk/codes", {"member": shared.uids["there"], "kind": "card"})
    assert seen[0].startswith("http://127.0.0.1:8000/k#")


async def test_joining_at_one_door_is_unknown_at_the_other(shared: Town) -> None:
    await (await shared.stranger("dongqu")).submit("/c/nanqu/join", {"name": "想来的", "phone": SHARED})
    seen = {
        desk: "想来的" in (await (await shared.client(desk)).page("/desk/questions")).text
        for desk in ("worker", "stranger_worker")
    }
    assert seen == {"worker": False, "stranger_worker": True}
