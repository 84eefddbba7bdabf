"""What auditors read of a community: what was said of parts, who read whose card, who signed in, and the lines of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from timebank.context import Engine
from timebank.rules.oversight.auditing import Spoken
from timebank.rules.parts.statements import Said
from timebank.rules.people.readings import Why
from timebank.store.rows import typed_all

_SPOKEN = (
    "SELECT t.id AS at, t.uid, t.part, t.service, t.what, t.by, t.said_at, t.minutes, t.retracts, s.ends_at, a.state,"
    " a.minutes_credited FROM tb_statement t JOIN tb_service s ON s.uid = t.service"
    " LEFT JOIN tb_attendance a ON a.uid = t.part WHERE s.community = ?"
)
SIGNS_IN = ("sign_in", "act_for", "issue_code", "issue_card", "issue_link", "card_used")
"""Actions of the log that are about ways in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsRead:
    """How often somebody read private cards for one reason: of how many people, how often in all, and when last."""

    reader: str
    why: Why
    people: int
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """How often somebody did one thing about ways in, and when last."""

    actor: str
    action: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the log as auditors read it.

    Attributes:
        id: by which the page before it goes on. service: uid of the service that it is about; "" for another thing.
    """

    id: int
    chain: str
    number: int
    at: datetime
    actor: str
    acting_for: str
    action: str
    object: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for in the log; what is left out matters not.

    Attributes:
        who: a person's opaque id, as who did it, for whom or about whom.
        since, before: the first moment, and the first that is too late.
        below: id of the line before which to go on.
    """

    who: str = ""
    since: datetime | None = None
    before: datetime | None = None
    below: int = 0


async def spoken_since(engine: Engine, community: str, since: datetime) -> list[Spoken]:
    """Everything said of parts since then, in the order in which it was said."""
    # By hand: no key leads from a statement to its service, so that Piccolo cannot join the two.
    rows = await engine.fetch(f"{_SPOKEN} AND t.said_at >= ? ORDER BY t.id", [community, since])
    return typed_all(Spoken, rows)


async def spoken_of_minutes(
    engine: Engine, community: str, minutes: int, wanted: Wanted, *, limit: int
) -> list[Spoken]:
    """What was said or posted with exactly so many minutes, the newest first."""
    where, values = " AND t.minutes = ? AND t.what IN (?, ?, ?, ?)", [
        community, minutes, Said.AMOUNT.value, Said.WORD.value, Said.POSTED.value, Said.REVERSED.value,
    ]  # fmt: skip
    if wanted.who:
        where += " AND (t.by = ? OR a.member = ?)"
        values += [wanted.who, wanted.who]
    more, dated = _between("t.said_at", wanted)
    rows = await engine.fetch(f"{_SPOKEN}{where}{more} ORDER BY t.id DESC LIMIT ?", [*values, *dated, limit])
    return typed_all(Spoken, rows)


async def cards_read(engine: Engine, community: str, since: datetime) -> list[CardsRead]:
    """Who read private cards since then, by reason, those of the most people first."""
    rows = await engine.fetch(
        "SELECT reader, why, COUNT(DISTINCT member) AS people, SUM(times) AS times, MAX(last_at) AS last_at"
        " FROM tb_card_reading WHERE community = ? AND last_at >= ? GROUP BY reader, why"
        " ORDER BY COUNT(DISTINCT member) DESC, reader, why",
        [community, since],
    )
    return typed_all(CardsRead, [{**row, "last_at": _moment(row["last_at"])} for row in rows])


async def came_in(engine: Engine, community: str, since: datetime) -> list[CameIn]:
    """Who came in, for whom somebody acted and who was given a way in, since then."""
    marks = ", ".join("?" for _ in SIGNS_IN)
    rows = await engine.fetch(
        "SELECT actor, action, COUNT(*) AS times, MAX(at) AS last_at FROM tb_audit"
        f" WHERE community = ? AND at >= ? AND action IN ({marks}) GROUP BY actor, action ORDER BY actor, action",
        [community, since, *SIGNS_IN],
    )
    return typed_all(CameIn, [{**row, "last_at": _moment(row["last_at"])} for row in rows])


async def log_lines(engine: Engine, community: str, wanted: Wanted, *, limit: int) -> list[LogLine]:
    """Lines that fit, the newest first; those that only hold rows are left out."""
    where, values = ["l.community = ?", "l.action NOT IN ('rows', 'rows_found', 'log_begins')"], [community]
    if wanted.who:
        where.append("(l.actor = ? OR l.acting_for = ? OR l.object = ?)")
        values += [wanted.who] * 3
    if wanted.below:
        where.append("l.id < ?")
    more, dated = _between("l.at", wanted)
    below: Sequence[object] = [wanted.below] if wanted.below else []
    rows = await engine.fetch(
        "SELECT l.id, l.chain, l.number, l.at, l.actor, l.acting_for, l.action, l.object,"
        " COALESCE(s.uid, a.service, '') AS service FROM tb_audit l"
        " LEFT JOIN tb_service s ON s.uid = l.object LEFT JOIN tb_attendance a ON a.uid = l.object WHERE "
        f"{' AND '.join(where)}{more} ORDER BY l.id DESC LIMIT ?",
        [*values, *below, *dated, limit],
    )
    return typed_all(LogLine, rows)


def _between(column: str, wanted: Wanted) -> tuple[str, list[object]]:
    """(conditions on a moment, their values)."""
    found = [(f" AND {column} >= ?", wanted.since), (f" AND {column} < ?", wanted.before)]
    given = [(sql, value) for sql, value in found if value is not None]
    return "".join(sql for sql, _ in given), [value for _, value in given]


def _moment(value: datetime | str) -> datetime:
    """SQLite does not know of an aggregate that it is a moment."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
