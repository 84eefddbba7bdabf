"""The rule of `ledger.decide` a second time, for plain transfers only: in one pass over mutable counters straight to rows.

A plain transfer has a new key, accounts that are open and within their bounds before and after, a day in an open month, and
no hold that has lapsed. The pass stops at the first command that is anything else, and that one and the rest go the long way.
The same rule in two spellings is held equal, row by row and hash by hash, by the ten thousand commands, by the machine and by
the recorded answers of TigerBeetle (`tests/ledger`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from zoneinfo import ZoneInfo

from ledger.chain import UID_DOMAIN, canonical_json, pack
from ledger.commands import EntryKind, Transfer
from ledger.horizon import Reach
from ledger.rows import Head, Posted, microseconds, moment
from ledger.sequence import Request
from ledger.sheet import Place
from ledger.values import Account, Leg

Row = tuple[object, ...]

TRANSFER = EntryKind.TRANSFER


class Standing:
    """One account as the last post left it, with counters that a pass may move.

    Attributes:
        number: its number among the book's accounts.
        account: what a pass does not change; its counters are those of the moment it was taken in.
    """

    __slots__ = (
        "account",
        "ceiling",
        "cr",
        "cr_pending",
        "dr",
        "dr_pending",
        "floor",
        "grows_by_credit",
        "last_on",
        "number",
        "opened_on",
        "unusual",
        "version",
    )

    def __init__(self, number: int, account: Account) -> None:
        self.number = number
        self.account = account
        self.floor, self.ceiling = account.floor, account.ceiling
        self.grows_by_credit = account.kind.grows_by_credit
        self.opened_on = account.opened_on
        self.last_on = account.last_on or date.min
        self.unusual = account.closed_on is not None or account.waived
        self.dr, self.cr, self.dr_pending, self.cr_pending, self.version = account.counters

    def as_account(self) -> Account:
        """The account with the counters as they stand."""
        account = self.account
        if self.version == account.version:
            return account
        counters = (self.dr, self.cr, self.dr_pending, self.cr_pending, self.version)
        self.account = account.moved(self.last_on, counters)
        return self.account


@dataclass(slots=True)
class Plain:
    """What a pass came to: the answers of the first commands, the rows they make, and the head after them."""

    head: Head
    answers: list[Posted] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    moved: dict[int, Standing] = field(default_factory=dict)


def uids_of(book: str, requests: Iterable[Request]) -> list[str]:
    """The uids of many keys, as `ledger.chain.uid_of` makes them."""
    start = UID_DOMAIN + b"\0" + book.encode() + b"\0"
    return [sha256(start + command.key.encode()).hexdigest()[:24] for command, _ in requests]


def plain_run(
    *,
    book: str,
    book_id: int,
    zone: ZoneInfo,
    head: Head,
    standings: Mapping[Place, Standing],
    requests: Sequence[Request],
    uids: Sequence[str],
    reach: Reach | None,
    held: Container[str] = (),
    next_lapse_us: int | None = None,
) -> Plain:
    """Post the commands one after another as far as they are plain; the standings named are moved.

    Args:
        uids: of the requests, in order; none of them is known to the book.
        held: accounts with an open hold in any commodity.
        next_lapse_us: when the next open hold of the book lapses, None for never.
    """
    done = Plain(head)
    answers, transfers, postings, moved_accounts = done.answers, done.transfers, done.postings, done.moved
    seq, previous, clock_us, closed_through = head
    last_at = today = last_day_named = None
    first_day, last_day = date.min, date.max
    us, us_text, day_text = 0, "", ""
    lapsing: Container[str] = ()
    seen: set[str] = set()
    for (command, at), uid in zip(requests, uids, strict=True):
        if type(command) is not Transfer or uid in seen:
            break
        seen.add(uid)
        if at is not last_at:
            last_at = at
            us = microseconds(at)
            latest_us = None if reach is None else reach.latest_us(clock_us)
            if latest_us is not None and us > latest_us:
                break
            us = max(us, clock_us)
            us_text = str(us)
            lapsing = held if next_lapse_us is not None and next_lapse_us <= us else ()
            today = moment(us).astimezone(zone).date()
            if reach is not None:
                first_day, last_day = reach.days(zone, at)
        day = command.effective_on
        if day is None:
            day = today
        elif not first_day <= day <= last_day:
            break
        assert day is not None
        if closed_through is not None and day <= closed_through:
            break
        occurred_us, occurred_text = us, us_text
        if command.occurred_at is not None:
            if not first_day <= command.occurred_at.astimezone(zone).date() <= last_day:
                break
            occurred_us = microseconds(command.occurred_at)
            occurred_text = str(occurred_us)
        legs = command.legs
        moved = _moved(legs, day, standings, lapsing)
        if moved is None:
            break
        seq += 1
        clock_us = us
        if day is not last_day_named:
            last_day_named, day_text = day, day.isoformat()
        key, reason, actor, memo = command.key, command.reason, command.actor, command.memo
        meta = canonical_json(command.meta) if command.meta else ""
        fields = [
            book, str(seq), uid, key, "transfer", reason, "", "", "", day_text, occurred_text, us_text, actor, memo, meta, ""
        ]  # fmt: skip
        for leg, one in enumerate(moved):
            code, amount, commodity = legs[leg]
            fields += (code, commodity, str(amount), "posted")
            number = one.number
            postings.append(
                (book_id, seq, leg, number, amount, "posted", one.dr, one.cr, one.dr_pending, one.cr_pending, one.version)
            )  # fmt: skip
            moved_accounts[number] = one
        previous = sha256(previous + pack(fields)).digest()
        transfers.append(
            (book_id, seq, uid, key, "transfer", reason, None, None, None, day_text, occurred_us, us, actor, memo, meta,
             "", previous)
        )  # fmt: skip
        answers.append(Posted._make((uid, seq, previous, us, TRANSFER, False, ())))
    done.head = Head(seq, previous, clock_us, closed_through)
    return done


def _moved(
    legs: Sequence[Leg], day: date, standings: Mapping[Place, Standing], lapsing: Container[str]
) -> list[Standing] | None:
    """The accounts of the legs, each moved by its leg; None, and nothing moved, when one of them is in any way unusual."""
    moved: list[Standing] = []
    total = 0
    for code, amount, commodity in legs:
        one = standings.get((code, commodity))
        if one is None or one.unusual or day < one.opened_on:
            break
        if lapsing and code in lapsing:
            break
        total += amount
        if amount > 0:
            one.dr += amount
        else:
            one.cr -= amount
        moved.append(one)
        owed = one.cr - one.dr
        if one.grows_by_credit:
            if one.floor is not None and owed - one.dr_pending < one.floor:
                break
            if one.ceiling is not None and owed + one.cr_pending > one.ceiling:
                break
        else:
            if one.floor is not None and -owed - one.cr_pending < one.floor:
                break
            if one.ceiling is not None and one.dr_pending - owed > one.ceiling:
                break
    else:
        assert total == 0, "what is screened sums to zero"
        for one in moved:
            one.version += 1
            if one.last_on < day:
                one.last_on = day
        return moved
    for one, (_, amount, _) in zip(moved, legs, strict=False):
        if amount > 0:
            one.dr -= amount
        else:
            one.cr += amount
    return None
