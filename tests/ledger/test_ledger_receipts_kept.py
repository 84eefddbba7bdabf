"""What people keep: a short code on a slip, a receipt in a QR code, a witness in a partner unit's drawer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle
from ledger.books import export
from ledger.chain import pack, unpack
from ledger.receipt import (
    ReceiptUnreadable,
    code_holds,
    code_of,
    code_of_receipt,
    read_receipt_text,
    receipt_holds,
    receipt_text,
)
from ledger.rows import Posted
from ledger.witness import WitnessUnreadable, against_hashes, against_newer, read_witness
from tests.ledger.conftest import Neighbourhood

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)


async def hashes_of(book: Any) -> dict[int, bytes]:
    return {entry.seq: entry.hash for entry in await book.transfers(limit=10**6)}


async def three_days(town: Neighbourhood) -> list[Any]:
    """Nine entries over three sealed days; what was posted."""
    posted = []
    for day in range(3):
        at = town.at + timedelta(days=day)
        for number in range(3):
            memo = f"S{number} 两行\n第二行 😀"
            told = town.earn(town.zhang, 10 + number, memo=memo, effective_on=None)
            posted.append(await town.post(told, at=at))
        await town.book.seal_day(DAY + timedelta(days=day), at=NIGHT + timedelta(days=day))
    return posted


async def test_a_short_code_is_ready_at_once_and_checked_against_a_book(town: Neighbourhood) -> None:
    posted = await town.post(town.earn(town.zhang, 60))
    code = code_of(posted.seq, posted.hash)
    assert code.startswith(f"{posted.seq}-{posted.hash.hex()[:4]}-")
    hashes = await hashes_of(town.book)
    assert code_holds(code, hashes)
    assert code_holds(f" {code.upper()} ", hashes), "read over the telephone"
    forged = {**hashes, posted.seq: bytes(32)}
    assert not code_holds(code, forged)
    for nonsense in ("", code[:-1], code + "0", code.replace("-", ""), f"9{code}", "5-zzzz-0000-0000-0000"):
        assert not code_holds(nonsense, hashes), nonsense


async def test_a_receipt_goes_through_a_qr_code_and_still_proves_its_entry(any_town: Neighbourhood) -> None:
    for posted in await three_days(any_town):
        receipt: dict[str, Any] = await any_town.book.receipt(posted.uid)
        text = receipt_text(receipt)
        read = read_receipt_text(text)
        assert read == receipt
        assert receipt_holds(read, receipt["root"])
        assert code_of_receipt(read) == code_of(posted.seq, posted.hash)


async def test_a_receipt_fits_a_qr_code_that_a_telephone_reads(town: Neighbourhood) -> None:
    """Of a day with 1,000 entries, in the mode that packs tightest."""
    commands = [town.earn(town.zhang, 1, memo="S12345 walked to the clinic") for _ in range(1000)]
    [*_, last] = await town.book.post_many(commands, at=town.at)
    assert isinstance(last, Posted)
    await town.book.seal_day(DAY, at=NIGHT)
    code = segno.make_qr(receipt_text(await town.book.receipt(last.uid)), error="l")
    assert code.mode == "alphanumeric"
    assert code.version <= 27  # type: ignore[operator]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=8))
def test_canonical_bytes_give_their_fields_back(fields: Any) -> None:
    packed = pack(fields)
    assert unpack(packed) == fields
    for other in (packed + b"x", packed[:-1], packed[1:], b""):
        with pytest.raises(ValueError):
            unpack(other)


async def test_a_text_that_is_no_receipt_is_refused(town: Neighbourhood) -> None:
    [first, *_] = await three_days(town)
    text = receipt_text(await town.book.receipt(first.uid))
    for nonsense in (
        "",
        "hello",
        "TBR1/",
        "TBR1/0",
        "TBR1/:::",
        "TBR1/ab",
        text[:-1],
        text[:-9],
        text + "000",
        text[:40],
    ):
        with pytest.raises(ReceiptUnreadable):
            read_receipt_text(nonsense)


@pytest.mark.parametrize("memo", ["S1", "S12"])
async def test_a_text_has_one_spelling(town: Neighbourhood, memo: str) -> None:
    posted = await town.post(town.earn(town.zhang, 60, memo=memo))
    await town.book.seal_day(DAY, at=NIGHT)
    text = receipt_text(await town.book.receipt(posted.uid))
    for more in ("0", "00"):
        with pytest.raises(ReceiptUnreadable):
            read_receipt_text(text + more)


async def test_a_letter_changed_in_a_qr_text_never_proves_anything(town: Neighbourhood) -> None:
    [first, *_] = await three_days(town)
    receipt = await town.book.receipt(first.uid)
    text = receipt_text(receipt)
    for place in range(5, len(text), 7):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        try:
            read = read_receipt_text(changed)
        except ReceiptUnreadable:
            continue
        told: dict[str, Any] = {**read, "sealed_on": receipt["sealed_on"]}
        assert told == receipt or not receipt_holds(read, receipt["root"])  # type: ignore[arg-type]


def test_a_path_of_the_wrong_length_leads_nowhere() -> None:
    hashes = [bytes([n]) * 32 for n in range(5)]
    path = merkle.inclusion_proof(hashes, 2)
    assert merkle.root_above(hashes[2], 2, 5, path) == merkle.root(hashes)
    for size, steps in ((5, path[:-1]), (5, [*path, bytes(32)]), (2, path)):
        with pytest.raises(ValueError, match=r"path is|no entry"):
            merkle.root_above(hashes[2], 2, size, steps)


# The witness.


async def test_a_newer_witness_continues_the_older_one_and_the_book_agrees_with_both(
    any_town: Neighbourhood,
) -> None:
    await any_town.post(any_town.earn(any_town.zhang, 1))
    empty = read_witness(await any_town.book.witness())
    await three_days(any_town)
    older = read_witness(json.loads(json.dumps(await any_town.book.witness())))
    await any_town.post(any_town.earn(any_town.zhang, 1), at=NIGHT + timedelta(days=3, hours=23))
    await any_town.book.seal_day(DAY + timedelta(days=4), at=NIGHT + timedelta(days=5))
    newer = read_witness(await any_town.book.witness())
    assert len(newer.seals) == len(older.seals) + 1 == 4
    assert against_newer(empty, older) == against_newer(older, newer) == against_newer(older, older) == []
    hashes = await hashes_of(any_town.book)
    for one in (empty, older, newer):
        assert await any_town.book.verify(witnessed=one.heads) == []
        assert against_hashes(one, hashes, whole=True) == []
    october = {seq: one for seq, one in hashes.items() if seq > 6}
    assert against_hashes(newer, october, whole=False) == [], "a part of the book shows what it can"


async def test_what_a_witness_tells_of_a_past_that_was_rewritten(town: Neighbourhood) -> None:
    await three_days(town)
    told = read_witness(await town.book.witness())
    hashes = await hashes_of(town.book)
    last = told.head.seq
    other = {**hashes, 6: bytes(32)}
    assert against_hashes(told, other, whole=True) == [
        "the entries 1 to 7 are not those sealed on 2026-11-20"
    ]
    headless = {**hashes, 7: bytes(32)}
    assert "entry 7 was witnessed with another hash" in against_hashes(told, headless, whole=True)
    shorter = {seq: one for seq, one in hashes.items() if seq < last}
    assert f"entry {last} was witnessed and is gone" in against_hashes(told, shorter, whole=True)

    seals = (replace(told.seals[0], merkle_root=bytes(32)), *told.seals[1:])
    assert against_newer(told, replace(told, seals=seals)) == [
        "the seal of 2026-11-20 says something else now"
    ]
    cut = replace(told, seals=told.seals[:2], head=told.head._replace(seq=told.seals[1].last_seq))
    assert against_newer(told, cut) == [
        "1 sealed days are gone",
        f"the journal reached {last} and now ends at {cut.head.seq}",
    ]
    moved = replace(told, head=told.head._replace(hash=bytes(32)))
    assert against_newer(told, moved) == [f"entry {last} was witnessed with another hash"]
    assert "xiqu" in against_newer(told, replace(told, book="xiqu"))[0]


async def test_a_file_that_is_no_witness_is_refused(town: Neighbourhood) -> None:
    await three_days(town)
    told: dict[str, Any] = await town.book.witness()
    seals = told["seals"]
    for nonsense in (
        {},
        {**told, "format": "timebank/receipt/v1"},
        {**told, "head": None},
        {**told, "head": {"seq": 1, "hash": seals[0]["hash"]}},
        {**told, "seals": seals[1:]},
        {**told, "seals": [{**seals[0], "hash": "xyz"}]},
        {**told, "seals": 5},
    ):
        with pytest.raises(WitnessUnreadable):
            read_witness(nonsense)


# The commands: what somebody does who has a file and a telephone, and no database.


def command(*arguments: Any, cwd: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


async def test_the_commands_check_what_people_keep(sqlite_town: Neighbourhood, tmp_path: Path) -> None:
    from ledger.books.__main__ import main

    def books(*arguments: Any) -> int:
        return main([str(one) for one in arguments])

    posted = await three_days(sqlite_town)
    first, last = posted[0], posted[-1]
    await export(sqlite_town.book, tmp_path / "books")
    witness = tmp_path / "witness.json"
    witness.write_text(json.dumps(await sqlite_town.book.witness()))
    receipt = await sqlite_town.book.receipt(first.uid)
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    text = receipt_text(receipt)

    assert books("audit", tmp_path / "books", "--witness", witness) == 0
    assert books("receipt", text, "--witness", witness) == 0
    assert books("receipt", tmp_path / "receipt.json", "--witness", witness) == 0
    assert books("code", code_of(last.seq, last.hash), tmp_path / "books") == 0
    assert books("witness", witness, witness) == 0

    assert books("code", code_of(last.seq, first.hash), tmp_path / "books") == 1
    other = {**receipt, "previous": "00" * 32}
    (tmp_path / "receipt.json").write_text(json.dumps(other))
    assert books("receipt", tmp_path / "receipt.json", "--witness", witness) == 1
    for unreadable in ("TBR1/ab", tmp_path / "nowhere.json", witness):
        assert books("receipt", unreadable, "--witness", witness) == 2
    (tmp_path / "broken.json").write_text("{")
    assert books("witness", witness, tmp_path / "broken.json") == 2
    assert books("receipt", tmp_path / "broken.json", "--witness", witness) == 2
    assert books("audit", tmp_path / "books", "--witness", tmp_path / "broken.json") == 2

    told = json.loads(witness.read_text())
    told["seals"][0]["merkle_root"] = "00" * 32
    (tmp_path / "other.json").write_text(json.dumps(told))
    assert books("witness", witness, tmp_path / "other.json") == 1
    assert books("audit", tmp_path / "books", "--witness", tmp_path / "other.json") == 1


async def test_an_operator_exports_rebuilds_and_verifies_from_the_command_line(
    sqlite_town: Neighbourhood, tmp_path: Path
) -> None:
    await three_days(sqlite_town)
    await sqlite_town.book.set_label(sqlite_town.zhang, "张三")
    source = f"sqlite:///{tmp_path}/town.db"
    status, said = command("ledger.store", "export", source, "dongqu", "out", cwd=tmp_path)
    assert (status, said.split()[-1]) == (0, "witness.json")
    assert "张三" not in (tmp_path / "out" / "2026-11.beancount").read_text("utf-8")

    status, said = command("ledger.store", "rebuild", "out", "sqlite:///again.db", cwd=tmp_path)
    assert status == 0, said
    assert (await sqlite_town.book.head()).hash.hex() in said
    verify = ("ledger.store", "verify", "sqlite:///again.db")
    status, said = command(*verify, "dongqu", "--witness", "out/witness.json", cwd=tmp_path)
    assert (status, said) == (0, "13 entries; problems: 0\n")
    assert command(*verify, "xiqu", cwd=tmp_path)[0] == 2
    assert command("ledger.store", "rebuild", "out/nowhere", "sqlite:///x.db", cwd=tmp_path)[0] == 2

    months = sorted(path.name for path in (tmp_path / "out").glob("2026-*.beancount"))
    (tmp_path / "out" / months[0]).unlink()
    status, said = command("ledger.store", "rebuild", "out", "sqlite:///third.db", cwd=tmp_path)
    assert status == 2
    assert "where entry 1 belongs" in said
