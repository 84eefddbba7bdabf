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
from dataclasses import replace
from datetime import date, datetime, timedelta

from ledger import errors as no
from ledger.answers import Accepted, Rejected, Replayed, posted_from
from ledger.bodies import Body, body_of_command, body_of_entry, differing
from ledger.chain import uid_of
from ledger.check import check
from ledger.commands import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    EntryKind,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ResetClock,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.horizon import Reach
from ledger.moving import RawLeg, enter, move, usable, within_bounds
from ledger.rows import Entry, Hold, HoldState, microseconds, moment
from ledger.sheet import Sheet
from ledger.values import Account, Layer, Leg

REVERSIBLE = frozenset({EntryKind.TRANSFER, EntryKind.ADJUST, EntryKind.SETTLE, EntryKind.REVERSE})

CLOCK_AHEAD = timedelta(days=1)
"""A clock that is ahead by less is left to time, which heals it."""


def decide(
    sheet: Sheet, command: Command, *, at: datetime, reach: Reach | None = None
) -> Accepted | Replayed | Rejected:
    """What `command` does, given what `sheet` knows, at the moment `at`; `reach` bounds its moments and days."""
    malformed = screen(command)
    return Rejected(malformed) if malformed is not None else judge(sheet, command, at=at, reach=reach)


def screen(command: Command) -> no.Malformed | None:
    """What is wrong with the command itself, None when it is well formed."""
    try:
        check(command)
    except no.Malformed as refusal:
        return refusal
    return None


def judge(
    sheet: Sheet,
    command: Command,
    *,
    at: datetime,
    reach: Reach | None = None,
    asked_at: datetime | None = None,
) -> Accepted | Replayed | Rejected:
    """`decide` for a command that passed `screen`; `asked_at` where `at` is the book's own, later time."""
    try:
        known = recall(sheet, command)
        if known is not None:
            return known
        if reach is not None:
            reach.check(sheet, command, asked_at or at)
        return accept(sheet, command, at=at)
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
        return Replayed(posted_from(entry, [member(key) for key in keys])._replace(replayed=True))
    kept = sheet.remembered.get(uid)
    if kept is not None:
        _same_or_conflict(command, kept.key, json.loads(kept.body))
        return Rejected(no.refusal_from(kept.code, json.loads(kept.fields)))
    return None


def _same_or_conflict(command: Command, key: str, stored: Body) -> None:
    names = ["key"] if key != command.key else differing(stored, body_of_command(command))
    if names:
        raise no.KeyConflict(key=command.key, differing=names)


def accept(sheet: Sheet, command: Command, *, at: datetime, batch: str = "") -> Accepted:
    """Rows for a well-formed command with a new key.

    Raises:
        LedgerRefusal: the book's state says no.
    """
    match command:
        case Transfer():
            return move(sheet, command, at, batch, _posted_legs(command.legs))
        case Adjust():
            return move(sheet, command, at, batch, _posted_legs(command.legs), waive=True)
        case BalancingTransfer():
            return _balance_off(sheet, command, at, batch)
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
        case ReopenAccount():
            return _reopen(sheet, command, at, batch)
        case ResetClock():
            return _reset_clock(sheet, command, at)
        case ChangeLimits():
            return _change_limits(sheet, command, at, batch)
        case ClosePeriod():
            return _close_period(sheet, command, at)
        case Batch():
            return _batch(sheet, command, at)
    raise TypeError(f"not a command: {command!r}")


def _posted_legs(legs: Sequence[Leg]) -> list[RawLeg]:
    return [(leg[0], leg[1], leg[2], Layer.POSTED) for leg in legs]


def _pending_pair(payer: str, payee: str, amount: int, commodity: str) -> list[RawLeg]:
    return [(payer, amount, commodity, Layer.PENDING), (payee, -amount, commodity, Layer.PENDING)]


def _place_hold(sheet: Sheet, command: PlaceHold, at: datetime, batch: str) -> Accepted:
    legs = _pending_pair(command.payer, command.payee, command.amount, command.commodity)
    accepted = move(sheet, command, at, batch, legs)
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
    return accepted._replace(holds=(hold,))


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
    accepted = move(sheet, command, at, batch, legs, hold=hold.uid)
    seq = accepted.entries[0].seq
    ended = replace(hold, state=HoldState.SETTLED, settled=command.amount, ended_seq=seq)
    return accepted._replace(holds=(ended,))


def _free(sheet: Sheet, command: VoidHold | ExpireHold, at: datetime, batch: str) -> Accepted:
    hold = _open_hold(sheet, command.hold)
    expiring = isinstance(command, ExpireHold)
    if expiring and not hold.lapsed(at):
        raise no.HoldNotLapsed(hold=hold.uid, expires_at=hold.expires_at.isoformat())
    legs = _pending_pair(hold.payer, hold.payee, -hold.amount, hold.commodity)
    accepted = move(sheet, command, at, batch, legs, hold=hold.uid)
    state = HoldState.EXPIRED if expiring else HoldState.VOIDED
    return accepted._replace(holds=(replace(hold, state=state, ended_seq=accepted.entries[0].seq),))


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
    # What was dated into the future by mistake is taken back on that same day: until then neither counts.
    on = command.effective_on or max(sheet.local_day(at), target.effective_on)
    waive = bool(command.approved_by)
    return move(sheet, command, at, batch, legs, reverses=target.uid, waive=waive, effective_on=on)


