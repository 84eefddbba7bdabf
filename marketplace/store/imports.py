"""What was imported: each file by the fingerprint of its bytes, each row with its verdict, reasons and raw cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.lists.report import ImportReport
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, moment
from marketplace.values import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """One row as it was judged, with the raw cells."""

    sheet: str
    row_number: int
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
        await engine.execute_many(
            "INSERT INTO mp_import_row (community, fingerprint, sheet, row_number, kind, verdict, line_key, reasons, "
            "cells) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    community,
                    fingerprint,
                    row.sheet,
                    row.row_number,
                    report.kind.value,
                    row.verdict.value,
                    getattr(row.value, "line_key", ""),
                    dumps(row.reasons),
                    dumps(row.cells),
                ]
                for report in reports
                for row in report.rows
            ],
        )
    return True


async def imported_rows(
    engine: Engine, community: str, *, fingerprint: str = "", verdict: str = ""
) -> tuple[ImportedRow, ...]:
    """Rows in file order, of one file or one verdict when given."""
    rows = await engine.fetch(
        "SELECT sheet, row_number, kind, verdict, line_key, reasons, cells FROM mp_import_row "
        "WHERE community = ? AND (fingerprint = ? OR ? = '') AND (verdict = ? OR ? = '') ORDER BY id",
        [community, fingerprint, fingerprint, verdict, verdict],
    )
    return tuple(
        ImportedRow(
            **{
                **row,
                "reasons": loads(tuple[Refusal, ...], row["reasons"]),
                "cells": json.loads(row["cells"]),
            }
        )
        for row in rows
    )
