"""A member's receipt: proof that one entry is in a sealed day, checkable offline by anyone who has the published root.

It needs no database and no trust in whoever printed it: the entry's own bytes give its hash, the path leads from the hash
to the root, and the root stands in the monthly notice or with a partner unit. The receipt names nobody: entries hold ids.

It comes in three sizes:

    short code   `128-3f9a-1c07-5d2e-88b1`: seq and the first 64 bits of the entry's hash, ready the moment the entry is
                 posted, short enough for a slip or a telephone. Anyone with the month's book can check it.
    QR text      the whole proof in the letters that QR codes pack tightest (base45, RFC 9285)
    JSON         the whole proof, one field per fact
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from struct import Struct
from struct import error as TooShort

from ledger import merkle
from ledger.chain import canonical, unpack
from ledger.rows import Entry, Seal

QR_PREFIX = "TBR1/"
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_CODE = re.compile(r"([1-9][0-9]{0,11})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})")


class ReceiptUnreadable(ValueError):
    """The text is no receipt, or was cut."""


def code_of(seq: int, entry_hash: bytes) -> str:
    """The short code of an entry: `128-3f9a-1c07-5d2e-88b1`."""
    told = entry_hash.hex()
    return "-".join([str(seq), *(told[start : start + 4] for start in range(0, 16, 4))])


def code_holds(code: str, hashes: Mapping[int, bytes]) -> bool:
    """Whether the entry that a short code names stands in a book with these hashes (by seq), unchanged.

    Spaces and capitals do not matter. False for an entry the book does not have.
    """
    read = _CODE.fullmatch(code.strip().lower().replace(" ", ""))
    if read is None:
        return False
    seq = int(read[1])
    return seq in hashes and code_of(seq, hashes[seq]) == read[0]


def code_of_receipt(receipt: Mapping[str, object]) -> str:
    """The short code that belongs to a whole receipt, worked out from the entry's own bytes."""
    return code_of(int(str(receipt["seq"])), _entry_hash(receipt))


def _entry_hash(receipt: Mapping[str, object]) -> bytes:
    return sha256(bytes.fromhex(str(receipt["previous"])) + bytes.fromhex(str(receipt["canonical"]))).digest()


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
        entry_hash = _entry_hash(receipt)
        index, size, path = receipt["index"], receipt["size"], receipt["path"]
        root = bytes.fromhex(published_root)
        if type(index) is not int or type(size) is not int or not isinstance(path, list):
            return False
        return merkle.included(entry_hash, index, size, [bytes.fromhex(str(step)) for step in path], root)
    except (KeyError, ValueError):
        return False


_QR = Struct(">IIIB32s")
"""sealed_on as a day number, index, size, steps of the path, the hash before; then the path, then the canonical bytes."""


def receipt_text(receipt: Mapping[str, object]) -> str:
    """The receipt as a QR code carries it: letters, digits and a few signs; `read_receipt_text` reads it back."""
    path = receipt["path"]
    index, size = receipt["index"], receipt["size"]
    assert isinstance(path, list)
    assert isinstance(index, int)
    assert isinstance(size, int)
    sealed_on = date.fromisoformat(str(receipt["sealed_on"])).toordinal()
    head = _QR.pack(sealed_on, index, size, len(path), bytes.fromhex(str(receipt["previous"])))
    steps = b"".join(bytes.fromhex(str(step)) for step in path)
    return QR_PREFIX + _to_base45(head + steps + bytes.fromhex(str(receipt["canonical"])))


def read_receipt_text(text: str) -> dict[str, object]:
    """The receipt that a QR code carried. Its root is the one its path leads to: compare it with a published one.

    Raises:
        ReceiptUnreadable: it is something else, or was cut.
    """
    try:
        if not text.startswith(QR_PREFIX):
            raise ReceiptUnreadable("a receipt starts with " + QR_PREFIX)
        packed = _from_base45(text.removeprefix(QR_PREFIX))
        sealed_on, index, size, steps, previous = _QR.unpack_from(packed)
        body = packed[_QR.size :]
        path = [body[start : start + 32] for start in range(0, steps * 32, 32)]
        bytes_of_entry = body[steps * 32 :]
        fields = unpack(bytes_of_entry)
        root = merkle.root_above(sha256(previous + bytes_of_entry).digest(), index, size, path)
        return {
            "format": "timebank/receipt/v1",
            "book": fields[0],
            "seq": int(fields[1]),
            "uid": fields[2],
            "previous": previous.hex(),
            "canonical": bytes_of_entry.hex(),
            "sealed_on": date.fromordinal(sealed_on).isoformat(),
            "index": index,
            "size": size,
            "path": [step.hex() for step in path],
            "root": root.hex(),
        }
    except ReceiptUnreadable:
        raise
    except (ValueError, IndexError, OverflowError, TooShort) as error:
        raise ReceiptUnreadable(f"not a receipt: {error}") from error


def _to_base45(packed: bytes) -> str:
    letters = []
    for start in range(0, len(packed) - 1, 2):
        rest, first = divmod(packed[start] * 256 + packed[start + 1], 45)
        third, second = divmod(rest, 45)
        letters += [first, second, third]
    if len(packed) % 2:
        second, first = divmod(packed[-1], 45)
        letters += [first, second]
    return "".join(_BASE45[letter] for letter in letters)


def _from_base45(text: str) -> bytes:
    values = [_BASE45.index(letter) for letter in text]
    found = bytearray()
    for start in range(0, len(values), 3):
        part = values[start : start + 3]
        if len(part) == 1:
            raise ReceiptUnreadable("it was cut")
        number = sum(value * 45**place for place, value in enumerate(part))
        found += number.to_bytes(len(part) - 1, "big")
    return bytes(found)
