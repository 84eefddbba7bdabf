"""The Piccolo app `timebank_ledger`; add `"ledger.store.piccolo_app"` to a project's APP_REGISTRY to use it.

Its tables are made by hand-written migrations only, so `table_classes` is left to `ledger.store.tables` and Piccolo is
never asked to compare or to generate.
"""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from ledger.store.tables import TABLES

APP_NAME = "timebank_ledger"

APP_CONFIG = AppConfig(
    app_name=APP_NAME,
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=TABLES,
    migration_dependencies=[],
    commands=[],
)
