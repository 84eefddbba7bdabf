"""What of a month is published together: where the log and the book stand, and how much attendance came to hours by then.

Whoever can rewrite the whole database can make everything in it agree. It will not agree with what hangs on the notice board, stands in
the month's book or lies in a partner unit's drawer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from timebank.rules.parts.statements import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain of the audit log ends: that of a community, or the installation's own, named ""."""

    chain: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Parts that came to hours in the book, and their minutes; what was taken back again is in neither."""

    parts: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published of a month.

    Attributes:
        logs: the community's own log, and the installation's.
        seq, book_hash: the last entry of the book then.
        sums: attendance up to that entry.
    """

    community: str
    month: str
    at: datetime
    logs: tuple[Head, ...]
    seq: int
    book_hash: str
    sums: Sums

    @property
    def log(self) -> Head | None:
        """The community's own log; None where it had none yet."""
        return next((one for one in self.logs if one.chain == self.community), None)

    def as_text(self) -> str:
        """The same, as JSON; `read_published` reads it back."""
        return json.dumps(
            {**witnessed(self.logs, self.sums), "book": {"seq": self.seq, "hash": self.book_hash}}
        )


def witnessed(logs: Iterable[Head], sums: Sums) -> dict[str, object]:
    """What stands in a witness file beside the book's days, JSON-ready."""
    return {
        "logs": [{"chain": one.chain, "number": one.number, "hash": one.hash} for one in logs],
        "attendance": {"parts": sums.parts, "minutes": sums.minutes},
    }


def read_logs(told: Mapping[str, object]) -> tuple[Head, ...]:
    """The heads in a witness file or a publication; none in a file of an earlier version.

    Raises:
        ValueError: something else stands there.
    """
    logs = told.get("logs", [])
    if not isinstance(logs, list):
        raise ValueError("logs")
    try:
        return tuple(
            Head(chain=str(one["chain"]), number=int(one["number"]), hash=str(one["hash"])) for one in logs
        )
    except (TypeError, KeyError) as error:
        raise ValueError("logs") from error


def read_sums(told: Mapping[str, object]) -> Sums | None:
    """The sums in a witness file or a publication; None in a file of an earlier version.

    Raises:
        ValueError: something else stands there.
    """
    if "attendance" not in told:
        return None
    try:
        sums = told["attendance"]
        return Sums(parts=int(sums["parts"]), minutes=int(sums["minutes"]))  # type: ignore[index]
    except (TypeError, KeyError) as error:
        raise ValueError("attendance") from error


def read_published(community: str, month: str, at: datetime, text: str) -> Published:
    """A publication as it was kept.

    Raises:
        ValueError: it is something else.
    """
    try:
        told = json.loads(text)
        sums = read_sums(told)
        if sums is None:
            raise ValueError("attendance")
        return Published(
            community=community, month=month, at=at, logs=read_logs(told), seq=int(told["book"]["seq"]),
            book_hash=str(told["book"]["hash"]), sums=sums,
        )  # fmt: skip
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"what was published of {month} cannot be read") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedWord:
    """The book's own statement about a part: posted by an entry, with so many minutes."""

    part: str
    what: Said
    minutes: int | None
    transfer_uid: str


class Posted(Protocol):
    """What matters of an entry of the book here."""

    @property
    def seq(self) -> int: ...
    @property
    def uid(self) -> str: ...
    @property
    def batch(self) -> str: ...
    @property
    def reverses(self) -> str: ...


def sums_of(words: Iterable[PostedWord], entries: Iterable[Posted], *, upto: int) -> Sums:
    """What attendance had come to when the book stood at an entry, whatever was said or posted later."""
    return sums_at(words, entries, [upto])[upto]


def sums_at(words: Iterable[PostedWord], entries: Iterable[Posted], uptos: Iterable[int]) -> dict[int, Sums]:
    """What attendance had come to when the book stood at each of some entries.

    Args:
        entries: the whole journal in order of seq, or at least up to the last of those.
        uptos: the seqs of those entries; 0 for an empty book.
    """
    by_transfer: dict[str, list[PostedWord]] = defaultdict(list)
    for word in words:
        if word.what is Said.POSTED and word.transfer_uid:
            by_transfer[word.transfer_uid].append(word)
    standing: dict[str, list[PostedWord]] = {}
    batch_of: dict[str, str] = {}
    ends, found = sorted(set(uptos)), {}
    for one in entries:
        while ends and one.seq > ends[0]:
            found[ends.pop(0)] = _summed(standing)
        if not ends:
            break
        batch_of[one.uid] = one.batch
        for uid in (one.uid, one.batch):
            if uid in by_transfer:  # once: what was taken back does not stand again
                standing[uid] = by_transfer.pop(uid)
        if one.reverses:
            standing.pop(one.reverses, None)
            standing.pop(batch_of.get(one.reverses, ""), None)
    return {**found, **{end: _summed(standing) for end in ends}}


def _summed(standing: Mapping[str, Sequence[PostedWord]]) -> Sums:
    words = [word for some in standing.values() for word in some]
    return Sums(parts=len({word.part for word in words}), minutes=sum(word.minutes or 0 for word in words))


def directive(published: Published) -> str:
    """What was published, as a directive at the end of the month's beancount book."""
    first = date.fromisoformat(f"{published.month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    lines = [f'{after} custom "published" "{published.month}"']
    for one in published.logs:
        name = "log" if one.chain == published.community else "installation"
        lines += [f"  {name}_line: {one.number}", f'  {name}_hash: "{one.hash}"']
    lines += [f"  book_seq: {published.seq}", f'  book_hash: "{published.book_hash}"']
    lines += [f"  attended_parts: {published.sums.parts}", f"  attended_minutes: {published.sums.minutes}"]
    return "\n" + "\n".join(lines) + "\n"
