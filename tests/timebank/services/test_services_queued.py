"""Presses that a phone made without a network: taken once, at the time they happened, refused ones apart from the others."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.timebank.conftest import TUESDAY, Browser, Town
from tests.timebank.services.conftest import Scene
from timebank.adapters.system import SetClock
from timebank.rules.parts.attendance import State
from timebank.store.channels import queue
from timebank.store.help import services
from timebank.web.receipts import receipt_word
from timebank.web.tokens import issued


def at(town: Town, moment: datetime) -> None:
    assert isinstance(town.ctx.clock, SetClock)
    town.ctx.clock.now = moment


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def an_id(number: int) -> str:
    return str(UUID(int=number))


class Phone:
    """A phone without a network, whose clock is `wrong` by so much; its steady clock counts from 8:00."""

    def __init__(self, town: Town, who: str, browser: Browser, wrong: timedelta = timedelta()) -> None:
        self.town, self.browser, self.wrong = town, browser, wrong
        self.page = issued(town.ctx.settings, town.uids[who], town.ctx.now())
        self.made = 0

    def press(self, op: str, pressed: datetime, **said: Any) -> dict[str, Any]:
        self.made += 1
        return {
            "id": an_id(self.made), "op": op, "page": self.page, "said": millis(pressed + self.wrong),
            "steady": millis(pressed) - millis(TUESDAY), "boot": "b", "skew": -millis(self.wrong + TUESDAY) + millis(TUESDAY),
            **said,
        }  # fmt: skip

    async def send(self, press: dict[str, Any], **changed: Any) -> Any:
        now = self.town.ctx.now()
        body = {
            **press, "sent_said": millis(now + self.wrong), "sent_steady": millis(now) - millis(TUESDAY), "sent_boot": "b",
            **changed,
        }  # fmt: skip
        return await self.browser.post("/queue", json=body, headers={"accept": "application/json"})


async def shift_of(town: Town) -> tuple[str, dict[str, str]]:
    """A shift of the red vests today, 8:30 to 11:30, and the parts of who is signed up, by role."""
    scene = Scene(town)
    service = await scene.shift("volunteer", "volunteer2", starts_at=TUESDAY - timedelta(minutes=10))
    return service.uid, {who: (await scene.part(service, who)).uid for who in ("volunteer", "volunteer2")}


async def test_a_tick_sent_an_hour_later_counts_from_the_press(town: Town) -> None:
    uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    press = phone.press("tick", TUESDAY + timedelta(minutes=2), part=parts["volunteer"])
    at(town, TUESDAY + timedelta(hours=1))
    answer = await phone.send(press)
    assert answer.json()["state"] == "done", answer.text
    part = await services.attendance(town.ctx.engine, parts["volunteer"])
    assert part is not None
    assert part.state is State.CHECKED_IN
    assert part.checked_in_at == TUESDAY + timedelta(minutes=2)
    kept = await queue.press(town.ctx.engine, press["id"])
    assert kept is not None
    assert (kept.service, kept.receipt, kept.received_at) == (
        uid, receipt_word(press["id"]), TUESDAY + timedelta(hours=1),
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [timedelta(hours=-8), timedelta(minutes=-7), timedelta(days=400)])
async def test_a_phone_whose_clock_is_wrong_tells_the_right_time(town: Town, wrong: timedelta) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"), wrong)
    press = phone.press("tick", TUESDAY + timedelta(minutes=5), part=parts["volunteer"])
    at(town, TUESDAY + timedelta(minutes=50))
    assert (await phone.send(press)).json()["state"] == "done"
    part = await services.attendance(town.ctx.engine, parts["volunteer"])
    assert part is not None
    assert part.checked_in_at == TUESDAY + timedelta(minutes=5)


async def test_a_clock_that_was_moved_is_asked_about_and_changes_nothing(town: Town) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    press = phone.press("tick", TUESDAY, part=parts["volunteer"])
    at(town, TUESDAY + timedelta(hours=1))
    answer = await phone.send(press, sent_said=millis(TUESDAY + timedelta(hours=3)))
    assert answer.json()["state"] == "asked"
    assert "时间对不上" in answer.json()["zh"]
    part = await services.attendance(town.ctx.engine, parts["volunteer"])
    assert part is not None
    assert part.state is State.SIGNED_UP


async def test_a_press_sent_twice_or_at_once_from_two_tabs_is_one(town: Town) -> None:
    uid, _parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    press = phone.press("walk_up", TUESDAY, service=uid, name="新来的", first_time=True)
    at(town, TUESDAY + timedelta(minutes=20))
    await phone.browser.get("/sign-in")
    token = phone.browser.token
    headers = {"accept": "application/json", "x-csrftoken": token}
    body = {
        **press, "sent_said": millis(town.ctx.now()), "sent_steady": 20 * 60_000, "sent_boot": "b",
    }  # fmt: skip
    answers = await asyncio.gather(
        *(phone.browser.post("/queue", json=body, headers=headers) for _ in range(3))
    )
    assert {one.json()["state"] for one in answers} == {"done"}
    assert len({one.json()["part"] for one in answers}) == 1
    parts = await services.attendances(town.ctx.engine, uid)
    assert sum(part.state is State.CHECKED_IN for part in parts) == 1


async def test_a_refused_press_does_not_hold_up_the_next(town: Town) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    wrong = phone.press("untick", TUESDAY, part=parts["volunteer"])
    right = phone.press("tick", TUESDAY + timedelta(minutes=1), part=parts["volunteer2"])
    at(town, TUESDAY + timedelta(minutes=10))
    refused = (await phone.send(wrong)).json()
    assert refused["state"] == "refused"
    assert refused["zh"]
    assert refused["en"]
    assert (await phone.send(right)).json()["state"] == "done"
    assert (await phone.send(wrong)).json() == refused


async def test_what_somebody_walked_up_without_a_network_did_later_finds_them(town: Town) -> None:
    uid, _parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    came = phone.press("walk_up", TUESDAY, service=uid, name="新来的", first_time=True)
    went = phone.press("leave_for", TUESDAY + timedelta(minutes=50), part=came["id"])
    at(town, TUESDAY + timedelta(hours=2))
    made = (await phone.send(came)).json()
    left = (await phone.send(went)).json()
    assert (left["state"], left["part"]) == ("done", made["part"])
    part = await services.attendance(town.ctx.engine, made["part"])
    assert part is not None
    assert part.checked_out_at == TUESDAY + timedelta(minutes=50)


async def test_more_than_a_day_and_a_half_after_the_end_it_is_for_the_paper(town: Town) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    press = phone.press("tick", TUESDAY, part=parts["volunteer"])
    at(town, TUESDAY.replace(hour=11, minute=30) + timedelta(hours=36, minutes=1))
    phone.browser = await town.client("leader")
    answer = (await phone.send(press)).json()
    assert answer["state"] == "refused"
    assert "照纸上的补记" in answer["zh"]


async def test_a_queue_is_sent_by_whoever_pressed_and_by_nobody_else(town: Town) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    press = phone.press("tick", TUESDAY, part=parts["volunteer"])
    other = Phone(town, "leader", await town.client("volunteer2"))
    assert (await other.send(press)).status_code == 401
    gone = Phone(town, "leader", await town.stranger())
    assert (await gone.send(press)).status_code in (401, 403)
    forged = {**press, "page": press["page"][:-1] + ("0" if press["page"][-1] != "0" else "1")}
    assert (await phone.send(forged)).status_code == 401
    await phone.send(press)
    thief = Phone(town, "volunteer2", await town.client("volunteer2"))
    assert (await thief.send({**press, "page": thief.page})).status_code == 404


async def test_a_volunteer_arrives_and_leaves_from_the_queue(town: Town) -> None:
    _uid, parts = await shift_of(town)
    phone = Phone(town, "volunteer", await town.client("volunteer"))
    came = phone.press("arrive", TUESDAY, part=parts["volunteer"])
    went = phone.press("leave", TUESDAY + timedelta(minutes=90), part=parts["volunteer"])
    at(town, TUESDAY + timedelta(hours=4))
    for press in (came, went):
        assert (await phone.send(press)).json()["state"] == "done"
    part = await services.attendance(town.ctx.engine, parts["volunteer"])
    assert part is not None
    assert part.minutes_served == 90


async def test_a_shift_is_closed_from_the_queue_after_its_ticks(town: Town) -> None:
    uid, parts = await shift_of(town)
    phone = Phone(town, "leader", await town.client("leader"))
    pressed = [
        phone.press("tick", TUESDAY, part=parts["volunteer"]),
        phone.press("close", TUESDAY.replace(hour=11, minute=31), service=uid, at="11:30", absent=True),
    ]
    at(town, TUESDAY.replace(hour=12))
    assert [(await phone.send(press)).json()["state"] for press in pressed] == ["done", "done"]
    states = {part.uid: part.state for part in await services.attendances(town.ctx.engine, uid)}
    assert states[parts["volunteer"]] is State.CHECKED_OUT
    assert states[parts["volunteer2"]] is State.NO_SHOW
