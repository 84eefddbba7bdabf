"""The Piccolo app `timebank_marketplace`; add `"marketplace.store.piccolo_app"` to a project's APP_REGISTRY."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from marketplace.store.sql import APP_NAME
from marketplace.store.tables import TABLES

APP_CONFIG = AppConfig(
    app_name=APP_NAME,
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=TABLES,
    migration_dependencies=[],
    commands=[],
)
