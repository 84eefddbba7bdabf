"""A password alone opens no office: digits of one's own telephone, or a code from one's own paper, each once."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pyotp
import pytest

from tests.timebank.conftest import Town
from tests.timebank.second import (
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
from timebank.access import Role
from timebank.community import second_factor
from timebank.community.identity import flow
from timebank.store.identity import sessions
from timebank.store.oversight import audit

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
async def office(town: Town) -> AsyncIterator[RealTown]:
    """The worker has a password and no telephone yet."""
    office = real(town)
    await with_password(office, "worker", "chen")
    try:
        yield office
    finally:
        await office.close()


async def test_the_first_sign_in_sets_up_a_telephone_and_shows_ten_codes_once(office: RealTown) -> None:
    browser = await office.stranger()
    page = await by_password(browser, "chen")
    assert page.url.path == "/sign-in/enrol"
    # Half signed in is not signed in: nothing else opens, and no digits of another key do.
    assert (await browser.get("/desk")).status_code == 401
    wrong = await browser.submit("/sign-in/enrol", {"code": "000000"})
    assert (wrong.status_code, key_on(wrong)) == (422, key_on(page))
    done = await browser.submit("/sign-in/enrol", {"code": Telephone(office, key_on(page)).shows()})
    assert len(set(codes_on(done))) == 10
    assert "陈社工" in done.text
    assert (await browser.page("/desk")).status_code == 200
    # The page that told the codes is gone, and no other tells them.
    assert not codes_on(await browser.page(str(done.url)))
    assert [one.action for one in await audit.about(office.ctx.engine, "dongqu", office.uids["worker"])][
        -1:
    ] == ["set_second_factor"]


async def test_from_then_on_the_password_asks_for_the_digits_and_each_counts_once(office: RealTown) -> None:
    phone, _codes = await enrolled(office, await office.stranger(), "chen")
    later(office, seconds=30)
    first, second = await office.stranger(), await office.stranger()
    for browser in (first, second):
        assert (await by_password(browser, "chen")).url.path == "/sign-in/second"
    digits = phone.shows()
    assert (await first.submit("/sign-in/second", {"code": digits})).url.path == "/desk"
    again = await second.submit("/sign-in/second", {"code": digits})
    assert again.status_code == 422
    assert (await second.get("/desk")).status_code == 401
    # The digits before them are over as well, the next ones are not.
    before = await second.submit("/sign-in/second", {"code": phone.shows(steps=-1)})
    assert before.status_code == 422
    assert (await second.submit("/sign-in/second", {"code": phone.shows(steps=1)})).url.path == "/desk"


@pytest.mark.parametrize(("steps", "found"), [(-2, None), (-1, -1), (0, 0), (1, 1), (2, None)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(steps: int, found: int | None) -> None:
    at = datetime(2026, 11, 24, 8, 40, 7, tzinfo=UTC)
    now = int(at.timestamp()) // 30
    step = second_factor.step_of(KEY, pyotp.TOTP(KEY).at(at, counter_offset=steps), at)
    assert step == (None if found is None else now + found)


def test_the_digits_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    key = b32encode(b"12345678901234567890").decode()
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert second_factor.step_of(key, digits, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


async def test_the_digits_that_confirmed_the_telephone_do_not_sign_in_a_second_time(office: RealTown) -> None:
    phone, _codes = await enrolled(office, await office.stranger(), "chen")
    browser = await office.stranger()
    await by_password(browser, "chen")
    assert (await browser.submit("/sign-in/second", {"code": phone.shows()})).status_code == 422


async def test_a_code_from_the_paper_stands_in_once_and_says_how_many_are_left(office: RealTown) -> None:
    _phone, codes = await enrolled(office, await office.stranger(), "chen")
    browser = await office.stranger()
    await by_password(browser, "chen")
    page = await browser.submit(
        "/sign-in/second", {"code": codes[3].upper().replace("-", " ").replace("0", "O").replace("1", "I")}
    )
    assert page.url.path == "/desk"
    assert "还剩 9 个" in page.text
    other = await office.stranger()
    await by_password(other, "chen")
    assert (await other.submit("/sign-in/second", {"code": codes[3]})).status_code == 422


async def test_half_a_sign_in_ends_after_a_quarter_of_an_hour(office: RealTown) -> None:
    browser = await office.stranger()
    await by_password(browser, "chen")
    later(office, minutes=16)
    assert (await browser.page("/sign-in/enrol")).url.path.endswith("/sign-in")


async def test_nobody_comes_to_the_second_step_without_a_password(office: RealTown) -> None:
    for path in ("/sign-in/second", "/sign-in/enrol"):
        browser = await office.stranger()
        assert (await browser.page(path)).url.path.endswith("/sign-in")
        assert (await browser.submit(path, {"code": "123456"})).url.path.endswith("/sign-in")


async def test_a_second_half_open_browser_sets_up_nothing_once_a_telephone_counts(office: RealTown) -> None:
    """Whoever learned the first password and waited with a key of their own comes too late."""
    thief = await office.stranger()
    key = key_on(await by_password(thief, "chen"))
    await enrolled(office, await office.stranger(), "chen")
    late = await thief.submit("/sign-in/enrol", {"code": Telephone(office, key).shows()})
    assert late.url.path.endswith("/sign-in")
    assert (await thief.get("/desk")).status_code == 401


async def test_the_database_alone_makes_no_digits(office: RealTown) -> None:
    phone, codes = await enrolled(office, await office.stranger(), "chen")
    kept = ""
    for table in ("tb_second_factor", "tb_recovery_code", "tb_session", "tb_audit", "tb_draft"):
        kept += str(await office.ctx.engine.fetch(f"SELECT * FROM {table}"))
    assert phone.key not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


async def test_a_code_read_out_opens_no_office_even_for_who_holds_one_by_now(office: RealTown) -> None:
    """Somebody signs in as a neighbour and becomes a colleague the next day: that sign-in stays a neighbour's."""
    ctx = office.ctx
    code = await flow.issue_code(
        ctx, await office.actor("worker"), member=office.uids["volunteer"], kind="code"
    )
    browser = await office.stranger()
    await browser.submit("/sign-in/code", {"who": "021", "code": code})
    assert (await browser.page("/volunteer")).url.path == "/volunteer"
    assert await sessions.seen_since(ctx.engine, office.uids["volunteer"], ctx.now())
    await ctx.engine.execute(
        "UPDATE tb_relationship SET holder_member = ? WHERE holder_member = ? AND kind = 'worker'",
        [office.uids["volunteer"], office.uids["worker2"]],
    )
    assert (await office.actor("volunteer")).has(Role.WORKER)
    assert (await browser.get("/desk")).status_code == 403


async def test_a_community_may_do_without_and_whoever_set_one_up_still_uses_it(office: RealTown) -> None:
    phone, _codes = await enrolled(office, await office.stranger(), "chen")
    await with_password(office, "worker2", "lin")
    policies = office.ctx.policies
    for held in policies._held.values():
        held.rules = [
            replace(
                one,
                policy=replace(one.policy, identity=replace(one.policy.identity, second_factor=False)),
            )
            for one in held.rules
        ]
    policies.default = replace(
        policies.default, identity=replace(policies.default.identity, second_factor=False)
    )
    later(office, minutes=1)
    assert (await by_password(await office.stranger(), "lin")).url.path == "/desk"
    browser = await office.stranger()
    assert (await by_password(browser, "chen")).url.path == "/sign-in/second"
    assert (await browser.submit("/sign-in/second", {"code": phone.shows()})).url.path == "/desk"
