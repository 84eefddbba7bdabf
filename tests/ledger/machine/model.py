"""A book as anyone would keep it on paper: what must become of every command, and where all stands then.

Written from the description of the commands, not from the ledger's code, and kept in other terms: each account is told
from its owner's side, and a refusal is no more than its code.
"""

from __future__ import annotations

import calendar
import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ledger import (
    Adjust,
    BalancingTransfer,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    ExpireHold,
    OpenAccount,
    PlaceHold,
    ReopenAccount,
    ReverseTransfer,
    SettleHold,
    Transfer,
    VoidHold,
)
from ledger.chain import uid_of

POSTED = "posted"
Place = tuple[str, str]


@dataclass
class Pot:
    """One account in one commodity, from its owner's side."""

    floor: int | None
    ceiling: int | None
    opened_on: date
    grows_by_credit: bool = True
    balance: int = 0
    going: int = 0
    coming: int = 0
    closed: bool = False
    closed_on: date = date.min
    last_on: date = date.min

    def take(self, debit: int) -> None:
        self.balance += -debit if self.grows_by_credit else debit

    def set_aside(self, debit: int, *, end: bool) -> None:
        """A pending debit takes from a member's account and brings to a shelf; its end undoes that."""
        amount = -abs(debit) if end else abs(debit)
        opened_as_debit = (debit > 0) is not end
        if opened_as_debit is self.grows_by_credit:
            self.going += amount
        else:
            self.coming += amount

    def beyond(self) -> tuple[int, int]:
        """How far it stands below its floor and above its ceiling, open holds counted."""
        low = 0 if self.floor is None else max(0, self.floor - (self.balance - self.going))
        high = 0 if self.ceiling is None else max(0, self.balance + self.coming - self.ceiling)
        return low, high


@dataclass
class PaperHold:
    payer: str
    payee: str
    commodity: str
    amount: int
    expires_at: datetime
    open: bool = True


