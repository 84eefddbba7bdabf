"""What recognising compares, as rows: candidates for many descriptions at once, the answers given, the questions open.

A chunk of rows costs the same few queries as one row. A record that was joined to another answers for the one that stayed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piccolo.query import Delete
from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, Row, prepared
from marketplace.ages import AgeFact, AgeSort
from marketplace.names import name_key
from marketplace.phones import PhoneNumber
from marketplace.store import give_way
from timebank.catalogue.named import TEAM_MEMBER
from timebank.rules.people.described import Answer, Candidate
from timebank.rules.relationships import Life
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import IdentityAnswer, IdentityQuestion

# Of more people than this at a time, others on the event loop go on between the queries.
MANY = 50
# SQLite and PostgreSQL both take this many arguments with room to spare.
ARGUMENTS_MAX = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to find people by: keys of names, their sounds, numbers, and teams whose whole roster is asked for."""

    keys: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    uids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A description that may be somebody on record, open until answered.

    Attributes:
        described: the digest that the answer is kept under.
        uids: whom it may be, the likeliest first.
        seen_in: where it was met, such as `import/F123/7` (file and row) or `applicant/Q123`.
    """

    described: str
    why: str
    uids: tuple[str, ...]
    seen_in: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The columns of a candidate that stand in one row."""

    uid: str
    life: str
    joined_to: str
    area: str
    community: str
    name: str
    called: str
    gives: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _QuestionRow:
    described: str
    why: str
    uids: str
    seen_in: str
    asked_at: datetime
    answered_at: datetime | None


# ---- candidates


async def candidates(
    engine: DurableEngine, community: str, wanted: Wanted, *, on: date, source: str = ""
) -> list[Candidate]:
    """Everybody of a community who fits any of it; a joined record comes back under the uid of the one that stayed.

    Args:
        on: the day whose rosters count.
        source: the list whose row keys `source_numbers` shall hold, "" for none.
    """
    uids = await _found(engine, community, wanted, on)
    if not uids:
        return []
    if len(uids) > MANY:
        await give_way()
    rows = await _rows(engine, uids)
    joined = {row.joined_to for row in rows if row.joined_to} - {row.uid for row in rows}
    while joined:
        more = await _rows(engine, sorted(joined))
        rows += more
        joined = {row.joined_to for row in more if row.joined_to} - {row.uid for row in rows}
    return await _filled(engine, rows, on=on, source=source)


async def _found(engine: DurableEngine, community: str, wanted: Wanted, on: date) -> list[str]:
    """Uids by whatever fits: one query of several arms for every few hundred values."""
    arms = (
        ("SELECT member AS uid FROM tb_person WHERE community = ? AND name_key IN ({marks})", wanted.keys),
        ("SELECT member AS uid FROM tb_person WHERE community = ? AND called_key IN ({marks})", wanted.keys),
        ("SELECT member AS uid FROM tb_person WHERE community = ? AND sound IN ({marks})", wanted.sounds),
        ("SELECT member AS uid FROM tb_phone WHERE community = ? AND number IN ({marks})", wanted.numbers),
        ("SELECT uid FROM tb_member WHERE community = ? AND uid IN ({marks})", wanted.uids),
    )
    found: set[str] = set()
    for sql, values in arms:
        for some in _chunks(sorted(values - {""})):
            rows = await engine.fetch(sql.format(marks=_marks(some)), [community, *some])
            found |= {str(row["uid"]) for row in rows}
    for team in sorted(wanted.teams):
        rows = await engine.fetch(
            "SELECT holder_member AS uid FROM tb_relationship WHERE to_organisation = ? AND kind = ?"
            " AND state = 'in_force' AND since_on <= ? AND (until_on IS NULL OR until_on >= ?)",
            [team, TEAM_MEMBER, on, on],
        )
        found |= {str(row["uid"]) for row in rows}
    return sorted(found)


async def _rows(engine: DurableEngine, uids: Sequence[str]) -> list[_Known]:
    found: list[_Known] = []
    for some in _chunks(uids):
        # An erased person has no name and can be recognised by nobody, so the inner join is meant.
        found += typed_all(
            _Known,
            await engine.fetch(
                "SELECT m.uid, m.life, m.joined_to, m.area, m.community, p.name, p.called, f.gives FROM tb_member m"
                " JOIN tb_person p ON p.member = m.uid LEFT JOIN tb_profile f ON f.member = m.uid"
                f" WHERE m.uid IN ({_marks(some)})",
                some,
            ),
        )
    return found


