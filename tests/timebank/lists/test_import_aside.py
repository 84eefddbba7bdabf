"""Reading in a thread makes the interpreter's turns short, and gives their length back when the last reading ends."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from timebank.help.imports.aside import SHORT_TURN_S, aside


async def test_turns_are_short_while_a_thread_reads_and_as_before_afterwards() -> None:
    before = sys.getswitchinterval()
    assert await aside(sys.getswitchinterval) == pytest.approx(SHORT_TURN_S)
    assert sys.getswitchinterval() == pytest.approx(before)


async def test_of_several_readings_the_last_one_gives_the_turns_back() -> None:
    before, first_ends, second_ends = sys.getswitchinterval(), threading.Event(), threading.Event()
    first = asyncio.create_task(aside(first_ends.wait, 5))
    second = asyncio.create_task(aside(second_ends.wait, 5))
    await asyncio.sleep(0)
    first_ends.set()
    await first
    assert sys.getswitchinterval() == pytest.approx(SHORT_TURN_S)
    second_ends.set()
    await second
    assert sys.getswitchinterval() == pytest.approx(before)


async def test_a_reading_that_fails_gives_them_back_too() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 1, 0)
    assert sys.getswitchinterval() == pytest.approx(before)
