"""Files the office brought in, and what it did with their rows.

The verdicts and raw cells stand in `marketplace.store`, under the same fingerprint. They are personal data: only the
desk reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

SHEET_LENGTH_MAX = 80


async def add(
    ctx: Any,
    *,
    community: str,
    fingerprint: str,
    name: str,
    filed_on: date,
    tables: str,
    changes: int,
    made_by: str,
) -> str:
    """Remember a file; its uid. `tables` is how its tables were read, as JSON."""
    uid: str = ctx.ids.uid("F")
    await ctx.engine.execute(
        "INSERT INTO tb_import (uid, community, fingerprint, name, filed_on, tables, changes, made_by, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [uid, community, fingerprint, name[:160], filed_on, tables, changes, made_by, ctx.now()],
    )
    return uid


async def file(engine: Any, uid: str) -> dict[str, Any] | None:
    rows = await engine.fetch("SELECT * FROM tb_import WHERE uid = ?", [uid])
    return rows[0] if rows else None


async def file_by_fingerprint(engine: Any, community: str, fingerprint: str) -> dict[str, Any] | None:
    rows = await engine.fetch(
        "SELECT * FROM tb_import WHERE community = ? AND fingerprint = ?", [community, fingerprint]
    )
    return rows[0] if rows else None


async def files(engine: Any, community: str, limit: int = 50) -> list[dict[str, Any]]:
    """Files of a community, latest first."""
    return await engine.fetch(
        "SELECT * FROM tb_import WHERE community = ? ORDER BY made_at DESC, id DESC LIMIT ?",
        [community, limit],
    )


async def add_targets(engine: Any, file: str, rows: Sequence[tuple[str, int, str]]) -> None:
    """Note what each (sheet, row number) was saved as, "" for nothing yet."""
    await engine.execute_many(
        "INSERT INTO tb_import_answer (file, sheet, row_number, target, answer, answered_by)"
        " VALUES (?, ?, ?, ?, '', '')",
        [[file, sheet[:SHEET_LENGTH_MAX], number, target] for sheet, number, target in rows],
    )


async def answers(engine: Any, file: str) -> dict[tuple[str, int], dict[str, Any]]:
    """What became of each row of a file, by (sheet, row number)."""
    rows = await engine.fetch("SELECT * FROM tb_import_answer WHERE file = ?", [file])
    return {(row["sheet"], row["row_number"]): row for row in rows}


async def answer(
    ctx: Any, *, file: str, sheet: str, row_number: int, answer: str, target: str, by: str
) -> bool:
    """Keep the desk's decision on a row that was still waiting; False when somebody was quicker."""
    done = await ctx.engine.execute(
        "UPDATE tb_import_answer SET answer = ?, target = ?, answered_by = ?, answered_at = ?"
        " WHERE file = ? AND sheet = ? AND row_number = ? AND answer = ''",
        [answer, target, by, ctx.now(), file, sheet[:SHEET_LENGTH_MAX], row_number],
    )
    return bool(done == 1)