@dataclass
class Model:
    """The whole book on paper."""

    book: str
    zone: ZoneInfo
    commodities: set[str] = field(default_factory=set)
    pots: dict[Place, Pot] = field(default_factory=dict)
    holds: dict[str, PaperHold] = field(default_factory=dict)
    moves: dict[str, list[tuple[Place, int]]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    touched: dict[str, set[str]] = field(default_factory=dict)
    reversed: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    answers: dict[str, tuple[Command, str]] = field(default_factory=dict)
    posted_keys: int = 0
    closed_through: date = date.min
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    # -- the answer to a command

    def judge(self, command: Command, at: datetime) -> str:
        """ "posted", or the code of the refusal; the paper is changed accordingly."""
        if command.key in self.answers:
            known, code = self.answers[command.key]
            return code if _same(known, command) else "key_conflict"
        before, self.now = self.now, max(self.now, at)
        lapsed = self.lapse(self.named(command), spare=_expiring(command))
        code = self.effect(command)
        self.note(command, code)
        if code != POSTED and not lapsed:
            self.now = before  # only what is written moves the book's clock
        return code

    def note(self, command: Command, code: str) -> None:
        """Keep the answer under the command's key."""
        self.answers[command.key] = (command, code)
        self.posted_keys += code == POSTED

    def lapse(self, names: set[str] | None = None, spare: Collection[str] = frozenset()) -> int:
        """What every post does first: lapsed holds on the accounts involved are over; how many."""
        over = [
            (uid, hold)
            for uid, hold in self.holds.items()
            if hold.open
            and hold.expires_at <= self.now
            and uid not in spare
            and (names is None or names & {hold.payer, hold.payee})
        ]
        for uid, hold in over:
            on = max(
                self.today, *(self.pots[who, hold.commodity].opened_on for who in (hold.payer, hold.payee))
            )
            assert self.end(uid, on) == POSTED
        return len(over)

    def named(self, command: Command) -> set[str]:
        match command:
            case Transfer() | Adjust():
                return {leg.account for leg in command.legs}
            case PlaceHold() | BalancingTransfer():
                return {command.payer, command.payee}
            case SettleHold() | VoidHold() | ExpireHold():
                hold = self.holds.get(command.hold)
                names = {hold.payer, hold.payee} if hold else set()
                return names | (
                    {command.payee} if isinstance(command, SettleHold) and command.payee else set()
                )
            case ReverseTransfer():
                return self.touched.get(command.transfer, set())
            case OpenAccount() | CloseAccount() | ReopenAccount() | ChangeLimits():
                return {command.code}
            case Batch():
                return set().union(*(self.named(one) for one in command.commands))
        return set()

    # -- what each command does

    def effect(self, command: Command) -> str:
        on = command.effective_on or self.today
        uid = uid_of(self.book, command.key)
        match command:
            case Transfer() | Adjust():
                legs = [((leg.account, leg.commodity), leg.amount) for leg in command.legs]
                code = self.move(legs, on, waive=isinstance(command, Adjust))
                if code == POSTED:
                    self.moves[uid] = legs
                    self.days[uid] = on
                    self.touched[uid] = self.named(command)
                return code
            case BalancingTransfer():
                return self.balance_off(uid, command, on)
            case PlaceHold():
                code = self.hold(uid, command, on)
            case SettleHold():
                return self.settle(uid, command, on)
            case VoidHold() | ExpireHold():
                code = self.free(command, on)
            case ReverseTransfer():
                code = self.reverse(command, on)
                if code == POSTED:
                    self.touched[uid] = {place[0] for place, _ in self.moves[command.transfer]}
            case OpenAccount():
                code = self.open(command)
            case CloseAccount():
                code = self.close(command, on)
            case ReopenAccount():
                code = self.reopen(command)
            case ChangeLimits():
                code = self.limit(command, on)
            case ClosePeriod():
                code = self.close_month(command.month)
            case Batch():
                code = self.all_or_none(command)
        if code == POSTED:
            self.others.add(uid)
            if isinstance(command, PlaceHold | VoidHold | ExpireHold):
                self.touched[uid] = self.named(command)
        return code

    def usable(self, place: Place, on: date) -> str:
        pot = self.pots.get(place)
        if pot is None:
            known = any(code == place[0] for code, _ in self.pots)
            return "foreign_commodity" if known else "unknown_account"
        if pot.closed:
            return "account_closed"
        return "account_not_yet_open" if on < pot.opened_on else ""

    def move(
        self,
        legs: list[tuple[Place, int]],
        on: date,
        *,
        waive: bool = False,
        pending: Sequence[tuple[Place, int]] = (),
        end: bool = False,
    ) -> str:
        """Debits (positive) and credits, and amounts set aside or given back; nothing when refused."""
        every = [*pending, *legs]
        for place, _ in every:
            code = self.usable(place, on)
            if code:
                return code
        after = {place: copy.copy(self.pots[place]) for place, _ in every}
        for place, debit in pending:
            after[place].set_aside(debit, end=end)
        for place, debit in legs:
            after[place].take(debit)
        for place, pot in after.items():
            low, high = pot.beyond()
            low_before, high_before = self.pots[place].beyond()
            if not waive and low > low_before:
                return "below_floor"
            if not waive and high > high_before:
                return "above_ceiling"
        if on <= self.closed_through:
            return "period_closed"
        for place, pot in after.items():
            pot.last_on = max(pot.last_on, on)
            self.pots[place] = pot
        return POSTED

    def hold(self, uid: str, command: PlaceHold, on: date) -> str:
        told = PaperHold(command.payer, command.payee, command.commodity, command.amount, command.expires_at)
        code = self.move([], on, pending=_aside(told))
        if code == POSTED:
            self.holds[uid] = told
        return code

    def settle(self, uid: str, command: SettleHold, on: date) -> str:
        hold = self.holds.get(command.hold)
        if hold is None or not hold.open:
            return "hold_ended" if hold else "unknown_hold"
        if command.amount > hold.amount:
            return "over_settlement"
        paid = [
            ((hold.payer, hold.commodity), command.amount),
            ((command.payee or hold.payee, hold.commodity), -command.amount),
        ]
        code = self.end(command.hold, on, paid)
        if code == POSTED:
            self.moves[uid] = paid
            self.days[uid] = on
            self.touched[uid] = self.named(command)
        return code

    def free(self, command: VoidHold | ExpireHold, on: date) -> str:
        hold = self.holds.get(command.hold)
        if hold is None or not hold.open:
            return "hold_ended" if hold else "unknown_hold"
        if isinstance(command, ExpireHold) and hold.expires_at > self.now:
            return "hold_not_lapsed"
        return self.end(command.hold, on)

    def end(self, uid: str, on: date, paid: Sequence[tuple[Place, int]] = ()) -> str:
        hold = self.holds[uid]
        given_back = [(place, -debit) for place, debit in _aside(hold)]
        code = self.move(list(paid), on, pending=given_back, end=True)
        if code == POSTED:
            self.holds[uid] = replace(hold, open=False)
        return code

    def reverse(self, command: ReverseTransfer, on: date) -> str:
        if command.transfer not in self.moves:
            return "not_reversible" if command.transfer in self.others else "unknown_transfer"
        if command.transfer in self.reversed:
            return "already_reversed"
        legs = [(place, -debit) for place, debit in self.moves[command.transfer]]
        if command.effective_on is None:
            on = max(on, self.days[command.transfer])
        code = self.move(legs, on, waive=bool(command.approved_by))
        if code == POSTED:
            self.reversed[command.transfer] = uid_of(self.book, command.key)
            self.moves[uid_of(self.book, command.key)] = legs
            self.days[uid_of(self.book, command.key)] = on
        return code

    def open(self, command: OpenAccount) -> str:
        place = (command.code, command.commodity)
        if command.commodity not in self.commodities:
            return "unknown_commodity"
        if place in self.pots:
            return "account_exists"
        if (command.floor or 0) > 0:
            return "below_floor"
        if command.ceiling is not None and command.ceiling < 0:
            return "above_ceiling"
        if command.opened_on <= self.closed_through:
            return "period_closed"
        grows_by_credit = command.kind.value not in ("Assets", "Expenses")
        self.pots[place] = Pot(command.floor, command.ceiling, command.opened_on, grows_by_credit)
        return POSTED

    def close(self, command: CloseAccount, on: date) -> str:
        place = (command.code, command.commodity)
        code = self.usable(place, on)
        if code:
            return code
        pot = self.pots[place]
        if pot.balance or pot.going or pot.coming:
            return "account_not_empty"
        if pot.last_on > on and self.stands_later(place, on):
            return "account_moved_later"
        if on <= self.closed_through:
            return "period_closed"
        pot.closed, pot.closed_on = True, on
        return POSTED

    def reopen(self, command: ReopenAccount) -> str:
        pot = self.pots.get((command.code, command.commodity))
        if pot is None or not pot.closed:
            return self.usable((command.code, command.commodity), date.max) or "account_not_closed"
        on = command.effective_on or max(self.today, pot.closed_on)
        if on < pot.closed_on:
            return "account_closed"
        if on <= self.closed_through:
            return "period_closed"
        pot.closed = False
        return POSTED

    def balance_off(self, uid: str, command: BalancingTransfer, on: date) -> str:
        payer = (command.payer, command.commodity)
        code = self.usable(payer, on)
        if code:
            return code
        pot = self.pots[payer]
        there = pot.balance - pot.going - (pot.floor or 0)
        amount = there if command.at_most is None else min(there, command.at_most)
        if amount <= 0:
            return "nothing_to_move"
        debit = amount if pot.grows_by_credit else -amount
        legs = [(payer, debit), ((command.payee, command.commodity), -debit)]
        code = self.move(legs, on)
        if code == POSTED:
            self.moves[uid] = legs
            self.days[uid] = on
            self.touched[uid] = self.named(command)
        return code

    def stands_later(self, place: Place, day: date) -> bool:
        """Whether something that counts for a later day still has an effect, or a hold was set aside or ended then."""
        undoing = set(self.reversed.values())
        for uid, legs in self.moves.items():
            if uid in undoing or place not in {where for where, _ in legs}:
                continue
            chain = [uid]
            while chain[-1] in self.reversed:
                chain.append(self.reversed[chain[-1]])
            if len(chain) % 2 and any(self.days[one] > day for one in chain):
                return True
        return False

    def limit(self, command: ChangeLimits, on: date) -> str:
        place = (command.code, command.commodity)
        code = self.usable(place, on)
        if code:
            return code
        pot = replace(self.pots[place], floor=command.floor, ceiling=command.ceiling)
        low, high = pot.beyond()
        if low or high:
            return "below_floor" if low else "above_ceiling"
        if on <= self.closed_through:
            return "period_closed"
        self.pots[place] = pot
        return POSTED

    def close_month(self, month: str) -> str:
        year, number = map(int, month.split("-"))
        last_day = date(year, number, calendar.monthrange(year, number)[1])
        if last_day <= self.closed_through:
            return "period_closed"
        if self.today <= last_day:
            return "period_not_over"
        self.closed_through = last_day
        return POSTED

    def all_or_none(self, batch: Batch) -> str:
        if (batch.effective_on or self.today) <= self.closed_through:
            return "period_closed"
        before = {name: copy.copy(value) for name, value in self.__dict__.items()}
        before["pots"] = {place: copy.copy(pot) for place, pot in self.pots.items()}
        for member in batch.commands:
            code = "known" if member.key in self.answers else self.effect(member)
            if code != POSTED:
                self.__dict__.update(before)
                return "batch_refused"
            self.note(member, POSTED)
        return POSTED


def _aside(hold: PaperHold) -> list[tuple[Place, int]]:
    return [((hold.payer, hold.commodity), hold.amount), ((hold.payee, hold.commodity), -hold.amount)]


def _expiring(command: Command) -> set[str]:
    commands = command.commands if isinstance(command, Batch) else (command,)
    return {one.hold for one in commands if isinstance(one, ExpireHold)}


def _same(known: Command, again: Command) -> bool:
    """Whether a request is the one known under its key; times it leaves to the book are not compared."""
    if type(known) is not type(again):
        return False
    if again.effective_on is None:
        known = replace(known, effective_on=None)
    return known == again