def _balance_off(sheet: Sheet, command: BalancingTransfer, at: datetime, batch: str) -> Accepted:
    on = command.effective_on or sheet.local_day(at)
    payer = usable(sheet, (command.payer, command.commodity), on)
    amount = payer.available - (payer.floor or 0)
    if command.at_most is not None:
        amount = min(amount, command.at_most)
    if amount <= 0:
        raise no.NothingToMove(account=payer.code, available=payer.available, floor=payer.floor)
    legs = [
        (command.payer, amount, command.commodity, Layer.POSTED),
        (command.payee, -amount, command.commodity, Layer.POSTED),
    ]
    if not payer.kind.grows_by_credit:
        legs = [(code, -moved, commodity, layer) for code, moved, commodity, layer in legs]
    return move(sheet, command, at, batch, legs)


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
    within_bounds(account, account)
    return enter(sheet, command, at, batch, [], accounts=(account,), effective_on=command.opened_on)


def _close(sheet: Sheet, command: CloseAccount, at: datetime, batch: str) -> Accepted:
    closed_on = command.effective_on or sheet.local_day(at)
    account = usable(sheet, (command.code, command.commodity), closed_on)
    if account.balance or account.dr_pending or account.cr_pending:
        held = account.dr_pending + account.cr_pending
        raise no.AccountNotEmpty(account=account.code, balance=account.balance, pending=held)
    if (
        account.last_on is not None
        and account.last_on > closed_on
        and _stands_later(sheet, account, closed_on)
    ):
        raise no.AccountMovedLater(account=account.code, last_on=account.last_on.isoformat())
    return enter(sheet, command, at, batch, [], accounts=(account._replace(closed_on=closed_on),))


def _stands_later(sheet: Sheet, account: Account, day: date) -> bool:
    """Whether a posting of the account counts for a later day and was not taken back; all such are on the sheet."""
    place = (account.code, account.commodity)
    return any(
        entry.effective_on > day
        and any((leg.account, leg.commodity) == place and leg.layer is Layer.POSTED for leg in entry.postings)
        and _stands(sheet, entry)
        for entry in sheet.entries.values()
    )


def _stands(sheet: Sheet, entry: Entry) -> bool:
    """Whether the first entry of this chain of reversals has an effect, however often that was changed."""
    while entry.reverses:
        entry = sheet.entries[entry.reverses]
    stands = True
    uid = entry.uid
    while uid in sheet.reversals:
        uid = sheet.reversals[uid]
        stands = not stands
    return stands


def _reopen(sheet: Sheet, command: ReopenAccount, at: datetime, batch: str) -> Accepted:
    place = (command.code, command.commodity)
    account = sheet.accounts.get(place)
    if account is None or account.closed_on is None:
        account = usable(sheet, place, date.max)
        raise no.AccountNotClosed(account=command.code)
    on = command.effective_on or max(sheet.local_day(at), account.closed_on)
    if on < account.closed_on:
        raise no.AccountClosed(account=command.code, closed_on=account.closed_on.isoformat())
    account = account._replace(closed_on=None)
    return enter(sheet, command, at, batch, [], accounts=(account,), effective_on=on)


def _reset_clock(sheet: Sheet, command: ResetClock, at: datetime) -> Accepted:
    head = sheet.head
    ahead = moment(head.recorded_at_us)
    if ahead - at < CLOCK_AHEAD:
        raise no.ClockNotAhead(recorded_at=ahead.isoformat())
    on = command.effective_on or sheet.local_day(at)
    if head.closed_through is not None:
        on = max(on, head.closed_through + timedelta(days=1))
    return enter(sheet, command, at, "", [], effective_on=on)


def _change_limits(sheet: Sheet, command: ChangeLimits, at: datetime, batch: str) -> Accepted:
    day = command.effective_on or sheet.local_day(at)
    account = usable(sheet, (command.code, command.commodity), day)
    account = account._replace(floor=command.floor, ceiling=command.ceiling, waived=False)
    within_bounds(account, account)
    return enter(sheet, command, at, batch, [], accounts=(account,))


def _close_period(sheet: Sheet, command: ClosePeriod, at: datetime) -> Accepted:
    year, month = int(command.month[:4]), int(command.month[5:])
    last_day = date(year, month, calendar.monthrange(year, month)[1])
    closed = sheet.head.closed_through
    if closed is not None and last_day <= closed:
        raise no.PeriodClosed(effective_on=last_day.isoformat(), closed_through=closed.isoformat())
    if sheet.local_day(at) <= last_day:
        raise no.PeriodNotOver(month=command.month)
    accepted = enter(sheet, command, at, "", [])
    return accepted._replace(head=accepted.head._replace(closed_through=last_day))


def _batch(sheet: Sheet, command: Batch, at: datetime) -> Accepted:
    """The header entry, then every member's, or nothing at all."""
    header = enter(sheet, command, at, "", [])
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
