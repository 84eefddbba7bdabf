"""After an upgrade: the log holds the rows and the schema as the migrations left them.

A migration may change rows without a word, and an older database has no digests at all. So once migrations have run, a line says
what stands there now. A row that did not fit before is left out, and stays named: an upgrade makes nothing right.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from ledger.store.engine import DurableEngine
from timebank.store.oversight.audit import ENTRIES_MAX, GONE, INSTALLATION, Said, write
from timebank.store.oversight.audit_checks import (
    OLD_LINES,
    SCHEMA,
    Looked,
    Place,
    differing,
    ids_digest,
    misfitting,
    read_log,
)
from timebank.store.schema_parts import schema_parts, tables_there

UNFINISHED = "log_catches_up"
"""Setting, while an upgrade runs: the rows that did not fit before it. Nothing else writes it, so that it is named when it stays."""
FOUND = "rows_found"
"""Action of lines that hold what an upgrade found."""


async def holds_rows(engine: DurableEngine) -> bool:
    """Whether any line holds rows: of a database that has been brought this far before."""
    if "tb_audit_head" not in await tables_there(engine):
        return False
    return bool(await engine.fetch("SELECT id FROM tb_audit WHERE form > 1 LIMIT 1"))


async def unfinished(engine: DurableEngine) -> bool:
    """Whether an upgrade began and has not caught up."""
    if "tb_setting" not in await tables_there(engine):
        return False
    return bool(await engine.fetch("SELECT id FROM tb_setting WHERE key = ?", [UNFINISHED]))


async def begin(engine: DurableEngine) -> frozenset[Place]:
    """The rows that do not fit before migrations run, noted down until the log has caught up; none where nothing is held yet."""
    if await unfinished(engine):
        [row] = await engine.fetch("SELECT value FROM tb_setting WHERE key = ?", [UNFINISHED])
        return frozenset((str(table), int(id)) for table, id in json.loads(row["value"]))
    if not await holds_rows(engine):
        return frozenset()
    found = frozenset(await differing(engine))
    await engine.execute(
        "INSERT INTO tb_setting (key, value) VALUES (?, ?)", [UNFINISHED, json.dumps(sorted(found))]
    )
    return found


async def catch_up(engine: DurableEngine, before: Collection[Place]) -> None:
    """Hold every row and part of the schema as they are now, but for the rows that did not fit before; in a unit of its own."""
    async with engine.atomic():
        await engine.execute("DELETE FROM tb_setting WHERE key = ?", [UNFINISHED])
        looked = await read_log(engine)
        entries = [*_parts(looked, await schema_parts(engine))]
        if looked.old_ids and not looked.old_lines:
            entries.append(f"{OLD_LINES}:{len(looked.old_ids)}={ids_digest(looked.old_ids)}")
        async for place, digest in misfitting(engine, looked):
            if place not in before:
                entries.append(f"{place[0][3:]}:{place[1]}={digest}")
        said = [
            (Said(at=datetime.now(UTC), action=FOUND), " ".join(entries[start : start + ENTRIES_MAX]))
            for start in range(0, len(entries), ENTRIES_MAX)
        ]
        if said:
            await write(engine, INSTALLATION, said)


def _parts(looked: Looked, there: Mapping[str, str]) -> Iterator[str]:
    """One entry for each part of the schema of which the log says something else."""
    for name in sorted(there.keys() | looked.parts.keys()):
        known = looked.parts[name].digest if name in looked.parts else GONE
        if known != there.get(name, GONE):
            yield f"{SCHEMA}:{name}={there.get(name, GONE)}"
