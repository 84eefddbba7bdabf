"""Signing in: codes, links, cards, passwords; what is refused, slowed down, and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from timebank.adapters.system import SetClock
from timebank.community import relating
from timebank.community.identity import flow
from timebank.community.relationships import flow as relationships
from timebank.community.staff import flow as staff
from timebank.errors import NotFound, TryLater, WrongCode
from timebank.store.identity import sessions
from timebank.store.oversight import audit_checks


async def a_code(town: Any, who: str = "elder") -> str:
    return await flow.issue_code(town.ctx, await town.actor("worker"), member=town.uids[who], kind="code")


def later(town: Any, **by: float) -> None:
    clock: SetClock = town.ctx.clock
    clock.now += timedelta(**by)


async def test_an_elder_signs_in_with_a_phone_number_and_six_digits(town: Any) -> None:
    code = await a_code(town)
    browser = await town.stranger()
    page = await browser.submit("/sign-in/code", {"who": "199 0000 0101", "code": code})
    assert page.status_code == 200
    assert page.url.path == "/elder"
    assert "王奶奶" in page.text


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("{0} {1}", "199 0000 0101"),  # as the slip shows it
        ("{0}-{1}", "+86 199-0000-0101"),
        ("{0} － {1}", "＋８６１９９０００００１０１"),
        ("　{0}　{1}　", "86 19900000101"),
        ("{0}–{1}", "(+86)19900000101"),
    ],
)
async def test_a_code_is_taken_as_it_is_printed_or_read_out(town: Any, written: str, who: str) -> None:
    code = await a_code(town)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for typed in (code, code.translate(wide)):
        if typed != code:
            code = await a_code(town)
            typed = code.translate(wide)
        browser = await town.stranger()
        data = {"who": who, "code": written.format(typed[:3], typed[3:])}
        page = await browser.submit("/sign-in/code", data)
        assert page.url.path == "/elder", data


async def test_a_code_works_once(town: Any) -> None:
    code = await a_code(town)
    await flow.sign_in_by_code(town.ctx, community="dongqu", who="19900000101", code=code, source="a")
    with pytest.raises(WrongCode):
        await flow.sign_in_by_code(town.ctx, community="dongqu", who="19900000101", code=code, source="a")


async def test_a_code_ends_after_its_minutes(town: Any) -> None:
    code = await a_code(town)
    later(town, minutes=town.ctx.policy_of("dongqu").identity.code_minutes, seconds=1)
    with pytest.raises(WrongCode):
        await flow.sign_in_by_code(town.ctx, community="dongqu", who="19900000101", code=code, source="a")


async def test_somebody_elses_code_does_not_fit(town: Any) -> None:
    code = await a_code(town, "volunteer")
    with pytest.raises(WrongCode):
        await flow.sign_in_by_code(town.ctx, community="dongqu", who="19900000101", code=code, source="a")


async def test_a_thousand_guesses_reach_the_check_a_handful_of_times(town: Any) -> None:
    await a_code(town)
    checked, waits = 0, []
    for guess in range(1000):
        try:
            await flow.sign_in_by_code(
                town.ctx, community="dongqu", who="19900000101", code=f"{guess:06d}", source=f"10.0.0.{guess}"
            )
        except WrongCode:
            checked += 1
        except TryLater as refusal:
            waits.append(refusal.wait_seconds)
        later(town, seconds=0.9)
    assert checked <= 20
    assert min(waits) > 0


async def test_guessing_spends_the_code_but_never_locks_the_elder_out(town: Any) -> None:
    code = await a_code(town)
    for guess in range(5):
        later(town, minutes=1)
        with pytest.raises((WrongCode, TryLater)):
            await flow.sign_in_by_code(
                town.ctx, community="dongqu", who="19900000101", code=f"{guess:06d}", source="attacker"
            )
    later(town, minutes=16)
    assert (
        await flow.sign_in_by_code(
            town.ctx, community="dongqu", who="19900000101", code=await a_code(town), source="home"
        )
    ).token
    assert code


async def test_a_session_id_chosen_by_an_attacker_is_never_adopted(town: Any) -> None:
    code = await a_code(town)
    browser = await town.stranger()
    browser.cookies.set("sid", "chosen-by-an-attacker", domain="127.0.0.1")
    await browser.submit("/sign-in/code", {"who": "19900000101", "code": code})
    attacker = await town.stranger()
    attacker.cookies.set("sid", "chosen-by-an-attacker", domain="127.0.0.1")
    assert (await attacker.page("/elder")).url.path == "/sign-in"


async def test_a_copied_cookie_is_dead_after_sign_out(town: Any) -> None:
    browser = await town.client("elder")
    copied = browser.cookies["sid"]
    assert (await browser.page("/elder")).status_code == 200
    await browser.submit("/sign-out")
    thief = await town.stranger()
    thief.cookies.set("sid", copied, domain="127.0.0.1")
    assert (await thief.page("/elder")).url.path == "/sign-in"


async def test_a_role_taken_away_is_gone_with_the_next_request(town: Any) -> None:
    browser = await town.client("worker")
    assert (await browser.page("/desk")).status_code == 200
    await town.ctx.engine.execute(
        "UPDATE tb_relationship SET state = 'over', open_key = NULL WHERE holder_member = ?",
        [town.uids["worker"]],
    )
    assert (await browser.page("/desk")).status_code == 403


async def test_an_idle_session_ends(town: Any) -> None:
    async with town.ctx.engine.atomic():
        token = await sessions.open_session(
            town.ctx, member=town.uids["worker"], idle_minutes=15, lasts=timedelta(hours=12)
        )
    later(town, minutes=14)
    assert (
        await sessions.find_session(town.ctx.engine, town.ctx.catalogue_of, token, town.ctx.now()) is not None
    )
    later(town, minutes=14)
    assert (
        await sessions.find_session(town.ctx.engine, town.ctx.catalogue_of, token, town.ctx.now()) is not None
    )
    later(town, minutes=16)
    assert await sessions.find_session(town.ctx.engine, town.ctx.catalogue_of, token, town.ctx.now()) is None


async def test_a_worker_signs_in_with_a_password_and_a_wrong_one_says_no_more_than_that(town: Any) -> None:
    await staff.give_password(
        town.ctx, relating.operator("dongqu"), member_uid=town.uids["worker"], login="chen",
        password="a good long one", action="open_account",
    )  # fmt: skip
    browser = await town.stranger()
    wrong = await browser.submit("/sign-in/password", {"login": "chen", "password": "not this one"})
    unknown = await browser.submit("/sign-in/password", {"login": "nobody", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 422
    assert "not this one" not in wrong.text
    right = await browser.submit("/sign-in/password", {"login": "chen", "password": "a good long one"})
    assert right.url.path == "/desk"


async def test_opening_a_link_counts_as_no_try_and_signs_nobody_in_outside_the_demo(town: Any) -> None:
    """An `<img>` on any page opens links; twelve of them once kept a whole address out."""
    stranger = await town.stranger()
    for _turn in range(12):
        assert (await stranger.get("/sign-in/link/x")).status_code == 422
    code = await a_code(town)
    assert (await stranger.submit("/sign-in/code", {"who": "19900000101", "code": code})).status_code == 200
    async with town.ctx.engine.atomic():
        await flow.add_code(town.ctx, member=town.uids["worker"], secret="a-door", kind="link", uses=9)
    assert (await flow.sign_in_by_link(town.ctx, token="a-door")).token
    real = replace(town.ctx, settings=replace(town.ctx.settings, demo=False, secret="0" * 64))
    with pytest.raises(WrongCode):
        await flow.sign_in_by_link(real, token="a-door")


async def test_a_card_signs_nobody_in(town: Any) -> None:
    token = await flow.issue_code(
        town.ctx, await town.actor("worker"), member=town.uids["volunteer"], kind="card"
    )
    browser = await town.stranger()
    assert (await browser.page(f"/sign-in/link/{token}")).url.path == "/k"
    assert (await browser.page("/hours")).url.path.endswith("/sign-in")
    with pytest.raises(WrongCode):
        await flow.sign_in_by_link(town.ctx, token=token)


async def test_a_new_card_ends_the_old_one(town: Any) -> None:
    worker = await town.actor("worker")
    old = await flow.issue_code(town.ctx, worker, member=town.uids["volunteer"], kind="card")
    new = await flow.issue_code(town.ctx, worker, member=town.uids["volunteer"], kind="card")
    with pytest.raises(WrongCode):
        await flow.open_card(town.ctx, token=old)
    await flow.open_card(town.ctx, token=new)


async def test_a_worker_next_door_cannot_issue_codes_here(town: Any) -> None:
    with pytest.raises(NotFound):
        await flow.issue_code(
            town.ctx, await town.actor("stranger_worker"), member=town.uids["elder"], kind="code"
        )


async def test_a_proxy_acts_for_the_elder_until_the_mandate_ends(town: Any) -> None:
    browser = await town.client("proxy")
    page = await browser.submit("/act-for", {"elder": town.uids["elder"]})
    assert page.url.path == "/elder"
    assert "王奶奶" in page.text
    rows = await town.ctx.engine.fetch(
        "SELECT uid FROM tb_relationship WHERE kind = 'proxy' AND to_member = ?", [town.uids["elder"]]
    )
    await relationships.end(town.ctx, await town.actor("worker"), rows[0]["uid"], "mistake")
    assert "王奶奶" not in (await browser.page("/elder")).text
    refused = await browser.submit("/act-for", {"elder": town.uids["elder"]})
    assert refused.status_code in (403, 404)


async def test_nobody_acts_for_an_elder_without_a_mandate(town: Any) -> None:
    browser = await town.client("volunteer")
    assert (await browser.submit("/act-for", {"elder": town.uids["elder"]})).status_code in (403, 404)


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-in"])
async def test_signing_in_never_leads_away_from_the_site(town: Any, path: str) -> None:
    code = await a_code(town)
    browser = await town.stranger()
    answer = await browser.post(
        "/sign-in/code",
        data={"who": "19900000101", "code": code, "next": path},
        headers={"accept": "text/html"},
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


async def test_the_audit_log_is_whole_after_all_this_and_shows_a_changed_line(town: Any) -> None:
    await a_code(town)
    await flow.sign_in_by_code(
        town.ctx, community="dongqu", who="19900000101", code=await a_code(town), source="a"
    )
    assert await audit_checks.problems(town.ctx.engine) == []
    with pytest.raises(Exception, match="audit lines"):
        await town.ctx.engine.execute("UPDATE tb_audit SET actor = 'X' WHERE number = 1")
    await town.ctx.engine.execute("DROP TRIGGER tb_audit_no_update")
    await town.ctx.engine.execute("UPDATE tb_audit SET actor = 'X' WHERE number = 1")
    assert await audit_checks.problems(town.ctx.engine) == [
        "the guard tb_audit_no_update is gone or was changed", "line 1 was changed", "line 1 of dongqu was changed",
    ]  # fmt: skip
