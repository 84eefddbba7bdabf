"""The byte form and the chain: frozen by golden vectors, so that a book sealed today verifies in twenty years."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import Entry, EntryKind, Layer, Posting, merkle
from ledger.chain import canonical, canonical_json, chained, genesis, pack, uid_of, unpack

ZHANG = Posting(
    leg=0, account="Liabilities:Member:M00042", commodity="MIN", amount=60, layer=Layer.POSTED, dr_posted=60,
    cr_posted=300, dr_pending=0, cr_pending=0, version=7,
)  # fmt: skip
SERVICE = Entry(
    seq=17,
    uid=uid_of("dongqu", "service/S17"),
    key="service/S17",
    kind=EntryKind.TRANSFER,
    reason="service",
    effective_on=date(2026, 11, 17),
    occurred_at_us=1_795_252_800_000_000,
    recorded_at_us=1_795_260_000_123_456,
    actor="W3",
    memo='理发 "S17"\n😀',
    meta=canonical_json({"service": "S17", "minutes": 60}),
    detail="",
    postings=(ZHANG, ZHANG._replace(leg=1, account="Liabilities:Member:M00007", amount=-60, version=3)),
)

GOLDEN_UID = "2b5fd3fa3e3d1fc05c26219c"
GOLDEN_GENESIS = "80e1f9157b6fd91b668deebc3985e3a1cf7e8f9ef77d7ae4edc636b33f38cf5d"
GOLDEN_BYTES_SHA256 = "c2ff83679192781042afac93ac0830ba5a3a4d3a26f605e98e79e761551b5362"
GOLDEN_HASH = "1510eddd7a5b61020dfacbf7aa113d43a80ec6439bcbebd068625cc81c47b101"


def test_the_uid_of_a_key_is_frozen() -> None:
    assert uid_of("dongqu", "service/S17") == GOLDEN_UID
    assert uid_of("xiqu", "service/S17") != GOLDEN_UID


def test_the_genesis_of_a_book_is_frozen_and_its_own() -> None:
    assert genesis("dongqu", "Asia/Shanghai").hex() == GOLDEN_GENESIS
    assert genesis("dongqu", "Asia/Urumqi").hex() != GOLDEN_GENESIS


def test_the_canonical_bytes_and_the_hash_are_frozen() -> None:
    written = canonical("dongqu", SERVICE)
    assert written.startswith(b"timebank/transfer/v1\x00\x00\x00\x18")  # 16 fields and two postings of 4
    assert sha256(written).hexdigest() == GOLDEN_BYTES_SHA256
    assert chained(genesis("dongqu", "Asia/Shanghai"), "dongqu", SERVICE).hex() == GOLDEN_HASH


def test_the_canonical_bytes_can_be_made_by_hand_from_the_documentation() -> None:
    said = [
        "dongqu", "17", SERVICE.uid, "service/S17", "transfer", "service", "", "", "", "2026-11-17",
        "1795252800000000", "1795260000123456", "W3", '理发 "S17"\n😀', '{"minutes":60,"service":"S17"}', "",
        "Liabilities:Member:M00042", "MIN", "60", "posted", "Liabilities:Member:M00007", "MIN", "-60", "posted",
    ]  # fmt: skip
    by_hand = b"timebank/transfer/v1" + len(said).to_bytes(4)
    by_hand += b"".join(len(field.encode()).to_bytes(4) for field in said)
    by_hand += "".join(said).encode()
    assert canonical("dongqu", SERVICE) == by_hand


OTHERWISE: dict[str, Any] = {
    "seq": 18,
    "uid": "b" * 24,
    "key": "service/S18",
    "kind": EntryKind.ADJUST,
    "reason": "gift",
    "hold": "c" * 24,
    "reverses": "d" * 24,
    "batch": "e" * 24,
    "effective_on": date(2026, 11, 18),
    "occurred_at_us": 1_795_252_800_000_001,
    "recorded_at_us": 1_795_260_000_123_457,
    "actor": "W4",
    "memo": '理发 "S17"\n😁',
    "meta": "",
    "detail": "{}",
    "postings": SERVICE.postings[::-1],
}


@pytest.mark.parametrize("name", [name for name in Entry._fields if name != "hash"])
def test_every_field_of_an_entry_is_under_the_hash(name: str) -> None:
    changed = SERVICE._replace(**{name: OTHERWISE[name]})
    assert chained(b"", "dongqu", changed) != chained(b"", "dongqu", SERVICE)


@pytest.mark.parametrize(
    "change",
    [{"account": "Liabilities:Member:M1"}, {"commodity": "PTS"}, {"amount": 61}, {"layer": Layer.PENDING}],
)
def test_every_told_field_of_a_posting_is_under_the_hash(change: Any) -> None:
    changed = SERVICE._replace(postings=(ZHANG._replace(**change), SERVICE.postings[1]))
    assert canonical("dongqu", changed) != canonical("dongqu", SERVICE)


texts = st.lists(st.text(max_size=6), max_size=6)


@settings(deadline=None)
@given(texts, texts)
def test_two_lists_of_fields_never_share_their_bytes(one: Any, other: Any) -> None:
    assert (pack(one) == pack(other)) == (one == other)


@pytest.mark.parametrize("said", [[], [""], ["a"], ["", "bc", "张三"], ["x" * 300, "y"], [*"abcdef"]])
def test_canonical_bytes_give_their_fields_back(said: Any) -> None:
    assert unpack(pack(said)) == said


@pytest.mark.parametrize(
    ("packed", "fault"),
    [
        (b"", "canonical bytes start with timebank/transfer/v1"),
        (pack(["a"])[1:], "canonical bytes start with timebank/transfer/v1"),
        (pack(["a", "b"])[:28], "they were cut"),  # within the lengths
        (pack(["a", "b"])[:-1], "the lengths do not fit the fields"),
        (pack(["a", "b"]) + b"c", "the lengths do not fit the fields"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused_and_it_is_said_why(packed: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        unpack(packed)


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": 1, "a": "张"}) == '{"a":"张","b":1}'
    assert canonical_json({}) == ""
    with pytest.raises(ValueError):
        canonical_json({"a": float("nan")})


# The vectors of the Certificate Transparency reference implementation for its eight standard leaves.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_merkle_roots_are_those_of_rfc_6962(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@settings(deadline=None)
@given(st.integers(1, 70), st.data())
def test_a_receipt_proves_its_own_entry_and_no_other(size: int, data: Any) -> None:
    hashes = [sha256(bytes([n])).digest() for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root, path = merkle.root(hashes), merkle.inclusion_proof(hashes, index)
    assert merkle.included(hashes[index], index, size, path, root)
    assert not merkle.included(b"another", index, size, path, root)
    assert not merkle.included(hashes[index], index, size, path, sha256(root).digest())
    assert not merkle.included(hashes[index], index, size, [*path, root], root)
    assert not merkle.included(hashes[index], size, size, path, root)
    if path:
        assert not merkle.included(hashes[index], index, size, path[:-1], root)
        assert not merkle.included(hashes[index], index ^ 1, size, path, root)


@pytest.mark.parametrize("index", [-1, 1])
def test_a_proof_of_an_entry_that_is_not_there_is_refused(index: int) -> None:
    with pytest.raises(IndexError, match=f"^no entry {index} among 1$"):
        merkle.inclusion_proof([b"x"], index)


@pytest.mark.parametrize(
    ("index", "size", "path", "fault"),
    [
        (2, 2, [b"y"], "no entry 2 among 2"),
        (-1, 2, [b"y"], "no entry -1 among 2"),
        (0, 2, [], "the path is too short"),
        (0, 1, [b"y"], "the path is too long"),
    ],
)
def test_a_path_that_does_not_fit_the_tree_is_refused_and_it_is_said_why(
    index: int, size: int, path: Any, fault: str
) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        merkle.root_above(b"x", index, size, path)
