"""Any order of presses by anybody: all pages tell the same truth, and every promise ends in a word; six broken versions are caught."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from tests.timebank.promises.machine import Untrue, run
from timebank.help.posting import paying
from timebank.help.services.keeping import waiting
from timebank.policy import Grade
from timebank.rules.parts import promises as standings
from timebank.rules.parts import statements as rules
from timebank.rules.parts.attendance import State
from timebank.rules.parts.hands import Ruling, Strength

RUNS = int(os.environ.get("PROMISE_RUNS", "6"))
STEPS = int(os.environ.get("PROMISE_STEPS", "14"))
FIRST = int(os.environ.get("PROMISE_FIRST", "1"))


@pytest.mark.parametrize("kind", ["visit", "shift"])
async def test_all_pages_tell_the_same_truth_and_every_promise_ends_in_a_word(scene: Any, kind: str) -> None:
    pressed: set[str] = set()
    for seed in range(FIRST, FIRST + RUNS):
        machine = await run(scene, seed, steps=STEPS, kind=kind)
        pressed |= {one.split(":")[-1] for one in machine.done}
    assert len(pressed) >= 6, pressed


async def _is_caught(scene: Any, *, kind: str = "visit", runs: int = 12) -> None:
    with pytest.raises(Untrue):
        await _run_all(scene, kind, runs)


async def _run_all(scene: Any, kind: str, runs: int) -> None:
    for seed in range(100, 100 + runs):
        await run(scene, seed, steps=STEPS, kind=kind)


async def test_a_cancelling_that_is_not_shown_is_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standings, "_own_end", lambda service, part: None)
    await _is_caught(scene)


async def test_a_silence_that_never_ends_is_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "GIVEN_UP", {})
    await _is_caught(scene)


async def test_hours_posted_by_one_hand_are_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fold = rules.fold

    def own_word(part: Any, said: Any, **known: Any) -> Any:
        found = fold(part, said, **known)
        if found.state is State.CHECKED_OUT:
            word = {"confirmed_by": part.member, "confirmed_at": found.checked_out_at}
            return replace(found, state=State.CONFIRMED, rests_until=found.checked_out_at, **word)
        return found

    async def anybody_counts(*_facts: Any) -> Ruling:
        return Ruling(waits=None, strength=Strength(level=2), grade=Grade.C)

    monkeypatch.setattr("timebank.community.saying.judge", anybody_counts)
    monkeypatch.setattr("timebank.community.saying.fold", own_word)
    monkeypatch.setattr("tests.timebank.promises.machine.fold", own_word)
    await _is_caught(scene)


async def test_hours_posted_twice_are_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pay = paying._pay

    async def twice(ctx: Any, part: Any, service: Any, credit: Any) -> str:
        await pay(ctx, replace(part, reversed_uid="again"), service, credit)
        return await pay(ctx, part, service, credit)

    monkeypatch.setattr(paying, "_pay", twice)
    await _is_caught(scene)


async def test_a_contradiction_that_is_ignored_is_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rules, "_state", lambda part: rules._step(part) if not part.posted_at else State.POSTED
    )
    await _is_caught(scene)


async def test_silence_told_as_arranged_is_caught(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        standings, "_expected", lambda service, part, *, now, policy: standings.Standing.ARRANGED
    )
    await _is_caught(scene)
