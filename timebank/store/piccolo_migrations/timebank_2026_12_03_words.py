"""Services for a resident are called by the kind of help; the words that stood in their titles go on the private card. Frozen SQL.

Where the need behind a service is still on record, the words stand there and the card reads them there. Where it is not, they
are put in front of the note of the private card, so that nothing is lost.
"""

from __future__ import annotations

import json

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_engine
from marketplace.public_words import kind_of_help

ID = "2026-12-03T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "public titles of services"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)
    manager.add_raw(_rename)
    return manager


async def _rename() -> None:
    engine = current_engine()
    residents = {
        (row["community"], row["line_key"])
        for row in await engine.fetch("SELECT community, line_key, line FROM mp_need")
        if json.loads(row["line"]).get("source", "resident") == "resident"
    }
    rows = await engine.fetch(
        "SELECT uid, community, recipient, need_key, title, category, note_private FROM tb_service "
        "WHERE recipient IS NOT NULL OR need_key <> ''"
    )
    for row in rows:
        on_record = (row["community"], row["need_key"]) in residents
        title = kind_of_help((row["category"],)) or "帮忙"
        if title == row["title"] or not (on_record or row["recipient"]):
            continue
        note = row["note_private"]
        if not on_record:
            note = "。".join(one for one in (row["title"], note) if one)
        await engine.execute(
            "UPDATE tb_service SET title = ?, note_private = ? WHERE uid = ?", [title, note, row["uid"]]
        )
