"""One person with any set of offices, pressing anything at all, brings nothing into the book; each rule taken away lets some in."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.timebank.hands.thief import Thief, told

RUNS = int(os.environ.get("THIEF_RUNS", "4"))
STEPS = int(os.environ.get("THIEF_STEPS", "60"))
FIRST = int(os.environ.get("THIEF_FIRST", "1"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
async def test_one_person_alone_brings_no_minute_into_the_book(scene: Any, seed: int) -> None:
    thief = await Thief.at(scene, seed)
    await thief.work(steps=STEPS)
    assert thief.minutes == 0, "\n".join([str(thief.offices), str(thief.done), *await told(thief)])
