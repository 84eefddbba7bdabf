"""People behind one door are found by one key, whatever the spelling of the address. Frozen SQL; the key is that of its day."""

import unicodedata

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_engine, run_sql

ID = "2026-12-07T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one key for a door"

COLUMN = (
    """ALTER TABLE "tb_person" ADD COLUMN "door_key" VARCHAR(120) NOT NULL DEFAULT ''""",
    'CREATE INDEX "tb_person_door" ON "tb_person" ("community", "door_key")',
)


def door_key(address: str) -> str:
    """Folded, lower case, letters and digits alone; "" without a digit."""
    folded = unicodedata.normalize("NFKC", address).casefold()
    return "".join(sign for sign in folded if sign.isalnum())[:120] if any(map(str.isdigit, address)) else ""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="timebank", description=DESCRIPTION)

    async def key_doors() -> None:
        await run_sql(COLUMN)
        engine = current_engine()
        for row in await engine.fetch("SELECT id, address FROM tb_person WHERE address <> ''"):
            if key := door_key(row["address"]):
                await engine.execute("UPDATE tb_person SET door_key = ? WHERE id = ?", [key, row["id"]])

    manager.add_raw(key_doors)
    return manager
