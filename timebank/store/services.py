"""Services and attendances as rows: loading them into the pure values of `timebank.rules.attendance` and saving them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from timebank.credit import Credit, Cut
from timebank.rules.attendance import Attendance, Evidence, Kind, Service, ServiceState, State

_SERVICE = (
    "uid", "community", "kind", "title", "category", "need_key", "recipient", "team", "unit", "lead", "place",
    "starts_at", "ends_at", "capacity", "payer", "hold_uid", "state",
)  # fmt: skip
_ATTENDANCE = (
    "uid", "service", "member", "state", "signed_up_at", "checked_in_at", "checked_out_at", "evidence",
    "checked_in_by", "confirmed_by", "confirmed_at", "minutes_served", "minutes_credited", "policy_version",
    "transfer_uid", "note",
)  # fmt: skip
_SERVICE_COLUMNS = ", ".join(_SERVICE)
_ATTENDANCE_COLUMNS = ", ".join(_ATTENDANCE)


def _service(row: dict[str, Any]) -> Service:
    values = {name: row[name] for name in _SERVICE}
    return Service(**{**values, "kind": Kind(row["kind"]), "state": ServiceState(row["state"])})


def _attendance(row: dict[str, Any]) -> Attendance:
    values = {name: row[name] for name in _ATTENDANCE}
    evidence = Evidence(row["evidence"]) if row["evidence"] else None
    return Attendance(**{**values, "state": State(row["state"]), "evidence": evidence})


def _lock(engine: Any, wanted: bool) -> str:
    # SQLite has one writer, which is lock enough; PostgreSQL is told to hold the row until the commit.
    return " FOR UPDATE" if wanted and engine.dialect == "postgres" else ""


async def service(engine: Any, uid: str, *, lock: bool = False) -> Service | None:
    rows = await engine.fetch(
        f"SELECT {_SERVICE_COLUMNS} FROM tb_service WHERE uid = ?{_lock(engine, lock)}",
        [uid],
    )
    return _service(rows[0]) if rows else None


async def service_private(engine: Any, uid: str) -> dict[str, str]:
    """The exact place and the note of a visit: private card only."""
    rows = await engine.fetch("SELECT place_exact, note_private FROM tb_service WHERE uid = ?", [uid])
    return rows[0] if rows else {"place_exact": "", "note_private": ""}


async def service_reasons(engine: Any, uid: str) -> list[dict[str, Any]]:
    """Why this helper was proposed, as saved when the match was accepted."""
    rows = await engine.fetch("SELECT reasons FROM tb_service WHERE uid = ?", [uid])
    return json.loads(rows[0]["reasons"]) if rows else []


async def services(
    engine: Any,
    community: str,
    *,
    team: str = "",
    recipient: str = "",
    need_key: str = "",
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    states: Iterable[ServiceState] = (),
    limit: int = 500,
) -> list[Service]:
    """Services of a community, earliest first, narrowed by whatever is given."""
    where, args = ["community = ?"], [community]
    for column, value in (("team", team), ("recipient", recipient), ("need_key", need_key)):
        if value:
            where.append(f"{column} = ?")
            args.append(value)
    if starts_from is not None:
        where.append("starts_at >= ?")
        args.append(starts_from)  # type: ignore[arg-type]
    if starts_before is not None:
        where.append("starts_at < ?")
        args.append(starts_before)  # type: ignore[arg-type]
    if wanted := [state.value for state in states]:
        where.append(f"state IN ({', '.join('?' for _ in wanted)})")
        args.extend(wanted)
    rows = await engine.fetch(
        f"SELECT {_SERVICE_COLUMNS} FROM tb_service WHERE {' AND '.join(where)}"
        " ORDER BY starts_at, uid LIMIT ?",
        [*args, limit],
    )
    return [_service(row) for row in rows]


async def add_service(
    ctx: Any,
    service: Service,
    *,
    created_by: str,
    place_exact: str = "",
    note_private: str = "",
    reasons: list[dict[str, Any]] | None = None,
) -> None:
    sql, args = _insertion(ctx, service, created_by, place_exact, note_private, reasons)
    await ctx.engine.execute(sql, args)


async def add_service_once(ctx: Any, service: Service, *, created_by: str) -> bool:
    """Add a service whose uid follows from what it is; False when it was there already."""
    sql, args = _insertion(ctx, service, created_by, "", "", None)
    return bool(await ctx.engine.execute(f"{sql} ON CONFLICT (uid) DO NOTHING", args))


def _insertion(
    ctx: Any,
    service: Service,
    created_by: str,
    place_exact: str,
    note_private: str,
    reasons: list[dict[str, Any]] | None,
) -> tuple[str, list[Any]]:
    values = {**asdict(service), "kind": service.kind.value, "state": service.state.value}
    columns = [*_SERVICE, "place_exact", "note_private", "reasons", "created_by", "created_at"]
    args = [values[name] for name in _SERVICE] + [
        place_exact, note_private, json.dumps(reasons or [], ensure_ascii=False), created_by, ctx.now(),
    ]  # fmt: skip
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO tb_service ({', '.join(columns)}) VALUES ({marks})", args


async def save_service(engine: Any, service: Service) -> None:
    """Write the parts of a service that steps may change."""
    await engine.execute(
        "UPDATE tb_service SET state = ?, payer = ?, hold_uid = ?, lead = ?, capacity = ?, starts_at = ?, ends_at = ?"
        " WHERE uid = ?",
        [
            service.state.value, service.payer, service.hold_uid, service.lead, service.capacity,
            service.starts_at, service.ends_at, service.uid,
        ],
    )  # fmt: skip


async def attendance(engine: Any, uid: str, *, lock: bool = False) -> Attendance | None:
    rows = await engine.fetch(
        f"SELECT {_ATTENDANCE_COLUMNS} FROM tb_attendance WHERE uid = ?{_lock(engine, lock)}",
        [uid],
    )
    return _attendance(rows[0]) if rows else None


async def attendances(engine: Any, service: str, *, lock: bool = False) -> list[Attendance]:
    """Everybody's part in one service, in the order they signed up."""
    rows = await engine.fetch(
        f"SELECT {_ATTENDANCE_COLUMNS} FROM tb_attendance WHERE service = ?"
        f" ORDER BY signed_up_at, uid{_lock(engine, lock)}",
        [service],
    )
    return [_attendance(row) for row in rows]


