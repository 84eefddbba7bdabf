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
from marketplace.store import give_way
from timebank.context import Context, Engine
from timebank.store.rows import add as add_row
from timebank.store.rows import change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Import, ImportAnswer, Layout

SHEET_LENGTH_MAX = 80
# So many rows of a long file are written before whoever else waits may go on.
ROWS_AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file the office brought in.

    Attributes:
        fingerprint: of its bytes; the same file twice is one file.
        filed_on: the day its dates are read from.
        tables: how its tables were read, as JSON.
        changes: lines added or changed by it.
        made_by: uid of the worker who brought it.
        undone_at: when the office took it back, None while it stands.
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
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAnswer:
    """What a row was saved as ("" for nothing yet), and what the desk decided where it was doubted ("" while it waits).

    `made` is true where the row brought its target into being, and did not only find it there.
    """

    sheet: str
    row_number: int
    part: int
    target: str
    made: bool
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
def _answer_at(file: str, sheet: str, row_number: int, part: int) -> First:
    here = (ImportAnswer.file == file) & (ImportAnswer.sheet == sheet)
    row = (ImportAnswer.row_number == row_number) & (ImportAnswer.part == part)
    return ImportAnswer.select(*columns(RowAnswer, ImportAnswer)).where(here & row).first()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What one row of a file was saved as, "" for nothing yet."""

    sheet: str
    number: int
    part: int
    target: str
    made: bool

    @property
    def place(self) -> tuple[str, int, int]:
        """Sheet, row and part, as answers are found by."""
        return self.sheet[:SHEET_LENGTH_MAX], self.number, self.part


async def add_targets(engine: Engine, file: str, rows: Sequence[Became]) -> None:
    """Note what each row was saved as."""
    for at in range(0, len(rows), ROWS_AT_ONCE):
        # By hand: Piccolo builds one long statement of many rows, and a file may have thousands.
        await engine.execute_many(
            "INSERT INTO tb_import_answer (file, sheet, row_number, part, target, made, answer, answered_by)"
            " VALUES (?, ?, ?, ?, ?, ?, '', '')",
            [[file, *one.place, one.target, int(one.made)] for one in rows[at : at + ROWS_AT_ONCE]],
        )
        await give_way()


async def replace_targets(engine: Engine, file: str, sheet: str, rows: Sequence[Became]) -> None:
    """Note anew what the rows of one table were saved as; what the desk decided on single rows stays."""
    await engine.execute(
        "DELETE FROM tb_import_answer WHERE file = ? AND sheet = ? AND answer = ''",
        [file, sheet[:SHEET_LENGTH_MAX]],
    )
    kept = await answers(engine, file)
    await add_targets(engine, file, [one for one in rows if one.place not in kept])


async def answers(engine: Engine, file: str) -> dict[tuple[str, int, int], RowAnswer]:
    """What became of each row of a file, by (sheet, row number, part)."""
    found = typed_all(RowAnswer, await _answers.on(engine)(file))
    return {(one.sheet, one.row_number, one.part): one for one in found}


async def answer_at(engine: Engine, file: str, place: tuple[str, int, int]) -> RowAnswer | None:
    """What became of the row at a sheet, number and part of a file."""
    return typed_or_none(RowAnswer, await _answer_at.on(engine)(file, *place))


async def save_tables(engine: Engine, file: str, *, tables: str, changes: int) -> None:
    """How a file's tables are read now, and how much it has changed by now."""
    await change(engine, Import, {"tables": tables, "changes": changes}, uid=file)


async def others_became(engine: Engine, community: str, file: str, target: str) -> bool:
    """Whether a row of another file, not taken back, was saved as the same thing."""
    rows = await engine.fetch(
        "SELECT 1 AS n FROM tb_import_answer a JOIN tb_import f ON f.uid = a.file WHERE f.community = ? AND f.uid <> ?"
        " AND f.undone_at IS NULL AND a.target = ? LIMIT 1",
        [community, file, target],
    )
    return bool(rows)


async def undo(ctx: Context, file: str, *, fingerprint: str) -> bool:
    """The file taken back, its fingerprint set free; False when somebody was quicker."""
    done = await ctx.engine.execute(
        "UPDATE tb_import SET undone_at = ?, fingerprint = ? WHERE uid = ? AND undone_at IS NULL",
        [ctx.now(), fingerprint, file],
    )
    return bool(done == 1)


async def layouts(engine: Engine, community: str) -> list[str]:
    """What was said of layouts in this community, as JSON, the latest first."""
    query = Layout.select(Layout.answers).where(Layout.community == community)
    rows = await rows_of(engine, query.order_by(Layout.answered_at, Layout.id, ascending=False))
    return [str(row["answers"]) for row in rows]


async def remember_layout(ctx: Context, community: str, *, fingerprint: str, answers: str, by: str) -> None:
    """Keep what was said of a layout in the place of what was said before."""
    said = {"answers": answers, "answered_by": by, "answered_at": ctx.now()}
    if not await change(ctx.engine, Layout, said, community=community, fingerprint=fingerprint):
        await add_row(ctx.engine, Layout, {"community": community, "fingerprint": fingerprint, **said})


async def answer(
    ctx: Context, *, file: str, sheet: str, row_number: int, part: int, answer: str, target: str, by: str
) -> bool:
    """Keep the desk's decision on a row that was still waiting; False when somebody was quicker."""
    decided = {"answer": answer, "target": target, "answered_by": by, "answered_at": ctx.now()}
    place = {"file": file, "sheet": sheet[:SHEET_LENGTH_MAX], "row_number": row_number, "part": part}
    return await change(ctx.engine, ImportAnswer, decided, **place, answer="") == 1