async def _filled(engine: DurableEngine, rows: Sequence[_Known], *, on: date, source: str) -> list[Candidate]:
    by_uid = {row.uid: row for row in rows}
    stays = {row.uid: _stays(row, by_uid) for row in rows}
    uids = sorted(by_uid)
    numbers: dict[str, list[PhoneNumber]] = {}
    ages: dict[str, list[AgeFact]] = {}
    teams: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for some in _chunks(uids):
        marks = _marks(some)
        for row in await engine.fetch(
            f"SELECT member, number, extension, note, written FROM tb_phone WHERE member IN ({marks}) ORDER BY member, place",
            some,
        ):
            numbers.setdefault(stays[row["member"]], []).append(_phone(row))
        for row in await engine.fetch(
            f"SELECT member, sort, value, said_on, source FROM tb_age WHERE member IN ({marks}) ORDER BY id",
            some,
        ):
            ages.setdefault(stays[row["member"]], []).append(_age(row))
        for row in await engine.fetch(
            f"SELECT holder_member, to_organisation FROM tb_relationship WHERE holder_member IN ({marks}) AND kind = ?"
            " AND state = 'in_force' AND since_on <= ? AND (until_on IS NULL OR until_on >= ?)",
            [*some, TEAM_MEMBER, on, on],
        ):
            teams.setdefault(stays[row["holder_member"]], set()).add(row["to_organisation"])
        if source:
            for row in await engine.fetch(
                f"SELECT member, row_key FROM tb_source_key WHERE member IN ({marks}) AND source = ?",
                [*some, source],
            ):
                keys.setdefault(stays[row["member"]], set()).add(row["row_key"])
    found: list[Candidate] = []
    for uid in uids:
        own, one = by_uid[uid], by_uid.get(stays[uid])
        if one is None or (own is not one and _same_names(own, one)):
            continue
        # Who was joined under another spelling is still found by it.
        found.append(
            Candidate(
                uid=one.uid,
                name=own.name,
                called=own.called,
                phones=tuple(numbers.get(one.uid, ())),
                ages=tuple(ages.get(one.uid, ())),
                teams=frozenset(teams.get(one.uid, ())),
                area=one.area if one.area != one.community else "",
                life=_life(one.life),
                gives=bool(one.gives),
                source_numbers=frozenset(keys.get(one.uid, ())),
            )
        )
    return found


def _stays(row: _Known, by_uid: Mapping[str, _Known]) -> str:
    """The uid of the record that went on when this one was joined to another, perhaps in several steps."""
    seen = {row.uid}
    while row.joined_to and row.joined_to in by_uid and row.joined_to not in seen:
        seen.add(row.joined_to)
        row = by_uid[row.joined_to]
    return row.uid


def _same_names(own: _Known, one: _Known) -> bool:
    return {name_key(own.name), name_key(own.called)} - {""} <= {name_key(one.name), name_key(one.called)}


def _life(word: str) -> Life:
    return Life(word) if word in (Life.LEFT, Life.DIED) else Life.ACTIVE


def _phone(row: Row) -> PhoneNumber:
    return PhoneNumber(
        number=row["number"], extension=row["extension"], note=row["note"], written=row["written"]
    )


def _age(row: Row) -> AgeFact:
    return AgeFact(
        sort=AgeSort(row["sort"]), value=row["value"], said_on=row["said_on"], source=row["source"]
    )


# ---- answers


async def answers(engine: DurableEngine, community: str, digests: Iterable[str]) -> list[Answer]:
    """What was answered about these descriptions; one about a joined record points to the one that stayed."""
    found: list[Answer] = []
    for some in _chunks(sorted(set(digests))):
        rows = await engine.fetch(
            "SELECT a.described, coalesce(m.joined_to, m.uid) AS uid, a.same FROM tb_identity_answer a"
            f" JOIN tb_member m ON m.uid = a.member WHERE a.community = ? AND a.described IN ({_marks(some)})"
            " ORDER BY a.id",
            [community, *some],
        )
        found += [Answer(described=row["described"], uid=row["uid"], same=bool(row["same"])) for row in rows]
    return found


async def keep_answer(
    engine: DurableEngine, community: str, answer: Answer, *, by: str, at: datetime
) -> bool:
    """Keep an answer for ever; a new one about the same person takes the place of the old one. False: it was known."""
    values: dict[str, object] = {
        "community": community, "described": answer.described, "member": answer.uid, "same": answer.same,
        "answered_by": by, "answered_at": at,
    }  # fmt: skip
    if await add(engine, IdentityAnswer, values, once=("community", "described", "member")):
        return True
    said = await _said.on(engine)(community, answer.described, answer.uid)
    if said is not None and bool(said["same"]) == answer.same:
        return False
    changed = {"same": answer.same, "answered_by": by, "answered_at": at}
    await change(
        engine, IdentityAnswer, changed, community=community, described=answer.described, member=answer.uid
    )
    return True


