"""A reading has a process of its own: what it may take, what it gives back, and what becomes of the server meanwhile."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from marketplace.errors import FileTooHeavy, FileTooLarge
from tests.timebank.reading import works
from timebank.errors import BadField
from timebank.reading import Limits, ReadingBusy, ReadingFailed, aside, asking, beginning, parts_aside
from timebank.reading.limits import MB
from timebank.reading.passing import Untaken, packed, taken

TIGHT = Limits(cpu_s=1, wall_s=20, memory_bytes=100 * MB)


@pytest.fixture(autouse=True)
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "OFFICE", TIGHT)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other machines do instead."""
    monkeypatch.setattr(sys, "platform", "darwin")


async def test_a_reading_is_another_process_that_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEBANK_SECRET", "x" * 40)
    pid, variables = await aside(works.whereabouts)
    assert pid != os.getpid()
    assert not [name for name in variables if name.startswith("TIMEBANK")]


async def test_a_reading_holds_nothing_of_the_servers_open(tmp_path: Path) -> None:
    with open(tmp_path / "town.db", "w", encoding="utf-8"):
        held = await aside(works.open_files)
    assert not [one for one in held if "town.db" in one]
    assert len([one for one in held if one.startswith("socket:")]) == 1


async def test_what_goes_in_and_out_stays_what_it_is() -> None:
    assert await aside(works.doubled, {"姓名": (1, None, b"\x00")}) == ({"姓名": (1, None, b"\x00")},) * 2
    day, moment = await aside(works.moments)
    assert (day.isoformat(), moment.isoformat()) == ("2026-12-01", "2026-12-01T09:00:00+08:00")
    assert await parts_aside(TIGHT, works.count, 5) == [0, 1, 2, 3, 4]
    assert await parts_aside(TIGHT, works.count, 0) == []


@pytest.mark.parametrize("work", [works.spin, works.eat, works.nibble, works.die])
async def test_too_much_time_or_memory_ends_the_reading_and_nothing_else(work: object) -> None:
    with pytest.raises(FileTooHeavy):
        await aside(work)  # type: ignore[arg-type]
    assert await aside(works.doubled, 1) == (1, 1)


async def test_a_reading_that_waits_for_ever_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "OFFICE", Limits(cpu_s=1, wall_s=1, memory_bytes=100 * MB))
    with pytest.raises(FileTooHeavy):
        await aside(works.sleep_for_ever)


async def test_refusals_come_back_with_their_words() -> None:
    with pytest.raises(FileTooLarge) as large:
        await aside(works.too_large)
    assert large.value.sentence("zh").startswith("名单.xlsx 太大，最多 9 行/rows")
    with pytest.raises(BadField) as bad:
        await aside(works.bad_field)
    assert (bad.value.zh, bad.value.en, bad.value.field) == ("不行。", "No.", "files")


async def test_a_fault_says_where_and_nothing_of_the_file() -> None:
    with pytest.raises(ReadingFailed) as fault:
        await aside(works.fall)
    assert "KeyError at" in str(fault.value)
    assert "in fall" in str(fault.value)
    assert "王奶奶" not in str(fault.value)


@pytest.mark.parametrize("work", [works.foreign, works.a_function])
async def test_what_a_reading_gives_back_can_run_nothing(work: object) -> None:
    """A reading has seen a stranger's bytes: of it only values of our own are taken."""
    with pytest.raises(Untaken):
        await aside(work)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "content",
    [b"", b"cos\nsystem\n(S'true'\ntR.", b"cmarketplace.errors\nListRefused\n.x", packed(os.getpid)[8:], b"ctimebank\nos.system\n."],
)  # fmt: skip
def test_a_result_that_names_anything_else_is_not_taken(content: bytes) -> None:
    try:
        found = taken(content)
    except Untaken:
        return
    assert isinstance(found, type)
    assert found.__name__ == "ListRefused"


async def test_a_reading_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises((ReadingFailed, FileTooHeavy)):
        await aside(works.write_a_file, str(tmp_path / "x"))
    assert not (tmp_path / "x").exists() or not (tmp_path / "x").read_bytes()


async def test_where_readings_come_from_is_begun_again_when_it_is_gone() -> None:
    await aside(works.doubled, 1)
    _line, nursery = beginning._begun[os.getpid()]
    nursery.kill()
    nursery.wait()
    assert await aside(works.doubled, 2) == (2, 2)


async def test_a_long_line_says_so() -> None:
    waiting = [asyncio.ensure_future(aside(works.spin)) for _ in range(asking.WAITING_MAX)]
    await asyncio.sleep(0)
    try:
        with pytest.raises(ReadingBusy) as busy:
            await aside(works.doubled, 1)
        assert (busy.value.status, busy.value.wait_seconds) == (503, 10)
    finally:
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        line, nursery = beginning._begun.pop(os.getpid())
        line.close()
        nursery.kill()
        nursery.wait()
    assert await aside(works.doubled, 1) == (1, 1)


async def test_elsewhere_than_on_linux_the_work_is_done_in_a_thread(elsewhere: None) -> None:
    pid, _variables = await aside(works.whereabouts)
    assert pid == os.getpid()
    with pytest.raises(FileTooLarge):
        await aside(works.too_large)
