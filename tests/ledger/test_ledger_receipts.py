"""Daily seals, and the receipts that members can keep and anyone can check."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ledger import errors as no
from ledger.receipt import receipt_holds
from ledger.rows import Seal
from tests.ledger.conftest import Neighbourhood

DAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)  # midnight where the book is kept


async def sealed(town: Neighbourhood, on: date, at: datetime) -> Seal:
    """The seal of a day that has entries."""
    seal = await town.book.seal_day(on, at=at)
    assert seal is not None
    return seal


async def test_a_receipt_proves_its_entry_under_the_published_root(any_town: Neighbourhood) -> None:
    posted = [await any_town.post(any_town.earn(any_town.zhang, n)) for n in range(1, 8)]
    seal = await sealed(any_town, DAY, NIGHT)
    assert (seal.first_seq, seal.last_seq, seal.hash) == (1, posted[-1].seq, posted[-1].hash)
    for one in posted:
        receipt = json.loads(json.dumps(await any_town.book.receipt(one.uid)))
        assert receipt_holds(receipt, seal.merkle_root.hex())
    first = (await any_town.book.transfers(limit=1))[0]
    assert receipt_holds(await any_town.book.receipt(first.uid), seal.merkle_root.hex())
    assert await any_town.book.verify() == []


async def test_a_receipt_does_not_hold_once_anything_in_it_is_changed(town: Neighbourhood) -> None:
    posted = await town.post(town.earn(town.zhang, 60))
    seal = await sealed(town, DAY, NIGHT)
    receipt: dict[str, Any] = await town.book.receipt(posted.uid)
    root = seal.merkle_root.hex()
    richer = receipt["canonical"].replace(b"-60".hex(), b"-90".hex())
    assert richer != receipt["canonical"]
    for change in (
        {"canonical": richer},
        {"previous": "00" * 32},
        {"index": 0},
        {"index": True},
        {"size": 4},
        {"size": "5"},
        {"path": receipt["path"][:-1]},
        {"path": "x"},
        {"canonical": "not hexadecimal"},
    ):
        assert not receipt_holds({**receipt, **change}, root), change
    assert not receipt_holds(receipt, "00" * 32)
    assert not receipt_holds({}, root)


async def test_each_day_is_sealed_once_and_only_when_it_is_over(any_town: Neighbourhood) -> None:
    with pytest.raises(no.DayNotOver):
        await any_town.book.seal_day(DAY, at=NIGHT - timedelta(seconds=1))
    first = await sealed(any_town, DAY, NIGHT)
    later = await any_town.post(any_town.earn(any_town.zhang, 60), at=NIGHT)
    assert await any_town.book.seal_day(DAY, at=NIGHT + timedelta(days=3)) == first
    with pytest.raises(no.NotSealed):
        await any_town.book.receipt(later.uid)
    second = await sealed(any_town, DAY + timedelta(days=1), NIGHT + timedelta(days=1))
    assert (second.first_seq, second.last_seq) == (first.last_seq + 1, later.seq)
    assert await any_town.book.seal_day(DAY + timedelta(days=2), at=NIGHT + timedelta(days=2)) is None
    assert await any_town.book.seal_day(DAY - timedelta(days=9), at=NIGHT) is None
    assert await any_town.book.seals() == [first, second]
    assert await any_town.book.verify() == []


async def test_a_partner_units_copy_catches_what_verifies_by_itself(town: Neighbourhood) -> None:
    await town.post(town.earn(town.zhang, 60))
    seal = await sealed(town, DAY, NIGHT)
    witness: dict[str, Any] = json.loads(json.dumps(await town.book.witness()))
    assert witness["seals"][0]["merkle_root"] == seal.merkle_root.hex()
    witnessed = {one["seq"]: bytes.fromhex(one["hash"]) for one in witness["seals"]}
    assert await town.book.verify(witnessed=witnessed) == []
    assert [one.code for one in await town.book.verify(witnessed={seal.last_seq: b"x" * 32})] == ["witness"]
