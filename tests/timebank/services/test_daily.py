"""What comes due without anybody asking is done in one round, twice is once, and one community does not hold up another."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.errors import LedgerRefusal
from tests.timebank.kept_versions import give_rules
from tests.timebank.settling import hold
from tests.timebank.told import told
from timebank.context import issuing_account
from timebank.daily import carry_on, do_what_is_due, every_hour
from timebank.rules.relationships import member
from timebank.store.places import communities as stored
from timebank.store.relations.relationships import relationship

START = date(2026, 1, 1)


async def test_a_round_does_all_that_is_due_and_a_second_one_nothing(scene: Any) -> None:
    ctx, uid = scene.ctx, scene.town.uids
    await give_rules(ctx, "dongqu", (START, "[credit]\nreserve_minutes = 6000\n"))
    standing = await hold(
        ctx, "dongqu", "proxy", uid["volunteer2"], member(uid["volunteer"]), until_on=ctx.today() + timedelta(days=3)
    )  # fmt: skip
    _service, part = await scene.visit()
    await scene.served(part, 60)
    scene.pass_time(16 * 24 * 60)

    done = await do_what_is_due(ctx)
    assert (done.relationships_over, done.given_up, done.accounts_lapsed, done.held_up) == (1, 1, 0, {})
    assert done.bounds_changed >= 1
    kept = await relationship(ctx.engine, standing)
    assert kept is not None
    assert not kept.is_open
    assert await scene.balance("volunteer") == 0

    again = await do_what_is_due(ctx)
    assert (again.relationships_over, again.bounds_changed, again.given_up) == (0, 0, 0)


async def test_two_processes_at_once_let_hours_lapse_once_and_tell_once(scene: Any) -> None:
    ctx, uid = scene.ctx, scene.town.uids["volunteer"]
    await give_rules(ctx, "dongqu", (START, "[expiry]\nmonths = 36\n"))
    await scene.give("volunteer", 100)
    scene.pass_time(40 * 31 * 24 * 60)
    await asyncio.gather(do_what_is_due(ctx), do_what_is_due(ctx))
    assert await scene.balance("volunteer") == 0
    lapsed = await told(ctx.engine, "hours_lapsed")
    assert [one.member for one in lapsed] == [uid]


async def test_a_book_that_refuses_holds_up_its_own_community_only(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = scene.ctx
    for code in ("dongqu", "nanqu"):
        await give_rules(ctx, code, (START, "[credit]\nreserve_minutes = 7000\n"))
    book, real = ctx.book("dongqu"), type(ctx.book("dongqu")).post

    async def refused(self: Any, command: Any, **known: Any) -> Any:
        if self.code == book.code:
            raise LedgerRefusal
        return await real(self, command, **known)

    monkeypatch.setattr(type(book), "post", refused)
    done = await do_what_is_due(ctx)
    assert list(done.held_up) == ["dongqu"]
    assert (await ctx.book("nanqu").balance(issuing_account("nanqu"))).floor == -7_000


async def test_the_server_goes_round_until_it_is_stopped(scene: Any) -> None:
    await give_rules(scene.ctx, "dongqu", (START, "[credit]\nreserve_minutes = 7000\n"))
    rounds = asyncio.create_task(every_hour(scene.ctx, every_s=0))
    book = scene.ctx.book("dongqu")
    async with asyncio.timeout(10):
        while (await book.balance(issuing_account("dongqu"))).floor != -7_000:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    rounds.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rounds


@pytest.mark.parametrize("round_of", ["the hour", "the seconds"])
async def test_a_round_that_fails_for_whatever_reason_is_not_the_last(
    scene: Any, monkeypatch: pytest.MonkeyPatch, round_of: str
) -> None:
    came, real = asyncio.Event(), stored.communities
    failures = iter([RuntimeError("nobody foresaw this"), ConnectionResetError()])

    async def sometimes(engine: Any) -> Any:
        if failing := next(failures, None):
            raise failing
        came.set()
        return await real(engine)

    monkeypatch.setattr(stored, "communities", sometimes)
    going = every_hour if round_of == "the hour" else carry_on
    rounds = asyncio.create_task(going(scene.ctx, every_s=0))
    async with asyncio.timeout(10):
        await came.wait()
    assert not rounds.done()
    rounds.cancel()
    await asyncio.gather(rounds, return_exceptions=True)


async def test_a_round_for_one_community_leaves_the_others_alone(scene: Any) -> None:
    ctx, uid = scene.ctx, scene.town.uids
    ends = ctx.today() + timedelta(days=3)
    standing = {
        "dongqu": await hold(
            ctx, "dongqu", "proxy", uid["volunteer2"], member(uid["volunteer"]), until_on=ends
        ),
        "nanqu": await hold(
            ctx, "nanqu", "proxy", uid["stranger_volunteer"], member(uid["stranger_elder"]), until_on=ends
        ),
    }
    for code in standing:
        await give_rules(ctx, code, (START, "[credit]\nreserve_minutes = 7000\n"))
    scene.pass_time(5 * 24 * 60)

    done = await do_what_is_due(ctx, ["nanqu"])
    open_now = {code: (await relationship(ctx.engine, one)) for code, one in standing.items()}
    assert {code: one.is_open for code, one in open_now.items() if one} == {"dongqu": True, "nanqu": False}
    assert (done.relationships_over, done.bounds_changed) == (1, 1)
    everywhere = await do_what_is_due(ctx)
    assert everywhere.relationships_over == 1
    assert everywhere.bounds_changed >= 1


async def test_who_comes_tomorrow_and_who_waits_are_reminded_once_from_five_in_the_afternoon(
    scene: Any,
) -> None:
    ctx, uid = scene.ctx, scene.town.uids
    await scene.visit(starts_at=ctx.now() + timedelta(days=1))
    await scene.visit(helper="volunteer2", starts_at=ctx.now() + timedelta(days=2))
    await do_what_is_due(ctx)
    assert await told(ctx.engine, "remind_helper") == []
    scene.pass_time(9 * 60)
    for _round in range(2):
        assert (await do_what_is_due(ctx)).services_reminded == 1
    assert [one.member for one in await told(ctx.engine, "remind_helper")] == [uid["volunteer"]]
    assert {one.member for one in await told(ctx.engine, "remind_elder") if not one.matter_of} == {
        uid["elder"]
    }