async def point_answers(engine: DurableEngine, gone: str, kept: str) -> None:
    """Answers about a record that was joined are about the one that stays, unless the same was said of that one."""
    # By hand: a row is moved only where its new place is free.
    await engine.execute(
        "DELETE FROM tb_identity_answer WHERE member = ? AND described IN"
        " (SELECT described FROM tb_identity_answer WHERE member = ?)",
        [gone, kept],
    )
    await change(engine, IdentityAnswer, {"member": kept}, member=gone)


@prepared
def _said(community: str, described: str, member: str) -> First:
    return (
        IdentityAnswer.select(IdentityAnswer.same)
        .where(
            IdentityAnswer.community == community,
            IdentityAnswer.described == described,
            IdentityAnswer.member == member,
        )
        .first()
    )


# ---- questions

_QUESTION = columns(_QuestionRow, IdentityQuestion)


@prepared
def _question(community: str, described: str) -> First:
    return (
        IdentityQuestion.select(*_QUESTION)
        .where(IdentityQuestion.community == community, IdentityQuestion.described == described)
        .first()
    )


@prepared
def _forget(community: str, described: str) -> Delete:
    return IdentityQuestion.delete().where(
        IdentityQuestion.community == community, IdentityQuestion.described == described
    )


async def ask(engine: DurableEngine, community: str, question: Question) -> bool:
    """Leave a question open; the very same is asked once, also by another list. False when it stands already.

    One that was closed without settling it (its row was dropped, its file taken back) opens again.
    """
    known = await _question.on(engine)(community, question.described)
    if known is not None and known["answered_at"] is not None:
        await _forget.on(engine)(community, question.described)
    return await add(
        engine,
        IdentityQuestion,
        {
            "community": community, "described": question.described, "why": question.why,
            "uids": json.dumps(question.uids), "seen_in": question.seen_in[:120], "asked_at": question.asked_at,
            "answered_at": question.answered_at,
        },
        once=("community", "described"),
    )  # fmt: skip


async def question(engine: DurableEngine, community: str, described: str) -> Question | None:
    row = typed_or_none(_QuestionRow, await _question.on(engine)(community, described))
    return None if row is None else _as_question(row)


async def open_questions(
    engine: DurableEngine, community: str, *, number: int = 20, offset: int = 0
) -> list[Question]:
    """Questions nobody has answered, the oldest first."""
    query = (
        IdentityQuestion.select(*_QUESTION)
        .where(IdentityQuestion.community == community, IdentityQuestion.answered_at.is_null())
        .order_by(IdentityQuestion.id)
        .limit(number)
        .offset(offset)
    )
    return [_as_question(row) for row in typed_all(_QuestionRow, await rows_of(engine, query))]


async def count_open(engine: DurableEngine, community: str) -> int:
    """How many questions wait for somebody's word."""
    rows = await engine.fetch(
        "SELECT count(*) AS n FROM tb_identity_question WHERE community = ? AND answered_at IS NULL",
        [community],
    )
    return int(rows[0]["n"])


async def close_question(engine: DurableEngine, community: str, described: str, *, at: datetime) -> bool:
    """Mark a question as answered; False when there was none open."""
    found = await question(engine, community, described)
    if found is None or found.answered_at is not None:
        return False
    await change(engine, IdentityQuestion, {"answered_at": at}, community=community, described=described)
    return True


async def close_seen(
    engine: DurableEngine, community: str, seen_in: str, *, at: datetime, below: bool = False
) -> None:
    """Close what was asked about one row, or with `below` about all rows of a file: nobody waits for it any more."""
    where = IdentityQuestion.seen_in.like(f"{seen_in}%") if below else IdentityQuestion.seen_in == seen_in
    query = IdentityQuestion.update({IdentityQuestion.answered_at: at}).where(
        IdentityQuestion.community == community, IdentityQuestion.answered_at.is_null(), where
    )
    await rows_of(engine, query)


def _as_question(row: _QuestionRow) -> Question:
    return Question(
        described=row.described,
        why=row.why,
        uids=tuple(json.loads(row.uids)),
        seen_in=row.seen_in,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )


def _chunks(values: Sequence[str]) -> Iterable[list[str]]:
    return (list(values[at : at + ARGUMENTS_MAX]) for at in range(0, len(values), ARGUMENTS_MAX))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" for _ in values)
