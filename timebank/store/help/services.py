"""Services and attendances: loaded into the pure values of `timebank.rules.parts.attendance` and saved back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import NotRequired, TypedDict

from piccolo.query import Select
from piccolo.query.functions.aggregate import Count, Sum
from piccolo.query.methods.select import First

from ledger.store.engine import Prepared, Row, prepared
from timebank.context import Context, Engine
from timebank.policy import Grade
from timebank.rules.hours.credit import Credit, Cut, GoesTo
from timebank.rules.parts.attendance import Attendance, Kind, Service, ServiceState, State
from timebank.store import tables
from timebank.store.rows import add, change, columns, rows_of, typed, typed_all, typed_or_none, values_of

S, A = tables.Service, tables.Attendance
_SERVICE = columns(Service, S)
_ATTENDANCE = columns(Attendance, A)
_JOINED = [
    *(column.as_alias(f"a_{column._meta.name}") for column in _ATTENDANCE),
    *(getattr(A.service, column._meta.name).as_alias(f"s_{column._meta.name}") for column in _SERVICE),
]
_EARNED = (A.minutes_served, A.minutes_credited, A.cuts, A.counted)
_LEFT_BEHIND = (State.CANCELLED.value, State.NO_SHOW.value)
_WAITING = (State.CHECKED_OUT.value, State.DISPUTED.value)


class CutRow(TypedDict):
    """A rule that changed minutes, as it is kept with the part."""

    rule: str
    minutes: int
    zh: str
    en: str
    counts: NotRequired[bool]
    goes_to: NotRequired[str]


class ReasonRow(TypedDict):
    """Why a helper was proposed, as the plan explained it and as it is kept with the service."""

    code: str
    points: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivatePlace:
    """The exact place and the note of a visit: private card only."""

    place_exact: str = ""
    note_private: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTitle:
    """What a line about a service says; nothing in it names anybody."""

    uid: str
    title: str
    place: str
    kind: Kind
    team: str
    starts_at: datetime
    ends_at: datetime


# ---- services --------------------------------------------------------------------------------------------------------


@prepared
def _service(uid: str) -> First:
    return S.select(*_SERVICE).where(S.uid == uid).first()


@prepared
def _service_locked(uid: str) -> First:
    return S.select(*_SERVICE).where(S.uid == uid).lock_rows().first()


@prepared
def _private(uid: str) -> First:
    return S.select(S.place_exact, S.note_private).where(S.uid == uid).first()


@prepared
def _reasons(uid: str) -> First:
    return S.select(S.reasons).where(S.uid == uid).first()


@prepared
def _created_by(uid: str) -> First:
    return S.select(S.created_by).where(S.uid == uid).first()


async def created_by(engine: Engine, uid: str) -> str:
    """Who made a service, by uid; "" for nobody in particular."""
    row = await _created_by.on(engine)(uid)
    return str(row["created_by"]) if row else ""


async def service(engine: Engine, uid: str, *, lock: bool = False) -> Service | None:
    # SQLite has one writer, which is lock enough; PostgreSQL is told to hold the row until the commit.
    find = _service_locked if lock and engine.dialect == "postgres" else _service
    return typed_or_none(Service, await find.on(engine)(uid))


async def service_private(engine: Engine, uid: str) -> PrivatePlace:
    """The exact place and the note of a visit: private card only."""
    return typed_or_none(PrivatePlace, await _private.on(engine)(uid)) or PrivatePlace()


async def service_reasons(engine: Engine, uid: str) -> list[ReasonRow]:
    """Why this helper was proposed, as saved when the match was accepted."""
    row = await _reasons.on(engine)(uid)
    reasons: list[ReasonRow] = json.loads(row["reasons"]) if row else []
    return reasons


async def services(
    engine: Engine,
    community: str,
    *,
    team: str = "",
    unit: str = "",
    recipient: str = "",
    need_key: str = "",
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    states: Iterable[ServiceState] = (),
    limit: int = 500,
) -> list[Service]:
    """Services of a community, earliest first, narrowed by whatever is given."""
    query = S.select(*_SERVICE).where(S.community == community)
    for column, value in ((S.team, team), (S.unit, unit), (S.recipient, recipient), (S.need_key, need_key)):
        if value:
            query = query.where(column == value)
    if starts_from is not None:
        query = query.where(S.starts_at >= starts_from)
    if starts_before is not None:
        query = query.where(S.starts_at < starts_before)
    if wanted := [state.value for state in states]:
        query = query.where(S.state.is_in(wanted))
    rows = await rows_of(engine, query.order_by(S.starts_at, S.uid).limit(limit))
    return typed_all(Service, rows)


async def add_service(
    ctx: Context,
    service: Service,
    *,
    created_by: str,
    place_exact: str = "",
    note_private: str = "",
    reasons: Sequence[ReasonRow] = (),
) -> None:
    private = {"place_exact": place_exact, "note_private": note_private}
    await add(ctx.engine, S, {**_service_values(ctx, service, created_by, reasons), **private})


async def add_service_once(ctx: Context, service: Service, *, created_by: str) -> bool:
    """Add a service whose uid follows from what it is; False when it was there already."""
    return await add(ctx.engine, S, _service_values(ctx, service, created_by, ()), once=("uid",))


def _service_values(
    ctx: Context, service: Service, created_by: str, reasons: Sequence[ReasonRow]
) -> dict[str, object]:
    return {
        **values_of(service),
        "reasons": json.dumps(list(reasons), ensure_ascii=False),
        "created_by": created_by,
        "created_at": ctx.now(),
    }


async def save_service(engine: Engine, service: Service) -> None:
    """Write the parts of a service that steps may change."""
    changed = (
        "state", "payer", "hold_uid", "lead", "capacity", "starts_at", "ends_at", "off", "moved_to",
    )  # fmt: skip
    values = values_of(service)
    await change(engine, S, {name: values[name] for name in changed}, uid=service.uid)


async def hand_over_service(engine: Engine, uid: str, *, recipient: str) -> None:
    """Whom the service helps is on record under another uid now."""
    await change(engine, S, {"recipient": recipient}, uid=uid)


async def titles(engine: Engine, services: Sequence[str]) -> dict[str, ServiceTitle]:
    """Title, place and beginning of services by uid; nothing in them names anybody."""
    if not services:
        return {}
    rows = await rows_of(engine, S.select(*columns(ServiceTitle, S)).where(S.uid.is_in(list(services))))
    return {row["uid"]: typed(ServiceTitle, row) for row in rows}


# ---- attendances -----------------------------------------------------------------------------------------------------


@prepared
def _attendance(uid: str) -> First:
    return A.select(*_ATTENDANCE).where(A.uid == uid).first()


@prepared
def _attendance_locked(uid: str) -> First:
    return A.select(*_ATTENDANCE).where(A.uid == uid).lock_rows().first()


@prepared
def _attendances(service: str) -> Select[tables.Attendance]:
    return A.select(*_ATTENDANCE).where(A.service == service).order_by(A.signed_up_at, A.uid)


@prepared
def _attendances_locked(service: str) -> Select[tables.Attendance]:
    return A.select(*_ATTENDANCE).where(A.service == service).order_by(A.signed_up_at, A.uid).lock_rows()


@prepared
def _attendance_of(service: str, member: str) -> First:
    return A.select(*_ATTENDANCE).where((A.service == service) & (A.member == member)).first()


@prepared
def _attended(member: str, from_at: datetime, before_at: datetime) -> Select[tables.Attendance]:
    posted = A.state.is_in([State.CONFIRMED.value, State.POSTED.value])
    there = (A.checked_in_at < before_at) & (A.checked_out_at > from_at)
    return A.select(*_ATTENDANCE).where((A.member == member) & posted & there).order_by(A.checked_in_at)


@prepared
def _earned(uid: str) -> First:
    return A.select(*_EARNED).where(A.uid == uid).first()


@prepared
def _posted_around(member: str, from_at: datetime, before_at: datetime) -> Select[tables.Attendance]:
    there = (A.checked_in_at < before_at) & (A.checked_out_at > from_at)
    posted = (A.member == member) & (A.state == State.POSTED.value)
    return A.select(*_ATTENDANCE, A.cuts, A.counted).where(posted & there).order_by(A.checked_in_at)


@prepared
def _given(member: str) -> Select[tables.Attendance]:
    posted = (A.member == member) & (A.state == State.POSTED.value)
    return A.select(A.grade, Sum(A.minutes_credited, alias="n")).where(posted).group_by(A.grade)


@prepared
def _taken(service: str) -> First:
    here = (A.service == service) & A.state.not_in(list(_LEFT_BEHIND))
    return A.select(Count(alias="n")).where(here).first()


@prepared
def _count_waiting(community: str, starts_from: datetime, starts_before: datetime) -> First:
    begun = (A.service.starts_at >= starts_from) & (A.service.starts_at < starts_before)
    waits = A.state.is_in(list(_WAITING))
    return A.select(Count(alias="n")).where((A.service.community == community) & waits & begun).first()


@cache
def _parts_of(states: tuple[State, ...], limit: int) -> Prepared[[str], list[Row]]:
    """One statement for each set of states that is asked for; there are few, and each is costly to build."""

    @prepared
    def parts(member: str) -> Select[tables.Attendance]:
        query = A.select(*_JOINED).where(A.member == member)
        if states:
            query = query.where(A.state.is_in([state.value for state in states]))
        return query.order_by(A.service.starts_at, ascending=False).order_by(A.uid).limit(limit)

    return parts


@cache
def _waiting(limit: int) -> Prepared[[str], list[Row]]:
    @prepared
    def waiting(community: str) -> Select[tables.Attendance]:
        waits = (A.service.community == community) & A.state.is_in(list(_WAITING))
        return A.select(*_JOINED).where(waits).order_by(A.service.starts_at, A.uid).limit(limit)

    return waiting


async def attendance(engine: Engine, uid: str, *, lock: bool = False) -> Attendance | None:
    find = _attendance_locked if lock and engine.dialect == "postgres" else _attendance
    return typed_or_none(Attendance, await find.on(engine)(uid))


async def attendances(engine: Engine, service: str, *, lock: bool = False) -> list[Attendance]:
    """Everybody's part in one service, in the order they signed up."""
    find = _attendances_locked if lock and engine.dialect == "postgres" else _attendances
    return typed_all(Attendance, await find.on(engine)(service))


