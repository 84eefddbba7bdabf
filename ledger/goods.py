"""Goods with a stock that cannot go negative: eggs on the shelf of the charity shop, litter in the sack.

Every good is a commodity of its own, counted in whole pieces. Its stock is an asset with floor 0, so the last egg cannot be
handed out twice, whoever asks first. What comes in is told by where it came from, what goes out by where it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.commands import OpenAccount, Transfer
from ledger.exchange import Movement
from ledger.values import AccountKind, Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One kind of thing, counted in pieces.

    Attributes:
        commodity: ASCII capitals, such as EGG; it names the accounts too.
        place: where it is kept, one component of the accounts' codes.
    """

    commodity: str
    place: str = "Shop"

    @property
    def stock(self) -> str:
        return f"Assets:{self.place}:{self.commodity}"

    @property
    def received(self) -> str:
        """Where it came from: gifts of partner units, litter that members handed in."""
        return f"Income:{self.place}:{self.commodity}"

    @property
    def handed_out(self) -> str:
        return f"Expenses:{self.place}:{self.commodity}"

    @property
    def written_off(self) -> str:
        return f"Expenses:{self.place}:{self.commodity}:Lost"

    def openings(self, opened_on: date, *, most: int | None = None) -> tuple[OpenAccount, ...]:
        """The accounts to open once; `most` is what the shelf can hold, None for no bound."""
        kinds = {
            self.stock: (AccountKind.ASSET, most),
            self.received: (AccountKind.INCOME, None),
            self.handed_out: (AccountKind.EXPENSE, None),
            self.written_off: (AccountKind.EXPENSE, None),
        }
        return tuple(
            OpenAccount(
                key=f"open/{code}/{self.commodity}",
                code=code,
                kind=kind,
                commodity=self.commodity,
                ceiling=ceiling,
                opened_on=opened_on,
            )
            for code, (kind, ceiling) in kinds.items()
        )

    def coming_in(self, pieces: int) -> Movement:
        """The part of an exchange rule by which a member hands these in."""
        return Movement(commodity=self.commodity, amount=pieces, debit=self.stock, credit=self.received)

    def going_out(self, pieces: int) -> Movement:
        """The part of an exchange rule by which a member is handed these."""
        return Movement(commodity=self.commodity, amount=pieces, debit=self.handed_out, credit=self.stock)


def stock_in(good: Good, *, key: str, pieces: int, on: date, actor: str = "", memo: str = "") -> Transfer:
    """Pieces that were given or bought arrive on the shelf."""
    return _moved(good.coming_in(pieces), key, on, "stock_in", actor, memo)


def write_off(good: Good, *, key: str, pieces: int, on: date, actor: str = "", memo: str = "") -> Transfer:
    """Pieces that broke, went bad or were not there when somebody counted."""
    lost = Movement(commodity=good.commodity, amount=pieces, debit=good.written_off, credit=good.stock)
    return _moved(lost, key, on, "write_off", actor, memo)


def _moved(movement: Movement, key: str, on: date, reason: str, actor: str, memo: str) -> Transfer:
    legs = (
        Leg(movement.debit, movement.amount, movement.commodity),
        Leg(movement.credit, -movement.amount, movement.commodity),
    )
    return Transfer(key=key, legs=legs, effective_on=on, reason=reason, actor=actor, memo=memo)
