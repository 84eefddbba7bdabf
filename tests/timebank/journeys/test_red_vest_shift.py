"""A red-vest Tuesday of twelve through the API: roll-call, one who leaves early, a walk-up, one word, twelve passbooks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from ledger.books import compare, load, row_of, write_book
from tests.timebank.settling import hold, settle
from timebank.community.relating import organisation
from timebank.context import issuing_account, member_account
from timebank.help.hours.books import book_data
from timebank.help.services import flow
from timebank.rules.parts.attendance import Kind, Service
from timebank.store.help import services

SIGNED_UP = 11


async def gathered(town: Any) -> tuple[Service, dict[str, str]]:
    """A shift of three hours that begins now, with eleven red vests signed up; attendance uid by member."""
    ctx = town.ctx
    async with ctx.engine.atomic():
        starts_at = ctx.now()
        shift = Service(
            uid=ctx.ids.uid("S"), community="dongqu", kind=Kind.SHIFT, title="周二“红马甲”在行动", team="red-vests",
            lead=town.uids["leader"], place="社区小广场", starts_at=starts_at, ends_at=starts_at + timedelta(hours=3),
            capacity=12,
        )  # fmt: skip
        await services.add_service(ctx, shift, created_by=town.uids["worker"])
        people = [
            await settle(ctx, "dongqu", f"红马甲{number}", gives=True) for number in range(SIGNED_UP - 1)
        ]
        parts = {}
        for member in [town.uids["leader"], *people]:
            await hold(ctx, "dongqu", "team_member", member, organisation("red-vests"))
            parts[member] = (await flow.join(ctx, await town.actor("worker"), shift, member)).uid
    return shift, parts


async def test_a_shift_of_twelve_from_roll_call_to_twelve_passbooks(town: Any) -> None:
    shift, parts = await gathered(town)
    leader, worker = await town.client("leader"), await town.client("worker")
    uids = list(parts)

    # Twelve come: eleven who signed up, and one who walks by and has no account.
    for member in uids:
        answer = await leader.post(f"/api/attendances/{parts[member]}/tick")
        assert answer.status_code == 200, answer.text
    walk_up = await leader.post(f"/api/services/{shift.uid}/walk-ups", json={"name": "王阿姨"})
    assert walk_up.status_code == 200, walk_up.text

    # One leaves at ten; the leader calls it a day at half past eleven.
    town.ctx.clock.now = shift.starts_at + timedelta(minutes=90)
    early = uids[3]
    assert (await leader.post(f"/api/attendances/{parts[early]}/check-out", json={})).status_code == 200
    town.ctx.clock.now = shift.ends_at
    closed = await leader.post(f"/api/services/{shift.uid}/close", json={"absent_known": True})
    assert closed.status_code == 200, closed.text

    # The leader called the roll and may not confirm the leader; the desk is the second hand of all twelve by one word, sent
    # twice from a poor line.
    own = await leader.post(f"/api/attendances/{parts[town.uids['leader']]}/confirm")
    assert own.status_code == 403
    send = [
        worker.post(f"/api/services/{shift.uid}/confirm", headers={"Idempotency-Key": "tuesday-24"})
        for _ in "12"
    ]
    first, second = await asyncio.gather(*send)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()

    balances = await town.ctx.book("dongqu").balances()
    earned = {member: balances[member_account(member), "MIN"].balance for member in uids}
    assert earned.pop(early) == 90
    assert set(earned.values()) == {180}
    came = {part.member: part for part in await services.attendances(town.ctx.engine, shift.uid)}
    assert len(came) == 12
    stranger = (set(came) - set(uids)).pop()
    assert balances[member_account(stranger), "MIN"].balance > 0
    assert sum(balance.balance for (_, commodity), balance in balances.items() if commodity == "MIN") == 0
    assert balances[issuing_account("dongqu"), "MIN"].balance == -sum(
        part.minutes_credited for part in came.values()
    )

    # The book of the month loads without an error and says the same, row for row.
    data = await book_data(town.ctx, "dongqu")
    stored = [entry async for block in town.ctx.book("dongqu").journal() for entry in block]
    assert list(compare([row_of(entry) for entry in stored], load(write_book(data)))) == []
    assert await town.ctx.book("dongqu").verify() == []


async def test_the_same_key_for_another_shift_is_refused(town: Any) -> None:
    worker = await town.client("worker")
    shift, parts = await gathered(town)
    for uid in parts.values():
        await worker.post(f"/api/attendances/{uid}/tick")
    town.ctx.clock.now = shift.ends_at
    await worker.post(f"/api/services/{shift.uid}/close", json={"absent_known": True})
    key = {"Idempotency-Key": "once"}
    assert (await worker.post(f"/api/services/{shift.uid}/confirm", headers=key)).status_code == 200
    answer = await worker.post("/api/services/SANOTHER1/confirm", headers=key)
    assert answer.status_code == 422
    assert answer.json()["code"] == "key_reused"