async def attendances_of(
    engine: Engine, member: str, *, states: Iterable[State] = (), limit: int = 200
) -> list[tuple[Attendance, Service]]:
    """A member's own parts with their services, latest first."""
    return _pairs(await _parts_of(tuple(sorted(set(states))), limit).on(engine)(member))


async def waiting_for_confirmation(
    engine: Engine, community: str, limit: int = 200
) -> list[tuple[Attendance, Service]]:
    """Parts that are checked out or disputed and wait for somebody's word, oldest first."""
    return _pairs(await _waiting(limit).on(engine)(community))


async def waiting_for_second(
    engine: Engine, community: str, *, limit: int
) -> list[tuple[Attendance, Service]]:
    """Parts for which somebody has spoken and that wait for another hand, oldest first."""
    waits = (A.service.community == community) & (A.state == State.CHECKED_OUT.value) & (A.waits != "")
    query = A.select(*_JOINED).where(waits).order_by(A.service.starts_at, A.uid).limit(limit)
    return _pairs(await rows_of(engine, query))


async def waiting_for_word_of(engine: Engine, members: Sequence[str]) -> list[tuple[Attendance, Service]]:
    """Parts that are checked out and wait for the word of these people whom they helped, oldest first."""
    if not members:
        return []
    waits = A.service.recipient.is_in(list(members)) & (A.state == State.CHECKED_OUT.value)
    return _pairs(await rows_of(engine, A.select(*_JOINED).where(waits).order_by(A.service.starts_at, A.uid)))


