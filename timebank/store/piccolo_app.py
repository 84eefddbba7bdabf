"""The Piccolo app `timebank`: tables and migrations of people, services and sessions."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from timebank.store.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="timebank",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
    commands=[],
)
