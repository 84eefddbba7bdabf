"""What a command does to a book: `decide(sheet, command, at=…) -> Accepted | Replayed | Rejected`. Pure.

Every store, replay and import goes through this one function. It reads a sheet and gives back rows; it touches neither
clock nor disk, draws no random number, and leaves the sheet as it is.

The invariants it keeps: the postings of an entry sum to zero in each commodity and layer; no account passes its floor or
ceiling with pending amounts counted, unless the correction was approved; a hold ends once and a transfer is reversed
once; nothing is dated into a closed month or onto an account that is closed or not yet open.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger import errors as no
from ledger.bodies import Body, body_of_command, body_of_entry, detail_of, differing
from ledger.chain import canonical_json, seal, uid_of
from ledger.check import check
from ledger.commands import (
    Adjust,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    EntryKind,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.rows import Entry, Head, Hold, HoldState, Posted, Posting, microseconds
from ledger.sheet import Place, Sheet
from ledger.values import Account, Layer, Leg

REVERSIBLE = frozenset({EntryKind.TRANSFER, EntryKind.ADJUST, EntryKind.SETTLE})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Rows to write, and where the head stands after them. The first entry answers the command."""

    entries: tuple[Entry, ...]
    accounts: tuple[Account, ...]
    holds: tuple[Hold, ...]
    head: Head

    @property
    def posted(self) -> Posted:
        return posted_from(self.entries[0], self.entries[1:])


@dataclass(frozen=True, slots=True)
class Replayed:
    """The key was known with the same body; nothing is to be written."""

    posted: Posted


@dataclass(frozen=True, slots=True)
class Rejected:
    """No. `remember` says whether the refusal is to be kept under its key."""

    refusal: no.LedgerRefusal
    remember: bool = False

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def fields(self) -> dict[str, object]:
        return self.refusal.fields


def decide(sheet: Sheet, command: Command, *, at: datetime) -> Accepted | Replayed | Rejected:
    """What `command` does, given what `sheet` knows, at the moment `at`."""
    malformed = screen(command)
    return Rejected(malformed) if malformed is not None else judge(sheet, command, at=at)


def screen(command: Command) -> no.Malformed | None:
    """What is wrong with the command itself, None when it is well formed."""
    try:
        check(command)
    except no.Malformed as refusal:
        return refusal
    return None


def judge(sheet: Sheet, command: Command, *, at: datetime) -> Accepted | Replayed | Rejected:
    """`decide` for a command that passed `screen`."""
    try:
        known = recall(sheet, command)
        return known if known is not None else accept(sheet, command, at=at)
    except no.Unmet as refusal:
        return Rejected(refusal, remember=True)
    except no.LedgerRefusal as refusal:
        return Rejected(refusal)


def recall(sheet: Sheet, command: Command) -> Replayed | Rejected | None:
    """The answer this key got before; None for a new key.

    Raises:
        KeyConflict: the key was used with another body.
    """
    uid = uid_of(sheet.book, command.key)
    entry = sheet.entries.get(uid)
    if entry is not None:

        def member(key: str) -> Entry:
            return sheet.entries[uid_of(sheet.book, key)]

        _same_or_conflict(command, entry.key, body_of_entry(entry, member))
        keys = json.loads(entry.detail)["keys"] if entry.kind is EntryKind.BATCH else ()
        return Replayed(replace(posted_from(entry, [member(key) for key in keys]), replayed=True))
    kept = sheet.remembered.get(uid)
    if kept is not None:
        _same_or_conflict(command, kept.key, json.loads(kept.body))
        return Rejected(no.refusal_from(kept.code, json.loads(kept.fields)))
    return None


def _same_or_conflict(command: Command, key: str, stored: Body) -> None:
    names = ["key"] if key != command.key else differing(stored, body_of_command(command))
    if names:
        raise no.KeyConflict(key=command.key, differing=names)


def posted_from(entry: Entry, members: Sequence[Entry] = ()) -> Posted:
    """The answer that `entry` stands for."""
    return Posted(
        uid=entry.uid,
        seq=entry.seq,
        hash=entry.hash,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        members=tuple(posted_from(member) for member in members) if members else (),
    )


