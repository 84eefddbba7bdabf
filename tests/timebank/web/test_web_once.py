"""An answer to an Idempotency-Key is kept for ever: it is given again word for word, also when it was kept long ago."""

from __future__ import annotations

import json

import pytest

from tests.timebank.conftest import Town
from timebank.access import Actor
from timebank.errors import KeyReused
from timebank.help.hours.giving import Given
from timebank.help.services.pages.schemas import AttendanceOut
from timebank.web.once import Made, fingerprint, once

DONATED = Given(transfer="T1", minutes=15, minutes_left=45)
OLD_ATTENDANCE = {
    "uid": "A1", "service": "S1", "member": "M1", "state": "posted", "checked_in_at": "2026-11-24T01:00:00+00:00",
    "checked_out_at": None, "evidence": "", "minutes_served": 60, "minutes_credited": 60, "transfer_uid": "T1",
}  # fmt: skip


class Counted:
    """Donates and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> Given:
        self.times += 1
        return DONATED


async def kept(town: Town, actor: Actor, key: str, body: object) -> None:
    """An answer as the first release kept it."""
    await town.ctx.engine.execute(
        "INSERT INTO tb_request_key (key, actor, fingerprint, status, body, made_at) VALUES (?, ?, ?, 200, ?, ?)",
        [key, actor.uid, fingerprint("Old", {}), json.dumps(body), town.ctx.now()],
    )


async def test_the_same_key_gets_the_first_answer_and_nothing_happens_twice(town: Town) -> None:
    actor, run = await town.actor("volunteer"), Counted()
    for _ in range(2):
        answer = await once(
            town.ctx, actor, "k1", operation="Donate", body={"minutes": 15}, kind=Given, run=run
        )
        assert answer == DONATED
    assert run.times == 1


async def test_the_same_key_with_another_request_is_refused(town: Town) -> None:
    actor, run = await town.actor("volunteer"), Counted()
    await once(town.ctx, actor, "k1", operation="Donate", body={"minutes": 15}, kind=Given, run=run)
    with pytest.raises(KeyReused):
        await once(town.ctx, actor, "k1", operation="Donate", body={"minutes": 16}, kind=Given, run=run)


@pytest.mark.parametrize("name", ["key", "service", "uid"])
async def test_what_a_page_made_is_read_under_each_name_it_was_kept_by(town: Town, name: str) -> None:
    actor = await town.actor("elder")
    await kept(town, actor, "old", {name: "N1"})

    async def run() -> Made:
        raise AssertionError("it was done before")

    made = await once(town.ctx, actor, "old", operation="Old", body={}, kind=Made, run=run)
    assert made.uid == "N1"


async def test_an_attendance_told_before_is_told_again(town: Town) -> None:
    actor = await town.actor("elder")
    await kept(town, actor, "old", OLD_ATTENDANCE)

    async def run() -> AttendanceOut:
        raise AssertionError("it was done before")

    told = await once(town.ctx, actor, "old", operation="Old", body={}, kind=AttendanceOut, run=run)
    assert (told.state, told.evidence, told.checked_out_at) == ("posted", "", None)
