"""What a partner unit keeps, so that nobody can rewrite the past: heads and roots by day, a few hundred bytes each.

Whoever can rewrite a whole database can recompute its chain from scratch, and everything inside will agree. It will not
agree with a copy of the seals that lies in somebody else's drawer. A witness is that copy; it names nobody. Keep every
one you are handed: a newer one must continue the older ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger import merkle
from ledger.rows import Head, Seal

FORMAT = "timebank/witness/v1"


class WitnessUnreadable(ValueError):
    """The file is no witness, or was cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The sealed days of one ledger, and where its chain stood when the witness was written.

    Attributes:
        seals: oldest first; each covers the entries since the one before it.
    """

    book: str
    timezone: str
    head: Head
    seals: tuple[Seal, ...]

    def __post_init__(self) -> None:
        before = 0
        for seal in self.seals:
            if seal.first_seq != before + 1 or seal.last_seq < seal.first_seq:
                raise WitnessUnreadable(f"the seal of {seal.sealed_on} does not continue the one before it")
            before = seal.last_seq
        if self.head.seq < before:
            raise WitnessUnreadable(f"the head stands at {self.head.seq}, before the last seal")

    @property
    def heads(self) -> dict[int, bytes]:
        """Published hashes by seq, as `Book.verify(witnessed=…)` takes them."""
        found = {seal.last_seq: seal.hash for seal in self.seals}
        return {**found, self.head.seq: self.head.hash} if self.head.seq else found

    def as_dict(self) -> dict[str, object]:
        """JSON-ready; `read_witness` reads it back."""
        return {
            "format": FORMAT,
            "book": self.book,
            "timezone": self.timezone,
            "head": {"seq": self.head.seq, "hash": self.head.hash.hex()},
            "seals": [
                {
                    "sealed_on": seal.sealed_on.isoformat(),
                    "first_seq": seal.first_seq,
                    "seq": seal.last_seq,
                    "hash": seal.hash.hex(),
                    "merkle_root": seal.merkle_root.hex(),
                }
                for seal in self.seals
            ],
        }


def read_witness(told: Mapping[str, object]) -> Witness:
    """The witness in a JSON document.

    Raises:
        WitnessUnreadable: it is something else, or its days do not follow one another.
    """
    try:
        if told["format"] != FORMAT:
            raise WitnessUnreadable(f"its format is {told['format']!r}")
        head, seals = told["head"], told["seals"]
        if not isinstance(head, Mapping) or not isinstance(seals, Sequence):
            raise TypeError("head and seals")
        return Witness(
            book=str(told["book"]),
            timezone=str(told["timezone"]),
            head=Head(seq=int(head["seq"]), hash=bytes.fromhex(head["hash"])),
            seals=tuple(_seal(one) for one in seals),
        )
    except WitnessUnreadable:
        raise
    except (KeyError, ValueError, TypeError) as error:
        raise WitnessUnreadable(f"not a witness: {error!r}") from error


def _seal(told: Mapping[str, object]) -> Seal:
    return Seal(
        sealed_on=date.fromisoformat(str(told["sealed_on"])),
        first_seq=int(str(told["first_seq"])),
        last_seq=int(str(told["seq"])),
        hash=bytes.fromhex(str(told["hash"])),
        merkle_root=bytes.fromhex(str(told["merkle_root"])),
    )


def against_hashes(witness: Witness, hashes: Mapping[int, bytes], *, whole: bool) -> list[str]:
    """What entry hashes (by seq, of a book or a database) say otherwise than the witness; [] when they agree.

    Args:
        whole: whether `hashes` is the whole journal; if not, days that reach beyond it are looked at as far as they can be.
    """
    found = []
    if whole and witness.head.seq not in hashes and witness.head.seq:
        found.append(f"entry {witness.head.seq} was witnessed and is gone")
    for seq, published in sorted(witness.heads.items()):
        if hashes.get(seq, published) != published:
            found.append(f"entry {seq} was witnessed with another hash")
    for seal in witness.seals:
        covered = [hashes.get(seq) for seq in range(seal.first_seq, seal.last_seq + 1)]
        there = [one for one in covered if one is not None]
        if len(there) == len(covered) and merkle.root(there) != seal.merkle_root:
            found.append(
                f"the entries {seal.first_seq} to {seal.last_seq} are not those sealed on {seal.sealed_on}"
            )
    return found


def against_newer(older: Witness, newer: Witness) -> list[str]:
    """Why `newer` is not a continuation of `older`; [] when it is."""
    if (older.book, older.timezone) != (newer.book, newer.timezone):
        return [f"one is of {older.book} ({older.timezone}), the other of {newer.book} ({newer.timezone})"]
    found = [
        f"the seal of {before.sealed_on} says something else now"
        for before, now in zip(older.seals, newer.seals, strict=False)
        if before != now
    ]
    if len(newer.seals) < len(older.seals):
        found.append(f"{len(older.seals) - len(newer.seals)} sealed days are gone")
    if newer.head.seq < older.head.seq:
        found.append(f"the journal reached {older.head.seq} and now ends at {newer.head.seq}")
    if newer.heads.get(older.head.seq, older.head.hash) != older.head.hash:
        found.append(f"entry {older.head.seq} was witnessed with another hash")
    return found