def accept(sheet: Sheet, command: Command, *, at: datetime, batch: str = "") -> Accepted:
    """Rows for a well-formed command with a new key.

    Raises:
        LedgerRefusal: the book's state says no.
    """
    match command:
        case Transfer():
            return _move(sheet, command, at, batch, posted_legs(command.legs))
        case Adjust():
            return _move(sheet, command, at, batch, posted_legs(command.legs), waive=True)
        case PlaceHold():
            return _place_hold(sheet, command, at, batch)
        case SettleHold():
            return _settle(sheet, command, at, batch)
        case VoidHold() | ExpireHold():
            return _free(sheet, command, at, batch)
        case ReverseTransfer():
            return _reverse(sheet, command, at, batch)
        case OpenAccount():
            return _open(sheet, command, at, batch)
        case CloseAccount():
            return _close(sheet, command, at, batch)
        case ChangeLimits():
            return _change_limits(sheet, command, at, batch)
        case ClosePeriod():
            return _close_period(sheet, command, at)
        case Batch():
            return _batch(sheet, command, at)
    raise TypeError(f"not a command: {command!r}")


RawLeg = tuple[str, int, str, Layer]


def posted_legs(legs: Sequence[Leg]) -> list[RawLeg]:
    return [(leg[0], leg[1], leg[2], Layer.POSTED) for leg in legs]


def _pending_pair(payer: str, payee: str, amount: int, commodity: str) -> list[RawLeg]:
    return [(payer, amount, commodity, Layer.PENDING), (payee, -amount, commodity, Layer.PENDING)]


def _place_hold(sheet: Sheet, command: PlaceHold, at: datetime, batch: str) -> Accepted:
    legs = _pending_pair(command.payer, command.payee, command.amount, command.commodity)
    accepted = _move(sheet, command, at, batch, legs)
    entry = accepted.entries[0]
    hold = Hold(
        uid=entry.uid,
        payer=command.payer,
        payee=command.payee,
        commodity=command.commodity,
        amount=command.amount,
        expires_at_us=microseconds(command.expires_at),
        opened_seq=entry.seq,
    )
    return replace(accepted, holds=(hold,))


def _settle(sheet: Sheet, command: SettleHold, at: datetime, batch: str) -> Accepted:
    hold = _open_hold(sheet, command.hold)
    if hold.lapsed(at):
        raise no.HoldEnded(hold=hold.uid, state=HoldState.EXPIRED.value)
    if command.amount > hold.amount:
        raise no.OverSettlement(hold=hold.uid, amount=command.amount, held=hold.amount)
    payee = command.payee or hold.payee
    if payee == hold.payer:
        raise no.SameAccount(account=payee)
    legs = _pending_pair(hold.payer, hold.payee, -hold.amount, hold.commodity)
    legs.append((hold.payer, command.amount, hold.commodity, Layer.POSTED))
    legs.append((payee, -command.amount, hold.commodity, Layer.POSTED))
    accepted = _move(sheet, command, at, batch, legs, hold=hold.uid)
    seq = accepted.entries[0].seq
    ended = replace(hold, state=HoldState.SETTLED, settled=command.amount, ended_seq=seq)
    return replace(accepted, holds=(ended,))


def _free(sheet: Sheet, command: VoidHold | ExpireHold, at: datetime, batch: str) -> Accepted:
    hold = _open_hold(sheet, command.hold)
    expiring = isinstance(command, ExpireHold)
    if expiring and not hold.lapsed(at):
        raise no.HoldNotLapsed(hold=hold.uid, expires_at=hold.expires_at.isoformat())
    legs = _pending_pair(hold.payer, hold.payee, -hold.amount, hold.commodity)
    accepted = _move(sheet, command, at, batch, legs, hold=hold.uid)
    state = HoldState.EXPIRED if expiring else HoldState.VOIDED
    return replace(accepted, holds=(replace(hold, state=state, ended_seq=accepted.entries[0].seq),))


def _open_hold(sheet: Sheet, uid: str) -> Hold:
    hold = sheet.holds.get(uid)
    if hold is None:
        raise no.UnknownHold(hold=uid)
    if hold.state is not HoldState.PENDING:
        raise no.HoldEnded(hold=uid, state=hold.state.value)
    return hold


