"""Another telephone, a new paper, a lost one: by oneself with password and proof, or by two others; never by one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.timebank.conftest import Browser, Town
from tests.timebank.second import (
    PASSWORD,
    RealTown,
    Telephone,
    by_password,
    codes_on,
    enrolled,
    key_on,
    later,
    real,
    with_password,
)
from timebank.community import relating
from timebank.community.staff import flow, telephones
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store.identity import second_factors, sessions
from timebank.store.oversight import audit


@pytest.fixture
async def office(town: Town) -> AsyncIterator[RealTown]:
    office = real(town)
    await with_password(office, "worker", "chen")
    try:
        yield office
    finally:
        await office.close()


async def _signed_in(office: RealTown) -> tuple[Browser, Telephone, list[str]]:
    browser = await office.stranger()
    phone, codes = await enrolled(office, browser, "chen")
    later(office, minutes=1)
    return browser, phone, codes


async def test_a_new_paper_takes_the_password_and_ends_the_old_one(office: RealTown) -> None:
    browser, _phone, old = await _signed_in(office)
    refused = await browser.submit("/second-factor/codes", {"password": "guessed-it-1984"})
    assert (refused.status_code, codes_on(refused)) == (422, [])
    new = codes_on(await browser.submit("/second-factor/codes", {"password": PASSWORD}))
    assert len(new) == 10
    assert not set(new) & set(old)
    other = await office.stranger()
    await by_password(other, "chen")
    assert (await other.submit("/sign-in/second", {"code": old[0]})).status_code == 422
    assert (await other.submit("/sign-in/second", {"code": new[0]})).url.path == "/desk"


async def test_guessing_ones_password_at_an_unlocked_screen_is_slowed_down(office: RealTown) -> None:
    browser, _phone, _codes = await _signed_in(office)
    guesses = [await browser.submit("/second-factor/codes", {"password": f"guess-{n}"}) for n in range(8)]
    assert [one.status_code for one in guesses][-1] == 429
    assert (await browser.submit("/second-factor/codes", {"password": PASSWORD})).status_code == 429


async def test_another_telephone_takes_the_password_and_the_present_one_and_ends_other_sign_ins(
    office: RealTown,
) -> None:
    browser, phone, codes = await _signed_in(office)
    elsewhere = await office.stranger()
    await by_password(elsewhere, "chen")
    await elsewhere.submit("/sign-in/second", {"code": phone.shows()})
    assert (await elsewhere.get("/desk")).status_code == 200

    without = await browser.submit("/second-factor/telephone", {"password": PASSWORD, "proof": "000000"})
    assert without.status_code == 422
    assert (await browser.page("/second-factor/telephone")).url.path == "/second-factor"
    page = await browser.submit("/second-factor/telephone", {"password": PASSWORD, "proof": codes[0]})
    new = Telephone(office, key_on(page))
    assert new.key != phone.key
    done = await browser.submit("/second-factor/telephone/confirm", {"code": new.shows()})
    assert len(codes_on(done)) == 10
    assert (await browser.get("/desk")).status_code == 200
    assert (await elsewhere.get("/desk")).status_code == 401

    later(office, minutes=1)
    await by_password(elsewhere, "chen")
    assert (await elsewhere.submit("/sign-in/second", {"code": phone.shows()})).status_code == 422
    assert (await elsewhere.submit("/sign-in/second", {"code": new.shows()})).url.path == "/desk"


async def test_one_colleague_alone_ends_nobodys_telephone(office: RealTown) -> None:
    browser, _phone, _codes = await _signed_in(office)
    ctx, owner = office.ctx, office.uids["worker"]
    first = await office.actor("worker2")
    with pytest.raises(telephones.NotAskedYet):
        await telephones.approve(ctx, first, member_uid=owner)
    await telephones.ask(ctx, first, member_uid=owner)
    with pytest.raises(SecondPerson):
        await telephones.approve(ctx, first, member_uid=owner)
    with pytest.raises(flow.NotForOneself):
        await telephones.approve(ctx, await office.actor("worker"), member_uid=owner)
    assert (await browser.get("/desk")).status_code == 200
    # It turned up: nothing was lost.
    await telephones.drop(ctx, first, member_uid=owner)
    with pytest.raises(telephones.NotAskedYet):
        await telephones.drop(ctx, first, member_uid=owner)


async def _third_worker(office: RealTown) -> None:
    await office.ctx.engine.execute(
        "UPDATE tb_relationship SET kind = 'worker' WHERE holder_member = ? AND kind = 'auditor'",
        [office.uids["auditor"]],
    )


async def test_two_colleagues_end_a_lost_one_with_every_sign_in_and_the_next_sign_in_sets_up_anew(
    office: RealTown,
) -> None:
    browser, phone, codes = await _signed_in(office)
    await _third_worker(office)
    ctx, owner = office.ctx, office.uids["worker"]
    await telephones.ask(ctx, await office.actor("worker2"), member_uid=owner)
    await telephones.approve(ctx, await office.actor("auditor"), member_uid=owner)
    assert (await browser.get("/desk")).status_code == 401
    assert await second_factors.codes_left(ctx.engine, owner) == 0
    page = await by_password(browser, "chen")
    assert page.url.path == "/sign-in/enrol"
    assert key_on(page) != phone.key
    assert codes
    lines = [one.action for one in await audit.about(ctx.engine, "dongqu", owner)]
    assert lines[-2:] == ["ask_new_telephone", "end_second_factor"]


async def test_who_asked_does_not_approve_under_a_colleagues_name_by_a_password_of_her_own_making(
    office: RealTown,
) -> None:
    await _signed_in(office)
    await _third_worker(office)
    ctx, first = office.ctx, await office.actor("worker2")
    await telephones.ask(ctx, first, member_uid=office.uids["worker"])
    await flow.give_password(
        ctx, first, member_uid=office.uids["auditor"], login="books", password="made-up-by-her", action="reset_account"
    )  # fmt: skip
    thief = await office.stranger()
    await enrolled(office, thief, "books", "made-up-by-her")
    answer = await thief.submit(f"/desk/staff/{office.uids['worker']}/telephone/approve")
    assert "不能" in answer.text or "另一位" in answer.text
    assert await second_factors.second_factor(ctx.engine, office.uids["worker"]) is not None


async def test_the_operator_ends_a_lost_one_where_one_works_alone(office: RealTown) -> None:
    await _signed_in(office)
    operator = relating.operator("dongqu")
    await telephones.end_by_operator(office.ctx, operator, member_uid=office.uids["worker"])
    with pytest.raises(telephones.NoTelephone):
        await telephones.end_by_operator(office.ctx, operator, member_uid=office.uids["worker"])


async def test_a_new_password_from_a_colleague_does_not_get_past_the_telephone(office: RealTown) -> None:
    await _signed_in(office)
    made = await flow.reset_account(
        office.ctx, await office.actor("worker2"), member_uid=office.uids["worker"]
    )
    thief = await office.stranger()
    assert (await by_password(thief, "chen", made)).url.path == "/sign-in/second"
    assert (await thief.get("/desk")).status_code == 401


async def test_the_list_of_staff_says_who_has_no_telephone_and_who_waits_for_another(
    office: RealTown,
) -> None:
    browser, _phone, _codes = await _signed_in(office)
    await with_password(office, "worker2", "lin")
    assert "还没认手机" in (await browser.page("/desk/staff")).text
    colleague = await office.stranger()
    await enrolled(office, colleague, "lin")
    assert "还没认手机" not in (await browser.page("/desk/staff")).text
    asked = await colleague.submit(f"/desk/staff/{office.uids['worker']}/telephone")
    assert "等另一位同事批准" in asked.text
    page = await browser.page("/desk/staff")
    assert "换手机，等另一位批准" in page.text
    # Neither the owner nor who asked gets the button.
    assert "telephone/approve" not in page.text
    assert "telephone/approve" not in (await colleague.page("/desk/staff")).text


async def test_leaving_the_desk_ends_the_telephone_too(office: RealTown) -> None:
    await _signed_in(office)
    async with office.ctx.engine.atomic():
        await sessions.end_login(office.ctx.engine, office.uids["worker"])
    assert await second_factors.second_factor(office.ctx.engine, office.uids["worker"]) is None
