"""One city's rules as one typed value, read from TOML.

Every number a city may change is here, with the value that holds when the city says nothing. Old records keep the
rule they were made under: a policy has a dated version, and credited minutes name the version that cut them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any, Self


class BadPolicy(Exception):
    """A policy file has an unknown key or a value of the wrong kind; the message names it."""


class Rounding(StrEnum):
    """How served minutes become whole steps."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


class Payer(StrEnum):
    """Whose account pays for a visit."""

    INSTITUTION = "institution"
    RECIPIENT_FIRST = "recipient_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPolicy:
    """How served minutes turn into credited minutes.

    Attributes:
        step_minutes, rounding: 15 and `nearest` make 52 minutes 45 and 53 minutes 60.
        minutes_min: shorter services are thanked but earn nothing.
        minutes_per_day_max: a person's cap for one day, 0 for none.
        minutes_total_max: a person's stored hours stop here, 0 for none; the rest goes to the community fund.
        minors_earn: when False, minors' hours are recorded but not banked.
        payer: who pays for a visit; `recipient_first` falls back to the institution, so nobody is left without help.
        reserve_minutes: how far the institution's account may go below zero.
    """

    step_minutes: int = 15
    rounding: Rounding = Rounding.NEAREST
    minutes_min: int = 10
    minutes_per_day_max: int = 480
    minutes_total_max: int = 90_000
    minors_earn: bool = True
    payer: Payer = Payer.INSTITUTION
    reserve_minutes: int = 6_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningPolicy:
    """Who may earn and how late a service may be recorded."""

    age_min: int = 14
    backdate_days_free: int = 30
    backdate_days_max: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPolicy:
    """How long a session, a code and a private card last."""

    session_idle_minutes: int = 15
    session_hours_max: int = 12
    elder_session_days_max: int = 30
    code_minutes: int = 10
    code_tries: int = 5
    private_card_days_after: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPolicy:
    """Within how many days somebody is to be found for a request, by how pressing it is."""

    days_urgent: int = 1
    days_normal: int = 7
    days_low: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules of one city; `Policy.load("plain")` or a path."""

    name: str = "plain"
    version: str = "1"
    valid_from_on: date = date(2026, 1, 1)
    title_zh: str = "社区时间银行"
    title_en: str = "Community time bank"
    source: str = ""
    timezone: str = "Asia/Shanghai"
    credit: CreditPolicy = field(default_factory=CreditPolicy)
    earning: EarningPolicy = field(default_factory=EarningPolicy)
    identity: IdentityPolicy = field(default_factory=IdentityPolicy)
    requests: RequestPolicy = field(default_factory=RequestPolicy)

    @classmethod
    def load(cls, city: str) -> Self:
        """The policy of a shipped city name or of a TOML file.

        Raises:
            BadPolicy: no such city, an unknown key, or a value of the wrong kind.
        """
        path = Path(city)
        if path.suffix == ".toml":
            if not path.is_file():
                raise BadPolicy(f"no policy file {city}")
            return cls.read(path.read_text(encoding="utf-8"))
        shipped = resources.files("timebank") / "cities" / f"{city}.toml"
        if not shipped.is_file():
            known = sorted(p.name[:-5] for p in (resources.files("timebank") / "cities").iterdir())
            raise BadPolicy(f"no shipped city {city!r}; there are {', '.join(known)}")
        return cls.read(shipped.read_text(encoding="utf-8"))

    @classmethod
    def read(cls, text: str) -> Self:
        """The policy written in a TOML text; BadPolicy names the first thing it does not know."""
        table = tomllib.loads(text)
        parts = {
            "credit": CreditPolicy,
            "earning": EarningPolicy,
            "identity": IdentityPolicy,
            "requests": RequestPolicy,
        }
        values: dict[str, Any] = {
            name: _part(kind, table.pop(name, {}), where=f"{name}.") for name, kind in parts.items()
        }
        whole = _part(cls, table, where="", skip=frozenset(parts))
        return cls(**{f.name: getattr(whole, f.name) for f in fields(cls) if f.name not in parts}, **values)


def _part(kind: type[Any], table: dict[str, Any], *, where: str, skip: frozenset[str] = frozenset()) -> Any:
    default = kind()
    known = {f.name for f in fields(kind)} - skip
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            raise BadPolicy(f"unknown key {where}{name}")
        wanted = type(getattr(default, name))
        if issubclass(wanted, StrEnum):
            try:
                value = wanted(value)
            except ValueError as error:
                raise BadPolicy(f"{where}{name} is {value!r}; it may be {', '.join(wanted)}") from error
        elif type(value) is not wanted:
            raise BadPolicy(f"{where}{name} is {value!r}; it should be {wanted.__name__}")
        if type(value) is int and value < 0:
            raise BadPolicy(f"{where}{name} is {value}; it cannot be below zero")
        values[name] = value
    return kind(**values)