def _reverse(sheet: Sheet, command: ReverseTransfer, at: datetime, batch: str) -> Accepted:
    target = sheet.entries.get(command.transfer)
    if target is None:
        raise no.UnknownTransfer(transfer=command.transfer)
    if target.kind not in REVERSIBLE:
        raise no.NotReversible(transfer=target.uid, kind=target.kind.value)
    if target.uid in sheet.reversals:
        raise no.AlreadyReversed(transfer=target.uid, reversed_by=sheet.reversals[target.uid])
    legs = [
        (posting.account, -posting.amount, posting.commodity, Layer.POSTED)
        for posting in target.postings
        if posting.layer is Layer.POSTED
    ]
    return _move(sheet, command, at, batch, legs, reverses=target.uid, waive=bool(command.approved_by))


def _open(sheet: Sheet, command: OpenAccount, at: datetime, batch: str) -> Accepted:
    if command.commodity not in sheet.commodities:
        raise no.UnknownCommodity(commodity=command.commodity)
    if (command.code, command.commodity) in sheet.accounts:
        raise no.AccountExists(account=command.code, commodity=command.commodity)
    account = Account(
        code=command.code,
        commodity=command.commodity,
        kind=command.kind,
        floor=command.floor,
        ceiling=command.ceiling,
        opened_on=command.opened_on,
        label=command.label,
    )
    # An account starts at zero, so its bounds must allow zero.
    _within_bounds(account, account)
    return _enter(sheet, command, at, batch, [], accounts=(account,), effective_on=command.opened_on)


def _close(sheet: Sheet, command: CloseAccount, at: datetime, batch: str) -> Accepted:
    closed_on = command.effective_on or sheet.local_day(at)
    account = _usable(sheet, (command.code, command.commodity), closed_on)
    if account.balance or account.dr_pending or account.cr_pending:
        held = account.dr_pending + account.cr_pending
        raise no.AccountNotEmpty(account=account.code, balance=account.balance, pending=held)
    if account.last_on is not None and account.last_on > closed_on:
        raise no.AccountMovedLater(account=account.code, last_on=account.last_on.isoformat())
    return _enter(sheet, command, at, batch, [], accounts=(replace(account, closed_on=closed_on),))


def _change_limits(sheet: Sheet, command: ChangeLimits, at: datetime, batch: str) -> Accepted:
    day = command.effective_on or sheet.local_day(at)
    account = _usable(sheet, (command.code, command.commodity), day)
    account = replace(account, floor=command.floor, ceiling=command.ceiling, waived=False)
    _within_bounds(account, account)
    return _enter(sheet, command, at, batch, [], accounts=(account,))


def _within_bounds(account: Account, before: Account) -> None:
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


def _close_period(sheet: Sheet, command: ClosePeriod, at: datetime) -> Accepted:
    year, month = int(command.month[:4]), int(command.month[5:])
    last_day = date(year, month, calendar.monthrange(year, month)[1])
    closed = sheet.head.closed_through
    if closed is not None and last_day <= closed:
        raise no.PeriodClosed(effective_on=last_day.isoformat(), closed_through=closed.isoformat())
    if sheet.local_day(at) <= last_day:
        raise no.PeriodNotOver(month=command.month)
    accepted = _enter(sheet, command, at, "", [])
    return replace(accepted, head=replace(accepted.head, closed_through=last_day))


def _batch(sheet: Sheet, command: Batch, at: datetime) -> Accepted:
    """The header entry, then every member's, or nothing at all."""
    header = _enter(sheet, command, at, "", [])
    trial = sheet.scratch()
    trial.apply(header.entries, (), (), header.head)
    for position, member in enumerate(command.commands, start=1):
        try:
            known = recall(trial, member)
            if known is not None:
                raise no.KeyConflict(key=member.key, differing=["batch"])
            accepted = accept(trial, member, at=at, batch=header.entries[0].uid)
        except no.LedgerRefusal as refusal:
            raise no.BatchRefused(
                position=position, key=member.key, member_code=refusal.code, member_fields=refusal.fields
            ) from refusal
        trial.apply(accepted.entries, accepted.accounts, accepted.holds, accepted.head)
    changes = trial.changes
    assert len(changes.entries) == len(command.commands) + 1
    return Accepted(
        entries=tuple(changes.entries),
        accounts=tuple(changes.accounts.values()),
        holds=tuple(changes.holds.values()),
        head=trial.head,
    )


