"""Ten thousand commands drawn from one seed, and the head they come to: the same on every store and every Python.

Needs the standard library only. Run it under another interpreter, from the checkout, and compare with `GOLDEN`:

    python3.13 -m tests.ledger.machine.ten_thousand
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from zoneinfo import ZoneInfo

from ledger import (
    AccountKind,
    Adjust,
    Batch,
    ChangeLimits,
    CloseAccount,
    ClosePeriod,
    Command,
    ExpireHold,
    Head,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Sheet,
    Transfer,
    VoidHold,
)
from ledger.chain import canonical_json, genesis, uid_of
from ledger.decide import screen
from ledger.sequence import Answer, sequence

BOOK, ZONE, SEED = "tenthousand", "Asia/Shanghai", 20261125
BLOCK, BLOCKS = 50, 200
GOLDEN = (
    "4781 3aa1412dcd57977e5b6a598e6fae3b074dae43eece45259f1ce59986f13d3fb1 "
    "827efc62298f040b4db2c58320ea8afb98ebafa49c68175cc97a7399dfff354b"
)
"""The last seq, its hash, and a digest of all answers; found so on Python 3.11, 3.12 and 3.13."""

ISSUER = "Equity:Community:DQ:Issued"
MEMBERS = [f"Liabilities:Member:M{n:05}" for n in range(12)]
START = datetime(2026, 9, 1, 1, tzinfo=UTC)
COMMODITIES = ("MIN", "PTS")

Block = tuple[datetime, list[Command]]
"""Commands that are posted together, at one moment."""


@dataclass
class Drawing:
    """Draws commands one by one; it knows what it asked for, not what came of it."""

    dice: Random
    at: datetime = START
    count: int = 0
    holds: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    asked: list[Command] = field(default_factory=list)

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def legs(self, *, commodity: str = "MIN") -> tuple[Leg, ...]:
        """From one to another, or from the issuer; sometimes from several to one."""
        payers = self.dice.sample(MEMBERS, self.dice.choice((1, 1, 1, 2, 5)))
        if self.dice.random() < 0.5:
            payers = [ISSUER]
        payee = self.dice.choice([who for who in MEMBERS if who not in payers])
        debits = [Leg(who, self.dice.randrange(1, 90), commodity) for who in payers]
        return (*debits, Leg(payee, -sum(leg.amount for leg in debits), commodity))

    def command(self) -> Command:
        kinds: tuple[str, ...] = ("move",) * 9 + ("hold",) * 3 + ("settle",) * 3
        kinds += ("void", "expire", "reverse", "adjust", "batch", "limits", "account", "again", "month")
        made = self._make(self.dice.choice(kinds))
        self.asked.append(made)
        return made

    def _make(self, kind: str) -> Command:
        dice, key = self.dice, self.key()
        on = (self.at - timedelta(days=dice.choice((0, 0, 0, 1, 9, 40)))).date()
        match kind:
            case "hold":
                self.holds.append(uid_of(BOOK, key))
                payer, payee = dice.sample([ISSUER, *MEMBERS], 2)
                expires_at = self.at + timedelta(hours=dice.choice((1, 30, 300)))
                return PlaceHold(
                    key=key, payer=payer, payee=payee, amount=dice.randrange(1, 90), expires_at=expires_at
                )
            case "settle":
                self.moves.append(uid_of(BOOK, key))
                payee = dice.choice((None, None, *MEMBERS[:4]))  # type: ignore[assignment]
                return SettleHold(
                    key=key, hold=self._recent(self.holds), amount=dice.randrange(1, 60), payee=payee
                )
            case "void":
                return VoidHold(key=key, hold=self._recent(self.holds))
            case "expire":
                return ExpireHold(key=key, hold=self._recent(self.holds))
            case "reverse":
                approved_by = dice.choice(("", "W2"))
                return ReverseTransfer(
                    key=key, transfer=self._recent(self.moves), actor="W1", approved_by=approved_by
                )
            case "adjust":
                return Adjust(key=key, legs=self.legs(), actor="W1", approved_by="W2", memo="复核")
            case "batch":
                chain = dice.sample(MEMBERS, 3)
                minutes = dice.randrange(1, 60)
                members = tuple(
                    Transfer(key=self.key(), legs=(Leg(one, minutes), Leg(other, -minutes)))
                    for one, other in zip([ISSUER, *chain], chain, strict=False)
                )
                return Batch(key=key, commands=members)
            case "limits":
                floor, ceiling = dice.choice(((0, None), (-60, None), (0, 900), (None, None)))
                return ChangeLimits(key=key, code=dice.choice(MEMBERS), floor=floor, ceiling=ceiling)
            case "account":
                code = dice.choice(MEMBERS[8:])
                if dice.random() < 0.5:
                    return CloseAccount(key=key, code=code, commodity="PTS")
                kind_of = AccountKind.LIABILITY
                return OpenAccount(
                    key=key, code=code, kind=kind_of, commodity="PTS", opened_on=self.at.date()
                )
            case "again" if self.asked:
                known = dice.choice(self.asked)
                return known if dice.random() < 0.7 else replace(known, memo="改")
            case "month":
                return ClosePeriod(
                    key=key, month=f"{self.at - timedelta(days=dice.choice((20, 31, 40))):%Y-%m}"
                )
        self.moves.append(uid_of(BOOK, key))
        legs = self.legs()
        if dice.random() < 0.1:
            legs += self.legs(commodity="PTS")
        return Transfer(key=key, legs=legs, effective_on=on, meta={"service": f"S{self.count}"})

    def _recent(self, uids: Sequence[str]) -> str:
        return self.dice.choice(uids[-30:]) if uids else uid_of(BOOK, "nothing")


def blocks() -> Iterator[Block]:
    """The whole ten thousand: first the accounts, then whatever the dice say, a quarter of a day apart."""
    drawing = Drawing(Random(SEED))
    opened_on = date(2026, 1, 1)
    accounts: list[Command] = [
        OpenAccount(key=drawing.key(), code=ISSUER, kind=AccountKind.EQUITY, commodity=commodity, floor=floor,
                    opened_on=opened_on)
        for commodity, floor in (("MIN", -9000), ("PTS", None))
    ]  # fmt: skip
    accounts += [
        OpenAccount(key=drawing.key(), code=code, kind=AccountKind.LIABILITY, opened_on=opened_on)
        for code in MEMBERS
    ]
    for number in range(BLOCKS):
        commands = accounts if number == 0 else []
        yield drawing.at, [*commands, *(drawing.command() for _ in range(BLOCK - len(commands)))]
        drawing.at += timedelta(hours=drawing.dice.randrange(1, 12))


def digest(head: Head, answers: Sequence[Answer]) -> str:
    """What is compared between stores and Pythons."""
    told = sha256()
    for answer in answers:
        if isinstance(answer, LedgerRefusal):
            told.update(f"{answer.code} {canonical_json(answer.fields)}\n".encode())
        else:
            told.update(f"{answer.seq} {answer.uid} {answer.replayed} {len(answer.members)}\n".encode())
    return f"{head.seq} {head.hash.hex()} {told.hexdigest()}"


def in_plain_dictionaries() -> tuple[Sheet, list[Answer]]:
    """The commands decided one after another by the pure core alone."""
    sheet = Sheet(
        book=BOOK,
        zone=ZoneInfo(ZONE),
        head=Head(seq=0, hash=genesis(BOOK, ZONE)),
        commodities=frozenset(COMMODITIES),
    )
    answers: list[Answer] = []
    for at, commands in blocks():
        for command in commands:
            fault = screen(command)
            answers += [fault] if fault else sequence(sheet, [(command, at)])
    return sheet, answers


if __name__ == "__main__":
    sheet, answers = in_plain_dictionaries()
    print(digest(sheet.head, answers))
    sys.exit(digest(sheet.head, answers) != GOLDEN)
