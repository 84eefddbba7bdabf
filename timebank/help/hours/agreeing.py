"""Whether what lists say of hours is what the book says: each part with hours against the entry that it names, and back.

The book proves itself by its chain; the columns of a part prove nothing. Somebody with the database file could write other
minutes beside a name, and every list, record and certificate would show them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.rows import Entry
from ledger.values import Layer
from timebank.context import Context, member_account
from timebank.rules.parts.attendance import State
from timebank.store.rows import typed_all

_MEMBERS = member_account("")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedPart:
    """What a part says of its hours."""

    uid: str
    state: str
    minutes_credited: int
    transfer_uid: str


async def disagreements(ctx: Context, community: str, entries: Sequence[Entry]) -> list[str]:
    """One sentence for each part and entry of a community that say different things; opaque ids only."""
    rows = await ctx.engine.fetch(
        "SELECT a.uid, a.state, a.minutes_credited, a.transfer_uid FROM tb_attendance a"
        " JOIN tb_service s ON s.uid = a.service WHERE s.community = ? ORDER BY a.uid",
        [community],
    )
    return list(compared(typed_all(PostedPart, rows), entries))


def compared(parts: Sequence[PostedPart], entries: Iterable[Entry]) -> Iterator[str]:
    """The same over rows that are there."""
    about: dict[str, list[Entry]] = defaultdict(list)
    taken_back: set[str] = set()
    for entry in entries:
        if entry.reverses:
            taken_back.add(entry.reverses)
        elif part_uid := str(json.loads(entry.meta or "{}").get("attendance", "")):
            about[part_uid].append(entry)
    for part in parts:
        # What pays a part may be several entries: out of what was set aside, and the rest.
        standing = [one for one in about.pop(part.uid, ()) if one.uid not in taken_back]
        if part.state != State.POSTED:
            continue
        named = {uid for one in standing for uid in (one.uid, one.batch) if uid}
        minutes = sum(map(_to_members, standing))
        if part.transfer_uid and part.transfer_uid not in named:
            yield f"part {part.uid}: names an entry that is not its own"
        elif part.minutes_credited and not part.transfer_uid:
            yield f"part {part.uid}: {part.minutes_credited} minutes and no entry in the book"
        elif minutes != part.minutes_credited:
            yield f"part {part.uid}: {part.minutes_credited} minutes, {minutes} in the book"
    for uid in sorted(about):
        yield f"part {uid}: stands in the book and is not there"


def _to_members(entry: Entry) -> int:
    """Minutes that an entry gives to members; what another member pays for it stands on the other side."""
    given = (
        -one.amount
        for one in entry.postings
        if one.layer is Layer.POSTED and one.account.startswith(_MEMBERS)
    )
    return sum(amount for amount in given if amount > 0)
