"""What recognising compares: somebody as a list, sheet, call or form describes them, somebody on record, and answers given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.ages import AgeFact, best
from marketplace.names import name_key, unreadable
from marketplace.phones import PhoneNumber
from timebank.rules.relationships.facts import Life

_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Somebody as a row, a caller or a form describes them.

    Attributes:
        name: as written; "" when only a number is known.
        phones, ages: as read; empty when absent.
        teams: codes of the organisations named; on a sheet, the team whose sheet it is.
        area: code of a grid or building, "" when unknown; a whole community is no area here.
        sheet: a roll-call of people whom its writer knows: a bare name means the team's own.
        source_number: the source's own number for the person, with the source ("volunteers:17"); "" for none.
        lineage: which list this is over the years (sender and kind), so that the answer to a bare name stays with it.
        file: this very file, by its content.
    """

    name: str = ""
    phones: tuple[PhoneNumber, ...] = ()
    ages: tuple[AgeFact, ...] = ()
    occupation: str = ""
    teams: frozenset[str] = frozenset()
    area: str = ""
    sheet: bool = False
    source_number: str = ""
    lineage: str = ""
    file: str = ""

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers that can be dialled."""
        return frozenset(one.number for one in self.phones if one.number)

    def is_near(self, other: Candidate) -> bool:
        """True when both are of one team or one area."""
        return bool(self.teams & other.teams) or (self.area != "" and self.area == other.area)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody on record in the same community.

    Attributes:
        called: how people call them (王奶奶), "" for nothing.
        teams: codes of the organisations they are a member of today.
        area: code of their grid or building, "" when unknown.
        gives: they have offered to help; a resident who only asks is no helper on a sheet.
        source_numbers: numbers that sources gave them ("volunteers:17").
        left_the_list: the list was sent again and their old line is not in it.
        listed: their own line stands in this very list, so another line of the name is another person.
    """

    uid: str
    name: str
    called: str = ""
    phones: tuple[PhoneNumber, ...] = ()
    ages: tuple[AgeFact, ...] = ()
    teams: frozenset[str] = frozenset()
    area: str = ""
    life: Life = Life.ACTIVE
    gives: bool = True
    source_numbers: frozenset[str] = frozenset()
    left_the_list: bool = False
    listed: bool = False

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers that can be dialled."""
        return frozenset(one.number for one in self.phones if one.number)

    @property
    def keys(self) -> frozenset[str]:
        """The keys they are known by: name and form of address."""
        return frozenset(filter(None, (name_key(self.name), name_key(self.called))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Somebody said that the one described is this member (`same`), or is not.

    Attributes:
        described: the digest it was given for.
        uid: the member as they are on record now (a joined record's answers point to the one that stayed).
    """

    described: str
    uid: str
    same: bool


def digests(described: Described) -> tuple[str, ...]:
    """The names under which answers about this description are kept; the last holds for this file alone.

    The first is name, numbers and birth; without a number also occupation, teams and area; and where a bare name, or a sign that
    only the sender's font knows, is all there is, the list's lineage: such an answer must not travel to another office's list.
    """
    key, numbers = name_key(described.name), sorted(_numbers(described.phones))
    birth = best(described.ages)
    parts: list[object] = [key, numbers, [birth.sort.value, birth.value] if birth else []]
    beside: list[object] = [name_key(described.occupation), sorted(described.teams), described.area]
    if not numbers:
        parts += beside
    if unreadable(described.name) or not (numbers or birth or any(beside)):
        parts.append(described.lineage)
    return _digest(parts), _digest([*parts, "file", described.file])


def _digest(parts: Sequence[object]) -> str:
    return hashlib.sha256(_WRITER.encode(parts).encode()).hexdigest()[:32]


def _numbers(phones: Sequence[PhoneNumber]) -> set[str]:
    return {f"{one.number}x{one.extension}" if one.extension else one.number for one in phones if one.number}
