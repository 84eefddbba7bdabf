"""One entry on top of the head, and what its legs do to the accounts: lifetimes, counters, bounds, sums.

Every command ends here; what each command means is told in `ledger.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ledger import errors as no
from ledger.answers import Accepted
from ledger.bodies import detail_of
from ledger.chain import canonical_json, seal, uid_of
from ledger.commands import Command, EntryKind
from ledger.rows import Entry, Head, Posting, microseconds
from ledger.sheet import Place, Sheet
from ledger.values import Account, Layer

RawLeg = tuple[str, int, str, Layer]
"""Account code, amount, commodity, layer."""


def move(
    sheet: Sheet,
    command: Command,
    at: datetime,
    batch: str,
    legs: Sequence[RawLeg],
    *,
    hold: str = "",
    reverses: str = "",
    waive: bool = False,
    effective_on: date | None = None,
) -> Accepted:
    """An entry whose legs move amounts, with every account's lifetime and bounds looked at."""
    effective_on = effective_on or command.effective_on or sheet.local_day(at)
    opening = command.kind_of_entry is EntryKind.HOLD
    moved: dict[Place, Account] = {}
    postings: list[Posting] = []
    for number, (code, amount, commodity, layer) in enumerate(legs):
        place = (code, commodity)
        account = moved.get(place) or usable(sheet, place, effective_on)
        account = moved[place] = _after(account, amount, layer, opening, effective_on)
        postings.append(Posting(number, code, commodity, amount, layer, *account.counters))
    before = sheet.accounts
    accounts = tuple([_bounded(before[place], account, waive) for place, account in moved.items()])
    return enter(
        sheet,
        command,
        at,
        batch,
        postings,
        accounts=accounts,
        effective_on=effective_on,
        hold=hold,
        reverses=reverses,
    )


def usable(sheet: Sheet, place: Place, effective_on: date) -> Account:
    account = sheet.accounts.get(place)
    code, commodity = place
    if account is None:
        if any(known == code for known, _ in sheet.accounts):
            raise no.ForeignCommodity(account=code, commodity=commodity)
        raise no.UnknownAccount(account=code, commodity=commodity)
    if account.closed_on is not None:
        raise no.AccountClosed(account=code, closed_on=account.closed_on.isoformat())
    if effective_on < account.opened_on:
        raise no.AccountNotYetOpen(account=code, opened_on=account.opened_on.isoformat())
    return account


def _after(account: Account, amount: int, layer: Layer, opening: bool, effective_on: date) -> Account:
    """The account with one more posting. In the pending layer the sign of a hold's end is the opposite of its start."""
    dr_posted, cr_posted, dr_pending, cr_pending, version = account.counters
    if layer is Layer.POSTED:
        if amount > 0:
            dr_posted += amount
        else:
            cr_posted -= amount
    elif (amount > 0) == opening:
        dr_pending += amount
    else:
        cr_pending -= amount
    assert amount != 0, "a posting moves something"
    assert dr_pending >= 0, "a hold gives back no more than it took"
    assert cr_pending >= 0, "a hold gives back no more than it took"
    assert dr_posted < 2**63, "counters fit the database"
    assert cr_posted < 2**63, "counters fit the database"
    last_on = effective_on if account.last_on is None or account.last_on < effective_on else account.last_on
    return account.moved(last_on, (dr_posted, cr_posted, dr_pending, cr_pending, version + 1))


def _bounded(before: Account, after: Account, waive: bool) -> Account:
    """`after`, unless it is further beyond a bound than `before` was and nobody approved that."""
    floor, ceiling = after.floor, after.ceiling
    if floor is None and ceiling is None and not after.waived:
        return after
    available, prospective = after.levels
    too_low = floor is not None and available < floor
    too_high = ceiling is not None and prospective > ceiling
    if (too_low or too_high) and not waive:
        available_before, prospective_before = before.levels
        if too_low and available < available_before:
            within_bounds(after, before)
        if too_high and prospective > prospective_before:
            within_bounds(after._replace(floor=None), before)
    waived = too_low or too_high
    return after if waived == after.waived else after._replace(waived=waived)


def within_bounds(account: Account, before: Account) -> None:
    """Refuses an account that stands beyond a bound, whichever way it came there."""
    if account.floor is not None and account.available < account.floor:
        raise no.BelowFloor(
            account=account.code,
            commodity=account.commodity,
            available=before.available,
            needed=before.available - account.available,
            floor=account.floor,
        )
    if account.ceiling is not None and account.prospective > account.ceiling:
        raise no.AboveCeiling(
            account=account.code,
            commodity=account.commodity,
            would_be=account.prospective,
            ceiling=account.ceiling,
        )


def enter(
    sheet: Sheet,
    command: Command,
    at: datetime,
    batch: str,
    postings: Sequence[Posting],
    *,
    accounts: tuple[Account, ...] = (),
    effective_on: date | None = None,
    hold: str = "",
    reverses: str = "",
) -> Accepted:
    """One chained entry on top of the head."""
    head = sheet.head
    effective_on = effective_on or command.effective_on or sheet.local_day(at)
    if head.closed_through is not None and effective_on <= head.closed_through:
        raise no.PeriodClosed(
            effective_on=effective_on.isoformat(), closed_through=head.closed_through.isoformat()
        )
    _assert_balanced(postings)
    recorded_at_us = microseconds(at)
    if command.kind_of_entry is not EntryKind.CLOCK:
        # The book's clock never runs backwards, whatever the machine's clock does.
        recorded_at_us = max(recorded_at_us, head.recorded_at_us)
    entry = seal(
        head.hash,
        sheet.book,
        Entry(
            head.seq + 1,
            uid_of(sheet.book, command.key),
            command.key,
            command.kind_of_entry,
            command.reason,
            effective_on,
            recorded_at_us if command.occurred_at is None else microseconds(command.occurred_at),
            recorded_at_us,
            command.actor,
            command.memo,
            canonical_json(command.meta),
            canonical_json(detail_of(command)),
            tuple(postings),
            hold,
            reverses,
            batch,
        ),
    )
    after = Head(entry.seq, entry.hash, recorded_at_us, head.closed_through)
    return Accepted(entries=(entry,), accounts=accounts, holds=(), head=after)


def _assert_balanced(postings: Sequence[Posting]) -> None:
    """Our own code guarantees it, and the ledger stops rather than write an entry that does not balance."""
    sums: dict[tuple[str, Layer], int] = {}
    for _, _, commodity, amount, layer, _, _, _, _, _ in postings:
        sums[commodity, layer] = sums.get((commodity, layer), 0) + amount
    assert not any(sums.values()), f"postings do not sum to zero: {sums}"
