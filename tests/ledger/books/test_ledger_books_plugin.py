"""The plugin reports each kind of fault, also when the forger has recomputed the whole chain after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger import AccountKind, Batch, CloseAccount, EntryKind, OpenAccount, ReverseTransfer, SettleHold
from ledger.books import BookData, check, export_months, write_book, write_month
from ledger.books.audit import audit_directory
from ledger.chain import genesis, seal, uid_of
from ledger.rows import Entry
from tests.ledger.conftest import Neighbourhood

DAY = date(2026, 11, 20)


async def short_life(town: Neighbourhood) -> None:
    """One of everything, each under a key that says what it is."""
    gone = "Liabilities:Member:Gone"
    await town.post(
        OpenAccount(key="gone", code=gone, kind=AccountKind.LIABILITY, opened_on=date(2026, 9, 9))
    )
    await town.post(town.earn(town.zhang, 300, key="september", effective_on=date(2026, 9, 10)))
    await town.post(
        OpenAccount(
            key="capped", code="Liabilities:Member:Capped", kind=AccountKind.LIABILITY, ceiling=500,
            opened_on=date(2026, 9, 9),
        )
    )  # fmt: skip
    await town.post(town.earn("Liabilities:Member:Capped", 400, key="capped-earns"))
    await town.post(CloseAccount(key="closes", code=gone, effective_on=DAY))
    await town.post(town.pay(town.zhang, town.li, 30, key="pays"))
    hold = await town.post(town.hold(town.zhang, town.li, 60, key="holds"))
    await town.post(SettleHold(key="settles", hold=hold.uid, amount=45, effective_on=DAY))
    await town.post(
        town.hold(town.zhang, town.li, 10, key="holds-on", expires_at=town.at + timedelta(days=9))
    )
    earned = await town.post(town.earn(town.li, 15, key="mistake"))
    await town.post(ReverseTransfer(key="reverses", transfer=earned.uid, effective_on=DAY))
    await town.post(Batch(key="batch", commands=tuple(town.earn(town.wang, n, key=f"b{n}") for n in (5, 6))))
    await town.book.close_month("2026-10", at=town.at)
    await town.post(town.earn(town.li, 1, key="last"))


async def book_of(town: Neighbourhood) -> BookData:
    return BookData(
        book=town.book.code,
        timezone=town.book.timezone,
        accounts=await town.book.accounts(),
        entries=await town.book.transfers(limit=10**6),
    )


def times(entry: Entry, factor: int) -> Entry:
    return entry._replace(postings=tuple(one._replace(amount=one.amount * factor) for one in entry.postings))


def renamed(entry: Entry, old: str, new: str) -> Entry:
    moved = (one._replace(account=one.account.replace(old, new)) for one in entry.postings)
    return entry._replace(postings=tuple(moved))


def detailed(entry: Entry, **facts: Any) -> Entry:
    told: dict[str, Any] = {**json.loads(entry.detail), **facts}
    return entry._replace(detail=json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def under(entry: Entry, key: str) -> Entry:
    return entry._replace(key=key, uid=uid_of("dongqu", key))


Change = Callable[[Entry], Entry | list[Entry]]

# key of the entry that is forged, what becomes of it, the key under which the fault is reported, what is said
FORGED: dict[str, tuple[str, Change, str, str]] = {
    "a floor passed": ("pays", lambda e: times(e, 12), "pays", "floor: "),
    "a floor hidden": ("open/Liabilities:Member:M00001", lambda e: detailed(e, floor=290), "pays", "floor: "),
    "a ceiling passed": ("capped-earns", lambda e: times(e, 2), "capped-earns", "ceiling: "),
    "a hold that nobody had hours for": ("holds", lambda e: times(e, 6), "holds", "floor: "),
    "a hold that pays more than it held": ("settles", lambda e: times(e, 2), "settles", "paid 90"),
    "a hold ended twice": ("settles", lambda e: [e, under(e, "settles/2")], "settles/2", "had ended before"),
    "a hold nobody placed": ("settles", lambda e: e._replace(hold="0" * 24), "settles", "is not open"),
    "a hold that lapsed early": ("settles", lambda e: e._replace(kind=EntryKind.EXPIRE), "settles", "before its time"),
    "a transfer reversed twice": ("reverses", lambda e: [e, under(e, "reverses/2")], "reverses/2", "reversal: "),
    "a reversal of something else": ("reverses", lambda e: times(e, 2), "reverses", "exact negation"),
    "a day in a closed month": ("last", lambda e: e._replace(effective_on=date(2026, 10, 31)), "last", "closed_period: "),
    "hours on a closed account": ("pays", lambda e: renamed(e, "M00002", "Gone"), "pays", "lifetime: "),
    "hours before the account opened": ("pays", lambda e: e._replace(effective_on=date(2025, 12, 31)), "pays", "lifetime: "),
    "hours on an account nobody opened": ("gone", lambda e: [], "closes", "never opened"),
    "an account closed with hours on it": (
        "closes",
        lambda e: detailed(e, account="Liabilities:Member:M00001"),
        "closes",
        "closed with hours",
    ),
    "one key twice": ("pays", lambda e: [e, e], "pays", "appears twice"),
    "a uid of another key": ("pays", lambda e: e._replace(uid="0" * 24), "pays", "does not belong"),
    "a member taken out of its batch": ("b6", lambda e: [], "2026-10", "batch: "),
    "a clock turned back": ("last", lambda e: e._replace(recorded_at_us=1), "last", "clock: "),
    "held made into posted": (
        "holds-on",
        lambda e: e._replace(postings=(e.postings[0]._replace(layer=e.postings[0].layer.POSTED), e.postings[1])),
        "holds-on",
        "sums to",
    ),
    "words no machine can read": ("holds", lambda e: e._replace(detail="{"), "holds", "cannot be read"),
}  # fmt: skip


def forged(entries: list[Entry], key: str, change: Change) -> list[Entry]:
    """The journal with one entry changed, and every seq and hash after it made to fit."""
    told: list[Entry] = []
    for entry in entries:
        became = change(entry) if entry.key == key else entry
        told += became if isinstance(became, list) else [became]
    head, chain = genesis("dongqu", "Asia/Shanghai"), []
    for seq, entry in enumerate(told, start=1):
        chain.append(seal(head, "dongqu", entry._replace(seq=seq)))
        head = chain[-1].hash
    return chain


def audited(tmp_path: Path, text: str, config: str = "") -> list[str]:
    path = tmp_path / "forged.beancount"
    path.write_text(f'plugin "ledger.books.plugin"{config}\n' + text, "utf-8")
    return check(path)


async def test_a_sound_book_passes(town: Neighbourhood, tmp_path: Path) -> None:
    await short_life(town)
    data = await book_of(town)
    assert audited(tmp_path, write_book(data)) == []
    same = forged(list(data.entries), "pays", lambda entry: entry)
    assert [one.hash for one in same] == [one.hash for one in data.entries], "the forger's tools are sharp"


@pytest.mark.parametrize("fault", FORGED)
async def test_each_fault_is_reported_although_the_chain_was_recomputed(
    town: Neighbourhood, tmp_path: Path, fault: Any
) -> None:
    await short_life(town)
    data = await book_of(town)
    key, change, reported_at, said = FORGED[fault]
    chain = forged(list(data.entries), key, change)
    reported = {f"seq {entry.seq}: " for entry in chain if entry.key in (reported_at, f"close/{reported_at}")}
    errors = audited(tmp_path, write_book(replace(data, entries=chain)))
    assert [one for one in errors if said in one and any(seq in one for seq in reported)], errors
    assert not [one for one in errors if "hash does not follow" in one]


async def test_a_chain_recomputed_from_scratch_is_caught_by_the_witness(
    town: Neighbourhood, tmp_path: Path
) -> None:
    await short_life(town)
    data = await book_of(town)
    await town.book.seal_day(DAY, at=datetime(2026, 11, 21, tzinfo=UTC))
    (tmp_path / "witness.json").write_text(json.dumps(await town.book.witness()))
    with_witness = ' "witness.json"'
    assert audited(tmp_path, write_book(data), with_witness) == []

    chain = forged(list(data.entries), "pays", lambda entry: entry._replace(memo="another story"))
    text = write_book(replace(data, entries=chain))
    assert audited(tmp_path, text) == [], "by itself it is in order"
    assert any("against the witness" in one for one in audited(tmp_path, text, with_witness))
    shorter = write_book(replace(data, entries=data.entries[:-1]))
    assert any("is gone" in one for one in audited(tmp_path, shorter, with_witness))

    (tmp_path / "witness.json").write_text("{")
    assert any("is no JSON" in one for one in audited(tmp_path, text, with_witness))
    assert any("cannot be audited" in one for one in audited(tmp_path, text, ' "elsewhere.json"'))


async def test_months_together_are_the_whole_history_and_some_of_them_a_part(
    town: Neighbourhood, lived_in: Any, tmp_path: Path
) -> None:
    await lived_in(town)
    await export_months(town.book, tmp_path)
    told = audit_directory(tmp_path)
    assert (told.whole, told.problems, told.entries) == (True, (), (await town.book.head()).seq)

    october = tmp_path / "2026-10.beancount"
    october.write_text(october.read_text("utf-8").replace('"S1"', '"S2"', 1), "utf-8")
    [problem] = audit_directory(tmp_path).problems
    assert "hash does not follow" in problem

    october.unlink()
    part = audit_directory(tmp_path)
    assert (part.whole, part.problems) == (False, ())
    for path in tmp_path.iterdir():
        path.unlink()
    assert audit_directory(tmp_path).problems != ()


async def test_a_month_by_itself_shows_what_it_can(town: Neighbourhood, tmp_path: Path) -> None:
    await short_life(town)
    data = await book_of(town)
    for fault in ("a hold ended twice", "one key twice", "held made into posted"):
        key, change, _, said = FORGED[fault]
        chain = forged(list(data.entries), key, change)
        errors = audited(tmp_path, write_month(replace(data, entries=chain), "2026-11"))
        assert any(said in one for one in errors), fault
