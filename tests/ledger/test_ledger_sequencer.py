"""Posts that arrive together go together, and one post's trouble stays its own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.store.sequencer import GROUP, Sequencer

AT = datetime(2026, 11, 20, tzinfo=UTC)


class Recorder:
    """A store that notes its groups, takes a moment for each, and stumbles over the word "bad"."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []

    async def post_group(self, requests: Any) -> Any:
        self.groups.append([command for command, _ in requests])
        await asyncio.sleep(0.001)
        if any(command == "bad" for command, _ in requests):
            raise RuntimeError("stumbled")
        return [command.upper() for command, _ in requests]


async def test_what_arrives_while_a_group_is_written_makes_up_the_next_group() -> None:
    recorder = Recorder()
    sequencer: Any = Sequencer(recorder.post_group)
    answers = await asyncio.gather(*(sequencer.post((f"c{n}", AT)) for n in range(6)))
    assert answers == [f"C{n}" for n in range(6)]
    assert [len(group) for group in recorder.groups] == [6]
    first = asyncio.create_task(sequencer.post(("x", AT)))
    await asyncio.sleep(0.0005)
    await asyncio.gather(first, sequencer.post(("y", AT)), sequencer.post(("z", AT)))
    assert recorder.groups[1:] == [["x"], ["y", "z"]]


async def test_a_group_is_bounded() -> None:
    recorder = Recorder()
    sequencer: Any = Sequencer(recorder.post_group)
    await asyncio.gather(*(sequencer.post(("c", AT)) for _ in range(GROUP + 1)))
    assert [len(group) for group in recorder.groups] == [GROUP, 1]


async def test_one_bad_post_does_not_take_its_neighbours_with_it() -> None:
    recorder = Recorder()
    sequencer: Any = Sequencer(recorder.post_group)
    posts = [sequencer.post((text, AT)) for text in ("one", "bad", "two")]
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert answers[0] == "ONE"
    assert isinstance(answers[1], RuntimeError)
    assert answers[2] == "TWO"


async def test_who_gives_up_before_the_group_is_formed_is_left_out() -> None:
    recorder = Recorder()
    sequencer: Any = Sequencer(recorder.post_group)
    first = asyncio.create_task(sequencer.post(("first", AT)))
    await asyncio.sleep(0.0005)
    gone = asyncio.create_task(sequencer.post(("gone", AT)))
    stays = asyncio.create_task(sequencer.post(("stays", AT)))
    await asyncio.sleep(0)
    gone.cancel()
    assert [await first, await stays] == ["FIRST", "STAYS"]
    assert recorder.groups == [["first"], ["stays"]]
    with pytest.raises(asyncio.CancelledError):
        await gone