def _move(
    sheet: Sheet,
    command: Command,
    at: datetime,
    batch: str,
    legs: Sequence[RawLeg],
    *,
    hold: str = "",
    reverses: str = "",
    waive: bool = False,
) -> Accepted:
    """An entry whose legs move amounts, with every account's lifetime and bounds looked at."""
    effective_on = command.effective_on or sheet.local_day(at)
    opening = command.kind_of_entry is EntryKind.HOLD
    moved: dict[Place, Account] = {}
    postings: list[Posting] = []
    for number, (code, amount, commodity, layer) in enumerate(legs):
        place = (code, commodity)
        account = moved.get(place) or _usable(sheet, place, effective_on)
        account = moved[place] = _after(account, amount, layer, opening, effective_on)
        postings.append(
            Posting(
                leg=number,
                account=code,
                commodity=commodity,
                amount=amount,
                layer=layer,
                dr_posted=account.dr_posted,
                cr_posted=account.cr_posted,
                dr_pending=account.dr_pending,
                cr_pending=account.cr_pending,
                version=account.version,
            )
        )
    accounts = tuple(_bounded(sheet.accounts[place], account, waive) for place, account in moved.items())
    return _enter(sheet, command, at, batch, postings, accounts=accounts, hold=hold, reverses=reverses)


def _usable(sheet: Sheet, place: Place, effective_on: date) -> Account:
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
    dr_posted, cr_posted = account.dr_posted, account.cr_posted
    dr_pending, cr_pending = account.dr_pending, account.cr_pending
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
    assert min(dr_pending, cr_pending) >= 0, "a hold gives back no more than it took"
    assert max(dr_posted, cr_posted) < 2**63, "counters fit the database"
    last_on = effective_on if account.last_on is None or account.last_on < effective_on else account.last_on
    return Account(
        code=account.code,
        commodity=account.commodity,
        kind=account.kind,
        floor=account.floor,
        ceiling=account.ceiling,
        opened_on=account.opened_on,
        closed_on=account.closed_on,
        label=account.label,
        waived=account.waived,
        dr_posted=dr_posted,
        cr_posted=cr_posted,
        dr_pending=dr_pending,
        cr_pending=cr_pending,
        version=account.version + 1,
        last_on=last_on,
    )


def _bounded(before: Account, after: Account, waive: bool) -> Account:
    """`after`, unless it is further beyond a bound than `before` was and nobody approved that."""
    available, prospective = after.levels
    too_low = after.floor is not None and available < after.floor
    too_high = after.ceiling is not None and prospective > after.ceiling
    if (too_low or too_high) and not waive:
        available_before, prospective_before = before.levels
        if too_low and available < available_before:
            _within_bounds(after, before)
        if too_high and prospective > prospective_before:
            _within_bounds(replace(after, floor=None), before)
    waived = too_low or too_high
    return after if waived == after.waived else replace(after, waived=waived)


def _enter(
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
    # The book's clock never runs backwards, whatever the machine's clock does.
    recorded_at_us = max(microseconds(at), head.recorded_at_us)
    entry = Entry(
        seq=head.seq + 1,
        uid=uid_of(sheet.book, command.key),
        key=command.key,
        kind=command.kind_of_entry,
        reason=command.reason,
        hold=hold,
        reverses=reverses,
        batch=batch,
        effective_on=effective_on,
        occurred_at_us=recorded_at_us if command.occurred_at is None else microseconds(command.occurred_at),
        recorded_at_us=recorded_at_us,
        actor=command.actor,
        memo=command.memo,
        meta=canonical_json(command.meta),
        detail=canonical_json(detail_of(command)),
        postings=tuple(postings),
    )
    seal(head.hash, sheet.book, entry)
    after = Head(
        seq=entry.seq, hash=entry.hash, recorded_at_us=recorded_at_us, closed_through=head.closed_through
    )
    return Accepted(entries=(entry,), accounts=accounts, holds=(), head=after)


def _assert_balanced(postings: Sequence[Posting]) -> None:
    """Our own code guarantees it, and the ledger stops rather than write an entry that does not balance."""
    sums: dict[tuple[str, Layer], int] = {}
    for posting in postings:
        place = (posting.commodity, posting.layer)
        sums[place] = sums.get(place, 0) + posting.amount
    assert not any(sums.values()), f"postings do not sum to zero: {sums}"
