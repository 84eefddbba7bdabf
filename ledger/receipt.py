"""A member's receipt: proof that one entry is in a sealed day, checkable offline by anyone who has the published root.

It needs no database and no trust in whoever printed it: the entry's own bytes give its hash, the path leads from the hash
to the root, and the root stands in the monthly notice or with a partner unit. The receipt names nobody: entries hold ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from ledger import merkle
from ledger.chain import canonical
from ledger.rows import Entry, Seal


def receipt_for(
    book: str, entry: Entry, previous: bytes, seal: Seal, hashes: Sequence[bytes]
) -> dict[str, object]:
    """The receipt of `entry`, JSON-ready.

    Args:
        previous: the hash of the entry before it.
        hashes: all entry hashes under the seal, in order.
    """
    index = entry.seq - seal.first_seq
    return {
        "format": "timebank/receipt/v1",
        "book": book,
        "seq": entry.seq,
        "uid": entry.uid,
        "previous": previous.hex(),
        "canonical": canonical(book, entry).hex(),
        "sealed_on": seal.sealed_on.isoformat(),
        "index": index,
        "size": len(hashes),
        "path": [step.hex() for step in merkle.inclusion_proof(hashes, index)],
        "root": seal.merkle_root.hex(),
    }


def receipt_holds(receipt: Mapping[str, object], published_root: str) -> bool:
    """Whether the receipt proves its entry under the root that was published (hexadecimal); False for any nonsense."""
    try:
        entry_hash = sha256(
            bytes.fromhex(str(receipt["previous"])) + bytes.fromhex(str(receipt["canonical"]))
        ).digest()
        index, size, path = receipt["index"], receipt["size"], receipt["path"]
        root = bytes.fromhex(published_root)
        if type(index) is not int or type(size) is not int or not isinstance(path, list):
            return False
        return merkle.included(entry_hash, index, size, [bytes.fromhex(str(step)) for step in path], root)
    except (KeyError, ValueError):
        return False
