"""What was published of each month; rows are added, never changed, and the last of a month counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from piccolo.query import Select

from ledger.store.engine import prepared
from timebank.context import Engine
from timebank.rules.oversight.publishing import PostedWord, Published, read_published
from timebank.rules.parts.statements import Said
from timebank.store.rows import add, columns, typed, typed_all
from timebank.store.tables import Publication as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    community: str
    month: str
    text: str
    made_at: datetime


@prepared
def _of(community: str) -> Select[Table]:
    return Table.select(*columns(_Row, Table)).where(Table.community == community).order_by(Table.id)


async def add_publication(engine: Engine, one: Published) -> None:
    await add(
        engine, Table,
        {"community": one.community, "month": one.month, "text": one.as_text(), "made_at": one.at},
    )  # fmt: skip


async def publications(engine: Engine, community: str) -> list[Published]:
    """Everything that a community published, the oldest first.

    Raises:
        ValueError: a row was made unreadable.
    """
    rows = [typed(_Row, row) for row in await _of.on(engine)(community)]
    return [read_published(one.community, one.month, one.made_at, one.text) for one in rows]


async def published_of(engine: Engine, community: str, month: str) -> Published | None:
    """What was published last of a month."""
    found = [one for one in await publications(engine, community) if one.month == month]
    return found[-1] if found else None


async def posted_words(engine: Engine, community: str) -> list[PostedWord]:
    """What the book itself said of the parts of a community, in the order in which it was said."""
    rows = await engine.fetch(
        "SELECT t.part, t.what, t.minutes, t.transfer_uid FROM tb_statement t JOIN tb_service s ON s.uid = t.service"
        " WHERE s.community = ? AND t.what = ? ORDER BY t.id",
        [community, Said.POSTED.value],
    )
    return typed_all(PostedWord, rows)