async def taken(engine: Engine, service: str) -> int:
    """Places taken: everybody who has not cancelled."""
    return _number(await _taken.on(engine)(service))


async def attended(
    engine: Engine, member: str, *, from_at: datetime, before_at: datetime
) -> list[Attendance]:
    """A member's posted parts whose time there touches this stretch."""
    return typed_all(Attendance, await _attended.on(engine)(member, from_at, before_at))


async def attendance_of(engine: Engine, service: str, member: str) -> Attendance | None:
    """One member's part in one service."""
    return typed_or_none(Attendance, await _attendance_of.on(engine)(service, member))


async def posted_around(
    engine: Engine, member: str, *, from_at: datetime, before_at: datetime
) -> list[tuple[Attendance, Credit]]:
    """A member's posted parts whose time there touches this stretch, with what they earned."""
    rows = await _posted_around.on(engine)(member, from_at, before_at)
    return [(typed(Attendance, row), _credit(row)) for row in rows]


async def posted_between(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> list[tuple[Attendance, Service]]:
    """Every posted part of the community's services that began in this stretch."""
    begun = (A.service.starts_at >= starts_from) & (A.service.starts_at < starts_before)
    posted = (A.service.community == community) & (A.state == State.POSTED.value)
    return _pairs(await rows_of(engine, A.select(*_JOINED).where(posted & begun).order_by(A.uid)))


async def minutes_given_by_all(engine: Engine, community: str) -> dict[str, dict[Grade, int]]:
    """uid -> minutes earned so far in each grade, of everybody in the community who ever earned any."""
    posted = (A.service.community == community) & (A.state == State.POSTED.value)
    sums = A.select(A.member, A.grade, Sum(A.minutes_credited, alias="n")).where(posted)
    found: dict[str, dict[Grade, int]] = {}
    for row in await rows_of(engine, sums.group_by(A.member, A.grade)):
        found.setdefault(str(row["member"]), {})[Grade(row["grade"] or Grade.E)] = _number(row)
    return found


async def minutes_given_between(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> dict[str, int]:
    """uid -> minutes earned by services of the community that began in this stretch."""
    begun = (A.service.starts_at >= starts_from) & (A.service.starts_at < starts_before)
    posted = (A.service.community == community) & (A.state == State.POSTED.value)
    query = A.select(A.member, Sum(A.minutes_credited, alias="n")).where(posted & begun).group_by(A.member)
    return {str(row["member"]): _number(row) for row in await rows_of(engine, query)}


async def ended_parts(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> dict[str, dict[State, int]]:
    """uid -> how many of their parts in services that began in this stretch ended how."""
    begun = (A.service.starts_at >= starts_from) & (A.service.starts_at < starts_before)
    query = (
        A.select(A.member, A.state, Count(alias="n"))
        .where((A.service.community == community) & begun)
        .group_by(A.member, A.state)
    )
    found: dict[str, dict[State, int]] = {}
    for row in await rows_of(engine, query):
        found.setdefault(str(row["member"]), {})[State(row["state"])] = _number(row)
    return found


async def minutes_given(engine: Engine, member: str) -> dict[Grade, int]:
    """Minutes a member has earned so far, as they stand confirmed, by how well they are vouched for."""
    return {Grade(row["grade"] or Grade.E): _number(row) for row in await _given.on(engine)(member)}


async def count_waiting(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> int:
    """How many parts of services that began in this stretch wait for somebody's word."""
    return _number(await _count_waiting.on(engine)(community, starts_from, starts_before))


async def silent(
    engine: Engine, community: str, *, from_at: datetime, before_at: datetime
) -> list[tuple[Attendance, Service]]:
    """Parts of services that began in this stretch whose people are expected, or are there, by what is on record."""
    begun = (A.service.starts_at >= from_at) & (A.service.starts_at < before_at)
    open_ones = A.state.is_in([State.SIGNED_UP.value, State.CHECKED_IN.value])
    query = A.select(*_JOINED).where((A.service.community == community) & open_ones & begun)
    return _pairs(await rows_of(engine, query.order_by(A.service.starts_at, A.uid)))


async def without_a_word(
    engine: Engine, community: str, *, before_at: datetime, limit: int = 500
) -> list[str]:
    """Uids of parts that are over since then, of which nobody has said how they ended, nor anything else since."""
    open_ones = (State.SIGNED_UP, State.CHECKED_IN, State.CHECKED_OUT, State.DISPUTED)
    marks = ", ".join("?" for _ in open_ones)
    rows = await engine.fetch(
        "SELECT a.uid FROM tb_attendance AS a JOIN tb_service AS s ON s.uid = a.service"
        f" WHERE s.community = ? AND s.ends_at < ? AND a.state IN ({marks})"
        " AND NOT EXISTS (SELECT 1 FROM tb_statement AS q WHERE q.part = a.uid AND q.\"by\" <> '' AND q.said_at >= ?)"
        " ORDER BY s.ends_at, a.uid LIMIT ?",
        [community, before_at, *(one.value for one in open_ones), before_at, limit],
    )
    return [str(row["uid"]) for row in rows]


async def contested(engine: Engine, community: str, limit: int = 200) -> list[tuple[Attendance, Service]]:
    """Parts whose hours stand in the book and of which somebody says that they are wrong, the oldest word first."""
    said = (A.service.community == community) & (A.state == State.POSTED.value) & A.wrong_at.is_not_null()
    return _pairs(
        await rows_of(engine, A.select(*_JOINED).where(said).order_by(A.wrong_at, A.uid).limit(limit))
    )


async def rested(engine: Engine, now: datetime, *, community: str = "", limit: int) -> list[str]:
    """Uids of decided parts whose rest is over, the longest over first."""
    query = A.select(A.uid).where((A.state == State.CONFIRMED.value) & (A.rests_until <= now))
    if community:
        query = query.where(A.service.community == community)
    return [
        str(row["uid"]) for row in await rows_of(engine, query.order_by(A.rests_until, A.uid).limit(limit))
    ]


async def count_resting(
    engine: Engine, community: str, *, starts_from: datetime, starts_before: datetime
) -> tuple[int, datetime | None]:
    """How many decided parts of services that began in this stretch are not posted yet, and when the last of them may be."""
    begun = (A.service.starts_at >= starts_from) & (A.service.starts_at < starts_before)
    resting = (A.service.community == community) & (A.state == State.CONFIRMED.value) & begun
    rows = await rows_of(
        engine, A.select(A.rests_until).where(resting).order_by(A.rests_until, ascending=False)
    )
    return len(rows), (rows[0]["rests_until"] if rows else None)


async def add_attendance(engine: Engine, attendance: Attendance) -> None:
    await add(engine, A, _attendance_values(attendance))


async def save_attendance(engine: Engine, attendance: Attendance, credit: Credit | None = None) -> None:
    """Write a part; `credit` is why its minutes are what they are, and stays while they are posted."""
    kept: dict[str, object] = {}
    if credit is not None or attendance.posted_at is None:
        cuts = [asdict(cut) for cut in credit.cuts] if credit else []
        counted = [[on.isoformat(), minutes] for on, minutes in credit.days] if credit else []
        kept = {"cuts": json.dumps(cuts, ensure_ascii=False), "counted": json.dumps(counted)}
    await change(engine, A, {**_attendance_values(attendance), **kept}, uid=attendance.uid)


async def remove_unconfirmed(engine: Engine, attendance: str) -> bool:
    """A part typed in by mistake gone again, its service too when nobody else has a part in it; False once it is confirmed."""
    rows = await engine.fetch(
        "DELETE FROM tb_attendance WHERE uid = ? AND state = ? RETURNING service",
        [attendance, State.CHECKED_OUT.value],
    )
    for row in rows:
        await engine.execute("DELETE FROM tb_statement WHERE part = ?", [attendance])
        await engine.execute(
            "DELETE FROM tb_service WHERE uid = ? AND kind = 'shift' AND state = 'under_way'"
            " AND NOT EXISTS (SELECT 1 FROM tb_attendance WHERE service = ?)",
            [row["service"], row["service"]],
        )
    return bool(rows)


async def hand_over_part(engine: Engine, uid: str, *, member: str) -> None:
    """Whose part it is is on record under another uid now."""
    await change(engine, A, {"member": member}, uid=uid)


async def credit_of(engine: Engine, attendance: Attendance) -> Credit:
    """What a part earned and why, as recorded when it was posted."""
    row = await _earned.on(engine)(attendance.uid)
    if row is not None:
        return _credit(row)
    return Credit(minutes_served=attendance.minutes_served, minutes_credited=attendance.minutes_credited)


def _credit(row: Row) -> Credit:
    return Credit(
        minutes_served=row["minutes_served"],
        minutes_credited=row["minutes_credited"],
        cuts=tuple(_cut(cut) for cut in json.loads(row["cuts"])),
        days=tuple((date.fromisoformat(on), minutes) for on, minutes in json.loads(row["counted"])),
    )


def _cut(kept: CutRow) -> Cut:
    """A cut as it was kept; those of earlier editions say neither whether they count nor where the minutes went."""
    counts = kept.get("counts", kept["rule"] not in ("total_cap", "minor"))
    return Cut(
        rule=kept["rule"], minutes=kept["minutes"], zh=kept["zh"], en=kept["en"], counts=counts,
        goes_to=GoesTo(kept.get("goes_to", "")),
    )  # fmt: skip


def _attendance_values(attendance: Attendance) -> dict[str, object]:
    return {**values_of(attendance), "evidence": attendance.evidence or ""}


def _pairs(rows: list[Row]) -> list[tuple[Attendance, Service]]:
    return list(zip(typed_all(Attendance, rows, "a_"), typed_all(Service, rows, "s_"), strict=True))


def _number(row: Mapping[str, int | None] | None) -> int:
    # A sum over nothing is NULL, and PostgreSQL's sums are wider than its integers.
    return int(row["n"] or 0) if row else 0
