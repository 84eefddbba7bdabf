"""Published exchange rules: thirty points for an egg, fifty cigarette butts for one; dated, and never a price.

Commodities are never converted into each other: minutes stay minutes and eggs stay eggs, each summing to zero for itself.
An exchange is several transfers, one per commodity, linked in a batch that is posted whole or not at all, under a rule
that was published before it came into force. Every entry names the rule and its fingerprint, so that an auditor can hold
it against what was on the notice board.

Everything here is pure: rules and days in, a `Batch` out; posting it is the book's business. Whether there are points to
give and eggs in stock, the floors of the accounts say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Final

from ledger.chain import canonical_json
from ledger.check import check_amount
from ledger.commands import Batch, Transfer
from ledger.errors import OutsideWindow, RuleNotInForce, RuleUnclear
from ledger.values import Leg

MEMBER: Final = "member"
"""Stands in a movement for the account of whoever exchanges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What one turn of an exchange moves in one commodity; MEMBER stands for the member's own account."""

    commodity: str
    amount: int
    debit: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days on which exchanging is open, both included."""

    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRule:
    """A rule as it was published; another rate is another rule with the same code and a later day.

    Attributes:
        in_force_until: the last day, None while nobody has ended it.
        movements: at least two, each in a commodity of its own.
        windows: when exchanging is open, in order; empty for every day.
    """

    code: str
    published_on: date
    in_force_from: date
    in_force_until: date | None = None
    movements: tuple[Movement, ...]
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        for why in _unclear(self):
            raise RuleUnclear(rule=self.code, why=why)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal characters that stand for every word of the rule."""
        told = {
            "code": self.code,
            "published_on": self.published_on.isoformat(),
            "in_force_from": self.in_force_from.isoformat(),
            "in_force_until": self.in_force_until.isoformat() if self.in_force_until else None,
            "movements": [[one.commodity, one.amount, one.debit, one.credit] for one in self.movements],
            "windows": [[one.opens_on.isoformat(), one.closes_on.isoformat()] for one in self.windows],
        }
        return sha256(canonical_json(told).encode()).hexdigest()[:16]

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)


def _unclear(rule: ExchangeRule) -> Iterable[str]:
    if rule.published_on > rule.in_force_from:
        yield "it comes into force before it is published"
    if rule.in_force_until is not None and rule.in_force_until < rule.in_force_from:
        yield "it ends before it comes into force"
    commodities = [movement.commodity for movement in rule.movements]
    if len(commodities) < 2 or len(set(commodities)) != len(commodities):
        yield "an exchange moves at least two commodities, each once"
    for movement in rule.movements:
        check_amount(movement.commodity, movement.amount)
        if movement.debit == movement.credit:
            yield f"{movement.commodity} goes nowhere"
    if any(window.closes_on < window.opens_on for window in rule.windows):
        yield "a window closes before it opens"
    if any(after.opens_on <= before.closes_on for before, after in pairwise(rule.windows)):
        yield "its windows are not in order"


def rule_in_force(rules: Iterable[ExchangeRule], code: str, on: date) -> ExchangeRule:
    """The rule of this code that holds on a day: the one that came into force last.

    Raises:
        RuleNotInForce: there is none for that day.
    """
    of_code = [rule for rule in rules if rule.code == code]
    holding = [rule for rule in of_code if rule.in_force(on)]
    if not holding:
        nearest = max(of_code, key=lambda rule: rule.in_force_from, default=None)
        raise _not_in_force(code, on, nearest)
    return max(holding, key=lambda rule: rule.in_force_from)


def exchange(
    rule: ExchangeRule,
    *,
    key: str,
    member: str,
    times: int,
    on: date,
    actor: str = "",
    memo: str = "",
    meta: Mapping[str, str | int] | None = None,
) -> Batch:
    """`times` turns of the exchange for one member, as one batch that counts for `on`.

    Args:
        member: the account that stands for MEMBER in the rule.
        meta: more facts for every entry, such as the id of a member who has no account in these commodities.

    Raises:
        RuleNotInForce, OutsideWindow: not on that day.
        Malformed: `times` is not a whole number above zero.
    """
    check_amount("times", times)
    if not rule.in_force(on):
        raise _not_in_force(rule.code, on, rule)
    check_open(rule.code, rule.windows, on)
    told = {"rule": rule.code, "rule_print": rule.fingerprint, "times": times, **(meta or {})}
    return Batch(
        key=key,
        effective_on=on,
        reason="exchange",
        actor=actor,
        commands=tuple(
            Transfer(
                key=f"{key}/{movement.commodity}",
                legs=(
                    Leg(_account(movement.debit, member), movement.amount * times, movement.commodity),
                    Leg(_account(movement.credit, member), -movement.amount * times, movement.commodity),
                ),
                effective_on=on,
                reason="exchange",
                actor=actor,
                memo=memo,
                meta=told,
            )
            for movement in rule.movements
        ),
    )


def check_open(rule: str, windows: tuple[Window, ...], on: date) -> None:
    """Nothing when exchanging is open on that day.

    Raises:
        OutsideWindow: it is not; `fields["next_on"]` is the next day it will be, "-" when none is set.
    """
    if windows and not any(window.opens_on <= on <= window.closes_on for window in windows):
        later = (window.opens_on.isoformat() for window in windows if window.opens_on > on)
        raise OutsideWindow(rule=rule, on=on.isoformat(), next_on=next(later, "-"))


def quarter_ends(year: int, *, days: int) -> tuple[Window, ...]:
    """The last `days` days of every quarter of a year: 一季度一兑换."""
    after = [date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1)]
    return tuple(
        Window(opens_on=day - timedelta(days=days), closes_on=day - timedelta(days=1)) for day in after
    )


def _account(code: str, member: str) -> str:
    return member if code == MEMBER else code


def _not_in_force(code: str, on: date, rule: ExchangeRule | None) -> RuleNotInForce:
    until = rule.in_force_until if rule else None
    return RuleNotInForce(
        rule=code,
        on=on.isoformat(),
        in_force_from=rule.in_force_from.isoformat() if rule else "-",
        in_force_until=until.isoformat() if until else "-",
    )
