"""A small sheet with three accounts, and short words for what is asked of it: for single facts of the core."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ledger import (
    AccountKind,
    Command,
    Head,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    Sheet,
    Transfer,
)
from ledger.chain import genesis, uid_of
from ledger.sequence import sequence

BOOK, ZONE = "dongqu", "Asia/Shanghai"
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
ISSUER, ZHANG, LI = "Equity:Issued", "Liabilities:Member:M1", "Liabilities:Member:M2"


class Small:
    """A sheet with an issuer and two members, and short words for what is asked of it."""

    def __init__(self, **zhang: Any) -> None:
        head = Head(seq=0, hash=genesis(BOOK, ZONE))
        self.sheet = Sheet(book=BOOK, zone=ZoneInfo(ZONE), head=head, commodities=frozenset({"MIN", "EGG"}))
        self.count = 0
        self.open(ISSUER, kind=AccountKind.EQUITY, floor=None)
        self.open(ZHANG, **{"floor": None, **zhang})
        self.open(LI, floor=None)

    def key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def open(self, code: str, **more: Any) -> Any:
        told: dict[str, Any] = {"kind": AccountKind.LIABILITY, "opened_on": date(2026, 1, 1), **more}
        return self.ask(OpenAccount(key=self.key(), code=code, **told))

    def ask(self, command: Command, at: datetime = AT) -> Any:
        """ "posted", or the refusal."""
        [answer] = sequence(self.sheet, [(command, at)])
        return answer if isinstance(answer, LedgerRefusal) else "posted"

    def give(self, who: str, minutes: int, **more: Any) -> Any:
        return self.ask(Transfer(key=self.key(), legs=(Leg(ISSUER, minutes), Leg(who, -minutes)), **more))

    def hold(self, payer: str, payee: str, minutes: int, **more: Any) -> str:
        told: dict[str, Any] = {"key": self.key(), "payer": payer, "payee": payee, "amount": minutes}
        assert self.ask(PlaceHold(**{**told, "expires_at": AT + timedelta(days=1), **more})) == "posted"
        return uid_of(BOOK, str(told["key"]))

    def stands(self, who: str) -> Any:
        return self.sheet.accounts[who, "MIN"]