async def attendances_of(
    engine: Any, member: str, *, states: Iterable[State] = (), limit: int = 200
) -> list[tuple[Attendance, Service]]:
    """A member's own parts with their services, latest first."""
    where, args = ["a.member = ?"], [member]
    if wanted := [state.value for state in states]:
        where.append(f"a.state IN ({', '.join('?' for _ in wanted)})")
        args.extend(wanted)
    picked = ", ".join(
        [f"a.{name} AS a_{name}" for name in _ATTENDANCE] + [f"s.{name} AS s_{name}" for name in _SERVICE]
    )
    rows = await engine.fetch(
        f"SELECT {picked} FROM tb_attendance a JOIN tb_service s ON s.uid = a.service"
        f" WHERE {' AND '.join(where)} ORDER BY s.starts_at DESC, a.uid LIMIT ?",
        [*args, limit],
    )
    return [(_attendance(_unprefixed(row, "a_")), _service(_unprefixed(row, "s_"))) for row in rows]


async def waiting_for_confirmation(
    engine: Any, community: str, limit: int = 200
) -> list[tuple[Attendance, Service]]:
    """Parts that are checked out or disputed and wait for somebody's word, oldest first."""
    picked = ", ".join(
        [f"a.{name} AS a_{name}" for name in _ATTENDANCE] + [f"s.{name} AS s_{name}" for name in _SERVICE]
    )
    rows = await engine.fetch(
        f"SELECT {picked} FROM tb_attendance a JOIN tb_service s ON s.uid = a.service"
        " WHERE s.community = ? AND a.state IN ('checked_out', 'disputed') ORDER BY s.starts_at, a.uid LIMIT ?",
        [community, limit],
    )
    return [(_attendance(_unprefixed(row, "a_")), _service(_unprefixed(row, "s_"))) for row in rows]


async def taken(engine: Any, service: str) -> int:
    """Places taken: everybody who has not cancelled."""
    rows = await engine.fetch(
        "SELECT COUNT(*) AS n FROM tb_attendance WHERE service = ? AND state NOT IN ('cancelled', 'no_show')",
        [service],
    )
    return int(rows[0]["n"])


