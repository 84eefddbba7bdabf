"""What every flow is given: the database, the books, the policy, the clock and the ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.store import Book
from ledger.store.engine import DurableEngine
from timebank.catalogue import Catalogue, shipped
from timebank.policy import Policy
from timebank.policy.holder import Policies
from timebank.ports import Carrier, Clock, Ids
from timebank.rules.telling.news import Way
from timebank.settings import Settings

Engine = DurableEngine
"""The durable engine of `ledger.store.engine`; what the app asks of a database is what that promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One running installation, handed to every flow.

    Attributes:
        policies: the rules of every community, by day.
        clock: the only source of "now"; aware, UTC.
        ids: the only source of randomness.
        carriers: what takes news out of the house; none in an installation that has not said so.
    """

    settings: Settings
    engine: DurableEngine
    policies: Policies
    clock: Clock
    ids: Ids
    carriers: Mapping[Way, Carrier] = field(default_factory=dict)
    _books: dict[str, Book] = field(default_factory=dict, init=False, repr=False, compare=False)

    def book(self, community: str) -> Book:
        """The hour book of one community."""
        if community not in self._books:
            self._books[community] = Book(self.engine, code=community, timezone=self.zone.key, clock=self.now)
        return self._books[community]

    def policy_of(self, community: str, on: date | None = None) -> Policy:
        """The rules that hold in a community on a day, today when none is given."""
        return self.policies.of(community, on or self.today())

    def catalogue_of(self, community: str) -> Catalogue:
        """The kinds of places, organisations and relationships of one community."""
        return shipped()

    @property
    def ways(self) -> tuple[Way, ...]:
        """How news leaves this house, the quickest first; in the end somebody rings."""
        return (*(way for way in (Way.SMS, Way.MAIL) if way in self.carriers), Way.CALL)

    @property
    def zone(self) -> ZoneInfo:
        """The installation's time zone, which all its communities share."""
        return ZoneInfo(self.policies.default.timezone)

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        """The local date, by which days and months are counted."""
        return self.clock().astimezone(self.zone).date()


def issuing_account(community: str) -> str:
    """The institution's account that funds care: its balance below zero is what the community owes."""
    return f"Equity:Community:{community.upper()}:Issued"


def fund_account(community: str) -> str:
    """The community fund: given hours that anyone in need may be helped from."""
    return f"Liabilities:Community:{community.upper()}:Fund"


def team_account(team: str) -> str:
    """A team's account, for hours that it can only give on."""
    return f"Liabilities:Team:{team.upper()}"


def unit_account(unit: str) -> str:
    """The account of a body that receives gifts of hours, which it can only give on."""
    return f"Liabilities:Unit:{unit.upper()}"


def member_account(uid: str) -> str:
    """A member's own account, by opaque id."""
    return f"Liabilities:Member:{uid}"
