"""Communities: one neighbourhood office each, at its node of the tree of places."""

from __future__ import annotations

from dataclasses import dataclass

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change, columns, typed_all, typed_or_none, values_of
from timebank.store.tables import Community as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A neighbourhood office as it shows itself; `area` is the code of its node of the tree of places."""

    code: str
    area: str
    name: str
    name_en: str = ""
    phone: str = ""
    address: str = ""
    opens: str = ""
    page_text: str = ""

    def called(self, lang: str) -> str:
        """Its name in a reader's language; the Chinese one where no English name is known."""
        return self.name_en if lang == "en" and self.name_en else self.name


@prepared
def _one(code: str) -> First:
    return Table.select(*columns(Community, Table)).where(Table.code == code).first()


@prepared
def _all() -> Select[Table]:
    return Table.select(*columns(Community, Table)).order_by(Table.id)


async def community(engine: DurableEngine, code: str) -> Community | None:
    return typed_or_none(Community, await _one.on(engine)(code))


async def communities(engine: DurableEngine) -> list[Community]:
    """Every community of this installation, in the order they were founded."""
    return typed_all(Community, await _all.on(engine)())


async def shown(engine: DurableEngine, code: str) -> Community | None:
    """The community of the person signed in; for strangers the first one here; None before any is founded."""
    if code:
        return await community(engine, code)
    known = await communities(engine)
    return known[0] if known else None


async def add_community(engine: DurableEngine, community: Community) -> None:
    await add(engine, Table, values_of(community))


async def save_community(engine: DurableEngine, community: Community) -> None:
    """What the office says of itself; the code and the node stay."""
    values = {name: value for name, value in values_of(community).items() if name not in ("code", "area")}
    await change(engine, Table, values, code=community.code)