async def attended(engine: Any, member: str, *, from_at: datetime, before_at: datetime) -> list[Attendance]:
    """A member's posted parts whose time there touches this stretch."""
    rows = await engine.fetch(
        f"SELECT {_ATTENDANCE_COLUMNS} FROM tb_attendance WHERE member = ? AND state IN ('confirmed', 'posted')"
        " AND checked_in_at < ? AND checked_out_at > ? ORDER BY checked_in_at",
        [member, before_at, from_at],
    )
    return [_attendance(row) for row in rows]


async def attendance_of(engine: Any, service: str, member: str) -> Attendance | None:
    """One member's part in one service."""
    rows = await engine.fetch(
        f"SELECT {_ATTENDANCE_COLUMNS} FROM tb_attendance WHERE service = ? AND member = ?",
        [service, member],
    )
    return _attendance(rows[0]) if rows else None


async def titles(engine: Any, services: list[str]) -> dict[str, dict[str, Any]]:
    """Title, place and beginning of services by uid; nothing in them names anybody."""
    if not services:
        return {}
    marks = ", ".join("?" for _ in services)
    rows = await engine.fetch(
        f"SELECT uid, title, place, kind, team, starts_at, ends_at FROM tb_service WHERE uid IN ({marks})",
        services,
    )
    return {row["uid"]: row for row in rows}


async def credited_on(engine: Any, member: str, *, day_from: datetime, day_before: datetime) -> int:
    """Minutes already credited to a member for services that began in this stretch (one local day)."""
    rows = await engine.fetch(
        "SELECT COALESCE(SUM(a.minutes_credited), 0) AS n FROM tb_attendance a JOIN tb_service s ON s.uid = a.service"
        " WHERE a.member = ? AND a.state = 'posted' AND s.starts_at >= ? AND s.starts_at < ?",
        [member, day_from, day_before],
    )
    return int(rows[0]["n"])


async def add_attendance(engine: Any, attendance: Attendance) -> None:
    values = _attendance_values(attendance)
    await engine.execute(
        f"INSERT INTO tb_attendance ({_ATTENDANCE_COLUMNS}) VALUES ({', '.join('?' for _ in _ATTENDANCE)})",
        values,
    )


async def save_attendance(engine: Any, attendance: Attendance, cuts: tuple[Cut, ...] = ()) -> None:
    assignments = ", ".join(f"{name} = ?" for name in _ATTENDANCE)
    await engine.execute(
        f"UPDATE tb_attendance SET {assignments}, cuts = ? WHERE uid = ?",
        [
            *_attendance_values(attendance),
            json.dumps([asdict(cut) for cut in cuts], ensure_ascii=False),
            attendance.uid,
        ],
    )


async def credit_of(engine: Any, attendance: Attendance) -> Credit:
    """What a part earned and why, as recorded when it was posted."""
    cuts = tuple(Cut(**cut) for cut in await cuts_of(engine, attendance.uid))
    return Credit(
        minutes_served=attendance.minutes_served, minutes_credited=attendance.minutes_credited, cuts=cuts
    )


async def count_waiting(
    engine: Any, community: str, *, starts_from: datetime, starts_before: datetime
) -> int:
    """How many parts of services that began in this stretch wait for somebody's word."""
    rows = await engine.fetch(
        "SELECT COUNT(*) AS n FROM tb_attendance a JOIN tb_service s ON s.uid = a.service WHERE s.community = ?"
        " AND a.state IN ('checked_out', 'disputed') AND s.starts_at >= ? AND s.starts_at < ?",
        [community, starts_from, starts_before],
    )
    return int(rows[0]["n"])


async def cuts_of(engine: Any, attendance_uid: str) -> list[dict[str, Any]]:
    """The rules that changed the minutes, as recorded when they were posted."""
    rows = await engine.fetch("SELECT cuts FROM tb_attendance WHERE uid = ?", [attendance_uid])
    return json.loads(rows[0]["cuts"]) if rows else []


def _attendance_values(attendance: Attendance) -> list[Any]:
    values = asdict(attendance)
    values["state"] = attendance.state.value
    values["evidence"] = attendance.evidence.value if attendance.evidence else ""
    return [values[name] for name in _ATTENDANCE]


def _unprefixed(row: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name[len(prefix) :]: value for name, value in row.items() if name.startswith(prefix)}
