"""The chain: one canonical byte form per entry, and `hash = SHA-256(previous hash ‖ canonical bytes)`.

Canonical bytes are the domain tag, the number of fields, every field's length, then the fields themselves, all in UTF-8;
lengths come first so that no field can pretend to be another. Numbers are written in decimal. The fields in order:

    book seq uid key kind reason hold reverses batch effective_on occurred_at_us recorded_at_us actor memo meta detail
    and for each posting: account commodity amount layer

Balances after a posting are not hashed: they follow from the postings, and `verify` recomputes them. Changing one byte
of any field changes every later hash. The form is frozen; golden vectors in the tests hold it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct

from ledger.rows import Entry

DOMAIN = b"timebank/transfer/v1"
GENESIS_DOMAIN = b"timebank/genesis/v1"
UID_DOMAIN = b"timebank/uid/v1"


@lru_cache(maxsize=256)
def _header(count: int) -> Struct:
    return Struct(f">{len(DOMAIN)}s{count + 1}I")


def pack(fields: Sequence[str]) -> bytes:
    """The domain tag, the count, all lengths, then all fields."""
    text = "".join(fields)
    # Most entries are plain ASCII, where a field is as long in bytes as it is in characters.
    sizes = map(len, fields) if text.isascii() else (len(field.encode()) for field in fields)
    return _header(len(fields)).pack(DOMAIN, len(fields), *sizes) + text.encode()


def unpack(packed: bytes) -> list[str]:
    """The fields that `pack` was given.

    Raises:
        ValueError: these are no canonical bytes.
    """
    start = len(DOMAIN) + 4
    if packed[: len(DOMAIN)] != DOMAIN:
        raise ValueError("canonical bytes start with " + DOMAIN.decode())
    count = int.from_bytes(packed[len(DOMAIN) : start], "big")
    if start + 4 * count > len(packed):
        raise ValueError("they were cut")
    fields, at = [], start + 4 * count
    for number in range(count):
        size = int.from_bytes(packed[start + 4 * number : start + 4 * number + 4], "big")
        fields.append(packed[at : at + size].decode())
        at += size
    if at != len(packed):
        raise ValueError("the lengths do not fit the fields")
    return fields


def canonical(book: str, entry: Entry) -> bytes:
    """The frozen byte form of an entry of `book`, without its hash."""
    (
        seq,
        uid,
        key,
        kind,
        reason,
        effective_on,
        occurred_at_us,
        recorded_at_us,
        actor,
        memo,
        meta,
        detail,
        postings,
        hold,
        reverses,
        batch,
        _,
    ) = entry
    fields = [book, str(seq), uid, key, kind, reason, hold, reverses, batch, effective_on.isoformat()]
    fields += (str(occurred_at_us), str(recorded_at_us), actor, memo, meta, detail)
    for _, account, commodity, amount, layer, _, _, _, _, _ in postings:
        fields += (account, commodity, str(amount), layer)
    return pack(fields)


def chained(previous: bytes, book: str, entry: Entry) -> bytes:
    """The entry's 32-byte hash on top of the previous one."""
    return sha256(previous + canonical(book, entry)).digest()


def seal(previous: bytes, book: str, entry: Entry) -> Entry:
    """The entry with its hash: the last field, which can only be known after all others."""
    return Entry._make((*entry[:-1], chained(previous, book, entry)))


def genesis(book: str, timezone: str) -> bytes:
    """The hash an empty book starts from; two books never share a chain."""
    return sha256(GENESIS_DOMAIN + b"\0" + book.encode() + b"\0" + timezone.encode()).digest()


@lru_cache(maxsize=4096)
def uid_of(book: str, key: str) -> str:
    """24 hexadecimal characters that stand for (book, key) everywhere; the same on every machine.

    96 bits of SHA-256: two keys of one book do not meet by chance, and if somebody made two meet on purpose, the second
    would be refused as a conflict, for the key itself is compared too.
    """
    return sha256(UID_DOMAIN + b"\0" + book.encode() + b"\0" + key.encode()).hexdigest()[:24]


def canonical_json(value: Mapping[str, object]) -> str:
    """One spelling per value: sorted keys, no spaces, UTF-8; "" for nothing."""
    if not value:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
