"""One person with any set of offices, pressing anything at all, brings nothing into the book; each rule taken away lets some in."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.timebank.hands.thief import PAIR_DAY, Thief, told
from timebank.rules.parts import hands
from timebank.rules.parts.hands import Hand, People, Strength

RUNS = int(os.environ.get("THIEF_RUNS", "4"))
STEPS = int(os.environ.get("THIEF_STEPS", "60"))
TRIES = 20
FIRST = int(os.environ.get("THIEF_FIRST", "1"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
async def test_one_person_alone_brings_no_minute_into_the_book(scene: Any, seed: int) -> None:
    thief = await Thief.at(scene, seed)
    await thief.work(steps=STEPS)
    assert thief.minutes == 0, "\n".join([str(thief.offices), str(thief.done), *await told(thief)])


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
async def test_two_who_conspire_bring_in_what_a_pair_may(scene: Any, seed: int) -> None:
    thief = await Thief.at(scene, seed, two=True)
    await thief.work(steps=STEPS)
    assert max(thief.days.values()) <= PAIR_DAY, (thief.offices, thief.days, thief.done)


def _two(_entries: Any, _words: Any, _people: Any) -> Strength:
    return Strength(level=2)


def _together(entries: Any, words: Any, people: People) -> Strength:
    """All that was said at once, so that an honest arrival covers what the thief typed."""
    every = [*entries, *words]
    known = {uid for one in every for uid in hands.anybody(one, people)}
    alone = any(all(hands.could({one}, hand, people) for hand in every) for one in known)
    return Strength(level=1 if alone else 2)


def _nobody_behind(_people: People, _via: str) -> frozenset[Hand]:
    return frozenset()


def _each_alone(_people: People, uid: str) -> str:
    return uid


TAKEN_AWAY: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "one hand waits": (hands, "strength", _two),
    "each entry by itself": (hands, "strength", _together),
    "who gave a sign-in could use it": (People, "backs", _nobody_behind),
    "a household is one person": (People, "home", _each_alone),
}


@pytest.mark.parametrize("rule", TAKEN_AWAY)
async def test_without_the_rule_one_person_is_enough(
    scene: Any, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What finds nothing in the app finds something in each broken twin of it."""
    monkeypatch.setattr(*TAKEN_AWAY[rule])
    await _some_bring_more_than(scene, 0, two=False)


async def test_without_the_bound_two_bring_in_more(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "_over", lambda *_asked: False)
    await _some_bring_more_than(scene, PAIR_DAY, two=True)


async def _some_bring_more_than(scene: Any, minutes: int, *, two: bool) -> None:
    before = 0
    for seed in range(1, TRIES + 1):
        thief = await Thief.at(scene, seed, two=two)
        await thief.work(steps=150)
        if thief.minutes - before > minutes:
            return
        before = thief.minutes
    raise AssertionError(f"{TRIES} tries found no more than {minutes} minutes")
