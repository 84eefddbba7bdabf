"""Points (积分): issued once a month, redeemed while a window is open, and lapsed first-in-first-out.

Points live beside minutes and are never one of them. What a community issues leaves `issued`, what members redeem arrives on
`redeemed`, what lapses on `expired`; so at any moment issued − redeemed − expired is what members hold. Redeeming is an
exchange (`ledger.exchange`).

How old a member's points are is no stored number: it follows from their statement. Spending takes the oldest first; a
spend that is taken back gives its points their old age again.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.check import check_amount
from ledger.commands import Batch, OpenAccount, Transfer
from ledger.errors import RuleNotInForce, RuleUnclear
from ledger.statement import Line
from ledger.values import AccountKind, Layer, Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRule:
    """How points come and go, from a day on; a later rule leaves points earned before as they were.

    Attributes:
        valid_months: points earned in a month can be used to the end of the month this much later; None for ever.
    """

    code: str = "points"
    in_force_from: date
    valid_months: int | None = None
    commodity: str = "PTS"
    issued: str = "Equity:Points:Issued"
    redeemed: str = "Equity:Points:Redeemed"
    expired: str = "Equity:Points:Expired"

    def __post_init__(self) -> None:
        if self.valid_months is not None and self.valid_months < 0:
            raise RuleUnclear(rule=self.code, why="points cannot lapse before they are earned")

    def openings(self, *, budget: int | None = None) -> tuple[OpenAccount, ...]:
        """The three accounts to open once; `budget` is the most that may ever be issued, None for no bound."""
        floors = {self.issued: None if budget is None else -budget, self.redeemed: 0, self.expired: 0}
        return tuple(
            OpenAccount(
                key=f"open/{code}/{self.commodity}",
                code=code,
                kind=AccountKind.EQUITY,
                commodity=self.commodity,
                floor=floor,
                opened_on=self.in_force_from,
            )
            for code, floor in floors.items()
        )

    def usable_until(self, earned_on: date) -> date | None:
        """The last day on which points earned on a day can be used."""
        if self.valid_months is None:
            return None
        months = earned_on.year * 12 + earned_on.month - 1 + self.valid_months
        year, month = divmod(months, 12)
        return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Points that came in together and what is left of them.

    Attributes:
        usable_until: the last day they can be used, None for ever.
    """

    uid: str
    earned_on: date
    usable_until: date | None
    left: int


def rule_on(rules: Iterable[PointsRule], on: date) -> PointsRule:
    """The rule that holds on a day.

    Raises:
        RuleNotInForce: none did yet.
    """
    known = sorted(rules, key=lambda rule: rule.in_force_from)
    holding = [rule for rule in known if rule.in_force_from <= on]
    if not holding:
        first = known[0].in_force_from.isoformat() if known else "-"
        raise RuleNotInForce(rule="points", on=on.isoformat(), in_force_from=first, in_force_until="-")
    return holding[-1]


def monthly_points(
    rules: Iterable[PointsRule], *, month: str, points: Mapping[str, int], on: date, actor: str = ""
) -> Batch:
    """The points of one month for all members, whole or not at all; posted a second time it changes nothing.

    Args:
        month: the month they were earned in (`2026-10`); a month has one batch, so another one for it is a `KeyConflict`.
        points: by member account; members with 0 are left out.
        on: the day they count for, from which their age is told.

    Raises:
        RuleNotInForce: no rule held on that day.
        Malformed: an amount is no whole number above zero.
    """
    rule = rule_on(rules, on)
    return Batch(
        key=f"points/{month}",
        effective_on=on,
        reason="points",
        actor=actor,
        commands=tuple(
            _transfer(rule, f"points/{month}/{account}", rule.issued, account, points[account], on, actor)
            for account in sorted(points)
            if points[account] != 0
        ),
    )


def lots(rules: Iterable[PointsRule], lines: Iterable[Line]) -> list[Lot]:
    """The member's points by age, oldest first, from all lines of their statement in any order.

    Raises:
        RuleNotInForce: some were earned before the first rule.
    """
    known = tuple(rules)
    posted = sorted((line for line in lines if line.layer is Layer.POSTED), key=lambda line: line.seq)
    found: dict[str, Lot] = {}
    taken_by: dict[str, dict[str, int]] = {}
    for line in posted:
        undoes = line.reverses
        if line.amount < 0:
            taken_by[line.uid] = _take(found, -line.amount, first=undoes)
        elif undoes in taken_by:
            for uid, amount in taken_by[undoes].items():
                found[uid] = replace(found[uid], left=found[uid].left + amount)
        else:
            until = rule_on(known, line.effective_on).usable_until(line.effective_on)
            found[line.uid] = Lot(
                uid=line.uid, earned_on=line.effective_on, usable_until=until, left=line.amount
            )
    return sorted((lot for lot in found.values() if lot.left), key=_age)


def _age(lot: Lot) -> tuple[date, date]:
    return lot.usable_until or date.max, lot.earned_on


def _take(found: dict[str, Lot], amount: int, *, first: str) -> dict[str, int]:
    """Takes points from the lots, the one named `first` before the oldest; what came from where."""
    taken = {}
    for lot in sorted(found.values(), key=lambda lot: (lot.uid != first, *_age(lot))):
        part = min(lot.left, amount)
        if part:
            found[lot.uid] = replace(lot, left=lot.left - part)
            taken[lot.uid] = part
            amount -= part
    return taken


def lapsed_points(rules: Iterable[PointsRule], lines: Sequence[Line], *, on: date) -> int:
    """How many of a member's points can no longer be used on a day; what an open hold has set aside waits for its end.

    Args:
        lines: all lines of the member's statement, newest first as `Statement` has them.
    """
    if not lines:
        return 0
    assert lines[0].seq == max(line.seq for line in lines), "a statement starts with its newest line"
    over = sum(lot.left for lot in lots(rules, lines) if lot.usable_until and lot.usable_until < on)
    return min(over, max(0, lines[0].available_after))


def expire_points(
    rules: Iterable[PointsRule], *, on: date, statements: Mapping[str, Sequence[Line]], actor: str = ""
) -> Batch | None:
    """Everything that has lapsed by a day, as one batch; None when nothing has.

    A day has one such batch; what turns up after it was posted waits for the next day's.

    Args:
        statements: all lines of each member's points, newest first, by account.
    """
    known = tuple(rules)
    rule = rule_on(known, on)
    over = {account: lapsed_points(known, lines, on=on) for account, lines in statements.items()}
    if not any(over.values()):
        return None
    return Batch(
        key=f"points-lapse/{on}",
        effective_on=on,
        reason="lapse",
        actor=actor,
        commands=tuple(
            _transfer(
                rule, f"points-lapse/{on}/{account}", account, rule.expired, over[account], on, actor, "lapse"
            )
            for account in sorted(over)
            if over[account]
        ),
    )


def _transfer(
    rule: PointsRule,
    key: str,
    giver: str,
    taker: str,
    amount: int,
    on: date,
    actor: str,
    reason: str = "points",
) -> Transfer:
    check_amount(key, amount)
    legs = (Leg(giver, amount, rule.commodity), Leg(taker, -amount, rule.commodity))
    return Transfer(key=key, legs=legs, effective_on=on, reason=reason, actor=actor)
