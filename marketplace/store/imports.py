"""What was imported: each file by the fingerprint of its bytes, each row with its verdict, reasons and raw cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.lists.report import ImportReport
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, Row, give_way, moment
from marketplace.values import Refusal

# So many rows of a long file are written or read before whoever else waits may go on.
ROWS_AT_ONCE = 200
_COLUMNS = "sheet, row_number, part, kind, verdict, line_key, reasons, cells"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """One row as it was judged, with the raw cells."""

    sheet: str
    row_number: int
    part: int
    kind: str
    verdict: str
    line_key: str
    reasons: tuple[Refusal, ...]
    cells: dict[str, str]


def fingerprint_of(content: bytes) -> str:
    """The fingerprint under which a file is remembered."""
    return hashlib.sha256(content).hexdigest()


async def known_file(engine: Engine, community: str, fingerprint: str) -> str | None:
    """The name under which this very file was read before; None when it is new."""
    rows = await engine.fetch(
        "SELECT filename FROM mp_import_file WHERE community = ? AND fingerprint = ?",
        [community, fingerprint],
    )
    return str(rows[0]["filename"]) if rows else None


async def save_import(
    engine: Engine,
    community: str,
    reports: Sequence[ImportReport],
    *,
    fingerprint: str,
    filename: str,
    at: datetime,
) -> bool:
    """Remember a file and the verdict on each of its rows; False, and nothing done, when it was read before."""
    async with engine.atomic():
        if await known_file(engine, community, fingerprint) is not None:
            return False
        await engine.execute(
            "INSERT INTO mp_import_file (community, fingerprint, filename, imported_at) VALUES (?, ?, ?, ?)",
            [community, fingerprint, filename, moment(at)],
        )
        await _add_rows(engine, community, fingerprint, reports)
    return True


async def _add_rows(
    engine: Engine, community: str, fingerprint: str, reports: Sequence[ImportReport]
) -> None:
    judged = [(report.kind.value, row) for report in reports for row in report.rows]
    for at in range(0, len(judged), ROWS_AT_ONCE):
        await engine.execute_many(
            "INSERT INTO mp_import_row (community, fingerprint, sheet, row_number, part, kind, verdict, line_key, reasons, "
            "cells) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    community,
                    fingerprint,
                    row.sheet,
                    row.row_number,
                    row.part,
                    kind,
                    row.verdict.value,
                    getattr(row.value, "line_key", ""),
                    dumps(row.reasons),
                    dumps(row.cells),
                ]
                for kind, row in judged[at : at + ROWS_AT_ONCE]
            ],
        )
        await give_way()


async def judge_again(engine: Engine, community: str, report: ImportReport, *, fingerprint: str) -> None:
    """Another verdict on every row of one table, after a person said how it is to be read."""
    async with engine.atomic():
        await engine.execute(
            "DELETE FROM mp_import_row WHERE community = ? AND fingerprint = ? AND sheet = ?",
            [community, fingerprint, report.sheet],
        )
        await _add_rows(engine, community, fingerprint, [report])


async def forget_file(engine: Engine, community: str, *, fingerprint: str, kept_as: str) -> None:
    """Set a file's fingerprint free, so that it may come in again; its rows stay under another one."""
    async with engine.atomic():
        for table in ("mp_import_file", "mp_import_row"):
            await engine.execute(
                f"UPDATE {table} SET fingerprint = ? WHERE community = ? AND fingerprint = ?",
                [kept_as, community, fingerprint],
            )


_MADE = {
    "needs": ("mp_need", (("mp_claim", "line_key"), ("mp_claim", "with_key"), ("mp_proposal", "need_key"), ("mp_override", "need_key"))),
    "resources": ("mp_resource", (("mp_claim", "line_key"), ("mp_claim", "with_key"), ("mp_proposal", "resource_key"), ("mp_override", "resource_key"))),
    "activities": ("mp_activity", (("mp_turn", "activity_key"),)),
    "projects": ("mp_project", ()),
}  # fmt: skip


async def remove_line(engine: Engine, community: str, kind: str, line_key: str) -> bool:
    """A line gone as if it had never come in; False where something rests on it, or it is not open any more.

    Args:
        kind: needs, resources, activities or projects.
    """
    table, resting = _MADE[kind]
    for other, column in resting:
        if await engine.fetch(
            f"SELECT 1 AS n FROM {other} WHERE community = ? AND {column} = ? LIMIT 1", [community, line_key]
        ):
            return False
    still_open = " AND stage = 'open'" if kind in ("needs", "resources") else ""
    done = await engine.execute(
        f"DELETE FROM {table} WHERE community = ? AND line_key = ?{still_open}", [community, line_key]
    )
    return done == 1


async def imported_rows(
    engine: Engine, community: str, *, fingerprint: str = "", verdict: str = ""
) -> tuple[ImportedRow, ...]:
    """Rows in file order, of one file or one verdict when given."""
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_import_row "
        "WHERE community = ? AND (fingerprint = ? OR ? = '') AND (verdict = ? OR ? = '') ORDER BY id",
        [community, fingerprint, fingerprint, verdict, verdict],
    )
    found: list[ImportedRow] = []
    for at in range(0, len(rows), ROWS_AT_ONCE):
        found += map(_row, rows[at : at + ROWS_AT_ONCE])
        await give_way()
    return tuple(found)


async def imported_row(engine: Engine, community: str, *, fingerprint: str, place: int) -> ImportedRow | None:
    """One row of a file, counted from 0; None when it has not so many."""
    if place < 0:
        return None
    rows = await engine.fetch(
        f"SELECT {_COLUMNS} FROM mp_import_row WHERE community = ? AND fingerprint = ? ORDER BY id LIMIT 1 OFFSET ?",
        [community, fingerprint, place],
    )
    return _row(rows[0]) if rows else None


def _row(row: Row) -> ImportedRow:
    reasons = loads(tuple[Refusal, ...], row["reasons"]) if row["reasons"] != "[]" else ()
    return ImportedRow(**{**row, "reasons": reasons, "cells": json.loads(row["cells"])})
