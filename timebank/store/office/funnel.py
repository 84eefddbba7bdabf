"""Who stands at which stage of the funnel: the same condition counts people, lists them and finds one among them.

Written by hand: a stage is a person about whom something stands in any of three tables, and Piccolo has no words for that.
A record that was joined to another brings its parts along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from timebank.context import Engine
from timebank.rules.parts.attendance import State
from timebank.store.rows import typed_all


class Stage(StrEnum):
    """How far a registrant has come; everybody at one stage also stands at those before it."""

    REGISTERED = "registered"
    DOCKED = "docked"
    PLACED = "placed"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What counts, and of whom.

    Attributes:
        docking: kinds of relationships that tie somebody to a team, a unit, a post or a pair.
        placing: those of them that are a post or a pair.
        on: the day on which they are in force. active_from: since when a served part keeps somebody active.
        area: path of a place they live below, team: code of an organisation they are tied to, source: the list that told of
            them; "" for any.
        key, number, tail: of one person who is looked for among them; "" where what was typed cannot mean that.
    """

    community: str
    docking: Sequence[str]
    placing: Sequence[str]
    on: date
    active_from: datetime
    area: str = ""
    team: str = ""
    source: str = ""
    key: str = ""
    number: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One line of a stage's list."""

    uid: str
    number: str = ""
    name: str = ""
    called: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A list that told of people, and of how many."""

    source: str
    people: int


@dataclass(slots=True)
class _Where:
    """Conditions that must all hold, with their arguments in order."""

    texts: list[str] = field(default_factory=list)
    args: list[object] = field(default_factory=list)

    def add(self, text: str, *args: object) -> None:
        self.texts.append(text)
        self.args += args


_FROM = (
    "FROM tb_member m JOIN tb_profile f ON f.member = m.uid LEFT JOIN tb_person p ON p.member = m.uid"
    " LEFT JOIN tb_area h ON h.code = m.area"
)
_HELD = (
    "m.uid IN (SELECT holder_member FROM tb_relationship WHERE community = ? AND kind IN ({marks}) AND state = 'in_force'"
    " AND since_on <= ? AND (until_on IS NULL OR until_on >= ?))"
)
_CLAIMED = (
    "m.uid IN (SELECT claimant FROM mp_claim WHERE community = ? AND stage IN ('open', 'accepted', 'done'))"
)
_PART = (
    "m.uid IN (SELECT COALESCE(w.joined_to, w.uid) FROM tb_attendance a JOIN tb_member w ON w.uid = a.member"
    " JOIN tb_service s ON s.uid = a.service WHERE s.community = ? AND a.state IN ({marks}){since})"
)
_TAKEN = tuple(one.value for one in State if one not in (State.CANCELLED, State.NO_SHOW))
_SERVED = (State.CHECKED_OUT.value, State.CONFIRMED.value, State.POSTED.value)
# Who has no number comes after everybody who has one.
_ORDER = "COALESCE(m.number, '~')"


async def count(engine: Engine, stage: Stage, measure: Measure) -> int:
    """How many people stand at a stage."""
    where = _where(stage, measure)
    rows = await engine.fetch(f"SELECT count(*) AS n {_FROM} WHERE {' AND '.join(where.texts)}", where.args)
    return int(rows[0]["n"])


async def people(
    engine: Engine, stage: Stage, measure: Measure, *, after: tuple[str, str] | None = None, limit: int = 0
) -> list[Person]:
    """Who stands at a stage, by number; personal data.

    Args:
        after: (number or "~", uid) of the last one shown; None from the beginning. limit: 0 for everybody.
    """
    where = _where(stage, measure)
    if after is not None:
        where.add(f"({_ORDER}, m.uid) > (?, ?)", *after)
    rows = await engine.fetch(
        f"SELECT m.uid, m.number, p.name, p.called, CASE WHEN m.area = m.community THEN '' ELSE h.name END AS area {_FROM}"
        f" WHERE {' AND '.join(where.texts)} ORDER BY {_ORDER}, m.uid" + (" LIMIT ?" if limit else ""),
        [*where.args, *([limit] if limit else [])],
    )
    return typed_all(Person, rows)


async def sources(engine: Engine, community: str) -> list[Source]:
    """The lists that told of people of a community, the longest first."""
    rows = await engine.fetch(
        "SELECT source, count(DISTINCT member) AS people FROM tb_source_key WHERE community = ? GROUP BY source"
        " ORDER BY count(DISTINCT member) DESC, source",
        [community],
    )
    return typed_all(Source, rows)


def _where(stage: Stage, measure: Measure) -> _Where:
    where = _Where()
    where.add("m.community = ? AND m.life = 'active' AND f.gives", measure.community)
    match stage:
        case Stage.REGISTERED:
            pass
        case Stage.DOCKED:
            held, placed = _held(measure, measure.docking), _part(measure, _TAKEN)
            where.add(f"({held[0]} OR {_CLAIMED} OR {placed[0]})", *held[1], measure.community, *placed[1])
        case Stage.PLACED:
            held, placed = _held(measure, measure.placing), _part(measure, _TAKEN)
            where.add(f"({held[0]} OR {placed[0]})", *held[1], *placed[1])
        case Stage.ACTIVE:
            text, args = _part(measure, _SERVED, since=measure.active_from)
            where.add(text, *args)
    _narrow(where, measure)
    return where


def _narrow(where: _Where, measure: Measure) -> None:
    if measure.area:
        where.add("h.path >= ? AND h.path < ?", measure.area, f"{measure.area[:-1]}0")
    if measure.team:
        where.add(
            "m.uid IN (SELECT holder_member FROM tb_relationship WHERE to_organisation = ? AND state = 'in_force'"
            " AND since_on <= ? AND (until_on IS NULL OR until_on >= ?))",
            measure.team,
            measure.on,
            measure.on,
        )
    if measure.source:
        where.add(
            "m.uid IN (SELECT member FROM tb_source_key WHERE community = ? AND source = ?)",
            measure.community,
            measure.source,
        )
    sought = _Where()
    if measure.key:
        sought.add("p.name_key LIKE ? OR p.called_key LIKE ?", f"%{measure.key}%", f"%{measure.key}%")
    if measure.number:
        sought.add("m.number = ?", measure.number)
        sought.add(
            "m.uid IN (SELECT member FROM tb_phone WHERE community = ? AND number = ?)",
            measure.community,
            measure.number,
        )
    if measure.tail:
        sought.add(
            "m.uid IN (SELECT member FROM tb_phone WHERE community = ? AND tail = ?)",
            measure.community,
            measure.tail,
        )
    if sought.texts:
        where.add(f"({' OR '.join(sought.texts)})", *sought.args)


def _held(measure: Measure, kinds: Sequence[str]) -> tuple[str, list[object]]:
    text = _HELD.format(marks=", ".join("?" for _ in kinds))
    return text, [measure.community, *kinds, measure.on, measure.on]


def _part(
    measure: Measure, states: Sequence[str], *, since: datetime | None = None
) -> tuple[str, list[object]]:
    text = _PART.format(
        marks=", ".join("?" for _ in states), since=" AND s.starts_at >= ?" if since is not None else ""
    )
    return text, [measure.community, *states, *([since] if since is not None else [])]
