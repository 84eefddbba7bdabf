"""Files the office brought in, and what it did with their rows.

The verdicts and raw cells stand in `marketplace.store`, under the same fingerprint. They are personal data: only the
desk reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from piccolo.query import Select
from piccolo.query.methods.select import First

from ledger.store.engine import prepared
from timebank.context import Context, Engine
from timebank.store.rows import add as add_row
from timebank.store.rows import change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Import, ImportAnswer

SHEET_LENGTH_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file the office brought in.

    Attributes:
        fingerprint: of its bytes; the same file twice is one file.
        filed_on: the day its dates are read from.
        tables: how its tables were read, as JSON.
        changes: lines added or changed by it.
        made_by: uid of the worker who brought it.
    """

    uid: str
    community: str
    fingerprint: str
    name: str
    filed_on: date
    tables: str
    changes: int
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAnswer:
    """What a row was saved as ("" for nothing yet), and what the desk decided where it was doubted ("" while it waits)."""

    sheet: str
    row_number: int
    target: str
    answer: str
    answered_by: str
    answered_at: datetime | None


_FILE = columns(ImportedFile, Import)


@prepared
def _file(uid: str) -> First:
    return Import.select(*_FILE).where(Import.uid == uid).first()


@prepared
def _by_fingerprint(community: str, fingerprint: str) -> First:
    same = (Import.community == community) & (Import.fingerprint == fingerprint)
    return Import.select(*_FILE).where(same).first()


@prepared
def _answers(file: str) -> Select[ImportAnswer]:
    return ImportAnswer.select(*columns(RowAnswer, ImportAnswer)).where(ImportAnswer.file == file)


async def add(
    ctx: Context,
    *,
    uid: str,
    community: str,
    fingerprint: str,
    name: str,
    filed_on: date,
    tables: str,
    changes: int,
    made_by: str,
) -> None:
    """Remember a file under this uid. `tables` is how its tables were read, as JSON."""
    await add_row(
        ctx.engine,
        Import,
        {
            "uid": uid, "community": community, "fingerprint": fingerprint, "name": name[:160], "filed_on": filed_on,
            "tables": tables, "changes": changes, "made_by": made_by, "made_at": ctx.now(),
        },
    )  # fmt: skip


async def file(engine: Engine, uid: str) -> ImportedFile | None:
    return typed_or_none(ImportedFile, await _file.on(engine)(uid))


async def file_by_fingerprint(engine: Engine, community: str, fingerprint: str) -> ImportedFile | None:
    return typed_or_none(ImportedFile, await _by_fingerprint.on(engine)(community, fingerprint))


async def files(engine: Engine, community: str, limit: int = 50) -> list[ImportedFile]:
    """Files of a community, latest first."""
    query = Import.select(*_FILE).where(Import.community == community)
    latest = query.order_by(Import.made_at, Import.id, ascending=False).limit(limit)
    return typed_all(ImportedFile, await rows_of(engine, latest))


async def add_targets(engine: Engine, file: str, rows: Sequence[tuple[str, int, str]]) -> None:
    """Note what each (sheet, row number) was saved as, "" for nothing yet."""
    # By hand: Piccolo builds one long statement of many rows, and a file may have thousands.
    await engine.execute_many(
        "INSERT INTO tb_import_answer (file, sheet, row_number, target, answer, answered_by)"
        " VALUES (?, ?, ?, ?, '', '')",
        [[file, sheet[:SHEET_LENGTH_MAX], number, target] for sheet, number, target in rows],
    )


async def answers(engine: Engine, file: str) -> dict[tuple[str, int], RowAnswer]:
    """What became of each row of a file, by (sheet, row number)."""
    found = typed_all(RowAnswer, await _answers.on(engine)(file))
    return {(one.sheet, one.row_number): one for one in found}


async def answer(
    ctx: Context, *, file: str, sheet: str, row_number: int, answer: str, target: str, by: str
) -> bool:
    """Keep the desk's decision on a row that was still waiting; False when somebody was quicker."""
    decided = {"answer": answer, "target": target, "answered_by": by, "answered_at": ctx.now()}
    place = {"file": file, "sheet": sheet[:SHEET_LENGTH_MAX], "row_number": row_number}
    return await change(ctx.engine, ImportAnswer, decided, **place, answer="") == 1
