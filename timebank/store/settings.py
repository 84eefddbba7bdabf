"""Facts about this installation, such as the demo's clock offset."""

from __future__ import annotations

from piccolo.query.methods.select import First

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change
from timebank.store.tables import Setting


@prepared
def _one(key: str) -> First:
    return Setting.select(Setting.value).where(Setting.key == key).first()


async def setting(engine: DurableEngine, key: str, default: str = "") -> str:
    row = await _one.on(engine)(key)
    return str(row["value"]) if row else default


async def set_setting(engine: DurableEngine, key: str, value: str) -> None:
    if not await change(engine, Setting, {"value": value}, key=key):
        await add(engine, Setting, {"key": key, "value": value})
